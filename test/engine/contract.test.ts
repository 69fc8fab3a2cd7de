import type { INodeProperties } from 'n8n-workflow';

import { inMenuWords } from '../../nodes/shared/menuWords';
import { closeServers, startServer, type TestServer } from '../unit/support/server';
import { Engine } from './harness';
import {
	arrivingOf,
	credentialsOf,
	nameOf,
	parametersOf,
	ROW_CONTRACTS,
	TOKENS,
	type Row,
	type RowContract,
	type RowStyle,
	type Sent,
} from './row';
import { ROWS } from './rows';
import { answering, useStubLibrary } from './stubLibrary';

/** Those that call nothing, and the upload, whose body is no JSON. */
const OTHERS = [
	'wecomChatArchive message decrypt',
	'wecomDataZone key generate',
	'wecomDataZone library check',
	'wecomDataZone program getAbilityExample',
	'wecomDataZone file upload',
];

/** Where an answer of nothing but errcode 0 would not do. */
const ANSWERS: Readonly<Record<string, object>> = {
	'/cgi-bin/chatdata/sync_call_program': { response_data: '{"status":1,"jobid":"J1"}' },
	'/cgi-bin/chatdata/async_program_task': { jobid: 'JOB1' },
	'/cgi-bin/service/get_pre_auth_code': { pre_auth_code: 'p1', expires_in: 1200 },
	'/cgi-bin/service/v2/get_permanent_code': {
		permanent_code: 'p1',
		auth_corp_info: { corpid: 'wpCorp' },
	},
};

/** A row as one contract serves it; a function of the zone once in each style of programs. */
type Served = [name: string, row: Row, contract: RowContract, style: RowStyle];
const SERVED = ROWS.flatMap((row) =>
	ROW_CONTRACTS.flatMap((contract): Served[] => {
		const sent = row.sends[contract];
		if (!sent) return [];
		const name = `${nameOf(row)} in ${contract}`;
		return sent.route.startsWith('ZONE')
			? [
					[name, row, contract, 'java'],
					[`${name}, to a program in Python`, row, contract, 'python'],
				]
			: [[name, row, contract, 'java']];
	}),
);
const ABSENT = ROWS.flatMap((row) =>
	ROW_CONTRACTS.filter((contract) => !row.sends[contract]).map(
		(contract) => [`${nameOf(row)} in ${contract}`, row, contract] as const,
	),
);
const LABELS = {
	reference: 'Data API Reference',
	dataZone: 'Tencent Data Zone',
	messageArchive: 'Tencent Message Archive',
};

let server: TestServer;
let engine: Engine;
let bare: boolean;
let refusals: number;

beforeEach(async () => {
	bare = false;
	refusals = 0;
	server = await startServer((request, response) => {
		const refused = { errcode: 48002, errmsg: 'api forbidden' };
		if (refusals-- > 0) return answering(refused)(request, response);
		const answer = bare ? {} : (ANSWERS[request.path] ?? {});
		return answering({ errcode: 0, errmsg: 'ok', ...answer })(request, response);
	});
	engine = await Engine.load(credentialsOf(server.url));
});

afterEach(closeServers);

/** Lets the credential choose a contract and a style of programs; nothing else changes. */
async function choose(contract: RowContract, style: RowStyle = 'java', sent?: Sent): Promise<void> {
	Object.assign(engine.credentials, credentialsOf(server.url, contract, style, sent));
	if (sent?.route.startsWith('LIBRARY')) await useStubLibrary(server.url);
}

it('every row is an operation, and every operation is a row', () => {
	const offered = engine.nodeNames.flatMap((node) => operationsOf(engine, node));
	expect([...offered].sort()).toEqual([...ROWS.map(nameOf), ...OTHERS].sort());
});

it.each(SERVED)('%s', async (_name, row, contract, style) => {
	const { node, resource, operation, sends } = row;
	const sent = sends[contract];
	await choose(contract, style, sent);
	if (!sent) throw new Error('The row does not say what is sent');
	const parameters = parametersOf(row, contract);
	const { error } = await engine.runNode(node, { resource, operation, ...parameters });
	expect(error).toBeUndefined();
	const question: Sent = { route: `ZONE ${sent.asks}`, body: { jobid: 'J1' } };
	const expected = [sent, ...(sent.asks === undefined ? [] : [question])];
	expect(server.requests).toHaveLength(expected.length);
	for (const [index, arriving] of expected.map((one) => arrivingOf(one, style)).entries()) {
		const { method, path, query, body = '' } = server.requests[index] ?? {};
		const read: unknown = typeof arriving.body === 'string' ? body : JSON.parse(body);
		expect({ method, path, query, body: read }).toEqual(arriving);
	}
});

it.each(ABSENT)(
	'%s does not exist: it says so, and what to do instead, and sends nothing',
	async (_name, row, contract) => {
		await choose(contract);
		const { node, resource, operation, parameters } = row;
		const { error } = await engine.runNode(node, { resource, operation, ...parameters });
		expect(error?.message).toContain(LABELS[contract]);
		expect(error?.message).toMatch(/ → /); // the operation as the menus call it
		expect(error?.message).toBe(inMenuWords(error?.message ?? ''));
		expect(error?.description?.length).toBeGreaterThan(20);
		expect(server.requests).toEqual([]);
	},
);

/** A file that cannot be had is told in its own item. */
const isOfFiles = ({ sends }: Row) => sends.messageArchive?.route === 'LIBRARY GetMediaData';

it.each(SERVED.filter(([, row, , style]) => style === 'java' && !isOfFiles(row)))(
	'%s goes on after an item that WeCom refuses, and says of each result whose it is',
	async (_name, row, contract) => {
		const { node, resource, operation, sends } = row;
		await choose(contract, 'java', sends[contract]);
		refusals = 1;
		const { error, items } = await engine.runNode(
			node,
			{ resource, operation, ...parametersOf(row, contract) },
			[{ json: {} }, { json: {} }],
			{ onError: 'continueRegularOutput' },
		);
		expect(error).toBeUndefined();
		expect(server.requests).toHaveLength(sends[contract]?.asks === undefined ? 2 : 3);
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

it.each<[RowContract, string, string]>([
	['reference', 'zone', '/cgi-bin/msgaudit/upload_tmp_file'],
	['reference', 'exportTemplate', '/cgi-bin/msgaudit/upload_tmp_file'],
	['dataZone', 'zone', '/cgi-bin/chatdata/upload_media'],
	['dataZone', 'exportTemplate', '/cgi-bin/media/upload'],
])('wecomDataZone file upload in %s, for %s', async (contract, useFor, path) => {
	await choose(contract);
	const binary = {
		data: {
			data: Buffer.from('seven bytes and more').toString('base64'),
			mimeType: 'text/plain',
			fileName: '模板.txt',
		},
	};
	const { error } = await engine.runNode(
		'wecomDataZone',
		{ resource: 'file', operation: 'upload', binaryPropertyName: 'data', useFor },
		[{ json: {}, binary }],
	);
	expect(error).toBeUndefined();
	const [request] = server.requests;
	expect(request).toMatchObject({
		method: 'POST',
		path,
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
