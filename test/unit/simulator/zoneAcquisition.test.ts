import { startSimulator, type Simulator } from '../../../simulator';
import { ask, call, get, getToken, refusal } from './support';

const ACQUISITION = '/externalcontact/customer_acquisition';
const DAY = 86_400;

let simulator: Simulator;
let token: string;
let now = Date.now();

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 1, now: () => now });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const send = (path: string, body: object) => call(simulator, `${ACQUISITION}/${path}`, token, body);
const codeOf = async (path: string, body: object) => (await send(path, body)).errcode;
const openIds = () => simulator.world.members.map(({ openUserid }) => openUserid);

describe('a link', () => {
	const create = async (body: object = {}) => {
		const range = { user_list: openIds().slice(0, 2) };
		const answer = await send('create_link', { link_name: '秋季活动', range, ...body });
		expect(answer.errcode).toBe(0);
		return (answer.link as { link_id: string }).link_id;
	};

	test('lives from create_link to delete_link, by open ids', async () => {
		const [first, second] = openIds();
		const link_id = await create();
		expect(await send('get', { link_id })).toMatchObject({
			link: { link_name: '秋季活动' },
			range: { user_list: [first, second], department_list: [] },
		});
		const priority_option = { priority_type: 2, priority_userid_list: [second] };
		const changes = { range: { user_list: [second] }, priority_option };
		expect(await codeOf('update_link', { link_id, ...changes })).toBe(0);
		expect(await send('get', { link_id })).toMatchObject({
			range: { user_list: [second] },
			priority_option,
		});
		expect(await codeOf('delete_link', { link_id })).toBe(0);
		expect(await codeOf('get', { link_id })).toBe(40058);
	});

	test('is the same one that the reference contract has, by plain accounts', async () => {
		const link_id = await create();
		const answer = await call(simulator, `${ACQUISITION}_link/get`, token, { link_id });
		const members = simulator.world.members.slice(0, 2).map(({ userid }) => userid);
		expect(answer).toMatchObject({ range: { user_list: members } });
	});

	test('is not for plain accounts', async () => {
		const body = { link_name: 'a', range: { user_list: ['zhangwei'] } };
		expect(await codeOf('create_link', body)).toBe(60011);
	});

	test('is in the list, page by page', async () => {
		const first = await send('list_link', { limit: 2 });
		const rest = await send('list_link', { limit: 100, cursor: first.next_cursor });
		const ids = [...(first.link_id_list as string[]), ...(rest.link_id_list as string[])];
		expect(ids).toEqual(simulator.acquisition.links.map(({ linkId }) => linkId));
		expect(rest).not.toHaveProperty('has_more');
		expect(await codeOf('list_link', { limit: 101 })).toBe(40058);
	});
});

test('customers have followers by open ids where the first page is asked for without cursor', async () => {
	const link_id = simulator.acquisition.links[0]?.linkId;
	const first = await send('customer', { link_id, limit: 2 });
	const rest = await send('customer', { link_id, limit: 2, cursor: first.next_cursor });
	const found = [...(first.customer_list as object[]), ...(rest.customer_list as object[])];
	expect(openIds()).toEqual(expect.arrayContaining(found.map((one) => (one as { userid: string }).userid))); // prettier-ignore
	const plain = await send('customer', { link_id, limit: 4, cursor: '' });
	const [customer] = plain.customer_list as Array<{ userid: string }>;
	expect(simulator.world.members.map(({ userid }) => userid)).toContain(customer?.userid);
});

test('the component tells who pays, to a corp token', async () => {
	expect(await send('get_comp_auth_info', {})).toEqual({
		errcode: 0,
		errmsg: 'ok',
		pay_mode: 1,
		price: 300,
		link_auth_mode: 1,
		auth_apps: [{ agentid: 1_000_030 }],
	});
	const url = `${ACQUISITION}/get_comp_auth_info?access_token=${simulator.suiteAccessToken}`;
	expect((await ask(simulator, url, {})).errcode).toBe(40014);
});

