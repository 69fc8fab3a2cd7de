import type { TokenKind } from '../auth/tokenSource';
import type { UploadFile } from '../http/multipart';
import type { JsonObject } from '../json';

/** The ways in which WeCom serves archived conversations; a client speaks one of them. */
export const CONTRACTS = ['reference', 'dataZone', 'messageArchive'] as const;

/** One of {@link CONTRACTS}. */
export type Contract = (typeof CONTRACTS)[number];

/**
 * Where a request goes: a path under `/cgi-bin`, a function that a program in the data zone carries,
 * or one of Tencent's native library.
 */
export type Route = `GET /${string}` | `POST /${string}` | `ZONE ${string}` | `LIBRARY ${string}`;

/** What to call the API of a route in messages: its path, or the name of its function. */
export function pathOf(route: Route): string {
	return route.slice(route.indexOf(' ') + 1);
}

/**
 * What the marks of a feed are: seqs, which are numbers in order, or cursors of WeCom's, of which
 * nobody can compare two.
 */
export type Marks = 'seq' | 'cursor';

/** One request of one contract: how the input becomes its body, and what its answer means. */
export interface Exchange<Input, Output> {
	readonly route: Route;
	readonly token: TokenKind;
	/** Query parameters beside the token. */
	readonly query?: Readonly<Record<string, string>>;
	/** What its marks are, where it is a feed; cursors when left out. */
	readonly marks?: Marks;
	/** Bound on one exchange when the caller names none, milliseconds; 30 s when left out. */
	readonly timeoutMs?: number;
	/** What to do about an errcode where this request knows better than the general table. */
	readonly hints?: Readonly<Record<number, string>>;
	/**
	 * Fields of an answer of which one proves it, so that it needs no errcode: what a read brings, and
	 * the token where Tencent documents an answer without errcode. What creates, changes, pays or costs
	 * has none: only errcode 0 says that it was done.
	 */
	readonly proof?: readonly string[];
	/**
	 * The JSON body. Validates, so that nothing wrong is sent.
	 *
	 * @throws InvalidInputError naming the field
	 */
	body(input: Input): object;
	/** The file to send as multipart/form-data, in place of a JSON body. */
	file?(input: Input): UploadFile;
	/** Lists in its answer whose entries may say what went wrong with one message, in words of WeCom's. */
	readonly failureLists?: readonly string[];
	/** What an answer is, for the message where a program says something else: `the status of an export`. */
	readonly gives?: string;
	/**
	 * What the caller gets of an answer whose errcode is 0, the envelope of a program opened.
	 *
	 * @param bytes what of the answer is no JSON: a piece of a file
	 */
	read(answer: JsonObject, bytes?: Uint8Array): Output;
}

/** The id of work that WeCom does meanwhile. */
export interface JobId {
	jobid: string;
}

/** What the beginning of a job brings. */
export interface StartedJob extends JobId {
	/** WeCom's answer to it, the envelope of a program opened. */
	answer: JsonObject;
}

/**
 * Work that WeCom does meanwhile: begun with one request, asked about with another until it is done.
 * The output of `ask` is undefined while it is not. Without a beginning it only asks for work that was
 * begun before; its input is the id then.
 */
export type Job<Input, Output> =
	| {
			readonly start: Exchange<Input, StartedJob>;
			readonly ask: Exchange<JobId, Output | undefined>;
			/** The output with what only the answer to the beginning says; as it is when left out. */
			complete?(output: Output, started: JsonObject): Output;
	  }
	| { readonly start?: undefined; readonly ask: Exchange<Input, Output | undefined> };

/** What every feed takes beside its own fields. */
export interface PageInput {
	/** The mark to go on from: `nextCursor` of the page before; empty for the first. */
	cursor?: string;
	/** Most entries of the page. */
	limit?: number;
}

/** One page of a feed. */
export interface Page<Entry> {
	entries: Entry[];
	/** The mark where the next page begins, a seq or a cursor of WeCom's; empty when this was the last. */
	nextCursor: string;
}

/** Entries that come page by page, each going on from the mark of the one before. */
export type Feed<Input, Entry> = Exchange<Input & PageInput, Page<Entry>>;

/** How one contract does an operation; a {@link Feed} is an exchange that gives a page. */
export type Wire<Input, Output> = Exchange<Input, Output> | Job<Input, Output>;

/** The request that a wire begins with. */
export function firstOf<Input>(wire: Wire<Input, unknown>): Exchange<Input, unknown> {
	if (!('ask' in wire)) return wire;
	return wire.start ?? wire.ask;
}
