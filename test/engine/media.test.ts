import { createHash } from 'node:crypto';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { SimulatorOptions } from '../../simulator';
import type { MessageOptions } from '../../simulator/archive';
import { startArchive, type ArchiveBench } from './archiveSupport';
import { until } from '../unit/support/server';
import { Installation, outputOf } from './installation';
import { getAll } from './support';

const PIECE = 512 * 1024;
const DAY = 86_400_000;
const PIECES = '/finance_sdk/GetMediaData';

let bench: ArchiveBench;
/** Milliseconds that the simulator's clock is ahead. */
let ahead: number;

async function start(options: SimulatorOptions = {}): Promise<void> {
	ahead = 0;
	bench = await startArchive({ messageCount: 0, now: () => Date.now() + ahead, ...options });
}

afterEach(async () => await bench.stop());

/** Parameters of message.getMedia with their defaults. */
const getMedia = (parameters: IDataObject = {}) => ({
	resource: 'message',
	operation: 'getMedia',
	mediaFrom: 'message',
	binaryPropertyName: 'data',
	options: {},
	...parameters,
});
const continuing = { onError: 'continueRegularOutput' as const };

/** Adds a message with a file. @returns its item, simplified or not */
async function messageWith(options: MessageOptions, simplify = true): Promise<IDataObject> {
	const [added] = bench.wecom.addMessages(1, options);
	const after = String(Number(added?.seq) - 1);
	const { json } = await bench.run(getAll({ startAfterSeq: after, simplify }));
	return json[0] ?? {};
}

const filesOf = (json?: IDataObject) => (json?.files ?? []) as IDataObject[];
const md5Of = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
/** The bytes in a binary field of an item, which n8n keeps in memory here. */
const bytesIn = (item: INodeExecutionData | undefined, field = 'data') =>
	Buffer.from(item?.binary?.[field]?.data ?? '', 'base64');
/** The indexes with which pieces were asked for. */
const indexes = () =>
	bench.wecom.requests
		.filter(({ path }) => path.endsWith(PIECES))
		.map(({ body }) => (body as IDataObject).indexbuf);

