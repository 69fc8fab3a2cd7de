import { setTimeout } from 'node:timers/promises';

import type { IDataObject, INode, Workflow } from 'n8n-workflow';

import { suiteCredentialsFor } from '../../simulator';
import { until } from '../unit/support/server';
import { Engine } from './harness';
import { Installation as AnyInstallation, outputOf } from './installation';
import { getAll, startBench, type Bench } from './support';

const ARCHIVE = 'wecomChatArchive';
const MEMBERS = '/msgaudit/get_permit_user_list';
const remember = (parameters: IDataObject = {}) =>
	getAll({ ...parameters, options: { rememberPosition: true } });

let bench: Bench;

beforeEach(async () => {
	bench = await startBench({ messageCount: 50 });
});
afterEach(async () => await bench.stop());

/** The truth, from one message to another. */
const seqs = (from: number, to?: number) =>
	bench.wecom.truth.slice(from, to).map(({ seq }) => Number(seq));

/** As the tests here use it: they look at seqs. */
class Installation extends AnyInstallation {
	constructor(nodes: INode[] = [nodeOf('Node')]) {
		super(bench, nodes);
	}

	/** Runs it to its end. @returns the seqs that came out of a node */
	async seqs(...given: Parameters<Installation['start']>): Promise<unknown[]> {
		return outputOf(await this.start(...given), 'Node');
	}
}

function nodeOf(name: string, settings: Partial<INode> = {}, parameters = remember()): INode {
	return bench.engine.nodeJson(ARCHIVE, parameters, { id: `id of ${name}`, name, ...settings });
}

const requests = (path: string) =>
	bench.wecom.requests.filter((request) => request.path.endsWith(path));

describe('executions that overlap', () => {
	it('save no position beyond what one of them still works on', async () => {
		const n8n = new Installation();
		bench.wecom.faults.add({ path: MEMBERS, kind: 'slow', delayMs: 1500 });
		const first = n8n.start();
		await until(() => requests(MEMBERS).length === 1);
		bench.wecom.addMessages(50);
		expect(await n8n.seqs()).toEqual(seqs(50));
		const killed = structuredClone(n8n.saved);
		expect(outputOf(await first, 'Node')).toEqual(seqs(0, 50));
		const afterEnd = structuredClone(n8n.saved);

		n8n.restart();
		n8n.saved = killed;
		expect(await n8n.seqs()).toEqual(seqs(0, 50));
		n8n.restart();
		n8n.saved = afterEnd;
		expect(await n8n.seqs()).toEqual([]);
	});

	it('save what one of them gave back, also when another one ends after it', async () => {
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 600 };
		const n8n = new Installation([nodeOf('Node', retry)]);
		bench.wecom.corrupt(1, 'not_json'); // a reason for n8n to try the node again
		bench.wecom.faults.add({ path: MEMBERS, kind: 'slow', delayMs: 2500 });
		const stopped = n8n.start();
		await until(() => requests('/get_chat_data').length === 2);
		await setTimeout(200);
		bench.wecom.addMessages(50);
		const other = n8n.start();
		await until(() => requests(MEMBERS).length === 1);
		stopped.cancel();
		await stopped;
		expect(outputOf(await other, 'Node')).toEqual(seqs(50));
		n8n.restart();
		expect(await n8n.seqs()).toEqual(seqs(0, 50));
		n8n.restart();
		expect(await n8n.seqs()).toEqual([]);
	});

	it('bring each of 600 messages once, with a restart in between', async () => {
		const n8n = new Installation();
		const got: unknown[] = [];
		const running = new Set<Promise<unknown>>();
		while (bench.wecom.truth.length < 600) {
			for (let overlap = 0; overlap < 4; overlap++) {
				bench.wecom.addMessages(10);
				bench.wecom.faults.add({ path: MEMBERS, kind: 'slow', delayMs: 20 * (4 - overlap) });
				const run = n8n.seqs().then((some) => got.push(...some));
				running.add(run.finally(() => running.delete(run)));
				await setTimeout(10);
			}
			if (bench.wecom.truth.length % 200 !== 90) continue;
			await Promise.all(running);
			n8n.restart();
		}
		await Promise.all(running);
		n8n.restart();
		got.push(...(await n8n.seqs()));
		expect(got.map(Number).sort((a, b) => a - b)).toEqual(seqs(0));
	}, 60_000);
});

