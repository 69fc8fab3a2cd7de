import { WecomClient, type ClientSettings } from '../../../wecom/api/client';
import { getAcquisitionAuthInfo } from '../../../wecom/api/acquisition';
import { listOrders } from '../../../wecom/api/orders';
import { checkSingleAgree, getChatData, getInnerGroup } from '../../../wecom/api/archive';
import { fields, optional, text as words } from '../../../wecom/api/fields';
import { operation } from '../../../wecom/api/operation';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import type { TokenKind } from '../../../wecom/auth/tokenSource';
import {
	CancelledError,
	InvalidInputError,
	TooManyCallsError,
	WecomApiError,
	WecomNetworkError,
} from '../../../wecom/errors';
import { CallQueue } from '../../../wecom/http/callQueue';
import {
	byPath,
	closedPort,
	closeServers,
	cut,
	errcode,
	failureOf,
	gate,
	inTurn,
	json,
	silence,
	startServer,
	text,
	until,
	type Reply,
	type TestServer,
} from '../support/server';

const GETTOKEN = '/cgi-bin/gettoken';
const CHAT_DATA = '/cgi-bin/msgaudit/get_chat_data';
const FAST = { retries: 3, firstDelayMs: 1 };
const INPUT = { cursor: '0', limit: 1000 };
const PAGE = json('{"errcode":0,"errmsg":"ok","chatdata":[{"seq":1,"msgid":"m1"}]}');
const EXPIRED = errcode(42001, 'access_token expired');

/** Creates something: must not be done twice. */
const createOnce = creating('access_token');

function creating(token: TokenKind) {
	return operation({
		name: 'createOnce',
		retry: 'once',
		findOut: 'Look whether it is there.',
		token,
		input: fields({ name: optional(words({})) }),
		wires: { reference: 'POST /create' },
	});
}

afterEach(closeServers);

/** Issues T1, T2 … */
function issueTokens(): Reply {
	let issued = 0;
	return (request, response) =>
		json({ errcode: 0, access_token: `T${++issued}`, expires_in: 7200 })(request, response);
}

/** Answers a page, or 42001 to the tokens given. */
function refuse(tokens: Set<string | undefined>): Reply {
	return (request, response) =>
		(tokens.has(request.query.access_token) ? EXPIRED : PAGE)(request, response);
}

function corpClient(server: TestServer | { url: string }, more: Partial<ClientSettings> = {}) {
	return new WecomClient({
		baseUrl: server.url,
		authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
		tokenCache: new TokenCache(),
		retry: FAST,
		...more,
	});
}

function staticClient(server: TestServer | { url: string }, more: Partial<ClientSettings> = {}) {
	return new WecomClient({
		baseUrl: server.url,
		authentication: { type: 'static', tokens: { access_token: 'STATIC' } },
		retry: FAST,
		...more,
	});
}

