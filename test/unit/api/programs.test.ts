import { WecomClient } from '../../../wecom/api/client';
import { getProgramResult, startProgramTask, syncCallProgram } from '../../../wecom/api/programs';
import type { Operation } from '../../../wecom/api/operation';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import { OutcomeUnknownError, WecomApiError, WecomProgramError } from '../../../wecom/errors';
import { CallQueue } from '../../../wecom/http/callQueue';
import type { JsonValue } from '../../../wecom/json';
import { makeMemoryState } from '../../../wecom/state/memoryState';
import { call, failedCall, TOKENS } from '../support/client';
import {
	byPath,
	closeServers,
	errcode as refusal,
	failureOf,
	inTurn,
	json,
	startServer,
	type Reply,
} from '../support/server';

const PROGRAM = { program_id: 'P', ability_id: 'A', request_data: {} };

afterEach(closeServers);

/** Those that give a program's answer. */
const READERS: Array<[string, Operation<never, { response_data: JsonValue }>, object]> = [
	['sync_call_program', syncCallProgram, PROGRAM],
	['async_program_result', getProgramResult, { jobid: 'J' }],
];

describe.each(READERS)('the answer of %s', (_name, operation, input) => {
	it.each<[string, unknown, unknown]>([
		['JSON text', '{"errcode":0,"chat_list":[]}', { errcode: 0, chat_list: [] }],
		['JSON text without errcode', '{"a":1}', { a: 1 }],
		['JSON text of a list', '[1,2]', [1, 2]],
		['JSON text of a number', '7', 7],
		['JSON text of null', 'null', null],
		['uint64 values', '{"seq":18446744073709551615}', { seq: '18446744073709551615' }],
		['an object in a lone output', '{"output":{"a":1}}', { a: 1 }],
		['JSON text in a lone output', '{"output":"{\\"a\\":1}"}', { a: 1 }],
		['plain text in a lone output', '{"output":"done"}', 'done'],
		['null in a lone output', '{"output":null}', null],
		['an output with something beside', '{"output":{"a":1},"b":2}', { output: { a: 1 }, b: 2 }],
		['an output in an output', '{"output":{"output":{"a":1}}}', { output: { a: 1 } }],
		['no text but the object itself', { a: 1 }, { a: 1 }],
		['plain text', 'invoke failed', 'invoke failed'],
		['empty text', '', ''],
		['nothing', undefined, ''],
		['null', null, ''],
		['an errcode of 0 in text', '{"errcode":"0","a":1}', { errcode: '0', a: 1 }],
		['an errcode of null', '{"errcode":null,"a":1}', { errcode: null, a: 1 }],
	])('is opened when it is %s', async (_what, response_data, expected) => {
		const reply = json({ errcode: 0, errmsg: 'ok', response_data });
		const { output } = await call(operation, input as never, reply);
		expect(output).toEqual({ response_data: expected });
	});

	it.each<[string, object, number, string]>([
		['errcode inside', { response_data: '{"errcode":710612,"errmsg":"no rule"}' }, 710612, 'no rule'], // prettier-ignore
		['errcode in text inside', { response_data: '{"errcode":"-10006","errmsg":"e"}' }, -10006, 'e'],
		['errcode inside output', { response_data: '{"output":{"errcode":40058,"errmsg":"e"}}' }, 40058, 'e'], // prettier-ignore
		['errcode inside output in text', { response_data: '{"output":"{\\"errcode\\":5}"}' }, 5, 'the program gave no errmsg'], // prettier-ignore
		['response_errcode', { response_errcode: 710660, response_data: '{"errmsg":"e"}' }, 710660, 'e'], // prettier-ignore
		['response_errcode in text', { response_errcode: '9', response_data: '' }, 9, 'the program gave no errmsg'], // prettier-ignore
		['both, the one outside counts', { response_errcode: 1, response_data: '{"errcode":2,"errmsg":"e"}' }, 1, 'e'], // prettier-ignore
		['an errmsg that is no text', { response_data: '{"errcode":3,"errmsg":{"a":1}}' }, 3, 'the program gave no errmsg'], // prettier-ignore
	])('is an error by its %s', async (_what, answer, errcode, errmsg) => {
		const reply = json({ errcode: 0, errmsg: 'ok', ...answer });
		const { error, requests } = await failedCall(operation, input as never, reply);
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({ errcode, errmsg, path: 'the program in the data zone' });
		expect(requests).toHaveLength(1);
	});

	it('is an error in the words of the program when its errcode is no number', async () => {
		const response_data = JSON.stringify({
			errcode: 'E42',
			errmsg: `refused ${TOKENS.access_token}`,
		});
		const { error } = await failedCall(
			operation,
			input as never,
			json({ errcode: 0, response_data }),
		);
		expect(error.message).toContain('refused ***');
		expect(error.message + JSON.stringify(error) + error.stack).not.toContain(TOKENS.access_token);
	});

	it('never says a secret back, cut off or not', async () => {
		for (const filling of [0, 490, 495, 3995]) {
			for (const code of [710660, 'E42']) {
				const errmsg = `${'-'.repeat(filling)}${TOKENS.access_token}${'-'.repeat(500)}`;
				const response_data = JSON.stringify({ errcode: code, errmsg });
				const { error } = await failedCall(
					operation,
					input as never,
					json({ errcode: 0, response_data }),
				);
				const said = error.message + JSON.stringify(error) + error.stack;
				expect(said).not.toContain(TOKENS.access_token.slice(0, 5));
				expect(error.message.length).toBeLessThan(700);
			}
		}
	});
});

