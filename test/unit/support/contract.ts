import type { operations } from '../../../wecom/api';
import {
	bytes,
	flag,
	id,
	linked,
	list,
	MAX_SEQ,
	MISTYPED,
	number,
	object,
	oneOf,
	optional,
	page,
	required,
	SECRET,
	seq,
	text,
	time,
	type FieldContract,
	type Limits,
	type OperationContract,
} from './limits';

export const START = 1_700_000_000;
export const DAY = 86_400;

const RANGE = { chat_id: 'wrA', seq_range: { begin_seq: 1, end_seq: 100 } };
/** Both ends beyond what a double holds. */
const LARGE_RANGE = {
	chat_id: 'wrA',
	seq_range: { begin_seq: '9007199254740993', end_seq: MAX_SEQ },
};
const LARGE_RANGE_TEXT =
	'"chat_id":"wrA","seq_range":{"begin_seq":9007199254740993,"end_seq":18446744073709551615}';

/** A model with fields of its own beside the conversation. */
function model(
	name: string,
	extras: object,
	fields: Record<string, FieldContract>,
	result: object,
	found: object,
): OperationContract {
	const extrasText = JSON.stringify(extras).slice(1, -1);
	return {
		path: `/msgaudit/model/${name}`,
		retry: 'paid',
		least: RANGE,
		full: { ...LARGE_RANGE, ...extras },
		fullBody: `{${LARGE_RANGE_TEXT}${extrasText && `,${extrasText}`}}`,
		fields: {
			chat_id: required(id),
			seq_range: required(object),
			'seq_range.begin_seq': required({ ...seq, good: [0, '0', 7n, ...seq.good] }),
			'seq_range.end_seq': required(seq),
			...fields,
		},
		answer: { result },
		output: { ...found, result },
	};
}

const TAG_GROUPS = {
	tag_group_list: optional(list({ group_id: 'g1' }, 1000)),
	'tag_group_list[0]': required(object),
	'tag_group_list[0].group_id': required(id),
};

const LINK = {
	range: { user_list: ['zhangsan'], department_list: [1] },
	skip_verify: false,
	mark_source: true,
	priority_option: { priority_type: 1, priority_userid_list: ['lisi'] },
};
const linkFields = (range: (limits: Limits) => FieldContract) => ({
	range: range(object),
	'range.user_list': optional(list('zhangsan', 500)),
	'range.user_list[0]': required(id),
	'range.department_list': optional(list(1, 500)),
	'range.department_list[0]': required(number(0, 2 ** 32 - 1)),
	skip_verify: optional(flag),
	mark_source: optional(flag),
	priority_option: optional(object),
	'priority_option.priority_type': required(oneOf(1, 2)),
	'priority_option.priority_userid_list': optional({
		...list('lisi', 1000, 0),
		good: [Array<unknown>(1000).fill('lisi'), []],
	}),
	'priority_option.priority_userid_list[0]': required(id),
});

