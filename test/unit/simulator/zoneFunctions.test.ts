import { startSimulator, type Simulator } from '../../../simulator';
import { call, getToken, multipart, upload, type Answer } from './support';
import { callFunction, walkFunction } from './zoneSupport';

let simulator: Simulator;
let token: string;
let clock = Date.now();

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 200, now: () => clock });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const openId = (index = 0) => simulator.world.members[index]?.openUserid as string;
/** Accounts of the first two members. */
const [FIRST, SECOND] = ['zhangwei', 'LiNa'];

describe.each(['java', 'python'] as const)('the program in %s', (style) => {
	const run = (func: string, request: object | string = {}): Promise<Answer> =>
		callFunction(simulator, token, style, func, request);
	const codeOf = async (func: string, request: object) => (await run(func, request)).errcode;

	test('says who lets be archived, pair by pair', async () => {
		const { customers } = simulator.world;
		const item = customers.map(({ externalUserid }, index) => ({
			userid: openId(index % 8),
			external_userid: externalUserid,
		}));
		expect(await run('get_agree_status_single', { item })).toEqual({
			errcode: 0,
			errmsg: 'ok',
			agreeinfo: customers.map(({ decidedAt, agrees }, index) => ({
				...item[index],
				status_change_time: decidedAt,
				agree_status: agrees ? 'Agree' : 'Disagree',
			})),
		});
	});

	test('says who of a group lets be archived', async () => {
		const [group] = simulator.world.groups;
		const { agreeinfo } = await run('get_agree_status_room', { chatid: group?.roomid });
		const outside = group?.members.filter(({ id }) => id.startsWith('wm')) ?? [];
		expect((agreeinfo as object[]).map((one) => (one as { external_userid: string }).external_userid)).toEqual(
			outside.map(({ id }) => id),
		); // prettier-ignore
		expect((agreeinfo as object[])[0]).not.toHaveProperty('userid');
		expect(await codeOf('get_agree_status_room', { chatid: 'wrNobody' })).toBe(710606);
	});

	test('refuses pairs of people it does not know, plain accounts and more than 100', async () => {
		const external_userid = simulator.world.customers[0]?.externalUserid;
		const pair = { userid: openId(), external_userid };
		const code = (item: object[]) => codeOf('get_agree_status_single', { item });
		expect(await code([{ ...pair, userid: FIRST }])).toBe(710608);
		expect(await code([{ ...pair, external_userid: 'wmNobody' }])).toBe(710609);
		expect(await code(Array<object>(100).fill(pair))).toBe(0);
		expect(await code(Array<object>(101).fill(pair))).toBe(40058);
		expect(await code([])).toBe(40058);
	});

	test('finds people, staff and customers, or one of them', async () => {
		const [member] = simulator.world.members;
		const people = async (request: object) =>
			(await walkFunction((body) => run('search_contact_or_customer', body), request)).flatMap(
				({ user_list: list }) => list as Array<{ type: number; id: string }>,
			);
		expect(await people({ query_word: member?.name })).toEqual([{ type: 1, id: openId() }]);
		expect(await people({ query_word: '咖啡馆' })).toEqual([
			{ type: 2, id: simulator.world.customers[1]?.externalUserid },
		]);
		const both = await people({ query_word: 'in', limit: 1 });
		const types = async (query_user_type: number) =>
			new Set((await people({ query_word: 'in', query_user_type })).map(({ type }) => type));
		expect(new Set(both.map(({ type }) => type))).toEqual(new Set([1, 2]));
		expect([await types(1), await types(2)]).toEqual([new Set([1]), new Set([2])]);
		expect(await codeOf('search_contact_or_customer', { query_word: '张' })).toBe(40058);
		expect(await codeOf('search_contact_or_customer', { query_word: '张'.repeat(32) })).toBe(40058);
		expect(await codeOf('search_contact_or_customer', { query_word: '张伟', query_user_type: 3 })).toBe(40058); // prettier-ignore
	});

	test('searches messages by the open ids of who sent them', async () => {
		const { externalUserid, owner } = simulator.world.customers[0] as {
			externalUserid: string;
			owner: string;
		};
		const text = `区内搜索 ${style}`;
		const [record] = simulator.addMessages(1, { text, chatId: externalUserid, by: 'staff' });
		clock += 60_000;
		const sender = simulator.world.members.find(({ userid }) => userid === owner)?.openUserid;
		const find = (chat_info: object) => run('search_msg', { query_word: text, chat_info });
		const hit = { msg_list: [{ msgid: record?.msgid }] };
		const pair = [{ open_userid: sender }, { external_userid: externalUserid }];
		expect(await find({ chat_type: 1, id_list: pair })).toMatchObject(hit);
		expect(await find({ sender: { open_userid: sender, external_userid: 'wm1' } })).toMatchObject(
			hit,
		);
		expect(await find({ sender_list: [{ open_userid: sender }] })).toMatchObject(hit);
		expect(await find({ sender: { open_userid: openId(1) } })).toMatchObject({ msg_list: [] });
		expect(await find({ sender: { open_userid: SECOND } })).toMatchObject({ errcode: 710608 });
	});

	test('refuses an empty cursor and an empty token, wherever there is one', async () => {
		for (const func of ['search_chat', 'search_msg', 'search_contact_or_customer']) {
			expect(await codeOf(func, { query_word: '咖啡', cursor: '' })).toBe(40058);
		}
		for (const func of ['sync_msg', 'get_hit_msg_list']) {
			expect(await codeOf(func, { cursor: '' })).toBe(40058);
			expect(await codeOf(func, { token: '' })).toBe(40058);
			expect(await codeOf(func, { cursor: 'guess' })).toBe(710611);
		}
		expect(await codeOf('get_rule_list', { cursor: '' })).toBe(40058);
		expect(await codeOf('get_rule_list', { cursor: 'guess' })).toBe(710611);
	});

	test('keeps rules, the same ones as the reference contract, by open ids', async () => {
		const rule = {
			name: `规则 ${style}`,
			keyword: { word_list: ['暗号'], is_case_sensitive: 0 },
			semantics: { semantics_list: [2] },
			applicable_range: { target_type: { type_list: [1] }, user: { id_list: [openId(1)] } },
		};
		const { rule_id } = await run('create_rule', rule);
		expect(await run('get_rule_detail', { rule_id })).toEqual({
			errcode: 0,
			errmsg: 'ok',
			...rule,
		});
		const there = await call(simulator, '/msgaudit/keyword_rule/get', token, { rule_id });
		expect(there.applicable_range).toMatchObject({ user: { id_list: [SECOND] } });
		expect(await codeOf('update_rule', { rule_id, semantics: { semantics_list: [] } })).toBe(0);
		expect(await run('get_rule_detail', { rule_id })).toMatchObject({ semantics: {} });
		const { rule_list: rules } = await run('get_rule_list');
		expect(rules).toContainEqual(expect.objectContaining({ rule_id, name: rule.name }));
		expect(await codeOf('delete_rule', { rule_id })).toBe(0);
		expect(await codeOf('get_rule_detail', { rule_id })).toBe(710612);
	});

	test('lists rules page by page, has_more as true and false', async () => {
		const made: unknown[] = [];
		for (const name of ['甲', '乙', '丙']) {
			made.push((await run('create_rule', { name, keyword: { word_list: ['a'] } })).rule_id);
		}
		const pages = await walkFunction((body) => run('get_rule_list', body), { limit: 2 });
		expect(pages.map(({ has_more: more }) => more)).toEqual([true, false]);
		const listed = pages.flatMap(({ rule_list: list }) => list as Array<{ rule_id: string }>);
		expect(listed.map(({ rule_id: id }) => id)).toEqual(made);
		for (const rule_id of made) await run('delete_rule', { rule_id });
	});

	test.each<[number, object]>([
		[710610, { name: 'a' }],
		[710650, { name: 'a', keyword: { match_rule: 1 } }],
		[710648, { name: 'a', semantics: { semantics_list: [13] } }],
		[710608, { name: 'a', semantics: { semantics_list: [1] }, applicable_range: { user: { id_list: ['zhangwei'] } } }],
		[40063, { keyword: { word_list: ['a'] } }],
	])('refuses with %d the rule %j', async (errcode, rule) => {
		expect(await codeOf('create_rule', rule)).toBe(errcode);
	}); // prettier-ignore

	test('lists what hit a rule, each message once, with detail where it is asked for', async () => {
		const word = `命中 ${style}`;
		const rules = ['一', '二'].map((name) => ({ name, keyword: { word_list: [word] } }));
		const ids: unknown[] = [];
		for (const rule of rules) ids.push((await run('create_rule', rule)).rule_id);
		const [group] = simulator.world.groups;
		const { next_cursor: cursor } = await run('get_hit_msg_list', { limit: 1000 });
		const records = [1, 2, 3].flatMap((one) =>
			simulator.addMessages(1, { text: `${word} ${one}`, chatId: group?.roomid as string, by: 'staff' }),
		); // prettier-ignore
		const first = await run('get_hit_msg_list', { cursor, limit: 2, need_detail: 1 });
		expect(first).toMatchObject({ errcode: 0, has_more: 1 });
		const [hit] = first.msg_list as object[];
		expect(hit).toEqual({
			msgid: records[0]?.msgid,
			msg_detail: {
				sender: { type: 1, id: expect.stringMatching(/^wo/) as string },
				receiver_list: expect.any(Array) as unknown[],
				chatid: group?.roomid,
				send_time: expect.any(Number) as number,
				msgtype: 1,
				service_encrypt_info: {
					encrypted_secret_key: expect.any(String) as string,
					public_key_ver: 2,
				},
			},
			hit_rule_list: ids.map((rule_id) => ({
				rule_id,
				has_hit_keyword: true,
				semantics_list: [],
			})),
		});
		const rest = await run('get_hit_msg_list', { cursor: first.next_cursor });
		expect(rest).toMatchObject({ has_more: 0, msg_list: [{ msgid: records[2]?.msgid }] });
		expect((rest.msg_list as object[])[0]).not.toHaveProperty('msg_detail');
		expect(String(rest.next_cursor).length).toBeLessThanOrEqual(64);
		const over = await run('get_hit_msg_list', { cursor: rest.next_cursor });
		expect(over).toMatchObject({ msg_list: [], next_cursor: rest.next_cursor });
		for (const rule_id of ids) await run('delete_rule', { rule_id });
	});

	test('exports by a template of either upload, and tells how far it is', async () => {
		for (const path of ['/media/upload', '/chatdata/upload_media']) {
			const template = multipart(Buffer.from('$msgContent$'));
			const { media_id } = await upload(simulator, token, template, '&type=file', path);
			const request = { code: `${style}${path}`, media_id };
			const { jobid } = await run('create_chatdata_export_job', request);
			expect(await run('get_chatdata_export_job_status', { jobid })).toMatchObject({ status: 1 });
			clock += 3000;
			expect(await run('get_chatdata_export_job_status', { jobid })).toMatchObject({
				status: 3,
				result_errcode: 0,
			});
			expect(await codeOf('create_chatdata_export_job', request)).toBe(40029);
		}
		expect(await codeOf('create_chatdata_export_job', { code: 'c', media_id: 'm' })).toBe(40007);
	});
});
