import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator';
import { getAcquisitionAuthInfo } from '../../../wecom/api/acquisition';
import { getChatData } from '../../../wecom/api/archive';
import { WecomClient, type Authentication, type ClientSettings } from '../../../wecom/api/client';
import { listOrders } from '../../../wecom/api/orders';
import { keepSuiteTicket } from '../../../wecom/auth/suiteTicket';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import { InvalidInputError, type WecomApiError } from '../../../wecom/errors';
import { makeMemoryState } from '../../../wecom/state/memoryState';
import { failureOf } from '../support/server';

const PAGE = { cursor: '0', limit: 1 };
const SUITE_TOKEN = '/cgi-bin/service/get_suite_token';
const CORP_TOKEN = '/cgi-bin/service/get_corp_token';
const PROVIDER_TOKEN = '/cgi-bin/service/get_provider_token';
const CHAT_DATA = '/cgi-bin/msgaudit/get_chat_data';

let wecom: Simulator;

async function start(options: SimulatorOptions = {}) {
	wecom = await startSimulator({ messageCount: 3, ...options });
	return wecom;
}

afterEach(async () => {
	await wecom.stop();
});

/** A client of the suite for its n-th customer; the ticket is typed in unless a test says other. */
function suiteClient(
	{ customer = 0, ...suite }: Partial<Authentication> & { customer?: number } = {},
	settings: Partial<ClientSettings> = {},
): WecomClient {
	const { corpId: authCorpId, permanentCode } = wecom.customers[customer] ?? fail();
	return new WecomClient({
		baseUrl: wecom.url,
		authentication: {
			type: 'suite',
			...wecom.suite,
			suiteTicket: wecom.suiteTicket,
			authCorpId,
			permanentCode,
			...suite,
		} as Authentication,
		tokenCache: new TokenCache(),
		state: makeMemoryState(),
		retry: { firstDelayMs: 1, frequencyWaitMs: 0 },
		...settings,
	});
}

function fail(): never {
	throw new Error('The simulator has too few customers');
}

const paths = () => wecom.requests.map(({ path }) => path);
const countOf = (path: string) => paths().filter((one) => one === path).length;

