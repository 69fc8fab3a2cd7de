import { startSimulator, type Simulator } from '../../../simulator';
import { call, get, getToken, post } from './support';

const CHAT_DATA = '/msgaudit/get_chat_data';
const AGREE = '/msgaudit/check_single_agree';
const GROUP = '/msgaudit/get_inner_group';

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 60, maxResponseBytes: 30_000 });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

async function refusal(path: string, body: unknown): Promise<[number, string]> {
	const { errcode, errmsg } = await call(simulator, path, token, body);
	return [errcode, errmsg];
}

describe('get_chat_data', () => {
	test('takes the full request of the reference and answers as it says', async () => {
		const body = { seq: 0, limit: 2, proxy: '', passwd: '', timeout: 10 };
		const answer = await call(simulator, CHAT_DATA, token, body);
		expect(answer).toEqual({
			errcode: 0,
			errmsg: 'ok',
			chatdata: [expect.anything(), expect.anything()],
		});
		expect(Object.keys((answer.chatdata as object[])[0] as object)).toEqual([
			'seq',
			'msgid',
			'publickey_ver',
			'encrypt_random_key',
			'encrypt_chat_msg',
		]);
	});

	test('answers past the end with an empty list', async () => {
		const answer = await call(
			simulator,
			CHAT_DATA,
			token,
			'{"seq":18446744073709551615,"limit":1}',
		);
		expect(answer).toEqual({ errcode: 0, errmsg: 'ok', chatdata: [] });
	});

	test.each([
		['seq', '{"seq":"0","limit":1}'],
		['seq', '{"seq":-1,"limit":1}'],
		['seq', '{"seq":1.0,"limit":1}'],
		['seq', '{"seq":1e3,"limit":1}'],
		['seq', '{"seq":null,"limit":1}'],
		['seq', '{"seq":18446744073709551616,"limit":1}'],
		['limit', '{"seq":0,"limit":0}'],
		['limit', '{"seq":0,"limit":1001}'],
		['limit', '{"seq":0,"limit":"10"}'],
		['proxy', '{"seq":0,"limit":1,"proxy":null}'],
		['passwd', '{"seq":0,"limit":1,"passwd":1}'],
		['timeout', '{"seq":0,"limit":1,"timeout":0}'],
		['timeout', '{"seq":0,"limit":1,"timeout":"10"}'],
		['cursor', '{"seq":0,"limit":1,"cursor":""}'],
		['__proto__', '{"seq":0,"limit":1,"__proto__":{}}'],
		['constructor', '{"seq":0,"limit":1,"constructor":1}'],
	])('refuses a wrong or unknown %s: %s', async (field, body) => {
		const [errcode, errmsg] = await refusal(CHAT_DATA, body);
		expect(errcode).toBe(40058);
		expect(errmsg).toContain(field);
	});

	test.each([
		['seq', '{"limit":1}'],
		['limit', '{"seq":0}'],
	])('asks for %s', async (field, body) => {
		const [errcode, errmsg] = await refusal(CHAT_DATA, body);
		expect(errcode).toBe(40063);
		expect(errmsg).toContain(`${field} is missing`);
	});

	test('refuses an answer over the byte limit, until limit is lower', async () => {
		expect((await refusal(CHAT_DATA, { seq: 0, limit: 60 }))[0]).toBe(301058);
		expect((await refusal(CHAT_DATA, { seq: 0, limit: 10 }))[0]).toBe(0);
	});
});

