import { listKeywordRules } from '../../../../wecom/api/keywordRules';
import { listFields, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso } from '../../../shared/time';

/** All rules. Reference document 3, platform document 99829. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many keyword rules',
		description: 'List the keyword rules; Get tells what each looks for',
	},
	api: listKeywordRules,
	fields: [...listFields, optionsOf(requestTimeoutField)],

	async run(item) {
		const rules = await item.list(listKeywordRules, {});
		if (rules.length === 0) {
			item.notices.hint(
				'There are no keyword rules. Keyword Rule → Create makes one; rules of other apps are not listed.',
			);
		}
		return rules.map((rule) => ({ ...rule, created_at: toIso(rule.create_time, item.zone) }));
	},
};
