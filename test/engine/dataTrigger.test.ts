import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';

import type { IDataObject, IRun, Workflow } from 'n8n-workflow';

import { EXAMPLES, readExample } from '../examples/files';
import { callbackOf, seal, sign } from '../support/callback';
import { startBench, type Bench } from './support';

const TRIGGER = 'wecomDataTrigger';

interface Listening {
	url: string;
	runs: IRun[];
	/** The items the executions started with. */
	events: IDataObject[];
	close(): Promise<void>;
	settled(): Promise<void>;
}

let bench: Bench;
let open: Listening[];
let nodes = 0;

beforeAll(async () => {
	bench = await startBench({ messageCount: 1 });
});

afterAll(async () => {
	await bench.stop();
});

beforeEach(() => {
	open = [];
});

afterEach(async () => {
	await Promise.all(open.map(async (listening) => await listening.close()));
});

function triggerWorkflow(parameters: object): Workflow {
	const node = bench.engine.nodeJson(
		TRIGGER,
		{ events: ['*'], changeTypes: [], options: {}, ...parameters },
		{ name: 'Trigger', id: `trigger-${nodes++}` },
	);
	return bench.engine.workflow({ nodes: [node], connections: {} });
}

async function listen(
	parameters: object = {},
	mode: 'webhook' | 'manual' = 'webhook',
): Promise<Listening> {
	const runs: IRun[] = [];
	const events: IDataObject[] = [];
	const server = await bench.engine.serveWebhooks(
		triggerWorkflow(parameters),
		'Trigger',
		(run) => {
			runs.push(run);
			const items = run.data.resultData.runData.Trigger?.[0]?.data?.main?.[0] ?? [];
			events.push(...items.map(({ json }) => json));
		},
		mode,
	);
	const listening = { ...server, runs, events };
	open.push(listening);
	return listening;
}

/** Sends exact bytes; fetch would refuse some of them. */
async function send(
	url: string,
	query: object,
	body: string | Buffer,
	headers: Record<string, string> = { 'Content-Type': 'text/xml' },
): Promise<{ status: number; body: string; type: string | undefined }> {
	const target = new URL(url);
	for (const [name, value] of Object.entries(query)) target.searchParams.set(name, String(value));
	return await new Promise((resolve, reject) => {
		const sending = request(target, { method: 'POST', headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () =>
				resolve({
					status: response.statusCode ?? 0,
					body: Buffer.concat(chunks).toString(),
					type: response.headers['content-type'],
				}),
			);
		});
		sending.on('error', reject);
		sending.end(body);
	});
}

/** Sends a query as it is written. */
async function get(url: string, query: string): Promise<[status: number, body: string]> {
	const answer = await fetch(`${url}?${query}`);
	return [answer.status, await answer.text()];
}

/** The query of a URL check by whoever has the keys of the bench. */
function urlCheck(echo: string): { query: Record<string, string>; echostr: string } {
	const { encodingAesKey, token, receiveId } = bench.wecom.callback;
	const sealing = { encodingAesKey, token, receiveId };
	let echostr = seal(echo, sealing);
	while (!/\+.*=/.test(echostr)) echostr = seal(echo, sealing);
	return { query: sign(echostr, sealing), echostr };
}

const encoded = (query: object) => new URLSearchParams({ ...query }).toString();

