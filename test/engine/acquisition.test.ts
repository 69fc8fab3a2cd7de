import type {
	IDataObject,
	ILoadOptionsFunctions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
} from 'n8n-workflow';

import {
	byPath,
	closeServers,
	errcode,
	inTurn,
	json,
	startServer,
	text,
	type Reply,
	type TestServer,
} from '../unit/support/server';
import { Engine } from './harness';
import { startBench, type Bench } from './support';

const NODE = 'wecomAcquisition';
const LINKS = '/cgi-bin/externalcontact/customer_acquisition_link';
const ACQUISITION = '/cgi-bin/externalcontact/customer_acquisition';
const LINK_URL = 'https://work.weixin.qq.com/ca/cawcde8f1e05b49f3a';
const DAY = 86_400;
let server: TestServer;
let engine: Engine;

/** A WeCom that says what the test writes. */
async function start(reply: Reply): Promise<void> {
	server = await startServer(reply);
	engine = await Engine.load({
		wecomDataApi: {
			baseUrl: server.url,
			authentication: 'accessToken',
			accessToken: 'token of the corp',
			suiteAccessToken: 'token of the suite',
		},
	});
}

afterEach(closeServers);

async function run(
	operation: string,
	parameters: IDataObject = {},
	items?: INodeExecutionData[],
	settings: Partial<INode> = {},
	on: Engine = engine,
) {
	const [resource, name] = operation.split('.') as [string, string];
	return await on.runNode(NODE, { resource, operation: name, ...parameters }, items, settings);
}

const ok = (answer: object): Reply => json({ errcode: 0, errmsg: 'ok', ...answer });
const byId = (value: string) => ({ linkId: { __rl: true, mode: 'id', value } });
const items = (...values: unknown[]) => values.map((value) => ({ json: { value } as IDataObject }));
const bodies = () => server.requests.map(({ body }) => JSON.parse(body) as object);
const pairs = (...numbers: number[]) => numbers.map((item) => ({ item }));

const LINK = {
	link: {
		link_name: '春季',
		url: LINK_URL,
		create_time: 1_730_000_000,
		skip_verify: true,
		mark_source: false,
	},
	range: { user_list: ['zhangsan'], department_list: [2] },
	priority_option: { priority_type: 2, priority_userid_list: ['lisi'] },
};

describe('what is sent', () => {
	const range = { userList: 'zhangsan，lisi', departmentList: '2, 5' };
	const rangeSent = { user_list: ['zhangsan', 'lisi'], department_list: [2, 5] };
	const priority = (option: object) => ({ priorityOption: { option } });

	it.each<[string, IDataObject, string, object]>([
		['link.create', { linkName: ' 春季 ', ...range }, `${LINKS}/create`, { link_name: '春季', range: rangeSent }],
		[
			'link.create',
			{
				linkName: '春季',
				departmentList: '={{ [7] }}',
				additionalFields: {
					skipVerify: false,
					markSource: true,
					...priority({ priorityType: 2, priorityUseridList: 'a b' }),
				},
			},
			`${LINKS}/create`,
			{
				link_name: '春季',
				range: { department_list: [7] },
				skip_verify: false,
				mark_source: true,
				priority_option: { priority_type: 2, priority_userid_list: ['a', 'b'] },
			},
		],
		['link.get', byId('L1'), `${LINKS}/get`, { link_id: 'L1' }],
		['link.getAll', { limit: 7 }, `${LINKS}/list`, { cursor: '', limit: 7 }],
		[
			'link.update',
			{ ...byId('L1'), updateFields: { linkName: 'n', ...priority({ priorityType: 1, priorityUseridList: 'left over' }) } },
			`${LINKS}/update`,
			{ link_id: 'L1', link_name: 'n', priority_option: { priority_type: 1 } },
		],
		['link.update', { ...byId('L1'), updateFields: { userList: 'zhangsan' } }, `${LINKS}/update`, { link_id: 'L1', range: { user_list: ['zhangsan'] } }],
		['link.update', { ...byId('L1'), updateFields: { ...range, skipVerify: false } }, `${LINKS}/update`, { link_id: 'L1', range: rangeSent, skip_verify: false }],
		['link.delete', byId('L1'), `${LINKS}/delete`, { link_id: 'L1' }],
		[
			'link.getStatistics',
			{ ...byId('L1'), startTime: '2026-11-01T00:00:00', endTime: '2026-11-30T00:00:00' },
			`${ACQUISITION}/statistic`,
			{ link_id: 'L1', start_time: 1_793_462_400, end_time: 1_795_968_000 },
		],
		['customer.getAll', { ...byId('L1'), limit: 20 }, `${ACQUISITION}/customer`, { link_id: 'L1', cursor: '', limit: 20 }],
	])('%s %#', async (operation, parameters, path, body) => {
		await start(ok(LINK));
		const { error } = await run(operation, parameters);
		expect(error).toBeUndefined();
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({
			method: 'POST',
			path,
			query: { access_token: 'token of the corp' },
		});
		expect(bodies()).toEqual([body]);
	}); // prettier-ignore

	it('component.getAuthInfo, with the token of the suite', async () => {
		await start(ok({ auth_info: { link_id_list: ['L1'], status: 1 } }));
		const { json: output } = await run('component.getAuthInfo');
		expect(server.requests[0]).toMatchObject({
			method: 'POST',
			path: `${ACQUISITION}/get_auth_info`,
			query: { suite_access_token: 'token of the suite' },
			body: '{}',
		});
		expect(server.requests[0]?.query).not.toHaveProperty('access_token');
		expect(output).toEqual([{ link_id_list: ['L1'], status: 1 }]);
	});
});