const RULE = {
	keyword: { word_list: ['退款'], is_case_sensitive: 0, match_rule: 1, is_trim_msg: 1 },
	semantics: { semantics_list: [1, 12] },
	applicable_range: {
		target_type: { type_list: [1, 2] },
		chat_type: { type_list: [2] },
		department: { id_list: [1] },
		user: { id_list: ['zhangsan'] },
		external_contact: { id_list: ['wm1'] },
		chat: { id_list: ['wr1'] },
		msg_scope: 3,
		exclude_mobile: { mobile_list: ['13800000000'] },
		exclude_email: { email_list: ['a@example.com'] },
		exclude_bank_card: { bank_card_list: ['6222000000000000'] },
		exclude_keyword: { word_list: ['测试'] },
		session_type: { session_type_list: [1] },
		voice_match_msgtype: { type_list: [6, 21] },
	},
};
const idList = (name: string, max: number, key = 'id_list') => ({
	[`applicable_range.${name}`]: optional(object),
	[`applicable_range.${name}.${key}`]: required(list('x', max)),
	[`applicable_range.${name}.${key}[0]`]: required(id),
});
const typeList = (name: string, values: number[], key = 'type_list') => ({
	[`applicable_range.${name}`]: optional(object),
	[`applicable_range.${name}.${key}`]: required(list(values[0], values.length)),
	[`applicable_range.${name}.${key}[0]`]: required(oneOf(...values)),
});
const RULE_FIELDS = {
	keyword: optional(object),
	'keyword.word_list': optional(list('词', 20)),
	'keyword.word_list[0]': required(text(1, 32)),
	'keyword.is_case_sensitive': optional(oneOf(0, 1)),
	'keyword.match_rule': optional(oneOf(0, 1)),
	'keyword.is_trim_msg': optional(oneOf(0, 1)),
	semantics: optional(object),
	'semantics.semantics_list': required(list(3, 12)),
	'semantics.semantics_list[0]': required(number(1, 12)),
	applicable_range: optional(object),
	...typeList('target_type', [1, 2]),
	...typeList('chat_type', [1, 2]),
	'applicable_range.department': optional(object),
	'applicable_range.department.id_list': required(list(1, 100)),
	'applicable_range.department.id_list[0]': required(number(0, 2 ** 32 - 1)),
	...idList('user', 1000),
	...idList('external_contact', 100),
	...idList('chat', 2000),
	'applicable_range.msg_scope': optional(oneOf(1, 2, 3)),
	...idList('exclude_mobile', 100, 'mobile_list'),
	...idList('exclude_email', 100, 'email_list'),
	...idList('exclude_bank_card', 100, 'bank_card_list'),
	'applicable_range.exclude_keyword': optional(object),
	'applicable_range.exclude_keyword.word_list': required(list('词', 20)),
	'applicable_range.exclude_keyword.word_list[0]': required(text(1, 32)),
	...typeList('session_type', [1, 2], 'session_type_list'),
	...typeList('voice_match_msgtype', [6, 21]),
};

const PERIOD = { begin_time: START, end_time: START + 365 * DAY };
const PROGRAM = { program_id: 'P', ability_id: 'input_search_chat' };
const PROGRAM_FIELDS = {
	program_id: required(id),
	ability_id: required(id),
	request_data: required({
		good: [{}, { a: 'x'.repeat(1024 * 1024 - '{"a":""}'.length) }],
		bad: [SECRET, '{}', 5, true, [SECRET], { a: 'x'.repeat(1024 * 1024 - '{"a":"'.length) }],
	}),
};
const PROGRAM_ANSWER = {
	answer: { response_data: '{"errcode":0,"errmsg":"ok","chat_list":[]}' },
	output: { response_data: { errcode: 0, errmsg: 'ok', chat_list: [] } },
};
const STATUS_REQUEST = {
	program_id: 'P',
	ability_id: 'input_get_chatdata_export_job_status',
	request_data: '{"input":{"func":"get_chatdata_export_job_status","func_req":{"jobid":"J"}}}',
};

