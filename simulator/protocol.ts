/**
 * Where a value does not fit the example that an ability is registered with: every key has to be in
 * the example, with a value of the same type.
 *
 * @param where - what the value is called
 * @returns undefined when it fits
 *
 * @example misfit({ limit: '5' }, { limit: 5 }, 'request_data') // 'request_data.limit'
 */
export function misfit(value: unknown, example: unknown, where: string): string | undefined {
	if (typeOf(value) !== typeOf(example)) return where;
	if (Array.isArray(value)) {
		const [entry] = example as unknown[];
		return first(value, (one, index) => misfit(one, entry, `${where}[${index}]`));
	}
	if (typeOf(value) !== 'object') return undefined;
	return first(Object.entries(value as object), ([key, one]) => {
		const known = Object.hasOwn(example as object, key);
		const path = `${where}.${key}`;
		return known ? misfit(one, (example as Record<string, unknown>)[key], path) : path;
	});
}

function first<T>(
	values: readonly T[],
	find: (value: T, index: number) => string | undefined,
): string | undefined {
	for (const [index, value] of values.entries()) {
		const found = find(value, index);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The type in JSON's words. */
function typeOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return typeof value === 'bigint' ? 'number' : typeof value;
}
