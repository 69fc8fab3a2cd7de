import { generateKeyPairSync } from 'node:crypto';
import { startSimulator, type Simulator } from '../../../simulator';
import {
	ask,
	call,
	getToken,
	multipart,
	openWithForge,
	page,
	post,
	refusal,
	upload,
} from './support';

const ORDERS = '/advanced_api';
const USERS = '/chatdata/get_auth_user_list';

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 3 });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const order = (path: string, body: object) =>
	ask(simulator, `${ORDERS}/${path}?provider_access_token=${simulator.providerAccessToken}`, body);

describe('a host that serves', () => {
	const statusOf = async (one: Simulator, path: string) =>
		(await post(one, path, await getToken(one), {})).status;
	const OWN = {
		reference: ['/msgaudit/search_session', '/service/contact/batchorder/list', '/msgaudit/model/tag'],
		dataZone: [USERS, `${ORDERS}/list_order`, '/media/upload'],
		messageArchive: ['/msgaudit/check_room_agree', '/msgaudit/groupchat/get', '/finance_sdk/GetChatData'],
	} as const; // prettier-ignore
	const SHARED = [
		'/gettoken',
		'/agent/get_permissions',
		'/chatdata/sync_call_program',
		'/chatdata/async_program_task',
		'/externalcontact/customer_acquisition/statistic',
		'/externalcontact/customer_acquisition/customer',
	];

	test.each([
		['reference', 'dataZone'],
		['dataZone', 'reference'],
		['dataZone', 'messageArchive'],
		['messageArchive', 'reference'],
		['messageArchive', 'dataZone'],
	] as const)('%s alone answers the paths of %s with 404', async (served, other) => {
		const one = await startSimulator({ messageCount: 1, contracts: [served] });
		const statuses = async (paths: readonly string[]) =>
			new Set(await Promise.all(paths.map((path) => statusOf(one, path))));
		expect(await statuses(OWN[other])).toEqual(new Set([404]));
		expect(await statuses([...OWN[served], ...SHARED])).toEqual(new Set([200]));
		await one.stop();
	});

	test('all has the paths of all', async () => {
		for (const path of Object.values(OWN).flat()) {
			expect(await statusOf(simulator, path)).toBe(200);
		}
	});

	test('nothing there is not started', async () => {
		await expect(startSimulator({ contracts: [] })).rejects.toThrow(RangeError);
		await expect(startSimulator({ contracts: ['archive' as 'dataZone'] })).rejects.toThrow(
			'contracts',
		);
	});
});

describe('orders', () => {
	test('are the same ones by either path', async () => {
		const { corpId } = simulator.orders.corps[3] as { corpId: string };
		const { order_id: orderId } = await order('create_order', {
			custom_corpid: corpId,
			buyer_userid: 'buyer1',
			chat_archive_api: { edition: 2, purchase_count: 10 },
		});
		expect((await order('submit_pay', { order_id: orderId, payer_userid: 'p' })).errcode).toBe(0);
		const url = `/service/contact/batchorder/get?provider_access_token=${simulator.providerAccessToken}`;
		expect(await ask(simulator, url, { order_id: orderId })).toEqual(
			await order('get_order', { order_id: orderId }),
		);
		expect(await order('get_corp_buy_info', { advanced_api_type: 1, custom_corpid: corpId })).toMatchObject({
			chat_archive_api_buy_info: { edition_list: [{ edition: 2, purchase_count: 10 }] },
		}); // prettier-ignore
		expect((await order('cancel_order', { order_id: orderId })).errcode).toBe(701169);
	});

	test('are listed without a cursor first, 500 a page', async () => {
		const all = await order('list_order', {});
		expect(all).toMatchObject({ errcode: 0, has_more: 0, next_cursor: '' });
		const first = await order('list_order', { limit: 20 });
		expect(first.has_more).toBe(1);
		const rest = await order('list_order', { limit: 20, cursor: first.next_cursor });
		expect([...(first.order_list as object[]), ...(rest.order_list as object[])]).toEqual(all.order_list); // prettier-ignore
	});

	test('tell their original price when they are upgrades', async () => {
		const { list } = simulator.orders;
		for (const { orderId, type } of list.slice(0, 20)) {
			const answer = await order('get_order', { order_id: orderId });
			const { chat_archive_api: api } = answer.order as { chat_archive_api: object };
			expect('original_price' in api).toBe(type === 3);
		}
		expect(new Set(list.slice(0, 20).map(({ type }) => type === 3)).size).toBe(2);
	});

	test('are bought and paid by plain accounts of the provider', async () => {
		const id = simulator.world.members[0]?.openUserid;
		const body = { custom_corpid: 'wp', chat_archive_api: { edition: 2, purchase_count: 1 } };
		expect((await order('create_order', { ...body, buyer_userid: id })).errcode).toBe(49009);
		expect((await order('submit_pay', { order_id: 'O', payer_userid: id })).errcode).toBe(48001);
	});

	test('take the token of the provider alone', async () => {
		const path = `${ORDERS}/list_order`;
		expect((await ask(simulator, `${path}?provider_access_token=${token}`, {})).errcode).toBe(
			40014,
		);
		expect((await ask(simulator, `${path}?access_token=${token}`, {})).errcode).toBe(41001);
	});
});

