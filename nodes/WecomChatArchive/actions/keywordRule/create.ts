import { createKeywordRule, type KeywordRule } from '../../../../wecom/api/keywordRules';
import { additionalFieldsOf, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { compact, toItem } from '../../../shared/values';
import { rangeFields, readRange } from './rangeFields';
import {
	filledIn,
	matchFields,
	ruleNameField,
	ruleNotice,
	toRule,
	wordsField,
	type RuleFields,
} from './ruleFields';

/** Makes a rule. Reference document 3, platform document 99829. */
export const create: Action = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a keyword rule',
		description: 'Have WeCom report messages that hold certain words or kinds of content',
	},
	api: createKeywordRule,
	fields: [
		ruleNotice,
		{ ...ruleNameField, required: true },
		wordsField,
		additionalFieldsOf(matchFields),
		...rangeFields,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const name = item.text('name');
		const given: Partial<RuleFields> = {
			words: item.param('words'),
			...item.param<Partial<RuleFields>>('additionalFields'),
		};
		const rule: KeywordRule = compact({
			name,
			...toRule(filledIn(given)),
			applicable_range: readRange(item, { keepEmpty: false }),
		});
		const answer = await item.call(createKeywordRule, rule);
		item.notices.expectId(answer, 'rule_id', 'Keyword Rule → Get Many lists the new rule.');
		return { ...toItem(answer), name };
	},
};
