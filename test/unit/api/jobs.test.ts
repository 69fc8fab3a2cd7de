import { WecomClient } from '../../../wecom/api/client';
import { fields, id } from '../../../wecom/api/fields';
import { poll } from '../../../wecom/api/jobs';
import { operation } from '../../../wecom/api/operation';
import { getProgramResult } from '../../../wecom/api/programs';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import {
	CancelledError,
	InvalidInputError,
	JobUnfinishedError,
	OutcomeUnknownError,
	WecomApiError,
	WecomNetworkError,
} from '../../../wecom/errors';
import { systemClock } from '../../../wecom/http/clock';
import { ManualClock, settled } from '../http/manualClock';
import { call, clientOf, failedCall } from '../support/client';
import {
	byPath,
	closeServers,
	cut,
	errcode,
	failureOf,
	gate,
	inTurn,
	json,
	startServer,
	until,
	type Reply,
} from '../support/server';

afterEach(async () => {
	jest.restoreAllMocks();
	await closeServers();
});

const START = '/cgi-bin/summary/start';
const ASK = '/cgi-bin/summary/ask';

/** Costs, and takes its time. */
const summarize = operation({
	name: 'summarize',
	retry: 'paid',
	findOut: 'Nobody can find out.',
	hints: { 48002: 'The corp has not authorized it.' },
	input: fields({ chat_id: id() }),
	wires: {
		reference: {
			start: { route: 'POST /summary/start' },
			ask: { route: 'POST /summary/ask' },
			read: ({ status, summary }) => (status === 1 ? { summary } : undefined),
		},
	},
});
const INPUT = { chat_id: 'wrA' };
const STARTED = json({ errcode: 0, jobid: 'J1' });
const RUNNING = json({ errcode: 0, status: 0 });
const DONE = json({ errcode: 0, status: 1, summary: 's' });

/** What came of a job, and the requests it took, by their path. */
async function run(start: Reply, ask: Reply, options: { waitMs?: number } = {}) {
	const server = await startServer(byPath({ [START]: start, [ASK]: ask }));
	const calling = clientOf(server).call(summarize, INPUT, options);
	return { server, calling };
}

