import type * as Timers from 'node:timers/promises';

import type { IDataObject, IExecuteFunctions, INode, INodeTypes } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import type { Feed } from '../../../../nodes/shared/position/feed';
import type * as Positions from '../../../../nodes/shared/position/position';
import type * as Errors from '../../../../wecom/errors';
import { makeMemoryState } from '../../../../wecom/state/memoryState';
import type { State, StateStore } from '../../../../wecom/state/stateStore';
import { seeded } from '../../../faults/sizes';
import { makeArchive, numbersOf, pullOf, type NumberedArchive } from './archives';

// Whoever waits for a lock looks again at once, and a renewal keeps no test from ending.
jest.mock('node:timers/promises', () => {
	const real = jest.requireActual<typeof Timers>('node:timers/promises');
	const setTimeout = async (ms: number, value: unknown, options: object) =>
		await (ms <= 1000 ? real.setImmediate(value) : real.setTimeout(ms, value, options));
	return { ...real, setTimeout };
});
jest.mock('node:timers', () => ({
	setInterval: (...args: Parameters<typeof setInterval>) => setInterval(...args).unref(),
	clearInterval: (timer: NodeJS.Timeout) => clearInterval(timer),
}));

const MESSAGES = 1500;
const NODES = ['X', 'Y'];
const SEEDS = ['one', 'two', 'three', 'f'];

type Random = ReturnType<typeof seeded>;

/** What becomes of an execution. */
interface Execution {
	name: string;
	/** Messages that its nodes handed on, as `node/number`. */
	got: string[];
	process: Process;
	/** Whether n8n has said that it has ended. */
	hasEnded: boolean;
	/** Whether a node of it holds messages that are neither delivered nor nacked. */
	isOpen: boolean;
	/** Whether it has ended and is not open, which n8n does not wait for when it is stopped. */
	isSettled: boolean;
	/** Whether n8n saved static data after that: it ended well, whatever becomes of its process. */
	isSaved: boolean;
	/** Whether what the next pull reads, static data or shared state, was written after that. */
	isKept: boolean;
}

interface Faults {
	/** What the marks of the archives are. */
	feed: Feed['kind'];
	/** Where positions are. */
	kind: State['kind'];
	/** How many processes there are at the same time. */
	processes: number;
	/** Chance that a step kills a process, and that it starts one again in good order. */
	kills: number;
	restarts: number;
	/** Chance that a command does not reach the store, or its answer does not come back. */
	outages: number;
	/** Chance that a process stands still in a pull until its turn is over. */
	standstills: number;
}

/**
 * A workflow of two nodes that remember their positions, in an n8n whose processes come and go. n8n's
 * part is as in 2.41: each execution has a copy of the static data from its start; when it ends, hooks
 * run one after the other, n8n's first, which write the whole copy if it was touched; of one that is
 * stopped it writes nothing, and does not wait for the node.
 */
class Model {
	readonly executions: Execution[] = [];
	/** Last message of each node's archive. */
	private readonly last = new Map(NODES.map((node) => [node, 0]));
	private readonly archives: Map<string, NumberedArchive>;
	/** Column staticData in n8n's database. */
	private saved = '{}';
	private readonly processes: Process[];
	private readonly memory = makeMemoryState();
	private readonly workflow: string;

	constructor(
		private readonly random: Random,
		readonly faults: Faults,
	) {
		this.workflow = `model ${random.text(8)}`;
		this.archives = new Map(NODES.map((node) => [node, makeArchive(faults.feed, random, 0.3)]));
		this.processes = Array.from({ length: faults.processes }, () => this.startProcess());
	}

	/** Lets everything happen until all messages are in the archive, and then comes to rest. */
	async run(): Promise<void> {
		const { random, faults } = this;
		while ([...this.last.values()].some((last) => last < MESSAGES)) {
			for (const [node, last] of this.last) {
				this.last.set(node, Math.min(MESSAGES, last + random.int(0, 12)));
			}
			const index = random.int(0, faults.processes - 1);
			if (random.chance(faults.kills)) this.kill(index);
			else if (random.chance(faults.restarts)) await this.restart(index);
			else void this.execute(this.process(index));
			await ticks(random.int(0, 12));
		}
		for (let index = 0; index < this.processes.length; index++) await this.restart(index);
		faults.outages = faults.standstills = 0;
		for (let round = 0; round < 3; round++) await this.execute(this.process(0), true);
	}

