import { credentialsFor, startSimulator, type Simulator } from '../../../simulator';
import { call, get, getToken, post, refusal } from './support';

const ROOM_AGREE = '/msgaudit/check_room_agree';
const GROUP = '/msgaudit/groupchat/get';
const MEMBERS = '/msgaudit/get_permit_user_list';
const LINKS = '/externalcontact/customer_acquisition';

let simulator: Simulator;
let alone: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 10 });
	alone = await startSimulator({ messageCount: 10, contracts: ['messageArchive'] });
	token = await getToken(simulator);
});
afterAll(async () => {
	await simulator.stop();
	await alone.stop();
});

/** The token of an app that a provider made. */
async function foreignToken(one: Simulator): Promise<string> {
	const { corpId, permanentCode } = one.customers[0] as (typeof one.customers)[0];
	const answer = await get(one, `/gettoken?corpid=${corpId}&corpsecret=${permanentCode}`);
	return answer.access_token as string;
}

describe('the message archive', () => {
	test('tells who of a group lets it be archived', async () => {
		const group = simulator.world.groups.find(({ internal }) => !internal);
		const answer = await call(simulator, ROOM_AGREE, token, { roomid: group?.roomid });
		const customers = simulator.world.customers.filter(({ externalUserid }) =>
			group?.members.some(({ id }) => id === externalUserid),
		);
		expect(customers.length).toBeGreaterThan(5);
		expect(answer).toEqual({
			errcode: 0,
			errmsg: 'ok',
			agreeinfo: customers.map(({ externalUserid, decidedAt, agrees }) => ({
				status_change_time: decidedAt,
				exteranalopenid: externalUserid,
				agree_status: agrees ? 'Agree' : 'Disagree',
			})),
		});
		const internal = simulator.world.groups.find((one) => one.internal)?.roomid;
		expect((await refusal(simulator, ROOM_AGREE, token, { roomid: internal }))[0]).toBe(301059);
	});

	test('tells a group of colleagues as the reference contract does', async () => {
		const [external, internal] = [false, true].map(
			(wanted) => simulator.world.groups.find((one) => one.internal === wanted)?.roomid,
		);
		const answer = await call(simulator, GROUP, token, { roomid: internal });
		expect(answer).toMatchObject({ errcode: 0, roomname: '销售部' });
		const before = await call(simulator, '/msgaudit/get_inner_group', token, { roomid: internal });
		expect(answer).toEqual(before);
		expect((await refusal(simulator, GROUP, token, { roomid: external }))[0]).toBe(301059);
	});

	test.each([ROOM_AGREE, GROUP])('%s wants one roomid and nothing else', async (path) => {
		expect(await refusal(simulator, path, token, {})).toEqual([
			40063,
			expect.stringContaining('roomid'),
		]);
		for (const body of [
			{ roomid: 5 },
			{ roomid: '' },
			{ roomid: 'wr0' },
			{ roomid: 'wr0', more: 1 },
		]) {
			expect((await refusal(simulator, path, token, body))[0]).toBe(40058);
		}
	});

	test('asks for the consent of a hundred pairs at most, by the path of both contracts', async () => {
		const { customers, members } = alone.world;
		const [customer, member] = [customers[0], members[0]];
		const pair = { userid: member?.userid, exteranalopenid: customer?.externalUserid };
		const own = await getToken(alone);
		const ask = async (info: object[]) =>
			await refusal(alone, '/msgaudit/check_single_agree', own, { info });
		expect((await ask(Array<object>(100).fill(pair)))[0]).toBe(0);
		expect((await ask(Array<object>(101).fill(pair)))[0]).toBe(301060);
		expect((await ask([{ ...pair, exteranalopenid: 'wm0' }]))[0]).toBe(301061);
	});

	test('tells a robot by its id', async () => {
		const [robot] = simulator.world.robots;
		const ask = async (query: string) =>
			await get(simulator, `/msgaudit/get_robot_info?access_token=${token}${query}`);
		expect(await ask(`&robot_id=${robot?.robotId}`)).toEqual({
			errcode: 0,
			errmsg: 'ok',
			data: { robot_id: robot?.robotId, name: robot?.name, creator_userid: robot?.creator },
		});
		expect((await ask('')).errcode).toBe(40063);
		expect((await ask('&robot_id=wb0')).errcode).toBe(40058);
		const posted = await post(simulator, '/msgaudit/get_robot_info', token, {});
		expect(((await posted.json()) as { errcode: number }).errcode).toBe(43001);
	});

	test('lists accounts where no cursor is sent, and pages where one is', async () => {
		const answer = await call(simulator, MEMBERS, token, {});
		expect(answer).toEqual({
			errcode: 0,
			errmsg: 'ok',
			ids: simulator.world.members.map(({ userid }) => userid),
		});
		const withCalls = await call(simulator, MEMBERS, token, { type: 3 });
		expect(withCalls.ids).toHaveLength(2);
		expect((await refusal(simulator, MEMBERS, token, { type: 4 }))[0]).toBe(40058);
		const page = await call(simulator, MEMBERS, token, { cursor: '', limit: 3 });
		expect(page.auth_user_list).toHaveLength(3);
		const own = await getToken(alone);
		expect((await call(alone, MEMBERS, own, {})).ids).toHaveLength(8);
		expect((await refusal(alone, MEMBERS, own, { cursor: '', limit: 3 }))[0]).toBe(40058);
	});

	test('is for the own app of the corp alone', async () => {
		const foreign = await foreignToken(simulator);
		const roomid = simulator.world.groups[0]?.roomid;
		for (const [path, body] of [
			[ROOM_AGREE, { roomid }],
			[GROUP, { roomid }],
			[MEMBERS, {}],
		] as const)
			// prettier-ignore
			expect((await refusal(simulator, path, foreign, body))[0]).toBe(48002);
		const robot = await get(
			simulator,
			`/msgaudit/get_robot_info?access_token=${foreign}&robot_id=1`,
		);
		expect(robot.errcode).toBe(48002);
		for (const wrong of ['suite_access_token', 'provider_access_token']) {
			const answer = await get(simulator, `/msgaudit/get_robot_info?${wrong}=${token}&robot_id=1`);
			expect(answer.errcode).toBe(41001);
		}
	});

	test('has acquisition under the paths of the data zone, by accounts', async () => {
		const own = await getToken(alone);
		const [member] = alone.world.members;
		const link = { link_name: '门店', range: { user_list: [member?.userid] } };
		const created = await call(alone, `${LINKS}/create_link`, own, link);
		const { link_id } = created.link as { link_id: string };
		expect(await call(alone, `${LINKS}/get`, own, { link_id })).toMatchObject({
			errcode: 0,
			range: { user_list: [member?.userid] },
		});
		const unknown = { ...link, range: { user_list: [member?.openUserid] } };
		expect((await refusal(alone, `${LINKS}/create_link`, own, unknown))[0]).toBe(60011);
		const [first] = alone.acquisition.links;
		const customers = await call(alone, `${LINKS}/customer`, own, { link_id: first?.linkId });
		const userids = (customers.customer_list as Array<{ userid: string }>).map((one) => one.userid);
		expect(userids.length).toBeGreaterThan(0);
		const known = alone.world.members.map(({ userid }) => userid);
		expect(known).toEqual(expect.arrayContaining(userids));
		expect((await get(alone, `${LINKS}_quota?access_token=${own}`)).errcode).toBe(0);
		const component = await post(alone, `${LINKS}/get_comp_auth_info`, own, {});
		expect(component.status).toBe(404);
	});

	test('gives what its credential takes, and no more', () => {
		const { wecomDataApi } = credentialsFor(alone);
		expect(wecomDataApi).toEqual(credentialsFor(alone, 'messageArchive').wecomDataApi);
		expect(Object.keys(wecomDataApi)).toEqual([
			...['contract', 'baseUrl', 'authentication', 'corpId', 'corpSecret', 'archiveLibrary'],
			...['privateKey', 'publicKeyVersion', 'olderPrivateKeys'],
		]);
		expect(credentialsFor(simulator).wecomDataApi).not.toHaveProperty('contract');
	});
});
