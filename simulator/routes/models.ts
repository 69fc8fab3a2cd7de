import { MAX_SEQ } from '../archive';
import type { World } from '../data/world';
import * as models from '../models';
import type { Conversation, ModelName } from '../models';
import { questionOf, tagGroupsOf, type Fields } from '../models/question';
import { Refusal } from '../refusal';
import { ok, type ApiRoute, type Backend } from './api';
import {
	isFlag,
	isId,
	isInteger,
	isString,
	listOf,
	objectOf,
	optional,
	required,
	takeFields,
	type FieldRules,
} from './fields';

interface Model {
	/** Fields beside chat_id and seq_range. */
	readonly extras: FieldRules;
	/** Most characters of a conversation, 790040 beyond. */
	readonly maxCharacters?: number;
	readonly result: (conversation: Conversation, fields: Fields, world: World) => object;
}

const MAX_CHARACTERS = 30_000;
const isSeq = isInteger(0n, MAX_SEQ);
const isTagGroups = listOf(objectOf({ group_id: required(isId) }), { max: 1000 });
const isVariables = listOf(objectOf({ name: required(isId), value: required(isString) }), {
	max: 100,
});

const CONVERSATION: FieldRules = {
	chat_id: required(isId),
	seq_range: required(objectOf({ begin_seq: required(isSeq), end_seq: required(isSeq) })),
};

const MODELS: Readonly<Record<ModelName, Model>> = {
	general: {
		extras: {
			model_id: optional(isId),
			kb_id: optional(isId),
			need_think_result: optional(isFlag),
			var_args: optional(isVariables),
			tag_group_list: optional(isTagGroups),
		},
		maxCharacters: MAX_CHARACTERS,
		result: (conversation, fields, world) =>
			models.general(conversation, questionOf(fields, world)),
	},
	recommend: {
		extras: { kb_id: optional(isId) },
		maxCharacters: MAX_CHARACTERS,
		result: models.recommend,
	},
	tag: {
		extras: { tag_group_list: optional(isTagGroups), model_id: optional(isId) },
		maxCharacters: MAX_CHARACTERS,
		result: (conversation, fields, world) =>
			models.tag(conversation, tagGroupsOf(fields, world) ?? world.tagGroups),
	},
	summary: { extras: {}, result: models.summary },
	sentiment: { extras: {}, result: models.sentiment },
	antispam: { extras: {}, result: models.antispam },
};

/** model/* (reference contract; extras of document paths 101373, 99833 and 99834). */
export const modelRoutes: readonly ApiRoute[] = models.MODELS.map((name) => ({
	contract: 'reference',
	method: 'POST',
	path: `/msgaudit/model/${name}`,
	token: 'access_token',
	answer: (backend, { body }) => ok({ result: resultOf(backend, name, body) }),
}));

function resultOf(backend: Backend, name: ModelName, body: unknown): object {
	const { extras, maxCharacters = Infinity, result } = MODELS[name];
	const fields = takeFields(body, { ...CONVERSATION, ...extras });
	backend.modelQuota.check(name);
	const conversation = conversationOf(backend, fields);
	const characters = conversation.messages.reduce((sum, { content }) => sum + content.length, 0);
	if (characters > maxCharacters) throw new Refusal(790040, 'seq_range');
	const answer = result(conversation, fields, backend.world);
	backend.modelQuota.take(name);
	return answer;
}

function conversationOf({ chats }: Backend, fields: Fields): Conversation {
	const range = fields.seq_range as { begin_seq: bigint; end_seq: bigint };
	const { begin_seq: begin, end_seq: end } = range;
	if (begin > end) throw new Refusal(40058, 'seq_range.begin_seq must not be after end_seq');
	const messages = chats.texts(fields.chat_id as string, begin, end);
	if (messages.length === 0) throw new Refusal(790041, 'no text message of chat_id in seq_range');
	return {
		messages,
		isCustomer: (id) => chats.isCustomer(id),
		nameOf: (id) => chats.nameOf(id),
	};
}
