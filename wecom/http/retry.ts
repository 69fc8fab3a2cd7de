import { CancelledError, WecomApiError, WecomNetworkError, WecomResponseError } from '../errors';
import { systemClock } from './clock';
import { onAbort } from './onAbort';

/**
 * How often a call may be sent. `read` changes nothing, `idempotent` changes the same thing again:
 * both are repeated on passing trouble. `once` creates or pays: it is never sent a second time
 * unless the first certainly never left. `paid` costs a call of a quota: it is sent again only when
 * WeCom said that it was too busy for the first, never into a silence.
 */
export type RetryClass = 'read' | 'idempotent' | 'paid' | 'once';

/** A retry class; where a repetition does harm, together with the way out of an unknown outcome. */
export type Repetition =
	| { readonly retry: 'read' | 'idempotent'; readonly findOut?: undefined }
	| {
			readonly retry: 'paid' | 'once';
			/** How to find out whether a call took effect when no answer came. */
			readonly findOut: string;
	  };

/** Limits of the repetition; what is left out is as in {@link DEFAULT_RETRY}. */
export interface RetrySettings {
	/** Repetitions after the first try; WeCom asks for three at most. */
	retries?: number;
	/**
	 * Pause before the first repetition, milliseconds; doubles each time, with jitter. Four times as
	 * long where WeCom finds the calls too many at once (45033, 45036).
	 */
	firstDelayMs?: number;
	/** Longest of these pauses, milliseconds. A Retry-After may ask for a longer one. */
	maxDelayMs?: number;
	/**
	 * Pause of `read` and `idempotent` calls after a frequency limit (45009), milliseconds, before
	 * their one repetition; 0 for none of either.
	 */
	frequencyWaitMs?: number;
	/**
	 * Bound on all pauses of one call together, milliseconds; it ends before one that exceeds it. Also
	 * before it waits longer for a limit that another call met.
	 */
	maxWaitMs?: number;
}

/**
 * WeCom's own advice for errcode -1 (document 90313), and the time for which it blocks an API whose
 * limit per minute was exceeded, the shortest there is (document 90312).
 */
export const DEFAULT_RETRY: Required<RetrySettings> = {
	retries: 3,
	firstDelayMs: 500,
	maxDelayMs: 10_000,
	frequencyWaitMs: 60_000,
	maxWaitMs: 60_000,
};

/** How much longer than busyness a crowd takes: seconds rather than parts of one. */
const CROWD_FACTOR = 4;

/**
 * Runs a call again while the trouble is passing: busy errcodes, broken connections, a gateway's
 * error page, WeCom's limits. It waits as long as a Retry-After asks for, or throws when that is
 * too long; its error says when to try again.
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
	const limits = { ...DEFAULT_RETRY, ...settings };
	let waitedMs = 0;
	let frequencyLimits = 0;
	for (let retry = 0; ; retry++) {
		try {
			return await send();
		} catch (error) {
			// The answer does not say which window it was: after one minute it was a longer one.
			if (isFrequencyLimit(error)) frequencyLimits++;
			if (retry >= limits.retries || frequencyLimits > 1 || !mayRepeat(error, retryClass)) {
				throw error;
			}
			const delayMs = pauseAfter(error, retry, limits);
			if (delayMs === undefined || waitedMs + delayMs > limits.maxWaitMs) throw error;
			waitedMs += delayMs;
			await pause(delayMs, signal);
		}
	}
}

/**
 * How long the API takes no more calls of the corp, as far as an answer says so: the other calls
 * had better wait for that long too. A limit on a call that costs is its quota of the day, for
 * which nobody waits.
 *
 * @returns milliseconds, at most `maxWaitMs`; 0 when the answer says nothing of the kind
 */
export function blockedMs(
	error: unknown,
	retryClass: RetryClass,
	settings: RetrySettings = DEFAULT_RETRY,
): number {
	const { frequencyWaitMs, maxWaitMs } = { ...DEFAULT_RETRY, ...settings };
	const waits = retryClass === 'read' || retryClass === 'idempotent';
	const window = waits && isFrequencyLimit(error) ? frequencyWaitMs : 0;
	return Math.min(Math.max(window, askedMs(error)), maxWaitMs);
}

function mayRepeat(error: unknown, retryClass: RetryClass): boolean {
	if (error instanceof WecomNetworkError && !error.requestSent) return true;
	if (error instanceof WecomResponseError && !error.requestSent) return error.passing;
	if (retryClass === 'once') return false;
	if (error instanceof WecomApiError) {
		const { action, answerLost } = error.entry;
		if (answerLost && retryClass === 'paid') return false;
		// For a call that counts, a limit is the quota of the day.
		return action === 'retry' || (action === 'wait' && retryClass !== 'paid');
	}
	if (retryClass === 'paid') return false;
	if (error instanceof WecomResponseError) return error.passing;
	return error instanceof WecomNetworkError;
}

/** How long to wait, milliseconds; undefined for a wait that is not wanted. */
function pauseAfter(
	error: unknown,
	retry: number,
	{ firstDelayMs, maxDelayMs, frequencyWaitMs }: Required<RetrySettings>,
): number | undefined {
	if (isFrequencyLimit(error)) return frequencyWaitMs > 0 ? frequencyWaitMs : undefined;
	const crowded = error instanceof WecomApiError && error.entry.action === 'wait';
	const delayMs = firstDelayMs * 2 ** retry * (crowded ? CROWD_FACTOR : 1);
	const jittered = Math.min(delayMs, maxDelayMs) * (0.5 + Math.random() / 2);
	return Math.max(jittered, askedMs(error));
}

function askedMs(error: unknown): number {
	return error instanceof WecomResponseError ? (error.retryAfterMs ?? 0) : 0;
}

function isFrequencyLimit(error: unknown): boolean {
	return error instanceof WecomApiError && error.entry.frequencyLimit === true;
}

/**
 * Lets so many milliseconds pass.
 *
 * @throws CancelledError when the signal fires meanwhile
 */
export async function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) throw new CancelledError();
	await new Promise<void>((resolve, reject) => {
		const stopTimer = systemClock.after(delayMs, () => {
			stopListening?.();
			resolve();
		});
		const stopListening =
			signal &&
			onAbort(signal, () => {
				stopTimer();
				reject(new CancelledError());
			});
	});
}