describe('what comes out', () => {
	it('of a new link: the link', async () => {
		const link = { link_id: 'L1', link_name: 'n', url: LINK_URL, create_time: 1_730_000_000 };
		await start(ok({ link }));
		const { json: output } = await run('link.create', { linkName: 'n', userList: 'a' });
		expect(output).toEqual([link]);
	});

	it('of a new link with a channel: its two links as well', async () => {
		await start(ok({ link: { link_id: 'L1', url: `${LINK_URL}?comp_scene=S` } }));
		const { json: output } = await run('link.create', {
			linkName: 'n',
			userList: 'a',
			additionalFields: { customerChannel: '春季 1' },
		});
		const channel_url = `${LINK_URL}?comp_scene=S&customer_channel=%E6%98%A5%E5%AD%A3%201`;
		expect(output[0]).toMatchObject({
			channel_url,
			jump_scheme: `weixin://biz/ww/profile/${encodeURIComponent(channel_url)}`,
		});
		// The channel goes on the URL, not to WeCom.
		expect(bodies()).toEqual([{ link_name: 'n', range: { user_list: ['a'] } }]);
	});

	it('of a link: what most people want, or everything', async () => {
		await start(ok(LINK));
		expect((await run('link.get', byId('L1'))).json).toEqual([
			{
				link_id: 'L1',
				link_name: '春季',
				url: LINK_URL,
				create_time: '2024-10-27T11:33:20.000+08:00',
				skip_verify: true,
				user_list: ['zhangsan'],
				department_list: [2],
			},
		]);
		const whole = await run('link.get', {
			...byId('L1'),
			simplify: false,
			options: { customerChannel: 'c' },
		});
		expect(whole.json).toEqual([
			{
				link_id: 'L1',
				...LINK.link,
				...LINK.range,
				...LINK.priority_option,
				priority_type_name: 'existing friends among these users',
				channel_url: `${LINK_URL}?customer_channel=c`,
				jump_scheme: `weixin://biz/ww/profile/${encodeURIComponent(`${LINK_URL}?customer_channel=c`)}`,
			},
		]);
	});

	it('of a change: that it was done; of a removal: deleted', async () => {
		await start(ok({}));
		const update = await run('link.update', { ...byId('L1'), updateFields: { linkName: 'n' } });
		expect(update.json).toEqual([{ success: true, link_id: 'L1' }]);
		expect((await run('link.delete', byId('L1'))).json).toEqual([{ deleted: true }]);
	});

	it('of statistics: the counts', async () => {
		await start(ok({ click_link_customer_cnt: 9, new_customer_cnt: 3 }));
		const { json: output, hints } = await run('link.getStatistics', {
			...byId('L1'),
			startTime: new Date(Date.now() - 5 * DAY * 1000).toISOString(),
			endTime: new Date().toISOString(),
		});
		expect(output).toEqual([{ link_id: 'L1', click_link_customer_cnt: 9, new_customer_cnt: 3 }]);
		expect(hints).toEqual([]);
	});

	it('of customers: a word beside chat_status, and the channel as state', async () => {
		const customer = (chat_status: number) => ({
			external_userid: `wm${chat_status}`,
			userid: 'zhangsan',
			chat_status,
			state: 'c',
		});
		const customer_list = [0, 1, 2, 7].map(customer);
		await start(ok({ customer_list, next_cursor: '' }));
		const { json: output } = await run('customer.getAll', byId('L1'));
		const names = ['no message yet', 'wrote', 'unknown', null];
		expect(output).toEqual(
			customer_list.map((entry, index) => ({
				link_id: 'L1',
				...entry,
				chat_status_name: names[index],
			})),
		);
	});
});

