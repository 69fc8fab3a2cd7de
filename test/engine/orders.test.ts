import type { IDataObject } from 'n8n-workflow';

import { cut, errcode, inTurn, json, text, type Reply } from '../unit/support/server';
import { byId, items, operationBench, searchList, type BadCase } from './operationBench';

const API = '/cgi-bin/service/contact/batchorder';
const CORP = 'wpErxtDgAA9AW32YyyuYRimKr7D1KWlw';
const DAY = 86_400;
const bench = operationBench('wecomDataOrder', { messageCount: 1 });
const ok = (answer: object = {}) => json({ errcode: 0, errmsg: 'ok', ...answer });

/** Runs an operation against one answer; gives what was sent and what came out. */
async function ask(operation: string, reply: Reply, parameters: IDataObject = {}) {
	const { server, run } = await bench.against(reply);
	const result = await run(`order.${operation}`, parameters);
	const requests = server.requests.map(({ method, path, query, body }) => ({
		method,
		path,
		query,
		body: JSON.parse(body) as IDataObject,
	}));
	return { ...result, requests };
}

/** One call of the operation with the provider's token, and this body. */
const call = (path: string, body: object) => [
	{
		method: 'POST',
		path: `${API}/${path}`,
		query: { provider_access_token: 'the provider access token' },
		body,
	},
];

const unix = (iso: string) => Date.parse(iso) / 1000;
const buyer = { customCorpid: CORP, buyerUserid: 'zhangsan' };
const period = (beginTime: string, endTime: string) => ({ period: { beginTime, endTime } });

