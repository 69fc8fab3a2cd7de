/** WeCom takes more, but other workflows call as well. */
const AT_ONCE = 5;

/**
 * Does something with every entry, a few at a time.
 *
 * @returns the results in the order of the entries
 * @throws what the first failing one throws; none is begun after it
 */
export async function inParallel<Entry, Result>(
	entries: readonly Entry[],
	work: (entry: Entry) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const waiting = entries.entries();
	let failed = false;
	const worker = async () => {
		for (const [index, entry] of waiting) {
			if (failed) return;
			results[index] = await work(entry).catch((error: unknown) => {
				failed = true;
				throw error;
			});
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return results;
}
