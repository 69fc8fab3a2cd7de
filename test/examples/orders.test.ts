import type { IDataObject, IRun } from 'n8n-workflow';

import { closeServers } from '../unit/support/server';
import { filledIn } from './filledIn';
import { outputOf, startExampleBench, startRobot, type ExampleBench } from './support';

const [UNPAID, PAID] = [0, 1];
const [NEW, RENEWAL] = [0, 2];

jest.setTimeout(60_000);

let bench: ExampleBench;

afterEach(async () => {
	await bench?.stop();
	await closeServers();
});

it('license-renewal names the licenses that end soon, and orders nothing', async () => {
	bench = await startExampleBench({ messageCount: 1 });
	const { wecom, engine } = bench;
	const robot = await startRobot();
	const workflow = engine.workflow(filledIn('license-renewal.json', wecom, robot.url));
	const run = await engine.run(workflow, 'Every Monday');
	const soon = outputOf(run, 'Runs Out Soon');
	expect(soon.length).toBeGreaterThan(0);
	expect(soon.length).toBeLessThan(outputOf(run, 'Purchased').length);
	expect(robot.said()).toHaveLength(soon.length);
	expect(robot.said()[0]).toMatch(/\*\*License of \w+\*\* \(.+, \d+ seats\) ends in \d+ days/);
	expect(wecom.requests.filter(({ path }) => path.endsWith('/place_order'))).toEqual([]);
});

describe.each(['reference', 'dataZone'] as const)('order-by-approval over %s', (contract) => {
	/** The workflow with a robot, and what people do with it. */
	async function start() {
		bench = await startExampleBench({ messageCount: 1 }, contract);
		const { wecom, engine } = bench;
		const robot = await startRobot();
		const workflow = engine.workflow(filledIn('order-by-approval.json', wecom, robot.url));
		return {
			robot,
			workflow,
			/** What is unpaid. */
			open: () => wecom.orders.list.filter(({ status }) => status === UNPAID),
			monday: async () => await engine.run(workflow, 'Every Monday'),
			orderNew: async (corp: string, seats: number) =>
				await engine.run(workflow, 'Order Form', [
					{ json: { 'Customer Corp ID': corp, Seats: seats, 'Your User ID': 'zhangsan' } },
				]),
			decide: async (order: string, decision: string): Promise<IRun> =>
				await engine.run(workflow, 'Approval Form', [
					{ json: { Order: order, Decision: decision, 'Your User ID': 'lisi' } },
				]),
			/** Payments that reached WeCom: whose name is on them. */
			payers: () =>
				wecom.requests
					.filter(({ path }) => /\/(submit_pay|batchorder\/pay)$/.test(path))
					.map(({ body }) => (body as IDataObject).payer_userid),
		};
	}

	it('asks about each renewal and pays what is approved, once, in the name of who approved', async () => {
		const { robot, open, monday, decide, payers } = await start();
		const { orders } = bench.wecom;
		const before = orders.balanceFen;
		outputOf(await monday(), 'Tell the Team');
		const [first, second] = open();
		expect(open().map(({ type }) => type)).toEqual([RENEWAL, RENEWAL]);
		for (const [index, order] of open().entries()) {
			const what = `internal and external conversations, ${order.seats} seats, renew`;
			const link = `https://n8n.example.com/form/wecom-order-approval?Order=${order.orderId}`;
			expect(robot.said()[index]).toBe(
				`**Approve?** Order of ${order.corpId}: ${what}, ${order.price / 100} yuan\n[Decide](${link})`,
			);
		}
		expect(robot.said()).toHaveLength(2);
		expect(payers()).toEqual([]);

		const paid = await decide(first?.orderId ?? '', 'Pay');
		expect(outputOf(paid, 'Pay')).toEqual([{ success: true, order_id: first?.orderId }]);
		expect(robot.said().at(-1)).toBe(
			`**Paid** by lisi: order ${first?.orderId} of ${first?.corpId}`,
		);
		expect(orders.balanceFen).toBe(before - (first?.price ?? 0));
		await decide(second?.orderId ?? '', 'Cancel');
		expect(robot.said().at(-1)).toBe(
			`**Cancelled** by lisi: order ${second?.orderId} of ${second?.corpId}`,
		);
		expect(open()).toEqual([]);

		// Somebody clicks again, and presses the other button.
		for (const decision of ['Pay', 'Cancel']) {
			await decide(first?.orderId ?? '', decision);
			expect(robot.said().at(-1)).toBe(`**Nothing to decide:** order ${first?.orderId} is paid`);
		}
		expect(payers()).toEqual(['lisi']);
	});

	it('orders no second renewal while one waits, and says so', async () => {
		const { robot, open, monday } = await start();
		await monday();
		const waiting = open();
		robot.requests.length = 0;
		outputOf(await monday(), 'Not Placed');
		expect(open()).toEqual(waiting);
		expect(robot.said()).toHaveLength(waiting.length);
		for (const [index, said] of robot.said().entries()) {
			expect(said).toContain(`**No order** for ${waiting[index]?.corpId}: `);
			expect(said).toContain('701143');
		}
	});

	it('orders a new license through the form', async () => {
		const { robot, open, orderNew, decide } = await start();
		const corp = bench.wecom.orders.corps.find(({ editions }) => editions.length === 0);
		await orderNew(corp?.corpId ?? '', 7);
		const [order] = open();
		expect(order).toMatchObject({ corpId: corp?.corpId, seats: 7, type: NEW, buyer: 'zhangsan' });
		expect(robot.said()[0]).toContain('7 seats, new, 840 yuan');
		await decide(order?.orderId ?? '', 'Pay');
		expect(bench.wecom.orders.list.at(-1)?.status).toBe(PAID);
	});

	it('says that nothing was paid where the balance does not reach', async () => {
		const { robot, open, orderNew, decide } = await start();
		const corp = bench.wecom.orders.corps.find(({ editions }) => editions.length === 0);
		await orderNew(corp?.corpId ?? '', 999_999);
		const [order] = open();
		await decide(order?.orderId ?? '', 'Pay');
		expect(robot.said().at(-1)).toMatch(/^\*\*Not done:\*\* order OI\w+: .*90433/);
		expect(open()).toEqual([order]);
	});

	it('tells of an order that nobody was asked about', async () => {
		const { robot, open, orderNew } = await start();
		const corp = bench.wecom.orders.corps.find(({ editions }) => editions.length === 0);
		const path =
			contract === 'dataZone' ? '/advanced_api/get_order' : '/service/contact/batchorder/get';
		bench.wecom.faults.add({ kind: 'errcode', errcode: 48002, times: Infinity, path });
		await orderNew(corp?.corpId ?? '', 7);
		expect(robot.said()).toEqual([
			expect.stringMatching(
				new RegExp(
					`^\\*\\*Ordered, but nobody was asked:\\*\\* order ${open()[0]?.orderId} .*48002`,
				),
			),
		]);
	});

	it('pays once, too, when the answer of WeCom is lost', async () => {
		const { robot, open, monday, decide, payers } = await start();
		await monday();
		const [order] = open();
		bench.wecom.faults.add({
			kind: 'half',
			path:
				contract === 'dataZone' ? '/advanced_api/submit_pay' : '/service/contact/batchorder/pay',
		});
		await decide(order?.orderId ?? '', 'Pay');
		expect(robot.said().at(-1)).toMatch(/^\*\*Not done:\*\* order OI\w+: .*(unknown|not known)/);
		await decide(order?.orderId ?? '', 'Pay');
		expect(robot.said().at(-1)).toBe(`**Nothing to decide:** order ${order?.orderId} is paid`);
		expect(payers()).toEqual(['lisi']);
	});
});

