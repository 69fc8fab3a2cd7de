import { startSimulator, type MessageOptions, type Simulator } from '../../../simulator';
import { call, getToken, refusal, walk, type Answer } from './support';

const PATH = '/msgaudit/keyword_rule';
const RULE = { name: '投诉', keyword: { word_list: ['投诉', '退款'] } };

let simulator: Simulator;
let token: string;

/** How many hits there were before the test. */
let before: number;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 0 });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());
beforeEach(async () => {
	const pages = await walk(simulator, `${PATH}/list`, token, { limit: 100 });
	const rules = pages.flatMap(({ rule_list }) => rule_list as Array<{ rule_id: string }>);
	await Promise.all(rules.map(({ rule_id }) => send('delete', { rule_id })));
	before = simulator.keywordHits.length;
});

const send = async (operation: string, body: object): Promise<Answer> =>
	await call(simulator, `${PATH}/${operation}`, token, body);
const refusalOf = async (operation: string, body: object) =>
	await refusal(simulator, `${PATH}/${operation}`, token, body);

async function create(body: object = RULE): Promise<string> {
	const answer = await send('create', body);
	if (answer.errcode !== 0) throw new Error(answer.errmsg);
	return answer.rule_id as string;
}

async function rule(ruleId: string): Promise<object> {
	const { errcode: _errcode, errmsg: _errmsg, ...body } = await send('get', { rule_id: ruleId });
	return body;
}

const newHits = () => simulator.keywordHits.slice(before);

/** Which of the messages hit a rule made for the purpose. */
async function hits(body: object, ...messages: MessageOptions[]): Promise<boolean[]> {
	const ruleId = await create({ name: 'r', ...body });
	const records = messages.flatMap((options) => simulator.addMessages(1, options));
	await send('delete', { rule_id: ruleId });
	return records.map(({ msgid }) => simulator.keywordHits.some((hit) => hit.msgid === msgid));
}

describe('rules', () => {
	test('are created, shown, changed and deleted', async () => {
		const range = { msg_scope: 3, chat_type: { type_list: [1] }, user: { id_list: ['zhangwei'] } };
		const ruleId = await create({ ...RULE, applicable_range: range });
		expect(await rule(ruleId)).toEqual({ ...RULE, semantics: {}, applicable_range: range });

		const changes = { name: '新名字', semantics: { semantics_list: [2, 12] } };
		expect((await send('update', { rule_id: ruleId, ...changes })).errcode).toBe(0);
		expect(await rule(ruleId)).toEqual({ ...RULE, ...changes, applicable_range: range });

		expect((await send('delete', { rule_id: ruleId })).errcode).toBe(0);
		for (const operation of ['get', 'update', 'delete']) {
			expect((await refusalOf(operation, { rule_id: ruleId }))[0]).toBe(710612);
		}
	});

	test('are changed item by item; an empty list clears its item', async () => {
		const ruleId = await create({
			...RULE,
			semantics: { semantics_list: [1] },
			applicable_range: { user: { id_list: ['LiNa'] }, exclude_keyword: { word_list: ['测试'] } },
		});
		const update = async (body: object) => (await refusalOf('update', { rule_id: ruleId, ...body }))[0]; // prettier-ignore
		expect(await update({ keyword: { match_rule: 1 } })).toBe(0);
		expect(await update({ applicable_range: { user: { id_list: [] }, msg_scope: 2 } })).toBe(0);
		expect(await rule(ruleId)).toEqual({
			name: RULE.name,
			keyword: { ...RULE.keyword, match_rule: 1 },
			semantics: { semantics_list: [1] },
			applicable_range: { exclude_keyword: { word_list: ['测试'] }, msg_scope: 2 },
		});
		expect(await update({ semantics: { semantics_list: [] } })).toBe(0);
		expect(await update({ keyword: { word_list: [] } })).toBe(710610);
		expect(await rule(ruleId)).toMatchObject({ semantics: {}, keyword: RULE.keyword });
	});

	test('are listed with name and time, each once over all pages', async () => {
		const ids: string[] = [];
		for (let index = 0; index < 11; index += 1) ids.push(await create({ ...RULE, name: `r${index}` })); // prettier-ignore
		const pages = await walk(simulator, `${PATH}/list`, token, { limit: 3 });
		const listed = pages.flatMap(({ rule_list }) => rule_list as Array<Record<string, unknown>>);
		expect(listed.map(({ rule_id }) => rule_id)).toEqual(ids);
		expect(listed[1]).toEqual({ rule_id: ids[1], name: 'r1', create_time: expect.any(Number) });
		expect(pages.map(({ rule_list }) => (rule_list as unknown[]).length)).toEqual([3, 3, 2, 3]);
		expect(pages.map(({ has_more }) => has_more)).toEqual([true, true, true, false]);
	});

	test('are at most 500', async () => {
		for (let index = 0; index < 500; index += 1) await create();
		expect((await refusalOf('create', RULE))[0]).toBe(710619);
	}, 30_000);

	test('need words or semantics', async () => {
		expect((await refusalOf('create', { name: 'r' }))[0]).toBe(710610);
		const both = { keyword: { word_list: [] }, semantics: { semantics_list: [] } };
		expect((await refusalOf('create', { name: 'r', ...both }))[0]).toBe(710610);
		expect((await refusalOf('create', { name: 'r', semantics: { semantics_list: [9] } }))[0]).toBe(0); // prettier-ignore
	});
});

