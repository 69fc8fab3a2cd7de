import {
	BEGINNING,
	markedPages,
	type Feed,
	type FeedPage,
	type MarkedRecord,
	type Stretch,
} from '../../../../nodes/shared/position/feed';
import { readMark, writeMark } from '../../../../nodes/shared/position/markText';
import { later, without } from '../../../../nodes/shared/position/ranges';
import { InvalidInputError } from '../../../../wecom/errors';
import { makeArchive } from './archives';

/** A feed that answers each cursor with pages. */
function feedOf(pages: Record<string, FeedPage[]>): Feed {
	return {
		kind: 'cursor',
		pages: async function* ({ value = '' }) {
			await Promise.resolve();
			yield* pages[value] ?? [];
		},
	};
}

const page = (nextCursor: string, ...msgids: string[]): FeedPage => ({
	records: msgids.map((msgid) => ({ msgid })),
	nextCursor,
});

async function recordsOf(feed: Feed, stretch: Stretch, pageSize = 1000): Promise<MarkedRecord[]> {
	const all: MarkedRecord[] = [];
	for await (const records of markedPages(feed, stretch, () => pageSize)) all.push(...records);
	return all;
}

const msgidsOf = (records: readonly MarkedRecord[]) => records.map(({ record }) => record.msgid);

describe('a mark in a feed of cursors', () => {
	it('counts the records, and stands on the next cursor only at the end of a page', async () => {
		const feed = feedOf({ '': [page('c1', 'a', 'b'), page('c2', 'c', 'd')] });
		const marks = (await recordsOf(feed, { from: BEGINNING })).map(({ mark }) => mark);
		expect(marks).toEqual([
			{ ordinal: 1n, msgid: 'a', skip: 1 },
			{ ordinal: 2n, msgid: 'b', value: 'c1' },
			{ ordinal: 3n, msgid: 'c', value: 'c1', skip: 1 },
			{ ordinal: 4n, msgid: 'd', value: 'c2' },
		]);
	});

	it('is one to go on from, however WeCom cuts the pages then', async () => {
		const archive = makeArchive('cursor', undefined, 0.5);
		const feed = archive.feed(() => 60);
		const first = await recordsOf(feed, { from: BEGINNING }, 7);
		for (const [index, { mark }] of first.entries()) {
			for (const pageSize of [1, 5, 1000]) {
				const rest = await recordsOf(feed, { from: mark }, pageSize);
				expect(msgidsOf(rest)).toEqual(msgidsOf(first.slice(index + 1)));
				// Whoever pulls the same counts the same.
				expect(rest.map(({ mark: { ordinal } }) => ordinal)).toEqual(
					first.slice(index + 1).map(({ mark: { ordinal } }) => ordinal),
				);
			}
		}
	});

	it('counts from the last cursor there was where pages that were fetched at once have none', async () => {
		const many = { records: [{ msgid: 'a' }, { msgid: 'b' }] };
		const feed = feedOf({ c0: [many, page('', 'c'), page('c1', 'd', 'e'), page('c2', 'f', 'g')] });
		const all = await recordsOf(feed, { from: { ordinal: 5n, value: 'c0' } });
		expect(all.map(({ mark }) => mark)).toEqual([
			{ ordinal: 6n, value: 'c0', skip: 1, msgid: 'a' },
			{ ordinal: 7n, value: 'c0', skip: 2, msgid: 'b' },
			{ ordinal: 8n, value: 'c0', skip: 3, msgid: 'c' },
			{ ordinal: 9n, value: 'c0', skip: 4, msgid: 'd' },
			{ ordinal: 10n, value: 'c1', msgid: 'e' },
			{ ordinal: 11n, value: 'c1', skip: 1, msgid: 'f' },
			{ ordinal: 12n, value: 'c2', msgid: 'g' },
		]);
		for (const [index, { mark }] of all.slice(0, 4).entries()) {
			expect(msgidsOf(await recordsOf(feed, { from: mark }))).toEqual(
				msgidsOf(all.slice(index + 1)),
			);
		}
	});

	it('goes on behind empty pages with their cursor', async () => {
		const feed = feedOf({ '': [page('c1', 'a'), page('c2'), page('c3'), page('c4', 'b', 'c')] });
		const marks = (await recordsOf(feed, { from: BEGINNING })).map(({ mark }) => mark);
		expect(marks).toEqual([
			{ ordinal: 1n, msgid: 'a', value: 'c1' },
			{ ordinal: 2n, msgid: 'b', value: 'c3', skip: 1 },
			{ ordinal: 3n, msgid: 'c', value: 'c4' },
		]);
	});

	it('asks once more for what it skips, and no more requests than that', async () => {
		const sizes: number[] = [];
		const feed: Feed = {
			kind: 'cursor',
			pages: async function* (_after, pageSize) {
				await Promise.resolve();
				sizes.push(pageSize());
				yield page('c1', 'a', 'b', 'c', 'd');
				sizes.push(pageSize());
			},
		};
		const from = { ordinal: 3n, msgid: 'c', skip: 3 };
		expect(msgidsOf(await recordsOf(feed, { from }, 10))).toEqual(['d']);
		expect(sizes).toEqual([13, 10]);
	});

	it('behind a record that WeCom no longer has leaves nothing out', async () => {
		const from = { ordinal: 3n, value: 'c1', msgid: 'gone', skip: 2 };
		const two = feedOf({ c1: [page('c2', 'x'), page('c3', 'y', 'z')] });
		expect(msgidsOf(await recordsOf(two, { from }))).toEqual(['x', 'y', 'z']);
		const one = feedOf({ c1: [page('c2', 'x')] });
		expect(msgidsOf(await recordsOf(one, { from }))).toEqual(['x']);
	});

	it('behind a record without a msgid is found by counting', async () => {
		const feed = feedOf({ c1: [{ records: [{}, { msgid: 'b' }], nextCursor: 'c2' }] });
		const from = { ordinal: 8n, value: 'c1', skip: 1 };
		expect(msgidsOf(await recordsOf(feed, { from }))).toEqual(['b']);
	});
});

