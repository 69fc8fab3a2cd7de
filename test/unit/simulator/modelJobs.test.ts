import {
	startSimulator,
	type ModelName,
	type Simulator,
	type SimulatorOptions,
	type TrueRecord,
} from '../../../simulator';
import { ask as askApi, getSuiteToken, getToken, openKeyWithForge, type Answer } from './support';
import { callFunction, callProgram } from './zoneSupport';

interface Message {
	msgid: string;
	encrypt_info: { secret_key: string };
}

let simulator: Simulator;
let token: string;
let clock = Date.now();

async function start(options: SimulatorOptions = {}): Promise<void> {
	simulator = await startSimulator({ messageCount: 0, now: () => clock, ...options });
	token = await getToken(simulator);
}
/** One simulator for all tests of a block. */
function forAll(): void {
	beforeAll(() => start());
	afterAll(() => simulator.stop());
}

const run = (func: string, request: object = {}, by = token): Promise<Answer> =>
	callFunction(simulator, by, 'java', func, request);

/** Messages as the client knows them: from sync_msg, their keys opened with the corp's. */
async function messagesOf(records: readonly TrueRecord[]): Promise<Message[]> {
	const keys = new Map<string, string>();
	for (let cursor = {}; ;) {
		const page = await run('sync_msg', { limit: 1000, ...cursor });
		for (const { msgid, service_encrypt_info: info } of page.msg_list as Array<{
			msgid: string;
			service_encrypt_info: { encrypted_secret_key: string; public_key_ver: number };
		}>) {
			const privateKey = simulator.keys[info.public_key_ver]?.privateKey as string;
			keys.set(msgid, openKeyWithForge(info.encrypted_secret_key, privateKey));
		}
		if (page.has_more === 0) break;
		cursor = { cursor: page.next_cursor };
	}
	return records.map(({ msgid }) => named(msgid, keys.get(msgid) as string));
}

const named = (msgid: string, secret_key: string): Message => ({
	msgid,
	encrypt_info: { secret_key },
});

/** What customers and staff say in a group of customers. */
async function say(...texts: string[]): Promise<Message[]> {
	const chatId = simulator.world.customers[0]?.externalUserid as string;
	const options = { chatId, by: 'customer' } as const;
	return await messagesOf(texts.flatMap((text) => simulator.addMessages(1, { text, ...options })));
}

/** What comes of a job, once it is done. */
async function result(stem: string, request: object, by = token): Promise<Answer> {
	const begun = await run(`create_${stem}_task`, request, by);
	if (begun.errcode !== 0) return begun;
	clock += 1000;
	return await run(`get_${stem}_result`, { jobid: begun.jobid }, by);
}

const groupsOf = () => simulator.world.tagGroups.map(({ groupId }) => ({ group_id: groupId }));

async function knowledgeBase(): Promise<string> {
	const doc_list = [{ doc_name: '常见问题', type: 101, web_url: 'https://example.com/faq' }];
	return (await run('knowledge_base_create', { kb_name: '手册', doc_list })).kb_id as string;
}

