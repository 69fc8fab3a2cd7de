import { startSimulator, type AuthorizedCorp, type Simulator } from '../../../simulator';
import { ask, call, get, getSuiteToken, getToken } from './support';

const SUITE_TOKEN = '/service/get_suite_token';
const CORP_TOKEN = '/service/get_corp_token';
const PROVIDER_TOKEN = '/service/get_provider_token';
const GROUP = '/msgaudit/get_inner_group';
const MINUTE = 60_000;

let simulator: Simulator;
let now = 1_790_000_000_000;

beforeEach(async () => {
	simulator = await startSimulator({
		messageCount: 0,
		tokenTtlSeconds: 4000,
		wrongSecretLimit: 5,
		now: () => now,
	});
});
afterEach(() => simulator.stop());

const customer = (index: number) => simulator.customers[index] as AuthorizedCorp;

const suiteBody = (changes: object = {}) => ({
	suite_id: simulator.suite.suiteId,
	suite_secret: simulator.suite.suiteSecret,
	suite_ticket: simulator.suiteTicket,
	...changes,
});

const corpBody = ({ corpId, permanentCode } = customer(0)) => ({
	auth_corpid: corpId,
	permanent_code: permanentCode,
});

const providerBody = (changes: object = {}) => ({
	corpid: simulator.provider.corpId,
	provider_secret: simulator.provider.providerSecret,
	...changes,
});

async function corpTokenOf(corp: AuthorizedCorp): Promise<string> {
	const path = `${CORP_TOKEN}?suite_access_token=${await getSuiteToken(simulator)}`;
	return (await ask(simulator, path, corpBody(corp))).access_token as string;
}

const getTokenBy = (corpId: string, secret: string) =>
	get(simulator, `/gettoken?corpid=${corpId}&corpsecret=${secret}`);

/** 40063 (roomid missing) means that the token was let through. */
const codeWith = async (token: string) => (await call(simulator, GROUP, token, {})).errcode;

describe('get_suite_token', () => {
	const codeFor = async (changes: object) =>
		(await ask(simulator, SUITE_TOKEN, suiteBody(changes))).errcode;

	test('gives the same token while it is valid, without an errcode', async () => {
		const first = await ask(simulator, SUITE_TOKEN, suiteBody());
		expect(first).toEqual({ suite_access_token: expect.any(String), expires_in: 4000 });
		now += 10 * MINUTE;
		expect(await ask(simulator, SUITE_TOKEN, suiteBody())).toEqual({ ...first, expires_in: 3400 });
	});

	test.each([
		[41021, { suite_id: undefined }],
		[41021, { suite_id: '' }],
		[40063, { suite_secret: undefined }],
		[41023, { suite_ticket: undefined }],
		[41023, { suite_ticket: '' }],
		[40083, { suite_id: 'ww0123456789abcdef' }],
		[40080, { suite_secret: 'wrong' }],
		[40085, { suite_ticket: 'made-up' }],
		[40058, { suite_ticket: 7 }],
		[40058, { ticket: 'x' }],
	])('answers %i to %j', async (errcode, changes) => {
		expect(await codeFor(changes)).toBe(errcode);
	});

	test('takes a ticket for 30 minutes, older ones beside the newest', async () => {
		const old = simulator.suiteTicket;
		now += 29 * MINUTE;
		const fresh = simulator.pushSuiteTicket();
		expect(fresh).not.toBe(old);
		expect(simulator.suiteTicket).toBe(fresh);
		expect(await codeFor({ suite_ticket: old })).toBeUndefined();
		now += MINUTE;
		expect(await codeFor({ suite_ticket: old })).toBe(40085);
		expect(await codeFor({ suite_ticket: fresh })).toBeUndefined();
		now += 29 * MINUTE;
		expect(simulator.suiteTicket).toBe('');
		expect(await codeFor({ suite_ticket: fresh })).toBe(40085);
	});

	test('gives a token that runs out', async () => {
		const path = `${CORP_TOKEN}?suite_access_token=${await getSuiteToken(simulator)}`;
		now += 4000 * 1000;
		expect((await ask(simulator, path, corpBody())).errcode).toBe(42009);
		simulator.pushSuiteTicket();
		const next = `${CORP_TOKEN}?suite_access_token=${await getSuiteToken(simulator)}`;
		expect(await ask(simulator, next, corpBody())).toHaveProperty('access_token');
	});
});

