import { randomBytes } from 'node:crypto';
import type { Moments } from './moments';
import { Refusal } from './refusal';

/** What an export job tells about itself. */
export interface ExportStatus {
	/** 1 waiting, 2 running, 3 done. */
	readonly status: 1 | 2 | 3;
	readonly result_id?: string;
	readonly result_errcode?: number;
	readonly result_errmsg?: string;
}

interface Job {
	readonly startedAt: number;
	readonly resultId: string;
}

/** Exports of conversations, each of which takes its time. */
export class ExportJobs {
	private readonly jobs = new Map<string, Job>();
	private readonly usedCodes = new Set<string>();

	/**
	 * @param seconds - how long a job takes
	 * @param now - clock in ms
	 * @param moments - when jobs are done
	 * @param onDone - told the jobid when one is done
	 */
	constructor(
		private readonly seconds: number,
		private readonly now: () => number,
		private readonly moments: Moments,
		private readonly onDone: (jobId: string) => void,
	) {}

	/**
	 * Starts a job.
	 *
	 * @param code - good once
	 * @returns the jobid
	 * @throws Refusal 40029 for a code that was used before
	 */
	start(code: string): string {
		if (this.usedCodes.has(code)) throw new Refusal(40029, 'code');
		this.usedCodes.add(code);
		const jobId = randomBytes(24).toString('base64url');
		const resultId = randomBytes(24).toString('base64url');
		const startedAt = this.now();
		this.jobs.set(jobId, { startedAt, resultId });
		this.moments.at(startedAt + this.seconds * 1000, () => this.onDone(jobId));
		return jobId;
	}

	/** @throws Refusal 40088 for an unknown job */
	status(jobId: string): ExportStatus {
		const job = this.jobs.get(jobId);
		if (job === undefined) throw new Refusal(40088, 'jobid');
		if (this.isDone(job)) {
			this.moments.look();
			return { status: 3, result_id: job.resultId, result_errcode: 0, result_errmsg: 'ok' };
		}
		const passed = this.now() - job.startedAt;
		return { status: passed * 2 < this.seconds * 1000 ? 1 : 2 };
	}

	private isDone({ startedAt }: Job): boolean {
		return this.now() >= startedAt + this.seconds * 1000;
	}
}
