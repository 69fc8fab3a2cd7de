import { deleteKeywordRule } from '../../../../wecom/api/keywordRules';
import type { Action } from '../../../shared/action';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import { ruleIdField } from './ruleFields';

/** Removes a rule. Reference document 3, platform document 99829. */
export const remove: Action = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a keyword rule',
		description: 'Delete a keyword rule for good',
	},
	api: deleteKeywordRule,
	fields: [ruleIdField, optionsOf(requestTimeoutField)],

	async run(context, itemIndex) {
		await context.call(deleteKeywordRule, { rule_id: context.id('ruleId', itemIndex) }, itemIndex);
		return { deleted: true };
	},
};
