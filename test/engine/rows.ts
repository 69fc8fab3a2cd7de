import type { IDataObject } from 'n8n-workflow';

import { byId, type Row, type Sent } from './row';
import { ZONE } from './zoneRows';

/**
 * Every operation of the nodes but those that call nothing and the upload, as the tables of the
 * reference document (2.3, 3 and the tree in 2.1) and Tencent's pages have it.
 */

const all = { returnAll: true };
/** The first page, as the reference's lists begin; Tencent's want no empty cursor. */
const firstPage = { cursor: '', limit: 100 };

const archive = (
	resource: string,
	operation: string,
	sends: Row['sends'],
	parameters: IDataObject = {},
): Row => ({ node: 'wecomChatArchive', resource, operation, sends, parameters });

const msgaudit = (path: string, body: object): Sent => ({ route: `POST /msgaudit/${path}`, body });
const zone = (func: string, body: object): Sent => ({ route: `ZONE ${func}`, body });
const library = (func: string, body: object): Sent => ({ route: `LIBRARY ${func}`, body });

const ARCHIVE: Row[] = [
	archive(
		'message',
		'getAll',
		{
			reference: msgaudit('get_chat_data', { seq: 7, limit: 1000 }),
			dataZone: zone('sync_msg', { cursor: '7', limit: 1000 }),
			messageArchive: library('GetChatData', { seq: 7, limit: 1000 }),
		},
		{ startAfterSeq: '7', ...all },
	),
	archive(
		'message',
		'getMedia',
		{ messageArchive: library('GetMediaData', { indexbuf: '', sdkfileid: 'FILE-1' }) },
		{ mediaFrom: 'fileId', sdkfileId: 'FILE-1', binaryPropertyName: 'data' },
	),
	archive(
		'consent',
		'check',
		{
			reference: msgaudit('check_single_agree', {
				info: [{ userid: 'zhangsan', exteranalopenid: 'wmCustomer' }],
			}),
			dataZone: zone('get_agree_status_single', {
				item: [{ userid: 'zhangsan', external_userid: 'wmCustomer' }],
			}),
			messageArchive: msgaudit('check_single_agree', {
				info: [{ userid: 'zhangsan', exteranalopenid: 'wmCustomer' }],
			}),
		},
		{ pairs: { pair: [{ userid: 'zhangsan', exteranalopenid: 'wmCustomer' }] } },
	),
	archive(
		'consent',
		'checkGroup',
		{
			dataZone: zone('get_agree_status_room', { chatid: 'wrGroup' }),
			messageArchive: msgaudit('check_room_agree', { roomid: 'wrGroup' }),
		},
		{ roomId: 'wrGroup' },
	),
	archive(
		'group',
		'get',
		{
			reference: msgaudit('get_inner_group', { roomid: 'wrGroup' }),
			dataZone: zone('get_group_chat', { chatid: 'wrGroup' }),
			messageArchive: msgaudit('groupchat/get', { roomid: 'wrGroup' }),
		},
		{ roomId: 'wrGroup' },
	),
	archive(
		'robot',
		'get',
		{
			messageArchive: {
				route: 'GET /msgaudit/get_robot_info',
				query: { robot_id: 'wbRobot' },
			},
		},
		{ robotId: 'wbRobot' },
	),
	archive(
		'search',
		'sessions',
		{
			reference: msgaudit('search_session', { keyword: '报价', ...firstPage }),
			dataZone: zone('search_chat', { query_word: '报价', limit: 100 }),
		},
		{ keyword: '报价', ...all },
	),
	archive(
		'search',
		'messages',
		{
			reference: msgaudit('search_message', { keyword: '漏水', ...firstPage }),
			dataZone: zone('search_msg', { query_word: '漏水', limit: 100 }),
		},
		{ keyword: '漏水', ...all },
	),
	archive(
		'search',
		'people',
		{ dataZone: zone('search_contact_or_customer', { query_word: '张三', limit: 100 }) },
		{ keyword: '张三', ...all },
	),
	archive(
		'keywordRule',
		'create',
		{
			reference: msgaudit('keyword_rule/create', {
				name: '投诉',
				keyword: { word_list: ['漏水', '退货'] },
			}),
			dataZone: zone('create_rule', { name: '投诉', keyword: { word_list: ['漏水', '退货'] } }),
		},
		{ name: '投诉', words: '漏水, 退货' },
	),
	archive(
		'keywordRule',
		'get',
		{
			reference: msgaudit('keyword_rule/get', { rule_id: 'r1' }),
			dataZone: zone('get_rule_detail', { rule_id: 'r1' }),
		},
		{ ruleId: byId('r1') },
	),
	archive(
		'keywordRule',
		'getAll',
		{
			reference: msgaudit('keyword_rule/list', firstPage),
			dataZone: zone('get_rule_list', { limit: 100 }),
		},
		all,
	),
	archive(
		'keywordRule',
		'update',
		{
			reference: msgaudit('keyword_rule/update', { rule_id: 'r1', name: '新名' }),
			dataZone: zone('update_rule', { rule_id: 'r1', name: '新名' }),
		},
		{ ruleId: byId('r1'), updateFields: { name: '新名' } },
	),
	archive(
		'keywordRule',
		'delete',
		{
			reference: msgaudit('keyword_rule/delete', { rule_id: 'r1' }),
			dataZone: zone('delete_rule', { rule_id: 'r1' }),
		},
		{ ruleId: byId('r1') },
	),
	archive(
		'keywordRule',
		'getHits',
		{ dataZone: zone('get_hit_msg_list', { token: 'TOKEN-1', need_detail: 1, limit: 1000 }) },
		{ ...all, options: { token: 'TOKEN-1', needDetail: true } },
	),
	archive(
		'export',
		'create',
		{
			reference: msgaudit('export', { code: 'c1', media_id: 'm1' }),
			dataZone: zone('create_chatdata_export_job', { code: 'c1', media_id: 'm1' }),
		},
		{ code: 'c1', mediaId: 'm1' },
	),
	archive(
		'export',
		'get',
		{
			reference: zone('get_chatdata_export_job_status', { jobid: 'j1' }),
			dataZone: zone('get_chatdata_export_job_status', { jobid: 'j1' }),
		},
		{ jobId: 'j1' },
	),
];

