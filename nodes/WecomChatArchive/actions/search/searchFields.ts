import type { INodeProperties } from 'n8n-workflow';

import { messageTypeOf } from '../../../../wecom/archive/messageTypes';

/** What to look for; WeCom searches no single characters. */
export function keywordField(placeholder: string, description: string): INodeProperties {
	return {
		displayName: 'Keyword',
		name: 'keyword',
		type: 'string',
		default: '',
		required: true,
		placeholder,
		description,
	};
}

/** Types that WeCom searches, by their number. Source: document 99818. */
export const MESSAGE_TYPES: Readonly<Partial<Record<number, string>>> = Object.fromEntries(
	[1, 4, 5, 8, 18, 20, 23].map((number) => [number, messageTypeOf(number)]),
);

/** Somebody, told apart: the ids of both kinds of people may begin with wo. */
const personFields: INodeProperties[] = [
	{
		displayName: 'Person Type',
		name: 'personType',
		type: 'options',
		options: [
			{ name: 'Customer', value: 'customer', description: 'By external_userid' },
			{ name: 'Member', value: 'member', description: 'Of the staff, by userid' },
		],
		default: 'member',
		description: 'Whether the person is one of the staff or a customer',
	},
	{
		displayName: 'Person ID',
		name: 'personId',
		type: 'string',
		default: '',
		placeholder: 'e.g. zhangsan or wmErxtDgAA9AW32YyyuYRimKr7D1KWlw',
		description: 'The userid of a member or the external_userid of a customer',
	},
];

/** Narrows a search of messages down. */
export const filterFields: INodeProperties[] = [
	{
		displayName: 'Chat ID',
		name: 'chatId',
		type: 'string',
		default: '',
		placeholder: 'e.g. wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg',
		description: 'Only messages of this group',
	},
	{
		displayName: 'Chat Type',
		name: 'chatType',
		type: 'options',
		options: [
			{ name: 'Group (2)', value: 2 },
			{ name: 'Single Chat (1)', value: 1 },
		],
		default: 2,
		description: 'Only messages of groups, or only those of conversations of two',
	},
	{
		displayName: 'End Time',
		name: 'endTime',
		type: 'dateTime',
		default: '',
		description:
			'Only messages sent before; needs Start Time, at most 31 days apart. In the timezone of the workflow.',
	},
	{
		displayName: 'Message Types',
		name: 'msgTypeList',
		type: 'multiOptions',
		options: [
			{ name: 'File (8)', value: 8 },
			{ name: 'Link (4)', value: 4 },
			{ name: 'Mini Program (5)', value: 5 },
			{ name: 'Mixed (20)', value: 20 },
			{ name: 'Online Document (18)', value: 18 },
			{ name: 'Text (1)', value: 1 },
			{ name: 'WeDrive File (23)', value: 23 },
		],
		default: [],
		description: 'Only messages of these types; none chosen searches all seven',
	},
	{
		displayName: 'Sender',
		name: 'sender',
		type: 'fixedCollection',
		default: {},
		placeholder: 'Set sender',
		description: 'Only messages from this member or customer; Senders win over it',
		options: [{ displayName: 'Person', name: 'person', values: personFields }],
	},
	{
		displayName: 'Senders',
		name: 'senderList',
		type: 'string',
		default: '',
		placeholder: 'e.g. zhangsan, lisi',
		description: 'Only messages from these members, by userid, separated by commas, at most 100',
	},
	{
		displayName: 'Single Chat Between',
		name: 'idList',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		placeholder: 'Add person',
		description: 'Only messages of the conversation of these two people; exactly two are needed',
		options: [{ displayName: 'Person', name: 'person', values: personFields }],
	},
	{
		displayName: 'Skip Stop Words',
		name: 'skipStopWords',
		type: 'boolean',
		default: false,
		description: 'Whether words like 的 and 了 in the keyword are left out of the search',
	},
	{
		displayName: 'Start Time',
		name: 'startTime',
		type: 'dateTime',
		default: '',
		description:
			'Only messages sent at this time or later, in the timezone of the workflow. Without it the last 31 days are searched.',
	},
];
