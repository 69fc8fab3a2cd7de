import { joined, within, without, type Range } from './takenRanges';

/** What one pull took. */
export interface Batch {
	readonly ranges: readonly Range[];
	/** Whoever keeps it from others; the same object for all batches of an execution. */
	readonly holder: object;
}

interface Held {
	/** Neither handed on nor given back. */
	open: Set<Batch>;
	/** Ranges of batches that were handed on. */
	handedOn: Range[];
}

/** Who gives out what was given back: the next pull of this process, or whoever reads the shared state. */
export type Giver = 'this process' | 'shared state';

/** How far a node came, as it outlives the process. */
export interface SavedPosition {
	/** Every message up to here is done with. */
	seq: bigint;
	/** What is done with beyond: others are still at work on what is in between. */
	done: Range[];
}

/**
 * How far a node of this process came in one archive. What is neither leased, nor given back, nor in
 * the hands of other processes is done with, up to {@link seq}.
 */
export class ArchivePosition {
	/** How far pulls came. */
	seq = 0n;
	/** Settles when the pull that holds the position is over. */
	busy: Promise<unknown> = Promise.resolve();
	/** What was not handed on: the next pull of this process takes it. */
	private givenBack: Range[] = [];
	/** What other processes have, or the shared state has for whoever comes. */
	private elsewhere: Range[] = [];
	private readonly held = new Map<object, Held>();

	/** As it may be saved now: never beyond what somebody still works on. */
	get saved(): SavedPosition {
		const [first] = this.open;
		const seq = first && first.from < this.seq ? first.from : this.seq;
		return { seq, done: without(this.done, [{ from: 0n, to: seq }]) };
	}

	/**
	 * Learns what was saved, by this process before it was started again or by others, of what lies
	 * beyond its own knowledge.
	 *
	 * @param gaps who gives out what is not done with
	 */
	learn(saved: SavedPosition, gaps: Giver): void {
		const done = [{ from: 0n, to: saved.seq }, ...saved.done];
		const seq = done.reduce((last, { to }) => (to > last ? to : last), this.seq);
		this.giveBack(without([{ from: this.seq, to: seq }], done), gaps);
		this.seq = seq;
	}

	/**
	 * Learns what the shared state says.
	 *
	 * @returns what is to be pulled again: what others lost, and what nobody tells anything of; not
	 * what this process has or had
	 */
	learnShared(shared: { seq: bigint; running: readonly Range[]; lost: readonly Range[] }): Range[] {
		const here = [...this.done, ...this.leased];
		const untold = without(this.elsewhere, [{ from: 0n, to: shared.seq }]);
		const lost = joined([...without(shared.lost, here), ...untold]);
		this.elsewhere = joined([...without(shared.running, here), ...lost]);
		if (shared.seq > this.seq) this.seq = shared.seq;
		return lost;
	}

	/**
	 * Takes what was given back, and what others lost, to pull it again.
	 *
	 * @param lost as {@link learnShared} tells
	 */
	takeAgain(lost: readonly Range[]): Batch {
		const batch = this.lease([...lost, ...this.givenBack], {});
		this.givenBack = [];
		this.elsewhere = without(this.elsewhere, lost);
		return batch;
	}

	/** Keeps from others what somebody took. */
	lease(ranges: readonly Range[], holder: object): Batch {
		const batch = { ranges: joined(ranges), holder };
		const held = this.held.get(holder) ?? { open: new Set(), handedOn: [] };
		this.held.set(holder, held);
		held.open.add(batch);
		return batch;
	}

	/** Whether somebody has something. */
	isHolder(holder: object): boolean {
		return this.held.has(holder);
	}

	/** Somebody gets it. The execution may still go down with its process. */
	handOn(batch: Batch): void {
		const held = this.held.get(batch.holder);
		if (held?.open.delete(batch)) held.handedOn = joined([...held.handedOn, ...batch.ranges]);
	}

	/** Everything that somebody has is done with. */
	ack(holder: object): void {
		this.held.delete(holder);
	}

	/**
	 * Nobody got it.
	 *
	 * @param to who gives it out again
	 */
	nack(batch: Batch, to: Giver): void {
		this.held.get(batch.holder)?.open.delete(batch);
		this.giveBack(batch.ranges, to);
	}

	/** Gives back what nobody holds any more. */
	giveBack(ranges: readonly Range[], to: Giver): void {
		if (to === 'this process') this.givenBack = joined([...this.givenBack, ...ranges]);
		else this.elsewhere = joined([...this.elsewhere, ...ranges]);
	}

	/** What was given back that only this process knows of. */
	get givenBackHere(): readonly Range[] {
		return this.givenBack;
	}

	/** What was given back is in the shared state from now on, for whoever comes. */
	passOn(ranges: readonly Range[]): void {
		this.givenBack = without(this.givenBack, ranges);
		this.giveBack(ranges, 'shared state');
	}

	/** What of some ranges executions of this process have. */
	leasedOf(ranges: readonly Range[]): Range[] {
		return within(ranges, this.leased);
	}

	private get leased(): Range[] {
		return [...this.held.values()].flatMap(({ open, handedOn }) => [
			...handedOn,
			...[...open].flatMap(({ ranges }) => ranges),
		]);
	}

	private get open(): Range[] {
		return joined([...this.givenBack, ...this.elsewhere, ...this.leased]);
	}

	private get done(): Range[] {
		return without([{ from: 0n, to: this.seq }], this.open);
	}
}
