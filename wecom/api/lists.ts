import { WecomResponseError } from '../errors';
import { isJsonObject, isNothing, type JsonObject, type JsonValue } from '../json';

/** Whose list is read. */
export interface ListFacts {
	/** The path of the API, for the message. */
	path: string;
	/** What an entry has to be for a list of another name to be taken for the missing one. */
	isEntry?: (value: JsonValue) => boolean;
}

/**
 * Reads a list of an answer. WeCom leaves an empty list out, gateways write it as null, `''` or `{}`:
 * nothing is no entries. The reference does not name every list: where none of the names is there, the
 * only list of the answer will be it, of several nobody can tell.
 *
 * @param names the list's name, several where the contracts differ
 * @throws WecomResponseError when something that is no list stands in its place, or several others do
 * @example listOf({ errcode: 0, chatdata: null }, 'chatdata', { path: '/msgaudit/get_chat_data' }) // []
 */
export function listOf(
	answer: JsonObject,
	names: string | readonly string[],
	{ path, isEntry = () => true }: ListFacts,
): JsonValue[] {
	const known = typeof names === 'string' ? [names] : names;
	const holding = known.filter((one) => !isNothing(answer[one]));
	const name =
		holding.find((one) => Array.isArray(answer[one])) ??
		holding[0] ??
		known.find((one) => one in answer);
	if (name !== undefined) return listIn(answer, name, path);
	const others = Object.entries(answer).flatMap(([other, value]) =>
		Array.isArray(value) ? [{ other, value }] : [],
	);
	if (!others.some(({ value }) => value.some(isEntry))) return [];
	if (others.length === 1) return others[0]?.value ?? [];
	throw new WecomResponseError(
		200,
		false,
		path,
		`The answer to ${path} has no list "${known.join('" or "')}", but "${others.map(({ other }) => other).join('", "')}"`,
		'Look at the server behind the base URL: it speaks another version of the API.',
	);
}

/**
 * Gives an object whose lists are read as {@link listIn} does it; a list that it leaves out stays out.
 *
 * @throws WecomResponseError when something that is no list stands in the place of one
 */
export function withLists(holder: JsonObject, names: readonly string[], path: string): JsonObject {
	const lists = names
		.filter((name) => name in holder)
		.map((name) => [name, listIn(holder, name, path)]);
	return { ...holder, ...Object.fromEntries(lists) };
}

/**
 * Reads a list by its one name, wherever in an answer it stands; nothing is no entries.
 *
 * @throws WecomResponseError when something that is no list stands in its place
 */
export function listIn(holder: JsonObject, name: string, path: string): JsonValue[] {
	const list = holder[name];
	if (Array.isArray(list)) return list;
	if (isNothing(list)) return [];
	throw new WecomResponseError(
		200,
		true,
		path,
		`The answer to ${path} has no list "${name}": in its place is ${isJsonObject(list) ? 'an object' : `a ${typeof list}`}`,
		'Look at the server behind the base URL: it speaks another version of the API.',
	);
}
