import type { Order, OrderBody } from '../orders';
import { withPlainNumbers } from '../json';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import {
	isId,
	isInteger,
	isUnixSeconds,
	objectOf,
	oneOf,
	optional,
	pageEnd,
	pageFields,
	pageOf,
	required,
	takeFields,
	type Check,
	type FieldRules,
} from './fields';

const ORDERS = '/service/contact/batchorder';
const token = 'provider_access_token';
const ID: FieldRules = { order_id: required(isId) };
const ONLY_KIND = oneOf(1);

const PERIOD = objectOf({
	begin_time: required(isUnixSeconds),
	end_time: required(isUnixSeconds),
});

const isSeats: Check = (value, path) => {
	if (isInteger(1n, 1_000_000n)(value, path) !== undefined) throw new Refusal(701159, path);
	return undefined;
};

const placeOrder: ApiRoute = {
	method: 'POST',
	path: `${ORDERS}/place_order`,
	token,
	answer({ orders }, { body }) {
		const fields = takeFields(body, {
			custom_corpid: required(isId),
			buyer_userid: required(isId),
			order_type: optional(oneOf(0, 1, 2, 3)),
			advanced_api_type: required(ONLY_KIND),
			chat_archive_api: required(
				objectOf({
					edition: required(oneOf(2, 3)),
					old_edition: optional(oneOf(2)),
					purchase_count: optional(isSeats),
					take_effect_time: optional(isUnixSeconds),
					old_edition_info: optional(PERIOD),
					target_edition_info: optional(PERIOD),
				}),
			),
		});
		const order = orders.place(withPlainNumbers(fields) as unknown as OrderBody);
		return ok({ order_id: order.orderId });
	},
};

const cancelOrder: ApiRoute = {
	method: 'POST',
	path: `${ORDERS}/cancel_order`,
	token,
	answer({ orders }, { body }) {
		orders.cancel(takeFields(body, ID).order_id as string);
		return ok({});
	},
};

const payOrder: ApiRoute = {
	method: 'POST',
	path: `${ORDERS}/pay`,
	token,
	answer({ orders }, { body }) {
		const fields = takeFields(body, { ...ID, payer_userid: required(isId) });
		orders.pay(fields.order_id as string);
		return ok({});
	},
};

const getOrder: ApiRoute = {
	method: 'POST',
	path: `${ORDERS}/get`,
	token,
	answer({ orders }, { body }) {
		const order = orders.get(takeFields(body, ID).order_id as string);
		const { edition, beginTime, endTime } = order.bought;
		return ok({
			order: {
				advanced_api_type: 1,
				...listed(order),
				custom_corpid: order.corpId,
				buyer_userid: order.buyer,
				paid_price: order.price,
				chat_archive_api: {
					edition,
					purchase_count: order.seats,
					purchase_duration_days: 365,
					take_effect_time: beginTime,
					end_time: endTime,
				},
			},
		});
	},
};

const listOrders: ApiRoute = {
	method: 'POST',
	path: `${ORDERS}/list`,
	token,
	answer({ orders, pager }, { body }) {
		const fields = takeFields(body, {
			custom_corpid: optional(isId),
			start_time: optional(isUnixSeconds),
			end_time: optional(isUnixSeconds),
			advanced_api_type: optional(ONLY_KIND),
			...pageFields(1000),
		});
		const { custom_corpid: corp, start_time: start, end_time: end } = fields;
		if ((start === undefined) !== (end === undefined)) {
			throw new Refusal(40063, start === undefined ? 'start_time' : 'end_time');
		}
		const found = [...orders.list]
			.reverse()
			.filter(
				({ corpId, createdAt }) =>
					(corp === undefined || corp === corpId) &&
					(start === undefined || (createdAt >= Number(start) && createdAt < Number(end))),
			);
		const list = `${ORDERS} ${String(corp)} ${String(start)} ${String(end)}`;
		const page = pager.page(list, found, pageOf(fields), ({ orderId }) => orderId);
		return ok({ ...pageEnd(page), order_list: page.entries.map(listed) });
	},
};

const getPurchased: ApiRoute = {
	method: 'POST',
	path: `${ORDERS}/get_purchased`,
	token,
	answer({ orders }, { body }) {
		const { custom_corpid: corpId } = takeFields(body, {
			advanced_api_type: required(ONLY_KIND),
			custom_corpid: required(isId),
		});
		const editions = orders.corp(corpId as string).editions.map((bought) => ({
			edition: bought.edition,
			purchase_count: bought.purchaseCount,
			begin_time: bought.beginTime,
			end_time: bought.endTime,
		}));
		return ok({ chat_archive_api_buy_info: { edition_list: editions } });
	},
};

/** /service/contact/batchorder/* (fields of document paths 100297 to 100302). */
export const orderRoutes: readonly ApiRoute[] = [
	placeOrder,
	cancelOrder,
	payOrder,
	getOrder,
	listOrders,
	getPurchased,
];

function listed({ orderId, type, status, createdAt }: Order): object {
	return { order_id: orderId, order_type: type, order_status: status, create_time: createdAt };
}