describe('a program', () => {
	it('that is still at work (790023) is an error that says to ask again', async () => {
		const reply = json({ errcode: 790023, errmsg: 'still running' });
		const { error, requests } = await failedCall(getProgramResult, { jobid: 'J' }, reply);
		expect(error).toMatchObject({ errcode: 790023, entry: { action: 'poll' } });
		expect(requests).toHaveLength(1);
	});

	it('that was called without an answer may have run', async () => {
		const operations = [
			[syncCallProgram, PROGRAM],
			[startProgramTask, PROGRAM],
		] as const;
		for (const [operation, input] of operations) {
			const { error, requests } = await failedCall(operation, input, json('', 502));
			expect(error).toBeInstanceOf(OutcomeUnknownError);
			expect(error.hint).toContain('log of the program');
			expect(requests).toHaveLength(1);
		}
	});

	it('gives the jobid of its task', async () => {
		const { output } = await call(startProgramTask, PROGRAM, json({ errcode: 0, jobid: 'J1' }));
		expect(output).toEqual({ jobid: 'J1' });
	});

	it('without a jobid nobody knows whether it runs', async () => {
		const { error } = await failedCall(startProgramTask, PROGRAM, json({ errcode: 0 }));
		expect(error).toBeInstanceOf(OutcomeUnknownError);
		expect(error.message).toContain('no jobid');
	});
});

describe('an errcode inside the answer of a program', () => {
	const PATH = '/cgi-bin/chatdata/sync_call_program';

	/** A client that gets its tokens by itself, `T1`, `T2` …, in front of a program. */
	async function clientBefore(program: Reply) {
		let issued = 0;
		const issue: Reply = (request, response) =>
			json({ access_token: `T${++issued}`, expires_in: 7200 })(request, response);
		const server = await startServer(byPath({ '/cgi-bin/gettoken': issue, [PATH]: program }));
		const calls = new CallQueue();
		const paused = jest.spyOn(calls, 'pause');
		const client = new WecomClient({
			baseUrl: server.url,
			authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
			tokenCache: new TokenCache(),
			state: makeMemoryState(),
			calls,
		});
		return { client, server, paused };
	}

	const inside = (code: number): Reply =>
		json({ errcode: 0, response_data: JSON.stringify({ errcode: code, errmsg: 'inside' }) });
	const beside = (code: number): Reply =>
		json({ errcode: 0, response_errcode: code, response_data: '' });

	it.each([
		['inside', inside],
		['beside it', beside],
	])('neither replays the call nor costs it its token, %s', async (_where, answer) => {
		for (const code of [42001, 40014, 40082, 42009, 40085]) {
			const { client, server } = await clientBefore(answer(code));
			const error = await failureOf(client.call(syncCallProgram, PROGRAM));
			expect(error).toBeInstanceOf(WecomProgramError);
			expect(error).toMatchObject({ errcode: code, entry: { action: 'fail' } });
			expect((error as WecomApiError).hint).toContain('The token of this call was good');
			expect(server.to(PATH)).toHaveLength(1);
			await failureOf(client.call(syncCallProgram, PROGRAM));
			expect(server.to(PATH).map(({ query }) => query.access_token)).toEqual(['T1', 'T1']);
			expect(server.to('/cgi-bin/gettoken')).toHaveLength(1);
		}
	});

	it.each([-1, 6000, 45009, 45033])(
		'is not repeated where the call must not be, and holds no other call back (%i)',
		async (code) => {
			for (const answer of [inside(code), beside(code)]) {
				const { client, server, paused } = await clientBefore(answer);
				const error = await failureOf(client.call(syncCallProgram, PROGRAM));
				expect(error).toMatchObject({ errcode: code });
				expect(server.to(PATH)).toHaveLength(1);
				expect(paused).not.toHaveBeenCalled();
			}
		},
	);

	it.each([40001, 40013, 45009])('is no refusal of the secret (%i)', async (code) => {
		const { client, server } = await clientBefore(
			inTurn(inside(code), refusal(42001), json({ errcode: 0 })),
		);
		await failureOf(client.call(syncCallProgram, PROGRAM));
		// The next call needs a new token, and may ask for it.
		await client.call(syncCallProgram, PROGRAM);
		expect(server.to('/cgi-bin/gettoken')).toHaveLength(2);
	});

	it('does not hide what WeCom says of the call itself', async () => {
		const { client, server } = await clientBefore(inTurn(refusal(42001), inside(42001)));
		expect(await failureOf(client.call(syncCallProgram, PROGRAM))).toBeInstanceOf(
			WecomProgramError,
		);
		expect(server.to(PATH).map(({ query }) => query.access_token)).toEqual(['T1', 'T2']);
	});
});
