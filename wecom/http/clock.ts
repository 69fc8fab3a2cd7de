import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';

/** Time as a queue sees it. */
export interface Clock {
	/** Milliseconds since some moment; never goes back. */
	now(): number;
	/**
	 * Calls back once, at the latest after so many milliseconds.
	 *
	 * @returns makes it not call back
	 */
	after(milliseconds: number, wake: () => void): () => void;
}

/** A longer delay makes Node fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The clock of this machine, which nobody sets back. */
export const systemClock: Clock = {
	now: () => performance.now(),
	after: (milliseconds, wake) => {
		const timer = setTimeout(wake, Math.min(Math.ceil(milliseconds), LONGEST_DELAY_MS));
		return () => clearTimeout(timer);
	},
};
