import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import type { IDataObject, INode } from 'n8n-workflow';

import {
	closeServers,
	json,
	silence,
	startServer,
	until,
	type Reply,
} from '../unit/support/server';
import { Engine } from './harness';
import { byId, items, operationBench } from './operationBench';
import {
	credentialsOf,
	nameOf,
	parametersOf,
	ROW_CONTRACTS,
	type Row,
	type RowContract,
} from './row';
import { ROWS } from './rows';
import { getAll } from './support';

const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const UNKNOWN = 'Whether WeCom did it is not known';
const pay = { orderId: byId('O1'), payerUserid: 'lisi' };

/** HTTP 200 that says nothing of success. */
const SILENCES: object[] = [
	{},
	{ code: 500, msg: 'internal error' },
	...[null, '', [], {}, false, true, 'ok', 0.5].map((errcode) => ({ errcode, errmsg: 'ok' })),
];

afterEach(closeServers);

/** What Tencent's library says of success is a return code, and no part of the answer. */
const isOverHttp =
	(contract: RowContract) =>
	({ sends }: Row) =>
		sends[contract]?.route.startsWith('LIBRARY') === false;

it.each(ROW_CONTRACTS)(
	'no operation makes a success of an HTTP 200 that says nothing of it, in %s',
	async (contract) => {
		// Side by side: what may be repeated is, after pauses of seconds.
		const said = await Promise.all(
			ROWS.filter(isOverHttp(contract)).map(async (row, index) => {
				const { node, resource, operation } = row;
				const parameters = parametersOf(row, contract);
				const server = await startServer(json(SILENCES[index % SILENCES.length] ?? {}));
				const engine = await Engine.load(credentialsOf(server.url, contract));
				const { error } = await engine.runNode(node, { resource, operation, ...parameters });
				return [nameOf(row), error?.message];
			}),
		);
		expect(said.filter(([, message]) => !message?.includes("is not WeCom's JSON"))).toEqual([]);
	},
	120_000,
);

describe('a payment', () => {
	const bench = operationBench('wecomDataOrder', { messageCount: 1 });

	/** Pays, with Retry On Fail; how often it was sent, and what the node says. */
	async function payAgainst(reply: Reply, settings: Partial<INode> = RETRY) {
		const { server, run } = await bench.against(reply);
		const { error, json: output } = await run('order.pay', pay, items('a'), settings);
		return {
			sent: server.requests.length,
			said: `${error?.message} | ${error?.description}`,
			output,
		};
	}

	it.each(SILENCES)('is not called done by %j, and not sent again', async (answer) => {
		const { sent, said } = await payAgainst(json(answer));
		expect(sent).toBe(1);
		expect(said).toContain(UNKNOWN);
		expect(said).toContain('Look with Order → Get whether the order is paid');
	});

	it.each([302, 408, 409, 425, 499, 500, 502, 503, 504])(
		'answered by a %i with an errcode is not sent again by Retry On Fail',
		async (status) => {
			const { sent, said } = await payAgainst(json({ errcode: -1, errmsg: 'busy' }, status));
			expect(sent).toBe(1);
			expect(said).toContain(UNKNOWN);
		},
	);

	it('goes on with the next item, and says in its own that it is not known', async () => {
		const { server, run } = await bench.against(json({ errcode: -1 }, 504));
		const continuing = { onError: 'continueRegularOutput' as const };
		const { json: output } = await run('order.pay', pay, items('a', 'b'), continuing);
		expect(server.requests).toHaveLength(2);
		expect(output.map(({ error }) => String(error))).toEqual([
			expect.stringContaining(UNKNOWN),
			expect.stringContaining(UNKNOWN),
		]);
	});

	it('that is stopped after it had left says how to find out', async () => {
		const { server, engine } = await bench.against(silence);
		const workflow = engine.singleNodeWorkflow('wecomDataOrder', {
			resource: 'order',
			operation: 'pay',
			...pay,
		});
		Object.assign(workflow.getNode('Node') ?? {}, RETRY);
		const execution = engine.run(workflow, 'Start');
		await until(() => server.requests.length === 1);
		execution.cancel();
		const { error } = (await execution).data.resultData;
		expect(error?.message).toMatch(/^Stopped after the request to .*pay had left.*not known/);
		expect(error?.description).toContain('Look with Order → Get whether the order is paid');
		expect(server.requests).toHaveLength(1);
	});

	it('that is stopped before it left is cancelled', async () => {
		const { port, connections } = await bareServer(() => undefined);
		const engine = await Engine.load({
			...credentialsOf(`https://localhost:${port}`),
		});
		const execution = engine.run(
			engine.singleNodeWorkflow('wecomDataOrder', { resource: 'order', operation: 'pay', ...pay }),
			'Start',
		);
		await until(() => connections.length === 1);
		execution.cancel();
		const { error } = (await execution).data.resultData;
		expect(error?.message).toBe('Cancelled');
		expect(error?.description).toBe('Nothing was sent.');
	});

	it('whose connection is closed at once was not sent, and is not said to be unknown', async () => {
		for (const scheme of ['http', 'https']) {
			const { port, connections } = await bareServer((socket) => socket.destroy());
			const engine = await Engine.load({ ...credentialsOf(`${scheme}://localhost:${port}`) });
			const all = { resource: 'order', operation: 'pay', ...pay };
			const { error } = await engine.runNode('wecomDataOrder', all);
			expect(error?.message).toContain('could not be reached');
			expect(error?.description).toContain('Nothing was sent');
			expect(connections).toHaveLength(4);
		}
	});

	it('through a proxy that refuses the tunnel was not sent', async () => {
		const { port } = await bareServer((socket) => {
			socket.once('data', () => socket.end('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'));
		});
		const { wecomDataApi } = credentialsOf('https://qyapi.weixin.qq.com');
		const engine = await Engine.load({
			wecomDataApi: { ...wecomDataApi, proxyUrl: `http://127.0.0.1:${port}` },
		} as Engine['credentials']);
		const all = { resource: 'order', operation: 'pay', ...pay };
		const { error } = await engine.runNode('wecomDataOrder', all);
		expect(error?.message).toContain('The proxy does not let the request');
		expect(error?.description).toContain('Nothing was sent');
	});
});

