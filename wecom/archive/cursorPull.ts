import { INVALID_CURSOR, UNKNOWN_ABILITY, UNKNOWN_FUNCTION } from '../errcodes';
import { AnswerTooLargeError, isTooLarge, WecomApiError, WecomResponseError } from '../errors';
import { PageSize } from '../pageSize';
import { MAX_PAGE_SIZE } from './pull';
import type { EncryptedRecord } from './record';

/** What one request for records after a cursor says. */
export interface CursorRequest {
	/** Left out for the oldest that are kept. */
	cursor?: string;
	/** Of an event, while it is good. */
	token?: string;
	limit: number;
	/** 2 lets WeCom give ids of pages in place of records that are more than one page. */
	mode?: 2;
}

/** The answer to a {@link CursorRequest}. */
export interface CursorAnswer {
	entries: EncryptedRecord[];
	/** Empty when there is no more. */
	nextCursor: string;
	/** Where a later pull goes on, also when there is no more; empty when WeCom tells none. */
	mark?: string;
	/** Pages in place of records. */
	pageIds?: string[];
}

/** What a pull by cursors needs of the API. */
export interface CursorSource {
	fetchPage(request: CursorRequest): Promise<CursorAnswer>;
	/** The records of a page that an answer names; only asked for where pages are fetched at once. */
	fetchPageById(pageId: string): Promise<EncryptedRecord[]>;
}

/** How a pull by cursors goes. */
export interface CursorSettings {
	/** Of an event. It is given with each request until WeCom refuses it. */
	token?: string;
	/** Whether to fetch several pages at the same time, by their ids, at most ten. */
	pagesAtOnce?: boolean;
	/** Learns that WeCom refused the token, and that the pull goes on without it. */
	onTokenRefused?: () => void;
	/** Learns that the program cannot fetch pages by their ids, and that the pull goes on without. */
	onNoPages?: () => void;
}

/** One step of a pull by cursors. */
export interface CursorPage {
	/** In the order in which they were sent; empty where WeCom gave none and yet another cursor. */
	records: EncryptedRecord[];
	/** Where to go on once these records are handed on; undefined within pages that were fetched at once. */
	nextCursor?: string;
}

/** Source: document 101365 */
const MAX_PAGES_AT_ONCE = 10;
/** Most empty pages in a row that WeCom may give while it says that there is more. */
const MAX_EMPTY_PAGES = 1000;
/** What says that the program does not know a function, or has no ability of it. */
const NOT_KNOWN = [UNKNOWN_FUNCTION, UNKNOWN_ABILITY];
const NOT_KNOWN_WORDS = /unsupport api|unknown ability_id/i;

/**
 * Pulls records page by page, each going on with the cursor of the one before, until WeCom has no more.
 *
 * An answer that WeCom (301058) or this client finds too large halves the page and goes on. A token that
 * WeCom refuses is left out from then on, and so are pages by id where the program does not know that
 * function: it is unknown to images older than December 2024. Memory holds one page, of pages fetched at
 * once ten.
 *
 * @param after the cursor to begin with; undefined for the oldest records that are kept
 * @param pageSize most records that are wanted next, 1 to 1000
 * @throws whatever the source throws, and WecomResponseError when the pull would never end; the pages
 * before stay valid
 * @example for await (const { records } of pullByCursor(source, undefined, () => 1000)) keep(records);
 */
export async function* pullByCursor(
	source: CursorSource,
	after: string | undefined,
	pageSize: () => number,
	settings: CursorSettings = {},
): AsyncGenerator<CursorPage, void, undefined> {
	const asking = new Asking(source, settings);
	const size = new PageSize(MAX_PAGE_SIZE);
	const circle = new CircleDetector(after);
	let cursor = after;
	let emptyPages = 0;
	for (;;) {
		const { page: answer } = await size
			.fetch(Math.max(1, pageSize()), async (limit) => await asking.fetchPage(cursor, limit))
			.catch((error: unknown) => {
				throw isTooLarge(error) ? recordTooLarge(error) : error;
			});
		const { entries, nextCursor, mark, pageIds = [] } = answer;
		const hasMore = nextCursor !== '';
		const goOn = nextCursor || mark;
		const end = goOn ? { nextCursor: goOn } : {};
		// Where the program cannot fetch pages, the same records come in their place.
		if (pageIds.length > 0 && !(await asking.canFetch(pageIds))) continue;
		if (hasMore && (nextCursor === cursor || circle.closesWith(nextCursor))) throw standsStill();
		if (pageIds.length > 0) yield* asking.pagesOf(pageIds, end);
		const isEmpty = entries.length === 0;
		emptyPages = isEmpty && pageIds.length === 0 ? emptyPages + 1 : 0;
		if (emptyPages > MAX_EMPTY_PAGES) throw standsStill();
		// Also where nothing new came WeCom may tell another cursor, the one to keep.
		const isFurther = pageIds.length === 0 && goOn && goOn !== cursor;
		if (!isEmpty || isFurther) yield { records: entries, ...end };
		if (!hasMore) return;
		cursor = nextCursor;
	}
}

