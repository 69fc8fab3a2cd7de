import { generateKeyPairSync } from 'node:crypto';

import type { ICredentialDataDecryptedObject, IDataObject, INodeExecutionData } from 'n8n-workflow';

/**
 * Every row of the reference document's tables (2.3, 3 and the tree in 2.1) and of the authorization
 * as an operation of a node: sent to its path, with its token, with this body.
 */
export interface Row {
	node: string;
	resource: string;
	operation: string;
	path: string;
	/** access_token when left out. */
	token?: 'suite_access_token' | 'provider_access_token';
	parameters?: IDataObject;
	/** Of a POST; without it the call is a GET. */
	body?: object;
	items?: INodeExecutionData[];
}

export const TOKENS = {
	access_token: 'the access token',
	suite_access_token: 'the suite access token',
	provider_access_token: 'the provider access token',
};
export const CALLBACK = {
	token: 'TokenOfTheCallback1',
	encodingAesKey: 'a1B2'.repeat(11).slice(0, 43),
};
const PUBLIC_KEY = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).publicKey;

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const all = { returnAll: true };
const firstPage = { cursor: '', limit: 100 };

const archive = (
	resource: string,
	operation: string,
	path: string,
	body: object,
	parameters: IDataObject = {},
): Row => ({
	node: 'wecomChatArchive',
	resource,
	operation,
	path: `/msgaudit/${path}`,
	body,
	parameters,
});

const ARCHIVE: Row[] = [
	archive(
		'message',
		'getAll',
		'get_chat_data',
		{ seq: 7, limit: 1000 },
		{ startAfterSeq: '7', ...all },
	),
	archive(
		'consent',
		'check',
		'check_single_agree',
		{ info: [{ userid: 'zhangsan', exteranalopenid: 'wmCustomer' }] },
		{ pairs: { pair: [{ userid: 'zhangsan', exteranalopenid: 'wmCustomer' }] } },
	),
	archive('group', 'get', 'get_inner_group', { roomid: 'wrGroup' }, { roomId: 'wrGroup' }),
	archive(
		'search',
		'sessions',
		'search_session',
		{ keyword: '报价', ...firstPage },
		{ keyword: '报价', ...all },
	),
	archive(
		'search',
		'messages',
		'search_message',
		{ keyword: '漏水', ...firstPage },
		{ keyword: '漏水', ...all },
	),
	archive(
		'keywordRule',
		'create',
		'keyword_rule/create',
		{ name: '投诉', keyword: { word_list: ['漏水', '退货'] } },
		{ name: '投诉', words: '漏水, 退货' },
	),
	archive('keywordRule', 'get', 'keyword_rule/get', { rule_id: 'r1' }, { ruleId: byId('r1') }),
	archive('keywordRule', 'getAll', 'keyword_rule/list', firstPage, all),
	archive(
		'keywordRule',
		'update',
		'keyword_rule/update',
		{ rule_id: 'r1', name: '新名' },
		{ ruleId: byId('r1'), updateFields: { name: '新名' } },
	),
	archive(
		'keywordRule',
		'delete',
		'keyword_rule/delete',
		{ rule_id: 'r1' },
		{ ruleId: byId('r1') },
	),
	archive(
		'export',
		'create',
		'export',
		{ code: 'c1', media_id: 'm1' },
		{ code: 'c1', mediaId: 'm1' },
	),
	{
		node: 'wecomChatArchive',
		resource: 'export',
		operation: 'get',
		path: '/chatdata/sync_call_program',
		parameters: { jobId: 'j1' },
		body: {
			program_id: 'prog1',
			ability_id: 'invoke_get_chatdata_export_job_status',
			request_data: '{"jobid":"j1"}',
		},
	},
];

const MODELS: Row[] = ['general', 'recommend', 'tag', 'summary', 'sentiment', 'antispam'].map(
	(model) => ({
		node: 'wecomAiModel',
		resource: 'model',
		operation: model,
		path: `/msgaudit/model/${model}`,
		parameters: { chatId: 'wrGroup', beginSeq: '1', endSeq: '100' },
		body: { chat_id: 'wrGroup', seq_range: { begin_seq: 1, end_seq: 100 } },
	}),
);

const acquisition = (
	resource: string,
	operation: string,
	path: string,
	body: object,
	parameters: IDataObject = {},
): Row => ({
	node: 'wecomAcquisition',
	resource,
	operation,
	path: `/externalcontact/${path}`,
	body,
	parameters,
});

const ACQUISITION: Row[] = [
	{
		...acquisition('component', 'getAuthInfo', 'customer_acquisition/get_auth_info', {}),
		token: 'suite_access_token',
	},
	acquisition(
		'link',
		'create',
		'customer_acquisition_link/create',
		{ link_name: '春季活动', range: { user_list: ['zhangsan', 'lisi'] } },
		{ linkName: '春季活动', userList: 'zhangsan, lisi' },
	),
	acquisition(
		'link',
		'get',
		'customer_acquisition_link/get',
		{ link_id: 'l1' },
		{ linkId: byId('l1') },
	),
	acquisition('link', 'getAll', 'customer_acquisition_link/list', firstPage, all),
	acquisition(
		'link',
		'update',
		'customer_acquisition_link/update',
		{ link_id: 'l1', link_name: '新名' },
		{ linkId: byId('l1'), updateFields: { linkName: '新名' } },
	),
	acquisition(
		'link',
		'delete',
		'customer_acquisition_link/delete',
		{ link_id: 'l1' },
		{ linkId: byId('l1') },
	),
	acquisition(
		'link',
		'getStatistics',
		'customer_acquisition/statistic',
		{ link_id: 'l1', start_time: 1_795_000_000, end_time: 1_795_600_000 },
		{ linkId: byId('l1'), startTime: 1_795_000_000, endTime: 1_795_600_000 },
	),
	acquisition(
		'customer',
		'getAll',
		'customer_acquisition/customer',
		{ link_id: 'l1', cursor: '', limit: 1000 },
		{ linkId: byId('l1'), ...all },
	),
];

