import type { INodeProperties } from 'n8n-workflow';

import { locatorField, noticeField } from '../../../shared/fields';
import { compact, toList } from '../../../shared/values';

/** Gotcha G4 of the reference document. */
export const authorizationNotice = noticeField(
	'authorizationNotice',
	'Customer acquisition is authorized apart from ordinary customer contact: the admin of the corp has to authorize 获客助手 for this app, and an app only reaches the links it created itself.',
);

/** The link an operation is about. */
export const linkIdField = locatorField(
	{
		displayName: 'Link',
		name: 'linkId',
		description: 'The acquisition link (获客链接). From List shows the links this app can reach.',
	},
	'searchLinks',
	'cawcde8f1e05b49f3a',
);

/** The name of a link. */
export const linkNameField: INodeProperties = {
	displayName: 'Link Name',
	name: 'linkName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Spring fair',
	description: 'Name of the link that only colleagues see, at most 30 characters',
};

/** Who receives the customers. */
export const rangeFields: INodeProperties[] = [
	{
		displayName: 'Department IDs',
		name: 'departmentList',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2, 5',
		description:
			'Departments whose members receive the customers, separated by commas. Users, departments or both; together at most 500 people, all in the visible range of the app.',
	},
	{
		displayName: 'User IDs',
		name: 'userList',
		type: 'string',
		default: '',
		placeholder: 'e.g. zhangsan, lisi',
		description:
			'Members who receive the customers, by userid, separated by commas. Users, departments or both; together at most 500 people, all in the visible range of the app.',
	},
];

/** What a link may have beside name and range. */
export const linkOptionFields: INodeProperties[] = [
	{
		displayName: 'Mark Source',
		name: 'markSource',
		type: 'boolean',
		default: true,
		description:
			'Whether customers carry the mark of the link as their source. Only for apps for marketing acquisition (营销获客).',
	},
	{
		displayName: 'Priority',
		name: 'priorityOption',
		type: 'fixedCollection',
		default: {},
		placeholder: 'Set priority',
		description:
			'Whom a customer goes to first. Only for corps of some business categories; WeCom refuses it for others.',
		options: [
			{
				displayName: 'Priority',
				name: 'option',
				values: [
					{
						displayName: 'Prefer',
						name: 'priorityType',
						type: 'options',
						options: [
							{
								name: 'Existing Friends Among These Users (2)',
								value: 2,
								description: 'A member of the list below who has the customer as a contact already',
							},
							{
								name: 'Existing Friends in the Whole Corp (1)',
								value: 1,
								description: 'Any member of the corp who has the customer as a contact already',
							},
						],
						default: 1,
						description: 'Who receives a customer first',
					},
					{
						displayName: 'User IDs',
						name: 'priorityUseridList',
						type: 'string',
						default: '',
						placeholder: 'e.g. zhangsan, lisi',
						description: 'Members to prefer, by userid, separated by commas, at most 1000',
						displayOptions: { show: { priorityType: [2] } },
					},
				],
			},
		],
	},
	{
		displayName: 'Skip Verification',
		name: 'skipVerify',
		type: 'boolean',
		default: true,
		description: 'Whether customers become contacts without the member having to confirm',
	},
];

/** Makes the url of the answer tell channels apart. */
export const customerChannelField: INodeProperties = {
	displayName: 'Customer Channel',
	name: 'customerChannel',
	type: 'string',
	default: '',
	placeholder: 'e.g. spring-fair-booth-3',
	description:
		'Adds channel_url and jump_scheme to the output: the link with this text as customer_channel, at most 64 bytes. Customers who come through it have the text as their state.',
};

/** The values of {@link rangeFields} and {@link linkOptionFields}. */
export interface LinkFields {
	userList?: unknown;
	departmentList?: unknown;
	skipVerify?: boolean;
	markSource?: boolean;
	priorityOption?: { option?: { priorityType: 1 | 2; priorityUseridList?: unknown } };
}

/** The range as the API wants it. */
export function toRange({ userList, departmentList }: LinkFields) {
	const users = toList('User IDs', userList);
	const departments = toList('Department IDs', departmentList);
	return {
		...(users.length ? { user_list: users } : {}),
		// Digits in a text count as a number.
		...(departments.length ? { department_list: departments as unknown[] as number[] } : {}),
	};
}

/** {@link linkOptionFields} as the API wants them. */
export function toLinkOptions({ skipVerify, markSource, priorityOption }: LinkFields) {
	const { priorityType, priorityUseridList } = priorityOption?.option ?? {};
	return compact({
		skip_verify: skipVerify,
		mark_source: markSource,
		priority_option:
			priorityType === undefined
				? undefined
				: {
						priority_type: priorityType,
						...(Number(priorityType) === 2
							? { priority_userid_list: toList('Priority: User IDs', priorityUseridList) }
							: {}),
					},
	});
}
