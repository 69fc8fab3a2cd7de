import { setTimeout as delay } from 'node:timers/promises';
import type { TrueRecord } from '../archive';
import { readRecord } from '../messages';
import { Refusal } from '../refusal';
import {
	bytesUpTo,
	isUnixSeconds,
	oneOf,
	optional,
	pageOf,
	publishedPageFields,
	required,
	takeFields,
} from '../routes/fields';
import { good, OK, type Example, type FunctionWorld, type ZoneFunctions } from './function';
import { DETAIL, detailOf, extraInfoOf } from './records';

const RIGHT = 'datazone:chatdata:base';
const [PAGED, ADAPTIVE] = [1, 2];
const DEFAULT_LIMIT = 200;
const FIVE_DAYS = 5 * 86_400;
const MAX_PAGES = 10;
/** How many pages a corp may read at the same time. */
const MAX_AT_ONCE = 10;
const FEED = 'sync_msg';
const PAGE = 'get_msg_list_by_page_id';
const MSG_LIST = [{ msgid: 'msg1', ...DETAIL, extra_info: { call_duration: 10 } }];

/** How many pages are being read, of each world. */
const reading = new WeakMap<FunctionWorld, number>();

/** New messages, without their text (document path 101365). */
export const syncFunctions: ZoneFunctions = {
	sync_msg: {
		right: RIGHT,
		input: { cursor: 'C1', token: 'TOKEN-1', limit: 200, mode: 0, begin_time: 1730000000 },
		output: {
			...OK,
			has_more: 1,
			next_cursor: 'C2',
			msg_list: MSG_LIST,
			page_id_list: ['PAGE-1'],
		},
		run(on, request) {
			const fields = takeFields(request, {
				...publishedPageFields(1000, 128),
				token: optional(bytesUpTo(128)),
				mode: optional(oneOf(0, PAGED, ADAPTIVE)),
				begin_time: optional(isUnixSeconds),
			});
			on.events.admit('conversation_new_message', fields.token as string | undefined);
			const { cursor, limit } = pageOf(fields, DEFAULT_LIMIT);
			const after = cursor === '' ? undefined : on.feeds.open(FEED, cursor);
			// One more than there can be in an answer, to know whether there are more.
			const most = limit * MAX_PAGES + 1;
			const left = messagesAfter(on, after, Number(fields.begin_time ?? 0), most);
			const mode = Number(fields.mode ?? 0);
			const byPage = mode === PAGED || (mode === ADAPTIVE && left.length > limit);
			const sizes = byPage ? on.pageSizes.list(MAX_PAGES, limit) : [on.pageSizes.next(limit)];
			const pages = inPages(left, sizes);
			const taken = pages.flat();
			const more = taken.length < left.length;
			return good({
				has_more: more ? 1 : 0,
				next_cursor: nextCursor(on, { after, left, taken }),
				...(byPage
					? { page_id_list: pages.map((page) => pageIdOf(on, page)) }
					: { msg_list: taken.map((record) => shown(on, record)) }),
			});
		},
	},
	get_msg_list_by_page_id: {
		right: RIGHT,
		newer: true,
		input: { page_id: 'PAGE-1' },
		output: { ...OK, msg_list: MSG_LIST },
		async run(on, request) {
			const { page_id: id } = takeFields(request, { page_id: required(bytesUpTo(128)) });
			const [first, last] = rangeOf(on, id as string);
			const atOnce = (reading.get(on) ?? 0) + 1;
			if (atOnce > MAX_AT_ONCE) throw new Refusal(45033, 'pages at once');
			reading.set(on, atOnce);
			await delay(on.pageMs);
			reading.set(on, (reading.get(on) as number) - 1);
			const records: TrueRecord[] = [];
			for (const record of on.archive.recordsAfter(first - 1n)) {
				if (record.seq > last) break;
				if (isMessage(record)) records.push(record);
			}
			return good({ msg_list: records.map((record) => shown(on, record)) });
		},
	},
};

/**
 * Messages behind a place; without one those of the last five days, or since a later moment, by the
 * time they were sent.
 *
 * @param most - how many at most
 */
function messagesAfter(
	on: FunctionWorld,
	after: bigint | undefined,
	beginTime: number,
	most: number,
): TrueRecord[] {
	const since = after === undefined ? Math.max(on.now() / 1000 - FIVE_DAYS, beginTime) : 0;
	const found: TrueRecord[] = [];
	for (const record of on.archive.recordsAfter(after ?? 0n)) {
		if (found.length === most) break;
		if (isMessage(record) && sentAt(record) >= since) found.push(record);
	}
	return found;
}

function isMessage(record: TrueRecord): boolean {
	return readRecord(record) !== undefined;
}

/** unix seconds. */
function sentAt({ plaintext }: TrueRecord): number {
	return Number(plaintext?.msgtime ?? 0) / 1000;
}

function shown(on: FunctionWorld, record: TrueRecord): Example {
	return { msgid: record.msgid, ...detailOf(on, record), ...extraInfoOf(record) };
}

/** Records from the first on, in pages of these sizes; none of them empty. */
function inPages(records: readonly TrueRecord[], sizes: readonly number[]): TrueRecord[][] {
	let start = 0;
	const pages = sizes.map((size) => records.slice(start, (start += size)));
	return pages.filter((page) => page.length > 0);
}

/** Where the next page begins: behind what was taken. An empty page leads on as well. */
function nextCursor(
	{ feeds }: FunctionWorld,
	{
		after,
		left,
		taken,
	}: Readonly<{
		after: bigint | undefined;
		left: readonly TrueRecord[];
		taken: readonly TrueRecord[];
	}>,
): string {
	const last = taken.at(-1);
	if (last !== undefined) return feeds.seal(FEED, last.seq);
	const [first] = left;
	if (first === undefined) return feeds.seal(FEED, after ?? 0n);
	return feeds.sealAgain(FEED, after ?? first.seq - 1n);
}

function pageIdOf({ feeds }: FunctionWorld, page: readonly TrueRecord[]): string {
	const ends = [page[0], page.at(-1)] as [TrueRecord, TrueRecord];
	return ends.map(({ seq }) => feeds.seal(PAGE, seq)).join('~');
}

/** The first and the last seq of a page. */
function rangeOf(on: FunctionWorld, pageId: string): [bigint, bigint] {
	const ends = pageId.split('~').map((end) => on.feeds.open(PAGE, end));
	if (ends.length !== 2) throw new Refusal(40058, 'page_id does not exist');
	return ends as [bigint, bigint];
}
