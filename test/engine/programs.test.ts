import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { errcode, inTurn, json, until, type Reply, type TestServer } from '../unit/support/server';
import { items, operationBench } from './operationBench';

const ZONE = 'wecomDataZone';
const SYNC = '/cgi-bin/chatdata/sync_call_program';
const START = '/cgi-bin/chatdata/async_program_task';
const RESULT = '/cgi-bin/chatdata/async_program_result';
const RUNNING = 790023;
const bench = operationBench(ZONE, { messageCount: 20 });
const { sent } = bench;

const program = async (
	operation: string,
	parameters: IDataObject = {},
	given?: INodeExecutionData[],
	settings: Partial<INode> = {},
) => await bench.run(`program.${operation}`, parameters, given, settings);

/** An engine whose WeCom says what the test writes. */
async function against(reply: Reply, credential: IDataObject = {}) {
	const { run, ...rest } = await bench.against(reply, { programId: 'prog', ...credential });
	return {
		...rest,
		run: async (operation: string, parameters: IDataObject) =>
			await run(`program.${operation}`, parameters),
	};
}

const bodyOf = (server: TestServer, request = 0) =>
	JSON.parse(server.requests[request]?.body ?? '{}') as IDataObject;

const answer = (data: unknown): Reply =>
	json({ errcode: 0, errmsg: 'ok', response_errcode: 0, response_data: data as string });

describe.each([
	['callSync', SYNC],
	['callAsync', START],
])('program.%s', (operation, path) => {
	it('sends the ability and its request to the program of the credential', async () => {
		const { error } = await program(operation, {
			abilityId: 'invoke_echo',
			requestData: '{ "word": "报价", "limit": 50 }',
		});
		expect(error).toBeUndefined();
		expect(sent()).toHaveLength(1);
		expect(sent()[0]).toMatchObject({
			method: 'POST',
			path,
			query: { access_token: expect.any(String) as string },
		});
		expect(sent()[0]?.body).toEqual({
			program_id: bench.wecom.programs.java,
			ability_id: 'invoke_echo',
			request_data: '{"word":"报价","limit":50}',
		});
	});

	it.each([
		['java', 'credential', 'invoke_echo', '{"a":1}'],
		['python', 'credential', 'input_echo', '{"input":{"func":"echo","func_req":{"a":1}}}'],
		['python', 'java', 'invoke_echo', '{"a":1}'],
		['java', 'python', 'input_echo', '{"input":{"func":"echo","func_req":{"a":1}}}'],
	])(
		'calls a function as a program in %s (credential) or %s (node) wants it',
		async (ofCredential, programStyle, ability_id, request_data) => {
			const { server, run } = await against(answer('{}'), { programStyle: ofCredential });
			await run(operation, {
				callBy: 'function',
				functionName: 'echo',
				programStyle,
				programId: 'another',
				requestData: { a: 1 },
			});
			expect(bodyOf(server)).toEqual({ program_id: 'another', ability_id, request_data });
		},
	);

	it('sends integers beyond 2^53 as the numbers they are, in both forms', async () => {
		const { server, run } = await against(answer('{}'));
		const requestData = '{"docid_list":[18446744073709551615,7],"id":"18446744073709551615"}';
		await run(operation, { abilityId: 'a', requestData });
		const python = { callBy: 'function', functionName: 'f', programStyle: 'python' };
		await run(operation, { ...python, requestData });
		expect(bodyOf(server).request_data).toBe(requestData);
		expect(bodyOf(server, 1).request_data).toBe(`{"input":{"func":"f","func_req":${requestData}}}`);
	});

	it.each([
		['no ability', { abilityId: '={{ "" }}' }, 'ability_id'],
		['a list as ability', { abilityId: '={{ [1] }}' }, 'ability_id'],
		['an ability that is too long', { abilityId: 'x'.repeat(257) }, 'ability_id'],
		['no function', { callBy: 'function', functionName: '={{ "" }}' }, 'Function Name'],
		['a function that is too long', { callBy: 'function', functionName: 'x'.repeat(129) }, 'Function Name'], // prettier-ignore
		['a program id that is too long', { programId: 'x'.repeat(257) }, 'program_id'],
		['text that is no JSON', { requestData: '={{ "{ a: 1 }" }}' }, 'request_data'],
		['a list', { requestData: '[1]' }, 'request_data'],
		['no request', { requestData: '={{ "" }}' }, 'request_data'],
		['no request of a function', { callBy: 'function', functionName: 'echo', programStyle: 'python', requestData: '={{ "" }}' }, 'request_data'], // prettier-ignore
		['more than 1 MB', { requestData: JSON.stringify({ a: 'x'.repeat(1024 * 1024) }) }, 'request_data'], // prettier-ignore
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const { error } = await program(operation, { abilityId: 'invoke_echo', ...parameters });
		expect(error?.message).toContain(field);
		expect(bench.wecom.requests).toEqual([]);
	});

	it('goes on after a bad item', async () => {
		const { items: output } = await program(
			operation,
			{ abilityId: 'invoke_echo', requestData: '={{ $json.value }}' },
			items({ a: 1 }, 'no JSON', { a: 3 }),
			{ onError: 'continueRegularOutput' },
		);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(output.map(({ json: { field } }) => field)).toEqual([
			undefined,
			'request_data',
			undefined,
		]);
		expect(sent()).toHaveLength(2);
	});

	it('is not repeated into a silence', async () => {
		const { server, run } = await against(({ socket }) => socket.destroy());
		const { error } = await run(operation, { abilityId: 'a' });
		expect(server.requests).toHaveLength(1);
		expect(error?.description).toContain('log of the program');
	});
});

