import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ModelAnswer } from '../../../../wecom/api/modelAnswers';
import {
	askModel,
	modelResult,
	type Call,
	type JoinedAnswer,
} from '../../../../wecom/api/modelJobs';
import type { Model, ModelInput } from '../../../../wecom/api/modelOperation';
import { InvalidInputError, JobUnfinishedError } from '../../../../wecom/errors';
import {
	longRequestTimeoutField,
	noticeField,
	optionsOf,
	simplifyField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { toItem, toJson } from '../../../shared/values';
import { chatIdOf, conversationOf, readMessages, type GivenMessage } from './messages';
import { askOrReuse, reuseFields } from './recent';
import { isForAll, sourceFields, sourceOf, type Source } from './sourceFields';
import { readWaiting, waitFields, type Waiting } from './waitFields';

/** Stands for messages where only the rest of the input is checked: their keys take time. */
const ANY_MESSAGE = { msgid: 'm', encrypt_info: { secret_key: 'k' } };

/** Each waits for its job, for minutes where the model is busy. */
const CONVERSATIONS_AT_ONCE = 10;

/** What is special about one model. */
export interface ModelFacts<Input extends ModelInput, Found> {
	option: Action['option'];
	operation: Model<Input, Found>;
	/** Fields of its own in Options. */
	optionFields?: INodeProperties[];
	/** Those fields as the API wants them. */
	extras?: (options: IDataObject) => Partial<Input>;
	/** What the node gives of the answer, simplified. */
	simplify: (found: ModelAnswer<Found>) => IDataObject;
}

/** An operation that asks a model, and what gives the results of its jobs. */
export interface ModelAction extends Action {
	/** The result of jobs that were begun before. */
	resultOf(item: Item, jobids: string[]): Promise<IDataObject>;
}

/** An operation that asks one of the six models about a part of a conversation, or about messages. */
export function modelAction<Input extends ModelInput, Found>(
	facts: ModelFacts<Input, Found>,
): ModelAction {
	const { option, operation, optionFields = [], extras, simplify } = facts;
	const found = (answer: ModelAnswer<Found>, simplified: boolean): IDataObject =>
		simplified ? simplify(answer) : { result: toItem(answer.result) };
	const joined = (answer: JoinedAnswer<Found>, simplified: boolean, failures: object[] = []) => ({
		...found(answer as ModelAnswer<Found>, simplified),
		jobids: answer.jobids,
		failures: [...failures, ...answer.failures].map(toItem),
		finished: true,
	});
	return {
		option,
		api: operation,
		fields: [
			noticeField(
				'quotaNotice',
				'Each call counts against the daily quota of the model, and the corp must have authorized the data zone (数据与智能专区) for this app. Ask only where you need the answer.',
			),
			...sourceFields,
			simplifyField,
			optionsOf(...optionFields, ...reuseFields, ...waitFields, longRequestTimeoutField(120)),
		],

		together(item) {
			if (sourceOf(item) !== 'items') return undefined;
			return isForAll(item) ? '' : conversationOf(item.json).key;
		},

		atOnce: (item) => (sourceOf(item) === 'items' ? CONVERSATIONS_AT_ONCE : 1),

		async run(item, group) {
			const simplified = item.simplify();
			const waiting = readWaiting(item);
			const own = extras?.(item.options<IDataObject>()) ?? {};
			const source = sourceOf(item);
			if (source === 'chat') {
				const range = {
					chat_id: item.text('chatId'),
					seq_range: { begin_seq: item.text('beginSeq'), end_seq: item.text('endSeq') },
				};
				const input = { ...range, ...own } as Input;
				const { answer, reused } = await askOrReuse(
					item,
					async () => await item.describe(operation, input),
					async () => await item.call(operation, input),
				);
				return { chat_id: range.chat_id, ...range.seq_range, ...found(answer, simplified), reused };
			}
			const { route } = await item.describe(operation, {
				...own,
				msg_list: [ANY_MESSAGE],
			} as Input);
			const { field, given } = givenTo(item, group, source);
			const { messages, failures } = await readMessages(field, given);
			const chat_id = await chatIdOf(given);
			const about = {
				...(chat_id === undefined ? {} : { chat_id }),
				message_count: new Set([...messages, ...failures].map(({ msgid }) => msgid)).size,
			};
			const input = { ...own, msg_list: messages } as Input & { msg_list: typeof messages };
			const settings = {
				memory: await item.jobMemory(operation),
				onlyBegin: waiting.waitMs === 0,
			};
			const outcome = await orUnfinished(
				waiting,
				async () =>
					await askOrReuse(
						item,
						async () => await Promise.resolve([route, input]),
						async () => await askModel(callOf(item, waiting), operation, input, settings),
					),
			);
			if (outcome instanceof JobUnfinishedError) {
				return { ...about, ...unfinished(outcome, failures), reused: false };
			}
			const { answer, reused } = outcome;
			return { ...about, ...joined(answer, simplified, failures), reused };
		},

		async resultOf(item, jobids) {
			const simplified = item.simplify();
			const waiting = readWaiting(item);
			const outcome = await orUnfinished(
				waiting,
				async () => await modelResult(callOf(item, waiting), operation, jobids),
			);
			return outcome instanceof JobUnfinishedError
				? unfinished(outcome)
				: joined(outcome, simplified);
		},
	};
}

function callOf(item: Item, waiting: Waiting): Call {
	return async (operation, input, options) =>
		await item.call(operation, input, { ...waiting, ...options });
}

/** An outcome; where nobody wants to wait for it, that there is none yet is one too. */
async function orUnfinished<T>(
	{ waitMs }: Waiting,
	ask: () => Promise<T>,
): Promise<T | JobUnfinishedError> {
	try {
		return await ask();
	} catch (error) {
		if (waitMs === 0 && error instanceof JobUnfinishedError) return error;
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
	}
}

/** What is there to tell of jobs that go on. */
function unfinished(
	{ jobid, jobids = [jobid], failures: refused = [] }: JobUnfinishedError,
	failures: object[] = [],
): IDataObject {
	return { jobids: [...jobids], finished: false, failures: [...failures, ...refused].map(toItem) };
}

/** The messages that the node is given, and what to call them. */
function givenTo(
	item: Item,
	group: readonly Item[],
	source: Source,
): { field: string; given: GivenMessage[] } {
	if (source === 'items') {
		isForAll(item); // a wrong choice left the items alone
		return { field: 'Input Items', given: group.map((one) => ({ value: one.json, item: one })) };
	}
	const field = 'Messages';
	const list = toJson(field, item.param('messageList'));
	const values: unknown[] = Array.isArray(list) ? list : [];
	if (values.length > 0) return { field, given: values.map((value) => ({ value, item })) };
	throw new InvalidInputError(
		field,
		`"${field}" ${Array.isArray(list) ? 'has no entries' : 'is no list'}, expected a list of messages`,
		'Give a list as JSON, or an expression such as {{ $input.all().map((item) => item.json) }}.',
	);
}
