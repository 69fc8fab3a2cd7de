import type * as z from 'zod/v4';

import { InvalidInputError } from '../errors';
import { isJsonObject, isNothing, type JsonObject, type JsonValue } from '../json';
import { fields, flag, id, list, optional, text, uint64 } from './fields';
import { operation, withoutErrcode } from './operation';

/** Models take longer than other calls. */
const TIMEOUT_MS = 120_000;

const conversation = {
	/** The roomid of a group, or the other side of a single chat. */
	chat_id: id(),
	seq_range: fields({ begin_seq: uint64(), end_seq: uint64() }),
};
const tagGroups = () => optional(list(fields({ group_id: id() }), { max: 1000 }));

interface SeqRange {
	begin_seq: bigint;
	end_seq: bigint;
}

/** The part of a conversation that a model looks at. */
export type ConversationRange = z.input<z.ZodObject<typeof conversation>>;

/** What a model found, and WeCom's own words for it as they came. */
export type ModelAnswer<Found> = Found & { result: JsonObject };

/** How the customer feels. */
export interface Sentiment {
	/** The model's word for it, `positive` say; null when it did not say. */
	sentiment: string | null;
	/** How strongly, 0 to 1; null when it did not say. */
	score: number | null;
}

/** What was talked about. */
export interface Summary {
	/** Null when there is nothing to tell. */
	summary: string | null;
}

/** What to answer the customer. */
export interface Replies {
	/** As many as the model has. */
	suggestions: string[];
}

/** A tag of the corp's that fits the customer. */
export interface SuggestedTag {
	group_id: string;
	tag_id: string;
}

/** Which tags fit the customer. */
export interface SuggestedTags {
	tags: SuggestedTag[];
}

/** What the model says of one message. */
export interface MessageVerdict {
	msgid: string;
	/** As {@link SpamVerdict} has it. */
	verdict: string | null;
}

/** Whether something forbidden was said. */
export interface SpamVerdict {
	/**
	 * `ok`, `political` or `porn`, the number of a kind that is new; null when the model did not say.
	 * Of a conversation the worst of its messages.
	 */
	verdict: string | null;
	/** The messages one by one, as far as the model looked at them one by one. */
	messages: MessageVerdict[];
}

/** What a prompt brought forth. */
export interface GeneralAnswer {
	/** A text; what stands in its place where a gateway answers in fields of its own; null for nothing. */
	answer: JsonValue;
	/** How a deep model came to its answer; null when it does not tell. */
	thinking: string | null;
}

/** What is special about one model. */
interface ModelFacts<Extras extends z.core.$ZodLooseShape, Found> {
	extras: Extras;
	/** Reads what the reference gateway says; its source leaves the names open. */
	found(result: JsonObject): Found;
}

function model<Extras extends z.core.$ZodLooseShape, Found>(
	name: string,
	{ extras, found }: ModelFacts<Extras, Found>,
) {
	const shape = { ...conversation, ...extras };
	return operation({
		name: `${name}Model`,
		retry: 'paid',
		findOut: `Whether the call counts against the quota of the model "${name}" is not known either: the provider console shows what is used up. Run it again when you need the answer.`,
		timeoutMs: TIMEOUT_MS,
		hints: {
			45009: `The quota of the model "${name}" is used up, or it was called too fast. Wait until tomorrow or buy more calls in the provider console; \`RecentAnswers\` saves calls about the same messages.`,
			48002: `The corp has not authorized the model "${name}" for this app, or the grant (90 days) has run out. Its admin has to authorize the data zone (数据与智能专区).`,
			790041:
				'No message in this range can be read. Look at chat id and seq range: pull the messages once and take both from there.',
		},
		input: fields(shape),
		instead: {
			dataZone:
				'The models of the zone are functions that begin a job and tell its result: call both with `syncCallProgram`.',
		},
		check(body) {
			const { begin_seq: begin, end_seq: end } = (body as { seq_range: SeqRange }).seq_range;
			if (begin > end) {
				throw new InvalidInputError(
					'seq_range.begin_seq',
					`"seq_range.begin_seq" is ${begin}, expected at most end_seq (${end})`,
					'Begin with the seq of the earliest message and end with that of the latest.',
				);
			}
		},
		wires: {
			reference: {
				route: `POST /msgaudit/model/${name}`,
				read: ({ result: given, ...answer }): ModelAnswer<Found> => {
					const result = isJsonObject(given) ? given : withoutErrcode(answer);
					return { ...found(result), result };
				},
			},
		},
	});
}

