import { CancelledError, WecomResponseError } from '../errors';
import { PageSize } from '../pageSize';
import type { ListOperation } from './operation';
import type { Page, PageInput } from './wire';

/** Most pages of one list; beyond it the server is taken to go in circles. */
const MAX_PAGES = 100_000;

/**
 * Gives the entries of a list one by one, page after page, each going on from the mark of the one
 * before: a page may be short or empty while more follow. An answer that is too large halves the page.
 *
 * @param call how to call, {@link WecomClient.call} bound to its options say
 * @param limit most entries
 * @param keep which entries count; once it drops one, pages are as large as WeCom makes them
 * @throws WecomResponseError when the server gives a cursor it gave before
 * @example for await (const rule of listEntries(call, listKeywordRules, {}, 50)) …
 */
export async function* listEntries<Input, Entry>(
	call: (operation: ListOperation<Input, Entry>, input: Input & PageInput) => Promise<Page<Entry>>,
	operation: ListOperation<Input, Entry>,
	input: Input,
	limit: number,
	signal?: AbortSignal,
	keep: (entry: Entry) => boolean = () => true,
): AsyncGenerator<Entry> {
	let cursor = '';
	let left = limit;
	let drops = false;
	const followed = new Set<string>();
	const size = new PageSize(operation.maxPageSize);
	for (let page = 0; page < MAX_PAGES; page++) {
		if (signal?.aborted) throw new CancelledError();
		const after = cursor;
		const fetch = async (entries: number) =>
			await call(operation, { ...input, cursor: after, limit: entries });
		const wanted: number = drops ? Infinity : left;
		const {
			page: { entries, nextCursor },
		} = await size.fetch(wanted, fetch);
		const kept = entries.filter(keep);
		drops ||= kept.length < entries.length;
		for (const entry of kept.slice(0, left)) yield entry;
		left -= kept.length;
		if (nextCursor === '' || left <= 0) return;
		if (followed.has(nextCursor)) break;
		followed.add(nextCursor);
		cursor = nextCursor;
	}
	throw new WecomResponseError(
		200,
		false,
		operation.name,
		`\`${operation.name}\` gets the same cursor again and again`,
		'Set a `limit`, and look at the server behind the base URL.',
	);
}
