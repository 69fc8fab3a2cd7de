import { appendFileSync } from 'node:fs';

/**
 * Reports what a part counted, for the table that scripts/faults.mjs prints at the end. Reported
 * before anything is expected of it: a failing run shows its figures as well.
 *
 * @param part row of the table
 * @param counts column → figure
 */
export function report(part: string, counts: Record<string, number>): void {
	const file = process.env.FAULT_COUNTS;
	if (file) appendFileSync(file, `${JSON.stringify({ part, counts })}\n`);
}
