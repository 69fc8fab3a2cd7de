import type { Page, PageRequest } from '../paging';
import { Refusal } from '../refusal';

/**
 * Says what is wrong with a value, or undefined when it is good.
 *
 * @throws Refusal when the fault is further inside the value
 */
export type Check = (value: unknown, path: string) => string | undefined;

/** A field of a request body. */
export interface FieldRule {
	readonly required: boolean;
	readonly check: Check;
}

/** Every field an object may have. */
export type FieldRules = Readonly<Record<string, FieldRule>>;

/** A field that must be there. */
export const required = (check: Check): FieldRule => ({ required: true, check });

/** A field that may be left out. */
export const optional = (check: Check): FieldRule => ({ required: false, check });

/** Passes any string. */
export const isString: Check = (value) =>
	typeof value === 'string' ? undefined : 'must be a string';

/** Passes a string with something in it. */
export const isFilled: Check = (value) =>
	typeof value === 'string' && value !== '' ? undefined : 'must be a string, not empty';

/** Passes a string of `min` to `max` characters (code points). */
export function textOf(min: number, max: number): Check {
	return (value) => {
		if (typeof value !== 'string') return 'must be a string';
		const length = [...value].length;
		return length >= min && length <= max
			? undefined
			: `must have ${min} to ${max} characters, not ${length}`;
	};
}

/** Passes a string of 1 to `max` bytes. */
export function bytesUpTo(max: number): Check {
	return (value) =>
		typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= max
			? undefined
			: `must be a string of 1 to ${max} bytes`;
}

/** Passes an id: 1 to 256 bytes. */
export const isId = bytesUpTo(256);

/** Passes a secret or code: 1 to 512 bytes. */
export const isCode = bytesUpTo(512);

/** Passes true and false. */
export const isFlag: Check = (value) =>
	typeof value === 'boolean' ? undefined : 'must be true or false';

/** Passes an integer from `min` to `max`, written as one in the JSON. */
export function isInteger(min: bigint, max: bigint): Check {
	return (value) =>
		typeof value === 'bigint' && value >= min && value <= max
			? undefined
			: `must be an integer from ${min} to ${max}`;
}

/** Passes a moment in unix seconds. */
export const isUnixSeconds = isInteger(0n, 2n ** 32n - 1n);

/** Passes one of these integers or texts. */
export function oneOf(...values: ReadonlyArray<number | string>): Check {
	return (value) => {
		const known =
			typeof value === 'bigint' ? values.includes(Number(value)) : values.includes(textIn(value));
		return known ? undefined : `must be one of ${values.join(', ')}`;
	};
}

/** Passes an address of http or https. */
export const isWebAddress: Check = (value) =>
	typeof value === 'string' &&
	value.length <= 2048 &&
	URL.canParse(value) &&
	/^https?:$/.test(new URL(value).protocol)
		? undefined
		: 'must be an address of http or https';

/** Passes a list. */
export const isList: Check = (value) => (Array.isArray(value) ? undefined : 'must be an array');

/** Passes a list of `min` to `max` entries that all pass `check`. */
export function listOf(check: Check, { min = 0, max }: { min?: number; max: number }): Check {
	return (value, path) => {
		if (!Array.isArray(value)) return 'must be an array';
		if (value.length < min || value.length > max) {
			return `must have ${min} to ${max} entries, not ${value.length}`;
		}
		value.forEach((entry: unknown, index) => apply(check, entry, `${path}[${index}]`));
		return undefined;
	};
}

/** Passes an object of these fields and no others. */
export function objectOf(rules: FieldRules): Check {
	return (value, path) => {
		takeFields(value, rules, `${path}.`);
		return undefined;
	};
}

/**
 * Takes an object apart strictly.
 *
 * @param value - as `parseExact` gives it
 * @param rules - every field there may be
 * @param where - put before the field's name in messages, e.g. `info[3].`
 * @returns the object
 * @throws Refusal 40063 naming a missing field, 40058 naming an unknown or mistyped one
 */
export function takeFields(
	value: unknown,
	rules: FieldRules,
	where = '',
): Readonly<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		const name = where === '' ? 'body' : where.replace(/\.$/, '');
		throw new Refusal(40058, `${name} must be an object`);
	}
	const fields = new Map(Object.entries(value));
	for (const [name, rule] of Object.entries(rules)) {
		if (rule.required && !fields.has(name)) throw new Refusal(40063, `${where}${name} is missing`);
	}
	for (const [name, field] of fields) {
		const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
		if (rule === undefined) throw new Refusal(40058, `unknown field ${where}${name}`);
		apply(rule.check, field, where + name);
	}
	return Object.fromEntries(fields);
}

/**
 * The fields every list request of the reference contract has beside its own.
 *
 * @param max - most entries of a page
 */
export function pageFields(max: number): FieldRules {
	return {
		cursor: required(isString),
		limit: required(isInteger(1n, BigInt(max))),
	};
}

/**
 * The same as Tencent's own pages have it: both may be left out, but no cursor may be empty, as the
 * zone's SDK refuses it.
 *
 * @param max - most entries of a page
 * @param cursorBytes - the longest cursor
 */
export function publishedPageFields(max: number, cursorBytes = 512): FieldRules {
	return {
		cursor: optional(bytesUpTo(cursorBytes)),
		limit: optional(isInteger(1n, BigInt(max))),
	};
}

/**
 * What a body that passed {@link pageFields} or {@link publishedPageFields} asks for.
 *
 * @param fallback - `limit` where the body has none
 */
export function pageOf(body: Readonly<Record<string, unknown>>, fallback = 0): PageRequest {
	return { cursor: (body.cursor ?? '') as string, limit: Number(body.limit ?? fallback) };
}

/** `has_more` as 0 or 1, and `next_cursor`. */
export function pageEnd({ nextCursor, hasMore }: Page<unknown>): object {
	return { has_more: hasMore ? 1 : 0, next_cursor: nextCursor };
}

/** The value if it is a text, else one that no list of choices has. */
function textIn(value: unknown): string {
	return typeof value === 'string' ? value : '\0';
}

function apply(check: Check, value: unknown, path: string): void {
	const wrong = check(value, path);
	if (wrong !== undefined) throw new Refusal(40058, `${path} ${wrong}`);
}
