import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';
import { StateUnavailableError } from '../../wecom/errors';
import { tryLock } from '../../wecom/state/lock';
import type { StateStore } from '../../wecom/state/stateStore';

/** Messages after one seq and up to another. */
export interface Range {
	from: bigint;
	to: bigint;
}

/** How far a node of several processes came, and what executions took with them on the way. */
export interface SharedPosition {
	seq: bigint;
	taken: TakenRange[];
}

/** A range, and who has it. */
export interface TakenRange extends Range {
	/** Name of a {@link Share}, or {@link NOBODY}. */
	share: string;
}

/** Has what the next pull is to take first. */
export const NOBODY = '';

/** How long an end is remembered, milliseconds: longer than WeCom keeps messages. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** Longest time between the end of an execution and that of its node, milliseconds. */
const SETTLE_MS = 15_000;
/** How long and how often a fact is told to a store that is away, milliseconds. */
const TELL_FOR_MS = 60 * 60 * 1000;
const TELL_AGAIN_MS = 1000;

/** @param text as {@link writePosition} made it */
export function readPosition(text: string | undefined): SharedPosition {
	if (text === undefined) return { seq: 0n, taken: [] };
	const { seq, taken } = JSON.parse(text) as {
		seq: string;
		taken: Array<[string, string, string]>;
	};
	return {
		seq: parseSeq(seq),
		taken: taken.map(([from, to, share]) => ({ from: parseSeq(from), to: parseSeq(to), share })),
	};
}

/** The text of a position; seqs beyond 2^53 stay exact. */
export function writePosition({ seq, taken }: SharedPosition): string {
	const ranges = taken.map(({ from, to, share }) => [`${from}`, `${to}`, share]);
	return JSON.stringify({ seq: `${seq}`, taken: ranges });
}

/** The same messages in as few ranges as it takes, in order. */
export function joined(ranges: readonly Range[]): Range[] {
	const result: Range[] = [];
	for (const { from, to } of [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1))) {
		const last = result.at(-1);
		if (!last || from > last.to) result.push({ from, to });
		else if (to > last.to) last.to = to;
	}
	return result;
}

/**
 * Tells the ranges that executions have that still run from those that are lost: their execution went
 * down with its process, or gave them back. What an execution had that has ended is neither.
 *
 * @throws StateUnavailableError
 */
export async function sortOut(
	store: StateStore,
	taken: readonly TakenRange[],
): Promise<{ running: TakenRange[]; lost: TakenRange[] }> {
	const running: TakenRange[] = [];
	const lost: TakenRange[] = [];
	for (const [taker, ranges] of byTaker(taken)) {
		// In this order: whoever ends says so first, and then gives up its lock.
		const runs = taker !== NOBODY && (await store.get(`lock/${nameOf(taker)}`)) !== undefined;
		const fact = taker === NOBODY ? undefined : await store.get(nameOf(taker));
		const { ended, givenBack } = readFact(fact);
		for (const range of ranges) {
			if (givenBack.includes(range.share)) lost.push(range);
			else if (runs) running.push(range);
			else if (!ended) lost.push(range);
		}
	}
	return { running, lost };
}

function byTaker(taken: readonly TakenRange[]): Map<string, TakenRange[]> {
	const all = new Map<string, TakenRange[]>();
	for (const range of taken) {
		const [taker = NOBODY] = range.share.split('/');
		all.set(taker, [...(all.get(taker) ?? []), range]);
	}
	return all;
}

/** What a taker says of itself. */
interface Fact {
	ended: boolean;
	/** Shares. */
	givenBack: string[];
}

function readFact(text: string | undefined): Fact {
	return text === undefined ? { ended: false, givenBack: [] } : (JSON.parse(text) as Fact);
}

/** A node of an execution that takes ranges, for as long as the execution runs. */
export interface Taker {
	/** For what one pull takes. */
	share(): Share;
}

/** What one pull took. */
export interface Share {
	/** What {@link TakenRange} calls it. */
	readonly name: string;
	/** Somebody gets it. */
	handOn(): void;
	/**
	 * Makes it known that nobody gets it; later, where the store is away.
	 *
	 * @param isOver whether the execution has ended meanwhile
	 */
	giveBack(isOver?: boolean): Promise<void>;
}

