import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { wholeNumber } from '../../wecom/api/fields';
import { WecomClient } from '../../wecom/api/client';
import { viewMessage } from '../../wecom/archive/message';
import {
	MAX_PAGE_SIZE,
	pullPages,
	readSeq,
	type FetchPage,
	type RecordPage,
} from '../../wecom/archive/pull';
import type { EncryptedRecord, RecordDecryptor } from '../../wecom/archive/record';
import { parseSeq } from '../../wecom/archive/seq';
import { TimeBudget } from '../../wecom/timeBudget';
import { toClientSettings, toDecryptor } from '../shared/credentials';
import { toFetchPage, type FetchOptions } from '../shared/fetchPage';
import { FailureCount, toFilter, type FilterOptions } from '../shared/messageItems';
import { pullMessages } from '../shared/pullMessages';

interface PollOptions extends FetchOptions, Pick<FilterOptions, 'messageTypes' | 'senders'> {
	maxRecords: number;
	requestTimeout: number;
}

/** What the trigger keeps between polls, in n8n's static data. */
interface Cursor extends IDataObject {
	/** The last seq that was handed on, as digits. */
	seq?: string;
	/** Milliseconds since 1970; there while the trigger still looks for the first new message. */
	skipBeforeMs?: number;
}

/** Default bound on the records one poll fetches. */
export const DEFAULT_MAX_RECORDS = 2000;
const SAMPLE_SIZE = 10;
/** A message may reach the archive this long after it was sent: "from now" must not skip it. */
const ARCHIVE_LAG_MS = 30_000;
/** Pages one poll may skip on its way to the first new message. */
const MAX_SKIPPED_PAGES = 50;
/** How many records at the end of a page are tried for a time that can be read. */
const LOOK_BACK = 20;
/** Share of n8n's budget for a poll after which no further page is asked for. */
const BUDGET_SHARE = 0.5;
const FALLBACK_BUDGET_MS = 60_000;

/** Triggers of this process with a poll under way: n8n starts the next one whether or not it is over. */
const polling = new Set<string>();

/**
 * One poll: the new messages, or undefined when there are none. The cursor moves only to what is
 * returned; a failure in a later page keeps the pages before it, one in the first page is thrown.
 * While a poll of the same trigger is under way, another one does nothing: both would read the same
 * messages. A poll by hand returns a sample and moves nothing.
 */
export async function pollMessages(context: IPollFunctions): Promise<IDataObject[] | undefined> {
	if (context.getMode() === 'manual') return await pull(context);
	const trigger = `${context.getWorkflow().id}/${context.getNode().id}`;
	if (polling.has(trigger)) return undefined;
	polling.add(trigger);
	try {
		return await pull(context);
	} finally {
		polling.delete(trigger);
	}
}

async function pull(context: IPollFunctions): Promise<IDataObject[] | undefined> {
	const options = context.getNodeParameter('options', {}) as Partial<PollOptions>;
	const simplify = context.getNodeParameter('simplify', true) as boolean;
	const credential = await context.getCredentials('wecomDataApi');
	const client = new WecomClient(toClientSettings(credential));
	const decryptor = toDecryptor(credential);
	const timeoutMs = (options.requestTimeout ?? 30) * 1000;
	const fetchPage = toFetchPage(
		async (operation, input) => await client.call(operation, input, { timeoutMs }),
		options,
	);
	const manual = context.getMode() === 'manual';
	const staticData = context.getWorkflowStaticData('node') as Cursor;
	const cursor = manual ? sampleCursor(context, staticData) : startCursor(context, staticData);

	if (cursor.skipBeforeMs !== undefined) {
		await skipOld(cursor, fetchPage, decryptor);
		save(staticData, cursor);
		if (cursor.skipBeforeMs !== undefined) return undefined;
	}

	const zone = context.getTimezone();
	const filter = toFilter(
		{ messageTypes: options.messageTypes ?? [], senders: options.senders ?? '' },
		zone,
	);
	const failures = new FailureCount();
	const batches = pullMessages({
		fetchPage,
		afterSeq: parseSeq(cursor.seq ?? 0),
		pageSize: wholeNumber('Page Size', options.pageSize ?? MAX_PAGE_SIZE, 1, MAX_PAGE_SIZE),
		limit: manual ? SAMPLE_SIZE : Infinity,
		maxRecords: manual
			? MAX_PAGE_SIZE
			: wholeNumber(
					'Max Records per Poll',
					options.maxRecords ?? DEFAULT_MAX_RECORDS,
					1,
					Number.MAX_SAFE_INTEGER,
				),
		decryptor,
		...(filter ? { filter } : {}),
		simplify,
		zone,
		failures,
		budget: new TimeBudget(),
	});
	const items = await gather(context, batches, cursor);
	if (failures.summary) context.logger.warn(`${context.getNode().name}: ${failures.summary}`);
	if (!manual) save(staticData, cursor);
	return items.length ? items : undefined;
}

