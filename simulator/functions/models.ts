import type { TrueRecord } from '../archive';
import { readRecord, TYPE, TYPE_NUMBERS, type ArchivedMessage } from '../messages';
import * as models from '../models';
import type { Conversation, ModelName } from '../models';
import { questionOf, tagGroupsOf, type Fields } from '../models/question';
import type { Mood } from '../models/sentiment';
import { Refusal } from '../refusal';
import {
	isFilled,
	isFlag,
	isId,
	isString,
	listOf,
	objectOf,
	optional,
	required,
	takeFields,
	type FieldRules,
} from '../routes/fields';
import {
	good,
	OK,
	type Example,
	type FunctionCall,
	type FunctionWorld,
	type ZoneFunction,
	type ZoneFunctions,
} from './function';

/** A message as a request names it. */
interface Asked {
	readonly msgid: string;
	readonly encrypt_info: { readonly secret_key: string };
}

/** What a model makes of a request: messages that it can read, and those that it cannot. */
interface Reading {
	readonly conversation: Conversation;
	readonly failures: readonly Failure[];
	/** Each message once, as they were named. */
	readonly msgids: readonly string[];
}

interface Failure {
	readonly errcode: number;
	readonly errmsg: string;
	readonly msgid: string;
}

interface Model {
	/** What its functions are called after. */
	readonly stem: string;
	/** The data right that it needs; the spam model needs none. */
	readonly right?: string;
	readonly newer?: true;
	/** Fields beside msg_list. */
	readonly extras: FieldRules;
	/** An example of them. */
	readonly input: Example;
	/** An example of its result, beside what all have. */
	readonly output: Example;
	/** Whether its day is counted in messages rather than in calls. */
	readonly byMessage?: true;
	/** Refuses what only the world can tell to be wrong. */
	readonly check?: (on: FunctionWorld, fields: Fields, call: FunctionCall) => void;
	readonly result: (reading: Reading, fields: Fields, on: FunctionWorld) => object;
}

const MAX_MESSAGES = 1000;
const MAX_CHARACTERS = 30_000;
const MAX_VARIABLES = 50;
const READABLE = [TYPE.text, TYPE_NUMBERS.voice, TYPE_NUMBERS.meeting_voice_call];
/** What the models hear: nobody has said it in the conversations that are made up here. */
const SPEECH = '(语音)';

const KEY = { encrypt_info: { secret_key: 'KEY-1' } };
const FAILURE = { errcode: 710613, errmsg: 'e', msgid: 'msg1' };
const TEXT = { fail_list: [FAILURE], response_data: 'text' };
const TAG_GROUPS = { tag_group_list: [{ group_id: 'etGroup1' }] };

const isMessage = objectOf({
	msgid: required(isId),
	encrypt_info: required(objectOf({ secret_key: required(isFilled) })),
});
const isTagGroup = objectOf({ group_id: required(isId) });
const isVariable = objectOf({ name: required(isId), value: required(isString) });

