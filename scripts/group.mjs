// For suites that start many programs: whatever happens, none of them outlives the suite.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { root } from './setup.mjs';

/** How long programs may take to stop when they are told to, milliseconds. */
const STOP_MS = 10_000;
const LOOK_AGAIN_MS = 100;

/**
 * Runs a program of the checkout's node_modules with a folder for temporary files of its own. When
 * it is over, or Ctrl-C was pressed, everything it started is ended and the folder removed.
 *
 * @returns its exit status
 */
export async function runGroup(program, args, env) {
	const folder = mkdtempSync(join(tmpdir(), 'wecom-data-run-'));
	chmodSync(folder, 0o711); // PostgreSQL may have to run as another user
	const child = spawn(join(root, 'node_modules', '.bin', program), args, {
		cwd: root,
		env: { ...env, TMPDIR: folder },
		stdio: ['ignore', 'inherit', 'inherit'],
		// A process group: it can be told to stop as a whole.
		detached: true,
	});
	const tell = (signal) => {
		try {
			process.kill(-child.pid, signal);
			return true;
		} catch {
			return false; // nobody is left
		}
	};
	let interrupted = false;
	const interrupt = () => {
		interrupted = true;
		tell('SIGTERM');
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
	const status = await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
	tell('SIGTERM');
	for (let waited = 0; waited < STOP_MS && tell(0); waited += LOOK_AGAIN_MS) {
		await setTimeout(LOOK_AGAIN_MS);
	}
	tell('SIGKILL');
	while (tell(0)) await setTimeout(LOOK_AGAIN_MS);
	if (existsSync(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	return interrupted ? 130 : status;
}
