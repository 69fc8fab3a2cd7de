import type { ExecutionLease } from './executionLease';
import type { Range } from './feed';
import type { SharedLease } from './leaseHolder';
import { joined, without } from './ranges';
import { ofLease, type LeasedRange } from './sharedPosition';

interface Unrecorded {
	ranges: Range[];
	/** Under which leases some of it was recorded later. */
	later: SharedLease[];
}

/** What executions that run have leased while the shared state was away, to record it later. */
export class UnrecordedLeases {
	private readonly known = new Map<ExecutionLease, Unrecorded>();

	/** Keeps in mind what an execution has, until it ends. */
	add(execution: ExecutionLease, ranges: readonly Range[]): void {
		const known = this.known.get(execution) ?? { ranges: [], later: [] };
		known.ranges = joined([...known.ranges, ...ranges]);
		if (this.known.has(execution)) return;
		this.known.set(execution, known);
		execution.beforeSaving(() => this.known.delete(execution));
	}

	/**
	 * Forgets what an execution has no more.
	 *
	 * @returns the leases under which it may have been recorded meanwhile
	 */
	remove(execution: ExecutionLease, ranges: readonly Range[]): readonly SharedLease[] {
		const known = this.known.get(execution);
		if (!known) return [];
		known.ranges = without(known.ranges, ranges);
		return known.later;
	}

	/**
	 * Begins leases of everything, to be recorded.
	 *
	 * @param begin begins one; undefined where that cannot be
	 * @returns what to record, and what to call when that was done
	 */
	async lease(
		begin: (execution: ExecutionLease) => Promise<SharedLease | undefined>,
	): Promise<{ ranges: LeasedRange[]; onRecorded: () => void }> {
		const leased: LeasedRange[] = [];
		const calls: Array<() => void> = [];
		for (const [execution, known] of this.known) {
			const lease = known.ranges.length > 0 ? await begin(execution) : undefined;
			if (!lease) continue;
			const { ranges } = known;
			leased.push(...ofLease(lease.name, ranges));
			calls.push(() => {
				known.ranges = without(known.ranges, ranges);
				known.later.push(lease);
			});
		}
		return { ranges: leased, onRecorded: () => calls.forEach((call) => call()) };
	}
}
