import {
	antispamModel,
	generalModel,
	recommendModel,
	sentimentModel,
	summaryModel,
	tagModel,
} from '../../../wecom/api/models';
import type { Operation } from '../../../wecom/api/operation';
import type { JsonObject } from '../../../wecom/json';
import { call } from '../support/client';
import { closeServers, json } from '../support/server';

const CONVERSATION = { chat_id: 'wrA', seq_range: { begin_seq: 1, end_seq: 100 } };
const TAG = { group_id: 'g1', tag_id: 't1' };

afterEach(closeServers);

type Model = Operation<typeof CONVERSATION, { result: JsonObject }>;

async function found(model: Model, result: object) {
	const { output } = await call(model, CONVERSATION, json({ errcode: 0, errmsg: 'ok', result }));
	const { result: own, ...answer } = output;
	expect(own).toEqual(result);
	return answer;
}

describe("a model's answer is the same, in whatever form the gateway gives it", () => {
	it.each<[string, Model, object, object[]]>([
		[
			'a sentiment',
			sentimentModel,
			{ sentiment: 'positive', score: 0.85 },
			[
				{ sentiment: 'positive', score: 0.85 },
				{ sentiment: 'positive', score: 0.85, detail: [] },
			],
		],
		['no sentiment', sentimentModel, { sentiment: null, score: null }, [{}, { score: null }]],
		[
			'a summary',
			summaryModel,
			{ summary: '客户咨询了产品价格' },
			[
				{ summary: '客户咨询了产品价格' },
				{ response_data: '客户咨询了产品价格' },
				{ summary: null, response_data: '客户咨询了产品价格' },
			],
		],
		[
			'no summary',
			summaryModel,
			{ summary: null },
			[{}, { summary: null }, { response_data: null }],
		],
		[
			'replies',
			recommendModel,
			{ suggestions: ['您好'] },
			[{ suggestions: ['您好'] }, { suggestions: '您好' }, { response_data: '您好' }],
		],
		[
			'no replies',
			recommendModel,
			{ suggestions: [] },
			[{}, { suggestions: [] }, { suggestions: '' }, { response_data: null }],
		],
		[
			'tags',
			tagModel,
			{ tags: [TAG] },
			[
				{ tag_result_list: [TAG] },
				{ tags: [TAG] },
				{ tag_result_list: [TAG, null, 'g1'], tags: [] },
			],
		],
		['no tags', tagModel, { tags: [] }, [{}, { tags: null }, { tag_result_list: {} }]],
		[
			'a verdict on two messages',
			antispamModel,
			{
				verdict: 'porn',
				messages: [
					{ msgid: 'm1', verdict: 'ok' },
					{ msgid: 'm2', verdict: 'porn' },
				],
			},
			['detail', 'analyze_result_list'].flatMap((list) =>
				[{ verdict: 'porn' }, {}].map((verdict) => ({
					...verdict,
					[list]: [
						{ msgid: 'm1', spam_result: 0 },
						{ msgid: 'm2', spam_result: '2' },
					],
				})),
			),
		],
		[
			'a verdict on nothing in particular',
			antispamModel,
			{ verdict: 'ok', messages: [] },
			[{ verdict: 'ok' }, { verdict: 'ok', detail: [] }],
		],
		[
			'no verdict',
			antispamModel,
			{ verdict: null, messages: [] },
			[{}, { detail: null }, { detail: {} }],
		],
		[
			'an answer',
			generalModel,
			{ answer: '四', thinking: null },
			[
				{ response_data: '四' },
				{ response_data: '<think></think>四' },
				{ response_data: ' <think> \n</think>\n四' },
			],
		],
		[
			'an answer with its thinking',
			generalModel,
			{ answer: '四\n<think>no</think>', thinking: 'hm' },
			[{ response_data: '<think>\nhm </think>\n四\n<think>no</think>' }],
		],
		['no answer', generalModel, { answer: null, thinking: null }, [{}, { response_data: null }]],
		[
			'an answer in fields of its own',
			generalModel,
			{ answer: { words: ['四'] }, thinking: null },
			[
				{ words: ['四'] },
				{ response_data: { words: ['四'] } },
				{ response_data: null, words: ['四'] },
			],
		],
	])('%s', async (_what, model, answer, results) => {
		for (const result of results) expect(await found(model, result)).toEqual(answer);
	});
});

describe('a verdict', () => {
	it('is the worst of the messages, and a number where its kind is new', async () => {
		const analyze_result_list = [0, 1, 7].map((spam_result, index) => ({
			msgid: `m${index}`,
			spam_result,
		}));
		expect(await found(antispamModel, { analyze_result_list })).toEqual({
			verdict: '7',
			messages: ['ok', 'political', '7'].map((verdict, index) => ({ msgid: `m${index}`, verdict })),
		});
	});

	it('is made of no message that the model could not look at', async () => {
		const analyze_result_list = [
			{ msgid: 'm1', errcode: 710601, errmsg: 'no such message' },
			{ msgid: 'm2', spam_result: 1 },
		];
		expect(await found(antispamModel, { analyze_result_list })).toEqual({
			verdict: 'political',
			messages: [
				{ msgid: 'm1', verdict: null },
				{ msgid: 'm2', verdict: 'political' },
			],
		});
	});
});

it('reads an answer that has no result in it as the result', async () => {
	const reply = json({ errcode: 0, errmsg: 'ok', summary: 's' });
	const { output } = await call(summaryModel, CONVERSATION, reply);
	expect(output).toEqual({ summary: 's', result: { summary: 's' } });
});
