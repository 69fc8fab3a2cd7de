import { BEGINNING, type Mark, type Range } from './feed';
import { joined, later, within, without } from './ranges';
import type { SavedPosition } from './savedPosition';

/** What is leased together. */
export interface Batch {
	readonly ranges: readonly Range[];
	/** Whoever keeps it from others; the same object for all batches of an execution. */
	readonly holder: object;
}

interface Held {
	/** Neither delivered nor nacked. */
	open: Set<Batch>;
	/** Ranges of batches that were delivered. */
	delivered: Range[];
}

/** Who gives out what was nacked: the next pull of this process, or whoever reads the shared state. */
export type Giver = 'this process' | 'shared state';

/**
 * The ranges of one archive that this process knows of, for one node. What is neither leased, nor
 * nacked, nor in the hands of other processes is acked, up to {@link mark}.
 */
export class Ledger {
	/** How far pulls came. */
	mark = BEGINNING;
	/** What the next pull of this process takes. */
	private nacked: Range[] = [];
	/** What other processes have, or the shared state has for whoever comes. */
	private elsewhere: Range[] = [];
	private readonly held = new Map<object, Held>();

	/** As it may be saved now: never beyond what somebody still works on. */
	get saved(): SavedPosition {
		const [first] = this.open;
		const mark = first && first.from.ordinal < this.mark.ordinal ? first.from : this.mark;
		return { mark, done: without(this.done, [{ from: BEGINNING, to: mark }]) };
	}

	/**
	 * Learns what was saved, by this process before it was started again or by others, of what lies
	 * beyond its own knowledge.
	 *
	 * @param giver gives out what is not acked
	 */
	learn(saved: SavedPosition, giver: Giver): void {
		const done = [{ from: BEGINNING, to: saved.mark }, ...saved.done];
		const mark = done.reduce((last, { to }) => later(to, last), this.mark);
		this.giveBack(without([{ from: this.mark, to: mark }], done), giver);
		this.mark = mark;
	}

	/**
	 * Learns what the shared state says.
	 *
	 * @param shared how far its position is, what running executions have, and what nobody has
	 * @returns what is to be pulled again: what others nacked or abandoned, and what nobody tells
	 * anything of; not what this process has or had
	 */
	learnShared(shared: { mark: Mark; leased: readonly Range[]; free: readonly Range[] }): Range[] {
		const here = [...this.done, ...this.leased];
		const unknown = without(this.elsewhere, [{ from: BEGINNING, to: shared.mark }]);
		const free = joined([...without(shared.free, here), ...unknown]);
		this.elsewhere = joined([...without(shared.leased, here), ...free]);
		this.mark = later(shared.mark, this.mark);
		return free;
	}

	/**
	 * Leases what was nacked, and what others left, to a pull that fetches it again.
	 *
	 * @param free as {@link learnShared} tells
	 */
	takeAgain(free: readonly Range[]): Batch {
		const batch = this.lease([...free, ...this.nacked], {});
		this.nacked = [];
		this.elsewhere = without(this.elsewhere, free);
		return batch;
	}

	/** Keeps ranges from others. */
	lease(ranges: readonly Range[], holder: object): Batch {
		const batch = { ranges: joined(ranges), holder };
		const held = this.held.get(holder) ?? { open: new Set(), delivered: [] };
		this.held.set(holder, held);
		held.open.add(batch);
		return batch;
	}

	/** Whether somebody has a lease. */
	isHolder(holder: object): boolean {
		return this.held.has(holder);
	}

	/** n8n has got it. The execution may still go down with its process. */
	deliver(batch: Batch): void {
		const held = this.held.get(batch.holder);
		if (held?.open.delete(batch)) held.delivered = joined([...held.delivered, ...batch.ranges]);
	}

	/** Everything that somebody has is done with. */
	ack(holder: object): void {
		this.held.delete(holder);
	}

	/** Nobody got it. */
	nack(batch: Batch, giver: Giver): void {
		this.held.get(batch.holder)?.open.delete(batch);
		this.giveBack(batch.ranges, giver);
	}

	/** Gives back what nobody holds any more. */
	giveBack(ranges: readonly Range[], giver: Giver): void {
		if (giver === 'this process') this.nacked = joined([...this.nacked, ...ranges]);
		else this.elsewhere = joined([...this.elsewhere, ...ranges]);
	}

	/** What was nacked that only this process knows of. */
	get nackedHere(): readonly Range[] {
		return this.nacked;
	}

	/** What was nacked is in the shared state from now on, for whoever comes. */
	passOn(ranges: readonly Range[]): void {
		this.nacked = without(this.nacked, ranges);
		this.giveBack(ranges, 'shared state');
	}

	/** What of some ranges executions of this process have. */
	leasedOf(ranges: readonly Range[]): Range[] {
		return within(ranges, this.leased);
	}

	private get leased(): Range[] {
		return [...this.held.values()].flatMap(({ open, delivered }) => [
			...delivered,
			...[...open].flatMap(({ ranges }) => ranges),
		]);
	}

	private get open(): Range[] {
		return joined([...this.nacked, ...this.elsewhere, ...this.leased]);
	}

	private get done(): Range[] {
		return without([{ from: BEGINNING, to: this.mark }], this.open);
	}
}
