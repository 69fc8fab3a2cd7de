import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { cut, gate, inTurn, json, startServer } from '../unit/support/server';
import { Engine } from './harness';
import { operationBench } from './operationBench';

const ZONE = 'wecomDataZone';
const MB = 1024 * 1024;
const bench = operationBench(ZONE, { messageCount: 1 });
const { sent } = bench;

const upload = async (
	items: INodeExecutionData[],
	parameters: IDataObject = {},
	settings: Partial<INode> = {},
) => await bench.run('file.upload', parameters, items, settings);

/** An item whose file is in the item itself, as n8n keeps small installations. */
function inMemory(content: Buffer, facts: Partial<IBinaryData> = {}): INodeExecutionData {
	const data = { data: content.toString('base64'), mimeType: 'text/plain', ...facts };
	return { json: {}, binary: { data } };
}

/** Files outside items, by id: what n8n's stores (disk, S3, database) look like to nodes. */
const stored = new Map<string, { size: number; open: () => Readable }>();
const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di') as {
	Container: { get(type: typeof BinaryDataService): BinaryDataService };
};
Container.get(BinaryDataService).setManager(
	'stored' as never,
	{
		getMetadata: (id: string) => Promise.resolve({ fileSize: stored.get(id)?.size }),
		getAsStream: (id: string) => Promise.resolve(stored.get(id)?.open()),
		getAsBuffer: () => Promise.reject(new Error('The whole file was asked for')),
	} as never,
);

/** An item whose file is kept outside it. */
function outside(size: number, open = () => bytes(size)): INodeExecutionData {
	const id = String(stored.size);
	stored.set(id, { size, open });
	const mimeType = 'application/octet-stream';
	return {
		json: {},
		binary: { data: { id: `stored:${id}`, data: 'stored', fileName: 'big.bin', mimeType } },
	};
}