test('an empty cursor is refused on every path that has one', async () => {
	const { suiteAccessToken: suite, providerAccessToken: provider, acquisition } = simulator;
	const period = { begin_time: 1, end_time: 2, auth_corpid: simulator.corp.corpId };
	const alone = await startSimulator({ messageCount: 1, contracts: ['dataZone'] });
	const refused = [
		await ask(simulator, `${ORDERS}/list_order?provider_access_token=${provider}`, { cursor: '' }),
		await call(simulator, USERS, token, { cursor: '' }),
		await call(simulator, '/externalcontact/customer_acquisition/list_link', token, { cursor: '' }),
		await ask(simulator, `/service/customer_acquisition/get_bill_list?suite_access_token=${suite}`, { ...period, cursor: '' }),
		await call(alone, '/externalcontact/customer_acquisition/customer', await getToken(alone), { link_id: acquisition.links[0]?.linkId, cursor: '' }),
	]; // prettier-ignore
	await alone.stop();
	for (const { errcode, errmsg } of refused) {
		expect([errcode, errmsg]).toEqual([40058, expect.stringContaining('cursor')]);
	}
});

describe('set_public_key', () => {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
		publicKeyEncoding: { type: 'spki', format: 'pem' },
	});
	const set = (public_key_ver: number) =>
		refusal(simulator, '/chatdata/set_public_key', token, {
			public_key: publicKey,
			public_key_ver,
		});

	test('takes a version above the last one, for records of both contracts', async () => {
		expect((await set(2))[0]).toBe(40212);
		expect((await set(5))[0]).toBe(0);
		const [added] = simulator.addMessages(1);
		const [record] = await page(simulator, token, Number(added?.seq) - 1, 1);
		expect(record?.publickey_ver).toBe(5);
		if (record !== undefined) expect(openWithForge(record, privateKey)).toEqual(added?.plaintext);
	});
});

describe('get_auth_user_list', () => {
	test('names members by their open ids, and takes no type', async () => {
		const all = await call(simulator, USERS, token, {});
		expect((all.auth_user_list as Array<{ userid: string }>).map(({ userid }) => userid)).toEqual(
			simulator.world.members.map(({ openUserid }) => openUserid),
		);
		const first = await call(simulator, USERS, token, { limit: 5 });
		expect(first).toMatchObject({ has_more: true, next_cursor: expect.any(String) as string });
		const rest = await call(simulator, USERS, token, { limit: 5, cursor: first.next_cursor });
		expect([...(first.auth_user_list as object[]), ...(rest.auth_user_list as object[])]).toEqual(
			all.auth_user_list,
		);
		expect((await refusal(simulator, USERS, token, { type: 2 }))[0]).toBe(40058);
	});

	test('open ids are stable, one a member, and not the accounts', async () => {
		const other = await startSimulator({ messageCount: 1 });
		expect(other.world.members).toEqual(simulator.world.members);
		await other.stop();
		const ids = simulator.world.members.map(({ openUserid }) => openUserid);
		expect(new Set(ids).size).toBe(8);
		expect(ids.every((id) => /^wo\w{30}$/.test(id))).toBe(true);
	});
});

