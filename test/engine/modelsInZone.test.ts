import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { operations } from '../../wecom/api';
import { WecomClient } from '../../wecom/api/client';
import type { EncryptedRecord } from '../../wecom/archive/record';
import { newRsaKey } from '../unit/support/archive';
import { closeServers, cut, errcode, until } from '../unit/support/server';
import {
	jobs,
	sentiments,
	startZone,
	type Zone,
	type ZoneServer,
} from '../unit/support/zoneServer';
import { Engine } from './harness';
import { credentialsOf, type RowStyle } from './row';

afterEach(closeServers);

/** An item as Chat Archive gives it in the zone. */
const message = (msgid: string, chat_id = 'wrA'): INodeExecutionData => ({
	json: { msgid, chat_id, text: null, secret_key: `KEY of ${msgid}` },
});
const messages = (count: number, chat_id?: string) =>
	Array.from({ length: count }, (_, index) => message(`m${index}`, chat_id));

let runs = 0;

/** A zone and an engine whose credential reaches it. */
async function benchOf(zone: Zone, style: RowStyle = 'java', credential: IDataObject = {}) {
	const server = await startZone(zone);
	const credentials = credentialsOf(server.url, 'dataZone', style);
	Object.assign(credentials.wecomDataApi ?? {}, credential);
	const engine = await Engine.load(credentials);
	const id = `models ${++runs}`;
	const run = async (
		operation: string,
		parameters: IDataObject = {},
		items: INodeExecutionData[] = [{ json: {} }],
		settings: Partial<INode> = {},
	) => {
		const all = { resource: 'model', operation, messagesFrom: 'items', ...parameters };
		const workflow = engine.singleNodeWorkflow('wecomAiModel', all);
		workflow.id = id;
		Object.assign(workflow.getNode('Node') ?? {}, settings);
		return await engine.runNode('wecomAiModel', {}, items, { workflow });
	};
	return { server, engine, run };
}

const starts = ({ asked }: ZoneServer) => asked.filter(({ request }) => request.msg_list).length;
const questions = ({ asked }: ZoneServer) => asked.filter(({ request }) => request.jobid).length;

describe.each<RowStyle>(['java', 'python'])(
	'messages to a model, with a program in %s,',
	(style) => {
		it('of 2,500 input items go out as three jobs, and come back as one result', async () => {
			const kinds = sentiments((msgid) => (Number(msgid.slice(1)) < 700 ? 1 : 2));
			const begin = jobs(kinds);
			const { server, run } = await benchOf((asked) => {
				const { msg_list, jobid } = asked.request;
				if (msg_list || jobid !== 'J-m1000') return begin(asked);
				const answer = begin(asked) as { analyze_result_list: object[] };
				const [first, ...others] = answer.analyze_result_list;
				const failed = { ...first, errcode: 710603, errmsg: 'key' };
				return { ...answer, analyze_result_list: [failed, ...others] };
			}, style);
			const { error, json, items } = await run('sentiment', { resultPer: 'all' }, messages(2500));
			expect(error).toBeUndefined();
			expect(server.begun().map(({ length }) => length)).toEqual([1000, 1000, 500]);
			expect(json).toHaveLength(1);
			const [result] = json;
			expect(result).toMatchObject({
				chat_id: 'wrA',
				message_count: 2500,
				sentiment: 'negative',
				score: null,
				jobids: ['J-m0', 'J-m1000', 'J-m2000'],
				finished: true,
				reused: false,
				failures: [
					{ msgid: 'm1000', errcode: 710603, errmsg: 'key', hint: expect.any(String) as string },
				],
			});
			expect(result?.messages).toHaveLength(2499);
			expect(items[0]?.pairedItem).toHaveLength(2500);
			expect(JSON.stringify(json)).not.toContain('KEY of');
		});

		it('are asked about until they are done, and each has its extras', async () => {
			let asked = 0;
			const { server, run } = await benchOf(({ request: { msg_list } }) => {
				if (msg_list) return { jobid: 'J1' };
				return ++asked < 3
					? { errcode: 710642, errmsg: 'wait' }
					: { status: 1, response_data: '四' };
			}, style);
			const options = { abilityId: 'prompt', knowledgeWords: '退货', knowledgeBaseId: 'kb1' };
			const { json } = await run('general', { options }, messages(2));
			expect(json).toMatchObject([{ answer: '四', jobids: ['J1'], message_count: 2 }]);
			expect(server.asked[0]).toMatchObject({
				func: 'create_ww_model_task',
				request: {
					ability_id: 'prompt',
					kb_retrieval_words: '退货',
					kb_id: 'kb1',
					msg_list: [
						{ msgid: 'm0', encrypt_info: { secret_key: 'KEY of m0' } },
						{ msgid: 'm1', encrypt_info: { secret_key: 'KEY of m1' } },
					],
				},
			});
			expect(asked).toBe(3);
		});
	},
);

