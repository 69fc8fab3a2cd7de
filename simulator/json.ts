import { randomUUID } from 'node:crypto';

/** A JSON string, or a number outside one. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;
/** Unguessable, so that no text a client sends can pass for a number. */
const MARK = `${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');

/**
 * Reads JSON keeping every integer exact: what is written as an integer (`7`, not `7.0` or `7e0`)
 * comes back as a bigint, any other number as a number.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseExact(text: string): unknown {
	JSON.parse(text);
	const marked = text.replace(STRING_OR_NUMBER, (token) =>
		INTEGER.test(token) ? `"${MARK}${token}"` : token,
	);
	return JSON.parse(marked, (_key, value: unknown) =>
		typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
	);
}

/** The value as `JSON.parse` would give it, but with integers beyond 2^53 left as bigint. */
export function withPlainNumbers(value: unknown): unknown {
	if (typeof value === 'bigint') {
		const number = Number(value);
		return Number.isSafeInteger(number) ? number : value;
	}
	if (Array.isArray(value)) return value.map(withPlainNumbers);
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(
			Object.entries(value).map(([key, entry]) => [key, withPlainNumbers(entry)]),
		);
	}
	return value;
}

/** JSON text in which every bigint is a bare integer, however large. */
export function stringifyExact(value: unknown): string {
	const marked = JSON.stringify(
		value,
		function (this: Record<string, unknown>, key, entry: unknown) {
			// Not `entry`: where a BigInt.prototype.toJSON is set (n8n sets one) it is a string by now.
			const raw = this[key];
			return typeof raw === 'bigint' ? `${MARK}${raw}` : entry;
		},
	);
	return marked.replace(MARKED, '$1');
}

/** JSON text in which every bigint is a decimal string, safe for any reader. */
export function stringifyWithStrings(value: unknown): string {
	return JSON.stringify(value, (_key, entry: unknown) =>
		typeof entry === 'bigint' ? entry.toString() : entry,
	);
}