	private process(index: number): Process {
		const process = this.processes[index];
		if (!process) throw new Error('There is no such process');
		return process;
	}

	private startProcess(): Process {
		const { memory } = this;
		const locks = new Set<string>();
		let positions: typeof Positions | undefined;
		let errors: typeof Errors | undefined;
		jest.isolateModules(() => {
			positions = jest.requireActual<typeof Positions>(
				'../../../../nodes/shared/position/position',
			);
			errors = jest.requireActual<typeof Errors>('../../../../wecom/errors');
		});
		if (!positions || !errors) throw new Error('jest loads at once');
		const { StateUnavailableError } = errors;
		const unavailable = () => new StateUnavailableError('ECONNRESET', '127.0.0.1:6379');
		const process: Process = {
			positions,
			locks,
			isAlive: true,
			running: new Set(),
			facts: memory.facts,
		};
		const reached = async <T>(command: () => Promise<T>): Promise<T> => {
			if (!process.isAlive) return await never();
			const isAway = this.random.chance(this.faults.outages);
			if (isAway && this.random.chance(0.5)) throw unavailable();
			const answer = await command();
			if (isAway) throw unavailable();
			return answer;
		};
		const { facts } = memory;
		process.facts = {
			get: async (...given) => await reached(async () => await facts.get(...given)),
			set: async (...given) => await reached(async () => await facts.set(...given)),
			add: async (...given) =>
				await reached(async () => {
					const added = await facts.add(...given);
					if (added) locks.add(given[0]);
					return added;
				}),
			deleteIf: async (...given) => await reached(async () => await facts.deleteIf(...given)),
			extendIf: async (...given) => await reached(async () => await facts.extendIf(...given)),
			setWhile: async (...given) => await reached(async () => await facts.setWhile(...given)),
		};
		return process;
	}

	/** Nothing of it goes on, and by and by its locks are over. */
	private kill(index: number): void {
		const process = this.process(index);
		process.isAlive = false;
		for (const lock of process.locks) this.expire(lock);
		this.processes[index] = this.startProcess();
	}

	/** In good order: n8n starts no more executions, and waits for those that run. */
	private async restart(index: number): Promise<void> {
		const process = this.process(index);
		await Promise.all(process.running);
		await ticks(50);
		process.isAlive = false;
		for (const lock of process.locks) this.expire(lock);
		this.processes[index] = this.startProcess();
	}

	private expire(lock: string): void {
		void this.memory.facts.set(lock, 'nobody', 0);
	}

	private async execute(process: Process, isCalm = false): Promise<void> {
		const running = this.runWorkflow(process, isCalm);
		process.running.add(running);
		await running;
		process.running.delete(running);
	}

	private async runWorkflow(process: Process, isCalm: boolean): Promise<void> {
		const { random, faults } = this;
		const likes = (chance: number) => !isCalm && random.chance(chance);
		const execution: Execution = {
			name: `execution ${this.executions.length}`,
			got: [],
			process,
			hasEnded: false,
			isOpen: false,
			isSettled: false,
			isSaved: false,
			isKept: false,
		};
		this.executions.push(execution);
		const workflow = new Workflow({
			id: this.workflow,
			nodes: NODES.map(nodeOf),
			connections: {},
			active: true,
			nodeTypes: NODE_TYPES,
			staticData: JSON.parse(this.saved) as IDataObject,
		});
		const hooks = new Hooks();
		const stopping = new AbortController();
		const alive = async (n: number) => {
			await ticks(n);
			if (!process.isAlive) await never();
		};
		hooks.addHandler('workflowExecuteAfter', async (_run, staticData) => {
			await alive(random.int(0, 3));
			if (staticData) this.save(process, staticData);
			await alive(random.int(0, 3));
		});
		/** As n8n: what changed is looked at first, and then the hooks run. */
		const end = async (status: string) => {
			execution.hasEnded = true;
			const changed = (workflow.staticData as { __dataChanged?: boolean }).__dataChanged;
			const staticData = changed && status !== 'canceled' ? workflow.staticData : undefined;
			execution.isSettled = status !== 'canceled' || !execution.isOpen;
			await hooks.run({ status }, staticData);
		};
		let stopped: Promise<void> | undefined;
		const stop = () => {
			stopping.abort();
			stopped = end('canceled');
		};
		if (likes(0.1)) void alive(random.int(0, 25)).then(() => !execution.hasEnded && stop());

		let status = 'success';
		for (const node of random
			.shuffle([...NODES, ...NODES])
			.slice(0, isCalm ? 4 : random.int(1, 3))) {
			const got = await this.runNode(execution, { workflow, hooks, node, stopping, likes });
			if (!process.isAlive) await never();
			// n8n throws away what comes of a node that was stopped.
			if (got) execution.got.push(...got.map((number) => `${node}/${number}`));
			else status = 'error';
			await alive(random.int(0, 8));
			if (stopping.signal.aborted || !got) break;
		}
		if (likes(0.1)) status = 'error'; // of a node behind
		if (stopping.signal.aborted) await stopped;
		else await end(status);
		await untilNoticed();
		execution.isSettled = true;
		execution.isKept ||= faults.kind === 'redis';
	}

