import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Random } from '../../simulator/random';
import { closedPort } from '../unit/support/server';
import { Program } from './program';
import type { RedisSettings } from './programs/redis';

/** A Redis of the suite's own, stopped when the suite ends, however it ends. */
export class RedisServer {
	private constructor(
		private readonly program: Program,
		private readonly settings: RedisSettings,
		/** Decrypted credential `wecomStateApi` that reaches it. */
		readonly credential: Record<string, string | number | boolean>,
	) {}

	/** Starts it on a free port, with a password and a folder of its own. */
	static async start(random: Random): Promise<RedisServer> {
		const settings: RedisSettings = {
			port: await closedPort(),
			password: random.text(32),
			folder: mkdtempSync(join(tmpdir(), 'wecom-data-redis-')),
		};
		const program = Program.start('redis');
		await program.ask('start', settings);
		return new RedisServer(program, settings, {
			host: '127.0.0.1',
			port: settings.port,
			user: '',
			password: settings.password,
			database: 0,
			tls: false,
			keyPrefix: 'faults/',
			encryptionKey: random.text(40),
		});
	}

	/** Stops it politely, or kills it; it keeps what it was told. */
	async halt(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		await this.program.ask('halt', { signal });
	}

	/** Starts it again, on the same port. */
	async startAgain(): Promise<void> {
		await this.program.ask('start', this.settings);
	}

	/** Everything it keeps on disk. */
	content(): string {
		const { folder } = this.settings;
		return readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
			.join('\n');
	}

	/** Stops it for good and removes its files. */
	async stop(): Promise<void> {
		await this.program.stop();
		rmSync(this.settings.folder, { recursive: true });
	}
}
