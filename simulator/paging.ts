import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Refusal } from './refusal';

/** One page of a list. */
export interface Page<Entry> {
	readonly entries: Entry[];
	/** Opaque place where the next page begins; "" when this is the last. */
	readonly nextCursor: string;
	readonly hasMore: boolean;
}

/** What a list request asks for. */
export interface PageRequest {
	/** As the page before handed it out; "" for the first. */
	readonly cursor: string;
	readonly limit: number;
}

/** Where a page begins. */
interface Place {
	/** How many entries came before. */
	readonly index: number;
	/** Key of the last entry before. */
	readonly key: string;
	/** Number of the page, the first is 0. */
	readonly page: number;
}

const START: Place = { index: 0, key: '', page: 0 };
/** Every so many pages one comes short by one entry, although more follow. */
const SHORT_EVERY = 3;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Cuts lists into pages with cursors that only this pager can read. */
export class Pager {
	private readonly key = randomBytes(32);

	/**
	 * One page. Every third page is one entry short, empty where `limit` is 1, so that clients have to
	 * follow `nextCursor`. Entries that are added or removed meanwhile do not shift the others.
	 *
	 * @param list - what is listed: the path, and whatever else decides which entries there are
	 * @param entries - the whole list
	 * @param keyOf - what tells an entry from the others
	 * @param refused - errcode for a bad cursor
	 * @throws Refusal with that errcode for a cursor that was not handed out for this list
	 *
	 * @example pager.page('/keyword_rule/list', rules, { cursor: '', limit: 10 }, (rule) => rule.id)
	 */
	page<Entry>(
		list: string,
		entries: readonly Entry[],
		{ cursor, limit }: PageRequest,
		keyOf: (entry: Entry) => string,
		refused = 50100,
	): Page<Entry> {
		if (cursor !== '' && !this.isOf(list, cursor)) throw new Refusal(refused, 'cursor');
		const place = cursor === '' ? START : this.open(list, cursor);
		const start = startOf(place, entries, keyOf);
		const size = place.page % SHORT_EVERY === SHORT_EVERY - 1 ? limit - 1 : limit;
		const end = Math.min(start + size, entries.length);
		const hasMore = end < entries.length;
		const last = entries[end - 1];
		const next = { index: end, key: last === undefined ? '' : keyOf(last), page: place.page + 1 };
		return {
			entries: entries.slice(start, end),
			nextCursor: hasMore ? this.seal(list, next) : '',
			hasMore,
		};
	}

	/** Whether a cursor was handed out for this list. */
	isOf(list: string, cursor: string): boolean {
		try {
			this.open(list, cursor);
			return true;
		} catch {
			return false;
		}
	}

	private seal(list: string, place: Place): string {
		const iv = randomBytes(IV_BYTES);
		const cipher = createCipheriv(CIPHER, this.key, iv).setAAD(Buffer.from(list));
		const text = Buffer.concat([cipher.update(JSON.stringify(place)), cipher.final()]);
		return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
	}

	private open(list: string, cursor: string): Place {
		const bytes = Buffer.from(cursor, 'base64url');
		const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, IV_BYTES), {
			authTagLength: TAG_BYTES,
		})
			.setAAD(Buffer.from(list))
			.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
		const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
		return JSON.parse(Buffer.concat([text, decipher.final()]).toString()) as Place;
	}
}

function startOf<Entry>(
	{ index, key }: Place,
	entries: readonly Entry[],
	keyOf: (entry: Entry) => string,
): number {
	if (index === 0) return 0;
	const before = entries.findIndex((entry) => keyOf(entry) === key);
	// Without the entry before, what followed it has moved up by at least that one.
	return before === -1 ? index - 1 : before + 1;
}
