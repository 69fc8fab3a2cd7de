/**
 * Does something with every entry, a few at a time.
 *
 * @param atOnce most of them at a time
 * @returns the results in the order of the entries
 * @throws what the first failing one throws, once those under way have ended; none is begun after it
 */
export async function inParallel<Entry, Result>(
	entries: readonly Entry[],
	atOnce: number,
	work: (entry: Entry) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const failures: unknown[] = [];
	const waiting = entries.entries();
	const worker = async () => {
		for (const [index, entry] of waiting) {
			if (failures.length > 0) return;
			try {
				results[index] = await work(entry);
			} catch (error) {
				failures.push(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, entries.length) }, worker));
	if (failures.length > 0) throw failures[0];
	return results;
}