describe('a test', () => {
	it.each<[string, Parameters<Engine['run']>[3], string | undefined]>([
		['of the workflow', 'manual', undefined],
		['of the workflow that calls it', 'integrated', 'manual'],
		['in an evaluation', 'evaluation', undefined],
		['in an evaluation of the workflow that calls it', 'integrated', 'evaluation'],
	])('%s moves no position of production', async (_what, mode, rootExecutionMode) => {
		const n8n = new Installation();
		const more = { rootExecutionMode } as Parameters<Engine['run']>[4];
		expect(await n8n.seqs([{}], mode, more)).toEqual(seqs(0));
		expect(await n8n.seqs()).toEqual(seqs(0));
		expect(await n8n.seqs([{}], mode, more)).toEqual(seqs(0));
		expect(await n8n.seqs()).toEqual([]);
	});

	it('is not what a sub-workflow of production is', async () => {
		const n8n = new Installation();
		const more = { rootExecutionMode: 'trigger' } as Parameters<Engine['run']>[4];
		expect(await n8n.seqs([{}], 'integrated', more)).toEqual(seqs(0));
		expect(await n8n.seqs([{}], 'integrated')).toEqual([]);
	});
});

describe('two nodes', () => {
	it.each<[string, Partial<INode>]>([
		['share an id', { id: 'c1' }],
		['have no id', { id: undefined as unknown as string }],
		['have an empty id', { id: '' }],
	])('that %s have a position each', async (_what, settings) => {
		const n8n = new Installation([nodeOf('A', settings), nodeOf('B', settings)]);
		for (const [first, expected] of [
			[0, seqs(0)],
			[1, []],
		] as const) {
			const run = await n8n.start();
			expect([first, outputOf(run, 'A'), outputOf(run, 'B')]).toEqual([first, expected, expected]);
		}
		n8n.restart();
		const run = await n8n.start();
		expect([outputOf(run, 'A'), outputOf(run, 'B')]).toEqual([[], []]);
	});

	it('that are one, renamed, have the position of that one', async () => {
		const node = nodeOf('Node');
		const n8n = new Installation([node]);
		await n8n.start();
		node.name = 'Renamed';
		expect(outputOf(await n8n.start(), 'Renamed')).toEqual([]);
		n8n.restart();
		expect(outputOf(await n8n.start(), 'Renamed')).toEqual([]);
	});
});

describe('what keeps suite_tickets in static data', () => {
	const position = (saved: IDataObject) => saved['node:Node'];

	beforeEach(async () => {
		const { wecom } = bench;
		const { token, encodingAesKey, receiveId, suiteId } = wecom.callback;
		const engine = await Engine.load({
			wecomDataApi: { ...suiteCredentialsFor(wecom) },
			wecomCallbackApi: { token, encodingAesKey, receiveIds: `${suiteId},${receiveId}` },
		});
		bench = { ...bench, engine };
	});

	const withTrigger = () =>
		new Installation([
			nodeOf('Node'),
			bench.engine.nodeJson(
				'wecomDataTrigger',
				{ events: ['*'], options: {} },
				{ id: 'data', name: 'Data' },
			),
		]);
	/** Sends a ticket to a workflow as a request gets it. */
	const pushTicket = async (workflow: Workflow) => {
		const { wecom, engine } = bench;
		const { suiteId: receiveId } = wecom.callback;
		const fields = { SuiteTicket: wecom.suiteTicket };
		const { url, close } = await engine.serveWebhooks(workflow, 'Data');
		await wecom.sendCallback({ url, event: 'suite_ticket', fields, receiveId });
		await close();
	};

	it('a callback: saves no old position with its own copy', async () => {
		const n8n = withTrigger();
		await pushTicket(n8n.workflow());
		const requested = n8n.workflow();
		expect(await n8n.seqs([{}], 'trigger')).toEqual(seqs(0));
		await pushTicket(requested);
		expect(position(requested.staticData)).toEqual(position(n8n.saved));
	});

	it('an execution: saves no old position when it ends after another one', async () => {
		const n8n = withTrigger();
		await pushTicket(n8n.workflow());
		bench.wecom.faults.add({ path: MEMBERS, kind: 'slow', delayMs: 800 });
		const slow = n8n.start([{}], 'trigger', {}, 'Behind');
		await until(() => requests(MEMBERS).length === 1);
		expect(await n8n.seqs()).toEqual(seqs(0));
		const before = position(n8n.saved);
		expect(before).toBeDefined();
		await slow;
		expect(position(n8n.saved)).toEqual(before);
		n8n.restart();
		await pushTicket(n8n.workflow());
		expect(await n8n.seqs()).toEqual([]);
	});
});

