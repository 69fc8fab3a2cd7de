import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { localizeCredential } from '../nodes/shared/translation';

/** The callback settings of the WeCom console, for the Data Trigger. */
export class WecomCallbackApi implements ICredentialType {
	name = 'wecomCallbackApi';

	displayName = 'WeCom Callback API';

	documentationUrl = 'https://developer.work.weixin.qq.com/document/path/90930';

	icon: Icon = { light: 'file:../icons/wecom-data.svg', dark: 'file:../icons/wecom-data.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Token from the callback settings of the WeCom console, at most 32 characters',
		},
		// eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- it is a secret, whatever its name
		{
			displayName: 'EncodingAESKey',
			name: 'encodingAesKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The 43 characters beside the Token. This is not the RSA key of the archive, which belongs into a "WeCom Data API" credential.',
		},
		{
			displayName: 'Receive IDs',
			name: 'receiveIds',
			type: 'string',
			default: '',
			placeholder: 'e.g. ww1a2b3c4d5e6f7a8b, wwfedcba9876543210',
			description:
				'Comma-separated ids the callbacks may be meant for: the SuiteId for command callbacks (指令回调), the CorpId for data callbacks (数据回调), the provider CorpId for system events. A * accepts whatever comes with this Token and key, so that customers need not be added one by one. Leave empty only for robots and individual developers.',
		},
	];

	constructor() {
		localizeCredential(this);
	}
}
