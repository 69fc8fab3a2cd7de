/**
 * Remembers keys for a while, in memory and within a bound: to tell the second delivery of an event
 * from the first. The oldest keys are forgotten first when it is full.
 */
export class SeenKeys {
	/** Key → milliseconds since 1970 when it is forgotten; in order of insertion. */
	private readonly expiries = new Map<string, number>();

	/**
	 * @param ttlMs how long a key is remembered, milliseconds
	 * @param maxKeys how many at most
	 * @param now clock in milliseconds
	 */
	constructor(
		private readonly ttlMs: number,
		private readonly maxKeys: number,
		private readonly now: () => number = Date.now,
	) {}

	/** Remembers a key. @returns whether it is new */
	add(key: string): boolean {
		const now = this.now();
		this.forgetExpired(now);
		if (this.expiries.has(key)) return false;
		this.expiries.set(key, now + this.ttlMs);
		if (this.expiries.size > this.maxKeys) {
			const [oldest] = this.expiries.keys();
			if (oldest !== undefined) this.expiries.delete(oldest);
		}
		return true;
	}

	/** How many keys are remembered. */
	get size(): number {
		return this.expiries.size;
	}

	private forgetExpired(now: number): void {
		for (const [key, expiry] of this.expiries) {
			if (expiry > now) return;
			this.expiries.delete(key);
		}
	}
}