describe('a range that is pulled again', () => {
	it.each<Feed['kind']>(['seq', 'cursor'])(
		'brings exactly its records, however WeCom cuts the pages then (%s)',
		async (kind) => {
			const feed = makeArchive(kind, undefined, 0.5).feed(() => 40);
			const all = await recordsOf(feed, { from: BEGINNING }, 9);
			const marks = [BEGINNING, ...all.map(({ mark }) => mark)];
			for (const [from, begin] of marks.entries()) {
				for (const [to, end] of marks.entries()) {
					if (to <= from) continue;
					const range = await recordsOf(feed, { from: begin, to: end }, 6);
					expect(msgidsOf(range)).toEqual(msgidsOf(all.slice(from, to)));
					expect(range.at(-1)?.mark.ordinal).toBe(end.ordinal);
				}
			}
		},
	);

	it('ends with its last record, also where others before it are gone', async () => {
		const feed = feedOf({ c1: [page('c2', 'b', 'd', 'e')] });
		const to = { ordinal: 4n, msgid: 'd', value: 'c1', skip: 3 };
		const range = await recordsOf(feed, { from: { ordinal: 1n, value: 'c1' }, to });
		expect(msgidsOf(range)).toEqual(['b', 'd']);
		expect(range.at(-1)?.mark).toEqual(to);
	});

	it('ends after as many records as it had where its last one is gone', async () => {
		const feed = feedOf({ '': [page('c1', 'a', 'b', 'd', 'e')] });
		const to = { ordinal: 3n, msgid: 'c', skip: 3 };
		expect(msgidsOf(await recordsOf(feed, { from: BEGINNING, to }))).toEqual(['a', 'b', 'd']);
	});
});

