import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { StateUnavailableError } from '../../../wecom/errors';
import { tryLease } from '../../../wecom/state/lock';
import type { StateStore } from '../../../wecom/state/stateStore';
import type { ExecutionLease } from './executionLease';
import { nameOf, type Fact } from './sharedPosition';

/** How long an end is remembered, milliseconds: longer than WeCom keeps messages. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
/** How long and how often a fact is told to a store that is away, milliseconds. */
const TELL_FOR_MS = 60 * 60 * 1000;
const TELL_AGAIN_MS = 1000;

/** A node of an execution, as the shared state knows it for as long as the execution runs. */
export interface LeaseHolder {
	/**
	 * Begins a lease of what one pull brought.
	 *
	 * @throws StateUnavailableError
	 */
	lease(): Promise<SharedLease>;
}

/** A lease of which other processes know. */
export interface SharedLease {
	/** What a leased range calls it. */
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
	nack(isOver: boolean): Promise<void>;
}

/** Of the executions that run, by node. */
const holders = new WeakMap<ExecutionLease, Map<string, Promise<LeaseHolder | undefined>>>();

/**
 * Makes it known that an execution runs that leases something, and when it has ended.
 *
 * @param node whose position it is
 * @returns undefined where its name is taken
 * @throws StateUnavailableError
 */
export async function leaseHolderOf(
	store: StateStore,
	execution: ExecutionLease,
	node: string,
): Promise<LeaseHolder | undefined> {
	const byNode = holders.get(execution) ?? new Map<string, Promise<LeaseHolder | undefined>>();
	holders.set(execution, byNode);
	const holder = byNode.get(node) ?? startHolding(store, execution);
	byNode.set(node, holder);
	try {
		return await holder;
	} catch (error) {
		byNode.delete(node);
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
	}
}

async function startHolding(
	store: StateStore,
	execution: ExecutionLease,
): Promise<LeaseHolder | undefined> {
	const name = randomUUID();
	const alive = await tryLease(store, nameOf(name), 'take again');
	if (!alive) return undefined;
	const fact: Fact = { ended: false, givenBack: [] };
	const tell = async () => await store.set(nameOf(name), JSON.stringify(fact), KEEP_MS);
	const end = async () => {
		fact.ended = true;
		await untilTold(tell, alive.release);
	};
	execution.afterSaving(end);
	let leases = 0;
	return {
		lease: async () => {
			// After a standstill others would take it for dead, and what it leases for abandoned.
			await alive.renew();
			const lease = `${name}/${++leases}`;
			const { lapses } = alive;
			return {
				name: lease,
				isHeld: async () => {
					await alive.renew().catch(ignoreAway);
					return alive.lapses === lapses;
				},
				nack: async (isOver) => {
					fact.givenBack.push(lease);
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
 * did not say that it has ended counts as gone.
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
