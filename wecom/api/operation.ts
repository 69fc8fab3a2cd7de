import type * as z from 'zod/v4';

import type { TokenKind } from '../auth/tokenSource';
import { WecomResponseError } from '../errors';
import type { Repetition } from '../http/retry';
import { isJsonObject, type JsonObject } from '../json';
import { fields, id, optional, parseInput, text, wholeNumber } from './fields';
import { listOf } from './lists';
import {
	CONTRACTS,
	firstOf,
	pathOf,
	type Contract,
	type Exchange,
	type JobId,
	type Marks,
	type Page,
	type PageInput,
	type Route,
	type Wire,
} from './wire';

/** What people can have done, whichever contract does it. {@link WecomClient.call} does the rest. */
export type Operation<Input, Output> = Repetition & {
	/** As {@link operations} calls it. */
	readonly name: string;
	/** What of a valid input must never come back in an error, a password say. */
	secrets?(input: Input): string[];
	/** What to do in a contract that has no wire here, in a sentence; choosing another one where left out. */
	readonly instead?: Wires<string>;
	/** At least one. */
	readonly wires: Readonly<Partial<Record<Contract, Wire<Input, Output>>>>;
};

/** What a request may say, and an operation for the requests of all contracts. */
export type Common<Fields, Output> = Partial<
	Pick<
		Exchange<Fields, Output>,
		'token' | 'query' | 'timeoutMs' | 'hints' | 'proof' | 'failureLists' | 'file' | 'gives'
	>
> & {
	/** The fields as they are when left out. */
	body?(fields: Fields): object;
	/**
	 * The answer as it is when left out, errcode and errmsg taken off.
	 *
	 * @param path what to call the API in messages
	 * @param bytes what of the answer is no JSON: a piece of a file
	 */
	read?(answer: JsonObject, path: string, bytes?: Uint8Array): Output;
};

/** One request, as far as it differs from what the operation says. */
export interface ExchangeFacts<Fields, Output> extends Common<Fields, Output> {
	route: Route;
	/** What its marks are, where it is a feed; cursors when left out. */
	marks?: Marks;
	/** What only this contract asks for. Throws InvalidInputError. */
	check?(fields: Fields): void;
}

/** A job, as far as it differs from what the operation says. */
export interface JobFacts<Fields, Output> {
	/** Without it the job was begun before, and the fields are its id. */
	start?: Omit<ExchangeFacts<Fields, unknown>, 'read'>;
	ask: Omit<ExchangeFacts<JobId, unknown>, 'read'>;
	/** Undefined while it is not done. */
	read(answer: JsonObject, path: string, bytes?: Uint8Array): Output | undefined;
	/** The output with what only the answer to the beginning says; as it is when left out. */
	complete?(output: Output, started: JsonObject): Output;
}

/** What one contract says of an operation; a route alone where nothing differs. */
export type WireFacts<Fields, Output> =
	Route | ExchangeFacts<Fields, Output> | JobFacts<Fields, Output>;

type Wires<Facts> = Partial<Record<Contract, Facts>>;

/** The wires of what the Data API reference and the data zone do in the same way. */
export function inReferenceAndZone<const Facts>(facts: Facts): {
	reference: Facts;
	dataZone: Facts;
} {
	return { reference: facts, dataZone: facts };
}

/** The wires of what Tencent's own host does in the same way, with the data zone and without. */
export function asTencent<const Facts>(facts: Facts): { dataZone: Facts; messageArchive: Facts } {
	return { dataZone: facts, messageArchive: facts };
}

/** The wires of what every contract does in the same way. */
export function inEveryContract<const Facts>(facts: Facts): Record<Contract, Facts> {
	return { reference: facts, dataZone: facts, messageArchive: facts };
}

/** An entry: what callers give and get, and how each contract carries it. */
export type OperationFacts<Schema extends z.ZodType<object, object>, Output> = Repetition &
	Common<z.output<Schema>, Output> & {
		name: string;
		/** Checks and shapes what callers give, whatever the contract. */
		input: Schema;
		/** What spans several fields. Throws InvalidInputError. */
		check?(fields: z.output<Schema>): void;
		secrets?(fields: z.output<Schema>): string[];
		/** What to do in a contract without a wire, in a sentence, where there is something to do. */
		instead?: Wires<string>;
		wires: Wires<WireFacts<z.output<Schema>, Output>>;
	};

/**
 * Makes an operation, one of the package or of your own. What the wires have in common stands beside
 * them, once.
 *
 * @example
 * // A gateway of your own serves it, and so does a program of your own in the zone.
 * const getInvoice = operation({
 *   name: 'getInvoice',
 *   retry: 'read',
 *   proof: ['invoice'],
 *   input: z.strictObject({ invoice_id: z.string().min(1) }),
 *   read: ({ invoice }) => invoice,
 *   wires: {
 *     reference: 'POST /invoice/get',
 *     dataZone: { route: 'ZONE get_invoice', body: ({ invoice_id }) => ({ id: invoice_id }) },
 *   },
 * });
 * const invoice = await client.call(getInvoice, { invoice_id: 'I1' });
 */
