// What suites counted: test/faults/counts.ts writes it down, these print it when they are over.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A place for what a suite counts.
 *
 * @returns what to add to the suite's environment, and how to print the tables at the end
 */
export function collectCounts() {
	const folder = mkdtempSync(join(tmpdir(), 'wecom-data-counts-'));
	const counts = join(folder, 'counts');
	writeFileSync(counts, '');
	return {
		env: { FAULT_COUNTS: counts },
		print() {
			const rows = readFileSync(counts, 'utf8')
				.split('\n')
				.slice(0, -1)
				.map((line) => JSON.parse(line));
			for (const table of tablesOf(rows)) console.log(`\n${table.join('\n')}`);
			rmSync(folder, { recursive: true });
		},
	};
}

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
