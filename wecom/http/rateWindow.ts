/** So many calls in any span of this length. */
export interface RateLimit {
	calls: number;
	windowMs: number;
}

/** Calls that went out close to each other. */
interface Slot {
	first: number;
	last: number;
	calls: number;
}

/** Slots to a window: this many numbers are kept at most, however many calls there are. */
const SLOTS = 60;

/**
 * Counts calls so that no span of the window's length ever holds more than the limit allows. All
 * calls of a slot count as if made with its last one: never too many, at times a few less.
 */
export class RateWindow {
	private readonly slots: Slot[] = [];
	private counted = 0;

	constructor(private readonly limit: RateLimit) {}

	/** Counts a call that goes out now. */
	add(now: number): void {
		const newest = this.slots.at(-1);
		if (newest && now - newest.first < this.limit.windowMs / SLOTS) {
			newest.last = now;
			newest.calls++;
		} else {
			this.slots.push({ first: now, last: now, calls: 1 });
		}
		this.counted++;
	}

	/** When the next call may go out: now, or later. */
	opensAt(now: number): number {
		this.forget(now);
		const [oldest] = this.slots;
		return oldest && this.counted >= this.limit.calls ? oldest.last + this.limit.windowMs : now;
	}

	/** Whether nothing is left to remember. */
	isEmpty(now: number): boolean {
		this.forget(now);
		return this.counted === 0;
	}

	private forget(now: number): void {
		for (;;) {
			const [oldest] = this.slots;
			if (!oldest || oldest.last + this.limit.windowMs > now) return;
			this.counted -= oldest.calls;
			this.slots.shift();
		}
	}
}
