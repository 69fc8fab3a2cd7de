import type { IDataObject } from 'n8n-workflow';

import { asText } from '../../wecom/api/fields';
import { InvalidInputError } from '../../wecom/errors';
import { parseJson, type JsonObject, type JsonValue } from '../../wecom/json';

/**
 * Ids a user entered: separated by commas (also the Chinese ones), blanks or line breaks, or a list
 * from an expression, also as JSON.
 *
 * @param field name for the message
 * @param separator what parts the entries of a text
 * @throws InvalidInputError for anything that is neither text nor number, alone or in a list
 */
export function toList(field: string, value: unknown, separator = /[,，、;；\s]+/): string[] {
	const list = typeof value === 'string' && /^\s*\[/.test(value) ? tryParse(value) : value;
	const parts = Array.isArray(list)
		? (list as unknown[]).map((part) => toText(field, part))
		: toText(field, value ?? '').split(separator);
	return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** A choice of several; one alone, or several in a text, as an expression may give them, count too. */
export function toChoices(field: string, value: unknown): unknown {
	const lone = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
	return lone ? toList(field, value) : value;
}

function toText(field: string, value: unknown): string {
	const text = asText(value);
	if (typeof text === 'string') return text;
	throw new InvalidInputError(
		field,
		`"${field}" holds ${shapeOf(value)} where a text is expected`,
		'Separate several with commas, or give a list of texts in an expression.',
	);
}

function shapeOf(value: unknown): string {
	if (value === null) return 'nothing';
	return typeof value === 'number'
		? 'a number that lost digits'
		: `a value of type ${typeof value}`;
}

/**
 * JSON a user entered, or the value of an expression.
 *
 * @param field name for the message
 * @throws InvalidInputError when it is no JSON
 */
export function toJson(field: string, value: unknown): unknown {
	if (typeof value !== 'string') return value;
	if (value.trim() === '') return undefined;
	const json = tryParse(value);
	if (json !== undefined) return json;
	throw new InvalidInputError(
		field,
		`"${field}" is a text of ${value.length} characters that is not JSON`,
		'Check quotes, commas and brackets; in an expression use JSON.stringify for texts inside.',
	);
}

function tryParse(text: string): JsonValue | undefined {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

/** An object without its undefined fields. */
export function compact<T extends object>(fields: T): T {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** An answer of WeCom's as the JSON of an item: the same thing to the compiler of n8n. */
export function toItem(answer: JsonObject | object): IDataObject {
	return answer as IDataObject;
}
