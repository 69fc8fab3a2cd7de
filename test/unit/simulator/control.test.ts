import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
	startSimulator,
	suiteCredentialsFor,
	type AuthorizedCorp,
	type Simulator,
} from '../../../simulator';
import { call, getToken, page, upload } from './support';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 20, firstSeq: 2n ** 60n });
});
afterAll(() => simulator.stop());

async function control(method: string, path: string, body?: unknown): Promise<[number, unknown]> {
	const response = await fetch(`${simulator.url}/_sim/${path}`, {
		method,
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return [response.status, await response.json()];
}

test('GET truth tells what is in the archive, seqs as strings', async () => {
	const [status, truth] = await control('GET', 'truth');
	expect(status).toBe(200);
	expect(truth).toEqual(simulator.truth.map((record) => ({ ...record, seq: String(record.seq) })));
});

test('POST messages adds records', async () => {
	const [, added] = await control('POST', 'messages', { count: 2, msgtype: 'image' });
	expect(added).toMatchObject([{ plaintext: { msgtype: 'image' } }, { state: 'ok' }]);
	expect(simulator.truth).toHaveLength(22);
});

test('POST media tells a file of a message, GET archive_credentials how to read it', async () => {
	const [record] = simulator.addMessages(1, { msgtype: 'file', bytes: 700_000 });
	const { sdkfileid, md5sum } = record?.plaintext?.file as Record<string, string>;
	expect(await control('POST', 'media', { sdkfileid })).toEqual([
		200,
		{ bytes: 700_000, md5: md5sum },
	]);
	expect((await control('POST', 'media', { sdkfileid: 'nonsense' }))[0]).toBe(400);
	const [, credentials] = await control('GET', 'archive_credentials');
	expect(credentials).toMatchObject({
		wecomDataApi: { contract: 'messageArchive', archiveLibrary: 'thisMachine', ...simulator.corp },
	});
});

test('POST and DELETE faults make and end trouble', async () => {
	const token = await getToken(simulator);
	const code = async () => (await call(simulator, '/msgaudit/get_inner_group', token, {})).errcode;
	await control('POST', 'faults', { kind: 'busy', times: -1 });
	expect([await code(), await code(), await code()]).toEqual([-1, -1, -1]);
	await control('DELETE', 'faults');
	expect(await code()).toBe(40063);
});

test('POST expire_tokens ends the tokens', async () => {
	const token = await getToken(simulator);
	await control('POST', 'expire_tokens');
	expect(await page(simulator, token, 0, 1)).toBeUndefined();
	expect(await getToken(simulator)).not.toBe(token);
});

test('GET chats, keyword_hits, uploads, callbacks and tag_groups tell what there is', async () => {
	const token = await getToken(simulator);
	const rule = { name: 'r', keyword: { word_list: ['密语'] } };
	await call(simulator, '/msgaudit/keyword_rule/create', token, rule);
	await upload(simulator, token);
	const { roomid } = simulator.world.groups[1] as { roomid: string };
	await control('POST', 'messages', { count: 1, text: '一句密语', chatId: roomid });
	const plain = (value: unknown): unknown =>
		JSON.parse(JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one))); // prettier-ignore
	const { chats, keywordHits, uploads, world } = simulator;
	expect([chats.length > 0, keywordHits.length, uploads.length]).toEqual([true, 1, 1]);
	expect(await control('GET', 'chats')).toEqual([200, plain(chats)]);
	expect(await control('GET', 'keyword_hits')).toEqual([200, plain(keywordHits)]);
	expect(await control('GET', 'uploads')).toEqual([200, uploads]);
	expect(await control('GET', 'callbacks')).toEqual([200, []]);
	expect(await control('GET', 'tag_groups')).toEqual([200, world.tagGroups]);
});

