import type { Marks } from '../../../wecom/api/wire';
import { readSeq } from '../../../wecom/archive/pull';
import type { EncryptedRecord } from '../../../wecom/archive/record';

/**
 * A place in an archive, behind one of its records. In a feed of seqs it is the seq and no more; a
 * cursor that WeCom gives stands only at the end of a page, and nobody can compare two of them.
 */
export interface Mark {
	/**
	 * Its place in the order: the seq, or how many records of a feed of cursors were fetched since the
	 * position began. Two processes that pull the same stretch count the same.
	 */
	readonly ordinal: bigint;
	/** The cursor to go on with; none where the archive begins. */
	readonly value?: string;
	/** The last record before it, by which it is found when the stretch is pulled again. */
	readonly msgid?: string;
	/** How many records after the cursor it stands, where a limit cut a page: these come once more. */
	readonly skip?: number;
}

/** Where an archive begins: the oldest record that WeCom still keeps. */
export const BEGINNING: Mark = { ordinal: 0n };

/** The records after one mark and up to another. */
export interface Range {
	readonly from: Mark;
	readonly to: Mark;
}

/** A range to pull; without an end everything that there is. */
export type Stretch = Pick<Range, 'from'> & Partial<Range>;

/** One answer of WeCom. */
export interface FeedPage {
	/** Each of them once, in order; those of a feed of seqs ascend. */
	readonly records: readonly EncryptedRecord[];
	/** What a feed of cursors goes on with; left out or empty where WeCom gives none behind this page. */
	readonly nextCursor?: string;
}

/** An archive as a position needs it. */
export interface Feed {
	/** What its marks are. */
	readonly kind: Marks;
	/**
	 * Pulls page by page until there is no more.
	 *
	 * @param after begins behind this seq, or with this cursor
	 * @param pageSize most records that are wanted next; a feed asks for no more than WeCom gives
	 * @throws whatever the API call throws; the pages before stay good
	 */
	pages(after: Mark, pageSize: () => number): AsyncIterable<FeedPage>;
}

/** A record and the mark behind it. */
export interface MarkedRecord {
	readonly record: EncryptedRecord;
	readonly mark: Mark;
}

/** The records of one answer, and where to go on behind them. */
export interface MarkedPage {
	readonly records: readonly MarkedRecord[];
	/** The mark of the last record; of a page without any one that moves on with its cursor. */
	readonly end: Mark;
}

/**
 * Pulls the records of a stretch, page by page. With cursors, what lies before its beginning is skipped
 * through the msgid there, and the msgid of its last record ends it. Where WeCom no longer has these
 * records everything after the cursor comes, up to as many as there were: rather twice than never.
 *
 * @param pageSize most records that are wanted next
 * @throws whatever the feed throws
 */
export async function* markedPages(
	feed: Feed,
	{ from, to }: Stretch,
	pageSize: () => number,
): AsyncGenerator<MarkedPage> {
	const marked = feed.kind === 'seq' ? bySeq : byCursor;
	for await (const page of marked(feed, from, pageSize)) {
		const records = to && upTo(page.records, to);
		if (!records) {
			yield page;
			continue;
		}
		const last = records.at(-1);
		if (last) yield { records, end: last.mark };
		return;
	}
}

/** @returns the records of a page up to the end of a stretch; undefined when it goes on behind them */
function upTo(page: readonly MarkedRecord[], to: Mark): MarkedRecord[] | undefined {
	const [first] = page;
	const last = first ? placeOf(to.msgid, page, Number(to.ordinal - first.mark.ordinal)) : -1;
	// Where records before it are gone, they count all the same.
	if (last >= 0)
		return page.slice(0, last + 1).map((one, at) => (at < last ? one : { ...one, mark: to }));
	const behind = page.findIndex(({ mark }) => mark.ordinal > to.ordinal);
	return behind < 0 ? undefined : page.slice(0, behind);
}

/** A record whose seq cannot be read stands where the one before it does. */
async function* bySeq(feed: Feed, from: Mark, pageSize: () => number): AsyncGenerator<MarkedPage> {
	let { ordinal } = from;
	for await (const page of feed.pages(from, pageSize)) {
		const records = page.records.map((record) => {
			ordinal = readSeq(record) ?? ordinal;
			return { record, mark: { ordinal } };
		});
		yield { records, end: { ordinal } };
	}
}

async function* byCursor(
	feed: Feed,
	from: Mark,
	pageSize: () => number,
): AsyncGenerator<MarkedPage> {
	let toSkip = from.skip ?? 0;
	let before: UncountedRecord[] = [];
	let { value } = from;
	let afterValue = 0;
	let end = from;
	const count = (page: readonly UncountedRecord[]): MarkedPage => {
		const records = page.map(({ record, mark }) => {
			end = { ordinal: end.ordinal + 1n, ...mark };
			return { record, mark: end };
		});
		if (records.length === 0 && value !== undefined && afterValue === 0) {
			const { skip: _none, ...last } = end;
			end = { ...last, value };
		}
		return { records, end };
	};
	for await (const page of feed.pages(from, () => pageSize() + toSkip)) {
		const records = uncounted(page, value, afterValue);
		if (page.nextCursor) [value, afterValue] = [page.nextCursor, 0];
		else afterValue += records.length;
		if (toSkip === 0) {
			yield count(records);
			continue;
		}
		before.push(...records);
		toSkip = Math.max(0, (from.skip ?? 0) - before.length);
		if (toSkip > 0) continue;
		yield count(behind(from, before));
		before = [];
	}
	if (before.length > 0) yield count(behind(from, before));
}

interface UncountedRecord {
	record: EncryptedRecord;
	mark: Omit<Mark, 'ordinal'>;
}

/**
 * @param value the last cursor before the page, to go on within it
 * @param afterValue how many records are between the two
 */
function uncounted(
	{ records, nextCursor }: FeedPage,
	value: string | undefined,
	afterValue: number,
): UncountedRecord[] {
	return records.map((record, index) => {
		const within = { ...(value === undefined ? {} : { value }), skip: afterValue + index + 1 };
		const atEnd = nextCursor ? { value: nextCursor } : within;
		const msgid = record.msgid && typeof record.msgid === 'string' ? { msgid: record.msgid } : {};
		return { record, mark: { ...(index + 1 < records.length ? within : atEnd), ...msgid } };
	});
}

/** @returns the records after the cursor of a mark that are behind the mark; all where it is not there */
function behind(
	{ msgid, skip = 0 }: Mark,
	records: readonly UncountedRecord[],
): readonly UncountedRecord[] {
	if (msgid === undefined) return records.slice(records.length < skip ? 0 : skip);
	return records.slice(placeOf(msgid, records, skip - 1) + 1);
}

/**
 * @param expected where it was; where records before it are gone it is nearer
 * @returns where the record with a msgid is; of several the one next to there; -1 when there is none
 */
function placeOf(
	msgid: string | undefined,
	records: readonly UncountedRecord[],
	expected: number,
): number {
	if (msgid === undefined) return -1;
	const msgids = records.map(({ mark }) => mark.msgid);
	const place = expected < 0 ? -1 : msgids.lastIndexOf(msgid, expected);
	return place < 0 ? msgids.indexOf(msgid) : place;
}
