import { updateKeywordRule } from '../../../../wecom/api/keywordRules';
import { InvalidInputError } from '../../../../wecom/errors';
import {
	additionalFieldsOf,
	noticeField,
	optionsOf,
	requestTimeoutField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { compact } from '../../../shared/values';
import { rangeFields, readRange } from './rangeFields';
import {
	matchFields,
	ruleIdField,
	ruleNameField,
	toRule,
	wordsField,
	type RuleFields,
} from './ruleFields';

/** Changes a rule. Reference document 3, platform document 99829. */
export const update: Action = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update a keyword rule',
		description: 'Change what a keyword rule looks for, or where',
	},
	api: updateKeywordRule,
	fields: [
		noticeField(
			'updateNotice',
			'A list replaces the former one as a whole; a field that is added and left empty clears it. What you do not add stays as it is.',
		),
		ruleIdField,
		additionalFieldsOf([ruleNameField, wordsField, ...matchFields], 'updateFields'),
		...rangeFields,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const ruleId = item.id('ruleId');
		const { name, ...given } = item.param<Partial<RuleFields> & { name?: string }>('updateFields');
		const changes = compact({
			name: name === '' ? undefined : name,
			...toRule(given),
			applicable_range: readRange(item, { keepEmpty: true }),
		});
		if (Object.keys(changes).length === 0) {
			throw new InvalidInputError(
				'Update Fields',
				'"Update Fields" and "Applicable Range" are empty, expected something to change',
				'Add a field: a name, words, or where the rule applies.',
			);
		}
		await item.call(updateKeywordRule, { rule_id: ruleId, ...changes });
		return { success: true, rule_id: ruleId };
	},
};
