import type { Mark, Range } from './feed';

/** The one that is further on; of two beginnings the one with a cursor. */
export function later(one: Mark, other: Mark): Mark {
	if (one.ordinal === other.ordinal) return other.value === undefined ? one : other;
	return one.ordinal > other.ordinal ? one : other;
}

/** The same records in as few ranges as it takes, in order. */
export function joined(ranges: readonly Range[]): Range[] {
	const inOrder = [...ranges].sort((a, b) => (a.from.ordinal < b.from.ordinal ? -1 : 1));
	const result: Array<{ from: Mark; to: Mark }> = [];
	for (const { from, to } of inOrder) {
		const last = result.at(-1);
		if (!last || from.ordinal > last.to.ordinal) result.push({ from, to });
		else last.to = later(to, last.to);
	}
	return result;
}

/** What of some ranges is in none of the others, in order. */
export function without(ranges: readonly Range[], others: readonly Range[]): Range[] {
	let left = joined(ranges);
	for (const { from, to } of others) {
		left = left.flatMap((range) =>
			[
				{ from: range.from, to: from.ordinal < range.to.ordinal ? from : range.to },
				{ from: later(to, range.from), to: range.to },
			].filter((part) => part.from.ordinal < part.to.ordinal),
		);
	}
	return left;
}

/** What of some ranges is in the others as well, in order. */
export function within(ranges: readonly Range[], others: readonly Range[]): Range[] {
	return without(ranges, without(ranges, others));
}