export function operation<Schema extends z.ZodType<object, object>, Output = JsonObject>(
	facts: OperationFacts<Schema, Output>,
): Operation<z.input<Schema>, Output> {
	const { name, input, check, secrets, instead, wires } = facts;
	type Input = z.input<Schema>;
	type Fields = z.output<Schema>;
	const parse = (given: Input): Fields => {
		const parsed = parseInput(input, given);
		check?.(parsed);
		return parsed;
	};
	const made: Partial<Record<Contract, Wire<Input, Output>>> = {};
	for (const contract of CONTRACTS) {
		const given = wires[contract];
		if (given !== undefined) made[contract] = toWire(given, facts, parse);
	}
	const { retry, findOut } = facts;
	return {
		...({ retry, ...(findOut === undefined ? {} : { findOut }) } as Repetition),
		name,
		...(instead ? { instead } : {}),
		...(secrets ? { secrets: (given: Input) => secrets(parseInput(input, given)) } : {}),
		wires: made,
	};
}

function toWire<Input, Fields, Output>(
	given: WireFacts<Fields, Output>,
	common: Common<Fields, Output>,
	parse: (input: Input) => Fields,
): Wire<Input, Output> {
	const facts = typeof given === 'string' ? { route: given } : given;
	if (!('ask' in facts)) {
		const read = facts.read ?? common.read ?? ((answer) => withoutErrcode(answer) as Output);
		return toExchange(facts, common, parse, read);
	}
	const { start, ask, read, complete } = facts;
	const { token, query, timeoutMs, hints, proof, gives } = common;
	const asking = { token, query, timeoutMs, hints, proof, gives };
	if (!start) return { ask: toExchange(ask, asking, parse as unknown as Parse<Input>, read) };
	return {
		// Nothing but errcode 0 and an id proves that it was begun.
		start: toExchange(start, { ...common, proof: undefined }, parse, (answer, path) => ({
			...readJobId(answer, path),
			answer,
		})),
		ask: toExchange(ask, asking, parseJobId, read),
		...(complete ? { complete } : {}),
	};
}

/** Checks the id of a job that was begun before. */
type Parse<Input> = (input: Input) => JobId;

/** @param parse checks what the caller gives */
function toExchange<Input, Fields, Output>(
	facts: ExchangeFacts<Fields, unknown>,
	common: Common<Fields, unknown>,
	parse: (input: Input) => Fields,
	read: (answer: JsonObject, path: string, bytes?: Uint8Array) => Output,
): Exchange<Input, Output> {
	const { route, marks, check, ...own } = facts;
	const {
		token = 'access_token',
		query,
		timeoutMs,
		hints,
		proof,
		failureLists,
		file,
		gives,
		body,
	} = { ...common, ...own };
	const path = pathOf(route);
	return {
		route,
		token,
		...(query ? { query } : {}),
		...(marks ? { marks } : {}),
		...(timeoutMs === undefined ? {} : { timeoutMs }),
		...(hints ? { hints } : {}),
		...(proof ? { proof } : {}),
		...(failureLists ? { failureLists } : {}),
		...(gives ? { gives } : {}),
		body: (given) => {
			const parsed = parse(given);
			check?.(parsed);
			return body ? body(parsed) : (parsed as object);
		},
		...(file ? { file: (given: Input) => file(parse(given)) } : {}),
		read: (answer, bytes) => read(answer, path, bytes),
	};
}

/** An operation that gives a list page by page. */
export type ListOperation<Input, Entry, Got extends Page<Entry> = Page<Entry>> = Operation<
	Input & PageInput,
	Got
> & {
	/** Most entries WeCom gives in one page. */
	readonly maxPageSize: number;
};

type FieldsOf<Shape extends z.core.$ZodLooseShape> = z.output<z.ZodObject<Shape>>;
type FeedFields<Shape extends z.core.$ZodLooseShape> = FieldsOf<Shape> & Required<PageInput>;

/** What a feed may say, and a list for the feeds of all contracts. */
type CommonFeed<Shape extends z.core.$ZodLooseShape> = Omit<
	Common<FeedFields<Shape>, unknown>,
	'read' | 'file' | 'proof' | 'gives'
>;

/** Names the answer's list; several names where its source leaves them open. */
type ListName = string | readonly string[];

/** A feed, as far as it differs from what the list says. */
export type FeedFacts<Shape extends z.core.$ZodLooseShape> = CommonFeed<Shape> &
	Pick<ExchangeFacts<FieldsOf<Shape>, unknown>, 'route' | 'check'> & { list?: ListName };

/** What zod makes of no fields at all would not take `cursor` and `limit` either. */
type ListInput<Shape extends z.core.$ZodLooseShape> = keyof Shape extends never
	? object
	: z.input<z.ZodObject<Shape>>;

