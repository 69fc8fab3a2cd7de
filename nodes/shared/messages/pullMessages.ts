import type { IDataObject } from 'n8n-workflow';

import type { DecryptedRecord, RecordDecryptor } from '../../../wecom/archive/record';
import { CancelledError } from '../../../wecom/errors';
import type { TimeBudget } from '../../../wecom/timeBudget';
import { markedPages, type Feed, type MarkedRecord, type Stretch } from '../position/feed';
import type { MessageBatch } from './messageBatch';
import { FailureCount, toMessageJson, toSealedJson, type RecordFilter } from './messageItems';

/** What to pull and what to make of it. */
export interface PullSettings {
	feed: Feed;
	/** Records per request. */
	pageSize: number;
	/** Most items to come out; one more where two records share the last seq. */
	limit: number;
	/** Most records to fetch, filtered ones included. */
	maxRecords?: number;
	/** Left out: records come out encrypted, as WeCom sent them. */
	decryptor?: RecordDecryptor;
	filter?: RecordFilter;
	simplify: boolean;
	zone: string;
	budget: TimeBudget;
	signal?: AbortSignal;
}

/**
 * Pulls, decrypts, filters and shapes the messages of some stretches, page by page. Ends when WeCom has
 * no more or a limit is reached; yields to the event loop while it decrypts.
 *
 * @param stretches in order; one without an end brings at least one batch, be it empty
 * @throws whatever the API call throws; batches already yielded stay good
 */
export async function* pullMessages(
	settings: PullSettings,
	stretches: readonly Stretch[],
): AsyncGenerator<MessageBatch> {
	const { feed, pageSize, limit, filter, maxRecords = Infinity } = settings;
	let items = 0;
	let fetched = 0;
	const nextPageSize = () =>
		Math.min(pageSize, filter ? Infinity : limit - items, maxRecords - fetched);
	for (const stretch of stretches) {
		const isAgain = stretch.to !== undefined;
		let { from } = stretch;
		let isEmpty = true;
		for await (const { records: page, end } of markedPages(feed, stretch, nextPageSize)) {
			const failures = new FailureCount();
			const json: IDataObject[] = [];
			let to = page.length === 0 ? end : from;
			let stoppedEarly = false;
			const marks = page.values();
			for await (const { item, result } of toItems(page, settings)) {
				const { mark } = marks.next().value as MarkedRecord;
				// Of two records with one seq the second has to come along: nobody could go on between them.
				stoppedEarly = items >= limit && mark.ordinal !== to.ordinal;
				if (stoppedEarly) break;
				if (result) failures.add(result);
				if (item) {
					json.push(item);
					items++;
				}
				to = mark;
			}
			fetched += page.length;
			stoppedEarly ||= items >= limit || fetched >= maxRecords;
			yield { items: json, from, to, isAgain, stoppedEarly, failures };
			if (stoppedEarly) return;
			from = to;
			isEmpty = false;
		}
		if (isAgain || !isEmpty) continue;
		const failures = new FailureCount();
		yield { items: [], from, to: from, isAgain, stoppedEarly: false, failures };
	}
}

/** What a record becomes: no item where the filter removes it, no result where nothing is decrypted. */
interface Shaped {
	item?: IDataObject | undefined;
	result?: DecryptedRecord;
}

/** What the records of a page become, in order. */
async function* toItems(
	page: readonly MarkedRecord[],
	{ decryptor, filter, budget, signal, simplify, zone }: PullSettings,
): AsyncGenerator<Shaped> {
	const records = page.map(({ record }) => record);
	if (!decryptor) {
		for (const record of records) yield { item: toSealedJson(record) };
		return;
	}
	const decrypting = decryptor.decryptEach(records, { budget, ...(signal ? { signal } : {}) });
	try {
		for await (const result of decrypting) {
			const isWanted = !filter || filter(result);
			yield { result, item: isWanted ? toMessageJson(result, simplify, zone) : undefined };
		}
	} catch (error) {
		throw signal?.aborted ? new CancelledError() : error;
	}
}
