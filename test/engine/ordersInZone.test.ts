import { closeServers, inTurn } from '../unit/support/server';
import { byId, TOKENS } from './row';
import { answering, startNode } from './zoneSupport';

afterEach(closeServers);

const ORDER = {
	advanced_api_type: 1,
	order_id: 'ORDER-1',
	order_type: 3,
	order_status: 1,
	custom_corpid: 'wpCorp1',
	create_time: 1_730_000_000,
	buyer_userid: 'buyer1',
	paid_price: 100_050,
	chat_archive_api: {
		edition: 3,
		purchase_count: 10,
		purchase_duration_days: 365,
		take_effect_time: 1_730_000_000,
		end_time: 1_761_500_000,
		original_price: 120_000,
	},
};

it('order.get gives amounts in yuan beside fen, in both contracts the same', async () => {
	const [reference, dataZone] = await Promise.all(
		(['reference', 'dataZone'] as const).map(async (contract) => {
			const { run } = await startNode('wecomDataOrder', answering({ order: ORDER }), contract);
			const parameters = { orderId: byId('ORDER-1'), simplify: false };
			return (await run('order.get', parameters)).json;
		}),
	);
	expect(dataZone).toMatchObject([
		{ ...ORDER, paid_price_yuan: 1000.5, original_price_yuan: 1200 },
	]);
	expect(dataZone).toEqual(reference);
});

it('order.getAll goes on while has_more is 1, and begins without a cursor', async () => {
	const page = (id: string, more: object) =>
		answering({
			order_list: [{ order_id: id, order_type: 0, order_status: 1, create_time: 1_730_000_000 }],
			...more,
		});
	const { run, bodies, server } = await startNode(
		'wecomDataOrder',
		inTurn(page('ORDER-1', { next_cursor: 'C2', has_more: 1 }), page('ORDER-2', { next_cursor: 'C3', has_more: 0 })), // prettier-ignore
	);
	const { json } = await run('order.getAll', { returnAll: true });
	expect(json.map(({ order_id: id }) => id)).toEqual(['ORDER-1', 'ORDER-2']);
	expect(bodies()).toEqual([
		{ advanced_api_type: 1, limit: 1000 },
		{ advanced_api_type: 1, cursor: 'C2', limit: 1000 },
	]);
	const { provider_access_token } = TOKENS;
	expect(server.requests.map(({ query }) => query)).toEqual([
		{ provider_access_token },
		{ provider_access_token },
	]);
});
