import { cancelOrder } from '../../../../wecom/api/orders';
import type { Action } from '../../../shared/action';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import { orderIdField, providerNotice } from './orderFields';

/** Cancels an unpaid order. Reference document 2.3, platform document 100298. */
export const cancel: Action = {
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel an order',
		description: 'Cancel an order that is not paid yet',
	},
	api: cancelOrder,
	fields: [providerNotice, orderIdField, optionsOf(requestTimeoutField)],

	async run(context, itemIndex) {
		const orderId = context.id('orderId', itemIndex);
		await context.call(cancelOrder, { order_id: orderId }, itemIndex);
		return { success: true, order_id: orderId };
	},
};
