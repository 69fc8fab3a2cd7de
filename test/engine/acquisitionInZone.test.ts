import type { IDataObject } from 'n8n-workflow';

import { closeServers, inTurn, type Reply } from '../unit/support/server';
import { byId, TOKENS } from './row';
import { answering, startNode } from './zoneSupport';

afterEach(closeServers);

/** Runs an operation of the node against Tencent's own host. */
async function run(reply: Reply, operation: string, parameters: IDataObject = {}) {
	const bench = await startNode('wecomAcquisition', reply);
	const outcome = await bench.run(operation, parameters);
	return { ...outcome, server: bench.server, bodies: bench.bodies() };
}

const DAY = 86_400;

describe('component.getAuthInfo', () => {
	it('tells who pays and for which links, in words and in yuan', async () => {
		const answer = {
			pay_mode: 1,
			price: 325,
			link_auth_mode: 1,
			auth_apps: [{ agentid: 1_000_030 }],
		};
		const { json, hints } = await run(answering(answer), 'component.getAuthInfo');
		expect(json).toEqual([
			{
				...answer,
				pay_mode_name: 'the provider pays',
				price_yuan: 3.25,
				link_auth_mode_name: 'all links of the associated apps',
			},
		]);
		expect(hints).toEqual([]);
	});

	it('knows no price where the corp pays, and no word for a mode that nobody knows', async () => {
		const answer = { pay_mode: 0, link_auth_mode: 7 };
		const { json } = await run(answering(answer), 'component.getAuthInfo');
		expect(json).toEqual([
			{ ...answer, pay_mode_name: 'the corp pays', link_auth_mode_name: null },
		]);
	});
});

it('link.get gives a link of the component, of which WeCom tells name and URL alone', async () => {
	const { json } = await run(
		answering({ link: { link_name: 'n', url: 'https://work.weixin.qq.com/ca/x?comp_scene=S' } }),
		'link.get',
		{ linkId: byId('LINK-1') },
	);
	expect(json).toEqual([
		{
			link_id: 'LINK-1',
			link_name: 'n',
			url: 'https://work.weixin.qq.com/ca/x?comp_scene=S',
			create_time: null,
			user_list: [],
			department_list: [],
		},
	]);
});

it('link.getAll goes on with the cursor, and sends none with the first page', async () => {
	const { json, bodies } = await run(
		inTurn(
			answering({ link_id_list: ['LINK-1'], next_cursor: 'C2' }),
			answering({ link_id_list: ['LINK-2'], next_cursor: '' }),
		),
		'link.getAll',
		{ returnAll: true },
	);
	expect(json).toEqual([{ link_id: 'LINK-1' }, { link_id: 'LINK-2' }]);
	expect(bodies).toEqual([{ limit: 100 }, { cursor: 'C2', limit: 100 }]);
});

describe('quota.get', () => {
	it('gives what is left and until when, in the timezone of the workflow', async () => {
		const { json, server, hints } = await run(
			answering({
				total: 1000,
				balance: 5,
				quota_list: [{ expire_date: 1_730_000_000, balance: 5 }],
			}),
			'quota.get',
		);
		expect(server.requests).toMatchObject([
			{ method: 'GET', query: { access_token: TOKENS.access_token }, body: '' },
		]);
		expect(json).toEqual([
			{
				total: 1000,
				balance: 5,
				quota_list: [
					{ expire_date: 1_730_000_000, balance: 5, expires_at: '2024-10-27T11:33:20.000+08:00' },
				],
			},
		]);
		expect(hints).toEqual([]);
	});

	it('warns when nothing is left', async () => {
		const { json, hints } = await run(answering({ total: 1000, balance: 0 }), 'quota.get');
		expect(json).toEqual([{ total: 1000, balance: 0, quota_list: [] }]);
		expect(hints).toEqual([expect.stringContaining('used up')]);
	});
});

describe('customer.getChatInfo', () => {
	it.each([
		['an app', { userid: 'woUser1', external_userid: 'wmCust1' }],
		['a component', {}],
	])('gives what WeCom tells %s', async (_who, people) => {
		const answer = { ...people, chat_info: { recv_msg_cnt: 3, link_id: 'LINK-1', state: 'S1' } };
		const { json, bodies } = await run(answering(answer), 'customer.getChatInfo', {
			chatKey: 'KEY-1',
		});
		expect(bodies).toEqual([{ chat_key: 'KEY-1' }]);
		expect(json).toEqual([answer]);
	});

	it('refuses to ask without a key, and sends nothing', async () => {
		const { error, server } = await run(answering({}), 'customer.getChatInfo', {
			chatKey: '={{ "" }}',
		});
		expect(error?.message).toContain('"chat_key"');
		expect(server.requests).toEqual([]);
	});
});

