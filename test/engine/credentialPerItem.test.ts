import type { IDataObject } from 'n8n-workflow';

import { startSimulator, suiteCredentialsFor, type Simulator } from '../../simulator';
import { closedPort } from '../unit/support/server';
import { Engine } from './harness';
import { decryptRecords, getAll } from './support';

/**
 * n8n resolves expressions in a credential for each item: one credential may be that of many corps.
 */
const ARCHIVE = 'wecomChatArchive';
let wecom: Simulator;
let suite: IDataObject;

beforeEach(async () => {
	wecom = await startSimulator({ messageCount: 6 });
	suite = { ...suiteCredentialsFor(wecom), suiteTicket: wecom.suiteTicket };
});

afterEach(async () => {
	await wecom.stop();
});

const load = async (credential: IDataObject, others: IDataObject = {}) =>
	await Engine.load({ wecomDataApi: credential, ...others } as Engine['credentials']);

const requestsTo = (path: string) =>
	wecom.requests.filter((request) => request.path.endsWith(path));

const perCorp = {
	authCorpId: '={{ $json.corpId }}',
	permanentCode: '={{ $json.permanentCode }}',
};

function customers(): [IDataObject, IDataObject] {
	const [first, second] = wecom.customers.map(({ corpId, permanentCode }) => ({
		corpId,
		permanentCode,
	}));
	if (!first || !second) throw new Error('The simulator has two customers');
	return [first, second];
}

const itemsOf = (...list: IDataObject[]) => list.map((json) => ({ json }));
const firstMessage = getAll({ returnAll: false, limit: 1 });

/** Tokens of two corps, as WeCom handed them out. */
async function tokensOfTwo(): Promise<[string, string]> {
	const engine = await load({ ...suite, ...perCorp });
	await engine.runNode(ARCHIVE, firstMessage, itemsOf(...customers()));
	const [first, second] = requestsTo('/get_chat_data').map(({ query }) => query.access_token);
	if (!first || !second) throw new Error('There were two calls');
	expect(first).not.toBe(second);
	wecom.requests.length = 0;
	return [first, second];
}

it('each item is called for with the token of its own corp', async () => {
	const [first, second] = customers();
	const engine = await load({ ...suite, ...perCorp });
	const { json, error } = await engine.runNode(
		ARCHIVE,
		firstMessage,
		itemsOf(first, second, first, second),
	);
	expect(error).toBeUndefined();
	expect(json.map(({ seq }) => seq)).toEqual([1, 1, 1, 1]);
	expect(requestsTo('/get_corp_token').map(({ body }) => body)).toEqual(
		[first, second].map(({ corpId, permanentCode }) => ({
			auth_corpid: corpId,
			permanent_code: permanentCode,
		})),
	);
	const [a, b, c, d] = requestsTo('/get_chat_data').map(({ query }) => query.access_token);
	expect([c, d]).toEqual([a, b]);
	expect(a).not.toBe(b);
});

it('each item is called for with its own access token', async () => {
	const [first, second] = await tokensOfTwo();
	const { privateKey, publicKeyVersion, baseUrl } = suite;
	const engine = await load({
		baseUrl,
		privateKey,
		publicKeyVersion,
		authentication: 'accessToken',
		accessToken: '={{ $json.token }}',
	});
	const { error } = await engine.runNode(
		ARCHIVE,
		firstMessage,
		itemsOf({ token: second }, { token: first }, { token: second }),
	);
	expect(error).toBeUndefined();
	expect(requestsTo('/get_chat_data').map(({ query }) => query.access_token)).toEqual([
		second,
		first,
		second,
	]);
});

it('a corp whose code is wrong fails alone', async () => {
	const [first, second] = customers();
	const engine = await load({ ...suite, ...perCorp });
	const { json } = await engine.runNode(
		ARCHIVE,
		firstMessage,
		itemsOf({ ...first, permanentCode: 'another' }, second),
		{ onError: 'continueRegularOutput' },
	);
	expect(json.map(({ errcode, seq }) => errcode ?? seq)).toEqual([40084, 1]);
});