describe('get_corp_token', () => {
	const answerTo = async (body: object) =>
		await ask(
			simulator,
			`${CORP_TOKEN}?suite_access_token=${await getSuiteToken(simulator)}`,
			body,
		);
	const codeFor = async (body: object) => (await answerTo(body)).errcode;

	test('gives every corp a token of its own, without an errcode, that all APIs take', async () => {
		const tokens: string[] = [];
		for (const corp of simulator.customers) {
			const answer = await answerTo(corpBody(corp));
			expect(answer).toEqual({ access_token: expect.any(String), expires_in: 4000 });
			expect((await answerTo(corpBody(corp))).access_token).toBe(answer.access_token);
			expect(await codeWith(answer.access_token as string)).toBe(40063);
			tokens.push(answer.access_token as string);
		}
		expect(new Set(tokens).size).toBe(3);
		expect(simulator.tokensIssued).toBe(3);
	});

	test('tells what is wrong', async () => {
		const { corpId, permanentCode } = customer(1);
		expect(await codeFor({ permanent_code: permanentCode })).toBe(40063);
		expect(await codeFor({ auth_corpid: corpId })).toBe(41025);
		expect(await codeFor({ auth_corpid: corpId, permanent_code: '' })).toBe(41025);
		expect(await codeFor({ auth_corpid: 'wpOther', permanent_code: permanentCode })).toBe(40013);
		expect(await codeFor({ auth_corpid: corpId, permanent_code: 'wrong' })).toBe(40084);
		expect(await codeFor({ ...corpBody(), permanent_code: permanentCode })).toBe(40084);
		expect(await codeFor({ ...corpBody(), suite_id: 'x' })).toBe(40058);
		simulator.cancelAuth(corpId);
		expect(await codeFor(corpBody(customer(1)))).toBe(48004);
		expect(simulator.tokensIssued).toBe(0);
	});

	test('wants a suite_access_token', async () => {
		const codeOf = async (query: string) =>
			(await ask(simulator, CORP_TOKEN + query, corpBody())).errcode;
		expect(await codeOf('')).toBe(41022);
		expect(await codeOf('?suite_access_token=made-up')).toBe(40082);
		expect(await codeOf(`?suite_access_token=${await getToken(simulator)}`)).toBe(40082);
		const token = await getSuiteToken(simulator);
		simulator.expireTokens();
		expect(await codeOf(`?suite_access_token=${token}`)).toBe(42009);
	});
});

describe('gettoken', () => {
	test('takes the permanent code of a customer, for the token that get_corp_token gives', async () => {
		const { corpId, permanentCode } = customer(2);
		const answer = await getTokenBy(corpId, permanentCode);
		expect(answer).toMatchObject({ errcode: 0, access_token: expect.any(String) });
		expect(answer.access_token).toBe(await corpTokenOf(customer(2)));
	});

	test('gives the corp’s own app another token than the app it authorized', async () => {
		expect(await corpTokenOf(customer(0))).not.toBe(await getToken(simulator));
		expect(customer(0).corpId).toBe(simulator.corp.corpId);
	});

	test('takes neither another corp’s code, nor the corp’s secret for another corp', async () => {
		const { corpId } = customer(1);
		expect((await getTokenBy(corpId, customer(2).permanentCode)).errcode).toBe(40001);
		expect((await getTokenBy(corpId, simulator.corp.corpSecret)).errcode).toBe(40001);
	});
});

