// npm test: everything that has to be green, in the order in which it fails fastest.
import { ensureInstalled, run } from './setup.mjs';
import { collectTotals } from './totals.mjs';

ensureInstalled();

const totals = collectTotals();
const env = { ...process.env, ...totals.env };
const jest = (project) => run('jest', ['--selectProjects', project, '--silent'], { env });

const steps = [
	[
		'Lint',
		() =>
			run('eslint', ['.', '--max-warnings', '0']) ||
			run('prettier', ['--check', '--log-level', 'warn', '.']),
	],
	['Type check', () => run('tsc', ['-p', 'tsconfig.check.json'])],
	['Build', () => run('node', ['scripts/build.mjs'])],
	['Unit tests', () => jest('unit')],
	['Engine tests', () => jest('engine')],
	[
		'Fault suite, short form',
		() => run('node', ['scripts/faults.mjs', '--short', '--silent'], { env }),
	],
	['Example tests', () => jest('examples')],
];

process.exitCode = inOrder();
totals.print(process.exitCode);

/** @returns the exit status of the first step that failed, 0 when none did */
function inOrder() {
	for (const [name, step] of steps) {
		console.log(`\n── ${name}`);
		const started = Date.now();
		const status = step();
		if (status !== 0) {
			console.error(`\n${name}: failed (exit ${status})`);
			return status;
		}
		console.log(`${name}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
	}
	return 0;
}
