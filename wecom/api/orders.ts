import type * as z from 'zod/v4';

import { InvalidInputError } from '../errors';
import { isJsonObject, objectOf } from '../json';
import { fields, id, oneOf, optional, unixSeconds, wholeNumber } from './fields';
import { BOUGHT_IN_CONSOLE } from './inOwnArchive';
import { listIn } from './lists';
import { listOperation, operation, withoutErrcode } from './operation';

/** 会话内容数据接口: the only kind there is. */
const ADVANCED_API_TYPE = 1;
const advancedApiType = () => oneOf(ADVANCED_API_TYPE).default(ADVANCED_API_TYPE);
const token = 'provider_access_token';

/** order_type by its number. Source: document 100297. */
export const ORDER_TYPES = { 0: 'new', 1: 'add seats', 2: 'renew', 3: 'upgrade' } as const;

/** order_status by its number. Source: document 100300. */
export const ORDER_STATUSES = {
	0: 'unpaid',
	1: 'paid',
	2: 'cancelled',
	3: 'expired unpaid',
	4: 'refund requested',
	5: 'refunded',
	6: 'refund rejected',
} as const;

/** edition by its number. Source: documents 100297 and 100302. */
export const EDITIONS = {
	1: 'internal conversations',
	2: 'internal and external conversations',
	3: 'internal and external conversations with voice calls',
} as const;

const period = () =>
	optional(
		fields({ begin_time: unixSeconds(), end_time: unixSeconds() }).refine(
			({ begin_time: begin, end_time: end }) => begin < end,
			{ error: () => 'ends before it begins, expected begin_time before end_time' },
		),
	);
const order = fields({
	custom_corpid: id(),
	buyer_userid: id(),
	/** 0 new, 1 add seats, 2 renew, 3 upgrade; new when left out and never bought. */
	order_type: optional(oneOf(0, 1, 2, 3)),
	advanced_api_type: advancedApiType(),
	chat_archive_api: fields({
		/** 2 internal and external, 3 with voice calls; of an upgrade the edition after it. */
		edition: oneOf(2, 3),
		old_edition: optional(oneOf(2)),
		purchase_count: optional(wholeNumber(1, 1_000_000)),
		take_effect_time: optional(unixSeconds()),
		old_edition_info: period(),
		target_edition_info: period(),
	}),
});

/** An order as it is placed. */
export type NewOrder = z.input<typeof order>;

/**
 * Places an order; it costs nothing until it is paid. Source: reference document 2.3; fields of
 * https://developer.work.weixin.qq.com/document/path/100297
 */
export const placeOrder = operation({
	name: 'placeOrder',
	retry: 'once',
	findOut: 'Look with `listOrders` whether the order is there before you place it again.',
	token,
	input: order,
	check({ order_type: type, chat_archive_api: api }) {
		if (type !== 2 && api.purchase_count === undefined) {
			throw new InvalidInputError(
				'chat_archive_api.purchase_count',
				'"chat_archive_api.purchase_count" is empty, expected a whole number from 1 to 1000000',
				'Only a renewal may leave the number of seats out: it keeps the present one.',
			);
		}
		if (type === 3 && api.edition !== 3) {
			throw new InvalidInputError(
				'chat_archive_api.edition',
				`"chat_archive_api.edition" is ${api.edition}, expected 3 because the order is an upgrade`,
				'Upgrades lead from edition 2 to edition 3.',
			);
		}
	},
	instead: { messageArchive: BOUGHT_IN_CONSOLE },
	wires: {
		reference: 'POST /service/contact/batchorder/place_order',
		dataZone: 'POST /advanced_api/create_order',
	},
});

/** Cancels an unpaid order. Source: reference document 2.3; document 100298. */
export const cancelOrder = operation({
	name: 'cancelOrder',
	retry: 'once',
	findOut: 'Look with `getOrder` whether the order is cancelled.',
	token,
	input: fields({ order_id: id() }),
	instead: { messageArchive: BOUGHT_IN_CONSOLE },
	wires: {
		reference: 'POST /service/contact/batchorder/cancel_order',
		dataZone: 'POST /advanced_api/cancel_order',
	},
});

