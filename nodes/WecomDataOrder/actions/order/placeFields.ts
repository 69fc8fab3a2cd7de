import type { INodeProperties } from 'n8n-workflow';

import { additionalFieldsOf, noticeField } from '../../../shared/fields';

/** order_type by name. */
export const [NEW, ADD, RENEW, UPGRADE] = [0, 1, 2, 3] as const;

const periodField = (name: string, displayName: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set period',
	description,
	options: [
		{
			displayName: 'Period',
			name: 'period',
			values: [
				{
					displayName: 'Begin Time',
					name: 'beginTime',
					type: 'dateTime',
					default: '',
					description: 'First moment of the period, as Get Purchased shows it',
				},
				{
					displayName: 'End Time',
					name: 'endTime',
					type: 'dateTime',
					default: '',
					description: 'Last moment of the period, as Get Purchased shows it',
				},
			],
		},
	],
});

const takeEffectTimeField: INodeProperties = {
	displayName: 'Take Effect Time',
	name: 'takeEffectTime',
	type: 'dateTime',
	default: '',
	description:
		'Day from which the license counts, today to 90 days ahead; today when left out. It counts for new orders and for renewing a license that has run out.',
};
const seatsField: INodeProperties = {
	displayName: 'Seats',
	name: 'purchaseCount',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 1_000_000, numberPrecision: 0 },
	default: 10,
	description: 'Number of members whose conversations are archived',
};
const targetPeriodField = periodField(
	'targetEditionInfo',
	'Target Period',
	'Which period of the edition is meant; only where it has both an active and a pending one',
);
const only = (field: INodeProperties, ...types: number[]): INodeProperties => ({
	...field,
	displayOptions: { show: { orderType: types } },
});

/** What an order costs, and when. */
export const placeNotice = noticeField(
	'placeNotice',
	'Licenses cost real money and run for one year. An order that is not paid does nothing: Pay takes its price from the balance of the provider. Placing is never repeated by itself: when no answer came, look with Get Many whether the order is there.',
);

/** Who orders what; each type of order shows the fields that count for it. */
export const placeFields: INodeProperties[] = [
	{
		displayName: 'Buyer User ID',
		name: 'buyerUserid',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. zhangsan',
		description: "The plain userid of a member of the provider's own corp who may buy",
	},
	{
		displayName: 'Order Type',
		name: 'orderType',
		type: 'options',
		options: [
			{ name: 'Add Seats (1)', value: ADD, description: 'More seats of a running license' },
			{ name: 'New (0)', value: NEW, description: 'The first license of the customer' },
			{
				name: 'Renew (2)',
				value: RENEW,
				description: 'From 60 days before its end, and after it',
			},
			{
				name: 'Upgrade (3)',
				value: UPGRADE,
				description: 'From internal and external conversations to voice calls as well',
			},
		],
		default: NEW,
		description: 'What is ordered',
	},
	only(
		{
			displayName: 'Edition',
			name: 'edition',
			type: 'options',
			options: [
				{ name: 'Internal and External Conversations (2)', value: 2 },
				{ name: 'Internal and External Conversations with Voice Calls (3)', value: 3 },
			],
			default: 2,
			description: 'What the license covers',
		},
		NEW,
		ADD,
		RENEW,
	),
	only(seatsField, NEW, ADD, UPGRADE),
	only(additionalFieldsOf([takeEffectTimeField]), NEW),
	only(additionalFieldsOf([targetPeriodField]), ADD),
	only(
		additionalFieldsOf([
			{
				...seatsField,
				description: 'Number of seats from then on; the present number when left out',
			},
			takeEffectTimeField,
		]),
		RENEW,
	),
	only(
		additionalFieldsOf([
			periodField(
				'oldEditionInfo',
				'Old Period',
				'Which period is upgraded; only where the old edition has both an active and a pending one',
			),
			targetPeriodField,
		]),
		UPGRADE,
	),
];