describe('input items', () => {
	it('that are of one conversation give one result, which is paired with all of them', async () => {
		const { server, run } = await benchOf(jobs(() => ({ response_data: 's' })));
		const given = [
			message('a1', 'wrA'),
			message('b1', 'wrB'),
			message('a2', 'wrA'),
			{ json: { ...message('c1').json, chat_id: undefined, from: 'u1', to: ['u2'] } },
			{ json: { ...message('c2').json, chat_id: undefined, from: 'u2', to: ['u1'] } },
		];
		const { error, json, items } = await run('summary', {}, given);
		expect(error).toBeUndefined();
		expect(json.map(({ chat_id, message_count }) => [chat_id, message_count])).toEqual([
			['wrA', 2],
			['wrB', 1],
			[undefined, 2],
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 2 }],
			{ item: 1 },
			[{ item: 3 }, { item: 4 }],
		]);
		expect(server.begun()).toEqual([['a1', 'a2'], ['b1'], ['c1', 'c2']]);
	});

	it('of several conversations are looked at at once, and come out in their order', async () => {
		const names = ['A', 'B', 'C', 'D'];
		const { server, run } = await benchOf(({ request: { msg_list, jobid } }) => {
			if (msg_list) return { jobid: `J-${msg_list[0]?.msgid}` };
			// The first is the last to be done, and none is done before all are begun.
			const isLast = jobid === 'J-A' && questions(server) < 8;
			if (starts(server) < names.length || isLast) return { status: 0 };
			return { status: 1, response_data: `of ${jobid}` };
		});
		const given = names.map((name) => message(name, `wr${name}`));
		const { json } = await run('summary', { options: { waitSeconds: 60 } }, given);
		expect(json.map(({ chat_id, summary }) => [chat_id, summary])).toEqual(
			names.map((name) => [`wr${name}`, `of J-${name}`]),
		);
	});

	it('are looked at to their end where one conversation fails, and none is begun after it', async () => {
		const names = Array.from({ length: 14 }, (_, index) => `m${index}`);
		const { server, run } = await benchOf(({ request: { msg_list, jobid } }) => {
			if (msg_list?.[0]?.msgid === 'm3') return { errcode: 710639, errmsg: 'no' };
			if (msg_list) return { jobid: `J-${msg_list[0]?.msgid}` };
			// Half a second after the refusal at the earliest: that is known by then.
			const asked = server.asked.filter(({ request }) => request.jobid === jobid).length;
			const isDone = starts(server) === 10 && asked > 1;
			return isDone ? { status: 1, response_data: String(jobid) } : { status: 0 };
		});
		const given = names.map((name) => message(name, `wr${name}`));
		const { error } = await run('summary', {}, given);
		expect(error?.message).toMatch(/710639/);
		expect(starts(server)).toBe(10);
		expect(new Set(server.asked.map(({ request }) => request.jobid).filter(Boolean)).size).toBe(9);
	});

	it('are read as records of the zone, as hits with details, and as the API has them', async () => {
		const { server, run } = await benchOf(jobs(() => ({ response_data: 's' })));
		const given = [
			{ msgid: 'm1', chatid: 'wrA', secret_key: 'K1', service_encrypt_info: {} },
			{ msgid: 'm2', msg_detail: { chatid: 'wrA', secret_key: 'K2' } },
			{ msgid: 'm3', chat_id: 'wrA', encrypt_info: { secret_key: 'K3' } },
		];
		const { json } = await run(
			'summary',
			{},
			given.map((one) => ({ json: one })),
		);
		expect(json).toMatchObject([{ chat_id: 'wrA', message_count: 3 }]);
		expect(server.asked[0]?.request.msg_list).toEqual(
			['1', '2', '3'].map((n) => ({ msgid: `m${n}`, encrypt_info: { secret_key: `K${n}` } })),
		);
	});

	it('of which a conversation fails, fail alone and together', async () => {
		const begin = jobs(() => ({ response_data: 's' }));
		const { run } = await benchOf((asked) =>
			asked.request.msg_list?.[0]?.msgid === 'a1'
				? { errcode: 710726, errmsg: 'no right' }
				: begin(asked),
		);
		const given = [message('a1', 'wrA'), message('b1', 'wrB'), message('a2', 'wrA')];
		const { error, json, items } = await run('summary', {}, given, {
			onError: 'continueRegularOutput',
		});
		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			{ errcode: 710726, hint: expect.stringContaining('datazone:chatdata:summary') as string },
			{ chat_id: 'wrB', summary: 's' },
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 2 }],
			{ item: 1 },
		]);
	});

	it('that are no messages are named with what they have, and nothing is sent', async () => {
		const { server, run } = await benchOf(jobs(() => ({})));
		const { error } = await run('summary', {}, [{ json: { seq: 1, text: 'hi', msgid: 'm' } }]);
		expect(error?.message).toContain(
			'message 1 is none that a model takes: it has seq, text, msgid',
		);
		expect(error?.message).toContain('expected msgid and secret_key');
		expect(error?.description).toContain('Message → Get Many');
		expect(server.requests).toHaveLength(0);
	});
});

