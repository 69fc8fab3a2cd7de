import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { optional, parseInput, wholeNumber } from '../../../../wecom/api/fields';
import type { ModelAnswer } from '../../../../wecom/api/modelAnswers';
import type { ModelInput } from '../../../../wecom/api/modelOperation';
import type { Operation } from '../../../../wecom/api/operation';
import { stringifyJson } from '../../../../wecom/json';
import { RecentAnswers } from '../../../../wecom/state/recentAnswers';
import {
	longRequestTimeoutField,
	noticeField,
	optionsOf,
	simplifyField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { fingerprintOf } from '../../../shared/run/madeOnce';
import { toItem } from '../../../shared/values';

/** Kept in this process, for every node of the package. */
const recentAnswers = new RecentAnswers();

const REUSE_MINUTES = 10;
const MAX_REUSE_MINUTES = 1440;

const reuseFields: INodeProperties[] = [
	{
		displayName: 'Reuse for (Minutes)',
		name: 'reuseForMinutes',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_REUSE_MINUTES, numberPrecision: 0 },
		default: REUSE_MINUTES,
		description: 'How old an answer may be that is used again. Only with Reuse Recent Answer.',
	},
	{
		displayName: 'Reuse Recent Answer',
		name: 'reuseRecentAnswer',
		type: 'boolean',
		default: false,
		description:
			'Whether to use the last answer again when this n8n process asked the same model about the same messages a few minutes ago. Calls are counted and paid.',
	},
];

/** What is special about one model. */
export interface ModelFacts<Input, Found> {
	option: Action['option'];
	operation: Operation<Input & ModelInput, ModelAnswer<Found>>;
	/** Fields of its own in Options. */
	optionFields?: INodeProperties[];
	/** Those fields as the API wants them. */
	extras?: (options: IDataObject) => Partial<Input>;
	/** What the node gives of the answer, simplified. */
	simplify: (found: ModelAnswer<Found>) => IDataObject;
}

/** An operation that asks one of the six models about a part of a conversation. */
export function modelAction<Input, Found>(facts: ModelFacts<Input, Found>): Action {
	const { option, operation, optionFields = [], extras, simplify } = facts;
	return {
		option,
		api: operation,
		fields: [
			noticeField(
				'quotaNotice',
				'Each call counts against the daily quota of the model, and the corp must have authorized the data zone (数据与智能专区) for this app. Ask only where you need the answer.',
			),
			{
				displayName: 'Chat ID',
				name: 'chatId',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. wrErxtDgAA0jgXE5VgLPrVLgmoxrFXQg',
				description:
					'Roomid of a group (field room of its messages), or the external_userid of the customer in a single chat',
			},
			{
				displayName: 'Begin Seq',
				name: 'beginSeq',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. 1024',
				description: 'Seq of the earliest message to look at',
			},
			{
				displayName: 'End Seq',
				name: 'endSeq',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. 1123',
				description: 'Seq of the latest message to look at',
			},
			simplifyField,
			optionsOf(...optionFields, ...reuseFields, longRequestTimeoutField(120)),
		],

		async run(item) {
			const range: ModelInput = {
				chat_id: item.text('chatId'),
				seq_range: {
					begin_seq: item.param('beginSeq'),
					end_seq: item.param('endSeq'),
				},
			};
			const simplified = item.simplify();
			const own = extras?.(item.options<IDataObject>()) ?? {};
			const input = { ...range, ...own } as Input & ModelInput;
			const { answer, reused } = await ask(item, operation, input);
			const about = {
				chat_id: range.chat_id,
				begin_seq: String(range.seq_range.begin_seq),
				end_seq: String(range.seq_range.end_seq),
			};
			if (!simplified) return { ...about, result: toItem(answer.result), reused };
			return { ...about, ...simplify(answer), reused };
		},
	};
}

async function ask<Input, Answer>(
	item: Item,
	operation: Operation<Input, Answer>,
	input: Input,
): Promise<{ answer: Answer; reused: boolean }> {
	const reuse = item.optionFlag('reuseRecentAnswer', 'Reuse Recent Answer');
	const minutes = parseInput(
		optional(wholeNumber(1, MAX_REUSE_MINUTES)),
		item.options<{ reuseForMinutes: unknown }>().reuseForMinutes,
		'Reuse for (Minutes)',
	);
	const call = async () => await item.call(operation, input);
	if (!reuse) return { answer: await call(), reused: false };
	// Validated before it is looked up: a bad input must not find an answer.
	const question = stringifyJson([
		fingerprintOf([await item.credential(), item.corp]),
		await item.describe(operation, input),
	]);
	return await recentAnswers.get(question, (minutes ?? REUSE_MINUTES) * 60_000, call);
}
