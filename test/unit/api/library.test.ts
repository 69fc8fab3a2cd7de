import { getChatData, getRobot, type GetChatDataInput } from '../../../wecom/api/archive';
import type { ClientSettings } from '../../../wecom/api/client';
import { toLibraryRoute } from '../../../wecom/api/libraryRoute';
import { getMediaPiece } from '../../../wecom/api/media';
import { operation } from '../../../wecom/api/operation';
import { fields } from '../../../wecom/api/fields';
import { pullPages } from '../../../wecom/archive/pull';
import {
	CancelledError,
	InvalidInputError,
	TooManyCallsError,
	WecomApiError,
	WecomResponseError,
} from '../../../wecom/errors';
import { CallQueue, DEFAULT_LIMITS } from '../../../wecom/http/callQueue';
import type { MediaPiece } from '../../../wecom/library/archiveLibrary';
import {
	LibraryCrashedError,
	LibraryReturnError,
	LibraryUnavailableError,
} from '../../../wecom/library/libraryErrors';
import { clientOf, TOKENS } from '../support/client';
import { answers, libraryWith } from '../support/library';
import { closeServers, failureOf, json, startServer } from '../support/server';

const PAGE = '{"errcode":0,"errmsg":"ok","chatdata":[{"seq":18446744073709551614,"msgid":"m1"}]}';
const NOTHING_NEW = '{"errcode":0,"errmsg":"ok","chatdata":[]}';
const SECRET = 'the-archive-secret-0123456789';

afterEach(closeServers);

/** A client of a corp's own archive with a library in memory, beside a server that nothing should reach. */
async function setUp(
	library: ReturnType<typeof libraryWith>,
	settings: Partial<ClientSettings> = {},
) {
	const server = await startServer(json({ errcode: 0 }));
	const client = clientOf(server, {
		contract: 'messageArchive',
		library: library.open,
		calls: new CallQueue(),
		...settings,
	});
	return { client, server, ...library };
}

async function chatData(text: string | (() => string), input: GetChatDataInput = {}) {
	const made = await setUp(libraryWith({ chatData: typeof text === 'string' ? () => text : text }));
	return { ...made, page: await made.client.call(getChatData, input) };
}

async function failedChatData(
	reply: () => string,
	input: GetChatDataInput = {},
	settings: Partial<ClientSettings> = {},
) {
	const made = await setUp(libraryWith({ chatData: reply }), settings);
	const error = await failureOf(made.client.call(getChatData, input));
	return { ...made, error: error as Error & { hint?: string } };
}

describe('records from the library of a corp', () => {
	it('come after a seq, exactly, and no token is asked for', async () => {
		const { page, args, server } = await chatData(PAGE, {
			cursor: '18446744073709551613',
			limit: 7,
		});
		expect(args).toEqual([[18446744073709551613n, 7]]);
		expect(page).toEqual({
			entries: [{ seq: '18446744073709551614', msgid: 'm1' }],
			nextCursor: '18446744073709551614',
		});
		expect(server.requests).toHaveLength(0);
	});

	it('begin with the oldest, a whole page at once', async () => {
		expect((await chatData(PAGE)).args).toEqual([[0n, 1000]]);
	});

	it('have seqs for marks', async () => {
		const { client } = await setUp(libraryWith({}));
		expect(client.marksOf(getChatData)).toBe('seq');
	});

	it.each(['', ',"chatdata":null', ',"chatdata":[]', ',"chatdata":{}', ',"chatdata":""'])(
		'are none where the answer is {"errcode":0%s}',
		async (chatdata) => {
			const { page } = await chatData(`{"errcode":0,"errmsg":"ok"${chatdata}}`);
			expect(page).toEqual({ entries: [], nextCursor: '' });
		},
	);

	it('need no errcode: the return code was 0', async () => {
		expect((await chatData('{"chatdata":[{"seq":1}]}')).page.entries).toHaveLength(1);
	});

	it('come out as records without fields where an entry is no object', async () => {
		expect((await chatData('{"chatdata":[null,{"seq":2},"x"]}')).page).toEqual({
			entries: [{}, { seq: 2 }, {}],
			nextCursor: '2',
		});
	});

	it('come in smaller pages after 301058', async () => {
		const tooLarge = '{"errcode":301058,"errmsg":"too large"}';
		const reply = answers(tooLarge, tooLarge, '{"chatdata":[{"seq":1}]}', NOTHING_NEW);
		const { client, args } = await setUp(libraryWith({ chatData: reply }));
		const fetchPage = async (seq: bigint, limit: number) =>
			(await client.call(getChatData, { cursor: String(seq), limit })).entries;
		const pages = [];
		for await (const { records } of pullPages(fetchPage, 0n)) pages.push(records);
		expect(pages).toEqual([[{ seq: 1 }]]);
		expect(args).toEqual([
			[0n, 1000],
			[0n, 500],
			[0n, 250],
			[1n, 250],
		]);
	});
});

