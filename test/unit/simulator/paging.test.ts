import { Pager, type Page } from '../../../simulator/paging';

const ENTRIES = Array.from({ length: 23 }, (_, index) => `entry ${index}`);
const keyOf = (entry: string) => entry;

const pager = new Pager();

function walk(
	limit: number,
	entriesAt: (page: number) => string[] = () => ENTRIES,
): Array<Page<string>> {
	const pages: Array<Page<string>> = [];
	let cursor = '';
	do {
		const page = pager.page('list', entriesAt(pages.length), { cursor, limit }, keyOf);
		pages.push(page);
		cursor = page.nextCursor;
	} while (cursor !== '');
	return pages;
}

const all = (pages: ReadonlyArray<Page<string>>) => pages.flatMap(({ entries }) => entries);

test.each([1, 2, 3, 4, 7, 22, 23, 24, 100])('pages of %d yield each entry once', (limit) => {
	const pages = walk(limit);
	expect(all(pages)).toEqual(ENTRIES);
	expect(pages.map(({ hasMore }) => hasMore)).toEqual(
		pages.map((_page, index) => index < pages.length - 1),
	);
});

test('every third page comes one short although more follow', () => {
	expect(walk(4).map(({ entries }) => entries.length)).toEqual([4, 4, 3, 4, 4, 3, 1]);
	expect(walk(1).slice(0, 4).map(({ entries }) => entries.length)).toEqual([1, 1, 0, 1]); // prettier-ignore
});

test('an empty list is one empty page', () => {
	expect(pager.page('list', [], { cursor: '', limit: 5 }, keyOf)).toEqual({
		entries: [],
		nextCursor: '',
		hasMore: false,
	});
});

test('entries added in front or behind meanwhile do not shift the others', () => {
	const seen = all(walk(4, (page) => [...(page > 1 ? ['new', 'newer'] : []), ...ENTRIES, 'last']));
	expect(seen).toEqual([...ENTRIES, 'last']);
});

test('an entry removed meanwhile does not shift the others', () => {
	for (const gone of [0, 2, 3, 4]) {
		const seen = all(walk(4, (page) => ENTRIES.filter((_, i) => page === 0 || i !== gone)));
		expect(seen).toEqual(ENTRIES.filter((_, i) => i < 4 || i !== gone));
	}
});

test('a cursor is opaque, another one each time', () => {
	const cursors = [1, 2, 3].map(
		() => pager.page('list', ENTRIES, { cursor: '', limit: 5 }, keyOf).nextCursor,
	);
	expect(new Set(cursors).size).toBe(3);
	for (const cursor of cursors) {
		expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toMatch(/entry|"5"|index/);
	}
});

test('a cursor of another list, of another pager, a changed and an invented one are refused', () => {
	const request = { cursor: '', limit: 5 };
	const { nextCursor } = pager.page('list', ENTRIES, request, keyOf);
	const other = new Pager().page('list', ENTRIES, request, keyOf).nextCursor;
	const changed = nextCursor.slice(0, -2) + (nextCursor.endsWith('AA') ? 'BB' : 'AA');
	const refused = (list: string, cursor: string) =>
		expect(() => pager.page(list, ENTRIES, { cursor, limit: 5 }, keyOf)).toThrow(
			expect.objectContaining({ errcode: 50100 }),
		);
	refused('other list', nextCursor);
	for (const cursor of [other, changed, '5', 'MTA', ' ', 'x'.repeat(80)]) refused('list', cursor);
});
