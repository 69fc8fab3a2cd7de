import { StaticTokens } from '../../../wecom/auth/staticTokens';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import { TokenChain, type CorpSecret } from '../../../wecom/auth/tokenChain';
import { InvalidInputError, WecomApiError, WecomResponseError } from '../../../wecom/errors';
import { Redactor } from '../../../wecom/http/redact';
import { WecomHttp } from '../../../wecom/http/wecomHttp';
import { makeMemoryState } from '../../../wecom/state/memoryState';
import type { State } from '../../../wecom/state/stateStore';
import {
	byPath,
	closeServers,
	errcode,
	failureOf,
	inTurn,
	json,
	startServer,
	text,
	type Reply,
} from '../support/server';

const SECRET: CorpSecret = { corpId: 'ww0123456789', corpSecret: 'the-secret' };
const FAST = { retries: 3, firstDelayMs: 1 };

afterEach(closeServers);

function issue(token: string, expires_in: unknown = 7200): Reply {
	return json({ errcode: 0, errmsg: 'ok', access_token: token, expires_in });
}

function tokensFor(
	baseUrl: string,
	{
		secret = SECRET,
		cache = new TokenCache(),
		redactor = new Redactor(),
		others = new StaticTokens({}),
		state = undefined as State | undefined,
	} = {},
) {
	return new TokenChain(
		{ corp: secret },
		{ http: new WecomHttp({ baseUrl }, redactor), cache, baseUrl, others, retry: FAST, state },
	);
}

describe('gettoken', () => {
	it('is asked with corpid and corpsecret in the query and no body', async () => {
		const server = await startServer(issue('T'));
		const secret = { corpId: 'ww1', corpSecret: 'a+b/c=&d' };
		expect(await tokensFor(server.url, { secret }).get('access_token')).toBe('T');
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({
			method: 'GET',
			path: '/cgi-bin/gettoken',
			query: { corpid: 'ww1', corpsecret: 'a+b/c=&d' },
			body: '',
		});
	});

	it('is asked once as long as the token is good', async () => {
		const server = await startServer(issue('T'));
		const tokens = tokensFor(server.url);
		for (let call = 0; call < 5; call++) expect(await tokens.get('access_token')).toBe('T');
		expect(server.requests).toHaveLength(1);
	});

	it.each([
		['a number', 7200, 6900],
		['text', '7200', 6900],
		['missing', undefined, 6900],
		['0', 0, 6900],
		['short', 100, 50],
	])('is asked again in time when expires_in is %s', async (_what, expiresIn, usableSeconds) => {
		const server = await startServer(inTurn(issue('T1', expiresIn), issue('T2')));
		let now = 0;
		const tokens = tokensFor(server.url, {
			cache: new TokenCache(
				() => now,
				() => 0,
			),
		});
		expect(await tokens.get('access_token')).toBe('T1');
		now = usableSeconds * 1000 - 1;
		expect(await tokens.get('access_token')).toBe('T1');
		now = usableSeconds * 1000;
		expect(await tokens.get('access_token')).toBe('T2');
	});

	it('is asked again when WeCom is busy', async () => {
		const server = await startServer(inTurn(errcode(-1), text('', 502), issue('T')));
		expect(await tokensFor(server.url).get('access_token')).toBe('T');
		expect(server.requests).toHaveLength(3);
	});

	it('is asked exactly once with a wrong secret, and WeCom has the last word', async () => {
		const words = 'invalid credential, hint: [1700000000_1], from ip: 203.0.113.7';
		const server = await startServer(errcode(40001, words));
		const error = await failureOf(tokensFor(server.url).get('access_token'));
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({
			errcode: 40001,
			errmsg: words,
			path: '/gettoken',
			message: `WeCom answered /gettoken with errcode 40001: ${words}`,
			hint: expect.stringContaining('secret'),
		});
		expect(server.requests).toHaveLength(1);
	});

	it.each<[string, object]>([
		['no access_token', { errcode: 0 }],
		['an empty access_token', { errcode: 0, access_token: '' }],
		['an access_token that is no text', { errcode: 0, access_token: 5 }],
	])('that answers with %s is an error and not asked again', async (_what, answer) => {
		const server = await startServer(json(answer));
		const error = await failureOf(tokensFor(server.url).get('access_token'));
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({ message: 'The answer to /gettoken has no access_token' });
		expect(server.requests).toHaveLength(1);
	});
});

