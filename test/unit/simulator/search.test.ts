import { startSimulator, type Simulator } from '../../../simulator';
import { call, getToken, refusal, walk, type Answer } from './support';

const SESSION = '/msgaudit/search_session';
const MESSAGE = '/msgaudit/search_message';
const PAGE = { cursor: '', limit: 100 };

let simulator: Simulator;
let token: string;
const [member, colleague] = ['zhangwei', 'LiNa'];

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 1200, firstSeq: 2n ** 60n });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

interface Found {
	msgid: string;
	seq: number;
	chatid: string;
	sender: string;
	send_time: number;
	msgtype: number;
	content: string;
}

async function search(body: object): Promise<Found[]> {
	const answer = await call(simulator, MESSAGE, token, { keyword: '暗号暗号', ...PAGE, ...body });
	if (answer.errcode !== 0) throw new Error(answer.errmsg);
	return answer.messages as Found[];
}

const customers = () => simulator.world.customers.map(({ externalUserid }) => externalUserid);
const now = () => Math.floor(Date.now() / 1000);

describe('search_session', () => {
	test('finds groups by a part of their name, whatever the case', async () => {
		const [first, second] = simulator.world.groups;
		simulator.world.groups.forEach((group) => expect(group.name).not.toBe(''));
		expect(await call(simulator, SESSION, token, { keyword: '咖啡', ...PAGE })).toEqual({
			errcode: 0,
			errmsg: 'ok',
			has_more: 0,
			next_cursor: '',
			chat_list: [first, second].map((group) => ({ chatid: group?.roomid, name: group?.name })),
		});
		const none = await call(simulator, SESSION, token, { keyword: '没有这个群', ...PAGE });
		expect(none).toMatchObject({ chat_list: [], has_more: 0, next_cursor: '' });
	});

	test('pages through them', async () => {
		const pages = await walk(simulator, SESSION, token, { keyword: '咖啡', limit: 1 });
		expect(pages.map(({ has_more }) => has_more)).toEqual([1, 0]);
		const ids = pages.flatMap(({ chat_list }) => chat_list as Array<{ chatid: string }>);
		expect(new Set(ids.map(({ chatid }) => chatid)).size).toBe(2);
	});
});

