import { listOrders } from '../../../../wecom/api/orders';
import {
	additionalFieldsOf,
	listFields,
	optionsOf,
	requestTimeoutField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso, toSeconds } from '../../../shared/time';
import { compact } from '../../../shared/values';
import { customCorpidField, namesOf, providerNotice } from './orderFields';

/** Orders of one customer or of all. Reference document 2.3, platform document 100300. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many orders',
		description: 'List the orders of one customer or of all',
	},
	api: listOrders,
	fields: [
		providerNotice,
		...listFields,
		additionalFieldsOf(
			[
				{ ...customCorpidField, description: 'Only orders for this customer (custom_corpid)' },
				{
					displayName: 'Placed After',
					name: 'startTime',
					type: 'dateTime',
					default: '',
					description: 'Only orders placed at this time or later; needs Placed Before',
				},
				{
					displayName: 'Placed Before',
					name: 'endTime',
					type: 'dateTime',
					default: '',
					description: 'Only orders placed before this time; needs Placed After',
				},
			],
			'filters',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const { customCorpid, startTime, endTime } =
			item.param<Partial<Record<'customCorpid' | 'startTime' | 'endTime', string>>>('filters');
		const input = compact({
			custom_corpid: customCorpid,
			start_time: toSeconds('Placed After', startTime, item.zone),
			end_time: toSeconds('Placed Before', endTime, item.zone),
		});
		const orders = await item.list(listOrders, input);
		if (orders.length === 0) {
			item.notices.hint(
				'There are no such orders. Only orders placed by this provider are listed; look at the filters, the corpid of the customer above all.',
			);
		}
		return orders.map((order) => ({
			...order,
			...namesOf(order),
			created_at: toIso(order.create_time, item.zone),
		}));
	},
};
