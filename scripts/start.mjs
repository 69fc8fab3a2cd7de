// npm start: a real n8n with this package, and a simulated WeCom to try it on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { ensureRunningN8n } from './n8n.mjs';
import { ensureCompiler } from './programs.mjs';
import { ensureInstalled, root, run } from './setup.mjs';

ensureInstalled();
await ensureRunningN8n();
ensureCompiler();
console.log('Building the package …');
process.exitCode = run('node', ['scripts/build.mjs']);
if (process.exitCode === 0) {
	const args = ['--import', 'tsx', 'scripts/start.ts', ...process.argv.slice(2)];
	const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
	// Ctrl-C reaches the child as well, a signal to this process does not: it ends when the child has
	// stopped everything.
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'));
	const [code] = await once(child, 'exit');
	process.exitCode = code ?? 1;
}
