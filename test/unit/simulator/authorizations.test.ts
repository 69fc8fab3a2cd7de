import {
	startSimulator,
	suiteCredentialsFor,
	type AuthorizedCorp,
	type Simulator,
} from '../../../simulator';
import { encryptOf, Endpoint, open } from './endpoint';
import { ask, call, get, getSuiteToken, getToken, type Answer } from './support';

const MINUTE = 60_000;
const GROUP = '/msgaudit/get_inner_group';

let simulator: Simulator;
let endpoint: Endpoint;
let suiteToken: string;
let now: number;

beforeEach(async () => {
	now = 1_790_000_000_000;
	endpoint = new Endpoint();
	const callbackUrl = await endpoint.listen();
	simulator = await startSimulator({ messageCount: 0, callbackUrl, now: () => now });
	suiteToken = await getSuiteToken(simulator);
});
afterEach(async () => {
	await simulator.stop();
	await endpoint.close();
});

const customer = (index: number) => simulator.customers[index] as AuthorizedCorp;

/** POST under /service with the suite_access_token. */
const askService = (path: string, body: unknown): Promise<Answer> =>
	ask(simulator, `/service/${path}?suite_access_token=${suiteToken}`, body);

const exchange = (authCode: string) => askService('v2/get_permanent_code', { auth_code: authCode });

const corpToken = ({ corpId, permanentCode }: AuthorizedCorp) =>
	askService('get_corp_token', { auth_corpid: corpId, permanent_code: permanentCode });

/** Fields of the events that were called back, as they came over the wire. */
async function eventsReceived(): Promise<Array<Record<string, string>>> {
	await simulator.settled();
	return endpoint.received.map(({ body }) => {
		const { text, receiveId } = open(encryptOf(body), simulator.callback.encodingAesKey);
		expect(receiveId).toBe(simulator.suite.suiteId);
		const fields = [...text.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|(\d+))<\/\1>/g)];
		return Object.fromEntries(
			fields.map(([, name, words, number]) => [name as string, words ?? (number as string)]),
		);
	});
}

const head = () => ({ SuiteId: simulator.suite.suiteId, TimeStamp: '1790000000' });

test('three corps are authorized from the start: the simulated one and two that orders know', () => {
	const [own, ...others] = simulator.customers;
	expect(own).toMatchObject({
		corpId: simulator.world.corpId,
		corpName: simulator.world.corpName,
		status: 'authorized',
	});
	expect(others.map(({ corpId, corpName }) => [corpId, corpName])).toEqual(
		simulator.orders.corps.slice(0, 2).map(({ corpId, name }) => [corpId, name]),
	);
	expect(new Set(simulator.customers.map(({ permanentCode }) => permanentCode)).size).toBe(3);
});

test('the same seed has the same secrets and codes', async () => {
	const other = await startSimulator({ messageCount: 0, now: () => now });
	await other.stop();
	expect([other.suite, other.provider, other.suiteTicket, other.customers]).toEqual([
		simulator.suite,
		simulator.provider,
		simulator.suiteTicket,
		simulator.customers,
	]);
});

describe('get_pre_auth_code and set_session_info', () => {
	const preAuthCode = () =>
		get(simulator, `/service/get_pre_auth_code?suite_access_token=${suiteToken}`);
	const setSession = async (code: string, session: object) =>
		(await askService('set_session_info', { pre_auth_code: code, session_info: session })).errcode;

	test('every code is new, good for 20 minutes and takes either auth_type', async () => {
		const answer = await preAuthCode();
		expect(answer).toEqual({
			errcode: 0,
			errmsg: 'ok',
			pre_auth_code: expect.any(String),
			expires_in: 1200,
		});
		const code = answer.pre_auth_code as string;
		expect((await preAuthCode()).pre_auth_code).not.toBe(code);
		expect(await setSession(code, { auth_type: 0 })).toBe(0);
		expect(await setSession(code, { auth_type: 1 })).toBe(0);
		now += 20 * MINUTE;
		expect(await setSession(code, { auth_type: 1 })).toBe(42007);
	});

	test('what is wrong is refused', async () => {
		const code = (await preAuthCode()).pre_auth_code as string;
		expect(await setSession('made-up', { auth_type: 0 })).toBe(40077);
		expect(await setSession(code, { auth_type: 2 })).toBe(40058);
		expect(await setSession(code, { type: 0 })).toBe(40058);
		expect((await askService('set_session_info', { pre_auth_code: code })).errcode).toBe(40063);
		expect((await askService('set_session_info', { session_info: {} })).errcode).toBe(40063);
		expect((await askService('get_pre_auth_code', {})).errcode).toBe(43001);
		expect((await get(simulator, '/service/get_pre_auth_code')).errcode).toBe(41022);
	});
});

