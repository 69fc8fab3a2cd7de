import { startSimulator, type ChatSummary, type Mood, type Simulator } from '../../../simulator';
import { call, getToken, refusal, type Answer } from './support';

const MODELS = ['general', 'recommend', 'tag', 'summary', 'sentiment', 'antispam'] as const;

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 2000 });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const pathOf = (model: string) => `/msgaudit/model/${model}`;
const bodyOf = ({ chatId, firstSeq, lastSeq }: ChatSummary) => ({
	chat_id: chatId,
	seq_range: { begin_seq: Number(firstSeq), end_seq: Number(lastSeq) },
});

async function ask<T>(model: string, body: object): Promise<T> {
	const answer = await call(simulator, pathOf(model), token, body);
	if (answer.errcode !== 0) throw new Error(answer.errmsg);
	return answer.result as T;
}

/** A single chat with a customer in which people feel like that. */
function chatOf(mood: Mood): ChatSummary {
	const found = simulator.chats.find((chat) => chat.mood === mood && chat.chatId.startsWith('wm'));
	if (found === undefined) throw new Error(`no ${mood} chat`);
	return found;
}

/** A chat of its own with exactly these texts. */
async function converse(...texts: string[]): Promise<object> {
	const chatId = simulator.world.customers.at(-7)?.externalUserid as string;
	const records = texts.map(
		(text) => simulator.addMessages(1, { text, chatId, by: 'customer' })[0],
	);
	const seqs = records.map((record) => Number(record?.seq));
	return { chat_id: chatId, seq_range: { begin_seq: seqs[0], end_seq: seqs.at(-1) } };
}

describe('the chats', () => {
	test('are named, with where they begin and end and how many messages they have', () => {
		const { chats, world, truth } = simulator;
		const names = new Map<string, string>([
			...world.groups.map(({ roomid, name }) => [roomid, name] as const),
			...world.customers.map(({ externalUserid, name }) => [externalUserid, name] as const),
			...world.members.map(({ userid, name }) => [userid, name] as const),
		]);
		expect(new Set(chats.map(({ chatId }) => chatId)).size).toBe(chats.length);
		for (const { chatId, name, firstSeq, lastSeq } of chats) {
			expect(name).toBe(names.get(chatId));
			expect(firstSeq).toBeLessThanOrEqual(lastSeq);
		}
		const [group] = world.groups;
		const ofGroup = truth.filter(({ plaintext }) => plaintext?.roomid === group?.roomid);
		expect(chats.find(({ chatId }) => chatId === group?.roomid)).toMatchObject({
			firstSeq: ofGroup[0]?.seq,
			lastSeq: ofGroup.at(-1)?.seq,
			messages: ofGroup.length,
		});
	});

	test('are clearly positive and clearly negative, some of each', () => {
		const moods = simulator.chats.map(({ mood }) => mood);
		expect(moods.filter((mood) => mood === 'positive').length).toBeGreaterThan(1);
		expect(moods.filter((mood) => mood === 'negative').length).toBeGreaterThan(1);
	});
});

test.each(MODELS)('%s answers the same again', async (model) => {
	const body = bodyOf(chatOf('negative'));
	const first = await ask(model, body);
	expect(await ask(model, body)).toEqual(first);
});

