// npm start: a real n8n with this package, and a simulated WeCom to try it on.
import { ensureRunningN8n } from './n8n.mjs';
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
await ensureRunningN8n();
console.log('Building the package …');
// Ctrl-C reaches the child as well, which stops n8n and answers when that is done.
process.on('SIGINT', () => undefined);
process.exitCode =
	run('node', ['scripts/build.mjs']) || run('tsx', ['scripts/start.ts', ...process.argv.slice(2)]);