describe('a corp that installs the app', () => {
	test('is called back for, and authorized by its auth_code', async () => {
		const { corpId, authCode } = simulator.authorizeCorp({ corpName: '晨光烘焙', state: 'shop7' });
		expect(await eventsReceived()).toEqual([
			{ ...head(), InfoType: 'create_auth', AuthCode: authCode, State: 'shop7', ExtraInfo: '' },
		]);
		expect(authCode.length).toBeGreaterThanOrEqual(64);
		expect(simulator.customers).toHaveLength(3);

		const answer = await exchange(authCode);
		expect(answer).toEqual({
			errcode: 0,
			errmsg: 'ok',
			permanent_code: customer(3).permanentCode,
			auth_corp_info: { corpid: corpId, corp_name: '晨光烘焙' },
			auth_user_info: {
				userid: expect.stringMatching(/^wo/),
				open_userid: expect.stringMatching(/^wo/),
				name: expect.any(String),
			},
			state: 'shop7',
		});
		expect(customer(3)).toMatchObject({ corpId, corpName: '晨光烘焙', status: 'authorized' });
		const { access_token: token } = await corpToken(customer(3));
		expect((await call(simulator, GROUP, token as string, {})).errcode).toBe(40063);
	});

	test('has a name and no state unless it is given one', async () => {
		const [first, second] = [simulator.authorizeCorp(), simulator.authorizeCorp()];
		const answer = await exchange(second.authCode);
		expect(answer).not.toHaveProperty('state');
		expect(answer.auth_corp_info).toEqual({ corpid: second.corpId, corp_name: '新客户 2 号' });
		expect(first.corpId).not.toBe(second.corpId);
	});

	test('has an auth_code that works once, for 10 minutes', async () => {
		const [used, late, inTime] = [1, 2, 3].map(() => simulator.authorizeCorp().authCode);
		expect((await exchange(used as string)).errcode).toBe(0);
		expect((await exchange(used as string)).errcode).toBe(40078);
		now += 10 * MINUTE - 1;
		expect((await exchange(inTime as string)).errcode).toBe(0);
		now += 1;
		expect((await exchange(late as string)).errcode).toBe(40078);
		expect((await exchange('made-up')).errcode).toBe(40078);
		expect((await askService('v2/get_permanent_code', {})).errcode).toBe(40063);
		expect(simulator.customers).toHaveLength(5);
	});

	test.each([
		[TypeError, { corpName: '' }],
		[TypeError, { corpName: 7 as unknown as string }],
		[RangeError, { state: 'a b' }],
		[RangeError, { state: 'a'.repeat(129) }],
	])('is refused with a %p for %j', (error, options) => {
		expect(() => simulator.authorizeCorp(options)).toThrow(error);
	});
});