// A pair made with `openssl genrsa 2048` for this file; nobody has its private half.
export const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxQGNIjzhFLgQ2zRHTwLZ
SZjpmwA9o9ePB5JbvTavOk5fQy5GdfIFpnPyUx14m5aJyA89WRkiMHeW53+TZ9yu
dNg0iC/moMdU6JTYfmTmW0VYg73AwvRcC+qmZTRjDQy6Zq0lIlO0Emlorr06D7j/
XBX/dISxyUC3CB1pDNE9UGVc/UaZCnfJrQNqK8W4wpTNNa7uGaVW86v7czozBIHd
m9WAiFHCH4ed5NDRSOPdoF4F/MIhJY1u0P84fEOe9Y62k8DQigDNhJOBmmXCF6KS
NJnLfs20UdNmXxhlYRA1r9jycagxjXDFBxNRiSIClLqHShZ+8EN+5NxZDjlWDau5
aQIDAQAB
-----END PUBLIC KEY-----
`;

/** What sends a file, and no JSON. */
export type Upload = 'uploadTemporaryFile' | 'uploadExportTemplate';
/** What only the data zone has. */
export type ZoneOnly =
	| 'checkGroupAgree'
	| 'searchPeople'
	| 'listKeywordHits'
	| 'getAcquisitionQuota'
	| 'getLinkChatInfo'
	| 'createOnceKeys'
	| 'listBills'
	| 'getLogLevel'
	| 'getZoneAuthorization'
	| 'getPrivacy'
	| 'setPrivacy'
	| 'openDebugMode'
	| 'closeDebugMode'
	| 'getDebugMode'
	| 'listKnowledgeBases'
	| 'createKnowledgeBase'
	| 'getKnowledgeBase'
	| 'addDocuments'
	| 'removeDocuments'
	| 'renameKnowledgeBase'
	| 'deleteKnowledgeBase'
	| 'fetchEvent'
	| 'getMessagesOfPage'
	| `get${'Antispam' | 'General' | 'Recommend' | 'Sentiment' | 'Summary' | 'Tag'}Result`;

/** What only a corp's own archive has. */
export type ArchiveOnly = 'getMediaPiece' | 'getRobot';

/**
 * What the reference says of every API with a JSON body, written down apart from the code under test.
 * Sources: reference document sections 3 and 4, Tencent's pages for the limits and for the
 * authorization (90601, 90602, 100776, 100779, 99052).
 */
export const CONTRACT: Record<
	Exclude<keyof typeof operations, ZoneOnly | ArchiveOnly | Upload>,
	OperationContract
> = {
	// Archive
	getChatData: {
		path: '/msgaudit/get_chat_data',
		retry: 'read',
		least: {},
		leastBody: { seq: 0, limit: 1000 },
		full: {
			cursor: '18446744073709551615',
			limit: 1,
			proxy: 'http://p:80',
			passwd: 'u:w',
			timeout: 10,
		},
		fullBody:
			'{"seq":18446744073709551615,"limit":1,"proxy":"http://p:80","passwd":"u:w","timeout":10}',
		fields: {
			// Goes out as seq; archive.test.ts has what is a seq and what is none.
			cursor: optional({ good: [], bad: bytes(1024).bad }),
			limit: optional(number(1, 1000), 1000),
			proxy: optional(bytes(1024)),
			passwd: optional(bytes(1024)),
			timeout: optional(number(1, 600)),
		},
		answer: { chatdata: [{ seq: 1, msgid: 'm1' }] },
		output: { entries: [{ seq: 1, msgid: 'm1' }], nextCursor: '1' },
	},
	checkSingleAgree: {
		path: '/msgaudit/check_single_agree',
		retry: 'read',
		least: { info: [{ userid: 'zhangsan', exteranalopenid: 'wm1' }] },
		full: { info: [{ userid: 'zhangsan', exteranalopenid: 'wm1' }] },
		fields: {
			info: required(list({ userid: 'a', exteranalopenid: 'b' }, 100, 1)),
			'info[0]': required(object),
			'info[0].userid': required(id),
			'info[0].exteranalopenid': required(id),
		},
		answer: { agreeinfo: [{ userid: 'zhangsan', agree_status: 'Agree' }] },
		output: [{ userid: 'zhangsan', agree_status: 'Agree' }],
	},
	getInnerGroup: {
		path: '/msgaudit/get_inner_group',
		retry: 'read',
		least: { roomid: 'wrA' },
		full: { roomid: 'wrA' },
		fields: { roomid: required(id) },
		answer: { roomname: '群', creator: 'zhangsan' },
		output: { roomname: '群', creator: 'zhangsan', members: [] },
	},
	searchSession: {
		path: '/msgaudit/search_session',
		retry: 'read',
		least: { keyword: '项目' },
		leastBody: { keyword: '项目', cursor: '', limit: 100 },
		full: { keyword: '项目', cursor: 'C', limit: 7 },
		fields: { keyword: required(text(2, 64)), ...page(100) },
		answer: { has_more: 1, next_cursor: 'C2', chat_list: [{ chatid: 'wr1', name: '项目' }] },
		output: { entries: [{ chatid: 'wr1', name: '项目' }], nextCursor: 'C2' },
	},
	searchMessage: {
		path: '/msgaudit/search_message',
		retry: 'read',
		least: { keyword: '报价' },
		leastBody: { keyword: '报价', cursor: '', limit: 100 },
		full: {
			keyword: '报价',
			cursor: 'C',
			limit: 7,
			start_time: START,
			end_time: START + DAY,
			skip_stop_words: true,
			chat_info: {
				chat_type: 1,
				id_list: [{ open_userid: 'wo1' }, { external_userid: 'wm1' }],
				chat_id: 'wr1',
				msg_type_list: [1, 23],
				sender: { external_userid: 'wm1' },
				sender_list: [{ open_userid: 'wo1' }],
			},
		},
		fields: {
			keyword: required(text(2, 64)),
			...page(100),
			start_time: linked(time),
			end_time: optional(time),
			skip_stop_words: optional(flag),
			chat_info: optional(object),
			'chat_info.chat_type': optional(oneOf(1, 2)),
			'chat_info.id_list': optional(list({ open_userid: 'wo1' }, 2, 2)),
			'chat_info.id_list[0]': required(object),
			'chat_info.id_list[0].open_userid': linked(id),
			'chat_info.id_list[1].external_userid': linked(id),
			'chat_info.chat_id': optional(id),
			'chat_info.msg_type_list': optional(list(1, 7)),
			'chat_info.msg_type_list[0]': required(oneOf(1, 4, 5, 8, 18, 20, 23)),
			'chat_info.sender': optional(object),
			'chat_info.sender.external_userid': linked(id),
			'chat_info.sender_list': optional(list({ open_userid: 'wo1' }, 100)),
			'chat_info.sender_list[0]': required(object),
			'chat_info.sender_list[0].open_userid': required(id),
		},
		answer: { has_more: 0, next_cursor: 'C2', messages: [{ msgid: 'm1', content: '报价单' }] },
		output: { entries: [{ msgid: 'm1', content: '报价单' }], nextCursor: '' },
	},

	// Keyword rules
	createKeywordRule: {
		path: '/msgaudit/keyword_rule/create',
		retry: 'once',
		least: { name: '退款', keyword: { word_list: ['退款'] } },
		full: { name: '退款', ...RULE },
		fields: { name: required(text(1, 20)), ...RULE_FIELDS },
		answer: { rule_id: 'R1' },
		output: { rule_id: 'R1' },
	},
	getKeywordRule: {
		path: '/msgaudit/keyword_rule/get',
		retry: 'read',
		least: { rule_id: 'R1' },
		full: { rule_id: 'R1' },
		fields: { rule_id: required(id) },
		answer: { name: '退款', ...RULE },
		output: { name: '退款', ...RULE },
	},
	listKeywordRules: {
		path: '/msgaudit/keyword_rule/list',
		retry: 'read',
		least: {},
		leastBody: { cursor: '', limit: 100 },
		full: { cursor: 'C', limit: 7 },
		fields: page(100),
		answer: { rule_list: [{ rule_id: 'R1', name: '退款' }], has_more: true, next_cursor: 'C2' },
		output: { entries: [{ rule_id: 'R1', name: '退款' }], nextCursor: 'C2' },
	},
	updateKeywordRule: {
		path: '/msgaudit/keyword_rule/update',
		retry: 'idempotent',
		least: { rule_id: 'R1' },
		full: { rule_id: 'R1', name: '退款', ...RULE },
		fields: { rule_id: required(id), name: optional(text(1, 20)), ...RULE_FIELDS },
		answer: {},
		output: {},
	},
	deleteKeywordRule: {
		path: '/msgaudit/keyword_rule/delete',
		retry: 'idempotent',
		least: { rule_id: 'R1' },
		full: { rule_id: 'R1' },
		fields: { rule_id: required(id) },
		answer: {},
		output: {},
	},

	// Export
	createExport: {
		path: '/msgaudit/export',
		retry: 'once',
		least: { code: 'CODE', media_id: 'M' },
		full: { code: 'CODE', media_id: 'M' },
		fields: { code: required(bytes(1024)), media_id: required(bytes(1024)) },
		answer: { jobid: 'J' },
		output: { jobid: 'J' },
	},
	getExportStatus: {
		path: '/chatdata/sync_call_program',
		retry: 'read',
		least: { jobid: 'J' },
		leastBody: STATUS_REQUEST,
		full: { jobid: 'J' },
		fullBody: STATUS_REQUEST,
		fields: { jobid: required(id) },
		answer: { response_data: '{"output":{"errcode":0,"status":3,"result_id":"r"}}' },
		output: { status: 3, result_id: 'r' },
	},

	// AI models
	generalModel: model(
		'general',
		{
			model_id: 'deep',
			kb_id: 'kb1',
			need_think_result: true,
			var_args: [{ name: '产品', value: 'A\n"B"' }],
			tag_group_list: [{ group_id: 'g1' }],
		},
		{
			model_id: optional(id),
			kb_id: optional(id),
			need_think_result: optional(flag),
			var_args: optional(list({ name: 'n', value: 'v' }, 100)),
			'var_args[0]': required(object),
			'var_args[0].name': required(id),
			'var_args[0].value': required(bytes(30_000)),
			...TAG_GROUPS,
		},
		{ response_data: '<think>…</think>好' },
		{ answer: '好', thinking: '…' },
	),
	recommendModel: model(
		'recommend',
		{ kb_id: 'kb1' },
		{ kb_id: optional(id) },
		{ suggestions: ['您好'] },
		{ suggestions: ['您好'] },
	),
	tagModel: model(
		'tag',
		{ tag_group_list: [{ group_id: 'g1' }], model_id: 'deep' },
		{ ...TAG_GROUPS, model_id: optional(id) },
		{ tag_result_list: [{ group_id: 'g1', tag_id: 't1' }] },
		{ tags: [{ group_id: 'g1', tag_id: 't1' }] },
	),
	summaryModel: model(
		'summary',
		{},
		{},
		{ summary: '客户咨询了产品价格' },
		{ summary: '客户咨询了产品价格' },
	),
	sentimentModel: model(
		'sentiment',
		{},
		{},
		{ sentiment: 'positive', score: 0.85, detail: [] },
		{ sentiment: 'positive', score: 0.85 },
	),
	antispamModel: model(
		'antispam',
		{},
		{},
		{ verdict: 'ok', detail: [] },
		{ verdict: 'ok', messages: [] },
	),

	// Acquisition
	getAcquisitionAuthInfo: {
		path: '/externalcontact/customer_acquisition/get_auth_info',
		token: 'suite_access_token',
		retry: 'read',
		least: {},
		full: {},
		fields: {},
		answer: { auth_info: { link_id_list: ['L1'], status: 1 } },
		output: { link_id_list: ['L1'], status: 1 },
	},
	createLink: {
		path: '/externalcontact/customer_acquisition_link/create',
		retry: 'once',
		least: { link_name: '春季', range: { user_list: ['zhangsan'] } },
		full: { link_name: '春季', ...LINK },
		fields: { link_name: required(text(1, 30)), ...linkFields(required) },
		answer: { link: { link_id: 'L1', link_name: '春季', url: 'https://u', create_time: 1 } },
		output: { link_id: 'L1', link_name: '春季', url: 'https://u', create_time: 1 },
	},
	getLink: {
		path: '/externalcontact/customer_acquisition_link/get',
		retry: 'read',
		least: { link_id: 'L1' },
		full: { link_id: 'L1' },
		fields: { link_id: required(id) },
		answer: {
			link: { link_name: '春季', url: 'https://u' },
			range: { user_list: ['zhangsan'], department_list: [1] },
			priority_option: { priority_type: 1 },
		},
		output: {
			link_name: '春季',
			url: 'https://u',
			user_list: ['zhangsan'],
			department_list: [1],
			priority_type: 1,
		},
	},
	listLinks: {
		path: '/externalcontact/customer_acquisition_link/list',
		retry: 'read',
		least: {},
		leastBody: { cursor: '', limit: 100 },
		full: { cursor: 'C', limit: 7 },
		fields: page(100),
		answer: { link_id_list: ['L1', 'L2'], next_cursor: 'C2' },
		output: { entries: ['L1', 'L2'], nextCursor: 'C2' },
	},
	updateLink: {
		path: '/externalcontact/customer_acquisition_link/update',
		retry: 'idempotent',
		least: { link_id: 'L1' },
		full: { link_id: 'L1', link_name: '春季', ...LINK },
		fields: {
			link_id: required(id),
			link_name: optional(text(1, 30)),
			...linkFields(optional),
		},
		answer: {},
		output: {},
	},
	deleteLink: {
		path: '/externalcontact/customer_acquisition_link/delete',
		retry: 'idempotent',
		least: { link_id: 'L1' },
		full: { link_id: 'L1' },
		fields: { link_id: required(id) },
		answer: {},
		output: {},
	},
	getLinkStatistics: {
		path: '/externalcontact/customer_acquisition/statistic',
		retry: 'read',
		least: { link_id: 'L1', start_time: START, end_time: START + DAY },
		full: { link_id: 'L1', start_time: START, end_time: START + DAY },
		fields: { link_id: required(id), start_time: required(time), end_time: required(time) },
		answer: { click_link_customer_cnt: 9, new_customer_cnt: 3 },
		output: { click_link_customer_cnt: 9, new_customer_cnt: 3 },
	},
	listLinkCustomers: {
		path: '/externalcontact/customer_acquisition/customer',
		retry: 'read',
		least: { link_id: 'L1' },
		leastBody: { link_id: 'L1', cursor: '', limit: 1000 },
		full: { link_id: 'L1', cursor: 'C', limit: 7 },
		fields: { link_id: required(id), ...page(1000) },
		answer: { customer_list: [{ external_userid: 'wm1', chat_status: 1 }], next_cursor: '' },
		output: { entries: [{ external_userid: 'wm1', chat_status: 1 }], nextCursor: '' },
	},

	// Orders
	placeOrder: {
		path: '/service/contact/batchorder/place_order',
		token: 'provider_access_token',
		retry: 'once',
		least: {
			custom_corpid: 'wpC',
			buyer_userid: 'u1',
			chat_archive_api: { edition: 2, purchase_count: 10 },
		},
		leastBody: {
			custom_corpid: 'wpC',
			buyer_userid: 'u1',
			advanced_api_type: 1,
			chat_archive_api: { edition: 2, purchase_count: 10 },
		},
		full: {
			custom_corpid: 'wpC',
			buyer_userid: 'u1',
			order_type: 0,
			advanced_api_type: 1,
			chat_archive_api: {
				edition: 3,
				old_edition: 2,
				purchase_count: 10,
				take_effect_time: START,
				old_edition_info: PERIOD,
				target_edition_info: { ...PERIOD },
			},
		},
		fields: {
			custom_corpid: required(id),
			buyer_userid: required(id),
			order_type: optional(oneOf(0, 1, 2, 3)),
			advanced_api_type: linked(oneOf(1)),
			chat_archive_api: required(object),
			'chat_archive_api.edition': required(oneOf(2, 3)),
			'chat_archive_api.old_edition': optional(oneOf(2)),
			'chat_archive_api.purchase_count': required(number(1, 1_000_000)),
			'chat_archive_api.take_effect_time': optional(number(0, 2 ** 32 - 1)),
			'chat_archive_api.old_edition_info': optional(object),
			'chat_archive_api.old_edition_info.begin_time': required(time),
			'chat_archive_api.old_edition_info.end_time': required(time),
			'chat_archive_api.target_edition_info': optional(object),
			'chat_archive_api.target_edition_info.begin_time': required(time),
			'chat_archive_api.target_edition_info.end_time': required(time),
		},
		answer: { order_id: 'O1' },
		output: { order_id: 'O1' },
	},
	cancelOrder: {
		path: '/service/contact/batchorder/cancel_order',
		token: 'provider_access_token',
		retry: 'once',
		least: { order_id: 'O1' },
		full: { order_id: 'O1' },
		fields: { order_id: required(id) },
		answer: {},
		output: {},
	},
	payOrder: {
		path: '/service/contact/batchorder/pay',
		token: 'provider_access_token',
		retry: 'once',
		least: { order_id: 'O1', payer_userid: 'u1' },
		full: { order_id: 'O1', payer_userid: 'u1' },
		fields: { order_id: required(id), payer_userid: required(id) },
		answer: {},
		output: {},
	},
	getOrder: {
		path: '/service/contact/batchorder/get',
		token: 'provider_access_token',
		retry: 'read',
		least: { order_id: 'O1' },
		full: { order_id: 'O1' },
		fields: { order_id: required(id) },
		answer: { order: { order_id: 'O1', order_status: 1, paid_price: 1000 } },
		output: { order_id: 'O1', order_status: 1, paid_price: 1000 },
	},
	listOrders: {
		path: '/service/contact/batchorder/list',
		token: 'provider_access_token',
		retry: 'read',
		least: {},
		leastBody: { advanced_api_type: 1, cursor: '', limit: 1000 },
		full: {
			custom_corpid: 'wpC',
			start_time: START,
			end_time: START + DAY,
			advanced_api_type: 1,
			cursor: 'C',
			limit: 7,
		},
		fields: {
			custom_corpid: optional(id),
			start_time: linked(time),
			end_time: linked(time),
			advanced_api_type: linked(oneOf(1)),
			...page(1000),
		},
		answer: { next_cursor: 'C2', has_more: 1, order_list: [{ order_id: 'O1', order_type: 0 }] },
		output: { entries: [{ order_id: 'O1', order_type: 0 }], nextCursor: 'C2' },
	},
	getPurchased: {
		path: '/service/contact/batchorder/get_purchased',
		token: 'provider_access_token',
		retry: 'read',
		least: { custom_corpid: 'wpC' },
		leastBody: { advanced_api_type: 1, custom_corpid: 'wpC' },
		full: { advanced_api_type: 1, custom_corpid: 'wpC' },
		fields: { advanced_api_type: linked(oneOf(1)), custom_corpid: required(id) },
		answer: {
			chat_archive_api_buy_info: { edition_list: [{ edition: 2, purchase_count: 10 }] },
		},
		output: [{ edition: 2, purchase_count: 10 }],
	},

	// Authorization
	getPreAuthCode: {
		method: 'GET',
		path: '/service/get_pre_auth_code',
		token: 'suite_access_token',
		retry: 'read',
		least: {},
		full: {},
		fields: {},
		answer: { pre_auth_code: 'P', expires_in: 1200 },
		output: { pre_auth_code: 'P', expires_in: 1200 },
	},
	setSessionInfo: {
		path: '/service/set_session_info',
		token: 'suite_access_token',
		retry: 'idempotent',
		least: { pre_auth_code: 'P', session_info: { auth_type: 0 } },
		full: { pre_auth_code: 'P', session_info: { auth_type: 1 } },
		fields: {
			pre_auth_code: required(bytes(512)),
			session_info: required(object),
			'session_info.auth_type': required(oneOf(0, 1)),
		},
		answer: {},
		output: {},
	},
	getPermanentCode: {
		path: '/service/v2/get_permanent_code',
		token: 'suite_access_token',
		retry: 'once',
		least: { auth_code: 'A' },
		full: { auth_code: 'A' },
		fields: { auth_code: required(bytes(512)) },
		answer: {
			permanent_code: 'P',
			auth_corp_info: { corpid: 'wpC', corp_name: '客户' },
			state: 's',
		},
		output: {
			permanent_code: 'P',
			auth_corp_info: { corpid: 'wpC', corp_name: '客户' },
			state: 's',
		},
	},
	getAuthInfo: {
		path: '/service/v2/get_auth_info',
		token: 'suite_access_token',
		retry: 'read',
		least: { auth_corpid: 'wpC', permanent_code: 'P' },
		full: { auth_corpid: 'wpC', permanent_code: 'P' },
		fields: { auth_corpid: required(id), permanent_code: required(bytes(512)) },
		answer: { auth_corp_info: { corpid: 'wpC' }, auth_info: { agent: [{ agentid: 1 }] } },
		output: { auth_corp_info: { corpid: 'wpC' }, auth_info: { agent: [{ agentid: 1 }] } },
	},
	getPermissions: {
		path: '/agent/get_permissions',
		retry: 'read',
		least: {},
		full: {},
		fields: {},
		answer: {
			app_permissions: ['contact:base', 'datazone:chatdata:base', 'datazone:chatdata:search'],
			app_permissions_ext: [
				{ permission_name: 'datazone:chatdata:base', expire_time: START },
				{ permission_name: 'datazone:chatdata:search', expire_time: 0 },
				{ permission_name: 'datazone:chatdata:summary', expire_time: START + DAY },
			],
		},
		output: [
			{ permission: 'contact:base' },
			{ permission: 'datazone:chatdata:base', expireTime: START },
			{ permission: 'datazone:chatdata:search' },
			{ permission: 'datazone:chatdata:summary', expireTime: START + DAY },
		],
	},

	// Zone
	setPublicKey: {
		path: '/msgaudit/set_public_key',
		retry: 'idempotent',
		least: { public_key: PUBLIC_KEY, public_key_ver: 1 },
		full: { public_key: PUBLIC_KEY, public_key_ver: 2 },
		fields: {
			public_key: required({
				good: [PUBLIC_KEY],
				bad: [...MISTYPED, 5, ' ', SECRET, SECRET.padEnd(4097, 'x')],
			}),
			public_key_ver: required(number(1, 2 ** 31 - 1)),
		},
		answer: {},
		output: {},
	},
	listPermittedMembers: {
		path: '/msgaudit/get_permit_user_list',
		retry: 'read',
		least: {},
		leastBody: { cursor: '', limit: 1000 },
		full: { type: 2, cursor: 'C', limit: 7 },
		fields: { type: optional(oneOf(1, 2, 3)), ...page(1000) },
		answer: { auth_user_list: [{ userid: 'u1', edition_list: [2] }], has_more: false },
		output: { entries: [{ userid: 'u1', edition_list: [2] }], nextCursor: '' },
	},
	setCallback: {
		path: '/msgaudit/set_callback',
		retry: 'idempotent',
		least: {
			url: 'https://n8n.example.com/hook',
			token: 'T0ken',
			encoding_aes_key: 'k'.repeat(43),
		},
		full: {
			url: 'http://n8n.example.com/hook?a=b',
			token: 'T',
			encoding_aes_key: 'K9'.padEnd(43, 'a'),
		},
		fields: {
			url: required({
				good: [`https://n8n.example.com/${'x'.repeat(2048 - 'https://n8n.example.com/'.length)}`],
				bad: [
					...MISTYPED,
					5,
					' ',
					SECRET,
					`ftp://${SECRET}`,
					`javascript:${SECRET}`,
					`https://n8n.example.com/${'x'.repeat(2049 - 'https://n8n.example.com/'.length)}`,
				],
			}),
			token: required({
				good: ['a', 'aZ9'.padEnd(32, '0')],
				bad: [...MISTYPED, 2 ** 53, ' ', SECRET, '令牌', 'a b', 'a'.repeat(33)],
			}),
			encoding_aes_key: required({
				good: ['aZ9'.padEnd(43, '0')],
				bad: [
					...MISTYPED,
					5,
					' ',
					SECRET,
					'a'.repeat(42),
					'a'.repeat(44),
					'a+'.padEnd(43, 'a'),
					'a='.padEnd(43, 'a'),
				],
			}),
		},
		answer: {},
		output: {},
	},
	setLogLevel: {
		path: '/msgaudit/set_log_level',
		retry: 'idempotent',
		least: { program_id: 'P', log_level: 2 },
		full: { program_id: 'P', log_level: 3 },
		fields: { program_id: required(id), log_level: required(oneOf(1, 2, 3)) },
		answer: {},
		output: {},
	},

	// Programs in the zone
	syncCallProgram: {
		path: '/chatdata/sync_call_program',
		retry: 'once',
		least: { ...PROGRAM, request_data: {} },
		leastBody: { ...PROGRAM, request_data: '{}' },
		full: { ...PROGRAM, request_data: { seq: MAX_SEQ, 词: ['报"价'] }, notify_id: 'N' },
		fullBody: {
			...PROGRAM,
			request_data: '{"seq":18446744073709551615,"词":["报\\"价"]}',
			notify_id: 'N',
		},
		fields: { ...PROGRAM_FIELDS, notify_id: optional(bytes(128)) },
		...PROGRAM_ANSWER,
	},
	startProgramTask: {
		path: '/chatdata/async_program_task',
		retry: 'once',
		least: { ...PROGRAM, request_data: {} },
		leastBody: { ...PROGRAM, request_data: '{}' },
		full: { ...PROGRAM, request_data: { a: 1 } },
		fullBody: { ...PROGRAM, request_data: '{"a":1}' },
		fields: PROGRAM_FIELDS,
		answer: { jobid: 'J' },
		output: { jobid: 'J' },
	},
	getProgramResult: {
		path: '/chatdata/async_program_result',
		retry: 'read',
		least: { jobid: 'J' },
		full: { jobid: 'J' },
		fields: { jobid: required(id) },
		...PROGRAM_ANSWER,
		answer: { ...PROGRAM_ANSWER.answer, response_errcode: 0 },
	},
};

/** The parts of a path on the wire: `info[0].userid` is info, 0, userid. */
function partsOf(path: string): string[] {
	return path.split(/[.[\]]+/).filter((part) => part !== '');
}

type Tree = Record<string, unknown>;

/** What stands at a path of an object. */
export function at(tree: unknown, path: string): unknown {
	return partsOf(path).reduce<unknown>((inner, part) => (inner as Tree | undefined)?.[part], tree);
}

/** A copy of an object with another value at a path; `delete` takes the field itself away. */
export function replaced(tree: object, path: string, value: unknown, how?: 'delete'): object {
	const copy = structuredClone(tree);
	const parts = partsOf(path);
	const last = parts.pop() ?? '';
	const owner = parts.reduce<Tree>((inner, part) => inner[part] as Tree, copy as Tree);
	if (how === 'delete' && !Array.isArray(owner)) Reflect.deleteProperty(owner, last);
	else owner[last] = value;
	return copy;
}
