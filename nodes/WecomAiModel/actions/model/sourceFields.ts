import type { INodeProperties } from 'n8n-workflow';

import { InvalidInputError } from '../../../../wecom/errors';
import { noticeField } from '../../../shared/fields';
import type { Item } from '../../../shared/run/item';

/** Where the messages come from, by the value of its field. */
export type Source = 'chat' | 'items' | 'list';

/**
 * Reads the Messages From field.
 *
 * @throws InvalidInputError when it is none of its choices
 */
export function sourceOf(item: Item): Source {
	return choiceOf(item, 'messagesFrom', 'Messages From', ['chat', 'items', 'list']);
}

/**
 * Whether the model looks at all input items together.
 *
 * @throws InvalidInputError when the Result Per field is none of its choices
 */
export function isForAll(item: Item): boolean {
	return choiceOf(item, 'resultPer', 'Result Per', ['conversation', 'all']) === 'all';
}

function choiceOf<T extends string>(
	item: Item,
	name: string,
	label: string,
	choices: readonly T[],
): T {
	const chosen = choices.find((choice) => choice === item.param(name));
	if (chosen !== undefined) return chosen;
	throw new InvalidInputError(
		label,
		`"${label}" is none of its choices`,
		`Choose one of the list, or give one of ${choices.join(', ')}.`,
	);
}

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
