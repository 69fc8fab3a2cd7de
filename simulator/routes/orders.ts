import { withPlainNumbers } from '../json';
import type { Order, OrderBody } from '../orders';
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
	pageOf,
	required,
	takeFields,
	type Check,
	type FieldRule,
	type FieldRules,
} from './fields';
import { SURFACES, WITH_PATHS, type Surface, type WithPaths } from './surface';

const REFERENCE = '/service/contact/batchorder';
const PUBLISHED = '/advanced_api';
const PATHS = {
	reference: {
		placeOrder: `${REFERENCE}/place_order`,
		cancelOrder: `${REFERENCE}/cancel_order`,
		payOrder: `${REFERENCE}/pay`,
		getOrder: `${REFERENCE}/get`,
		listOrders: `${REFERENCE}/list`,
		getPurchased: `${REFERENCE}/get_purchased`,
	},
	dataZone: {
		placeOrder: `${PUBLISHED}/create_order`,
		cancelOrder: `${PUBLISHED}/cancel_order`,
		payOrder: `${PUBLISHED}/submit_pay`,
		getOrder: `${PUBLISHED}/get_order`,
		listOrders: `${PUBLISHED}/list_order`,
		getPurchased: `${PUBLISHED}/get_corp_buy_info`,
	},
} as const;
const DEFAULT_LIMIT = 500;
const UPGRADE = 3;
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

/** Who buys and pays is a member of the provider's own corp, by its plain account. */
const isPlainId =
	(errcode: number): Check =>
	(value, path) => {
		const wrong = isId(value, path);
		if (wrong === undefined && /^wo\w{30}$/.test(value as string)) throw new Refusal(errcode, path);
		return wrong;
	};
const isBuyer = isPlainId(49009);
const isPayer = isPlainId(48001);

const placeOrder = ({ contract }: Surface): ApiRoute => ({
	contract,
	method: 'POST',
	path: PATHS[contract].placeOrder,
	token,
	answer({ orders }, { body }) {
		const fields = takeFields(body, {
			custom_corpid: required(isId),
			buyer_userid: required(isBuyer),
			order_type: optional(oneOf(0, 1, 2, 3)),
			advanced_api_type: kindOfOrder(contract),
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
});

const cancelOrder = ({ contract }: Surface): ApiRoute => ({
	contract,
	method: 'POST',
	path: PATHS[contract].cancelOrder,
	token,
	answer({ orders }, { body }) {
		orders.cancel(takeFields(body, ID).order_id as string);
		return ok({});
	},
});

const payOrder = ({ contract }: Surface): ApiRoute => ({
	contract,
	method: 'POST',
	path: PATHS[contract].payOrder,
	token,
	answer({ orders }, { body }) {
		const fields = takeFields(body, { ...ID, payer_userid: required(isPayer) });
		orders.pay(fields.order_id as string);
		return ok({});
	},
});

const getOrder = ({ contract }: Surface): ApiRoute => ({
	contract,
	method: 'POST',
	path: PATHS[contract].getOrder,
	token,
	answer({ orders }, { body }) {
		const order = orders.get(takeFields(body, ID).order_id as string);
		const { edition, beginTime, endTime } = order.bought;
		const upgraded = contract === 'dataZone' && order.type === UPGRADE;
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
					...(upgraded ? { original_price: order.price } : {}),
				},
			},
		});
	},
});

const listOrders = ({ contract, pageFields }: Surface): ApiRoute => ({
	contract,
	method: 'POST',
	path: PATHS[contract].listOrders,
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
		const list = `${PATHS[contract].listOrders} ${String(corp)} ${String(start)} ${String(end)}`;
		const page = pager.page(list, found, pageOf(fields, DEFAULT_LIMIT), ({ orderId }) => orderId);
		return ok({ ...pageEnd(page), order_list: page.entries.map(listed) });
	},
});

const getPurchased = ({ contract }: Surface): ApiRoute => ({
	contract,
	method: 'POST',
	path: PATHS[contract].getPurchased,
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
});

/** Orders of licences, the same ones for both contracts (document paths 100297 to 100302). */
export const orderRoutes: readonly ApiRoute[] = WITH_PATHS.flatMap((contract) =>
	[placeOrder, cancelOrder, payOrder, getOrder, listOrders, getPurchased].map((route) =>
		route(SURFACES[contract]),
	),
);

/** Which API is ordered: the published page has a default. */
function kindOfOrder(contract: WithPaths): FieldRule {
	return contract === 'reference' ? required(ONLY_KIND) : optional(ONLY_KIND);
}

function listed({ orderId, type, status, createdAt }: Order): object {
	return { order_id: orderId, order_type: type, order_status: status, create_time: createdAt };
}