describe('a list of messages', () => {
	const list = (messageList: unknown) => ({ messagesFrom: 'list', messageList }) as IDataObject;

	it('is read from JSON, and from an expression', async () => {
		const { server, run } = await benchOf(jobs(() => ({ response_data: 's' })));
		const text = '[{ "msgid": "m1", "secret_key": "K1" }]';
		for (const given of [text, `={{ ${text} }}`]) {
			const { json } = await run('summary', list(given));
			expect(json).toMatchObject([{ message_count: 1, summary: 's' }]);
		}
		expect(server.begun()).toEqual([['m1'], ['m1']]);
	});

	it.each([
		['no JSON', '[1', /"Messages" is a text of 2 characters that is not JSON/],
		['no list', '{ "msgid": "m1" }', /"Messages" is no list/],
		['empty', '[]', /"Messages" has no entries/],
		['of something else', '["m1"]', /message 1 is none that a model takes/],
		['of a key that is too long', `[{ "msgid": "m1", "secret_key": "${'x'.repeat(257)}" }]`, /msg_list\[0\]\.encrypt_info\.secret_key/], // prettier-ignore
	])('that is %s is refused by name, and nothing is sent', async (_what, given, message) => {
		const { server, run } = await benchOf(jobs(() => ({})));
		const { error } = await run('summary', list(given));
		expect(error?.message).toMatch(message);
		expect(server.requests).toHaveLength(0);
	});
});

describe('the other choice', () => {
	it.each(['sentiment', 'summary', 'antispam', 'general'])(
		'of %s is refused before anything is sent, with what to do',
		async (model) => {
			const { server, engine, run } = await benchOf(jobs(() => ({})));
			const range = { messagesFrom: 'chat', chatId: 'wrA', beginSeq: '1', endSeq: '2' };
			const inZone = await run(model, range);
			expect(inZone.error?.message).toContain('"chat_id" is for "Data API Reference"');
			expect(inZone.error?.description).toContain('Input Items or List as Messages From');
			Object.assign(engine.credentials, credentialsOf(server.url, 'reference'));
			const inReference = await run(model, {}, messages(2));
			expect(inReference.error?.message).toContain('"msg_list" is for "Tencent Data Zone');
			expect(inReference.error?.description).toContain('Chat and Seq Range as Messages From');
			expect(server.requests).toHaveLength(0);
		},
	);
});

