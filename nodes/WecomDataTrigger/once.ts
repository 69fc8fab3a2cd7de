import { sleep } from 'n8n-workflow';

import { CallbackRefusedError, StateUnavailableError } from '../../wecom/errors';
import { claim, type Claim, type ClaimSettings } from '../../wecom/state/exactlyOnce';
import { processState } from '../../wecom/state/memoryState';
import type { StateStore } from '../../wecom/state/stateStore';

/** Whether a delivery is to be run, and what to do when it was answered. */
export interface Delivery {
	readonly isFirst: boolean;
	/** Remembers it for good; never fails. */
	confirm(): Promise<void>;
}

/** Longer than WeCom waits for an answer: a timeout is what makes it send again (document 90930). */
export const PATIENCE_MS = 5500;

const SETTINGS: ClaimSettings = {
	/** The signature of a delivery, over nonce, timestamp and text, is unique for two hours. */
	keepMs: 2 * 60 * 60 * 1000,
	/** WeCom sends again after 5 s: by then the claim of a process that died is over. */
	holdMs: 4500,
	patienceMs: PATIENCE_MS,
};
/** How often a confirmation that the store did not take is tried, and how long in between. */
const CONFIRM_TRIES = 8;
const CONFIRM_PAUSE_MS = 250;
/** How many deliveries may wait for the store. */
const MAX_WAITING = 2000;

let waiting = 0;

/**
 * Claims a verified delivery, for the one execution it may start: of all processes with this store,
 * one.
 *
 * @param scope workflow and node: each runs an event for itself
 * @param delivery its signature, in lower case
 * @param eventId the same for WeCom's repetitions; undefined: those run as well
 * @throws CallbackRefusedError `replayed` when this very delivery was here before
 * @throws StateUnavailableError when nobody could be asked for as long as WeCom waits
 */
export async function claimDelivery(
	store: StateStore,
	scope: string,
	delivery: string,
	eventId: string | undefined,
): Promise<Delivery> {
	if (waiting >= MAX_WAITING) throw new StateUnavailableError('too many wait', 'the state store');
	waiting++;
	try {
		const here = await claimBoth(store, `${scope}/delivery/${delivery}`);
		if (!here.first) {
			throw new CallbackRefusedError(
				'replayed',
				'This very delivery was here before: somebody sends a recorded request again',
			);
		}
		try {
			const event = eventId && (await claimBoth(store, `${scope}/event/${eventId}`));
			const claims = event ? [here, event] : [here];
			if (event && !event.first) void confirmAll([here]);
			return { isFirst: !event || event.first, confirm: async () => await confirmAll(claims) };
		} catch (error) {
			await here.release().catch(() => undefined); // it ends by itself
			throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the receiver answers it
		}
	} finally {
		waiting--;
	}
}

/**
 * Claims in this process and then in the store: a Redis that lost its keys does not make what this
 * process has seen new again.
 */
async function claimBoth(store: StateStore, key: string): Promise<Claim> {
	const own = await claim(processState.events, key, SETTINGS);
	if (!own.first || store === processState.events) return own;
	try {
		const shared = await claim(store, key, SETTINGS);
		if (!shared.first) {
			await own.confirm();
			return shared;
		}
		return {
			first: true,
			confirm: async () => {
				await own.confirm();
				await shared.confirm();
			},
			release: async () => {
				await own.release();
				await shared.release();
			},
		};
	} catch (error) {
		await own.release();
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the receiver answers it
	}
}

async function confirmAll(claims: Claim[]): Promise<void> {
	for (const { confirm } of claims) {
		for (let attempt = 1; attempt <= CONFIRM_TRIES; attempt++) {
			const kept = await confirm().then(
				() => true,
				() => false,
			);
			if (kept) break;
			await sleep(attempt * CONFIRM_PAUSE_MS);
		}
	}
}
