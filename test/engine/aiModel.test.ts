import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import {
	byPath,
	closeServers,
	errcode,
	gate,
	inTurn,
	json,
	startServer,
	type Reply,
	type TestServer,
} from '../unit/support/server';
import { Engine } from './harness';

const TOKEN = 'access-token-of-the-models';
const MODELS = ['sentiment', 'summary', 'recommend', 'tag', 'antispam', 'general'] as const;
const CHAT = 'wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg';
let server: TestServer;
let engine: Engine;

/** What a model answers. */
const answer = (result: object): Reply => json({ errcode: 0, errmsg: 'ok', result });

async function start(reply: Reply): Promise<void> {
	server = await startServer(reply);
	engine = await Engine.load({
		wecomDataApi: {
			baseUrl: server.url,
			authentication: 'accessToken',
			accessToken: TOKEN,
		},
	});
}

async function ask(
	operation: (typeof MODELS)[number],
	parameters: IDataObject = {},
	items?: INodeExecutionData[],
	settings = {},
) {
	return await engine.runNode(
		'wecomAiModel',
		{ resource: 'model', operation, chatId: CHAT, beginSeq: '1', endSeq: '100', ...parameters },
		items,
		settings,
	);
}

afterEach(closeServers);

describe('every model', () => {
	it.each(MODELS)('%s asks at its path, about the chat and the range', async (model) => {
		await start(answer({}));
		const { error } = await ask(model);
		expect(error).toBeUndefined();
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({
			method: 'POST',
			path: `/cgi-bin/msgaudit/model/${model}`,
			query: { access_token: TOKEN },
			body: `{"chat_id":"${CHAT}","seq_range":{"begin_seq":1,"end_seq":100}}`,
		});
	});

	it.each(MODELS)('%s that has used its quota up says which one, and what to do', async (model) => {
		await start(errcode(45009, 'api freq out of limit: model quota of today used up'));
		const { error } = await ask(model);
		expect(server.requests).toHaveLength(1);
		expect(error?.message).toContain('45009');
		expect(error?.description).toMatch(
			new RegExp(`quota of the model "${model}".* buy more calls`),
		);
	});

	it.each([
		['chatId', '={{ "" }}', 'chat_id'],
		['chatId', 'x'.repeat(300), 'chat_id'],
		['beginSeq', '={{ $json.missing }}', 'seq_range.begin_seq'],
		['beginSeq', 'first', 'seq_range.begin_seq'],
		['endSeq', '-1', 'seq_range.end_seq'],
		['endSeq', '18446744073709551616', 'seq_range.end_seq'],
		['beginSeq', '101', 'seq_range'],
	])('%s = %j is refused by name before anything is sent', async (name, value, field) => {
		await start(answer({}));
		const { error } = await ask('sentiment', { [name]: value });
		expect(error?.message).toContain(field);
		expect(server.requests).toEqual([]);
	});

	it('keeps seqs beyond 2^53 exact, on the wire and in the output', async () => {
		await start(answer({ summary: 's' }));
		const range = { beginSeq: '9007199254740993', endSeq: '18446744073709551615' };
		const { json } = await ask('summary', range);
		expect(server.requests[0]?.body).toContain(
			'{"begin_seq":9007199254740993,"end_seq":18446744073709551615}',
		);
		expect(json[0]).toMatchObject({ begin_seq: range.beginSeq, end_seq: range.endSeq });
	});

	it('asks per item, and one that fails does not sink the others', async () => {
		await start(answer({ sentiment: 'neutral', score: 0.5 }));
		const items = ['a', '', 'c'].map((chat) => ({ json: { chat } }));
		const chatId = '={{ $json.chat }}';
		const { items: output } = await ask('sentiment', { chatId }, items, {
			onError: 'continueRegularOutput',
		});
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(output.map(({ json }) => json.chat_id)).toEqual(['a', undefined, 'c']);
		expect(output[1]?.json.error).toContain('chat_id');
		expect(server.requests).toHaveLength(2);
	});
});

describe('extras', () => {
	it('of the general model: all of them', async () => {
		await start(answer({ response_data: 'yes' }));
		await ask('general', {
			options: {
				knowledgeBaseId: 'kb1',
				modelId: 'm1',
				includeThinking: true,
				tagGroups: 'et1, et2',
				promptArguments: { argument: [{ name: 'product', value: 'bucket' }] },
			},
		});
		expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
			chat_id: CHAT,
			seq_range: { begin_seq: 1, end_seq: 100 },
			kb_id: 'kb1',
			model_id: 'm1',
			need_think_result: true,
			tag_group_list: [{ group_id: 'et1' }, { group_id: 'et2' }],
			var_args: [{ name: 'product', value: 'bucket' }],
		});
	});

	it('of replies and tags', async () => {
		await start(answer({}));
		await ask('recommend', { options: { knowledgeBaseId: 'kb1' } });
		await ask('tag', { options: { tagGroups: ['et1'], modelId: 'm1' } });
		const [recommend, tag] = server.requests.map(({ body }) => JSON.parse(body) as object);
		expect(recommend).toMatchObject({ kb_id: 'kb1' });
		expect(tag).toMatchObject({ tag_group_list: [{ group_id: 'et1' }], model_id: 'm1' });
	});
});