describe('sentiment', () => {
	interface Sentiment {
		sentiment: Mood;
		score: number;
		detail: Array<{ seq: number; msgid: string; sentiment: Mood; score: number }>;
	}

	test.each(['positive', 'neutral', 'negative'] as const)('knows a %s chat', async (mood) => {
		const chat = chatOf(mood);
		const { sentiment, score, detail } = await ask<Sentiment>('sentiment', bodyOf(chat));
		expect(sentiment).toBe(mood);
		expect([score >= 0.5, score <= 1]).toEqual([true, true]);
		expect(detail.length).toBeGreaterThan(5);
		expect(detail.length).toBeLessThanOrEqual(chat.messages);
	});

	test('judges message by message', async () => {
		const body = await converse('用了三天就漏水,我要投诉', '订单已提交', '服务真不错👍');
		const { sentiment, detail } = await ask<Sentiment>('sentiment', body);
		expect(sentiment).toBe('neutral');
		expect(detail).toEqual(
			(['negative', 'neutral', 'positive'] as const).map((mood, index) => ({
				seq: Number(simulator.truth.at(index - 3)?.seq),
				msgid: simulator.truth.at(index - 3)?.msgid,
				sentiment: mood,
				score: expect.any(Number),
			})),
		);
	});

	test('keeps seqs beyond 2^53 exact', async () => {
		const other = await startSimulator({ messageCount: 0, firstSeq: 2n ** 63n + 1n });
		const { roomid } = other.world.groups[0] as { roomid: string };
		const [record] = other.addMessages(1, { text: '谢谢', chatId: roomid });
		const response = await fetch(
			`${other.url}/cgi-bin/msgaudit/model/sentiment?access_token=${await getToken(other)}`,
			{
				method: 'POST',
				body: `{"chat_id":"${roomid}","seq_range":{"begin_seq":${record?.seq},"end_seq":18446744073709551615}}`,
			},
		);
		expect(await response.text()).toContain(`"seq":${record?.seq},`);
		await other.stop();
	});
});

describe('recommend', () => {
	const suggestions = async (body: object) =>
		(await ask<{ suggestions: string[] }>('recommend', body)).suggestions;

	test.each([
		['发货物流', /物流/, '订单 YS1234567890 什么时候发货?'],
		['询价', /活动价|免息/, '商用双头机 Pro 价格多少,能便宜点吗'],
		['使用指导', /视频/, '磨豆机声音很大,刻度怎么调'],
	])('fits what was said: %s', async (_topic, pattern, text) => {
		const texts = await suggestions(await converse(text));
		expect(texts.length).toBeGreaterThanOrEqual(2);
		expect(texts.length).toBeLessThanOrEqual(3);
		expect(texts.join()).toMatch(pattern);
		expect(texts.join()).not.toMatch(/[{}]/);
	});

	test('names the order and the product that were mentioned', async () => {
		const order = await suggestions(await converse('订单 YS1234567890 什么时候发货?'));
		expect(order.join()).toContain('YS1234567890');
		const product = await suggestions(await converse('商用双头机 Pro 什么价格'));
		expect(product.join()).toContain('商用双头机 Pro');
	});

	test('begins with an apology to the angry, and has something to say to anybody', async () => {
		expect((await suggestions(await converse('什么质量啊😡')))[0]).toMatch(/抱歉/);
		expect(await suggestions(await converse('1'))).toHaveLength(2);
	});
});

describe('summary and general', () => {
	test('name who talked, about what, and the mood', async () => {
		const chat = chatOf('negative');
		const owner = simulator.world.customers.find(
			(one) => one.externalUserid === chat.chatId,
		)?.owner;
		const member = simulator.world.members.find(({ userid }) => userid === owner);
		const { summary } = await ask<{ summary: string }>('summary', bodyOf(chat));
		expect(summary).toContain(`${chat.name}(客户)`);
		expect(summary).toContain(member?.name);
		expect(summary).toMatch(/共发送 \d+ 条文本消息。主要话题:\S+。整体情绪:负面。/);
	});

	test('general says with which model and variables, and thinks aloud when asked to', async () => {
		const body = await converse('门店想做个开业活动,报个价吧');
		const [group] = simulator.world.tagGroups;
		const general = async (extras: object) =>
			(await ask<{ response_data: string }>('general', { ...body, ...extras })).response_data;
		expect(await general({})).not.toMatch(/<think>|参数|标签|知识集/);
		const answer = await general({
			model_id: 'deepseek-deep',
			kb_id: 'kb1',
			need_think_result: true,
			var_args: [{ name: 'tone', value: '亲切' }],
			tag_group_list: [{ group_id: group?.groupId }],
		});
		expect(answer).toMatch(/^<think>[^<]+<\/think>【模型】deepseek-deep\n/);
		expect(answer).toContain('tone=亲切');
		expect(answer).toContain('kb1');
		expect(answer).toContain('【标签】高意向');
		expect(await general({ need_think_result: false })).not.toContain('<think>');
	});
});