it('order-by-approval keeps what WeCom tells of orders and licenses, a row for each event', async () => {
	bench = await startExampleBench({ messageCount: 1 });
	const { wecom, engine, dataTables } = bench;
	const workflow = engine.workflow(filledIn('order-by-approval.json', wecom));
	await engine.run(workflow, 'Set Up', undefined, 'manual');
	const runs: IRun[] = [];
	const webhook = await engine.serveWebhooks(workflow, 'Orders and Licenses', (run) =>
		runs.push(run),
	);
	const [corp] = wecom.orders.corps;
	const tell = async (name: string, fields: string) => {
		const plaintext = [
			`<xml><ServiceCorpId>${wecom.provider.corpId}</ServiceCorpId>`,
			`<InfoType>${name}</InfoType><AuthCorpId>${corp?.corpId}</AuthCorpId>`,
			`<TimeStamp>1764320400</TimeStamp><AdvanceApiType>1</AdvanceApiType>${fields}</xml>`,
		].join('');
		const receiveId = wecom.provider.corpId;
		expect(await wecom.sendCallback({ url: webhook.url, plaintext, receiveId })).toMatchObject({
			ok: true,
		});
	};
	const paid = '<OrderId>OI01</OrderId><BuyerUserId>zhangsan</BuyerUserId>';
	await tell('advanced_api_pay_success', paid);
	await tell('advanced_api_pay_success', paid);
	await tell('advanced_api_expired', '<ChatArchiveApi><Edition>2</Edition></ChatArchiveApi>');
	await tell('advanced_api_something_new', '');
	await webhook.settled();
	await webhook.close();
	for (const run of runs) outputOf(run, 'Store Event');
	const row = { custom_corpid: corp?.corpId, time: '2025-11-28T09:00:00.000Z' };
	const eventId = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
	expect(dataTables.rowsOf('wecom_license_events')).toEqual([
		{ ...row, event_id: eventId, event: 'advanced_api_pay_success', order_id: 'OI01', edition: '' },
		{ ...row, event_id: eventId, event: 'advanced_api_expired', order_id: '', edition: '2' },
	]);
});
