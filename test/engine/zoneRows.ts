import { generateKeyPairSync } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { CALLBACK, PROGRAM_ID, type Row, type Sent } from './row';

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
const same = (sent: Sent): Row['sends'] => ({ reference: sent, dataZone: sent });

const call = { program_id: PROGRAM_ID, ability_id: 'ask', request_data: '{"a":1}' };
const asked = { abilityId: 'ask', requestData: '{"a":1}' };

/** The operations of the Data Zone node. */
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
	zone('program', 'callSync', same(post('chatdata/sync_call_program', call)), asked),
	zone('program', 'callAsync', same(post('chatdata/async_program_task', call)), asked),
	zone('program', 'getAsyncResult', same(post('chatdata/async_program_result', { jobid: 'j1' })), {
		jobId: 'j1',
	}),
];