describe('Simplify', () => {
	it.each([
		[
			'sentiment',
			{ sentiment: 'positive', score: 0.85, detail: [] },
			{ sentiment: 'positive', score: 0.85 },
		],
		['summary', { summary: '客户咨询了产品价格' }, { summary: '客户咨询了产品价格' }],
		['recommend', { suggestions: ['建议回复1'] }, { suggestions: ['建议回复1'] }],
		[
			'tag',
			{ tag_result_list: [{ group_id: 'g', tag_id: 't' }] },
			{ tags: [{ group_id: 'g', tag_id: 't' }] },
		],
		[
			'antispam',
			{
				verdict: 'porn',
				detail: [
					{ msgid: '1', spam_result: 0 },
					{ msgid: '2', spam_result: 2 },
				],
			},
			{ verdict: 'porn', flagged: [{ msgid: '2', verdict: 'porn' }] },
		],
		['general', { response_data: '<think>hm</think>\n四' }, { answer: '四', thinking: 'hm' }],
	] as const)('%s gives the answer itself beside chat and range', async (model, result, simple) => {
		await start(answer(result));
		const about = { chat_id: CHAT, begin_seq: '1', end_seq: '100', reused: false };
		expect((await ask(model)).json).toEqual([{ ...about, ...simple }]);
		expect((await ask(model, { simplify: false })).json).toEqual([{ ...about, result }]);
	});
});

describe('an answer of nothing', () => {
	it.each([
		['sentiment', { sentiment: null, score: null }],
		['summary', { summary: null }],
		['recommend', { suggestions: [] }],
		['tag', { tags: [] }],
		['antispam', { verdict: null, flagged: [] }],
		['general', { answer: null }],
	] as const)(
		'of the model %s is told as such, and no verdict made of it',
		async (model, simple) => {
			await start(json({ errcode: 0, errmsg: 'ok' }));
			const { json: output, error } = await ask(model);
			expect(error).toBeUndefined();
			expect(output).toEqual([
				{ chat_id: CHAT, begin_seq: '1', end_seq: '100', reused: false, ...simple },
			]);
		},
	);
});

describe('Reuse Recent Answer', () => {
	const reuse = { options: { reuseRecentAnswer: true } };

	it('is off by default: every call is a call', async () => {
		await start(answer({ summary: 's' }));
		await ask('summary', {}, [{ json: {} }, { json: {} }]);
		expect(server.requests).toHaveLength(2);
	});

	it('asks once per model, chat and range', async () => {
		await start(answer({ summary: 's', sentiment: 'neutral', score: 0.5 }));
		const first = await ask('summary', reuse, [{ json: {} }, { json: {} }]);
		expect(first.json.map(({ reused }) => reused)).toEqual([false, true]);
		expect((await ask('summary', reuse)).json[0]).toMatchObject({ summary: 's', reused: true });
		expect(server.requests).toHaveLength(1);
		await ask('sentiment', reuse);
		await ask('summary', { ...reuse, endSeq: '101' });
		await ask('summary', { ...reuse, chatId: 'wrOther' });
		expect(server.requests).toHaveLength(4);
	});

	it('keeps no failure', async () => {
		await start(inTurn(errcode(790041), answer({ summary: 'now' })));
		expect((await ask('summary', reuse)).error?.message).toContain('790041');
		expect((await ask('summary', reuse)).json[0]).toMatchObject({ summary: 'now', reused: false });
	});

	it('is not shared with another credential', async () => {
		await start(answer({ summary: 's' }));
		await ask('summary', reuse);
		const credentials = { ...engine.credentials.wecomDataApi, accessToken: 'of another corp' };
		engine = await Engine.load({ wecomDataApi: credentials });
		expect((await ask('summary', reuse)).json[0]).toMatchObject({ reused: false });
		expect(server.requests.map(({ query }) => query.access_token)).toEqual([
			TOKEN,
			'of another corp',
		]);
	});
});

it('stops when the execution is cancelled', async () => {
	const arrived = gate();
	await start(byPath({ '/cgi-bin/msgaudit/model/summary': () => arrived.open() }));
	const workflow = engine.workflow({
		nodes: [
			engine.nodeJson('wecomAiModel', {
				resource: 'model',
				operation: 'summary',
				chatId: CHAT,
				beginSeq: '1',
				endSeq: '2',
			}),
		],
		connections: {},
	});
	const execution = engine.run(workflow, 'Node');
	await arrived.opened;
	execution.cancel();
	const { status, data } = await execution;
	expect(status).not.toBe('success');
	expect(data.resultData.runData.Node?.[0]?.data?.main?.[0] ?? []).toEqual([]);
});
