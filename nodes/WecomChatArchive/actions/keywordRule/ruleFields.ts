import type { INodeProperties } from 'n8n-workflow';

import type { KeywordRule } from '../../../../wecom/api/keywordRules';
import { locatorField, noticeField } from '../../../shared/fields';
import { compact, toList } from '../../../shared/values';

/** The rule an operation is about. */
export const ruleIdField = locatorField(
	{ displayName: 'Rule', name: 'ruleId', description: 'The keyword rule' },
	'searchRules',
	'ruleAAAAbmAAAC1xQ',
);

/** What a rule can do, and what not. */
export const ruleNotice = noticeField(
	'ruleNotice',
	'A hit is reported by the event Keyword Hit of the WeCom Data Trigger. A rule sees messages sent after it was made, of archived members; a corp has at most 500 rules.',
);

/** The name of a rule. */
export const ruleNameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. 投诉',
	description: 'Name of the rule, at most 20 characters',
};

/** What a rule looks for. */
export const wordsField: INodeProperties = {
	displayName: 'Words',
	name: 'words',
	type: 'string',
	default: '',
	placeholder: 'e.g. 漏水, 退货, refund',
	description:
		'Words that hit, separated by commas: at most 20, each at most 32 characters. Words, Semantics or both are needed; one hit of either suffices. A word may hold blanks; for one with commas use an expression that gives a list.',
};

