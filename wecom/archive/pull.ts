import { AnswerTooLargeError, isTooLarge, WecomApiError, WecomResponseError } from '../errors';
import { PageSize } from '../pageSize';
import { parseSeq } from './seq';
import type { EncryptedRecord } from './record';

/** Most records WeCom gives in one answer. Source: reference document 4.1. */
export const MAX_PAGE_SIZE = 1000;

/** Fetches the records after a seq; what {@link pullPages} needs of the API. */
export type FetchPage = (seq: bigint, limit: number) => Promise<EncryptedRecord[]>;

/** One step of a pull. */
export interface RecordPage {
	/** Records in order of seq, none of them handed out before; two of one seq differ in msgid. */
	records: EncryptedRecord[];
	/** Where to go on once these records are handed on: the largest seq so far. */
	nextSeq: bigint;
}

/**
 * Pulls records page by page, each exactly once, until WeCom has no more.
 *
 * An answer that WeCom (301058) or this client finds too large halves the page and goes on. Records
 * that WeCom repeats, seq and msgid, are dropped, as are those of `afterSeq` itself; a page that is
 * not full and holds nothing else ends the pull. A record without a readable seq is handed out as it
 * is. Memory holds one page.
 *
 * @param fetchPage asks WeCom
 * @param afterSeq start after this seq; 0 for the oldest kept
 * @param pageSize records per answer, 1 to 1000; may be a function when the need shrinks
 * @throws whatever `fetchPage` throws, and where a single record is too large which one it is; the
 * pages before stay valid, go on from the last `nextSeq`
 */
export async function* pullPages(
	fetchPage: FetchPage,
	afterSeq: bigint,
	pageSize: number | (() => number) = MAX_PAGE_SIZE,
): AsyncGenerator<RecordPage, void, undefined> {
	let seq = afterSeq;
	/** The records handed out with the last seq; those from before the pull nobody knows. */
	let ofLastSeq: ReadonlySet<string> | undefined;
	const size = new PageSize(MAX_PAGE_SIZE);
	for (;;) {
		const wanted = typeof pageSize === 'function' ? pageSize() : pageSize;
		const after = seq;
		const { page: answer, limit } = await size
			.fetch(Math.max(1, wanted), async (records) => await fetchPage(after, records))
			.catch((error: unknown) => {
				throw isTooLarge(error) ? recordTooLarge(error, after) : error;
			});
		if (answer.length === 0) return;
		const { numbered, unnumbered } = inOrder(answer, seq, ofLastSeq);
		const nextSeq = numbered.at(-1)?.seq;
		if (nextSeq === undefined) {
			// A page that is not full was the last one: a gateway that counts from the seq itself on.
			if (unnumbered.length === 0 && answer.length < limit) return;
			throw standsStill(seq);
		}
		const before = nextSeq === seq ? ofLastSeq : undefined;
		const ids = numbered.filter((one) => one.seq === nextSeq).map(({ id }) => id);
		ofLastSeq = new Set([...(before ?? []), ...ids]);
		if (ofLastSeq.size > MAX_PAGE_SIZE) throw standsStill(seq);
		yield { records: [...numbered.map(({ record }) => record), ...unnumbered], nextSeq };
		seq = nextSeq;
	}
}

interface NumberedRecord {
	seq: bigint;
	/** What tells it from another one of the same seq. */
	id: string;
	record: EncryptedRecord;
}

/** Sorts an answer by seq and drops what was handed out before or comes twice. */
function inOrder(
	answer: EncryptedRecord[],
	after: bigint,
	ofLastSeq: ReadonlySet<string> | undefined,
): { numbered: NumberedRecord[]; unnumbered: EncryptedRecord[] } {
	const unnumbered: EncryptedRecord[] = [];
	const numbered = new Map<string, NumberedRecord>();
	for (const record of answer) {
		const seq = readSeq(record);
		if (seq === undefined) {
			unnumbered.push(record);
			continue;
		}
		const id = idOf(record);
		const isNew = seq > after || (seq === after && ofLastSeq?.has(id) === false);
		const key = `${seq} ${id}`;
		if (isNew && !numbered.has(key)) numbered.set(key, { seq, id, record });
	}
	const inOrderOfSeq = [...numbered.values()].sort((a, b) =>
		a.seq === b.seq ? 0 : a.seq < b.seq ? -1 : 1,
	);
	return { numbered: inOrderOfSeq, unnumbered };
}

/** The msgid; of a record without one its ciphertext. */
function idOf({ msgid, encrypt_chat_msg: ciphertext }: EncryptedRecord): string {
	for (const value of [msgid, ciphertext]) {
		if ((typeof value === 'string' && value !== '') || typeof value === 'number')
			return String(value);
	}
	return '';
}

/**
 * The seq of a record, or undefined when it has none that can be read.
 */
export function readSeq(record: EncryptedRecord): bigint | undefined {
	try {
		return parseSeq(record.seq);
	} catch {
		return undefined;
	}
}

/** Nothing smaller can be asked for, and nobody passes over a message unasked. */
function recordTooLarge(
	error: WecomApiError | AnswerTooLargeError,
	seq: bigint,
): WecomApiError | AnswerTooLargeError {
	const hint = `A single record is too large: the first one after seq ${seq}. Look at the server behind the base URL, which may pass larger answers. To go on without the record, start after seq ${seq + 1n}: WeCom counts them one by one.`;
	return error instanceof AnswerTooLargeError
		? new AnswerTooLargeError(error.httpStatus, error.path, error.maxBytes, hint)
		: new WecomApiError(error.errcode, error.errmsg, error.path, hint);
}

function standsStill(seq: bigint): WecomResponseError {
	return new WecomResponseError(
		200,
		false,
		'get_chat_data',
		`WeCom answered with records that are not after seq ${seq}, so the pull would never end`,
		'Look at the server behind the base URL: it has to return records after the seq it is given.',
	);
}
