import type { IDataObject } from 'n8n-workflow';

import { getKeywordRule } from '../../../../wecom/api/keywordRules';
import type { Action } from '../../../shared/action';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
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

	async run(context, itemIndex) {
		const ruleId = context.id('ruleId', itemIndex);
		const {
			name,
			keyword = {},
			semantics = {},
			applicable_range: range = {},
			...others
		} = await context.call(getKeywordRule, { rule_id: ruleId }, itemIndex);
		return {
			rule_id: ruleId,
			...toItem({ name, keyword, semantics, applicable_range: range, ...others }),
			semantics_names: semanticsNames((semantics as IDataObject | null)?.semantics_list),
		};
	},
};