describe('get_auth_info', () => {
	const authInfo = (corpId: string, code: string) =>
		askService('v2/get_auth_info', { auth_corpid: corpId, permanent_code: code });

	test('tells who authorized what, the same each time', async () => {
		const { corpId, corpName, permanentCode } = customer(1);
		const answer = await authInfo(corpId, permanentCode);
		expect(answer).toMatchObject({
			errcode: 0,
			auth_corp_info: {
				corpid: corpId,
				corp_name: corpName,
				corp_full_name: corpName,
				corp_type: 'verified',
				subject_type: 1,
				corp_ex_name: { name_list: [corpName] },
			},
			auth_info: {
				agent: [
					{
						agentid: expect.any(Number),
						auth_mode: 0,
						privilege: { level: 1, allow_user: expect.arrayContaining(['zhangwei']) },
					},
				],
			},
		});
		expect(await authInfo(corpId, permanentCode)).toEqual(answer);
	});

	test('refuses other codes and corps', async () => {
		const { corpId, permanentCode } = customer(1);
		expect((await authInfo(corpId, 'wrong')).errcode).toBe(40084);
		expect((await authInfo('wpOther', permanentCode)).errcode).toBe(40013);
		simulator.cancelAuth(corpId);
		expect((await authInfo(corpId, permanentCode)).errcode).toBe(48004);
		expect((await askService('v2/get_auth_info', {})).errcode).toBe(40063);
	});
});

describe('get_permissions', () => {
	test('lists those of the corp, with the end of those that have one', async () => {
		const { access_token: token } = await corpToken(customer(1));
		const answer = await call(simulator, '/agent/get_permissions', token as string, '');
		const { permissions } = customer(1);
		expect(answer).toEqual({
			errcode: 0,
			errmsg: 'ok',
			app_permissions: permissions.map(({ name }) => name),
			app_permissions_ext: permissions
				.filter(({ expireTime }) => expireTime !== undefined)
				.map(({ name, expireTime }) => ({ permission_name: name, expire_time: expireTime })),
		});
		const ends = (answer.app_permissions_ext as Array<{ expire_time: number }>).map(
			({ expire_time: end }) => end,
		);
		// One for ever, one that is over, and some that are not.
		expect(ends).toContain(0);
		expect(ends.some((end) => end > 0 && end < now / 1000)).toBe(true);
		expect(ends.filter((end) => end > now / 1000).length).toBeGreaterThan(1);
		expect(ends.length).toBeLessThan(permissions.length);
	});

	test('takes an empty object, nothing else, and an access_token', async () => {
		const token = await getToken(simulator);
		const codeOf = async (body: unknown, by = token) =>
			(await call(simulator, '/agent/get_permissions', by, body)).errcode;
		expect(await codeOf({})).toBe(0);
		expect(await codeOf({ agentid: 1 })).toBe(40058);
		expect(await codeOf('nonsense')).toBe(47001);
		expect(await codeOf({}, '')).toBe(41001);
		expect(await codeOf({}, suiteToken)).toBe(40014);
	});
});

test('pushSuiteTicket calls back with the ticket', async () => {
	const ticket = simulator.pushSuiteTicket();
	expect(await eventsReceived()).toEqual([
		{ ...head(), InfoType: 'suite_ticket', SuiteTicket: ticket },
	]);
});

test('changeAuth calls back for the corp and leaves it as it is', async () => {
	const before = customer(2);
	simulator.changeAuth(before.corpId);
	expect(await eventsReceived()).toEqual([
		{
			...head(),
			InfoType: 'change_auth',
			AuthCorpId: before.corpId,
			State: '',
			ExtraInfo: '',
		},
	]);
	expect(customer(2)).toEqual(before);
});