describe('corpid and secret', () => {
	it('take one gettoken for 500 calls at the same time', async () => {
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: PAGE }));
		const client = corpClient(server);
		const pages = await Promise.all(
			Array.from({ length: 500 }, async () => await client.call(getChatData, INPUT)),
		);
		expect(pages).toHaveLength(500);
		expect(pages.every(({ entries }) => entries.length === 1)).toBe(true);
		expect(server.to(GETTOKEN)).toHaveLength(1);
		expect(server.to(CHAT_DATA)).toHaveLength(500);
		expect(new Set(server.to(CHAT_DATA).map(({ query }) => query.access_token))).toEqual(
			new Set(['T1']),
		);
	});

	it('renew a token that expires in the middle without anybody noticing', async () => {
		const expired = new Set<string | undefined>();
		const server = await startServer(
			byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: refuse(expired) }),
		);
		const client = corpClient(server);
		await client.call(getChatData, INPUT);
		expired.add('T1');
		expect(await client.call(getChatData, INPUT)).toEqual({
			entries: [{ seq: 1, msgid: 'm1' }],
			nextCursor: '1',
		});
		await client.call(getChatData, INPUT);
		expect(server.requests.map(({ path, query }) => [path, query.access_token])).toEqual([
			[GETTOKEN, undefined],
			[CHAT_DATA, 'T1'],
			[CHAT_DATA, 'T1'],
			[GETTOKEN, undefined],
			[CHAT_DATA, 'T2'],
			[CHAT_DATA, 'T2'],
		]);
		expect(new Set(server.to(CHAT_DATA).map(({ body }) => body))).toEqual(
			new Set(['{"seq":0,"limit":1000}']),
		);
	});

	it('renew the token once when 10 calls find it expired together', async () => {
		const allThere = gate();
		const chatData: Reply = async (request, response) => {
			if (request.query.access_token !== 'T1') return await PAGE(request, response);
			if (server.to(CHAT_DATA).length === 10) allThere.open();
			await allThere.opened;
			return await EXPIRED(request, response);
		};
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: chatData }));
		const client = corpClient(server);
		const pages = await Promise.all(
			Array.from({ length: 10 }, async () => await client.call(getChatData, INPUT)),
		);
		expect(pages).toHaveLength(10);
		expect(server.to(GETTOKEN)).toHaveLength(2);
		expect(server.to(CHAT_DATA)).toHaveLength(20);
	});

	it('keep the new token when a late answer still blames the old one', async () => {
		const late = gate();
		let asked = 0;
		const chatData: Reply = async (request, response) => {
			if (request.query.access_token !== 'T1') return await PAGE(request, response);
			if (++asked === 1) await late.opened;
			return await EXPIRED(request, response);
		};
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: chatData }));
		const client = corpClient(server);
		const slow = client.call(getChatData, INPUT);
		await until(() => asked === 1);
		await client.call(getChatData, INPUT);
		late.open();
		expect((await slow).entries).toHaveLength(1);
		expect(server.to(GETTOKEN)).toHaveLength(2);
		expect(server.to(CHAT_DATA).map(({ query }) => query.access_token)).toEqual([
			'T1',
			'T1',
			'T2',
			'T2',
		]);
	});

	it.each([42001, 40014])('give up when the new token meets %i too', async (code) => {
		const server = await startServer(
			byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: errcode(code, 'refused') }),
		);
		const error = await failureOf(corpClient(server).call(getChatData, INPUT));
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({ errcode: code, errmsg: 'refused' });
		expect(server.to(CHAT_DATA).map(({ query }) => query.access_token)).toEqual(['T1', 'T2']);
		expect(server.to(GETTOKEN)).toHaveLength(2);
	});

	it('that are wrong cost one gettoken and nothing else', async () => {
		const words = 'invalid credential, hint: [1700000000_1], from ip: 203.0.113.7';
		const server = await startServer(
			byPath({ [GETTOKEN]: errcode(40001, words), [CHAT_DATA]: PAGE }),
		);
		const error = await failureOf(corpClient(server).call(getChatData, INPUT));
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({ errcode: 40001 });
		expect((error as Error).message).toContain('40001');
		expect((error as Error).message).toContain(words);
		expect(server.requests.map(({ path }) => path)).toEqual([GETTOKEN]);
	});

	it('are asked for again by the call after one that failed', async () => {
		const server = await startServer(
			byPath({
				[GETTOKEN]: inTurn(errcode(60020), text('', 403), issueTokens()),
				[CHAT_DATA]: PAGE,
			}),
		);
		const client = corpClient(server);
		expect(await failureOf(client.call(getChatData, INPUT))).toMatchObject({ errcode: 60020 });
		expect(await failureOf(client.call(getChatData, INPUT))).toMatchObject({ httpStatus: 403 });
		expect((await client.call(getChatData, INPUT)).entries).toHaveLength(1);
		expect(server.to(GETTOKEN)).toHaveLength(3);
	});

	it('are asked for again after a renewal that failed', async () => {
		const expired = new Set<string | undefined>();
		const server = await startServer(
			byPath({
				[GETTOKEN]: inTurn(
					json({ access_token: 'T1', expires_in: 7200 }),
					text('', 403),
					json({ access_token: 'T2', expires_in: 7200 }),
				),
				[CHAT_DATA]: refuse(expired),
			}),
		);
		const client = corpClient(server);
		await client.call(getChatData, INPUT);
		expired.add('T1');
		expect(await failureOf(client.call(getChatData, INPUT))).toMatchObject({ httpStatus: 403 });
		expect((await client.call(getChatData, INPUT)).entries).toHaveLength(1);
		expect(server.to(CHAT_DATA).at(-1)?.query.access_token).toBe('T2');
	});

	it('never send the token of one base URL or secret to another', async () => {
		const tokenCache = new TokenCache();
		const serve = async (name: string) => {
			const gettoken: Reply = (request, response) =>
				json({ access_token: `${name} for ${request.query.corpsecret}`, expires_in: 7200 })(
					request,
					response,
				);
			return await startServer(byPath({ [GETTOKEN]: gettoken, [CHAT_DATA]: PAGE }));
		};
		const servers = [await serve('one'), await serve('two')];
		for (const server of servers) {
			for (const corpSecret of ['first-secret', 'second-secret']) {
				const authentication = { type: 'corpSecret', corpId: 'ww1', corpSecret } as const;
				const client = corpClient(server, { tokenCache, authentication });
				await client.call(getChatData, INPUT);
				await client.call(getChatData, INPUT);
			}
		}
		const sent = servers.map((server) =>
			server.to(CHAT_DATA).map(({ query }) => query.access_token),
		);
		expect(sent).toEqual(
			['one', 'two'].map((name) => [
				`${name} for first-secret`,
				`${name} for first-secret`,
				`${name} for second-secret`,
				`${name} for second-secret`,
			]),
		);
		for (const server of servers) expect(server.to(GETTOKEN)).toHaveLength(2);
	});

	it('share their token with all clients of the process when no cache is given', async () => {
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: PAGE }));
		const { tokenCache: _none, ...settings } = {
			baseUrl: server.url,
			authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'shared-secret' } as const,
			tokenCache: undefined,
		};
		await new WecomClient(settings).call(getChatData, INPUT);
		await new WecomClient(settings).call(getChatData, INPUT);
		expect(server.to(GETTOKEN)).toHaveLength(1);
	});

	it('can be tried out without calling anything', async () => {
		const server = await startServer(byPath({ [GETTOKEN]: inTurn(issueTokens()) }));
		await corpClient(server).authenticate();
		expect(server.requests.map(({ path }) => path)).toEqual([GETTOKEN]);
	});
});

