import { generateKeyPairSync } from 'node:crypto';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { credentialsFor, startSimulator, type Contract, type Simulator } from '../../simulator';
import { Engine } from './harness';
import { byId } from './row';
import { useStubLibrary } from './stubLibrary';

/** A corp that is reached by one contract alone: a workflow for it has nothing but its credential. */
interface Tenant {
	wecom: Simulator;
	engine: Engine;
	/** A userid as this contract writes it. */
	staff(userid: string): string;
	/** What came of the steps before. */
	made: Partial<Record<'rule' | 'link' | 'order' | 'file', string>>;
}

/** A node of the workflow: the same parameters whatever the contract, but for ids of people. */
interface Step {
	node: string;
	/** `resource.operation` */
	does: string;
	with?: IDataObject | ((tenant: Tenant) => IDataObject);
	items?: INodeExecutionData[];
	keep?: [name: keyof Tenant['made'], field: string];
	/** Keys of its items that the data zone has nothing for. */
	zoneKeepsBack?: string[];
	/** The same of a corp's own archive. */
	archiveKeepsBack?: string[];
}

/** What a corp's own archive cannot do; the workflow says so there, and what to do instead. */
const NOT_IN_ARCHIVE = [
	'key.setPublic',
	'callback.set',
	'log.setLevel',
	'file.upload',
	'program.callSync',
	'search.',
	'keywordRule.',
	'export.',
	'component.',
	'order.',
];
const isThere = (contract: Contract, does: string) =>
	contract !== 'messageArchive' || !NOT_IN_ARCHIVE.some((name) => does.startsWith(name));

const { publicKey } = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const file = {
	data: Buffer.from('a template').toString('base64'),
	mimeType: 'text/plain',
	fileName: '模板.txt',
};
const all = { returnAll: true };

const ARCHIVE = 'wecomChatArchive';
const ACQUISITION = 'wecomAcquisition';
const ORDER = 'wecomDataOrder';
const ZONE = 'wecomDataZone';

const pairOf = ({ wecom, staff }: Tenant) => {
	const [customer] = wecom.world.customers;
	if (!customer) throw new Error('nobody is a customer');
	return { userid: staff(customer.owner), exteranalopenid: customer.externalUserid };
};
const rule = ({ made }: Tenant) => ({ ruleId: byId(made.rule) });
const link = ({ made }: Tenant) => ({ linkId: byId(made.link) });
const order = ({ made }: Tenant) => ({ orderId: byId(made.order) });
const today = Math.floor(Date.now() / 1000);

/** Tencent's archive tells ids alone. Source: document 91614. */
const EDITIONS = ['edition_list', 'edition_name_list'];