describe('cancelAuth', () => {
	const codeWith = async (token: unknown) =>
		(await call(simulator, GROUP, token as string, {})).errcode;

	test('ends the permanent code and tokens of that corp alone, and calls back', async () => {
		const cancelled = customer(1);
		const [old, other] = [await corpToken(cancelled), await corpToken(customer(2))];
		simulator.cancelAuth(cancelled.corpId);
		expect(await eventsReceived()).toEqual([
			{ ...head(), InfoType: 'cancel_auth', AuthCorpId: cancelled.corpId },
		]);
		expect(simulator.customers.map(({ status }) => status)).toEqual([
			'authorized',
			'cancelled',
			'authorized',
		]);
		expect(await codeWith(old.access_token)).toBe(40014);
		expect(await codeWith(other.access_token)).toBe(40063);
		expect((await corpToken(cancelled)).errcode).toBe(48004);
		const { corpId, permanentCode } = cancelled;
		const path = `/gettoken?corpid=${corpId}&corpsecret=${permanentCode}`;
		expect((await get(simulator, path)).errcode).toBe(40001);
	});

	test('leaves the corp its own app', async () => {
		const { access_token: old } = await corpToken(customer(0));
		const own = await getToken(simulator);
		simulator.cancelAuth(simulator.corp.corpId);
		expect(await codeWith(old)).toBe(40014);
		expect(await codeWith(own)).toBe(40063);
		expect(await getToken(simulator)).toBe(own);
	});
});

describe('resetPermanentCode', () => {
	test('puts another code in its place, had for the auth_code that is called back', async () => {
		const before = customer(1);
		const { access_token: token } = await corpToken(before);
		const { corpId, authCode } = simulator.resetPermanentCode(before.corpId);
		expect(corpId).toBe(before.corpId);
		expect(await eventsReceived()).toEqual([
			{ ...head(), InfoType: 'reset_permanent_code', AuthCode: authCode },
		]);
		expect((await corpToken(before)).errcode).toBe(40084);
		// Tokens outlive the code they were had for.
		expect((await call(simulator, GROUP, token as string, {})).errcode).toBe(40063);

		const answer = await exchange(authCode);
		expect(answer.permanent_code).toBe(customer(1).permanentCode);
		expect(answer.permanent_code).not.toBe(before.permanentCode);
		expect(answer.auth_corp_info).toEqual({ corpid: corpId, corp_name: before.corpName });
		expect(await corpToken(customer(1))).toMatchObject({ access_token: token });
		expect((await exchange(authCode)).errcode).toBe(40078);
		expect(simulator.customers).toHaveLength(3);
	});

	test('is worth nothing when the corp cancels before the exchange', async () => {
		const { corpId, authCode } = simulator.resetPermanentCode(customer(1).corpId);
		simulator.cancelAuth(corpId);
		expect((await exchange(authCode)).errcode).toBe(40078);
	});
});

test.each(['changeAuth', 'cancelAuth', 'resetPermanentCode'] as const)(
	'%s wants a corp that is authorized',
	async (method) => {
		const pending = simulator.authorizeCorp().corpId;
		const cancelled = customer(1).corpId;
		simulator.cancelAuth(cancelled);
		const told = (await eventsReceived()).length;
		for (const corpId of ['wpNobody', pending, cancelled]) {
			expect(() => simulator[method](corpId)).toThrow(RangeError);
		}
		expect(await eventsReceived()).toHaveLength(told);
	},
);

test('suiteCredentialsFor gives what a third-party app is typed in with, for any customer', () => {
	const { url, suite, provider, keys, programs } = simulator;
	const expected = ({ corpId, permanentCode }: AuthorizedCorp) => ({
		baseUrl: url,
		authentication: 'suite',
		...suite,
		suiteTicket: '',
		authCorpId: corpId,
		permanentCode,
		providerCorpId: provider.corpId,
		providerSecret: provider.providerSecret,
		privateKey: keys[2]?.privateKey,
		publicKeyVersion: 2,
		olderPrivateKeys: JSON.stringify({ 1: keys[1]?.privateKey }),
		messageCipher: 'aes-256-cbc',
		programId: programs.java,
		programStyle: 'java',
	});
	expect(suiteCredentialsFor(simulator)).toEqual(expected(customer(0)));
	expect(suiteCredentialsFor(simulator, customer(2).corpId)).toEqual(expected(customer(2)));
	expect(() => suiteCredentialsFor(simulator, 'wpNobody')).toThrow(RangeError);
});
