import { viewMessage } from '../../wecom/archive/message';
import { pullPages, readSeq, type FetchPage, type RecordPage } from '../../wecom/archive/pull';
import type { EncryptedRecord, RecordDecryptor } from '../../wecom/archive/record';
import { TimeBudget } from '../../wecom/timeBudget';

/** Pages one poll may skip on its way to the first new message. */
const MAX_SKIPPED_PAGES = 50;
/** How many records at the end of a page are tried for a time that can be read. */
const LOOK_BACK = 20;

/**
 * Goes over the messages sent before a moment, decrypting only the end of each page; in the first
 * page that ends with a newer message it stops before the first newer one. A record whose time
 * cannot be read may be new, so it is passed only together with an older message behind it (or with
 * a page of which nothing at the end can be read).
 *
 * @param sentFrom milliseconds since 1970; asked once a page is here, which tells WeCom's time
 * @param reached gets seqs up to which nothing is new
 * @returns whether the first new message, or the end of the archive, has been reached
 */
export async function skipOld(
	fetchPage: FetchPage,
	decryptor: RecordDecryptor,
	afterSeq: bigint,
	sentFrom: () => number,
	reached: (seq: bigint) => void,
): Promise<boolean> {
	let pages = 0;
	for await (const page of pullPages(fetchPage, afterSeq)) {
		const sentFromMs = sentFrom();
		const last = lastReadable(page, decryptor);
		if (last && last.time >= sentFromMs) {
			await passOlder(page, sentFromMs, decryptor, reached);
			return true;
		}
		reached(last?.seq ?? page.nextSeq);
		if (++pages >= MAX_SKIPPED_PAGES) return false;
	}
	return true;
}

/** Seq and time of the last message of a page whose time can be read; of several the latest time. */
function lastReadable(
	page: RecordPage,
	decryptor: RecordDecryptor,
): { seq: bigint; time: number } | undefined {
	let last: { seq: bigint; time: number } | undefined;
	for (const record of page.records.slice(-LOOK_BACK).reverse()) {
		const seq = readSeq(record);
		if (last && seq !== last.seq) break;
		const time = sentAt(record, decryptor);
		if (time === undefined || seq === undefined) continue;
		last = { seq, time: Math.max(time, last?.time ?? 0) };
	}
	return last;
}

async function passOlder(
	page: RecordPage,
	sentFromMs: number,
	decryptor: RecordDecryptor,
	reached: (seq: bigint) => void,
): Promise<void> {
	const budget = new TimeBudget();
	/** Reached only with the first record behind it: another one of the same seq may be newer. */
	let passed: bigint | undefined;
	for (const record of page.records) {
		const time = sentAt(record, decryptor);
		const seq = readSeq(record);
		if (passed !== undefined && seq !== passed) reached(passed);
		if (time !== undefined && time >= sentFromMs) return;
		if (time !== undefined && seq !== undefined) passed = seq;
		if (budget.spent) await budget.renew();
	}
}

function sentAt(record: EncryptedRecord, decryptor: RecordDecryptor): number | undefined {
	const result = decryptor.decrypt(record);
	return result.state === 'opened' ? viewMessage(result.message).timeMs : undefined;
}
