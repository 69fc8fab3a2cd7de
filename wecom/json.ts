import { randomUUID } from 'node:crypto';

/** Anything JSON can say, with integers beyond 2^53 as strings of digits. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
	[key: string]: JsonValue;
}

// A number is in JSON always preceded by one of these, or starts the text.
const MAY_HOLD_LARGE_INTEGER = /(?:^|[:,[\s])-?\d{16}/;
// A string in pieces, up to an escape or its end: in one piece it would take long backtracking,
// quadratic where the closing quote is missing.
const PIECE_OF_STRING_OR_LARGE_INTEGER =
	/(?:"|\\.)[^"\\]*"?|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/gs;

const PIECE_OF_STRING = /(?:"|\\.)[^"\\]*"?/gs;
// Not the one right behind a piece's own backslash: that is no escape of JSON at all.
const RAW_CONTROL_CHARACTER = /(?<!^\\)[\0-\x1f]/g;

const MAY_BE_REPAIRED = /[\0-\x1f]|^\uFEFF/;

const ESCAPES = Array.from({ length: 32 }, (_, code) =>
	JSON.stringify(String.fromCharCode(code)).slice(1, -1),
);

/**
 * JSON.parse that keeps uint64 values (seq, MsgId, docid) exact: an integer that a double cannot
 * hold comes out as a string of its digits, every other number as a number. Line breaks and other
 * control characters that WeCom leaves as they are inside of strings are taken for themselves, a
 * byte order mark in front for nothing.
 *
 * @param text JSON text
 * @throws SyntaxError when the text is not JSON
 * @example parseJson('{"seq":18446744073709551615}').seq // '18446744073709551615'
 */
export function parseJson(text: string): JsonValue {
	return tolerantly(text, (json) => {
		if (!MAY_HOLD_LARGE_INTEGER.test(json)) return JSON.parse(json) as JsonValue;
		return JSON.parse(markLargeIntegers(json, '')) as JsonValue;
	});
}

/** Parses strictly, and only what fails once more without the faults that harm nothing. */
function tolerantly<T>(text: string, parse: (json: string) => T): T {
	try {
		return parse(text);
	} catch (error) {
		if (!MAY_BE_REPAIRED.test(text)) throw error;
		const repaired = text
			.replace(/^\uFEFF/, '')
			.replace(PIECE_OF_STRING, (piece) => piece.replace(RAW_CONTROL_CHARACTER, escaped));
		if (repaired === text) throw error;
		return parse(repaired);
	}
}

function escaped(character: string): string {
	return ESCAPES[character.charCodeAt(0)] ?? character;
}

/** Puts integers that a double cannot hold into quotes, behind a mark. */
function markLargeIntegers(text: string, mark: string): string {
	return text.replace(PIECE_OF_STRING_OR_LARGE_INTEGER, (token) => {
		const ofString = token.startsWith('"') || token.startsWith('\\');
		return ofString || Number.isSafeInteger(Number(token)) ? token : `"${mark}${token}"`;
	});
}

/** Unguessable, so that no text can pass for a number. */
const BIGINT_MARK = randomUUID();
const QUOTED_BIGINT = new RegExp(`"${BIGINT_MARK}(-?\\d+)"`, 'g');

/**
 * As {@link parseJson}, but an integer that a double cannot hold comes out as a bigint: what
 * {@link stringifyJson} makes of it is the same number again.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseJsonWithBigints(text: string): unknown {
	return tolerantly(text, (json): unknown => {
		if (!MAY_HOLD_LARGE_INTEGER.test(json)) return JSON.parse(json);
		return JSON.parse(markLargeIntegers(json, BIGINT_MARK), (_key, value: unknown) =>
			typeof value === 'string' && value.startsWith(BIGINT_MARK)
				? BigInt(value.slice(BIGINT_MARK.length))
				: value,
		);
	});
}

/**
 * JSON.stringify that writes a bigint as the JSON number it is (`seq` is a uint64 on the wire).
 *
 * @param value anything JSON can say, and bigints
 */
export function stringifyJson(value: unknown): string {
	return JSON.stringify(value, function (this: Record<string, unknown>, key, entry: unknown) {
		// Not `entry`: where a BigInt.prototype.toJSON is set (n8n sets one) it is a string by now.
		const raw = this[key];
		return typeof raw === 'bigint' ? `${BIGINT_MARK}${raw}` : entry;
	}).replace(QUOTED_BIGINT, '$1');
}

/** Whether a value is a plain JSON object (neither null nor an array). */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that should be an object; an empty one where it is none. */
export function objectOf(value: unknown): JsonObject {
	return isJsonObject(value) ? value : {};
}

/** Levels of lists and objects; what WeCom writes has four or five. */
export const MAX_LEVELS = 100;

/** Whether a value is nested beyond so many levels: who walks through it might fall. */
export function isTooDeep(value: JsonValue | undefined, levels = MAX_LEVELS): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

/** Whether a value holds nothing: null, an empty text, list or object, or none at all. */
export function isNothing(value: JsonValue | undefined): boolean {
	return (
		value === undefined ||
		value === null ||
		value === '' ||
		(typeof value === 'object' && Object.keys(value).length === 0)
	);
}
