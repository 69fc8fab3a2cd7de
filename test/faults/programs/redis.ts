import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { answerParent } from './answer';

/** A redis-server of the suite's own. */
export interface RedisSettings {
	port: number;
	password: string;
	/** Where its append-only file goes: what it was told outlives it. */
	folder: string;
}

let server: ChildProcess | undefined;

/** Starts it. Resolves when it accepts connections. */
async function start({ port, password, folder }: RedisSettings): Promise<void> {
	const program = process.env.REDIS_SERVER ?? 'redis-server';
	const child = spawn(program, ['-'], { stdio: ['pipe', 'pipe', 'ignore'] });
	server = child;
	child.stdin.end(
		[
			'bind 127.0.0.1',
			`port ${port}`,
			`requirepass ${password}`,
			`dir ${folder}`,
			'save ""',
			'appendonly yes',
			'appendfsync always',
			'\n',
		].join('\n'),
	);
	let said = '';
	for await (const text of child.stdout.setEncoding('utf8')) {
		said += String(text);
		if (said.includes('Ready to accept connections')) {
			child.stdout.resume();
			return;
		}
	}
	throw new Error(`redis-server did not start:\n${said}`);
}

/** Ends it. Resolves when its port is free. */
async function halt({ signal }: { signal: NodeJS.Signals }): Promise<void> {
	if (!server || server.exitCode !== null) return;
	const ended = once(server, 'exit');
	server.kill(signal);
	await ended;
}

process.on('exit', () => server?.kill('SIGKILL'));

answerParent({ start, halt }, async () => await halt({ signal: 'SIGTERM' }));
