import { generateKeyPairSync } from 'node:crypto';

import { Random } from '../../simulator/random';
import { credentialsFor, suiteCredentialsFor } from '../../simulator';
import { endPrograms } from '../faults/program';
import { RedisServer } from '../faults/redisServer';
import { endN8n } from '../n8n/n8nProcess';
import { outputOf } from '../n8n/rest';
import { closedPort } from '../unit/support/server';
import { E2eBench } from './bench';
import { nodeOf, workflowOf } from './workflows';

jest.setTimeout(300_000);

let bench: E2eBench;
let redis: RedisServer;

beforeAll(async () => {
	bench = await E2eBench.start({ messageCount: 1 });
	redis = await RedisServer.start(new Random(1, 'redis'));
	await bench.install();
});
afterAll(async () => {
	await redis?.stop();
	await bench?.stop();
	await endN8n();
	await endPrograms();
});

const otherKey = generateKeyPairSync('rsa', {
	modulusLength: 1024,
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

describe('the test of a credential', () => {
	it.each<[string, string, (data: Record<string, unknown>) => object, 'OK' | 'Error', RegExp]>([
		[
			'wecomDataApi',
			'a good secret',
			(data) => data,
			'OK',
			/^WeCom issued an access_token; keys of version 1, 2 can be read$/,
		],
		['wecomDataApi', 'the data zone', (data) => ({ ...data, contract: 'dataZone' }), 'OK', /^WeCom issued an access_token; the program prog\w+ answers; keys of version 1, 2 can be read/], // prettier-ignore
		['wecomDataApi', 'a program of the other style', (data) => ({ ...data, contract: 'dataZone', programStyle: 'python' }), 'Error', /Java or C\+\+ under Program Style/], // prettier-ignore
		['wecomDataApi', 'a wrong secret', (data) => ({ ...data, corpSecret: 'x'.repeat(43) }), 'Error', /40001|40091/], // prettier-ignore
		['wecomDataApi', 'a wrong corp', (data) => ({ ...data, corpId: 'ww0000000000000000' }), 'Error', /40013/], // prettier-ignore
		['wecomDataApi', 'no secret', (data) => ({ ...data, corpSecret: '' }), 'Error', /"corpSecret" is empty/i], // prettier-ignore
		['wecomDataApi', 'a key of 1024 bits', (data) => ({ ...data, privateKey: otherKey }), 'Error', /1024/], // prettier-ignore
		['wecomDataApi', 'nobody at that address', (data) => ({ ...data, baseUrl: 'http://127.0.0.1:9' }), 'Error', /refused|ECONNREFUSED/], // prettier-ignore
		['wecomDataApi', 'plain http to another machine', (data) => ({ ...data, baseUrl: 'http://wecom.example.com' }), 'Error', /https/], // prettier-ignore
		[
			'wecomCallbackApi',
			'good settings',
			(data) => data,
			'OK',
			/^Token and EncodingAESKey have the right form; callbacks for ww/,
		],
		['wecomCallbackApi', 'a short EncodingAESKey', (data) => ({ ...data, encodingAesKey: 'abc' }), 'Error', /43/], // prettier-ignore
	])('of %s with %s', async (type, _what, change, status, words) => {
		const data = credentialsFor(bench.wecom)[type as 'wecomDataApi' | 'wecomCallbackApi'];
		const result = await bench.rest.testCredential(type, change({ ...data }));
		expect(result).toEqual({ status, message: expect.stringMatching(words) as string });
	});

	it('of a third-party app names the ticket that has not come yet, and is content when it has', async () => {
		const data = suiteCredentialsFor(bench.wecom);
		const without = await bench.rest.testCredential('wecomDataApi', data);
		expect(without).toMatchObject({ status: 'Error' });
		expect(without.message).toMatch(/suite_ticket/);
		const { suiteTicket } = bench.wecom;
		const withTicket = await bench.rest.testCredential('wecomDataApi', { ...data, suiteTicket });
		expect(withTicket).toMatchObject({ status: 'OK' });
	});

	it('of wecomStateApi writes and reads back, and says what is wrong', async () => {
		const test = async (change: object) =>
			await bench.rest.testCredential('wecomStateApi', { ...redis.credential, ...change });
		expect(await test({})).toMatchObject({ status: 'OK' });
		expect(await test({ password: 'wrong' })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/password|WRONGPASS/i) as string,
		});
		expect(await test({ port: await closedPort() })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/ECONNREFUSED.*whether Redis runs/) as string,
		});
	});

	it('never says a secret', async () => {
		const { wecomDataApi } = credentialsFor(bench.wecom);
		const corpSecret = 'S'.repeat(43);
		const result = await bench.rest.testCredential('wecomDataApi', { ...wecomDataApi, corpSecret });
		expect(JSON.stringify(result)).not.toContain(corpSecret);
		for (const secret of [corpSecret, bench.wecom.corp.corpSecret]) {
			expect(bench.log).not.toContain(secret);
		}
	});
});

it('n8n fills in the expressions of a credential for each item', async () => {
	const { rest, wecom } = bench;
	const data = {
		...suiteCredentialsFor(wecom),
		suiteTicket: wecom.suiteTicket,
		authCorpId: '={{ $json.corpId }}',
		permanentCode: '={{ $json.permanentCode }}',
	};
	const name = 'of many corps';
	const wecomDataApi = { id: await rest.createCredential('wecomDataApi', name, data), name };
	const start = nodeOf('Start', 'n8n-nodes-base.manualTrigger');
	const get = nodeOf('Get', 'wecomChatArchive', { returnAll: true }, { wecomDataApi });
	const corps = wecom.customers.slice(0, 2).map(({ corpId, permanentCode }) => ({
		corpId,
		permanentCode,
	}));
	const pinData = { Start: corps.map((json) => ({ json })) };
	const workflow = { ...workflowOf(name, start, get), pinData };
	const id = await rest.createWorkflow(workflow);
	wecom.requests.length = 0;
	const output = outputOf(await rest.run(id, 'Start'), 'Get');
	expect(output.map(({ seq }) => seq)).toEqual([1, 1]);
	const asked = wecom.requests.filter(({ path }) => path.endsWith('/get_corp_token'));
	expect(asked.map(({ body }) => body)).toEqual(
		corps.map(({ corpId, permanentCode }) => ({
			auth_corpid: corpId,
			permanent_code: permanentCode,
		})),
	);
	const calls = wecom.requests.filter(({ path }) => path.endsWith('/get_chat_data'));
	expect(new Set(calls.map(({ query }) => query.access_token)).size).toBe(2);
});
