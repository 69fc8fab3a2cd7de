import { InvalidInputError } from '../errors';
import type { ProgramStyle } from './carriers/carrier';
import { inStyle } from './carriers/program';

/** What an ability of a program is registered with: of the values, only the types count. */
export interface AbilityExample {
	/** A request of the function with every key that this package may send. */
	readonly input: Readonly<Record<string, unknown>>;
	/** An answer with every key that WeCom documents, even where this package reads only some. */
	readonly output: Readonly<Record<string, unknown>>;
}

const OK = { errcode: 0, errmsg: 'ok' };
const PAGED = { ...OK, has_more: 1, next_cursor: 'C2' };

const SEARCH = { query_word: 'ab', limit: 50, cursor: 'C1' };
const PERSON = { open_userid: 'woUser1', external_userid: 'wmCust1' };

const PAIR = { userid: 'woUser1', external_userid: 'wmCust1' };

const DETAIL = {
	sender: { type: 1, id: 'woUser1' },
	receiver_list: [{ type: 2, id: 'wmCust1' }],
	chatid: 'wrRoom1',
	send_time: 1730000000,
	msgtype: 1,
	service_encrypt_info: { encrypted_secret_key: 'BASE64', public_key_ver: 1 },
};
const RECORDS = [{ msgid: 'msg1', ...DETAIL, extra_info: { call_duration: 10 } }];

