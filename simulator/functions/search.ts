import { openIdOf } from '../data/world';
import {
	oneOf,
	optional,
	pageOf,
	publishedPageFields,
	required,
	takeFields,
	textOf,
	type FieldRules,
} from '../routes/fields';
import { isKeyword, listName, PUBLISHED_FILTERS, queryOf } from '../routes/search';
import { searchGroups, searchMessages, searchPeople } from '../search';
import { found, memberOf, OK, type ZoneFunctions } from './function';

const DEFAULT_LIMIT = 50;
const SEARCH: FieldRules = { query_word: required(isKeyword), ...publishedPageFields(100) };
const COMMON = { right: 'datazone:chatdata:search' } as const;
const INPUT = { query_word: 'ab', limit: 50, cursor: 'C1' };
const OUTPUT = { ...OK, has_more: 1, next_cursor: 'C2' };
const PERSON = { open_userid: 'woUser1', external_userid: 'wmCust1' };

/** Searches of groups, messages and people (document paths 101368, 99818, 100235). */
export const searchFunctions: ZoneFunctions = {
	search_chat: {
		...COMMON,
		input: INPUT,
		output: { ...OUTPUT, chat_list: [{ chatid: 'wrRoom1' }] },
		run({ world, pager }, request) {
			const fields = takeFields(request, SEARCH);
			const groups = searchGroups(world, fields.query_word as string);
			const list = listName('search_chat', fields);
			const page = pager.page(list, groups, pageOf(fields, DEFAULT_LIMIT), ({ roomid }) => roomid);
			return found(page, 'chat_list', ({ roomid }) => ({ chatid: roomid }));
		},
	},
	search_msg: {
		...COMMON,
		input: {
			...INPUT,
			chat_info: {
				chat_type: 2,
				id_list: [PERSON],
				chat_id: 'wrRoom1',
				msg_type_list: [1],
				sender: PERSON,
				sender_list: [{ open_userid: 'woUser1' }],
			},
			start_time: 1730000000,
			end_time: 1730086400,
			skip_stop_words: false,
		},
		output: { ...OUTPUT, msg_list: [{ msgid: 'msg1' }] },
		run({ world, chats, pager, now }, request) {
			const fields = takeFields(request, { ...SEARCH, ...PUBLISHED_FILTERS });
			const seconds = Math.floor(now() / 1000);
			const query = queryOf(fields.query_word as string, fields, seconds, (id) =>
				memberOf(world, id),
			);
			const list = listName('search_msg', fields);
			const messages = searchMessages(chats, query);
			const page = pager.page(list, messages, pageOf(fields, DEFAULT_LIMIT), ({ msgid }) => msgid);
			return found(page, 'msg_list', ({ msgid }) => ({ msgid }));
		},
	},
	search_contact_or_customer: {
		...COMMON,
		newer: true,
		input: { ...INPUT, query_user_type: 0 },
		output: { ...OUTPUT, user_list: [{ type: 1, id: 'woUser1' }] },
		run({ world, pager }, request) {
			const fields = takeFields(request, {
				...SEARCH,
				query_word: required(textOf(2, 31)),
				query_user_type: optional(oneOf(0, 1, 2)),
			});
			const people = searchPeople(
				world,
				fields.query_word as string,
				Number(fields.query_user_type ?? 0),
			);
			const list = listName('search_contact_or_customer', fields);
			const page = pager.page(list, people, pageOf(fields, DEFAULT_LIMIT), ({ id }) => id);
			return found(page, 'user_list', ({ type, id }) => ({ type, id: openIdOf(world, id) }));
		},
	},
};
