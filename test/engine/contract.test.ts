import type { INodeProperties } from 'n8n-workflow';

import { closeServers, errcode, json, startServer, type TestServer } from '../unit/support/server';
import { Engine } from './harness';
import { credentialsOf, nameOf, ROWS, TOKENS } from './rows';

/** Those that call nothing, and the upload, whose body is no JSON. */
const OTHERS = [
	'wecomChatArchive message decrypt',
	'wecomDataZone key generate',
	'wecomDataZone file upload',
];

/** Where an answer of nothing but errcode 0 would not do. */
const ANSWERS: Readonly<Record<string, object>> = {
	'/cgi-bin/chatdata/sync_call_program': { response_data: '{"status":1}' },
	'/cgi-bin/chatdata/async_program_task': { jobid: 'JOB1' },
	'/cgi-bin/service/get_pre_auth_code': { pre_auth_code: 'p1', expires_in: 1200 },
	'/cgi-bin/service/v2/get_permanent_code': {
		permanent_code: 'p1',
		auth_corp_info: { corpid: 'wpCorp' },
	},
};

let server: TestServer;
let engine: Engine;
let bare: boolean;
let refusals: number;

beforeEach(async () => {
	bare = false;
	refusals = 0;
	server = await startServer((request, response) => {
		if (refusals-- > 0) return errcode(48002, 'api forbidden')(request, response);
		const answer = bare ? {} : (ANSWERS[request.path] ?? {});
		return json({ errcode: 0, errmsg: 'ok', ...answer })(request, response);
	});
	engine = await Engine.load(credentialsOf(server.url));
});

afterEach(closeServers);

it('every row of the reference is an operation, and every operation is a row', () => {
	const offered = engine.nodeNames.flatMap((node) => operationsOf(engine, node));
	expect([...offered].sort()).toEqual([...ROWS.map(nameOf), ...OTHERS].sort());
});

it.each(ROWS.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
	const { node, resource, operation, path, token = 'access_token', parameters, body } = row;
	const { error } = await engine.runNode(node, { resource, operation, ...parameters });
	expect(error).toBeUndefined();
	expect(server.requests).toHaveLength(1);
	const [request] = server.requests;
	expect(request).toMatchObject({
		method: body ? 'POST' : 'GET',
		path: `/cgi-bin${path}`,
		query: { [token]: TOKENS[token] },
	});
	expect(Object.keys(request?.query ?? {})).toEqual([token]);
	if (body) expect(JSON.parse(request?.body ?? '')).toEqual(body);
	else expect(request?.body).toBe('');
});

it.each(ROWS.map((row) => [nameOf(row), row] as const))(
	'%s goes on after an item that WeCom refuses, and says of each result whose it is',
	async (_name, { node, resource, operation, parameters }) => {
		refusals = 1;
		const { error, items } = await engine.runNode(
			node,
			{ resource, operation, ...parameters },
			[{ json: {} }, { json: {} }],
			{ onError: 'continueRegularOutput' },
		);
		expect(error).toBeUndefined();
		expect(server.requests).toHaveLength(2);
		const [refused, ...others] = items;
		expect(refused?.json).toMatchObject({ errcode: 48002, hint: expect.any(String) as string });
		expect(refused?.pairedItem).toEqual({ item: 0 });
		expect(others.map(({ pairedItem }) => pairedItem)).toEqual(others.map(() => ({ item: 1 })));
	},
);

it.each([
	['wecomChatArchive', 'export', 'get', { jobId: 'j1' }, /status of an export/],
	['wecomDataZone', 'program', 'callAsync', { abilityId: 'a', requestData: '{}' }, /no jobid/],
	['wecomAuthorization', 'authorization', 'exchangeCode', { authCode: 'a1' }, /no permanent_code/],
])(
	'%s %s %s is worth nothing without an answer, and says what is missing',
	async (node, resource, operation, parameters, words) => {
		bare = true;
		const { error } = await engine.runNode(node, { resource, operation, ...parameters });
		expect(error?.message).toMatch(words);
		expect(server.requests).toHaveLength(1);
	},
);

it.each([
	['wecomChatArchive', 'keywordRule', 'create', 'rule_id'],
	['wecomChatArchive', 'export', 'create', 'jobid'],
	['wecomAcquisition', 'link', 'create', 'link_id'],
	['wecomDataOrder', 'order', 'place', 'order_id'],
])('%s %s %s warns when the answer holds no %s', async (node, resource, operation, id) => {
	const row = ROWS.find((one) => nameOf(one) === `${node} ${resource} ${operation}`);
	const {
		error,
		hints,
		json: items,
	} = await engine.runNode(node, {
		resource,
		operation,
		...row?.parameters,
	});
	expect(error).toBeUndefined();
	expect(items).toHaveLength(1);
	expect(items[0]).not.toHaveProperty(id);
	expect(hints).toEqual([expect.stringContaining(`without ${id}`)]);
});

it('wecomDataZone file upload', async () => {
	const binary = {
		data: {
			data: Buffer.from('seven bytes and more').toString('base64'),
			mimeType: 'text/plain',
			fileName: '模板.txt',
		},
	};
	const { error } = await engine.runNode(
		'wecomDataZone',
		{ resource: 'file', operation: 'upload', binaryPropertyName: 'data' },
		[{ json: {}, binary }],
	);
	expect(error).toBeUndefined();
	const [request] = server.requests;
	expect(request).toMatchObject({
		method: 'POST',
		path: '/cgi-bin/msgaudit/upload_tmp_file',
		query: { access_token: TOKENS.access_token, type: 'file' },
	});
	expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
	expect(request?.body).toContain('name="media"; filename="模板.txt"; filelength=20');
	expect(request?.body).toContain('seven bytes and more');
});

/** `node resource operation` of everything a node's two lists offer. */
function operationsOf(engine: Engine, node: string): string[] {
	const { properties } = engine.nodeType(node).description;
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }: INodeProperties) => {
			const resources = (displayOptions?.show?.resource ?? []) as string[];
			return resources.flatMap((resource) =>
				(options ?? []).map(
					(option) => `${node} ${resource} ${String((option as { value: string }).value)}`,
				),
			);
		});
}