test('get_corp_auth_info tells the editions, and for whom they are', async () => {
	const answer = await call(simulator, '/chatdata/get_corp_auth_info', token, '');
	expect(answer).toMatchObject({
		errcode: 0,
		auth_edition_list: [{ edition: 2, status: 3 }, { edition: 3, status: 7 }],
	}); // prettier-ignore
	const [first] = answer.auth_edition_list as Array<{ auth_scope: { userid_list: string[] } }>;
	const { userid_list: ids } = first?.auth_scope ?? { userid_list: [] };
	expect(ids.length).toBeGreaterThan(0);
	expect(ids.every((id) => id.startsWith('wo'))).toBe(true);
	expect((await refusal(simulator, '/chatdata/get_corp_auth_info', token, { a: 1 }))[0]).toBe(
		40058,
	);
});

describe('the log level', () => {
	const set = '/chatdata/set_log_level';
	const get = '/chatdata/get_log_level';

	test('is 2 until it is set', async () => {
		const program_id = simulator.programs.python;
		expect(await call(simulator, get, token, { program_id })).toMatchObject({ log_level: 2 });
		expect((await refusal(simulator, set, token, { program_id, log_level: 3 }))[0]).toBe(0);
		expect(await call(simulator, get, token, { program_id })).toMatchObject({ log_level: 3 });
		expect((await refusal(simulator, get, token, {}))[0]).toBe(40063);
		expect((await refusal(simulator, get, token, { program_id: 'p' }))[0]).toBe(800001);
	});
});

describe('debug mode', () => {
	const PATH = '/chatdata/';
	const ask_ = (path: string, body: object) =>
		call(simulator, `${PATH}${path}_debug_mode`, token, { program_id: simulator.programs.java, ...body }); // prettier-ignore

	test('is opened by the token of the console, and closed once', async () => {
		expect(await ask_('check', {})).toMatchObject({ debug_mode_status: 1 });
		expect((await ask_('close', {})).errcode).toBe(710673);
		expect((await ask_('open', { debug_token: 'guess' })).errcode).toBe(710671);
		expect((await ask_('open', {})).errcode).toBe(40063);
		expect((await ask_('open', { debug_token: simulator.debugToken })).errcode).toBe(0);
		expect(await ask_('check', {})).toMatchObject({ debug_mode_status: 2 });
		expect((await ask_('close', {})).errcode).toBe(0);
		expect(await ask_('check', {})).toMatchObject({ debug_mode_status: 1 });
	});
});

describe('what the display component hides', () => {
	const path = (verb: string) => `/chatdata/${verb}_hide_sensitiveinfo_config`;

	test('is everything at first, then what a config names', async () => {
		const userid = simulator.world.members[2]?.openUserid;
		const config = async () => (await call(simulator, path('get'), token, { userid })).config;
		expect(await config()).toEqual({ hide_mobile: true, hide_idcard: true, hide_bankno: true });
		const body = { userid, config: { hide_idcard: true } };
		expect((await refusal(simulator, path('set'), token, body))[0]).toBe(0);
		expect(await config()).toEqual({ hide_mobile: false, hide_idcard: true, hide_bankno: false });
	});

	test('is nothing of a plain account', async () => {
		const userid = simulator.world.members[2]?.userid;
		expect((await refusal(simulator, path('get'), token, { userid }))[0]).toBe(710608);
		expect((await refusal(simulator, path('set'), token, { userid, config: {} }))[0]).toBe(710608);
		const other = { userid: simulator.world.members[2]?.openUserid, config: { hide_email: true } };
		expect((await refusal(simulator, path('set'), token, other))[0]).toBe(40058);
	});
});

describe.each(['/chatdata/upload_media', '/media/upload'])('%s', (path) => {
	const send = (content: Buffer, query?: string) =>
		upload(simulator, token, multipart(content), query, path);

	test('takes a file, with an empty errmsg and the moment as text', async () => {
		expect(await send(Buffer.from('会话导出模板'))).toEqual({
			errcode: 0,
			errmsg: '',
			type: 'file',
			media_id: expect.any(String) as string,
			created_at: expect.stringMatching(/^\d{10}$/) as string,
		});
	});

	test('refuses a small one, and one of no type', async () => {
		expect((await send(Buffer.from('12345'))).errcode).toBe(40058);
		expect((await send(Buffer.from('123456'), '')).errcode).toBe(40063);
	});
});