describe('order.place', () => {
	const place = async (parameters: IDataObject, reply = ok({ order_id: 'O1' })) =>
		await ask('place', reply, { ...buyer, ...parameters });
	const placed = (order_type: number, chat_archive_api: object) =>
		call('place_order', {
			custom_corpid: CORP,
			buyer_userid: 'zhangsan',
			order_type,
			advanced_api_type: 1,
			chat_archive_api,
		});

	it('orders ten seats of edition 2 unless told otherwise', async () => {
		const { error, requests, json: output } = await place({});
		expect(error).toBeUndefined();
		expect(requests).toEqual(placed(0, { edition: 2, purchase_count: 10 }));
		expect(output).toEqual([{ order_id: 'O1', custom_corpid: CORP }]);
	});

	it.each([
		[
			'new',
			0,
			{
				edition: 3,
				purchaseCount: 5,
				additionalFields: { takeEffectTime: '2026-12-01T00:00:00' },
			},
			{ edition: 3, purchase_count: 5, take_effect_time: unix('2026-11-30T16:00:00Z') },
		],
		[
			'add',
			1,
			{
				edition: 3,
				purchaseCount: '7',
				additionalFields: { targetEditionInfo: period('2026-12-01', '2027-12-01') },
			},
			{
				edition: 3,
				purchase_count: 7,
				target_edition_info: {
					begin_time: unix('2026-11-30T16:00:00Z'),
					end_time: unix('2027-11-30T16:00:00Z'),
				},
			},
		],
		['renew, for the present seats', 2, { edition: 2, purchaseCount: 9 }, { edition: 2 }],
		[
			'renew, for other seats',
			2,
			{ edition: 3, additionalFields: { purchaseCount: 3, takeEffectTime: 1_796_000_000 } },
			{ edition: 3, purchase_count: 3, take_effect_time: 1_796_000_000 },
		],
		[
			'upgrade, always to edition 3',
			3,
			{
				edition: 2,
				purchaseCount: 4,
				additionalFields: {
					oldEditionInfo: period('2026-01-01', '2027-01-01'),
					targetEditionInfo: period('2026-02-01', '2027-02-01'),
				},
			},
			{
				edition: 3,
				purchase_count: 4,
				old_edition_info: {
					begin_time: unix('2025-12-31T16:00:00Z'),
					end_time: unix('2026-12-31T16:00:00Z'),
				},
				target_edition_info: {
					begin_time: unix('2026-01-31T16:00:00Z'),
					end_time: unix('2027-01-31T16:00:00Z'),
				},
			},
		],
	])('sends for %s what belongs to it', async (_case, orderType, parameters, api) => {
		const { error, requests } = await place({ orderType, ...parameters });
		expect(error).toBeUndefined();
		expect(requests).toEqual(placed(orderType, api));
	});

	it.each([
		[0, ['Edition', 'Seats', 'Take Effect Time']],
		[1, ['Edition', 'Seats', 'Target Period']],
		[2, ['Edition', 'Seats (optional)', 'Take Effect Time']],
		[3, ['Old Period', 'Seats', 'Target Period']],
	])('shows for order type %s only what belongs to it', (orderType, names) => {
		const { properties } = bench.engine.nodeType('wecomDataOrder').description;
		const shown = properties.filter(
			({ displayOptions: { show } = {} }) =>
			show?.operation?.includes('place') && show.orderType?.includes(orderType), // prettier-ignore
		);
		const displayed = shown.flatMap(({ name, displayName, options = [] }) =>
			name === 'additionalFields'
				? options.map((one) => {
						const optional = (one as { displayName: string }).displayName;
						return optional === 'Seats' ? 'Seats (optional)' : optional;
					})
				: [displayName],
		);
		expect(displayed.sort()).toEqual(names);
	});

	it.each([
		['a cut connection', cut],
		['half a page', text('<h1>502</h1>', 502)],
		['an empty answer', text('')],
		['a busy WeCom', errcode(-1, 'system busy')],
	])('is sent once, whatever comes back: %s', async (_case, reply) => {
		const { error, requests } = await place({}, reply);
		expect(error).toBeDefined();
		expect(requests).toHaveLength(1);
	});

	it('says how to find out when no answer came', async () => {
		const { error } = await place({}, cut);
		expect(error?.message).toContain('Whether WeCom did it is not known');
		expect(error?.description).toContain('Order → Get Many');
	});

	it('says what to do about what WeCom refused', async () => {
		const { error } = await place({}, errcode(701140, 'bought before'));
		expect(error?.message).toContain('701140');
		expect(error?.description).toContain('renew');
	});

	const seats = 'chat_archive_api.purchase_count';
	const additional = (fields: IDataObject) => ({ additionalFields: fields });
	it.each<BadCase>([
		['no customer', { customCorpid: '={{ "" }}' }, 'custom_corpid'],
		['a customer that is too long', { customCorpid: 'w'.repeat(257) }, 'custom_corpid'],
		['no buyer', { buyerUserid: '={{ "" }}' }, 'buyer_userid'],
		['a buyer that is no text', { buyerUserid: '={{ {} }}' }, 'buyer_userid'],
		['an unknown order type', { orderType: '={{ 4 }}' }, 'order_type'],
		['an order type in words', { orderType: '={{ "new" }}' }, 'order_type'],
		['edition 1', { edition: '={{ 1 }}' }, 'chat_archive_api.edition'],
		['no seats', { purchaseCount: 0 }, seats],
		['half a seat', { purchaseCount: 1.5 }, seats],
		['seats without end', { purchaseCount: 1_000_001 }, seats],
		['empty seats', { purchaseCount: '={{ "" }}' }, seats],
		['a day that is none', additional({ takeEffectTime: 'soon' }), 'Take Effect Time'],
		['half a period', { orderType: 1, ...additional({ targetEditionInfo: period('2026-12-01', '') }) }, 'chat_archive_api.target_edition_info.end_time'], // prettier-ignore
		['a period of words', { orderType: 3, ...additional({ oldEditionInfo: period('now', '') }) }, 'Old Period: Begin Time'], // prettier-ignore
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('order.place', { ...buyer, ...parameters }, field);
	});

	it('says beforehand that it costs money, and what an unpaid order does', () => {
		const notices = bench.engine
			.nodeType('wecomDataOrder')
			.description.properties.filter(
				({ type, displayOptions }) =>
					type === 'notice' && displayOptions?.show?.operation?.includes('place'),
			)
			.map(({ displayName }) => displayName)
			.join();
		expect(notices).toContain('real money');
		expect(notices).toContain('not paid does nothing');
		expect(notices).toContain('never repeated by itself');
	});
});

