import { createKeywordRule, type KeywordRule } from '../../../../wecom/api/keywordRules';
import type { Action } from '../../../shared/action';
import { additionalFieldsOf, optionsOf, requestTimeoutField } from '../../../shared/fields';
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

	async run(context, itemIndex) {
		const name = context.text('name', itemIndex);
		const given: Partial<RuleFields> = {
			words: context.param('words', itemIndex),
			...context.param<Partial<RuleFields>>('additionalFields', itemIndex),
		};
		const rule: KeywordRule = compact({
			name,
			...toRule(filledIn(given)),
			applicable_range: readRange(context, itemIndex, { keepEmpty: false }),
		});
		const answer = await context.call(createKeywordRule, rule, itemIndex);
		context.expectId(answer, 'rule_id', 'Keyword Rule → Get Many lists the new rule.');
		return { ...toItem(answer), name };
	},
};
