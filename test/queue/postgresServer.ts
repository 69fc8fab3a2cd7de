import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { closedPort } from '../unit/support/server';

const HOST = '127.0.0.1';
const USER = 'n8n';
const DATABASE = 'postgres';
/** Bytes of an answer of psql: the data of all executions of a workflow. */
const MAX_ANSWER = 1024 ** 3;
const START_MS = 60_000;

/** A PostgreSQL of the suite's own, with its data in a temporary folder. */
export class PostgresServer {
	private constructor(
		private readonly server: ChildProcess,
		private readonly folder: string,
		private readonly port: number,
		private readonly password: string,
	) {}

	/** Starts it on a free port, with a password. Resolves when it accepts connections. */
	static async start(): Promise<PostgresServer> {
		const folder = mkdtempSync(join(tmpdir(), 'wecom-data-postgres-'));
		const port = await closedPort();
		const password = randomBytes(18).toString('base64url');
		const data = join(folder, 'data');
		const passwordFile = join(folder, 'password');
		writeFileSync(passwordFile, password);
		const [asUser, user] = anybodyButRoot(folder);
		const login = ['--username', USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
		const kind = ['--encoding=UTF8', '--locale=C', '--no-sync'];
		execFileSync(asUser, [...user, program('initdb'), '--pgdata', data, ...login, ...kind], {
			cwd: folder,
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		const settings = [
			`listen_addresses=${HOST}`,
			'unix_socket_directories=',
			'max_connections=200',
		];
		const server = spawn(
			asUser,
			[
				...[...user, program('postgres'), '-D', data, '-p', String(port)],
				...settings.flatMap((one) => ['-c', one]),
			],
			{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
		);
		const postgres = new PostgresServer(server, folder, port, password);
		await postgres.ready();
		return postgres;
	}

	/** What n8n has to know of it. */
	get env(): Record<string, string> {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: HOST,
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_DATABASE: DATABASE,
			DB_POSTGRESDB_USER: USER,
			DB_POSTGRESDB_PASSWORD: this.password,
		};
	}

	/** @returns the rows of a SELECT, as JSON has them */
	async query<T>(select: string): Promise<T[]> {
		const { stdout } = await promisify(execFile)(
			program('psql'),
			[
				...['--host', HOST, '--port', String(this.port), '--username', USER, '--dbname', DATABASE],
				...['--no-psqlrc', '--tuples-only', '--no-align', '--command'],
				`SELECT coalesce(json_agg(row), '[]') FROM (${select}) AS row`,
			],
			{ env: { ...process.env, PGPASSWORD: this.password }, maxBuffer: MAX_ANSWER },
		);
		return JSON.parse(stdout) as T[];
	}

	/** Stops it, whatever is connected, and removes its data. */
	async stop(): Promise<void> {
		if (this.server.exitCode === null && this.server.signalCode === null) {
			const ended = once(this.server, 'exit');
			this.server.kill('SIGINT');
			await ended;
		}
		rmSync(this.folder, { recursive: true });
	}

	private async ready(): Promise<void> {
		let said = '';
		const late = setTimeout(() => this.server.kill('SIGKILL'), START_MS);
		this.server.stderr?.setEncoding('utf8');
		try {
			for await (const text of this.server.stderr ?? []) {
				said += String(text);
				if (said.includes('ready to accept connections')) {
					this.server.stderr?.resume();
					return;
				}
			}
		} finally {
			clearTimeout(late);
		}
		rmSync(this.folder, { recursive: true });
		throw new Error(`PostgreSQL did not start:\n${said}`);
	}
}

function program(name: string): string {
	return join(process.env.POSTGRES_BIN ?? '', name);
}

/**
 * PostgreSQL refuses to run as root. What to put before a command so that it does not: a namespace in
 * which root has another number, or, where there are none, the user that PostgreSQL's package made.
 *
 * @param folder is then that user's
 */
function anybodyButRoot(folder: string): [program: string, args: string[]] {
	if (process.getuid?.() !== 0) return ['env', []];
	const namespace = ['--user', '--map-user=1000', '--map-group=1000', '--'];
	if (spawnSync('unshare', [...namespace, 'true']).status === 0) return ['unshare', namespace];
	execFileSync('chown', ['--recursive', 'postgres:postgres', folder]);
	return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', '--']];
}
