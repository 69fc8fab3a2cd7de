import type { operations } from '../../../wecom/api';
import { CONTRACT, DAY, START, type ArchiveOnly, type Upload } from './contract';
import {
	bytes,
	flag,
	id,
	list,
	MISTYPED,
	number,
	object,
	oneOf,
	optional,
	required,
	SECRET,
	seq,
	text,
	time,
	type FieldContract,
	type Limits,
	type OperationContract,
} from './limits';

/** Carries every function of the zone. */
const SYNC_CALL = '/chatdata/sync_call_program';

/** What the zone takes and gives as the reference does, but for what is named. */
function like(name: keyof typeof CONTRACT, changes: Partial<OperationContract>): OperationContract {
	return { ...CONTRACT[name], ...changes };
}

/** A function of the zone. */
function zone(func: string): Pick<OperationContract, 'path' | 'func'> {
	return { path: SYNC_CALL, func };
}

/** A field that the zone calls another way. */
function sentAs(field: FieldContract | undefined, name: string): FieldContract {
	if (!field) throw new Error(`No field for ${name}`);
	return { ...field, sentAs: name };
}

/** The cursor of a list, which is left out for the first page. */
const cursor = (max = 1024) => ({ cursor: optional(bytes(max)) });
const page = (maxLimit: number, maxCursor?: number) => ({
	...cursor(maxCursor),
	limit: optional(number(1, maxLimit), maxLimit),
});

const PROGRAM_ID = { program_id: required(id) };
const KNOWLEDGE_BASE = { kb_id: required(id) };
const FILE = { doc_name: 'a.pdf', type: 2, file_media_id: 'M1' };
const PAGE = { doc_name: 'help', type: 101, web_url: 'https://example.com/help' };
const webAddress = (max: number): Limits => ({
	good: [`https://example.com/${'x'.repeat(max - 'https://example.com/'.length)}`],
	bad: [
		...MISTYPED,
		5,
		' ',
		SECRET,
		`ftp://${SECRET}`,
		`https://example.com/${'x'.repeat(max + 1 - 'https://example.com/'.length)}`,
	],
});
const DOCUMENTS = {
	doc_list: required(list(FILE, 1000, 1)),
	'doc_list[0]': required(object),
	'doc_list[0].doc_name': required(bytes(200)),
	'doc_list[0].type': required({ ...oneOf(2, 4, 5, 6, 101), good: [2, 4, 5, 6] }),
	'doc_list[0].file_media_id': required(bytes(1024)),
	'doc_list[1].web_url': required(webAddress(1024)),
};
const MESSAGE = {
	msgid: 'm1',
	sender: { type: 1, id: 'woUser1' },
	receiver_list: [{ type: 2, id: 'wmCust1' }],
	chatid: 'wrRoom1',
	send_time: START,
	msgtype: 1,
	service_encrypt_info: { encrypted_secret_key: 'BASE64', public_key_ver: 1 },
};
const PRIVACY = { hide_mobile: true, hide_idcard: false, hide_bankno: false };

const KEYED = { msgid: 'm1', encrypt_info: { secret_key: 'KEY-1' } };
const KEYED_FIELDS = {
	msg_list: required({
		...list(KEYED, 1000, 1),
		good: [[KEYED], Array<unknown>(1000).fill(KEYED)],
	}),
	'msg_list[0]': required(object),
	'msg_list[0].msgid': required(id),
	'msg_list[0].encrypt_info': required(object),
	'msg_list[0].encrypt_info.secret_key': required(id),
};
const TAG_GROUPS = [{ group_id: 'etGroup1' }];
const JOB = { jobid: 'J1' };

/** A model, which is a job: the one function begins it, the other is asked about it. */
function model(
	task: string,
	needed: object,
	extras: object,
	fields: Record<string, FieldContract>,
	result: object,
	found: object,
): OperationContract {
	const least = { msg_list: [KEYED], ...needed };
	return {
		...zone(`create_${task}_task`),
		asks: `get_${task}_result`,
		retry: 'paid',
		least,
		full: { ...least, ...extras },
		fields: { ...KEYED_FIELDS, ...fields },
		answer: { ...JOB, status: 1, ...result },
		output: { ...found, result: { ...JOB, ...result }, failures: [] },
	};
}

/** The result of a job of a model that was begun before. */
function resultOf(task: string, result: object, found: object): OperationContract {
	return {
		...zone(`get_${task}_result`),
		retry: 'read',
		least: JOB,
		full: JOB,
		fields: { jobid: required(id) },
		answer: { status: 1, ...result },
		output: { ...found, result, failures: [] },
	};
}

