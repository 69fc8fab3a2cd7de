import * as z from 'zod/v4';

import { isNothing, type JsonObject, type JsonValue } from '../json';
import { fields, flag, id, list, optional, parseInput, text } from './fields';
import { objectsIn } from './modelAnswers';
import { model } from './modelOperation';

/** What a corp may ask a model that looks at messages together, in the zone. */
const CALLS = '10,000 calls';
/** The same of one that looks at them one by one. */
const MESSAGES = '100,000 messages';

const tagGroups = () => optional(list(fields({ group_id: id() }), { max: 1000 }));

/** What the model says of one message. */
export interface MessageSentiment {
	msgid: string;
	/** As {@link Sentiment} has it. */
	sentiment: string | null;
}

/** How the customer feels. */
export interface Sentiment {
	/**
	 * The model's word for it, `positive`, `negative` or `neutral`; null when it did not say. Of
	 * messages that it looked at one by one what more of them are, positive or negative.
	 */
	sentiment: string | null;
	/** How strongly, 0 to 1; null when it did not say. */
	score: number | null;
	/** The messages one by one, where the model looks at them one by one. */
	messages?: MessageSentiment[];
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

/**
 * Any prompt of the console's; in the zone third-party apps and 代开发 apps name it by `ability_id`.
 * Source: reference document 3; documents 101373, 99875, 100289 and 100386.
 */
export const generalModel = model({
	name: 'general',
	task: 'ww_model',
	perDay: CALLS,
	right: 'datazone:chatdata:customized_data',
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
		/** The ability that holds the prompt. Self-built apps have none. */
		ability_id: optional(id()),
		/** What to look up in the knowledge set. */
		kb_retrieval_words: optional(text({ maxBytes: 30_000 })),
	},
	onlyInZone: ['ability_id', 'kb_retrieval_words'],
	checkInZone: ({ var_args: given = [] }) => {
		parseInput(list(z.unknown(), { max: 50 }), given, 'var_args');
	},
	found: answerIn,
	// What it may not look at says nothing of what it found.
	foundInZone: ({ filtered_doc_list: _documents, filtered_content_list: _contents, ...others }) =>
		answerIn(others),
	join(parts) {
		const answers = parts.map(({ answer }) => answer).filter((answer) => answer !== null);
		const texts = answers.filter((answer) => typeof answer === 'string');
		return {
			answer: texts.length === answers.length ? paragraphs(texts) : answers,
			thinking: paragraphs(parts.map(({ thinking }) => thinking)),
		};
	},
});

const THINKING = /^\s*<think>(.*?)<\/think>\s*/s;

function answerIn({ response_data: said, ...others }: JsonObject): GeneralAnswer {
	if (typeof said !== 'string') {
		return { answer: said ?? (Object.keys(others).length ? others : null), thinking: null };
	}
	const thinking = THINKING.exec(said)?.[1]?.trim();
	return { answer: said.replace(THINKING, ''), thinking: thinking ? thinking : null };
}

/**
 * What to answer the customer; in the zone with a knowledge set only.
 * Source: reference document 3; documents 101374 and 99834.
 */
export const recommendModel = model({
	name: 'recommend',
	task: 'recommend_dialog',
	perDay: CALLS,
	right: 'datazone:chatdata:recommend_dialog',
	extras: { kb_id: optional(id()) },
	checkInZone: ({ kb_id: given }) => {
		parseInput(id(), given, 'kb_id');
	},
	found: ({ suggestions, response_data: said }): Replies => {
		const given = suggestions ?? said;
		if (Array.isArray(given)) return { suggestions: given as string[] };
		return { suggestions: isNothing(given) ? [] : [given as string] };
	},
	join: (parts) => ({
		suggestions: [...new Set(parts.flatMap(({ suggestions }) => suggestions))],
	}),
});

/**
 * Which tags fit the customer; in the zone out of the groups that are named.
 * Source: reference document 3; documents 101375 and 99833.
 */