describe('check_single_agree', () => {
	test('answers for each pair, agreed or not, in order', async () => {
		const { customers, members } = simulator.world;
		const info = customers.map((customer, index) => ({
			userid: members[index % members.length]?.userid,
			exteranalopenid: customer.externalUserid,
		}));
		const { agreeinfo } = await call(simulator, AGREE, token, { info });
		expect(agreeinfo).toEqual(
			customers.map((customer, index) => ({
				...info[index],
				status_change_time: customer.decidedAt,
				agree_status: customer.agrees ? 'Agree' : 'Disagree',
			})),
		);
		expect(new Set(customers.map((customer) => customer.agrees))).toEqual(new Set([true, false]));
	});

	test('takes 1 to 100 pairs of people it knows', async () => {
		const pair = {
			userid: simulator.world.members[0]?.userid,
			exteranalopenid: simulator.world.customers[0]?.externalUserid,
		};
		const codeFor = async (info: unknown) => (await refusal(AGREE, { info }))[0];
		expect(await codeFor(Array(100).fill(pair))).toBe(0);
		expect(await codeFor(Array(101).fill(pair))).toBe(301060);
		expect(await codeFor([])).toBe(40063);
		expect(await codeFor([{ ...pair, userid: 'nobody' }])).toBe(301061);
		expect(await codeFor([{ ...pair, exteranalopenid: 'wmNobody' }])).toBe(301061);
		expect(await codeFor('all')).toBe(40058);
		expect(await codeFor(['pair'])).toBe(40058);
		expect(await refusal(AGREE, { info: [{ userid: 'zhangwei' }] })).toEqual([
			40063,
			expect.stringContaining('info[0].exteranalopenid'),
		]);
		expect(
			await refusal(AGREE, { info: [{ ...pair, externalopenid: pair.exteranalopenid }] }),
		).toEqual([40058, expect.stringContaining('info[0].externalopenid')]);
	});
});

describe('get_inner_group', () => {
	test('describes an internal group', async () => {
		const group = simulator.world.groups.find((one) => one.internal);
		const answer = await call(simulator, GROUP, token, { roomid: group?.roomid });
		expect(answer).toEqual({
			errcode: 0,
			errmsg: 'ok',
			roomname: group?.name,
			creator: group?.creator,
			room_create_time: group?.createdAt,
			notice: group?.notice,
			members: group?.members.map((one) => ({ memberid: one.id, jointime: one.joinedAt })),
		});
	});

	test('refuses groups with customers and groups it does not know', async () => {
		const external = simulator.world.groups.find((one) => !one.internal);
		expect((await refusal(GROUP, { roomid: external?.roomid }))[0]).toBe(301059);
		expect((await refusal(GROUP, { roomid: 'wrNowhere' }))[0]).toBe(40058);
		expect((await refusal(GROUP, {}))[0]).toBe(40063);
	});
});

describe('the HTTP side', () => {
	test('says how to go on in every errmsg', async () => {
		const [, errmsg] = await refusal(CHAT_DATA, '{}');
		expect(errmsg).toMatch(
			/, hint: \[\S+\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40063$/,
		);
	});

	test('refuses the wrong method with HTTP 200', async () => {
		expect((await get(simulator, `${CHAT_DATA}?access_token=${token}`)).errcode).toBe(43002);
		expect((await call(simulator, '/gettoken', token, {})).errcode).toBe(43001);
	});

	test.each(['', '{', 'seq=0&limit=1', '[1]', 'null', '"text"'])(
		'refuses a body that is not a JSON object: %j',
		async (body) => {
			expect((await refusal(CHAT_DATA, body))[0]).toBe(47001);
		},
	);

	test('answers an unknown path with HTTP 404 and nothing', async () => {
		const response = await post(simulator, '/message/getchatdata', token, {});
		expect([response.status, await response.text()]).toEqual([404, '']);
		expect(simulator.requests.at(-1)?.path).toBe('/cgi-bin/message/getchatdata');
	});

	test('answers a body of more than 1 MB with HTTP 413', async () => {
		const response = await post(simulator, CHAT_DATA, token, ' '.repeat(1_048_577));
		expect(response.status).toBe(413);
	});

	test('keeps every request with its parameters and body', async () => {
		await call(simulator, GROUP, token, { roomid: 'wr1' });
		expect(simulator.requests.at(-1)).toEqual({
			method: 'POST',
			path: '/cgi-bin/msgaudit/get_inner_group',
			query: { access_token: token },
			body: { roomid: 'wr1' },
			at: expect.any(Number),
		});
	});
});