describe('a job', () => {
	it('is started once and asked about until it is done', async () => {
		const { server, calling } = await run(STARTED, inTurn(RUNNING, DONE));
		expect(await calling).toEqual({ summary: 's' });
		expect(server.requests.map(({ path, body }) => [path, body])).toEqual([
			[START, '{"chat_id":"wrA"}'],
			[ASK, '{"jobid":"J1"}'],
			[ASK, '{"jobid":"J1"}'],
		]);
	});

	it.each([790023, 710642])('goes on while WeCom answers %i', async (code) => {
		const { server, calling } = await run(STARTED, inTurn(errcode(code), DONE));
		expect(await calling).toEqual({ summary: 's' });
		expect(server.to(ASK)).toHaveLength(2);
	});

	it.each<[string, Reply, string]>([
		['a state', RUNNING, 'The job J1 has no result yet'],
		['an errcode', errcode(790023, 'executing'), 'errcode 790023: executing'],
	])('that is not done in time is given up with its id, after %s', async (_what, ask, words) => {
		const { server, calling } = await run(STARTED, ask, { waitMs: 0 });
		const error = await failureOf(calling);
		expect(error).toBeInstanceOf(JobUnfinishedError);
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({
			errcode: 790023,
			jobid: 'J1',
			path: '/summary/ask',
			message: expect.stringContaining(words),
			hint: expect.stringContaining('The job J1 was started before'),
		});
		expect(server.to(START)).toHaveLength(1);
		expect(server.to(ASK)).toHaveLength(1);
	});

	it.each<[string, Reply, unknown, number]>([
		['WeCom refuses', errcode(790001, 'state'), WecomApiError, 1],
		['the line is cut', cut, WecomNetworkError, 4],
	])('tells its id where %s while it is asked about', async (_what, ask, kind, asked) => {
		const { server, calling } = await run(STARTED, ask);
		const error = await failureOf(calling);
		expect(error).toBeInstanceOf(kind);
		expect(error).not.toBeInstanceOf(JobUnfinishedError);
		expect(error).toMatchObject({
			jobid: 'J1',
			hint: expect.stringContaining('The job J1 was started before: ask for its result'),
		});
		expect(server.to(START)).toHaveLength(1);
		expect(server.to(ASK)).toHaveLength(asked);
	});

	it('tells its id where it is cancelled in a pause', async () => {
		const server = await startServer(byPath({ [START]: STARTED, [ASK]: RUNNING }));
		const controller = new AbortController();
		const { signal } = controller;
		const calling = failureOf(clientOf(server).call(summarize, INPUT, { signal }));
		await until(() => server.to(ASK).length === 1);
		controller.abort();
		const error = await calling;
		expect(error).toBeInstanceOf(CancelledError);
		expect(error).toMatchObject({ jobid: 'J1', hint: expect.stringContaining('J1') });
		expect(server.to(START)).toHaveLength(1);
	});

	it('is asked about again where WeCom is busy, though its start costs', async () => {
		const { server, calling } = await run(STARTED, inTurn(errcode(-1), cut, DONE));
		expect(await calling).toEqual({ summary: 's' });
		expect(server.to(START)).toHaveLength(1);
		expect(server.to(ASK)).toHaveLength(3);
	});

	it.each<[string, Reply]>([
		['nothing', cut],
		['no jobid', json({ errcode: 0 })],
	])(
		'whose start brings %s may have been started, and is not asked about',
		async (_what, start) => {
			const { server, calling } = await run(start, DONE);
			const error = await failureOf(calling);
			expect(error).toBeInstanceOf(OutcomeUnknownError);
			expect(error).toMatchObject({ hint: 'Nobody can find out.' });
			expect(error).not.toHaveProperty('jobid');
			expect(server.requests).toHaveLength(1);
		},
	);

	it('that WeCom does not start has no id, and keeps the hint of its operation', async () => {
		const { calling } = await run(errcode(48002), DONE);
		const error = await failureOf(calling);
		expect(error).toMatchObject({ errcode: 48002, hint: 'The corp has not authorized it.' });
		expect(error).not.toHaveProperty('jobid');
	});

	it('is not started anew for a token that expires meanwhile', async () => {
		let issued = 0;
		const issue: Reply = (request, response) =>
			json({ access_token: `T${++issued}`, expires_in: 7200 })(request, response);
		const ask = inTurn(errcode(42001), DONE);
		const server = await startServer(
			byPath({ '/cgi-bin/gettoken': issue, [START]: STARTED, [ASK]: ask }),
		);
		const client = new WecomClient({
			baseUrl: server.url,
			authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
			tokenCache: new TokenCache(),
		});
		expect(await client.call(summarize, INPUT)).toEqual({ summary: 's' });
		expect(server.to(START)).toHaveLength(1);
		expect(server.to(ASK).map(({ query }) => query.access_token)).toEqual(['T1', 'T2']);
	});

	it('that an earlier call started is asked about, and no other is started', async () => {
		const server = await startServer(byPath({ [START]: STARTED, [ASK]: inTurn(RUNNING, DONE) }));
		const client = clientOf(server);
		const first = await failureOf(client.call(summarize, INPUT, { waitMs: 0 }));
		const { jobid } = first as JobUnfinishedError;
		expect(await client.call(summarize, INPUT, { jobid })).toEqual({ summary: 's' });
		expect(server.to(START)).toHaveLength(1);
		expect(server.to(ASK).map(({ body }) => body)).toEqual(Array(2).fill('{"jobid":"J1"}'));
	});

	it('is not asked about by an id that is none, and nothing is sent', async () => {
		const server = await startServer(byPath({ [START]: STARTED, [ASK]: DONE }));
		const error = await failureOf(clientOf(server).call(summarize, INPUT, { jobid: ' ' }));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field: 'jobid' });
		expect(server.requests).toHaveLength(0);
	});

	it('tells its id to whoever keeps it before it is asked about, once', async () => {
		const server = await startServer(byPath({ [START]: STARTED, [ASK]: DONE }));
		const client = clientOf(server);
		const kept: unknown[] = [];
		const onStarted = async (jobid: string) =>
			await Promise.resolve(void kept.push([jobid, server.to(ASK).length]));
		await client.call(summarize, INPUT, { onStarted });
		await client.call(summarize, INPUT, { onStarted, jobid: 'J1' });
		expect(kept).toEqual([['J1', 0]]);
	});

	it('tells its own id alone where several fail by one refusal of their token', async () => {
		let issued = 0;
		const issue: Reply = (request, response) =>
			(++issued === 1
				? json({ access_token: 'T1', expires_in: 7200 })
				: errcode(40001, 'no such secret'))(request, response);
		let started = 0;
		const start: Reply = (request, response) =>
			json({ errcode: 0, jobid: `J${++started}` })(request, response);
		const bothAsk = gate();
		let asked = 0;
		const ask: Reply = async (request, response) => {
			if (++asked === 2) bothAsk.open();
			await bothAsk.opened;
			await errcode(42001)(request, response);
		};
		const server = await startServer(
			byPath({ '/cgi-bin/gettoken': issue, [START]: start, [ASK]: ask }),
		);
		const client = new WecomClient({
			baseUrl: server.url,
			authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
			tokenCache: new TokenCache(),
		});
		const calls = [1, 2].map(async () => await failureOf(client.call(summarize, INPUT)));
		const errors = (await Promise.all(calls)) as WecomApiError[];
		expect(server.to('/cgi-bin/gettoken')).toHaveLength(2);
		expect(errors.map(({ jobid }) => jobid).sort()).toEqual(['J1', 'J2']);
		for (const { jobid, hint, errcode: code, stack } of errors) {
			expect(stack).toContain('WecomApiError');
			expect(code).toBe(40001);
			expect(hint?.match(/The job J\d was started/g)).toEqual([`The job ${jobid} was started`]);
		}
	});

	it('gives the whole answer that its result stood in to those who ask for it', async () => {
		const server = await startServer(byPath({ [START]: STARTED, [ASK]: DONE }));
		const answer = await clientOf(server).answerTo(summarize, INPUT);
		expect(answer).toEqual({ errcode: 0, status: 1, summary: 's' });
	});

	it('refuses a bad input before it is started', async () => {
		const { error, requests } = await failedCall(summarize, { chat_id: '' }, STARTED);
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(requests).toHaveLength(0);
	});
});