const order = (
	operation: string,
	path: string,
	body: object,
	parameters: IDataObject = {},
): Row => ({
	node: 'wecomDataOrder',
	resource: 'order',
	operation,
	path: `/service/contact/batchorder/${path}`,
	token: 'provider_access_token',
	body,
	parameters,
});

const ORDERS: Row[] = [
	order(
		'place',
		'place_order',
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
	order('cancel', 'cancel_order', { order_id: 'o1' }, { orderId: byId('o1') }),
	order(
		'pay',
		'pay',
		{ order_id: 'o1', payer_userid: 'lisi' },
		{ orderId: byId('o1'), payerUserid: 'lisi' },
	),
	order('get', 'get', { order_id: 'o1' }, { orderId: byId('o1') }),
	order('getAll', 'list', { advanced_api_type: 1, cursor: '', limit: 1000 }, all),
	order(
		'getPurchased',
		'get_purchased',
		{ advanced_api_type: 1, custom_corpid: 'wpCorp' },
		{ customCorpid: 'wpCorp' },
	),
];

const zone = (
	resource: string,
	operation: string,
	path: string,
	body: object,
	parameters: IDataObject = {},
): Row => ({ node: 'wecomDataZone', resource, operation, path, body, parameters });

const ZONE: Row[] = [
	zone(
		'key',
		'setPublic',
		'/msgaudit/set_public_key',
		{ public_key: PUBLIC_KEY, public_key_ver: 3 },
		{ publicKey: PUBLIC_KEY, publicKeyVer: 3 },
	),
	zone('member', 'getAll', '/msgaudit/get_permit_user_list', { cursor: '', limit: 1000 }, all),
	zone(
		'callback',
		'set',
		'/msgaudit/set_callback',
		{
			url: 'https://n8n.example.com/webhook/wecom',
			token: CALLBACK.token,
			encoding_aes_key: CALLBACK.encodingAesKey,
		},
		{ url: 'https://n8n.example.com/webhook/wecom' },
	),
	zone(
		'log',
		'setLevel',
		'/msgaudit/set_log_level',
		{ program_id: 'prog1', log_level: 3 },
		{ logLevel: 3 },
	),
	zone(
		'program',
		'callSync',
		'/chatdata/sync_call_program',
		{ program_id: 'prog1', ability_id: 'ask', request_data: '{"a":1}' },
		{ abilityId: 'ask', requestData: '{"a":1}' },
	),
	zone(
		'program',
		'callAsync',
		'/chatdata/async_program_task',
		{ program_id: 'prog1', ability_id: 'ask', request_data: '{"a":1}' },
		{ abilityId: 'ask', requestData: '{"a":1}' },
	),
	zone(
		'program',
		'getAsyncResult',
		'/chatdata/async_program_result',
		{ jobid: 'j1' },
		{ jobId: 'j1' },
	),
];

const authorization = (
	operation: string,
	path: string,
	body?: object,
	parameters: IDataObject = {},
): Row => ({
	node: 'wecomAuthorization',
	resource: 'authorization',
	operation,
	path,
	token: 'suite_access_token',
	...(body ? { body } : {}),
	parameters,
});

const AUTHORIZATION: Row[] = [
	authorization('getInstallLink', '/service/get_pre_auth_code', undefined, {
		redirectUri: 'https://app.example.com/installed',
	}),
	authorization(
		'exchangeCode',
		'/service/v2/get_permanent_code',
		{ auth_code: 'a1' },
		{ authCode: 'a1' },
	),
	authorization(
		'get',
		'/service/v2/get_auth_info',
		{ auth_corpid: 'wpCorp', permanent_code: 'p1' },
		{ authCorpId: 'wpCorp', permanentCode: 'p1' },
	),
	{
		node: 'wecomAuthorization',
		resource: 'authorization',
		operation: 'getPermissions',
		path: '/agent/get_permissions',
		body: {},
	},
];

export const ROWS = [...ARCHIVE, ...MODELS, ...ACQUISITION, ...ORDERS, ...ZONE, ...AUTHORIZATION];

/** How a row is called in a test's name. */
export const nameOf = ({ node, resource, operation }: Row) => `${node} ${resource} ${operation}`;

/** Credentials that need no token to be fetched. */
export const credentialsOf = (baseUrl: string): Record<string, ICredentialDataDecryptedObject> => ({
	wecomDataApi: {
		baseUrl,
		authentication: 'accessToken',
		accessToken: TOKENS.access_token,
		suiteAccessToken: TOKENS.suite_access_token,
		suiteId: 'wwSuite',
		providerAccessToken: TOKENS.provider_access_token,
		programId: 'prog1',
		programStyle: 'java',
	},
	wecomCallbackApi: { ...CALLBACK, receiveIds: 'wwCorp' },
});