describe('the chain of a suite', () => {
	it('leads from the ticket over the suite to the corp', async () => {
		await start();
		expect((await suiteClient().call(getChatData, PAGE)).entries).toHaveLength(1);
		expect(paths()).toEqual([SUITE_TOKEN, CORP_TOKEN, CHAT_DATA]);
		const { corpId, permanentCode } = wecom.customers[0] ?? fail();
		expect(wecom.requests.map(({ body }) => body)).toEqual([
			{
				suite_id: wecom.suite.suiteId,
				suite_secret: wecom.suite.suiteSecret,
				suite_ticket: wecom.suiteTicket,
			},
			{ auth_corpid: corpId, permanent_code: permanentCode },
			expect.anything(),
		]);
	});

	it('gives the suite_access_token itself to what takes it', async () => {
		await start();
		await suiteClient({ authCorpId: '', permanentCode: '' } as never).call(
			getAcquisitionAuthInfo,
			{},
		);
		expect(paths()).toEqual([
			SUITE_TOKEN,
			'/cgi-bin/externalcontact/customer_acquisition/get_auth_info',
		]);
	});

	it('is gone through once for 500 calls at the moment of expiry', async () => {
		await start();
		const client = suiteClient();
		await client.call(getChatData, PAGE);
		wecom.expireTokens();
		wecom.requests.length = 0;
		await Promise.all(
			Array.from({ length: 500 }, async () => await client.call(getChatData, PAGE)),
		);
		// The first get_corp_token is refused: the suite's own token had ended as well.
		expect([countOf(SUITE_TOKEN), countOf(CORP_TOKEN)]).toEqual([1, 2]);
	});

	it('renews only the link that ended early', async () => {
		await start();
		const client = suiteClient();
		await client.call(getChatData, PAGE);
		for (const errcode of [40014, 42001]) {
			wecom.requests.length = 0;
			wecom.faults.add({ kind: 'errcode', errcode, path: '/msgaudit/get_chat_data' });
			await client.call(getChatData, PAGE);
			expect(paths()).toEqual([CHAT_DATA, CORP_TOKEN, CHAT_DATA]);
		}
		for (const errcode of [40082, 42009, 40085]) {
			wecom.requests.length = 0;
			wecom.faults.add({ kind: 'errcode', errcode: 42001, path: '/msgaudit/get_chat_data' });
			wecom.faults.add({ kind: 'errcode', errcode, path: '/service/get_corp_token' });
			await client.call(getChatData, PAGE);
			expect(paths()).toEqual([CHAT_DATA, CORP_TOKEN, SUITE_TOKEN, CORP_TOKEN, CHAT_DATA]);
		}
	});

	it('renews the suite as well where the call itself is refused for it', async () => {
		await start();
		const client = suiteClient();
		await client.call(getChatData, PAGE);
		for (const errcode of [40082, 42009, 40085]) {
			wecom.requests.length = 0;
			wecom.faults.add({ kind: 'errcode', errcode, path: '/msgaudit/get_chat_data' });
			await client.call(getChatData, PAGE);
			expect(paths()).toEqual([CHAT_DATA, SUITE_TOKEN, CORP_TOKEN, CHAT_DATA]);
		}
	});

	it.each([40014, 42001, 40082, 42009, 40085])(
		'is whole again after get_corp_token answered %i to every try',
		async (errcode) => {
			await start();
			const settings = { state: makeMemoryState() };
			const path = '/service/get_corp_token';
			wecom.faults.add({ kind: 'errcode', errcode, path, times: 2 });
			expect(await failureOf(suiteClient({}, settings).call(getChatData, PAGE))).toMatchObject({
				errcode,
			});
			expect([countOf(SUITE_TOKEN), countOf(CORP_TOKEN)]).toEqual([2, 2]);
			expect((await suiteClient({}, settings).call(getChatData, PAGE)).entries).toHaveLength(1);
		},
	);

	it('lives on with the tokens it has when they cannot be renewed early, and no longer', async () => {
		await start();
		let now = Date.now();
		const tokenCache = new TokenCache(
			() => now,
			() => 0,
		);
		const client = suiteClient({}, { tokenCache, state: makeMemoryState(() => now) });
		await client.call(getChatData, PAGE);
		wecom.requests.length = 0;
		const refuse = (path: string) =>
			wecom.faults.add({ kind: 'errcode', errcode: 45009, path, times: 99 });
		for (const path of ['/service/get_suite_token', '/service/get_corp_token']) refuse(path);
		now += 6900 * 1000;
		for (let call = 0; call < 5; call++) await client.call(getChatData, PAGE);
		expect([countOf(SUITE_TOKEN), countOf(CORP_TOKEN)]).toEqual([1, 1]);
		now += 300 * 1000;
		expect(await failureOf(client.call(getChatData, PAGE))).toMatchObject({ errcode: 45009 });
	});

	it('gives up when the renewed link is refused as well', async () => {
		await start();
		wecom.faults.add({
			kind: 'errcode',
			errcode: 42001,
			path: '/msgaudit/get_chat_data',
			times: 9,
		});
		expect(await failureOf(suiteClient().call(getChatData, PAGE))).toMatchObject({
			errcode: 42001,
		});
		expect(countOf(CHAT_DATA)).toBe(2);
	});

	it('never gives the token of one corp to another, though they share cache and suite', async () => {
		await start();
		const shared = { tokenCache: new TokenCache(), state: makeMemoryState() };
		for (const customer of [0, 1, 0, 1]) {
			await suiteClient({ customer }, shared).call(getChatData, PAGE);
		}
		const used = wecom.requests
			.filter(({ path }) => path === CHAT_DATA)
			.map(({ query }) => query.access_token);
		expect([used[2], used[3]]).toEqual([used[0], used[1]]);
		expect(used[0]).not.toBe(used[1]);
		expect([countOf(SUITE_TOKEN), countOf(CORP_TOKEN)]).toEqual([1, 2]);
	});

	it('names the field that is missing and asks nobody', async () => {
		await start();
		const cases = [
			['suiteId', { suiteId: ' ' }],
			['suiteSecret', { suiteSecret: '' }],
			['suiteTicket', { suiteTicket: '' }],
			['authCorpId', { authCorpId: '' }],
			['permanentCode', { permanentCode: '' }],
		] as const;
		for (const [field, wrong] of cases) {
			const error = await failureOf(
				(async () => await suiteClient(wrong as never).call(getChatData, PAGE))(),
			);
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(error).toMatchObject({ field });
			expect((error as InvalidInputError).hint).toBeTruthy();
		}
		expect(paths()).toEqual([]);
	});
});

