import { Readable } from 'node:stream';

import { DataApiClient, InvalidInputError, operations, WecomApiError } from '../../wecom';
import type { DataApiClientSettings } from '../../wecom';
import { operation } from '../../wecom/api/operation';
import { fields } from '../../wecom/api/fields';
import {
	OutcomeUnknownError,
	WecomError,
	WecomNetworkError,
	WecomResponseError,
} from '../../wecom/errors';
import type { JsonObject } from '../../wecom/json';
import { PROGRAM } from './support/client';
import { libraryWith } from './support/library';
import { CONTRACT } from './support/contract';
import { MAX_SEQ } from './support/limits';
import {
	closedPort,
	closeServers,
	cut,
	errcode,
	failureOf,
	inTurn,
	json,
	silence,
	startServer,
	type Reply,
} from './support/server';

const TOKENS = { suiteAccessToken: 'SUITE', providerAccessToken: 'PROVIDER' };
const SENT = { access_token: 'mock_token', suite_access_token: 'SUITE', provider_access_token: 'PROVIDER' }; // prettier-ignore
const FAST = { retries: 3, firstDelayMs: 1 };

afterEach(closeServers);

/** A client of a server that answers so, and what the server saw. */
async function clientOf(reply: Reply, settings: DataApiClientSettings = {}) {
	const { url, requests } = await startServer(reply);
	const more = { baseUrl: url, retry: FAST, program: PROGRAM, ...TOKENS, ...settings };
	return { client: new DataApiClient('mock_token', more), requests };
}

const RANGE = ['chat_xxx', 1, 50] as const;
const RANGE_BODY = { chat_id: 'chat_xxx', seq_range: { begin_seq: 1, end_seq: 50 } };

type Call = (client: DataApiClient) => Promise<JsonObject>;

/** Methods with arguments of their own, by the operation that they stand for. */
const DOCUMENTED: Array<[keyof typeof CONTRACT, string, Call, object]> = [
	['getChatData', 'getChatData()', async (c) => await c.getChatData(), { seq: 0, limit: 1000 }],
	['getChatData', 'getChatData(7, 100)', async (c) => await c.getChatData(7, 100), { seq: 7, limit: 100 }], // prettier-ignore
	[
		'searchMessage',
		'searchMessage(keyword)',
		async (c) => await c.searchMessage('关键词'),
		{ keyword: '关键词', cursor: '', limit: 100 },
	],
	[
		'searchMessage',
		'searchMessage(keyword, options)',
		async (c) => await c.searchMessage('关键词', { limit: 5, skip_stop_words: true }),
		{ keyword: '关键词', cursor: '', limit: 5, skip_stop_words: true },
	],
	['sentimentModel', 'sentimentAnalysis', async (c) => await c.sentimentAnalysis(...RANGE), RANGE_BODY], // prettier-ignore
	['recommendModel', 'recommendSpeech', async (c) => await c.recommendSpeech(...RANGE), RANGE_BODY],
	[
		'recommendModel',
		'recommendSpeech with a knowledge base',
		async (c) => await c.recommendSpeech(...RANGE, { kb_id: 'kb1' }),
		{ ...RANGE_BODY, kb_id: 'kb1' },
	],
	['summaryModel', 'summarize', async (c) => await c.summarize(...RANGE), RANGE_BODY],
	['tagModel', 'tagCustomer', async (c) => await c.tagCustomer(...RANGE), RANGE_BODY],
	[
		'tagModel',
		'tagCustomer with tags',
		async (c) => await c.tagCustomer(...RANGE, { tag_group_list: [{ group_id: 'g' }] }),
		{ ...RANGE_BODY, tag_group_list: [{ group_id: 'g' }] },
	],
	['antispamModel', 'detectSpam', async (c) => await c.detectSpam(...RANGE), RANGE_BODY],
	['generalModel', 'askModel', async (c) => await c.askModel(...RANGE), RANGE_BODY],
	[
		'generalModel',
		'askModel with extras',
		async (c) => await c.askModel(...RANGE, { need_think_result: true }),
		{ ...RANGE_BODY, need_think_result: true },
	],
];
const named = new Set<string>(DOCUMENTED.map(([name]) => name));
const GENERATED = Object.keys(CONTRACT).filter((name) => !named.has(name)) as Array<
	keyof typeof CONTRACT
>;

type Methods = Record<string, (input?: unknown) => Promise<JsonObject>>;

