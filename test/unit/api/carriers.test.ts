import { WecomClient, type CallOptions } from '../../../wecom/api/client';
import { inStyle, programCarrier } from '../../../wecom/api/carriers/program';
import { fields, id, optional, text, uint64 } from '../../../wecom/api/fields';
import { operation } from '../../../wecom/api/operation';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import {
	InvalidInputError,
	OutcomeUnknownError,
	WecomApiError,
	WecomProgramError,
	WecomResponseError,
} from '../../../wecom/errors';
import { call, clientOf, failedCall, TOKENS } from '../support/client';
import {
	byPath,
	closeServers,
	cut,
	errcode,
	failureOf,
	inTurn,
	json,
	startServer,
	text as words,
	type Reply,
} from '../support/server';

const CALL_PATH = '/cgi-bin/chatdata/sync_call_program';

afterEach(closeServers);

/** A function of the zone SDK that changes nothing. */
const findThings = operation({
	name: 'findThings',
	retry: 'read',
	proof: ['thing_list'],
	input: fields({
		query_word: optional(text({})),
		docid: optional(uint64()),
	}),
	wires: { reference: 'ZONE find_things' },
});
/** One that makes something. */
const createThing = operation({
	name: 'createThing',
	retry: 'once',
	findOut: 'Look for it with `findThings`.',
	input: fields({ name: id() }),
	wires: { reference: 'ZONE create_thing' },
});
const FOUND = { errcode: 0, errmsg: 'ok', thing_list: [] };
const answering = (data: unknown, more: object = {}): Reply =>
	json({ errcode: 0, errmsg: 'ok', response_data: data, ...more });
const JAVA: CallOptions = { program: { programId: 'progJ', style: 'java' } };

describe('a function of the zone', () => {
	it.each<[string, CallOptions, object]>([
		[
			'Java and C++',
			JAVA,
			{
				program_id: 'progJ',
				ability_id: 'invoke_find_things',
				request_data: '{"query_word":"报价"}',
			},
		],
		[
			'Python',
			{},
			{
				program_id: 'P',
				ability_id: 'input_find_things',
				request_data: '{"input":{"func":"find_things","func_req":{"query_word":"报价"}}}',
			},
		],
	])('is called through the program in the form of %s', async (_style, options, body) => {
		const input = { query_word: '报价' };
		const { output, requests } = await call(
			findThings,
			input,
			answering(JSON.stringify(FOUND)),
			options,
		);
		expect(requests).toHaveLength(1);
		expect(requests[0]).toMatchObject({
			method: 'POST',
			path: CALL_PATH,
			query: { access_token: TOKENS.access_token },
		});
		expect(JSON.parse(requests[0]?.body ?? '')).toEqual(body);
		expect(output).toEqual({ thing_list: [] });
	});

	it('of the same program may be called in another style', async () => {
		const options = { program: { style: 'java' } } as const;
		const { requests } = await call(findThings, {}, answering(JSON.stringify(FOUND)), options);
		expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
			program_id: 'P',
			ability_id: 'invoke_find_things',
			request_data: '{}',
		});
	});

	it.each<[string, CallOptions, string]>([
		[
			'Java and C++',
			JAVA,
			'{"program_id":"progJ","ability_id":"get_callback_data","notify_id":"N1","request_data":"{}"}',
		],
		[
			'Python',
			{},
			'{"program_id":"P","ability_id":"input_do_async_job","notify_id":"N1","request_data":"{\\"input\\":{\\"func\\":\\"do_async_job\\",\\"func_req\\":{}}}"}',
		],
	])('gives a stored event for the id beside the request, in %s', async (_style, options, body) => {
		const fetchEvent = operation({
			name: 'fetchEvent',
			retry: 'read',
			input: fields({ notify_id: id() }),
			wires: { reference: 'ZONE do_async_job' },
		});
		const event = { event_type: 'conversation_new_message' };
		const reply = answering(JSON.stringify(event));
		const { output, requests } = await call(fetchEvent, { notify_id: 'N1' }, reply, options);
		expect(requests.map((request) => request.body)).toEqual([body]);
		expect(output).toEqual(event);
	});

	it('gets and gives numbers beyond 2^53 exactly', async () => {
		const docid = '18446744073709551615';
		const reply = answering(`{"thing_list":[${docid}]}`);
		const { output, requests } = await call(findThings, { docid }, reply, JAVA);
		expect(requests[0]?.body).toContain(`{\\"docid\\":${docid}}`);
		expect(output).toEqual({ thing_list: [docid] });
	});

	it.each<[string, unknown]>([
		['text', '{"thing_list":[1]}'],
		['an object in a lone output', '{"output":{"thing_list":[1]}}'],
		['text in a lone output', '{"output":"{\\"thing_list\\":[1]}"}'],
		['no text but the object itself', { thing_list: [1] }],
	])('is understood where its answer is %s', async (_form, data) => {
		const { output } = await call(findThings, {}, answering(data));
		expect(output).toEqual({ thing_list: [1] });
	});

	it('has a minute, as every call of a program, where nobody says otherwise', () => {
		const timeoutOf = (timeoutMs?: number) =>
			programCarrier.toRequest(
				{ route: 'ZONE find_things', ...(timeoutMs === undefined ? {} : { timeoutMs }) },
				{},
				{ programId: 'P' },
			).timeoutMs;
		expect([timeoutOf(), timeoutOf(1000)]).toEqual([60_000, 1000]);
	});
});

