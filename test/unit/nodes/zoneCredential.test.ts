import type { ICredentialTestFunctions } from 'n8n-workflow';

import { dataApiTests } from '../../../nodes/shared/credentialTests';
import {
	byPath,
	closeServers,
	errcode,
	json,
	silence,
	startServer,
	type Reply,
	type SeenRequest,
	type TestServer,
} from '../support/server';

const SECRET = 'corp-secret-0123456789';
const TOKEN = 'TOKEN-0123456789';
const DAY = 86_400;
const OK = { errcode: 0, errmsg: 'ok' };
const PATHS = {
	token: '/cgi-bin/gettoken',
	level: '/cgi-bin/chatdata/get_log_level',
	members: '/cgi-bin/chatdata/get_auth_user_list',
	program: '/cgi-bin/chatdata/sync_call_program',
	rights: '/cgi-bin/agent/get_permissions',
	records: '/cgi-bin/msgaudit/get_chat_data',
} as const;

afterEach(closeServers);

/** What the program answers, as response_data carries it. */
const says = (answer: object | string): Reply =>
	json({ ...OK, response_data: typeof answer === 'string' ? answer : JSON.stringify(answer) });
const found = says({ ...OK, has_more: 0, chat_list: [] });
const rules = says({ ...OK, has_more: 0, rule_list: [] });
const noRight = says({ errcode: 710726, errmsg: 'no data permission' });

const abilityOf = ({ body }: SeenRequest) =>
	(JSON.parse(body) as { ability_id: string }).ability_id;

/** A program that answers each ability as told, and refuses the others. */
const program =
	(replies: Record<string, Reply>): Reply =>
	(request, response) =>
		(replies[abilityOf(request)] ?? errcode(800003, 'ability not exist'))(request, response);

const zone = (replies: Record<string, Reply> = {}): Reply =>
	byPath({
		[PATHS.token]: json({ ...OK, access_token: TOKEN, expires_in: 7200 }),
		[PATHS.level]: json({ ...OK, log_level: 2 }),
		[PATHS.members]: json({ ...OK, auth_user_list: [] }),
		[PATHS.program]: found,
		[PATHS.rights]: errcode(48002, 'api forbidden'),
		...replies,
	});

const inSeconds = (days: number) => Math.floor(Date.now() / 1000) + days * DAY;
const dayIn = (days: number) => new Date(inSeconds(days) * 1000).toISOString().slice(0, 10);
const rights = (...list: Array<[name: string, days: number]>): Reply =>
	json({
		...OK,
		app_permissions: list.map(([name]) => name),
		app_permissions_ext: list.map(([permission_name, days]) => ({
			permission_name,
			expire_time: inSeconds(days),
		})),
	});

async function test(server: TestServer, changes: object = {}) {
	const data = {
		contract: 'dataZone',
		baseUrl: server.url,
		authentication: 'corpSecret',
		corpId: 'wpCorp1',
		corpSecret: SECRET,
		programId: 'prog1',
		programStyle: 'java',
		...changes,
	};
	const result = await dataApiTests.wecomDataApiTest.call({} as ICredentialTestFunctions, {
		id: '1',
		name: 'zone',
		type: 'wecomDataApi',
		data,
	});
	expect(JSON.stringify(result)).not.toMatch(new RegExp(`${SECRET}|${TOKEN}`));
	return result;
}

const trial = async (replies: Record<string, Reply>, changes: object = {}) =>
	await test(await startServer(zone(replies)), changes);

