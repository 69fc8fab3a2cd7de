import { setTimeout } from 'node:timers/promises';

import { CancelledError, WecomApiError, WecomNetworkError, WecomResponseError } from '../errors';

/**
 * How often a call may be sent. `read` changes nothing, `idempotent` changes the same thing again:
 * both are repeated on passing trouble. `once` creates or pays: it is never sent a second time
 * unless the first certainly never left. `paid` costs a call of a quota: it is sent again only when
 * WeCom said that it was too busy for the first, never into a silence.
 */
export type RetryClass = 'read' | 'idempotent' | 'paid' | 'once';

/** Limits of the repetition. */
export interface RetrySettings {
	/** Repetitions after the first try; WeCom asks for three at most. */
	retries: number;
	/** Pause before the first repetition, milliseconds; doubles each time, with jitter. */
	firstDelayMs: number;
}

/** WeCom's own advice for errcode -1 (document 90313). */
export const DEFAULT_RETRY: RetrySettings = { retries: 3, firstDelayMs: 500 };

/**
 * Runs a call again while the trouble is passing: busy errcodes, broken connections, a gateway's
 * error page.
 *
 * @throws what the last try threw
 * @throws CancelledError when the signal fires in a pause
 */
export async function withRetries<T>(
	send: () => Promise<T>,
	retryClass: RetryClass,
	settings: RetrySettings = DEFAULT_RETRY,
	signal?: AbortSignal,
): Promise<T> {
	for (let retry = 0; ; retry++) {
		try {
			return await send();
		} catch (error) {
			if (retry >= settings.retries || !mayRepeat(error, retryClass)) throw error;
		}
		await pause(settings.firstDelayMs * 2 ** retry, signal);
	}
}

function mayRepeat(error: unknown, retryClass: RetryClass): boolean {
	if (error instanceof WecomNetworkError && !error.requestSent) return true;
	if (retryClass === 'once') return false;
	if (error instanceof WecomApiError) return error.entry.action === 'retry';
	if (retryClass === 'paid') return false;
	if (error instanceof WecomResponseError) return error.passing;
	return error instanceof WecomNetworkError;
}

async function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
	const jittered = delayMs * (0.5 + Math.random() / 2);
	try {
		await setTimeout(jittered, undefined, signal ? { signal } : {});
	} catch {
		throw new CancelledError();
	}
}