describe('program.callSync', () => {
	it.each(['java', 'python'] as const)('opens the answer of a program in %s', async (style) => {
		const { json: output, error } = await program('callSync', {
			callBy: 'function',
			programId: bench.wecom.programs[style],
			programStyle: style,
			functionName: 'echo',
			requestData: { query_word: '报价', nested: { list: [1, '2'] } },
		});
		expect(error).toBeUndefined();
		expect(output).toEqual([
			{
				ability_id: style === 'java' ? 'invoke_echo' : 'input_echo',
				response_data: { query_word: '报价', nested: { list: [1, '2'] } },
			},
		]);
	});

	it('runs a function of the zone', async () => {
		const [group] = bench.wecom.world.groups;
		const { json: output } = await program('callSync', {
			callBy: 'function',
			functionName: 'search_chat',
			requestData: { query_word: group?.name.slice(0, 2) },
		});
		const { chat_list: chats } = output[0]?.response_data as { chat_list: unknown[] };
		expect(chats).toContainEqual({ chatid: group?.roomid });
	});

	it('sends a notify id', async () => {
		const { server, run } = await against(answer('{}'));
		await run('callSync', { abilityId: 'get_callback_data', options: { notifyId: 'N1' } });
		expect(bodyOf(server)).toMatchObject({ notify_id: 'N1', request_data: '{}' });
		const long = await run('callSync', { abilityId: 'a', options: { notifyId: 'x'.repeat(129) } });
		expect(long.error?.message).toContain('"notify_id"');
		expect(server.requests).toHaveLength(1);
	});

	it('hands on what is no JSON', async () => {
		const { run } = await against(answer('plain words'));
		expect((await run('callSync', { abilityId: 'a' })).json).toEqual([
			{ ability_id: 'a', response_data: 'plain words' },
		]);
	});

	it('says what the program refused, and what to do', async () => {
		const { error } = await program('callSync', {
			abilityId: 'invoke_echo',
			requestData: { input: { func: 'echo', func_req: {} } },
		});
		expect(error?.message).toContain('790016');
		expect(error?.description).toContain('Check the program style');
	});
});

