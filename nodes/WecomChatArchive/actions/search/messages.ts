import type { IDataObject } from 'n8n-workflow';

import { searchMessage, type FoundMessage } from '../../../../wecom/api/search';
import { InvalidInputError } from '../../../../wecom/errors';
import {
	additionalFieldsOf,
	listFields,
	noticeField,
	optionsOf,
	requestTimeoutField,
	simplifyField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { toIso, toSeconds } from '../../../shared/time';
import { compact, toChoices, toItem, toList } from '../../../shared/values';
import { archiveNotice } from '../archiveFields';
import { filterFields, keywordField, MESSAGE_TYPES } from './searchFields';

/** Messages by their text. Reference document 3 and 6.2, platform document 99818. */
export const messages: Action = {
	option: {
		name: 'Messages',
		value: 'messages',
		action: 'Search messages by text',
		description: 'Find archived messages by their text, title or file name, newest first',
	},
	api: searchMessage,
	fields: [
		archiveNotice,
		noticeField(
			'searchNotice',
			'Tencent Data Zone finds the ids of messages (msgid), no text: what was said never leaves the zone.',
		),
		keywordField('e.g. 漏水', 'Text to look for, at least two characters'),
		...listFields,
		simplifyField,
		additionalFieldsOf(filterFields, 'filters'),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const input = {
			keyword: item.text('keyword'),
			...toFilters(item),
		};
		const simplify = item.simplify();
		const found = await item.list(searchMessage, input);
		if (found.length === 0) {
			item.notices.hint(
				'No message found. WeCom searches the last 31 days unless Start Time says otherwise, looks for the keyword as it stands (two characters or more) in texts, titles and file names, and only in conversations of members whose archiving is permitted (WeCom Data Zone → Member → Get Many lists them). What was sent a moment ago may take a while to be found.',
			);
		}
		return found.map((message) => (simplify ? simple(message, item.zone) : toItem(message)));
	},
};

interface Person {
	personType: unknown;
	personId: string;
}

interface Filters {
	chatId: string;
	chatType: 1 | 2;
	endTime: string;
	idList: { person?: Person[] };
	msgTypeList: Array<1 | 4 | 5 | 8 | 18 | 20 | 23>;
	sender: { person?: Person };
	senderList: unknown;
	skipStopWords: boolean;
	startTime: string;
}

function toFilters(item: Item) {
	const filters = item.param<Partial<Filters>>('filters');
	const { person: pair } = filters.idList ?? {};
	const { person: sender } = filters.sender ?? {};
	const senders = toList('Senders', filters.senderList);
	const types = toChoices('Message Types', filters.msgTypeList) as
		Filters['msgTypeList'] | undefined;
	const chatInfo = compact({
		chat_type: filters.chatType,
		chat_id: filters.chatId === '' ? undefined : filters.chatId,
		id_list: pair?.length ? pair.map(toPerson) : undefined,
		msg_type_list: Array.isArray(types) && types.length === 0 ? undefined : types,
		sender: sender ? toPerson(sender) : undefined,
		sender_list: senders.length ? senders.map((id) => ({ open_userid: id })) : undefined,
	});
	return compact({
		start_time: toSeconds('Start Time', filters.startTime, item.zone),
		end_time: toSeconds('End Time', filters.endTime, item.zone),
		skip_stop_words: filters.skipStopWords,
		chat_info: Object.keys(chatInfo).length ? chatInfo : undefined,
	});
}

function toPerson({ personType: type, personId: id }: Person) {
	if (type === 'customer') return { external_userid: id };
	if (type === 'member') return { open_userid: id };
	throw new InvalidInputError(
		'Person Type',
		'"Person Type" is neither customer nor member',
		'Choose one from the list; in an expression use the word customer or member.',
	);
}

function simple(message: FoundMessage, zone: string): IDataObject {
	const { send_time: sent, msgtype, ...rest } = message;
	return {
		...rest,
		...(sent === undefined ? {} : { send_time: toIso(sent, zone) }),
		...(msgtype === undefined ? {} : { msgtype: MESSAGE_TYPES[Number(msgtype)] ?? msgtype }),
	};
}