describe.each([
	['cancel', 'cancel_order', {}, {}, 'Order → Get'],
	['pay', 'pay', { payerUserid: 'lisi' }, { payer_userid: 'lisi' }, 'before you pay it again'],
])('order.%s', (operation, path, parameters, body, findOut) => {
	it('sends the order', async () => {
		const { error, requests, json: output } = await ask(operation, ok(), { orderId: byId('O1'), ...parameters }); // prettier-ignore
		expect(error).toBeUndefined();
		expect(requests).toEqual(call(path, { order_id: 'O1', ...body }));
		expect(output).toEqual([{ success: true, order_id: 'O1' }]);
	});

	it('is not repeated into a silence, and says how to find out', async () => {
		const { error, requests } = await ask(operation, cut, { orderId: byId('O1'), ...parameters });
		expect(requests).toHaveLength(1);
		expect(error?.message).toContain('not known');
		expect(error?.description).toContain(findOut);
	});

	it.each([
		['no order', '={{ "" }}'],
		['an order that is too long', 'O'.repeat(257)],
		['an order that is no text', '={{ [1] }}'],
	])('refuses %s and sends nothing', async (_case, id) => {
		await bench.refuses(`order.${operation}`, { orderId: byId(id), ...parameters }, 'order_id');
	});
});

describe('order.cancel', () => {
	it('says which orders can be cancelled', async () => {
		const { error } = await ask('cancel', errcode(701169), { orderId: byId('O1') });
		expect(error?.description).toContain('Only unpaid orders');
	});
});

describe('order.pay', () => {
	it.each([
		['no payer', '={{ "" }}'],
		['a payer that is too long', 'x'.repeat(257)],
		['a payer that is no text', '={{ [5] }}'],
	])('refuses %s and sends nothing', async (_case, payerUserid) => {
		await bench.refuses('order.pay', { orderId: byId('O1'), payerUserid }, 'payer_userid');
	});

	it.each([
		[90433, 'Top up'],
		[90432, 'Open the recharge account'],
		[701084, 'order_status'],
	])('says what to do about %s', async (code, words) => {
		const parameters = { orderId: byId('O1'), payerUserid: 'lisi' };
		const { error, requests } = await ask('pay', errcode(code), parameters);
		expect(requests).toHaveLength(1);
		expect(error?.message).toContain(String(code));
		expect(error?.description).toContain(words);
	});
});