describe('keys', () => {
	it('that are wrapped are unwrapped with the key of their version; those that cannot be are told', async () => {
		const wecom = await startSimulator({ contracts: ['dataZone'], messageCount: 60, seed: 7 });
		try {
			const { wecomDataApi } = credentialsFor(wecom);
			const engine = await Engine.load({ wecomDataApi } as Engine['credentials']);
			const records = await recordsOf(wecom);
			const [first, second, ...others] = records;
			const broken = {
				...first,
				service_encrypt_info: { encrypted_secret_key: 'AAAA', public_key_ver: 1 },
			};
			const foreign = {
				...second,
				service_encrypt_info: { encrypted_secret_key: 'AAAA', public_key_ver: 99 },
			};
			const given = [broken, foreign, ...others].map((json) => ({ json: json as IDataObject }));
			const { error, json } = await engine.runNode(
				'wecomAiModel',
				{
					resource: 'model',
					operation: 'sentiment',
					messagesFrom: 'items',
					resultPer: 'all',
					options: { checkSeconds: 1 },
				},
				given,
			);
			expect(error).toBeUndefined();
			const [result] = json as Array<IDataObject & { failures: IDataObject[] }>;
			expect(result?.failures).toEqual(
				expect.arrayContaining([
					{
						msgid: first?.msgid,
						reason: 'malformed_record',
						error: expect.any(String) as string,
					},
					{
						msgid: second?.msgid,
						reason: 'missing_key_version',
						error: expect.stringContaining('99') as string,
					},
				]),
			);
			expect(result?.failures.map(({ errcode: code }) => code)).not.toContain(710603);
			expect(result).toMatchObject({ message_count: records.length, jobids: [expect.any(String)] });
			expect((result?.messages as unknown[]).length).toBeGreaterThan(5);
			expect(wecom.modelJobs).toMatchObject([
				{ func: 'create_sentiment_task', messages: records.length - 2 },
			]);
		} finally {
			await wecom.stop();
		}
	});

	it('in hits of a keyword rule with details are unwrapped as well, simplified or not', async () => {
		const wecom = await startSimulator({ contracts: ['dataZone'], messageCount: 10, seed: 7 });
		try {
			const { wecomDataApi } = credentialsFor(wecom);
			const engine = await Engine.load({ wecomDataApi } as Engine['credentials']);
			const rule = {
				resource: 'keywordRule',
				operation: 'create',
				name: '发货',
				words: '发货, 订单',
			};
			await engine.runNode('wecomChatArchive', rule);
			wecom.addMessages(200);
			for (const simplify of [true, false]) {
				const { items } = await engine.runNode('wecomChatArchive', {
					resource: 'keywordRule',
					operation: 'getHits',
					returnAll: false,
					limit: 5,
					simplify,
					options: { needDetail: true },
				});
				expect(items.length).toBeGreaterThan(0);
				const { error, json } = await engine.runNode(
					'wecomAiModel',
					{
						resource: 'model',
						operation: 'antispam',
						messagesFrom: 'items',
						resultPer: 'all',
						options: { checkSeconds: 1 },
					},
					items,
				);
				expect(error).toBeUndefined();
				expect(json).toMatchObject([{ message_count: items.length, failures: [] }]);
			}
		} finally {
			await wecom.stop();
		}
	});

	it('of which none can be unwrapped are an error that says why', async () => {
		const credential = { privateKey: newRsaKey().pkcs1, publicKeyVersion: 1 };
		const { server, run } = await benchOf(
			jobs(() => ({})),
			'java',
			credential,
		);
		const service_encrypt_info = { encrypted_secret_key: 'AAAA', public_key_ver: 2 };
		const given = ['m1', 'm2'].map((msgid) => ({ json: { msgid, service_encrypt_info } }));
		const { error } = await run('summary', {}, given);
		expect(error?.message).toMatch(/None of the 2 messages .* version 2/);
		expect(error?.description).toContain('older keys');
		expect(server.requests).toHaveLength(0);
	});

	it('never come back in an error of WeCom', async () => {
		const { run } = await benchOf(({ request: { msg_list } }) => ({
			errcode: 710603,
			errmsg: `cannot open ${JSON.stringify(msg_list)} with KEY of m0`,
		}));
		const { error, json } = await run('summary', {}, messages(20), {
			onError: 'continueRegularOutput',
		});
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ errcode: 710603 }]);
		expect(JSON.stringify(json)).not.toContain('KEY of');
	});
});