describe('the methods of a DataApiClient', () => {
	it('reach every operation', () => {
		const methods = Object.getOwnPropertyNames(DataApiClient.prototype);
		const reached = [...named, ...methods];
		expect(reached).toEqual(expect.arrayContaining(Object.keys(operations)));
		expect(methods.filter((name) => name.endsWith('Model'))).toEqual(['askModel']);
	});

	it.each(DOCUMENTED)('call %s: %s', async (name, _call, run, body) => {
		const { path, answer } = CONTRACT[name];
		const whole = { errcode: 0, errmsg: 'ok', ...answer };
		const { client, requests } = await clientOf(json(whole));
		expect(await run(client)).toEqual(whole);
		expect(requests).toHaveLength(1);
		expect(requests[0]).toMatchObject({
			method: 'POST',
			path: `/cgi-bin${path}`,
			query: { access_token: 'mock_token' },
		});
		expect(JSON.parse(requests[0]?.body ?? '')).toEqual(body);
	});

	it.each(GENERATED)('call %s with its fields, and give the whole answer', async (name) => {
		const { method = 'POST', path, token = 'access_token' } = CONTRACT[name];
		const { least, leastBody = least, answer } = CONTRACT[name];
		const whole = { errcode: 0, errmsg: 'ok', ...answer };
		const { client, requests } = await clientOf(json(whole));
		expect(await (client as unknown as Methods)[name]?.(least)).toEqual(whole);
		expect(requests).toHaveLength(1);
		expect(requests[0]).toMatchObject({
			method,
			path: `/cgi-bin${path}`,
			query: { [token]: SENT[token] },
		});
		const { body = '' } = requests[0] ?? {};
		if (method === 'GET') expect(body).toBe('');
		else expect(JSON.parse(body)).toEqual(leastBody);
	});

	it('need no input where nothing is required', async () => {
		const { client, requests } = await clientOf(json({ errcode: 0 }));
		await client.listLinks();
		await client.getAcquisitionAuthInfo();
		await client.listOrders();
		await client.listLinks({ limit: 1 });
		expect(requests.map(({ body }) => body)).toEqual([
			'{"cursor":"","limit":100}',
			'{}',
			'{"advanced_api_type":1,"cursor":"","limit":1000}',
			'{"cursor":"","limit":1}',
		]);
	});

	it.each(GENERATED)('refuse a bad input of %s before anything is sent', async (name) => {
		const { client, requests } = await clientOf(json({ errcode: 0 }));
		for (const input of [{ unknown_field: 1 }, 5, 'text']) {
			const calling = (client as unknown as Methods)[name]?.(input) as Promise<unknown>;
			expect(await failureOf(calling)).toBeInstanceOf(InvalidInputError);
		}
		expect(requests).toHaveLength(0);
	});

	it('upload a file', async () => {
		const answer = { errcode: 0, errmsg: '', type: 'file', media_id: 'M1', created_at: '1' };
		const { client, requests } = await clientOf(json(answer));
		const content = Buffer.from('hello world');
		const file = {
			fileName: 'a.txt',
			contentType: 'text/plain',
			size: content.length,
			open: () => Readable.from([content]),
		};
		expect(await client.uploadTemporaryFile(file)).toEqual(answer);
		expect(requests[0]?.query).toEqual({ type: 'file', access_token: 'mock_token' });
		expect(requests[0]?.body).toContain('hello world');
	});

	it('send seqs beyond 2^53 exactly', async () => {
		const { client, requests } = await clientOf(json({ errcode: 0, chatdata: [], result: {} }));
		await client.getChatData(MAX_SEQ);
		await client.sentimentAnalysis('c', '9007199254740993', MAX_SEQ);
		expect(requests.map(({ body }) => body)).toEqual([
			'{"seq":18446744073709551615,"limit":1000}',
			'{"chat_id":"c","seq_range":{"begin_seq":9007199254740993,"end_seq":18446744073709551615}}',
		]);
	});

	it('call operations of your own', async () => {
		const own = operation({
			name: 'own',
			retry: 'read',
			input: fields({}),
			wires: { reference: 'POST /own/api' },
		});
		const { client, requests } = await clientOf(json({ errcode: 0, a: 1 }));
		expect(await client.send(own, {})).toEqual({ errcode: 0, a: 1 });
		expect(requests[0]?.path).toBe('/cgi-bin/own/api');
	});
});

