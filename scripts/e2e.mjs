// npm run test:e2e: the package as people install it, in a real n8n.
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
process.exitCode =
	run('node', ['scripts/build.mjs']) ||
	run('jest', ['--selectProjects=e2e', '--runInBand', ...process.argv.slice(2)]);
