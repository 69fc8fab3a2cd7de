import { startSimulator, type Simulator } from '../../../simulator';
import type { Answer } from './support';

const ORDERS = '/service/contact/batchorder';
const DAY = 86_400;
const PRICE = { 2: 12_000, 3: 18_000 };

let simulator: Simulator;

async function start(balanceFen?: number): Promise<void> {
	await simulator?.stop();
	simulator = await startSimulator({ messageCount: 1, ...(balanceFen === undefined ? {} : { balanceFen }) }); // prettier-ignore
}

beforeEach(() => start());
afterAll(() => simulator.stop());

async function ask(operation: string, body: object, query?: string): Promise<Answer> {
	const token = query ?? `provider_access_token=${simulator.providerAccessToken}`;
	const url = `${simulator.url}/cgi-bin${ORDERS}/${operation}?${token}`;
	const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
	return (await response.json()) as Answer;
}

const now = () => Math.floor(Date.now() / 1000);
const corp = (index: number) => simulator.orders.corps[index]?.corpId;
/** Customers that are seeded: edition 2 that ends soon, edition 3, an expired one, nothing. */
const [SOON, LONG, EXPIRED, NOTHING] = [0, 1, 2, 3];

const order = (index: number, api: object, type?: number) => ({
	custom_corpid: corp(index),
	buyer_userid: 'zhangsan',
	...(type === undefined ? {} : { order_type: type }),
	advanced_api_type: 1,
	chat_archive_api: api,
});

async function place(index: number, api: object, type?: number): Promise<string> {
	const { errcode, errmsg, order_id: id } = await ask('place_order', order(index, api, type));
	expect({ errcode, errmsg }).toEqual({ errcode: 0, errmsg: 'ok' });
	return id as string;
}

const pay = (id: string) => ask('pay', { order_id: id, payer_userid: 'lisi' });
const purchased = async (index: number) => {
	const body = { advanced_api_type: 1, custom_corpid: corp(index) };
	const { chat_archive_api_buy_info: info } = await ask('get_purchased', body);
	return (info as { edition_list: Array<Record<string, number>> }).edition_list;
};

test('a new license is ordered, paid from the balance, and there for a year', async () => {
	const before = simulator.orders.balanceFen;
	const id = await place(NOTHING, { edition: 2, purchase_count: 10 });
	expect(await purchased(NOTHING)).toEqual([]);
	expect((await ask('get', { order_id: id })).order).toMatchObject({
		order_id: id,
		order_type: 0,
		order_status: 0,
		custom_corpid: corp(NOTHING),
		buyer_userid: 'zhangsan',
		paid_price: 10 * PRICE[2],
		chat_archive_api: { edition: 2, purchase_count: 10, purchase_duration_days: 365 },
	});
	expect((await pay(id)).errcode).toBe(0);
	expect(simulator.orders.balanceFen).toBe(before - 10 * PRICE[2]);
	expect((await ask('get', { order_id: id })).order).toMatchObject({ order_status: 1 });
	const [bought] = await purchased(NOTHING);
	expect(bought).toMatchObject({ edition: 2, purchase_count: 10 });
	expect((bought?.end_time ?? 0) - (bought?.begin_time ?? 0)).toBe(365 * DAY);
});

test('seats are added for what is left of the year', async () => {
	const before = simulator.orders.balanceFen;
	const [{ end_time: end = 0 } = {}] = await purchased(LONG);
	const id = await place(LONG, { edition: 3, purchase_count: 5 }, 1);
	expect((await pay(id)).errcode).toBe(0);
	expect(await purchased(LONG)).toEqual([
		expect.objectContaining({ edition: 3, purchase_count: 30 }),
	]);
	const paid = before - simulator.orders.balanceFen;
	expect(paid / (5 * PRICE[3])).toBeCloseTo((end - now()) / (365 * DAY), 3);
	expect((await ask('get', { order_id: id })).order).toMatchObject({
		paid_price: paid,
		chat_archive_api: { purchase_count: 5 },
	});
});

test('a license is renewed from its end, with the seats there are', async () => {
	const [before] = await purchased(SOON);
	await pay(await place(SOON, { edition: 2 }, 2));
	expect(await purchased(SOON)).toEqual([
		{ ...before, end_time: (before?.end_time ?? 0) + 365 * DAY },
	]);
});

test('an expired license is renewed from today', async () => {
	await pay(await place(EXPIRED, { edition: 2 }, 2));
	const [bought] = await purchased(EXPIRED);
	expect(bought?.end_time).toBeGreaterThan(now() + 364 * DAY);
});

test('edition 2 is upgraded to edition 3', async () => {
	await pay(await place(SOON, { edition: 3, purchase_count: 10 }, 3));
	expect(await purchased(SOON)).toEqual([
		expect.objectContaining({ edition: 3, purchase_count: 10 }),
	]);
});

test('an unpaid order can be cancelled, and stands in the way of others until then', async () => {
	const id = await place(NOTHING, { edition: 2, purchase_count: 1 });
	expect(await ask('place_order', order(NOTHING, { edition: 2, purchase_count: 1 }))).toMatchObject({ errcode: 701143 }); // prettier-ignore
	expect((await ask('cancel_order', { order_id: id })).errcode).toBe(0);
	expect((await ask('cancel_order', { order_id: id })).errcode).toBe(701169);
	expect((await pay(id)).errcode).toBe(701084);
	await place(NOTHING, { edition: 2, purchase_count: 1 });
});

