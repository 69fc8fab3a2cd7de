import * as z from 'zod/v4';

import { parseSeq } from '../archive/seq';
import { InvalidInputError } from '../errors';
import { trimmed } from '../visible';

/** Bounds of a text; its length counts without the blanks around it. */
export interface TextBounds {
	/** Most bytes of UTF-8. */
	maxBytes?: number;
	/** Most characters (code points). */
	maxCharacters?: number;
	/** Fewest characters; 1 when left out. */
	minCharacters?: number;
}

/**
 * A number as the text it was before a sheet, a database or an AI tool made a number of it; anything
 * else as it is. A number that may have lost digits on the way stays one.
 */
export function asText(value: unknown): unknown {
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'number' || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return value;
	const text = String(value);
	return text.includes('e') ? value : text;
}

/**
 * A text that is not blank, trimmed; a number counts as its digits.
 *
 * @example parseInput(z.strictObject({ link_name: text({ maxCharacters: 30 }) }), { link_name: 'Spring' })
 */
export function text(bounds: TextBounds) {
	const { maxBytes = Infinity, maxCharacters = Infinity, minCharacters = 1 } = bounds;
	const schema = z
		.string({
			error: ({ input }) =>
				expected(lost(input) ? 'text: a number as large has lost digits' : 'text')({ input }),
		})
		.min(1, { error: expected('text') })
		.refine((value) => Buffer.byteLength(value) <= maxBytes, {
			error: ({ input }) =>
				`is ${Buffer.byteLength(String(input))} bytes long, WeCom takes at most ${maxBytes}`,
		})
		.refine((value) => characters(value) <= maxCharacters, {
			error: ({ input }) =>
				`is ${characters(input)} characters long, WeCom takes at most ${maxCharacters}`,
		})
		.refine((value) => characters(value) >= minCharacters, {
			error: ({ input }) =>
				`is ${characters(input)} characters long, WeCom needs at least ${minCharacters}`,
		});
	return z.preprocess((value) => {
		const text = asText(value);
		return typeof text === 'string' ? trimmed(text) : text;
	}, schema) as unknown as z.ZodType<string, string>;
}

/** An id as WeCom hands them out: a userid, link_id, rule_id and so on, at most 256 bytes. */
export const id = () => text({ maxBytes: 256 });