describe('tag', () => {
	test('gives the tag of each group that fits, of the groups asked for', async () => {
		const body = await converse('门店开业,想和合伙人商量,预算有点紧,能便宜点吗');
		const idOf = (groupName: string, tagName: string) => {
			const group = simulator.world.tagGroups.find(({ name }) => name === groupName);
			const tag = group?.tags.find(({ name }) => name === tagName);
			return { group_id: group?.groupId, tag_id: tag?.tagId };
		};
		const expected = [
			idOf('购买意向', '观望'),
			idOf('客户关注', '价格'),
			idOf('客户类型', '门店客户'),
		];
		const result = async (extras: object) =>
			(await ask<{ tag_result_list: object[] }>('tag', { ...body, ...extras })).tag_result_list;
		expect(await result({})).toEqual(expected);
		expect(await result({ tag_group_list: [] })).toEqual(expected);
		const one = { tag_group_list: [{ group_id: expected[1]?.group_id }], model_id: 'm1' };
		expect(await result(one)).toEqual([expected[1]]);
		expect(await ask('tag', await converse('1'))).toEqual({ tag_result_list: [] });
	});
});

describe('antispam', () => {
	test('passes what is said in the shop', async () => {
		const body = bodyOf(chatOf('negative'));
		const result = await ask<{ verdict: string; detail: Array<{ spam_result: number }> }>('antispam', body); // prettier-ignore
		expect(result.verdict).toBe('ok');
		expect(new Set(result.detail.map(({ spam_result }) => spam_result))).toEqual(new Set([0]));
	});

	test('flags a few words, political ones first', async () => {
		expect(
			await ask('antispam', await converse('在吗', '看黄色视频吗', '传点政治谣言')),
		).toMatchObject({
			verdict: 'political',
			detail: [{ spam_result: 0 }, { spam_result: 2 }, { spam_result: 1 }],
		});
		expect(await ask('antispam', await converse('裸聊'))).toMatchObject({ verdict: 'porn' });
	});
});

describe('what is read', () => {
	test('is the text of the chat between the two seqs, both included', async () => {
		const { chatId } = chatOf('positive');
		const texts = simulator.truth.filter(({ plaintext }) => {
			const people = [plaintext?.from, ...((plaintext?.tolist ?? []) as string[])];
			return plaintext?.msgtype === 'text' && !plaintext.roomid && people.includes(chatId);
		});
		const seqOf = (index: number) => Number(texts[index]?.seq);
		const seqs = async (begin_seq: number, end_seq: number) => {
			const body = { chat_id: chatId, seq_range: { begin_seq, end_seq } };
			const { detail } = await ask<{ detail: Array<{ seq: number }> }>('sentiment', body);
			return detail.map(({ seq }) => seq);
		};
		expect(await seqs(seqOf(1), seqOf(3))).toEqual([1, 2, 3].map(seqOf));
		expect(await seqs(0, seqOf(0))).toEqual([seqOf(0)]);
	});

	test('is what a colleague says to others, by userid', async () => {
		const chatId = simulator.chats.find((chat) => chat.chatId === 'zhangwei') as ChatSummary;
		expect((await ask<{ summary: string }>('summary', bodyOf(chatId))).summary).toContain('张伟');
	});

	test.each(MODELS)('%s refuses with 790041 where there is nothing to read', async (model) => {
		const { firstSeq, chatId } = chatOf('negative');
		const codeOf = async (body: object) =>
			(await refusal(simulator, pathOf(model), token, body))[0];
		const before = { begin_seq: 0, end_seq: Number(firstSeq) - 1 };
		expect(await codeOf({ chat_id: chatId, seq_range: before })).toBe(790041);
		const range = { begin_seq: 1, end_seq: 1e6 };
		expect(await codeOf({ chat_id: 'wrNowhere', seq_range: range })).toBe(790041);
		const [record] = simulator.addMessages(1, { msgtype: 'image', chatId });
		const picture = { begin_seq: Number(record?.seq), end_seq: Number(record?.seq) };
		expect(await codeOf({ chat_id: chatId, seq_range: picture })).toBe(790041);
	});

	test('is at most 30000 characters for the models that write', async () => {
		const body = await converse('很长'.repeat(15_001));
		const codes = await Promise.all(
			MODELS.map(async (model) => (await refusal(simulator, pathOf(model), token, body))[0]),
		);
		expect(codes).toEqual([790040, 790040, 790040, 0, 0, 0]);
	});
});

