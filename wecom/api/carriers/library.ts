import { setImmediate } from 'node:timers/promises';

import { readErrcode } from '../../errcodes';
import { InvalidInputError, WecomApiError, WecomResponseError } from '../../errors';
import { isJsonObject, parseJson, type JsonObject } from '../../json';
import { MAX_TIMEOUT_SECONDS } from '../../library/access';
import type { ArchiveLibrary, LibraryRoute, OpenLibrary } from '../../library/archiveLibrary';
import { toLibraryRoute, type LibraryRouteFields } from '../libraryRoute';
import { pathOf, type Route } from '../wire';
import type { Answer } from './carrier';

/** One call of the library; as often as it is made it asks for the same. */
export type LibraryCall = (signal?: AbortSignal) => Promise<Answer>;

/** What a function of the library is called with. */
type Arguments = Record<string, unknown>;

/** By the name that Tencent's header gives them. Source: document 91774 */
const FUNCTIONS: ReadonlyMap<
	string,
	(library: ArchiveLibrary, args: Arguments, signal?: AbortSignal) => Promise<Answer>
> = new Map([
	[
		'GetChatData',
		async (library, { seq, limit }, signal) => {
			const text = await library.chatData(seq as bigint, limit as number, signal);
			// To take over a megabyte held the event loop for some milliseconds, and to read it does so again.
			await setImmediate();
			return { json: readAnswer(text) };
		},
	],
	[
		'GetMediaData',
		async (library, { sdkfileid, cursor = '' }, signal) => {
			const piece = await library.media(sdkfileid as string, cursor as string, signal);
			const { data, nextIndex, isLast } = piece;
			return { json: { errcode: 0, errmsg: 'ok', next_index: nextIndex, is_finish: isLast }, bytes: data }; // prettier-ignore
		},
	],
]);

/** Whether a route is a function of Tencent's native library. */
export function isLibraryRoute(route: Route): route is `LIBRARY ${string}` {
	return route.startsWith('LIBRARY ');
}

/**
 * Carries functions of Tencent's native library, `LIBRARY GetChatData`. It has corp and secret of its
 * own and fetches its own token.
 *
 * @param body what the function is called with; `proxy`, `passwd` and `timeout` are the way to WeCom
 * @param timeoutMs what the library is given for the call where `timeout` does not say it
 * @throws InvalidInputError where there is no library, or it has no such function
 */
export function toLibraryCall(
	route: Route,
	body: object,
	open: OpenLibrary | undefined,
	timeoutMs?: number,
): LibraryCall {
	const name = pathOf(route);
	const run = FUNCTIONS.get(name);
	if (!open || !run) throw noLibrary(name, open !== undefined);
	const { proxy, passwd, timeout, ...args } = body as LibraryRouteFields & Arguments;
	const way: LibraryRoute = toLibraryRoute({
		proxy,
		passwd,
		timeout: timeout ?? (timeoutMs === undefined ? undefined : secondsOf(timeoutMs)),
	});
	return async (signal) => {
		const answer = await run(open(way), args, signal);
		refuseErrcode(answer.json, name);
		return answer;
	};
}

function secondsOf(milliseconds: number): number {
	return Math.min(Math.max(1, Math.ceil(milliseconds / 1000)), MAX_TIMEOUT_SECONDS);
}

/** The library gives the text of WeCom's answer beside its own return code, which was 0. */
function readAnswer(text: string): JsonObject {
	try {
		const json = parseJson(text);
		if (isJsonObject(json)) return json;
	} catch {
		// The refusal below covers both: no JSON, and JSON that is no object.
	}
	throw new WecomResponseError(
		200,
		true,
		'GetChatData',
		`What Tencent's library gave for GetChatData (${text.length} characters) is not WeCom's JSON`,
		'Something on the way to WeCom, a proxy say, may have answered in its place.',
	);
}

function refuseErrcode({ errcode, errmsg }: JsonObject, name: string): void {
	const code = readErrcode(errcode) ?? 0;
	if (code === 0) return;
	const words = typeof errmsg === 'string' ? errmsg : 'no errmsg';
	if (Number.isInteger(code)) throw new WecomApiError(code, words, name);
	throw new WecomResponseError(
		200,
		false,
		name,
		`What Tencent's library gave for ${name} has an errcode that is no number`,
	);
}

function noLibrary(name: string, isThere: boolean): InvalidInputError {
	return isThere
		? new InvalidInputError(
				'route',
				`${name} is no function of Tencent's native library that this package calls`,
				`Choose one of ${[...FUNCTIONS.keys()].join(', ')}.`,
			)
		: new InvalidInputError(
				'archiveLibrary',
				`"archiveLibrary" is empty, and ${name} is a function of Tencent's native library`,
				'Give the client a `library`, or choose another contract, "reference" or "dataZone".',
			);
}
