import type { IDataObject } from 'n8n-workflow';

import { suiteCredentialsFor } from '../../simulator';
import { byPath, cut, errcode, json, text, type Reply } from '../unit/support/server';
import { Engine } from './harness';
import { items, operationBench, type BadCase } from './operationBench';

const API = '/cgi-bin/service';
const CORP = 'wpErxtDgAA9AW32YyyuYRimKr7D1KWlw';
const AUTH_CODE = 'authcode-0815-authcode-0815';
const PERMANENT_CODE = 'permanent-0815-permanent-0815';
const PRE_AUTH_CODE = 'pre+auth/code=0815';
const SUITE_TOKEN = 'the suite access token';
const SUITE = { suiteId: 'ww4asffe99e54c0f4c', suiteAccessToken: SUITE_TOKEN };
const DAY = 86_400;

const bench = operationBench('wecomAuthorization', { messageCount: 1 });
const ok = (answer: object = {}) => json({ errcode: 0, errmsg: 'ok', ...answer });

/** Codes come with the items, as from an event or a table: what is typed into a node is no secret. */
const CODES = { authCode: AUTH_CODE, permanentCode: PERMANENT_CODE };

/** Runs an operation of a suite; gives what was sent and what came out. */
async function ask(
	operation: string,
	reply: Reply,
	parameters: IDataObject = {},
	credential: IDataObject = SUITE,
) {
	const { server, run } = await bench.against(reply, credential);
	const result = await run(`authorization.${operation}`, parameters, [{ json: CODES }]);
	const requests = server.requests.map(({ method, path, query, body }) => ({
		method,
		path,
		query,
		body: body === '' ? undefined : (JSON.parse(body) as IDataObject),
	}));
	return { ...result, requests };
}

/** A call with the token of the suite. */
const call = (path: string, body?: object) => ({
	method: body ? 'POST' : 'GET',
	path: `${API}/${path}`,
	query: { suite_access_token: SUITE_TOKEN },
	body,
});

/** What a person reads above the fields of an operation. */
function noticesOf(operation: string): string {
	return bench.engine
		.nodeType('wecomAuthorization')
		.description.properties.filter(
			({ type, displayOptions }) =>
				type === 'notice' && displayOptions?.show?.operation?.includes(operation),
		)
		.map(({ displayName }) => displayName)
		.join();
}