test('the quota of each model is its own and starts again the next day', async () => {
	let now = Date.UTC(2026, 10, 22, 15, 59);
	const other = await startSimulator({ messageCount: 0, modelQuota: 2, now: () => now });
	const chatId = other.world.groups[0]?.roomid as string;
	const [record] = other.addMessages(1, { text: '谢谢', chatId });
	const seq = Number(record?.seq);
	const body = { chat_id: chatId, seq_range: { begin_seq: seq, end_seq: seq } };
	const askOther = async (model: string, request: object = body): Promise<Answer> =>
		await call(other, pathOf(model), await getToken(other), request);
	const codes: number[] = [];
	// A call that is refused does not count.
	codes.push((await askOther('summary', { ...body, chat_id: 'wrNowhere' })).errcode);
	for (let index = 0; index < 3; index += 1) codes.push((await askOther('summary')).errcode);
	codes.push((await askOther('sentiment')).errcode);
	expect(codes).toEqual([790041, 0, 0, 45009, 0]);
	expect((await askOther('summary')).errmsg).toContain(
		'api freq out of limit: model quota of today used up',
	);
	now += 60_000;
	expect((await askOther('summary')).errcode).toBe(0);
	await other.stop();
});

test.each<[string, number, string, object]>([
	['summary', 40063, 'chat_id', { chat_id: undefined }],
	['summary', 40058, 'chat_id', { chat_id: '' }],
	['summary', 40063, 'seq_range', { seq_range: undefined }],
	['summary', 40058, 'seq_range', { seq_range: [1, 2] }],
	['summary', 40063, 'seq_range.end_seq', { seq_range: { begin_seq: 1 } }],
	['summary', 40058, 'seq_range.begin_seq', { seq_range: { begin_seq: '1', end_seq: 2 } }],
	['summary', 40058, 'seq_range.begin_seq', { seq_range: { begin_seq: -1, end_seq: 2 } }],
	['summary', 40058, 'seq_range.begin_seq', { seq_range: { begin_seq: 3, end_seq: 2 } }],
	['summary', 40058, 'seq_range.limit', { seq_range: { begin_seq: 1, end_seq: 2, limit: 1 } }],
	['summary', 40058, 'kb_id', { kb_id: 'kb' }],
	['sentiment', 40058, 'model_id', { model_id: 'm' }],
	['antispam', 40058, 'tag_group_list', { tag_group_list: [] }],
	['recommend', 40058, 'kb_id', { kb_id: 1 }],
	['recommend', 40058, 'model_id', { model_id: 'm' }],
	['tag', 40058, 'tag_group_list[0]', { tag_group_list: ['et1'] }],
	['tag', 40063, 'tag_group_list[0].group_id', { tag_group_list: [{}] }],
	['tag', 40068, 'tag_group_list[0].group_id', { tag_group_list: [{ group_id: 'et1' }] }],
	['tag', 40058, 'var_args', { var_args: [] }],
	['general', 40058, 'need_think_result', { need_think_result: 1 }],
	['general', 40058, 'var_args[0].value', { var_args: [{ name: 'a', value: 1 }] }],
	['general', 40063, 'var_args[0].name', { var_args: [{ value: '1' }] }],
	['general', 40058, 'prompt', { prompt: 'x' }],
])('%s refuses with %d a bad %s', async (model, errcode, field, body) => {
	const request = { ...bodyOf(chatOf('negative')), ...body };
	expect(await refusal(simulator, pathOf(model), token, request)).toEqual([
		errcode,
		expect.stringContaining(field),
	]);
});