describe('order.get', () => {
	const order = {
		advanced_api_type: 1,
		order_id: 'O1',
		order_type: 2,
		order_status: 1,
		custom_corpid: CORP,
		create_time: unix('2026-11-01T00:00:00Z'),
		buyer_userid: 'zhangsan',
		paid_price: 123_456,
		chat_archive_api: {
			edition: 3,
			purchase_count: 10,
			purchase_duration_days: 365,
			take_effect_time: unix('2026-12-01T00:00:00Z'),
			end_time: unix('2027-12-01T00:00:00Z'),
		},
	};
	const words = {
		order_type_name: 'renew',
		order_status_name: 'paid',
		edition_name: 'internal and external conversations with voice calls',
		paid_price_yuan: 1234.56,
	};

	it('gives words beside numbers, yuan and readable times', async () => {
		const { error, requests, json: output } = await ask('get', ok({ order }), { orderId: byId('O1') }); // prettier-ignore
		expect(error).toBeUndefined();
		expect(requests).toEqual(call('get', { order_id: 'O1' }));
		expect(output).toEqual([
			{
				order_id: 'O1',
				order_type: 2,
				order_status: 1,
				custom_corpid: CORP,
				buyer_userid: 'zhangsan',
				create_time: '2026-11-01T08:00:00.000+08:00',
				edition: 3,
				purchase_count: 10,
				take_effect_time: '2026-12-01T08:00:00.000+08:00',
				end_time: '2027-12-01T08:00:00.000+08:00',
				...words,
			},
		]);
	});

	it('gives the whole answer without Simplify', async () => {
		const parameters = { orderId: byId('O1'), simplify: false };
		const { json: output } = await ask('get', ok({ order }), parameters);
		expect(output).toEqual([{ ...order, ...words }]);
	});

	it('gives the price before an upgrade in yuan too', async () => {
		const reply = ok({ order: { chat_archive_api: { original_price: 250_050 } } });
		const parameters = { orderId: byId('O1'), simplify: false };
		const { json: output } = await ask('get', reply, parameters);
		expect(output[0]).toMatchObject({ original_price_yuan: 2500.5, paid_price_yuan: null });
	});

	it.each([{}, { order: null }, { order: { chat_archive_api: null } }])(
		'takes the bare answer %j',
		async (answer) => {
			for (const simplify of [true, false]) {
				const { error, json: output } = await ask('get', ok(answer), { orderId: byId('O1'), simplify }); // prettier-ignore
				expect(error).toBeUndefined();
				expect(output[0]).toMatchObject({ order_id: 'O1', order_status_name: null });
			}
		},
	);

	it.each([true, false])('makes nothing up (Simplify %s)', async (simplify) => {
		const reply = ok({ order: { order_id: 'O1', order_type: 9, order_status: 9 } });
		const { json: output } = await ask('get', reply, { orderId: byId('O1'), simplify });
		expect(output[0]).toMatchObject({
			order_type: 9,
			order_type_name: null,
			order_status_name: null,
			edition_name: null,
			paid_price_yuan: null,
		});
	});

	it.each([
		['no order', '={{ "" }}'],
		['an order that is too long', 'O'.repeat(257)],
	])('refuses %s and sends nothing', async (_case, id) => {
		await bench.refuses('order.get', { orderId: byId(id) }, 'order_id');
	});

	it('is asked for again when the connection breaks', async () => {
		const { error, requests } = await ask('get', inTurn(cut, ok({ order })), {
			orderId: byId('O1'),
		});
		expect(error).toBeUndefined();
		expect(requests).toHaveLength(2);
	});
});

