import { isJsonObject, type JsonObject } from '../json';
import { fields, id, oneOf, optional, text, unixSeconds, wholeNumber } from './fields';
import { listIn, listOf } from './lists';
import { nextCursorOf, operation } from './operation';
import type { Page } from './wire';

/** Most records of one page. */
const MAX_PAGE_SIZE = 1000;

/** Somebody who wrote or got a message. */
export interface MessageParty {
	/** 1 staff, 2 external contact, 3 robot. */
	type: number;
	id: string;
}

/** A message of the zone: who, when and what kind, never its text. */
export interface ZoneMessage {
	msgid: string;
	sender?: MessageParty;
	/** Without the sender, but for a message to oneself. */
	receiver_list?: MessageParty[];
	/** Only of a group. */
	chatid?: string;
	/** Seconds since 1970. */
	send_time?: number;
	/** The number of its kind. */
	msgtype?: number;
	/** The message's key, encrypted with the public key of that version. */
	service_encrypt_info?: { encrypted_secret_key: string; public_key_ver: number };
	/** `call_duration` in seconds. */
	extra_info?: { call_duration?: number };
}

/** A page of {@link syncMessages}. */
export interface MessagePage extends Page<ZoneMessage> {
	/** Where a later pull goes on, also when this was the last page; empty when the zone told none. */
	mark: string;
	/** In mode 1 and 2: pages for {@link getMessagesOfPage}, at most 10. */
	pageIds: string[];
}

/**
 * Messages after a cursor in the order in which they were sent, of the last five days where there is
 * no cursor. Source: document 101365.
 */
export const syncMessages = {
	...operation({
		name: 'syncMessages',
		retry: 'read',
		proof: ['msg_list', 'page_id_list', 'next_cursor'],
		input: fields({
			cursor: optional(text({ maxBytes: 128 })),
			/** Of a conversation_new_message event, good for ten minutes; without one WeCom lets nobody ask often. */
			token: optional(text({ maxBytes: 128 })),
			limit: optional(wholeNumber(1, MAX_PAGE_SIZE)),
			/** 0 records, 1 pages of them, 2 whichever suits; 0 when left out. */
			mode: optional(oneOf(0, 1, 2)),
			/** Only to begin anew after a loss. */
			begin_time: optional(unixSeconds()),
		}),
		read: (answer, path): MessagePage => ({
			entries: readMessages(answer, path),
			nextCursor: nextCursorOf(answer),
			mark: typeof answer.next_cursor === 'string' ? answer.next_cursor : '',
			pageIds: listIn(answer, 'page_id_list', path).map(String),
		}),
		wires: { dataZone: 'ZONE sync_msg' },
	}),
	maxPageSize: MAX_PAGE_SIZE,
};

/** The messages of a page that {@link syncMessages} named, at most 10 pages of a corp at once. Source: document 101365. */
export const getMessagesOfPage = operation({
	name: 'getMessagesOfPage',
	retry: 'read',
	proof: ['msg_list'],
	input: fields({ page_id: id() }),
	read: readMessages,
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
	call: (input: { page_id: string }) => Promise<ZoneMessage[]>,
	pageIds: readonly string[],
): Promise<ZoneMessage[]> {
	const pages = await Promise.all(pageIds.map(async (page_id) => await call({ page_id })));
	return pages.flat();
}

function readMessages(answer: JsonObject, path: string): ZoneMessage[] {
	return listOf(answer, 'msg_list', { path, isEntry: isJsonObject }).filter(
		isJsonObject,
	) as unknown as ZoneMessage[];
}