describe('lists', () => {
	const page = (next_cursor: string, ...list: string[]) => ok({ link_id_list: list, next_cursor });

	it('Return All follows the cursor to the end, through an empty page too', async () => {
		await start(inTurn(page('c1', 'L1', 'L2'), page('c2'), page('', 'L3')));
		const { items: output } = await run('link.getAll', { returnAll: true });
		expect(output.map(({ json: { link_id } }) => link_id)).toEqual(['L1', 'L2', 'L3']);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(pairs(0, 0, 0));
		expect(bodies()).toEqual([
			{ cursor: '', limit: 100 },
			{ cursor: 'c1', limit: 100 },
			{ cursor: 'c2', limit: 100 },
		]);
	});

	it('Limit asks for no more than that', async () => {
		await start(inTurn(page('c1', 'L1', 'L2'), page('c2', 'L3', 'L4')));
		const { json: output } = await run('link.getAll', { limit: 3 });
		expect(output.map(({ link_id }) => link_id)).toEqual(['L1', 'L2', 'L3']);
		expect(bodies()).toEqual([
			{ cursor: '', limit: 3 },
			{ cursor: 'c1', limit: 1 },
		]);
	});

	it('of customers have pages of 1000', async () => {
		const customers = (next_cursor: string, ...ids: string[]) =>
			ok({ customer_list: ids.map((external_userid) => ({ external_userid })), next_cursor });
		await start(inTurn(customers('c1', 'wm1'), customers('', 'wm2')));
		const { json: output } = await run('customer.getAll', { ...byId('L1'), returnAll: true });
		expect(output.map(({ external_userid: id }) => id)).toEqual(['wm1', 'wm2']);
		expect(bodies()).toEqual([
			{ link_id: 'L1', cursor: '', limit: 1000 },
			{ link_id: 'L1', cursor: 'c1', limit: 1000 },
		]);
	});

	it('Include Details gets every link, in order, and no link hides the others', async () => {
		const ids = Array.from({ length: 12 }, (_, index) => `L${index}`);
		let running = 0;
		let most = 0;
		await start(
			byPath({
				[`${LINKS}/list`]: page('', ...ids),
				[`${LINKS}/get`]: async (request, response) => {
					most = Math.max(most, ++running);
					const { link_id } = JSON.parse(request.body) as { link_id: string };
					await new Promise((resolve) => setTimeout(resolve, link_id === 'L0' ? 50 : 5));
					running--;
					const reply =
						link_id === 'L3'
							? errcode(40097, 'not a link of this app')
							: ok({ link: { link_name: `name of ${link_id}`, url: LINK_URL } });
					await reply(request, response);
				},
			}),
		);
		const { json: output, hints } = await run('link.getAll', {
			returnAll: true,
			includeDetails: true,
			options: { customerChannel: 'c' },
		});
		expect(output.map(({ link_id }) => link_id)).toEqual(ids);
		expect(output[0]).toMatchObject({
			link_name: 'name of L0',
			channel_url: `${LINK_URL}?customer_channel=c`,
		});
		expect(output[3]).toMatchObject({ link_id: 'L3', errcode: 40097 });
		expect(hints.join()).toContain('lists the link L3 but does not show it');
		expect(server.to(`${LINKS}/get`)).toHaveLength(12);
		expect(most).toBeLessThanOrEqual(5);
	});

	it('Include Details stops where WeCom refuses', async () => {
		const ids = Array.from({ length: 40 }, (_, index) => `L${index}`);
		await start(byPath({ [`${LINKS}/list`]: page('', ...ids), [`${LINKS}/get`]: text('', 403) }));
		const { error } = await run('link.getAll', { returnAll: true, includeDetails: true });
		expect(error?.message).toContain('403');
		expect(server.to(`${LINKS}/get`).length).toBeLessThanOrEqual(5);
	});
});

