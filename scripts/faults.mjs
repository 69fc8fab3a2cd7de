// npm run test:faults: nothing is lost and nothing is done twice, whatever happens on the way.
// In the short form, for npm test, with the argument --short; other arguments go on to jest.
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();

const given = process.argv.slice(2);
const short = given.includes('--short');
const seed = Number(process.env.FAULT_SEED ?? randomInt(2 ** 31));
if (!Number.isSafeInteger(seed)) throw new TypeError('FAULT_SEED must be a whole number');

const folder = mkdtempSync(join(tmpdir(), 'wecom-data-counts-'));
const counts = join(folder, 'counts');
writeFileSync(counts, '');

console.log(`Fault suite, ${short ? 'short' : 'long'} form, seed ${seed}`);
const built = short ? 0 : run('node', ['scripts/build.mjs']);
const args = ['--selectProjects', 'faults', '--runInBand'];
const env = {
	...process.env,
	FAULT_FORM: short ? 'short' : 'long',
	FAULT_SEED: String(seed),
	FAULT_COUNTS: counts,
};
const status =
	built || run('jest', [...args, ...given.filter((one) => one !== '--short')], { env });

const rows = readFileSync(counts, 'utf8')
	.split('\n')
	.slice(0, -1)
	.map((line) => JSON.parse(line));
for (const table of tablesOf(rows)) console.log(`\n${table.join('\n')}`);
const again = short ? 'node scripts/faults.mjs --short' : 'npm run test:faults';
console.log(`\nThe same faults again: FAULT_SEED=${seed} ${again}`);
rmSync(folder, { recursive: true });
process.exitCode = status;

/** Rows with the same columns make a table. */
function tablesOf(reports) {
	const groups = new Map();
	for (const { part, counts: figures } of reports) {
		const columns = Object.keys(figures);
		const table = groups.get(columns.join()) ?? [['', ...columns]];
		groups.set(columns.join(), [...table, [part, ...Object.values(figures).map(String)]]);
	}
	return [...groups.values()].map((table) => {
		const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
		return table.map(([part, ...cells]) =>
			[part.padEnd(widths[0]), ...cells.map((cell, at) => cell.padStart(widths[at + 1]))].join(
				'  ',
			),
		);
	});
}