describe('the URL check', () => {
	it('is answered with the plaintext and nothing else, as text/plain, without an execution', async () => {
		const { url, runs, settled } = await listen();
		const answer = await bench.wecom.verifyUrl(url);
		await settled();
		expect(answer).toMatchObject({ ok: true, status: 200 });
		expect(runs).toEqual([]);
	});

	it('is refused when it is forged', async () => {
		const { url, runs } = await listen();
		const query = 'msg_signature=0000000000000000000000000000000000000000&timestamp=1&nonce=2';
		const answer = await fetch(`${url}?${query}&echostr=YWJj`);
		expect([answer.status, await answer.text()]).toEqual([401, 'bad_signature']);
		expect((await fetch(url)).status).toBe(400);
		expect(runs).toEqual([]);
	});

	it('is answered however a proxy spells the echostr', async () => {
		const { url } = await listen();
		for (const spell of [
			(text: string) => encodeURIComponent(text),
			(text: string) => text,
			(text: string) => encodeURIComponent(encodeURIComponent(text)),
		]) {
			const { query, echostr } = urlCheck('1616140317555161061');
			const whole = `${encoded(query)}&echostr=${spell(echostr)}`;
			expect(await get(url, whole)).toEqual([200, '1616140317555161061']);
		}
	});

	it('that somebody recorded and sends again is refused, however it is spelled', async () => {
		const { url } = await listen();
		const { query, echostr } = urlCheck('1616140317555161061');
		expect((await get(url, encoded({ ...query, echostr })))[0]).toBe(200);
		const signature = query.msg_signature?.toUpperCase() ?? '';
		const { timestamp = '', nonce = '' } = query;
		for (const recorded of [
			{ ...query, echostr },
			{ ...query, echostr: echostr.replaceAll('+', ' ') },
			{ ...query, msg_signature: signature, echostr },
			{ ...query, timestamp: nonce, nonce: timestamp, echostr },
		]) {
			expect(await get(url, encoded(recorded))).toEqual([403, 'replayed']);
		}
		expect((await send(url, query, `<xml><Encrypt>${echostr}</Encrypt></xml>`)).body).toBe(
			'replayed',
		);
	});

	it('is answered each time the console asks anew, and as often as it likes by hand', async () => {
		const { url } = await listen();
		for (const _save of [1, 2, 3]) expect((await bench.wecom.verifyUrl(url)).ok).toBe(true);
		const manual = await listen({}, 'manual');
		const { query, echostr } = urlCheck('1616140317555161061');
		for (const _time of [1, 2]) {
			expect((await get(manual.url, encoded({ ...query, echostr })))[0]).toBe(200);
		}
	});

	it('gives no recorded callback away, and leaves it to be delivered', async () => {
		const { url, runs, settled } = await listen();
		for (const format of ['xml', 'json'] as const) {
			const callback = bench.wecom.buildCallback({ event: 'suite_ticket', format });
			const echostr = /[\w+/]{40,}={0,2}/.exec(callback.body)?.[0] ?? '';
			for (const _time of [1, 2]) {
				const answer = await get(url, encoded({ ...callback.query, echostr }));
				expect(answer).toEqual([403, 'no_echostr']);
			}
			expect((await send(url, callback.query, callback.body)).body).toBe('success');
		}
		await settled();
		expect(runs).toHaveLength(2);
	});

	it('gets no answer within its time while nobody knows whether it was here before', async () => {
		bench.engine.credentials.wecomStateApi = { host: '127.0.0.1', port: 1, encryptionKey: '' };
		const { url } = await listen({ stateStore: 'redis' });
		const { query, echostr } = urlCheck('1616140317555161061');
		const askedAt = Date.now();
		expect(await get(url, encoded({ ...query, echostr }))).toEqual([503, 'try again']);
		expect(Date.now() - askedAt).toBeGreaterThan(5000);
		delete bench.engine.credentials.wecomStateApi;
	}, 20_000);
});

describe('the body of a callback', () => {
	it('is left to the node by n8n, in new nodes and in the examples', () => {
		const options = bench.engine
			.nodeType(TRIGGER)
			.description.properties.find(({ name }) => name === 'options');
		expect(options?.default).toEqual({ binaryData: true });
		const triggers = readdirSync(EXAMPLES)
			.flatMap((file) => readExample(file).nodes)
			.filter(({ type }) => type.endsWith(`.${TRIGGER}`));
		expect(triggers.length).toBeGreaterThan(2);
		for (const { parameters } of triggers) {
			expect(parameters.options).toMatchObject({ binaryData: true });
		}
	});

	it('is read by the node where n8n leaves it to it', async () => {
		const { url, runs, settled } = await listen({ options: { binaryData: true } });
		const { query, body, contentType } = bench.wecom.buildCallback({ event: 'msgaudit_notify' });
		expect(await send(url, query, body, { 'Content-Type': contentType })).toMatchObject({
			status: 200,
			body: 'success',
		});
		expect(await send(url, query, '<xml><Encrypt>')).toMatchObject({ status: 400 });
		await settled();
		expect(runs).toHaveLength(1);
	});
});

