import type { IDataObject, Workflow } from 'n8n-workflow';

import { newRsaKey, sealRecord, type SealedRecord, type TestKey } from '../unit/support/archive';
import { closeServers, json, startServer, text, type Reply } from '../unit/support/server';
import { callbackOf, SENDER } from '../support/callback';
import { Engine } from './harness';
import { decryptRecords, getAll } from './support';

const ARCHIVE = 'wecomChatArchive';
const staff = `wo${'A'.repeat(30)}`;
const colleague = `wo${'Z'.repeat(30)}`;
const customer = `wm${'B'.repeat(30)}`;
const SAID = {
	msgid: 'm',
	action: 'send',
	from: 'zhangsan',
	tolist: [customer],
	roomid: '',
	msgtime: 1700000000000,
	msgtype: 'text',
	text: { content: 'hello' },
};

let key: TestKey;

beforeAll(() => {
	key = newRsaKey();
});

afterEach(closeServers);

async function engineFor(reply: Reply): Promise<Engine> {
	const server = await startServer(reply);
	return await Engine.load({
		wecomDataApi: {
			baseUrl: server.url,
			authentication: 'accessToken',
			accessToken: 'the access token',
			publicKeyVersion: 1,
			messageCipher: 'aes-256-cbc',
			privateKey: key.pkcs8,
		},
	} as unknown as Record<string, IDataObject> as Engine['credentials']);
}

/** An archive that gives these records, those after the seq asked for. */
function archiveOf(records: () => SealedRecord[]): Reply {
	return (request, response) => {
		const { seq, limit } = JSON.parse(request.body) as { seq: number; limit: number };
		const chatdata = records().filter((record) => record.seq > seq);
		return json({ errcode: 0, errmsg: 'ok', chatdata: chatdata.slice(0, limit) })(
			request,
			response,
		);
	};
}

/** What Decrypt makes of messages, one item each. */
async function decrypted(messages: unknown[], parameters: object = {}): Promise<IDataObject[]> {
	const engine = await engineFor(json({ errcode: 0 }));
	const input = messages.map((message, index) => ({
		json: { ...sealRecord(key, message, 1, index + 1) } as IDataObject,
	}));
	const output = await engine.runNode(ARCHIVE, { ...decryptRecords, ...parameters }, input);
	expect(output.error).toBeUndefined();
	return output.json;
}

const trigger = (engine: Engine, parameters: object): Workflow =>
	engine.workflow({
		nodes: [
			engine.nodeJson(
				'wecomChatArchiveTrigger',
				{
					pollTimes: { item: [{ mode: 'everyMinute' }] },
					simplify: true,
					options: {},
					...parameters,
				},
				{ name: 'Trigger', id: 'reading' },
			),
		],
		connections: {},
	});

async function poll(engine: Engine, workflow: Workflow): Promise<IDataObject[]> {
	const output = await engine.poll(workflow, 'Trigger');
	return (output?.[0] ?? []).map(({ json: item }) => item);
}

describe('a message', () => {
	it('has one chat_id both ways, and none between colleagues', async () => {
		const pairs = [
			[staff, customer],
			[customer, staff],
			[staff, colleague],
			[colleague, staff],
		];
		const messages = pairs.map(([from, to]) => ({ ...SAID, from, tolist: [to] }));
		const output = await decrypted(messages);
		expect(output.map((item) => item.chat_id)).toEqual([customer, customer, null, null]);
	});

	it('in seconds has the right time', async () => {
		const [call] = await decrypted([
			{
				...SAID,
				msgtime: 1594197581,
				msgtype: 'meeting_voice_call',
				meeting_voice_call: { endtime: 1594197635 },
			},
		]);
		expect(new Date(String(call?.time)).getTime()).toBe(1594197581000);
	});

	it('that was flattened is read, and loses nobody', async () => {
		const output = await decrypted([
			{ ...SAID, content: '', file: null },
			{ ...SAID, tolist: customer, msgtime: '1700000000000' },
			{ ...SAID, text: '{"content":"hello"}' },
		]);
		for (const item of output) {
			expect(item).toMatchObject({ text: 'hello', to: [customer], chat_id: customer });
			expect(new Date(String(item.time)).getTime()).toBe(1700000000000);
		}
	});

	it('with raw line breaks keeps them, and damages no other', async () => {
		const raw = JSON.stringify(SAID).replace('hello', 'line 1\nline 2');
		const output = await decrypted([SAID, raw, SAID]);
		expect(output.map((item) => item.text)).toEqual(['hello', 'line 1\nline 2', 'hello']);
	});

	it.each([101, 20_000])(
		'of %d levels comes out whole as text, with the reason',
		async (levels) => {
			const deep = JSON.stringify({ ...SAID, more: [] }).replace(
				'[]}',
				`${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`,
			);
			const shown = await decrypted([SAID, deep, SAID]);
			expect(shown[1]).toMatchObject({
				text: deep,
				from: 'zhangsan',
				chat_id: customer,
				reason: 'too_deep',
				error: expect.stringContaining('100 levels'),
			});
			expect([shown[0]?.text, shown[2]?.text]).toEqual(['hello', 'hello']);
			const raw = await decrypted([deep], { simplify: false });
			expect(raw[0]).toMatchObject({ message: deep, reason: 'too_deep' });
		},
	);

	it('that was damaged on its way is corrupt', async () => {
		const engine = await engineFor(json({ errcode: 0 }));
		const record = sealRecord(key, { ...SAID, text: { content: 'x'.repeat(5000) } });
		const bytes = Buffer.from(record.encrypt_chat_msg, 'base64');
		for (let at = 1600; at < 3200; at += 320) bytes[at] = (bytes[at] ?? 0) ^ 1;
		const input = { ...record, encrypt_chat_msg: bytes.toString('base64') };
		const output = await engine.runNode(ARCHIVE, decryptRecords, [{ json: input as IDataObject }]);
		expect(output.json).toEqual([
			expect.objectContaining({ decrypted: false, reason: 'corrupt_message' }),
		]);
	});
});

