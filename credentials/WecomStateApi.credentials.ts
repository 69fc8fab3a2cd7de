import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { localizeCredential } from '../nodes/shared/translation';

/** The Redis in which several n8n processes keep what they have to know of one another. */
export class WecomStateApi implements ICredentialType {
	name = 'wecomStateApi';

	displayName = 'WeCom State API';

	documentationUrl = 'https://redis.io/docs/latest/operate/oss_and_stack/management/security/';

	icon: Icon = { light: 'file:../icons/wecom-data.svg', dark: 'file:../icons/wecom-data.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName:
				'Needed where n8n runs as several processes (queue mode): tokens, suite tickets and seen events are then shared by all of them. The Redis of the n8n queue may be used.',
			name: 'purposeNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Host',
			name: 'host',
			type: 'string',
			default: 'localhost',
			required: true,
			placeholder: 'e.g. redis.example.com',
			description:
				'Of a single Redis, or the address that leads to the primary of several; Sentinel and Cluster are not supported',
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 65535, numberPrecision: 0 },
			default: 6379,
			required: true,
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			placeholder: 'e.g. n8n',
			description: 'Only for Redis 6 and newer with users of their own (ACL)',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'Database Number',
			name: 'database',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
		},
		{
			displayName: 'TLS',
			name: 'tls',
			type: 'boolean',
			default: false,
			description: 'Whether to connect with TLS',
		},
		{
			displayName: 'Key Prefix',
			name: 'keyPrefix',
			type: 'string', // eslint-disable-line n8n-nodes-base/cred-class-field-type-options-password-missing -- a prefix is no key
			default: 'n8n-wecom-data/',
			placeholder: 'e.g. n8n-wecom-data/',
			description:
				'Put before every key. Everything with the same prefix shares its state: another n8n on the same Redis needs another one.',
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- it is a secret, whatever its name
		{
			displayName: 'Encryption Key',
			name: 'encryptionKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'A long random text with which suite tickets and tokens are encrypted in Redis; the same in every credential with this prefix. The password when empty: with neither, tickets are hardly protected.',
		},
	];

	constructor() {
		localizeCredential(this);
	}
}