describe('a job that was begun', () => {
	/** Refuses the first question about a job: the node stops with its id. */
	const failingOnce = (): Zone => {
		const begin = jobs(() => ({ response_data: 's' }));
		let refused = false;
		return (asked) => {
			if (asked.request.msg_list || refused) return begin(asked);
			refused = true;
			return { errcode: 60020, errmsg: 'not allow to access from your ip' };
		};
	};

	it('by an execution that failed is asked about by the next one, once', async () => {
		const { server, run } = await benchOf(failingOnce());
		const failed = await run('summary', {}, messages(3), { onError: 'continueRegularOutput' });
		expect(failed.json).toMatchObject([{ errcode: 60020, jobid: 'J-m0' }]);
		expect((await run('summary', {}, messages(3))).json).toMatchObject([
			{ summary: 's', jobids: ['J-m0'] },
		]);
		expect(starts(server)).toBe(1);
		// Its result is saved: whoever asks again wants a new one.
		await run('summary', {}, messages(3));
		expect(starts(server)).toBe(2);
	});

	it('by a try of Retry On Fail is asked about by the next try', async () => {
		const { server, run } = await benchOf(failingOnce());
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const { error, json } = await run('summary', {}, messages(3), retry);
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ summary: 's', jobids: ['J-m0'] }]);
		expect(starts(server)).toBe(1);
		expect(questions(server)).toBe(2);
	});

	it('for one item is not the job of another that asks the same', async () => {
		const { server, run } = await benchOf(jobs(() => ({ response_data: 's' })));
		const messageList = '[{ "msgid": "m1", "secret_key": "K1" }]';
		const items = [{ json: {} }, { json: {} }];
		await run('summary', { messagesFrom: 'list', messageList }, items);
		expect(starts(server)).toBe(2);
	});

	it('about other messages, or of another model, is another job', async () => {
		const { server, run } = await benchOf(failingOnce());
		await run('summary', {}, messages(3));
		await run('summary', {}, messages(2));
		await run('antispam', {}, messages(3));
		expect(starts(server)).toBe(3);
	});

	it('that takes too long is given up with its id, and asked about by the next run', async () => {
		let done = false;
		const begin = jobs(() => ({ response_data: 's' }));
		const { server, run } = await benchOf((asked) =>
			asked.request.msg_list || done ? begin(asked) : { status: 0 },
		);
		const options = { waitSeconds: 1 };
		const late = await run('summary', { options, resultPer: 'all' }, messages(1500), {
			onError: 'continueRegularOutput',
		});
		expect(late.json).toMatchObject([
			{
				errcode: 790023,
				jobid: 'J-m0, J-m1000',
				hint: expect.stringMatching(/raise Wait \(Seconds\) in Options.*J-m0, J-m1000/) as string,
			},
		]);
		done = true;
		const { json } = await run('summary', { options, resultPer: 'all' }, messages(1500));
		expect(json).toMatchObject([{ jobids: ['J-m0', 'J-m1000'], finished: true }]);
		expect(starts(server)).toBe(2);
	});

	it('that failed is begun anew by the next run', async () => {
		let failed = false;
		const begin = jobs(() => ({ response_data: 's' }));
		const { server, run } = await benchOf((asked) => {
			if (asked.request.msg_list || failed) return begin(asked);
			failed = true;
			return { status: 2 };
		});
		const { error } = await run('summary', {}, messages(1));
		expect(error?.message).toContain('The job J-m0 failed');
		expect((await run('summary', {}, messages(1))).error).toBeUndefined();
		expect(starts(server)).toBe(2);
	});

	it('is not known where the answer to its start got lost: it is not tried again', async () => {
		const { server, run } = await benchOf(({ request }) => (request.msg_list ? cut : {}));
		const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { error } = await run('summary', {}, messages(1), retry);
		expect(error?.message).toContain('Whether WeCom did it is not known');
		expect(server.requests).toHaveLength(1);
	});

	it('is no longer waited for once the execution is cancelled', async () => {
		const begin = jobs(() => ({}));
		const { server, engine } = await benchOf((asked) =>
			asked.request.msg_list ? begin(asked) : { status: 0 },
		);
		const workflow = engine.singleNodeWorkflow('wecomAiModel', {
			resource: 'model',
			operation: 'summary',
			messagesFrom: 'items',
			resultPer: 'all',
			options: { checkSeconds: 300 },
		});
		const execution = engine.run(workflow, 'Start', messages(1500));
		await until(() => questions(server) === 2);
		const before = Date.now();
		execution.cancel();
		const { status } = await execution;
		expect(status).not.toBe('success');
		expect(Date.now() - before).toBeLessThan(2000);
	});
});

