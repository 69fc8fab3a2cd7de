import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

import { CancelledError, WecomApiError } from '../../../../wecom/errors';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Asks until the result is there, with pauses that grow to 15 s, the last one up to the very end.
 *
 * @param waitSeconds how long to go on asking; 0 asks once
 * @throws WecomApiError when the result is not there in time
 * @throws CancelledError when the signal fires in a pause
 */
export async function waitForResult<Result>(
	ask: () => Promise<Result>,
	waitSeconds: number,
	signal?: AbortSignal,
): Promise<Result> {
	const end = performance.now() + waitSeconds * 1000;
	for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
		const left = end - performance.now();
		const outcome = await ask().catch((error: unknown) => toRefusal(error, left, waitSeconds));
		if (!(outcome instanceof WecomApiError)) return outcome;
		await setTimeout(Math.min(pause, left), undefined, signal ? { signal } : {}).catch(() => {
			throw new CancelledError();
		});
	}
}

/** "Not yet" as a value while there is time left. */
function toRefusal(error: unknown, left: number, waitSeconds: number): WecomApiError {
	const running = error instanceof WecomApiError && error.entry.action === 'poll';
	if (!running) throw error;
	if (left > 0) return error;
	throw new WecomApiError(
		error.errcode,
		waitSeconds > 0
			? `${error.errmsg}. The program has no result yet after ${waitSeconds} s of asking`
			: error.errmsg,
		error.path,
		waitSeconds > 0
			? 'It goes on running: ask again later with the same jobid, or raise Wait (Seconds) in Options.'
			: 'The program is still running. Ask again later with the same jobid, or set Wait (Seconds) in Options to let this node do so.',
	);
}
