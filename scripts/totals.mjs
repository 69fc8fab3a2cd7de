// How many tests passed, failed and were skipped, summed over every suite of a run: what a run of all
// suites says in its very last line. `node scripts/totals.mjs STATUS` prints the sum of TEST_TOTALS.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** jest calls it after each run: adds a line of JSON to the file that TEST_TOTALS names, if it does. */
export default class TotalsReporter {
	onRunComplete(_contexts, results) {
		const { TEST_TOTALS: file } = process.env;
		if (!file) return;
		const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = results;
		const total = {
			suite: results.testResults[0]?.displayName?.name ?? 'tests',
			passed: numPassedTests,
			// A file that could not even be loaded holds no test that failed.
			failed: numFailedTests + results.numRuntimeErrorTestSuites,
			skipped: numPendingTests + numTodoTests,
		};
		appendFileSync(file, `${JSON.stringify(total)}\n`);
	}
}

/**
 * A place for the totals of several suites.
 *
 * @returns what to add to the suites' environment; `print`, which says what came of each and, last,
 * the sum, and hands the totals on to the run that this one is a part of
 */
export function collectTotals() {
	const folder = mkdtempSync(join(tmpdir(), 'wecom-data-totals-'));
	const file = join(folder, 'totals');
	return {
		env: { TEST_TOTALS: file },
		print(status) {
			const text = textOf(file);
			const outer = process.env.TEST_TOTALS;
			if (outer) appendFileSync(outer, text);
			rmSync(folder, { recursive: true });
			const totals = totalsIn(text);
			console.log();
			for (const { suite, passed, failed, skipped } of totals) {
				console.log(`${suite}: ${passed} of ${passed + failed + skipped} tests passed`);
			}
			console.log(sumOf(totals, status));
		},
	};
}

/** @param status of the run: one that failed without a failed test counts as a failure itself */
function sumOf(totals, status) {
	const sum = (key) => totals.reduce((all, total) => all + total[key], 0);
	const failed = sum('failed') || (status === 0 ? 0 : 1);
	return `${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`;
}

function textOf(file) {
	return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function totalsIn(text) {
	return text
		.split('\n')
		.slice(0, -1)
		.map((line) => JSON.parse(line));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(sumOf(totalsIn(textOf(process.env.TEST_TOTALS)), Number(process.argv[2])));
}
