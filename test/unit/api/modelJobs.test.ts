import { operations } from '../../../wecom/api';
import type { CallOptions } from '../../../wecom/api/client';
import { askModel, modelResult, type Call, type JobMemory } from '../../../wecom/api/modelJobs';
import type { Operation } from '../../../wecom/api/operation';
import {
	CancelledError,
	InvalidInputError,
	JobFailedError,
	JobUnfinishedError,
	OutcomeUnknownError,
	WecomApiError,
	type WecomError,
} from '../../../wecom/errors';
import { clientOf } from '../support/client';
import {
	closeServers,
	cut,
	failureOf,
	gate,
	json,
	startServer,
	until,
	type Reply,
} from '../support/server';
import { jobs, sentiments, startZone, type Zone } from '../support/zoneServer';

const { antispamModel, generalModel, recommendModel, sentimentModel, summaryModel, tagModel } =
	operations;

afterEach(closeServers);

const message = (msgid: string) => ({ msgid, encrypt_info: { secret_key: `KEY of ${msgid}` } });
const messages = (count: number) =>
	Array.from({ length: count }, (_, index) => message(`m${index}`));

const ZONE = {
	contract: 'dataZone',
	program: { programId: 'P', style: 'java' },
} as const;

function callOf(server: { url: string }, options: CallOptions = {}): Call {
	const client = clientOf(server, ZONE);
	return async (operation, input, more) =>
		await client.call(operation, input, { ...options, ...more });
}

