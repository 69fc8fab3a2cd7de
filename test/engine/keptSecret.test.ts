import type { IDataObject, INode } from 'n8n-workflow';
import { inspect } from 'node:util';

import { closedPort, closeServers, json, startServer } from '../unit/support/server';
import { Engine } from './harness';
import { startBench } from './support';

/** Typed into a field, with what JSON, URLs and HTML write in another way. */
const SECRET = 'Perm"anent\\Code & more: 0815';
const CREDENTIAL = { authentication: 'suite', suiteId: 'ww1', suiteSecret: 's', suiteTicket: 't' };
const CUSTOMER = { authCorpId: 'wpCustomer', permanentCode: SECRET };

let engine: Engine;

beforeAll(async () => {
	const { url } = await startServer(json({ errcode: 0 }));
	engine = await Engine.load({ wecomDataApi: { baseUrl: url, ...CREDENTIAL } });
});

afterAll(closeServers);

/** All that can be found in a value: properties of any kind, and theirs. */
function everythingIn(value: unknown): string {
	return inspect(value, { depth: null, showHidden: true, maxStringLength: null }) + JSON.stringify(value); // prettier-ignore
}

function expectKept(value: unknown): void {
	const all = everythingIn(value);
	for (const part of ['Perm"anent', 'anent\\', 'Code & more', '0815']) {
		expect(all).not.toContain(part);
	}
}

describe('an error of n8n itself comes out without the parameters of the node', () => {
	const upload = { resource: 'file', operation: 'upload', options: CUSTOMER };
	const group = { resource: 'group', operation: 'get', options: CUSTOMER };
	const CASES: Array<[string, string, IDataObject, Partial<INode>, RegExp]> = [
		['no binary field', 'wecomDataZone', upload, {}, /binary file 'data'/],
		[
			'a binary field that is none',
			'wecomDataZone',
			{ ...upload, binaryPropertyName: '={{ 5 }}' },
			{},
			/binary/i,
		],
		[
			'an expression about a node that is not there',
			'wecomChatArchive',
			{ ...group, roomId: '={{ $("Nowhere").item.json.x }}' },
			{},
			/./,
		],
		[
			'an expression that throws, in the field of the secret',
			'wecomChatArchive',
			{
				...group,
				roomId: 'wr1',
				options: { ...CUSTOMER, permanentCode: `={{ "${SECRET}".nothing.more }}` },
			},
			{},
			/./,
		],
		[
			'no credential',
			'wecomChatArchive',
			{ ...group, roomId: 'wr1' },
			{ credentials: {} },
			/cred/i,
		],
		[
			'an operation that is not there',
			'wecomDataZone',
			{ ...upload, operation: 'nothing' },
			{},
			/no operation "file:nothing"/,
		],
	];

	it.each(CASES)('%s', async (_name, node, parameters, settings, words) => {
		const { error } = await engine.runNode(node, parameters, undefined, settings);
		expect(error?.message).toMatch(words);
		expectKept(error);
	});

	it.each(CASES)(
		'%s, in the output of a node that goes on',
		async (_name, node, parameters, settings) => {
			for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
				const { items, run } = await engine.runNode(node, parameters, undefined, {
					...settings,
					onError,
				});
				expectKept(items);
				expectKept(run.data.resultData.error);
				expectKept(run.data.resultData.runData.Node?.map(({ error, data }) => [error, data]));
			}
		},
	);

	it('says what to do, as n8n does', async () => {
		const { error } = await engine.runNode('wecomDataZone', upload);
		expect(error?.description).toContain('previous node outputs a binary file');
		const { json: items } = await engine.runNode('wecomDataZone', upload, undefined, {
			onError: 'continueRegularOutput',
		});
		expect(items[0]).toMatchObject({ hint: expect.stringContaining('binary file') });
	});

	it('from a trigger as well', async () => {
		const name = 'wecomChatArchiveTrigger';
		for (const [parameters, settings] of [
			[{ options: CUSTOMER }, { credentials: {} }],
			[{ options: { ...CUSTOMER, pageSize: '={{ $("Nowhere").item.json.x }}' } }, {}],
		] as const) {
			const node = { ...engine.nodeJson(name, parameters), ...settings };
			const workflow = engine.workflow({ nodes: [node], connections: {} });
			const error: unknown = await engine.poll(workflow, 'Node').catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(Error);
			expectKept(error);
		}
	});
});

describe('plain http', () => {
	const members = { resource: 'member', operation: 'getAll', returnAll: true };
	const environment = { ...process.env };

	afterEach(() => {
		for (const name of ['HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY', 'no_proxy']) {
			if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
			else process.env[name] = environment[name];
		}
	});

	it('goes straight to the API, whatever Proxy URL and the environment name', async () => {
		const proxy = await startServer(json({ errcode: 0 }));
		const api = await startServer(json({ errcode: 0, access_token: 'T', auth_user_list: [] }));
		process.env.HTTP_PROXY = process.env.ALL_PROXY = proxy.url;
		delete process.env.NO_PROXY;
		delete process.env.no_proxy;
		for (const proxyUrl of ['', proxy.url]) {
			const data = { baseUrl: api.url, corpId: 'ww1', corpSecret: `s${proxyUrl}`, proxyUrl };
			const { error } = await (await Engine.load({ wecomDataApi: data })).runNode('wecomDataZone', members); // prettier-ignore
			expect(error).toBeUndefined();
			const tested = await engine.testCredential('wecomDataZone', 'wecomDataApiTest', data);
			expect(tested.message).toContain('WeCom issued');
		}
		expect(proxy.connections).toBe(0);
		expect(api.requests.length).toBeGreaterThan(3);
	});

	it('to another host takes the switch, and its refusal names it', async () => {
		const baseUrl = `http://gateway.invalid:${await closedPort()}`;
		const data = { baseUrl, authentication: 'accessToken', accessToken: 'T' };
		const run = async (more: IDataObject) =>
			await (
				await Engine.load({ wecomDataApi: { ...data, ...more } as Engine['credentials'][string] })
			).runNode('wecomDataZone', members);
		for (const more of [{}, { allowPlainHttp: false }, { allowPlainHttp: 'false' }]) {
			const { error } = await run(more);
			expect(error?.message).toContain('unencrypted');
			expect(error?.description).toContain('"Allow Plain HTTP"');
		}
		for (const allowPlainHttp of [true, 'true']) {
			const { error } = await run({ allowPlainHttp });
			expect(error?.message).toContain('gateway.invalid');
			expect(error?.message).toContain('could not be reached');
		}
		const refused = await engine.testCredential('wecomDataZone', 'wecomDataApiTest', data);
		expect(refused).toMatchObject({ status: 'Error', message: expect.stringContaining('"Allow Plain HTTP"') }); // prettier-ignore
	});
});

describe('a trigger takes words for switches', () => {
	it('polls with Simplify off where an expression says "false"', async () => {
		const bench = await startBench({ messageCount: 3 });
		const poll = async (simplify: unknown) => {
			const parameters = { startFrom: 'oldest', simplify } as IDataObject;
			const node = bench.engine.nodeJson('wecomChatArchiveTrigger', parameters);
			const workflow = bench.engine.workflow({ nodes: [node], connections: {} });
			return (await bench.engine.poll(workflow, 'Node', 'manual'))?.[0]?.map((item) => item.json);
		};
		expect(await poll('={{ "false" }}')).toEqual(await poll(false));
		expect(await poll('={{ "TRUE" }}')).toEqual(await poll(true));
		await expect(poll('={{ "perhaps" }}')).rejects.toThrow('"Simplify"');
		await bench.stop();
	});
});