describe('a DataApiClient throws', () => {
	it.each<[string, Reply, unknown, Call]>([
		['an errcode', errcode(48002), WecomApiError, async (c) => await c.getChatData()],
		['a cut connection', cut, WecomNetworkError, async (c) => await c.getChatData()],
		['what is no answer', json('[]'), WecomResponseError, async (c) => await c.getChatData()],
		[
			'a text in the place of a list',
			json({ errcode: 0, chatdata: 'none' }),
			WecomResponseError,
			async (c) => await c.getChatData(),
		],
		[
			'an errcode of a program',
			json({ errcode: 0, response_data: '{"errcode":710612,"errmsg":"e"}' }),
			WecomApiError,
			async (c) => await c.syncCallProgram({ program_id: 'P', ability_id: 'A', request_data: {} }),
		],
		[
			'a payment without an answer',
			cut,
			OutcomeUnknownError,
			async (c) => await c.payOrder({ order_id: 'O1', payer_userid: 'u1' }),
		],
	])('%s', async (_what, reply, kind, run) => {
		const { client } = await clientOf(reply);
		const error = await failureOf(run(client));
		expect(error).toBeInstanceOf(kind);
		expect(error).toBeInstanceOf(WecomError);
		expect(JSON.stringify(error) + String(error)).not.toMatch(/mock_token|SUITE|PROVIDER/);
	});

	it('ETIMEDOUT after the timeout that it was made with', async () => {
		const retry = { retries: 0, firstDelayMs: 1 };
		const { client } = await clientOf(silence, { timeoutMs: 50, retry });
		expect(await failureOf(client.getChatData())).toMatchObject({ reason: 'ETIMEDOUT' });
		expect(await failureOf(client.summarize(...RANGE))).toMatchObject({
			code: 'unknown_outcome',
			message: expect.stringContaining('did not answer'),
		});
	});
});

it.each<[unknown]>([[2 ** 53], [1.5], [-1], [''], ['abc'], [null], [[1]], [true], [2n ** 64n]])(
	'a pull does not begin at %p, which is no exact seq, and nothing is sent',
	async (seq) => {
		const { client, requests } = await clientOf(json({ errcode: 0, chatdata: [] }));
		const error = await failureOf(client.getChatData(seq as number));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field: 'seq' });
		expect(requests).toHaveLength(0);
	},
);

describe('a new DataApiClient', () => {
	it.each<[string, DataApiClientSettings]>([
		['baseUrl', { baseUrl: 'http://qyapi.weixin.qq.com' }],
		['baseUrl', { baseUrl: '' }],
		['proxyUrl', { proxyUrl: 'socks5://127.0.0.1:1' }],
	])('with a bad %s is not made', (field, settings) => {
		const make = () => new DataApiClient('mock_token', settings);
		expect(make).toThrow(InvalidInputError);
		expect(make).toThrow(expect.objectContaining({ field }));
	});

	it('needs the token alone, and talks to WeCom then', async () => {
		const client = new DataApiClient('mock_token');
		expect(client).toBeInstanceOf(DataApiClient);
		// Nothing is sent to WeCom here: a proxy that nobody serves shows where it would go.
		const proxyUrl = `http://127.0.0.1:${await closedPort()}`;
		const retry = { retries: 0, firstDelayMs: 1 };
		const proxied = new DataApiClient('mock_token', { proxyUrl, retry });
		const error = await failureOf(proxied.getChatData());
		expect(error).toMatchObject({ message: expect.stringContaining('qyapi.weixin.qq.com') });
	});

	it.each<[string, string, Call]>([
		['access_token', '`accessToken`', async (c) => await c.getChatData()],
		['suite_access_token', '`suiteAccessToken`', async (c) => await c.getAcquisitionAuthInfo()],
		['provider_access_token', '`providerAccessToken`', async (c) => await c.listOrders()],
	])('without a %s says so when it is needed, and sends nothing', async (field, words, run) => {
		const { url, requests } = await startServer(json({ errcode: 0 }));
		const error = await failureOf(run(new DataApiClient(' ', { baseUrl: url })));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field, hint: expect.stringContaining(words) });
		expect(requests).toHaveLength(0);
	});
});