/** Each model with its task in the zone, and what it needs there beside the messages. */
const TASKS: Array<[model: string, task: string, needed: object, options: IDataObject]> = [
	['general', 'ww_model', { ability_id: 'my_prompt' }, { abilityId: 'my_prompt' }],
	['recommend', 'recommend_dialog', { kb_id: 'kb1' }, { knowledgeBaseId: 'kb1' }],
	['tag', 'customer_tag', { tag_group_list: [{ group_id: 'et1' }] }, { tagGroups: 'et1' }],
	['summary', 'summary', {}, {}],
	['sentiment', 'sentiment', {}, {}],
	['antispam', 'spam', {}, {}],
];

const MODELS: Row[] = [
	...TASKS.map(([model, task, needed, options]): Row => ({
		node: 'wecomAiModel',
		resource: 'model',
		operation: model,
		sends: {
			reference: msgaudit(`model/${model}`, {
				chat_id: 'wrGroup',
				seq_range: { begin_seq: 1, end_seq: 100 },
			}),
			dataZone: {
				...zone(`create_${task}_task`, {
					msg_list: [{ msgid: 'm1', encrypt_info: { secret_key: 'KEY-1' } }],
					...needed,
				}),
				asks: `get_${task}_result`,
				parameters: {
					messagesFrom: 'list',
					messageList: '[{ "msgid": "m1", "secret_key": "KEY-1" }]',
					options,
				},
			},
		},
		parameters: { chatId: 'wrGroup', beginSeq: '1', endSeq: '100' },
	})),
	{
		node: 'wecomAiModel',
		resource: 'model',
		operation: 'getResult',
		sends: { dataZone: zone('get_summary_result', { jobid: 'J1' }) },
		parameters: { model: 'summary', jobIds: 'J1' },
	},
];

