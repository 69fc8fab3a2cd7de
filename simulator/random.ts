/** Letters and digits, as in WeCom's tokens and ids. */
export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const DIGITS = '0123456789';
const HEX = '0123456789abcdef';

/**
 * Small deterministic generator (mulberry32). Same seed and stream name, same values, on every
 * machine. Never used for key material.
 */
export class Random {
	private state: number;

	/**
	 * @param seed - any number; its lower 32 bits count
	 * @param stream - name of an independent sequence under that seed
	 */
	constructor(seed: number, stream: string) {
		let hash = (0x811c9dc5 ^ seed) >>> 0;
		for (const char of stream) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
		this.state = hash;
	}

	/** Uniform number in [0, 1). */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let mixed = this.state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	}

	/** Integer from `min` to `max`, both included. */
	int(min: number, max: number): number {
		return min + Math.floor(this.next() * (max - min + 1));
	}

	/** True with probability `p`. */
	chance(p: number): boolean {
		return this.next() < p;
	}

	/**
	 * One of the items.
	 *
	 * @throws RangeError when there are none
	 */
	pick<T>(items: readonly T[]): T {
		if (items.length === 0) throw new RangeError('nothing to pick from');
		return items[this.int(0, items.length - 1)] as T;
	}

	/** The items in another order; the argument is left as it is. */
	shuffle<T>(items: readonly T[]): T[] {
		const rest = [...items];
		const result: T[] = [];
		while (rest.length > 0) result.push(...rest.splice(this.int(0, rest.length - 1), 1));
		return result;
	}

	/** Text of `length` characters drawn from `alphabet`. */
	text(length: number, alphabet: string = ALPHANUMERIC): string {
		let result = '';
		while (result.length < length) result += alphabet[this.int(0, alphabet.length - 1)];
		return result;
	}

	/** `length` lower-case hex digits. */
	hex(length: number): string {
		return this.text(length, HEX);
	}

	/** `length` decimal digits, the first one not 0. */
	digits(length: number): string {
		return this.text(1, '123456789') + this.text(length - 1, DIGITS);
	}
}