describe('the test of a credential for the data zone', () => {
	it('gets a token, asks for the program and lets it search, byte for byte', async () => {
		const server = await startServer(zone());
		expect(await test(server)).toEqual({
			status: 'OK',
			message:
				'WeCom issued an access_token; the program prog1 answers; no private key, so the keys of messages cannot be opened',
		});
		expect(server.to(PATHS.level).map(({ body }) => body)).toEqual(['{"program_id":"prog1"}']);
		expect(server.to(PATHS.program).map(({ body }) => body)).toEqual([
			String.raw`{"program_id":"prog1","ability_id":"invoke_search_chat","request_data":"{\"query_word\":\"企业微信\",\"limit\":1}"}`,
		]);
	});

	it('calls a Python program in its own form', async () => {
		const server = await startServer(
			zone({ [PATHS.program]: program({ input_search_chat: found }) }),
		);
		expect(await test(server, { programStyle: 'python' })).toMatchObject({ status: 'OK' });
		expect(server.to(PATHS.program)).toHaveLength(1);
	});

	it.each([
		[404, json('<h1>404</h1>', 404)],
		[40066, errcode(40066, 'invalid url')],
	])('names the API reference where the server speaks that (%s)', async (_code, unknown) => {
		const result = await trial({
			[PATHS.level]: unknown,
			[PATHS.records]: json({ ...OK, chatdata: [] }),
		});
		expect(result.status).toBe('Error');
		expect(result.message).toContain('it does not speak "Tencent Data Zone');
		expect(result.message).toContain('It speaks "Data API Reference": choose that as API on the credential'); // prettier-ignore
	});

	it('says so where the server speaks neither', async () => {
		const server = await startServer(
			byPath({ [PATHS.token]: json({ ...OK, access_token: TOKEN, expires_in: 7200 }) }),
		);
		const { status, message } = await test(server);
		expect(status).toBe('Error');
		expect(message).toContain('it speaks neither');
		expect(message).toContain('Check Base URL');
	});

	it('misses a Program ID only where the server has programs', async () => {
		const without = { programId: '' };
		expect((await trial({}, without)).message).toContain('"Program ID" is empty');
		const reference = { [PATHS.members]: json('', 404), [PATHS.records]: json({ ...OK, chatdata: [] }) }; // prettier-ignore
		const { message } = await trial(reference, without);
		expect(message).not.toContain('Program ID');
		expect(message).toContain('It speaks "Data API Reference"');
	});

	it.each([
		[790020, 'Link it with the app'],
		[790021, 'deployed for this corp'],
	])('names a program that cannot be called (%s)', async (code, advice) => {
		const server = await startServer(zone({ [PATHS.level]: errcode(code, 'words of WeCom') }));
		const { status, message } = await test(server);
		expect(status).toBe('Error');
		expect(message).toContain(`errcode ${code}: words of WeCom`);
		expect(message).toContain(advice);
		expect(server.to(PATHS.program)).toEqual([]);
	});

	it('goes on where only the log level is not permitted', async () => {
		expect(await trial({ [PATHS.level]: errcode(48002, 'api forbidden') })).toMatchObject({
			status: 'OK',
			message: expect.stringContaining('the program prog1 answers') as string,
		});
	});

	it.each([
		['java', 'invoke_search_chat', 'invoke_get_rule_list'],
		['python', 'input_search_chat', 'input_get_rule_list'],
	])('names the abilities that a %s program needs', async (programStyle, first, second) => {
		for (const code of [790016, 790014]) {
			const refusal = errcode(code, 'protocol mismatch');
			const { status, message } = await trial({ [PATHS.program]: refusal }, { programStyle });
			expect(status).toBe('Error');
			expect(message).toContain(`errcode ${code}`);
			expect(message).toContain(`Register the abilities ${first} and ${second} at the program`);
		}
	});

	it('tells an ability that is missing, and is content with another one', async () => {
		const { status, message } = await trial({
			[PATHS.program]: program({ invoke_get_rule_list: rules }),
		});
		expect(status).toBe('OK');
		expect(message).toContain('the program prog1 answers');
		expect(message).toContain('Search → Sessions does not work');
		expect(message).toContain('Register the ability invoke_search_chat at the program');
		expect(message).not.toContain('get_rule_list');
	});

	it.each([
		['java', 'input_search_chat', 'choose Python under Program Style'],
		['python', 'invoke_search_chat', 'choose Java or C++ under Program Style'],
	])('finds out that the program is not of the style %s', async (programStyle, ability, advice) => {
		for (const other of [says('unsupport api'), errcode(790016, 'protocol mismatch')]) {
			for (const answer of [found, noRight]) {
				const { status, message } = await trial(
					{
						[PATHS.program]: (request, response) =>
							(abilityOf(request) === ability ? answer : other)(request, response),
					},
					{ programStyle },
				);
				expect(status).toBe('Error');
				expect(message).toContain(advice);
			}
		}
	});

	it('names the ability where the image answers with plain text', async () => {
		const { status, message } = await trial({ [PATHS.program]: says('invoke failed') });
		expect(status).toBe('Error');
		expect(message).toContain('in plain text: invoke failed');
		expect(message).toContain('Register the abilities invoke_search_chat and');
	});

	it('names a right that has ended, and when', async () => {
		const server = await startServer(
			zone({
				[PATHS.program]: program({ invoke_search_chat: noRight, invoke_get_rule_list: rules }),
				[PATHS.rights]: rights(['datazone:chatdata:search', -3]),
			}),
		);
		const { status, message } = await test(server);
		expect(status).toBe('OK');
		expect(message).toContain('Search → Sessions does not work');
		expect(message).toContain('710726');
		expect(message).toContain(
			`The right datazone:chatdata:search ended on ${dayIn(-3)}: the admin of the corp has to grant it again`,
		);
		expect(message?.split('datazone:chatdata:search')).toHaveLength(2);
	});

	it('is an error where no right is left, and none where the app has others', async () => {
		const without = await trial({ [PATHS.program]: noRight });
		expect(without.status).toBe('Error');
		expect(without.message).toContain('datazone:chatdata:search');
		expect(without.message).toContain('datazone:chatdata:hit_keyword');
		const other = rights(['datazone:chatdata:summary', 60]);
		const { status, message } = await trial({ [PATHS.program]: noRight, [PATHS.rights]: other });
		expect(status).toBe('OK');
		expect(message).toContain('the program prog1 answers');
	});

	it('tells a right that ends within two weeks, and keeps quiet about one that does not', async () => {
		const { status, message } = await trial({
			[PATHS.rights]: rights(['datazone:chatdata:search', 13], ['datazone:chatdata:base', 15]),
		});
		expect(status).toBe('OK');
		expect(message).toContain(`datazone:chatdata:search ends on ${dayIn(13)}`);
		expect(message).not.toContain('base');
	});

	it('reports trouble of the zone as it is', async () => {
		const { status, message } = await trial({ [PATHS.program]: errcode(710645, 'no program') });
		expect(status).toBe('Error');
		expect(message).toContain('710645');
		expect(message).not.toContain('ability');
	});

	it('tries an access token that was typed in, and needs no other', async () => {
		const server = await startServer(zone());
		const given = { authentication: 'accessToken', accessToken: TOKEN };
		expect(await test(server, given)).toMatchObject({
			status: 'OK',
			message: expect.stringContaining('WeCom accepts the access_token; the program') as string,
		});
		expect(server.to(PATHS.token)).toEqual([]);
	});

	it('tests only the suite where no corp is named', async () => {
		const server = await startServer(
			byPath({
				'/cgi-bin/service/get_suite_token': json({ suite_access_token: TOKEN, expires_in: 7200 }),
			}),
		);
		const suite = {
			authentication: 'suite',
			suiteId: 'ww1',
			suiteSecret: SECRET,
			suiteTicket: 'T1',
		};
		expect(await test(server, suite)).toMatchObject({
			status: 'OK',
			message: expect.stringContaining('WeCom issued a suite_access_token') as string,
		});
		expect(server.requests).toHaveLength(1);
	});

	it('ends after 15 seconds when nobody answers, with what it found out until then', async () => {
		const began = performance.now();
		const { status, message } = await trial({ [PATHS.program]: silence });
		expect(performance.now() - began).toBeLessThan(20_000);
		expect(status).toBe('Error');
		expect(message).toBe(
			'WeCom issued an access_token. The test was given up after 15 seconds without an answer',
		);
	}, 30_000);
});