describe('search_message', () => {
	test('finds what was said, newest first, each message once over all pages', async () => {
		const keyword = '订单';
		const body = { keyword, limit: 4 };
		const pages = await walk(simulator, MESSAGE, token, body);
		const found = pages.flatMap(({ messages }) => messages as Found[]);
		const expected = simulator.truth
			.filter(({ plaintext }) => {
				const { text } = (plaintext ?? {}) as { text?: { content: string } };
				return text?.content.includes(keyword);
			})
			.reverse();
		expect(found.map(({ msgid }) => msgid)).toEqual(expected.map(({ msgid }) => msgid));
		expect(pages.length).toBeGreaterThan(2);
		expect(pages[2]?.messages).toHaveLength(3);
		expect(found.every(({ content }) => content.includes(keyword))).toBe(true);
	});

	test('shows each with exact seq, chat, sender, time, type and text', async () => {
		const chatId = simulator.world.groups[0]?.roomid as string;
		const [record] = simulator.addMessages(1, { text: '暗号暗号:天王盖地虎', chatId });
		const body = JSON.stringify({ keyword: '暗号暗号', ...PAGE });
		const response = await fetch(`${simulator.url}/cgi-bin${MESSAGE}?access_token=${token}`, {
			method: 'POST',
			body,
		});
		const text = await response.text();
		expect(text).toContain(`"seq":${record?.seq},`);
		const [found] = (JSON.parse(text) as Answer).messages as Found[];
		expect(found).toEqual({
			msgid: record?.msgid,
			seq: Number(record?.seq),
			chatid: chatId,
			sender: record?.plaintext?.from,
			send_time: Math.floor((record?.plaintext?.msgtime as number) / 1000),
			msgtype: 1,
			content: '暗号暗号:天王盖地虎',
		});
	});

	test('calls a single chat by its customer, or by the colleague that was written to', async () => {
		const [customer] = customers();
		simulator.addMessages(1, { text: '单聊暗号一', chatId: customer as string, by: 'staff' });
		simulator.addMessages(1, { text: '单聊暗号一', chatId: customer as string, by: 'customer' });
		expect((await search({ keyword: '单聊暗号一' })).map(({ chatid }) => chatid)).toEqual([
			customer,
			customer,
		]);
		simulator.addMessages(5, { text: '单聊暗号二', chatId: member });
		for (const { chatid, sender } of await search({ keyword: '单聊暗号二' })) {
			expect([chatid, sender]).toContain(member);
			expect(chatid).not.toBe(sender);
		}
	});

	test('finds titles and file names', async () => {
		simulator.addMessages(3, { msgtype: 'file' });
		const types = async (keyword: string, list: number[]) =>
			new Set(
				(await search({ keyword, chat_info: { msg_type_list: list } })).map((one) => one.msgtype),
			);
		expect(await types('使用教程', [4])).toEqual(new Set([4]));
		expect(await types('限时特惠', [4, 5])).toEqual(new Set([5]));
		expect(await types('客户跟进表', [18])).toEqual(new Set([18]));
		expect(await types('培训课件', [23])).toEqual(new Set([23]));
		expect(await types('接水管', [20])).toEqual(new Set([20]));
		expect(await types('接水管', [1])).toEqual(new Set());
	});

	test('narrows by kind of chat, chat, pair and sender', async () => {
		const roomid = simulator.world.groups[2]?.roomid as string;
		const customer = simulator.world.customers[1];
		const owner = customer?.owner as string;
		const id = customer?.externalUserid as string;
		const keyword = '范围暗号';
		simulator.addMessages(2, { text: keyword, chatId: roomid });
		simulator.addMessages(1, { text: keyword, chatId: id, by: 'staff' });
		simulator.addMessages(3, { text: keyword, chatId: id, by: 'customer' });
		const count = async (chat_info: object) => (await search({ keyword, chat_info })).length;
		expect(await count({})).toBe(6);
		expect(await count({ chat_type: 1 })).toBe(4);
		expect(await count({ chat_type: 2 })).toBe(2);
		expect(await count({ chat_type: 2, chat_id: roomid })).toBe(2);
		expect(await count({ chat_id: simulator.world.groups[0]?.roomid })).toBe(0);
		const pair = [{ open_userid: owner }, { external_userid: id }];
		expect(await count({ chat_type: 1, id_list: pair })).toBe(4);
		expect(await count({ id_list: [{ open_userid: colleague }, { open_userid: member }] })).toBe(0);
		expect(await count({ sender: { external_userid: id } })).toBe(3);
		expect(await count({ chat_type: 1, sender: { open_userid: owner } })).toBe(1);
		const others = { sender_list: [{ open_userid: 'nobody' }], sender: { external_userid: id } };
		expect(await count(others)).toBe(0);
	});

	test('looks at the last 31 days, or between two times, or 31 days from one on', async () => {
		const keyword = '时间暗号';
		simulator.addMessages(1, { text: keyword });
		const count = async (span: object) => (await search({ keyword, ...span })).length;
		expect(await count({})).toBe(1);
		expect(await count({ start_time: now() - 3600 })).toBe(1);
		expect(await count({ start_time: now() - 3600, end_time: now() })).toBe(1);
		expect(await count({ start_time: now() - 7200, end_time: now() - 3600 })).toBe(0);
		expect(await count({ start_time: now() - 32 * 86_400 })).toBe(0);
	});

	test('passes over stop words when asked to', async () => {
		simulator.addMessages(1, { text: '你们的咖啡真的是很香啊' });
		expect(await search({ keyword: '你们咖啡真是香' })).toEqual([]);
		expect(await search({ keyword: '你们咖啡真是香', skip_stop_words: true })).toHaveLength(1);
	});

	test('keeps its place while messages arrive', async () => {
		const keyword = '翻页暗号';
		simulator.addMessages(4, { text: keyword });
		const first = await call(simulator, MESSAGE, token, { keyword, cursor: '', limit: 2 });
		simulator.addMessages(2, { text: keyword });
		const cursor = first.next_cursor;
		const second = await call(simulator, MESSAGE, token, { keyword, cursor, limit: 2 });
		const ids = [first, second].flatMap(({ messages }) => (messages as Found[]).map((m) => m.msgid)); // prettier-ignore
		expect(new Set(ids).size).toBe(4);
		expect(second.has_more).toBe(0);
	});

	test('refuses the cursor of another search', async () => {
		const { next_cursor: cursor } = await call(simulator, MESSAGE, token, {
			keyword: '订单',
			cursor: '',
			limit: 2,
		});
		const codeWith = async (body: object) =>
			(await refusal(simulator, MESSAGE, token, { cursor, limit: 2, ...body }))[0];
		expect(await codeWith({ keyword: '订单', limit: 50 })).toBe(0);
		expect(await codeWith({ keyword: '快递' })).toBe(50100);
		expect(await codeWith({ keyword: '订单', chat_info: {} })).toBe(50100);
		expect(await codeWith({ keyword: '订单', cursor: '2' })).toBe(50100);
		expect((await refusal(simulator, SESSION, token, { keyword: '订单', cursor, limit: 2 }))[0]).toBe(50100); // prettier-ignore
	});
});

