import type { Readable } from 'node:stream';
import type { Acquisition } from '../acquisition';
import type { Archive } from '../archive';
import type { Authorizations } from '../authorizations';
import type { Notifier } from '../callbacks/notifier';
import type { Chats } from '../chats';
import type { Contract } from '../contracts';
import type { World } from '../data/world';
import type { Answer } from '../deliver';
import { stringifyExact } from '../json';
import type { ExportJobs } from '../exports';
import type { LibraryFeed } from '../library/feed';
import type { Moments } from '../moments';
import type { ModelJobs } from '../modelJobs';
import type { ModelQuota } from '../models/quota';
import type { Orders } from '../orders';
import type { Pager } from '../paging';
import type { Privacy } from '../privacy';
import type { Programs } from '../programs';
import type { KeywordRules } from '../rules';
import type { Suite } from '../suite';
import type { TokenKind, TokenOwner, TokenStore } from '../tokens';
import type { Uploads } from '../uploads';
import type { WrongSecrets } from '../wrongSecrets';
import type { ZoneEvents } from '../zoneEvents';

/** What the APIs work on. */
export interface Backend {
	/** Those that are served. */
	readonly contracts: readonly Contract[];
	readonly world: World;
	readonly archive: Archive;
	/** The same archive as the library gets it. */
	readonly libraryFeed: LibraryFeed;
	readonly tokens: TokenStore;
	/** Cuts lists into pages. */
	readonly pager: Pager;
	/** Clock in ms. */
	readonly now: () => number;
	/** Largest answer of get_chat_data in bytes; a bigger one is refused with 301058. */
	readonly maxResponseBytes: number;
	readonly chats: Chats;
	readonly notifier: Notifier;
	readonly keywordRules: KeywordRules;
	readonly modelQuota: ModelQuota;
	readonly modelJobs: ModelJobs;
	readonly exports: ExportJobs;
	/** What is to happen later. */
	readonly moments: Moments;
	readonly uploads: Uploads;
	readonly programs: Programs;
	readonly privacy: Privacy;
	readonly events: ZoneEvents;
	readonly acquisition: Acquisition;
	readonly orders: Orders;
	readonly suite: Suite;
	readonly authorizations: Authorizations;
	readonly wrongSecrets: WrongSecrets;
}

/** A multipart/form-data body on its way. */
export interface IncomingFile {
	/** Of the request, boundary included. */
	readonly contentType: string;
	readonly body: Readable;
}

/** One request to an API. */
export interface ApiCall {
	/** Of repeated parameters the first. */
	readonly query: Readonly<Record<string, string>>;
	/** Of a POST: the JSON body with integers as bigint. Undefined for a GET and an upload. */
	readonly body: unknown;
	/** Of an upload: the body as it comes in; undefined when it is no multipart/form-data. */
	readonly file?: IncomingFile | undefined;
	/** Whose token it came with; undefined when the API takes none. */
	readonly owner: TokenOwner | undefined;
	/** Address of the caller. */
	readonly client: string;
}

/** One API. */
export interface ApiRoute {
	/** The contract or contracts whose path it is; absent where all have it. */
	readonly contract?: Contract | readonly Contract[];
	readonly method: 'GET' | 'POST';
	/** Under `/cgi-bin`. */
	readonly path: string;
	/** The token it takes, from the query parameter of that name. */
	readonly token: TokenKind | 'none';
	/** The data right that the corp has to have given (document path 99052). */
	readonly right?: string;
	/** It is a function of Tencent's library: answers have a return code beside any errcode. */
	readonly library?: true;
	/** What a POST carries; JSON when absent. `nothing`: an empty body, or an empty object. */
	readonly takes?: 'file' | 'nothing';
	/**
	 * Answers a call whose token, method and JSON are good.
	 *
	 * @returns JSON text, errcode 0 included unless the API leaves it out; or the whole answer
	 * @throws Refusal for any other errcode, ReturnCode for one of the library's
	 */
	readonly answer: (backend: Backend, call: ApiCall) => string | Answer | Promise<string>;
}

/** JSON text of a good answer; a bigint in it is written as the integer it is. */
export function ok(fields: object): string {
	return stringifyExact({ errcode: 0, errmsg: 'ok', ...fields });
}

/** As {@link ok}, for an API that gives an errcode only on failure. */
export function okWithoutErrcode(fields: object): string {
	return stringifyExact(fields);
}