describe('a call of a function fails', () => {
	it('first by what is no answer of WeCom at all', async () => {
		const { error, requests } = await failedCall(findThings, {}, words('<h1>502</h1>', 502));
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({ httpStatus: 502, path: '/chatdata/sync_call_program' });
		expect(error.message).toBe(
			"The answer to the program call of find_things (/chatdata/sync_call_program) is not WeCom's JSON (HTTP 502, an HTML or XML page)",
		);
		expect(requests).toHaveLength(4);
	});

	it('then by the errcode of the call, whatever the program says', async () => {
		const inside = JSON.stringify({ errcode: 710612, errmsg: 'inside' });
		const reply = json({ errcode: 48002, errmsg: 'outside', response_data: inside });
		const { error } = await failedCall(findThings, {}, reply);
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).not.toBeInstanceOf(WecomProgramError);
		expect(error).toMatchObject({
			errcode: 48002,
			errmsg: 'outside',
			path: '/chatdata/sync_call_program',
			message:
				'WeCom answered the program call of find_things (/chatdata/sync_call_program) with errcode 48002: outside',
		});
	});

	it.each<[string, RegExp]>([
		['unsupport api', /does not know this function/],
		['Invoke failed, ret: -1', /could not call the function.*logs/],
		['notify_id is empty', /found no notify_id.*style/],
		['get data by notify_id failed', /ten minutes/],
		['unknown ability_id', /Register the ability/],
		['unknown call type', /program style/],
		['Traceback (most recent call last):', /program style.*logs/],
		['{"output":"unsupport api"}', /does not know this function/],
	])('then by the plain text of an image that failed, %j', async (data, hint) => {
		const { error, requests } = await failedCall(findThings, {}, answering(data));
		expect(error).toBeInstanceOf(WecomResponseError);
		const words = data.startsWith('{') ? 'unsupport api' : data;
		expect(error.message).toBe(
			`The image of the program in the data zone failed at find_things, it answered in plain text: ${words}`,
		);
		expect(error.hint).toMatch(hint);
		expect(requests).toHaveLength(1);
	});

	it('and the plain text of an image is cut, and holds no token', async () => {
		const said = `${TOKENS.access_token} `.repeat(5000);
		const { error } = await failedCall(findThings, {}, answering(said));
		expect(error.message.length).toBeLessThan(600);
		expect(error.message).toContain('plain text: *** ***');
		expect(error.message + JSON.stringify(error) + error.stack).not.toContain(TOKENS.access_token);
	});

	it.each(['', '[]', '3', 'null'])(
		'then where response_data is %j and no answer of a function',
		async (data) => {
			const { error, requests } = await failedCall(findThings, {}, answering(data));
			expect(error).toBeInstanceOf(WecomResponseError);
			expect(error.message).toBe(
				'The program in the data zone did not answer with what find_things gives',
			);
			expect(error.hint).toContain('Check the program style');
			expect(requests).toHaveLength(1);
		},
	);

	it('then by the errcode beside response_data', async () => {
		const reply = answering('{"errcode":2,"errmsg":"e"}', { response_errcode: 1 });
		const { error } = await failedCall(findThings, {}, reply);
		expect(error).toBeInstanceOf(WecomProgramError);
		expect(error).toMatchObject({ errcode: 1, errmsg: 'e' });
	});

	it('then by the errcode of the function', async () => {
		const { error, requests } = await failedCall(
			findThings,
			{},
			answering('{"output":{"errcode":790016,"errmsg":"no such key"}}'),
		);
		expect(error).toBeInstanceOf(WecomProgramError);
		expect(error).toMatchObject({
			errcode: 790016,
			errmsg: 'no such key',
			path: 'the program in the data zone',
			message:
				'The function find_things of the data zone answered with errcode 790016: no such key',
		});
		expect(requests).toHaveLength(1);
	});

	it('and its words never hold a token', async () => {
		const data = JSON.stringify({ errcode: 5, errmsg: `refused ${TOKENS.access_token}` });
		const { error } = await failedCall(findThings, {}, answering(data));
		expect(error).toMatchObject({ errmsg: 'refused ***' });
		expect(error.message + JSON.stringify(error) + error.stack).not.toContain(TOKENS.access_token);
	});
});

