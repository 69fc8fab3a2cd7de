import { listLinks } from '../../../wecom/api/acquisition';
import { listKeywordRules } from '../../../wecom/api/keywordRules';
import { listOrders } from '../../../wecom/api/orders';
import { optional, text } from '../../../wecom/api/fields';
import { listOperation } from '../../../wecom/api/operation';
import { listEntries } from '../../../wecom/api/paging';
import { searchMessage } from '../../../wecom/api/search';
import type { Page, PageInput } from '../../../wecom/api/wire';
import { CancelledError, InvalidInputError, WecomResponseError } from '../../../wecom/errors';
import { call, clientOf, failedCall } from '../support/client';
import { closeServers, failureOf, inTurn, json, startServer, type Reply } from '../support/server';

/** A list as the two contracts spell it, of pages with two entries at most. */
const listThings = listOperation({
	name: 'listThings',
	input: { owner: optional(text({ maxBytes: 9 })) },
	maxPageSize: 2,
	list: ['things', 'items'],
	id: 'thing',
	entry: ({ thing }) => `thing ${String(thing)}`,
	wires: { reference: 'POST /things/list' },
});

afterEach(closeServers);

/** A page of the answer; the last one has no next cursor. */
function page(things: unknown, next_cursor = '', more: object = {}): Reply {
	return json({ errcode: 0, errmsg: 'ok', things, next_cursor, ...more });
}

describe('a list operation', () => {
	it.each<[object, object]>([
		[{}, { cursor: '', limit: 2 }],
		[
			{ cursor: '', limit: undefined },
			{ cursor: '', limit: 2 },
		],
		[
			{ cursor: 'C1', limit: 1 },
			{ cursor: 'C1', limit: 1 },
		],
		[
			{ owner: 'me', limit: '2' },
			{ owner: 'me', cursor: '', limit: 2 },
		],
	])('called with %j sends %j', async (input, body) => {
		const { requests } = await call(listThings, input, page([]));
		expect(JSON.parse(requests[0]?.body ?? '')).toEqual(body);
	});

	it.each<[string, unknown]>([
		['limit', { limit: 0 }],
		['limit', { limit: 3 }],
		['limit', { limit: 1.5 }],
		['cursor', { cursor: true }],
		['cursor', { cursor: 'x'.repeat(1025) }],
		['owner', { owner: true }],
		['page', { page: 1 }],
		['input', null],
	])('refuses a bad %s (%j)', async (field, input) => {
		const { error, requests } = await failedCall(listThings, input as object, page([]));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field });
		expect(requests).toHaveLength(0);
	});

	it.each<[string, object, Page<string>]>([
		[
			'a page and where the next one begins',
			{ things: [1, 2], next_cursor: 'C2' },
			{ entries: ['thing 1', 'thing 2'], nextCursor: 'C2' },
		],
		['has_more true', { things: [1], next_cursor: 'C2', has_more: true }, { entries: ['thing 1'], nextCursor: 'C2' }], // prettier-ignore
		['has_more 1', { things: [1], next_cursor: 'C2', has_more: 1 }, { entries: ['thing 1'], nextCursor: 'C2' }], // prettier-ignore
		['has_more false', { things: [1], next_cursor: 'C2', has_more: false }, { entries: ['thing 1'], nextCursor: '' }], // prettier-ignore
		['has_more 0', { things: [1], next_cursor: 'C2', has_more: 0 }, { entries: ['thing 1'], nextCursor: '' }], // prettier-ignore
		['no next_cursor', { things: [1] }, { entries: ['thing 1'], nextCursor: '' }],
		['a next_cursor of null', { things: [1], next_cursor: null }, { entries: ['thing 1'], nextCursor: '' }], // prettier-ignore
		['an empty page in the middle', { things: [], next_cursor: 'C2' }, { entries: [], nextCursor: 'C2' }], // prettier-ignore
		['no list at all, for none', { next_cursor: '' }, { entries: [], nextCursor: '' }],
		['a list of null, for none', { things: null }, { entries: [], nextCursor: '' }],
		['the list by its other name', { items: [1] }, { entries: ['thing 1'], nextCursor: '' }],
		['both names, the first counts', { items: [1], things: [2] }, { entries: ['thing 2'], nextCursor: '' }], // prettier-ignore
	])('understands %s', async (_what, answer, expected) => {
		const reply = json({ errcode: 0, errmsg: 'ok', ...answer });
		expect((await call(listThings, {}, reply)).output).toEqual(expected);
	});

	it('knows an entry by its id alone, and passes over what is nothing', async () => {
		const ids = await call(listOrders, {}, json({ errcode: 0, order_list: ['O1', null, { order_id: 'O2' }] })); // prettier-ignore
		expect(ids.output.entries).toEqual([{ order_id: 'O1' }, { order_id: 'O2' }]);
		const links = await call(listLinks, {}, json({ errcode: 0, link_id_list: ['L1', { link_id: 'L2' }] })); // prettier-ignore
		expect(links.output.entries).toEqual(['L1', 'L2']);
	});

	it('takes the only list there is, whatever its name', async () => {
		const reply = json({ errcode: 0, rows: [1], next_cursor: '' });
		expect((await call(listThings, {}, reply)).output).toEqual({
			entries: ['thing 1'],
			nextCursor: '',
		});
	});

	it('takes several unknown lists for another version of the API, not for none', async () => {
		const { error, requests } = await failedCall(
			listThings,
			{},
			json({ errcode: 0, rows: [{ password: 'hidden' }], others: [] }),
		);
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({
			path: '/things/list',
			passing: false,
			message: 'The answer to /things/list has no list "things" or "items", but "rows", "others"',
		});
		expect(requests).toHaveLength(1);
	});
});

