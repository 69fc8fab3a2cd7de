import { Random } from './random';

const EMPTY_EVERY = 4;

/** How many entries a page of messages gets: as many as were asked for, or now and then fewer. */
export class PageSizes {
	private readonly random: Random;
	private pages = 0;

	/**
	 * @param short - whether pages come short; every fourth is empty then
	 * @param seed - same seed, same sizes
	 */
	constructor(
		private readonly short: boolean,
		seed: number,
	) {
		this.random = new Random(seed, 'page sizes');
	}

	/** The size of the next page. */
	next(limit: number): number {
		if (!this.short) return limit;
		this.pages += 1;
		return this.pages % EMPTY_EVERY === 0 ? 0 : this.some(limit);
	}

	/** The sizes of the next pages that are read by id: one at least in each. */
	list(pages: number, limit: number): number[] {
		const count = this.next(pages);
		return Array.from({ length: count }, () => (this.short ? this.some(limit) : limit));
	}

	private some(limit: number): number {
		return this.random.int(1, limit);
	}
}
