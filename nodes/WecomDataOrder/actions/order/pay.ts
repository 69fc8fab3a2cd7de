import { payOrder } from '../../../../wecom/api/orders';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { orderIdField, providerNotice } from './orderFields';

/** Pays an order. Reference document 2.3, platform document 100299. */
export const pay: Action = {
	option: {
		name: 'Pay',
		value: 'pay',
		action: 'Pay an order',
		description: 'Pay an order from the recharge balance of the provider',
	},
	api: payOrder,
	fields: [
		providerNotice,
		noticeField(
			'payNotice',
			'This costs real money: the price is taken from the recharge balance of the provider at once. Paying is never repeated by itself: when no answer came, look with Get whether the order is paid.',
		),
		orderIdField,
		{
			displayName: 'Payer User ID',
			name: 'payerUserid',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. lisi',
			description: "The plain userid of a member of the provider's own corp who may pay",
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const orderId = item.id('orderId');
		const payer = item.text('payerUserid');
		await item.call(payOrder, { order_id: orderId, payer_userid: payer });
		return { success: true, order_id: orderId };
	},
};