describe('a job that was begun before', () => {
	const JOB = { jobid: 'J' };
	const DONE_BEFORE = json({ errcode: 0, response_data: '{"a":1}' });

	it('is asked about once where nobody says how long', async () => {
		const { error, requests } = await failedCall(getProgramResult, JOB, errcode(790023, 'runs'));
		expect(error).toBeInstanceOf(JobUnfinishedError);
		expect(error).toMatchObject({ errcode: 790023, errmsg: 'runs', jobid: 'J' });
		expect(error.hint).toBe(
			'It is still running. Ask again later with the same jobid, or set `waitMs` to go on asking for that long.',
		);
		expect(requests).toHaveLength(1);
	});

	it('is asked about for as long as the call says', async () => {
		const reply = inTurn(errcode(790023), DONE_BEFORE);
		const { output, requests } = await call(getProgramResult, JOB, reply, { waitMs: 5000 });
		expect(output).toEqual({ response_data: { a: 1 } });
		expect(requests).toHaveLength(2);
	});

	it('says no more than WeCom where it fails', async () => {
		const { error } = await failedCall(getProgramResult, JOB, errcode(790001), { waitMs: 5000 });
		expect(error.hint).toBe(new WecomApiError(790001, '', '').hint);
		expect(error).not.toHaveProperty('jobid');
	});
});

describe('the pauses between two questions', () => {
	let clock: ManualClock;
	beforeEach(() => {
		clock = new ManualClock();
		jest.spyOn(systemClock, 'now').mockImplementation(clock.now);
		jest.spyOn(systemClock, 'after').mockImplementation(clock.after);
	});

	/** A job that never ends; when it was asked about. */
	function endless(waitMs: number, signal?: AbortSignal, intervalMs?: number) {
		const asked: number[] = [];
		const ask = async () => await Promise.resolve(void asked.push(clock.now()));
		const job = { jobid: 'J', path: '/ask', ask };
		return { asked, failure: failureOf(poll(job, waitMs, signal, intervalMs)) };
	}

	it('grow from half a second to 15 s, the last one up to the very end', async () => {
		const { asked, failure } = endless(60_000);
		await clock.advance(100_000);
		expect(await failure).toMatchObject({
			jobid: 'J',
			message: 'The job J has no result yet after 60 s of asking',
			hint: 'It goes on running: ask again later with the same jobid, or raise `waitMs`.',
		});
		expect(asked).toEqual([0, 500, 1500, 3500, 7500, 15_500, 30_500, 45_500, 60_000]);
		expect(clock.pending).toBe(0);
	});

	it('are as long as the caller says', async () => {
		const { asked, failure } = endless(25_000, undefined, 10_000);
		await clock.advance(30_000);
		expect(await failure).toBeInstanceOf(JobUnfinishedError);
		expect(asked).toEqual([0, 10_000, 20_000, 25_000]);
	});

	it.each([0, -1, NaN])('do not come where %d ms are given', async (waitMs) => {
		const { asked, failure } = endless(waitMs);
		expect(await failure).toBeInstanceOf(JobUnfinishedError);
		expect(asked).toEqual([0]);
	});

	it('end at once when the call is cancelled', async () => {
		const controller = new AbortController();
		const { asked, failure } = endless(60_000, controller.signal);
		await clock.advance(2000);
		controller.abort();
		expect(await failure).toBeInstanceOf(CancelledError);
		await settled();
		expect(asked).toEqual([0, 500, 1500]);
		expect(clock.pending).toBe(0);
	});
});