	private save(process: Process, staticData: IDataObject): void {
		if (!process.isAlive) return;
		this.saved = JSON.stringify(staticData);
		// It says of all that have ended in this process that they have.
		for (const execution of this.executions) {
			if (!execution.isSettled || execution.process !== process) continue;
			execution.isSaved = true;
			// Other processes that run already ask the shared state, which may not have heard of it yet.
			execution.isKept ||= this.faults.kind === 'memory';
		}
	}

	/** One run of a node for one or two items. @returns what it hands on; undefined when it failed */
	private async runNode(
		execution: Execution,
		{ workflow, hooks, node, stopping, likes }: NodeRun,
	): Promise<bigint[] | undefined> {
		const { random, faults } = this;
		const { process } = execution;
		const leases: Positions.BatchLease[] = [];
		const state: State = { ...this.memory, facts: process.facts, kind: faults.kind };
		const owner: Positions.PositionOwner = {
			execution: contextOf(workflow, hooks, node),
			state,
			sharing: faults.kind === 'redis',
			archive: { corp: `corp of ${node}`, credential: '' },
			signal: stopping.signal,
			onStateUnavailable: () => undefined,
			onLeased: (lease) => {
				execution.isOpen = true;
				leases.push(lease);
			},
		};
		const onRequest = async () => {
			await ticks(random.int(0, 10));
			if (!process.isAlive) await never();
			if (likes(faults.standstills)) {
				this.expire(`lock/position/${this.workflow}/${node}/${faults.feed}/corp of ${node}`);
				await ticks(40);
			}
			if (likes(0.03)) throw new Error('WeCom is away');
		};
		const feed = this.archives.get(node)?.feed(() => this.last.get(node) ?? 0, onRequest);
		if (!feed) throw new Error('Each node has an archive');
		const settings = () => ({
			pageSize: random.int(1, 20),
			limit: likes(0.3) ? random.int(1, 15) : Infinity,
			// With a filter pages are larger than the limit, which then cuts them.
			...(likes(0.5) ? { filter: () => true } : {}),
		});
		try {
			const got: bigint[] = [];
			for (let item = random.int(0, 1); item < 2; item++) {
				const position = new process.positions.Position(owner, faults.feed);
				const batches = position.batches(pullOf(feed, settings()), { ordinal: 0n });
				for await (const { items } of batches) got.push(...numbersOf(items));
				if (likes(0.08)) throw new Error('Another item fails');
			}
			if (stopping.signal.aborted) throw new Error('Cancelled');
			for (const lease of leases) lease.deliver();
			execution.isOpen = false;
			return got;
		} catch {
			for (const lease of leases) await lease.nack();
			execution.isOpen = false;
			await untilNoticed();
			execution.isSettled ||= execution.hasEnded;
			return undefined;
		}
	}
}

interface Process {
	positions: typeof Positions;
	facts: StateStore;
	/** Keys of locks that it took. */
	locks: Set<string>;
	isAlive: boolean;
	running: Set<Promise<void>>;
}

interface NodeRun {
	workflow: Workflow;
	hooks: Hooks;
	node: string;
	stopping: AbortController;
	likes(chance: number): boolean;
}

type Handler = (run: { status: string }, staticData?: IDataObject) => Promise<void>;

/** n8n-core's ExecutionLifecycleHooks. */
class Hooks {
	readonly handlers: { workflowExecuteAfter: Handler[] } = { workflowExecuteAfter: [] };

	addHandler(_name: 'workflowExecuteAfter', ...handlers: Handler[]): void {
		this.handlers.workflowExecuteAfter.push(...handlers);
	}

	async run(...given: Parameters<Handler>): Promise<void> {
		for (const handler of this.handlers.workflowExecuteAfter) await handler(...given);
	}
}