const GENERAL = [{ response_data: '<think>…</think>好' }, { answer: '好', thinking: '…' }] as const;
const REPLIES = [{ response_data: '您好' }, { suggestions: ['您好'] }] as const;
const TAGS = [
	{ tag_result_list: [{ group_id: 'etGroup1', tag_id: 'etTag1' }] },
	{ tags: [{ group_id: 'etGroup1', tag_id: 'etTag1' }] },
] as const;
const SUMMARY = [
	{ response_data: '客户咨询了产品价格' },
	{ summary: '客户咨询了产品价格' },
] as const;
const SENTIMENT = [
	{ analyze_result_list: [{ msgid: 'm1', errcode: 0, errmsg: 'ok', sentiment_result: 1 }] },
	{ sentiment: 'positive', score: null, messages: [{ msgid: 'm1', sentiment: 'positive' }] },
] as const;
const SPAM = [
	{ analyze_result_list: [{ msgid: 'm1', errcode: 0, errmsg: 'ok', spam_result: 2 }] },
	{ verdict: 'porn', messages: [{ msgid: 'm1', verdict: 'porn' }] },
] as const;

/**
 * What the data zone says of every API with a JSON body, written down apart from the code under
 * test: Tencent's pages, by the ids in the docstrings of the operations.
 */
export const ZONE: Record<
	Exclude<keyof typeof operations, ArchiveOnly | Upload>,
	OperationContract
