import { Refusal } from '../refusal';
import { SEARCHABLE, searchGroups, searchMessages, type MessageQuery } from '../search';
import { ok, type ApiRoute } from './api';
import {
	isFlag,
	isId,
	isUnixSeconds,
	listOf,
	objectOf,
	oneOf,
	optional,
	pageEnd,
	pageFields,
	pageOf,
	required,
	takeFields,
	textOf,
	type Check,
	type FieldRules,
} from './fields';

const SESSION = '/msgaudit/search_session';
const MESSAGE = '/msgaudit/search_message';
const MAX_PAGE = 100;
const MAX_SPAN_SECONDS = 31 * 86_400;

/** What can be searched for. */
export const isKeyword = textOf(2, 64);

type Person = Readonly<Record<string, string>>;

const isPerson: Check = (value, path) => {
	const fields = takeFields(
		value,
		{ open_userid: optional(isId), external_userid: optional(isId) },
		`${path}.`,
	);
	return Object.keys(fields).length > 0 ? undefined : 'must have open_userid or external_userid';
};

const isEither: Check = (value, path) =>
	isPerson(value, path) ??
	(Object.keys(value as object).length === 1
		? undefined
		: 'must have either open_userid or external_userid');

/**
 * The fields of a message search beside keyword, cursor and limit.
 *
 * @param isPerson - what names one of the people in it
 */
const filtersBy = (isPerson: Check): FieldRules => ({
	start_time: optional(isUnixSeconds),
	end_time: optional(isUnixSeconds),
	skip_stop_words: optional(isFlag),
	chat_info: optional(
		objectOf({
			chat_type: optional(oneOf(1, 2)),
			id_list: optional(listOf(isPerson, { min: 2, max: 2 })),
			chat_id: optional(isId),
			msg_type_list: optional(listOf(oneOf(...SEARCHABLE), { max: SEARCHABLE.length })),
			sender: optional(isPerson),
			sender_list: optional(listOf(objectOf({ open_userid: required(isId) }), { max: 100 })),
		}),
	),
});

/** The filters of the reference contract. */
const FILTERS = filtersBy(isEither);

/** The filters of Tencent's own function: `open_userid` wins where a person has both ids. */
export const PUBLISHED_FILTERS = filtersBy(isPerson);

/** POST /msgaudit/search_session (fields of document path 99802). */
export const searchSession: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: SESSION,
	token: 'access_token',
	answer({ world, pager }, { body }) {
		const fields = takeFields(body, { keyword: required(isKeyword), ...pageFields(MAX_PAGE) });
		const keyword = fields.keyword as string;
		const groups = searchGroups(world, keyword);
		const page = pager.page(`${SESSION} ${keyword}`, groups, pageOf(fields), (one) => one.roomid);
		const found = page.entries.map(({ roomid, name }) => ({ chatid: roomid, name }));
		return ok({ ...pageEnd(page), chat_list: found });
	},
};

/** POST /msgaudit/search_message (fields of document path 99818). */
export const searchMessage: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: MESSAGE,
	token: 'access_token',
	answer({ chats, pager, now }, { body }) {
		const rules = { keyword: required(isKeyword), ...FILTERS, ...pageFields(MAX_PAGE) };
		const fields = takeFields(body, rules);
		const query = queryOf(fields.keyword as string, fields, Math.floor(now() / 1000));
		const found = searchMessages(chats, query);
		const list = listName(MESSAGE, fields);
		const page = pager.page(list, found, pageOf(fields), ({ msgid }) => msgid);
		const messages = page.entries.map((message) => ({
			msgid: message.msgid,
			seq: message.seq,
			chatid: chats.idOf(message),
			sender: message.from,
			send_time: message.sentAt,
			msgtype: message.type,
			content: message.content,
		}));
		return ok({ ...pageEnd(page), messages });
	},
};

/** What tells the list of one search from those of others: every field but cursor and limit. */
export function listName(path: string, fields: Readonly<Record<string, unknown>>): string {
	const { cursor: _cursor, limit: _limit, ...rest } = fields;
	return path + JSON.stringify(rest, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)); // prettier-ignore
}

/**
 * What fields that passed these filters ask for.
 *
 * @param now - unix seconds
 * @param useridOf - the member that an `open_userid` stands for
 * @throws Refusal 40058 for fields that do not go together
 */
export function queryOf(
	keyword: string,
	fields: Readonly<Record<string, unknown>>,
	now: number,
	useridOf: (openUserid: string) => string = (id) => id,
): MessageQuery {
	const idOf = ({ open_userid: id, external_userid: external }: Person) =>
		id === undefined ? (external as string) : useridOf(id);
	const info = (fields.chat_info ?? {}) as Readonly<Record<string, unknown>>;
	const { chat_type: chatType, id_list: pair, chat_id: chatId, msg_type_list: types } = info;
	const kind = chatType === undefined ? undefined : chatType === 1n ? 'single' : 'group';
	if (pair !== undefined && kind === 'group') {
		throw new Refusal(40058, 'chat_info.id_list goes with chat_type 1 only');
	}
	if (chatId !== undefined && kind === 'single') {
		throw new Refusal(40058, 'chat_info.chat_id goes with chat_type 2 only');
	}
	return {
		keyword,
		...spanOf(fields.start_time as bigint | undefined, fields.end_time as bigint | undefined, now),
		skipStopWords: fields.skip_stop_words === true,
		kind,
		pair: (pair as Person[] | undefined)?.map(idOf),
		chatId: chatId as string | undefined,
		types: filled((types as bigint[] | undefined)?.map(Number)),
		senders: sendersOf(
			info.sender as Person | undefined,
			info.sender_list as Person[] | undefined,
		)?.map(idOf),
	};
}

function spanOf(
	start: bigint | undefined,
	end: bigint | undefined,
	now: number,
): Pick<MessageQuery, 'startTime' | 'endTime'> {
	if (start === undefined) {
		if (end !== undefined) throw new Refusal(40063, 'start_time is missing, as there is end_time');
		return { startTime: now - MAX_SPAN_SECONDS, endTime: now };
	}
	const startTime = Number(start);
	if (end === undefined) return { startTime, endTime: startTime + MAX_SPAN_SECONDS };
	const endTime = Number(end);
	if (startTime >= endTime) throw new Refusal(40058, 'start_time must be before end_time');
	if (endTime - startTime > MAX_SPAN_SECONDS) {
		throw new Refusal(40058, 'start_time to end_time must be at most 31 days');
	}
	return { startTime, endTime };
}

/** sender_list wins over sender. */
function sendersOf(
	one: Person | undefined,
	several: readonly Person[] | undefined,
): readonly Person[] | undefined {
	return filled(several) ?? (one === undefined ? undefined : [one]);
}

function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
	return list?.length === 0 ? undefined : list;
}