describe('program.getAsyncResult', () => {
	const start = async () => {
		const { json: output } = await program('callAsync', {
			abilityId: 'invoke_echo',
			requestData: { a: 1 },
		});
		bench.wecom.requests.length = 0;
		return String(output[0]?.jobid);
	};

	it('asks once, and says what to do while the program runs', async () => {
		const jobid = await start();
		const { error } = await program('getAsyncResult', { jobId: jobid });
		expect(sent()).toHaveLength(1);
		expect(sent()[0]).toMatchObject({
			method: 'POST',
			path: RESULT,
			query: { access_token: expect.any(String) as string },
			body: { jobid },
		});
		expect(error?.message).toContain('790023');
		expect(error?.description).toContain('Wait (Seconds)');
	});

	it('waits for the result, in growing pauses', async () => {
		const jobid = await start();
		const { json: output, error } = await program('getAsyncResult', {
			jobId: jobid,
			options: { waitSeconds: 20 },
		});
		expect(error).toBeUndefined();
		expect(output).toEqual([{ jobid, response_data: { a: 1 } }]);
		const [first, second, third] = sent().map(({ at }) => at) as [number, number, number];
		expect(sent()).toHaveLength(3);
		expect(second - first).toBeGreaterThanOrEqual(490);
		expect(third - second).toBeGreaterThanOrEqual(990);
	});

	it('says so when the result is not there in time, and when it asked last', async () => {
		const { server, run } = await against(errcode(RUNNING, 'executing'));
		const startedAt = Date.now();
		const { error } = await run('getAsyncResult', { jobId: 'J', options: { waitSeconds: 1 } });
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
		expect(error?.message).toContain('790023');
		expect(error?.message).toContain('no result yet after 1 s');
		expect(error?.description).toContain('ask again later with the same jobid');
		expect(server.requests).toHaveLength(3);
	});

	it('waits for 710642 as well, and for nothing else', async () => {
		const { server, run } = await against(
			inTurn(errcode(710642), errcode(790001, 'state'), answer('{"a":1}')),
		);
		const { error } = await run('getAsyncResult', { jobId: 'J', options: { waitSeconds: 30 } });
		expect(error?.message).toContain('790001');
		expect(server.requests).toHaveLength(2);
	});

	it('stops at once when the execution is cancelled', async () => {
		const { server, engine } = await against(errcode(RUNNING));
		const workflow = engine.singleNodeWorkflow(ZONE, {
			resource: 'program',
			operation: 'getAsyncResult',
			jobId: 'J',
			options: { waitSeconds: 600 },
		});
		const execution = engine.run(workflow, 'Start');
		// The third pause takes two seconds.
		await until(() => server.requests.length === 3);
		const cancelledAt = Date.now();
		execution.cancel();
		const { status } = await execution;
		expect(status).not.toBe('success');
		expect(Date.now() - cancelledAt).toBeLessThan(1000);
		expect(server.requests).toHaveLength(3);
	});

	it('says what a program reported as gone wrong', async () => {
		const { run } = await against(
			json({ errcode: 0, response_errcode: 710660, response_data: '{"errmsg":"sample"}' }),
		);
		const { error } = await run('getAsyncResult', { jobId: 'J', options: { waitSeconds: 5 } });
		expect(error?.message).toContain('710660');
	});

	it.each([
		['no jobid', { jobId: '={{ "" }}' }, 'jobid'],
		['a jobid that is too long', { jobId: 'x'.repeat(257) }, 'jobid'],
		['a jobid that is no text', { jobId: '={{ {} }}' }, 'jobid'],
		['a negative wait', { options: { waitSeconds: -1 } }, 'Wait (Seconds)'],
		['a wait of two hours', { options: { waitSeconds: 7200 } }, 'Wait (Seconds)'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const { error } = await program('getAsyncResult', { jobId: 'J', ...parameters });
		expect(error?.message).toContain(`"${field}"`);
		expect(bench.wecom.requests).toEqual([]);
	});

	it('goes on after a bad item', async () => {
		const jobs = [await start(), 'unknown', await start()];
		const { items: output } = await program(
			'getAsyncResult',
			{ jobId: '={{ $json.value }}', options: { waitSeconds: 20 } },
			items(...jobs),
			{ onError: 'continueRegularOutput' },
		);
		expect(output.map(({ json: { jobid } }) => jobid)).toEqual([jobs[0], undefined, jobs[2]]);
		expect(output[1]?.json).toMatchObject({ errcode: 790000 });
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});
});
