import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { KeywordRule } from '../../../../wecom/api/keywordRules';
import { isJsonObject } from '../../../../wecom/json';
import type { Item } from '../../../shared/run/item';
import { compact, toChoices, toJson, toList } from '../../../shared/values';
import { filledIn, toWords } from './ruleFields';

const idsField = (
	name: string,
	displayName: string,
	placeholder: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder,
	description,
});

const typesField = (
	name: string,
	displayName: string,
	options: INodeProperties['options'],
	description: string,
): INodeProperties => ({ displayName, name, type: 'multiOptions', options, default: [], description }); // prettier-ignore

const conditions: INodeProperties[] = [
	typesField(
		'chatType',
		'Chat Types',
		[
			{ name: 'Groups (2)', value: 2 },
			{ name: 'Single Chats (1)', value: 1 },
		],
		'Which kinds of chats are watched; none chosen watches both',
	),
	idsField(
		'chat',
		'Chats',
		'e.g. wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg',
		'Groups to watch, by roomid, at most 2000. Without Chat Types all single chats are watched as well.',
	),
	idsField(
		'externalContact',
		'Customers',
		'e.g. wmErxtDgAA9AW32YyyuYRimKr7D1KWlw',
		'Customers to watch, by external_userid, at most 100. Without Target Types everybody of the staff is watched as well.',
	),
	idsField(
		'department',
		'Department IDs',
		'e.g. 2, 5',
		'Departments to watch, at most 100; they add to Users. Without Target Types all customers are watched as well.',
	),
	idsField(
		'excludeBankCard',
		'Exclude Bank Cards',
		'e.g. 6222020000000000000',
		'Bank card numbers that do not count as a hit, at most 100',
	),
	idsField(
		'excludeEmail',
		'Exclude Emails',
		'e.g. sales@example.com',
		'Email addresses that do not count as a hit, at most 100',
	),
	idsField(
		'excludeKeyword',
		'Exclude Keywords',
		'e.g. 漏水保护',
		'A message with one of these words is no hit; at most 20, each at most 32 characters',
	),
	idsField(
		'excludeMobile',
		'Exclude Mobile Numbers',
		'e.g. 13800000000',
		'Mobile numbers that do not count as a hit, at most 100',
	),
	{
		displayName: 'Message Scope',
		name: 'msgScope',
		type: 'options',
		options: [
			{ name: 'Received (2)', value: 2 },
			{ name: 'Sent (1)', value: 1 },
			{ name: 'Sent and Received (3)', value: 3 },
		],
		default: 1,
		description:
			'Whether messages the watched people send are looked at, those they receive, or both',
	},
	typesField(
		'sessionType',
		'Session Types',
		[
			{ name: 'External (2)', value: 2, description: 'With customers' },
			{ name: 'Internal (1)', value: 1, description: 'Among the staff' },
		],
		'Which conversations are watched; none chosen watches both',
	),
	typesField(
		'targetType',
		'Target Types',
		[
			{ name: 'Customers (2)', value: 2 },
			{ name: 'Staff (1)', value: 1 },
		],
		'Whose messages are watched; none chosen watches both',
	),
	idsField(
		'user',
		'Users',
		'e.g. zhangsan, lisi',
		'Members to watch, by userid, at most 1000; they add to Department IDs. Without Target Types all customers are watched as well.',
	),
	typesField(
		'voiceMatchMsgtype',
		'Voice',
		[
			{ name: 'Audio Archive (21)', value: 21 },
			{ name: 'Voice Message (6)', value: 6 },
		],
		'Which spoken messages are looked at, by their transcript',
	),
];

/** Where a rule applies; {@link readRange} reads them. */
export const rangeFields: INodeProperties[] = [
	{
		displayName: 'Specify Applicable Range',
		name: 'specifyRange',
		type: 'options',
		options: [
			{ name: 'Define Below', value: 'fields' },
			{ name: 'Define Using JSON', value: 'json' },
		],
		default: 'fields',
		description: 'How to say whose messages are watched, in which chats, and what is no hit',
	},
	{
		displayName: 'Applicable Range',
		name: 'applicableRange',
		type: 'collection',
		placeholder: 'Add condition',
		default: {},
		description: 'Whose messages are watched, in which chats, and what is no hit',
		options: conditions,
		displayOptions: { show: { specifyRange: ['fields'] } },
	},
	{
		displayName: 'Applicable Range (JSON)',
		name: 'applicableRangeJson',
		type: 'json',
		default: '{}',
		description:
			'The object applicable_range in the words of WeCom, for example { "target_type": { "type_list": [1] }, "user": { "id_list": ["zhangsan"] } }',
		displayOptions: { show: { specifyRange: ['json'] } },
	},
];

/**
 * The range as the API wants it; undefined when there is nothing in it.
 *
 * @param options with `keepEmpty` a field that was added and left empty clears, else it does not count
 * @throws InvalidInputError when the JSON is none
 */
export function readRange(
	item: Item,
	{ keepEmpty }: { keepEmpty: boolean },
): KeywordRule['applicable_range'] {
	const byJson = item.param('specifyRange') === 'json';
	const given = byJson ? undefined : item.param<IDataObject>('applicableRange');
	const range = given
		? toRange(keepEmpty ? given : filledIn(given))
		: toJson('Applicable Range (JSON)', item.param('applicableRangeJson'));
	const empty = range === null || (isJsonObject(range) && Object.keys(range).length === 0);
	return empty ? undefined : (range as KeywordRule['applicable_range']);
}

function toRange(given: IDataObject): object {
	const listed = (name: string, list: unknown) =>
		list === undefined ? undefined : { [name]: list };
	const ids = (name: string, field: string) =>
		listed(name, given[field] === undefined ? undefined : toList(labelOf(field), given[field]));
	const choices = (name: string, field: string) =>
		listed(name, toChoices(labelOf(field), given[field]));
	const { excludeKeyword: words } = given;
	return compact({
		target_type: choices('type_list', 'targetType'),
		chat_type: choices('type_list', 'chatType'),
		department: ids('id_list', 'department'),
		user: ids('id_list', 'user'),
		external_contact: ids('id_list', 'externalContact'),
		chat: ids('id_list', 'chat'),
		msg_scope: given.msgScope,
		exclude_mobile: ids('mobile_list', 'excludeMobile'),
		exclude_email: ids('email_list', 'excludeEmail'),
		exclude_bank_card: ids('bank_card_list', 'excludeBankCard'),
		exclude_keyword: listed(
			'word_list',
			words === undefined ? undefined : toWords(labelOf('excludeKeyword'), words),
		),
		session_type: choices('session_type_list', 'sessionType'),
		voice_match_msgtype: choices('type_list', 'voiceMatchMsgtype'),
	});
}

function labelOf(field: string): string {
	return conditions.find(({ name }) => name === field)?.displayName ?? field;
}
