import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { flag, optional, parseInput, wholeNumber } from '../../wecom/api/fields';
import { WecomClient } from '../../wecom/api/client';
import { getChatData } from '../../wecom/api/archive';
import type { Marks } from '../../wecom/api/wire';
import { MAX_PAGE_SIZE } from '../../wecom/archive/pull';
import type { RecordDecryptor } from '../../wecom/archive/record';
import type { StateUnavailableError } from '../../wecom/errors';
import { TimeBudget } from '../../wecom/timeBudget';
import { archiveOf, toClientSettings, toDecryptor, type CustomerCorp } from '../shared/credentials';
import { readCustomerCorp } from '../shared/customerCorp';
import { archiveFeed, wayOf, type FetchOptions } from '../shared/messages/archiveFeed';
import { MAX_TIMEOUT_SECONDS } from '../shared/fields';
import { keepTickets } from '../shared/keptTickets';
import { FailureCount, toFilter, type FilterOptions } from '../shared/messages/messageItems';
import { isTest, nodePath } from '../shared/n8nInternals';
import { toNodeError } from '../shared/run/nodeErrors';
import { pullMessages, type PullSettings } from '../shared/messages/pullMessages';
import { toStartMark } from '../shared/messages/startMark';
import type { MessageBatch } from '../shared/messages/messageBatch';
import { aloneBecause, reachableStateOf } from '../shared/state';
import { BEGINNING, type Feed, type Mark } from '../shared/position/feed';
import { readMark, writeMark } from '../shared/position/markText';
import { refreshCopy } from '../shared/position/staticCopies';
import { CursorPlace, type Cursor } from './cursorPlace';
import { skipOld } from './skipOld';

interface PollOptions
	extends
		Omit<FetchOptions, 'token' | 'pagesAtOnce'>,
		CustomerCorp,
		Pick<FilterOptions, 'messageTypes' | 'senders'> {
	maxRecords: number;
	requestTimeout: number;
}

/** Default bound on the records one poll fetches. */
export const DEFAULT_MAX_RECORDS = 2000;
const SAMPLE_SIZE = 10;
/** A message may reach the archive this long after it was sent: "from now" must not skip it. */
const ARCHIVE_LAG_MS = 30_000;
/** Share of n8n's budget for a poll after which no further page is asked for. */
const BUDGET_SHARE = 0.5;
const FALLBACK_BUDGET_MS = 60_000;
/** What fails now is fetched by the next poll. */
const NO_LONG_WAIT = { frequencyWaitMs: 0, maxWaitMs: 10_000 };

/** Triggers of this process with a poll under way: n8n starts the next one whether or not it is over. */
const polling = new Set<string>();

/**
 * One poll: the new messages, or undefined when there are none. The cursor moves only over what is
 * returned and over pages with nothing to return; a failure in a later page keeps the pages before it.
 * It is thrown where nothing is returned.
 * While a poll of the same trigger is under way, another one does nothing: both would read the same
 * messages. A poll by hand returns a sample and moves nothing.
 */
export async function pollMessages(context: IPollFunctions): Promise<IDataObject[] | undefined> {
	if (isTest(context)) return await pull(context);
	const trigger = nodePath(context);
	if (polling.has(trigger)) {
		// Its copy must not fall so far behind that its place looks like one that somebody set.
		if (CursorPlace.isIn(context.getWorkflowStaticData('node'))) refreshCopy(context);
		return undefined;
	}
	polling.add(trigger);
	try {
		return await pull(context);
	} finally {
		polling.delete(trigger);
	}
}

