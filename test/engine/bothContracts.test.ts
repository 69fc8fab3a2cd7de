import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { openIdOf, type Customer, type Group } from '../../simulator/data/world';
import { Engine } from './harness';
import { byId, ROW_CONTRACTS, type RowContract } from './row';
import { useStubLibrary } from './stubLibrary';
import { decryptRecords, getAll } from './support';

/** What comes out of `resource.operation` of a node, which must not fail. */
async function runOn(
	engine: Engine,
	node: string,
	operation: string,
	parameters: IDataObject,
	items?: INodeExecutionData[],
): Promise<IDataObject[]> {
	const [resource, name] = operation.split('.') as [string, string];
	const all = { resource, operation: name, ...parameters };
	const { json, error } = await engine.runNode(node, all, items);
	expect(error).toBeUndefined();
	return json;
}

/** The same operations with the same parameters; only the credential says which API the server speaks. */
describe.each(ROW_CONTRACTS)('with %s as the API of the credential', (contract: RowContract) => {
	let wecom: Simulator;
	let engine: Engine;

	beforeAll(async () => {
		wecom = await startSimulator({ contracts: [contract], messageCount: 500, exportSeconds: 0 });
		if (contract === 'messageArchive') await useStubLibrary(wecom.url);
		engine = await Engine.load({ ...credentialsFor(wecom, contract) } as Engine['credentials']);
	});

	afterAll(async () => {
		await wecom.stop();
	});

	const run = async (
		node: string,
		operation: string,
		parameters: IDataObject = {},
		items?: INodeExecutionData[],
	) => await runOn(engine, node, operation, parameters, items);
	const archive = async (operation: string, parameters?: IDataObject) =>
		await run('wecomChatArchive', operation, parameters);
	const acquisition = async (operation: string, parameters?: IDataObject) =>
		await run('wecomAcquisition', operation, parameters);
	const orders = async (operation: string, parameters?: IDataObject) =>
		await run('wecomDataOrder', operation, parameters);

	it('whether a customer agreed is told, with the customer under the same name', async () => {
		const { externalUserid, owner, agrees } = wecom.world.customers[0] as Customer;
		// Tencent's apps know members by other ids; workflows take them from what Get Many gives.
		const userid = contract === 'dataZone' ? openIdOf(wecom.world, owner) : owner;
		const pair = { userid, exteranalopenid: externalUserid };
		expect(await archive('consent.check', { pairs: { pair: [pair] } })).toMatchObject([
			{ exteranalopenid: externalUserid, agreed: agrees },
		]);
	});

	it('the members of an internal group are told', async () => {
		const { roomid, members } = wecom.world.groups.find(({ internal }) => internal) as Group;
		const [group] = await archive('group.get', { roomId: roomid });
		expect(group).toMatchObject({ roomid, creator: expect.any(String) as string });
		expect(group?.members).toHaveLength(members.length);
	});

	it('messages are pulled, also from where a limit stopped, and decrypted later as well as at once', async () => {
		const pulled = await archive('message.getAll', getAll({ limit: 60, returnAll: false }));
		const sealed = await archive('message.getAll', getAll({ limit: 60, returnAll: false, decrypt: false })); // prettier-ignore
		expect(pulled).toHaveLength(60);
		const decrypted = await run(
			'wecomChatArchive',
			'message.decrypt',
			decryptRecords,
			sealed.map((json) => ({ json })),
		);
		expect(decrypted).toEqual(pulled);
		for (const message of pulled) {
			expect(message).toMatchObject({
				msgid: expect.any(String) as string,
				from: expect.any(String) as string,
				to: expect.any(Array) as [],
				type: expect.any(String) as string,
				body: expect.any(Object) as object,
			});
			expect(Object.keys(message)).toEqual(
				expect.arrayContaining(['action', 'room', 'chat_id', 'time', 'text', 'decrypted']),
			);
		}
	});

	it('a link is made, read, counted, changed, listed and deleted', async () => {
		const [member] = await run('wecomDataZone', 'member.getAll', { limit: 1 });
		const [made] = await acquisition('link.create', {
			linkName: '春季',
			userList: member?.userid,
		});
		const linkId = byId(made?.link_id);
		await acquisition('link.update', { linkId, updateFields: { linkName: '夏季' } });
		expect(await acquisition('link.get', { linkId })).toMatchObject([
			{ link_id: made?.link_id, link_name: '夏季', user_list: [member?.userid] },
		]);
		expect(await acquisition('link.getAll', { returnAll: true })).toContainEqual({
			link_id: made?.link_id,
		});
		const endTime = Math.floor(Date.now() / 1000);
		const period = { startTime: endTime - 86_400, endTime };
		expect(await acquisition('link.getStatistics', { linkId, ...period })).toMatchObject([
			{ click_link_customer_cnt: expect.any(Number) as number },
		]);
		expect(await acquisition('customer.getAll', { linkId })).toEqual([]);
		expect(await acquisition('link.delete', { linkId })).toEqual([{ deleted: true }]);
	});

	// A corp's own archive cannot do the rest.
	if (contract === 'messageArchive') return;

	it('groups and messages are found', async () => {
		const [group] = await archive('search.sessions', { keyword: '咖啡', limit: 1 });
		expect(group).toMatchObject({ chatid: expect.any(String) as string });
		const found = await archive('search.messages', { keyword: '发货', limit: 3 });
		expect(found).not.toEqual([]);
		for (const message of found) expect(message).toHaveProperty('msgid');
	});

	it('a keyword rule is made, read, changed, listed and deleted', async () => {
		const [made] = await archive('keywordRule.create', { name: '投诉', words: '漏水, 退货' });
		const ruleId = byId(made?.rule_id);
		await archive('keywordRule.update', { ruleId, updateFields: { name: '新名' } });
		expect(await archive('keywordRule.get', { ruleId })).toMatchObject([
			{ rule_id: made?.rule_id, name: '新名', keyword: { word_list: ['漏水', '退货'] } },
		]);
		const listed = await archive('keywordRule.getAll', { returnAll: true });
		expect(listed).toContainEqual(
			expect.objectContaining({ rule_id: made?.rule_id, created_at: expect.any(String) as string }),
		);
		expect(await archive('keywordRule.delete', { ruleId })).toEqual([{ deleted: true }]);
	});

	it('an export is started with an uploaded template, and told about', async () => {
		const data = Buffer.from('$msgContent=1/2$').toString('base64');
		const template = { data, mimeType: 'text/plain', fileName: 'template.txt' };
		const [uploaded] = await run('wecomDataZone', 'file.upload', { useFor: 'exportTemplate' }, [
			{ json: {}, binary: { data: template } },
		]);
		const [created] = await archive('export.create', {
			code: `code of ${contract}`,
			mediaId: uploaded?.media_id,
		});
		expect(await archive('export.get', { jobId: created?.jobid })).toMatchObject([
			{ jobid: created?.jobid, status_name: expect.any(String) as string },
		]);
	});

	it('licenses are ordered, paid and listed, with amounts in yuan', async () => {
		const customCorpid = wecom.orders.corps.find(({ editions }) => editions.length === 0)?.corpId;
		const [placed] = await orders('order.place', {
			customCorpid,
			buyerUserid: 'zhangsan',
			orderType: 0,
			edition: 2,
			purchaseCount: 10,
		});
		const orderId = byId(placed?.order_id);
		await orders('order.pay', { orderId, payerUserid: 'zhangsan' });
		expect(await orders('order.get', { orderId })).toMatchObject([
			{ order_status_name: 'paid', paid_price_yuan: expect.any(Number) as number },
		]);
		expect(await orders('order.getAll', { returnAll: true })).toContainEqual(
			expect.objectContaining({ order_id: placed?.order_id }),
		);
		expect(await orders('order.getPurchased', { customCorpid })).toMatchObject([
			{ edition: 2, edition_name: 'internal and external conversations', purchase_count: 10 },
		]);
	});
});

