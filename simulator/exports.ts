import { randomBytes } from 'node:crypto';
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
	reported: boolean;
}

/** How often the clock is looked at while a job is under way. */
const CHECK_MS = 50;

/** Exports of conversations, each of which takes its time. */
export class ExportJobs {
	private readonly jobs = new Map<string, Job>();
	private readonly usedCodes = new Set<string>();
	private timer: NodeJS.Timeout | undefined;

	/**
	 * @param seconds - how long a job takes
	 * @param now - clock in ms
	 * @param onDone - told the jobid when one is done
	 */
	constructor(
		private readonly seconds: number,
		private readonly now: () => number,
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
		this.jobs.set(jobId, { startedAt: this.now(), resultId, reported: false });
		this.timer ??= setInterval(() => this.report(), CHECK_MS).unref();
		return jobId;
	}

	/** @throws Refusal 40088 for an unknown job */
	status(jobId: string): ExportStatus {
		const job = this.jobs.get(jobId);
		if (job === undefined) throw new Refusal(40088, 'jobid');
		if (this.isDone(job)) {
			this.report();
			return { status: 3, result_id: job.resultId, result_errcode: 0, result_errmsg: 'ok' };
		}
		const passed = this.now() - job.startedAt;
		return { status: passed * 2 < this.seconds * 1000 ? 1 : 2 };
	}

	/** No job finishes any more. */
	stop(): void {
		clearInterval(this.timer);
		this.timer = undefined;
	}

	/** Calls back for the jobs that are done, and rests when none is left. */
	private report(): void {
		for (const [jobId, job] of this.jobs) {
			if (job.reported || !this.isDone(job)) continue;
			job.reported = true;
			this.onDone(jobId);
		}
		if ([...this.jobs.values()].every((job) => job.reported)) this.stop();
	}

	private isDone({ startedAt }: Job): boolean {
		return this.now() >= startedAt + this.seconds * 1000;
	}
}
