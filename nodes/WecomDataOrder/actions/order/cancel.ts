import { cancelOrder } from '../../../../wecom/api/orders';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
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

	async run(item) {
		const orderId = item.id('orderId');
		await item.call(cancelOrder, { order_id: orderId });
		return { success: true, order_id: orderId };
	},
};
