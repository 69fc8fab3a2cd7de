import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import type { IExecuteFunctions, IRun } from 'n8n-workflow';

import { StateUnavailableError } from '../../wecom/errors';
import { tryLock } from '../../wecom/state/lock';
import type { StateStore } from '../../wecom/state/stateStore';
import { nameOf, type Fact } from './takenRanges';

/** How long an end is remembered, milliseconds: longer than WeCom keeps messages. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** Longest time between the end of an execution and that of its node, milliseconds. */
const SETTLE_MS = 15_000;
/** How long and how often a fact is told to a store that is away, milliseconds. */
const TELL_FOR_MS = 60 * 60 * 1000;
const TELL_AGAIN_MS = 1000;

/** A node of an execution that takes ranges, for as long as the execution runs. */
export interface Taker {
	/** For what one pull takes. */
	share(): Share;
}

/** What one pull took. */
export interface Share {
	/** What a taken range calls it. */
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
	hooks.addHandler('workflowExecuteAfter', async ({ status }) => {
		// Where it was stopped n8n has not waited for the node, which gives back what it has.
		if (status === 'canceled' && open.some) void open.settled().then(end);
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
	addHandler(
		event: 'workflowExecuteAfter',
		handler: (run: Pick<IRun, 'status'>) => Promise<void>,
	): void;
}

/** n8n's own hooks of the execution, run when its outcome is saved; nodes have no other way to know. */
function hooksOf(execution: object): Hooks | undefined {
	const { additionalData } = execution as { additionalData?: { hooks?: Partial<Hooks> } };
	const hooks = additionalData?.hooks;
	return typeof hooks?.addHandler === 'function' ? (hooks as Hooks) : undefined;
}
