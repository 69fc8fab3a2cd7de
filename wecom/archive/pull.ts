import { WecomApiError, WecomResponseError } from '../errors';
import { parseSeq } from './seq';
import type { EncryptedRecord } from './record';

/** Most records WeCom gives in one answer. Source: reference document 4.1. */
export const MAX_PAGE_SIZE = 1000;

/** Fetches the records after a seq; what {@link pullPages} needs of the API. */
export type FetchPage = (seq: bigint, limit: number) => Promise<EncryptedRecord[]>;

/** One step of a pull. */
export interface RecordPage {
	/** Records in order of seq, none of them handed out before. */
	records: EncryptedRecord[];
	/** Where to go on once these records are handed on: the largest seq so far. */
	nextSeq: bigint;
}

/**
 * Pulls records page by page, each seq exactly once, until WeCom has no more.
 *
 * An answer that WeCom finds too large (301058) halves the page and goes on. Records that WeCom
 * repeats are dropped, and a page that is not full and holds nothing else ends the pull; one without
 * a readable seq is handed out as it is. Memory holds one page.
 *
 * @param fetchPage asks WeCom
 * @param afterSeq start after this seq; 0 for the oldest kept
 * @param pageSize records per answer, 1 to 1000; may be a function when the need shrinks
 * @throws whatever `fetchPage` throws; the pages before stay valid, go on from the last `nextSeq`
 */
export async function* pullPages(
	fetchPage: FetchPage,
	afterSeq: bigint,
	pageSize: number | (() => number) = MAX_PAGE_SIZE,
): AsyncGenerator<RecordPage, void, undefined> {
	let seq = afterSeq;
	let cap = MAX_PAGE_SIZE;
	for (;;) {
		const wanted = typeof pageSize === 'function' ? pageSize() : pageSize;
		const limit = Math.max(1, Math.min(wanted, cap));
		let answer: EncryptedRecord[];
		try {
			answer = await fetchPage(seq, limit);
		} catch (error) {
			const tooLarge = error instanceof WecomApiError && error.entry.action === 'shrink';
			if (!tooLarge || limit === 1) throw error;
			cap = Math.floor(limit / 2);
			continue;
		}
		if (answer.length === 0) return;
		const page = inOrder(answer, seq);
		if (page.nextSeq === seq) {
			// A page that is not full was the last one: a gateway that counts from the seq itself on.
			if (page.records.length === 0 && answer.length < limit) return;
			throw standsStill(seq);
		}
		yield page;
		seq = page.nextSeq;
	}
}

/** Sorts an answer by seq and drops what was handed out before or comes twice. */
function inOrder(answer: EncryptedRecord[], after: bigint): RecordPage {
	const unnumbered: EncryptedRecord[] = [];
	const bySeq = new Map<bigint, EncryptedRecord>();
	for (const record of answer) {
		const seq = readSeq(record);
		if (seq === undefined) unnumbered.push(record);
		else if (seq > after && !bySeq.has(seq)) bySeq.set(seq, record);
	}
	const numbered = [...bySeq].sort(([a], [b]) => (a < b ? -1 : 1));
	return {
		records: [...numbered.map(([, record]) => record), ...unnumbered],
		nextSeq: numbered.at(-1)?.[0] ?? after,
	};
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

function standsStill(seq: bigint): WecomResponseError {
	return new WecomResponseError(
		200,
		false,
		'get_chat_data',
		`WeCom answered with records that are not after seq ${seq}, so the pull would never end`,
		'Look at the server behind the base URL: it has to return records after the seq it is given.',
	);
}
