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

/**
 * Takes a lock that nobody holds, in this process or another one that shares the store, and keeps
 * it until it is given back. One that ended while the store could not be reached, or this process
 * stood still, is taken again as long as nobody else has it.
 *
 * @returns undefined when somebody holds it
 * @throws StateUnavailableError when the store cannot be reached, or somebody else wrote there
 */
export async function tryLock(store: StateStore, name: string): Promise<Release | undefined> {
	const key = `lock/${name}`;
	const mine = randomUUID();
	const release = async () => await store.deleteIf(key, mine).catch(() => undefined);
	try {
		if (!(await store.add(key, mine, HOLD_MS))) {
			expectHolder(await store.get(key), key);
			return undefined;
		}
	} catch (error) {
		void release(); // a store that was frozen carries out late what nobody waits for any more
		throw error;
	}
	let released = false;
	let renewal: Promise<unknown> | undefined;
	const renew = async () => {
		const holder = await store.get(key);
		if (released) return;
		// After a long silence of the store it may be somebody else's, or nobody's any more.
		if (holder === mine) await store.set(key, mine, HOLD_MS);
		else if (holder === undefined) await store.add(key, mine, HOLD_MS);
	};
	const renewing = setInterval(() => {
		renewal ??= renew()
			.catch(() => undefined) // tried again the next time
			.finally(() => (renewal = undefined));
	}, RENEW_MS);
	return async () => {
		clearInterval(renewing);
		released = true;
		// What is under way would take the lock once more after it was given back.
		await renewal;
		await release();
	};
}

/**
 * Runs something while no other process that shares the store runs it: the others wait for their
 * turn.
 *
 * @param signal ends the waiting
 * @throws StateUnavailableError when the store cannot be reached before the work has begun
 * @throws CancelledError, and whatever the work throws
 */
export async function withLock<T>(
	store: StateStore,
	name: string,
	work: () => Promise<T>,
	signal?: AbortSignal,
): Promise<T> {
	for (;;) {
		const release = await tryLock(store, name);
		if (release) {
			try {
				return await work();
			} finally {
				await release();
			}
		}
		if (signal?.aborted) throw new CancelledError();
		await setTimeout(LOOK_AGAIN_MS);
	}
}
