import type { INodeProperties } from 'n8n-workflow';

import { setCallback } from '../../../../wecom/api/zone';
import type { Action, ActionContext } from '../../../shared/action';
import { toCallbackSettings } from '../../../shared/credentials';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';

const ownFields: INodeProperties[] = [
	{
		displayName: 'Token',
		name: 'token',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		placeholder: 'e.g. hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo',
		description: 'What callbacks are signed with: up to 32 letters and digits of your choice',
	},
	{
		displayName: 'EncodingAESKey',
		name: 'encodingAesKey',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		placeholder: 'e.g. 6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt',
		description:
			'What callbacks are encrypted with: 43 letters and digits. This is not the RSA key of the archive.',
	},
];

/** Where the zone calls back to. Reference document 3 and scenario 1. */
export const set: Action = {
	option: {
		name: 'Set',
		value: 'set',
		action: 'Set the callback of the zone',
		description: 'Tell the data zone which URL to call back, and how to sign and encrypt',
	},
	api: setCallback,
	fields: [
		noticeField(
			'callbackNotice',
			'The corp must have opened the data zone (数据与智能专区). Publish the workflow with the WeCom Data Trigger first, with the same credential: WeCom may check the URL at once.',
		),
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
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

	async run(context, itemIndex) {
		const url = context.text('url', itemIndex);
		const { token, encodingAesKey } = await secretsOf(context, itemIndex);
		const input = { url, token, encoding_aes_key: encodingAesKey };
		await context.call(setCallback, input, itemIndex);
		return { success: true, url };
	},
};

async function secretsOf(
	context: ActionContext,
	itemIndex: number,
): Promise<{ token: string; encodingAesKey: string }> {
	if (context.param('source', itemIndex) === 'credential') {
		return toCallbackSettings(await context.credential(itemIndex, 'wecomCallbackApi'));
	}
	return {
		token: context.param('token', itemIndex),
		encodingAesKey: context.param('encodingAesKey', itemIndex),
	};
}
