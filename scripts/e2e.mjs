// npm run test:e2e: the package as people install it, in a real n8n.
import { runGroup } from './group.mjs';
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
const args = ['--selectProjects=e2e', '--runInBand', ...process.argv.slice(2)];
process.exitCode =
	run('node', ['scripts/build.mjs']) || (await runGroup('jest', args, process.env));
