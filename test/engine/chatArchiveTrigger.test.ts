import type { IDataObject, Workflow } from 'n8n-workflow';

import { suiteCredentialsFor, type SimulatorOptions } from '../../simulator';
import { startBench, type Bench } from './support';

const TRIGGER = 'wecomChatArchiveTrigger';

let bench: Bench;
let workflows = 0;

async function start(options: SimulatorOptions = {}): Promise<void> {
	bench = await startBench({ messageCount: 120, ...options });
}

afterEach(async () => {
	await bench.stop();
});

function triggerWorkflow(parameters: object = {}): Workflow {
	const node = bench.engine.nodeJson(
		TRIGGER,
		{
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			startFrom: 'oldest',
			startAfterSeq: '0',
			simplify: true,
			options: {},
			...parameters,
		},
		{ name: 'Trigger', id: `poll-${workflows++}` },
	);
	return bench.engine.workflow({ nodes: [node], connections: {} });
}

/** Polls once. @returns the messages, or null when the workflow does not start */
async function poll(
	workflow: Workflow,
	mode: 'trigger' | 'manual' = 'trigger',
): Promise<IDataObject[] | null> {
	const output = await bench.engine.poll(workflow, 'Trigger', mode);
	return output?.[0]?.map(({ json }) => json) ?? null;
}

const seqs = (messages: IDataObject[] | null) => (messages ?? []).map(({ seq }) => Number(seq));
const truthSeqs = () => bench.wecom.truth.map(({ seq }) => Number(seq));