/** Pays an order from the provider's balance. Source: reference document 2.3; document 100299. */
export const payOrder = operation({
	name: 'payOrder',
	retry: 'once',
	findOut: 'Look with `getOrder` whether the order is paid before you pay it again.',
	token,
	input: fields({ order_id: id(), payer_userid: id() }),
	instead: { messageArchive: BOUGHT_IN_CONSOLE },
	wires: {
		reference: 'POST /service/contact/batchorder/pay',
		dataZone: 'POST /advanced_api/submit_pay',
	},
});

/** What is ordered. */
export interface OrderedEdition {
	/** 2 internal and external, 3 with voice calls. */
	edition?: number;
	purchase_count?: number;
	/** Seconds since 1970. */
	take_effect_time?: number;
	/** Seconds since 1970. */
	end_time?: number;
	/** Before the upgrade, in the unit of `paid_price`. */
	original_price?: number;
}

/** An order in full. More fields may come with it; they are handed on. */
export interface Order {
	order_id?: string;
	/** As in {@link ORDER_TYPES}. */
	order_type?: number;
	/** As in {@link ORDER_STATUSES}. */
	order_status?: number;
	custom_corpid?: string;
	buyer_userid?: string;
	/** Seconds since 1970. */
	create_time?: number;
	/** Taken as fen, the unit of WeCom's other orders; document 100301 names none. */
	paid_price?: number;
	chat_archive_api?: OrderedEdition | null;
}

/** One order. Source: reference document 2.3; document 100301. */
export const getOrder = operation({
	name: 'getOrder',
	retry: 'read',
	token,
	proof: ['order'],
	input: fields({ order_id: id() }),
	read: ({ order: found, ...answer }) =>
		(isJsonObject(found) ? found : withoutErrcode(answer)) as Order,
	instead: { messageArchive: BOUGHT_IN_CONSOLE },
	wires: {
		reference: 'POST /service/contact/batchorder/get',
		dataZone: 'POST /advanced_api/get_order',
	},
});

/** An order as the list shows it. */
export interface ListedOrder {
	order_id: string;
	order_type?: number;
	order_status?: number;
	/** Seconds since 1970. */
	create_time?: number;
}

/** Orders of one customer or of all. Source: reference document 2.3; document 100300. */
export const listOrders = listOperation({
	name: 'listOrders',
	token,
	input: {
		custom_corpid: optional(id()),
		start_time: optional(unixSeconds()),
		end_time: optional(unixSeconds()),
		advanced_api_type: advancedApiType(),
	},
	maxPageSize: 1000,
	list: 'order_list',
	id: 'order_id',
	entry: (value) => value as unknown as ListedOrder,
	check({ start_time: start, end_time: end }) {
		if ((start === undefined) !== (end === undefined) || (start ?? 0) > (end ?? 0)) {
			const missing = start === undefined ? 'start_time' : 'end_time';
			throw new InvalidInputError(
				missing,
				`"start_time" and "end_time" do not make a period, expected both in order or neither`,
				'WeCom lists the orders placed from the one up to the other.',
			);
		}
	},
	instead: { messageArchive: BOUGHT_IN_CONSOLE },
	wires: {
		reference: 'POST /service/contact/batchorder/list',
		dataZone: 'POST /advanced_api/list_order',
	},
});

/** A bought edition and its period. */
export interface PurchasedEdition {
	/** 1 internal, 2 internal and external, 3 with voice calls. */
	edition: number;
	purchase_count: number;
	/** Seconds since 1970. */
	begin_time?: number;
	/** Seconds since 1970. */
	end_time?: number;
}

/** What a customer has bought. Source: reference document 2.3; document 100302. */
export const getPurchased = operation({
	name: 'getPurchased',
	retry: 'read',
	token,
	proof: ['chat_archive_api_buy_info'],
	input: fields({ advanced_api_type: advancedApiType(), custom_corpid: id() }),
	read: ({ chat_archive_api_buy_info: info }, path) =>
		listIn(objectOf(info), 'edition_list', path).filter(
			isJsonObject,
		) as unknown as PurchasedEdition[],
	instead: { messageArchive: BOUGHT_IN_CONSOLE },
	wires: {
		reference: 'POST /service/contact/batchorder/get_purchased',
		dataZone: 'POST /advanced_api/get_corp_buy_info',
	},
});
