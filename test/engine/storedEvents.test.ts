import type { IDataObject, IRun } from 'n8n-workflow';

import { credentialsFor, type ProgramEvent, type ProgramStyle } from '../../simulator';
import { closeServers, gate, startServer } from '../unit/support/server';
import { PROGRAM_ID } from './row';
import { startBench, type Bench } from './support';
import { storing } from './zoneSupport';

const TRIGGER = 'wecomDataTrigger';
const CALL = '/chatdata/sync_call_program';

let bench: Bench;
let usual: Bench['engine']['credentials'];
let closing: Array<() => Promise<void>>;
let nodes = 0;

beforeAll(async () => {
	bench = await startBench({ contracts: ['dataZone'], messageCount: 1 });
	Object.assign(bench.engine.credentials, credentialsFor(bench.wecom, 'dataZone'));
	usual = { ...bench.engine.credentials };
});

beforeEach(() => {
	closing = [];
	bench.wecom.requests.length = 0;
});

afterEach(async () => {
	await Promise.all(closing.map(async (close) => await close()));
	await closeServers();
	bench.wecom.faults.clear();
	Object.assign(bench.engine.credentials, usual);
});

afterAll(async () => {
	await bench.stop();
});

async function listen(parameters: IDataObject = {}, mode: 'webhook' | 'manual' = 'webhook') {
	const node = bench.engine.nodeJson(
		TRIGGER,
		{ events: ['*'], changeTypes: [], fetchStoredEvent: true, options: {}, ...parameters },
		{ name: 'Trigger', id: `trigger-${nodes++}` },
	);
	const events: IDataObject[] = [];
	const note = (run: IRun) => {
		const items = run.data.resultData.runData.Trigger?.[0]?.data?.main?.[0] ?? [];
		events.push(...items.map(({ json }) => json));
	};
	const workflow = bench.engine.workflow({ nodes: [node], connections: {} });
	const server = await bench.engine.serveWebhooks(workflow, 'Trigger', note, mode);
	closing.push(server.close);
	return { ...server, events };
}

/** What WeCom writes about an event that was stored, the same for each delivery. */
function noticeOf(notifyId: string, fields: Record<string, string | number> = {}): string {
	const all = {
		ToUserName: bench.wecom.corp.corpId,
		FromUserName: 'sys',
		CreateTime: Math.floor(Date.now() / 1000),
		MsgType: 'event',
		Event: 'program_notify',
		NotifyId: notifyId,
		...fields,
	};
	const elements = Object.entries(all).map(([name, value]) => `<${name}>${value}</${name}>`);
	return `<xml>${elements.join('')}</xml>`;
}

const tell = async (url: string, plaintext: string, receiveId?: string) =>
	await bench.wecom.sendCallback({ url, plaintext, ...(receiveId ? { receiveId } : {}) });

/** Stores an event in the program and calls back. */
async function happen(url: string, event: ProgramEvent = { event_type: 'hit_keyword' }) {
	const stored = bench.wecom.notifyProgram(event);
	const plaintext = noticeOf(stored.notifyId);
	expect(await tell(url, plaintext)).toMatchObject({ ok: true, body: 'success' });
	return { ...stored, plaintext };
}

const calls = () => bench.wecom.requests.filter(({ path }) => path.endsWith(CALL)).length;

/** The items, when nothing is under way any more. */
async function arrived({ events, settled }: Awaited<ReturnType<typeof listen>>, count: number) {
	await settled();
	expect(events).toHaveLength(count);
	return events;
}

