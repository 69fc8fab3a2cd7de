import { randomBytes } from 'node:crypto';
import type { CallbackEvent, EventFields } from './callbacks/events';
import type { Notifier } from './callbacks/notifier';
import { Random } from './random';
import { Refusal } from './refusal';

/** A license of a customer. */
export interface BoughtEdition {
	/** 2 internal and external, 3 with voice calls. */
	readonly edition: number;
	readonly purchaseCount: number;
	/** unix seconds. */
	readonly beginTime: number;
	/** unix seconds. */
	readonly endTime: number;
}

/** A customer of the provider. */
export interface CustomerCorp {
	/** custom_corpid. */
	readonly corpId: string;
	readonly name: string;
	readonly editions: readonly BoughtEdition[];
}

/** What place_order asks for. */
export interface OrderBody {
	readonly custom_corpid: string;
	readonly buyer_userid: string;
	readonly order_type?: number;
	readonly chat_archive_api: {
		readonly edition: number;
		readonly purchase_count?: number;
		readonly take_effect_time?: number;
	};
}

/** An order as it is kept. */
export interface Order {
	readonly orderId: string;
	readonly corpId: string;
	readonly buyer: string;
	/** 0 new, 1 add, 2 renew, 3 upgrade. */
	readonly type: number;
	/** 0 unpaid, 1 paid, 2 cancelled, 3 expired unpaid, 4 refund requested, 5 refunded, 6 rejected. */
	readonly status: number;
	/** unix seconds. */
	readonly createdAt: number;
	/** Seats that were ordered; of added ones those alone. */
	readonly seats: number;
	/** fen. */
	readonly price: number;
	readonly bought: BoughtEdition;
}

const DAY = 86_400;
const YEAR = 365 * DAY;
/** fen for a seat and year. */
const SEAT_PRICES: Readonly<Record<number, number>> = { 2: 12_000, 3: 18_000 };
const [NEW, ADD, RENEW, UPGRADE] = [0, 1, 2, 3];
const [UNPAID, PAID, CANCELLED] = [0, 1, 2];
const SEEDED_ORDERS = 30;

/** Customers that came with the simulator: name, edition, seats, days until it ends. */
const SEEDED: ReadonlyArray<readonly [name: string, edition: number, seats: number, days: number]> =
	[
		['拾光咖啡连锁', 2, 10, 18],
		['云上书店', 3, 25, 200],
		['西湖民宿集团', 2, 5, -10],
		['城南旧事茶饮', 0, 0, 0],
	];

/** License orders of a service provider, paid from a balance. */
export class Orders {
	/** Customers, by what their orders changed. */
	readonly corps: CustomerCorp[];
	/** Oldest first. */
	readonly list: Order[] = [];

	/**
	 * @param seed - same seed, same customers and history
	 * @param balanceFen - what there is to pay with
	 * @param now - clock in ms
	 * @param notifier - told of orders that are paid or cancelled
	 */
	constructor(
		seed: number,
		public balanceFen: number,
		private readonly now: () => number,
		private readonly notifier: Notifier,
	) {
		const random = new Random(seed, 'orders');
		this.corps = SEEDED.map(([name, edition, seats, days]) => {
			const endTime = this.today() + days * DAY;
			const one = { edition, purchaseCount: seats, beginTime: endTime - YEAR, endTime };
			return { corpId: `wpYSkf${random.text(26)}`, name, editions: edition === 0 ? [] : [one] };
		});
		for (let index = 0; index < SEEDED_ORDERS; index++) this.list.push(this.seeded(random, index));
	}

	/**
	 * Places an order.
	 *
	 * @throws Refusal 40013 for an unknown customer, 70114x where the type of order does not fit
	 */
	place(body: OrderBody): Order {
		const corp = this.corp(body.custom_corpid);
		if (this.list.some(({ corpId, status }) => corpId === corp.corpId && status === UNPAID)) {
			throw new Refusal(701143);
		}
		const type = body.order_type ?? NEW;
		const bought = this.boughtBy(corp, type as number, body);
		const { purchase_count: wanted } = body.chat_archive_api;
		const seats = type === ADD && wanted !== undefined ? wanted : bought.purchaseCount;
		const order: Order = {
			orderId: orderIdOf(randomBytes(13).toString('hex')),
			corpId: corp.corpId,
			buyer: body.buyer_userid,
			type: type as number,
			status: UNPAID as number,
			createdAt: this.seconds(),
			seats,
			price: this.priceOf(type as number, seats, bought),
			bought,
		};
		this.list.push(order);
		return order;
	}

	/** @throws Refusal 40058 for an unknown order: no code of its own is published */
	get(orderId: string): Order {
		const order = this.list.find((one) => one.orderId === orderId);
		if (order === undefined) throw new Refusal(40058, 'order_id does not exist');
		return order;
	}

	/** @throws Refusal 701169 unless the order is unpaid */
	cancel(orderId: string): void {
		const order = this.get(orderId);
		if (order.status !== UNPAID) throw new Refusal(701169);
		this.replace(order, { status: CANCELLED as number });
		this.tell('advanced_api_cancel', order);
	}

