import { getKeywordRule } from '../../../../wecom/api/keywordRules';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { ruleIdField, semanticsNames } from './ruleFields';

/** One rule in full. Reference document 3, platform document 99829. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a keyword rule',
		description: 'Get what a keyword rule looks for, and where',
	},
	api: getKeywordRule,
	fields: [ruleIdField, optionsOf(requestTimeoutField)],

	async run(item) {
		const ruleId = item.id('ruleId');
		const rule = await item.call(getKeywordRule, { rule_id: ruleId });
		return {
			rule_id: ruleId,
			...toItem(rule),
			semantics_names: semanticsNames(rule.semantics?.semantics_list ?? []),
		};
	},
};