describe('what Tencent Data Zone alone has', () => {
	let wecom: Simulator;
	let engine: Engine;

	beforeAll(async () => {
		wecom = await startSimulator({ contracts: ['dataZone'], messageCount: 500 });
		engine = await Engine.load({ ...credentialsFor(wecom) } as Engine['credentials']);
	});

	afterAll(async () => {
		await wecom.stop();
	});

	const archive = async (operation: string, parameters: IDataObject = {}) =>
		await runOn(engine, 'wecomChatArchive', operation, parameters);
	const acquisition = async (operation: string, parameters: IDataObject = {}) =>
		await runOn(engine, 'wecomAcquisition', operation, parameters);

	it('tells who in a group agreed', async () => {
		const { roomid, members } = wecom.world.groups.find(({ internal }) => !internal) as Group;
		const customers = wecom.world.customers
			.filter(({ externalUserid }) => members.some(({ id }) => id === externalUserid))
			.map(({ externalUserid, agrees }) => [externalUserid, agrees]);
		const told = await archive('consent.checkGroup', { roomId: roomid });
		expect(told.map(({ exteranalopenid, agreed }) => [exteranalopenid, agreed])).toEqual(customers);
	});

	it('finds people by name', async () => {
		const { name, externalUserid } = wecom.world.customers.find(
			(customer) => customer.name.length > 1,
		) as Customer;
		expect(await archive('search.people', { keyword: name, returnAll: true })).toContainEqual({
			type: 2,
			type_name: 'customer',
			id: externalUserid,
		});
	});

	it('lists what hit a rule', async () => {
		const [rule] = await archive('keywordRule.create', { name: '发货', words: '发货, 订单' });
		wecom.addMessages(200);
		const [hit] = await archive('keywordRule.getHits', {
			limit: 1,
			options: { needDetail: true },
		});
		expect(hit).toMatchObject({
			hit_rule_list: [{ rule_id: rule?.rule_id, semantics_names: [] }],
			sender: expect.any(String) as string,
			send_time: expect.stringMatching(/\+08:00$/) as string,
			msgtype: expect.any(String) as string,
		});
	});

	it('tells quota, chats, keys and bills of links', async () => {
		const [linkId = ''] = wecom.acquisition.authorized;
		expect(await acquisition('quota.get')).toMatchObject([
			{ balance: expect.any(Number) as number },
		]);
		const chatKey = wecom.acquisition.chatKey(linkId);
		expect(await acquisition('customer.getChatInfo', { chatKey })).toMatchObject([
			{ chat_info: { link_id: linkId } },
		]);
		const keys = await acquisition('payment.createOnceKey', { linkId: byId(linkId), keyNum: 3 });
		expect(new Set(keys.map(({ key }) => key)).size).toBe(3);
		const now = Math.floor(Date.now() / 1000);
		const bills = await acquisition('payment.getBills', {
			authCorpid: wecom.corp.corpId,
			beginTime: now - 31 * 86_400,
			endTime: now,
			returnAll: true,
		});
		for (const bill of bills) expect(bill.price_yuan).toBe(Number(bill.price) / 100);
		expect(bills.length).toBeGreaterThan(0);
	});
});
