import { listOrders, ORDER_STATUSES } from '../../wecom/api/orders';
import { listSearch } from '../shared/listSearch';

/** Orders by id, with day and status. */
export const searchOrders = listSearch(listOrders, (orders) =>
	orders.map(({ order_id: value, order_status: status, create_time: created }) => {
		const day = new Date(created * 1000).toISOString().slice(0, 10);
		const word = (ORDER_STATUSES as Record<number, string>)[status] ?? `status ${status}`;
		return { name: `${value} (${word}, ${day})`, value };
	}),
);