> = {
	// Archive
	checkSingleAgree: like('checkSingleAgree', {
		...zone('get_agree_status_single'),
		leastBody: { item: [{ userid: 'zhangsan', external_userid: 'wm1' }] },
		fullBody: { item: [{ userid: 'zhangsan', external_userid: 'wm1' }] },
		fields: {
			info: required({
				...list({ userid: 'a', exteranalopenid: 'b' }, 100, 1),
				// Goes out under other names; carriers.test.ts has the bytes.
				good: [],
			}),
			'info[0]': required(object),
			'info[0].userid': sentAs(required(id), 'item[0].userid'),
			'info[0].exteranalopenid': sentAs(required(id), 'item[0].external_userid'),
		},
		answer: {
			agreeinfo: [
				{
					status_change_time: START,
					userid: 'zhangsan',
					external_userid: 'wm1',
					agree_status: 'Agree',
				},
			],
		},
		output: [
			{
				status_change_time: START,
				userid: 'zhangsan',
				external_userid: 'wm1',
				exteranalopenid: 'wm1',
				agree_status: 'Agree',
			},
		],
	}),
	checkGroupAgree: {
		...zone('get_agree_status_room'),
		retry: 'read',
		least: { roomid: 'wrA' },
		leastBody: { chatid: 'wrA' },
		full: { roomid: 'wrA' },
		fullBody: { chatid: 'wrA' },
		fields: { roomid: sentAs(required(id), 'chatid') },
		answer: {
			agreeinfo: [{ status_change_time: START, external_userid: 'wm1', agree_status: 'Disagree' }],
		},
		output: [
			{
				status_change_time: START,
				external_userid: 'wm1',
				exteranalopenid: 'wm1',
				agree_status: 'Disagree',
			},
		],
	},
	getInnerGroup: like('getInnerGroup', {
		...zone('get_group_chat'),
		leastBody: { chatid: 'wrA' },
		fullBody: { chatid: 'wrA' },
		fields: { roomid: sentAs(required(id), 'chatid') },
		answer: {
			creator: 'woUser1',
			room_create_time: START,
			members: [{ memberid: 'woUser1', jointime: START, type: 1 }],
		},
		output: {
			creator: 'woUser1',
			room_create_time: START,
			members: [{ memberid: 'woUser1', jointime: START, type: 1 }],
		},
	}),
	searchSession: like('searchSession', {
		...zone('search_chat'),
		leastBody: { query_word: '项目', limit: 100 },
		fullBody: { query_word: '项目', cursor: 'C', limit: 7 },
		fields: {
			...CONTRACT.searchSession.fields,
			...cursor(),
			keyword: sentAs(CONTRACT.searchSession.fields.keyword, 'query_word'),
		},
	}),
	searchMessage: like('searchMessage', {
		...zone('search_msg'),
		leastBody: { query_word: '报价', limit: 100 },
		fullBody: {
			query_word: '报价',
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
			cursor: 'C',
			limit: 7,
		},
		fields: {
			...CONTRACT.searchMessage.fields,
			...cursor(),
			keyword: sentAs(CONTRACT.searchMessage.fields.keyword, 'query_word'),
		},
		answer: { has_more: 1, next_cursor: 'C2', msg_list: [{ msgid: 'm1' }] },
		output: { entries: [{ msgid: 'm1' }], nextCursor: 'C2' },
	}),
	searchPeople: {
		...zone('search_contact_or_customer'),
		retry: 'read',
		least: { keyword: '张三' },
		leastBody: { query_word: '张三', limit: 100 },
		full: { keyword: '张三', query_user_type: 1, cursor: 'C', limit: 7 },
		fullBody: { query_word: '张三', query_user_type: 1, cursor: 'C', limit: 7 },
		fields: {
			keyword: sentAs(required(text(2, 31)), 'query_word'),
			query_user_type: optional(oneOf(0, 1, 2)),
			...page(100),
		},
		answer: { has_more: 0, next_cursor: '', user_list: [{ type: 1, id: 'woUser1' }] },
		output: { entries: [{ type: 1, id: 'woUser1' }], nextCursor: '' },
	},

	// Messages
	getChatData: {
		...zone('sync_msg'),
		retry: 'read',
		least: {},
		full: { cursor: 'C', token: 'T', limit: 7, mode: 2, begin_time: START },
		fields: {
			...cursor(128),
			token: optional(bytes(128)),
			limit: optional(number(1, 1000)),
			mode: optional(oneOf(0, 1, 2)),
			begin_time: optional(number(0, 2 ** 32 - 1)),
		},
		answer: { has_more: 0, next_cursor: 'C2', msg_list: [MESSAGE], page_id_list: ['PAGE-1'] },
		output: { entries: [MESSAGE], nextCursor: '', mark: 'C2', pageIds: ['PAGE-1'] },
	},
	getMessagesOfPage: {
		...zone('get_msg_list_by_page_id'),
		retry: 'read',
		least: { page_id: 'PAGE-1' },
		full: { page_id: 'PAGE-1' },
		fields: { page_id: required(id) },
		answer: { msg_list: [MESSAGE] },
		output: [MESSAGE],
	},

	// Keyword rules
	createKeywordRule: like('createKeywordRule', zone('create_rule')),
	getKeywordRule: like('getKeywordRule', zone('get_rule_detail')),
	listKeywordRules: like('listKeywordRules', {
		...zone('get_rule_list'),
		leastBody: { limit: 100 },
		fields: page(100),
	}),
	updateKeywordRule: like('updateKeywordRule', zone('update_rule')),
	deleteKeywordRule: like('deleteKeywordRule', zone('delete_rule')),
	listKeywordHits: {
		...zone('get_hit_msg_list'),
		retry: 'read',
		least: {},
		leastBody: { limit: 1000 },
		full: { token: 'T', need_detail: 1, begin_time: START, cursor: 'C', limit: 7 },
		fields: {
			token: optional(bytes(128)),
			need_detail: optional(oneOf(0, 1)),
			begin_time: optional(number(0, 2 ** 32 - 1)),
			...page(1000, 64),
		},
		answer: {
			has_more: 1,
			next_cursor: 'C2',
			msg_list: [{ msgid: 'm1', hit_rule_list: [{ rule_id: 'R1', has_hit_keyword: true }] }],
		},
		output: {
			entries: [{ msgid: 'm1', hit_rule_list: [{ rule_id: 'R1', has_hit_keyword: true }] }],
			nextCursor: 'C2',
		},
	},

	// Export
	createExport: like('createExport', zone('create_chatdata_export_job')),
	getExportStatus: {
		...zone('get_chatdata_export_job_status'),
		retry: 'read',
		least: { jobid: 'J' },
		full: { jobid: 'J' },
		fields: { jobid: required(id) },
		answer: { status: 3, result_id: 'r', result_errcode: 0, result_errmsg: 'ok' },
		output: { status: 3, result_id: 'r', result_errcode: 0, result_errmsg: 'ok' },
	},

	// AI models
	generalModel: model(
		'ww_model',
		{},
		{
			model_id: 'deep',
			kb_id: 'kb1',
			need_think_result: true,
			var_args: [{ name: '产品', value: 'A\n"B"' }],
			tag_group_list: TAG_GROUPS,
			ability_id: 'my_prompt',
			kb_retrieval_words: '退货',
		},
		{
			kb_id: optional(id),
			model_id: optional(id),
			need_think_result: optional(flag),
			var_args: optional(list({ name: 'n', value: 'v' }, 50)),
			'var_args[0]': required(object),
			'var_args[0].name': required(id),
			'var_args[0].value': required(bytes(30_000)),
			tag_group_list: optional(list({ group_id: 'g' }, 1000)),
			'tag_group_list[0]': required(object),
			'tag_group_list[0].group_id': required(id),
			ability_id: optional(id),
			kb_retrieval_words: optional(bytes(30_000)),
		},
		...GENERAL,
	),
	recommendModel: model(
		'recommend_dialog',
		{ kb_id: 'kb1' },
		{},
		{ kb_id: required(id) },
		...REPLIES,
	),
	tagModel: model(
		'customer_tag',
		{ tag_group_list: TAG_GROUPS },
		{ model_id: 'deep' },
		{
			tag_group_list: required(list({ group_id: 'g' }, 1000, 1)),
			'tag_group_list[0]': required(object),
			'tag_group_list[0].group_id': required(id),
			model_id: optional(id),
		},
		...TAGS,
	),
	summaryModel: model('summary', {}, {}, {}, ...SUMMARY),
	sentimentModel: model('sentiment', {}, {}, {}, ...SENTIMENT),
	antispamModel: model('spam', {}, {}, {}, ...SPAM),
	getGeneralResult: resultOf('ww_model', ...GENERAL),
	getRecommendResult: resultOf('recommend_dialog', ...REPLIES),
	getTagResult: resultOf('customer_tag', ...TAGS),
	getSummaryResult: resultOf('summary', ...SUMMARY),
	getSentimentResult: resultOf('sentiment', ...SENTIMENT),
	getAntispamResult: resultOf('spam', ...SPAM),

	// Acquisition
	getAcquisitionAuthInfo: {
		path: '/externalcontact/customer_acquisition/get_comp_auth_info',
		retry: 'read',
		least: {},
		full: {},
		fields: {},
		answer: { pay_mode: 1, price: 300, link_auth_mode: 1, auth_apps: [{ agentid: 1000030 }] },
		output: { pay_mode: 1, price: 300, link_auth_mode: 1, auth_apps: [{ agentid: 1000030 }] },
	},
	createLink: like('createLink', {
		path: '/externalcontact/customer_acquisition/create_link',
	}),
	getLink: like('getLink', { path: '/externalcontact/customer_acquisition/get' }),
	listLinks: like('listLinks', {
		path: '/externalcontact/customer_acquisition/list_link',
		leastBody: { limit: 100 },
		fields: page(100),
	}),
	updateLink: like('updateLink', {
		path: '/externalcontact/customer_acquisition/update_link',
	}),
	deleteLink: like('deleteLink', {
		path: '/externalcontact/customer_acquisition/delete_link',
	}),
	getLinkStatistics: like('getLinkStatistics', {}),
	listLinkCustomers: like('listLinkCustomers', {
		leastBody: { link_id: 'L1', limit: 1000 },
		fields: { link_id: required(id), ...page(1000) },
	}),
	getAcquisitionQuota: {
		method: 'GET',
		path: '/externalcontact/customer_acquisition_quota',
		retry: 'read',
		least: {},
		full: {},
		fields: {},
		answer: { total: 1000, balance: 5, quota_list: [{ expire_date: START, balance: 5 }] },
		output: { total: 1000, balance: 5, quota_list: [{ expire_date: START, balance: 5 }] },
	},
	getLinkChatInfo: {
		path: '/externalcontact/customer_acquisition/get_chat_info',
		retry: 'read',
		least: { chat_key: 'KEY' },
		full: { chat_key: 'KEY' },
		fields: { chat_key: required(bytes(1024)) },
		answer: {
			userid: 'woUser1',
			external_userid: 'wmCust1',
			chat_info: { recv_msg_cnt: 3, link_id: 'L1', state: 'S' },
		},
		output: {
			userid: 'woUser1',
			external_userid: 'wmCust1',
			chat_info: { recv_msg_cnt: 3, link_id: 'L1', state: 'S' },
		},
	},
	createOnceKeys: {
		path: '/externalcontact/customer_acquisition/create_once_key',
		retry: 'once',
		least: { link_id: 'L1' },
		full: { link_id: 'L1', key_num: 2 },
		fields: { link_id: required(id), key_num: optional(number(1, 1000)) },
		answer: { keys: ['K1', 'K2'] },
		output: { keys: ['K1', 'K2'] },
	},
	listBills: {
		path: '/service/customer_acquisition/get_bill_list',
		token: 'suite_access_token',
		retry: 'read',
		least: { begin_time: START, end_time: START + DAY, auth_corpid: 'wpC' },
		leastBody: { begin_time: START, end_time: START + DAY, auth_corpid: 'wpC', limit: 1000 },
		full: { begin_time: START, end_time: START + DAY, auth_corpid: 'wpC', cursor: 'C', limit: 7 },
		fields: {
			begin_time: required(time),
			end_time: required(time),
			auth_corpid: required(id),
			...page(1000),
		},
		answer: { next_cursor: 'C2', bill_list: [{ timestamp: START, link_id: 'L1', price: 300 }] },
		output: { entries: [{ timestamp: START, link_id: 'L1', price: 300 }], nextCursor: 'C2' },
	},

	// Orders
	placeOrder: like('placeOrder', { path: '/advanced_api/create_order' }),
	cancelOrder: like('cancelOrder', { path: '/advanced_api/cancel_order' }),
	payOrder: like('payOrder', { path: '/advanced_api/submit_pay' }),
	getOrder: like('getOrder', { path: '/advanced_api/get_order' }),
	listOrders: like('listOrders', {
		path: '/advanced_api/list_order',
		leastBody: { advanced_api_type: 1, limit: 1000 },
		fields: { ...CONTRACT.listOrders.fields, ...cursor() },
	}),
	getPurchased: like('getPurchased', { path: '/advanced_api/get_corp_buy_info' }),

	// Authorization
	getPreAuthCode: like('getPreAuthCode', {}),
	setSessionInfo: like('setSessionInfo', {}),
	getPermanentCode: like('getPermanentCode', {}),
	getAuthInfo: like('getAuthInfo', {}),
	getPermissions: like('getPermissions', {}),

	// Zone
	setPublicKey: like('setPublicKey', { path: '/chatdata/set_public_key' }),
	listPermittedMembers: like('listPermittedMembers', {
		path: '/chatdata/get_auth_user_list',
		leastBody: { limit: 1000 },
		fullBody: { cursor: 'C', limit: 7 },
		fields: { type: optional(oneOf(1, 2, 3)), ...page(1000) },
	}),
	setCallback: {
		path: '/chatdata/set_receive_callback',
		retry: 'idempotent',
		least: { program_id: 'P' },
		full: { program_id: 'P' },
		fields: PROGRAM_ID,
		answer: {},
		output: {},
	},
	fetchEvent: {
		...zone('do_async_job'),
		retry: 'read',
		least: { notify_id: 'NID-1' },
		full: { notify_id: 'NID-1' },
		fields: { notify_id: required(bytes(128)) },
		answer: {
			event_type: 'conversation_new_message',
			timestamp: START,
			conversation_new_message: { token: 'TOKEN-1' },
		},
		output: {
			event_type: 'conversation_new_message',
			timestamp: START,
			conversation_new_message: { token: 'TOKEN-1' },
		},
	},
	setLogLevel: like('setLogLevel', { path: '/chatdata/set_log_level' }),
	getLogLevel: {
		path: '/chatdata/get_log_level',
		retry: 'read',
		least: { program_id: 'P' },
		full: { program_id: 'P' },
		fields: PROGRAM_ID,
		answer: { log_level: 2 },
		output: { log_level: 2 },
	},
	getZoneAuthorization: {
		path: '/chatdata/get_corp_auth_info',
		retry: 'read',
		least: {},
		full: {},
		fields: {},
		answer: { auth_edition_list: [{ edition: 2, status: 1, msg_duration_days: 90 }] },
		output: { auth_edition_list: [{ edition: 2, status: 1, msg_duration_days: 90 }] },
	},
	getPrivacy: {
		path: '/chatdata/get_hide_sensitiveinfo_config',
		retry: 'read',
		least: { userid: 'woUser1' },
		full: { userid: 'woUser1' },
		fields: { userid: required(id) },
		answer: { config: PRIVACY },
		output: { config: PRIVACY },
	},
	setPrivacy: {
		path: '/chatdata/set_hide_sensitiveinfo_config',
		retry: 'idempotent',
		least: { userid: 'woUser1', config: {} },
		full: { userid: 'woUser1', config: PRIVACY },
		fields: {
			userid: required(id),
			config: required(object),
			'config.hide_mobile': optional(flag),
			'config.hide_idcard': optional(flag),
			'config.hide_bankno': optional(flag),
		},
		answer: {},
		output: {},
	},
	openDebugMode: {
		path: '/chatdata/open_debug_mode',
		retry: 'idempotent',
		least: { program_id: 'P', debug_token: 'D' },
		full: { program_id: 'P', debug_token: 'D' },
		fields: { ...PROGRAM_ID, debug_token: required(bytes(1024)) },
		answer: {},
		output: {},
	},
	closeDebugMode: {
		path: '/chatdata/close_debug_mode',
		retry: 'idempotent',
		least: { program_id: 'P' },
		full: { program_id: 'P' },
		fields: PROGRAM_ID,
		answer: {},
		output: {},
	},
	getDebugMode: {
		path: '/chatdata/check_debug_mode',
		retry: 'read',
		least: { program_id: 'P' },
		full: { program_id: 'P' },
		fields: PROGRAM_ID,
		answer: { debug_mode_status: 2 },
		output: { debug_mode_status: 2 },
	},

	// Knowledge bases
	listKnowledgeBases: {
		...zone('knowledge_base_list'),
		retry: 'read',
		least: {},
		full: {},
		fields: {},
		answer: { kb_info_list: [{ kb_id: 'kb1', kb_name: '产品' }] },
		output: [{ kb_id: 'kb1', kb_name: '产品' }],
	},
	createKnowledgeBase: {
		...zone('knowledge_base_create'),
		retry: 'once',
		least: { kb_name: '产品', doc_list: [FILE] },
		full: { kb_name: '产品', doc_list: [FILE, PAGE] },
		fields: { kb_name: required(text(1, 20)), ...DOCUMENTS },
		answer: { kb_id: 'kb1', doc_list: [{ ...FILE, docid: 1 }] },
		output: { kb_id: 'kb1', doc_list: [{ ...FILE, docid: 1 }] },
	},
	getKnowledgeBase: {
		...zone('knowledge_base_detail'),
		retry: 'read',
		least: { kb_id: 'kb1' },
		full: { kb_id: 'kb1' },
		fields: KNOWLEDGE_BASE,
		answer: {
			kb_id: 'kb1',
			kb_name: '产品',
			doc_list: [{ docid: 1, doc_name: 'a.pdf', type: 2, status: 0 }],
		},
		output: {
			kb_id: 'kb1',
			kb_name: '产品',
			doc_list: [{ docid: 1, doc_name: 'a.pdf', type: 2, status: 0 }],
		},
	},
	addDocuments: {
		...zone('knowledge_base_add_doc'),
		retry: 'once',
		least: { kb_id: 'kb1', doc_list: [FILE] },
		full: { kb_id: 'kb1', doc_list: [FILE, PAGE] },
		fields: { ...KNOWLEDGE_BASE, ...DOCUMENTS },
		answer: { doc_list: [{ ...FILE, docid: 2 }] },
		output: { doc_list: [{ ...FILE, docid: 2 }] },
	},
	removeDocuments: {
		...zone('knowledge_base_remove_doc'),
		retry: 'idempotent',
		least: { kb_id: 'kb1', docid_list: [1] },
		full: { kb_id: 'kb1', docid_list: ['18446744073709551615', 1] },
		fullBody: '{"kb_id":"kb1","docid_list":[18446744073709551615,1]}',
		fields: {
			...KNOWLEDGE_BASE,
			docid_list: required(list(1, 1000, 1)),
			'docid_list[0]': required(seq),
		},
		answer: {},
		output: {},
	},
	renameKnowledgeBase: {
		...zone('knowledge_base_modify_name'),
		retry: 'idempotent',
		least: { kb_id: 'kb1', kb_name: '产品' },
		full: { kb_id: 'kb1', kb_name: '产品' },
		fields: { ...KNOWLEDGE_BASE, kb_name: required(text(1, 20)) },
		answer: {},
		output: {},
	},
	deleteKnowledgeBase: {
		...zone('knowledge_base_delete'),
		retry: 'idempotent',
		least: { kb_id: 'kb1' },
		full: { kb_id: 'kb1' },
		fields: KNOWLEDGE_BASE,
		answer: {},
		output: {},
	},

	// Programs in the zone
	syncCallProgram: like('syncCallProgram', {}),
	startProgramTask: like('startProgramTask', {}),
	getProgramResult: like('getProgramResult', {}),
};