/** An entry whose answers are pages of a list. */
export type ListFacts<Shape extends z.core.$ZodLooseShape, Entry> = CommonFeed<Shape> & {
	name: string;
	input: Shape;
	/** Most entries WeCom gives in one page. */
	maxPageSize: number;
	list: ListName;
	/** Names what identifies an entry: a list may hold nothing but those. */
	id: string;
	/** An entry as the caller gets it; as it is when left out. */
	entry?(value: JsonObject): Entry;
	/** What spans several fields. Throws InvalidInputError. */
	check?(fields: FieldsOf<Shape>): void;
	/** As an operation has it. */
	instead?: Wires<string>;
	/** Most bytes of the cursor; 1024 when left out. */
	maxCursorBytes?: number;
	wires: Wires<Route | FeedFacts<Shape>>;
};

/**
 * Makes a list operation: `cursor` and `limit` go into the body, `next_cursor` comes back.
 *
 * @example
 * export const listLinks = listOperation({
 *   name: 'listLinks',
 *   input: {},
 *   maxPageSize: 100,
 *   list: 'link_id_list',
 *   id: 'link_id',
 *   wires: { reference: 'POST /externalcontact/customer_acquisition_link/list' },
 * });
 */
export function listOperation<Shape extends z.core.$ZodLooseShape, Entry = JsonObject>(
	facts: ListFacts<Shape, Entry>,
): ListOperation<ListInput<Shape>, Entry> {
	const { input, maxPageSize, id: idName, entry, list: ofAll, wires, ...others } = facts;
	const { maxCursorBytes = 1024, body: bodyOfAll, ...common } = others;
	const whole = fields({
		...input,
		cursor: optional(text({ maxBytes: maxCursorBytes })),
		limit: optional(wholeNumber(1, maxPageSize)),
	}).transform((given) => {
		const { cursor = '', limit = maxPageSize, ...rest } = given as PageInput;
		return { ...rest, cursor, limit } as FeedFields<Shape>;
	});
	const toFacts = (
		contract: Contract,
		given: Route | FeedFacts<Shape>,
	): WireFacts<FeedFields<Shape>, Page<Entry>> => {
		const facts: FeedFacts<Shape> = typeof given === 'string' ? { route: given } : given;
		const { list = ofAll, body = bodyOfAll ?? ((given) => given), ...feed } = facts;
		const names = typeof list === 'string' ? [list] : list;
		return {
			...feed,
			body: contract === 'reference' ? body : (given) => withoutEmptyCursor(body(given)),
			proof: names,
			read: (answer, path) => ({
				entries: listOf(answer, names, { path })
					.filter((value) => value !== null)
					.map((value) => (isJsonObject(value) ? value : { [idName]: value }))
					.map((value) => (entry ? entry(value) : (value as Entry))),
				nextCursor: nextCursorOf(answer),
			}),
		};
	};
	const feeds: Wires<WireFacts<FeedFields<Shape>, Page<Entry>>> = {};
	for (const contract of CONTRACTS) {
		const given = wires[contract];
		if (given !== undefined) feeds[contract] = toFacts(contract, given);
	}
	const list = operation<typeof whole, Page<Entry>>({
		...common,
		retry: 'read',
		input: whole,
		wires: feeds,
	});
	return { ...list, maxPageSize } as unknown as ListOperation<ListInput<Shape>, Entry>;
}

/** Tencent's own servers refuse an empty cursor, with which gateways of the reference let a list begin. */
function withoutEmptyCursor(body: object): object {
	const { cursor, ...rest } = body as PageInput;
	return cursor === '' ? rest : body;
}

/** An answer without WeCom's errcode and errmsg. */
export function withoutErrcode({
	errcode: _errcode,
	errmsg: _errmsg,
	...rest
}: JsonObject): JsonObject {
	return rest;
}

/** The mark where the next page begins; empty where has_more, a number or a boolean, says that none follows. */
export function nextCursorOf({ next_cursor: cursor, has_more: more }: JsonObject): string {
	const last = more === false || more === 0;
	return last || typeof cursor !== 'string' ? '' : cursor;
}

/** The kinds of token that an operation takes, one contract or another. */
export function tokenKindsOf({ wires }: Pick<Operation<never, unknown>, 'wires'>): TokenKind[] {
	return Object.values(wires).map((wire) => firstOf(wire).token);
}

/** Whether a program in the data zone carries an operation, in one contract or another. */
export function isCarriedByProgram({ wires }: Pick<Operation<never, unknown>, 'wires'>): boolean {
	return Object.values(wires).some((wire) => firstOf(wire).route.startsWith('ZONE '));
}

const jobId = fields({ jobid: id() });

function parseJobId(given: JobId): JobId {
	return parseInput(jobId, given);
}

/**
 * The id in the answer to the start of a job.
 *
 * @throws WecomResponseError when there is none: nobody could ask for the result
 */
export function readJobId({ jobid }: JsonObject, path: string): JobId {
	if (typeof jobid === 'string' && jobid !== '') return { jobid };
	throw new WecomResponseError(
		200,
		false,
		path,
		`The answer to ${path} has errcode 0 but no jobid`,
	);
}