const MODELS: Readonly<Record<ModelName, Model>> = {
	general: {
		stem: 'ww_model',
		right: 'datazone:chatdata:customized_data',
		newer: true,
		extras: {
			ability_id: optional(isId),
			kb_id: optional(isId),
			kb_retrieval_words: optional(isFilled),
			tag_group_list: optional(listOf(isTagGroup, { max: 1000 })),
			var_args: optional(listOf(isVariable, { max: MAX_VARIABLES })),
			model_id: optional(isId),
			need_think_result: optional(isFlag),
		},
		input: {
			ability_id: 'my_prompt',
			kb_id: 'kb1',
			kb_retrieval_words: 'w',
			...TAG_GROUPS,
			var_args: [{ name: 'task', value: 'v' }],
			model_id: 'model1',
			need_think_result: true,
		},
		output: {
			...TEXT,
			filtered_doc_list: [{ docid: 'D1', errcode: 710728, errmsg: 'e' }],
			filtered_content_list: [{ docid: 'D1', errcode: 710728, errmsg: 'e' }],
		},
		check(on, fields, { ownApp }) {
			const { ability_id: ability } = fields;
			if (ability === undefined && !ownApp) throw new Refusal(40063, 'ability_id is missing');
			if (ability !== undefined && ability !== on.world.promptAbilityId) {
				throw new Refusal(710636, 'ability_id');
			}
			requireKnowledge(on, fields);
		},
		result({ conversation, failures }, fields, { world }) {
			requireShort(conversation);
			const answer = models.general(conversation, questionOf(fields, world));
			return { fail_list: failures, ...answer };
		},
	},
	recommend: {
		stem: 'recommend_dialog',
		right: 'datazone:chatdata:recommend_dialog',
		extras: { kb_id: required(isId) },
		input: { kb_id: 'kb1' },
		output: TEXT,
		check: requireKnowledge,
		result({ conversation, failures }) {
			requireShort(conversation);
			const { suggestions } = models.recommend(conversation) as { suggestions: string[] };
			return { fail_list: failures, response_data: suggestions.join('\n') };
		},
	},
	tag: {
		stem: 'customer_tag',
		right: 'datazone:chatdata:customer_tag',
		extras: {
			tag_group_list: required(listOf(isTagGroup, { min: 1, max: 1000 })),
			model_id: optional(isId),
		},
		input: { ...TAG_GROUPS, model_id: 'model1' },
		output: {
			fail_list: [FAILURE],
			tag_result_list: [{ group_id: 'etGroup1', tag_id: 'etTag1' }],
		},
		check: ({ world }, fields) => void tagGroupsOf(fields, world),
		result({ conversation, failures }, fields, { world }) {
			requireShort(conversation);
			const groups = tagGroupsOf(fields, world) ?? [];
			return { fail_list: failures, ...models.tag(conversation, groups) };
		},
	},
	summary: {
		stem: 'summary',
		right: 'datazone:chatdata:summary',
		extras: {},
		input: {},
		output: TEXT,
		result({ conversation, failures }) {
			const { summary } = models.summary(beginningOf(conversation)) as { summary: string };
			return { fail_list: failures, response_data: summary };
		},
	},
	sentiment: {
		stem: 'sentiment',
		right: 'datazone:chatdata:sentiment_analysis',
		extras: {},
		input: {},
		output: { analyze_result_list: [{ msgid: 'msg1', ...OK, sentiment_result: 1 }] },
		byMessage: true,
		result(reading) {
			const moods = detailOf<{ sentiment: Mood }>(models.sentiment(reading.conversation));
			return analyzed(reading, (msgid) => ({
				sentiment_result: SENTIMENTS[moods.get(msgid)?.sentiment ?? 'neutral'],
			}));
		},
	},
	antispam: {
		stem: 'spam',
		extras: {},
		input: {},
		output: { analyze_result_list: [{ msgid: 'msg1', ...OK, spam_result: 0 }] },
		byMessage: true,
		result(reading) {
			const verdicts = detailOf<{ spam_result: number }>(models.antispam(reading.conversation));
			return analyzed(reading, (msgid) => ({ spam_result: verdicts.get(msgid)?.spam_result ?? 0 }));
		},
	},
};

const SENTIMENTS: Readonly<Record<Mood, number>> = { neutral: 0, positive: 1, negative: 2 };

/** The six models, each as a job (document paths 101373 to 101375, 99831, 99832, 99986). */
export const modelFunctions: ZoneFunctions = Object.fromEntries(
	models.MODELS.flatMap((name): Array<[string, ZoneFunction]> => {
		const { stem } = MODELS[name];
		const start = `create_${stem}_task`;
		return [
			[start, startOf(name, start)],
			[`get_${stem}_result`, resultOf(name)],
		];
	}),
);

function startOf(name: ModelName, func: string): ZoneFunction {
	const model = MODELS[name];
	return {
		...commonOf(model),
		input: { msg_list: [{ msgid: 'msg1', ...KEY }], ...model.input },
		output: { ...OK, jobid: 'JOB-1', fail_list: [{ ...FAILURE, ...KEY }] },
		run(on, request, call) {
			requireFew(request);
			const list = required(listOf(isMessage, { min: 1, max: MAX_MESSAGES }));
			const fields = takeFields(request, { msg_list: list, ...model.extras });
			model.check?.(on, fields, call);
			const asked = fields.msg_list as Asked[];
			const [messages, again] = apart(asked);
			const [quota, amount] = model.byMessage
				? ([on.messageQuota, messages.length] as const)
				: ([on.modelQuota, 1] as const);
			quota.check(name, amount);
			quota.take(name, amount);
			const jobid = on.modelJobs.start({
				func,
				model: name,
				messages: messages.length,
				result: () => model.result(readingOf(on, messages), fields, on),
			});
			const failures = again.map((one) => ({ ...failureOf(one.msgid, 710613), ...one }));
			return good({ jobid, fail_list: failures });
		},
	};
}

