import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { oneOf, parseInput } from '../../../../wecom/api/fields';
import { placeOrder, type NewOrder } from '../../../../wecom/api/orders';
import type { Action, ActionContext } from '../../../shared/action';
import {
	additionalFieldsOf,
	noticeField,
	optionsOf,
	requestTimeoutField,
} from '../../../shared/fields';
import { toSeconds } from '../../../shared/time';
import { compact, toItem } from '../../../shared/values';
import { customCorpidField, providerNotice } from './orderFields';

const [NEW, ADD, RENEW, UPGRADE] = [0, 1, 2, 3] as const;

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
				{ displayName: 'Begin Time', name: 'beginTime', type: 'dateTime', default: '' },
				{ displayName: 'End Time', name: 'endTime', type: 'dateTime', default: '' },
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

/** Places an order. Reference document 2.3, platform document 100297. */
export const place: Action = {
	option: {
		name: 'Place',
		value: 'place',
		action: 'Place an order',
		description: 'Order licenses of the data zone for a customer; nothing is paid yet',
	},
	api: placeOrder,
	fields: [
		providerNotice,
		noticeField(
			'placeNotice',
			'Licenses cost real money and run for one year. An order that is not paid does nothing: Pay takes its price from the balance of the provider. Placing is never repeated by itself: when no answer came, look with Get Many whether the order is there.',
		),
		{ ...customCorpidField, required: true },
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
		optionsOf(requestTimeoutField),
	],

	async run(context, itemIndex) {
		const type = parseInput(
			oneOf(NEW, ADD, RENEW, UPGRADE),
			context.param('orderType', itemIndex),
			'order_type',
		);
		const order: NewOrder = {
			custom_corpid: context.param('customCorpid', itemIndex),
			buyer_userid: context.param('buyerUserid', itemIndex),
			order_type: type,
			chat_archive_api: {
				edition: type === UPGRADE ? 3 : context.param('edition', itemIndex),
				...(type === RENEW ? {} : { purchase_count: context.param('purchaseCount', itemIndex) }),
				...toExtras(context, itemIndex),
			},
		};
		const answer = await context.call(placeOrder, order, itemIndex);
		context.expectId(answer, 'order_id', 'Order → Get Many lists the new order.');
		return { ...toItem(answer), custom_corpid: order.custom_corpid };
	},
};

function toExtras(context: ActionContext, itemIndex: number) {
	const fields = context.param<IDataObject>('additionalFields', itemIndex);
	const period = (name: string, label: string) => {
		const { period: given } = (fields[name] ?? {}) as { period?: IDataObject };
		return (
			given && {
				begin_time: toSeconds(`${label}: Begin Time`, given.beginTime, context.zone) as number,
				end_time: toSeconds(`${label}: End Time`, given.endTime, context.zone) as number,
			}
		);
	};
	return compact({
		purchase_count: fields.purchaseCount as number | undefined,
		take_effect_time: toSeconds('Take Effect Time', fields.takeEffectTime, context.zone),
		old_edition_info: period('oldEditionInfo', 'Old Period'),
		target_edition_info: period('targetEditionInfo', 'Target Period'),
	});
}