describe('the answer of a model of the zone', () => {
	it.each<[string, Operation<never, unknown>, object, object]>([
		[
			'of sentiments in numbers is told in words, and whole by what more of them are',
			sentimentModel,
			{
				analyze_result_list: [0, 1, 2, 2, 7].map((sentiment_result, index) => ({
					msgid: `m${index}`,
					errcode: 0,
					errmsg: 'ok',
					sentiment_result,
				})),
			},
			{
				sentiment: 'negative',
				score: null,
				messages: ['neutral', 'positive', 'negative', 'negative', '7'].map((sentiment, index) => ({
					msgid: `m${index}`,
					sentiment,
				})),
			},
		],
		[
			'that is as positive as negative is neutral',
			sentimentModel,
			{
				analyze_result_list: [
					{ msgid: 'm1', sentiment_result: 1 },
					{ msgid: 'm2', sentiment_result: 2 },
				],
			},
			{ sentiment: 'neutral' },
		],
		[
			'about no message at all is none',
			sentimentModel,
			{ analyze_result_list: [] },
			{ sentiment: null, messages: [] },
		],
		[
			'of the spam model is the worst',
			antispamModel,
			{
				analyze_result_list: [
					{ msgid: 'm1', errcode: 0, spam_result: 1 },
					{ msgid: 'm2', errcode: 0, spam_result: 0 },
				],
			},
			{ verdict: 'political' },
		],
		[
			'leaves out of what was found what the model may not look at, and hands it on',
			generalModel,
			{
				response_data: '<think>hm</think>四',
				filtered_doc_list: [{ docid: 'D1', errcode: 710728 }],
				filtered_content_list: [{ docid: 'D2', errcode: 710730 }],
			},
			{
				answer: '四',
				thinking: 'hm',
				result: {
					response_data: '<think>hm</think>四',
					filtered_doc_list: [{ docid: 'D1', errcode: 710728 }],
					filtered_content_list: [{ docid: 'D2', errcode: 710730 }],
				},
			},
		],
		['without a word is none', generalModel, { filtered_doc_list: [] }, { answer: null }],
	])('%s', async (_what, model, result, expected) => {
		const server = await startZone(jobs(() => result));
		const input = { msg_list: messages(1) } as never;
		expect(await clientOf(server, ZONE).call(model, input)).toMatchObject(expected);
	});

	it('names each message that failed once, with what to do, and never its key', async () => {
		const failed = (msgid: string, errcode: number) => ({
			msgid,
			errcode,
			errmsg: 'e',
			encrypt_info: { secret_key: `KEY of ${msgid}` },
		});
		const server = await startZone(({ request: { msg_list } }) =>
			msg_list
				? { jobid: 'J1', fail_list: [failed('m1', 710613), failed('m4', 710613)] }
				: {
						status: 1,
						fail_list: [failed('m1', 710603)],
						analyze_result_list: [
							{ msgid: 'm2', errcode: 0, sentiment_result: 1 },
							failed('m3', 710602),
						],
					},
		);
		const answer = await clientOf(server, ZONE).call(sentimentModel, { msg_list: messages(4) });
		expect(answer.failures).toEqual([
			{ msgid: 'm1', errcode: 710603, errmsg: 'e', hint: expect.stringContaining('same record') },
			{ msgid: 'm3', errcode: 710602, errmsg: 'e', hint: expect.stringContaining('voice') },
			{ msgid: 'm4', errcode: 710613, errmsg: 'e', hint: expect.stringContaining('once') },
		]);
		expect(answer.messages).toEqual([{ msgid: 'm2', sentiment: 'positive' }]);
		expect(JSON.stringify(answer.failures)).not.toContain('KEY');
	});

	it('has no key of a message in what it says of another one', async () => {
		const failed = {
			msgid: 'm1',
			errcode: 710603,
			errmsg: 'secret_key KEY of m1 is wrong',
			encrypt_info: { secret_key: 'KEY of m1' },
		};
		const server = await startZone(({ request: { msg_list } }) =>
			msg_list
				? { jobid: 'J1', fail_list: [{ ...failed, msgid: 'm2' }] }
				: { status: 1, fail_list: [failed], analyze_result_list: [{ ...failed, msgid: 'm3' }] },
		);
		const answer = await askModel(callOf(server), sentimentModel, { msg_list: messages(4) });
		expect(answer.failures).toHaveLength(3);
		expect(answer.failures[0]).toMatchObject({ errmsg: 'secret_key *** is wrong' });
		expect(JSON.stringify(answer)).not.toContain('KEY of');
	});

	it.each([
		['status 0', { status: 0 }],
		['errcode 710642', { errcode: 710642, errmsg: 'not yet' }],
		['errcode 790023', { errcode: 790023, errmsg: 'not yet' }],
	])('is waited for while the zone says %s', async (_what, waiting) => {
		let asked = 0;
		const server = await startZone(({ request: { msg_list } }) => {
			if (msg_list) return { jobid: 'J1' };
			return ++asked < 3 ? waiting : { status: 1, response_data: 's' };
		});
		const call = callOf(server, { intervalMs: 1 });
		expect(await askModel(call, summaryModel, { msg_list: messages(1) })).toMatchObject({
			summary: 's',
			jobids: ['J1'],
			failures: [],
		});
		expect(asked).toBe(3);
	});

	it('of a job that failed is an error with its id, and no advice to ask again', async () => {
		const fail_list = [{ msgid: 'm0', errcode: 710603, errmsg: 'bad KEY of m0' }];
		const server = await startZone(({ request: { msg_list } }) =>
			msg_list ? { jobid: 'J1' } : { status: 2, fail_list },
		);
		const error = await failureOf(
			clientOf(server, ZONE).call(summaryModel, { msg_list: messages(1) }),
		);
		expect(error).toBeInstanceOf(JobFailedError);
		expect(error).toMatchObject({
			code: 'job',
			jobid: 'J1',
			message: 'The job J1 failed: message m0 has errcode 710603: bad ***',
			failures: [{ msgid: 'm0', errcode: 710603, errmsg: 'bad ***' }],
		});
		expect((error as WecomError).hint).not.toContain('ask for its result');
	});

	it('without a status is no answer', async () => {
		const server = await startZone(({ request: { msg_list } }) =>
			msg_list ? { jobid: 'J1' } : { response_data: 's' },
		);
		const error = await failureOf(
			clientOf(server, ZONE).call(summaryModel, { msg_list: messages(1) }),
		);
		expect(error).toMatchObject({ code: 'response', jobid: 'J1' });
		expect((error as Error).message).toContain('tells no status');
	});
});