/** Finds out that cursors come again, and remembers one of them alone (Brent's algorithm). */
class CircleDetector {
	private steps = 0;
	private power = 1;

	constructor(private remembered: string | undefined) {}

	/** Whether a cursor is one that came before; of a circle it is sooner or later. */
	closesWith(cursor: string): boolean {
		if (cursor === this.remembered) return true;
		if (++this.steps < this.power) return false;
		this.remembered = cursor;
		this.power *= 2;
		this.steps = 0;
		return false;
	}
}

/** What the requests of one pull have in common. */
class Asking {
	private token: string | undefined;
	private pagesAtOnce: boolean;
	/** Pages that are being fetched, in order. */
	private begun: Array<Promise<EncryptedRecord[]>> = [];

	constructor(
		private readonly source: CursorSource,
		private readonly settings: CursorSettings,
	) {
		this.token = settings.token;
		this.pagesAtOnce = settings.pagesAtOnce ?? false;
	}

	async fetchPage(cursor: string | undefined, limit: number): Promise<CursorAnswer> {
		const request: CursorRequest = {
			...(cursor === undefined ? {} : { cursor }),
			limit,
			...(this.pagesAtOnce ? { mode: 2 } : {}),
		};
		const { token } = this;
		if (token === undefined) return await this.source.fetchPage(request);
		try {
			return await this.source.fetchPage({ ...request, token });
		} catch (error) {
			if (!mayBeTheToken(error)) throw error;
			const answer = await this.source.fetchPage(request);
			this.token = undefined;
			this.settings.onTokenRefused?.();
			return answer;
		}
	}

	/** Whether the program can fetch pages by their ids; where not, they are not asked for again. */
	async canFetch(pageIds: readonly string[]): Promise<boolean> {
		this.begun = this.fetch(pageIds.slice(0, MAX_PAGES_AT_ONCE));
		try {
			await this.begun[0];
			return true;
		} catch (error) {
			if (!this.pagesAtOnce || !isUnknownFunction(error)) throw error;
			this.pagesAtOnce = false;
			this.settings.onNoPages?.();
			return false;
		}
	}

	/**
	 * The pages of {@link canFetch} in their order.
	 *
	 * @param end what the last one goes on with
	 */
	async *pagesOf(
		pageIds: readonly string[],
		end: Pick<CursorPage, 'nextCursor'>,
	): AsyncGenerator<CursorPage> {
		for (let done = 1; done <= pageIds.length; done++) {
			if (this.begun.length === 0) {
				this.begun = this.fetch(pageIds.slice(done - 1, done - 1 + MAX_PAGES_AT_ONCE));
			}
			const records = (await this.begun.shift()) ?? [];
			yield { records, ...(done < pageIds.length ? {} : end) };
		}
	}

	private fetch(pageIds: readonly string[]): Array<Promise<EncryptedRecord[]>> {
		const pages = pageIds.map(async (pageId) => await this.source.fetchPageById(pageId));
		// Where the pull ends before, nobody waits for the others.
		for (const page of pages) page.catch(() => undefined);
		return pages;
	}
}

/** WeCom does not say what it answers to a token that is too old: whatever a second try may help with. */
function mayBeTheToken(error: unknown): boolean {
	if (!(error instanceof WecomApiError) || error.entry.action !== 'fail') return false;
	return ![INVALID_CURSOR, ...NOT_KNOWN].includes(error.errcode);
}

function isUnknownFunction(error: unknown): boolean {
	if (error instanceof WecomApiError) return NOT_KNOWN.includes(error.errcode);
	return error instanceof WecomResponseError && NOT_KNOWN_WORDS.test(error.message);
}

/** Nothing smaller can be asked for, and nobody passes over a message unasked. */
function recordTooLarge(
	error: WecomApiError | AnswerTooLargeError,
): WecomApiError | AnswerTooLargeError {
	const hint =
		'A single record is too large, so the pull cannot go on. Look at the server behind the base URL, which may pass larger answers.';
	return error instanceof AnswerTooLargeError
		? new AnswerTooLargeError(error.httpStatus, error.path, error.maxBytes, hint)
		: new WecomApiError(error.errcode, error.errmsg, error.path, hint, error.source);
}

function standsStill(): WecomResponseError {
	return new WecomResponseError(
		200,
		false,
		'sync_msg',
		'WeCom says again and again that there is more, and gives no more records: the pull would never end',
		'Look at the program in the data zone: it has to pass on next_cursor and has_more as WeCom gave them.',
	);
}
