/**
 * Small values by key, each with an end: what several executions, or several processes, have to know
 * of one another. Keys are namespaced by whoever uses them (`lock/…`, `event/…`).
 *
 * Every method throws StateUnavailableError when the store cannot be reached.
 */
export interface StateStore {
	/** The value of a key; undefined when there is none, or no more. */
	get(key: string): Promise<string | undefined>;

	/** @param ttlMs how long the value is kept, milliseconds */
	set(key: string, value: string, ttlMs: number): Promise<void>;

	/**
	 * Sets a key that has no value, in one step: of several who try at once, one succeeds.
	 *
	 * @returns whether it was this call
	 */
	add(key: string, value: string, ttlMs: number): Promise<boolean>;

	/** Removes a key as long as it has this value, in one step. */
	deleteIf(key: string, value: string): Promise<void>;

	/**
	 * Keeps a key for longer as long as it has this value, in one step.
	 *
	 * @param ttlMs how long from now, milliseconds
	 * @returns whether it has it
	 */
	extendIf(key: string, value: string, ttlMs: number): Promise<boolean>;

	/**
	 * Sets a key as long as another one has a value, in one step: a write under a lease, which is
	 * refused when the lease has gone to somebody else.
	 *
	 * @returns whether it was set
	 */
	setWhile(
		held: { key: string; value: string },
		key: string,
		value: string,
		ttlMs: number,
	): Promise<boolean>;
}

/** Values nobody may read who can look into the store. */
export type SecretStore = Pick<StateStore, 'get' | 'set'>;

/** The state that triggers and calls work with. */
export interface State {
	/** `redis`: shared by several processes. */
	readonly kind: 'memory' | 'redis';
	/** Seen events: many, kept for hours. */
	readonly events: StateStore;
	/** Locks, refusals, positions: few. */
	readonly facts: StateStore;
	/** Tokens and suite_tickets; encrypted where they leave the process. */
	readonly secrets: SecretStore;
}
