import type { IDataObject } from 'n8n-workflow';

import { pullMessages, type PullSettings } from '../../../../nodes/shared/messages/pullMessages';
import { seqFeed } from '../../../../nodes/shared/messages/seqFeed';
import type { Feed } from '../../../../nodes/shared/position/feed';
import type { Pull } from '../../../../nodes/shared/position/position';
import type { EncryptedRecord } from '../../../../wecom/archive/record';
import { TimeBudget } from '../../../../wecom/timeBudget';
import { seeded } from '../../../faults/sizes';

type Random = ReturnType<typeof seeded>;

/** What happens on the way to WeCom and back. */
export type OnRequest = () => Promise<void>;

/** An archive of messages that are numbered from 1 on, as its msgids say. */
export interface NumberedArchive {
	/** Its feed, as far as the messages go that there are. */
	feed(last: () => number, onRequest?: OnRequest): Feed;
}

/** Most records WeCom gives in one answer. */
const MAX_PAGE_SIZE = 1000;

const range = (from: number, to: number, make: (n: number) => EncryptedRecord) =>
	Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => make(from + index));

/** The number is the seq. */
const seqArchive: NumberedArchive = {
	feed: (last, onRequest) =>
		seqFeed(async (seq, limit) => {
			await onRequest?.();
			const to = Math.min(last(), Number(seq) + limit);
			return range(Number(seq) + 1, to, (n) => ({ seq: n, msgid: `m${n}` }));
		}),
};

/**
 * No record says where it is, and no cursor says anything to anybody but the archive: each is a text of
 * its own, also for the same place. A page may come short though there is more.
 */
class CursorArchive implements NumberedArchive {
	private readonly places = new Map<string, number>();

	constructor(
		private readonly random: Random,
		private readonly comesShort: number,
	) {}

	feed(last: () => number, onRequest?: OnRequest): Feed {
		const pages: Feed['pages'] = (after, pageSize) =>
			this.pages(after.value, pageSize, last, onRequest);
		return { kind: 'cursor', pages };
	}

	private async *pages(
		cursor: string | undefined,
		pageSize: () => number,
		last: () => number,
		onRequest?: OnRequest,
	) {
		let place = cursor === undefined ? 0 : this.placeOf(cursor);
		for (;;) {
			const limit = Math.max(1, Math.min(pageSize(), MAX_PAGE_SIZE));
			await onRequest?.();
			const size = this.random.chance(this.comesShort) ? this.random.int(1, limit) : limit;
			const to = Math.min(last(), place + size);
			const hasMore = to < last();
			const records = range(place + 1, to, (n) => ({ msgid: `m${n}` }));
			place = to;
			const nextCursor = this.random.text(24);
			this.places.set(nextCursor, place);
			yield { records, nextCursor };
			if (!hasMore) return;
		}
	}

	private placeOf(cursor: string): number {
		const place = this.places.get(cursor);
		if (place === undefined) throw new Error('WeCom never gave this cursor');
		return place;
	}
}

/**
 * An archive with a feed of a kind.
 *
 * @param comesShort chance that a page is cut short, where pages can be
 */
export function makeArchive(
	kind: Feed['kind'],
	random: Random = seeded('archive'),
	comesShort = 0,
): NumberedArchive {
	return kind === 'seq' ? seqArchive : new CursorArchive(random, comesShort);
}

/** A pull as the nodes do it, of messages that stay as WeCom sent them. */
export function pullOf(feed: Feed, settings: Partial<PullSettings> = {}): Pull {
	const all: PullSettings = {
		feed,
		pageSize: MAX_PAGE_SIZE,
		limit: Infinity,
		simplify: false,
		zone: 'utc',
		budget: new TimeBudget(),
		...settings,
	};
	return (stretches) => pullMessages(all, stretches);
}

/** The numbers of messages. */
export function numbersOf(items: readonly IDataObject[]): bigint[] {
	return items.map(({ msgid }) => BigInt(String(msgid).slice(1)));
}