describe('an event', () => {
	it('is answered with exactly "success" as text/plain and starts one execution', async () => {
		const { url, runs, events, settled } = await listen();
		const { query, body, contentType } = bench.wecom.buildCallback({ event: 'msgaudit_notify' });
		const answer = await send(url, query, body, { 'Content-Type': contentType });
		await settled();
		expect(answer).toEqual({ status: 200, body: 'success', type: 'text/plain; charset=utf-8' });
		expect(runs).toHaveLength(1);
		expect(runs[0]?.data.resultData.error).toBeUndefined();
		expect(events[0]).toMatchObject({
			event: 'msgaudit_notify',
			eventId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
			receiveId: bench.wecom.callback.suiteId,
			format: 'xml',
			time: expect.stringMatching(/Z$/) as string,
		});
	});

	it.each([
		'msgaudit_approve',
		'msgaudit_notify',
		'msgaudit_keyword_hit',
		'msgaudit_export_finish',
		'customer_acquisition',
		'suite_ticket',
		'create_auth',
		'change_auth',
		'cancel_auth',
	] as const)('%s comes through when it is chosen, and only it', async (event) => {
		const { url, events, settled } = await listen({ events: [event] });
		for (const format of ['xml', 'json'] as const) {
			const fields = { TimeStamp: String(1_700_000_000 + nodes), Format: format };
			expect((await bench.wecom.sendCallback({ url, event, format, fields })).ok).toBe(true);
		}
		const other = event === 'suite_ticket' ? 'create_auth' : 'suite_ticket';
		expect((await bench.wecom.sendCallback({ url, event: other })).ok).toBe(true);
		await settled();
		expect(events.map((item) => [item.event, item.format])).toEqual([
			[event, 'xml'],
			[event, 'json'],
		]);
	});

	it('of customer acquisition is filtered by its ChangeType', async () => {
		const { url, events, settled } = await listen({
			events: ['customer_acquisition', 'suite_ticket'],
			changeTypes: ['balance_low'],
		});
		for (const ChangeType of ['balance_low', 'balance_exhausted']) {
			await bench.wecom.sendCallback({
				url,
				event: 'customer_acquisition',
				fields: { ChangeType },
			});
		}
		await bench.wecom.sendCallback({ url, event: 'suite_ticket' });
		await settled();
		expect(events.map(({ event, changeType }) => [event, changeType])).toEqual([
			['customer_acquisition', 'balance_low'],
			['suite_ticket', undefined],
		]);
	});

	it("of the published platform's names counts as the reference's", async () => {
		const { url, events, settled } = await listen({ events: ['msgaudit_notify'] });
		const plaintext = JSON.stringify({
			event_type: 'conversation_new_message',
			timestamp: 1730000000,
			conversation_new_message: { token: 't' },
		});
		await bench.wecom.sendCallback({ url, plaintext, format: 'json' });
		await settled();
		expect(events).toMatchObject([
			{ event: 'msgaudit_notify', originalEvent: 'conversation_new_message' },
		]);
	});

	it('that is repeated is answered "success" without a second execution', async () => {
		const { url, runs, settled } = await listen();
		const { query, body, plaintext } = bench.wecom.buildCallback({ event: 'msgaudit_approve' });
		expect((await send(url, query, body)).body).toBe('success');
		const { suiteId } = bench.wecom.callback;
		const again = await bench.wecom.sendCallback({ url, plaintext, receiveId: suiteId });
		expect(again).toMatchObject({ ok: true, body: 'success' });
		await settled();
		expect(runs).toHaveLength(1);
	});

	it.each(['one id', ''])(
		'runs both of two triggers of a workflow that share their id (%p)',
		async (id) => {
			const { engine, wecom } = bench;
			const nodes = ['A', 'B'].map((name) =>
				engine.nodeJson(TRIGGER, { events: ['*'], changeTypes: [], options: {} }, { name, id }),
			);
			const workflow = engine.workflow({ id: `two triggers, ${id}`, nodes, connections: {} });
			const { plaintext } = wecom.buildCallback({ event: 'msgaudit_approve' });
			const runs: IRun[] = [];
			for (const { name } of nodes) {
				const server = await engine.serveWebhooks(workflow, name, (run) => runs.push(run));
				const { suiteId: receiveId } = wecom.callback;
				for (const _delivery of [1, 2]) {
					await wecom.sendCallback({ url: server.url, plaintext, receiveId });
				}
				await server.settled();
				await server.close();
			}
			expect(runs.map(({ data }) => Object.keys(data.resultData.runData))).toEqual([['A'], ['B']]);
		},
	);

	it('that is repeated runs again when deduplication is off', async () => {
		const { url, runs, settled } = await listen({ options: { deduplicate: false } });
		const { suiteId: receiveId } = bench.wecom.callback;
		const { plaintext } = bench.wecom.buildCallback({ event: 'msgaudit_approve' });
		for (const _delivery of [1, 2]) await bench.wecom.sendCallback({ url, plaintext, receiveId });
		await settled();
		expect(runs).toHaveLength(2);
	});

	it('that somebody recorded and sends again is refused, deduplication or not', async () => {
		for (const deduplicate of [true, false]) {
			const { url, runs, settled } = await listen({ options: { deduplicate } });
			const { query, body } = bench.wecom.buildCallback({ event: 'msgaudit_approve' });
			expect((await send(url, query, body)).body).toBe('success');
			const { msg_signature, timestamp, nonce } = query;
			for (const recorded of [
				query,
				{ ...query, msg_signature: msg_signature.toUpperCase() },
				{ msg_signature, timestamp: nonce, nonce: timestamp }, // signed in sorted order
			]) {
				expect(await send(url, recorded, body)).toMatchObject({ status: 403, body: 'replayed' });
			}
			await settled();
			expect(runs).toHaveLength(1);
		}
	});

	it('of a robot is run once by its msgid, though it has no time and is answered elsewhere', async () => {
		const { url, runs, settled } = await listen();
		const { receiveId } = bench.wecom.callback;
		const message = {
			msgid: 'CAIQ0000000000001',
			aibotid: 'AIBOT',
			chattype: 'single',
			from: { userid: 'U' },
			msgtype: 'text',
			text: { content: 'hello' },
		};
		for (const fields of [
			{},
			{ response_url: 'https://example.com/?code=2' },
			{ response_url: 'https://example.com/?code=3' },
			{ msgid: 'CAIQ0000000000002' },
			{ msgid: 'CAIQ0000000000002', response_url: 'https://example.com/?code=4' },
		]) {
			const plaintext = JSON.stringify({ ...message, ...fields });
			await bench.wecom.sendCallback({ url, plaintext, format: 'json', receiveId });
		}
		await settled();
		expect(runs).toHaveLength(2);
	});

	it('of a robot can be chosen by its name', async () => {
		const { url, events, settled } = await listen({ events: ['enter_chat', 'feedback_event'] });
		for (const [msgid, eventtype] of [
			['a', 'enter_chat'],
			['b', 'template_card_event'],
			['c', 'feedback_event'],
		] as const) {
			const event = { eventtype, [eventtype]: {} };
			const plaintext = JSON.stringify({ msgid, create_time: 1, msgtype: 'event', event });
			await bench.wecom.sendCallback({ url, plaintext, format: 'json' });
		}
		await settled();
		expect(events).toMatchObject([
			{ event: 'enter_chat', originalEvent: 'enter_chat', messageId: 'a' },
			{ event: 'feedback_event', messageId: 'c' },
		]);
		const { options = [] } =
			bench.engine.nodeType(TRIGGER).description.properties.find(({ name }) => name === 'events') ??
			{};
		for (const value of [
			'message',
			'enter_chat',
			'template_card_event',
			'feedback_event',
			'add_to_chat',
			'delete_from_chat',
		]) {
			expect(options).toContainEqual(expect.objectContaining({ value }));
		}
	});

	it('of the same second as another runs beside it', async () => {
		const { url, runs, settled } = await listen();
		for (const fields of [{ LinkId: 'a' }, { LinkId: 'b' }, { LinkId: 'c' }]) {
			const event = 'customer_acquisition' as const;
			const overrides = { ChangeType: 'delete_link', TimeStamp: '1730000002', ...fields };
			await bench.wecom.sendCallback({ url, event, fields: overrides });
		}
		await settled();
		expect(runs).toHaveLength(3);
	});

	it('runs as often as it is sent while somebody listens by hand', async () => {
		const { url, runs, settled } = await listen({}, 'manual');
		const { query, body } = bench.wecom.buildCallback({ event: 'msgaudit_approve' });
		for (const _delivery of [1, 2]) await send(url, query, body);
		await settled();
		expect(runs).toHaveLength(2);
	});

	it('reaches two triggers that watch for it', async () => {
		const [first, second] = [await listen(), await listen()];
		const { query, body } = bench.wecom.buildCallback({ event: 'msgaudit_approve' });
		await send(first.url, query, body);
		await send(second.url, query, body);
		await Promise.all([first.settled(), second.settled()]);
		expect([first.runs.length, second.runs.length]).toEqual([1, 1]);
	});

	it('is delivered once although WeCom had to try again', async () => {
		const { url, runs, settled } = await listen();
		const plaintext =
			'<xml><InfoType>msgaudit_notify</InfoType><TimeStamp>1730000001</TimeStamp></xml>';
		const sends = Array.from(
			{ length: 5 },
			async () => await bench.wecom.sendCallback({ url, plaintext }),
		);
		expect((await Promise.all(sends)).every(({ ok }) => ok)).toBe(true);
		await settled();
		expect(runs).toHaveLength(1);
	});

	it('is left for WeCom to send again while n8n cannot load the credential', async () => {
		const { url, runs, settled } = await listen();
		const { wecomCallbackApi: credential = {} } = bench.engine.credentials;
		delete bench.engine.credentials.wecomCallbackApi;
		const sending = bench.wecom.sendCallback({ url, event: 'msgaudit_notify' });
		await new Promise((resolve) => setTimeout(resolve, 1000));
		bench.engine.credentials.wecomCallbackApi = credential;
		expect(await sending).toMatchObject({ ok: true, attempts: 2 });
		await settled();
		expect(runs).toHaveLength(1);
	}, 20_000);

	it('carries the raw message when it is asked for', async () => {
		const { url, events, settled } = await listen({ options: { includeRaw: true } });
		const { plaintext } = await bench.wecom.sendCallback({ url, event: 'msgaudit_approve' });
		await settled();
		expect(events[0]?.raw).toBe(plaintext);
	});

	it('is held to the time window when one is set', async () => {
		const { url, runs, settled } = await listen({ options: { timeWindow: 10 } });
		const { encodingAesKey, token, receiveId, suiteId } = bench.wecom.callback;
		const old = callbackOf('<xml><InfoType>msgaudit_notify</InfoType></xml>', {
			encodingAesKey,
			token,
			receiveId,
			timestamp: String(Math.floor(Date.now() / 1000) - 3600),
		});
		expect(await send(url, old.query, old.body)).toMatchObject({
			status: 403,
			body: 'outside_time_window',
		});
		const fields = { TimeStamp: String(Math.floor(Date.now() / 1000) - 3600) };
		const late = { url, event: 'msgaudit_notify', fields, receiveId: suiteId } as const;
		expect(await bench.wecom.sendCallback(late)).toMatchObject({
			status: 403,
			body: 'outside_time_window',
		});
		expect((await bench.wecom.sendCallback({ url, event: 'msgaudit_notify' })).ok).toBe(true);
		await settled();
		expect(runs).toHaveLength(1);
	});

	it('is read from the raw bytes whatever the content type says', async () => {
		const { url, runs, settled } = await listen();
		for (const type of [
			'text/xml',
			'application/json',
			'application/x-www-form-urlencoded',
			'text/plain',
			'application/octet-stream',
		]) {
			const { query, body } = bench.wecom.buildCallback({
				event: 'msgaudit_approve',
				fields: { TimeStamp: String(1_700_000_000 + type.length), Type: type },
			});
			expect((await send(url, query, body, { 'Content-Type': type })).body).toBe('success');
		}
		await settled();
		expect(runs).toHaveLength(5);
	});
});

