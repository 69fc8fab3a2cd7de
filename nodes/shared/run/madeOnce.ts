import { createHash } from 'node:crypto';

/** A text that is the same for the same values, and tells nothing of them. */
export function fingerprintOf(values: readonly unknown[]): string {
	return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

/** Things that take time to make, each made once of the same values. */
export class MadeOnce<T> {
	private readonly made = new Map<string, Promise<T>>();

	/** @param max how many are kept; with the next one all are forgotten */
	constructor(private readonly max: number) {}

	/**
	 * What was made of these values before, else what `make` makes of them now.
	 *
	 * @throws whatever `make` threw for these values
	 */
	async get(values: readonly unknown[], make: () => T | Promise<T>): Promise<T> {
		const key = fingerprintOf(values);
		let made = this.made.get(key);
		if (!made) {
			if (this.made.size >= this.max) this.made.clear();
			made = (async () => await make())();
			this.made.set(key, made);
		}
		return await made;
	}
}
