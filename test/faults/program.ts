import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the parent asks of a program. */
export interface Question {
	id: number;
	method: string;
	argument: unknown;
}

/** What the program says to it: a value, or why there is none. */
export type Answer = { id: number } & ({ value: unknown } | { failure: string });

interface Waiting {
	resolve(value: unknown): void;
	reject(reason: Error): void;
}

const running = new Set<Program>();

/**
 * One of `programs/` in a process of its own, asked over IPC. All it writes to stdout and stderr is
 * kept in {@link output}.
 */
export class Program {
	/** Everything it logged so far. */
	output = '';
	/** How it ended; undefined while it runs. */
	ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;
	private readonly waiting = new Map<number, Waiting>();
	private questions = 0;

	/** @param folder n8n's own, for as long as the process lives */
	private constructor(
		private readonly child: ChildProcess,
		folder: string,
	) {
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
		}
		child.on('message', (answer: Answer) => this.settle(answer));
		child.once('exit', (code, signal) => {
			this.ended = { code, signal };
			running.delete(this);
			rmSync(folder, { recursive: true });
			const reason = new Error(
				`The program ended (${code ?? signal}):\n${this.output.slice(-4000)}`,
			);
			for (const { reject } of this.waiting.values()) reject(reason);
			this.waiting.clear();
		});
		running.add(this);
	}

	/**
	 * Starts a program; it is ready as soon as it answers.
	 *
	 * @param more environment variables
	 */
	static start(name: string, more: NodeJS.ProcessEnv = {}): Program {
		const folder = mkdtempSync(join(tmpdir(), 'wecom-data-n8n-'));
		const child = fork(join(__dirname, 'programs', `${name}.ts`), [], {
			cwd: join(__dirname, '..', '..'),
			// Everything is to be logged: it is searched for secrets.
			env: { ...process.env, N8N_USER_FOLDER: folder, N8N_LOG_LEVEL: 'debug', ...more },
			execArgv: ['--import', 'tsx', '--expose-gc'],
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		return new Program(child, folder);
	}

	/** Its process id; 0 where it could not be started. */
	get pid(): number {
		return this.child.pid ?? 0;
	}

	/**
	 * Calls a method of the program.
	 *
	 * @throws Error with the program's own words, or with how it ended
	 */
	async ask<T = unknown>(method: string, argument?: object): Promise<T> {
		if (this.ended) throw new Error(`The program has ended:\n${this.output.slice(-4000)}`);
		const id = ++this.questions;
		return await new Promise<T>((resolve, reject) => {
			this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
			this.child.send({ id, method, argument } satisfies Question);
		});
	}

	/** Lets it finish. @returns how it ended: `{ code: 0, signal: null }` when nothing went wrong */
	async stop(): Promise<Program['ended']> {
		if (!this.ended) {
			const exit = once(this.child, 'close');
			this.child.send({ id: 0, method: 'stop', argument: undefined } satisfies Question);
			await exit;
		}
		return this.ended;
	}

	/** Lets it stand still, or go on. */
	signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
		this.child.kill(signal);
	}

	/** Ends it: with SIGKILL here and now, as a power cut does. */
	async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
		if (this.ended) return;
		const exit = once(this.child, 'close');
		this.child.kill(signal);
		await exit;
	}

	private settle(answer: Answer): void {
		const waiting = this.waiting.get(answer.id);
		this.waiting.delete(answer.id);
		if ('failure' in answer) waiting?.reject(new Error(answer.failure));
		else waiting?.resolve(answer.value);
	}
}

/** For `afterAll`: ends what a failed test left running, and what that started in turn. */
export async function endPrograms(): Promise<void> {
	await Promise.all([...running].map(async (program) => await program.end('SIGTERM')));
}