async function pull(context: IPollFunctions): Promise<IDataObject[] | undefined> {
	const options = context.getNodeParameter('options', {}) as Partial<PollOptions>;
	const simplify = parseInput(flag(), context.getNodeParameter('simplify', true), 'Simplify');
	const credential = await context.getCredentials('wecomDataApi');
	const customer = readCustomerCorp(options);
	const settings = toClientSettings(credential, customer);
	const onStateUnavailable = (error: StateUnavailableError) =>
		context.logger.warn(aloneBecause(error));
	const state = await reachableStateOf(
		context,
		context.getNodeParameter('stateStore', 'memory'),
		onStateUnavailable,
	);
	await keepTickets(settings.authentication, state, () => context.getWorkflowStaticData('node'));
	const client = new WecomClient({
		...settings,
		state,
		onStateUnavailable,
		retry: NO_LONG_WAIT,
	});
	const decryptor = toDecryptor(credential, customer, wayOf(options));
	const timeout = optional(wholeNumber(1, MAX_TIMEOUT_SECONDS));
	const timeoutMs = (parseInput(timeout, options.requestTimeout, 'Request Timeout') ?? 30) * 1000;
	const marks = client.marksOf(getChatData);
	const feed = archiveFeed(
		marks,
		async (operation, input) => await client.call(operation, input, { timeoutMs }),
		options,
		(hint) => context.logger.info(hint),
	);
	const manual = isTest(context);
	const archive = archiveOf(context.getNode(), credential, customer);
	const place = new CursorPlace(context, marks, settings.baseUrl);
	const cursor = manual
		? sampleCursor(context, marks, place.saved(archive))
		: startCursor(context, marks, place.latest(archive));
	cursor.archive = archive;

	let asked: Promise<void> | undefined;
	const clockOffset = async () => {
		await (asked ??= client.learnClock());
		return client.clockOffsetMs;
	};
	if (
		cursor.skipBeforeMs !== undefined &&
		!(await skip(cursor, feed, decryptor, place, clockOffset))
	) {
		return undefined;
	}

	const zone = context.getTimezone();
	const filter = toFilter(
		{ messageTypes: options.messageTypes ?? [], senders: options.senders ?? '' },
		zone,
	);
	const pull: PullSettings = {
		feed,
		pageSize: parseInput(
			wholeNumber(1, MAX_PAGE_SIZE),
			options.pageSize ?? MAX_PAGE_SIZE,
			'Page Size',
		),
		limit: manual ? SAMPLE_SIZE : Infinity,
		maxRecords: manual
			? MAX_PAGE_SIZE
			: parseInput(
					wholeNumber(1, Number.MAX_SAFE_INTEGER),
					options.maxRecords ?? DEFAULT_MAX_RECORDS,
					'Max Records per Poll',
				),
		decryptor,
		...(filter ? { filter } : {}),
		simplify,
		zone,
		budget: new TimeBudget(),
	};
	const { mark: before } = cursor;
	const batches = pullMessages(pull, [{ from: markOf(cursor) }]);
	const items = await gather(context, batches, cursor).catch((error: unknown) => {
		if (!manual && cursor.mark !== before) place.save(cursor);
		throw error;
	});
	if (!manual) place.save(cursor);
	if (items.length === 0) return undefined;
	// n8n saves this copy now, with all that it says of other nodes.
	if (!manual) refreshCopy(context);
	return items;
}

/**
 * Moves the cursor to the first new message, as far as one poll may; what was reached is kept also
 * when a page fails.
 *
 * @param clockOffset how far WeCom's clock, by which messages are dated, is ahead of this machine's
 * @returns whether it has arrived
 */
async function skip(
	cursor: Cursor,
	feed: Feed,
	decryptor: RecordDecryptor,
	place: CursorPlace,
	clockOffset: () => Promise<number>,
): Promise<boolean> {
	const reached = (mark: Mark) => {
		cursor.mark = writeMark(mark);
	};
	try {
		const sentFrom = async () => (cursor.skipBeforeMs ?? 0) + (await clockOffset());
		const arrived = await skipOld(feed, decryptor, markOf(cursor), sentFrom, reached);
		if (arrived) delete cursor.skipBeforeMs;
		return arrived;
	} finally {
		place.save(cursor);
	}
}

async function gather(
	context: IPollFunctions,
	batches: AsyncIterable<MessageBatch>,
	cursor: Cursor,
): Promise<IDataObject[]> {
	const budgetMs =
		(context.getPollBudgetMs as (() => number) | undefined)?.call(context) ?? FALLBACK_BUDGET_MS;
	const stopAt = Date.now() + budgetMs * BUDGET_SHARE;
	const { name } = context.getNode();
	const items: IDataObject[] = [];
	const failures = new FailureCount();
	try {
		for await (const batch of batches) {
			for (const item of batch.items) items.push(item);
			failures.addAll(batch.failures);
			cursor.mark = writeMark(batch.to);
			if (Date.now() > stopAt) break;
		}
	} catch (error) {
		if (items.length === 0) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- poll() wraps it
		const { message: reason } = toNodeError(context.getNode(), error);
		context.logger.warn(
			`${name}: stopped after ${wordsFor(markOf(cursor))}, the next poll goes on there. ${reason}`,
		);
	}
	if (failures.summary) context.logger.warn(`${name}: ${failures.summary}`);
	return items;
}

function startCursor(context: IPollFunctions, marks: Marks, saved: Cursor): Cursor {
	if (saved.mark !== undefined) return { ...saved };
	const startFrom = context.getNodeParameter('startFrom') as string;
	if (startFrom === 'now') {
		return { mark: writeMark(BEGINNING), skipBeforeMs: Date.now() - ARCHIVE_LAG_MS };
	}
	return { mark: firstMark(context, marks, startFrom) };
}

/** By hand: what the next poll would give, or the oldest messages when it has none yet. */
function sampleCursor(context: IPollFunctions, marks: Marks, saved: Cursor): Cursor {
	if (saved.mark !== undefined && saved.skipBeforeMs === undefined) return { mark: saved.mark };
	return { mark: firstMark(context, marks, context.getNodeParameter('startFrom') as string) };
}

function firstMark(context: IPollFunctions, marks: Marks, startFrom: string): string {
	const mark =
		startFrom === 'seq' ? toStartMark(context.getNodeParameter('startAfterSeq'), marks) : BEGINNING;
	return writeMark(mark);
}

/** Where a cursor stands. */
function markOf({ mark = '0' }: Cursor): Mark {
	return readMark(mark);
}

/** What to call a mark; only a seq says something to a person. */
function wordsFor({ ordinal, value, msgid }: Mark): string {
	return value === undefined && msgid === undefined ? `seq ${ordinal}` : `message ${ordinal}`;
}