const RULE_ID = { rule_id: 'RULE-1' };
const RULE = {
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

const KB_ID = { kb_id: 'kb1' };
const DOCUMENT = {
	doc_name: 'a.pdf',
	type: 2,
	file_media_id: 'MEDIA-1',
	web_url: 'https://example.com/a',
};
const LEARNED = { knowledge_base_id: 'kb1', knowledge_base_name: 'n' };

const JOB = { jobid: 'JOB-1' };
const SEALED = { encrypt_info: { secret_key: 'KEY-1' } };
const MESSAGES = { msg_list: [{ msgid: 'msg1', ...SEALED }] };
const TAG_GROUPS = { tag_group_list: [{ group_id: 'etGroup1' }] };
const FAILED = { errcode: 710601, errmsg: 'e', msgid: 'msg1' };
const FILTERED = [{ docid: 'D1', errcode: 710728, errmsg: 'e' }];
/** Answer of a function that begins a job of a model. */
const BEGUN = { ...OK, ...JOB, fail_list: [{ ...FAILED, ...SEALED }] };
/** Answer of a function that tells the result of such a job. */
const DONE = { ...OK, status: 1, fail_list: [FAILED] };

/**
 * The examples of every function of the zone SDK that an operation is carried by. The zone refuses a
 * request with a key or a type that the input example lacks (790016), and an answer with one that the
 * output example lacks (790014). Source: documents 99811 and 101356, and the pages of the functions.
 */
export const ABILITY_EXAMPLES = {
	// Messages: document 101365
	sync_msg: {
		input: { cursor: 'C1', token: 'TOKEN-1', limit: 200, mode: 0, begin_time: 1730000000 },
		output: { ...PAGED, msg_list: RECORDS, page_id_list: ['PAGE-1'] },
	},
	get_msg_list_by_page_id: {
		input: { page_id: 'PAGE-1' },
		output: { ...OK, msg_list: RECORDS },
	},

	// Events: documents 100052 and 101385. A stored event has its own body and no errcode.
	do_async_job: {
		input: {},
		output: {
			...OK,
			event_type: 'conversation_new_message',
			timestamp: 1730000000,
			conversation_new_message: { token: 'TOKEN-1' },
			hit_keyword: { token: 'TOKEN-1' },
			chat_archive_audit_approved: { ...PAIR, chatid: 'wrRoom1' },
			chat_archive_export_finished: JOB,
			auth_knowledge_base: LEARNED,
			unauth_knowledge_base: LEARNED,
			delete_knowledge_base: LEARNED,
			knowledge_base_learn_done: { ...LEARNED, doc_id: 1, learn_status: 0 },
		},
	},

	// Consent and groups: documents 101366 and 99825
	get_agree_status_single: {
		input: { item: [PAIR] },
		output: {
			...OK,
			agreeinfo: [{ status_change_time: 1730000000, ...PAIR, agree_status: 'Agree' }],
		},
	},
	get_agree_status_room: {
		input: { chatid: 'wrRoom1' },
		output: {
			...OK,
			agreeinfo: [
				{ status_change_time: 1730000000, external_userid: 'wmCust1', agree_status: 'Disagree' },
			],
		},
	},
	get_group_chat: {
		input: { chatid: 'wrRoom1' },
		output: {
			...OK,
			creator: 'woUser1',
			room_create_time: 1730000000,
			members: [{ memberid: 'woUser1', jointime: 1730000001, type: 1 }],
		},
	},

	// Search: documents 101368, 99818 and 100235
	search_chat: { input: SEARCH, output: { ...PAGED, chat_list: [{ chatid: 'wrRoom1' }] } },
	search_msg: {
		input: {
			...SEARCH,
			chat_info: {
				chat_type: 2,
				id_list: [PERSON],
				chat_id: 'wrRoom1',
				msg_type_list: [1],
				sender: PERSON,
				sender_list: [{ open_userid: 'woUser1' }],
			},
			start_time: 1730000000,
			end_time: 1730086400,
			skip_stop_words: false,
		},
		output: { ...PAGED, msg_list: [{ msgid: 'msg1' }] },
	},
	search_contact_or_customer: {
		input: { ...SEARCH, query_user_type: 0 },
		output: { ...PAGED, user_list: [{ type: 1, id: 'woUser1' }] },
	},

	// Keyword rules and their hits: documents 99829 and 99830
	create_rule: { input: RULE, output: { ...OK, ...RULE_ID } },
	update_rule: { input: { ...RULE_ID, ...RULE }, output: OK },
	delete_rule: { input: RULE_ID, output: OK },
	get_rule_detail: { input: RULE_ID, output: { ...OK, ...RULE } },
	get_rule_list: {
		input: { cursor: 'C1', limit: 100 },
		output: {
			...OK,
			rule_list: [{ ...RULE_ID, name: 'n', create_time: 1730000000 }],
			has_more: false,
			next_cursor: 'C2',
		},
	},
	get_hit_msg_list: {
		input: {
			cursor: 'C1',
			token: 'TOKEN-1',
			need_detail: 1,
			limit: 200,
			begin_time: 1730000000,
		},
		output: {
			...PAGED,
			msg_list: [
				{
					msgid: 'msg1',
					msg_detail: DETAIL,
					hit_rule_list: [{ ...RULE_ID, has_hit_keyword: true, semantics_list: [2] }],
				},
			],
		},
	},

	// Exports: document 99838
	create_chatdata_export_job: {
		input: { code: 'CODE-1', media_id: 'MEDIA-2' },
		output: { ...OK, ...JOB },
	},
	get_chatdata_export_job_status: {
		input: JOB,
		output: { ...OK, status: 3, result_id: 'RES-1', result_errcode: 0, result_errmsg: 'ok' },
	},

	// Models: documents 101373 (and 100289), 101374, 101375, 99832, 99831 and 99986
	create_ww_model_task: {
		input: {
			ability_id: 'my_prompt',
			...MESSAGES,
			...KB_ID,
			kb_retrieval_words: 'w',
			...TAG_GROUPS,
			var_args: [{ name: 'task', value: 'v' }],
			model_id: 'model1',
			need_think_result: false,
		},
		output: BEGUN,
	},
	get_ww_model_result: {
		input: JOB,
		output: {
			...DONE,
			response_data: 'text',
			filtered_doc_list: FILTERED,
			filtered_content_list: FILTERED,
		},
	},
	create_recommend_dialog_task: { input: { ...MESSAGES, ...KB_ID }, output: BEGUN },
	get_recommend_dialog_result: { input: JOB, output: { ...DONE, response_data: 'text' } },
	create_customer_tag_task: {
		input: { ...MESSAGES, ...TAG_GROUPS, model_id: 'model1' },
		output: BEGUN,
	},
	get_customer_tag_result: {
		input: JOB,
		output: { ...DONE, tag_result_list: [{ group_id: 'etGroup1', tag_id: 'etTag1' }] },
	},
	create_summary_task: { input: MESSAGES, output: BEGUN },
	get_summary_result: { input: JOB, output: { ...DONE, response_data: 'text' } },
	create_sentiment_task: { input: MESSAGES, output: BEGUN },
	get_sentiment_result: {
		input: JOB,
		output: {
			...OK,
			status: 1,
			analyze_result_list: [{ msgid: 'msg1', ...OK, sentiment_result: 1 }],
		},
	},
	create_spam_task: { input: MESSAGES, output: BEGUN },
	get_spam_result: {
		input: JOB,
		output: { ...OK, status: 1, analyze_result_list: [{ msgid: 'msg1', ...OK, spam_result: 0 }] },
	},

	// Knowledge bases: document 99836
	knowledge_base_list: {
		input: {},
		output: { ...OK, kb_info_list: [{ ...KB_ID, kb_name: 'n' }] },
	},
	knowledge_base_create: {
		input: { kb_name: 'n', doc_list: [DOCUMENT] },
		output: { ...OK, ...KB_ID, doc_list: [{ ...DOCUMENT, docid: 1 }] },
	},
	knowledge_base_detail: {
		input: KB_ID,
		output: {
			...OK,
			...KB_ID,
			kb_name: 'n',
			doc_list: [
				{ docid: 1, doc_name: 'a.pdf', type: 2, web_url: 'https://example.com/a', status: 0 },
			],
		},
	},
	knowledge_base_add_doc: {
		input: { ...KB_ID, doc_list: [DOCUMENT] },
		output: { ...OK, doc_list: [{ ...DOCUMENT, docid: 1 }] },
	},
	knowledge_base_remove_doc: { input: { ...KB_ID, docid_list: [1] }, output: OK },
	knowledge_base_modify_name: { input: { ...KB_ID, kb_name: 'n' }, output: OK },
	knowledge_base_delete: { input: KB_ID, output: OK },
} as const satisfies Record<string, AbilityExample>;

/** A function of the zone SDK that has its example in {@link ABILITY_EXAMPLES}. */
export type ZoneFunctionName = keyof typeof ABILITY_EXAMPLES;

/** Names of the functions, in the order of the alphabet. */
export const ABILITY_FUNCTIONS = (Object.keys(ABILITY_EXAMPLES) as ZoneFunctionName[]).sort();

/**
 * The ability to register on a program so that it carries a function: its name, and both examples in
 * the form in which they are pasted.
 *
 * @throws InvalidInputError for a function that is not in {@link ABILITY_EXAMPLES}, or a style that is
 * none of the two
 * @example abilityExample('search_chat', 'python').ability_id // 'input_search_chat'
 */
export function abilityExample(
	func: string,
	style: ProgramStyle,
): { ability_id: string } & AbilityExample {
	if (!isZoneFunction(func)) {
		throw new InvalidInputError(
			'function',
			`"function" names ${JSON.stringify(func.slice(0, 128))}, expected a function of the zone that this package calls`,
			`The functions are ${ABILITY_FUNCTIONS.join(', ')}.`,
		);
	}
	const { input, output } = ABILITY_EXAMPLES[func];
	const { ability_id, request_data } = inStyle(style, func, input);
	return { ability_id, input: request_data, output };
}

function isZoneFunction(func: string): func is ZoneFunctionName {
	return Object.hasOwn(ABILITY_EXAMPLES, func);
}
