import type { INodeProperties } from 'n8n-workflow';

import { flag, optional, parseInput } from '../../../../wecom/api/fields';
import type { KeywordRule } from '../../../../wecom/api/keywordRules';
import { locatorField, noticeField } from '../../../shared/fields';
import { compact, toChoices, toList } from '../../../shared/values';

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

/** semantics by its number. Source: document 99829. */
const SEMANTICS: Readonly<Record<number, string>> = {
	1: 'Red Packet',
	2: 'Mobile Number',
	3: 'Email',
	4: 'WeChat Card',
	5: 'Image with QR Code',
	6: 'Recalled Message',
	7: 'Bank Card',
	8: 'ID Card',
	9: 'File',
	10: 'Link',
	11: 'Mini Program',
	12: 'Welcome Message',
};

/** What a rule may look for beside words, and how; {@link toRule} reads them. */
export const matchFields: INodeProperties[] = [
	{
		displayName: 'Case Sensitive',
		name: 'isCaseSensitive',
		type: 'boolean',
		default: true,
		description: 'Whether upper and lower case make a difference in the words',
	},
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
		displayName: 'Semantics',
		name: 'semanticsList',
		type: 'multiOptions',
		options: Object.entries(SEMANTICS)
			.map(([value, name]) => ({ name: `${name} (${value})`, value: Number(value) }))
			.sort((a, b) => a.name.localeCompare(b.name, 'en')),
		default: [],
		description: 'Kinds of content that hit, whatever the words',
	},
	{
		displayName: 'Trim Messages',
		name: 'isTrimMsg',
		type: 'boolean',
		default: false,
		description: 'Whether blanks around a message are ignored; only with Match Rule Exact',
	},
];

/** {@link wordsField} and {@link matchFields} as the user filled them in. */
export interface RuleFields {
	words: unknown;
	isCaseSensitive: boolean;
	matchRule: 0 | 1;
	isTrimMsg: boolean;
	semanticsList: number[];
}

/** The fields as the API wants them: what was not given is left out, what is empty stays empty. */
export function toRule(given: Partial<RuleFields>): Pick<KeywordRule, 'keyword' | 'semantics'> {
	const { words, isCaseSensitive, matchRule, isTrimMsg, semanticsList } = given;
	const keyword = compact({
		word_list: words === undefined ? undefined : toWords('Words', words),
		is_case_sensitive: toBit('Case Sensitive', isCaseSensitive),
		match_rule: matchRule,
		is_trim_msg: toBit('Trim Messages', isTrimMsg),
	});
	return compact({
		keyword: Object.keys(keyword).length ? keyword : undefined,
		semantics: semanticsList && {
			semantics_list: toChoices('Semantics', semanticsList) as number[],
		},
	});
}

/** Words may hold blanks: only commas and line breaks part them. */
export function toWords(field: string, value: unknown): string[] {
	return toList(field, value, /[,，、\n]/);
}

/** What was filled in: for a new rule an empty field is one that was not given. */
export function filledIn<T extends object>(fields: T): Partial<T> {
	const entries = Object.entries(fields).filter(
		([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0),
	);
	return Object.fromEntries(entries) as Partial<T>;
}

/** The words for semantics. */
export function semanticsNames(list: number[]): string[] {
	return list.map((one) => SEMANTICS[one] ?? String(one));
}

function toBit(field: string, value: unknown): 0 | 1 | undefined {
	const yes = parseInput(optional(flag()), value, field);
	return yes === undefined ? undefined : yes ? 1 : 0;
}
