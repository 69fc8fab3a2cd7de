import * as z from 'zod/v4';

import { parseSeq } from '../../wecom/archive/seq';
import { expectHolder, parseKept } from '../../wecom/state/foreignValue';
import type { StateStore } from '../../wecom/state/stateStore';

/** Messages after one seq and up to another. */
export interface Range {
	from: bigint;
	to: bigint;
}

/** How far a node of several processes came, and what executions took with them on the way. */
export interface SharedPosition {
	seq: bigint;
	taken: TakenRange[];
}

/** A range, and who has it. */
export interface TakenRange extends Range {
	/** Name of a share (taker.ts), or {@link NOBODY}. */
	share: string;
}

/** Has what the next pull is to take first. */
export const NOBODY = '';

const seqText = z.string().refine((text) => /^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n);
const POSITION = z.object({
	seq: seqText,
	taken: z.array(z.tuple([seqText, seqText, z.string()])),
});
const FACT = z.object({ ended: z.boolean(), givenBack: z.array(z.string()) });

/**
 * @param text as {@link writePosition} made it
 * @param key where it was kept
 * @throws StateUnusableError when it is something else
 */
export function readPosition(text: string | undefined, key: string): SharedPosition {
	if (text === undefined) return { seq: 0n, taken: [] };
	const { seq, taken } = parseKept(text, key, POSITION);
	return {
		seq: parseSeq(seq),
		taken: taken.map(([from, to, share]) => ({ from: parseSeq(from), to: parseSeq(to), share })),
	};
}

/** The text of a position; seqs beyond 2^53 stay exact. */
export function writePosition({ seq, taken }: SharedPosition): string {
	const ranges = taken.map(({ from, to, share }) => [`${from}`, `${to}`, share]);
	return JSON.stringify({ seq: `${seq}`, taken: ranges });
}

/** The same messages in as few ranges as it takes, in order. */
export function joined(ranges: readonly Range[]): Range[] {
	const result: Range[] = [];
	for (const { from, to } of [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1))) {
		const last = result.at(-1);
		if (!last || from > last.to) result.push({ from, to });
		else if (to > last.to) last.to = to;
	}
	return result;
}

/** What of some ranges is in none of the others, in order. */
export function without(ranges: readonly Range[], others: readonly Range[]): Range[] {
	let left = joined(ranges);
	for (const { from, to } of others) {
		left = left.flatMap((range) =>
			[
				{ from: range.from, to: from < range.to ? from : range.to },
				{ from: to > range.from ? to : range.from, to: range.to },
			].filter((part) => part.from < part.to),
		);
	}
	return left;
}

/** What of some ranges is in the others as well, in order. */
export function within(ranges: readonly Range[], others: readonly Range[]): Range[] {
	return without(ranges, without(ranges, others));
}

/**
 * Tells the ranges that executions have that still run from those that are lost: their execution went
 * down with its process, or gave them back. What an execution had that has ended is neither.
 *
 * @throws StateUnavailableError when the store cannot be reached, or somebody else wrote there
 */
export async function sortOut(
	store: StateStore,
	taken: readonly TakenRange[],
): Promise<{ running: TakenRange[]; lost: TakenRange[] }> {
	const running: TakenRange[] = [];
	const lost: TakenRange[] = [];
	for (const [taker, ranges] of byTaker(taken)) {
		// In this order: whoever ends says so first, and then gives up its lock.
		const lock = `lock/${nameOf(taker)}`;
		const holder = taker === NOBODY ? undefined : await store.get(lock);
		expectHolder(holder, lock);
		const runs = holder !== undefined;
		const fact = taker === NOBODY ? undefined : await store.get(nameOf(taker));
		const { ended, givenBack } = readFact(fact, nameOf(taker));
		for (const range of ranges) {
			if (givenBack.includes(range.share)) lost.push(range);
			else if (runs) running.push(range);
			else if (!ended) lost.push(range);
		}
	}
	return { running, lost };
}

function byTaker(taken: readonly TakenRange[]): Map<string, TakenRange[]> {
	const all = new Map<string, TakenRange[]>();
	for (const range of taken) {
		const [taker = NOBODY] = range.share.split('/');
		all.set(taker, [...(all.get(taker) ?? []), range]);
	}
	return all;
}

/** What a taker says of itself, as JSON. */
export interface Fact {
	ended: boolean;
	/** Shares. */
	givenBack: string[];
}

function readFact(text: string | undefined, key: string): Fact {
	return text === undefined ? { ended: false, givenBack: [] } : parseKept(text, key, FACT);
}

/** Key of what a taker says of itself, and of the lock it has while it runs. */
export function nameOf(taker: string): string {
	return `taken/${taker}`;
}
