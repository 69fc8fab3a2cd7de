import { fork, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

import type { HostMessage, HostRequest, LoadMode } from './host/protocol';
import { LibraryUnavailableError } from './libraryErrors';
import { librarySettings } from './settings';

/** How long a process may take to start and to load the library, milliseconds. */
const START_MS = 30_000;
/** So much of what a process prints is kept. */
const MAX_OUTPUT_CHARACTERS = 4096;

/** Signals that no library sends to its own process. */
const FROM_OUTSIDE: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGHUP'];

/** The process of the library has ended. */
export class HostEnded extends Error {
	/**
	 * @param how it did, after "it": `ended with SIGSEGV`
	 * @param isFromOutside whether somebody else ended it: the system for want of memory, a person
	 */
	constructor(
		readonly how: string,
		readonly isFromOutside = false,
	) {
		super(`The library's process ${how}`);
	}
}

/** The loader does not take the library. */
export class LoadRefused extends Error {}

/** Whoever waits for what the process says. */
interface Listener {
	hear(message: HostMessage): void;
	fail(error: HostEnded): void;
}

/**
 * A process of its own that has the library loaded. It keeps nothing alive: only a call that is under
 * way does.
 */
export class HostProcess {
	/** Settles when it has ended, and everything that it said was heard. */
	readonly ended: Promise<void>;
	private readonly child: ChildProcess;
	private listener: Listener | undefined;
	private end: HostEnded | undefined;
	private killedFor: string | undefined;
	private refusal: LibraryUnavailableError | undefined;
	private printed = '';

	private constructor(file: string, keepsOutput: boolean) {
		const output = keepsOutput ? 'pipe' : 'ignore';
		this.child = startProcess(file, ['ignore', output, output, 'ipc']);
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream?.on('data', (data: Buffer) => {
				this.printed = (this.printed + data.toString('latin1')).slice(-MAX_OUTPUT_CHARACTERS);
			});
			(stream as Socket | null)?.unref();
		}
		this.child.on('message', (message) => this.listener?.hear(message as HostMessage));
		this.ended = new Promise((resolve) => {
			const finish = (how: string, signal?: NodeJS.Signals | null) => {
				const isFromOutside = this.killedFor === undefined && FROM_OUTSIDE.includes(signal ?? '');
				this.end ??= new HostEnded(this.killedFor ?? how, isFromOutside);
				this.listener?.fail(this.end);
				resolve();
			};
			// 'close', not 'exit': what it had said before has been heard by then.
			this.child.on('close', (code, signal) => {
				finish(signal ? `ended with ${signal}` : `exited with code ${code ?? 'unknown'}`, signal);
			});
			this.child.on('error', (error: NodeJS.ErrnoException) => {
				if (this.child.pid !== undefined) return;
				this.refusal = notStarted(error);
				finish('could not be started');
			});
		});
		this.child.unref();
		this.child.channel?.unref();
	}

	/**
	 * Starts a process, protects it and loads the library.
	 *
	 * @param file that was checked a moment ago
	 * @param keepsOutput whether what it prints is kept; never of a process that gets a secret
	 * @throws HostEnded, LoadRefused, LibraryUnavailableError where it cannot be started or protected
	 */
	static async start(file: string, mode: LoadMode, keepsOutput = false): Promise<HostProcess> {
		const host = new HostProcess(file, keepsOutput);
		try {
			const unprotected = await host.listen(START_MS, (message) =>
				message.is === 'ready' ? message.unprotected : undefined,
			);
			if (unprotected.length > 0) {
				throw new LibraryUnavailableError(
					`The process for Tencent's library cannot be protected: ${unprotected.join(', ')} is refused`,
					'A filter for system calls (seccomp) forbids it: let the container use prctl and setrlimit.',
				);
			}
			const loaded = await host.ask({ do: 'load', file, mode }, START_MS, (message) =>
				message.is === 'loaded' ? message : undefined,
			);
			if (loaded.refusal !== undefined) throw new LoadRefused(printable(loaded.refusal));
			return host;
		} catch (error) {
			host.kill();
			throw host.refusal ?? error;
		}
	}

	/** Process id; undefined where it could not be started. */
	get pid(): number | undefined {
		return this.child.pid;
	}

	/** Whether it is there, as far as anybody knows. */
	get isAlive(): boolean {
		return this.end === undefined;
	}

	/** The last that it printed, for a message. */
	get output(): string {
		return printable(this.printed.trim().split('\n').at(-1) ?? '');
	}

	/**
	 * Asks for one thing; the one before has to be done.
	 *
	 * @param silenceMs after so long without a word of it the process is killed, milliseconds
	 * @param read what an answer means; undefined for one that is not the last
	 * @throws HostEnded
	 */
	async ask<T>(
		request: HostRequest,
		silenceMs: number,
		read: (message: HostMessage) => T | undefined,
	): Promise<T> {
		const answer = this.listen(silenceMs, read);
		// Where it does not arrive the process has ended, which is told apart.
		this.child.send(request, () => undefined);
		return await answer;
	}

	/** Ends it: at the request of its parent, or by force where that is not heard. */
	async close(): Promise<void> {
		if (this.isAlive && !this.listener) this.child.send({ do: 'close' }, () => undefined);
		else this.kill();
		const timer = setTimeout(() => this.kill(), librarySettings().graceMs);
		await this.ended;
		clearTimeout(timer);
	}

	/** Ends it at once. */
	kill(how?: string): void {
		this.killedFor ??= how;
		this.child.kill('SIGKILL');
	}

	private async listen<T>(
		silenceMs: number,
		read: (message: HostMessage) => T | undefined,
	): Promise<T> {
		if (this.end) throw this.end;
		let timer: NodeJS.Timeout | undefined;
		const watch = () => {
			clearTimeout(timer);
			timer = setTimeout(() => {
				// This process may have been busy for so long itself: what has arrived is heard first.
				setImmediate(() => {
					if (!timer) return;
					this.kill(`gave no answer for ${silenceMs / 1000} s and was killed`);
					watch(); // nothing else keeps whoever waits alive until it has ended
				});
			}, silenceMs);
		};
		try {
			return await new Promise<T>((resolve, reject) => {
				watch();
				this.listener = {
					hear: (message) => {
						watch();
						const answer = read(message);
						if (answer !== undefined) resolve(answer);
					},
					fail: reject,
				};
			});
		} finally {
			clearTimeout(timer);
			timer = undefined;
			this.listener = undefined;
		}
	}
}