const acquisition = (
	resource: string,
	operation: string,
	sends: Row['sends'],
	parameters: IDataObject = {},
): Row => ({ node: 'wecomAcquisition', resource, operation, sends, parameters });

const external = (path: string, body: object): Sent => ({
	route: `POST /externalcontact/${path}`,
	body,
});
/** What Tencent's own host takes with the token of a corp, whichever archive the corp has. */
const ofTencent = (sent: Sent): Row['sends'] => ({ dataZone: sent, messageArchive: sent });
const inAll = (sent: Sent): Row['sends'] => ({ reference: sent, ...ofTencent(sent) });

const ACQUISITION: Row[] = [
	acquisition('component', 'getAuthInfo', {
		reference: {
			...external('customer_acquisition/get_auth_info', {}),
			token: 'suite_access_token',
		},
		dataZone: external('customer_acquisition/get_comp_auth_info', {}),
	}),
	acquisition(
		'link',
		'create',
		{
			reference: external('customer_acquisition_link/create', {
				link_name: '春季活动',
				range: { user_list: ['zhangsan', 'lisi'] },
			}),
			...ofTencent(
				external('customer_acquisition/create_link', {
					link_name: '春季活动',
					range: { user_list: ['zhangsan', 'lisi'] },
				}),
			),
		},
		{ linkName: '春季活动', userList: 'zhangsan, lisi' },
	),
	acquisition(
		'link',
		'get',
		{
			reference: external('customer_acquisition_link/get', { link_id: 'l1' }),
			...ofTencent(external('customer_acquisition/get', { link_id: 'l1' })),
		},
		{ linkId: byId('l1') },
	),
	acquisition(
		'link',
		'getAll',
		{
			reference: external('customer_acquisition_link/list', firstPage),
			...ofTencent(external('customer_acquisition/list_link', { limit: 100 })),
		},
		all,
	),
	acquisition(
		'link',
		'update',
		{
			reference: external('customer_acquisition_link/update', { link_id: 'l1', link_name: '新名' }),
			...ofTencent(
				external('customer_acquisition/update_link', { link_id: 'l1', link_name: '新名' }),
			),
		},
		{ linkId: byId('l1'), updateFields: { linkName: '新名' } },
	),
	acquisition(
		'link',
		'delete',
		{
			reference: external('customer_acquisition_link/delete', { link_id: 'l1' }),
			...ofTencent(external('customer_acquisition/delete_link', { link_id: 'l1' })),
		},
		{ linkId: byId('l1') },
	),
	acquisition(
		'link',
		'getStatistics',
		inAll(
			external('customer_acquisition/statistic', {
				link_id: 'l1',
				start_time: 1_795_000_000,
				end_time: 1_795_600_000,
			}),
		),
		{ linkId: byId('l1'), startTime: 1_795_000_000, endTime: 1_795_600_000 },
	),
	acquisition(
		'customer',
		'getAll',
		{
			reference: external('customer_acquisition/customer', {
				link_id: 'l1',
				cursor: '',
				limit: 1000,
			}),
			...ofTencent(external('customer_acquisition/customer', { link_id: 'l1', limit: 1000 })),
		},
		{ linkId: byId('l1'), ...all },
	),
	acquisition(
		'customer',
		'getChatInfo',
		ofTencent(external('customer_acquisition/get_chat_info', { chat_key: 'KEY-1' })),
		{ chatKey: 'KEY-1' },
	),
	acquisition(
		'quota',
		'get',
		ofTencent({ route: 'GET /externalcontact/customer_acquisition_quota' }),
	),
	acquisition(
		'payment',
		'createOnceKey',
		{
			dataZone: external('customer_acquisition/create_once_key', { link_id: 'l1', key_num: 2 }),
		},
		{ linkId: byId('l1'), keyNum: 2 },
	),
	acquisition(
		'payment',
		'getBills',
		{
			dataZone: {
				route: 'POST /service/customer_acquisition/get_bill_list',
				token: 'suite_access_token',
				body: {
					begin_time: 1_795_000_000,
					end_time: 1_795_600_000,
					auth_corpid: 'wpCorp',
					limit: 1000,
				},
			},
		},
		{ beginTime: 1_795_000_000, endTime: 1_795_600_000, authCorpid: 'wpCorp', ...all },
	),
];