describe('what a model looks at', () => {
	const RANGE = { chat_id: 'wrA', seq_range: { begin_seq: 1, end_seq: 2 } };
	const LIST = { msg_list: messages(1) };
	const EXTRAS = { kb_id: 'kb1', tag_group_list: [{ group_id: 'g1' }] };
	const extrasOf = (model: { name: string }) =>
		model.name === 'recommendModel'
			? { kb_id: EXTRAS.kb_id }
			: model.name === 'tagModel'
				? { tag_group_list: EXTRAS.tag_group_list }
				: {};

	it.each([
		[antispamModel],
		[generalModel],
		[recommendModel],
		[sentimentModel],
		[summaryModel],
		[tagModel],
	])('is a range in the one contract and messages in the other', async (model) => {
		const server = await startZone(() => ({}));
		for (const [contract, input, field] of [
			['reference', LIST, 'msg_list'],
			['reference', { ...LIST, ...RANGE }, 'msg_list'],
			['reference', {}, 'chat_id'],
			['dataZone', RANGE, 'chat_id'],
			['dataZone', { ...LIST, ...RANGE }, 'chat_id'],
			['dataZone', { ...LIST, seq_range: RANGE.seq_range }, 'seq_range'],
			['dataZone', {}, 'msg_list'],
		] as const) {
			const client = clientOf(server, { ...ZONE, contract });
			const whole = { ...extrasOf(model), ...input } as never;
			const error = await failureOf(client.call(model as Operation<never, unknown>, whole));
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(error).toMatchObject({ field });
		}
		expect(server.requests).toHaveLength(0);
	});

	it.each([
		['reference', LIST, /Give `chat_id` and `seq_range`, or choose `dataZone`/],
		['dataZone', RANGE, /Give the messages as `msg_list`, or choose `reference`/],
	] as const)('says in %s what to give instead', async (contract, input, hint) => {
		const client = clientOf({ url: 'http://127.0.0.1:1' }, { ...ZONE, contract });
		expect(await failureOf(client.call(sentimentModel, input))).toMatchObject({
			hint: expect.stringMatching(hint) as string,
		});
	});

	it.each<[string, Operation<never, unknown>, object, object]>([
		[
			'a general model',
			generalModel,
			{ filtered_doc_list: [] },
			{ answer: { filtered_doc_list: [] }, thinking: null },
		],
		['sentiment', sentimentModel, sentiments(() => 1)(['m1']), { sentiment: null, score: null }],
	])(
		'is read of %s as ever in what a gateway of the reference says',
		async (_what, asked, result, found) => {
			const server = await startServer(json({ errcode: 0, result }));
			expect(await clientOf(server).call(asked, RANGE as never)).toEqual({ ...found, result });
		},
	);

	it('goes to a gateway of the reference without what the zone alone takes', async () => {
		const server = await startServer(json({ errcode: 0, result: {} }));
		const client = clientOf(server);
		const extras = { ability_id: 'a', kb_retrieval_words: 'w', kb_id: 'kb1' };
		await client.call(generalModel, { ...RANGE, ...extras });
		expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ ...RANGE, kb_id: 'kb1' });
	});
});

