import { SURFACES } from '../routes/surface';
import { createRule, deleteRule, getRule, listRules, updateRule } from '../rules/calls';
import { good, OK, type Example, type ZoneFunctions } from './function';

const RIGHT = 'datazone:chatdata:hit_keyword';
const BAD_CURSOR = 710611;
const { dataZone } = SURFACES;

/** A rule with every field there can be. */
const RULE: Example = {
	name: 'n',
	keyword: { word_list: ['a1'], is_case_sensitive: 1, match_rule: 0, is_trim_msg: 0 },
	semantics: { semantics_list: [2] },
	applicable_range: {
		target_type: { type_list: [1] },
		chat_type: { type_list: [1] },
		department: { id_list: [1] },
		user: { id_list: ['woUser1'] },
		external_contact: { id_list: ['wmCust1'] },
		chat: { id_list: ['wrRoom1'] },
		msg_scope: 1,
		exclude_mobile: { mobile_list: ['13800000000'] },
		exclude_email: { email_list: ['a@example.com'] },
		exclude_bank_card: { bank_card_list: ['6222000000000000'] },
		exclude_keyword: { word_list: ['a2'] },
		session_type: { session_type_list: [1] },
		voice_match_msgtype: { type_list: [6] },
	},
};
const ID: Example = { rule_id: 'RULE-1' };

/** Keyword rules (document path 99829). */
export const ruleFunctions: ZoneFunctions = {
	create_rule: {
		right: RIGHT,
		input: RULE,
		output: { ...OK, ...ID },
		run: (on, request) => good(createRule(on, request, dataZone)),
	},
	update_rule: {
		right: RIGHT,
		input: { ...ID, ...RULE },
		output: OK,
		run: (on, request) => good(updateRule(on, request, dataZone)),
	},
	delete_rule: {
		right: RIGHT,
		input: ID,
		output: OK,
		run: (on, request) => good(deleteRule(on, request)),
	},
	get_rule_detail: {
		right: RIGHT,
		input: ID,
		output: { ...OK, ...RULE },
		run: (on, request) => good(getRule(on, request, dataZone)),
	},
	get_rule_list: {
		right: RIGHT,
		input: { cursor: 'C1', limit: 100 },
		output: {
			...OK,
			rule_list: [{ ...ID, name: 'n', create_time: 1730000000 }],
			has_more: false,
			next_cursor: 'C2',
		},
		run: (on, request) => good(listRules(on, request, dataZone, BAD_CURSOR)),
	},
};