it('a model call answered by a 504 with an errcode goes out once', async () => {
	const server = await startServer(json({ errcode: -1 }, 504));
	const engine = await Engine.load(credentialsOf(server.url));
	const { error } = await engine.runNode(
		'wecomAiModel',
		{
			resource: 'model',
			operation: 'sentiment',
			chatId: 'wrA',
			beginSeq: '1',
			endSeq: '2',
			simplify: true,
		},
		undefined,
		RETRY,
	);
	expect(server.requests).toHaveLength(1);
	expect(error?.message).toContain(UNKNOWN);
	expect(error?.description).toContain('counts against the quota');
});

describe('an answer above 64 MB', () => {
	const LAST = 40;
	const FITS = 7;
	/** More than 64 MB of blanks, made small. */
	const bomb = gzipSync(Buffer.concat([Buffer.from('{"errcode":0'), Buffer.alloc(68e6, ' ')]));

	/** An archive of 40 records of which so many fit. */
	const archive =
		(fits: number): Reply =>
		(request, response) => {
			const { seq, limit } = JSON.parse(request.body) as { seq: number; limit: number };
			if (limit > fits) {
				response.setHeader('Content-Encoding', 'gzip');
				response.end(bomb);
				return;
			}
			const chatdata = Array.from({ length: Math.max(0, Math.min(limit, LAST - seq)) }, (_, i) => ({
				seq: seq + 1 + i,
				msgid: `m${seq + 1 + i}`,
			}));
			json({ errcode: 0, chatdata })(request, response);
		};
	const seqs = (output: IDataObject[]) => output.map(({ seq }) => Number(seq));
	const all = Array.from({ length: LAST }, (_, i) => i + 1);

	it('halves the page of Get Many, and nothing is lost', async () => {
		const server = await startServer(archive(FITS));
		const engine = await Engine.load(credentialsOf(server.url));
		const { error, json: output } = await engine.runNode(
			'wecomChatArchive',
			getAll({ decrypt: false }),
		);
		expect(error).toBeUndefined();
		expect(seqs(output)).toEqual(all);
	});

	it('halves the page of the trigger, which goes on', async () => {
		const server = await startServer(archive(FITS));
		const engine = await Engine.load(credentialsOf(server.url));
		const parameters = { startFrom: 'oldest', simplify: true, options: {} };
		const node = engine.nodeJson('wecomChatArchiveTrigger', parameters, { name: 'Trigger' });
		const workflow = engine.workflow({ nodes: [node], connections: {} });
		const output = await engine.poll(workflow, 'Trigger');
		expect(seqs((output?.[0] ?? []).map(({ json: one }) => one))).toEqual(all);
	});

	it('says which record it is where it is that of a single one', async () => {
		const server = await startServer(archive(0));
		const engine = await Engine.load(credentialsOf(server.url));
		const { error } = await engine.runNode(
			'wecomChatArchive',
			getAll({ decrypt: false, startAfterSeq: '12', options: { pageSize: 4 } }),
		);
		expect(error?.message).toContain('is larger than 64 MB');
		expect(error?.description).toContain('the first one after seq 12');
		expect(error?.description).toContain('start after seq 13');
		expect(server.requests).toHaveLength(3);
	});

	it('halves the page of a list as well', async () => {
		const server = await startServer((request, response) => {
			const { cursor, limit } = JSON.parse(request.body) as { cursor: string; limit: number };
			if (limit > 30) {
				response.setHeader('Content-Encoding', 'gzip');
				response.end(bomb);
				return;
			}
			const order_list = [{ order_id: `O${cursor}` }];
			json({ errcode: 0, order_list, next_cursor: cursor === '' ? '2' : '' })(request, response);
		});
		const engine = await Engine.load(credentialsOf(server.url));
		const { error, json: output } = await engine.runNode('wecomDataOrder', {
			resource: 'order',
			operation: 'getAll',
			returnAll: true,
		});
		expect(error).toBeUndefined();
		expect(output.map(({ order_id: id }) => id)).toEqual(['O', 'O2']);
	});
});

/** Takes bare connections. */
async function bareServer(onConnection: (socket: Socket) => void) {
	const connections: Socket[] = [];
	const server = createServer((socket) => {
		connections.push(socket);
		socket.on('error', () => undefined);
		onConnection(socket);
	});
	bare.push(() => {
		for (const socket of connections) socket.destroy();
		server.close();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { port: (server.address() as AddressInfo).port, connections };
}

const bare: Array<() => void> = [];
afterEach(() => {
	for (const close of bare.splice(0)) close();
});