describe('polling', () => {
	it('from the oldest kept hands on every record once, then only new ones', async () => {
		await start({ corruptEvery: 20, missingKeyEvery: 33 });
		const workflow = triggerWorkflow();
		expect(seqs(await poll(workflow))).toEqual(truthSeqs());
		expect(await poll(workflow)).toBeNull();
		const added = bench.wecom.addMessages(5).map(({ seq }) => Number(seq));
		expect(seqs(await poll(workflow))).toEqual(added);
		expect(await poll(workflow)).toBeNull();
	});

	it('from a seq starts after it', async () => {
		await start();
		const from = bench.wecom.truth[100]?.seq;
		const workflow = triggerWorkflow({ startFrom: 'seq', startAfterSeq: String(from) });
		expect(seqs(await poll(workflow))).toEqual(truthSeqs().slice(101));
	});

	it('from now skips what was sent before, and loses nothing sent after', async () => {
		await start({ messageCount: 2301, missingKeyEvery: 50 });
		const workflow = triggerWorkflow({ startFrom: 'now' });
		expect(await poll(workflow)).toBeNull();
		const first = bench.wecom.addMessages(3).map(({ seq }) => Number(seq));
		expect(seqs(await poll(workflow))).toEqual(first);
		const second = bench.wecom
			.addMessages(2, { state: 'missing_key' })
			.map(({ seq }) => Number(seq));
		expect(seqs(await poll(workflow))).toEqual(second);
	});

	it('from now hands on unreadable records that may be new, before and after the first new one', async () => {
		await start({ messageCount: 1100 });
		const unreadable = () =>
			bench.wecom.addMessages(2, { state: 'missing_key' }).map(({ seq }) => Number(seq));
		const atTheEnd = unreadable();
		expect(seqs(await poll(triggerWorkflow({ startFrom: 'now' })))).toEqual(atTheEnd);
		const good = bench.wecom.addMessages(1).map(({ seq }) => Number(seq));
		const behind = unreadable();
		const all = [...atTheEnd, ...good, ...behind];
		const workflow = triggerWorkflow({ startFrom: 'now' });
		expect(seqs(await poll(workflow))).toEqual(all);
		expect(await poll(workflow)).toBeNull();
	});

	it('from now hands on what arrives while it still skips', async () => {
		await start({ messageCount: 1500 });
		const workflow = triggerWorkflow({ startFrom: 'now' });
		let added: number[] = [];
		const before = bench.wecom.requests.length;
		const polling = poll(workflow);
		while (bench.wecom.requests.length < before + 2) {
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
		added = bench.wecom.addMessages(4).map(({ seq }) => Number(seq));
		const seen = [...seqs(await polling), ...seqs(await poll(workflow))];
		expect(seen).toEqual(added);
	});

	it('takes at most the records allowed and goes on with the rest next time', async () => {
		await start();
		const workflow = triggerWorkflow({ options: { maxRecords: 50, pageSize: 20 } });
		const polls = [await poll(workflow), await poll(workflow), await poll(workflow)];
		expect(polls.map((messages) => messages?.length)).toEqual([50, 50, 20]);
		expect(polls.flatMap(seqs)).toEqual(truthSeqs());
	});

	it('keeps the pages before a failing one and goes on with that one', async () => {
		await start();
		const workflow = triggerWorkflow({ options: { pageSize: 30 } });
		const path = '/msgaudit/get_chat_data';
		bench.wecom.faults.add({ path, kind: 'ip', skip: 2 });
		const first = await poll(workflow);
		expect(first).toHaveLength(60);
		expect(seqs(first)).toEqual(truthSeqs().slice(0, 60));
		bench.wecom.faults.add({ path, kind: 'ip' });
		await expect(poll(workflow)).rejects.toThrow('60020');
		expect(seqs(await poll(workflow))).toEqual(truthSeqs().slice(60));
	});

	it('does nothing while another poll of the same trigger is under way', async () => {
		await start();
		const workflow = triggerWorkflow();
		const polls = await Promise.all([poll(workflow), poll(workflow), poll(workflow)]);
		expect(polls.filter((messages) => messages !== null)).toHaveLength(1);
		expect(polls.flatMap(seqs)).toEqual(truthSeqs());
	});

	it('moves past what the filter removes', async () => {
		await start();
		const workflow = triggerWorkflow({ options: { messageTypes: ['text'] } });
		const messages = await poll(workflow);
		expect(messages?.every(({ type }) => type === 'text')).toBe(true);
		expect(messages?.length).toBeLessThan(120);
		expect(await poll(workflow)).toBeNull();
	});

	it('survives a restart: the position is in the static data n8n saves', async () => {
		await start();
		const workflow = triggerWorkflow({ options: { maxRecords: 70, pageSize: 70 } });
		await poll(workflow);
		const saved = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		const restarted = bench.engine.workflow({
			nodes: Object.values(workflow.nodes),
			connections: {},
			staticData: saved,
		});
		expect(seqs(await poll(restarted))).toEqual(truthSeqs().slice(70));
	});

	it('starts anew with the archive of another corp, whose seqs are others', async () => {
		await start();
		const { wecom, engine } = bench;
		const workflow = triggerWorkflow();
		expect(await poll(workflow)).toHaveLength(120);
		const { wecomDataApi: before } = engine.credentials;
		const suite = suiteCredentialsFor(wecom, wecom.customers.at(-1)?.corpId);
		engine.credentials.wecomDataApi = { ...suite, suiteTicket: wecom.suiteTicket };
		expect(seqs(await poll(workflow))[0]).toBe(truthSeqs()[0]);
		expect(await poll(workflow)).toBeNull();
		engine.credentials.wecomDataApi = before ?? {};
		expect(seqs(await poll(workflow))[0]).toBe(truthSeqs()[0]);
	});

	it('goes on when an access token is replaced by the secret of the same credential', async () => {
		await start();
		const { wecom, engine } = bench;
		const workflow = triggerWorkflow();
		const secret = engine.credentials.wecomDataApi ?? {};
		await poll(triggerWorkflow());
		const accessToken = wecom.requests.at(-1)?.query.access_token ?? '';
		engine.credentials.wecomDataApi = { ...secret, authentication: 'accessToken', accessToken };
		expect(await poll(workflow)).toHaveLength(120);
		engine.credentials.wecomDataApi = secret;
		const added = wecom.addMessages(2).map(({ seq }) => Number(seq));
		expect(seqs(await poll(workflow))).toEqual(added);
	});

	it('never notices that the token expired', async () => {
		await start();
		const workflow = triggerWorkflow({ options: { pageSize: 50 } });
		bench.wecom.faults.add({ path: '/msgaudit/get_chat_data', kind: 'expired', skip: 1 });
		expect(await poll(workflow)).toHaveLength(120);
	});
});

describe('a poll by hand', () => {
	it('shows messages and moves nothing', async () => {
		await start();
		for (const startFrom of ['oldest', 'now', 'seq']) {
			const workflow = triggerWorkflow({ startFrom });
			expect(await poll(workflow, 'manual')).toHaveLength(10);
			expect(seqs(await poll(workflow, 'manual'))).toEqual(truthSeqs().slice(0, 10));
			expect(JSON.stringify(workflow.staticData)).not.toContain('seq');
		}
	});

	it('shows what the published workflow gets next', async () => {
		await start();
		const workflow = triggerWorkflow({ options: { maxRecords: 100 } });
		await poll(workflow);
		expect(seqs(await poll(workflow, 'manual'))).toEqual(truthSeqs().slice(100, 110));
		expect(seqs(await poll(workflow))).toEqual(truthSeqs().slice(100));
	});
});

describe('a trigger that cannot work', () => {
	it('says what is wrong: a bad seq, a bad key, a wrong secret', async () => {
		await start();
		const bad = triggerWorkflow({ startFrom: 'seq', startAfterSeq: 'x' });
		await expect(poll(bad)).rejects.toThrow('"Start After Seq"');
		const good = bench.engine.credentials.wecomDataApi ?? {};
		bench.engine.credentials.wecomDataApi = { ...good, privateKey: 'nonsense' };
		await expect(poll(triggerWorkflow())).rejects.toThrow('version 2');
		bench.engine.credentials.wecomDataApi = { ...good, corpSecret: 'nonsense-0123456789' };
		await expect(poll(triggerWorkflow())).rejects.toThrow('40001');
	});
});

describe('from now, on a host whose clock is not that of WeCom', () => {
	const MINUTE = 60_000;

	it.each([
		['2 minutes ahead', -2 * MINUTE],
		['5 hours ahead', -300 * MINUTE],
		['3 minutes behind', 3 * MINUTE],
		['a day behind', 1440 * MINUTE],
	])('%s, hands on what was sent after it was published and nothing older', async (_by, offset) => {
		await start({ messageCount: 40, now: () => Date.now() + offset });
		const workflow = triggerWorkflow({ startFrom: 'now' });
		const add = () => bench.wecom.addMessages(3).map(({ seq }) => Number(seq));
		const atOnce = add();
		expect(seqs(await poll(workflow))).toEqual(atOnce);
		const later = add();
		expect(seqs(await poll(workflow))).toEqual(later);
	});

	it('hands on what was sent while its first polls failed', async () => {
		await start({ messageCount: 40, now: () => Date.now() - 2 * MINUTE });
		const workflow = triggerWorkflow({ startFrom: 'now' });
		bench.wecom.faults.add({ kind: 'ip', path: '/msgaudit/get_chat_data' });
		await expect(poll(workflow)).rejects.toThrow('60020');
		const added = bench.wecom.addMessages(3).map(({ seq }) => Number(seq));
		expect(seqs(await poll(workflow))).toEqual(added);
	});
});
