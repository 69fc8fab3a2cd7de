import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Random } from '../../simulator/random';
import { closedPort } from '../unit/support/server';
import type { Certificate } from './certificate';
import { Program } from './program';
import type { RedisSettings } from './programs/redis';

const KEY_PREFIX = 'faults/';

/** A Redis of the suite's own, stopped when the suite ends, however it ends. */
export class RedisServer {
	private constructor(
		private readonly program: Program,
		private readonly settings: RedisSettings,
		/** Decrypted credential `wecomStateApi` that reaches it. */
		readonly credential: Record<string, string | number | boolean>,
	) {}

	/**
	 * Starts it on a free port, with a password and a folder of its own.
	 *
	 * @param strict lets in one user alone, for one prefix, with TLS alone: `certificate` is its own
	 * @param mode one of a Cluster, or a Sentinel
	 */
	static async start(
		random: Random,
		strict?: { user: string; certificate: Certificate },
		mode?: RedisSettings['mode'],
	): Promise<RedisServer> {
		const folder = mkdtempSync(join(tmpdir(), 'wecom-data-redis-'));
		const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
		if (strict) {
			writeFileSync(certFile, strict.certificate.cert);
			writeFileSync(keyFile, strict.certificate.key);
		}
		const settings: RedisSettings = {
			port: await closedPort(),
			password: random.text(32),
			folder,
			...(mode ? { mode } : {}),
			...(strict
				? { user: { name: strict.user, keyPrefix: KEY_PREFIX }, tls: { certFile, keyFile } }
				: {}),
		};
		const program = Program.start('redis');
		await program.ask('start', settings);
		return new RedisServer(program, settings, {
			host: strict ? 'localhost' : '127.0.0.1',
			port: settings.port,
			user: strict?.user ?? '',
			password: settings.password,
			database: strict ? 3 : 0,
			tls: strict !== undefined,
			keyPrefix: KEY_PREFIX,
			encryptionKey: random.text(40),
		});
	}

	/** Stops it politely, kills it, or freezes it; it keeps what it was told. */
	async halt(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP'): Promise<void> {
		await this.program.ask('halt', { signal });
	}

	/** Starts it again, on the same port, or lets it go on. */
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
