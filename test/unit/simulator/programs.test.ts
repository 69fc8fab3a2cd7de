import { startSimulator, type Simulator } from '../../../simulator';
import { call, getToken, refusal, type Answer } from './support';

const SYNC = '/chatdata/sync_call_program';
const TASK = '/chatdata/async_program_task';
const RESULT = '/chatdata/async_program_result';

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 400 });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const openIdOf = (id?: string) =>
	simulator.world.members.find(({ userid }) => userid === id)?.openUserid;

/** A call in the form of a style. */
function bodyOf(style: 'java' | 'python', func: string, request: object): Record<string, string> {
	const inner = style === 'java' ? request : { input: { func, func_req: request } };
	return {
		program_id: simulator.programs[style],
		ability_id: style === 'java' ? `invoke_${func}` : `input_${func}`,
		request_data: JSON.stringify(inner),
	};
}

/** What a function answers, `output` taken off. */
async function run(style: 'java' | 'python', func: string, request: object): Promise<Answer> {
	const answer = await call(simulator, SYNC, token, bodyOf(style, func, request));
	if (answer.errcode !== 0) throw new Error(answer.errmsg);
	const data = JSON.parse(answer.response_data as string) as Answer;
	if (style === 'java') return data;
	expect(Object.keys(data)).toEqual(['output']);
	return data.output as Answer;
}

describe.each(['java', 'python'] as const)('the program in %s', (style) => {
	test('echoes', async () => {
		const request = { text: '你好 "quoted"', list: [1, 2.5, null], big: { deep: true } };
		expect(await run(style, 'echo', request)).toEqual(request);
	});

	test('keeps integers exact', async () => {
		const { request_data: data = '', ...rest } = bodyOf(style, 'echo', { seq: 'SEQ' });
		const request_data = data.replace('"SEQ"', '18446744073709551615');
		const answer = await call(simulator, SYNC, token, { ...rest, request_data });
		expect(answer.response_data).toContain('"seq":18446744073709551615');
	});

	test('searches chats and messages, page by page', async () => {
		const walk = async (func: string, request: object, list: string): Promise<unknown[]> => {
			const found: unknown[] = [];
			let cursor = '';
			do {
				const page = cursor === '' ? {} : { cursor };
				const answer = await run(style, func, { ...request, ...page });
				found.push(...(answer[list] as unknown[]));
				cursor = answer.next_cursor as string;
			} while (cursor !== '');
			return found;
		};
		const groups = simulator.world.groups.slice(0, 2);
		expect(await walk('search_chat', { query_word: '咖啡', limit: 1 }, 'chat_list')).toEqual(
			groups.map(({ roomid }) => ({ chatid: roomid })),
		);
		const whole = await run(style, 'search_msg', { query_word: '订单' });
		expect(whole).toMatchObject({ errcode: 0, errmsg: 'ok', has_more: 0, next_cursor: '' });
		const messages = whole.msg_list as object[];
		expect(messages.length).toBeGreaterThan(2);
		expect(messages[0]).toEqual({ msgid: expect.any(String) });
		expect(await walk('search_msg', { query_word: '订单', limit: 2 }, 'msg_list')).toEqual(
			messages,
		);
	});

	test('narrows a message search as the reference contract does', async () => {
		const chatId = simulator.world.groups[0]?.roomid as string;
		const [record] = simulator.addMessages(1, { text: `程序暗号 ${style}`, chatId });
		const find = async (chat_info: object) =>
			await run(style, 'search_msg', { query_word: `程序暗号 ${style}`, chat_info });
		expect((await find({ chat_type: 2, chat_id: chatId })).msg_list).toEqual([
			{ msgid: record?.msgid },
		]);
		expect((await find({ chat_type: 1 })).msg_list).toEqual([]);
		expect(await find({ chat_type: 3 })).toMatchObject({ errcode: 40058 });
	});

	test('describes internal groups', async () => {
		const group = simulator.world.groups.find(({ internal }) => internal);
		expect(await run(style, 'get_group_chat', { chatid: group?.roomid })).toEqual({
			errcode: 0,
			errmsg: 'ok',
			creator: openIdOf(group?.creator),
			room_create_time: group?.createdAt,
			members: group?.members.map(({ id, joinedAt }) => ({
				memberid: openIdOf(id),
				jointime: joinedAt,
				type: 1,
			})),
		});
		const chatid = simulator.world.groups[0]?.roomid;
		expect(await run(style, 'get_group_chat', { chatid })).toMatchObject({ errcode: 301059 });
		expect(await run(style, 'get_group_chat', { chatid: 'wr' })).toMatchObject({ errcode: 710606 });
	});

	test('puts refusals of a function into its answer', async () => {
		expect(await run(style, 'search_chat', {})).toEqual({
			errcode: 40063,
			errmsg: expect.stringContaining('query_word is missing'),
		});
		expect(await run(style, 'search_chat', { query_word: '咖啡', limit: 101 })).toMatchObject({
			errcode: 40058,
		});
		expect(await run(style, 'search_msg', { query_word: '咖啡', cursor: 'x' })).toMatchObject({
			errcode: 50100,
		});
		const status = await run(style, 'get_chatdata_export_job_status', { jobid: 'j' });
		expect(status).toMatchObject({ errcode: 40088 });
	});

	test('as a task is ready the third time it is asked', async () => {
		const { jobid } = await call(simulator, TASK, token, bodyOf(style, 'echo', { a: 1 }));
		const ask = async () => await call(simulator, RESULT, token, { jobid });
		expect([(await ask()).errcode, (await ask()).errcode]).toEqual([790023, 790023]);
		const done = {
			errcode: 0,
			errmsg: 'ok',
			response_errcode: 0,
			response_data: style === 'java' ? '{"a":1}' : '{"output":{"a":1}}',
		};
		expect(await ask()).toEqual(done);
		expect(await ask()).toEqual(done);
	});

	test('as a task reports the errcode of its function', async () => {
		const { jobid } = await call(simulator, TASK, token, bodyOf(style, 'search_chat', {}));
		const ask = async () => await call(simulator, RESULT, token, { jobid });
		await ask();
		await ask();
		const answer = await ask();
		expect(answer).toMatchObject({ errcode: 0, response_errcode: 40063 });
		expect(answer.response_data).toContain('query_word is missing');
	});
});

