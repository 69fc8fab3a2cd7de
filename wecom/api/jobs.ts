import { JobUnfinishedError, WecomApiError } from '../errors';
import { systemClock } from '../http/clock';
import { pause } from '../http/retry';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** A job that is asked about. */
export interface PolledJob<Result> {
	jobid: string;
	/** The API that is asked, for messages. */
	path: string;
	/** Asks once; undefined, or an errcode that says so, while the job is not done. */
	ask(): Promise<Result | undefined>;
}

/**
 * Asks for the result of a job until it is there, with pauses that grow from 0.5 s to 15 s, the last
 * one up to the very end.
 *
 * @param waitMs how long to go on asking, milliseconds; 0 asks once
 * @param intervalMs a pause that does not grow in place of those, milliseconds
 * @throws JobUnfinishedError when the result is not there in time
 * @throws CancelledError when the signal fires in a pause
 * @throws whatever `ask` throws beside an errcode that says "not yet"
 */
export async function poll<Result>(
	{ jobid, path, ask }: PolledJob<Result>,
	waitMs: number,
	signal?: AbortSignal,
	intervalMs?: number,
): Promise<Result> {
	const end = systemClock.now() + waitMs;
	let pauseMs = intervalMs ?? FIRST_PAUSE_MS;
	for (;;) {
		const leftMs = end - systemClock.now();
		let refusal: WecomApiError | undefined;
		try {
			const result = await ask();
			if (result !== undefined) return result;
		} catch (error) {
			if (!(error instanceof WecomApiError) || error.entry.action !== 'poll') throw error;
			refusal = error;
		}
		if (!(leftMs > 0)) throw new JobUnfinishedError(jobid, path, waitMs, refusal);
		await pause(Math.min(pauseMs, leftMs), signal);
		pauseMs = intervalMs ?? Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
	}
}