describe('the test of a credential for the Data API reference', () => {
	const reference = (replies: Record<string, Reply>) =>
		byPath({
			[PATHS.token]: json({ ...OK, access_token: TOKEN, expires_in: 7200 }),
			...replies,
		});

	it.each(['reference', undefined])('calls what only that API has (%s)', async (contract) => {
		const server = await startServer(reference({ [PATHS.records]: json({ ...OK, chatdata: [] }) }));
		expect(await test(server, { contract })).toEqual({
			status: 'OK',
			message: 'WeCom issued an access_token; no private key, so messages cannot be decrypted',
		});
		expect(server.to(PATHS.records).map(({ body }) => body)).toHaveLength(1);
	});

	it.each([
		['a host of Tencent', json({ ...OK, auth_user_list: [] })],
		['one that refuses the call', errcode(710726, 'no data permission')],
	])('names the data zone where the server speaks that: %s', async (_what, members) => {
		const server = await startServer(reference({ [PATHS.members]: members }));
		const { status, message } = await test(server, { contract: 'reference' });
		expect(status).toBe('Error');
		expect(message).toContain('does not know the path /cgi-bin/msgaudit/get_chat_data (HTTP 404)');
		expect(message).toContain('It speaks "Tencent Data Zone (数据与智能专区)": choose that as API');
	});

	it('names no other API where the server does not tell', async () => {
		const server = await startServer(reference({ [PATHS.members]: json('<h1>oops</h1>') }));
		const { status, message } = await test(server, { contract: 'reference' });
		expect(status).toBe('Error');
		expect(message).toContain('it does not speak "Data API Reference"');
		expect(message).not.toContain('Data Zone');
	});

	it('tells that the token is good, but not for the archive', async () => {
		const server = await startServer(
			reference({ [PATHS.records]: errcode(48002, 'api forbidden') }),
		);
		const { status, message } = await test(server, { contract: 'reference' });
		expect(status).toBe('OK');
		expect(message).toContain('not for /msgaudit/get_chat_data (48002: api forbidden)');
	});
});

it('an API that there is not is named before anything is sent', async () => {
	const server = await startServer(zone());
	const { status, message } = await test(server, { contract: 'somethingElse' });
	expect([status, message]).toEqual(['Error', expect.stringContaining('"API" on the credential')]);
	expect(server.requests).toEqual([]);
});