/** Any prompt of the console's. Source: reference document 3; extras of document 101373. */
export const generalModel = model('general', {
	extras: {
		model_id: optional(id()),
		kb_id: optional(id()),
		/** Whether a deep model puts its thinking before the answer. */
		need_think_result: optional(flag()),
		/** Values for the `{$name$}` places of the prompt. */
		var_args: optional(
			list(fields({ name: id(), value: text({ maxBytes: 30_000 }) }), { max: 100 }),
		),
		tag_group_list: tagGroups(),
	},
	found: (result): GeneralAnswer => {
		const { response_data: said, ...others } = result;
		if (typeof said !== 'string') {
			return { answer: said ?? (Object.keys(others).length ? others : null), thinking: null };
		}
		const thinking = THINKING.exec(said)?.[1]?.trim();
		return { answer: said.replace(THINKING, ''), thinking: thinking ? thinking : null };
	},
});

const THINKING = /^\s*<think>(.*?)<\/think>\s*/s;

/** What to answer the customer. Source: reference document 3; extras of document 99834. */
export const recommendModel = model('recommend', {
	extras: { kb_id: optional(id()) },
	found: ({ suggestions, response_data: said }): Replies => {
		const given = suggestions ?? said;
		if (Array.isArray(given)) return { suggestions: given as string[] };
		return { suggestions: isNothing(given) ? [] : [given as string] };
	},
});

/** Which tags fit the customer. Source: reference document 3; extras of document 99833. */
export const tagModel = model('tag', {
	extras: { tag_group_list: tagGroups(), model_id: optional(id()) },
	found: ({ tag_result_list: found, tags }): SuggestedTags => ({
		tags: objectsIn(found ?? tags) as unknown as SuggestedTag[],
	}),
});

/** What was talked about. Source: reference document 3. */
export const summaryModel = model('summary', {
	extras: {},
	found: ({ summary, response_data: said }): Summary => ({
		summary: (summary ?? said ?? null) as string | null,
	}),
});

/** How the customer feels. Source: reference document 4.2. */
export const sentimentModel = model('sentiment', {
	extras: {},
	found: ({ sentiment = null, score = null }): Sentiment => ({
		sentiment: sentiment as string | null,
		score: score as number | null,
	}),
});

/** spam_result by its number. Source: document 99986. */
const SPAM_VERDICTS = ['ok', 'political', 'porn'];

/** Whether something forbidden was said. Source: reference document 3; values of document 99986. */
export const antispamModel = model('antispam', {
	extras: {},
	found: ({ verdict, detail, analyze_result_list: analyzed }): SpamVerdict => {
		const results = objectsIn(detail ?? analyzed);
		const worst = Math.max(0, ...results.map(({ spam_result: kind }) => Number(kind) || 0));
		const ofAll = results.length === 0 ? null : spamVerdict(worst);
		return {
			verdict: (verdict ?? ofAll) as string | null,
			messages: results.map(({ msgid, spam_result: kind }) => ({
				msgid: msgid as string,
				verdict: spamVerdict(kind),
			})),
		};
	},
});

function spamVerdict(kind: JsonValue | undefined): string | null {
	const number = Number(kind ?? NaN);
	return number >= 0 ? (SPAM_VERDICTS[number] ?? String(kind)) : null;
}

function objectsIn(given: JsonValue | undefined): JsonObject[] {
	return Array.isArray(given) ? given.filter(isJsonObject) : [];
}
