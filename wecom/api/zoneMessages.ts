import type * as z from 'zod/v4';

import type { EncryptedRecord } from '../archive/record';
import { WecomResponseError } from '../errors';
import { isJsonObject, objectOf, type JsonObject } from '../json';
import { fields, id, oneOf, optional, parseInput, text, unixSeconds } from './fields';
import { listIn, listOf } from './lists';
import { nextCursorOf, operation, type ExchangeFacts } from './operation';
import type { Page, PageInput } from './wire';

/** What the data zone takes beside cursor and limit. Source: document 101365. */
export const syncFields = {
	/** Of a conversation_new_message event, good for ten minutes; without one WeCom lets nobody ask often. */
	token: optional(text({ maxBytes: 128 })),
	/** 0 records, 1 pages of them, 2 whichever suits; 0 when left out. */
	mode: optional(oneOf(0, 1, 2)),
	/** Only to begin anew after a loss. */
	begin_time: optional(unixSeconds()),
};

/** One page of archive records. */
export interface RecordPage extends Page<EncryptedRecord> {
	/**
	 * In the data zone: where a later pull goes on, also when this was the last page; empty when the zone
	 * told none.
	 */
	mark?: string;
	/** In the data zone, of mode 1 and 2: pages for {@link getMessagesOfPage}, at most 10. */
	pageIds?: string[];
}

type SyncFields = PageInput & z.output<z.ZodObject<typeof syncFields>>;

const cursor = optional(text({ maxBytes: 128 }));

/** Messages after a cursor in the order in which they were sent. Source: document 101365. */
export const SYNC_WIRE: ExchangeFacts<SyncFields, RecordPage> = {
	route: 'ZONE sync_msg',
	marks: 'cursor',
	proof: ['msg_list', 'page_id_list', 'next_cursor'],
	check: (given) => parseInput(cursor, given.cursor, 'cursor'),
	// What is empty is left out: the zone refuses it.
	body: ({ cursor, token, limit, mode, begin_time }) => ({
		...(cursor ? { cursor } : {}),
		...(token ? { token } : {}),
		limit,
		mode,
		begin_time,
	}),
	read: (answer, path) => {
		const { has_more: more, next_cursor: mark } = answer;
		const nextCursor = nextCursorOf(answer);
		if ((more === 1 || more === true) && nextCursor === '') throw cursorIsMissing(path);
		return {
			entries: readMessages(answer, path),
			nextCursor,
			mark: typeof mark === 'string' ? mark : '',
			pageIds: listIn(answer, 'page_id_list', path).map(String),
		};
	},
};

/**
 * The messages of a page that {@link RecordPage} names, at most 10 pages of a corp at once.
 * Source: document 101365.
 */
export const getMessagesOfPage = operation({
	name: 'getMessagesOfPage',
	retry: 'read',
	proof: ['msg_list'],
	input: fields({ page_id: id() }),
	read: readMessages,
	instead: { messageArchive: '`getChatData` gives the messages themselves.' },
	wires: { dataZone: 'ZONE get_msg_list_by_page_id' },
});

/**
 * The messages of several pages, in the order of the pages. The client's queue keeps 10 calls of a
 * corp at once, as WeCom asks for.
 *
 * @param call how to call, {@link WecomClient.call} bound to its options say
 * @throws what the call of any page throws
 * @example await messagesOfPages(async (page) => await client.call(getMessagesOfPage, page), pageIds)
 */
export async function messagesOfPages(
	call: (input: { page_id: string }) => Promise<EncryptedRecord[]>,
	pageIds: readonly string[],
): Promise<EncryptedRecord[]> {
	const pages = await Promise.all(pageIds.map(async (page_id) => await call({ page_id })));
	return pages.flat();
}

/** Taken for the end, it would hide every message behind it. */
function cursorIsMissing(path: string): WecomResponseError {
	return new WecomResponseError(
		200,
		false,
		path,
		'WeCom says that there are more messages (has_more), and the answer has no next_cursor to go on with',
		'Look at the program in the data zone: it has to pass on next_cursor and has_more as WeCom gave them.',
	);
}

/** An entry that is no object becomes a record without fields: reported, not fatal. */
function readMessages(answer: JsonObject, path: string): EncryptedRecord[] {
	return listOf(answer, 'msg_list', { path, isEntry: isJsonObject }).map(objectOf);
}
