import { createHash } from 'node:crypto';

import { StateUnavailableError } from '../errors';
import type { StateStore } from './stateStore';

/** WeCom tries a job for no longer. Source: document 101374. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps the ids of jobs that were begun, by what was asked: whoever asks the same within 24 hours,
 * because the process that began the job died or gave up, asks about that job and begins no second
 * one. Where the store cannot be reached nothing is kept, and the work goes on without.
 */
export class KeptJobs {
	/**
	 * @param store where other processes find them too
	 * @param onStateUnavailable learns that the store could not be reached
	 */
	constructor(
		private readonly store: StateStore,
		private readonly onStateUnavailable: (error: StateUnavailableError) => void = () => undefined,
	) {}

	/**
	 * The job that was begun for a question.
	 *
	 * @param question everything the job depends on, whose it is included; only its hash is kept
	 * @returns undefined where there is none
	 */
	async find(question: string): Promise<string | undefined> {
		return await this.orNothing(async () => await this.store.get(keyOf(question)));
	}

	/** Keeps the job that was begun for a question, in place of one before. */
	async keep(question: string, jobid: string): Promise<void> {
		await this.orNothing(async () => await this.store.set(keyOf(question), jobid, KEEP_MS));
	}

	/** Forgets a job whose result is safe, or that came to nothing; not one that was begun after it. */
	async forget(question: string, jobid: string): Promise<void> {
		await this.orNothing(async () => await this.store.deleteIf(keyOf(question), jobid));
	}

	private async orNothing<T>(act: () => Promise<T>): Promise<T | undefined> {
		try {
			return await act();
		} catch (error) {
			if (!(error instanceof StateUnavailableError)) throw error;
			this.onStateUnavailable(error);
			return undefined;
		}
	}
}

function keyOf(question: string): string {
	return `job/${createHash('sha256').update(question).digest('base64url')}`;
}