describe('a suite_access_token that WeCom refused', () => {
	/** A server that gives `S1`, `S2` … and of each the corps' tokens, `C1`, `C2` … */
	async function suiteServer() {
		const counts = { S: 0, C: 0 };
		const next =
			(name: 'S' | 'C', field: string): Reply =>
			(request, response) =>
				json({ [field]: `${name}${++counts[name]}`, expires_in: 7200 })(request, response);
		const server = await startServer(
			byPath({
				'/cgi-bin/service/get_suite_token': next('S', 'suite_access_token'),
				'/cgi-bin/service/get_corp_token': next('C', 'access_token'),
				'/cgi-bin/service/get_provider_token': next('C', 'provider_access_token'),
			}),
		);
		const settings = {
			http: new WecomHttp({ baseUrl: server.url }, new Redactor()),
			baseUrl: server.url,
			others: new StaticTokens({}),
			retry: FAST,
		};
		const suite = { suiteId: 'ww1', suiteSecret: 'the-secret', suiteTicket: 'ticket' };
		const provider = { providerCorpId: 'wwP', providerSecret: 'the-other-secret' };
		return {
			counts,
			/** As one process has them: the chains of some customers with one cache. */
			chainsOf: (customers: number, state: State) => {
				const cache = new TokenCache();
				return Array.from({ length: customers }, (_, customer) => {
					const authorizedCorp = { authCorpId: `wp${customer}`, permanentCode: 'the-code' };
					const grants = { suite, authorizedCorp, provider };
					return new TokenChain(grants, { ...settings, cache, state });
				});
			},
		};
	}

	describe.each([
		['one process', 1, 'memory'],
		['two processes that share a state', 2, 'redis'],
	] as const)('is renewed once, %s:', (_where, processes, kind) => {
		/** Two customers each; and what happened so far. */
		async function setUp() {
			const { counts, chainsOf } = await suiteServer();
			const state = { ...makeMemoryState(), kind };
			const chains = Array.from({ length: processes }, () => chainsOf(2, state)).flat();
			return { counts, chains };
		}

		it('however many calls carried it, and however late some hear of it', async () => {
			const { counts, chains } = await setUp();
			const everywhere = async () =>
				await Promise.all(chains.map(async (chain) => await chain.get('suite_access_token')));
			expect(new Set(await everywhere())).toEqual(new Set(['S1']));
			for (let late = 0; late < 8; late++) {
				for (const chain of chains) chain.discard('suite_access_token', 'S1', 'suite_access_token');
				expect(new Set(await everywhere())).toEqual(new Set(['S2']));
			}
			expect(counts).toEqual({ S: 2, C: 0 });
		});

		it('however many customers have tokens that were made with it, and however late', async () => {
			const { counts, chains } = await setUp();
			const everywhere = async () =>
				await Promise.all(chains.map(async (chain) => await chain.get('access_token')));
			const old = await everywhere();
			expect(counts).toEqual({ S: 1, C: 2 });
			for (let late = 0; late < 8; late++) {
				for (const [index, chain] of chains.entries()) {
					chain.discard('access_token', old[index] ?? '', 'suite_access_token');
					await chain.get('access_token');
				}
			}
			expect(new Set(await everywhere())).toEqual(new Set(['C3', 'C4']));
			expect(counts).toEqual({ S: 2, C: 4 });
			// And it is heard again of the new one.
			for (const [index, chain] of chains.entries()) {
				const token = (await everywhere())[index] ?? '';
				chain.discard('access_token', token, 'suite_access_token');
				await chain.get('access_token');
			}
			expect(counts).toEqual({ S: 3, C: 6 });
		});

		it('not for what a provider is told', async () => {
			const { counts, chains } = await setUp();
			const [chain] = chains;
			await chain?.get('access_token');
			const token = (await chain?.get('provider_access_token')) ?? '';
			chain?.discard('provider_access_token', token, 'suite_access_token');
			await chain?.get('suite_access_token');
			expect(await chain?.get('provider_access_token')).not.toBe(token);
			expect(counts).toEqual({ S: 1, C: 3 });
		});
	});
});

describe('a token that cannot be renewed before it expires', () => {
	afterEach(() => jest.restoreAllMocks());

	it('serves all processes that share it until then, with one more try every 15 seconds', async () => {
		const server = await startServer(inTurn(issue('T1'), text('<h1>403</h1>', 403)));
		const state = { ...makeMemoryState(), kind: 'redis' as const };
		const processOf = () => tokensFor(server.url, { cache: new TokenCache(), state });
		let now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now);
		const old = [processOf(), processOf()];
		for (const tokens of old) expect(await tokens.get('access_token')).toBe('T1');
		now += 6900 * 1000;
		// One that was started just now has nothing but what the others left.
		const all = [...old, processOf()];
		for (let second = 0; second < 60; second++, now += 1000) {
			for (const tokens of all) expect(await tokens.get('access_token')).toBe('T1');
		}
		expect(server.requests).toHaveLength(1 + 4);

		all[0]?.discard('access_token', 'T1');
		expect(await failureOf((async () => await all[0]?.get('access_token'))())).toBeInstanceOf(
			WecomResponseError,
		);
		now += 239_999;
		for (const tokens of all.slice(1)) expect(await tokens.get('access_token')).toBe('T1');
		now += 1;
		for (const tokens of [...all, processOf()]) {
			expect(await failureOf(tokens.get('access_token'))).toBeInstanceOf(WecomResponseError);
		}
	});

	it('is replaced as soon as it can be', async () => {
		const server = await startServer(inTurn(issue('T1'), text('<h1>403</h1>', 403), issue('T2')));
		const state = { ...makeMemoryState(), kind: 'redis' as const };
		let now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now);
		const [one, other] = [1, 2].map(() =>
			tokensFor(server.url, { cache: new TokenCache(), state }),
		);
		const get = async () => [await one?.get('access_token'), await other?.get('access_token')];
		await get();
		now += 6900 * 1000;
		expect(await get()).toEqual(['T1', 'T1']);
		now += 15_000;
		expect(await get()).toEqual(['T2', 'T2']);
		expect(server.requests).toHaveLength(3);
	});
});