describe('the test template of the reference document (section 8)', () => {
	describe('TestChatData', () => {
		it('test_获取会话记录_成功', async () => {
			const record = {
				seq: 1,
				msgid: 'msg_xxx',
				publickey_ver: 1,
				encrypt_random_key: '...',
				encrypt_chat_msg: '...',
			};
			const { client, requests } = await clientOf(
				json({ errcode: 0, errmsg: 'ok', chatdata: [record] }),
			);
			const { chatdata } = await client.getChatData(0, 100);
			expect(chatdata).toEqual([record]);
			expect(requests[0]).toMatchObject({
				path: '/cgi-bin/msgaudit/get_chat_data',
				query: { access_token: 'mock_token' },
				body: '{"seq":0,"limit":100}',
			});
		});

		it('test_获取会话记录_无数据', async () => {
			const { client } = await clientOf(json({ errcode: 0, errmsg: 'ok', chatdata: [] }));
			expect((await client.getChatData(999)).chatdata).toEqual([]);
		});

		it('test_获取会话记录_token过期', async () => {
			const { client, requests } = await clientOf(errcode(42001, 'access_token expired'));
			const error = await failureOf(client.getChatData());
			expect(error).toBeInstanceOf(WecomApiError);
			expect(error).toMatchObject({
				errcode: 42001,
				message: expect.stringMatching(/42001.*access_token expired/),
				hint: expect.stringContaining('replaced by hand'),
			});
			expect(requests).toHaveLength(1); // another try with the same token would fail again
		});
	});

	describe('TestAIModel', () => {
		it('test_情感分析_成功', async () => {
			const result = { sentiment: 'positive', score: 0.85 };
			const { client, requests } = await clientOf(json({ errcode: 0, errmsg: 'ok', result }));
			const answer = await client.sentimentAnalysis('chat_xxx', 1, 100);
			expect(answer.result).toEqual(result);
			expect(requests[0]).toMatchObject({
				path: '/cgi-bin/msgaudit/model/sentiment',
				body: '{"chat_id":"chat_xxx","seq_range":{"begin_seq":1,"end_seq":100}}',
			});
		});

		it('test_话术推荐_成功', async () => {
			const result = { suggestions: ['建议回复1'] };
			const { client, requests } = await clientOf(json({ errcode: 0, errmsg: 'ok', result }));
			expect((await client.recommendSpeech('chat_xxx', 1, 50)).result).toEqual(result);
			expect(requests[0]?.path).toBe('/cgi-bin/msgaudit/model/recommend');
		});

		it('test_会话摘要_成功', async () => {
			const result = { summary: '客户咨询了产品价格' };
			const { client, requests } = await clientOf(json({ errcode: 0, errmsg: 'ok', result }));
			expect((await client.summarize('chat_xxx', 1, 50)).result).toEqual(result);
			expect(requests[0]?.path).toBe('/cgi-bin/msgaudit/model/summary');
		});
	});

	describe('TestSearchMessage', () => {
		it('test_搜索消息_成功', async () => {
			const messages = [{ msgid: 'msg_xxx', content: '包含关键词' }];
			const { client, requests } = await clientOf(json({ errcode: 0, errmsg: 'ok', messages }));
			expect((await client.searchMessage('关键词')).messages).toEqual(messages);
			expect(requests[0]?.path).toBe('/cgi-bin/msgaudit/search_message');
		});
	});

	it('its checklist (section 9): busy is tried again, a token is never in a message', async () => {
		const busy = errcode(-1, 'busy for mock_token');
		const good = json({ errcode: 0, chatdata: [] });
		const { client, requests } = await clientOf(inTurn(busy, busy, good));
		expect(await client.getChatData()).toMatchObject({ chatdata: [] });
		expect(requests).toHaveLength(3);
		const { client: other } = await clientOf(busy);
		expect(await failureOf(other.getChatData())).toMatchObject({ errmsg: 'busy for ***' });
	});
});

describe('an archive of the corp itself', () => {
	const PIECES = ['abc', 'def', 'g'].map((text) => Buffer.from(text));
	const media = (_sdkfileid: string, index: string) => {
		const at = Number(index || 0);
		const isLast = at === PIECES.length - 1;
		return { data: PIECES[at] ?? Buffer.alloc(0), nextIndex: String(at + 1), isLast };
	};

	/** A client of a library in memory. */
	async function archive() {
		const library = libraryWith({
			chatData: () => '{"errcode":0,"errmsg":"ok","chatdata":[{"seq":8}]}',
			media,
		});
		const { args, open } = library;
		const more = { contract: 'messageArchive', library: open } as const;
		return { ...(await clientOf(json({ errcode: 0, agreeinfo: [] }), more)), args };
	}

	it('gives the records after a seq, as the library has them', async () => {
		const { client, requests, args } = await archive();
		const answer = await client.getChatData(7, 100);
		expect(answer).toEqual({ errcode: 0, errmsg: 'ok', chatdata: [{ seq: 8 }] });
		expect(args).toEqual([[7n, 100]]);
		expect(requests).toHaveLength(0);
	});

	it('gives a piece of a file, and a whole file in pieces', async () => {
		const { client, args } = await archive();
		expect(await client.getMediaPiece('F')).toEqual({ data: PIECES[0], nextCursor: '1' });
		const pieces: Uint8Array[] = [];
		for await (const piece of client.downloadMedia({ sdkfileid: 'F', bytes: 7 }))
			pieces.push(piece);
		expect(Buffer.concat(pieces).toString()).toBe('abcdefg');
		expect(args).toEqual([
			['F', ''],
			['F', ''],
			['F', '1'],
			['F', '2'],
		]);
	});

	it('answers to consent over HTTP', async () => {
		const { client, requests } = await archive();
		await client.checkGroupAgree({ roomid: 'wrA' });
		expect(requests[0]?.path).toBe('/cgi-bin/msgaudit/check_room_agree');
	});
});