describe('a program_notify', () => {
	it.each<[ProgramStyle]>([['java'], ['python']])(
		'starts the execution with the event that the program stored (%s)',
		async (style) => {
			Object.assign(bench.engine.credentials, {
				wecomDataApi: {
					...usual.wecomDataApi,
					programId: bench.wecom.programs[style],
					programStyle: style,
				},
			});
			const trigger = await listen({ options: { includeRaw: true } });
			const happened = await happen(trigger.url, { event_type: 'conversation_new_message' });
			const { token } = happened.event.conversation_new_message as { token: string };
			const { corpId } = bench.wecom.corp;
			expect(await arrived(trigger, 1)).toEqual([
				{
					eventId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
					event: 'msgaudit_notify',
					originalEvent: 'conversation_new_message',
					token,
					authCorpId: corpId,
					receiveId: corpId,
					notifyId: happened.notifyId,
					time: new Date(Number(happened.event.timestamp) * 1000).toISOString(),
					format: 'json',
					data: happened.event,
					raw: happened.plaintext,
				},
			]);
			expect(calls()).toBe(1);
		},
	);

	it('takes another program and style from Options', async () => {
		const options = { programId: bench.wecom.programs.python, programStyle: 'python' };
		const trigger = await listen({ options });
		await happen(trigger.url);
		expect(await arrived(trigger, 1)).toMatchObject([{ event: 'msgaudit_keyword_hit' }]);
	});

	it('stays as it is where its event is not to be fetched', async () => {
		const trigger = await listen({ fetchStoredEvent: false });
		const { notifyId } = await happen(trigger.url);
		const [item] = await arrived(trigger, 1);
		expect(item).toMatchObject({ event: 'program_notify', notifyId, format: 'xml' });
		expect(item).not.toHaveProperty('error');
		expect(calls()).toBe(0);
	});

	it.each([
		[['msgaudit_keyword_hit'], 1],
		[['hit_keyword'], 1],
		[['program_notify'], 1],
		[['msgaudit_notify', 'suite_ticket'], 0],
	])('is filtered by the event behind it: %j', async (events, count) => {
		const trigger = await listen({ events });
		await happen(trigger.url);
		await arrived(trigger, count);
		expect(calls()).toBe(1);
	});

	it('that is delivered three times starts one execution, and its event is fetched once', async () => {
		const trigger = await listen();
		const { plaintext } = await happen(trigger.url);
		const again = await Promise.all([tell(trigger.url, plaintext), tell(trigger.url, plaintext)]);
		expect(again.map(({ body }) => body)).toEqual(['success', 'success']);
		expect(await arrived(trigger, 1)).toMatchObject([{ event: 'msgaudit_keyword_hit' }]);
		expect(calls()).toBe(1);
	});

	it('is answered before its event is here', async () => {
		const door = gate();
		const server = await startServer(async (...call) => {
			await door.opened;
			await storing({ event_type: 'hit_keyword', hit_keyword: { token: 'T' } })(...call);
		});
		Object.assign(bench.engine.credentials, {
			wecomDataApi: {
				contract: 'dataZone',
				baseUrl: server.url,
				authentication: 'accessToken',
				accessToken: 'a token',
				programId: PROGRAM_ID,
				programStyle: 'java',
			},
		});
		const trigger = await listen();
		const plaintext = noticeOf('NID-1');
		expect(await tell(trigger.url, plaintext)).toMatchObject({ body: 'success', attempts: 1 });
		expect(await tell(trigger.url, plaintext)).toMatchObject({ body: 'success', attempts: 1 });
		expect(trigger.events).toEqual([]);
		door.open();
		expect(await arrived(trigger, 1)).toMatchObject([{ token: 'T' }]);
		expect(server.requests).toHaveLength(1);
	});

	it('whose event cannot be fetched twice still arrives', async () => {
		bench.wecom.faults.add({ kind: 'errcode', errcode: 710638, path: CALL });
		bench.wecom.faults.add({ kind: 'http502', path: CALL });
		const trigger = await listen({ events: ['msgaudit_notify'] });
		const { event } = await happen(trigger.url, { event_type: 'conversation_new_message' });
		expect(await arrived(trigger, 1)).toMatchObject([{ event: 'msgaudit_notify', data: event }]);
		expect(calls()).toBe(3);
	});

	it.each([
		[710646, /errcode 710646/, /within 10 minutes/],
		[800003, /errcode 800003/, /Register the ability/],
	])('whose event is refused for good (%i) starts with the reason', async (errcode, what, hint) => {
		bench.wecom.faults.add({ kind: 'errcode', errcode, path: CALL });
		const trigger = await listen({ events: ['suite_ticket'], options: { includeRaw: true } });
		const { notifyId, plaintext } = await happen(trigger.url);
		expect(await arrived(trigger, 1)).toMatchObject([
			{
				event: 'program_notify',
				notifyId,
				raw: plaintext,
				error: {
					message: expect.stringMatching(what) as string,
					hint: expect.stringMatching(hint) as string,
					errcode,
				},
			},
		]);
		expect(calls()).toBe(1);
	});

	it('that came too late for its event starts with the reason', async () => {
		const trigger = await listen();
		const CreateTime = Math.floor(Date.now() / 1000) - 601;
		await tell(trigger.url, noticeOf('NID-of-yesterday', { CreateTime }));
		expect(await arrived(trigger, 1)).toMatchObject([
			{
				event: 'program_notify',
				error: { message: expect.stringContaining('get data by notify_id failed') as string },
			},
		]);
		expect(calls()).toBe(1);
	});

	it('of another corp is handed on, with the way to its event', async () => {
		const receiveIds = { ...usual.wecomCallbackApi, receiveIds: '*' };
		Object.assign(bench.engine.credentials, { wecomCallbackApi: receiveIds });
		const trigger = await listen({ events: ['msgaudit_notify'] });
		const notice = noticeOf('NID-1', { ToUserName: 'wpOther' });
		expect(await tell(trigger.url, notice, 'wpOther')).toMatchObject({ body: 'success' });
		expect(await arrived(trigger, 1)).toMatchObject([
			{
				event: 'program_notify',
				authCorpId: 'wpOther',
				notifyId: 'NID-1',
				error: {
					message: expect.stringContaining('stored for the corp wpOther') as string,
					hint: expect.stringMatching(/Callback → Fetch Event .*Permanent Code/) as string,
				},
			},
		]);
		expect(calls()).toBe(0);
	});

	it('is fetched as often as it is sent while somebody listens by hand', async () => {
		const trigger = await listen({}, 'manual');
		const { plaintext } = await happen(trigger.url);
		await tell(trigger.url, plaintext);
		expect(await arrived(trigger, 2)).toMatchObject([
			{ event: 'msgaudit_keyword_hit' },
			{ event: 'msgaudit_keyword_hit' },
		]);
	});

	it('says what is wrong with the credential in the place of its event', async () => {
		Object.assign(bench.engine.credentials, {
			wecomDataApi: { ...usual.wecomDataApi, programId: '' },
		});
		const trigger = await listen();
		await happen(trigger.url);
		expect(await arrived(trigger, 1)).toMatchObject([
			{
				event: 'program_notify',
				error: { message: expect.stringMatching(/program_id/) as string },
			},
		]);
	});

	it('is left for WeCom to send again while n8n cannot load the credential', async () => {
		const { wecomDataApi: credential } = usual;
		const trigger = await listen();
		delete bench.engine.credentials.wecomDataApi;
		const { notifyId } = bench.wecom.notifyProgram({ event_type: 'hit_keyword' });
		const sending = tell(trigger.url, noticeOf(notifyId));
		await new Promise((resolve) => setTimeout(resolve, 1000));
		Object.assign(bench.engine.credentials, { wecomDataApi: credential });
		expect(await sending).toMatchObject({ ok: true, attempts: 2 });
		expect(await arrived(trigger, 1)).toMatchObject([{ event: 'msgaudit_keyword_hit' }]);
	}, 20_000);

	it('beyond those that may wait is left for WeCom to send again, until there is room', async () => {
		const door = gate();
		const server = await startServer(async (...call) => {
			await door.opened;
			await storing({ event_type: 'hit_keyword', hit_keyword: { token: 'T' } })(...call);
		});
		Object.assign(bench.engine.credentials, {
			wecomDataApi: {
				contract: 'dataZone',
				baseUrl: server.url,
				authentication: 'accessToken',
				accessToken: 'a token',
				programId: PROGRAM_ID,
				programStyle: 'java',
			},
		});
		const trigger = await listen();
		const notices = Array.from({ length: 51 }, (_, index) => noticeOf(`NID-${index}`));
		const [last = '', ...others] = notices;
		const sent = await Promise.all(others.map(async (one) => await tell(trigger.url, one)));
		expect(sent.every(({ body, attempts }) => body === 'success' && attempts === 1)).toBe(true);
		const waiting = tell(trigger.url, last);
		await new Promise((resolve) => setTimeout(resolve, 1000));
		door.open();
		expect(await waiting).toMatchObject({ body: 'success', attempts: 2 });
		await arrived(trigger, 51);
	}, 30_000);
});