const NODE_TYPES = {
	getByNameAndVersion: () => ({ description: { properties: [] } }),
} as unknown as INodeTypes;

function nodeOf(name: string): INode {
	return { id: name, name, type: 'test', typeVersion: 1, position: [0, 0], parameters: {} };
}

function contextOf(workflow: Workflow, hooks: Hooks, name: string): IExecuteFunctions {
	const node = nodeOf(name);
	return {
		workflow,
		additionalData: { hooks },
		getMode: () => 'trigger',
		getNode: () => node,
		getWorkflow: () => ({ id: workflow.id }),
		getWorkflowStaticData: (type: string) => workflow.getStaticData(type, node),
	} as unknown as IExecuteFunctions;
}

async function ticks(n: number): Promise<void> {
	for (let tick = 0; tick < n; tick++) await new Promise((resolve) => setImmediate(resolve));
}

/** All that follows at once has happened; nothing can be killed in between. */
async function untilNoticed(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Of a process that was killed. */
async function never(): Promise<never> {
	return await new Promise(() => undefined);
}

/** All messages there are. */
const ALL = NODES.flatMap((node) =>
	Array.from({ length: MESSAGES }, (_, index) => `${node}/${index + 1}`),
);

/** Who got each message. */
function receiversOf({ executions }: Model): Map<string, Execution[]> {
	const receivers = new Map<string, Execution[]>(ALL.map((message) => [message, []]));
	for (const execution of executions) {
		for (const message of execution.got) receivers.get(message)?.push(execution);
	}
	return receivers;
}

/**
 * Messages that came more often than may be: only those may come again whose execution was killed, or
 * stopped and nothing was written any more before its process ended.
 */
function twice(model: Model): string[] {
	return [...receiversOf(model)]
		.filter(([, executions]) => executions.filter(({ isKept }) => isKept).length > 1)
		.map(([message, executions]) => `${message}: ${executions.map(({ name }) => name).join()}`);
}

/** Messages that nobody got, or only executions that came to no good end. */
function lost(model: Model): string[] {
	return [...receiversOf(model)]
		.filter(([, executions]) => !executions.some(({ isSaved, isKept }) => isSaved || isKept))
		.map(([message]) => message);
}

const NONE: Omit<Faults, 'feed'> = {
	kind: 'memory',
	processes: 1,
	kills: 0,
	restarts: 0,
	outages: 0,
	standstills: 0,
};
const SHARED: typeof NONE = { ...NONE, kind: 'redis', processes: 3 };

const FEEDS: Array<Feed['kind']> = ['seq', 'cursor'];
/** Every seed over every kind of feed. */
const RUNS = FEEDS.flatMap((feed) => SEEDS.map((seed) => [feed, seed] as const));

describe.each<[string, typeof NONE]>([
	['in one process', NONE],
	['in one process that is restarted', { ...NONE, restarts: 0.05 }],
	['in one process that is restarted and killed', { ...NONE, restarts: 0.03, kills: 0.03 }],
	['in processes that share their state', { ...SHARED, restarts: 0.03 }],
	['in processes that are killed', { ...SHARED, restarts: 0.03, kills: 0.03 }],
	['in processes that stand still in a pull', { ...SHARED, standstills: 0.05 }],
])('positions of executions that overlap, fail and are stopped, %s', (_where, faults) => {
	it.each(RUNS)('lose nothing and bring nothing twice (marks: %s, seed %s)', async (feed, seed) => {
		const model = new Model(seeded(`positions ${seed}`), { ...faults, feed });
		await model.run();
		expect(lost(model)).toEqual([]);
		expect(twice(model)).toEqual([]);
	});
});

describe.each<[string, typeof NONE]>([
	['in one process', { ...SHARED, processes: 1 }],
	['in several processes', SHARED],
	['in processes that are restarted and killed', { ...SHARED, restarts: 0.03, kills: 0.03 }],
])('positions in a Redis that comes and goes while pulls run, %s', (_where, faults) => {
	it.each(RUNS)(
		'lose nothing, and no execution gets a message twice (marks: %s, seed %s)',
		async (feed, seed) => {
			const model = new Model(seeded(`outages ${seed}`), { ...faults, feed, outages: 0.05 });
			await model.run();
			expect(lost(model)).toEqual([]);
			const repeated = model.executions.filter(({ got }) => new Set(got).size < got.length);
			expect(repeated.map(({ name }) => name)).toEqual([]);
		},
	);
});
