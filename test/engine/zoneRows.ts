import { generateKeyPairSync } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { byId, CALLBACK, PROGRAM_ID, type Row, type Sent } from './row';

const PUBLIC_KEY = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).publicKey;

const zone = (
	resource: string,
	operation: string,
	sends: Row['sends'],
	parameters: IDataObject = {},
): Row => ({ node: 'wecomDataZone', resource, operation, sends, parameters });

const post = (path: string, body: object): Sent => ({ route: `POST /${path}`, body });
const published = (sent: Sent): Row['sends'] => ({ dataZone: sent });
const program = (func: string, body: object): Row['sends'] => published({ route: `ZONE ${func}`, body }); // prettier-ignore
const same = (sent: Sent): Row['sends'] => ({ reference: sent, dataZone: sent });

const call = { program_id: PROGRAM_ID, ability_id: 'ask', request_data: '{"a":1}' };
const asked = { abilityId: 'ask', requestData: '{"a":1}' };

const document = { doc_name: '价目表.pdf', type: 2, file_media_id: 'MEDIA-1' };
const file = { docName: '价目表.pdf', type: 'automatic', mediaId: 'MEDIA-1' };

/** The operations of the Data Zone node, as the reference document (3) and Tencent's pages have them. */
export const ZONE: Row[] = [
	zone(
		'key',
		'setPublic',
		{
			reference: post('msgaudit/set_public_key', { public_key: PUBLIC_KEY, public_key_ver: 3 }),
			dataZone: post('chatdata/set_public_key', { public_key: PUBLIC_KEY, public_key_ver: 3 }),
		},
		{ publicKey: PUBLIC_KEY, publicKeyVer: 3 },
	),
	zone(
		'member',
		'getAll',
		{
			reference: post('msgaudit/get_permit_user_list', { cursor: '', limit: 1000 }),
			dataZone: post('chatdata/get_auth_user_list', { limit: 1000 }),
			messageArchive: post('msgaudit/get_permit_user_list', {}),
		},
		{ returnAll: true },
	),
	zone(
		'callback',
		'set',
		{
			reference: post('msgaudit/set_callback', {
				url: 'https://n8n.example.com/webhook/wecom',
				token: CALLBACK.token,
				encoding_aes_key: CALLBACK.encodingAesKey,
			}),
			dataZone: post('chatdata/set_receive_callback', { program_id: PROGRAM_ID }),
		},
		{ url: 'https://n8n.example.com/webhook/wecom' },
	),
	zone(
		'log',
		'setLevel',
		{
			reference: post('msgaudit/set_log_level', { program_id: PROGRAM_ID, log_level: 3 }),
			dataZone: post('chatdata/set_log_level', { program_id: PROGRAM_ID, log_level: 3 }),
		},
		{ logLevel: 3 },
	),
	zone('log', 'getLevel', published(post('chatdata/get_log_level', { program_id: PROGRAM_ID }))),
	zone('authorization', 'get', published(post('chatdata/get_corp_auth_info', {}))),
	zone(
		'callback',
		'fetchEvent',
		published({ route: 'ZONE do_async_job', body: {}, notifyId: 'NID-1' }),
		{ notifyId: 'NID-1' },
	),
	zone(
		'debug',
		'open',
		published(post('chatdata/open_debug_mode', { program_id: PROGRAM_ID, debug_token: 'dbg1' })),
		{ debugToken: 'dbg1' },
	),
	zone('debug', 'close', published(post('chatdata/close_debug_mode', { program_id: PROGRAM_ID }))),
	zone('debug', 'get', published(post('chatdata/check_debug_mode', { program_id: PROGRAM_ID }))),
	zone(
		'privacy',
		'get',
		published(post('chatdata/get_hide_sensitiveinfo_config', { userid: 'woUser1' })),
		{ userid: 'woUser1' },
	),
	zone(
		'privacy',
		'set',
		published(
			post('chatdata/set_hide_sensitiveinfo_config', {
				userid: 'woUser1',
				config: { hide_mobile: true, hide_idcard: false, hide_bankno: true },
			}),
		),
		{ userid: 'woUser1', hideMobile: true, hideIdcard: false, hideBankno: true },
	),
	zone('knowledgeBase', 'getAll', program('knowledge_base_list', {}), { returnAll: true }),
	zone('knowledgeBase', 'get', program('knowledge_base_detail', { kb_id: 'kb1' }), {
		kbId: byId('kb1'),
	}),
	zone(
		'knowledgeBase',
		'create',
		program('knowledge_base_create', { kb_name: '产品手册', doc_list: [document] }),
		{ kbName: '产品手册', documents: { document: [file] } },
	),
	zone(
		'knowledgeBase',
		'addDocuments',
		program('knowledge_base_add_doc', { kb_id: 'kb1', doc_list: [document] }),
		{ kbId: byId('kb1'), documents: { document: [file] } },
	),
	zone(
		'knowledgeBase',
		'removeDocuments',
		program('knowledge_base_remove_doc', { kb_id: 'kb1', docid_list: [1, 2] }),
		{ kbId: byId('kb1'), docidList: '1, 2' },
	),
	zone(
		'knowledgeBase',
		'rename',
		program('knowledge_base_modify_name', { kb_id: 'kb1', kb_name: '新名' }),
		{ kbId: byId('kb1'), kbName: '新名' },
	),
	zone('knowledgeBase', 'delete', program('knowledge_base_delete', { kb_id: 'kb1' }), {
		kbId: byId('kb1'),
	}),
	zone('program', 'callSync', same(post('chatdata/sync_call_program', call)), asked),
	zone('program', 'callAsync', same(post('chatdata/async_program_task', call)), asked),
	zone('program', 'getAsyncResult', same(post('chatdata/async_program_result', { jobid: 'j1' })), {
		jobId: 'j1',
	}),
];
