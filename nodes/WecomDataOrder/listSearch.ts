import { listOrders, ORDER_STATUSES } from '../../wecom/api/orders';
import { toIso } from '../shared/time';
import { listSearch } from '../shared/listSearch';

/** Orders by id, with day and status. */
export const searchOrders = listSearch(listOrders, (orders) =>
	orders.map(({ order_id: value, order_status: status, create_time: created }) => {
		const day = toIso(created, 'UTC')?.slice(0, 10) ?? 'unknown day';
		const word =
			(ORDER_STATUSES as Record<number, string>)[Number(status)] ?? `status ${status ?? 'unknown'}`;
		return { name: `${value} (${word}, ${day})`, value };
	}),
);
