import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { closedPort } from '../unit/support/server';
import { pathWith } from './package';

/** Part of a real n8n: the whole of it, or one process of queue mode. */
export type Role = 'start' | 'worker' | 'webhook';

/** What an n8n is started with. */
export interface N8nSettings {
	/** Its user folder; it keeps its database, packages and logs there. */
	folder: string;
	/** Beside what keeps it quiet. */
	env?: Readonly<Record<string, string>>;
	/** A free one when left out. */
	port?: number;
	/** Of the command, `--concurrency=5` of a worker say. */
	args?: readonly string[];
}

/** Starting takes 15 to 40 seconds on a small machine, more when several start at once. */
const START_MS = 180_000;
const STOP_MS = 30_000;
const LOOK_AGAIN_MS = 250;

/** No calls home, no first steps, no secure cookies: a server for tests and demonstrations. */
const QUIET: Readonly<Record<string, string>> = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_SECURE_COOKIE: 'false',
	N8N_ENCRYPTION_KEY: 'key-of-an-n8n-for-tests',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
	EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
};

const running = new Set<N8nProcess>();

/** A real n8n in processes of its own, on the Node it needs. */
export class N8nProcess {
	private constructor(
		private readonly child: ChildProcess,
		/** Where it answers. */
		readonly url: string,
		/** File with all it printed. */
		readonly logFile: string,
	) {
		running.add(this);
		child.once('exit', () => running.delete(this));
	}

	/**
	 * Starts it and waits until it answers.
	 *
	 * @param name of the log, when several share a folder
	 * @throws Error with the end of its log when it does not
	 */
	static async start(
		settings: N8nSettings,
		role: Role = 'start',
		name: string = role,
	): Promise<N8nProcess> {
		const { folder, port = await closedPort(), args = [] } = settings;
		mkdirSync(folder, { recursive: true });
		const logFile = join(folder, `${name}.log`);
		const { child } = await launch([role, ...args], settings, {
			N8N_PORT: String(port),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			WEBHOOK_URL: `http://127.0.0.1:${port}/`,
			...settings.env,
		});
		const log = createWriteStream(logFile, { flags: 'a' });
		child.stdout?.pipe(log);
		child.stderr?.pipe(log);
		const n8n = new N8nProcess(child, `http://127.0.0.1:${port}`, logFile);
		await n8n.ready();
		return n8n;
	}

	/** The process, to kill it. */
	get pid(): number {
		return this.child.pid ?? 0;
	}

	/** Whether it has ended, of itself or not. */
	get ended(): boolean {
		return this.child.exitCode !== null || this.child.signalCode !== null;
	}

	/** Everything it printed so far. */
	get log(): string {
		return readFileSync(this.logFile, 'utf8');
	}

	/** Stops it politely. */
	async stop(): Promise<void> {
		await this.end('SIGTERM');
	}

	/** Ends it: with SIGKILL here and now, as a power cut does. */
	async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		if (this.ended) return;
		const exit = once(this.child, 'exit');
		this.child.kill(signal);
		const late = AbortSignal.timeout(STOP_MS);
		late.addEventListener('abort', () => this.child.kill('SIGKILL'), { once: true });
		await exit;
	}

	private async ready(): Promise<void> {
		const deadline = Date.now() + START_MS;
		while (Date.now() < deadline) {
			if (this.ended) break;
			const answer = await fetch(`${this.url}/healthz/readiness`).catch(() => undefined);
			if (answer?.ok) return;
			await setTimeout(LOOK_AGAIN_MS);
		}
		await this.end('SIGKILL');
		throw new Error(`n8n did not start:\n${this.log.slice(-4000)}`);
	}
}

/**
 * Runs a command of n8n's CLI on the same user folder.
 *
 * @returns what it printed
 * @throws Error with what it printed when it fails
 */
export async function runN8n(settings: N8nSettings, ...args: string[]): Promise<string> {
	const { child } = await launch(args, settings, { ...settings.env });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const [code] = (await once(child, 'close')) as [number | null];
	if (code !== 0) throw new Error(`n8n ${args.join(' ')} ended with ${code}:\n${output}`);
	return output;
}

/** For `afterAll`: ends what is running, or a failed test left running. */
export async function endN8n(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
	await Promise.all([...running].map(async (n8n) => await n8n.end(signal)));
}

async function launch(
	args: string[],
	{ folder }: N8nSettings,
	env: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess }> {
	const { NODE24_PROGRAM: node24 = '', N8N_PROGRAM: program = '' } = process.env;
	if (!program)
		throw new Error('N8N_PROGRAM is not set: scripts/n8n.mjs installs n8n and names it');
	const child = spawn(node24, [program, ...args], {
		cwd: folder,
		env: {
			...inherited(),
			PATH: pathWith(node24),
			...QUIET,
			N8N_USER_FOLDER: folder,
			N8N_RUNNERS_BROKER_PORT: String(await closedPort()),
			...env,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	// In an object: a child process is no promise, but an async function would look into it.
	return { child };
}

/**
 * The environment without what is meant for this process: settings of another n8n, of jest, of Node.
 * Whom this machine trusts is not among them.
 */
function inherited(): NodeJS.ProcessEnv {
	const own = /^(N8N_|JEST_|NODE_(?!EXTRA_CA_CERTS$)|EXECUTIONS_|QUEUE_|DB_|WEBHOOK_URL$)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