const WORKFLOW: Step[] = [
	{ node: ZONE, does: 'member.getAll', with: all, archiveKeepsBack: EDITIONS },
	{
		node: ZONE,
		does: 'member.getAll',
		with: { ...all, filters: { type: 3 } },
		archiveKeepsBack: EDITIONS,
	},
	{ node: ZONE, does: 'key.setPublic', with: { publicKey, publicKeyVer: 3 } },
	{
		node: ZONE,
		does: 'callback.set',
		with: { url: 'https://n8n.example.com/webhook/wecom' },
		zoneKeepsBack: ['url'],
	},
	{ node: ZONE, does: 'log.setLevel', with: { logLevel: 3 } },
	{
		node: ZONE,
		does: 'file.upload',
		with: { useFor: 'exportTemplate' },
		items: [{ json: {}, binary: { data: file } }],
		keep: ['file', 'media_id'],
	},
	{
		node: ZONE,
		does: 'program.callSync',
		with: { callBy: 'function', functionName: 'search_chat', requestData: '{"query_word":"项目"}' },
	},
	{
		node: ARCHIVE,
		does: 'message.getAll',
		with: { limit: 20, options: { senders: '', messageTypes: ['text'], pageSize: 10 } },
		zoneKeepsBack: ['seq'],
	},
	{
		node: ARCHIVE,
		does: 'consent.check',
		with: (tenant) => ({ pairs: { pair: [pairOf(tenant)] } }),
	},
	{
		node: ARCHIVE,
		does: 'group.get',
		with: ({ wecom }) => ({ roomId: wecom.world.groups.find(({ internal }) => internal)?.roomid }),
		zoneKeepsBack: ['roomname', 'notice'],
	},
	{
		node: ARCHIVE,
		does: 'search.sessions',
		with: ({ wecom }) => ({ keyword: wecom.world.groups[0]?.name.slice(0, 2), ...all }),
		zoneKeepsBack: ['name'],
	},
	{
		node: ARCHIVE,
		does: 'search.messages',
		with: { keyword: '什么', limit: 3 },
		zoneKeepsBack: ['seq', 'chatid', 'sender', 'content', 'send_time', 'msgtype'],
	},
	{
		node: ARCHIVE,
		does: 'keywordRule.create',
		with: { name: '投诉', words: '漏水, 退货' },
		keep: ['rule', 'rule_id'],
	},
	{ node: ARCHIVE, does: 'keywordRule.getAll', with: all },
	{
		node: ARCHIVE,
		does: 'keywordRule.update',
		with: (tenant) => ({ ...rule(tenant), updateFields: { name: '新名' } }),
	},
	{ node: ARCHIVE, does: 'keywordRule.get', with: rule },
	{ node: ARCHIVE, does: 'keywordRule.delete', with: rule },
	{
		node: ARCHIVE,
		does: 'export.create',
		with: ({ made }) => ({ code: 'export-code-1', mediaId: made.file }),
	},
	{ node: ACQUISITION, does: 'component.getAuthInfo', zoneKeepsBack: ['link_id_list', 'status'] },
	{
		node: ACQUISITION,
		does: 'link.create',
		with: ({ wecom, staff }) => ({
			linkName: '春季活动',
			userList: wecom.world.members.slice(0, 2).map(({ userid }) => staff(userid)),
		}),
		keep: ['link', 'link_id'],
	},
	{ node: ACQUISITION, does: 'link.get', with: link },
	{ node: ACQUISITION, does: 'link.getAll', with: { ...all, includeDetails: true } },
	{
		node: ACQUISITION,
		does: 'link.update',
		with: (tenant) => ({ ...link(tenant), updateFields: { linkName: '夏季活动' } }),
	},
	{
		node: ACQUISITION,
		does: 'link.getStatistics',
		with: ({ wecom }) => ({
			linkId: byId(wecom.acquisition.links[0]?.linkId),
			startTime: today - 7 * 86_400,
			endTime: today,
		}),
	},
	{
		node: ACQUISITION,
		does: 'customer.getAll',
		with: ({ wecom }) => ({ linkId: byId(wecom.acquisition.links[0]?.linkId), ...all }),
	},
	{ node: ACQUISITION, does: 'link.delete', with: link },
	{
		node: ORDER,
		does: 'order.place',
		with: ({ wecom }) => ({
			customCorpid: wecom.orders.corps[0]?.corpId,
			buyerUserid: 'buyer',
			orderType: 1,
			edition: 2,
			purchaseCount: 10,
		}),
		keep: ['order', 'order_id'],
	},
	{ node: ORDER, does: 'order.get', with: order },
	{ node: ORDER, does: 'order.getAll', with: all },
	{
		node: ORDER,
		does: 'order.pay',
		with: (tenant) => ({ ...order(tenant), payerUserid: 'payer' }),
	},
	{
		node: ORDER,
		does: 'order.getPurchased',
		with: ({ wecom }) => ({ customCorpid: wecom.orders.corps[0]?.corpId }),
	},
];

/** A run of the workflow at one tenant: what each of its nodes gave. */
async function runAt(contract: Contract): Promise<IDataObject[][]> {
	const wecom = await startSimulator({ contracts: [contract], messageCount: 300 });
	await useStubLibrary(wecom.url);
	try {
		const engine = await Engine.load({
			...credentialsFor(wecom, contract),
		} as Engine['credentials']);
		const openIds = new Map(wecom.world.members.map((one) => [one.userid, one.openUserid]));
		const staff = (userid: string) =>
			contract === 'dataZone' ? (openIds.get(userid) ?? userid) : userid;
		const tenant: Tenant = { wecom, engine, staff, made: {} };
		const given: IDataObject[][] = [];
		for (const { node, does, with: parameters = {}, items, keep } of WORKFLOW) {
			const [resource, operation] = does.split('.') as [string, string];
			const own = typeof parameters === 'function' ? parameters(tenant) : parameters;
			const { json, error } = await engine.runNode(node, { resource, operation, ...own }, items);
			const said = error?.message.replace(/.*( does not exist in "[^"]*")$/, '$1');
			const expected = isThere(contract, does)
				? undefined
				: ' does not exist in "Tencent Message Archive (会话内容存档)"';
			expect([contract, node, does, said]).toEqual([contract, node, does, expected]);
			if (keep) tenant.made[keep[0]] = String(json[0]?.[keep[1]]);
			given.push(json);
		}
		return given;
	} finally {
		await wecom.stop();
	}
}

/** Every key of the items, each once. */
const keysOf = (items: IDataObject[] = []) => [...new Set(items.flatMap(Object.keys))];

it('the same workflow runs on each contract with only the credential changed, and gives the same fields', async () => {
	const reference = await runAt('reference');
	for (const contract of ['dataZone', 'messageArchive'] as const) {
		const given = await runAt(contract);
		const steps = WORKFLOW.map((step, index) => ({ ...step, index }));
		const there = steps.filter(({ does }) => isThere(contract, does));
		const compared = there.map(({ node, does, index }) => {
			const [items = [], others = []] = [reference[index], given[index]];
			const missing = keysOf(items).filter((key) => !keysOf(others).includes(key));
			return { node, does, items: others.length, missing };
		});
		expect(compared).toEqual(
			there.map(({ node, does, zoneKeepsBack = [], archiveKeepsBack = [], index }) => {
				const missing = contract === 'dataZone' ? zoneKeepsBack : archiveKeepsBack;
				return { node, does, items: reference[index]?.length, missing };
			}),
		);
	}
}, 120_000);
