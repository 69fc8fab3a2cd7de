import { setTimeout } from 'node:timers/promises';

import { nodeOf } from '../e2e/workflows';
import type { N8nProcess } from '../n8n/n8nProcess';
import { outputOf, type Execution } from '../n8n/rest';
import { json, startServer, type TestServer } from '../unit/support/server';
import type { Cluster } from './cluster';
import { begunBy, type Executions, type ExecutionRow } from './executions';
import type { NewWorkflow } from './workflows';

/** Messages that arrive, and the workflow whose executions pull them. */
export interface Pulling {
	workflow: NewWorkflow;
	/** Its last node, which pulls and remembers its position. */
	pull: string;
	/** The field of an item that a message is told by. */
	field: string;
	/** What tells of the messages that have to come so far. */
	sent(): string[];
	/** New messages, and the callback that tells of them. */
	arrive(mark: number, count: number): Promise<void>;
}

/** How many messages there have to be so far, and what became of them. */
export interface Counts {
	sent: number;
	lost: number;
	doubled: number;
}

const EVENTS = 30;
const ADDED = 20;
/** Between two events, milliseconds. */
const EVERY_MS = 300;
/** How long n8n takes to give up the executions of a worker that is gone. */
const GIVE_UP_MS = 120_000;

/** Executions that pull, of which some die with their worker. */
export class PullOfTheDead {
	/** How many events were sent. */
	readonly events = EVENTS + 1;
	/** How often each message came out of an execution that has ended well. */
	readonly delivered = new Map<string, number>();
	rows: ExecutionRow[] = [];
	/** Executions that died. */
	givenUp: Execution[] = [];
	/** What executions had pulled when they died. */
	died: string[] = [];
	/** Before the event after the kill, and after it. */
	atTheKill: Counts = { sent: 0, lost: 0, doubled: 0 };
	afterwards: Counts = this.atTheKill;

	private constructor(
		private readonly pulling: Pulling,
		private readonly executions: Executions,
		private readonly told: TestServer,
		/** The other worker. */
		readonly survivor: N8nProcess,
	) {}

	/**
	 * Sends events until one of two workers has just pulled, kills it, sends the rest, waits for n8n to
	 * give up what died, and sends one more.
	 */
	static async run(
		{ rest }: Cluster,
		publish: (workflow: NewWorkflow) => Promise<Executions>,
		[victim, survivor]: [N8nProcess, N8nProcess],
		pulling: Pulling,
	): Promise<PullOfTheDead> {
		const told = await startServer(json({}));
		const executions = await publish(withWork(pulling, told.url));
		const pulled = new PullOfTheDead(pulling, executions, told, survivor);
		// One that has just pulled: it still has nearly all of its work before it.
		const seen = new Set<string>();
		const killed = (async () => {
			await rest.until('the worker is at it', async () => {
				const all = await executions.rows();
				const begun = begunBy(victim);
				const running = all.filter(({ id, status }) => status === 'running' && begun.has(id));
				const holding = pulled.holding;
				const fresh = running.filter(({ id }) => holding.has(id) && !seen.has(id));
				for (const { id } of fresh) seen.add(id);
				return all.length > EVENTS / 3 && fresh.length > 0;
			});
			await victim.end('SIGKILL');
		})();
		for (let mark = 0; mark < EVENTS; mark++) {
			await pulling.arrive(mark, ADDED);
			await setTimeout(EVERY_MS);
		}
		await killed;
		await executions.ended(EVENTS, GIVE_UP_MS);
		pulled.atTheKill = await pulled.count();
		await pulling.arrive(EVENTS, ADDED);
		pulled.rows = await executions.ended(pulled.events, GIVE_UP_MS);
		pulled.afterwards = await pulled.count();
		pulled.givenUp = await executions.withData('error');
		const { holding } = pulled;
		pulled.died = pulled.givenUp.flatMap(({ id }) => holding.get(id) ?? []);
		return pulled;
	}

	/** What executions had in their hands, by their own word: many find that another has it all. */
	private get holding(): Map<string, string[]> {
		return new Map(
			this.told.requests.map(({ body }) => {
				const { id, keys } = JSON.parse(body) as { id: string; keys: string[] };
				return [id, keys] as const;
			}),
		);
	}

	private async count(): Promise<Counts> {
		const { delivered, pulling, executions } = this;
		delivered.clear();
		for (const execution of await executions.withData()) {
			for (const item of outputOf(execution, pulling.pull)) {
				const key = String(item[pulling.field]);
				delivered.set(key, (delivered.get(key) ?? 0) + 1);
			}
		}
		const times = pulling.sent().map((key) => delivered.get(key) ?? 0);
		return {
			sent: times.length,
			lost: times.filter((one) => one === 0).length,
			doubled: times.filter((one) => one > 1).length,
		};
	}
}

/** As if something were done with the messages: it is then that a worker dies. */
function withWork({ workflow, pull, field }: Pulling, url: string): NewWorkflow {
	const tell = nodeOf('Tell', 'n8n-nodes-base.httpRequest', {
		method: 'POST',
		url,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ { id: $execution.id, keys: $input.all().map((one) => String(one.json.${field})) } }}`,
		options: {},
	});
	const work = nodeOf('Work', 'n8n-nodes-base.wait', { amount: 2, unit: 'seconds' });
	return {
		...workflow,
		nodes: [
			...workflow.nodes,
			{ ...tell, typeVersion: 4.2, executeOnce: true },
			{ ...work, typeVersion: 1.1 },
		],
		connections: { ...workflow.connections, [pull]: toNode('Tell'), Tell: toNode('Work') },
	};
}

function toNode(node: string) {
	return { main: [[{ node, type: 'main' as const, index: 0 }]] };
}
