import type { INodeProperties } from 'n8n-workflow';

import { noticeField } from '../../../shared/fields';

/** What a model looks at, and which API takes which. */
export const sourceFields: INodeProperties[] = [
	{
		displayName: 'Messages From',
		name: 'messagesFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Chat and Seq Range',
				value: 'chat',
				description: 'A part of a conversation, by the seqs of its messages',
			},
			{
				name: 'Input Items',
				value: 'items',
				description: 'Messages of Chat Archive, or hits of a keyword rule with details',
			},
			{
				name: 'List',
				value: 'list',
				description: 'A list of messages in JSON or from an expression',
			},
		],
		default: 'chat',
		description: 'Where the messages come from that the model looks at',
	},
	{
		...noticeField(
			'rangeNotice',
			'For "Data API Reference" as the API on the credential. "Tencent Data Zone" takes messages with their keys: choose Input Items or List there. With the other choice the node stops before it sends anything.',
		),
		displayOptions: { show: { messagesFrom: ['chat'] } },
	},
	{
		...noticeField(
			'messagesNotice',
			'For "Tencent Data Zone" as the API on the credential; "Data API Reference" takes Chat and Seq Range. A corp has 100,000 messages a day for sentiment and for spam, 10,000 calls for each of the others; up to 1,000 messages are one call. Its admin grants the right to each model, such as datazone:chatdata:sentiment_analysis, for 90 days.',
		),
		displayOptions: { show: { messagesFrom: ['items', 'list'] } },
	},
	{
		displayName: 'Chat ID',
		name: 'chatId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg',
		description:
			'Roomid of a group (field room of its messages), or the external_userid of the customer in a single chat',
		displayOptions: { show: { messagesFrom: ['chat'] } },
	},
	{
		displayName: 'Begin Seq',
		name: 'beginSeq',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 1024',
		description: 'Seq of the earliest message to look at',
		displayOptions: { show: { messagesFrom: ['chat'] } },
	},
	{
		displayName: 'End Seq',
		name: 'endSeq',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 1123',
		description: 'Seq of the latest message to look at',
		displayOptions: { show: { messagesFrom: ['chat'] } },
	},
	{
		displayName: 'Result Per',
		name: 'resultPer',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Conversation',
				value: 'conversation',
				description: 'One result for the messages of each conversation',
			},
			{
				name: 'All Input Items',
				value: 'all',
				description: 'One result for all messages together',
			},
		],
		default: 'conversation',
		description: 'Which messages the model looks at together',
		displayOptions: { show: { messagesFrom: ['items'] } },
	},
	{
		displayName: 'Messages',
		name: 'messageList',
		type: 'json',
		default: '[]',
		required: true,
		placeholder: 'e.g. [{ "msgid": "CAQQ", "secret_key": "…" }]',
		description:
			'Messages with msgid and secret_key, or with encrypted_secret_key and public_key_ver, which the private key on the credential unwraps',
		displayOptions: { show: { messagesFrom: ['list'] } },
	},
];