describe('Wait (Seconds) 0', () => {
	it('gives the ids of the jobs, and Get Result what came of them, whole', async () => {
		let done = false;
		const begin = jobs(sentiments(() => 1));
		const { server, run } = await benchOf((asked) =>
			asked.request.msg_list || done ? begin(asked) : { status: 0 },
		);
		const now = { options: { waitSeconds: 0 } };
		const begun = await run('sentiment', { ...now, resultPer: 'all' }, messages(1200));
		const jobids = ['J-m0', 'J-m1000'];
		expect(begun.json).toEqual([
			{
				chat_id: 'wrA',
				message_count: 1200,
				jobids,
				finished: false,
				failures: [],
				reused: false,
			},
		]);
		const result = { model: 'sentiment', jobIds: '={{ $json.jobids }}', ...now };
		expect((await run('getResult', result, begun.items)).json).toEqual([
			{ jobids, finished: false, failures: [] },
		]);
		done = true;
		const { error, json } = await run('getResult', result, begun.items);
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ sentiment: 'positive', jobids, finished: true, failures: [] }]);
		expect(json[0]?.messages).toHaveLength(1200);
		expect(starts(server)).toBe(2);
		// The ids are in the hands of the workflow: the next run begins jobs of its own.
		done = false;
		await run('sentiment', { ...now, resultPer: 'all' }, messages(1200));
		expect(starts(server)).toBe(4);
	});
});

it('Wait (Seconds) 0 names the messages of a job that WeCom refused beside the ids of the others', async () => {
	const begin = jobs(() => ({ status: 0 }));
	const { run } = await benchOf((asked) =>
		asked.request.msg_list?.[0]?.msgid === 'm1000'
			? { errcode: 45009, errmsg: 'quota' }
			: begin(asked),
	);
	const { json } = await run('sentiment', { options: { waitSeconds: 0 } }, messages(1200));
	expect(json).toMatchObject([{ jobids: ['J-m0'], finished: false }]);
	expect(json[0]?.failures).toHaveLength(200);
	expect((json[0]?.failures as IDataObject[])[0]).toMatchObject({ msgid: 'm1000', errcode: 45009 });
});