describe('an empty answer says why', () => {
	const lately = {
		startTime: new Date(Date.now() - 5 * DAY * 1000).toISOString(),
		endTime: new Date().toISOString(),
	};

	it.each<[string, IDataObject, object, string]>([
		['component.getAuthInfo', {}, { auth_info: { link_id_list: [], status: 1 } }, 'admin chooses'],
		['link.getAll', {}, { link_id_list: [], next_cursor: '' }, 'does not see the links of others'],
		['customer.getAll', byId('L1'), { customer_list: [], next_cursor: '' }, 'by this very link'],
		[
			'link.getStatistics',
			{ ...byId('L1'), ...lately },
			{ click_link_customer_cnt: 0, new_customer_cnt: 0 },
			'Nobody opened the link L1',
		],
	])('%s', async (operation, parameters, answer, words) => {
		await start(ok(answer));
		const { hints, error } = await run(operation, parameters);
		expect(error).toBeUndefined();
		expect(hints.join()).toContain(words);
	});

	it('and statistics of long ago that they are incomplete', async () => {
		await start(ok({ click_link_customer_cnt: 1, new_customer_cnt: 1 }));
		const { hints } = await run('link.getStatistics', {
			...byId('L1'),
			startTime: '2024-01-01',
			endTime: '2024-01-02',
		});
		expect(hints.join()).toContain('last 180 days only');
	});
});