describe('a trigger that n8n registers twice', () => {
	const trigger = (settings: Partial<INode> = {}, parameters: IDataObject = {}): INode =>
		bench.engine.nodeJson(
			'wecomChatArchiveTrigger',
			{
				pollTimes: { item: [{ mode: 'everyMinute' }] },
				startFrom: 'oldest',
				simplify: true,
				options: {},
				...parameters,
			},
			{ name: 'Trigger', id: 'trigger', ...settings },
		);
	const poll = async (workflow: Workflow, name = 'Trigger') =>
		((await bench.engine.poll(workflow, name))?.[0] ?? []).map(({ json }) => json.seq);

	it('hands on each record once, whichever polls', async () => {
		const n8n = new Installation([trigger()]);
		const [one, other] = [n8n.workflow(), n8n.workflow()];
		expect(await poll(one)).toEqual(seqs(0));
		expect(await poll(other)).toEqual([]);
		for (const workflow of [other, other, one, other, one]) {
			const added = bench.wecom.addMessages(3).map(({ seq }) => Number(seq));
			expect(await poll(workflow)).toEqual(added);
			expect(await poll(workflow === one ? other : one)).toEqual([]);
		}
	});

	it('leaves no copy behind that never gets its turn', async () => {
		const n8n = new Installation([trigger()]);
		const [one, other] = [n8n.workflow(), n8n.workflow()];
		await poll(one);
		await poll(other);
		bench.wecom.addMessages(3);
		expect(await poll(one)).toEqual(seqs(50));
		expect(await Promise.all([poll(one), poll(other)])).toEqual([[], []]);
		const copy = other.staticData['node:Trigger'] as IDataObject;
		expect(copy.seq).toBe(String(seqs(0).at(-1)));
	});

	it('leaves the newer place in the copy that is saved', async () => {
		const n8n = new Installation([trigger()]);
		const [one, other] = [n8n.workflow(), n8n.workflow()];
		await poll(one);
		await poll(other);
		n8n.saved = JSON.parse(JSON.stringify(other.staticData)) as IDataObject;
		n8n.restart();
		expect(await poll(n8n.workflow())).toEqual([]);
	});

	it('goes by a place that somebody set, and starts anew where its settings are others', async () => {
		const n8n = new Installation([trigger()]);
		const workflow = n8n.workflow();
		await poll(workflow);
		n8n.saved = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		(n8n.saved['node:Trigger'] as IDataObject).seq = String(seqs(0)[29]);
		expect(await poll(n8n.workflow())).toEqual(seqs(30));
		n8n.saved = {};
		expect(await poll(n8n.workflow())).toEqual([]);
		const changed = n8n.workflow();
		const node = changed.getNode('Trigger') as INode;
		node.parameters = { ...node.parameters, startFrom: 'seq', startAfterSeq: String(seqs(0)[39]) };
		expect(await poll(changed)).toEqual(seqs(40));
	});

	it('is not another one with the same id', async () => {
		const n8n = new Installation([trigger({ name: 'A' }), trigger({ name: 'B' })]);
		const workflow = n8n.workflow();
		const [a, b] = await Promise.all([poll(workflow, 'A'), poll(workflow, 'B')]);
		expect([a, b]).toEqual([seqs(0), seqs(0)]);
	});

	it('saves no old position of another node with its own copy, nor has its own overwritten', async () => {
		const n8n = new Installation([nodeOf('Node'), trigger()]);
		const registered = n8n.workflow();
		bench.wecom.faults.add({ path: MEMBERS, kind: 'slow', delayMs: 500 });
		const running = n8n.start();
		await until(() => requests(MEMBERS).length === 1);
		expect(await poll(registered)).toEqual(seqs(0));
		await running;
		n8n.restart();
		expect(await poll(n8n.workflow())).toEqual([]);
	});
});