describe('a verified message that is neither XML nor JSON', () => {
	it('comes out as raw text', async () => {
		const { url, events, settled } = await listen();
		await bench.wecom.sendCallback({ url, plaintext: '{"broken": 你好' });
		await settled();
		expect(events).toMatchObject([
			{ event: 'message', format: 'text', data: { text: '{"broken": 你好' } },
		]);
	});

	it('is dropped only as the very same delivery, for two equal texts may be two messages', async () => {
		const { url, runs, settled } = await listen();
		const { query, body } = bench.wecom.buildCallback({ plaintext: 'hello' });
		await send(url, query, body);
		await send(url, query, body);
		await bench.wecom.sendCallback({ url, plaintext: 'hello' });
		await settled();
		expect(runs).toHaveLength(2);
	});
});

describe('a forged or malformed request', () => {
	it.each([
		['nothing', '', 400],
		['text', 'hello', 400],
		['half an envelope', '<xml><Encrypt><![CDATA[YWJj', 400],
		['a DTD bomb', '<!DOCTYPE a [<!ENTITY b "c">]><xml><Encrypt>&b;</Encrypt></xml>', 400],
		['another ciphertext', '<xml><Encrypt><![CDATA[YWJj]]></Encrypt></xml>', 401],
		['a megabyte', `<xml><Encrypt>${'A'.repeat(1_000_000)}</Encrypt></xml>`, 413],
	])('with %s is refused and starts nothing', async (_what, body, status) => {
		const { url, runs, settled } = await listen();
		const { query } = bench.wecom.buildCallback({ event: 'msgaudit_notify' });
		const answer = await send(url, query, body);
		await settled();
		expect(answer.status).toBe(status);
		expect(answer.body).not.toContain('success');
		expect(runs).toEqual([]);
	});

	it('for another receive id is refused', async () => {
		const { url, runs, settled } = await listen();
		const answer = await bench.wecom.sendCallback({
			url,
			event: 'msgaudit_notify',
			receiveId: 'ww9999999999999999',
		});
		await settled();
		expect(answer.status).toBe(403);
		expect(runs).toEqual([]);
	});

	it('for another receive id is named in the log, and to whoever tests', async () => {
		const ofCore = createRequire(require.resolve('n8n-core'));
		const { Container } = ofCore('@n8n/di') as { Container: { get(type: unknown): Console } };
		const { Logger } = ofCore('@n8n/backend-common') as { Logger: unknown };
		const warn = jest.spyOn(Container.get(Logger), 'warn');
		const receiveId = 'wpNewCustomer';
		const plaintext =
			'<xml><ToUserName>wpNewCustomer</ToUserName><CreateTime>1700000000</CreateTime><MsgType>event</MsgType><Event>subscribe</Event></xml>';
		const { url } = await listen();
		const answer = await bench.wecom.sendCallback({ url, plaintext, receiveId });
		expect([answer.status, answer.body]).toEqual([403, 'receiveid_mismatch']);
		const logged = expect.stringContaining('"wpNewCustomer"') as string;
		expect(warn).toHaveBeenCalledWith(logged);
		const manual = await listen({}, 'manual');
		const shown = await bench.wecom.sendCallback({ url: manual.url, plaintext, receiveId });
		expect(shown.status).toBe(403);
		expect(shown.body).toMatch(/^receiveid_mismatch: .*"wpNewCustomer"/);
		warn.mockRestore();
	});

	it('for another receive id is none where every corp is let in', async () => {
		const listed = bench.engine.credentials.wecomCallbackApi ?? {};
		bench.engine.credentials.wecomCallbackApi = { ...listed, receiveIds: 'ww1, *' };
		const { url, events, settled } = await listen();
		const plaintext =
			'<xml><CreateTime>1700000001</CreateTime><MsgType>event</MsgType><Event>subscribe</Event></xml>';
		const sent = await bench.wecom.sendCallback({ url, plaintext, receiveId: 'wpNewCustomer' });
		bench.engine.credentials.wecomCallbackApi = listed;
		await settled();
		expect(sent.ok).toBe(true);
		expect(events).toMatchObject([{ event: 'subscribe', receiveId: 'wpNewCustomer' }]);
	});

	it('is answered, not thrown, when the credential itself cannot be used', async () => {
		const good = bench.engine.credentials.wecomCallbackApi ?? {};
		bench.engine.credentials.wecomCallbackApi = { ...good, encodingAesKey: 'broken' };
		const { url, runs } = await listen();
		const answer = await bench.wecom.sendCallback({ url, event: 'msgaudit_notify' });
		bench.engine.credentials.wecomCallbackApi = good;
		expect([answer.status, answer.body]).toEqual([500, 'not ready']);
		expect(runs).toEqual([]);
	});
});