export const tagModel = model({
	name: 'tag',
	task: 'customer_tag',
	perDay: CALLS,
	right: 'datazone:chatdata:customer_tag',
	extras: { tag_group_list: tagGroups(), model_id: optional(id()) },
	checkInZone: ({ tag_group_list: given }) => {
		parseInput(list(z.unknown(), { min: 1, max: 1000 }), given, 'tag_group_list');
	},
	found: ({ tag_result_list: found, tags }): SuggestedTags => ({
		tags: objectsIn(found ?? tags) as unknown as SuggestedTag[],
	}),
	join(parts) {
		const tags = parts.flatMap((part) => part.tags);
		const byId = new Map(tags.map((tag) => [JSON.stringify([tag.group_id, tag.tag_id]), tag]));
		return { tags: [...byId.values()] };
	},
});

/** What was talked about. Source: reference document 3; document 99832. */
export const summaryModel = model({
	name: 'summary',
	task: 'summary',
	perDay: CALLS,
	right: 'datazone:chatdata:summary',
	extras: {},
	found: ({ summary, response_data: said }): Summary => ({
		summary: (summary ?? said ?? null) as string | null,
	}),
	join: (parts) => ({ summary: paragraphs(parts.map(({ summary }) => summary)) }),
});

/** sentiment_result by its number. Source: document 99831. */
const SENTIMENTS = ['neutral', 'positive', 'negative'];

/** How the customer feels. Source: reference document 4.2; document 99831. */
export const sentimentModel = model({
	name: 'sentiment',
	task: 'sentiment',
	perDay: MESSAGES,
	right: 'datazone:chatdata:sentiment_analysis',
	extras: {},
	found: feeling,
	foundInZone({ analyze_result_list: analyzed, ...others }) {
		const whole = feeling(others);
		if (!Array.isArray(analyzed)) return whole;
		const messages = objectsIn(analyzed).map(({ msgid, sentiment_result: kind }) => ({
			msgid: msgid as string,
			sentiment: wordFor(SENTIMENTS, kind),
		}));
		return { ...whole, sentiment: whole.sentiment ?? mostOf(messages), messages };
	},
});

function feeling({ sentiment = null, score = null }: JsonObject): Sentiment {
	return { sentiment: sentiment as string | null, score: score as number | null };
}

/** What more messages are, positive or negative; null where there is none. */
function mostOf(messages: MessageSentiment[]): string | null {
	if (messages.length === 0) return null;
	const count = (word: string) => messages.filter(({ sentiment }) => sentiment === word).length;
	const lead = count('positive') - count('negative');
	return lead === 0 ? 'neutral' : lead > 0 ? 'positive' : 'negative';
}

/** spam_result by its number. Source: document 99986. */
const SPAM_VERDICTS = ['ok', 'political', 'porn'];

/** Whether something forbidden was said. Source: reference document 3; document 99986. */
export const antispamModel = model({
	name: 'antispam',
	task: 'spam',
	perDay: MESSAGES,
	extras: {},
	found: ({ verdict, detail, analyze_result_list: analyzed }): SpamVerdict => {
		const results = objectsIn(detail ?? analyzed);
		const worst = results.reduce(
			(most, { spam_result: kind }) => Math.max(most, Number(kind) || 0),
			0,
		);
		const ofAll = results.length === 0 ? null : wordFor(SPAM_VERDICTS, worst);
		return {
			verdict: (verdict ?? ofAll) as string | null,
			messages: results.map(({ msgid, spam_result: kind }) => ({
				msgid: msgid as string,
				verdict: wordFor(SPAM_VERDICTS, kind),
			})),
		};
	},
});

/** Asks about jobs that {@link generalModel} began. */
export const getGeneralResult = generalModel.result;
/** Asks about jobs that {@link recommendModel} began. */
export const getRecommendResult = recommendModel.result;
/** Asks about jobs that {@link tagModel} began. */
export const getTagResult = tagModel.result;
/** Asks about jobs that {@link summaryModel} began. */
export const getSummaryResult = summaryModel.result;
/** Asks about jobs that {@link sentimentModel} began. */
export const getSentimentResult = sentimentModel.result;
/** Asks about jobs that {@link antispamModel} began. */
export const getAntispamResult = antispamModel.result;

/** The word for a number of WeCom's; its digits where the number is new. */
function wordFor(words: readonly string[], kind: JsonValue | undefined): string | null {
	const number = Number(kind ?? NaN);
	return number >= 0 ? (words[number] ?? String(kind)) : null;
}

/** Texts one below the other; null where there is none. */
function paragraphs(texts: readonly JsonValue[]): string | null {
	const said = texts.filter((text) => !isNothing(text));
	return said.length === 0 ? null : said.join('\n\n');
}