describe('the way of the library to WeCom', () => {
	it.each<[GetChatDataInput, object]>([
		[{}, {}],
		[{ proxy: '', passwd: '' }, {}],
		[{ timeout: 30 }, { timeoutSeconds: 30 }],
		[
			{ proxy: 'http://p:3128', passwd: 'u:w' },
			{ proxy: 'http://p:3128', passwd: 'u:w' },
		],
		[{ proxy: 'socks5://p:1081' }, { proxy: 'socks5://p:1081', passwd: '' }],
		// Without a port the library would take another one.
		[{ proxy: 'http://p' }, { proxy: 'http://p:80', passwd: '' }],
		[{ proxy: 'http://p:80' }, { proxy: 'http://p:80', passwd: '' }],
		[{ proxy: 'socks5://p' }, { proxy: 'socks5://p:1080', passwd: '' }],
		[{ proxy: 'http://u%40x:w%3A1@p:1' }, { proxy: 'http://p:1', passwd: 'u@x:w:1' }],
		[
			{ proxy: 'http://u:w@p:1', passwd: 'o:x' },
			{ proxy: 'http://p:1', passwd: 'o:x' },
		],
		[{ proxy: 'http://[::1]:1' }, { proxy: 'http://[::1]:1', passwd: '' }],
	])('of %j is %j', async (input, route) => {
		expect((await chatData(NOTHING_NEW, input)).routes).toEqual([route]);
	});

	it.each([
		'ftp://p:1',
		'p:3128',
		'http://:1',
		'https://p:1',
		'http://p:1\u0007',
		'http://%zz@p:1',
	])('is refused by its name with the proxy %j, and nothing is called', async (proxy) => {
		const { error, args } = await failedChatData(() => NOTHING_NEW, { proxy });
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field: 'proxy' });
		expect(error.message).not.toContain(proxy);
		expect(args).toHaveLength(0);
	});

	it('may have another name in messages', () => {
		expect(() => toLibraryRoute({ proxy: 'ftp://p' }, 'proxyUrl')).toThrow('"proxyUrl"');
	});

	it('takes as long as the call may', async () => {
		const { client, routes } = await setUp(libraryWith({ chatData: () => NOTHING_NEW }));
		await client.call(getChatData, {}, { timeoutMs: 1500 });
		await client.call(getChatData, { timeout: 7 }, { timeoutMs: 1500 });
		await client.call(getChatData, {}, { timeoutMs: 3_600_000 });
		expect(routes).toEqual([{ timeoutSeconds: 2 }, { timeoutSeconds: 7 }, { timeoutSeconds: 600 }]);
	});
});

describe('a return code of the library', () => {
	it.each([10001, 10002, 10003])('%d is trouble that passes: it is tried again', async (code) => {
		const busy = new LibraryReturnError(code, 'GetChatData');
		const { page, args } = await chatData(answers<string>(busy, busy, busy, PAGE));
		expect(page.entries).toHaveLength(1);
		expect(args).toHaveLength(4);
	});

	it('that stays is told after four tries, with what to do about it', async () => {
		const trouble = new LibraryReturnError(10001, 'GetChatData', 'Ask the proxy.');
		const { error, args } = await failedChatData(answers<string>(trouble));
		expect(args).toHaveLength(4);
		expect(error).toBeInstanceOf(LibraryReturnError);
		expect(error).toMatchObject({
			returnCode: 10001,
			message: trouble.message,
			hint: 'Ask the proxy.',
			entry: trouble.entry,
		});
	});

	it.each([10000, 10009, 10010, 10011])('%d is told at once', async (code) => {
		const refusal = new LibraryReturnError(code, 'GetChatData');
		const { error, args } = await failedChatData(answers<string>(refusal));
		expect(args).toHaveLength(1);
		expect(error).toMatchObject({ returnCode: code, hint: refusal.hint, entry: refusal.entry });
	});
});