it('each item is decrypted with its own keys', async () => {
	const engine = await load({
		...suite,
		privateKey: '={{ $json.key }}',
		publicKeyVersion: 2,
		olderPrivateKeys: '={{ $json.older }}',
	});
	const { privateKey: key, olderPrivateKeys: older } = suite;
	const withKeys = { key, older } as IDataObject;
	const { json, error } = await engine.runNode(
		ARCHIVE,
		firstMessage,
		itemsOf({ key: '', older: '' }, withKeys, { key: '', older: '' }),
	);
	expect(error).toBeUndefined();
	expect(json.map(({ decrypted }) => decrypted)).toEqual([false, true, false]);
	const sealed = json[0] ?? {};
	const again = await engine.runNode(
		ARCHIVE,
		decryptRecords,
		itemsOf({ ...sealed, key: '', older: '' }, { ...sealed, ...withKeys }),
	);
	expect(again.json.map(({ decrypted }) => decrypted)).toEqual([false, true]);
});

it('n8n is asked for the keys of a hundred records once', async () => {
	const engine = await load(suite);
	wecom.addMessages(94);
	const { json: sealed } = await engine.runNode(ARCHIVE, getAll({ decrypt: false }));
	let asked = 0;
	const { wecomDataApi } = engine.credentials;
	Object.defineProperty(engine.credentials, 'wecomDataApi', {
		enumerable: true,
		get: () => {
			asked++;
			return wecomDataApi;
		},
	});
	const { json } = await engine.runNode(ARCHIVE, decryptRecords, itemsOf(...sealed));
	expect(json.filter(({ decrypted }) => decrypted)).toHaveLength(sealed.length);
	expect(asked).toBe(1);
});

it('each corp has a remembered position of its own', async () => {
	const [first, second] = customers();
	const engine = await load({ ...suite, ...perCorp });
	const parameters = getAll({ options: { rememberPosition: true } });
	const workflow = engine.singleNodeWorkflow(ARCHIVE, parameters);
	const pull = async (...corps: IDataObject[]) =>
		(await engine.runNode(ARCHIVE, parameters, itemsOf(...corps), { workflow })).json.length;
	expect([await pull(first), await pull(first, second), await pull(first, second)]).toEqual([
		6, 6, 0,
	]);
});

it.each<[string, IDataObject, IDataObject, (body: unknown) => unknown, unknown[]]>([
	[
		'program of the credential',
		{
			resource: 'program',
			operation: 'callSync',
			programId: '',
			callBy: 'ability',
			abilityId: 'a',
			requestData: '{}',
			options: {},
		},
		{ programId: '={{ $json.value }}' },
		(body) => (body as IDataObject).program_id,
		['one', 'two'],
	],
	[
		'callback credential',
		{
			resource: 'callback',
			operation: 'set',
			callbackUrl: 'https://n8n.example.com/a',
			url: 'https://n8n.example.com/a',
			source: 'credential',
			options: {},
		},
		{},
		(body) => (body as IDataObject).token,
		['one', 'two'],
	],
])('each item has its own %s', async (_what, parameters, credential, read, values) => {
	const engine = await load(
		{ ...suite, ...credential },
		{
			wecomCallbackApi: {
				token: '={{ $json.value }}',
				encodingAesKey: 'a'.repeat(43),
				receiveIds: '',
			},
		},
	);
	await engine.runNode(
		'wecomDataZone',
		parameters,
		itemsOf(...(values.map((value) => ({ value })) as IDataObject[])),
		{
			onError: 'continueRegularOutput',
		},
	);
	const bodies = wecom.requests.filter(({ path }) => /program|set_callback/.test(path));
	expect(bodies.map(({ body }) => read(body))).toEqual(values);
});

it('each item has the state that its state credential names', async () => {
	const ports = [await closedPort(), await closedPort()];
	const engine = await load(suite, {
		wecomStateApi: { host: '127.0.0.1', port: '={{ $json.port }}', encryptionKey: 'k'.repeat(20) },
	});
	const { json, hints, error } = await engine.runNode(
		ARCHIVE,
		{ ...firstMessage, stateStore: 'redis' },
		itemsOf(...ports.map((port) => ({ port }))),
	);
	expect(error).toBeUndefined();
	expect(json).toHaveLength(2);
	for (const port of ports) expect(hints.join('\n')).toContain(`:${port}`);
});
