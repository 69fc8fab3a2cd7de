import { startSimulator, type ProgramSettings, type Simulator } from '../../../simulator';
import { FUNCTIONS } from '../../../simulator/functions';
import { DEFAULTS } from '../../../simulator/program';
import { Endpoint, encryptOf, open } from './endpoint';
import { call, getToken, refusal } from './support';
import { callFunction, callProgram, programCall } from './zoneSupport';

const SYNC = '/chatdata/sync_call_program';

let simulator: Simulator;
let token: string;
let clock = Date.now();

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 20, now: () => clock });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());
afterEach(() => {
	simulator.configureProgram('java', DEFAULTS);
	simulator.configureProgram('python', DEFAULTS);
});

describe.each(['java', 'python'] as const)('the program in %s', (style) => {
	const set = (settings: ProgramSettings) => simulator.configureProgram(style, settings);
	const ask = (func: string, request: object = {}, outer: object = {}) =>
		callProgram(simulator, token, style, func, request, outer);
	const run = (func: string, request: object = {}, outer: object = {}) =>
		callFunction(simulator, token, style, func, request, outer);
	const abilityOf = (func: string) => programCall(simulator, style, func, {}).ability_id as string;

	test.each<[string, string, object]>([
		['search_chat', 'keyword', { keyword: '咖啡' }],
		['search_chat', 'limit', { query_word: '咖啡', limit: '5' }],
		['search_chat', 'cursor', { query_word: '咖啡', cursor: null }],
		['search_msg', 'chat_info.chatid', { query_word: '咖啡', chat_info: { chatid: 'wr' } }],
		['get_agree_status_single', 'item[0].exteranalopenid', { item: [{ exteranalopenid: 'wm' }] }],
		['get_agree_status_single', 'info', { info: [] }],
		['knowledge_base_list', 'cursor', { cursor: 'c' }],
		['create_rule', 'keyword.word_list[1]', { name: 'n', keyword: { word_list: ['a', 1] } }],
	])('%s refuses %s, which its example has not', async (func, path, request) => {
		const { errcode, errmsg, response_data: data } = await ask(func, request);
		expect([errcode, data]).toEqual([790016, undefined]);
		expect(errmsg).toContain(path);
	});

	test('refuses a key that is missing in the example its ability is registered with', async () => {
		const request = { query_word: '咖啡', limit: 5 };
		expect((await ask('search_chat', request)).errcode).toBe(0);
		set({ abilities: { [abilityOf('search_chat')]: { input: { query_word: 'ab' } } } });
		expect((await ask('search_chat', request)).errcode).toBe(790016);
		expect((await ask('search_chat', { query_word: '咖啡' })).errcode).toBe(0);
	});

	test('answers nothing that is missing in the example of its answer', async () => {
		const output = { errcode: 0, errmsg: 'ok', chat_list: [{ chatid: 'wr' }] };
		set({ abilities: { [abilityOf('search_chat')]: { output } } });
		const { errcode, errmsg } = await ask('search_chat', { query_word: '咖啡' });
		expect([errcode, errmsg]).toEqual([790014, expect.stringContaining('has_more')]);
	});

	test('cannot be called by an ability that is not registered', async () => {
		set({ abilities: { [abilityOf('search_chat')]: null } });
		expect((await ask('search_chat', { query_word: '咖啡' })).errcode).toBe(800003);
		expect((await ask('get_rule_list')).errcode).toBe(0);
	});

	test('cannot be called when it is not linked or not deployed', async () => {
		const program_id = simulator.programs[style];
		const level = () => refusal(simulator, '/chatdata/get_log_level', token, { program_id });
		set({ linked: false });
		expect((await ask('get_rule_list')).errcode).toBe(790020);
		expect((await level())[0]).toBe(790020);
		set({ linked: true, deployed: false });
		expect((await ask('get_rule_list')).errcode).toBe(790021);
		set({ deployed: true });
		expect((await ask('get_rule_list')).errcode).toBe(0);
	});

	test('has no abilities but those that are given when none is registered', async () => {
		set({ registered: 'none' });
		expect((await ask('get_rule_list')).errcode).toBe(800003);
		const { input = {}, output = {} } = FUNCTIONS.get_rule_list ?? {};
		set({ abilities: { [abilityOf('get_rule_list')]: { input, output } } });
		expect((await run('get_rule_list')).errcode).toBe(0);
		expect((await ask('search_chat', { query_word: '咖啡' })).errcode).toBe(800003);
		expect(() => set({ registered: 'some' as 'none' })).toThrow(RangeError);
	});

	test('fails to fetch an event as often as it is told, and then gives it', async () => {
		const { notifyId: notify_id, event } = simulator.notifyProgram({ event_type: 'hit_keyword' });
		set({ fetchFailures: 2 });
		const fetching = () => ask('do_async_job', {}, { notify_id });
		const failure = { java: [0, 'invoke failed'], python: [710638, undefined] }[style];
		for (const _time of [1, 2]) {
			const { errcode, response_data: data } = await fetching();
			expect([errcode, data]).toEqual(failure);
			// Other functions go on.
			expect((await run('get_rule_list')).errcode).toBe(0);
		}
		expect(await run('do_async_job', {}, { notify_id })).toEqual(event);
		expect(() => set({ fetchFailures: -1 })).toThrow(RangeError);
	});

	test('gives the event behind a notify_id as it is, for 10 minutes', async () => {
		const { notifyId: notify_id, event } = simulator.notifyProgram({
			event_type: 'chat_archive_audit_approved_single',
			timestamp: 1_730_000_000,
			chat_archive_audit_approved: { userid: 'wo1', external_userid: 'wm1' },
		});
		expect(notify_id.length).toBeLessThanOrEqual(128);
		const fetched = await run('do_async_job', {}, { notify_id });
		expect(fetched).toEqual({
			event_type: 'chat_archive_audit_approved_single',
			timestamp: 1_730_000_000,
			chat_archive_audit_approved: { userid: 'wo1', external_userid: 'wm1' },
		});
		expect(event).toEqual(fetched);
		expect(await run('do_async_job', {}, { notify_id })).toEqual(fetched);
		clock += 600_000;
		expect((await ask('do_async_job', {}, { notify_id })).errcode).toBe(710646);
	});
});

