import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { ORDER_STATUSES, ORDER_TYPES, type Order } from '../../../../wecom/api/orders';
import { locatorField, noticeField } from '../../../shared/fields';
import { toYuan } from '../../../shared/money';
import { toIso } from '../../../shared/time';
import { editionName, wordFor } from '../../../shared/wordFor';

/** Whose token orders need. */
export const providerNotice = noticeField(
	'providerNotice',
	'Orders are made by the service provider (服务商): the credential needs Provider Corp ID and Provider Secret, or a Provider Access Token.',
);

/** The order an operation is about. */
export const orderIdField = locatorField(
	{ displayName: 'Order', name: 'orderId', description: 'The order of licenses for the data zone' },
	'searchOrders',
	'OI00000FEA3AC66805CA325DABD6AN',
);

/** The customer an order is for. */
export const customCorpidField: INodeProperties = {
	displayName: 'Customer Corp ID',
	name: 'customCorpid',
	type: 'string',
	default: '',
	placeholder: 'e.g. wpErxtDgAA9AW32YyyuYRimKr7D1KWlw',
	description: 'The corpid of the customer as this provider sees it (custom_corpid)',
};

/** The words beside the numbers of an order. */
export function namesOf({
	order_type: type,
	order_status: status,
}: Pick<Order, 'order_type' | 'order_status'>): IDataObject {
	return {
		order_type_name: wordFor(ORDER_TYPES, type),
		order_status_name: wordFor(ORDER_STATUSES, status),
	};
}

/** The fields of an order most people want, in one level, times and money readable. */
export function simplifyOrder(order: Order, zone: string): IDataObject {
	const bought = order.chat_archive_api ?? {};
	const { order_type_name: typeName, order_status_name: statusName } = namesOf(order);
	return {
		order_id: order.order_id,
		order_type: order.order_type,
		order_type_name: typeName,
		order_status: order.order_status,
		order_status_name: statusName,
		custom_corpid: order.custom_corpid,
		buyer_userid: order.buyer_userid,
		create_time: toIso(order.create_time, zone),
		paid_price_yuan: toYuan(order.paid_price),
		edition: bought.edition,
		edition_name: editionName(bought.edition),
		purchase_count: bought.purchase_count,
		take_effect_time: toIso(bought.take_effect_time, zone),
		end_time: toIso(bought.end_time, zone),
	};
}