test('GET requests lists what came in, /_sim left out', async () => {
	const [, requests] = await control('GET', 'requests');
	const paths = (requests as Array<{ path: string }>).map((request) => request.path);
	expect(paths).toHaveLength(simulator.requests.length);
	expect(paths.every((path) => path.startsWith('/cgi-bin/'))).toBe(true);
});

test('POST callbacks sends one', async () => {
	const server = createServer((request, response) => request.resume() && response.end('success'));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const [, result] = await control('POST', 'callbacks', {
		url,
		event: 'customer_acquisition',
		fields: { ChangeType: 'balance_low' },
		format: 'json',
	});
	server.close();
	expect(result).toMatchObject({ attempts: 1, ok: true });
});

test('GET credentials gives what to type into n8n', async () => {
	const [, credentials] = await control('GET', 'credentials');
	expect(credentials).toEqual({
		wecomDataApi: {
			baseUrl: simulator.url,
			authentication: 'corpSecret',
			corpId: simulator.corp.corpId,
			corpSecret: simulator.corp.corpSecret,
			suiteAccessToken: simulator.suiteAccessToken,
			providerAccessToken: simulator.providerAccessToken,
			privateKey: simulator.keys[2]?.privateKey,
			publicKeyVersion: 2,
			olderPrivateKeys: JSON.stringify({ 1: simulator.keys[1]?.privateKey }),
			messageCipher: 'aes-256-cbc',
			programId: simulator.programs.java,
			programStyle: 'java',
		},
		wecomCallbackApi: {
			token: simulator.callback.token,
			encodingAesKey: simulator.callback.encodingAesKey,
			receiveIds: `${simulator.corp.corpId},${simulator.callback.suiteId}`,
		},
	});
});

test('GET suite, suite_credentials and customers tell who the app is and who has it', async () => {
	const { suite, suiteTicket, provider, customers } = simulator;
	expect(await control('GET', 'suite')).toEqual([200, { ...suite, suiteTicket, provider }]);
	expect(await control('GET', 'suite_credentials')).toEqual([200, suiteCredentialsFor(simulator)]);
	expect(await control('GET', 'customers')).toEqual([200, customers]);
});

test('POST suite_ticket, authorize, change_auth, reset_permanent_code and cancel_auth do as named', async () => {
	const [, pushed] = await control('POST', 'suite_ticket');
	expect(pushed).toEqual({ suiteTicket: simulator.suiteTicket });
	expect(await control('POST', 'authorize', { corpName: '晨光烘焙', state: 's1' })).toEqual([
		200,
		{ corpId: expect.stringMatching(/^wp/), authCode: expect.any(String) },
	]);
	const { corpId, permanentCode } = simulator.customers[2] as AuthorizedCorp;
	expect(await control('POST', 'change_auth', { corpId })).toEqual([200, {}]);
	expect(await control('POST', 'reset_permanent_code', { corpId })).toEqual([
		200,
		{ corpId, authCode: expect.any(String) },
	]);
	expect(simulator.customers[2]?.permanentCode).not.toBe(permanentCode);
	expect(await control('POST', 'cancel_auth', { corpId })).toEqual([200, {}]);
	expect(simulator.customers[2]?.status).toBe('cancelled');
});

test.each([
	['faults', { kind: 'nonsense' }],
	['messages', { count: 'many' }],
	['messages', { count: 1, state: 'nonsense' }],
	['messages', { count: 1, chatId: 'wrNowhere' }],
	['messages', { count: 1, text: 'a', msgtype: 'image' }],
	['messages', { count: 1, by: 'nobody' }],
	['callbacks', { event: 'suite_ticket' }],
	['callbacks', { url: 'http://127.0.0.1:1/' }],
	['authorize', { state: 'no blanks' }],
	['change_auth', { corpId: 'wpNobody' }],
	['cancel_auth', {}],
	['reset_permanent_code', { corpId: 7 }],
])('POST %s with %j is HTTP 400 and says why', async (path, body) => {
	expect(await control('POST', path, body)).toEqual([400, { error: expect.any(String) }]);
});
