import { getOrder } from '../../../../wecom/api/orders';
import { optionsOf, requestTimeoutField, simplifyField } from '../../../shared/fields';
import { toYuan } from '../../../shared/money';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { editionName } from '../../../shared/wordFor';
import { namesOf, orderIdField, providerNotice, simplifyOrder } from './orderFields';

/** One order. Reference document 2.3, platform document 100301. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get an order',
		description: 'Get status, price and license of an order',
	},
	api: getOrder,
	fields: [providerNotice, orderIdField, simplifyField, optionsOf(requestTimeoutField)],

	async run(item) {
		const orderId = item.id('orderId');
		const simplify = item.simplify();
		const order = { order_id: orderId, ...(await item.call(getOrder, { order_id: orderId })) };
		if (simplify) return simplifyOrder(order, item.zone);
		const { edition, original_price: original } = order.chat_archive_api ?? {};
		return {
			...toItem(order),
			...namesOf(order),
			edition_name: editionName(edition),
			paid_price_yuan: toYuan(order.paid_price),
			...(original === undefined ? {} : { original_price_yuan: toYuan(original) }),
		};
	},
};
