import type { IDataObject } from 'n8n-workflow';

import { pullPages, readSeq, type FetchPage } from '../../wecom/archive/pull';
import type { EncryptedRecord, RecordDecryptor } from '../../wecom/archive/record';
import { CancelledError } from '../../wecom/errors';
import type { TimeBudget } from '../../wecom/timeBudget';
import { toMessageJson, toSealedJson, type FailureCount, type RecordFilter } from './messageItems';

/** What to pull and what to make of it. */
export interface PullSettings {
	fetchPage: FetchPage;
	afterSeq: bigint;
	/** The last seq that is wanted; no end when left out. */
	upTo?: bigint | undefined;
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
	failures: FailureCount;
	budget: TimeBudget;
	signal?: AbortSignal;
}

/** The items of one page, and where to go on after them. */
export interface MessageBatch {
	items: IDataObject[];
	/** Every record up to this seq was handed on or filtered out. */
	nextSeq: bigint;
	/** Whether the pull stopped at a limit with records left over. */
	stoppedEarly: boolean;
}

/**
 * Pulls, decrypts, filters and shapes messages page by page. Ends when WeCom has no more or a limit
 * is reached; yields to the event loop while it decrypts.
 *
 * @throws whatever the API call throws; batches already yielded stay good
 */
export async function* pullMessages(settings: PullSettings): AsyncGenerator<MessageBatch> {
	const { fetchPage, afterSeq, upTo, pageSize, limit, filter, maxRecords = Infinity } = settings;
	let items = 0;
	let fetched = 0;
	const nextPageSize = () =>
		Math.min(pageSize, filter ? Infinity : limit - items, maxRecords - fetched);
	let seq = afterSeq;
	let isOver = false;
	for await (const page of pullPages(fetchPage, afterSeq, nextPageSize)) {
		const batch: MessageBatch = { items: [], nextSeq: seq, stoppedEarly: false };
		for (const record of page.records) {
			const recordSeq = readSeq(record) ?? seq;
			isOver = upTo !== undefined && recordSeq > upTo;
			if (isOver) break;
			// Of two records with one seq the second has to come along: nobody could go on between them.
			if (items >= limit && recordSeq !== seq) {
				batch.stoppedEarly = true;
				break;
			}
			const json = await toItem(record, settings);
			if (json) {
				batch.items.push(json);
				items++;
			}
			seq = recordSeq;
		}
		fetched += page.records.length;
		batch.nextSeq = seq;
		batch.stoppedEarly ||= !isOver && (items >= limit || fetched >= maxRecords);
		yield batch;
		if (batch.stoppedEarly || isOver) return;
	}
}

async function toItem(
	record: EncryptedRecord,
	settings: PullSettings,
): Promise<IDataObject | undefined> {
	const { decryptor, filter, failures, budget, signal } = settings;
	if (!decryptor) return toSealedJson(record);
	const result = decryptor.decrypt(record);
	failures.add(result);
	if (budget.spent) {
		await budget.renew();
		if (signal?.aborted) throw new CancelledError();
	}
	return !filter || filter(result)
		? toMessageJson(result, settings.simplify, settings.zone)
		: undefined;
}