describe('Get Media', () => {
	it.each([true, false])(
		'downloads the file of a message with its name and type, simplified %s',
		async (simplify) => {
			await start();
			const message = await messageWith({ msgtype: 'image', bytes: 20_000 }, simplify);
			const { items, error } = await bench.run(getMedia(), [message]);
			expect(error).toBeUndefined();
			const [file] = filesOf(items[0]?.json);
			const bytes = bench.wecom.media(String(file?.sdkfileid));
			expect(bytesIn(items[0])).toEqual(bytes);
			expect(items[0]?.json).toEqual({
				msgid: message.msgid,
				files: [
					{
						field: 'data',
						file_name: expect.stringMatching(/\.jpg$/) as string,
						mime_type: 'image/jpeg',
						bytes: bytes.length,
						md5: md5Of(bytes),
						sdkfileid: file?.sdkfileid,
						status: 'downloaded',
					},
				],
			});
			expect(items[0]?.binary?.data).toMatchObject({
				mimeType: 'image/jpeg',
				fileName: file?.file_name,
			});
			expect(items[0]?.pairedItem).toEqual({ item: 0 });
		},
	);

	it('takes a file by its id, checks it, and puts it where it is told to, beside the input', async () => {
		await start();
		const message = await messageWith({ msgtype: 'voice', bytes: 8006 });
		const { sdkfileid, md5sum } = message.body as Record<string, string>;
		const parameters = getMedia({
			mediaFrom: 'fileId',
			sdkfileId: sdkfileid,
			fileName: '../录音.amr',
			md5: md5sum,
			binaryPropertyName: 'voice',
			options: { includeInputFields: true },
		});
		const photo = { data: 'eA==', mimeType: 'text/plain' };
		const { items } = await bench.run(parameters, [{ json: { a: 1 }, binary: { photo } }]);
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['photo', 'voice']);
		expect(items[0]?.json).toMatchObject({
			a: 1,
			files: [{ field: 'voice', mime_type: 'audio/amr' }],
		});
		const [{ file_name: name = '' } = {}] = filesOf(items[0]?.json);
		expect(name).toMatch(/录音\.amr$/);
		expect(name).not.toContain('/');
		expect(bytesIn(items[0], 'voice')).toEqual(bench.wecom.media(sdkfileid ?? ''));
	});

	it('downloads all files of a mixed message, each in a field of its own', async () => {
		await start();
		const message = await messageWith({ msgtype: 'mixed', bytes: 7000 });
		const input = { ...message, body: twice(message.body as IDataObject) };
		const other = await messageWith({ msgtype: 'image', bytes: 9000 });
		const { items } = await bench.run(getMedia(), [withFile(input, other)]);
		expect(filesOf(items[0]?.json).map(({ field, status }) => [field, status])).toEqual([
			['data', 'downloaded'],
			['data_1', 'downloaded'],
		]);
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['data', 'data_1']);
	});

	it('lets a message without files pass, and refuses what is no message', async () => {
		await start();
		const text = await messageWith({ text: 'nothing attached' });
		const { items } = await bench.run(getMedia(), [text]);
		expect(items[0]?.json).toEqual({ msgid: text.msgid, files: [] });
		const { error } = await bench.run(getMedia(), [{ a: 1 }]);
		expect(error?.message).toContain('holds no decrypted message');
	});

	it('fetches a big file in pieces, each failed one again with its own index', async () => {
		await start();
		const message = await messageWith({ msgtype: 'file', bytes: 3 * PIECE + 12_345 });
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10002, path: PIECES, skip: 1 });
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10001, path: PIECES, skip: 3 });
		const { items, error } = await bench.run(getMedia(), [message]);
		expect(error).toBeUndefined();
		const [file] = filesOf(items[0]?.json);
		expect(file).toMatchObject({ status: 'downloaded', bytes: 3 * PIECE + 12_345 });
		expect(md5Of(bytesIn(items[0]))).toBe(md5Of(bench.wecom.media(String(file?.sdkfileid))));
		const asked = indexes();
		expect(asked).toHaveLength(6);
		expect(new Set(asked).size).toBe(4);
		expect(asked[1]).toBe(asked[2]);
	}, 60_000);

	it('downloads a file that came damaged once more, and says so where it stays different', async () => {
		await start();
		const message = await messageWith({ msgtype: 'file', bytes: 30_000 });
		bench.wecom.faults.add({ kind: 'wrongBytes', path: PIECES });
		const { items } = await bench.run(getMedia(), [message]);
		expect(filesOf(items[0]?.json)[0]).toMatchObject({ status: 'downloaded' });
		expect(filesOf(items[0]?.json)[0]).not.toHaveProperty('warning');
		const { sdkfileid } = message.body as Record<string, string>;
		expect(bytesIn(items[0])).toEqual(bench.wecom.media(sdkfileid ?? ''));
		expect(indexes()).toHaveLength(2);
		const wrong = { ...message, body: { ...(message.body as object), md5sum: '0'.repeat(32) } };
		const { json } = await bench.run(getMedia(), [wrong]);
		expect(filesOf(json[0])[0]).toMatchObject({ status: 'downloaded', warning: expect.stringContaining('MD5') as string }); // prettier-ignore
	});

	it('an expired file stops the node, and is a result where the user goes on', async () => {
		await start();
		const message = await messageWith({ msgtype: 'image', bytes: 7000 });
		ahead = 6 * DAY;
		const { error } = await bench.run(getMedia(), [message]);
		expect(error?.message).toContain('10010');
		expect(error?.description).toContain('five days');
		const { items } = await bench.run(getMedia(), [message], continuing);
		expect(items[0]?.json).toMatchObject({
			msgid: message.msgid,
			files: [{ field: null, status: 'expired', errcode: 10010, error: expect.stringContaining('expired') as string }], // prettier-ignore
		});
		expect(items[0]?.binary ?? {}).toEqual({});
	});

	it('a file above the limit is not downloaded', async () => {
		await start();
		const message = await messageWith({ msgtype: 'file', bytes: 1024 * 1024 + 1 });
		const parameters = getMedia({ options: { maxSize: 1 } });
		expect((await bench.run(parameters, [message])).error?.message).toContain('bytes');
		const { json } = await bench.run(parameters, [message], continuing);
		expect(filesOf(json[0])[0]).toMatchObject({ status: 'too_large' });
		expect(indexes()).toEqual([]);
	});

	it('one item that fails leaves the others alone where the user goes on', async () => {
		await start();
		const messages = [
			await messageWith({ msgtype: 'image', bytes: 7000 }),
			{ nothing: true },
			await messageWith({ msgtype: 'voice', bytes: 3206 }),
		];
		const { items } = await bench.run(getMedia(), messages, continuing);
		expect(items.map(({ json }) => filesOf(json)[0]?.status ?? json.field)).toEqual([
			'downloaded',
			'Media From',
			'downloaded',
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
	});
});

