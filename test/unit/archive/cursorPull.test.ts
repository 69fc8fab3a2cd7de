import {
	pullByCursor,
	type CursorAnswer,
	type CursorPage,
	type CursorRequest,
	type CursorSettings,
	type CursorSource,
} from '../../../wecom/archive/cursorPull';
import type { EncryptedRecord } from '../../../wecom/archive/record';
import {
	AnswerTooLargeError,
	WecomApiError,
	WecomProgramError,
	WecomResponseError,
} from '../../../wecom/errors';

const refused = (errcode: number) => new WecomProgramError(errcode, 'no', 'sync_msg');
const records = (...msgids: string[]): EncryptedRecord[] => msgids.map((msgid) => ({ msgid }));
const page = (mark: string, more: boolean, ...msgids: string[]): CursorAnswer => ({
	entries: records(...msgids),
	nextCursor: more ? mark : '',
	mark,
	pageIds: [],
});

/** Gives answers one after the other, and pages by their ids; a request too many fails the test. */
function script(
	answers: Array<CursorAnswer | Error>,
	byId: Record<string, EncryptedRecord[] | Error> = {},
) {
	const requests: CursorRequest[] = [];
	const pagesAsked: string[] = [];
	let atOnce = 0;
	let most = 0;
	const source: CursorSource = {
		fetchPage: async (request) => {
			const answer = answers[requests.length];
			requests.push(request);
			await Promise.resolve();
			if (answer === undefined) throw new Error(`request ${requests.length} was not expected`);
			if (answer instanceof Error) throw answer;
			return answer;
		},
		fetchPageById: async (pageId) => {
			pagesAsked.push(pageId);
			most = Math.max(most, ++atOnce);
			await new Promise(setImmediate);
			atOnce--;
			const found = byId[pageId] ?? new Error(`page ${pageId} was not expected`);
			if (found instanceof Error) throw found;
			return found;
		},
	};
	return { source, requests, pagesAsked, mostAtOnce: () => most };
}

/** Pulls to the end, and keeps what came before an error. */
async function pull(
	source: CursorSource,
	settings: CursorSettings = {},
	after?: string,
	pageSize = () => 1000,
): Promise<{ msgids: unknown[]; pages: CursorPage[]; error?: unknown }> {
	const pages: CursorPage[] = [];
	const msgids = () => pages.flatMap((one) => one.records.map(({ msgid }) => msgid));
	try {
		for await (const one of pullByCursor(source, after, pageSize, settings)) pages.push(one);
	} catch (error) {
		return { msgids: msgids(), pages, error };
	}
	return { msgids: msgids(), pages };
}

describe('a pull by cursors', () => {
	it('goes on with the cursor of the page before, and keeps that of the last one', async () => {
		const { source, requests } = script([page('c1', true, 'a', 'b'), page('c2', false, 'c')]);
		const { pages, error } = await pull(source);
		expect(error).toBeUndefined();
		expect(pages).toEqual([
			{ records: records('a', 'b'), nextCursor: 'c1' },
			{ records: records('c'), nextCursor: 'c2' },
		]);
		expect(requests).toEqual([{ limit: 1000 }, { cursor: 'c1', limit: 1000 }]);
	});

	it('begins with a cursor, and asks for as many records as are wanted', async () => {
		const { source, requests } = script([page('c2', true, 'a'), page('c3', false)]);
		let wanted = 7;
		await pull(source, {}, 'c1', () => wanted--);
		expect(requests).toEqual([
			{ cursor: 'c1', limit: 7 },
			{ cursor: 'c2', limit: 6 },
		]);
	});

	it('goes on after pages that are short or empty as long as there is more', async () => {
		const { source } = script([
			page('c1', true),
			page('c2', true, 'a'),
			page('c3', true),
			page('c4', true),
			page('c5', false, 'b'),
		]);
		const { msgids, error } = await pull(source);
		expect(error).toBeUndefined();
		expect(msgids).toEqual(['a', 'b']);
	});

	it('ends where nothing new came, and gives no page then', async () => {
		const { source } = script([page('c1', false)]);
		expect((await pull(source, {}, 'c1')).pages).toEqual([]);
	});

	it('keeps the cursor that WeCom tells where nothing new came', async () => {
		const { source } = script([page('c2', false)]);
		expect((await pull(source, {}, 'c1')).pages).toEqual([{ records: [], nextCursor: 'c2' }]);
	});

	it('has no cursor to go on with where WeCom tells none', async () => {
		const { source } = script([{ entries: records('a'), nextCursor: '', mark: '' }]);
		expect((await pull(source)).pages).toEqual([{ records: records('a') }]);
	});

	it('halves the page when an answer is too large, by whichever measure', async () => {
		const { source, requests } = script([
			refused(301058),
			new AnswerTooLargeError(200, 'sync_msg', 1024 * 1024),
			page('c1', true, 'a'),
			page('c2', false, 'b'),
		]);
		const { msgids } = await pull(source);
		expect(msgids).toEqual(['a', 'b']);
		expect(requests.map(({ limit }) => limit)).toEqual([1000, 500, 250, 250]);
	});

	it('says so when a single record is too large, and passes over nothing', async () => {
		for (const tooLarge of [
			refused(301058),
			new AnswerTooLargeError(200, 'sync_msg', 1024 * 1024),
		]) {
			const { source } = script([page('c1', true, 'a'), tooLarge]);
			const { msgids, error } = await pull(source, {}, undefined, () => 1);
			expect(msgids).toEqual(['a']);
			expect(error).toMatchObject({ hint: expect.stringMatching(/^A single record is too large/) });
		}
	});

	it.each<[string, CursorAnswer[]]>([
		['gives the same cursor', [page('c1', true, 'a'), page('c1', true, 'a')]],
		[
			'goes round in a circle',
			Array.from({ length: 20 }, (_, index) => page(`c${index % 3}`, true, 'a')),
		],
		[
			'gives empty pages for ever',
			Array.from({ length: 1001 }, (_, index) => page(`c${index}`, true)),
		],
	])('ends with an error where WeCom %s', async (_what, answers) => {
		const { error } = await pull(script(answers).source);
		expect(error).toBeInstanceOf(WecomResponseError);
		expect((error as Error).message).toMatch(/never end/);
	});

	it('keeps the pages before one that fails', async () => {
		const { source } = script([page('c1', true, 'a'), refused(710726)]);
		const { msgids, error } = await pull(source);
		expect(msgids).toEqual(['a']);
		expect(error).toMatchObject({ errcode: 710726 });
	});
});

