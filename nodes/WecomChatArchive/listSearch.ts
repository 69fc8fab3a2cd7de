import { listKeywordRules } from '../../wecom/api/keywordRules';
import { listSearch } from '../shared/listSearch';

/** Keyword rules by name or id. */
export const searchRules = listSearch(listKeywordRules, (rules) =>
	rules.map(({ rule_id: value, name }) => ({ name: name || value, value })),
);
