// npm run test:n8n1: the engine tests on n8n 1.x, under the Node.js that most of its users run.
// Arguments go on to jest.
import { ensureInstalled, run } from './setup.mjs';

const NODE = '20';

ensureInstalled();
const args = process.argv.slice(2);
const jest = ['jest', '--selectProjects', 'n8n1', '--silent', ...args];
const [major] = process.versions.node.split('.');
process.exitCode =
	major === NODE
		? run('node', ['scripts/build.mjs']) || run(jest[0], jest.slice(1))
		: run('npm', [
				...['exec', '--yes', '--ignore-scripts=false', `--package=node@${NODE}`, '--'],
				...['node', 'scripts/testN8n1.mjs', ...args],
			]);