function resultOf(name: ModelName): ZoneFunction {
	const model = MODELS[name];
	return {
		...commonOf(model),
		input: { jobid: 'JOB-1' },
		output: { ...OK, status: 1, ...model.output },
		run({ modelJobs }, request) {
			const { jobid } = takeFields(request, { jobid: required(isFilled) });
			return good(modelJobs.answer(name, jobid as string));
		},
	};
}

function commonOf({ right, newer }: Model): Pick<ZoneFunction, 'right' | 'newer'> {
	return { ...(right === undefined ? {} : { right }), ...(newer === undefined ? {} : { newer }) };
}

/** @throws Refusal 710623 for a list that is too long */
function requireFew(request: unknown): void {
	const { msg_list: list } = request as Fields;
	if (Array.isArray(list) && list.length > MAX_MESSAGES) throw new Refusal(710623, 'msg_list');
}

/** @throws Refusal 710632 for a knowledge base there is not */
function requireKnowledge({ knowledge }: FunctionWorld, { kb_id: kbId }: Fields): void {
	if (kbId !== undefined && !knowledge.has(kbId as string)) throw new Refusal(710632, 'kb_id');
}

/** @throws Refusal 790040 for a conversation that is too long for the model */
function requireShort({ messages }: Conversation): void {
	const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
	if (characters > MAX_CHARACTERS) throw new Refusal(790040, 'msg_list');
}

/** As much of a conversation as the summary reads; one message at least. */
function beginningOf(conversation: Conversation): Conversation {
	let characters = 0;
	const messages = conversation.messages.filter(({ content }, index) => {
		characters += content.length;
		return index === 0 || characters <= MAX_CHARACTERS;
	});
	return { ...conversation, messages };
}

/** Each message the first time that it is named, and what names one again. */
function apart(asked: readonly Asked[]): [first: Asked[], again: Asked[]] {
	const first = new Map<string, Asked>();
	const again = asked.filter((message) => {
		const known = first.has(message.msgid);
		if (!known) first.set(message.msgid, message);
		return known;
	});
	return [[...first.values()], again];
}

/** @throws Refusal 710634 when there is no message that can be read */
function readingOf(on: FunctionWorld, asked: readonly Asked[]): Reading {
	const { chats, archive } = on;
	const messages: ArchivedMessage[] = [];
	const failures: Failure[] = [];
	for (const { msgid, encrypt_info: info } of asked) {
		const record = archive.find(msgid);
		const message = record === undefined ? undefined : readRecord(record);
		const errcode = faultOf(on, record, message, info.secret_key);
		if (message === undefined || errcode !== 0) failures.push(failureOf(msgid, errcode));
		else messages.push(message.type === TYPE.text ? message : { ...message, content: SPEECH });
	}
	if (messages.length === 0) throw new Refusal(710634, 'msg_list');
	messages.sort((one, other) => (one.seq < other.seq ? -1 : 1));
	return {
		conversation: {
			messages,
			isCustomer: (id) => chats.isCustomer(id),
			nameOf: (id) => chats.nameOf(id),
		},
		failures,
		msgids: asked.map(({ msgid }) => msgid),
	};
}

/** Why a message cannot be read; 0 when it can. */
function faultOf(
	{ archive }: FunctionWorld,
	record: TrueRecord | undefined,
	message: ArchivedMessage | undefined,
	secretKey: string,
): number {
	if (record === undefined || message === undefined) return 710600;
	if (archive.secretKeyOf(record.seq) !== secretKey) return 710603;
	return READABLE.includes(message.type) ? 0 : 710602;
}

function failureOf(msgid: string, errcode: number): Failure {
	return { errcode, errmsg: new Refusal(errcode).message, msgid };
}

/** What a model says of each message, by msgid. */
function detailOf<Detail>(answer: object): Map<string, Detail> {
	const { detail } = answer as { detail: Array<Detail & { readonly msgid: string }> };
	return new Map(detail.map((one) => [one.msgid, one]));
}

/** A result message by message, in the order in which they were named. */
function analyzed({ failures, msgids }: Reading, judge: (msgid: string) => object): object {
	const failed = new Map(failures.map((failure) => [failure.msgid, failure]));
	return {
		analyze_result_list: msgids.map(
			(msgid) => failed.get(msgid) ?? { msgid, ...OK, ...judge(msgid) },
		),
	};
}
