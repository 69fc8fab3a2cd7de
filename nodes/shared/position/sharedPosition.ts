import * as z from 'zod/v4';

import { expectHolder, parseKept } from '../../../wecom/state/foreignValue';
import type { StateStore } from '../../../wecom/state/stateStore';
import { BEGINNING, type Mark, type Range } from './feed';
import { markText, readMark, writeMark } from './markText';

/** How far a node of several processes came, and what executions have leased on the way. */
export interface SharedPosition {
	mark: Mark;
	leases: LeasedRange[];
}

/** A range, and who has it. */
export interface LeasedRange extends Range {
	/** Name of a lease (leaseHolder.ts), or {@link NOBODY}. */
	lease: string;
}

/** Has what the next pull is to take first. */
export const NOBODY = '';

const POSITION = z.object({
	seq: markText,
	taken: z.array(z.tuple([markText, markText, z.string()])),
});
const FACT = z.object({ ended: z.boolean(), givenBack: z.array(z.string()) });

/**
 * @param text as {@link writePosition} made it
 * @param key where it was kept
 * @throws StateUnusableError when it is something else
 */
export function readPosition(text: string | undefined, key: string): SharedPosition {
	if (text === undefined) return { mark: BEGINNING, leases: [] };
	const { seq, taken } = parseKept(text, key, POSITION);
	return {
		mark: readMark(seq),
		leases: taken.map(([from, to, lease]) => ({ from: readMark(from), to: readMark(to), lease })),
	};
}

/** The text of a position. */
export function writePosition({ mark, leases }: SharedPosition): string {
	const taken = leases.map(({ from, to, lease }) => [writeMark(from), writeMark(to), lease]);
	return JSON.stringify({ seq: writeMark(mark), taken });
}

/** Ranges under the name of a lease. */
export function ofLease(lease: string, ranges: readonly Range[]): LeasedRange[] {
	return ranges.map(({ from, to }) => ({ from, to, lease }));
}

/**
 * Tells the ranges of executions that still run from those that are free: nacked, or abandoned by an
 * execution that went down with its process. What an execution had that has ended is neither.
 *
 * @throws StateUnavailableError when the store cannot be reached, or somebody else wrote there
 */
export async function sortOut(
	store: StateStore,
	leases: readonly LeasedRange[],
): Promise<{ leased: LeasedRange[]; free: LeasedRange[] }> {
	const leased: LeasedRange[] = [];
	const free: LeasedRange[] = [];
	for (const [holder, ranges] of byHolder(leases)) {
		// In this order: whoever ends says so first, and then gives up its lock.
		const lock = `lock/${nameOf(holder)}`;
		const alive = holder === NOBODY ? undefined : await store.get(lock);
		expectHolder(alive, lock);
		const runs = alive !== undefined;
		const fact = holder === NOBODY ? undefined : await store.get(nameOf(holder));
		const { ended, givenBack } = readFact(fact, nameOf(holder));
		for (const range of ranges) {
			if (givenBack.includes(range.lease)) free.push(range);
			else if (runs) leased.push(range);
			else if (!ended) free.push(range);
		}
	}
	return { leased, free };
}

function byHolder(leases: readonly LeasedRange[]): Map<string, LeasedRange[]> {
	const all = new Map<string, LeasedRange[]>();
	for (const range of leases) {
		const [holder = NOBODY] = range.lease.split('/');
		all.set(holder, [...(all.get(holder) ?? []), range]);
	}
	return all;
}

/** What the holder of leases says of itself, as JSON. */
export interface Fact {
	ended: boolean;
	/** Names of the leases that were nacked. */
	givenBack: string[];
}

function readFact(text: string | undefined, key: string): Fact {
	return text === undefined ? { ended: false, givenBack: [] } : parseKept(text, key, FACT);
}

/** Key of what a holder says of itself, and of the lock it has while it runs. */
export function nameOf(holder: string): string {
	return `taken/${holder}`;
}