describe('a function of the zone', () => {
	it.each<[string, Reply]>([
		['the call', errcode(-1)],
		['the function', answering('{"errcode":-1,"errmsg":"busy"}')],
	])('that reads is called again where %s says that it is busy', async (_what, busy) => {
		const reply = inTurn(busy, answering(JSON.stringify(FOUND)));
		const { requests } = await call(findThings, {}, reply);
		expect(requests).toHaveLength(2);
	});

	it.each<[string, Reply]>([
		['silence', cut],
		['plain text', answering('invoke failed')],
		['no errcode at all', json({ response_data: '{}' })],
	])('that makes something is not called again after %s', async (_what, reply) => {
		const { error, requests } = await failedCall(createThing, { name: 'n' }, reply);
		expect(error).toBeInstanceOf(OutcomeUnknownError);
		expect(error.hint).toBe('Look for it with `findThings`.');
		expect(requests).toHaveLength(1);
	});

	it.each(['unsupport api', 'unknown ability_id', 'unknown call type', 'notify_id is empty'])(
		'has certainly made nothing where the image says %j: it called no function',
		async (said) => {
			const { error, requests } = await failedCall(createThing, { name: 'n' }, answering(said));
			expect(error).toBeInstanceOf(WecomResponseError);
			expect(error.message).toContain(said);
			expect(requests).toHaveLength(1);
		},
	);

	it('that refuses has certainly made nothing', async () => {
		const reply = answering('{"errcode":-1,"errmsg":"busy"}');
		const { error, requests } = await failedCall(createThing, { name: 'n' }, reply);
		expect(error).toBeInstanceOf(WecomProgramError);
		expect(requests).toHaveLength(1);
	});

	it('does not cost the call its token, whatever it says of one', async () => {
		let issued = 0;
		const issue: Reply = (request, response) =>
			json({ access_token: `T${++issued}`, expires_in: 7200 })(request, response);
		const program = answering('{"errcode":42001,"errmsg":"inside"}');
		const server = await startServer(byPath({ '/cgi-bin/gettoken': issue, [CALL_PATH]: program }));
		const client = new WecomClient({
			baseUrl: server.url,
			authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
			tokenCache: new TokenCache(),
			program: { programId: 'P', style: 'java' },
		});
		for (let call = 0; call < 2; call++) {
			expect(await failureOf(client.call(findThings, {}))).toBeInstanceOf(WecomProgramError);
		}
		expect(server.to(CALL_PATH).map(({ query }) => query.access_token)).toEqual(['T1', 'T1']);
	});

	it.each<[string, CallOptions, string]>([
		['no program', { program: { programId: undefined } }, 'program_id'],
		['a program without a name', { program: { programId: ' ' } }, 'program_id'],
		['another style', { program: { style: 'go' as never } }, 'program_style'],
	])('is refused with %s, and nothing is sent', async (_what, options, field) => {
		const { error, requests } = await failedCall(findThings, {}, json({}), options);
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field });
		expect(requests).toHaveLength(0);
	});

	it('is refused with a request of more than 1 MB, and nothing is sent', async () => {
		const query_word = 'x'.repeat(2 ** 20);
		const { error, requests } = await failedCall(findThings, { query_word }, json({}));
		expect(error).toMatchObject({
			field: 'request_data',
			message: expect.stringContaining('expected at most 1048576'),
		});
		expect(requests).toHaveLength(0);
	});
});

describe("a function of Tencent's native library", () => {
	it('is refused where there is no library, by the name of the setting', async () => {
		const pull = operation({
			name: 'pull',
			retry: 'read',
			input: fields({}),
			wires: { messageArchive: 'LIBRARY GetChatData' },
		});
		const server = await startServer(json({ errcode: 0 }));
		const client = clientOf(server, { contract: 'messageArchive' });
		const error = await failureOf(client.call(pull, {}));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({
			field: 'archiveLibrary',
			message:
				'"archiveLibrary" is empty, and GetChatData is a function of Tencent\'s native library',
		});
		expect(server.requests).toHaveLength(0);
	});
});

describe('a program', () => {
	it('is called in the form of the Python sample', () => {
		expect(inStyle('python', 'search_chat', { query_word: '报价' })).toEqual({
			ability_id: 'input_search_chat',
			request_data: { input: { func: 'search_chat', func_req: { query_word: '报价' } } },
		});
	});

	it('is called in the form of the Java and C++ samples', () => {
		expect(inStyle('java', 'search_chat', { query_word: '报价' })).toEqual({
			ability_id: 'invoke_search_chat',
			request_data: { query_word: '报价' },
		});
	});
});