describe('more messages than one job takes', () => {
	it('are split into jobs of 1000 that run at once, and joined in their order', async () => {
		const begin = jobs(sentiments((msgid) => Number(msgid.slice(1)) % 3));
		const allBegun = gate();
		let begun = 0;
		const server = await startZone((asked): Reply => {
			const answer = { errcode: 0, ...begin(asked) };
			return async (request, response) => {
				// No job is begun before all of them are asked for.
				if (asked.request.msg_list && ++begun === 3) allBegun.open();
				await allBegun.opened;
				const response_data = JSON.stringify(answer);
				await json({ errcode: 0, response_data })(request, response);
			};
		});
		const all = messages(2500);
		const found = await askModel(callOf(server), sentimentModel, { msg_list: all });
		expect(found.jobids).toEqual(['J-m0', 'J-m1000', 'J-m2000']);
		expect(found.messages?.map(({ msgid }) => msgid)).toEqual(all.map(({ msgid }) => msgid));
		expect(found.failures).toEqual([]);
		expect(server.begun().map(({ length }) => length)).toEqual([1000, 1000, 500]);
		expect(server.asked.flatMap(({ request: { msg_list = [] } }) => msg_list)).toEqual(all);
	});

	it('are looked at once each: of equal ids the first counts', async () => {
		const server = await startZone(jobs(sentiments(() => 1)));
		const again = { msgid: 'm1', encrypt_info: { secret_key: 'another' } };
		await askModel(callOf(server), sentimentModel, { msg_list: [...messages(3), again] });
		expect(server.asked[0]?.request.msg_list).toEqual(messages(3));
	});

	it.each<[string, Operation<never, unknown>, object, object[], object]>([
		[
			'summaries one below the other',
			summaryModel,
			{},
			[{ response_data: 'a' }, { response_data: '' }, { response_data: 'c' }],
			{ summary: 'a\n\nc', result: { response_data: 'a\n\n\n\nc' } },
		],
		[
			'replies each once',
			recommendModel,
			{ kb_id: 'kb1' },
			[{ response_data: 'a' }, { response_data: 'b' }, { response_data: 'a' }],
			{ suggestions: ['a', 'b'] },
		],
		[
			'tags each once',
			tagModel,
			{ tag_group_list: [{ group_id: 'g' }] },
			[
				{ tag_result_list: [{ group_id: 'g', tag_id: 't1' }] },
				{ tag_result_list: [] },
				{
					tag_result_list: [
						{ group_id: 'g', tag_id: 't1' },
						{ group_id: 'g', tag_id: 't2' },
					],
				},
			],
			{
				tags: [
					{ group_id: 'g', tag_id: 't1' },
					{ group_id: 'g', tag_id: 't2' },
				],
			},
		],
		[
			'answers one below the other, their thinking apart',
			generalModel,
			{},
			[
				{ response_data: '<think>x</think>a' },
				{ response_data: 'b' },
				{ response_data: '<think>y</think>c' },
			],
			{ answer: 'a\n\nb\n\nc', thinking: 'x\n\ny' },
		],
	])('give %s', async (_what, model, extras, results, expected) => {
		const zone = jobs(([first = '']) => results[Number(first.slice(1)) / 1000] ?? {});
		const server = await startZone(zone);
		const input = { msg_list: messages(2001), ...extras } as never;
		expect(await askModel(callOf(server), model as never, input)).toMatchObject(expected);
	});

	const refuse =
		(found: Zone, code: number): Zone =>
		(asked) =>
			asked.request.msg_list?.[0]?.msgid === 'm1000'
				? { errcode: code, errmsg: 'no' }
				: found(asked);

	it.each([710726, 45009])(
		'of which WeCom refuses a part with %i come out as failures of its messages',
		async (code) => {
			const server = await startZone(refuse(jobs(sentiments(() => 1)), code));
			const { failures, jobids, ...found } = await askModel(callOf(server), sentimentModel, {
				msg_list: messages(2500),
			});
			expect(jobids).toEqual(['J-m0', 'J-m2000']);
			expect(found.messages).toHaveLength(1500);
			expect(failures).toHaveLength(1000);
			expect(failures[0]).toEqual({
				msgid: 'm1000',
				errcode: code,
				errmsg: 'no',
				hint: expect.stringContaining('"sentiment"') as string,
			});
		},
	);

	it('of which a part fails later are failures too, each with what WeCom says of it', async () => {
		const found = jobs(() => ({ response_data: 's' }));
		const server = await startZone((asked) =>
			asked.request.jobid === 'J-m1000'
				? { status: 2, fail_list: [{ msgid: 'm1001', errcode: 710602, errmsg: 'kind' }] }
				: found(asked),
		);
		const input = { msg_list: messages(2000) };
		const { summary, failures } = await askModel(callOf(server), summaryModel, input);
		expect(summary).toBe('s');
		expect(failures).toHaveLength(1000);
		expect(failures[0]).toMatchObject({ msgid: 'm1000', errcode: 710633 });
		expect(failures[1]).toMatchObject({ msgid: 'm1001', errcode: 710602, errmsg: 'kind' });
	});

	it('of which WeCom refuses all are an error', async () => {
		const server = await startZone(() => ({ errcode: 710726, errmsg: 'no right' }));
		const input = { msg_list: messages(1001) };
		const error = await failureOf(askModel(callOf(server), summaryModel, input));
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({ errcode: 710726 });
		expect(error).not.toHaveProperty('jobids');
	});

	it('of which one takes too long tell the ids of all, those that are done included', async () => {
		const found = jobs(() => ({ response_data: 's' }));
		const server = await startZone((asked) =>
			asked.request.jobid === 'J-m1000' ? { status: 0 } : found(asked),
		);
		const call = callOf(server, { waitMs: 0 });
		const error = await failureOf(askModel(call, summaryModel, { msg_list: messages(2001) }));
		expect(error).toBeInstanceOf(JobUnfinishedError);
		const { hint, jobids } = error as JobUnfinishedError;
		expect(jobids).toEqual(['J-m0', 'J-m1000', 'J-m2000']);
		expect(hint?.match(/started before/g)).toHaveLength(1);
		expect(hint).toContain('J-m0, J-m1000, J-m2000');
	});

	it('of which WeCom refuses a part name its messages also where another takes too long', async () => {
		const server = await startZone(
			refuse(
				jobs(() => ({ status: 0 })),
				45009,
			),
		);
		const call = callOf(server, { waitMs: 0 });
		const asking = askModel(call, summaryModel, { msg_list: messages(2500) });
		const { failures, jobids, hint } = (await failureOf(asking)) as WecomError;
		expect(jobids).toEqual(['J-m0', 'J-m2000']);
		expect(hint?.match(/started before/g)).toHaveLength(1);
		expect(failures).toHaveLength(1000);
		expect(failures?.[0]).toMatchObject({ msgid: 'm1000', errcode: 45009 });
	});

	it('of which all jobs fail name what WeCom says of each', async () => {
		const begin = jobs(() => ({}));
		const server = await startZone((asked) =>
			asked.request.jobid
				? {
						status: 2,
						fail_list: [{ msgid: asked.request.jobid.slice(2), errcode: 710602, errmsg: 'kind' }],
					}
				: begin(asked),
		);
		const error = await failureOf(
			askModel(callOf(server), summaryModel, { msg_list: messages(1001) }),
		);
		expect(error).toBeInstanceOf(JobFailedError);
		expect((error as JobFailedError).failures).toMatchObject([{ msgid: 'm0' }, { msgid: 'm1000' }]);
	});

	it('of which nobody knows whether one was begun tell the ids of the others', async () => {
		const found = jobs(() => ({ response_data: 's' }));
		const server = await startZone((asked) =>
			asked.request.msg_list?.[0]?.msgid === 'm1000' ? cut : found(asked),
		);
		const input = { msg_list: messages(1001) };
		const error = await failureOf(askModel(callOf(server), summaryModel, input));
		expect(error).toBeInstanceOf(OutcomeUnknownError);
		expect(error).toMatchObject({ jobids: ['J-m0'] });
	});

	it('are refused whole before anything is sent where the last one cannot be used', async () => {
		const server = await startZone(() => ({ jobid: 'J' }));
		const msg_list = [...messages(2400), { msgid: '', encrypt_info: { secret_key: 'K' } }];
		const error = await failureOf(askModel(callOf(server), summaryModel, { msg_list }));
		expect(error).toMatchObject({ code: 'input', field: 'msg_list[400].msgid' });
		expect(server.requests).toHaveLength(0);
	});

	it.each([0, 100_001])('are refused where they are %i', async (count) => {
		const server = await startZone(() => ({ jobid: 'J' }));
		const input = { msg_list: messages(count) };
		expect(await failureOf(askModel(callOf(server), summaryModel, input))).toMatchObject({
			code: 'input',
			field: 'msg_list',
		});
		expect(server.requests).toHaveLength(0);
	});

	it('are no longer asked about once the call is cancelled', async () => {
		const found = jobs(() => ({ status: 0 }));
		const server = await startZone(found);
		const controller = new AbortController();
		const call = callOf(server, { signal: controller.signal, waitMs: 600_000 });
		const asking = failureOf(askModel(call, summaryModel, { msg_list: messages(2001) }));
		await until(() => server.asked.filter(({ request }) => request.jobid).length === 3);
		controller.abort();
		expect(await asking).toBeInstanceOf(CancelledError);
	});

	it('let others have their turn between two jobs', async () => {
		let turns = 0;
		const immediate = () => {
			turns++;
			next = setImmediate(immediate);
		};
		let next = setImmediate(immediate);
		const begunAt: number[] = [];
		const call: Call = async () => {
			begunAt.push(turns);
			return await Promise.resolve({ summary: 's', result: {}, failures: [] } as never);
		};
		await askModel(call, summaryModel, { msg_list: messages(5000) });
		clearImmediate(next);
		expect(new Set(begunAt).size).toBe(5);
		// By then each of them has been checked, in a turn of its own.
		expect(begunAt[0]).toBeGreaterThanOrEqual(4);
	});
});