describe('a job', () => {
	afterEach(() => simulator.stop());

	test('is not ready at first, unfinished then, and done after its time', async () => {
		await start({ modelSeconds: 5 });
		const msg_list = await say('谢谢');
		const begun = await run('create_sentiment_task', { msg_list });
		expect(begun).toEqual({
			errcode: 0,
			errmsg: 'ok',
			jobid: expect.stringMatching(/^[\w-]{20,64}$/) as string,
			fail_list: [],
		});
		const ask = () => run('get_sentiment_result', { jobid: begun.jobid });
		expect(await ask()).toMatchObject({ errcode: 710642 });
		expect(await ask()).toEqual({ errcode: 0, errmsg: 'ok', status: 0 });
		clock += 4999;
		expect(await ask()).toMatchObject({ status: 0 });
		clock += 1;
		const done = await ask();
		expect(done).toMatchObject({ status: 1, analyze_result_list: [{ errcode: 0 }] });
		expect(await ask()).toEqual(done);
	});

	test('is known to its own model alone', async () => {
		await start();
		const { jobid } = await run('create_sentiment_task', { msg_list: await say('谢谢') });
		expect(await run('get_spam_result', { jobid })).toMatchObject({ errcode: 40088 });
		expect(await run('get_sentiment_result', { jobid: 'J' })).toMatchObject({ errcode: 40088 });
		expect(await run('get_sentiment_result')).toMatchObject({ errcode: 40063 });
	});

	test('is recorded when it is begun, and not when it is asked about or refused', async () => {
		await start();
		const msg_list = await say('一', '二');
		const { jobid } = await run('create_summary_task', { msg_list });
		await run('get_summary_result', { jobid });
		await run('create_summary_task', { msg_list: [] });
		const jobs = [{ func: 'create_summary_task', messages: 2, jobid }];
		expect(simulator.modelJobs).toEqual(jobs);
		expect(await (await fetch(`${simulator.url}/_sim/model_jobs`)).json()).toEqual(jobs);
	});

	test('fails on demand, the next of its model, from another process too', async () => {
		await start();
		const msg_list = await say('谢谢');
		simulator.failModelJobs('summary', 2);
		expect(await result('sentiment', { msg_list })).toMatchObject({ status: 1 });
		const failed = { errcode: 0, errmsg: 'ok', status: 2 };
		expect(await result('summary', { msg_list })).toEqual(failed);
		expect(await result('summary', { msg_list })).toEqual(failed);
		expect(await result('summary', { msg_list })).toMatchObject({ status: 1 });
		const control = async (body: object) =>
			(
				await fetch(`${simulator.url}/_sim/model_failures`, {
					method: 'POST',
					body: JSON.stringify(body),
				})
			).status;
		expect(await control({ model: 'antispam' })).toBe(200);
		expect(await result('spam', { msg_list })).toEqual(failed);
		expect(await control({ model: 'mood' })).toBe(400);
		expect(() => simulator.failModelJobs('mood' as ModelName)).toThrow(RangeError);
		expect(() => simulator.failModelJobs('tag', 0.5)).toThrow(RangeError);
	});
});

describe('the models', () => {
	forAll();

	test('judge feelings message by message, by numbers', async () => {
		const msg_list = await say('用了三天就漏水,我要投诉', '订单已提交', '服务真不错👍');
		expect((await result('sentiment', { msg_list })).analyze_result_list).toEqual(
			[2, 0, 1].map((sentiment_result, index) => ({
				msgid: msg_list[index]?.msgid,
				errcode: 0,
				errmsg: 'ok',
				sentiment_result,
			})),
		);
	});

	test('judge what is forbidden message by message, by numbers', async () => {
		const msg_list = await say('你好', '政治谣言', '裸聊');
		const { analyze_result_list: list } = await result('spam', { msg_list });
		expect((list as Array<{ spam_result: number }>).map((one) => one.spam_result)).toEqual([
			0, 1, 2,
		]);
	});

	test('sum up, and suggest answers, in one text', async () => {
		const msg_list = await say('订单 YS1234567890 什么时候发货?');
		expect(await result('summary', { msg_list })).toEqual({
			errcode: 0,
			errmsg: 'ok',
			status: 1,
			fail_list: [],
			response_data: expect.stringContaining('发货物流') as string,
		});
		const { response_data: text } = await result('recommend_dialog', {
			msg_list,
			kb_id: await knowledgeBase(),
		});
		expect((text as string).split('\n').length).toBeGreaterThanOrEqual(2);
	});

	test('find tags of the groups that are asked about', async () => {
		const msg_list = await say('能便宜点吗,我的预算有限');
		const group = simulator.world.tagGroups.find(({ name }) => name === '客户关注');
		const tag_group_list = [{ group_id: group?.groupId }];
		expect(await result('customer_tag', { msg_list, tag_group_list })).toMatchObject({
			fail_list: [],
			tag_result_list: [{ group_id: group?.groupId, tag_id: group?.tags[0]?.tagId }],
		});
	});

	test('answer by the prompt of an ability, thoughts first where they are asked for', async () => {
		const msg_list = await say('能便宜点吗');
		const kb_id = await knowledgeBase();
		const { response_data: text } = await result('ww_model', {
			ability_id: simulator.world.promptAbilityId,
			msg_list,
			kb_id,
			kb_retrieval_words: '价格表',
			tag_group_list: groupsOf(),
			var_args: [{ name: 'tone', value: '亲切' }],
			model_id: 'deep',
			need_think_result: true,
		});
		expect(text).toMatch(/^<think>.*<\/think>/);
		for (const word of ['deep', kb_id, '价格表', 'tone=亲切', '价格']) expect(text).toContain(word);
	});

	test('read speech beside text', async () => {
		const [voice, call] = [
			simulator.addMessages(1, { msgtype: 'voice' }),
			simulator.addMessages(1, { msgtype: 'meeting_voice_call' }),
		];
		const msg_list = await messagesOf([...voice, ...call]);
		const { analyze_result_list: list } = await result('sentiment', { msg_list });
		expect(list).toMatchObject([{ sentiment_result: 0 }, { sentiment_result: 0 }]);
	});
});