const range = (applicable_range: object) => ({ applicable_range });

test.each<[number, string, object]>([
	[40063, 'name', { name: undefined }],
	[40058, 'name', { name: '' }],
	[40058, 'name', { name: '名'.repeat(21) }],
	[40058, 'rule_id', { rule_id: 'x' }],
	[40058, 'keyword.word_list', { keyword: { word_list: Array(21).fill('词') } }],
	[40058, 'keyword.word_list[1]', { keyword: { word_list: ['好', '词'.repeat(33)] } }],
	[40058, 'keyword.is_case_sensitive', { keyword: { word_list: ['a'], is_case_sensitive: true } }],
	[40058, 'keyword.match_rule', { keyword: { word_list: ['a'], match_rule: 2 } }],
	[40058, 'keyword.is_trim_msg', { keyword: { word_list: ['a'], is_trim_msg: 1 } }],
	[710650, 'keyword.word_list', { keyword: { match_rule: 1 } }],
	[40058, 'keyword.words', { keyword: { words: ['a'] } }],
	[40063, 'semantics.semantics_list', { semantics: {} }],
	[710648, 'semantics.semantics_list[1]', { semantics: { semantics_list: [1, 13] } }],
	[40058, 'applicable_range.target_type.type_list[0]', range({ target_type: { type_list: [3] } })],
	[40063, 'applicable_range.chat_type.type_list', range({ chat_type: {} })],
	[40058, 'applicable_range.msg_scope', range({ msg_scope: 4 })],
	[40058, 'applicable_range.department.id_list[0]', range({ department: { id_list: ['1'] } })],
	[710607, '99', range({ department: { id_list: [1, 99] } })],
	[40058, 'applicable_range.user.id_list', range({ user: { id_list: Array(1001).fill('LiNa') } })],
	[710608, 'nobody', range({ user: { id_list: ['nobody'] } })],
	[40096, 'wmNobody', range({ external_contact: { id_list: ['wmNobody'] } })],
	[710606, 'wrNowhere', range({ chat: { id_list: ['wrNowhere'] } })],
	[710649, 'chat', range({ chat: { id_list: Array(2001).fill('wr') } })],
	[710621, 'mobile_list[0]', range({ exclude_mobile: { mobile_list: ['call me'] } })],
	[710622, 'bank_card_list[0]', range({ exclude_bank_card: { bank_card_list: ['1234'] } })],
	[40058, 'email_list', range({ exclude_email: { email_list: Array(101).fill('a@b.cn') } })],
	[710615, 'session_type_list[0]', range({ session_type: { session_type_list: [3] } })],
	[40058, 'voice_match_msgtype', range({ voice_match_msgtype: { type_list: [1] } })],
	[40058, 'applicable_range.team', range({ team: {} })],
])('create refuses with %d, naming %s', async (errcode, field, body) => {
	expect(await refusalOf('create', { ...RULE, ...body })).toEqual([
		errcode,
		expect.stringContaining(field),
	]);
});

test.each(['get', 'update', 'delete'])('%s asks for rule_id', async (operation) => {
	expect(await refusalOf(operation, {})).toEqual([40063, expect.stringContaining('rule_id')]);
	expect((await refusalOf(operation, { rule_id: 5 }))[0]).toBe(40058);
	expect((await refusalOf(operation, { rule_id: 'rule' }))[0]).toBe(710612);
});