describe('a suite_ticket', () => {
	it('that the callback brought is used before the one that was typed in', async () => {
		await start();
		const state = makeMemoryState();
		const older = wecom.suiteTicket;
		const ticket = wecom.pushSuiteTicket();
		await keepSuiteTicket(state, wecom.suite.suiteId, { ticket, pushedAt: Date.now() });
		await suiteClient({ suiteTicket: older } as never, { state }).call(getChatData, PAGE);
		expect(wecom.requests[0]?.body).toMatchObject({ suite_ticket: ticket });
	});

	it('that is too old is named as the reason, with its age', async () => {
		await start();
		const state = makeMemoryState();
		const pushedAt = Date.now() - 47 * 60_000;
		await keepSuiteTicket(state, wecom.suite.suiteId, { ticket: 'ticket of the past', pushedAt });
		const client = suiteClient({ suiteTicket: '' } as never, { state });
		const error = await failureOf(client.call(getChatData, PAGE));
		expect(error).toMatchObject({ errcode: 40085, path: '/service/get_suite_token' });
		expect((error as WecomApiError).hint).toContain('is 47 minutes old');
		expect((error as WecomApiError).hint).not.toContain('ticket of the past');
	});

	it('that came while WeCom refused the one before is tried at once', async () => {
		await start();
		const state = makeMemoryState();
		const { suiteId } = wecom.suite;
		await keepSuiteTicket(state, suiteId, { ticket: 'stale', pushedAt: Date.now() - 3_000_000 });
		const { get } = state.secrets;
		let reads = 0;
		state.secrets.get = async (key) => {
			if (key.startsWith('suite_ticket') && ++reads === 2) {
				const ticket = wecom.pushSuiteTicket();
				await keepSuiteTicket(state, suiteId, { ticket, pushedAt: Date.now() });
			}
			return await get.call(state.secrets, key);
		};
		const client = suiteClient({ suiteTicket: '' } as never, { state });
		expect((await client.call(getChatData, PAGE)).entries).toHaveLength(1);
		expect(countOf(SUITE_TOKEN)).toBe(2);
	});

	it('that is stale is asked with once, and forgotten as soon as a new one came', async () => {
		await start();
		const state = makeMemoryState();
		const { suiteId } = wecom.suite;
		await keepSuiteTicket(state, suiteId, { ticket: 'stale', pushedAt: Date.now() - 3_000_000 });
		const call = async () => {
			const settings = { state, tokenCache: new TokenCache() };
			return await suiteClient({ suiteTicket: '' } as never, settings).call(getChatData, PAGE);
		};
		for (let time = 0; time < 3; time++) {
			expect(await failureOf(call())).toMatchObject({
				errcode: 40085,
				hint: expect.stringContaining('50 minutes old'),
			});
		}
		expect(countOf(SUITE_TOKEN)).toBe(1);
		const ticket = wecom.pushSuiteTicket();
		await keepSuiteTicket(state, suiteId, { ticket, pushedAt: Date.now() });
		expect((await call()).entries).toHaveLength(1);
	});

	it('never gives way to an older one', async () => {
		await start();
		const state = makeMemoryState();
		const { suiteId } = wecom.suite;
		const now = Date.now();
		await keepSuiteTicket(state, suiteId, { ticket: wecom.suiteTicket, pushedAt: now });
		await keepSuiteTicket(state, suiteId, { ticket: 'replayed', pushedAt: now - 1000 });
		const client = suiteClient({ suiteTicket: '' } as never, { state });
		expect((await client.call(getChatData, PAGE)).entries).toHaveLength(1);
	});
});

