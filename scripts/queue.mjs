// npm run test:queue: an n8n of many processes on PostgreSQL and Redis, and a worker that is killed.
// Smaller with the argument --short; other arguments go on to jest.
import { runGroup } from './group.mjs';
import { ensureInstalled, run } from './setup.mjs';
import { collectCounts } from './tables.mjs';

ensureInstalled();

const given = process.argv.slice(2);
const short = given.includes('--short');
const counts = collectCounts();
const env = { ...process.env, ...counts.env, QUEUE_FORM: short ? 'short' : 'long' };
const args = ['--selectProjects', 'queue', '--runInBand'];
process.exitCode =
	run('node', ['scripts/build.mjs']) ||
	(await runGroup('jest', [...args, ...given.filter((one) => one !== '--short')], env));
counts.print();
