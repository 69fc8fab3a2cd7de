import { randomBytes } from 'node:crypto';
import { MODELS, type ModelName } from './models';
import { Refusal } from './refusal';

/** A job of a model, as it was begun. */
export interface ModelJob {
	/** `create_sentiment_task`, say. */
	readonly func: string;
	/** How many messages it reads: one that comes twice counts once. */
	readonly messages: number;
	readonly jobid: string;
}

/** What a job tells about itself. */
export interface ModelJobAnswer {
	/** 0 unfinished, 1 done, 2 failed. */
	readonly status: 0 | 1 | 2;
}

/** A job that is to begin. */
export interface NewModelJob extends Pick<ModelJob, 'func' | 'messages'> {
	readonly model: ModelName;
	/**
	 * What comes of it.
	 *
	 * @throws Refusal where it comes to nothing
	 */
	readonly result: () => object;
}

interface Kept extends NewModelJob {
	readonly doneAt: number;
	readonly fails: boolean;
	asked: boolean;
}

/** Jobs of the models in the data zone, each of which takes its time. */
export class ModelJobs {
	/** Those that were begun, oldest first. */
	readonly list: ModelJob[] = [];
	private readonly jobs = new Map<string, Kept>();
	private readonly failing = new Map<ModelName, number>();

	/**
	 * @param seconds - how long a job takes
	 * @param now - clock in ms
	 */
	constructor(
		private readonly seconds: number,
		private readonly now: () => number,
	) {}

	/**
	 * The next jobs of a model fail.
	 *
	 * @throws RangeError for a model there is not, or a bad number
	 */
	fail(model: ModelName, times = 1): void {
		if (!MODELS.includes(model)) throw new RangeError(`model must be one of ${MODELS.join(', ')}`);
		if (!Number.isSafeInteger(times) || times < 0) {
			throw new RangeError('times must be an integer of at least 0');
		}
		this.failing.set(model, times);
	}

	/** Begins a job. @returns its jobid */
	start(job: NewModelJob): string {
		const jobid = randomBytes(24).toString('base64url');
		const left = this.failing.get(job.model) ?? 0;
		if (left > 0) this.failing.set(job.model, left - 1);
		const doneAt = this.now() + this.seconds * 1000;
		this.jobs.set(jobid, { ...job, doneAt, fails: left > 0, asked: false });
		this.list.push({ func: job.func, messages: job.messages, jobid });
		return jobid;
	}

	/**
	 * What came of a job.
	 *
	 * @throws Refusal 40088 for a job that this model does not have, 710642 the first time that one is
	 * asked about too early; whatever its result throws
	 */
	answer(model: ModelName, jobid: string): ModelJobAnswer {
		const job = this.jobs.get(jobid);
		if (job?.model !== model) throw new Refusal(40088, 'jobid');
		const early = this.now() < job.doneAt;
		if (early && !job.asked) {
			job.asked = true;
			throw new Refusal(710642, 'jobid');
		}
		if (early) return { status: 0 };
		return job.fails ? { status: 2 } : { status: 1, ...job.result() };
	}
}