describe("an event's token", () => {
	it('goes with every page as long as it is good', async () => {
		const { source, requests } = script([page('c1', true, 'a'), page('c2', false, 'b')]);
		await pull(source, { token: 'T' });
		expect(requests.map(({ token }) => token)).toEqual(['T', 'T']);
	});

	it('that is refused is left out, of the same page and of all that follow', async () => {
		const { source, requests } = script([
			page('c1', true, 'a'),
			refused(40058),
			page('c2', true, 'b'),
			page('c3', false, 'c'),
		]);
		let told = 0;
		const { msgids, error } = await pull(source, { token: 'T', onTokenRefused: () => told++ });
		expect(error).toBeUndefined();
		expect(msgids).toEqual(['a', 'b', 'c']);
		expect(requests.map(({ cursor, token }) => [cursor, token])).toEqual([
			[undefined, 'T'],
			['c1', 'T'],
			['c1', undefined],
			['c2', undefined],
		]);
		expect(told).toBe(1);
	});

	it('is not what a refused cursor is about, nor trouble on the way', async () => {
		for (const errcode of [710611, 45009]) {
			const { source, requests } = script([refused(errcode)]);
			const { error } = await pull(source, { token: 'T' });
			expect(error).toMatchObject({ errcode });
			expect(requests).toHaveLength(1);
		}
	});
});

describe('pages fetched at once', () => {
	const ids = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
	const named = (mark: string, more: boolean, pageIds: string[]): CursorAnswer => ({
		...page(mark, more),
		pageIds,
	});
	const pagesOf = (pageIds: string[]) =>
		Object.fromEntries(pageIds.map((id) => [id, records(`${id}a`, `${id}b`)]));

	it('come in their order, and only the last one has a cursor to go on with', async () => {
		const { source, requests } = script(
			[named('c1', true, ids(3)), page('c2', false, 'z')],
			pagesOf(ids(3)),
		);
		const { pages } = await pull(source, { pagesAtOnce: true, token: 'T' });
		expect(pages).toEqual([
			{ records: records('p0a', 'p0b') },
			{ records: records('p1a', 'p1b') },
			{ records: records('p2a', 'p2b'), nextCursor: 'c1' },
			{ records: records('z'), nextCursor: 'c2' },
		]);
		expect(requests).toEqual([
			{ limit: 1000, mode: 2, token: 'T' },
			{ cursor: 'c1', limit: 1000, mode: 2, token: 'T' },
		]);
	});

	it('are ten at most', async () => {
		const { source, mostAtOnce } = script([named('c1', false, ids(25))], pagesOf(ids(25)));
		const { msgids } = await pull(source, { pagesAtOnce: true });
		expect(msgids).toEqual(ids(25).flatMap((id) => [`${id}a`, `${id}b`]));
		expect(mostAtOnce()).toBe(10);
	});

	it('are kept up to the one that fails', async () => {
		const { source } = script([named('c1', false, ids(3))], {
			...pagesOf(ids(3)),
			p1: refused(710726),
		});
		const { msgids, error } = await pull(source, { pagesAtOnce: true });
		expect(msgids).toEqual(['p0a', 'p0b']);
		expect(error).toMatchObject({ errcode: 710726 });
	});

	it('leave nothing behind where the pull ends between them', async () => {
		const { source } = script([named('c1', false, ids(3))], {
			...pagesOf(ids(3)),
			p2: refused(710726),
		});
		for await (const one of pullByCursor(source, undefined, () => 1000, { pagesAtOnce: true })) {
			expect(one.records).toEqual(records('p0a', 'p0b'));
			break;
		}
		await new Promise(setImmediate);
	});

	it.each<[string, Error]>([
		['an image that is too old for them', refused(-10006)],
		[
			'a program without an ability for them',
			new WecomApiError(800003, 'ability does not exist', '/chatdata/sync_call_program'),
		],
		[
			'an image of Java that does not know the function',
			new WecomResponseError(200, false, '/p', 'it answered in plain text: unsupport api', ''),
		],
	])('are given up with %s, and nothing is lost', async (_what, error) => {
		const { source, requests } = script(
			[named('c1', true, ids(2)), page('c1', true, 'a'), page('c2', false, 'b')],
			{ p0: error, p1: error },
		);
		let told = 0;
		const pulled = await pull(source, { pagesAtOnce: true, onNoPages: () => told++ });
		expect(pulled.error).toBeUndefined();
		expect(pulled.msgids).toEqual(['a', 'b']);
		expect(requests.map(({ cursor, mode }) => [cursor, mode])).toEqual([
			[undefined, 2],
			[undefined, undefined],
			['c1', undefined],
		]);
		expect(told).toBe(1);
	});

	it('that WeCom names without being asked are an error where they cannot be fetched', async () => {
		const { source } = script([named('c1', false, ids(1))], { p0: refused(-10006) });
		expect((await pull(source)).error).toMatchObject({ errcode: -10006 });
	});
});