async function gather(
	context: IPollFunctions,
	batches: ReturnType<typeof pullMessages>,
	cursor: Cursor,
): Promise<IDataObject[]> {
	const budgetMs =
		(context.getPollBudgetMs as (() => number) | undefined)?.call(context) ?? FALLBACK_BUDGET_MS;
	const stopAt = Date.now() + budgetMs * BUDGET_SHARE;
	const items: IDataObject[] = [];
	let pages = 0;
	try {
		for await (const batch of batches) {
			for (const item of batch.items) items.push(item);
			cursor.seq = batch.nextSeq.toString();
			pages++;
			if (Date.now() > stopAt) break;
		}
	} catch (error) {
		if (pages === 0) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- poll() wraps it
		const reason = error instanceof Error ? error.message : String(error);
		context.logger.warn(
			`${context.getNode().name}: stopped after seq ${cursor.seq}, the next poll goes on there. ${reason}`,
		);
	}
	return items;
}

function startCursor(context: IPollFunctions, saved: Cursor): Cursor {
	if (saved.seq !== undefined) return { ...saved };
	const startFrom = context.getNodeParameter('startFrom') as string;
	if (startFrom === 'now') return { seq: '0', skipBeforeMs: Date.now() - ARCHIVE_LAG_MS };
	return { seq: firstSeq(context, startFrom) };
}

/** By hand: what the next poll would give, or the oldest messages when it has none yet. */
function sampleCursor(context: IPollFunctions, saved: Cursor): Cursor {
	if (saved.seq !== undefined && saved.skipBeforeMs === undefined) return { seq: saved.seq };
	return { seq: firstSeq(context, context.getNodeParameter('startFrom') as string) };
}

function firstSeq(context: IPollFunctions, startFrom: string): string {
	return startFrom === 'seq'
		? parseSeq(context.getNodeParameter('startAfterSeq'), 'Start After Seq').toString()
		: '0';
}

function save(staticData: Cursor, cursor: Cursor): void {
	if (staticData.seq !== cursor.seq) staticData.seq = cursor.seq;
	if (staticData.skipBeforeMs === cursor.skipBeforeMs) return;
	if (cursor.skipBeforeMs === undefined) delete staticData.skipBeforeMs;
	else staticData.skipBeforeMs = cursor.skipBeforeMs;
}

/**
 * Moves the cursor over whole pages of messages older than the start, looking only at the end of
 * each; in the first page that ends with a newer message it stops before the first newer one.
 * Clears `skipBeforeMs` when it has arrived.
 */
async function skipOld(
	cursor: Cursor,
	fetchPage: FetchPage,
	decryptor: RecordDecryptor,
): Promise<void> {
	const skipBeforeMs = cursor.skipBeforeMs ?? 0;
	let pages = 0;
	for await (const page of pullPages(fetchPage, parseSeq(cursor.seq ?? 0))) {
		const newest = page.records
			.slice(-LOOK_BACK)
			.reverse()
			.map((record) => sentAt(record, decryptor))
			.find((time) => time !== undefined);
		if (newest !== undefined && newest >= skipBeforeMs) {
			cursor.seq = (await seqBeforeFirstNew(page, skipBeforeMs, decryptor)) ?? cursor.seq;
			delete cursor.skipBeforeMs;
			return;
		}
		cursor.seq = page.nextSeq.toString();
		if (++pages >= MAX_SKIPPED_PAGES) return;
	}
	delete cursor.skipBeforeMs;
}

/** The seq of the last record before the first new one; undefined when the page starts with it. */
async function seqBeforeFirstNew(
	page: RecordPage,
	skipBeforeMs: number,
	decryptor: RecordDecryptor,
): Promise<string | undefined> {
	const budget = new TimeBudget();
	let before: string | undefined;
	for (const record of page.records) {
		if ((sentAt(record, decryptor) ?? 0) >= skipBeforeMs) return before;
		before = readSeq(record)?.toString() ?? before;
		if (budget.spent) await budget.renew();
	}
	return before;
}

function sentAt(record: EncryptedRecord, decryptor: RecordDecryptor): number | undefined {
	const result = decryptor.decrypt(record);
	return result.state === 'opened' ? viewMessage(result.message).timeMs : undefined;
}
