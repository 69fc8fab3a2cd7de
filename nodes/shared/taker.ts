import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { StateUnavailableError } from '../../wecom/errors';
import { tryLease } from '../../wecom/state/lock';
import type { StateStore } from '../../wecom/state/stateStore';
import type { ExecutionLease } from './executionLease';
import { nameOf, type Fact } from './takenRanges';

/** How long an end is remembered, milliseconds: longer than WeCom keeps messages. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** How long and how often a fact is told to a store that is away, milliseconds. */
const TELL_FOR_MS = 60 * 60 * 1000;
const TELL_AGAIN_MS = 1000;

/** A node of an execution that takes ranges, for as long as the execution runs. */
export interface Taker {
	/**
	 * For what one pull takes.
	 *
	 * @throws StateUnavailableError
	 */
	share(): Promise<Share>;
}

/** What one pull took. */
export interface Share {
	/** What a taken range calls it. */
	readonly name: string;
	/**
	 * Whether nobody else can have got it meanwhile.
	 *
	 * @returns false after a standstill for which others could take the execution for dead
	 */
	isHeld(): Promise<boolean>;
	/**
	 * Makes it known that nobody gets it; later, where the store is away.
	 *
	 * @param isOver whether the execution has ended meanwhile
	 */
	giveBack(isOver?: boolean): Promise<void>;
}

/** Of the executions that run, by node. */
const takers = new WeakMap<ExecutionLease, Map<string, Promise<Taker | undefined>>>();

/**
 * Makes it known that an execution runs that takes something, and when it has ended.
 *
 * @param node whose position it is
 * @returns undefined where its name is taken
 * @throws StateUnavailableError
 */
export async function takerOf(
	store: StateStore,
	lease: ExecutionLease,
	node: string,
): Promise<Taker | undefined> {
	const ofExecution = takers.get(lease) ?? new Map<string, Promise<Taker | undefined>>();
	takers.set(lease, ofExecution);
	const taker = ofExecution.get(node) ?? startTaking(store, lease);
	ofExecution.set(node, taker);
	try {
		return await taker;
	} catch (error) {
		ofExecution.delete(node);
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
	}
}

async function startTaking(store: StateStore, lease: ExecutionLease): Promise<Taker | undefined> {
	const name = randomUUID();
	const alive = await tryLease(store, nameOf(name), 'take again');
	if (!alive) return undefined;
	const fact: Fact = { ended: false, givenBack: [] };
	const tell = async () => await store.set(nameOf(name), JSON.stringify(fact), KEEP_MS);
	const end = async () => {
		fact.ended = true;
		await untilTold(tell, alive.release);
	};
	lease.afterSaving(end);
	let shares = 0;
	return {
		share: async () => {
			// After a standstill others would take it for dead, and what it takes for lost.
			await alive.renew();
			const share = `${name}/${++shares}`;
			const { lapses } = alive;
			return {
				name: share,
				isHeld: async () => {
					await alive.renew().catch(ignoreAway);
					return alive.lapses === lapses;
				},
				giveBack: async (isOver = false) => {
					fact.givenBack.push(share);
					await (isOver ? end() : untilTold(tell));
				},
			};
		},
	};
}

/** A store that is away tells nobody that the execution is dead. */
function ignoreAway(error: unknown): void {
	if (error instanceof StateUnavailableError) return;
	throw error;
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