it('a failed item names the messages that WeCom gave a reason for', async () => {
	const fail_list = ['m0', 'm1'].map((msgid) => ({ msgid, errcode: 710602, errmsg: 'kind' }));
	const { run } = await benchOf(({ request: { msg_list } }) =>
		msg_list ? { jobid: 'J1' } : { status: 2, fail_list },
	);
	const { json } = await run('summary', {}, messages(2), { onError: 'continueRegularOutput' });
	expect(json).toMatchObject([{ jobid: 'J1', failures: [{ msgid: 'm0' }, { msgid: 'm1' }] }]);
});

describe('Get Result', () => {
	it('waits as long as it is told, and names the jobs that go on', async () => {
		const { run } = await benchOf(() => ({ status: 0 }));
		const parameters = { model: 'summary', jobIds: 'J1, J2', options: { waitSeconds: 1 } };
		const { json } = await run('getResult', parameters, undefined, {
			onError: 'continueRegularOutput',
		});
		expect(json).toMatchObject([{ errcode: 790023, jobid: 'J1, J2' }]);
	});

	it('tells a job that came to nothing beside those that did not', async () => {
		const { run } = await benchOf(({ request: { jobid } }) =>
			jobid === 'J1' ? { status: 1, response_data: 's' } : { status: 2 },
		);
		const { json } = await run('getResult', { model: 'summary', jobIds: ['J1', 'J2'] });
		expect(json).toMatchObject([
			{ summary: 's', jobids: ['J1', 'J2'], failures: [{ jobid: 'J2', errcode: 710633 }] },
		]);
	});

	it.each([
		['no id', { jobIds: '={{ "" }}' }, /jobid/],
		['an unknown model', { model: '={{ "x" }}', jobIds: 'J1' }, /"Model"/],
	])('refuses %s before anything is sent', async (_what, parameters, message) => {
		const { server, run } = await benchOf(() => ({ status: 1 }));
		const { error } = await run('getResult', { model: 'summary', ...parameters });
		expect(error?.message).toMatch(message);
		expect(server.requests).toHaveLength(0);
	});
});

it('Reuse Recent Answer asks once per model and messages', async () => {
	const { server, run } = await benchOf(jobs(() => ({ response_data: 's' })));
	const options = { reuseRecentAnswer: true };
	const reused = async (count: number, model = 'summary') =>
		(await run(model, { options }, messages(count))).json.map((one) => one.reused);
	expect(await reused(3)).toEqual([false]);
	expect(await reused(3)).toEqual([true]);
	expect(await reused(2)).toEqual([false]);
	expect(await reused(3, 'general')).toEqual([false]);
	expect(starts(server)).toBe(3);
});

it('without Simplify the result is WeCom’s own, beside what became of the messages', async () => {
	const { run } = await benchOf(jobs(sentiments(() => 2)));
	const { json } = await run('sentiment', { simplify: false }, messages(1));
	expect(json).toEqual([
		{
			chat_id: 'wrA',
			message_count: 1,
			result: {
				analyze_result_list: [{ msgid: 'm0', errcode: 0, errmsg: 'ok', sentiment_result: 2 }],
			},
			jobids: ['J-m0'],
			failures: [],
			finished: true,
			reused: false,
		},
	]);
});

it('a refusal of the program is retried by no start of a job', async () => {
	const { server, run } = await benchOf(() => errcode(710638, 'program'));
	const { error } = await run('summary', {}, messages(1));
	expect(error?.message).toContain('Whether WeCom did it is not known');
	expect(server.requests).toHaveLength(1);
});

/** The text messages of a simulator, as the zone gives them, with wrapped keys. */
async function recordsOf(wecom: Simulator): Promise<EncryptedRecord[]> {
	const { corp, url } = wecom;
	const { programId, programStyle } = credentialsFor(wecom).wecomDataApi;
	const client = new WecomClient({
		baseUrl: url,
		contract: 'dataZone',
		authentication: { type: 'corpSecret', corpId: corp.corpId, corpSecret: corp.corpSecret },
		program: { programId: String(programId), style: programStyle as RowStyle },
	});
	const { entries } = await client.call(operations.getChatData, { limit: 200 });
	return entries.filter(({ msgtype }) => msgtype === 1);
}
