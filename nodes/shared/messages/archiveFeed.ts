import { getChatData, type GetChatDataInput } from '../../../wecom/api/archive';
import { flag, optional, parseInput, text } from '../../../wecom/api/fields';
import type { LibraryRouteFields } from '../../../wecom/api/libraryRoute';
import type { Operation } from '../../../wecom/api/operation';
import type { Marks } from '../../../wecom/api/wire';
import { getMessagesOfPage } from '../../../wecom/api/zoneMessages';
import type { Feed } from '../position/feed';
import { cursorFeed } from './cursorFeed';
import { seqFeed } from './seqFeed';

/** The fetch fields as the user filled them in. */
export interface FetchOptions {
	pageSize: number;
	proxy: string;
	passwd: string;
	timeout: number;
	/** Event Token. */
	token: string;
	pagesAtOnce: boolean;
}

/** The way on which records are fetched, where the fields say one. */
export function wayOf({ proxy, passwd }: Partial<FetchOptions>): LibraryRouteFields | undefined {
	return proxy || passwd ? { proxy, passwd } : undefined;
}

/** A way of calling operations. */
export type Call = <Input, Output>(
	operation: Operation<Input, Output>,
	input: Input,
) => Promise<Output>;

/**
 * The feed of the archive that calls reach, as its marks have it.
 *
 * @param onHint learns what people may want to know of how the messages were fetched
 * @throws InvalidInputError when Event Token or Fetch Pages at Once cannot be used
 */
export function archiveFeed(
	marks: Marks,
	call: Call,
	options: Partial<FetchOptions>,
	onHint: (hint: string) => void,
): Feed {
	const { proxy, passwd, timeout } = options;
	const token = parseInput(optional(text({ maxBytes: 128 })), options.token, 'Event Token');
	const atOnce = parseInput(optional(flag()), options.pagesAtOnce, 'Fetch Pages at Once');
	const fetch = async (input: GetChatDataInput) =>
		await call(getChatData, {
			...input,
			...(proxy ? { proxy } : {}),
			...(passwd ? { passwd } : {}),
			...(timeout === undefined ? {} : { timeout }),
		});
	if (marks === 'seq') {
		return seqFeed(async (seq, limit) => (await fetch({ cursor: `${seq}`, limit })).entries);
	}
	return cursorFeed(
		{
			fetchPage: fetch,
			fetchPageById: async (page_id) => await call(getMessagesOfPage, { page_id }),
		},
		{ ...(token ? { token } : {}), ...(atOnce ? { pagesAtOnce: true } : {}) },
		onHint,
	);
}