describe('of two marks', () => {
	const cursor = { ordinal: 0n, value: 'c1' };

	it('the later one is the one further on, of two beginnings the one with a cursor', () => {
		expect(later({ ordinal: 2n }, { ordinal: 1n })).toEqual({ ordinal: 2n });
		expect(later({ ordinal: 1n }, { ordinal: 2n })).toEqual({ ordinal: 2n });
		expect(later(BEGINNING, cursor)).toBe(cursor);
		expect(later(cursor, BEGINNING)).toBe(cursor);
	});

	it('a range keeps the cursor with which it begins when what was done before is taken off', () => {
		const to = { ordinal: 7n, value: 'c2' };
		const left = without([{ from: BEGINNING, to }], [{ from: BEGINNING, to: cursor }]);
		expect(left).toEqual([{ from: cursor, to }]);
	});
});

describe('records that cannot be told apart by their msgids', () => {
	const none = (nextCursor: string, ...seqs: number[]): FeedPage => ({
		records: seqs.map((seq) => ({ seq, msgid: '' })),
		nextCursor,
	});
	const seqsOf = (records: readonly MarkedRecord[]) => records.map(({ record }) => record.seq);

	it('are counted where WeCom leaves the msgid empty', async () => {
		const feed = feedOf({ '': [none('c1', 1, 2, 3, 4)] });
		const all = await recordsOf(feed, { from: BEGINNING });
		const [, second, third] = all.map(({ mark }) => mark);
		expect(second).toEqual({ ordinal: 2n, skip: 2 });
		const rest = await recordsOf(feed, { from: second ?? BEGINNING });
		expect(seqsOf(rest)).toEqual([3, 4]);
		const range = await recordsOf(feed, { from: BEGINNING, ...(third ? { to: third } : {}) });
		expect(seqsOf(range)).toEqual([1, 2, 3]);
	});

	it('come to the last of them where one msgid stands in a page twice', async () => {
		const feed = feedOf({ '': [page('c1', 'a', 'b', 'a', 'c')] });
		const to = { ordinal: 3n, msgid: 'a', skip: 3 };
		expect(msgidsOf(await recordsOf(feed, { from: BEGINNING, to }))).toEqual(['a', 'b', 'a']);
		expect(msgidsOf(await recordsOf(feed, { from: to }))).toEqual(['c']);
	});
});

it('goes on within a last page that names no next cursor, be it left out or empty', async () => {
	for (const last of [{}, { nextCursor: '' }]) {
		const feed = feedOf({ c1: [{ records: [{ msgid: 'a' }, { msgid: 'b' }], ...last }] });
		const marks = (await recordsOf(feed, { from: { ordinal: 5n, value: 'c1' } })).map(
			({ mark }) => mark,
		);
		expect(marks.at(-1)).toEqual({ ordinal: 7n, value: 'c1', skip: 2, msgid: 'b' });
	}
});

describe('the text of a mark', () => {
	it.each([
		[{ ordinal: 0n }, '0'],
		[{ ordinal: 18_446_744_073_709_551_615n }, '18446744073709551615'],
		[{ ordinal: 7n, value: 'a:b-c 企', msgid: 'm_1', skip: 3 }, '7:YTpiLWMg5LyB:bV8x:3'],
		[{ ordinal: 7n, value: 'c' }, '7:Yw==::0'],
		[{ ordinal: 7n, msgid: 'm', skip: 7 }, '7::bQ==:7'],
		[{ ordinal: 7n, skip: 10_000 }, '7:::10000'],
	])('of %p is %s, and reads back', (mark, text) => {
		expect(writeMark(mark)).toBe(text);
		expect(readMark(text)).toEqual(mark);
	});

	it.each(['', 'x', '-1', '1:2', '1:a:b:c', '18446744073709551616', '1:!:b:0'])(
		'is not "%s"',
		(text) => {
			expect(() => readMark(text)).toThrow(InvalidInputError);
		},
	);
});
