// npm test: everything that has to be green, in the order in which it fails fastest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();

const reports = mkdtempSync(join(tmpdir(), 'wecom-data-test-'));
const reporting = (project) => ['--silent', '--json', `--outputFile=${join(reports, project)}`];
const jest = (project) => run('jest', ['--selectProjects', project, ...reporting(project)]);

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
		() => run('node', ['scripts/faults.mjs', '--short', ...reporting('faults')]),
	],
	['Example tests', () => jest('examples')],
];

for (const [name, step] of steps) {
	console.log(`\n── ${name}`);
	const started = Date.now();
	const status = step();
	if (status !== 0) {
		console.error(`\n${name}: failed (exit ${status})`);
		process.exit(status);
	}
	console.log(`${name}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

const results = ['unit', 'engine', 'faults', 'examples'].map((project) => {
	const result = JSON.parse(readFileSync(join(reports, project), 'utf8'));
	console.log(`${project}: ${result.numPassedTests} of ${result.numTotalTests} tests passed`);
	return result;
});
rmSync(reports, { recursive: true });
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
// All runs in jest's own words, for those who read only the end.
console.log(
	`\nTest Suites: ${sum('numPassedTestSuites')} passed, ${sum('numTotalTestSuites')} total`,
);
console.log(`Tests:       ${sum('numPassedTests')} passed, ${sum('numTotalTests')} total`);
