import { viewMessage } from '../../wecom/archive/message';
import { MAX_PAGE_SIZE } from '../../wecom/archive/pull';
import type { DecryptedRecord, EncryptedRecord, RecordDecryptor } from '../../wecom/archive/record';
import { isZoneRecord, viewZoneRecord } from '../../wecom/archive/zoneRecord';
import { TimeBudget } from '../../wecom/timeBudget';
import { markedPages, type Feed, type Mark, type MarkedRecord } from '../shared/position/feed';

/** Pages one poll may skip on its way to the first new message. */
const MAX_SKIPPED_PAGES = 50;
/** How many records at the end of a page are tried for a time that can be read. */
const LOOK_BACK = 20;

/**
 * Goes over the messages sent before a moment, looking only at the end of each page; in the first
 * page that ends with a newer message it stops before the first newer one. A record whose time
 * cannot be read may be new, so it is passed only together with an older message behind it (or with
 * a page of which nothing at the end can be read).
 *
 * @param sentFrom milliseconds since 1970; asked once a page is here, which tells WeCom's time
 * @param reached gets marks up to which nothing is new
 * @returns whether the first new message, or the end of the archive, has been reached
 */
export async function skipOld(
	feed: Feed,
	decryptor: RecordDecryptor,
	from: Mark,
	sentFrom: () => Promise<number>,
	reached: (mark: Mark) => void,
): Promise<boolean> {
	let pages = 0;
	/** Whether everything up to the end of the page before was passed. */
	let isPassed = true;
	for await (const { records: page, end } of markedPages(feed, { from }, () => MAX_PAGE_SIZE)) {
		const sentFromMs = await sentFrom();
		const last = await lastReadable(page, decryptor);
		if (last && last.time >= sentFromMs) {
			await passOlder(page, sentFromMs, decryptor, reached);
			return true;
		}
		if (page.length > 0) {
			isPassed = last === undefined || last.mark === page.at(-1)?.mark;
			reached(last?.mark ?? end);
		} else if (isPassed) {
			reached(end);
		}
		if (++pages >= MAX_SKIPPED_PAGES) return false;
	}
	return true;
}

/** Mark and time of the last message of a page whose time can be read; of several the latest time. */
async function lastReadable(
	page: readonly MarkedRecord[],
	decryptor: RecordDecryptor,
): Promise<{ mark: Mark; time: number } | undefined> {
	let last: { mark: Mark; time: number } | undefined;
	for (const { record, mark } of page.slice(-LOOK_BACK).reverse()) {
		if (last && mark.ordinal !== last.mark.ordinal) break;
		const time = await sentAt(record, decryptor);
		if (time === undefined) continue;
		last = { mark, time: Math.max(time, last?.time ?? 0) };
	}
	return last;
}

async function passOlder(
	page: readonly MarkedRecord[],
	sentFromMs: number,
	decryptor: RecordDecryptor,
	reached: (mark: Mark) => void,
): Promise<void> {
	const budget = new TimeBudget();
	const sealed = page.map(({ record }) => record).filter((record) => !isZoneRecord(record));
	const results = decryptor.decryptEach(sealed, { budget });
	/** Reached only with the first record behind it: another one of the same seq may be newer. */
	let passed: Mark | undefined;
	for (const { record, mark } of page) {
		const time = isZoneRecord(record) ? viewZoneRecord(record).timeMs : await nextSentAt(results);
		if (passed && mark.ordinal !== passed.ordinal) reached(passed);
		if (time !== undefined && time >= sentFromMs) return;
		if (time !== undefined) passed = mark;
		if (budget.spent) await budget.renew();
	}
}

/** Milliseconds since 1970; a record of the data zone tells it without a key. */
async function sentAt(
	record: EncryptedRecord,
	decryptor: RecordDecryptor,
): Promise<number | undefined> {
	if (isZoneRecord(record)) return viewZoneRecord(record).timeMs;
	return sentAtOf(await decryptor.decrypt(record));
}

async function nextSentAt(results: AsyncIterator<DecryptedRecord>): Promise<number | undefined> {
	const next = await results.next();
	return next.done ? undefined : sentAtOf(next.value);
}

function sentAtOf(result: DecryptedRecord): number | undefined {
	return result.state === 'opened' ? viewMessage(result.message).timeMs : undefined;
}
