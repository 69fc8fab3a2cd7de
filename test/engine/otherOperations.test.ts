import type { IDataObject } from 'n8n-workflow';

import { closeServers, json, startServer } from '../unit/support/server';
import { Engine } from './harness';
import { credentialsOf } from './row';
import { decryptRecords, getAll, startBench, type Bench } from './support';

const ARCHIVE = 'wecomChatArchive';
let bench: Bench;

beforeAll(async () => {
	bench = await startBench({ messageCount: 40, corruptEvery: 10, missingKeyEvery: 15 });
});

afterAll(async () => {
	await bench.stop();
	await closeServers();
});

beforeEach(() => {
	bench.wecom.requests.length = 0;
});

const requestsTo = (path: string) =>
	bench.wecom.requests.filter((request) => request.path.endsWith(path));

describe('message.decrypt', () => {
	const parameters = decryptRecords;
	let sealed: IDataObject[];

	beforeAll(async () => {
		sealed = (await bench.engine.runNode(ARCHIVE, getAll({ decrypt: false }))).json;
	});

	const asItems = (list: IDataObject[]) => list.map((json) => ({ json }));

	it('gives for input items what getAll gives, item by item', async () => {
		const direct = await bench.engine.runNode(ARCHIVE, getAll());
		bench.wecom.requests.length = 0;
		const { items, json } = await bench.engine.runNode(ARCHIVE, parameters, asItems(sealed));
		expect(json).toEqual(direct.json);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_item, item) => ({ item })),
		);
		expect(bench.wecom.requests).toEqual([]);
	});

	it('reads fields of any name, nested ones too, and can keep the rest of the item', async () => {
		const input = sealed.slice(0, 3).map((record, index) => ({
			row: index,
			'odd.name': record.publickey_ver,
			record: { key: record.encrypt_random_key, body: record.encrypt_chat_msg },
			position: record.seq,
		}));
		const { json } = await bench.engine.runNode(
			ARCHIVE,
			{
				...parameters,
				encryptRandomKeyField: 'record.key',
				encryptChatMsgField: 'record.body',
				publickeyVerField: 'odd.name',
				options: { seqField: 'position', includeInputFields: true },
			},
			asItems(input),
		);
		expect(json.map(({ row, seq, decrypted }) => [row, seq, decrypted])).toEqual(
			sealed.slice(0, 3).map(({ seq }, index) => [index, seq, true]),
		);
	});

	it('says no more that a record cannot be opened when it can, and keeps that of one that cannot', async () => {
		const before = {
			decrypted: false,
			reason: 'missing_key_version',
			error: 'No private key',
			row: 1,
		};
		const [record = {}] = sealed;
		const { json } = await bench.engine.runNode(
			ARCHIVE,
			{ ...parameters, options: { includeInputFields: true } },
			asItems([
				{ ...record, ...before },
				{ ...record, ...before, publickey_ver: 77 },
			]),
		);
		expect(json[0]).toMatchObject({ row: 1, decrypted: true });
		expect(json[0]).not.toHaveProperty('error');
		expect(json[0]).not.toHaveProperty('reason');
		expect(json[1]).toMatchObject({ row: 1, decrypted: false, reason: 'missing_key_version' });
	});

	it('hands the random key and the ciphertext on when the cipher is key-only', async () => {
		const credential = bench.engine.credentials.wecomDataApi ?? {};
		bench.engine.credentials.wecomDataApi = { ...credential, messageCipher: 'key-only' };
		const { json } = await bench.engine.runNode(ARCHIVE, parameters, asItems(sealed.slice(0, 1)));
		bench.engine.credentials.wecomDataApi = credential;
		expect(Buffer.from(String(json[0]?.randomKey), 'base64')).toHaveLength(32);
		expect(json[0]).toMatchObject({
			decrypted: false,
			encrypt_chat_msg: sealed[0]?.encrypt_chat_msg,
		});
	});

	it('names the fields the item has when it has no encrypted record', async () => {
		const { error } = await bench.engine.runNode(ARCHIVE, parameters, asItems([{ a: 1, b: 2 }]));
		expect(error?.message).toContain('encrypt_random_key');
		expect(error).toMatchObject({ description: expect.stringContaining('a, b') as string });
	});

	it('decrypts later what had no key at first', async () => {
		const credential = bench.engine.credentials.wecomDataApi ?? {};
		bench.engine.credentials.wecomDataApi = { ...credential, olderPrivateKeys: '' };
		const before = await bench.engine.runNode(ARCHIVE, getAll());
		bench.engine.credentials.wecomDataApi = credential;
		const failed = before.json.filter(
			({ reason, publickey_ver }) => reason === 'missing_key_version' && publickey_ver === 1,
		);
		expect(failed.length).toBeGreaterThan(5);
		const after = await bench.engine.runNode(ARCHIVE, parameters, asItems(failed));
		const truth = new Map(bench.wecom.truth.map(({ seq, state }) => [Number(seq), state]));
		for (const { seq, decrypted } of after.json) {
			expect(decrypted).toBe(truth.get(Number(seq)) === 'ok');
		}
	});
});