/** An address on the web, `https://…` or `http://…`. */
export const webAddress = (maxBytes: number) =>
	text({ maxBytes }).refine(
		(value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
		{ error: () => 'is no web address, expected one that begins with https:// or http://' },
	);

/** A whole number within bounds; digits in a text, as sheets and expressions give them, count too. */
export function wholeNumber(min: number, max: number) {
	const error = expected(`a whole number from ${min} to ${max}`);
	return numeric(z.number({ error }).refine(Number.isInteger, { error }).min(min, { error }).max(max, { error })); // prettier-ignore
}

/** A moment in seconds since 1970. */
export const unixSeconds = () => wholeNumber(0, 2 ** 32 - 1);

/** One of WeCom's numbers for something. */
export function oneOf<const T extends number>(...values: T[]) {
	return numeric(z.literal(values, { error: expected(`one of ${values.join(', ')}`) }));
}

/** true or false; also as the words, in any case, or as 1 and 0, as sheets and databases write them. */
export const flag = () =>
	z.preprocess(
		(value) => {
			const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
			return SWITCHES.get(word) ?? value;
		},
		z.boolean({ error: expected('true or false') }),
	) as unknown as z.ZodBoolean;

const SWITCHES = new Map<unknown, boolean>([
	['true', true],
	['1', true],
	[1, true],
	['false', false],
	['0', false],
	[0, false],
]);

/** A uint64, exact: a position of the archive, the id of a document. */
export const uint64 = () =>
	z.unknown().transform((value, context) => {
		try {
			return parseSeq(value, '');
		} catch {
			const error = expected('a whole number from 0 to 18446744073709551615');
			context.issues.push({ code: 'custom', input: value, message: error({ input: value }) });
			return z.NEVER;
		}
	}) as unknown as z.ZodType<bigint, bigint | number | string>;

/** A list within bounds on how many entries it has. */
export function list<T extends z.ZodType>(
	entry: T,
	{ min = 0, max }: { min?: number; max: number },
) {
	const bounds = `WeCom takes ${min > 0 ? `${min} to ${max}` : `at most ${max}`}`;
	const error = ({ input }: { input?: unknown }) => `has ${Array.isArray(input) ? input.length : 'no'} entries, ${bounds}`; // prettier-ignore
	return z
		.array(entry, { error: expected('a list') })
		.min(min, { error })
		.max(max, { error });
}

/** An object of these fields and no others. */
export function fields<T extends z.core.$ZodLooseShape>(shape: T) {
	return z.strictObject(shape, {
		error: ({ input }) => `is ${describe(input)}, expected an object`,
	});
}

/** A field that may be left out; null and an empty text count as left out. */
export function optional<T extends z.ZodType>(schema: T) {
	return z.preprocess(
		(value) => (value === '' || value === null ? undefined : value),
		schema.optional(),
	) as unknown as z.ZodOptional<T>;
}

/**
 * Checks an input and gives it the form it goes to WeCom in.
 *
 * @param name what to call the value in messages when it is no object
 * @throws InvalidInputError with the path of the field, the value's shape and what was expected
 */
export function parseInput<T extends z.ZodType>(
	schema: T,
	input: unknown,
	name = 'input',
): z.output<T> {
	const result = schema.safeParse(input, { reportInput: true });
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	const path = [...(issue?.path ?? [])];
	if (issue?.code === 'unrecognized_keys') {
		const field = pathText([...path, issue.keys[0] ?? '']);
		throw new InvalidInputError(
			field,
			`"${field}" is no field of this call`,
			'Compare the spelling with the API page of this operation.',
		);
	}
	const field = pathText(path) || name;
	const last = path.findLast((part) => typeof part === 'string');
	throw new InvalidInputError(field, `"${field}" ${issue?.message ?? 'is not valid'}`, WHERE_TO_FIND[last ?? field]); // prettier-ignore
}

/** Where a person finds a value, by the field's name on the wire. */
const WHERE_TO_FIND: Readonly<Partial<Record<string, string>>> = {
	ability_id: 'The ability is configured on the program, in the console of the data zone.',
	auth_code:
		'From the create_auth or reset_permanent_code event; it works once, within 10 minutes.',
	auth_corpid:
		'The corpid of the customer that authorized the app, from the exchange of its auth_code.',
	buyer_userid: "The plain userid of a member of the provider's own corp who may buy.",
	chat_id: 'The roomid of a group, or the external_userid of the customer in a single chat.',
	chat_key: 'The message_from_customer event carries it as ChatKey; it is good for 30 minutes.',
	code: 'The display component hands it out (getExportCode); it works once, within 5 minutes.',
	custom_corpid:
		'The corpid of the customer as this provider sees it; change_auth events carry it.',
	debug_token: 'The console of the data zone shows it; it is good for three days.',
	docid_list: '`getKnowledgeBase` lists the documents with their ids.',
	encoding_aes_key: '43 letters and digits, as in the callback settings.',
	exteranalopenid: 'The external_userid of a customer, it begins with wm or wo.',
	external_userid: 'The external_userid of a customer, it begins with wm or wo.',
	jobid: 'The call that started the job returned it.',
	file_media_id: '`uploadTemporaryFile` returns it; it is good for three days.',
	kb_id: '`listKnowledgeBases` lists the knowledge bases, `createKnowledgeBase` returns it too.',
	keyword: 'At least two characters: WeCom searches no single ones.',
	link_id: '`listLinks` lists the links, `createLink` returns it too.',
	link_name: 'A name only your colleagues see, up to 30 characters.',
	media_id: '`uploadExportTemplate` returns it; it is good for three days.',
	notify_id: 'The program_notify event carries it; it is good for ten minutes.',
	order_id: '`placeOrder` returns it, `listOrders` lists all.',
	page_id: 'An entry of page_id_list, from `getChatData` in mode 1 or 2.',
	payer_userid: "The plain userid of a member of the provider's own corp who may pay.",
	permanent_code: 'It came out of the exchange of the auth_code; lost, the corp authorizes again.',
	program_id: 'The id of the program, in the console of the data zone.',
	public_key: 'The public half of an RSA-2048 pair in PEM form; `makeKeyPair` makes one.',
	public_key_ver: 'One more than the version in use; every new key needs a higher one.',
	redirect_uri: 'An https:// address of yours; its domain is named in the provider console.',
	roomid: 'The roomid of the group, it begins with wr; messages of the group carry it.',
	rule_id: '`createKeywordRule` returns it, `listKeywordRules` lists all.',
	token:
		'Of a callback: letters and digits, the same that `CallbackReceiver` has. Of a list: what the event carries, good for ten minutes.',
	userid: 'The userid of a staff member.',
	web_url: 'The page has to be open to everybody, without a login.',
};

function expected(what: string) {
	return ({ input }: { input?: unknown }) => `is ${describe(input)}, expected ${what}`;
}

function lost(value: unknown): boolean {
	return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** The shape of a value, never the value: it may be a secret in the wrong place. */
function describe(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'empty';
	if (typeof value === 'number') return String(value);
	if (typeof value === 'string') return `a text of ${value.length} characters`;
	if (Array.isArray(value)) return 'a list';
	return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

/** Plain digits only: what is written as 0x10 or 1e3 is no number to most people. */
const DIGITS = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

function numeric<T extends z.ZodType>(schema: T): T {
	return z.preprocess(
		(value) => (typeof value === 'string' && DIGITS.test(value) ? Number(value) : value),
		schema,
	) as unknown as T;
}

function characters(value: unknown): number {
	return [...String(value)].length;
}

function pathText(path: PropertyKey[]): string {
	return path.reduce<string>((text, part) => {
		if (typeof part === 'number') return `${text}[${part}]`;
		return text === '' ? String(part) : `${text}.${String(part)}`;
	}, '');
}