const idList = (
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

/** Everything else of a rule; {@link toRule} reads them. */
export const ruleOptionFields: INodeProperties[] = [
	{
		displayName: 'Case Sensitive',
		name: 'isCaseSensitive',
		type: 'boolean',
		default: true,
		description: 'Whether upper and lower case make a difference in the words',
	},
	{
		displayName: 'Chat Types',
		name: 'chatType',
		type: 'multiOptions',
		options: [
			{ name: 'Groups (2)', value: 2 },
			{ name: 'Single Chats (1)', value: 1 },
		],
		default: [],
		description: 'Which kinds of chats are watched; none chosen watches both',
	},
	idList(
		'chat',
		'Chats',
		'e.g. wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg',
		'Groups to watch, by roomid, at most 2000. Without Chat Types all single chats are watched as well.',
	),
	idList(
		'externalContact',
		'Customers',
		'e.g. wmErxtDgAA9AW32YyyuYRimKr7D1KWlw',
		'Customers to watch, by external_userid, at most 100. Without Target Types everybody of the staff is watched as well.',
	),
	idList(
		'department',
		'Department IDs',
		'e.g. 2, 5',
		'Departments to watch, at most 100; they add to Users. Without Target Types all customers are watched as well.',
	),
	idList(
		'excludeBankCard',
		'Exclude Bank Cards',
		'e.g. 6222020000000000000',
		'Bank card numbers that do not count as a hit, at most 100',
	),
	idList(
		'excludeEmail',
		'Exclude Emails',
		'e.g. sales@example.com',
		'Email addresses that do not count as a hit, at most 100',
	),
	idList(
		'excludeKeyword',
		'Exclude Keywords',
		'e.g. 漏水保护',
		'A message with one of these words is no hit; at most 20',
	),
	idList(
		'excludeMobile',
		'Exclude Mobile Numbers',
		'e.g. 13800000000',
		'Mobile numbers that do not count as a hit, at most 100',
	),
	{
		displayName: 'Match Rule',
		name: 'matchRule',
		type: 'options',
		options: [
			{ name: 'Contains (0)', value: 0, description: 'The word is somewhere in the message' },
			{ name: 'Exact (1)', value: 1, description: 'The message is the word' },
		],
		default: 0,
		description: 'How a message has to match a word',
	},
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
	{
		displayName: 'Semantics',
		name: 'semanticsList',
		type: 'multiOptions',
		options: [
			{ name: 'Bank Card (7)', value: 7 },
			{ name: 'Email (3)', value: 3 },
			{ name: 'File (9)', value: 9 },
			{ name: 'ID Card (8)', value: 8 },
			{ name: 'Image with QR Code (5)', value: 5 },
			{ name: 'Link (10)', value: 10 },
			{ name: 'Mini Program (11)', value: 11 },
			{ name: 'Mobile Number (2)', value: 2 },
			{ name: 'Recalled Message (6)', value: 6 },
			{ name: 'Red Packet (1)', value: 1 },
			{ name: 'WeChat Card (4)', value: 4 },
			{ name: 'Welcome Message (12)', value: 12 },
		],
		default: [],
		description: 'Kinds of content that hit, whatever the words',
	},
	{
		displayName: 'Session Types',
		name: 'sessionType',
		type: 'multiOptions',
		options: [
			{ name: 'External (2)', value: 2, description: 'With customers' },
			{ name: 'Internal (1)', value: 1, description: 'Among the staff' },
		],
		default: [],
		description: 'Which conversations are watched; none chosen watches both',
	},
	{
		displayName: 'Target Types',
		name: 'targetType',
		type: 'multiOptions',
		options: [
			{ name: 'Customers (2)', value: 2 },
			{ name: 'Staff (1)', value: 1 },
		],
		default: [],
		description: 'Whose messages are watched; none chosen watches both',
	},
	{
		displayName: 'Trim Messages',
		name: 'isTrimMsg',
		type: 'boolean',
		default: false,
		description: 'Whether blanks around a message are ignored; only with Match Rule Exact',
	},
	idList(
		'user',
		'Users',
		'e.g. zhangsan, lisi',
		'Members to watch, by userid, at most 1000; they add to Department IDs. Without Target Types all customers are watched as well.',
	),
	{
		displayName: 'Voice',
		name: 'voiceMatchMsgtype',
		type: 'multiOptions',
		options: [
			{ name: 'Audio Archive (21)', value: 21 },
			{ name: 'Voice Message (6)', value: 6 },
		],
		default: [],
		description: 'Which spoken messages are looked at, by their transcript',
	},
];

/** The fields of a rule as the user filled them in. */
export interface RuleFields {
	words: unknown;
	isCaseSensitive: boolean;
	matchRule: 0 | 1;
	isTrimMsg: boolean;
	semanticsList: number[];
	targetType: number[];
	chatType: number[];
	department: unknown;
	user: unknown;
	externalContact: unknown;
	chat: unknown;
	msgScope: 1 | 2 | 3;
	excludeMobile: unknown;
	excludeEmail: unknown;
	excludeBankCard: unknown;
	excludeKeyword: unknown;
	sessionType: number[];
	voiceMatchMsgtype: number[];
}

/**
 * The fields as the API wants them; what was not given is left out, a list that was given empty
 * stays empty.
 */
export function toRule(given: Partial<RuleFields>): Omit<KeywordRule, 'name'> {
	// Words may hold blanks: only commas and line breaks part them.
	const words = (value: unknown) =>
		Array.isArray(value) ? value.map(String) : splitAtCommas(String(value));
	const ids = (value: unknown) => ({ id_list: toList(value) });
	const keyword = compact({
		word_list: map(given.words, words),
		is_case_sensitive: map(given.isCaseSensitive, Number),
		match_rule: given.matchRule,
		is_trim_msg: map(given.isTrimMsg, Number),
	});
	const range = compact({
		target_type: map(given.targetType, (type_list) => ({ type_list })),
		chat_type: map(given.chatType, (type_list) => ({ type_list })),
		department: map(given.department, ids),
		user: map(given.user, ids),
		external_contact: map(given.externalContact, ids),
		chat: map(given.chat, ids),
		msg_scope: given.msgScope,
		exclude_mobile: map(given.excludeMobile, (value) => ({ mobile_list: toList(value) })),
		exclude_email: map(given.excludeEmail, (value) => ({ email_list: toList(value) })),
		exclude_bank_card: map(given.excludeBankCard, (value) => ({ bank_card_list: toList(value) })),
		exclude_keyword: map(given.excludeKeyword, (value) => ({ word_list: words(value) })),
		session_type: map(given.sessionType, (session_type_list) => ({ session_type_list })),
		voice_match_msgtype: map(given.voiceMatchMsgtype, (type_list) => ({ type_list })),
	});
	const semantics = map(given.semanticsList, (semantics_list) => ({ semantics_list }));
	const some = <T extends object>(fields: T) => (Object.keys(fields).length ? fields : undefined);
	return compact({
		keyword: some(keyword),
		semantics,
		applicable_range: some(range),
	}) as Omit<KeywordRule, 'name'>;
}

function splitAtCommas(text: string): string[] {
	return text
		.split(/[,，、\n]/)
		.map((word) => word.trim())
		.filter((word) => word !== '');
}

function map<T, R>(value: T | undefined, change: (value: T) => R): R | undefined {
	return value === undefined ? undefined : change(value);
}