describe('get_provider_token', () => {
	const codeFor = async (changes: object) =>
		(await ask(simulator, PROVIDER_TOKEN, providerBody(changes))).errcode;

	test('gives the same token while it is valid, without an errcode; orders take it', async () => {
		const answer = await ask(simulator, PROVIDER_TOKEN, providerBody());
		expect(answer).toEqual({ provider_access_token: expect.any(String), expires_in: 4000 });
		expect(await ask(simulator, PROVIDER_TOKEN, providerBody())).toEqual(answer);
		const orders = `/service/contact/batchorder/get?provider_access_token=${String(answer.provider_access_token)}`;
		// 40063 (order_id missing) means that the token was let through.
		expect((await ask(simulator, orders, {})).errcode).toBe(40063);
		now += 4000 * 1000;
		expect((await ask(simulator, orders, {})).errcode).toBe(42001);
	});

	test.each([
		[41002, { corpid: undefined }],
		[40063, { provider_secret: undefined }],
		[40058, { provider_secret: '' }],
		[40013, { corpid: 'ww0123456789abcdef' }],
		[40001, { provider_secret: 'wrong' }],
		[40058, { suite_id: 'x' }],
	])('answers %i to %j', async (errcode, changes) => {
		expect(await codeFor(changes)).toBe(errcode);
	});

	test('does not take the secret of the suite', async () => {
		expect(await codeFor({ provider_secret: simulator.suite.suiteSecret })).toBe(40001);
	});
});

test('expireTokens ends those of every corp', async () => {
	const tokens = [await corpTokenOf(customer(1)), await corpTokenOf(customer(2))];
	expect(await Promise.all(tokens.map(codeWith))).toEqual([40063, 40063]);
	simulator.expireTokens();
	expect(await Promise.all(tokens.map(codeWith))).toEqual([42001, 42001]);
	expect(await corpTokenOf(customer(1))).not.toBe(tokens[0]);
});

describe('wrong secrets', () => {
	/** One in each of the APIs that count them. */
	async function tryFour(): Promise<unknown[]> {
		const { corpId } = customer(1);
		const corpToken = `${CORP_TOKEN}?suite_access_token=${simulator.suiteAccessToken}`;
		const answers = [
			await getTokenBy(corpId, 'wrong'),
			await ask(simulator, SUITE_TOKEN, suiteBody({ suite_secret: 'wrong' })),
			await ask(simulator, corpToken, { ...corpBody(), permanent_code: 'wrong' }),
			await ask(simulator, PROVIDER_TOKEN, providerBody({ provider_secret: 'wrong' })),
		];
		return answers.map(({ errcode }) => errcode);
	}
	const goodTry = () => ask(simulator, SUITE_TOKEN, suiteBody());

	test('ban the address for an hour, from the limit on, in all of them', async () => {
		expect(await tryFour()).toEqual([40001, 40080, 40084, 40001]);
		expect(await goodTry()).toHaveProperty('suite_access_token');
		expect((await getTokenBy(customer(1).corpId, 'wrong')).errcode).toBe(40001);
		expect(await tryFour()).toEqual([45009, 45009, 45009, 45009]);
		simulator.pushSuiteTicket();
		expect((await goodTry()).errcode).toBe(45009);
		now += 60 * MINUTE - 1;
		simulator.pushSuiteTicket();
		expect((await goodTry()).errcode).toBe(45009);
		now += 1;
		expect(await goodTry()).toHaveProperty('suite_access_token');
	});

	test('do not count longer than a minute', async () => {
		expect(await tryFour()).toEqual([40001, 40080, 40084, 40001]);
		now += MINUTE;
		expect(await tryFour()).toEqual([40001, 40080, 40084, 40001]);
	});

	test('are not what other refusals are', async () => {
		for (let count = 0; count < 10; count++) {
			await ask(simulator, SUITE_TOKEN, suiteBody({ suite_ticket: 'made-up' }));
			await getTokenBy('wwother', 'wrong');
		}
		expect(await goodTry()).toHaveProperty('suite_access_token');
	});
});
