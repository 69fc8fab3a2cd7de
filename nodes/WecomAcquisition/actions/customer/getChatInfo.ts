import { getLinkChatInfo } from '../../../../wecom/api/acquisition';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { authorizationNotice } from '../link/linkFields';

/** How much a customer of a link wrote. Platform document 101361. */
export const getChatInfo: Action = {
	option: {
		name: 'Get Chat Info',
		value: 'getChatInfo',
		action: 'Get chat info of a customer',
		description: 'Get how many messages a customer who came through a link has sent',
	},
	api: getLinkChatInfo,
	fields: [
		authorizationNotice,
		noticeField(
			'chatInfoNotice',
			'A component is told the counts, but not who the member and the customer are.',
		),
		{
			displayName: 'Chat Key',
			name: 'chatKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'ChatKey in the event Customer Sent a Message of the WeCom Data Trigger, good for 30 minutes',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		return toItem(await item.call(getLinkChatInfo, { chat_key: item.text('chatKey') }));
	},
};