describe('order.getAll', () => {
	const entry = (order_id: string, order_status = 0) => ({
		order_id,
		order_type: 0,
		order_status,
		create_time: unix('2026-11-01T00:00:00Z'),
	});
	const page = (next_cursor: string, ...order_list: object[]) =>
		ok({ order_list, next_cursor, has_more: next_cursor === '' ? 0 : 1 });
	const first = { advanced_api_type: 1, cursor: '', limit: 1000 };

	it('gives all orders of all pages, with words', async () => {
		const replies = inTurn(page('c1', entry('O1'), entry('O2', 6)), page('c2'), page('', entry('O3', 3))); // prettier-ignore
		const { error, requests, json: output } = await ask('getAll', replies, { returnAll: true });
		expect(error).toBeUndefined();
		expect(requests).toEqual([
			...call('list', first),
			...call('list', { ...first, cursor: 'c1' }),
			...call('list', { ...first, cursor: 'c2' }),
		]);
		expect(output.map(({ order_id: id }) => id)).toEqual(['O1', 'O2', 'O3']);
		expect(output.map((order) => order.order_status_name)).toEqual([
			'unpaid',
			'refund rejected',
			'expired unpaid',
		]);
		expect(output[0]).toEqual({
			...entry('O1'),
			order_type_name: 'new',
			order_status_name: 'unpaid',
			created_at: '2026-11-01T08:00:00.000+08:00',
		});
	});

	it('asks for no more than the limit', async () => {
		const replies = inTurn(page('c1', entry('O1')), page('c2', entry('O2'), entry('O3')));
		const { requests, json: output } = await ask('getAll', replies, { limit: 2 });
		expect(output).toHaveLength(2);
		expect(requests.map(({ body }) => body)).toEqual([
			{ ...first, limit: 2 },
			{ ...first, cursor: 'c1', limit: 1 },
		]);
	});

	it('sends the filters', async () => {
		const { requests } = await ask('getAll', page('', entry('O1')), {
			filters: { customCorpid: CORP, startTime: '2026-11-01', endTime: '2026-11-02T00:00:00Z' },
		});
		expect(requests).toEqual(
			call('list', {
				...first,
				limit: 50,
				custom_corpid: CORP,
				start_time: unix('2026-10-31T16:00:00Z'),
				end_time: unix('2026-11-02T00:00:00Z'),
			}),
		);
	});

	it('sends no filter that is empty', async () => {
		const filters = { customCorpid: '', startTime: '', endTime: '' };
		const { requests } = await ask('getAll', page('', entry('O1')), { filters });
		expect(requests).toEqual(call('list', { ...first, limit: 50 }));
	});

	it('says why there may be none', async () => {
		const { json: output, hints } = await ask('getAll', page(''));
		expect(output).toEqual([]);
		expect(hints.join()).toContain('Only orders placed by this provider');
	});

	const filters = (fields: IDataObject) => ({ filters: fields });
	it.each<BadCase>([
		['a customer that is too long', filters({ customCorpid: 'w'.repeat(257) }), 'custom_corpid'],
		['an end without a start', filters({ endTime: '2026-11-01' }), 'start_time'],
		['a start without an end', filters({ startTime: '2026-11-01' }), 'end_time'],
		['an end before the start', filters({ startTime: '2026-11-02', endTime: '2026-11-01' }), 'end_time'], // prettier-ignore
		['a time that is none', filters({ startTime: 'x', endTime: '2026-11-01' }), 'Placed After'],
		['a limit of 0', { limit: 0 }, 'Limit'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('order.getAll', parameters, field);
	});
});

describe('order.getPurchased', () => {
	const edition = (number: number, end_time: number) => ({
		edition: number,
		purchase_count: 10,
		begin_time: end_time - 365 * DAY,
		end_time,
	});
	const bought = (...edition_list: object[]) => ok({ chat_archive_api_buy_info: { edition_list } });

	it('gives each edition with its word, times and days left', async () => {
		const now = Math.floor(Date.now() / 1000);
		const reply = bought(edition(2, now + 30 * DAY - 60), edition(3, now - 2 * DAY - 60));
		const { error, requests, json: output } = await ask('getPurchased', reply, { customCorpid: CORP }); // prettier-ignore
		expect(error).toBeUndefined();
		expect(requests).toEqual(call('get_purchased', { advanced_api_type: 1, custom_corpid: CORP }));
		expect(output).toEqual([
			{
				custom_corpid: CORP,
				edition: 2,
				edition_name: 'internal and external conversations',
				purchase_count: 10,
				begin_time: expect.stringMatching(/\+08:00$/) as string,
				end_time: expect.stringMatching(/\+08:00$/) as string,
				days_left: 30,
			},
			expect.objectContaining({ edition: 3, days_left: -2 }),
		]);
		expect(Date.parse(String(output[0]?.end_time))).toBe((now + 30 * DAY - 60) * 1000);
	});

	it('tells no days where the answer has no end', async () => {
		const { json: output } = await ask('getPurchased', bought({ edition: 2 }), { customCorpid: CORP }); // prettier-ignore
		expect(output).toEqual([expect.objectContaining({ edition: 2, days_left: null })]);
	});

	it.each([
		['an empty list', bought()],
		['nothing', ok()],
	])('says why there may be nothing (%s)', async (_case, reply) => {
		const { json: output, hints } = await ask('getPurchased', reply, { customCorpid: CORP });
		expect(output).toEqual([]);
		expect(hints.join()).toContain('Trial periods are not listed');
	});

	it.each([
		['no customer', '={{ "" }}'],
		['a customer that is too long', 'w'.repeat(257)],
		['a customer that is no text', '={{ [1] }}'],
	])('refuses %s and sends nothing', async (_case, customCorpid) => {
		await bench.refuses('order.getPurchased', { customCorpid }, 'custom_corpid');
	});
});

describe('every order operation', () => {
	const id = byId('={{ $json.value }}');
	it.each([
		['place', { ...buyer, buyerUserid: '={{ $json.value }}' }, 'buyer_userid'],
		['cancel', { orderId: id }, 'order_id'],
		['pay', { orderId: id, payerUserid: 'lisi' }, 'order_id'],
		['get', { orderId: id }, 'order_id'],
		['getAll', { filters: { customCorpid: '={{ $json.value || "w".repeat(300) }}' } }, 'custom_corpid'], // prettier-ignore
		['getPurchased', { customCorpid: '={{ $json.value }}' }, 'custom_corpid'],
	])('%s goes on after a bad item', async (operation, parameters, field) => {
		const entries = [{ order_id: 'O1', create_time: 1 }];
		const info = { edition_list: [{ edition: 2, begin_time: 1, end_time: 2 }] };
		const { server, engine } = await bench.against(ok({ order_list: entries, chat_archive_api_buy_info: info })); // prettier-ignore
		const { items: output } = await bench.run(
			`order.${operation}`,
			parameters,
			items('a', '', 'c'),
			{ onError: 'continueRegularOutput' },
			engine,
		);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]); // prettier-ignore
		expect(output.map(({ json: one }) => one.field)).toEqual([undefined, field, undefined]);
		expect(server.requests).toHaveLength(2);
	});

	it('asks for the provider token, and shows it nowhere', async () => {
		const { run } = await bench.against(ok(), { providerAccessToken: '' });
		const { error } = await run('order.get', { orderId: byId('O1') });
		expect(error?.message).toMatch(/provider/i);
		const { error: refused } = await ask('get', errcode(40001, 'bad token the provider access token'), { orderId: byId('O1') }); // prettier-ignore
		expect(refused?.message).toContain('40001');
		expect(`${refused?.message} ${refused?.description}`).not.toContain(
			'the provider access token',
		);
	});
});