describe('a value that cannot be is named, and nothing is sent', () => {
	const link = { linkName: 'n', userList: 'a' };
	const many = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`).join();
	const days = (startTime: string, endTime: string) => ({ ...byId('L1'), startTime, endTime });
	const changes = (updateFields: IDataObject) => ({ ...byId('L1'), updateFields });
	const priority = (option: IDataObject) => ({
		...link,
		additionalFields: { priorityOption: { option } },
	});

	it.each<[string, string, IDataObject, string]>([
		['link.create', 'no name', { ...link, linkName: '={{ "" }}' }, 'link_name'],
		['link.create', 'an object as name', { ...link, linkName: '={{ {} }}' }, 'link_name'],
		['link.create', 'a name of 31 characters', { ...link, linkName: '名'.repeat(31) }, 'link_name'],
		['link.create', 'nobody', { linkName: 'n' }, 'range'],
		['link.create', '501 users', { linkName: 'n', userList: many(501) }, 'range.user_list'],
		['link.create', 'a user id that is too long', { linkName: 'n', userList: 'x'.repeat(257) }, 'range.user_list[0]'],
		['link.create', 'a department by name', { ...link, departmentList: '2, sales' }, 'range.department_list[1]'],
		['link.create', 'a channel of 65 bytes', { ...link, additionalFields: { customerChannel: 'x'.repeat(65) } }, 'customer_channel'],
		['link.create', 'a word as flag', { ...link, additionalFields: { skipVerify: '={{ "yes" }}' } }, 'skip_verify'],
		['link.create', 'priority for nobody', priority({ priorityType: 2 }), 'priority_option.priority_userid_list'],
		['link.create', 'priority for 1001', priority({ priorityType: 2, priorityUseridList: many(1001) }), 'priority_option.priority_userid_list'],
		['link.create', 'an unknown priority', priority({ priorityType: '={{ 3 }}' }), 'priority_option.priority_type'],
		['link.get', 'no link', byId('={{ "" }}'), 'link_id'],
		['link.get', 'a link id that is too long', byId('x'.repeat(257)), 'link_id'],
		['link.get', 'a channel of 65 bytes', { ...byId('L1'), options: { customerChannel: 'x'.repeat(65) } }, 'customer_channel'],
		['link.getAll', 'a limit of 0', { limit: 0 }, 'Limit'],
		['link.getAll', 'a channel of 65 bytes', { includeDetails: true, options: { customerChannel: 'x'.repeat(65) } }, 'customer_channel'],
		['link.update', 'no link', { ...changes({ linkName: 'n' }), ...byId('={{ "" }}') }, 'link_id'],
		['link.update', 'nothing to change', changes({}), 'Update Fields'],
		['link.update', 'an empty name only', changes({ linkName: '' }), 'Update Fields'],
		['link.update', 'a name of 31 characters', changes({ linkName: 'x'.repeat(31) }), 'link_name'],
		['link.update', 'a range of nobody', changes({ userList: '={{ [] }}' }), 'range'],
		['link.update', '501 departments', changes({ departmentList: Array.from({ length: 501 }, (_, id) => id).join() }), 'range.department_list'],
		['link.delete', 'no link', byId('={{ "" }}'), 'link_id'],
		['link.delete', 'an object as link', byId('={{ {} }}'), 'link_id'],
		['link.getStatistics', 'no start', days('={{ "" }}', '2026-11-22'), 'start_time'],
		['link.getStatistics', 'no end', days('2026-11-22', '={{ "" }}'), 'end_time'],
		['link.getStatistics', 'a start that is no time', days('yesterday', '2026-11-22'), 'Start Day'],
		['link.getStatistics', 'an end before the start', days('2026-11-22', '2026-11-21'), 'start_time'],
		['link.getStatistics', '31 days', days('2026-10-01', '2026-11-01'), 'start_time'],
		['customer.getAll', 'no link', byId('={{ "" }}'), 'link_id'],
		['customer.getAll', 'half a customer', { ...byId('L1'), limit: 0.5 }, 'Limit'],
	])('%s: %s', async (operation, _case, parameters, field) => {
		await start(ok(LINK));
		const { error } = await run(operation, parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(server.requests).toEqual([]);
	}); // prettier-ignore
});

describe('Continue On Fail', () => {
	const value = '={{ $json.value }}';

	it.each<[string, IDataObject, unknown[], string]>([
		['link.create', { linkName: value, userList: 'a' }, ['one', 'x'.repeat(31), 'three'], 'link_name'],
		['link.get', byId(value), ['L1', '', 'L3'], 'link_id'],
		['link.getAll', { limit: value }, [1, 'all', 3], 'Limit'],
		['link.update', { ...byId('L1'), updateFields: { linkName: value } }, ['one', 'x'.repeat(31), 'three'], 'link_name'],
		['link.delete', byId(value), ['L1', '', 'L3'], 'link_id'],
		['link.getStatistics', { ...byId('L1'), startTime: value, endTime: '2026-11-22' }, ['2026-11-20', 'soon', '2026-11-21'], 'Start Day'],
		['customer.getAll', { ...byId('L1'), limit: value }, [1, -1, 3], 'Limit'],
	])('%s', async (operation, parameters, values, field) => {
		await start(
			ok({ ...LINK, link_id_list: ['L1'], customer_list: [{ external_userid: 'wm' }], next_cursor: '' }),
		);
		const { items: output } = await run(operation, parameters, items(...values), {
			onError: 'continueRegularOutput',
		});
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(pairs(0, 1, 2));
		expect(output.map((item) => item.json.field)).toEqual([undefined, field, undefined]);
		expect(output[1]?.json.error).toContain(`"${field}"`);
		expect(server.requests).toHaveLength(2);
	}); // prettier-ignore

	it('component.getAuthInfo', async () => {
		await start(inTurn(ok({ auth_info: { link_id_list: ['L1'] } }), errcode(48002), ok({ auth_info: {} })));
		const { items: output } = await run('component.getAuthInfo', {}, items(1, 2, 3), {
			onError: 'continueRegularOutput',
		});
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(pairs(0, 1, 2));
		expect(output[1]?.json).toMatchObject({
			errcode: 48002,
			hint: expect.stringContaining('获客助手') as string,
		});
	}); // prettier-ignore
});

it('asks for the suite token where the credential has none', async () => {
	await start(ok({}));
	engine.credentials.wecomDataApi = { ...engine.credentials.wecomDataApi, suiteAccessToken: '' };
	const { error } = await run('component.getAuthInfo');
	expect(`${error?.message} ${error?.description}`).toMatch(/suite_?access_?token/i);
	expect(server.requests).toEqual([]);
});

it('never sends the creation of a link twice', async () => {
	await start(({ socket }) => socket.destroy());
	const { error } = await run('link.create', { linkName: 'n', userList: 'a' });
	expect(server.requests).toHaveLength(1);
	expect(error?.description).toContain('Link → Get Many');
});

describe('From List', () => {
	async function search(filter?: string, token?: string): Promise<INodeListSearchResult> {
		const { searchLinks } = engine.nodeType(NODE).methods?.listSearch ?? {};
		const context = {
			getCredentials: async () => await Promise.resolve(engine.credentials.wecomDataApi),
			getNode: () => engine.nodeJson(NODE, {}),
			getCurrentNodeParameter: () => undefined,
		} as unknown as ILoadOptionsFunctions;
		if (!searchLinks) throw new Error('There is no searchLinks');
		return await searchLinks.call(context, filter, token);
	}

	const named = (names: Record<string, string>, next_cursor = ''): Reply =>
		byPath({
			[`${LINKS}/list`]: ok({ link_id_list: Object.keys(names), next_cursor }),
			[`${LINKS}/get`]: async (request, response) => {
				const { link_id } = JSON.parse(request.body) as { link_id: string };
				const name = names[link_id];
				const reply = name ? ok({ link: { link_name: name } }) : errcode(40097);
				await reply(request, response);
			},
		});

	it('shows links by name, the id where WeCom does not tell', async () => {
		await start(named({ L1: '春季', L2: '', L3: 'Autumn' }, 'c1'));
		expect(await search()).toEqual({
			results: [
				{ name: '春季', value: 'L1' },
				{ name: 'L2', value: 'L2' },
				{ name: 'Autumn', value: 'L3' },
			],
			paginationToken: 'c1',
		});
		expect(JSON.parse(server.to(`${LINKS}/list`)[0]?.body ?? '')).toEqual({ cursor: '', limit: 50 });
		await search(undefined, 'c1');
		expect(JSON.parse(server.to(`${LINKS}/list`)[1]?.body ?? '')).toEqual({ cursor: 'c1', limit: 50 });
	}); // prettier-ignore

	it('finds by name and by id, and asks for each name once', async () => {
		await start(named({ La: 'Spring', Lb: 'Autumn' }));
		expect((await search('aut')).results).toEqual([{ name: 'Autumn', value: 'Lb' }]);
		expect((await search('la')).results).toEqual([{ name: 'Spring', value: 'La' }]);
		expect((await search('winter')).results).toEqual([]);
		expect(server.to(`${LINKS}/get`)).toHaveLength(2);
	});

	it('says what WeCom refuses', async () => {
		await start(errcode(48002, 'api forbidden'));
		await expect(search()).rejects.toMatchObject({
			message: expect.stringContaining('48002') as string,
			description: expect.stringContaining('获客助手') as string,
		});
	});
});

describe('against the simulator', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench({ messageCount: 1 });
	});

	afterAll(async () => {
		await bench.stop();
	});

	const on = async (operation: string, parameters: IDataObject = {}) =>
		await run(operation, parameters, undefined, {}, bench.engine);

	it('a link lives: created, listed, changed, asked about, deleted', async () => {
		const users = bench.wecom.world.members.slice(0, 3).map(({ userid }) => userid);
		const created = await on('link.create', {
			linkName: '春季 Fair',
			userList: users.slice(0, 2).join(),
			additionalFields: { skipVerify: false, customerChannel: 'booth 3' },
		});
		expect(created.error).toBeUndefined();
		const { link_id, url, channel_url } = created.json[0] as Record<string, string>;
		expect(channel_url).toBe(`${url}?customer_channel=booth%203`);

		const listed = await on('link.getAll', { returnAll: true, includeDetails: true });
		expect(listed.json.find((link) => link.link_id === link_id)).toMatchObject({
			link_name: '春季 Fair',
			user_list: users.slice(0, 2),
			skip_verify: false,
		});

		const changed = await on('link.update', {
			...byId(String(link_id)),
			updateFields: { linkName: 'Autumn', userList: users[2] },
		});
		expect(changed.error).toBeUndefined();
		expect((await on('link.get', byId(String(link_id)))).json[0]).toMatchObject({
			link_name: 'Autumn',
			user_list: [users[2]],
			department_list: [],
		});

		const today = new Date();
		const { json: counts, error } = await on('link.getStatistics', {
			...byId(String(link_id)),
			startTime: new Date(today.getTime() - 7 * DAY * 1000).toISOString(),
			endTime: today.toISOString(),
		});
		expect(error).toBeUndefined();
		expect(counts[0]).toMatchObject({
			link_id,
			click_link_customer_cnt: expect.any(Number) as number,
			new_customer_cnt: expect.any(Number) as number,
		});

		expect((await on('link.delete', byId(String(link_id)))).json).toEqual([{ deleted: true }]);
		const left = await on('link.getAll', { returnAll: true });
		expect(left.json.map((link) => link.link_id)).not.toContain(link_id);
		expect((await on('link.get', byId(String(link_id)))).error).toBeDefined();
	});

	it('the authorized links have customers', async () => {
		const { json: output, error } = await on('component.getAuthInfo');
		expect(error).toBeUndefined();
		const [linkId] = output[0]?.link_id_list as string[];
		const customers = await on('customer.getAll', { ...byId(String(linkId)), returnAll: true });
		expect(customers.error).toBeUndefined();
		expect(customers.json.length).toBeGreaterThan(0);
		expect(customers.json[0]).toMatchObject({
			link_id: linkId,
			external_userid: expect.stringMatching(/^w[mo]/) as string,
			chat_status_name: expect.stringMatching(/^(no message yet|wrote|unknown)$/) as string,
		});
	});
});