describe('an errcode in what the library gives', () => {
	it('is one of WeCom, beside a return code of 0', async () => {
		const reply =
			'{"errcode":301042,"errmsg":"not allow to access from your ip, from ip: 1.2.3.4"}';
		const { error, args } = await failedChatData(() => reply);
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).not.toBeInstanceOf(LibraryReturnError);
		expect(error.message).toBe(
			'WeCom answered GetChatData with errcode 301042: not allow to access from your ip, from ip: 1.2.3.4',
		);
		expect(args).toHaveLength(1);
	});

	it('that passes is waited for', async () => {
		const { args } = await chatData(answers('{"errcode":-1,"errmsg":"system busy"}', PAGE));
		expect(args).toHaveLength(2);
	});

	it('that refuses the secret says which secret it has to be', async () => {
		const { error, args } = await failedChatData(() => '{"errcode":40001,"errmsg":"invalid"}');
		expect(error.hint).toContain('会话内容存档');
		expect(args).toHaveLength(1);
	});

	it.each([40014, 42001])(
		'%d, about a token, fetches none: the library has its own',
		async (code) => {
			const { error, args, server } = await failedChatData(
				() => `{"errcode":${code},"errmsg":"t"}`,
			);
			expect(error).toMatchObject({ errcode: code });
			expect(args).toHaveLength(1);
			expect(server.requests).toHaveLength(0);
		},
	);

	it('that is no number is an error', async () => {
		const { error } = await failedChatData(() => '{"errcode":"bad","chatdata":[]}');
		expect(error).toBeInstanceOf(WecomResponseError);
	});
});

describe('what the library gives in place of an answer', () => {
	it.each(['', 'null', '[]', '<html>', '{"errcode":0'])('%j is tried again', async (text) => {
		const { error, args } = await failedChatData(() => text);
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error.message).toContain("is not WeCom's JSON");
		expect(args).toHaveLength(4);
	});

	it.each([
		new LibraryUnavailableError('There is no file'),
		new LibraryCrashedError('It ended three times'),
	])('%p is told at once', async (trouble) => {
		const { error, args } = await failedChatData(answers<string>(trouble));
		expect(error).toMatchObject({ message: trouble.message });
		expect(error).toBeInstanceOf(trouble.constructor);
		expect(args).toHaveLength(1);
	});
});

describe('an error of the library', () => {
	const authentication = { type: 'corpSecret', corpId: 'ww1', corpSecret: SECRET } as const;

	it.each<[string, () => string]>([
		['an errcode', () => `{"errcode":40058,"errmsg":"bad secret ${SECRET}"}`],
		['an end', answers<string>(new LibraryUnavailableError(`printed ${SECRET}`, `see ${SECRET}`))],
	])('never holds a secret of the client: %s', async (_what, reply) => {
		const { error } = await failedChatData(reply, {}, { authentication });
		const told = `${error.message}${error.hint}${error.stack}${JSON.stringify(error)}`;
		expect(told).toContain('***');
		expect(told).not.toContain(SECRET);
	});

	it.each<[string, GetChatDataInput]>([
		['apart', { proxy: 'http://p:1', passwd: 'user:Proxy-Word-77' }],
		['in the address', { proxy: 'http://user:Proxy-Word-77@p:1' }],
	])('never holds the password of the proxy, given %s', async (_how, input) => {
		const reply = () => '{"errcode":40058,"errmsg":"no Proxy-Word-77"}';
		const { error } = await failedChatData(reply, input);
		expect(error).toMatchObject({ errmsg: 'no ***' });
	});
});

describe('a call of the library', () => {
	it('that was cancelled before is not made', async () => {
		const { client, args } = await setUp(libraryWith({ chatData: () => PAGE }));
		const signal = AbortSignal.abort();
		expect(await failureOf(client.call(getChatData, {}, { signal }))).toBeInstanceOf(
			CancelledError,
		);
		expect(args).toHaveLength(0);
	});

	it('hands the signal on, and is not repeated once it has fired', async () => {
		const controller = new AbortController();
		const reply = () => {
			controller.abort();
			throw new LibraryReturnError(10001, 'GetChatData');
		};
		const { client, args, signals } = await setUp(libraryWith({ chatData: reply }));
		const { signal } = controller;
		expect(await failureOf(client.call(getChatData, {}, { signal }))).toBeInstanceOf(
			CancelledError,
		);
		expect(args).toHaveLength(1);
		expect(signals).toEqual([signal]);
	});

	it("keeps within Tencent's limits, which are its own", async () => {
		expect(DEFAULT_LIMITS.ratesByApi.get('GetChatData')).toEqual([
			{ calls: 4000, windowMs: 60_000 },
		]);
		expect(DEFAULT_LIMITS.ratesByApi.get('GetMediaData')).toEqual([
			{ calls: 25_000, windowMs: 60_000 },
		]);
		const calls = new CallQueue({
			ratesByApi: new Map([['GetChatData', [{ calls: 2, windowMs: 60_000 }]]]),
			maxWaitMs: 0,
		});
		const library = libraryWith({ chatData: () => NOTHING_NEW, media: lastPiece });
		const { client, args } = await setUp(library, { calls });
		await client.call(getChatData, {});
		await client.call(getChatData, {});
		const error = await failureOf(client.call(getChatData, {}));
		expect(error).toBeInstanceOf(TooManyCallsError);
		expect(error).toMatchObject({ path: 'GetChatData' });
		await client.call(getMediaPiece, { sdkfileid: 'F' });
		expect(args).toHaveLength(3);
	});

	it('goes through where nothing can be sent over HTTP, which says why', async () => {
		const refusal = new InvalidInputError('proxyUrl', 'SOCKS is for the library alone');
		const { client, server } = await setUp(libraryWith({ chatData: () => PAGE }), { refusal });
		expect((await client.call(getChatData, {})).entries).toHaveLength(1);
		expect(await failureOf(client.call(getRobot, { robot_id: 'wb1' }))).toBe(refusal);
		expect(server.requests).toHaveLength(0);
	});

	it('of a function that it does not have is refused', async () => {
		const other = operation({
			name: 'other',
			retry: 'read',
			input: fields({}),
			wires: { messageArchive: 'LIBRARY DestroySdk' },
		});
		const { client } = await setUp(libraryWith({}));
		expect(await failureOf(client.call(other, {}))).toMatchObject({
			field: 'route',
			message: expect.stringContaining('DestroySdk'),
		});
	});
});