describe('other callbacks', () => {
	it('come through as they are beside it, from all channels', async () => {
		const trigger = await listen({
			events: ['advanced_api_pay_success', 'expire_data_permission', 'change_external_contact'],
			changeTypes: ['add_external_contact'],
		});
		const order = (InfoType: string) =>
			`<xml><ServiceCorpId>wwP</ServiceCorpId><InfoType>${InfoType}</InfoType><AuthCorpId>wpC</AuthCorpId><OrderId>O1</OrderId><TimeStamp>1730000000</TimeStamp></xml>`;
		const contact = (ChangeType: string) =>
			`<xml><SuiteId>s</SuiteId><InfoType>change_external_contact</InfoType><ChangeType>${ChangeType}</ChangeType><TimeStamp>1730000000</TimeStamp></xml>`;
		for (const plaintext of [
			order('advanced_api_pay_success'),
			order('advanced_api_cancel'),
			order('some_data_permission'),
			contact('add_external_contact'),
			contact('edit_external_contact'),
		]) {
			expect(await tell(trigger.url, plaintext)).toMatchObject({ body: 'success' });
		}
		expect(await arrived(trigger, 3)).toMatchObject([
			{ event: 'advanced_api_pay_success', serviceCorpId: 'wwP', authCorpId: 'wpC' },
			{ event: 'data_permission_expired', originalEvent: 'some_data_permission' },
			{ event: 'change_external_contact', changeType: 'add_external_contact' },
		]);
		expect(calls()).toBe(0);
	});
});

