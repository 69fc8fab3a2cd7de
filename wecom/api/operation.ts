import type * as z from 'zod/v4';

import type { TokenKind } from '../auth/tokenSource';
import type { UploadFile } from '../http/multipart';
import type { RetryClass } from '../http/retry';
import { isJsonObject, type JsonObject } from '../json';
import { fields, optional, parseInput, text, wholeNumber } from './fields';
import { listOf } from './lists';

/**
 * One API of the reference document as data: where it goes, which token it takes, how its input
 * becomes a body and its answer a result. {@link WecomClient.call} does the rest.
 */
export interface Operation<Input, Output> {
	/** POST when left out; a GET is sent without a body. */
	readonly method?: 'GET';
	/** Path under `/cgi-bin`. */
	readonly path: string;
	readonly token: TokenKind;
	readonly retry: RetryClass;
	/** Query parameters beside the token. */
	readonly query?: Readonly<Record<string, string>>;
	/** Bound on one exchange when the caller names none, milliseconds; 30 s when left out. */
	readonly timeoutMs?: number;
	/** What to do about an errcode where this operation knows better than the general table. */
	readonly hints?: Readonly<Record<number, string>>;
	/**
	 * Fields of an answer of which one proves it, so that it needs no errcode: what a read brings, and
	 * the token where Tencent documents an answer without errcode. What creates, changes, pays or costs
	 * has none: only errcode 0 says that it was done.
	 */
	readonly proof?: readonly string[];
	/** How to find out whether a call of the class `once` or `paid` took effect when no answer came. */
	readonly findOut?: string;
	/**
	 * The JSON body. Validates, so that nothing wrong is sent.
	 *
	 * @throws InvalidInputError naming the field
	 */
	body(input: Input): object;
	/** The file to send as multipart/form-data, in place of a JSON body. */
	file?(input: Input): UploadFile;
	/** What of a valid input must never come back in an error, a password say. */
	secrets?(input: Input): string[];
	/** What the caller gets of an answer whose errcode is 0. */
	read(answer: JsonObject): Output;
}

type Facts<Body> = Omit<
	Operation<never, unknown>,
	'body' | 'file' | 'secrets' | 'read' | 'token'
> & {
	/** access_token when left out. */
	token?: TokenKind;
	/** What spans several fields. Throws InvalidInputError. */
	check?: (body: Body) => void;
};

/**
 * Makes an operation whose input has the form of its body.
 *
 * @param facts `input` checks and shapes the body; without `read` the answer comes out as it is,
 * errcode and errmsg taken off
 */
export function operation<Schema extends z.ZodType<object, object>, Output = JsonObject>(
	facts: Facts<z.output<Schema>> & {
		input: Schema;
		secrets?: (body: z.output<Schema>) => string[];
		read?: (answer: JsonObject) => Output;
	},
): Operation<z.input<Schema>, Output> {
	const { input, check, read, secrets, token = 'access_token', ...rest } = facts;
	return {
		...rest,
		token,
		body: (value) => {
			const body = parseInput(input, value);
			check?.(body);
			return body;
		},
		...(secrets ? { secrets: (value) => secrets(parseInput(input, value)) } : {}),
		read: read ?? ((answer) => withoutErrcode(answer) as Output),
	};
}

/** One page of a list. */
export interface Page<Entry> {
	entries: Entry[];
	/** Where the next page begins; empty when this was the last. */
	nextCursor: string;
}

/** What every list operation takes beside its own fields. */
export interface PageInput {
	/** `next_cursor` of the page before; empty for the first. */
	cursor?: string;
	/** Most entries of the page. */
	limit?: number;
}

/** An operation that gives a list page by page. */
export interface ListOperation<Input, Entry> extends Operation<Input & PageInput, Page<Entry>> {
	/** Most entries WeCom gives in one page. */
	readonly maxPageSize: number;
}

/** What zod makes of no fields at all would not take `cursor` and `limit` either. */
type ListInput<Shape extends z.core.$ZodLooseShape> = keyof Shape extends never
	? object
	: z.input<z.ZodObject<Shape>>;

/**
 * Makes a list operation: `cursor` and `limit` go into the body, `next_cursor` comes back.
 *
 * @param facts `list` names the answer's list, several names where the contracts differ; `id` names
 * what identifies an entry: a list may hold nothing but those
 */
export function listOperation<Shape extends z.core.$ZodLooseShape, Entry = JsonObject>(
	facts: Omit<Facts<z.output<z.ZodObject<Shape>>>, 'retry'> & {
		input: Shape;
		maxPageSize: number;
		list: string | readonly string[];
		id: string;
		/** An entry as the caller gets it; as it is when left out. */
		entry?: (value: JsonObject) => Entry;
	},
): ListOperation<ListInput<Shape>, Entry> {
	const { input, check, list, id, entry, token = 'access_token', ...rest } = facts;
	const { path, maxPageSize } = facts;
	const whole = fields({
		...input,
		cursor: optional(text({ maxBytes: 1024 })),
		limit: optional(wholeNumber(1, maxPageSize)),
	});
	return {
		...rest,
		token,
		retry: 'read',
		proof: typeof list === 'string' ? [list] : list,
		body: (value) => {
			const parsed = parseInput(whole, value) as PageInput;
			const { cursor = '', limit = maxPageSize, ...body } = parsed;
			check?.(body as z.output<z.ZodObject<Shape>>);
			return { ...body, cursor, limit };
		},
		read: (answer) => ({
			entries: listOf(answer, list, { path })
				.filter((value) => value !== null)
				.map((value) => (isJsonObject(value) ? value : { [id]: value }))
				.map((value) => (entry ? entry(value) : (value as Entry))),
			nextCursor: nextCursorOf(answer),
		}),
	};
}

/** An answer without WeCom's errcode and errmsg. */
export function withoutErrcode({
	errcode: _errcode,
	errmsg: _errmsg,
	...rest
}: JsonObject): JsonObject {
	return rest;
}

function nextCursorOf({ next_cursor: cursor, has_more: more }: JsonObject): string {
	const last = more === false || more === 0;
	return last || typeof cursor !== 'string' ? '' : cursor;
}