test.each(Object.entries(FUNCTIONS).filter(([name]) => name !== 'echo'))(
	'%s has an example of its request and of its answer',
	(_name, { input, output }) => {
		expect(typeof input).toBe('object');
		expect(output).toMatchObject({ errcode: 0, errmsg: 'ok' });
	},
);

describe('the image in Java', () => {
	const text = async (ability_id: string, outer: object = {}) => {
		const body = { program_id: simulator.programs.java, ability_id, request_data: '{}', ...outer };
		const { errcode, response_data: data } = await call(simulator, SYNC, token, body);
		return [errcode, data];
	};

	test('says in plain text what it could not do', async () => {
		const abilities = { my_ability: {}, invoke_read_minds: {} };
		simulator.configureProgram('java', { abilities });
		expect(await text('my_ability')).toEqual([0, 'unknown ability_id']);
		expect(await text('invoke_read_minds')).toEqual([0, 'unsupport api']);
		expect(await text('get_callback_data')).toEqual([0, 'notify_id is empty']);
		expect(await text('get_callback_data', { notify_id: 'N1' })).toEqual([
			0,
			'get data by notify_id failed',
		]);
		expect(await text('invoke_do_async_job')).toEqual([800003, undefined]);
	});

	test('does not know what came later when it is old', async () => {
		simulator.configureProgram('java', { image: 'old' });
		for (const func of [
			'knowledge_base_list',
			'search_contact_or_customer',
			'get_summary_result',
		]) {
			expect(await text(`invoke_${func}`)).toEqual([0, 'unsupport api']);
		}
		const answer = await callProgram(simulator, token, 'java', 'get_rule_list');
		expect(JSON.parse(answer.response_data as string)).toMatchObject({ errcode: 0 });
	});
});

describe('the image in Python', () => {
	const data = async () =>
		(await callProgram(simulator, token, 'python', 'get_rule_list')).response_data as string;

	test('answers bare, in output, or in output as text', async () => {
		const bare = '{"errcode":0,"errmsg":"ok","rule_list":[],"has_more":false,"next_cursor":""}';
		expect(await data()).toBe(`{"output":${bare}}`);
		simulator.configureProgram('python', { answers: 'bare' });
		expect(await data()).toBe(bare);
		simulator.configureProgram('python', { answers: 'outputText' });
		expect(await data()).toBe(JSON.stringify({ output: bare }));
	});

	test('takes examples as the console has them, with what is around', async () => {
		const { input = {}, output = {} } = FUNCTIONS.search_chat ?? {};
		const around = { input: { func: 'search_chat', func_req: input } };
		const body = programCall(simulator, 'python', 'search_chat', { query_word: '咖啡' });
		const ability = body.ability_id as string;
		const code = async (request: object = { query_word: '咖啡' }) =>
			(await callProgram(simulator, token, 'python', 'search_chat', request)).errcode;
		for (const answer of [output, { output }, { output: JSON.stringify(output) }]) {
			const abilities = { [ability]: { input: around, output: answer } };
			simulator.configureProgram('python', { registered: 'none', abilities });
			expect(await code()).toBe(0);
			expect(await code({ keyword: '咖啡' })).toBe(790016);
		}
		const abilities = { [ability]: { input: around, output: { output: { errcode: 0 } } } };
		simulator.configureProgram('python', { abilities });
		expect(await code()).toBe(790014);
	});

	test('serves every function by one ability', async () => {
		const body = programCall(simulator, 'python', 'search_chat', { query_word: '咖啡' });
		const answer = await call(simulator, SYNC, token, { ...body, ability_id: 'whatever' });
		expect(answer.response_data).toContain('chat_list');
	});

	test('answers an unknown function, and a lost event, by errcodes of its own', async () => {
		const run = (func: string, outer: object = {}) =>
			callFunction(simulator, token, 'python', func, {}, outer);
		expect(await run('do_async_job')).toMatchObject({ errcode: 710660 });
		expect(await run('do_async_job', { notify_id: 'N1' })).toMatchObject({ errcode: 710660 });
		simulator.configureProgram('python', { image: 'old' });
		expect(await run('knowledge_base_list')).toMatchObject({ errcode: -10006 });
	});
});

