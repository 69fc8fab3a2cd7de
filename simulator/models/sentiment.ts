import type { ArchivedMessage } from '../messages';
import { NEGATIVE, POSITIVE, wordsIn } from './lexicon';

/** How people feel. */
export type Mood = 'positive' | 'neutral' | 'negative';

/** A mood, and how sure that is: 0 to 1. */
export interface Feeling {
	readonly mood: Mood;
	readonly score: number;
}

/** From here on one side outweighs the other. */
const CLEAR = 0.2;

/** How one text feels. */
export function feelingOf(text: string): Feeling {
	const { positive, negative } = weigh([text]);
	if (positive === negative) return { mood: 'neutral', score: positive === 0 ? 0.9 : 0.6 };
	const score = Math.min(0.6 + 0.13 * Math.abs(positive - negative), 0.99);
	return { mood: positive > negative ? 'positive' : 'negative', score: round(score) };
}

/**
 * How a conversation feels: where customers speak only what they say counts.
 *
 * @param isCustomer - whether an id is a customer's
 */
export function moodOf(
	messages: readonly ArchivedMessage[],
	isCustomer: (id: string) => boolean,
): Feeling {
	const said = messages.filter(({ from }) => isCustomer(from));
	const texts = (said.length > 0 ? said : messages).map(({ content }) => content);
	const { positive, negative } = weigh(texts);
	const balance = (positive - negative) / Math.max(positive + negative, 1);
	if (Math.abs(balance) < CLEAR) return { mood: 'neutral', score: round(1 - Math.abs(balance)) };
	const score = round(Math.min(0.5 + Math.abs(balance) / 2, 0.99));
	return { mood: balance > 0 ? 'positive' : 'negative', score };
}

function weigh(texts: readonly string[]): { positive: number; negative: number } {
	const count = (words: readonly string[]) =>
		texts.reduce((sum, text) => sum + wordsIn(text, words).length, 0);
	return { positive: count(POSITIVE), negative: count(NEGATIVE) };
}

function round(score: number): number {
	return Math.round(score * 100) / 100;
}