/** The only piece of a file. */
function lastPiece() {
	return { data: Buffer.from('abc'), nextIndex: '', isLast: true };
}

describe('a piece of a file', () => {
	it('comes with the mark of the next one', async () => {
		const media = () => ({ data: Buffer.from('abc'), nextIndex: 'Range:bytes=3-5', isLast: false });
		const { client, args, server } = await setUp(libraryWith({ media }));
		const piece = await client.call(getMediaPiece, { sdkfileid: 'F' });
		expect(piece).toEqual({ data: Buffer.from('abc'), nextCursor: 'Range:bytes=3-5' });
		await client.call(getMediaPiece, { sdkfileid: 'F', cursor: piece.nextCursor });
		expect(args).toEqual([
			['F', ''],
			['F', 'Range:bytes=3-5'],
		]);
		expect(server.requests).toHaveLength(0);
	});

	it('is the last without a mark, whatever index comes with it', async () => {
		const media = () => ({ ...lastPiece(), nextIndex: 'Range:bytes=3-5' });
		const { client } = await setUp(libraryWith({ media }));
		expect(await client.call(getMediaPiece, { sdkfileid: 'F' })).toMatchObject({ nextCursor: '' });
	});

	it('is tried again by itself, with its own index', async () => {
		const broken = new LibraryReturnError(10002, 'GetMediaData');
		const media = answers<MediaPiece>(broken, broken, lastPiece());
		const { client, args } = await setUp(libraryWith({ media }));
		await client.call(getMediaPiece, { sdkfileid: 'F', cursor: 'I2' });
		expect(args).toEqual([
			['F', 'I2'],
			['F', 'I2'],
			['F', 'I2'],
		]);
	});

	it('that does not say where the next one begins is an error: it would begin anew', async () => {
		const media = () => ({ data: Buffer.from('abc'), nextIndex: '', isLast: false });
		const { client } = await setUp(libraryWith({ media }));
		const error = await failureOf(client.call(getMediaPiece, { sdkfileid: 'F' }));
		expect(error).toBeInstanceOf(WecomResponseError);
	});

	it('of an expired file is told by a mark', async () => {
		const media = answers<never>(new LibraryReturnError(10010, 'GetMediaData'));
		const { client } = await setUp(libraryWith({ media }));
		const error = await failureOf(client.call(getMediaPiece, { sdkfileid: 'F' }));
		expect((error as WecomApiError).entry.expired).toBe(true);
		expect(new WecomApiError(301048, 'e', 'GetMediaData').entry.expired).toBe(true);
	});

	it.each<[object, string]>([
		[{}, 'sdkfileid'],
		[{ sdkfileid: ' ' }, 'sdkfileid'],
		[{ sdkfileid: 'x'.repeat(4097) }, 'sdkfileid'],
		[{ sdkfileid: 'F', cursor: 'x'.repeat(1025) }, 'cursor'],
		[{ sdkfileid: 'F', offset: 1 }, 'offset'],
	])('is refused by the name of the field for %j', async (input, field) => {
		const { client, args } = await setUp(libraryWith({ media: lastPiece }));
		const error = await failureOf(client.call(getMediaPiece, input as { sdkfileid: string }));
		expect(error).toMatchObject({ code: 'input', field });
		expect(args).toHaveLength(0);
	});
});

it('consent, groups and members of the same client go over HTTP with its token', async () => {
	const { client, server } = await setUp(libraryWith({}));
	await client.call(getRobot, { robot_id: 'wb1' });
	expect(server.requests[0]).toMatchObject({
		method: 'GET',
		path: '/cgi-bin/msgaudit/get_robot_info',
		query: { robot_id: 'wb1', access_token: TOKENS.access_token },
	});
});
