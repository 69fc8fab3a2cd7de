import { isTooLarge } from './errors';

/** How many entries to ask for at once: half as many from then on when an answer is too large. */
export class PageSize {
	/** @param most entries that an answer may have */
	constructor(private most: number) {}

	/**
	 * Fetches a page, in halves until it fits.
	 *
	 * @param wanted most entries that are of use
	 * @returns the page, and how many entries were asked for
	 * @throws whatever `fetch` throws, also that a single entry is too large
	 */
	async fetch<Page>(
		wanted: number,
		fetch: (limit: number) => Promise<Page>,
	): Promise<{ page: Page; limit: number }> {
		for (;;) {
			const limit = Math.min(wanted, this.most);
			try {
				return { page: await fetch(limit), limit };
			} catch (error) {
				if (!isTooLarge(error) || limit <= 1) throw error;
				this.most = Math.floor(limit / 2);
			}
		}
	}
}
