import { createKeywordRule } from '../../../../wecom/api/keywordRules';
import type { Action } from '../../../shared/action';
import { additionalFieldsOf, optionsOf, requestTimeoutField } from '../../../shared/fields';
import { toItem } from '../../../shared/values';
import {
	ruleNameField,
	ruleNotice,
	ruleOptionFields,
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
		additionalFieldsOf(ruleOptionFields),
		optionsOf(requestTimeoutField),
	],

	async run(context, itemIndex) {
		const name = context.param<string>('name', itemIndex);
		const words = context.param<unknown>('words', itemIndex);
		const rule = toRule({
			...(words === '' ? {} : { words }),
			...context.param<Partial<RuleFields>>('additionalFields', itemIndex),
		});
		const answer = await context.call(createKeywordRule, { name, ...rule }, itemIndex);
		return { ...toItem(answer), name };
	},
};
