import { startSimulator, type Simulator } from '../../../simulator';
import { call, get, getToken, refusal, walk } from './support';

const LINKS = '/externalcontact/customer_acquisition_link';
const ACQUISITION = '/externalcontact/customer_acquisition';
const DAY = 86_400;

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 1 });
});
beforeEach(async () => {
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const ask = (path: string, body: object) => call(simulator, path, token, body);
const refuse = (path: string, body: object) => refusal(simulator, path, token, body);
const [first, second] = ['zhangwei', 'LiNa'];
/** The links that are there from the start. */
const seeded = ({ acquisition: { links } }: Simulator) =>
	links.slice(0, 3).map(({ linkId }) => linkId);

async function create(body: object = {}): Promise<string> {
	const answer = await ask(`${LINKS}/create`, {
		link_name: '秋季活动',
		range: { user_list: [first] },
		...body,
	});
	expect(answer.errcode).toBe(0);
	return (answer.link as { link_id: string }).link_id;
}

async function authInfo(query: string) {
	const url = `${simulator.url}/cgi-bin${ACQUISITION}/get_auth_info?${query}`;
	const response = await fetch(url, { method: 'POST', body: '{}' });
	return (await response.json()) as { errcode: number; auth_info?: object };
}

describe('the component', () => {
	test('tells what the corp authorized, to the suite_access_token alone', async () => {
		expect(await authInfo(`suite_access_token=${simulator.suiteAccessToken}`)).toMatchObject({
			errcode: 0,
			auth_info: {
				link_id_list: seeded(simulator),
				status: 1,
			},
		});
		expect((await authInfo(`access_token=${token}`)).errcode).toBe(41022);
		expect((await authInfo(`suite_access_token=${token}`)).errcode).toBe(40082);
		const expired = simulator.suiteAccessToken;
		simulator.expireTokens();
		expect((await authInfo(`suite_access_token=${expired}`)).errcode).toBe(42009);
	});
});

describe('a link', () => {
	test('lives from create to delete', async () => {
		const linkId = await create({ range: { user_list: [first], department_list: [2] } });
		expect(await ask(`${LINKS}/get`, { link_id: linkId })).toEqual({
			errcode: 0,
			errmsg: 'ok',
			link: {
				link_name: '秋季活动',
				url: `https://work.weixin.qq.com/ca/${linkId}`,
				create_time: expect.any(Number) as number,
				skip_verify: true,
				mark_source: true,
			},
			range: { user_list: [first], department_list: [2] },
		});
		const changes = {
			range: { user_list: [second] },
			priority_option: { priority_type: 2, priority_userid_list: [second] },
		};
		expect((await ask(`${LINKS}/update`, { link_id: linkId, ...changes })).errcode).toBe(0);
		expect(await ask(`${LINKS}/get`, { link_id: linkId })).toMatchObject({
			link: { link_name: '秋季活动' },
			range: { user_list: [second], department_list: [] },
			priority_option: changes.priority_option,
		});
		expect((await ask(`${LINKS}/delete`, { link_id: linkId })).errcode).toBe(0);
		expect(await refuse(`${LINKS}/get`, { link_id: linkId })).toEqual([
			40058,
			expect.stringContaining('link_id'),
		]);
	});

	test('is in the list once, over all pages', async () => {
		for (let index = 0; index < 5; index++) await create();
		const pages = await walk(simulator, `${LINKS}/list`, token, { limit: 2 });
		const ids = pages.flatMap(({ link_id_list: list }) => list as string[]);
		expect(ids).toEqual(simulator.acquisition.links.map(({ linkId }) => linkId));
		expect(ids.length).toBeGreaterThanOrEqual(8);
	});

	test.each([
		['create', { range: { user_list: [first] } }, 40063, 'link_name'],
		['create', { link_name: 'a' }, 40063, 'range'],
		['create', { link_name: '名'.repeat(31), range: { user_list: [first] } }, 40058, 'link_name'],
		['create', { link_name: 'a', range: {} }, 40058, 'range.user_list'],
		['create', { link_name: 'a', range: { user_list: ['nobody'] } }, 60011, 'nobody'],
		['create', { link_name: 'a', range: { department_list: [99] } }, 60011, '99'],
		['create', { link_name: 'a', range: { department_list: ['2'] } }, 40058, 'department_list[0]'],
		[
			'create',
			{ link_name: 'a', range: { user_list: Array(501).fill(first) } },
			40058,
			'user_list',
		],
		[
			'create',
			{ link_name: 'a', range: { user_list: [first] }, skip_verify: 1 },
			40058,
			'skip_verify',
		],
		['create', { link_name: 'a', range: { user_list: [first] }, priority_option: { priority_type: 2 } }, 40063, 'priority_userid_list'], // prettier-ignore
		[
			'create',
			{ link_name: 'a', range: { user_list: [first] }, name: 'a' },
			40058,
			'unknown field name',
		],
		['update', { link_name: 'a' }, 40063, 'link_id'],
		['update', { link_id: 'nothing', link_name: 'a' }, 40058, 'link_id'],
		['get', {}, 40063, 'link_id'],
		['delete', { link_id: 'nothing' }, 40058, 'link_id'],
		['list', { limit: 10 }, 40063, 'cursor'],
		['list', { cursor: '', limit: 101 }, 40058, 'limit'],
		['list', { cursor: 'made up', limit: 10 }, 50100, 'cursor'],
	])('%s with %j is refused with %d', async (operation, body, errcode, words) => {
		expect(await refuse(`${LINKS}/${operation}`, body)).toEqual([
			errcode,
			expect.stringContaining(words),
		]);
	});
});

describe('customers', () => {
	test('of a link come once each over all pages, short ones included', async () => {
		const [link] = simulator.acquisition.links;
		const linkId = link?.linkId ?? '';
		const pages = await walk(simulator, `${ACQUISITION}/customer`, token, { link_id: linkId, limit: 10 }); // prettier-ignore
		expect(new Set(pages.map((page) => (page.customer_list as object[]).length)).size).toBeGreaterThan(1); // prettier-ignore
		const came = pages.flatMap((page) => page.customer_list as Array<Record<string, unknown>>);
		expect(came.map((one) => one.external_userid)).toEqual(
			simulator.acquisition.customers(linkId).map(({ externalUserid }) => externalUserid),
		);
		expect(came.length).toBeGreaterThan(60);
		expect(new Set(came.map((one) => one.chat_status))).toEqual(new Set([0, 1, 2]));
		expect(came[0]).toEqual({
			external_userid: expect.stringMatching(/^wm/) as string,
			userid: expect.any(String) as string,
			chat_status: expect.any(Number) as number,
			state: expect.any(String) as string,
		});
	});

	test('are none for a new link, and refused for none at all', async () => {
		const body = { link_id: await create(), cursor: '', limit: 1000 };
		expect(await ask(`${ACQUISITION}/customer`, body)).toMatchObject({ customer_list: [], next_cursor: '' }); // prettier-ignore
		expect((await refuse(`${ACQUISITION}/customer`, { ...body, link_id: 'nothing' }))[0]).toBe(
			40058,
		);
		expect((await refuse(`${ACQUISITION}/customer`, { ...body, limit: 1001 }))[0]).toBe(40058);
	});

	test('a cursor of one link does not go on in another', async () => {
		const [one, other] = simulator.acquisition.links.map(({ linkId }) => linkId);
		const page = await ask(`${ACQUISITION}/customer`, { link_id: one, cursor: '', limit: 5 });
		const body = { link_id: other, cursor: page.next_cursor, limit: 5 };
		expect((await refuse(`${ACQUISITION}/customer`, body))[0]).toBe(50100);
	});
});

describe('statistics', () => {
	const now = () => Math.floor(Date.now() / 1000);

	test('count whoever came within the days, both included', async () => {
		const [link] = simulator.acquisition.links;
		const customers = simulator.acquisition.customers(link?.linkId ?? '');
		const [start, end] = [now() - 29 * DAY, now()];
		const day = (seconds: number) => Math.floor((seconds + 8 * 3600) / DAY);
		const came = customers.filter(({ addedAt }) => day(addedAt) >= day(start)).length;
		expect(came).toBeGreaterThan(0);
		const body = { link_id: link?.linkId, start_time: start, end_time: end };
		expect(await ask(`${ACQUISITION}/statistic`, body)).toMatchObject({
			click_link_customer_cnt: 3 * came,
			new_customer_cnt: came,
		});
	});

	test.each([
		['no end', { start_time: now() }, 40063],
		['an end before the start', { start_time: now(), end_time: now() - DAY }, 40058],
		['more than 30 days', { start_time: now() - 31 * DAY, end_time: now() }, 40058],
		['what is long ago', { start_time: now() - 200 * DAY, end_time: now() - 190 * DAY }, 40058],
		['texts', { start_time: '1', end_time: '2' }, 40058],
	])('are refused for %s', async (_what, period, errcode) => {
		const body = { link_id: simulator.acquisition.links[0]?.linkId, ...period };
		expect((await refuse(`${ACQUISITION}/statistic`, body))[0]).toBe(errcode);
	});
});

test('the same seed brings the same links and customers', async () => {
	const other = await startSimulator({ messageCount: 1 });
	expect(other.acquisition.links.map(({ linkId }) => linkId)).toEqual(seeded(simulator));
	await other.stop();
	expect((await get(simulator, `${LINKS}/list?access_token=${token}`)).errcode).toBe(43002);
});