describe('a token fetched', () => {
	it('is unknown to other base URLs, corps and secrets, though they share the cache', async () => {
		const cache = new TokenCache();
		let issued = 0;
		const count: Reply = (request, response) => issue(`T${++issued}`)(request, response);
		const one = await startServer(count);
		const other = await startServer(count);
		const secrets: CorpSecret[] = [
			{ corpId: 'ab', corpSecret: 'cdef' },
			{ corpId: 'ab', corpSecret: 'other' },
			{ corpId: 'abc', corpSecret: 'def' },
			{ corpId: 'ab","cd', corpSecret: 'ef' },
		];
		const sources = [one, other].flatMap(({ url }) =>
			secrets.map((secret) => tokensFor(url, { secret, cache })),
		);
		const first = [];
		for (const source of sources) first.push(await source.get('access_token'));
		const second = [];
		for (const source of sources) second.push(await source.get('access_token'));
		expect(first).toEqual(['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8']);
		expect(second).toEqual(first);
	});

	it('is shared by everybody with the same base URL, corp and secret', async () => {
		const cache = new TokenCache();
		const server = await startServer(issue('T'));
		const sources = [1, 2, 3].map(() => tokensFor(server.url, { cache }));
		await Promise.all(sources.map(async (source) => await source.get('access_token')));
		expect(server.requests).toHaveLength(1);
	});

	it('is a secret from then on, also for those who found it in the cache', async () => {
		const cache = new TokenCache();
		const server = await startServer(issue('fetched-token'));
		const redactors = [new Redactor(), new Redactor()];
		for (const redactor of redactors) {
			await tokensFor(server.url, { cache, redactor }).get('access_token');
			expect(redactor.clean('fetched-token')).toBe('***');
		}
	});

	it('can be replaced when WeCom refuses it', async () => {
		const server = await startServer(inTurn(issue('T1'), issue('T2')));
		const tokens = tokensFor(server.url);
		expect(tokens.discard('access_token', await tokens.get('access_token'))).toBe(true);
		expect(await tokens.get('access_token')).toBe('T2');
	});
});

describe('corpid and secret', () => {
	it.each<[string, CorpSecret]>([
		['corpId', { corpId: ' ', corpSecret: 'secret' }],
		['corpSecret', { corpId: 'ww1', corpSecret: '' }],
	])('without %s are refused, with the place to find it', (field, secret) => {
		const make = () => tokensFor('http://127.0.0.1', { secret });
		expect(make).toThrow(InvalidInputError);
		expect(make).toThrow(
			expect.objectContaining({ field, hint: expect.stringContaining('admin console') }),
		);
	});

	it.each(['suite_access_token', 'provider_access_token'] as const)(
		'cannot fetch a %s',
		async (kind) => {
			const server = await startServer(issue('T'));
			const error = await failureOf(tokensFor(server.url).get(kind));
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(error).toMatchObject({ field: kind });
			expect(server.requests).toHaveLength(0);
		},
	);

	it.each(['suite_access_token', 'provider_access_token'] as const)(
		'leave a %s to those who have one, refused or not',
		async (kind) => {
			const server = await startServer(issue('T'));
			const others = new StaticTokens({ [kind]: `pasted ${kind}`, access_token: 'pasted' });
			const tokens = tokensFor(server.url, { others });
			expect(await tokens.get(kind)).toBe(`pasted ${kind}`);
			expect(tokens.discard(kind, `pasted ${kind}`)).toBe(false);
			expect(server.requests).toHaveLength(0);
			expect(await tokens.get('access_token')).toBe('T');
			expect(tokens.discard(kind, 'T')).toBe(false);
			expect(await tokens.get('access_token')).toBe('T');
			expect(server.requests).toHaveLength(1);
		},
	);
});