describe('Get Many with Download Media', () => {
	const types = ['image', 'voice', 'file'];
	const withMedia = (options: IDataObject = {}) =>
		getAll({ options: { downloadMedia: types, ...options } });

	it('puts files beside their messages, and leaves other messages as they are', async () => {
		await start();
		bench.wecom.addMessages(1, { msgtype: 'image', bytes: 7000 });
		bench.wecom.addMessages(1, { text: 'hello' });
		bench.wecom.addMessages(1, { msgtype: 'video', bytes: 9000 });
		bench.wecom.addMessages(1, { msgtype: 'voice', bytes: 3206 });
		const { items, json, error } = await bench.run(withMedia());
		expect(error).toBeUndefined();
		expect(json.map((item) => filesOf(item).map(({ status }) => status))).toEqual([
			['downloaded'],
			[],
			[],
			['downloaded'],
		]);
		const plain = (await bench.run(getAll())).json;
		expect(json.map(({ files: _files, ...item }) => item)).toEqual(plain);
		for (const item of items) {
			const [file] = filesOf(item.json);
			if (file) expect(bytesIn(item)).toEqual(bench.wecom.media(String(file.sdkfileid)));
		}
	});

	it('loses no message because of a file', async () => {
		await start();
		bench.wecom.addMessages(1, { msgtype: 'image', bytes: 7000 });
		ahead = 4 * DAY;
		bench.wecom.addMessages(1, { msgtype: 'file', bytes: 2 * 1024 * 1024 });
		bench.wecom.addMessages(1, { msgtype: 'voice', bytes: 3206 });
		bench.wecom.addMessages(2, { msgtype: 'image', bytes: 7001 });
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10005, path: PIECES });
		bench.wecom.faults.add({ kind: 'returnCode', returnCode: 10010, path: PIECES, skip: 1 });
		const { json, error, hints } = await bench.run(
			withMedia({ mediaMaxSize: 1, mediaMaxFiles: 4 }),
		);
		expect(error).toBeUndefined();
		expect(json.flatMap((item) => filesOf(item).map(({ status }) => status))).toEqual([
			'failed',
			'too_large',
			'expired',
			'downloaded',
			'skipped',
		]);
		expect(hints.join('\n')).toMatch(/4 files were not downloaded \(1 × failed, 1 × too large, 1 × expired, 1 × skipped\)/); // prettier-ignore
	});

	it('a file over which the library ends its process costs none of the others', async () => {
		await start();
		const killer = await messageWith({ msgtype: 'file', bytes: 5000 });
		bench.wecom.addMessages(2, { msgtype: 'image', bytes: 7000 });
		const crash = { kind: 'endsProcess', how: 'segv', path: PIECES, times: 3 } as const;
		bench.wecom.faults.add(crash);
		const { json, error } = await bench.run(withMedia());
		expect(error).toBeUndefined();
		const statuses = json.flatMap((item) => filesOf(item).map(({ status }) => status));
		expect(statuses).toEqual(['failed', 'downloaded', 'downloaded']);
		bench.wecom.faults.add(crash);
		const single = await bench.run(getMedia(), [killer], continuing);
		expect(filesOf(single.json[0])[0]).toMatchObject({ status: 'failed', error: expect.stringContaining('GetMediaData') as string }); // prettier-ignore
	}, 60_000);

	it('moves a remembered position only with the messages and their files', async () => {
		await start();
		bench.wecom.addMessages(5, { msgtype: 'image', bytes: 7000 });
		const node = bench.engine.nodeJson(
			'wecomChatArchive',
			withMedia({ rememberPosition: true }) as IDataObject as never,
			{ name: 'Messages' },
		);
		const installation = new Installation(bench, [node]);
		bench.wecom.faults.add({ kind: 'slow', delayMs: 30_000, path: PIECES, skip: 2 });
		const cancelled = installation.start();
		await until(() => indexes().length === 3);
		cancelled.cancel();
		await cancelled.catch(() => undefined);
		bench.wecom.faults.clear();
		expect(outputOf(await installation.start(), 'Messages', 'files')).toHaveLength(5);
		expect(outputOf(await installation.start(), 'Messages')).toEqual([]);
	}, 60_000);

	it('says before anything is fetched where the API of the credential has no files', async () => {
		await start({ contracts: ['reference', 'messageArchive'] });
		Object.assign(bench.engine.credentials.wecomDataApi ?? {}, { contract: 'reference' });
		const { error } = await bench.run(withMedia());
		expect(error?.message).toContain('Message → Get Media does not exist in "Data API Reference"');
		expect(bench.wecom.requests).toEqual([]);
	});
});

/** A mixed body that names its file twice: a file that comes twice is given once. */
function twice(body: IDataObject): IDataObject {
	const items = body.item as IDataObject[];
	return { ...body, item: [...items, ...items.slice(-1)] };
}

/** A mixed message with one more picture, that of another message. */
function withFile(message: IDataObject, { body }: IDataObject): IDataObject {
	const { item } = message.body as { item: IDataObject[] };
	const picture = { type: 'image', content: JSON.stringify(body) };
	return { ...message, body: { ...(message.body as IDataObject), item: [...item, picture] } };
}