describe('a refused secret', () => {
	it.each<[string, object, number]>([
		['suite_secret', { suiteSecret: 'wrong secret' }, 40080],
		['permanent_code', { permanentCode: 'wrong code' }, 40084],
	])('(%s) is remembered, and WeCom asked once', async (_what, wrong, errcode) => {
		await start();
		const state = makeMemoryState();
		for (let call = 0; call < 5; call++) {
			const client = suiteClient(wrong as never, { state, tokenCache: new TokenCache() });
			expect(await failureOf(client.call(getChatData, PAGE))).toMatchObject({ errcode });
		}
		expect(countOf(errcode === 40080 ? SUITE_TOKEN : CORP_TOKEN)).toBe(1);
	});

	it('is asked about again by somebody who tests the credential, and in time', async () => {
		await start();
		let now = 1_800_000_000_000;
		const state = makeMemoryState(() => now);
		const wrong = { suiteSecret: 'wrong secret' } as never;
		const ask = async (more = {}) =>
			await failureOf(
				suiteClient(wrong, { state, tokenCache: new TokenCache(), ...more }).call(
					getChatData,
					PAGE,
				),
			);
		await ask();
		const remembered = await ask();
		expect((remembered as WecomApiError).hint).toContain('is not asked with the same values again');
		expect(countOf(SUITE_TOKEN)).toBe(1);
		await ask({ askAgain: true });
		expect(countOf(SUITE_TOKEN)).toBe(2);
		now += 11 * 60_000;
		await ask();
		expect(countOf(SUITE_TOKEN)).toBe(3);
	});

	it('does not stand in the way of the right one', async () => {
		await start();
		const state = makeMemoryState();
		await failureOf(
			suiteClient({ suiteSecret: 'wrong secret' } as never, { state }).call(getChatData, PAGE),
		);
		expect((await suiteClient({}, { state }).call(getChatData, PAGE)).entries).toHaveLength(1);
	});
});

describe('a provider', () => {
	const provider = () => {
		const { corpId: providerCorpId, providerSecret } = wecom.provider;
		return { provider: { providerCorpId, providerSecret } };
	};

	it('gets its token by itself, and a new one when it ended early', async () => {
		await start();
		const client = suiteClient(provider());
		await client.call(listOrders, {});
		wecom.expireTokens();
		await client.call(listOrders, {});
		expect(countOf(PROVIDER_TOKEN)).toBe(2);
		expect(wecom.requests[0]?.body).toEqual({
			corpid: wecom.provider.corpId,
			provider_secret: wecom.provider.providerSecret,
		});
	});

	it('with a wrong secret is told so, without a word of it', async () => {
		await start();
		const { providerCorpId } = provider().provider;
		const client = suiteClient({ provider: { providerCorpId, providerSecret: 'not my secret' } });
		const error = await failureOf(client.call(listOrders, {}));
		expect(error).toMatchObject({ errcode: 40001, path: '/service/get_provider_token' });
		expect(JSON.stringify(error)).not.toContain('not my secret');
	});
});

describe('processes with one state', () => {
	/** Like two processes: each has its own cache. */
	const twoClients = () => {
		const state = { ...makeMemoryState(), kind: 'redis' as const };
		return [1, 2].map(() => suiteClient({}, { state, tokenCache: new TokenCache() }));
	};

	it('ask for each token once', async () => {
		await start();
		const clients = twoClients();
		await Promise.all(
			clients.flatMap((client) =>
				Array.from({ length: 20 }, async () => await client.call(getChatData, PAGE)),
			),
		);
		expect([countOf(SUITE_TOKEN), countOf(CORP_TOKEN)]).toEqual([1, 1]);
	});

	it('renew an early ended token once', async () => {
		await start();
		const clients = twoClients();
		await Promise.all(clients.map(async (client) => await client.call(getChatData, PAGE)));
		wecom.expireTokens();
		wecom.requests.length = 0;
		await Promise.all(
			clients.flatMap((client) =>
				Array.from({ length: 20 }, async () => await client.call(getChatData, PAGE)),
			),
		);
		expect([countOf(SUITE_TOKEN), countOf(CORP_TOKEN)]).toEqual([1, 2]); // one refused, as above
	});
});