test('the quota is what is left until when, by GET', async () => {
	const answer = await get(simulator, `${ACQUISITION}_quota?access_token=${token}`);
	const parts = answer.quota_list as Array<{ balance: number; expire_date: number }>;
	expect(parts.reduce((sum, { balance }) => sum + balance, 0)).toBe(answer.balance);
	expect(parts.every(({ expire_date: at }) => (at + 8 * 3600) % DAY === 0)).toBe(true);
	expect((await call(simulator, `${ACQUISITION}_quota`, token, {})).errcode).toBe(43001);
});

describe('get_chat_info', () => {
	test('tells who wrote, for half an hour', async () => {
		const [link] = simulator.acquisition.links;
		const chat_key = simulator.acquisition.chatKey(link?.linkId as string);
		const answer = await send('get_chat_info', { chat_key });
		expect(answer).toMatchObject({
			userid: expect.stringMatching(/^wo/) as string,
			external_userid: expect.stringMatching(/^wm/) as string,
			chat_info: { recv_msg_cnt: expect.any(Number) as number, link_id: link?.linkId },
		});
		now += 1_800_000;
		expect(await codeOf('get_chat_info', { chat_key })).toBe(41201);
		expect(await codeOf('get_chat_info', { chat_key: 'guess' })).toBe(41201);
		expect(() => simulator.acquisition.chatKey('nothing')).toThrow(RangeError);
	});
});

describe('create_once_key', () => {
	test('gives 100 keys, or as many as asked for, never the same', async () => {
		const link_id = simulator.acquisition.links[0]?.linkId;
		const keysOf = async (body: object) =>
			(await send('create_once_key', { link_id, ...body })).keys as string[];
		const keys = [...(await keysOf({})), ...(await keysOf({ key_num: 3 }))];
		expect(keys).toHaveLength(103);
		expect(new Set(keys).size).toBe(103);
		expect(await codeOf('create_once_key', { link_id, key_num: 1001 })).toBe(40058);
		expect(await codeOf('create_once_key', { key_num: 1 })).toBe(40063);
	});
});

describe('get_bill_list', () => {
	const bills = async (body: object = {}) =>
		await ask(
			simulator,
			`/service/customer_acquisition/get_bill_list?suite_access_token=${simulator.suiteAccessToken}`,
			{
				begin_time: Math.floor(now / 1000) - 30 * DAY,
				end_time: Math.floor(now / 1000),
				auth_corpid: simulator.corp.corpId,
				...body,
			},
		);

	test('lists what was paid for, without next_cursor at the end', async () => {
		const first = await bills({ limit: 40 });
		expect((first.bill_list as object[])[0]).toMatchObject({
			timestamp: expect.any(Number) as number,
			price: 300,
		});
		let [last, count] = [first, (first.bill_list as object[]).length];
		while (last.next_cursor !== undefined) {
			last = await bills({ limit: 40, cursor: last.next_cursor });
			count += (last.bill_list as object[]).length;
		}
		const whole = (await bills({ limit: 1000 })).bill_list as Array<Record<string, unknown>>;
		expect(count).toBe(whole.length);
		expect(whole.some(({ state }) => state === undefined)).toBe(true);
		expect(whole.every(({ state }) => state !== '')).toBe(true);
	});

	test('leaves the link out that was deleted', async () => {
		// Other tests ask about the first one.
		const link_id = simulator.acquisition.links[1]?.linkId;
		await send('delete_link', { link_id });
		const whole = (await bills({ limit: 1000 })).bill_list as Array<Record<string, unknown>>;
		expect(whole.some((bill) => bill.link_id === undefined)).toBe(true);
		expect(whole.some((bill) => bill.link_id === link_id)).toBe(false);
	});

	test.each([
		['more than 31 days', { begin_time: 1 }, 40058],
		['an end before the start', { end_time: 1 }, 40058],
		['another corp', { auth_corpid: 'wpNobody' }, 40013],
		['no corp', { auth_corpid: undefined }, 40063],
		['more than 1000 a page', { limit: 1001 }, 40058],
	])('is refused for %s', async (_what, body, errcode) => {
		expect((await bills(body)).errcode).toBe(errcode);
	});

	test('takes the token of the suite', async () => {
		const path = '/service/customer_acquisition/get_bill_list';
		expect((await refusal(simulator, path, token, {}))[0]).toBe(41022);
		expect((await ask(simulator, `${path}?suite_access_token=${token}`, {})).errcode).toBe(40082);
	});
});