describe('two records of one seq', () => {
	const twins = () =>
		[1, 2, 2, 3].map((seq, index) => ({ ...sealRecord(key, SAID, 1, seq), msgid: `m${index}` }));

	it('both come out of Get Many, at a limit too', async () => {
		const records = twins();
		const engine = await engineFor(archiveOf(() => records));
		const all = await engine.runNode(ARCHIVE, getAll());
		expect(all.json.map(({ msgid }) => msgid)).toEqual(['m0', 'm1', 'm2', 'm3']);
		const two = getAll({ returnAll: false, limit: 2, options: { messageTypes: ['text'] } });
		const some = await engine.runNode(ARCHIVE, two);
		expect(some.json.map(({ msgid }) => msgid)).toEqual(['m0', 'm1', 'm2']);
	});

	it('both come out of the trigger, once', async () => {
		const records = twins();
		const engine = await engineFor(archiveOf(() => records));
		const workflow = trigger(engine, { startFrom: 'oldest' });
		expect((await poll(engine, workflow)).map(({ msgid }) => msgid)).toEqual([
			'm0',
			'm1',
			'm2',
			'm3',
		]);
		expect(await poll(engine, workflow)).toEqual([]);
	});
});

describe('from now', () => {
	it('a new message in seconds is new, whichever of two records of one seq is older', async () => {
		const seconds = Math.floor(Date.now() / 1000);
		const record = (seq: number, msgid: string, msgtime: number) => ({
			...sealRecord(key, { ...SAID, msgtime }, 1, seq),
			msgid,
		});
		const records = [
			record(1, 'old', seconds - 3600),
			record(2, 'as old', (seconds - 3600) * 1000),
			record(2, 'new', seconds + 1),
			record(3, 'newest', seconds + 2),
		];
		const engine = await engineFor(archiveOf(() => records));
		const output = await poll(engine, trigger(engine, { startFrom: 'now' }));
		expect(output.map(({ msgid }) => msgid)).toEqual(['as old', 'new', 'newest']);
	});
});

describe('an answer', () => {
	it.each([{ chatdata: null }, { chatdata: '' }, { chatdata: {} }, { next_seq: 7 }, {}])(
		'without records (%j) is an empty page',
		async (answer) => {
			const engine = await engineFor(json({ errcode: 0, errmsg: 'ok', ...answer }));
			const { json: output, error } = await engine.runNode(ARCHIVE, getAll());
			expect([error, output]).toEqual([undefined, []]);
			expect(await poll(engine, trigger(engine, { startFrom: 'oldest' }))).toEqual([]);
		},
	);

	it('without consents says of nobody that he agreed', async () => {
		const engine = await engineFor(json({ errcode: 0, errmsg: 'ok', agreeinfo: null }));
		const pair = [{ userid: 'zhangsan', exteranalopenid: customer }];
		const parameters = { resource: 'consent', operation: 'check', pairs: { pair } };
		const { error, json: output } = await engine.runNode(ARCHIVE, parameters);
		expect([error, output]).toEqual([undefined, []]);
	});

	it('with a raw line break is read', async () => {
		const engine = await engineFor(
			text('{"errcode":0,"errmsg":"ok","roomname":"a\nb","creator":"zhangsan","members":null}'),
		);
		const parameters = { resource: 'group', operation: 'get', roomId: 'wrA' };
		const { json: output } = await engine.runNode(ARCHIVE, parameters);
		expect(output).toEqual([{ roomid: 'wrA', roomname: 'a\nb', creator: 'zhangsan', members: [] }]);
	});
});

describe('a callback with a raw line break', () => {
	it('keeps its name, and passes the filter for it', async () => {
		const engine = await Engine.load({
			wecomCallbackApi: {
				token: SENDER.token,
				encodingAesKey: SENDER.encodingAesKey,
				receiveIds: SENDER.receiveId,
			},
		} as unknown as Engine['credentials']);
		const node = engine.nodeJson(
			'wecomDataTrigger',
			{ events: ['msgaudit_keyword_hit'], changeTypes: [], options: {} },
			{ name: 'Trigger', id: 'raw-line-break' },
		);
		const events: IDataObject[] = [];
		const server = await engine.serveWebhooks(
			engine.workflow({ nodes: [node], connections: {} }),
			'Trigger',
			(run) => {
				const items = run.data.resultData.runData.Trigger?.[0]?.data?.main?.[0] ?? [];
				events.push(...items.map(({ json: item }) => item));
			},
		);
		const seconds = Math.floor(Date.now() / 1000);
		const { query, body } = callbackOf(
			`{"event_type":"hit_keyword","timestamp":${seconds},"content":"a\nb"}`,
		);
		const answer = await fetch(`${server.url}?${new URLSearchParams({ ...query })}`, {
			method: 'POST',
			body: new Uint8Array(body),
			headers: { 'Content-Type': 'text/xml' },
		});
		expect(answer.status).toBe(200);
		await server.settled();
		await server.close();
		expect(events).toEqual([
			expect.objectContaining({
				event: 'msgaudit_keyword_hit',
				data: { event_type: 'hit_keyword', timestamp: seconds, content: 'a\nb' },
			}),
		]);
	});
});
