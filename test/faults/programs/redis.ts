import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { answerParent } from './answer';

/** A redis-server of the suite's own. */
export interface RedisSettings {
	port: number;
	password: string;
	/** Where its append-only file goes: what it was told outlives it. */
	folder: string;
	/** Who may log in, with nothing but keys of this prefix; anybody with the password when left out. */
	user?: { name: string; keyPrefix: string };
	/** Files in the folder: TLS and nothing else; no TLS when left out. */
	tls?: { certFile: string; keyFile: string };
	/** Something else than a Redis of its own: one of a Cluster, alone in it, or a Sentinel. */
	mode?: 'cluster' | 'sentinel';
}

let server: ChildProcess | undefined;
let paused = false;

/** Starts it, or lets it go on. Resolves when it accepts connections. */
async function start(settings: RedisSettings): Promise<void> {
	if (paused) return goOn();
	const child = launch(settings);
	server = child;
	let said = '';
	for await (const text of child.stdout.setEncoding('utf8')) {
		said += String(text);
		if (/Ready to accept connections|Sentinel ID is/.test(said)) {
			child.stdout.resume();
			return;
		}
	}
	throw new Error(`redis-server did not start:\n${said}`);
}

function launch(settings: RedisSettings) {
	const program = process.env.REDIS_SERVER ?? 'redis-server';
	const stdio: ['pipe', 'pipe', 'ignore'] = ['pipe', 'pipe', 'ignore'];
	const config = configOf(settings);
	if (settings.mode !== 'sentinel') {
		const child = spawn(program, ['-'], { stdio });
		child.stdin.end(config);
		return child;
	}
	// A Sentinel writes what it finds out into its configuration.
	const file = join(settings.folder, 'sentinel.conf');
	writeFileSync(file, config, { mode: 0o600 });
	return spawn(program, [file, '--sentinel'], { stdio });
}

function configOf({ port, password, folder, user, tls, mode }: RedisSettings): string {
	const keep = ['save ""', 'appendonly yes', 'appendfsync always'];
	return [
		'bind 127.0.0.1',
		...(tls
			? [
					'port 0',
					`tls-port ${port}`,
					`tls-cert-file ${tls.certFile}`,
					`tls-key-file ${tls.keyFile}`,
					`tls-ca-cert-file ${tls.certFile}`,
					'tls-auth-clients no',
				]
			: [`port ${port}`]),
		...(user
			? ['user default off', `user ${user.name} on >${password} ~${user.keyPrefix}* &* +@all`]
			: [`requirepass ${password}`]),
		`dir ${folder}`,
		...(mode === 'sentinel' ? [] : keep),
		...(mode === 'cluster' ? ['cluster-enabled yes'] : []),
		'\n',
	].join('\n');
}

/** Ends it, or stops it in its tracks (SIGSTOP). Resolves when its port is free, or at once. */
async function halt({ signal }: { signal: NodeJS.Signals }): Promise<void> {
	if (!server || server.exitCode !== null) return;
	const ended = once(server, 'exit');
	server.kill(signal);
	if (signal === 'SIGSTOP') {
		paused = true;
		return;
	}
	goOn(); // to die
	await ended;
}

function goOn(): void {
	server?.kill('SIGCONT');
	paused = false;
}

process.on('exit', () => server?.kill('SIGKILL'));

answerParent({ start, halt }, async () => await halt({ signal: 'SIGTERM' }));