describe('program_notify', () => {
	test('is called back as data of the corp, with the id and the scene', async () => {
		const endpoint = new Endpoint();
		const url = await endpoint.listen();
		const { token: callbackToken, encodingAesKey, receiveId } = simulator.callback;
		await call(simulator, '/msgaudit/set_callback', token, {
			url,
			token: callbackToken,
			encoding_aes_key: encodingAesKey,
		});
		const { notifyId } = simulator.notifyProgram({ event_type: 'hit_keyword' }, 7);
		await simulator.settled();
		await endpoint.close();
		const [received] = endpoint.received;
		const opened = open(encryptOf(received?.body ?? ''), encodingAesKey);
		expect(opened.receiveId).toBe(receiveId);
		expect(opened.text).toBe(
			`<xml><ToUserName><![CDATA[${receiveId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>` +
				`<CreateTime>${Math.floor(clock / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType>` +
				`<Event><![CDATA[program_notify]]></Event><NotifyId><![CDATA[${notifyId}]]></NotifyId>` +
				`<NotifyScene>7</NotifyScene></xml>`,
		);
		expect(simulator.callbacksSent).toMatchObject([{ event: 'program_notify', ok: true }]);
	});

	test('comes by itself once a program receives the events', async () => {
		const endpoint = new Endpoint();
		const one = await startSimulator({
			messageCount: 1,
			exportSeconds: 0,
			callbackUrl: await endpoint.listen(),
		});
		const by = await getToken(one);
		const program_id = one.programs.java;
		const seen = async () => {
			await one.settled();
			return one.callbacksSent.filter(({ event }) => event === 'program_notify').length;
		};
		one.addMessages(1);
		expect(await seen()).toBe(0);
		const set = (body: object) => refusal(one, '/chatdata/set_receive_callback', by, body);
		expect((await set({ program_id: 'p' }))[0]).toBe(800001);
		expect((await set({ program_id, url: 'https://a' }))[0]).toBe(40058);
		expect((await set({ program_id }))[0]).toBe(0);
		one.addMessages(1);
		expect(await seen()).toBe(1);
		const rule = { name: 'n', keyword: { word_list: ['密语'] } };
		await callFunction(one, by, 'java', 'create_rule', rule);
		one.addMessages(1, { text: '一句密语', chatId: one.world.groups[0]?.roomid as string });
		expect(await seen()).toBe(3);
		await one.stop();
		await endpoint.close();
	});

	test('tells of documents that are learned, and of customers who agree', async () => {
		const endpoint = new Endpoint();
		const one = await startSimulator({
			messageCount: 1,
			learnSeconds: 0,
			callbackUrl: await endpoint.listen(),
		});
		const by = await getToken(one);
		const ask = (func: string, request: object, outer?: object) =>
			callFunction(one, by, 'java', func, request, outer);
		await call(one, '/chatdata/set_receive_callback', by, { program_id: one.programs.java });
		const doc_list = ['https://example.com/faq', 'https://example.invalid/faq'].map((web_url) => ({
			doc_name: '常见问题',
			type: 101,
			web_url,
		}));
		const { kb_id } = await ask('knowledge_base_create', { kb_name: '手册', doc_list });
		const [agreed] = one.addMessages(1, { msgtype: 'agree' });
		const events = async () => {
			await one.settled();
			const ids = one.callbacksSent.flatMap(
				({ plaintext }) => /<NotifyId><!\[CDATA\[(\w+)/.exec(plaintext)?.[1] ?? [],
			);
			return await Promise.all(ids.map((notify_id) => ask('do_async_job', {}, { notify_id })));
		};
		const known = async () => (await events()).length === 4;
		while (!(await known())) await new Promise((resolve) => setTimeout(resolve, 20));
		const told = await events();
		const learned = told.flatMap(({ knowledge_base_learn_done: body }) => body ?? []);
		const base = { knowledge_base_id: kb_id, knowledge_base_name: '手册' };
		expect(learned).toMatchObject([0, 1].map((learn_status) => ({ ...base, learn_status })));
		const { from, tolist } = agreed?.plaintext as { from: string; tolist: string[] };
		const member = one.world.members.find(({ userid }) => userid === tolist[0]);
		expect(told).toContainEqual({
			event_type: 'chat_archive_audit_approved_single',
			timestamp: expect.any(Number) as number,
			chat_archive_audit_approved: { userid: member?.openUserid, external_userid: from },
		});
		await one.stop();
		await endpoint.close();
	});

	test('needs an event, and a scene there can be', () => {
		expect(() => simulator.notifyProgram({ event_type: '' })).toThrow(TypeError);
		expect(() => simulator.notifyProgram({ event_type: 'hit_keyword' }, 256)).toThrow(RangeError);
		expect(() => simulator.configureProgram('cpp' as 'java', {})).toThrow(RangeError);
	});
});