describe('publishing the workflow', () => {
	const create = async (stateStore = 'memory') => {
		const { webhookMethods } = bench.engine.nodeType(TRIGGER);
		const methods = webhookMethods?.default;
		const context = {
			getCredentials: async (type: string) =>
				await Promise.resolve(bench.engine.credentials[type] ?? {}),
			getNodeParameter: () => stateStore,
			getNode: () => bench.engine.nodeJson(TRIGGER, {}),
			getWorkflowStaticData: () => ({}),
		};
		expect(await methods?.checkExists?.call(context as never)).toBe(false);
		expect(await methods?.delete?.call(context as never)).toBe(true);
		return await methods?.create?.call(context as never);
	};

	it('succeeds with a good credential', async () => {
		expect(await create()).toBe(true);
	});

	it('says what is wrong with the credential of the state', async () => {
		bench.engine.credentials.wecomStateApi = { host: '', port: 6379 };
		await expect(create('redis')).rejects.toThrow(/"host" of the state credential is empty/);
		delete bench.engine.credentials.wecomStateApi;
	});

	it('says what is wrong with a bad one', async () => {
		const good = bench.engine.credentials.wecomCallbackApi ?? {};
		bench.engine.credentials.wecomCallbackApi = { ...good, encodingAesKey: 'broken' };
		await expect(create()).rejects.toThrow(/43 letters and digits/);
		bench.engine.credentials.wecomCallbackApi = good;
	});
});