describe('a job that an earlier try began', () => {
	/** Keeps by the first message of a part. */
	function memoryOf(kept: Map<string, string>): JobMemory {
		const keyOf = (part: object) => (part as { msg_list: Array<{ msgid: string }> }).msg_list[0]?.msgid ?? ''; // prettier-ignore
		return {
			find: async (part) => await Promise.resolve(kept.get(keyOf(part))),
			keep: async (part, jobid) => await Promise.resolve(void kept.set(keyOf(part), jobid)),
			finish: async () => await Promise.resolve(),
			forget: async (part) => await Promise.resolve(void kept.delete(keyOf(part))),
		};
	}

	it('is asked about, and only what was not begun is begun', async () => {
		const kept = new Map<string, string>();
		const server = await startZone(jobs(() => ({ response_data: 's' })));
		const input = { msg_list: messages(2500) };
		await askModel(
			callOf(server),
			summaryModel,
			{ msg_list: messages(1000) },
			{ memory: memoryOf(kept) },
		);
		const begunBefore = server.asked.length;
		const { jobids } = await askModel(callOf(server), summaryModel, input, {
			memory: memoryOf(kept),
		});
		expect(jobids).toEqual(['J-m0', 'J-m1000', 'J-m2000']);
		const begun = server.asked.slice(begunBefore).filter(({ func }) => func.startsWith('create'));
		expect(begun.map(({ request }) => request.msg_list?.[0]?.msgid)).toEqual(['m1000', 'm2000']);
		expect(Object.fromEntries(kept)).toEqual({ m0: 'J-m0', m1000: 'J-m1000', m2000: 'J-m2000' });
	});

	it('is begun anew where WeCom no longer knows it', async () => {
		const kept = new Map([['m0', 'J-old']]);
		const found = jobs(() => ({ response_data: 's' }));
		const server = await startZone((asked) =>
			asked.request.jobid === 'J-old' ? { errcode: 40088, errmsg: 'unknown' } : found(asked),
		);
		const input = { msg_list: messages(1) };
		const { jobids } = await askModel(callOf(server), summaryModel, input, {
			memory: memoryOf(kept),
		});
		expect(jobids).toEqual(['J-m0']);
		expect([...kept.values()]).toEqual(['J-m0']);
	});

	it('is forgotten where it failed, and told as failed', async () => {
		const kept = new Map([['m0', 'J-old']]);
		const server = await startZone(() => ({ status: 2 }));
		const input = { msg_list: messages(1) };
		const asking = askModel(callOf(server), summaryModel, input, { memory: memoryOf(kept) });
		expect(await failureOf(asking)).toBeInstanceOf(JobFailedError);
		expect(kept.size).toBe(0);
		expect(server.asked).toHaveLength(1);
	});
});

