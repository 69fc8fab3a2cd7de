import { createHash } from 'node:crypto';
import { clearTimeout, setTimeout } from 'node:timers';

import { CancelledError, type RecordError } from '../errors';
import type { LibraryAccess } from './archiveLibrary';
import { CorpProcess } from './corpProcess';
import { openBatch, type GuardedBody } from './openBatch';
import { Seats, type Holder } from './seats';
import { librarySettings } from './settings';

/** One message that waits to be opened. */
export interface WaitingBody {
	body: GuardedBody;
	/** Whether nobody waits for it any more. */
	isCancelled(): boolean;
	settle(result: string | RecordError): void;
	fail(error: unknown): void;
}

/** Something to do in the process of a corp. It never throws. */
interface Task {
	run(process: CorpProcess): Promise<void>;
	refuse(error: unknown): void;
}

const MAX_BATCH = 200;
/** Longer ones would hold the event loop while they are sent. */
const MAX_BATCH_CHARACTERS = 1024 * 1024;

const seats = new Seats();
/** Those that have something to do, or a process, by whose archive it is and the way there. */
const queues = new Map<string, CorpQueue>();

/** The queue of a corp and a way to WeCom. */
export function queueFor(access: LibraryAccess): CorpQueue {
	const { corpId, secret, proxy = '', passwd = '' } = access;
	const whose = JSON.stringify([corpId, secret, proxy, passwd]);
	const id = createHash('sha256').update(whose).digest('base64');
	let queue = queues.get(id);
	if (!queue) {
		const made = new CorpQueue({ corpId, secret }, () => {
			if (queues.get(id) === made) queues.delete(id);
		});
		queue = made;
		queues.set(id, made);
	}
	return queue;
}

/** Ends every process of the library, calls that are under way included. */
export async function closeQueues(): Promise<void> {
	const all = [...queues.values()];
	queues.clear();
	await Promise.all(all.map(async (queue) => await queue.close()));
}

/** What is to be done in the process of one corp, one after the other. */
export class CorpQueue implements Holder {
	private readonly process: CorpProcess;
	private readonly tasks: Task[] = [];
	private bodies: WaitingBody[] = [];
	private running: Promise<void> | undefined;
	private leaving: Promise<void> | undefined;
	private idleTimer: NodeJS.Timeout | undefined;

	/** @param forget is called when nothing of it is left */
	constructor(
		access: Pick<LibraryAccess, 'corpId' | 'secret'>,
		private readonly forget: () => void,
	) {
		this.process = new CorpProcess(access);
	}

	get isIdle(): boolean {
		return !this.running && !this.leaving;
	}

	/**
	 * Makes a call when its turn comes.
	 *
	 * @param isCancelled whether nobody waits for it any more
	 * @throws what the call throws, CancelledError when everything is closed
	 */
	async call<T>(run: (process: CorpProcess) => Promise<T>, isCancelled: () => boolean): Promise<T> {
		return await new Promise<T>((resolve, reject) => {
			this.add({
				run: async (process) => {
					if (isCancelled()) return reject(new CancelledError());
					await run(process).then(resolve, reject);
				},
				refuse: reject,
			});
		});
	}

	/** Opens a message when its turn comes, together with others that wait. */
	open(body: WaitingBody): void {
		this.bodies.push(body);
		if (this.bodies.length === 1) this.addBatch();
	}

	async leave(): Promise<void> {
		this.leaving ??= this.rest();
		await this.leaving;
	}

	/** Refuses what waits, and ends the process in the middle of what it does. */
	async close(): Promise<void> {
		clearTimeout(this.idleTimer);
		for (const task of this.tasks.splice(0)) task.refuse(new CancelledError());
		await this.process.end();
		await this.running;
		clearTimeout(this.idleTimer);
		seats.free(this);
	}

	private add(task: Task): void {
		this.tasks.push(task);
		this.running ??= this.run();
	}

	private addBatch(): void {
		this.add({
			run: async (process) => await this.openSome(process),
			refuse: (error) => {
				for (const { fail } of this.bodies.splice(0)) fail(error);
			},
		});
	}

	private async openSome(process: CorpProcess): Promise<void> {
		const batch = this.takeBatch();
		if (this.bodies.length > 0) this.addBatch();
		if (batch.length === 0) return;
		try {
			const results = await openBatch(
				process,
				batch.map(({ body }) => body),
			);
			for (const [index, result] of results.entries()) batch[index]?.settle(result);
		} catch (error) {
			for (const { fail } of batch) fail(error);
		}
	}

	private takeBatch(): WaitingBody[] {
		this.bodies = this.bodies.filter(({ isCancelled }) => !isCancelled());
		let characters = 0;
		const end = this.bodies.findIndex(({ body: [, body] }, index) => {
			characters += body.length;
			return index >= MAX_BATCH || (index > 0 && characters > MAX_BATCH_CHARACTERS);
		});
		return this.bodies.splice(0, end < 0 ? this.bodies.length : end);
	}

	private async run(): Promise<void> {
		clearTimeout(this.idleTimer);
		// What is asked for in the same breath gets into the same batch.
		await Promise.resolve();
		await this.leaving;
		for (let task = this.tasks.shift(); task; task = this.tasks.shift()) {
			await seats.take(this);
			await task.run(this.process);
		}
		this.running = undefined;
		seats.rest(this);
		this.idleTimer = setTimeout(() => void this.leave(), librarySettings().idleMs).unref();
	}

	private async rest(): Promise<void> {
		clearTimeout(this.idleTimer);
		await this.process.rest();
		seats.free(this);
		this.leaving = undefined;
		if (!this.running && this.tasks.length === 0) this.forget();
	}
}