/** @throws LibraryUnavailableError where the system, or node's permissions, refuse it at once */
function startProcess(file: string, stdio: StdioOptions): ChildProcess {
	try {
		return fork(librarySettings().hostFile, [], {
			cwd: dirname(file),
			env: environment(file),
			execArgv: [], // nothing of this process's: no debugger, no memory limits
			serialization: 'advanced',
			stdio,
		});
	} catch (error) {
		throw notStarted(error as NodeJS.ErrnoException);
	}
}

function notStarted({ code = 'unknown' }: NodeJS.ErrnoException): LibraryUnavailableError {
	return new LibraryUnavailableError(
		`The process for Tencent's library could not be started (${code})`,
		code === 'ERR_ACCESS_DENIED'
			? "Node's permission model forbids it: start this process with --allow-child-process and --allow-addons, or use a sidecar."
			: 'Look at the memory and at the limits of processes and open files that this machine or container has.',
	);
}

/** Made from nothing: no key, no password, no proxy and no option of node's gets in. */
function environment(file: string): NodeJS.ProcessEnv {
	const { TZ, LANG, SystemRoot } = process.env;
	const own = { ...(TZ ? { TZ } : {}), ...(LANG ? { LANG } : {}) };
	if (process.platform !== 'win32' || !SystemRoot) return own;
	return {
		...own,
		SystemRoot,
		PATH: [dirname(file), join(SystemRoot, 'System32')].join(delimiter),
	};
}

const MAX_SHOWN = 300;

function printable(text: string): string {
	return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, MAX_SHOWN);
}
