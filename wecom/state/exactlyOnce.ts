import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { StateUnavailableError, StateUnusableError } from '../errors';
import { expectHolder } from './foreignValue';
import type { StateStore } from './stateStore';

/** What a claim found out. */
export interface Claim {
	/** Whether nobody had the key before: the caller does the work, and then confirms. */
	readonly first: boolean;
	/** Keeps the key for good (its whole time); without it the claim ends soon. */
	confirm(): Promise<void>;
	/** Gives the key back: the work was not done. */
	release(): Promise<void>;
}

/** How claims are kept. */
export interface ClaimSettings {
	/** How long a confirmed key is remembered, milliseconds. */
	keepMs: number;
	/**
	 * How long an unconfirmed claim holds, milliseconds: whoever made it may have died. Shorter than
	 * the pause after which the same comes again.
	 */
	holdMs: number;
	/** How long to wait for a claim of somebody else, or for a store that cannot be reached. */
	patienceMs: number;
}

const DONE = 'done';
const LOOK_AGAIN_MS = 50;
/** A store that takes longer for an answer stood still, milliseconds. */
const SLOW_MS = 250;
/** By then it has also carried out what the others told it meanwhile, milliseconds. */
const GRACE_MS = 250;

/**
 * Claims a key, so that of all who try, in this process and in others, one does the work. Who comes
 * while the work is under way waits for its outcome: a claim that is given up can be taken over.
 *
 * @throws StateUnavailableError when the store could not be reached, or the claim of somebody else
 * was still open, for as long as the patience lasted
 * @throws StateUnusableError at once, when nothing gets better by waiting
 */
export async function claim(
	store: StateStore,
	key: string,
	{ keepMs, holdMs, patienceMs }: ClaimSettings,
): Promise<Claim> {
	const mine = randomUUID();
	const giveUpAt = Date.now() + patienceMs;
	const release = async () => await store.deleteIf(key, mine);
	const settled: Claim = { first: false, confirm: nothing, release: nothing };
	let stoodStill = false;
	for (;;) {
		try {
			const askedAt = Date.now();
			const added = await store.add(key, mine, holdMs);
			stoodStill ||= Date.now() - askedAt > SLOW_MS;
			if (added && !stoodStill) break;
			// A claim before this one may have run out while the store could not hear that it is confirmed.
			if (stoodStill) await setTimeout(GRACE_MS);
			const holder = await store.get(key);
			if (holder === DONE) return settled;
			expectHolder(holder, key);
			// An answer that got lost on its way: the store had done it.
			if (holder === mine) break;
			if (Date.now() >= giveUpAt) throw new StateUnavailableError('claim open', 'the state store');
		} catch (error) {
			if (!(error instanceof StateUnavailableError)) throw error;
			if (error instanceof StateUnusableError) throw error;
			stoodStill = true;
			if (Date.now() >= giveUpAt) {
				// A store that was frozen carries out late what nobody waits for any more: this undoes it.
				void release().catch(() => undefined);
				throw error;
			}
		}
		await setTimeout(LOOK_AGAIN_MS);
	}
	return {
		first: true,
		confirm: async () => await store.set(key, DONE, keepMs),
		release,
	};
}

async function nothing(): Promise<void> {
	await Promise.resolve();
}