describe('hits', () => {
	test('tell rule, message and chat', async () => {
		const ruleId = await create();
		const chatId = simulator.world.groups[0]?.roomid as string;
		const [record] = simulator.addMessages(1, { text: '再这样我就投诉并退款', chatId });
		simulator.addMessages(1, { text: '很满意', chatId });
		expect(newHits()).toEqual([
			{
				ruleId,
				name: '投诉',
				msgid: record?.msgid,
				seq: record?.seq,
				chatId,
				words: ['投诉', '退款'],
				semantics: [],
			},
		]);
	});

	test('come from messages after the rule, by every rule, until it is deleted', async () => {
		simulator.addMessages(1, { text: '退款' });
		const first = await create();
		const second = await create({ name: '钱', keyword: { word_list: ['款'] } });
		simulator.addMessages(1, { text: '退款' });
		expect(newHits().map(({ ruleId }) => ruleId)).toEqual([first, second]);
		await send('delete', { rule_id: first });
		simulator.addMessages(1, { text: '退款' });
		expect(newHits().map(({ ruleId }) => ruleId)).toEqual([first, second, second]);
	});

	test('compare words as the rule says', async () => {
		const texts = (...list: string[]) => list.map((text) => ({ text }));
		const keyword = (rest: object) => ({ keyword: { word_list: ['Refund'], ...rest } });
		const said = texts('Refund', 'a Refund!', 'refund', ' Refund ');
		expect(await hits(keyword({}), ...said)).toEqual([true, true, false, true]);
		expect(await hits(keyword({ is_case_sensitive: 0 }), ...said)).toEqual([
			true,
			true,
			true,
			true,
		]);
		expect(await hits(keyword({ match_rule: 1 }), ...said)).toEqual([true, false, false, false]);
		expect(await hits(keyword({ match_rule: 1, is_trim_msg: 1 }), ...said)).toEqual([
			true,
			false,
			false,
			true,
		]);
	});

	test('look into titles and file names too', async () => {
		const word = (word: string) => ({ keyword: { word_list: [word] } });
		expect(await hits(word('使用教程'), { msgtype: 'link' }, { text: '使用教程在哪' })).toEqual([
			true,
			true,
		]);
		expect(await hits(word('限时特惠'), { msgtype: 'weapp' })).toEqual([true]);
	});

	test('recognise what semantics mean', async () => {
		const semantics = (...list: number[]) => ({ semantics: { semantics_list: list } });
		const said: MessageOptions[] = [
			{ msgtype: 'external_redpacket' },
			{ text: '我的手机 13812345678' },
			{ text: '邮箱 a.b@example.com' },
			{ msgtype: 'card' },
			{ text: '卡号 6222021234567890123' },
			{ text: '身份证 11010119900307777X' },
			{ msgtype: 'file' },
			{ msgtype: 'link' },
			{ msgtype: 'weapp' },
		];
		for (const [index, one] of [1, 2, 3, 4, 7, 8, 9, 10, 11].entries()) {
			expect(await hits(semantics(one), ...said)).toEqual(said.map((_, at) => at === index));
		}
		expect(await hits(semantics(5, 6, 12), ...said)).not.toContain(true);
	});

	test('leave out what the rule excludes', async () => {
		const [mobile, email, card] = ['13812345678', 'a@b.cn', '6222021234567890123'];
		const body = {
			keyword: { word_list: ['电话'] },
			semantics: { semantics_list: [2, 3, 7] },
			...range({
				exclude_mobile: { mobile_list: [mobile] },
				exclude_email: { email_list: [email] },
				exclude_bank_card: { bank_card_list: [card] },
				exclude_keyword: { word_list: ['客服'] },
			}),
		};
		const said = [mobile, email, card, '13900000000', '客服电话', '电话'].map((text) => ({ text }));
		expect(await hits(body, ...said)).toEqual([false, false, false, true, false, true]);
	});

	test('are those of the people and chats in the range', async () => {
		const { customers, groups } = simulator.world;
		const customer = customers[0];
		const [group, , internal] = groups;
		const [chatId, other] = [customer?.externalUserid, customers[1]?.externalUserid] as string[];
		const said: MessageOptions[] = [
			{ chatId, by: 'staff' },
			{ chatId, by: 'customer' },
			{ chatId: other, by: 'customer' },
			{ chatId: group?.roomid, by: 'customer' },
			{ chatId: internal?.roomid },
		].map((options) => ({ ...options, text: '关键词' }) as MessageOptions);
		const within = async (applicable_range: object) =>
			(await hits({ keyword: { word_list: ['关键词'] }, applicable_range }, ...said))
				.map((hit, index) => (hit ? index : -1))
				.filter((index) => index >= 0);
		expect(await within({})).toEqual([0, 1, 2, 3, 4]);
		expect(await within({ target_type: { type_list: [1] } })).toEqual([0, 4]);
		expect(await within({ target_type: { type_list: [2] } })).toEqual([1, 2, 3]);
		expect(await within({ chat_type: { type_list: [2] } })).toEqual([3, 4]);
		expect(await within({ session_type: { session_type_list: [1] } })).toEqual([4]);
		expect(await within({ session_type: { session_type_list: [2] } })).toEqual([0, 1, 2, 3]);
		// A list of groups does not keep single chats out, nor one of customers the staff.
		expect(await within({ chat: { id_list: [internal?.roomid] } })).toEqual([0, 1, 2, 4]);
		const external = { external_contact: { id_list: [chatId] } };
		expect(await within({ ...external, chat_type: { type_list: [1] } })).toEqual([0, 1]);
		expect(await within({ ...external, target_type: { type_list: [2] }, chat_type: { type_list: [1] } })).toEqual([1]); // prettier-ignore
		const single = { chat_type: { type_list: [1] } };
		const staff = { target_type: { type_list: [1] }, ...single };
		const owner = { user: { id_list: [customer?.owner] } };
		expect(await within({ ...owner, ...staff })).toEqual([0]);
		expect(await within({ ...owner, ...staff, msg_scope: 2 })).toEqual([1]);
		expect(await within({ ...owner, ...staff, msg_scope: 3 })).toEqual([0, 1]);
		expect(await within({ department: { id_list: [2] }, ...staff })).toEqual([0]);
		expect(await within({ department: { id_list: [3] }, ...staff })).toEqual([]);
		expect(await within({ department: { id_list: [3] }, ...owner, ...staff })).toEqual([0]);
	});
});
