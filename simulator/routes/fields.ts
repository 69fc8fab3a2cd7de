import { Refusal } from '../refusal';

/** Says what is wrong with a value, or undefined when it is good. */
export type Check = (value: unknown) => string | undefined;

/** A field of a request body. */
export interface FieldRule {
	readonly required: boolean;
	readonly check: Check;
}

/** Passes any string. */
export const isString: Check = (value) =>
	typeof value === 'string' ? undefined : 'must be a string';

/** Passes a string with something in it. */
export const isFilled: Check = (value) =>
	typeof value === 'string' && value !== '' ? undefined : 'must be a string, not empty';

/** Passes an integer from `min` to `max`, written as one in the JSON. */
export function isInteger(min: bigint, max: bigint): Check {
	return (value) =>
		typeof value === 'bigint' && value >= min && value <= max
			? undefined
			: `must be an integer from ${min} to ${max}`;
}

/** Passes a list. */
export const isList: Check = (value) => (Array.isArray(value) ? undefined : 'must be an array');

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
	rules: Readonly<Record<string, FieldRule>>,
	where = '',
): Readonly<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Refusal(40058, `${where === '' ? 'body' : where} must be an object`);
	}
	const fields = new Map(Object.entries(value));
	for (const [name, rule] of Object.entries(rules)) {
		if (rule.required && !fields.has(name)) throw new Refusal(40063, `${where}${name} is missing`);
	}
	for (const [name, field] of fields) {
		const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
		if (rule === undefined) throw new Refusal(40058, `unknown field ${where}${name}`);
		const wrong = rule.check(field);
		if (wrong !== undefined) throw new Refusal(40058, `${where}${name} ${wrong}`);
	}
	return Object.fromEntries(fields);
}
