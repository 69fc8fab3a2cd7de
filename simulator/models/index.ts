import type { TagGroup } from '../data/world';
import { PRODUCTS } from '../data/dialogues';
import type { ArchivedMessage } from '../messages';
import { SPAM, TOPICS, wordsIn, type Topic } from './lexicon';
import { feelingOf, moodOf, type Mood } from './sentiment';

/** The six models. */
export const MODELS = ['general', 'recommend', 'tag', 'summary', 'sentiment', 'antispam'] as const;

/** See {@link MODELS}. */
export type ModelName = (typeof MODELS)[number];

/** What a model reads. */
export interface Conversation {
	/** Text messages, by seq; one at least. */
	readonly messages: readonly ArchivedMessage[];
	readonly isCustomer: (id: string) => boolean;
	readonly nameOf: (id: string) => string;
}

/** What the general model is asked beside the conversation. */
export interface GeneralQuestion {
	readonly modelId?: string;
	readonly kbId?: string;
	/** What is looked up in the knowledge base. */
	readonly retrievalWords?: string;
	readonly think: boolean;
	readonly variables: ReadonlyArray<{ readonly name: string; readonly value: string }>;
	readonly tagGroups: readonly TagGroup[];
}

const MOOD_NAMES: Readonly<Record<Mood, string>> = {
	positive: '正面',
	neutral: '平稳',
	negative: '负面',
};
const ORDER = /YS\d{10}/;
const FEW_TOPICS = 3;
const SUGGESTIONS = { min: 2, max: 3 };
const POLITE: readonly string[] = [
	'您的情况我已经记录,有进展会第一时间回复您。',
	'请问还有什么可以帮到您?',
];

/** How the customers feel, as a whole and message by message. */
export function sentiment({ messages, isCustomer }: Conversation): object {
	const { mood, score } = moodOf(messages, isCustomer);
	const detail = messages.map(({ seq, msgid, content }) => {
		const one = feelingOf(content);
		return { seq, msgid, sentiment: one.mood, score: one.score };
	});
	return { sentiment: mood, score, detail };
}

/** Two or three answers that fit what was talked about last, an apology first where it is due. */
export function recommend(conversation: Conversation): object {
	const { mood } = moodOf(conversation.messages, conversation.isCustomer);
	const topics = topicsOf(conversation.messages.slice(-10));
	const sorry = mood === 'negative' ? ['非常抱歉让您有不好的体验,我们马上为您处理。'] : [];
	const fitting = topics.flatMap(({ answers }) => answers).map((text) => fill(text, conversation));
	const texts = [...new Set([...sorry, ...fitting])].slice(0, SUGGESTIONS.max);
	const missing = Math.max(SUGGESTIONS.min - texts.length, 0);
	return { suggestions: [...texts, ...POLITE.slice(0, missing)] };
}

/** The tag of each group that most words of the conversation speak for; groups without one left out. */
export function tag({ messages }: Conversation, groups: readonly TagGroup[]): object {
	const text = joined(messages);
	const found = groups.flatMap(({ groupId, tags }) => {
		const weights = tags.map(({ words }) => wordsIn(text, words).length);
		const best = Math.max(...weights);
		const chosen = best > 0 ? tags[weights.indexOf(best)] : undefined;
		return chosen === undefined ? [] : [{ group_id: groupId, tag_id: chosen.tagId }];
	});
	return { tag_result_list: found };
}

/** Who talked about what. */
export function summary(conversation: Conversation): object {
	return { summary: summaryText(conversation) };
}

/** Whether something forbidden was said, as a whole and message by message: 1 political, 2 porn. */
export function antispam({ messages }: Conversation): object {
	const detail = messages.map(({ seq, msgid, content }) => ({
		seq,
		msgid,
		spam_result: spamIn(content),
	}));
	const results = detail.map((one) => one.spam_result);
	const verdict = results.includes(1) ? 'political' : results.includes(2) ? 'porn' : 'ok';
	return { verdict, detail };
}

/** A free answer about the conversation that names the model, the variables and the tags. */
export function general(conversation: Conversation, question: GeneralQuestion): object {
	const { modelId, kbId, retrievalWords, think, variables, tagGroups } = question;
	const tags = tagNames(conversation, tagGroups);
	const { mood } = moodOf(conversation.messages, conversation.isCustomer);
	const lines = [
		`【模型】${modelId ?? '混元快速模型'}`,
		summaryText(conversation),
		...(kbId === undefined ? [] : [`【知识集】参考了 ${kbId}`]),
		...(retrievalWords === undefined ? [] : [`【知识检索】${retrievalWords}`]),
		...(variables.length === 0 ? [] : [`【参数】${variablesText(variables)}`]),
		...(tags.length === 0 ? [] : [`【标签】${tags.join('、')}`]),
	];
	const thought = `<think>共 ${conversation.messages.length} 条消息,先找出参与者和话题,再判断情绪为${MOOD_NAMES[mood]}。</think>`;
	return { response_data: (think ? thought : '') + lines.join('\n') };
}

function summaryText({ messages, isCustomer, nameOf }: Conversation): string {
	const senders = [...new Set(messages.map(({ from }) => from))];
	const people = senders.map((id) => nameOf(id) + (isCustomer(id) ? '(客户)' : ''));
	const topics = topicsOf(messages).slice(0, FEW_TOPICS);
	const about = topics.length === 0 ? '日常沟通' : topics.map(({ name }) => name).join('、');
	const { mood } = moodOf(messages, isCustomer);
	const last = messages.at(-1) as ArchivedMessage;
	return [
		`${people.join('、')}共发送 ${messages.length} 条文本消息。`,
		`主要话题:${about}。`,
		`整体情绪:${MOOD_NAMES[mood]}。`,
		`最后由${nameOf(last.from)}说:“${last.content}”`,
	].join('');
}

/** The topics of messages, the most frequent first. */
function topicsOf(messages: readonly ArchivedMessage[]): Topic[] {
	const counted = TOPICS.map((topic) => ({
		topic,
		count: messages.filter(({ content }) => wordsIn(content, topic.words).length > 0).length,
	}));
	return counted
		.filter(({ count }) => count > 0)
		.sort((one, other) => other.count - one.count)
		.map(({ topic }) => topic);
}

function fill(text: string, { messages }: Conversation): string {
	const said = joined(messages);
	const order = ORDER.exec(said)?.[0];
	const product = PRODUCTS.find((name) => said.includes(name));
	return text
		.replaceAll('{order}', order === undefined ? '订单' : `订单 ${order} `)
		.replaceAll('{product}', product ?? '产品');
}

function tagNames(conversation: Conversation, groups: readonly TagGroup[]): string[] {
	const { tag_result_list: found } = tag(conversation, groups) as {
		tag_result_list: Array<{ tag_id: string }>;
	};
	const ids = new Set(found.map(({ tag_id }) => tag_id));
	return groups.flatMap(({ tags }) =>
		tags.filter(({ tagId }) => ids.has(tagId)).map(({ name }) => name),
	);
}

function variablesText(variables: GeneralQuestion['variables']): string {
	return variables.map(({ name, value }) => `${name}=${value}`).join(',');
}

function spamIn(text: string): 0 | 1 | 2 {
	if (wordsIn(text, SPAM.political).length > 0) return 1;
	return wordsIn(text, SPAM.porn).length > 0 ? 2 : 0;
}

function joined(messages: readonly ArchivedMessage[]): string {
	return messages.map(({ content }) => content).join('\n');
}
