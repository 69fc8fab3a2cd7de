import type { Archive } from '../archive';
import type { World } from '../data/world';
import type { Tokens } from '../tokens';

/** What the APIs work on. */
export interface Backend {
	readonly world: World;
	readonly archive: Archive;
	readonly tokens: Tokens;
	/** Largest answer of get_chat_data in bytes; a bigger one is refused with 301058. */
	readonly maxResponseBytes: number;
}

/** One request to an API. */
export interface ApiCall {
	/** Of repeated parameters the first. */
	readonly query: Readonly<Record<string, string>>;
	/** Of a POST: the JSON body with integers as bigint. Undefined for a GET. */
	readonly body: unknown;
}

/** One API. */
export interface ApiRoute {
	readonly method: 'GET' | 'POST';
	/** Under `/cgi-bin`. */
	readonly path: string;
	readonly takesToken: boolean;
	/**
	 * Answers a call whose token, method and JSON are good.
	 *
	 * @returns JSON text, errcode 0 included
	 * @throws Refusal for any other errcode
	 */
	readonly answer: (backend: Backend, call: ApiCall) => string;
}

/** JSON text of a good answer. */
export function ok(fields: object): string {
	return JSON.stringify({ errcode: 0, errmsg: 'ok', ...fields });
}
