// npm test: everything that has to be green, in the order in which it fails fastest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();

const reports = mkdtempSync(join(tmpdir(), 'wecom-data-test-'));
const jest = (project) =>
	run('jest', [
		'--silent',
		'--selectProjects',
		project,
		'--json',
		`--outputFile=${join(reports, project)}`,
	]);

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

const counts = ['unit', 'engine'].map((project) => {
	const { numPassedTests, numTotalTests } = JSON.parse(
		readFileSync(join(reports, project), 'utf8'),
	);
	return { project, passed: numPassedTests, total: numTotalTests };
});
rmSync(reports, { recursive: true });
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
console.log(
	`\n${sum('passed')} of ${sum('total')} tests passed (${counts.map(({ project, total }) => `${project} ${total}`).join(', ')})`,
);