describe('consent.check', () => {
	const check = (parameters: object, items?: IDataObject[]) =>
		bench.engine.runNode(
			ARCHIVE,
			{ resource: 'consent', operation: 'check', options: {}, ...parameters },
			items?.map((json) => ({ json })),
		);
	const pairs = () =>
		bench.wecom.world.customers.map(({ externalUserid, owner }) => ({
			userid: owner,
			exteranalopenid: externalUserid,
		}));

	it('tells for several pairs of one item who agreed', async () => {
		const pair = pairs().slice(0, 6);
		const { json, items } = await check({ specifyPairs: 'fields', pairs: { pair } });
		expect(requestsTo('/check_single_agree').map(({ body }) => body)).toEqual([{ info: pair }]);
		expect(json).toEqual(
			bench.wecom.world.customers.slice(0, 6).map((customer) => ({
				userid: customer.owner,
				exteranalopenid: customer.externalUserid,
				agree_status: customer.agrees ? 'Agree' : 'Disagree',
				status_change_time: customer.decidedAt,
				agreed: customer.agrees,
			})),
		);
		expect(items.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
	});

	it.each([
		['Agree', true],
		['Default_Agree', true],
		['Disagree', false],
		['Something_New', null],
		[undefined, null],
	])('reads the status %p as agreed: %p', async (agree_status, agreed) => {
		const server = await startServer(json({ errcode: 0, agreeinfo: [{ userid: 'a', agree_status }] })); // prettier-ignore
		const engine = await Engine.load(credentialsOf(server.url));
		const pair = pairs().slice(0, 1);
		const parameters = { resource: 'consent', operation: 'check', pairs: { pair } };
		const { json: output } = await engine.runNode(ARCHIVE, parameters);
		expect(output).toEqual([expect.objectContaining({ agreed })]);
	});

	it('asks in chunks of 100', async () => {
		const pair = Array.from({ length: 12 }, pairs).flat().slice(0, 230);
		const { json } = await check({ specifyPairs: 'json', pairsJson: JSON.stringify(pair) });
		const sizes = requestsTo('/check_single_agree').map(
			({ body }) => (body as { info: unknown[] }).info.length,
		);
		expect(sizes).toEqual([100, 100, 30]);
		expect(json.length).toBeGreaterThan(0);
	});

	it('takes a list from an expression and the spelling external_userid', async () => {
		const [first] = pairs();
		const list = [{ userid: first?.userid, external_userid: first?.exteranalopenid }];
		const { json } = await check({ specifyPairs: 'json', pairsJson: '={{ $json.list }}' }, [
			{ list },
		]);
		expect(json[0]).toMatchObject(first ?? {});
	});

	it.each([
		['no pair', { specifyPairs: 'fields', pairs: {} }, 'Pairs'],
		['broken JSON', { specifyPairs: 'json', pairsJson: '[{' }, 'Pairs (JSON)'],
		['an object instead of a list', { specifyPairs: 'json', pairsJson: '{}' }, 'Pairs'],
		[
			'no member',
			{ specifyPairs: 'json', pairsJson: '[{"exteranalopenid":"wm1"}]' },
			'info[0].userid',
		],
		[
			'no customer',
			{ specifyPairs: 'json', pairsJson: '[{"userid":"a"}]' },
			'info[0].exteranalopenid',
		],
		[
			'a switch',
			{ specifyPairs: 'json', pairsJson: '[{"userid":true,"exteranalopenid":"w"}]' },
			'info[0].userid',
		],
	])('sends nothing for %s and names the field', async (_what, parameters, field) => {
		const { error } = await check(parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(bench.wecom.requests).toEqual([]);
	});
});

describe('group.get', () => {
	const get = (roomId: string) =>
		bench.engine.runNode(ARCHIVE, { resource: 'group', operation: 'get', roomId, options: {} });

	it('tells name, creator, notice and members of an internal group', async () => {
		const group = bench.wecom.world.groups.find(({ internal }) => internal);
		const { json } = await get(` ${group?.roomid} `);
		expect(json[0]).toMatchObject({
			roomname: group?.name,
			creator: group?.creator,
			notice: group?.notice,
			room_create_time: group?.createdAt,
		});
		expect(json[0]?.members).toHaveLength(group?.members.length ?? -1);
		expect(json[0]).not.toHaveProperty('errcode');
		expect(requestsTo('/get_inner_group')[0]?.body).toEqual({ roomid: group?.roomid });
	});

	it('says that a group with customers is no internal group', async () => {
		const group = bench.wecom.world.groups.find(({ internal }) => !internal);
		const { error } = await get(group?.roomid ?? '');
		expect(error?.message).toContain('301059');
		expect(error).toMatchObject({ description: expect.any(String) as string });
	});

	it('sends nothing for a blank or over-long id', async () => {
		for (const id of ['  ', 'x'.repeat(257)]) {
			expect((await get(id)).error?.message).toContain('"roomid"');
		}
		expect(bench.wecom.requests).toEqual([]);
	});
});

const NO_TOKEN = {
	authentication: 'accessToken',
	accessToken: '',
	suiteAccessToken: '',
	providerAccessToken: '',
};

describe('the credential tests', () => {
	const data = (changes: object = {}) => ({ ...bench.engine.credentials.wecomDataApi, ...changes });
	const test = (changes: object = {}) =>
		bench.engine.testCredential(ARCHIVE, 'wecomDataApiTest', data(changes));
	const callback = (changes: object = {}) =>
		bench.engine.testCredential('wecomDataTrigger', 'wecomCallbackApiTest', {
			...bench.engine.credentials.wecomCallbackApi,
			...changes,
		});

	it('pass with corpid and secret, and name the key versions they read', async () => {
		const result = await test();
		expect(result.status).toBe('OK');
		expect(result.message).toContain('version 1, 2');
	});

	it('ask WeCom each time: what it issued before says nothing about a secret that was reset', async () => {
		await test();
		bench.wecom.requests.length = 0;
		for (let time = 0; time < 2; time++) expect((await test()).status).toBe('OK');
		expect(bench.wecom.requests.filter(({ path }) => path.endsWith('/gettoken'))).toHaveLength(2);
	});

	it.each([
		['a wrong secret', { corpSecret: 'nonsense-0123456789' }, '40001'],
		['a wrong corpid', { corpId: 'ww0000000000000000' }, '40013'],
		['no secret', { corpSecret: '' }, 'corpSecret'],
		['a server that is not there', { baseUrl: 'http://127.0.0.1:9' }, 'ECONNREFUSED'],
		['plain http to another host', { baseUrl: 'http://example.com' }, 'https://'],
		['a wrong token', { authentication: 'accessToken', accessToken: 'nonsense' }, '40014'],
		['no token', NO_TOKEN, 'holds no token'],
		['an EncodingAESKey as private key', { privateKey: 'a'.repeat(43) }, 'EncodingAESKey'],
		['older keys that are no JSON', { olderPrivateKeys: 'abc' }, 'older private keys'],
		['one version twice', { publicKeyVersion: 1 }, 'given twice'],
		['a SOCKS proxy', { proxyUrl: 'socks5://127.0.0.1:1' }, 'proxy'],
	])('say exactly what is wrong with %s', async (_what, changes, words) => {
		const result = await test(changes);
		expect(result.status).toBe('Error');
		expect(result.message).toContain(words);
		expect(result.message).not.toContain('nonsense');
	});

	it('pass with a good access token, and with one that may not read the archive', async () => {
		await bench.engine.runNode(ARCHIVE, getAll({ returnAll: false, limit: 1 }));
		const { access_token: accessToken } = bench.wecom.requests.at(-1)?.query as Record<
			string,
			string
		>;
		const changes = { authentication: 'accessToken', accessToken };
		expect((await test(changes)).status).toBe('OK');
		bench.wecom.faults.add({ kind: 'errcode', errcode: 48002, errmsg: 'api forbidden' });
		const limited = await test(changes);
		expect(limited).toMatchObject({
			status: 'OK',
			message: expect.stringContaining('48002') as string,
		});
	});

	it('of the callback credential check the form of Token and EncodingAESKey', async () => {
		expect((await callback()).status).toBe('OK');
		expect((await callback({ receiveIds: '' })).message).toContain('without a receive id');
		expect((await callback({ receiveIds: 'ww1 *' })).message).toContain('every corp');
		expect(await callback({ encodingAesKey: 'short' })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('43') as string,
		});
		const pem = bench.wecom.keys[1]?.privateKey ?? '';
		expect((await callback({ encodingAesKey: pem })).message).toContain('WeCom Data API');
		expect((await callback({ token: '' })).status).toBe('Error');
	});
});