describe('a license, from order to expiry', () => {
	it('is placed, paid once, and listed', async () => {
		const { orders } = bench.wecom;
		const customer = orders.corps.find(({ editions }) => editions.length === 0);
		const customCorpid = customer?.corpId ?? '';
		const balance = orders.balanceFen;
		const none = await bench.run('order.getPurchased', { customCorpid });
		expect(none.hints.join()).toContain('has bought nothing yet');

		const { json: placed } = await bench.run('order.place', {
			customCorpid,
			buyerUserid: 'zhangsan',
			purchaseCount: 3,
		});
		expect(bench.sent().at(-1)?.query).toEqual({
			provider_access_token: bench.wecom.providerAccessToken,
		});
		const orderId = byId(placed[0]?.order_id);
		const { json: unpaid } = await bench.run('order.get', { orderId });
		expect(unpaid[0]).toMatchObject({ order_status: 0, order_status_name: 'unpaid' });
		expect((await bench.run('order.getPurchased', { customCorpid })).json).toEqual([]);

		const pay = { orderId, payerUserid: 'lisi' };
		expect((await bench.run('order.pay', pay)).error).toBeUndefined();
		const price = Number(unpaid[0]?.paid_price_yuan) * 100;
		expect(price).toBeGreaterThan(0);
		expect(orders.balanceFen).toBe(balance - price);
		expect((await bench.run('order.pay', pay)).error?.message).toContain('701084');
		expect((await bench.run('order.cancel', { orderId })).error?.message).toContain('701169');
		expect(orders.balanceFen).toBe(balance - price);

		const { json: bought } = await bench.run('order.getPurchased', { customCorpid });
		expect(bought).toMatchObject([{ edition: 2, purchase_count: 3 }]);
		expect([364, 365]).toContain(bought[0]?.days_left);
		const { json: listed } = await bench.run('order.getAll', { filters: { customCorpid } });
		expect(listed[0]).toMatchObject({
			order_id: placed[0]?.order_id,
			order_type_name: 'new',
			order_status_name: 'paid',
		});
	});

	it('is not ordered twice when the answer is lost, and can be cancelled', async () => {
		const { orders } = bench.wecom;
		const expired = orders.corps.find(({ name }) => name === '西湖民宿集团');
		const customCorpid = expired?.corpId ?? '';
		bench.wecom.faults.add({ kind: 'half', path: '/service/contact/batchorder/place_order' });
		const before = orders.list.length;
		const { error } = await bench.run('order.place', {
			...buyer,
			customCorpid,
			orderType: 2,
			edition: 2,
		});
		expect(error?.message).toContain('Whether WeCom did it is not known');
		expect(orders.list).toHaveLength(before + 1);
		const { json: found } = await bench.run('order.getAll', {
			returnAll: true,
			filters: { customCorpid },
		});
		const unpaid = found.filter(({ order_status: status }) => status === 0);
		expect(unpaid).toHaveLength(1);
		const orderId = byId(unpaid[0]?.order_id);
		expect((await bench.run('order.cancel', { orderId })).json).toMatchObject([{ success: true }]);
		expect((await bench.run('order.get', { orderId })).json[0]).toMatchObject({
			order_status_name: 'cancelled',
		});
	});
});