describe('a static token', () => {
	it('goes with the call and needs no gettoken', async () => {
		const server = await startServer(PAGE);
		expect((await staticClient(server).call(getChatData, INPUT)).entries).toHaveLength(1);
		expect(server.requests.map(({ path, query }) => [path, query])).toEqual([
			[CHAT_DATA, { access_token: 'STATIC' }],
		]);
	});

	it.each([40014, 42001])('that is refused with %i is not replayed', async (code) => {
		const server = await startServer(errcode(code, 'invalid access_token'));
		const error = await failureOf(staticClient(server).call(getChatData, INPUT));
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({ errcode: code, errmsg: 'invalid access_token' });
		expect(server.requests).toHaveLength(1);
	});

	it('of the wrong kind is named and nothing is sent', async () => {
		const server = await startServer(PAGE);
		const authentication = { type: 'static', tokens: { suite_access_token: 'SUITE' } } as const;
		const error = await failureOf(
			staticClient(server, { authentication }).call(getChatData, INPUT),
		);
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field: 'access_token' });
		expect(server.requests).toHaveLength(0);
	});

	it.each(['suite_access_token', 'provider_access_token'] as const)(
		'travels under the name of its kind, %s',
		async (kind) => {
			const server = await startServer(json({ errcode: 0 }));
			const authentication = { type: 'static', tokens: { [kind]: 'KIND' } } as const;
			await staticClient(server, { authentication }).call(creating(kind), {});
			expect(server.requests[0]?.query).toEqual({ [kind]: 'KIND' });
		},
	);
});

