import type { IDataObject } from 'n8n-workflow';

import { credentialsFor } from '../../simulator';
import { endN8n } from '../n8n/n8nProcess';
import { outputOf, type Execution } from '../n8n/rest';
import { E2eBench } from './bench';
import { nodeOf, workflowOf } from './workflows';

jest.setTimeout(300_000);

const RECEIVED = 'Received';
const EVENTS = [
	'msgaudit_notify',
	'msgaudit_approve',
	'msgaudit_keyword_hit',
	'msgaudit_export_finish',
	'customer_acquisition',
] as const;

let bench: E2eBench;

beforeAll(async () => {
	bench = await E2eBench.start({ messageCount: 120, corruptEvery: 40 });
	await bench.install();
	const credentials = credentialsFor(bench.wecom);
	for (const type of ['wecomDataApi', 'wecomCallbackApi'] as const) {
		ids[type] = await bench.rest.createCredential(type, type, credentials[type]);
	}
});
afterAll(async () => {
	await bench?.stop();
	await endN8n();
});

const ids: Record<string, string> = {};
const credential = (type: string) => ({ [type]: { id: ids[type] ?? '', name: type } });
const received = nodeOf(RECEIVED, 'n8n-nodes-base.noOp');

describe('the published WeCom Data Trigger', () => {
	const webhookId = 'c0ffee00-0000-4000-8000-000000000001';
	let url: string;
	let workflowId: string;

	beforeAll(async () => {
		const trigger = nodeOf('Callback', 'wecomDataTrigger', {}, credential('wecomCallbackApi'));
		workflowId = await bench.rest.createWorkflow(
			workflowOf('Callbacks', { ...trigger, webhookId }, received),
		);
		await bench.rest.publish(workflowId);
		url = bench.webhookUrl(webhookId);
	});

	it('passes the URL check of the console', async () => {
		expect(await bench.wecom.verifyUrl(url)).toMatchObject({ ok: true });
	});

	it('runs the workflow once for each event, with what WeCom sent', async () => {
		const sent = EVENTS.map((event, second) => {
			const fields = { TimeStamp: String(1_764_000_000 + second) };
			return bench.wecom.buildCallback({ event, fields });
		});
		for (const { plaintext } of sent) {
			const call = { url, plaintext };
			// The second time is one of WeCom's retries.
			expect((await bench.wecom.sendCallback(call)).ok).toBe(true);
			expect((await bench.wecom.sendCallback(call)).ok).toBe(true);
		}
		const executions = await bench.rest.ended(workflowId, sent.length);
		const events = executions.map((execution) => outputOf(execution, RECEIVED)[0] ?? {});
		expect(events.map(({ event }) => event).sort()).toEqual([...EVENTS].sort());
		for (const { data } of events) {
			const { InfoType, TimeStamp, AuthCorpId } = data as IDataObject;
			const origin = sent.find(({ plaintext }) => plaintext.includes(`[${String(InfoType)}]`));
			expect(origin?.plaintext).toContain(String(TimeStamp));
			expect(AuthCorpId).toBe(bench.wecom.world.corpId);
		}
		expect(executions.map(({ status }) => status)).toEqual(sent.map(() => 'success'));
	});

	it('starts nothing for what is forged, meant for others, no XML, or no callback at all', async () => {
		const before = (await bench.rest.executions(workflowId)).length;
		const { query, body } = bench.wecom.buildCallback({ event: 'msgaudit_notify' });
		const signed = new URLSearchParams({ ...query }).toString();
		const forged = new URLSearchParams({ ...query, msg_signature: '0'.repeat(40) }).toString();
		const other = bench.wecom.buildCallback({
			event: 'msgaudit_notify',
			receiveId: 'ww0000000000000000',
		});
		const requests: Array<[string, string, string]> = [
			[forged, body, 'text/xml'],
			[signed, body.slice(0, 100), 'text/plain'],
			[new URLSearchParams({ ...other.query }).toString(), other.body, 'text/xml'],
			['', '<!DOCTYPE a [<!ENTITY b "c">]><xml>&b;</xml>', 'application/octet-stream'],
			['', '{}', 'application/json'],
			[signed, '<xml', 'text/xml'],
		];
		for (const [search, content, type] of requests) {
			const answer = await fetch(`${url}?${search}`, {
				method: 'POST',
				body: content,
				headers: { 'content-type': type },
			});
			expect(answer.status).toBeGreaterThanOrEqual(400);
			expect(answer.status).toBeLessThan(500);
		}
		expect(await bench.rest.executions(workflowId)).toHaveLength(before);
		// And the next one is answered as if nothing had been.
		const call = { url, event: 'msgaudit_notify' as const };
		expect((await bench.wecom.sendCallback(call)).ok).toBe(true);
		await bench.rest.ended(workflowId, before + 1);
	});
});