describe('payment.createOnceKey', () => {
	const linkId = byId('LINK-1');

	it('gives an item for each key', async () => {
		const { json, bodies } = await run(answering({ keys: ['K1', 'K2'] }), 'payment.createOnceKey', {
			linkId,
			keyNum: 2,
		});
		expect(bodies).toEqual([{ link_id: 'LINK-1', key_num: 2 }]);
		expect(json).toEqual([
			{ link_id: 'LINK-1', key: 'K1' },
			{ link_id: 'LINK-1', key: 'K2' },
		]);
	});

	it.each([0, 1001, 1.5, null, undefined, '""'])(
		'refuses to make %s keys, and sends nothing',
		async (keyNum) => {
			const { error, server } = await run(answering({}), 'payment.createOnceKey', {
				linkId,
				keyNum: `={{ ${keyNum} }}`,
			});
			expect(error?.message).toContain('"key_num"');
			expect(server.requests).toEqual([]);
		},
	);

	it('gives keys as what only some may see', async () => {
		const { engine } = await startNode('wecomAcquisition', answering());
		const { sensitiveOutputFields } = engine.nodeType('wecomAcquisition').description;
		expect(sensitiveOutputFields).toEqual(['key']);
	});

	it('warns when WeCom says that it was done and names no key', async () => {
		const { json, hints } = await run(answering({}), 'payment.createOnceKey', { linkId });
		expect(json).toEqual([]);
		expect(hints).toEqual([expect.stringContaining('without keys')]);
	});
});

describe('payment.getBills', () => {
	const bill = { timestamp: 1_730_000_002, link_id: 'LINK-1', state: 'S1', price: 325 };
	const period = {
		authCorpid: 'wpCorp1',
		beginTime: '2024-10-27T00:00:01',
		endTime: '2024-10-28T00:00:00',
	};

	it('gives each payment with its price in yuan beside fen, through all pages', async () => {
		const { json, server, bodies, hints } = await run(
			inTurn(
				answering({ next_cursor: 'C2', bill_list: [bill] }),
				answering({ bill_list: [{ timestamp: 1_730_000_003, price: 300 }] }),
			),
			'payment.getBills',
			{ ...period, returnAll: true },
		);
		expect(server.requests.map(({ query }) => query)).toEqual([
			{ suite_access_token: TOKENS.suite_access_token },
			{ suite_access_token: TOKENS.suite_access_token },
		]);
		const asked = {
			begin_time: Date.parse('2024-10-26T16:00:01Z') / 1000,
			end_time: Date.parse('2024-10-27T16:00:00Z') / 1000,
			auth_corpid: 'wpCorp1',
		};
		expect(bodies).toEqual([
			{ ...asked, limit: 1000 },
			{ ...asked, cursor: 'C2', limit: 1000 },
		]);
		expect(json).toEqual([
			{
				auth_corpid: 'wpCorp1',
				...bill,
				billed_at: '2024-10-27T11:33:22.000+08:00',
				price_yuan: 3.25,
			},
			{
				auth_corpid: 'wpCorp1',
				timestamp: 1_730_000_003,
				price: 300,
				billed_at: '2024-10-27T11:33:23.000+08:00',
				price_yuan: 3,
			},
		]);
		expect(hints).toEqual([]);
	});

	it('says that today is not complete yet, and why there may be nothing', async () => {
		const now = Math.floor(Date.now() / 1000);
		const { json, hints } = await run(answering({}), 'payment.getBills', {
			...period,
			beginTime: now - DAY,
			endTime: now,
		});
		expect(json).toEqual([]);
		expect(hints).toEqual([
			expect.stringContaining('complete on the next day'),
			expect.stringContaining('pay mode 1'),
		]);
	});

	it.each([
		['no corp', { authCorpid: '={{ "" }}' }, 'auth_corpid'],
		['a time in words', { beginTime: '={{ "soon" }}' }, 'Begin Time'],
		['no end', { endTime: '={{ "" }}' }, 'end_time'],
		['32 days', { endTime: '2024-11-28T00:00:02' }, 'begin_time'],
		['an end before the beginning', { endTime: '2024-10-26T00:00:00' }, 'begin_time'],
	])('refuses %s and sends nothing', async (_case, given, field) => {
		const { error, server } = await run(answering({}), 'payment.getBills', { ...period, ...given });
		expect(error?.message).toContain(`"${field}"`);
		expect(server.requests).toEqual([]);
	});
});