test('a function that the Python program does not know is an error of its own', async () => {
	expect(await run('python', 'read_minds', {})).toMatchObject({ errcode: -10006 });
});

test('notify_id may be given to a synchronous call only', async () => {
	const body = { ...bodyOf('java', 'echo', {}), notify_id: 'n1' };
	expect((await refusal(simulator, SYNC, token, body))[0]).toBe(0);
	expect(await refusal(simulator, TASK, token, body)).toEqual([
		40058,
		expect.stringContaining('notify_id'),
	]);
	expect((await refusal(simulator, SYNC, token, { ...body, notify_id: 'n'.repeat(129) }))[0]).toBe(40058); // prettier-ignore
});

describe.each([SYNC, TASK])('%s', (path) => {
	test.each<[number, string, 'java' | 'python', Record<string, unknown>]>([
		[40063, 'program_id', 'java', { program_id: undefined }],
		[800001, 'program_id', 'java', { program_id: 'prog' }],
		[40063, 'ability_id', 'java', { ability_id: undefined }],
		[800003, 'ability_id', 'java', { ability_id: 'invoke_read_minds' }],
		[800003, 'ability_id', 'java', { ability_id: 'invoke_constructor' }],
		[800003, 'ability_id', 'java', { ability_id: 'echo' }],
		[40063, 'request_data', 'java', { request_data: undefined }],
		[40058, 'request_data', 'java', { request_data: {} }],
		[790015, 'request_data', 'java', { request_data: '{' }],
		[790015, 'request_data', 'java', { request_data: '[]' }],
		[790016, 'request_data', 'java', { request_data: '{"input":{"func":"echo","func_req":{}}}' }],
		[790016, 'request_data', 'python', { request_data: '{}' }],
		[790016, 'request_data', 'python', { request_data: '{"input":{"func":"echo"}}' }],
		[790016, 'request_data', 'python', { request_data: '{"input":{"func":"echo","func_req":[]}}' }],
		[790016, 'request_data', 'python', { request_data: '{"input":"echo"}' }],
		[790016, 'request_data', 'python', { request_data: '{"input":null}' }],
		[790016, 'request_data', 'python', { request_data: '{"input":{"func":"echo","func_req":{},"x":1}}' }], // prettier-ignore
		[40058, 'args', 'java', { args: 1 }],
	])('refuses with %d a bad %s (%s)', async (errcode, field, style, body) => {
		const request = { ...bodyOf(style, 'echo', {}), ...body };
		expect(await refusal(simulator, path, token, request)).toEqual([
			errcode,
			expect.stringContaining(field),
		]);
	});
});

test('async_program_result asks for a jobid it knows', async () => {
	expect((await refusal(simulator, RESULT, token, {}))[0]).toBe(40063);
	expect((await refusal(simulator, RESULT, token, { jobid: 'j' }))[0]).toBe(790000);
	expect((await refusal(simulator, RESULT, token, { jobid: 'j', wait: 1 }))[0]).toBe(40058);
});