describe('the list of orders to choose from', () => {
	const orders = [
		{ order_id: 'O1', order_type: 0, order_status: 0, create_time: unix('2026-11-01T00:00:00Z') },
		{ order_id: 'O2', order_type: 0, order_status: 99, create_time: unix('2026-11-02T00:00:00Z') },
	];

	it('shows id, status and day, a page at a time', async () => {
		const { engine, bodies } = await bench.against(
			inTurn(ok({ order_list: orders, next_cursor: 'c1', has_more: 1 }), ok({ order_list: [] })),
		);
		expect(await searchList(engine, 'wecomDataOrder', 'searchOrders')).toEqual({
			results: [
				{ name: 'O1 (unpaid, 2026-11-01)', value: 'O1' },
				{ name: 'O2 (status 99, 2026-11-02)', value: 'O2' },
			],
			paginationToken: 'c1',
		});
		expect(await searchList(engine, 'wecomDataOrder', 'searchOrders', '', 'c1')).toEqual({
			results: [],
		});
		expect(bodies()).toEqual([
			{ advanced_api_type: 1, cursor: '', limit: 50 },
			{ advanced_api_type: 1, cursor: 'c1', limit: 50 },
		]);
	});

	it('shows an order of which WeCom tells the id alone', async () => {
		const { engine } = await bench.against(ok({ order_list: [{ order_id: 'O1' }] }));
		expect(await searchList(engine, 'wecomDataOrder', 'searchOrders')).toEqual({
			results: [{ name: 'O1 (status unknown, unknown day)', value: 'O1' }],
		});
	});

	it.each([
		['o2', ['O2']],
		['UNPAID', ['O1']],
		['2026-11', ['O1', 'O2']],
	])('keeps what matches %j', async (filter, ids) => {
		const { engine } = await bench.against(ok({ order_list: orders }));
		const { results } = await searchList(engine, 'wecomDataOrder', 'searchOrders', filter);
		expect(results.map(({ value }) => value)).toEqual(ids);
	});
});
