import type { Chats } from './chats';
import type { Group, World } from './data/world';
import { TYPE, type ArchivedMessage } from './messages';

/** What is searched for, and where. Ids are userids and external_userids. */
export interface MessageQuery {
	readonly keyword: string;
	/** unix seconds, included. */
	readonly startTime: number;
	/** unix seconds, included. */
	readonly endTime: number;
	/** Whether particles and the like do not count. */
	readonly skipStopWords: boolean;
	readonly kind?: 'single' | 'group' | undefined;
	/** The two sides of a single chat. */
	readonly pair?: readonly string[] | undefined;
	/** roomid of a group. */
	readonly chatId?: string | undefined;
	/** Numbers of message types; all that can be searched when absent. */
	readonly types?: readonly number[] | undefined;
	/** Anybody when absent. */
	readonly senders?: readonly string[] | undefined;
}

/** Types of messages that can be searched. */
export const SEARCHABLE: readonly number[] = Object.values(TYPE);

/** Words that carry no meaning. */
const STOP_WORDS = /[的了吗呢吧啊呀哦嘛着过就也都还很,。!?~\s]|\b(?:the|a|an|of|to)\b/gi;

/** Messages whose text contains the keyword, whatever the case of letters, newest first. */
export function searchMessages(chats: Chats, query: MessageQuery): ArchivedMessage[] {
	const words = (text: string) => normalized(text, query.skipStopWords);
	const keyword = words(query.keyword) || query.keyword.toLowerCase();
	return chats
		.all()
		.filter((message) => isWhere(message, query) && words(message.content).includes(keyword))
		.reverse();
}

/** Named groups whose name contains the keyword. */
export function searchGroups(world: World, keyword: string): Group[] {
	const word = keyword.toLowerCase();
	return world.groups.filter(({ name }) => name.toLowerCase().includes(word));
}

/** Somebody who was found: 1 staff, 2 a customer. */
export interface FoundPerson {
	readonly type: 1 | 2;
	/** userid or external_userid. */
	readonly id: string;
}

/**
 * Members and customers whose name contains the keyword, or a member's userid in place of pinyin.
 *
 * @param type - 1 staff alone, 2 customers alone, else both
 */
export function searchPeople(world: World, keyword: string, type: number): FoundPerson[] {
	const word = keyword.toLowerCase();
	const has = (...names: string[]) => names.some((name) => name.toLowerCase().includes(word));
	const staff = world.members
		.filter(({ name, userid }) => type !== 2 && has(name, userid))
		.map(({ userid }): FoundPerson => ({ type: 1, id: userid }));
	const customers = world.customers
		.filter(({ name }) => type !== 1 && has(name))
		.map(({ externalUserid }): FoundPerson => ({ type: 2, id: externalUserid }));
	return [...staff, ...customers];
}

function isWhere(message: ArchivedMessage, query: MessageQuery): boolean {
	const { kind, pair, chatId, types = SEARCHABLE, senders } = query;
	const everybody = [message.from, ...message.to];
	return (
		types.includes(message.type) &&
		message.sentAt >= query.startTime &&
		message.sentAt <= query.endTime &&
		(kind === undefined || (kind === 'group') === (message.roomid !== '')) &&
		(chatId === undefined || message.roomid === chatId) &&
		(pair === undefined || (message.roomid === '' && pair.every((id) => everybody.includes(id)))) &&
		(senders === undefined || senders.includes(message.from))
	);
}

function normalized(text: string, skipStopWords: boolean): string {
	return (skipStopWords ? text.replace(STOP_WORDS, '') : text).toLowerCase();
}