/** Of the executions that run. */
const takers = new WeakMap<Hooks, Map<string, Promise<Taker | undefined>>>();

/**
 * Makes it known that an execution runs that takes something, and when it has ended.
 *
 * @returns undefined where n8n does not tell when an execution ends
 * @throws StateUnavailableError
 */
export async function takerOf(
	store: StateStore,
	execution: IExecuteFunctions,
): Promise<Taker | undefined> {
	const hooks = hooksOf(execution);
	if (!hooks) return undefined;
	const ofExecution = takers.get(hooks) ?? new Map<string, Promise<Taker | undefined>>();
	takers.set(hooks, ofExecution);
	const node = execution.getNode().id;
	const taker = ofExecution.get(node) ?? startTaking(store, hooks);
	ofExecution.set(node, taker);
	try {
		return await taker;
	} catch (error) {
		ofExecution.delete(node);
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
	}
}

async function startTaking(store: StateStore, hooks: Hooks): Promise<Taker | undefined> {
	const name = randomUUID();
	const release = await tryLock(store, nameOf(name));
	if (!release) return undefined;
	const fact: Fact = { ended: false, givenBack: [] };
	const tell = async () => await store.set(nameOf(name), JSON.stringify(fact), KEEP_MS);
	const end = async () => {
		fact.ended = true;
		await untilTold(tell, release);
	};
	const open = new OpenShares();
	hooks.addHandler('workflowExecuteAfter', async () => {
		// Where it was stopped n8n does not wait for the node, which gives back what it has.
		if (open.some) void open.settled().then(end);
		else await end();
	});
	let shares = 0;
	return {
		share: () => {
			const share = `${name}/${++shares}`;
			open.add(share);
			return {
				name: share,
				handOn: () => open.settle(share),
				giveBack: async (isOver = false) => {
					fact.givenBack.push(share);
					open.settle(share);
					await (isOver ? end() : untilTold(tell));
				},
			};
		},
	};
}

/** What was taken and neither handed on nor given back yet. */
class OpenShares {
	private readonly names = new Set<string>();
	private onSettled: () => void = () => undefined;

	get some(): boolean {
		return this.names.size > 0;
	}

	add(name: string): void {
		this.names.add(name);
	}

	settle(name: string): void {
		this.names.delete(name);
		if (!this.some) this.onSettled();
	}

	/** Resolves when there are none any more, or nobody will say any more what becomes of them. */
	async settled(): Promise<void> {
		const said = new Promise<void>((resolve) => {
			this.onSettled = resolve;
		});
		await Promise.race([said, setTimeout(SETTLE_MS, undefined, { ref: false })]);
	}
}

/**
 * Tells a store something, and goes on trying in the background while it is away: an execution that
 * did not say that it has ended counts as lost.
 */
async function untilTold(
	tell: () => Promise<void>,
	then: () => Promise<void> = async () => await Promise.resolve(),
): Promise<void> {
	const once = async () => {
		await tell();
		await then();
	};
	try {
		await once();
	} catch (error) {
		if (!(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
		void again(once, then);
	}
}

async function again(once: () => Promise<void>, giveUp: () => Promise<void>): Promise<void> {
	const until = Date.now() + TELL_FOR_MS;
	while (Date.now() < until) {
		await setTimeout(TELL_AGAIN_MS, undefined, { ref: false });
		try {
			return await once();
		} catch {
			// The store is still away.
		}
	}
	await giveUp();
}

interface Hooks {
	addHandler(event: 'workflowExecuteAfter', handler: () => Promise<void>): void;
}

/** n8n's own hooks of the execution, run when its outcome is saved; nodes have no other way to know. */
function hooksOf(execution: object): Hooks | undefined {
	const { additionalData } = execution as { additionalData?: { hooks?: Partial<Hooks> } };
	const hooks = additionalData?.hooks;
	return typeof hooks?.addHandler === 'function' ? (hooks as Hooks) : undefined;
}

function nameOf(taker: string): string {
	return `taken/${taker}`;
}