describe('corpid and secret beside pasted tokens', () => {
	const authentication = {
		type: 'corpSecret',
		corpId: 'ww1',
		corpSecret: 'the-secret',
		tokens: { provider_access_token: 'PASTED-PROVIDER', access_token: 'PASTED' },
	} as const;
	const LIST = '/cgi-bin/service/contact/batchorder/list';

	it('send each call with the token of its kind', async () => {
		const server = await startServer(
			byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: PAGE, [LIST]: json({ errcode: 0 }) }),
		);
		const client = corpClient(server, { authentication });
		await client.call(listOrders, {});
		await client.call(getChatData, INPUT);
		expect(server.requests.map(({ path, query }) => [path, query])).toEqual([
			[LIST, { provider_access_token: 'PASTED-PROVIDER' }],
			[GETTOKEN, { corpid: 'ww1', corpsecret: 'the-secret' }],
			[CHAT_DATA, { access_token: 'T1' }],
		]);
	});

	it('cannot renew a pasted one, and never show it', async () => {
		const reply = errcode(42001, 'PASTED-PROVIDER has expired');
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens(), [LIST]: reply }));
		const error = await failureOf(corpClient(server, { authentication }).call(listOrders, {}));
		expect(error).toMatchObject({ errcode: 42001, errmsg: '*** has expired' });
		expect(server.requests.map(({ path }) => path)).toEqual([LIST]);
	});

	it('name the one that is missing', async () => {
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens() }));
		const error = await failureOf(
			corpClient(server, { authentication }).call(getAcquisitionAuthInfo, {}),
		);
		expect(error).toMatchObject({ field: 'suite_access_token' });
		expect(server.requests).toHaveLength(0);
	});
});