describe('authorization.getInstallLink', () => {
	const REDIRECT = 'https://app.example.com/installed?from=n8n';
	const started = byPath({
		[`${API}/get_pre_auth_code`]: ok({ pre_auth_code: PRE_AUTH_CODE, expires_in: 1200 }),
		[`${API}/set_session_info`]: ok(),
	});

	it('gives the link to the page where the suite is installed, and its end', async () => {
		const before = Math.floor(Date.now() / 1000);
		const parameters = { redirectUri: REDIRECT, state: 'k3v9' };
		const { error, requests, json: output } = await ask('getInstallLink', started, parameters);
		expect(error).toBeUndefined();
		expect(requests).toEqual([call('get_pre_auth_code')]);
		const [{ url, expires_at: end, ...rest } = {}] = output;
		expect(rest).toEqual({ pre_auth_code: PRE_AUTH_CODE, expires_in: 1200 });
		expect(String(url)).toMatch(/^https:\/\/open\.work\.weixin\.qq\.com\/3rdapp\/install\?/);
		expect(Object.fromEntries(new URL(String(url)).searchParams)).toEqual({
			suite_id: SUITE.suiteId,
			pre_auth_code: PRE_AUTH_CODE,
			redirect_uri: REDIRECT,
			state: 'k3v9',
		});
		const seconds = Date.parse(String(end)) / 1000;
		expect(seconds).toBeGreaterThanOrEqual(before + 1200);
		expect(seconds).toBeLessThanOrEqual(Date.now() / 1000 + 1200);
		expect(String(end)).toMatch(/T.*\+08:00$/);
	});

	it('tells WeCom beforehand when the installation is a test', async () => {
		const parameters = { redirectUri: REDIRECT, options: { testInstall: true } };
		const { error, requests } = await ask('getInstallLink', started, parameters);
		expect(error).toBeUndefined();
		expect(requests).toEqual([
			call('get_pre_auth_code'),
			call('set_session_info', {
				pre_auth_code: PRE_AUTH_CODE,
				session_info: { auth_type: 1 },
			}),
		]);
	});

	it('gives a new link for each item', async () => {
		let made = 0;
		const reply: Reply = (request, response) =>
			ok({ pre_auth_code: `P${++made}`, expires_in: 1200 })(request, response);
		const { run } = await bench.against(reply, SUITE);
		const parameters = { redirectUri: REDIRECT, state: '={{ $json.value }}' };
		const { json: output } = await run('authorization.getInstallLink', parameters, items('a', 'b'));
		expect(
			output.map(({ url }) => {
				const { searchParams } = new URL(String(url));
				return [searchParams.get('state'), searchParams.get('pre_auth_code')];
			}),
		).toEqual([
			['a', 'P1'],
			['b', 'P2'],
		]);
	});

	it('hands out no link when the test installation was refused', async () => {
		const reply = byPath({
			[`${API}/get_pre_auth_code`]: ok({ pre_auth_code: PRE_AUTH_CODE, expires_in: 1200 }),
			[`${API}/set_session_info`]: errcode(40077, `no such code ${PRE_AUTH_CODE}`),
		});
		const parameters = { redirectUri: REDIRECT, options: { testInstall: true } };
		const { error, json: output } = await ask('getInstallLink', reply, parameters);
		expect(output).toEqual([]);
		expect(error?.message).toContain('40077');
		expect(JSON.stringify(error)).not.toContain(PRE_AUTH_CODE);
	});

	it.each(['', '  '])('wants a suite id in the credential (%j)', async (suiteId) => {
		const parameters = { redirectUri: REDIRECT };
		const { error, requests } = await ask('getInstallLink', started, parameters, {
			...SUITE,
			suiteId,
		});
		expect(error?.message).toContain('"suite_id"');
		expect(error?.description).toContain('Suite ID');
		expect(requests).toEqual([]);
	});

	it.each<BadCase>([
		['no redirect', { redirectUri: '={{ "" }}' }, 'redirect_uri'],
		['a redirect without https', { redirectUri: 'http://app.example.com' }, 'redirect_uri'],
		['a redirect that is no address', { redirectUri: 'app.example.com' }, 'redirect_uri'],
		['a redirect that is no text', { redirectUri: '={{ {} }}' }, 'redirect_uri'],
		['a redirect without end', { redirectUri: `https://a/${'x'.repeat(2048)}` }, 'redirect_uri'],
		['a state with signs', { state: 'a-b' }, 'state'],
		['a state that is too long', { state: 'a'.repeat(129) }, 'state'],
		['a state that is no text', { state: '={{ [5] }}' }, 'state'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const all = { redirectUri: REDIRECT, ...parameters };
		const { error, requests } = await ask('getInstallLink', started, all);
		expect(error?.message).toContain(`"${field}"`);
		expect(requests).toEqual([]);
	});
});

describe('authorization.exchangeCode', () => {
	const ANSWER = {
		permanent_code: PERMANENT_CODE,
		auth_corp_info: { corpid: CORP, corp_name: '示例客户' },
		auth_user_info: { open_userid: 'woAdmin' },
		register_code_info: { register_code: 'R' },
		state: 's1',
	};
	const exchange = async (parameters: IDataObject = {}, reply = ok(ANSWER)) =>
		await ask('exchangeCode', reply, { authCode: '={{ $json.authCode }}', ...parameters });

	it('gives corp and permanent code in one level, and whatever else came with them', async () => {
		const { error, requests, json: output } = await exchange();
		expect(error).toBeUndefined();
		expect(requests).toEqual([call('v2/get_permanent_code', { auth_code: AUTH_CODE })]);
		expect(output).toEqual([{ auth_corpid: CORP, corp_name: '示例客户', ...ANSWER }]);
	});

	it('takes the auth code of an event', async () => {
		const { server, run } = await bench.against(ok(ANSWER), SUITE);
		const event = { json: { event: 'create_auth', data: { AuthCode: AUTH_CODE } } };
		const { error } = await run(
			'authorization.exchangeCode',
			{ authCode: '={{ $json.data.AuthCode }}' },
			[event],
		);
		expect(error).toBeUndefined();
		expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
			{ auth_code: AUTH_CODE },
		]);
	});

	it.each([
		['a cut connection', cut],
		['half a page', text('<h1>502</h1>', 502)],
		['an empty answer', text('')],
		['an answer without the code', ok({ auth_corp_info: { corpid: CORP } })],
		['an answer without the corp', ok({ permanent_code: PERMANENT_CODE })],
	])('is sent once and says how to find out when there is %s', async (_case, reply) => {
		const { error, requests } = await exchange({}, reply);
		expect(requests).toHaveLength(1);
		expect(error?.message).toContain('Whether WeCom did it is not known');
		expect(error?.description).toContain('authorize the app again');
		expect(error?.description).toContain('代开发');
		expect(JSON.stringify(error)).not.toMatch(/0815|the suite/);
	});

	it('says of a used auth code how to get another one, and does not repeat it', async () => {
		const { error, requests } = await exchange({}, errcode(40078, `invalid ${AUTH_CODE}`));
		expect(requests).toHaveLength(1);
		expect(error?.message).toContain('40078');
		expect(error?.description).toContain('works once, for ten minutes');
		expect(JSON.stringify(error)).not.toContain(AUTH_CODE);
	});

	it('says beforehand that the code comes out once and when no event brings it', () => {
		const notices = noticesOf('exchangeCode');
		expect(notices).toContain('comes out once');
		expect(notices).toContain('for ten minutes');
		expect(notices).toContain('no create_auth for an installation that began on your own website');
	});

	it('goes on with the other items when one fails', async () => {
		const reply: Reply = (request, response) =>
			(request.body.includes('used') ? errcode(40078, 'used-0815') : ok(ANSWER))(request, response);
		const { engine } = await bench.against(reply, SUITE);
		const { items: output } = await bench.run(
			'authorization.exchangeCode',
			{ authCode: '={{ $json.value }}' },
			items('good-0815', 'used-0815', '', 'good-0816'),
			{ onError: 'continueRegularOutput' },
			engine,
		);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
		expect(output.map(({ json: { auth_corpid: corp } }) => corp)).toEqual([
			CORP,
			undefined,
			undefined,
			CORP,
		]);
		expect(output[1]?.json).toMatchObject({ errcode: 40078 });
		expect(output[2]?.json).toMatchObject({ field: 'auth_code' });
		expect(JSON.stringify(output[1])).not.toContain('used-0815');
	});

	it.each<BadCase>([
		['no code', { authCode: '={{ "" }}' }, 'auth_code'],
		['no event', { authCode: '={{ $json.data?.AuthCode }}' }, 'auth_code'],
		['a code that is no text', { authCode: '={{ {} }}' }, 'auth_code'],
		['a code that is too long', { authCode: 'a'.repeat(513) }, 'auth_code'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const { error, requests } = await exchange(parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(requests).toEqual([]);
	});
});

describe('authorization.get', () => {
	const PRIVILEGE = { level: 1, allow_party: [1], allow_user: ['zhangsan'] };
	const ANSWER = {
		auth_corp_info: {
			corpid: CORP,
			corp_name: '示例客户',
			corp_full_name: '示例客户有限公司',
			corp_type: 'verified',
			corp_user_max: 200,
			verified_end_time: 1_796_000_000,
			corp_industry: '零售',
		},
		auth_info: {
			agent: [{ agentid: 1_000_002, name: '助手', auth_mode: 1, privilege: PRIVILEGE }],
		},
	};
	const get = async (parameters: IDataObject = {}, reply = ok(ANSWER)) =>
		await ask('get', reply, {
			authCorpId: CORP,
			permanentCode: '={{ $json.permanentCode }}',
			simplify: true,
			...parameters,
		});

	it('gives what most people want of it, ten fields in all', async () => {
		const { error, requests, json: output } = await get();
		expect(error).toBeUndefined();
		expect(requests).toEqual([
			call('v2/get_auth_info', { auth_corpid: CORP, permanent_code: PERMANENT_CODE }),
		]);
		expect(output).toEqual([
			{
				auth_corpid: CORP,
				corp_name: '示例客户',
				corp_full_name: '示例客户有限公司',
				corp_type: 'verified',
				corp_user_max: 200,
				verified_end_time: expectedIso(1_796_000_000),
				agentid: 1_000_002,
				agent_name: '助手',
				auth_mode_name: 'member',
				privilege: PRIVILEGE,
			},
		]);
	});

	it('gives all of it without Simplify', async () => {
		const { json: output } = await get({ simplify: false });
		expect(output).toEqual([{ auth_corpid: CORP, ...ANSWER }]);
	});

	it('has nothing to say of apps where WeCom says nothing', async () => {
		const { error, json: output } = await get({}, ok({ auth_corp_info: { corpid: CORP } }));
		expect(error).toBeUndefined();
		expect(output[0]).toMatchObject({ auth_corpid: CORP, corp_name: null, agentid: null });
	});

	it.each([
		[40084, 'belong together'],
		[48004, 'cancelled the authorization'],
		[40013, 'auth_corpid'],
	])('says of errcode %i what to do, and no code', async (code, words) => {
		const { error } = await get({}, errcode(code, `refused ${PERMANENT_CODE}`));
		expect(error?.message).toContain(String(code));
		expect(error?.description).toContain(words);
		expect(JSON.stringify(error)).not.toContain(PERMANENT_CODE);
	});

	it.each<BadCase>([
		['no corp', { authCorpId: '={{ "" }}' }, 'auth_corpid'],
		['a corp that is too long', { authCorpId: 'w'.repeat(257) }, 'auth_corpid'],
		['no code', { permanentCode: '={{ "" }}' }, 'permanent_code'],
		['a code that is no text', { permanentCode: '={{ [] }}' }, 'permanent_code'],
		['a code that is too long', { permanentCode: 'p'.repeat(513) }, 'permanent_code'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const { error, requests } = await get(parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(requests).toEqual([]);
	});
});

describe('authorization.getPermissions', () => {
	const now = Math.floor(Date.now() / 1000);
	const SEARCH = 'datazone:chatdata:search';
	const SUMMARY = 'datazone:chatdata:summary';
	const TAG = 'datazone:chatdata:customer_tag';
	const answerOf = (...ends: Array<[name: string, expire_time?: number]>) =>
		ok({
			app_permissions: ends.map(([name]) => name),
			app_permissions_ext: ends.flatMap(([permission_name, expire_time]) =>
				expire_time === undefined ? [] : [{ permission_name, expire_time }],
			),
		});

	it('asks for the corp of the access token, and names an end where there is one', async () => {
		const end = now + 30 * DAY + 60;
		const reply = answerOf(['contact:base'], [TAG, 0], [SEARCH, end]);
		const { error, requests, json: output, hints } = await ask('getPermissions', reply);
		expect(error).toBeUndefined();
		expect(requests).toEqual([
			{
				method: 'POST',
				path: '/cgi-bin/agent/get_permissions',
				query: { access_token: 'the access token' },
				body: {},
			},
		]);
		const endless = { expires_at: null, expires_in_days: null, expired: false };
		expect(output).toEqual([
			{ permission: 'contact:base', ...endless },
			{ permission: TAG, ...endless },
			{
				permission: SEARCH,
				expires_at: expectedIso(end),
				expires_in_days: 31,
				expired: false,
			},
		]);
		expect(hints).toEqual([]);
	});

	it('warns of what ends within seven days, and of what has ended', async () => {
		const reply = answerOf(
			[SEARCH, now + 7 * DAY - 60],
			[SUMMARY, now - DAY],
			[TAG, now + 8 * DAY],
		);
		const { json: output, hints } = await ask('getPermissions', reply);
		expect(
			output.map(({ permission, expires_in_days: days, expired }) => [permission, days, expired]),
		).toEqual([
			[SEARCH, 7, false],
			[SUMMARY, 0, true],
			[TAG, 8, false],
		]);
		expect(hints).toEqual([
			expect.stringMatching(`^Expired: ${SUMMARY}\\. The admin of the corp has to renew`),
			expect.stringMatching(`^Expires within seven days: ${SEARCH}\\. The admin`),
		]);
	});

	it('says so when there are none', async () => {
		const { error, json: output, hints } = await ask('getPermissions', ok());
		expect(error).toBeUndefined();
		expect(output).toEqual([]);
		expect(hints).toEqual(['The corp gave no permissions to the app.']);
	});

	it('says of a cancelled authorization what to do', async () => {
		const { error } = await ask('getPermissions', errcode(48004, 'no auth the-access-token'));
		expect(error?.description).toContain('delete its data');
	});
});

describe('a corp that installs the app', () => {
	/** Runs an operation with the credential of the suite, which names no corp. */
	async function run(operation: string, parameters: IDataObject, ...given: IDataObject[]) {
		const { wecom } = bench;
		const engine = await Engine.load({
			wecomDataApi: {
				...suiteCredentialsFor(wecom),
				suiteTicket: wecom.suiteTicket,
				authCorpId: '',
				permanentCode: '',
			} as Engine['credentials'][string],
		});
		const input = given.map((one) => ({ json: one }));
		return await bench.run(`authorization.${operation}`, parameters, input, {}, engine);
	}
	const exchange = async (authCode: string) =>
		await run('exchangeCode', { authCode: '={{ $json.authCode }}' }, { authCode });
	const get = async (corp: IDataObject = {}) =>
		await run(
			'get',
			{
				authCorpId: '={{ $json.auth_corpid }}',
				permanentCode: '={{ $json.permanent_code }}',
				simplify: true,
			},
			corp,
		);
	const CORP_OF_ITEM = {
		options: {
			authCorpId: '={{ $json.auth_corpid }}',
			permanentCode: '={{ $json.permanent_code }}',
		},
	};

	it.each([true, false])('is sent to a link of WeCom (a test: %s)', async (testInstall) => {
		const parameters = { redirectUri: 'https://app.example.com', options: { testInstall } };
		const { error, json: output } = await run('getInstallLink', parameters, {});
		expect(error).toBeUndefined();
		const { searchParams } = new URL(String(output[0]?.url));
		expect(searchParams.get('suite_id')).toBe(bench.wecom.suite.suiteId);
		expect(searchParams.get('pre_auth_code')).toBe(output[0]?.pre_auth_code);
	});

	it('is known by its permanent code from then on', async () => {
		const { corpId, authCode } = bench.wecom.authorizeCorp({ corpName: '新客户', state: 's1' });
		const { error, json: exchanged } = await exchange(authCode);
		expect(error).toBeUndefined();
		const [corp] = exchanged;
		expect(corp).toMatchObject({ auth_corpid: corpId, corp_name: '新客户', state: 's1' });
		expect(corp?.permanent_code).toBe(
			bench.wecom.customers.find((one) => one.corpId === corpId)?.permanentCode,
		);
		expect((await get(corp)).json).toEqual([
			expect.objectContaining({
				auth_corpid: corpId,
				corp_name: '新客户',
				auth_mode_name: 'admin',
			}),
		]);
	});

	it('cannot be authorized twice with one auth code', async () => {
		const { authCode } = bench.wecom.authorizeCorp();
		expect((await exchange(authCode)).error).toBeUndefined();
		const { error } = await exchange(authCode);
		expect(error?.message).toContain('40078');
		expect(JSON.stringify(error)).not.toContain(authCode);
	});

	it('has permissions of its own, and says which are to be renewed', async () => {
		const corps = bench.wecom.customers
			.filter(({ status }) => status === 'authorized')
			.slice(0, 2)
			.map((one) => ({ auth_corpid: one.corpId, permanent_code: one.permanentCode }));
		const { error, items: output, hints } = await run('getPermissions', CORP_OF_ITEM, ...corps);
		expect(error).toBeUndefined();
		const [first] = bench.wecom.customers;
		const names = first?.permissions.map(({ name }) => name) ?? [];
		expect(output.map(({ json: { permission } }) => permission)).toEqual([...names, ...names]);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			...names.map(() => ({ item: 0 })),
			...names.map(() => ({ item: 1 })),
		]);
		expect(output[0]?.json).toMatchObject({ expires_at: null, expired: false });
		const ends = output.slice(0, names.length).filter(({ json: one }) => one.expired);
		expect(ends.map(({ json: { permission } }) => permission)).toEqual([
			'datazone:chatdata:summary',
		]);
		expect(hints).toEqual([
			expect.stringContaining('Expired: datazone:chatdata:summary.'),
			expect.stringContaining('Expires within seven days: datazone:chatdata:sentiment_analysis.'),
		]);
		const tokens = bench.wecom.requests
			.filter(({ path }) => path.endsWith('/get_permissions'))
			.map(({ query }) => query.access_token);
		expect(new Set(tokens).size).toBe(2);
	});

	it('needs its new permanent code after a reset', async () => {
		const installed = (await exchange(bench.wecom.authorizeCorp().authCode)).json[0];
		const { authCode } = bench.wecom.resetPermanentCode(String(installed?.auth_corpid));
		const { error } = await get(installed);
		expect(error?.message).toContain('40084');
		expect(error?.description).toContain('only the newest code counts');
		expect(JSON.stringify(error)).not.toContain(installed?.permanent_code);
		const [renewed] = (await exchange(authCode)).json;
		expect(renewed?.auth_corpid).toBe(installed?.auth_corpid);
		expect(renewed?.permanent_code).not.toBe(installed?.permanent_code);
		expect((await get(renewed)).error).toBeUndefined();
	});

	it('is gone when it cancels', async () => {
		const installed = (await exchange(bench.wecom.authorizeCorp().authCode)).json[0];
		bench.wecom.cancelAuth(String(installed?.auth_corpid));
		const { error } = await get(installed);
		expect(error?.message).toContain('48004');
		expect(error?.description).toContain('delete its data');
	});
});

it('marks the codes that come out as sensitive', () => {
	const { description } = bench.engine.nodeType('wecomAuthorization');
	expect(description.sensitiveOutputFields).toEqual(['permanent_code', 'pre_auth_code']);
	const secrets = description.properties.filter(({ name }) =>
		['authCode', 'permanentCode'].includes(name),
	);
	expect(secrets.map(({ typeOptions }) => typeOptions)).toEqual([
		{ password: true },
		{ password: true },
	]);
});

/** A time as the nodes give it, in the timezone of the tests' workflows. */
function expectedIso(seconds: number): string {
	const local = new Date((seconds + 8 * 3600) * 1000).toISOString();
	return local.replace('Z', '+08:00');
}