test('the balance runs out', async () => {
	await start(15 * PRICE[2]);
	await pay(await place(NOTHING, { edition: 2, purchase_count: 10 }));
	const id = await place(SOON, { edition: 2 }, 2);
	expect(await pay(id)).toMatchObject({ errcode: 90433 });
	expect(simulator.orders.balanceFen).toBe(5 * PRICE[2]);
	expect((await ask('get', { order_id: id })).order).toMatchObject({ order_status: 0 });
});

test.each([
	['an unknown customer', () => ({ ...order(NOTHING, { edition: 2, purchase_count: 1 }), custom_corpid: 'wpNobody' }), 40013], // prettier-ignore
	['a second license as new', () => order(SOON, { edition: 2, purchase_count: 1 }, 0), 701140],
	['seats on nothing', () => order(NOTHING, { edition: 2, purchase_count: 1 }, 1), 701141],
	[
		'seats on an expired license',
		() => order(EXPIRED, { edition: 2, purchase_count: 1 }, 1),
		701141,
	],
	['a renewal of nothing', () => order(NOTHING, { edition: 2 }, 2), 701141],
	['a renewal too early', () => order(LONG, { edition: 3 }, 2), 701149],
	['an upgrade of edition 3', () => order(LONG, { edition: 3, purchase_count: 1 }, 3), 701164],
	['an upgrade of more seats than there are', () => order(SOON, { edition: 3, purchase_count: 11 }, 3), 701167], // prettier-ignore
	['no number of seats', () => order(NOTHING, { edition: 2 }), 701159],
	['no seat', () => order(NOTHING, { edition: 2, purchase_count: 0 }), 701159],
	['a start in the past', () => order(NOTHING, { edition: 2, purchase_count: 1, take_effect_time: now() - 2 * DAY }), 701163], // prettier-ignore
	['a start far ahead', () => order(NOTHING, { edition: 2, purchase_count: 1, take_effect_time: now() + 92 * DAY }), 701163], // prettier-ignore
	['edition 1', () => order(NOTHING, { edition: 1, purchase_count: 1 }), 40058],
	['a type there is not', () => order(NOTHING, { edition: 2, purchase_count: 1 }, 4), 40058],
	['no buyer', () => ({ ...order(NOTHING, { edition: 2, purchase_count: 1 }), buyer_userid: undefined }), 40063], // prettier-ignore
	['a field there is not', () => ({ ...order(NOTHING, { edition: 2, purchase_count: 1 }), seats: 1 }), 40058], // prettier-ignore
] as Array<[string, () => object, number]>)(
	'an order with %s is refused',
	async (_what, body, errcode) => {
		const before = simulator.orders.list.length;
		expect(await ask('place_order', body())).toMatchObject({ errcode });
		expect(simulator.orders.list).toHaveLength(before);
	},
);

test('the list has every order once over all pages, newest first, and filters', async () => {
	const seen: Array<Record<string, unknown>> = [];
	let cursor = '';
	do {
		const page = await ask('list', { advanced_api_type: 1, cursor, limit: 7 });
		seen.push(...(page.order_list as Array<Record<string, unknown>>));
		cursor = page.next_cursor as string;
		expect(page.has_more).toBe(cursor === '' ? 0 : 1);
	} while (cursor !== '');
	expect(seen.map(({ order_id: id }) => id)).toEqual(
		[...simulator.orders.list].reverse().map(({ orderId }) => orderId),
	);
	expect(new Set(seen.map(({ order_status: status }) => status)).size).toBeGreaterThan(3);
	const ofOne = await ask('list', { custom_corpid: corp(LONG), cursor: '', limit: 1000 });
	expect(ofOne.order_list).toHaveLength(
		simulator.orders.list.filter(({ corpId }) => corpId === corp(LONG)).length,
	);
	const [start, end] = [now() - 100 * DAY, now() - 50 * DAY];
	const period = await ask('list', { start_time: start, end_time: end, cursor: '', limit: 1000 });
	for (const { create_time: created } of period.order_list as Array<{ create_time: number }>) {
		expect(created).toBeGreaterThanOrEqual(start);
		expect(created).toBeLessThan(end);
	}
	expect((await ask('list', { start_time: start, cursor: '', limit: 10 })).errcode).toBe(40063);
});

test.each([
	['get', {}, 40063],
	['get', { order_id: 'nothing' }, 40058],
	['cancel_order', { order_id: 5 }, 40058],
	['pay', { order_id: 'x' }, 40063],
	['get_purchased', { advanced_api_type: 1 }, 40063],
	['get_purchased', { advanced_api_type: 2, custom_corpid: 'wp' }, 40058],
	['get_purchased', { advanced_api_type: 1, custom_corpid: 'wpNobody' }, 40013],
	['list', { cursor: '', limit: 1001 }, 40058],
])('%s with %j is refused with %d', async (operation, body, errcode) => {
	expect((await ask(operation, body)).errcode).toBe(errcode);
});

test('only the provider_access_token opens them', async () => {
	expect((await ask('list', {}, 'access_token=x')).errcode).toBe(41001);
	expect((await ask('list', {}, 'provider_access_token=x')).errcode).toBe(40014);
});