describe('the results of jobs that were begun before', () => {
	const result = (jobid = ''): object =>
		({
			J1: { status: 1, ...sentiments(() => 2)(['m1', 'm2']) },
			J2: { status: 1, ...sentiments(() => 1)(['m3']) },
			running: { status: 0 },
			failed: { status: 2 },
			unknown: { errcode: 40088, errmsg: 'no such job' },
		})[jobid] ?? {};
	const zone: Zone = ({ request: { jobid } }) => result(jobid);

	it('are joined in the order of their ids', async () => {
		const server = await startZone(zone);
		const found = await modelResult(callOf(server), sentimentModel, ['J1', 'J2', 'J1']);
		expect(found).toMatchObject({
			sentiment: 'negative',
			messages: ['m1', 'm2', 'm3'].map((msgid) => ({ msgid })),
			jobids: ['J1', 'J2'],
			failures: [],
		});
		expect(server.asked.map(({ func }) => func)).toEqual(Array(2).fill('get_sentiment_result'));
	});

	it.each([
		['failed', 710633],
		['unknown', 40088],
	])('name a job that is %s as a failure beside the others', async (jobid, errcode) => {
		const server = await startZone(zone);
		const found = await modelResult(callOf(server), sentimentModel, ['J1', jobid]);
		expect(found.messages).toHaveLength(2);
		expect(found.failures).toEqual([
			expect.objectContaining({ jobid, errcode, hint: expect.any(String) as string }),
		]);
	});

	it('are no results where a limit keeps one back: the job goes on', async () => {
		const server = await startZone((asked) =>
			asked.request.jobid === 'limited' ? { errcode: 48002, errmsg: 'no right' } : zone(asked),
		);
		const error = await failureOf(modelResult(callOf(server), sentimentModel, ['J1', 'limited']));
		expect(error).toMatchObject({ errcode: 48002, jobids: ['J1', 'limited'] });
	});

	it('are no results where one is not there in time', async () => {
		const server = await startZone(zone);
		const error = await failureOf(modelResult(callOf(server), sentimentModel, ['J1', 'running']));
		expect(error).toBeInstanceOf(JobUnfinishedError);
		expect(error).toMatchObject({ jobids: ['J1', 'running'] });
	});

	it.each([[[]], [Array.from({ length: 101 }, (_, index) => `J${index}`)]])(
		'are not asked for where there are too few or too many',
		async (jobids) => {
			const server = await startZone(zone);
			const error = await failureOf(modelResult(callOf(server), sentimentModel, jobids));
			expect(error).toMatchObject({ code: 'input', field: 'jobid' });
			expect(server.requests).toHaveLength(0);
		},
	);
});

it('messages that failed are in no joined verdict', async () => {
	const server = await startZone(
		jobs((msgids) => ({
			analyze_result_list: msgids.map((msgid, index) => ({
				msgid,
				errcode: index === 0 ? 710602 : 0,
				errmsg: 'e',
				spam_result: index === 0 ? 2 : 1,
			})),
		})),
	);
	const found = await askModel(callOf(server), antispamModel, { msg_list: messages(1002) });
	expect(found.verdict).toBe('political');
	expect(found.messages).toHaveLength(1000);
	expect(found.failures.map((failure) => 'msgid' in failure && failure.msgid)).toEqual([
		'm0',
		'm1000',
	]);
});
