import { randomUUID } from 'node:crypto';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout } from 'node:timers/promises';

import { CancelledError } from '../errors';
import type { StateStore } from './stateStore';

/** The lock of a process that died is over after so long, milliseconds. */
const HOLD_MS = 30_000;
const RENEW_MS = 10_000;
const LOOK_AGAIN_MS = 100;

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
	const key = `lock/${name}`;
	const mine = randomUUID();
	while (!(await store.add(key, mine, HOLD_MS))) {
		if (signal?.aborted) throw new CancelledError();
		await setTimeout(LOOK_AGAIN_MS);
	}
	const renewing = setInterval(() => {
		store.set(key, mine, HOLD_MS).catch(() => undefined); // tried again the next time
	}, RENEW_MS);
	try {
		return await work();
	} finally {
		clearInterval(renewing);
		await store.deleteIf(key, mine).catch(() => undefined); // it ends by itself
	}
}