/** So many bytes, made while they are read. */
function bytes(count: number, onRead: (count: number) => void = () => undefined): Readable {
	const chunk = Buffer.alloc(64 * 1024, 'wecom');
	return Readable.from(
		(function* () {
			for (let left = count; left > 0; left -= chunk.length) {
				const part = chunk.subarray(0, left);
				onRead(part.length);
				yield part;
			}
		})(),
	);
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

it('sends the file of the item as multipart, and says how long it is good for', async () => {
	const content = Buffer.from('模板: $userName=zhangwei$\n');
	const item = inMemory(content, { fileName: '导出 模板.txt' });
	const { json: output, error } = await upload([item]);
	expect(error).toBeUndefined();
	expect(sent()).toHaveLength(1);
	expect(sent()[0]).toMatchObject({
		method: 'POST',
		path: '/cgi-bin/msgaudit/upload_tmp_file',
		query: { type: 'file', access_token: expect.any(String) as string },
	});
	expect(bench.wecom.uploads.at(-1)).toMatchObject({
		fileName: '导出 模板.txt',
		contentType: 'text/plain',
		bytes: content.length,
		sha256: sha256(content),
	});
	const { type, media_id, created_at, expires_at } = output[0] as Record<string, string>;
	expect({ type, media_id }).toEqual({
		type: 'file',
		media_id: bench.wecom.uploads.at(-1)?.mediaId,
	});
	expect(created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+08:00$/);
	expect(Date.parse(String(expires_at)) - Date.parse(String(created_at))).toBe(3 * 86_400_000);
});

it('writes the parts of the multipart body as the platform describes them', async () => {
	const server = await startServer(
		json({ errcode: 0, type: 'file', media_id: 'M', created_at: '1730000000' }),
	);
	const engine = await Engine.load({
		wecomDataApi: { baseUrl: server.url, authentication: 'accessToken', accessToken: 't' },
	});
	const { json: output } = await engine.runNode(
		ZONE,
		{ resource: 'file', operation: 'upload', options: { fileName: 'my "own".txt' } },
		[inMemory(Buffer.from('123456'))],
	);
	const { body, headers, query } = server.requests[0] ?? {};
	expect(query).toEqual({ type: 'file', access_token: 't' });
	expect(headers?.['content-length']).toBe(String(Buffer.byteLength(body ?? '')));
	expect(body).toContain(
		'Content-Disposition: form-data; name="media"; filename="my _own_.txt"; filelength=6\r\nContent-Type: text/plain\r\n\r\n123456\r\n',
	);
	expect(output).toEqual([
		{
			type: 'file',
			media_id: 'M',
			created_at: '2024-10-27T11:33:20.000+08:00',
			expires_at: '2024-10-30T11:33:20.000+08:00',
		},
	]);
});

it('reads a file only as fast as it can be sent, and never as a whole', async () => {
	let read = 0;
	const item = outside(50 * MB, () => bytes(50 * MB, (count) => (read += count)));
	const arrived = gate();
	const open = gate();
	let received = 0;
	const server = createServer((request, response) => {
		arrived.open();
		void open.opened.then(() => request.on('data', ({ length }: Buffer) => (received += length)));
		request.on('end', () => response.end('{"errcode":0,"media_id":"M","created_at":"1"}'));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const engine = await Engine.load({
		wecomDataApi: {
			baseUrl: `http://127.0.0.1:${port}`,
			authentication: 'accessToken',
			accessToken: 't',
		},
	});
	const running = engine.runNode(ZONE, { resource: 'file', operation: 'upload' }, [item]);
	await arrived.opened;
	await new Promise((resolve) => setTimeout(resolve, 500));
	// The server takes nothing yet: what was read is in the buffers of the two sockets.
	expect(read).toBeLessThan(25 * MB);
	open.open();
	const { json: output, error } = await running;
	server.close();
	expect(error).toBeUndefined();
	expect(output[0]).toMatchObject({ media_id: 'M' });
	expect(read).toBe(50 * MB);
	expect(received).toBeGreaterThan(50 * MB);
});

it('opens the file again when the connection broke', async () => {
	const server = await startServer(
		inTurn(cut, json({ errcode: 0, type: 'file', media_id: 'M', created_at: '1730000000' })),
	);
	const engine = await Engine.load({
		wecomDataApi: { baseUrl: server.url, authentication: 'accessToken', accessToken: 't' },
	});
	const node = { resource: 'file', operation: 'upload' };
	const { json: output } = await engine.runNode(ZONE, node, [outside(100_000)]);
	expect(output[0]).toMatchObject({ media_id: 'M' });
	expect(server.requests).toHaveLength(2);
	expect(server.requests[1]?.body).toContain('wecom'.repeat(10_000));
});

describe('the size', () => {
	it.each([6, 60 * MB])('of %i bytes is taken', async (count) => {
		const { error } = await upload([outside(count)]);
		expect(error).toBeUndefined();
		expect(bench.wecom.uploads.at(-1)).toMatchObject({ bytes: count });
	});

	it.each([0, 5, 60 * MB + 1])('of %i bytes outside the item is refused before', async (count) => {
		const { error } = await upload([outside(count)]);
		expect(error?.message).toBe(`"file" has ${count} bytes, WeCom takes 6 to 62914560`);
		expect(bench.wecom.requests).toEqual([]);
	});

	it.each([1, 5])('of %i bytes in the item is refused before', async (count) => {
		const { error } = await upload([inMemory(Buffer.alloc(count))]);
		expect(error?.message).toContain(`"file" has ${count} bytes`);
		expect(bench.wecom.requests).toEqual([]);
	});
});

it.each([
	['no file at all', { json: {} }, {}],
	['no file in that field', inMemory(Buffer.alloc(9)), { binaryPropertyName: 'attachment' }],
])('names the field when there is %s', async (_case, item, parameters) => {
	const { error } = await upload([item], parameters);
	const name = (parameters as { binaryPropertyName?: string }).binaryPropertyName ?? 'data';
	expect(`${error?.message} ${error?.description}`).toContain(name);
	expect(bench.wecom.requests).toEqual([]);
});

it('takes another binary field and another name', async () => {
	const { data } = inMemory(Buffer.from('123456')).binary as { data: IBinaryData };
	await upload([{ json: {}, binary: { attachment_0: data } }], {
		binaryPropertyName: 'attachment_0',
		options: { fileName: 'report.docx' },
	});
	expect(bench.wecom.uploads.at(-1)).toMatchObject({ fileName: 'report.docx', bytes: 6 });
});

it('goes on after a bad item, and pairs items', async () => {
	const good = inMemory(Buffer.from('123456'));
	const { items } = await upload(
		[good, inMemory(Buffer.from('1')), { json: {} }, good],
		{},
		{
			onError: 'continueRegularOutput',
		},
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
	expect(items.map(({ json: { error } }) => error !== undefined)).toEqual([
		false,
		true,
		true,
		false,
	]);
	expect(items[1]?.json).toMatchObject({ field: 'file' });
	expect(sent()).toHaveLength(2);
});
