import { InvalidInputError } from '../errors';
import { fields, flag, id, list, oneOf, optional, text, unixSeconds } from './fields';
import { SEARCH_YOUR_OWN } from './inOwnArchive';
import { listOperation } from './operation';

const MAX_PAGE_SIZE = 100;
const MAX_SPAN_SECONDS = 31 * 86_400;

const keyword = () => text({ minCharacters: 2, maxCharacters: 64 });
const person = () =>
	fields({ open_userid: optional(id()), external_userid: optional(id()) }).refine(
		({ open_userid: staff, external_userid: customer }) =>
			(staff === undefined) !== (customer === undefined),
		{ error: () => 'names nobody or two people, expected either open_userid or external_userid' },
	);

/** A group whose name matches. */
export interface FoundSession {
	chatid: string;
	name?: string;
}

/**
 * Group chats by their current name. Source: reference document 3; fields of
 * https://developer.work.weixin.qq.com/document/path/99802
 */
export const searchSession = listOperation({
	name: 'searchSession',
	input: { keyword: keyword() },
	maxPageSize: MAX_PAGE_SIZE,
	list: 'chat_list',
	id: 'chatid',
	entry: (value) => value as unknown as FoundSession,
	instead: { messageArchive: SEARCH_YOUR_OWN },
	wires: {
		reference: { route: 'POST /msgaudit/search_session', list: ['chat_list', 'sessions'] },
		dataZone: { route: 'ZONE search_chat', body: toQueryWord },
	},
});

/** A message that matches. More fields may come with it; they are handed on. */
export interface FoundMessage {
	msgid: string;
	/** Seconds since 1970. */
	send_time?: number;
	/** The number of its type; some gateways write the word. */
	msgtype?: number | string;
}

/**
 * Messages by their text, newest first. Source: reference document 3 and 6; fields of
 * https://developer.work.weixin.qq.com/document/path/99818 (span of at most 31 days).
 */
export const searchMessage = listOperation({
	name: 'searchMessage',
	input: {
		keyword: keyword(),
		start_time: optional(unixSeconds()),
		end_time: optional(unixSeconds()),
		skip_stop_words: optional(flag()),
		chat_info: optional(
			fields({
				/** 1 single chat, 2 group. */
				chat_type: optional(oneOf(1, 2)),
				/** The two sides of a single chat. */
				id_list: optional(list(person(), { min: 2, max: 2 })),
				chat_id: optional(id()),
				msg_type_list: optional(list(oneOf(1, 4, 5, 8, 18, 20, 23), { max: 7 })),
				sender: optional(person()),
				sender_list: optional(list(fields({ open_userid: id() }), { max: 100 })),
			}),
		),
	},
	maxPageSize: MAX_PAGE_SIZE,
	list: 'msg_list',
	id: 'msgid',
	entry: (value) => value as unknown as FoundMessage,
	check({ start_time: start, end_time: end }) {
		if (
			end !== undefined &&
			(start === undefined || start >= end || end - start > MAX_SPAN_SECONDS)
		) {
			throw new InvalidInputError(
				'start_time',
				start === undefined
					? '"start_time" is empty, expected a time because "end_time" is given'
					: `"start_time" to "end_time" are ${end - start} seconds, expected 1 second to 31 days`,
				'WeCom searches at most 31 days at once.',
			);
		}
	},
	instead: { messageArchive: SEARCH_YOUR_OWN },
	wires: {
		reference: { route: 'POST /msgaudit/search_message', list: ['messages', 'msg_list'] },
		dataZone: { route: 'ZONE search_msg', body: toQueryWord },
	},
});

/** Somebody whose name matches. */
export interface FoundPerson {
	/** 1 staff, 2 customer. */
	type: number;
	/** The userid or external_userid. */
	id: string;
}

/** Staff and customers by their names. Source: document 100235. */
export const searchPeople = listOperation({
	name: 'searchPeople',
	input: {
		keyword: text({ minCharacters: 2, maxCharacters: 31 }),
		/** 0 both, 1 staff, 2 customers. */
		query_user_type: optional(oneOf(0, 1, 2)),
	},
	maxPageSize: MAX_PAGE_SIZE,
	list: 'user_list',
	id: 'id',
	entry: (value) => value as unknown as FoundPerson,
	instead: { messageArchive: SEARCH_YOUR_OWN },
	wires: { dataZone: { route: 'ZONE search_contact_or_customer', body: toQueryWord } },
});

/** The zone's name for the words that are looked for. */
function toQueryWord({ keyword: query_word, ...rest }: { keyword: string }): object {
	return { query_word, ...rest };
}
