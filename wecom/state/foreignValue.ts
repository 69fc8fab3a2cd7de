import type * as z from 'zod/v4';

import { StateUnusableError } from '../errors';

/**
 * Says that a key of ours holds what we never wrote.
 *
 * @param key as a whole, or its end where the prefix is not known
 */
export function foreignValue(key: string, place = 'the address in `RedisSettings`') {
	return new StateUnusableError(
		'another writer',
		place,
		`the key "${key}" holds something that this package did not write`,
		'Delete that key, and enter a `keyPrefix` in `RedisSettings` that nobody else uses.',
	);
}

/**
 * Reads what was written as JSON.
 *
 * @param key where it was
 * @throws StateUnusableError naming the key, when it is of another form
 */
export function parseKept<T>(text: string, key: string, schema: z.ZodType<T>): T {
	const { success, data } = schema.safeParse(jsonOf(text));
	if (!success) throw foreignValue(key);
	return data;
}

/**
 * Makes sure that who holds a key is one of us, who all write a UUID.
 *
 * @throws StateUnusableError naming the key
 */
export function expectHolder(value: string | undefined, key: string): void {
	if (value !== undefined && !UUID.test(value)) throw foreignValue(key);
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Undefined is no JSON. */
function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
