import { startSimulator, type Simulator } from '../../../simulator';
import { makeTokens } from '../../../simulator/tokens';
import { call, get, getToken } from './support';

const OWNER = { corpId: 'ww1', app: 'app' };
const GROUP = '/msgaudit/get_inner_group';

let simulator: Simulator;
let now = 1_790_000_000_000;

beforeEach(async () => {
	simulator = await startSimulator({ messageCount: 0, tokenTtlSeconds: 100, now: () => now });
});
afterEach(() => simulator.stop());

/** 40063 (roomid missing) means that the token was let through. */
async function codeWith(token: string): Promise<number> {
	return (await call(simulator, GROUP, token, {})).errcode;
}

test('gettoken gives the same token while it is valid', async () => {
	const { corpId, corpSecret } = simulator.corp;
	const path = `/gettoken?corpid=${corpId}&corpsecret=${corpSecret}`;
	const first = await get(simulator, path);
	expect(first).toEqual({
		errcode: 0,
		errmsg: 'ok',
		access_token: expect.any(String),
		expires_in: 100,
	});
	now += 40_000;
	expect(await get(simulator, path)).toEqual({ ...first, expires_in: 60 });
	expect(simulator.tokensIssued).toBe(1);
});

test('gettoken tells what is wrong with corpid and secret', async () => {
	const { corpId, corpSecret } = simulator.corp;
	const codeFor = async (query: string) => (await get(simulator, `/gettoken?${query}`)).errcode;
	expect(await codeFor('')).toBe(41002);
	expect(await codeFor(`corpid=${corpId}`)).toBe(41004);
	expect(await codeFor(`corpid=wwother&corpsecret=${corpSecret}`)).toBe(40013);
	expect(await codeFor(`corpid=${corpId}&corpsecret=wrong`)).toBe(40001);
	expect(simulator.tokensIssued).toBe(0);
});

test('a token is good for its time and then answers 42001', async () => {
	const token = await getToken(simulator);
	expect(await codeWith(token)).toBe(40063);
	now += 99_999;
	expect(await codeWith(token)).toBe(40063);
	now += 1;
	expect(await codeWith(token)).toBe(42001);
	const next = await getToken(simulator);
	expect(next).not.toBe(token);
	expect(await codeWith(next)).toBe(40063);
	expect(simulator.tokensIssued).toBe(2);
});

test('expireTokens ends every token there is, not the next one', async () => {
	const token = await getToken(simulator);
	simulator.expireTokens();
	expect(await codeWith(token)).toBe(42001);
	expect(await codeWith(await getToken(simulator))).toBe(40063);
});

describe('tokens of several owners', () => {
	const [first, second] = [OWNER, { corpId: 'ww2', app: 'app' }];
	const otherApp = { ...OWNER, app: 'other' };

	test('are told apart by corp and app, and remember whose they are', () => {
		const { access_token: tokens } = makeTokens(100, () => now);
		const granted = [first, second, otherApp].map((owner) => tokens.grant(owner).token);
		expect(new Set(granted).size).toBe(3);
		expect(granted.map((token) => tokens.check(token))).toEqual([first, second, otherApp]);
		expect(tokens.grant(first).token).toBe(granted[0]);
		expect(tokens.issued).toBe(3);
	});

	test('are revoked for one owner, as if they had never been', () => {
		const { access_token: tokens } = makeTokens(100, () => now);
		const [old, kept] = [tokens.grant(first).token, tokens.grant(otherApp).token];
		tokens.revoke(first);
		expect(() => tokens.check(old)).toThrow(expect.objectContaining({ errcode: 40014 }));
		expect(tokens.check(kept)).toEqual(otherApp);
		expect(tokens.grant(first).token).not.toBe(old);
		expect(tokens.issued).toBe(3);
	});
});

describe.each([
	['suite_access_token', 'suiteAccessToken', 41022, 40082, 42009],
	['provider_access_token', 'providerAccessToken', 41001, 40014, 42001],
] as const)('the %s', (kind, property, missing, unknown, expired) => {
	const codeOf = (check: () => void): number => {
		try {
			check();
			return 0;
		} catch (error) {
			return (error as { errcode: number }).errcode;
		}
	};

	test('stays the same until tokens are expired', () => {
		const token = simulator[property];
		expect(token.length).toBeGreaterThan(60);
		now += 30 * 86_400_000;
		expect(simulator[property]).toBe(token);
		simulator.expireTokens();
		expect(simulator[property]).not.toBe(token);
		expect(simulator.tokensIssued).toBe(0);
	});

	test('is refused with its own errcodes', () => {
		const tokens = makeTokens(100, () => now);
		const { token } = tokens[kind].grant(OWNER);
		expect(codeOf(() => tokens[kind].check(token))).toBe(0);
		expect(codeOf(() => tokens[kind].check(''))).toBe(missing);
		expect(codeOf(() => tokens[kind].check(undefined))).toBe(missing);
		expect(codeOf(() => tokens[kind].check(tokens.access_token.grant(OWNER).token))).toBe(unknown);
		tokens[kind].expireAll();
		expect(codeOf(() => tokens[kind].check(token))).toBe(expired);
	});
});

test('a missing token is 41001, also under the name of another kind; an unknown one 40014', async () => {
	const token = await getToken(simulator);
	expect(await codeWith('')).toBe(41001);
	expect(await codeWith('made-up')).toBe(40014);
	const response = await fetch(`${simulator.url}/cgi-bin${GROUP}?suite_access_token=${token}`, {
		method: 'POST',
		body: '{}',
	});
	expect(await response.json()).toMatchObject({ errcode: 41001 });
});