	/** @throws Refusal 701084 unless the order is unpaid, 90433 when the balance is too low */
	pay(orderId: string): void {
		const order = this.get(orderId);
		if (order.status !== UNPAID) throw new Refusal(701084);
		if (order.price > this.balanceFen) throw new Refusal(90433);
		this.balanceFen -= order.price;
		this.replace(order, { status: PAID as number });
		const index = this.corps.findIndex(({ corpId }) => corpId === order.corpId);
		const corp = this.corps[index] as CustomerCorp;
		const others = corp.editions.filter(({ edition }) => edition !== replacedBy(order));
		this.corps[index] = { ...corp, editions: [...others, order.bought] };
		this.tell('advanced_api_pay_success', order, { BuyerUserId: order.buyer });
	}

	/** @throws Refusal 40013 for an unknown customer */
	corp(corpId: string): CustomerCorp {
		const corp = this.corps.find((one) => one.corpId === corpId);
		if (corp === undefined) throw new Refusal(40013, 'custom_corpid');
		return corp;
	}

	private boughtBy(
		corp: CustomerCorp,
		type: number,
		{ chat_archive_api: api }: OrderBody,
	): BoughtEdition {
		// prettier-ignore
		const wanted = type === UPGRADE ? 2 : api.edition;
		const current = corp.editions.find(({ edition }) => edition === wanted);
		const active = current !== undefined && current.endTime > this.seconds() ? current : undefined;
		if (type !== RENEW && api.purchase_count === undefined) throw new Refusal(701159);
		const seats = api.purchase_count ?? current?.purchaseCount ?? 0;
		if (type === NEW) {
			if (corp.editions.length > 0) throw new Refusal(701140);
			return this.year(api.edition, seats, this.startOf(api.take_effect_time));
		}
		if (type === ADD) {
			if (active === undefined) throw new Refusal(701141);
			return { ...active, purchaseCount: active.purchaseCount + seats };
		}
		if (type === RENEW) {
			if (current === undefined) throw new Refusal(701141);
			if (current.endTime - this.seconds() > 60 * DAY) throw new Refusal(701149);
			const start = active === undefined ? this.startOf(api.take_effect_time) : active.endTime;
			const renewed = this.year(api.edition, seats, start);
			return active === undefined ? renewed : { ...renewed, beginTime: active.beginTime };
		}
		if (active === undefined || api.edition !== 3) throw new Refusal(701164);
		if (seats > active.purchaseCount) throw new Refusal(701167);
		return { ...active, edition: 3, purchaseCount: seats };
	}

	private year(edition: number, purchaseCount: number, beginTime: number): BoughtEdition {
		return { edition, purchaseCount, beginTime, endTime: beginTime + YEAR };
	}

	private startOf(given: number | undefined): number {
		const today = this.today();
		if (given === undefined) return today;
		if (given < today || given > today + 90 * DAY) throw new Refusal(701163);
		return given - ((given + 8 * 3600) % DAY);
	}

	/** A year of every seat, of added or upgraded ones what is left of it. */
	private priceOf(type: number, seats: number, { edition, endTime }: BoughtEdition): number {
		const price = SEAT_PRICES[edition] as number;
		const perSeat = type === UPGRADE ? price - (SEAT_PRICES[2] as number) : price;
		const share = type === NEW || type === RENEW ? 1 : (endTime - this.seconds()) / YEAR;
		return Math.ceil(perSeat * seats * share);
	}

	private tell(event: CallbackEvent, { corpId, orderId }: Order, fields: EventFields = {}): void {
		this.notifier.notifyProvider(event, { AuthCorpId: corpId, OrderId: orderId, ...fields });
	}

	private replace(order: Order, changes: Partial<Order>): void {
		this.list[this.list.indexOf(order)] = { ...order, ...changes };
	}

	/** An order of former times: no unpaid one, which would stand in the way of new ones. */
	private seeded(random: Random, index: number): Order {
		const corp = random.pick(this.corps);
		const edition = random.pick([2, 3]);
		const purchaseCount = random.int(1, 40);
		const createdAt = this.seconds() - (SEEDED_ORDERS - index) * 11 * DAY;
		const bought = { edition, purchaseCount, beginTime: createdAt, endTime: createdAt + YEAR };
		return {
			orderId: orderIdOf(random.hex(26)),
			corpId: corp.corpId,
			buyer: 'zhangsan',
			type: random.int(0, 3),
			status: random.int(1, 6),
			createdAt,
			seats: purchaseCount,
			price: (SEAT_PRICES[edition] as number) * purchaseCount,
			bought,
		};
	}

	private seconds(): number {
		return Math.floor(this.now() / 1000);
	}

	/** 00:00 in China, unix seconds. */
	private today(): number {
		const now = this.seconds();
		return now - ((now + 8 * 3600) % DAY);
	}
}

/** The edition that a paid order takes the place of. */
function replacedBy({ type, bought }: Order): number {
	return type === UPGRADE ? 2 : bought.edition;
}

function orderIdOf(hex: string): string {
	return `OI${hex.toUpperCase()}`;
}