describe('publishing a workflow that fetches stored events', () => {
	const publish = async (fetchStoredEvent: boolean, options: IDataObject = {}) => {
		const parameters: IDataObject = { fetchStoredEvent, options, stateStore: 'memory' };
		const context = {
			getCredentials: async (type: string) =>
				await Promise.resolve(bench.engine.credentials[type] ?? {}),
			getNodeParameter: (name: string) => parameters[name],
			getNode: () => bench.engine.nodeJson(TRIGGER, {}),
		};
		const { webhookMethods } = bench.engine.nodeType(TRIGGER);
		return await webhookMethods?.default?.create?.call(context as never);
	};
	const withData = (changes: IDataObject) =>
		Object.assign(bench.engine.credentials, {
			wecomDataApi: { ...usual.wecomDataApi, ...changes },
		});

	it('succeeds with a program, of the credential or of the trigger', async () => {
		expect(await publish(true)).toBe(true);
		withData({ programId: '' });
		expect(await publish(true, { programId: 'prog1' })).toBe(true);
	});

	it('says that there is no program', async () => {
		withData({ programId: '' });
		await expect(publish(true)).rejects.toThrow(/"Program ID" is empty/);
		expect(await publish(false)).toBe(true);
	});

	it('says what else is wrong with the credential', async () => {
		withData({ baseUrl: 'ftp://x' });
		await expect(publish(true)).rejects.toThrow(/base/i);
	});

	it('succeeds where callbacks bring their events themselves', async () => {
		withData({ contract: 'reference', programId: '' });
		expect(await publish(true)).toBe(true);
	});
});

describe('the credential for fetching', () => {
	it('is shown and needed only when events are fetched', () => {
		const { credentials = [] } = bench.engine.nodeType(TRIGGER).description;
		expect(credentials.find(({ name }) => name === 'wecomDataApi')).toEqual({
			name: 'wecomDataApi',
			required: true,
			testedBy: 'wecomDataApiTest',
			displayOptions: { show: { '/fetchStoredEvent': [true] } },
		});
	});
});