describe('the entries of a list', () => {
	/** Everything up to a limit, and the bodies of the requests it took. */
	async function entries(
		limit: number,
		reply: Reply,
		input: object = {},
		keep?: (entry: string) => boolean,
	) {
		const server = await startServer(reply);
		const client = clientOf(server);
		const found: string[] = [];
		const asked = () => server.requests.map(({ body }) => JSON.parse(body) as unknown);
		const reading = (async () => {
			const calls = listEntries(
				async (operation, more: PageInput) => await client.call(operation, more),
				listThings,
				input,
				limit,
				undefined,
				keep,
			);
			for await (const entry of calls) found.push(entry);
		})();
		return { found, asked, reading };
	}

	it('come page after page until there is no next cursor', async () => {
		const replies = [page([1, 2], 'C1'), page([], 'C2'), page([3], 'C3'), page([4])];
		const { found, asked, reading } = await entries(Infinity, inTurn(...replies), { owner: 'me' });
		await reading;
		expect(found).toEqual(['thing 1', 'thing 2', 'thing 3', 'thing 4']);
		expect(asked()).toEqual(
			['', 'C1', 'C2', 'C3'].map((cursor) => ({ owner: 'me', cursor, limit: 2 })),
		);
	});

	it('end where has_more says so, whatever cursor stands beside', async () => {
		const { found, asked, reading } = await entries(9, page([1], 'C1', { has_more: 0 }));
		await reading;
		expect(found).toEqual(['thing 1']);
		expect(asked()).toHaveLength(1);
	});

	it.each([
		[1, 1, [1]],
		[2, 1, [2]],
		[3, 2, [2, 1]],
		[4, 2, [2, 2]],
	])('stop at a limit of %i after %i pages of at most %j', async (limit, pages, limits) => {
		const endless: Reply = (request, response) => {
			const { cursor, limit: size } = JSON.parse(request.body) as { cursor: string; limit: number };
			const next = `${cursor}x`;
			return page(Array<number>(size).fill(cursor.length), next)(request, response);
		};
		const { found, asked, reading } = await entries(limit, endless);
		await reading;
		expect(found).toHaveLength(limit);
		expect(asked()).toHaveLength(pages);
		expect(asked().map((body) => (body as { limit: number }).limit)).toEqual(limits);
	});

	it('stop at the limit when the server gives more than it was asked for', async () => {
		const { found, asked, reading } = await entries(1, page([1, 2, 3], 'C1'));
		await reading;
		expect(found).toEqual(['thing 1']);
		expect(asked()).toHaveLength(1);
	});

	it('are only those that the caller keeps: the limit counts them, and from the first that is dropped on pages are whole', async () => {
		const replies = [page([1], 'C1'), page([2, 3], 'C2'), page([4, 5], 'C3')];
		const isEven = (entry: string) => Number(entry.at(-1)) % 2 === 0;
		const { found, asked, reading } = await entries(2, inTurn(...replies), {}, isEven);
		await reading;
		expect(found).toEqual(['thing 2', 'thing 4']);
		expect(asked()).toEqual([
			{ cursor: '', limit: 2 },
			{ cursor: 'C1', limit: 2 },
			{ cursor: 'C2', limit: 2 },
		]);
		const one = await entries(1, inTurn(page([1], 'C1'), page([2, 3])), {}, isEven);
		await one.reading;
		expect(one.found).toEqual(['thing 2']);
		expect(one.asked()).toEqual([
			{ cursor: '', limit: 1 },
			{ cursor: 'C1', limit: 2 },
		]);
	});

	it('are not asked for before they are taken', async () => {
		const server = await startServer(inTurn(page([1, 2], 'C1'), page([3, 4], 'C2')));
		const client = clientOf(server);
		const reading = listEntries(
			async (operation, more: PageInput) => await client.call(operation, more),
			listThings,
			{},
			100,
		);
		expect(server.requests).toHaveLength(0);
		for (const pages of [1, 1, 2]) {
			await reading.next();
			expect(server.requests).toHaveLength(pages);
		}
		await reading.return(undefined);
		expect(server.requests).toHaveLength(2);
	});

	it.each<[string, string[], number]>([
		['twice in a row', ['C1', 'C1'], 2],
		['again later', ['C1', 'C2', 'C3', 'C1', 'C2', 'C3'], 4],
		['again after one', ['C1', 'C2', 'C1', 'C2'], 3],
	])('are an error when the server gives a cursor %s', async (_how, cursors, pages) => {
		const replies = cursors.map((cursor) => page([cursor], cursor));
		const { found, asked, reading } = await entries(1000, inTurn(...replies));
		const error = await failureOf(reading);
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({
			path: 'listThings',
			passing: false,
			message: '`listThings` gets the same cursor again and again',
		});
		expect(found).toHaveLength(pages);
		expect(asked()).toHaveLength(pages);
	});

	it('are no error when the limit is reached before the cursor comes again', async () => {
		const { found, reading } = await entries(2, page([1], 'C1'));
		await reading;
		expect(found).toHaveLength(2);
	});

	it('are refused with a bad limit before anything is sent', async () => {
		for (const limit of [0, -1, 1.5, NaN]) {
			const { asked, reading } = await entries(limit, page([1]));
			expect(await failureOf(reading)).toMatchObject({ field: 'limit' });
			expect(asked()).toHaveLength(0);
		}
	});

	it('fail with what a page fails with', async () => {
		const { found, reading } = await entries(
			9,
			inTurn(page([1], 'C1'), json({ errcode: 50100, errmsg: 'invalid cursor' })),
		);
		expect(await failureOf(reading)).toMatchObject({ errcode: 50100 });
		expect(found).toEqual(['thing 1']);
	});

	it('are asked for no more once they are cancelled', async () => {
		const server = await startServer(inTurn(page([1], 'C1'), page([2], 'C2')));
		const client = clientOf(server);
		const controller = new AbortController();
		const found: string[] = [];
		const reading = (async () => {
			const calls = listEntries(
				async (operation, more: PageInput) => await client.call(operation, more),
				listThings,
				{},
				100,
				controller.signal,
			);
			for await (const entry of calls) {
				found.push(entry);
				controller.abort();
			}
		})();
		expect(await failureOf(reading)).toBeInstanceOf(CancelledError);
		expect(found).toEqual(['thing 1']);
		expect(server.requests).toHaveLength(1);
	});

	it('come of the lists of the package too', async () => {
		const rules = inTurn(
			json({ errcode: 0, rule_list: [{ rule_id: 'R1' }], has_more: true, next_cursor: 'C1' }),
			json({ errcode: 0, rule_list: [{ rule_id: 'R2' }], has_more: false, next_cursor: '' }),
		);
		const client = clientOf(await startServer(rules));
		const ids: string[] = [];
		const rulesOf = listEntries(
			async (list, input: PageInput) => await client.call(list, input),
			listKeywordRules,
			{},
			50,
		);
		for await (const { rule_id: id } of rulesOf) ids.push(id);
		expect(ids).toEqual(['R1', 'R2']);
		const server = await startServer(json({ errcode: 0, messages: [], next_cursor: '' }));
		const other = clientOf(server);
		const found = listEntries(
			async (list, input: { keyword: string } & PageInput) => await other.call(list, input),
			searchMessage,
			{ keyword: '报价' },
			250,
		);
		expect(await found.next()).toEqual({ done: true, value: undefined });
		expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
			keyword: '报价',
			cursor: '',
			limit: 100,
		});
	});
});