const provider = (path: string, body: object): Sent => ({
	route: `POST /${path}`,
	token: 'provider_access_token',
	body,
});

/** @param paths under the prefix of each contract */
const order = (
	operation: string,
	[path, published]: [string, string],
	body: object,
	parameters: IDataObject = {},
	publishedBody = body,
): Row => ({
	node: 'wecomDataOrder',
	resource: 'order',
	operation,
	sends: {
		reference: provider(`service/contact/batchorder/${path}`, body),
		dataZone: provider(`advanced_api/${published}`, publishedBody),
	},
	parameters,
});

const ORDERS: Row[] = [
	order(
		'place',
		['place_order', 'create_order'],
		{
			custom_corpid: 'wpCorp',
			buyer_userid: 'zhangsan',
			order_type: 0,
			advanced_api_type: 1,
			chat_archive_api: { edition: 2, purchase_count: 10 },
		},
		{
			customCorpid: 'wpCorp',
			buyerUserid: 'zhangsan',
			orderType: 0,
			edition: 2,
			purchaseCount: 10,
		},
	),
	order('cancel', ['cancel_order', 'cancel_order'], { order_id: 'o1' }, { orderId: byId('o1') }),
	order(
		'pay',
		['pay', 'submit_pay'],
		{ order_id: 'o1', payer_userid: 'lisi' },
		{ orderId: byId('o1'), payerUserid: 'lisi' },
	),
	order('get', ['get', 'get_order'], { order_id: 'o1' }, { orderId: byId('o1') }),
	order('getAll', ['list', 'list_order'], { advanced_api_type: 1, cursor: '', limit: 1000 }, all, {
		advanced_api_type: 1,
		limit: 1000,
	}),
	order(
		'getPurchased',
		['get_purchased', 'get_corp_buy_info'],
		{ advanced_api_type: 1, custom_corpid: 'wpCorp' },
		{ customCorpid: 'wpCorp' },
	),
];

const authorization = (operation: string, sent: Sent, parameters: IDataObject = {}): Row => ({
	node: 'wecomAuthorization',
	resource: 'authorization',
	operation,
	sends: { reference: sent, dataZone: sent },
	parameters,
});
const suite = { token: 'suite_access_token' } as const;

const AUTHORIZATION: Row[] = [
	authorization(
		'getInstallLink',
		{ route: 'GET /service/get_pre_auth_code', ...suite },
		{ redirectUri: 'https://app.example.com/installed' },
	),
	authorization(
		'exchangeCode',
		{ route: 'POST /service/v2/get_permanent_code', ...suite, body: { auth_code: 'a1' } },
		{ authCode: 'a1' },
	),
	authorization(
		'get',
		{
			route: 'POST /service/v2/get_auth_info',
			...suite,
			body: { auth_corpid: 'wpCorp', permanent_code: 'p1' },
		},
		{ authCorpId: 'wpCorp', permanentCode: 'p1' },
	),
	authorization('getPermissions', { route: 'POST /agent/get_permissions', body: {} }),
];

export const ROWS: Row[] = [
	...ARCHIVE,
	...MODELS,
	...ACQUISITION,
	...ORDERS,
	...ZONE,
	...AUTHORIZATION,
];
