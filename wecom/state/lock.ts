import { randomUUID } from 'node:crypto';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout } from 'node:timers/promises';

import { CancelledError } from '../errors';
import { expectHolder } from './foreignValue';
import type { StateStore } from './stateStore';

/** The lock of a process that died is over after so long, milliseconds. */
const HOLD_MS = 10_000;
const RENEW_MS = 3000;
/** How often to look whether a lock is free, milliseconds. */
export const LOOK_AGAIN_MS = 100;

/** Gives a lock back; never fails, for a lock ends by itself. */
export type Release = () => Promise<void>;

/** A lock that somebody has. */
export interface Lease {
	/** How often it had ended when it was renewed: others may have had it each time. */
	readonly lapses: number;
	/**
	 * Has it for its whole time again.
	 *
	 * @throws StateUnavailableError
	 */
	renew(): Promise<void>;
	/**
	 * Sets a key of the store as long as nobody else got the lock, in one step.
	 *
	 * @returns false when the lease is over: what was done under it does not count
	 * @throws StateUnavailableError; it may have been set then
	 */
	set(key: string, value: string, ttlMs: number): Promise<boolean>;
	release: Release;
}

/** What becomes of a lease that ended while its store was away or this process stood still. */
export type AtEnd = 'take again' | 'let go';

/**
 * Takes a lock that nobody holds, in this process or another one that shares the store, and keeps
 * it until it is given back. One that ended while the store could not be reached, or this process
 * stood still, is taken again as long as nobody else has it; or let go, where others may have worked
 * meanwhile.
 *
 * @returns undefined when somebody holds it
 * @throws StateUnavailableError when the store cannot be reached, or somebody else wrote there
 */
export async function tryLease(
	store: StateStore,
	name: string,
	atEnd: AtEnd,
): Promise<Lease | undefined> {
	const key = `lock/${name}`;
	const mine = randomUUID();
	const giveUp = async () => await store.deleteIf(key, mine).catch(() => undefined);
	try {
		if (!(await store.add(key, mine, HOLD_MS))) {
			expectHolder(await store.get(key), key);
			return undefined;
		}
	} catch (error) {
		void giveUp(); // a store that was frozen carries out late what nobody waits for any more
		throw error;
	}
	let released = false;
	let renewal: Promise<unknown> | undefined;
	let lapses = 0;
	const renew = async () => {
		if (await store.extendIf(key, mine, HOLD_MS)) return;
		lapses++;
		if (atEnd === 'take again' && !released) await store.add(key, mine, HOLD_MS);
	};
	const renewing = setInterval(() => {
		renewal ??= renew()
			.catch(() => undefined) // tried again the next time
			.finally(() => (renewal = undefined));
	}, RENEW_MS);
	return {
		get lapses() {
			return lapses;
		},
		renew,
		set: async (name, value, ttlMs) =>
			await store.setWhile({ key, value: mine }, name, value, ttlMs),
		release: async () => {
			clearInterval(renewing);
			released = true;
			// What is under way would take the lock once more after it was given back.
			await renewal;
			await giveUp();
		},
	};
}

/**
 * A {@link tryLease} that is taken again when it ended.
 *
 * @returns undefined when somebody holds it
 * @throws StateUnavailableError when the store cannot be reached
 */
export async function tryLock(store: StateStore, name: string): Promise<Release | undefined> {
	return (await tryLease(store, name, 'take again'))?.release;
}

/**
 * Runs something while no other process that shares the store runs it: the others wait for their
 * turn. Where this process stands still for longer than the lock holds, others may begin all the
 * same: what must not be written twice is set through the lease.
 *
 * @param signal ends the waiting
 * @throws StateUnavailableError when the store cannot be reached before the work has begun
 * @throws CancelledError, and whatever the work throws
 */
export async function withLock<T>(
	store: StateStore,
	name: string,
	work: (lease: Lease) => Promise<T>,
	signal?: AbortSignal,
): Promise<T> {
	for (;;) {
		const lease = await tryLease(store, name, 'let go');
		if (lease) {
			try {
				return await work(lease);
			} finally {
				await lease.release();
			}
		}
		if (signal?.aborted) throw new CancelledError();
		await setTimeout(LOOK_AGAIN_MS);
	}
}