describe('messages', () => {
	forAll();

	test('that cannot be read fail one by one, and the others do not', async () => {
		const [good, other] = await say('谢谢', '再见');
		const [image] = await messagesOf(simulator.addMessages(1, { msgtype: 'image' }));
		const wrong = named(other?.msgid as string, good?.encrypt_info.secret_key as string);
		const msg_list = [named('nowhere', 'k'), good, wrong, image];
		const failures = [
			{ errcode: 710600, errmsg: expect.any(String) as string, msgid: 'nowhere' },
			{ errcode: 710603, errmsg: expect.any(String) as string, msgid: other?.msgid },
			{ errcode: 710602, errmsg: expect.any(String) as string, msgid: image?.msgid },
		];
		expect((await result('summary', { msg_list })).fail_list).toEqual(failures);
		const { analyze_result_list: list } = await result('sentiment', { msg_list });
		const [first, ...rest] = failures;
		const judged = { msgid: good?.msgid, errcode: 0, errmsg: 'ok', sentiment_result: 1 };
		expect(list).toEqual([first, judged, ...rest]);
	});

	test('that all fail are the failure of the job', async () => {
		const msg_list = [named('nowhere', 'k')];
		expect(await result('summary', { msg_list })).toMatchObject({ errcode: 710634 });
		expect(await result('sentiment', { msg_list })).toMatchObject({ errcode: 710634 });
	});

	test('that come twice count once: the beginning names them, with their keys', async () => {
		const [one, two] = (await say('谢谢', '漏水')) as [Message, Message];
		const again = named(one.msgid, 'another');
		const begun = await run('create_sentiment_task', { msg_list: [one, again, two, two] });
		const errmsg = expect.any(String) as string;
		expect(begun.fail_list).toEqual([
			{ errcode: 710613, errmsg, ...again },
			{ errcode: 710613, errmsg, ...two },
		]);
		expect(simulator.modelJobs.at(-1)).toMatchObject({ messages: 2, jobid: begun.jobid });
		clock += 1000;
		const { analyze_result_list: list } = await run('get_sentiment_result', { jobid: begun.jobid });
		expect(list).toMatchObject([{ sentiment_result: 1 }, { sentiment_result: 2 }]);
	});

	test('may be 1000, not one more, and not none', async () => {
		const list = (count: number) =>
			Array.from({ length: count }, (_, index) => named(`m${index}`, 'k'));
		const code = async (msg_list: unknown) => (await run('create_spam_task', { msg_list })).errcode;
		expect(await code(list(1000))).toBe(0);
		expect(await code(list(1001))).toBe(710623);
		expect(await code([])).toBe(40058);
		expect((await run('create_spam_task')).errcode).toBe(40063);
	});

	test('may have 30,000 characters; the summary reads no further, feelings have no end', async () => {
		const msg_list = await say('字'.repeat(30_000), '末');
		const kb_id = await knowledgeBase();
		const tag_group_list = groupsOf();
		for (const [stem, extras] of [
			['ww_model', {}],
			['recommend_dialog', { kb_id }],
			['customer_tag', { tag_group_list }],
		] as const) {
			expect(await result(stem, { msg_list, ...extras })).toMatchObject({ errcode: 790040 });
			const short = msg_list.slice(0, 1);
			expect(await result(stem, { msg_list: short, ...extras })).toMatchObject({ status: 1 });
		}
		const summary = (await result('summary', { msg_list })).response_data;
		expect(summary).toContain('共发送 1 条文本消息');
		expect(await result('sentiment', { msg_list })).toMatchObject({ status: 1 });
	});
});