const person = { open_userid: member };

test.each<[string, number, string, object]>([
	[SESSION, 40063, 'keyword', { keyword: undefined }],
	[SESSION, 40058, 'keyword', { keyword: '一' }],
	[SESSION, 40058, 'keyword', { keyword: '长'.repeat(65) }],
	[SESSION, 40063, 'cursor', { cursor: undefined }],
	[SESSION, 40063, 'limit', { limit: undefined }],
	[SESSION, 40058, 'limit', { limit: 101 }],
	[SESSION, 40058, 'limit', { limit: 0 }],
	[SESSION, 40058, 'cursor', { cursor: 5 }],
	[SESSION, 40058, 'start_time', { start_time: 1 }],
	[MESSAGE, 40063, 'keyword', { keyword: undefined }],
	[MESSAGE, 40058, 'limit', { limit: 101 }],
	[MESSAGE, 40058, 'query_word', { query_word: '订单' }],
	[MESSAGE, 40063, 'start_time', { end_time: 1_790_000_000 }],
	[MESSAGE, 40058, 'start_time', { start_time: 1_790_000_000, end_time: 1_790_000_000 }],
	[MESSAGE, 40058, '31 days', { start_time: 1_790_000_000, end_time: 1_792_678_401 }],
	[MESSAGE, 40058, 'start_time', { start_time: '1790000000' }],
	[MESSAGE, 40058, 'skip_stop_words', { skip_stop_words: 1 }],
	[MESSAGE, 40058, 'chat_info', { chat_info: 'wr1' }],
	[MESSAGE, 40058, 'chat_info.room', { chat_info: { room: 'wr1' } }],
	[MESSAGE, 40058, 'chat_info.chat_type', { chat_info: { chat_type: 3 } }],
	[MESSAGE, 40058, 'chat_info.id_list', { chat_info: { id_list: [person] } }],
	[MESSAGE, 40058, 'chat_info.id_list', { chat_info: { chat_type: 2, id_list: [person, person] } }],
	[MESSAGE, 40058, 'chat_info.id_list[1]', { chat_info: { id_list: [person, {}] } }],
	[
		MESSAGE,
		40058,
		'chat_info.id_list[1].userid',
		{ chat_info: { id_list: [person, { userid: 'x' }] } },
	],
	[MESSAGE, 40058, 'chat_info.chat_id', { chat_info: { chat_type: 1, chat_id: 'wr1' } }],
	[MESSAGE, 40058, 'chat_info.msg_type_list[0]', { chat_info: { msg_type_list: [2] } }],
	[
		MESSAGE,
		40058,
		'chat_info.sender',
		{ chat_info: { sender: { ...person, external_userid: 'wm' } } },
	],
	[
		MESSAGE,
		40058,
		'chat_info.sender_list[0].external_userid',
		{ chat_info: { sender_list: [{ ...person, external_userid: 'wm' }] } },
	],
	[
		MESSAGE,
		40058,
		'chat_info.sender_list',
		{ chat_info: { sender_list: Array(101).fill(person) } },
	],
])('%s refuses with %d a bad %s', async (path, errcode, field, body) => {
	// prettier-ignore
	const request = { keyword: '订单', ...PAGE, ...body };
	expect(await refusal(simulator, path, token, request)).toEqual([
		errcode,
		expect.stringContaining(field),
	]);
});