describe('a call', () => {
	it('that is busy (-1) twice takes three requests', async () => {
		const server = await startServer(inTurn(errcode(-1), errcode(-1), PAGE));
		expect((await staticClient(server).call(getChatData, INPUT)).entries).toHaveLength(1);
		expect(server.requests).toHaveLength(3);
	});

	it('that meets a frequency limit (45009) is sent once where nobody wants to wait', async () => {
		const server = await startServer(errcode(45009, 'api freq out of limit'));
		const client = staticClient(server, { retry: { ...FAST, frequencyWaitMs: 0 } });
		const error = await failureOf(client.call(getChatData, INPUT));
		expect(error).toMatchObject({ errcode: 45009, entry: { action: 'wait' } });
		expect(server.requests).toHaveLength(1);
	});

	it('does not wait either for a limit that another call met, where nobody wants to', async () => {
		const server = await startServer(inTurn(errcode(45009), PAGE));
		const calls = new CallQueue();
		const patient = staticClient(server, { calls });
		const hurried = staticClient(server, { calls, retry: { frequencyWaitMs: 0, maxWaitMs: 5000 } });
		const stop = new AbortController();
		const waiting = failureOf(patient.call(getChatData, INPUT, { signal: stop.signal }));
		await until(() => server.requests.length === 1);
		await new Promise((resolve) => setTimeout(resolve, 50));
		const started = performance.now();
		const error = await failureOf(hurried.call(getChatData, INPUT));
		expect(performance.now() - started).toBeLessThan(1000);
		expect(error).toBeInstanceOf(TooManyCallsError);
		expect(error).toMatchObject({ hint: expect.stringMatching(/^Try again after 2\d{3}-/) });
		expect(server.requests).toHaveLength(1);
		stop.abort();
		expect(await waiting).toBeInstanceOf(CancelledError);
	});

	it('that is told to come back later (Retry-After) makes the others of its API wait as well', async () => {
		const busy = text('', 429, { 'Retry-After': '1' });
		const times: number[] = [];
		const reply = inTurn(busy, PAGE);
		const server = await startServer((request, response) => {
			times.push(performance.now());
			return reply(request, response);
		});
		const calls = new CallQueue();
		const [one, other] = [0, 1].map(() => staticClient(server, { calls }));
		const first = one?.call(getChatData, INPUT);
		await until(() => server.requests.length === 1);
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect((await other?.call(getChatData, INPUT))?.entries).toHaveLength(1);
		expect((await first)?.entries).toHaveLength(1);
		const [asked = 0, ...later] = times;
		expect(later.map((time) => time - asked >= 950)).toEqual([true, true]);
	});

	it('that creates something is never sent again after it left', async () => {
		for (const trouble of [errcode(-1), cut, text('', 502), text('')]) {
			const server = await startServer(inTurn(trouble, json({ errcode: 0 })));
			await failureOf(staticClient(server).call(createOnce, { name: 'a' }));
			expect(server.requests).toHaveLength(1);
		}
	});

	it('that nobody took is an error that says so', async () => {
		const client = staticClient({ url: `http://127.0.0.1:${await closedPort()}` });
		const error = await failureOf(client.call(createOnce, {}));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ requestSent: false, reason: 'ECONNREFUSED' });
	});

	it('takes the timeout it is given', async () => {
		const server = await startServer(silence);
		const client = staticClient(server, { retry: { retries: 0, firstDelayMs: 1 } });
		const error = await failureOf(client.call(getChatData, INPUT, { timeoutMs: 50 }));
		expect(error).toMatchObject({ reason: 'ETIMEDOUT', requestSent: true });
	});

	it('that is cancelled before it begins sends nothing', async () => {
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: PAGE }));
		const calling = corpClient(server).call(getChatData, INPUT, { signal: AbortSignal.abort() });
		expect(await failureOf(calling)).toBeInstanceOf(CancelledError);
		expect(server.requests).toHaveLength(0);
	});

	it('that is cancelled while WeCom thinks ends at once', async () => {
		const server = await startServer(silence);
		const controller = new AbortController();
		const failure = failureOf(
			staticClient(server).call(getChatData, INPUT, { signal: controller.signal }),
		);
		await until(() => server.requests.length === 1);
		controller.abort();
		expect(await failure).toBeInstanceOf(CancelledError);
		expect(server.requests).toHaveLength(1);
	});

	it('that is cancelled in the pause before a repetition ends at once', async () => {
		let answered = false;
		const server = await startServer((request, response) => {
			response.on('finish', () => (answered = true));
			return errcode(-1)(request, response);
		});
		const controller = new AbortController();
		const client = staticClient(server, { retry: { retries: 3, firstDelayMs: 60_000 } });
		const startedAt = performance.now();
		const failure = failureOf(client.call(getChatData, INPUT, { signal: controller.signal }));
		await until(() => answered);
		setTimeout(() => controller.abort(), 50);
		expect(await failure).toBeInstanceOf(CancelledError);
		expect(performance.now() - startedAt).toBeLessThan(5000);
		expect(server.requests).toHaveLength(1);
	});

	it('that is cancelled while others wait for the same token does not take it from them', async () => {
		const door = gate();
		const gettoken: Reply = async (request, response) => {
			await door.opened;
			await json({ access_token: 'T1', expires_in: 7200 })(request, response);
		};
		const server = await startServer(byPath({ [GETTOKEN]: gettoken, [CHAT_DATA]: PAGE }));
		const client = corpClient(server);
		const controller = new AbortController();
		const { signal } = controller;
		const cancelled = failureOf(client.call(getChatData, INPUT, { signal }));
		const others = [1, 2, 3].map(async () => await client.call(getChatData, INPUT));
		await until(() => server.to(GETTOKEN).length === 1);
		controller.abort();
		expect(await cancelled).toBeInstanceOf(CancelledError);
		expect(server.to(CHAT_DATA)).toHaveLength(0);
		door.open();
		expect(await Promise.all(others)).toHaveLength(3);
		expect(server.to(GETTOKEN)).toHaveLength(1);
		expect(server.to(CHAT_DATA)).toHaveLength(3);
	});

	it('keeps its connection for the next one', async () => {
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens(), [CHAT_DATA]: PAGE }));
		const client = corpClient(server);
		for (let call = 0; call < 5; call++) await client.call(getChatData, INPUT);
		expect(server.connections).toBe(1);
	});
});

describe('a client', () => {
	it.each<[string, Partial<ClientSettings>]>([
		['baseUrl', { baseUrl: 'http://qyapi.weixin.qq.com' }],
		['proxyUrl', { proxyUrl: 'socks5://127.0.0.1:1080' }],
		['corpId', { authentication: { type: 'corpSecret', corpId: '', corpSecret: 's' } }],
		['corpSecret', { authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: ' ' } }],
	])('with a bad %s is not made', (field, settings) => {
		const make = () => corpClient({ url: 'https://qyapi.weixin.qq.com' }, settings);
		expect(make).toThrow(InvalidInputError);
		expect(make).toThrow(expect.objectContaining({ field }));
	});

	it('checks the input before it fetches a token', async () => {
		const server = await startServer(byPath({ [GETTOKEN]: issueTokens() }));
		const client = corpClient(server);
		const calls = [
			client.call(getChatData, { cursor: '-1', limit: 1 }),
			client.call(checkSingleAgree, { info: [] }),
			client.call(getInnerGroup, { roomid: '' }),
		];
		for (const call of calls) expect(await failureOf(call)).toBeInstanceOf(InvalidInputError);
		expect(server.requests).toHaveLength(0);
	});
});
