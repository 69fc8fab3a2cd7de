import { deleteKeywordRule } from '../../../../wecom/api/keywordRules';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
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

	async run(item) {
		await item.call(deleteKeywordRule, { rule_id: item.id('ruleId') });
		return { deleted: true };
	},
};
