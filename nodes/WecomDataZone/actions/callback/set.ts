import type { INodeProperties } from 'n8n-workflow';

import { setCallback } from '../../../../wecom/api/zone';
import { toCallbackSettings } from '../../../shared/credentials';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { compact } from '../../../shared/values';
import { programIdField, programIdOf } from '../zoneFields';

const ownFields: INodeProperties[] = [
	{
		displayName: 'Token',
		name: 'token',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		placeholder: 'e.g. hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo',
		description: 'What callbacks are signed with: up to 32 letters and digits of your choice',
	},
	{
		displayName: 'EncodingAESKey',
		name: 'encodingAesKey',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		placeholder: 'e.g. 6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt',
		description:
			'What callbacks are encrypted with: 43 letters and digits. This is not the RSA key of the archive.',
	},
];

/** Where the zone calls back to. Reference document 3 and scenario 1, platform document 101351. */
export const set: Action = {
	option: {
		name: 'Set',
		value: 'set',
		action: 'Set the callback of the zone',
		description: 'Tell the data zone which URL to call back, or which program gets the events',
	},
	api: setCallback,
	fields: [
		noticeField(
			'callbackNotice',
			'The corp must have opened the data zone (数据与智能专区). With Data API Reference on the credential this sets the URL, Token and EncodingAESKey of the callback: publish the workflow with the WeCom Data Trigger first, with the same callback credential, because WeCom may check the URL at once. With Tencent Data Zone it registers the program that receives the events, one per app, and needs no URL, Token and EncodingAESKey: the URL of the trigger stands in the callback settings of the app in the provider console.',
		),
		programIdField,
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.example.com/webhook/5f2c/webhook',
			description: 'Production URL of a WeCom Data Trigger, reachable from the internet',
		},
		{
			displayName: 'Token and Key From',
			name: 'source',
			type: 'options',
			options: [
				{
					name: 'Credential',
					value: 'credential',
					description: 'A "WeCom Callback API" credential, the one the WeCom Data Trigger uses',
				},
				{
					name: 'Fields Below',
					value: 'fields',
					description: 'They are saved with the workflow and with its executions',
				},
			],
			default: 'credential',
			description: 'Where Token and EncodingAESKey come from',
		},
		...ownFields.map((field) => ({ ...field, displayOptions: { show: { source: ['fields'] } } })),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const input = {
			url: item.text('url'),
			...(await secretsOf(item)),
			program_id: await programIdOf(item),
		};
		const { body } = await item.describe(setCallback, input);
		await item.call(setCallback, input);
		const { url, program_id } = body as { url?: string; program_id?: string };
		return compact({ success: true, url, program_id });
	},
};

async function secretsOf(item: Item): Promise<{ token: string; encoding_aes_key: string }> {
	if (item.param('source') !== 'credential') {
		return { token: item.param('token'), encoding_aes_key: item.param('encodingAesKey') };
	}
	if (!item.hasCredential('wecomCallbackApi')) return { token: '', encoding_aes_key: '' };
	const { token, encodingAesKey } = toCallbackSettings(await item.credential('wecomCallbackApi'));
	return { token, encoding_aes_key: encodingAesKey };
}
