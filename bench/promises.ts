/** What the package promises about speed, and what was measured. */
export interface Promised {
	what: string;
	value: number;
	limit: number;
	unit: string;
	/** Whether the value has to stay below the limit or above it. */
	below: boolean;
}

/**
 * Prints whether a promise is kept; the process exits with 1 when one is not.
 *
 * @param missing why nothing was measured, where the value is NaN
 */
export function report({ what, value, limit, unit, below }: Promised, missing = ''): void {
	if (Number.isNaN(value)) {
		console.log(`  –  ${what}: not measured (${missing})`);
		return;
	}
	const kept = below ? value <= limit : value >= limit;
	const bound = `${below ? 'at most' : 'at least'} ${limit} ${unit}`;
	console.log(`  ${kept ? '✓' : '✗'}  ${what}: ${value.toFixed(2)} ${unit} (${bound})`);
	if (!kept) process.exitCode = 1;
}

/** The value in the middle; NaN of none. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
