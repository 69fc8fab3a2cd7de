import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { seeded } from '../faults/sizes';
import { endPrograms } from '../faults/program';
import { RedisServer } from '../faults/redisServer';
import { endN8n, N8nProcess, type Role } from '../n8n/n8nProcess';
import { packPackage, pathWith, publishedLocally, type PackedPackage } from '../n8n/package';
import { Rest } from '../n8n/rest';
import { PostgresServer } from './postgresServer';

/** How soon n8n finds out that a worker is gone, milliseconds; by default 60 and 30 seconds. */
const LOCK_MS = { duration: 10_000, renew: 2000, check: 3000 };

/** An n8n in queue mode on this machine: what a cluster of containers is elsewhere. */
export class Cluster {
	readonly webhooks: N8nProcess[] = [];
	readonly workers: N8nProcess[] = [];
	private started = 0;

	private constructor(
		readonly main: N8nProcess,
		readonly rest: Rest,
		readonly postgres: PostgresServer,
		readonly redis: RedisServer,
		private readonly folder: string,
		private readonly env: Record<string, string>,
		/** The package all processes get. */
		readonly pack: PackedPackage,
	) {}

	/**
	 * Starts PostgreSQL, Redis, a main process and two webhook processors, and signs in. The package
	 * is there for n8n to install, and not installed.
	 */
	static async start(): Promise<Cluster> {
		const folder = mkdtempSync(join(tmpdir(), 'wecom-data-queue-'));
		const pack = packPackage(folder);
		const [postgres, redis] = await Promise.all([
			PostgresServer.start(),
			RedisServer.start(seeded('queue')),
		]);
		const { host, port, password } = redis.credential;
		const env = {
			...postgres.env,
			// As in deploy/compose.yaml.
			N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: String(host),
			QUEUE_BULL_REDIS_PORT: String(port),
			QUEUE_BULL_REDIS_PASSWORD: String(password),
			QUEUE_WORKER_LOCK_DURATION: String(LOCK_MS.duration),
			QUEUE_WORKER_LOCK_RENEW_TIME: String(LOCK_MS.renew),
			QUEUE_WORKER_STALLED_INTERVAL: String(LOCK_MS.check),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
			// Every process installs the packages that the database names and its folder lacks.
			N8N_REINSTALL_MISSING_PACKAGES: 'true',
			EXECUTIONS_DATA_PRUNE: 'false',
			// A machine that is busy with other things is no database that is away.
			DB_PING_TIMEOUT_MS: '60000',
			...publishedLocally(folder, pack, pathWith(process.env.NODE24_PROGRAM ?? '')),
		};
		try {
			// It makes the tables; the others want to find them.
			const main = await N8nProcess.start({ folder: join(folder, 'main'), env });
			const rest = new Rest(main.url);
			await rest.signIn();
			return new Cluster(main, rest, postgres, redis, folder, env, pack);
		} catch (error) {
			await stopAll(postgres, redis, folder);
			throw error;
		}
	}

	async startWebhooks(count: number): Promise<void> {
		this.webhooks.push(...(await this.startAll('webhook', count)));
	}

	async startWorkers(count: number): Promise<void> {
		this.workers.push(...(await this.startAll('worker', count)));
	}

	/**
	 * Installs the package as _Settings → Community Nodes_ does. Resolves when the other processes, to
	 * which n8n passes it on, have it as well.
	 */
	async install(): Promise<void> {
		await this.rest.post('/community-packages', { name: this.pack.name, verify: false });
		const others = [...this.webhooks, ...this.workers];
		await this.rest.until('every process has the package', async () => {
			const has = others.map(({ log }) => log.includes(`package installed: ${this.pack.name}`));
			return await Promise.resolve(!has.includes(false));
		});
	}

	/** Stops everything and removes its files. */
	async stop(): Promise<void> {
		await stopAll(this.postgres, this.redis, this.folder);
	}

	private async startAll(role: Role, count: number): Promise<N8nProcess[]> {
		return await Promise.all(
			Array.from({ length: count }, async () => {
				const name = `${role}-${++this.started}`;
				return await N8nProcess.start(
					{ folder: join(this.folder, name), env: this.env },
					role,
					name,
				);
			}),
		);
	}
}

async function stopAll(postgres: PostgresServer, redis: RedisServer, folder: string) {
	// Nothing of it is needed any more: no reason to wait for a shutdown in good order.
	await endN8n('SIGKILL');
	await redis.stop();
	await postgres.stop();
	await endPrograms();
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