const VARIABLES = Array(51).fill({ name: 'n', value: 'v' });

describe('what is wrong with a request', () => {
	forAll();

	test.each<[string, number, object]>([
		['recommend_dialog', 40063, {}],
		['recommend_dialog', 710632, { kb_id: 'kbNone' }],
		['customer_tag', 40063, {}],
		['customer_tag', 40058, { tag_group_list: [] }],
		['customer_tag', 40068, { tag_group_list: [{ group_id: 'etNone' }] }],
		['ww_model', 710636, { ability_id: 'another' }],
		['ww_model', 710632, { kb_id: 'kbNone' }],
		['ww_model', 40063, { var_args: [{ name: 'n' }] }],
	])('is refused by create_%s_task with %d: %j', async (stem, errcode, extras) => {
		const before = simulator.modelJobs.length;
		const msg_list = await say('谢谢');
		expect(await run(`create_${stem}_task`, { msg_list, ...extras })).toMatchObject({ errcode });
		expect(simulator.modelJobs).toHaveLength(before);
	});

	test('is more than 50 variables', async () => {
		const request = { msg_list: await say('谢谢'), var_args: VARIABLES.slice(1) };
		expect(await result('ww_model', request)).toMatchObject({ status: 1 });
		const more = { ...request, var_args: VARIABLES };
		expect(await result('ww_model', more)).toMatchObject({ errcode: 40058 });
	});

	test('is seen by the examples of the ability before', async () => {
		const asked = async (func: string, request: object) =>
			(await callProgram(simulator, token, 'python', func, request)).errcode;
		expect(await asked('create_spam_task', { msg_list: [{ msgid: 'm', secret_key: 'k' }] })).toBe(790016); // prettier-ignore
		expect(await asked('create_summary_task', { kb_id: 'kb1' })).toBe(790016);
		expect(await asked('get_spam_result', { job_id: 'J' })).toBe(790016);
	});

	test('is a missing ability_id where an app of a provider asks', async () => {
		const { corpId: auth_corpid, permanentCode } = simulator.customers[0] as {
			corpId: string;
			permanentCode: string;
		};
		const suiteToken = await getSuiteToken(simulator);
		const path = `/service/get_corp_token?suite_access_token=${suiteToken}`;
		const body = { auth_corpid, permanent_code: permanentCode };
		const by = (await askApi(simulator, path, body)).access_token as string;
		const msg_list = await say('谢谢');
		const missing = { errcode: 40063, errmsg: expect.stringContaining('ability_id') as string };
		expect(await result('ww_model', { msg_list }, by)).toEqual(missing);
		const ability_id = simulator.world.promptAbilityId;
		expect(await result('ww_model', { msg_list, ability_id }, by)).toMatchObject({ status: 1 });
		// Its right to summaries has ended; the corp's own app has no such end.
		expect(await result('summary', { msg_list }, by)).toMatchObject({ errcode: 710726 });
		expect(await result('summary', { msg_list })).toMatchObject({ status: 1 });
	});
});

describe('the day', () => {
	afterEach(() => simulator.stop());

	test('has so many calls of each model, and so many messages of sentiment and spam', async () => {
		await start({ modelQuota: 2, modelMessageQuota: 4 });
		const msg_list = await say('一', '二', '三');
		const code = async (stem: string, list = msg_list) =>
			(await run(`create_${stem}_task`, { msg_list: list })).errcode;
		expect([await code('summary'), await code('summary'), await code('summary')]).toEqual([
			0, 0, 45009,
		]);
		expect(await code('ww_model')).toBe(0);
		expect(await code('sentiment')).toBe(0);
		expect(await code('sentiment')).toBe(45009);
		expect(await code('sentiment', msg_list.slice(0, 1))).toBe(0);
		expect(await code('sentiment', msg_list.slice(0, 1))).toBe(45009);
		expect(await code('spam')).toBe(0);
		clock += 86_400_000;
		token = await getToken(simulator);
		expect([await code('summary'), await code('sentiment')]).toEqual([0, 0]);
	});
});