describe('the published WeCom Data Trigger that fetches stored events', () => {
	it('answers at once, and starts one execution with the event as soon as it can be fetched', async () => {
		const { wecom, rest } = bench;
		const zone = credentialsFor(wecom, 'dataZone').wecomDataApi;
		const data = { id: await rest.createCredential('wecomDataApi', 'Zone', zone), name: 'Zone' };
		const credentials = { ...credential('wecomCallbackApi'), wecomDataApi: data };
		const parameters = { events: ['msgaudit_notify'], fetchStoredEvent: true };
		const trigger = nodeOf('Callback', 'wecomDataTrigger', parameters, credentials);
		const webhookId = 'c0ffee00-0000-4000-8000-000000000002';
		const workflowId = await rest.createWorkflow(
			workflowOf('Stored events', { ...trigger, webhookId }, received),
		);
		await rest.publish(workflowId);
		const { notifyId, event } = wecom.notifyProgram({ event_type: 'conversation_new_message' });
		const plaintext = `<xml><ToUserName>${wecom.corp.corpId}</ToUserName><CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime><MsgType>event</MsgType><Event>program_notify</Event><NotifyId>${notifyId}</NotifyId></xml>`;
		const path = '/chatdata/sync_call_program';
		for (const errcode of [710638, 790021]) wecom.faults.add({ kind: 'errcode', errcode, path });
		// Longer than WeCom waits for the answer to a callback.
		wecom.faults.add({ kind: 'slow', delayMs: 6000, path });
		const url = bench.webhookUrl(webhookId);
		for (const _delivery of [1, 2, 3]) {
			const answer = await wecom.sendCallback({ url, plaintext });
			expect(answer).toMatchObject({ body: 'success', attempts: 1 });
		}
		expect(await rest.executions(workflowId)).toHaveLength(0);
		const [execution] = await rest.ended(workflowId, 1);
		expect(execution && outputOf(execution, RECEIVED)).toMatchObject([
			{ event: 'msgaudit_notify', notifyId, data: event },
		]);
	});
});

describe('the published WeCom Chat Archive Trigger', () => {
	let workflowId: string;
	/** A poll a minute is the most n8n takes of one schedule; it takes many schedules. */
	const everyThreeSeconds = {
		item: Array.from({ length: 20 }, (_, index) => ({
			mode: 'custom',
			cronExpression: `${3 * index} * * * * *`,
		})),
	};

	/** What the polls so far put out, in their order. */
	const records = (executions: Execution[]) =>
		executions.flatMap((execution) => outputOf(execution, RECEIVED));

	const polled = async (count: number): Promise<IDataObject[]> => {
		let all: IDataObject[] = [];
		await bench.rest.until(`${count} records came out`, async () => {
			const known = await bench.rest.executions(workflowId);
			const executions = await bench.rest.ended(workflowId, known.length);
			all = records(executions);
			return all.length >= count;
		});
		return all;
	};

	it('hands on every message once, over several polls and a restart', async () => {
		const trigger = nodeOf(
			'Poll',
			'wecomChatArchiveTrigger',
			{ startFrom: 'oldest', pollTimes: everyThreeSeconds, options: { maxRecords: 50 } },
			credential('wecomDataApi'),
		);
		workflowId = await bench.rest.createWorkflow(workflowOf('Polls', trigger, received));
		await bench.rest.publish(workflowId);
		await polled(120);
		bench.wecom.addMessages(30);
		await polled(150);
		await bench.restart();
		await bench.rest.signIn();
		bench.wecom.addMessages(25);
		await polled(175);
		// Killed, as when the machine loses power; more arrives while it is down.
		await bench.restart('SIGKILL');
		bench.wecom.addMessages(35);
		await bench.rest.signIn();
		const all = await polled(210);
		await bench.rest.unpublish(workflowId);

		expect(all.map(({ seq }) => seq)).toEqual(bench.wecom.truth.map(({ seq }) => Number(seq)));
		const truth = bench.wecom.truth;
		const decrypted = all.filter((record) => record.decrypted);
		expect(decrypted.map(({ msgid }) => msgid)).toEqual(
			truth.filter(({ state }) => state === 'ok').map(({ msgid }) => msgid),
		);
	});
});
