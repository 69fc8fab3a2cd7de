import type { MessageBatch } from '../messages/messageBatch';
import type { Mark, Range } from './feed';
import type { Giver } from './ledger';

/** What one pull fetched. */
export interface Pulled {
	readonly batches: readonly MessageBatch[];
	/** What the batches cover. */
	readonly ranges: readonly Range[];
	/** What a limit left of what was to be fetched again. */
	readonly left: readonly Range[];
	/** How far the position is then. */
	readonly mark: Mark;
}

/** A lease as it was recorded. */
export interface RecordedLease {
	/** Who gives out again what is nacked. */
	readonly giver: Giver;
	/** Whether nobody else can have got it meanwhile. */
	isHeld(): Promise<boolean>;
	/**
	 * Tells others that nobody got it; later, where they cannot be reached.
	 *
	 * @param isOver whether the execution has ended meanwhile
	 */
	nack(isOver: boolean): Promise<void>;
}

/** A turn to pull from a position: nobody else who shares it pulls meanwhile. */
export interface Turn {
	/** What others nacked or abandoned: to be fetched again first. */
	readonly free: readonly Range[];
	/**
	 * Records that what was fetched is leased, before anybody gets it.
	 *
	 * @returns the lease, and what goes back to those who had it; undefined when the turn has gone to
	 * somebody else: nothing was recorded, and what was fetched does not count
	 */
	record(pulled: Pulled): Promise<{ lease: RecordedLease; left: readonly Range[] } | undefined>;
}

/** Where a position is read from and recorded besides n8n's static data. */
export interface PositionStrategy {
	/** Who gives out what the static data says is not acked. */
	readonly giver: Giver;
	/**
	 * Has a pull done in a turn, and in another one where the turn was lost.
	 *
	 * @param pull fetches and records
	 * @throws StateUnavailableError, CancelledError, and whatever the pull throws
	 */
	inTurn(pull: (turn: Turn) => Promise<Pulled | undefined>): Promise<Pulled | undefined>;
}
