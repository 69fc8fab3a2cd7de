import { createHash } from 'node:crypto';

import type { JsonObject } from '../json';

interface Entry {
	answer: JsonObject;
	/** Milliseconds since 1970. */
	keptAt: number;
}

/** Answers with more characters of JSON are not kept. */
const MAX_CHARACTERS = 64 * 1024;

/**
 * Answers that cost something, kept for a while in this process: asking the same again within that
 * time costs nothing. Bounded in number and size; the oldest goes first.
 */
export class RecentAnswers {
	private readonly entries = new Map<string, Entry>();

	/**
	 * @param capacity most answers kept
	 * @param now clock in milliseconds
	 */
	constructor(
		private readonly capacity = 500,
		private readonly now: () => number = Date.now,
	) {}

	/**
	 * The answer to a question, an old one if it is young enough.
	 *
	 * @param question everything the answer depends on, whose it is included; only its hash is kept
	 * @param maxAgeMs how old an answer may be, milliseconds
	 * @param ask gets a new one; its failure is not kept
	 * @returns a copy of the answer, and whether it was kept from before
	 */
	async get(
		question: string,
		maxAgeMs: number,
		ask: () => Promise<JsonObject>,
	): Promise<{ answer: JsonObject; reused: boolean }> {
		const key = createHash('sha256').update(question).digest('base64');
		const entry = this.entries.get(key);
		if (entry && this.now() - entry.keptAt < maxAgeMs) {
			return { answer: structuredClone(entry.answer), reused: true };
		}
		const answer = await ask();
		this.keep(key, answer);
		return { answer, reused: false };
	}

	private keep(key: string, answer: JsonObject): void {
		this.entries.delete(key);
		if (JSON.stringify(answer).length > MAX_CHARACTERS) return;
		this.entries.set(key, { answer: structuredClone(answer), keptAt: this.now() });
		if (this.entries.size > this.capacity) {
			const [oldest] = this.entries.keys();
			if (oldest !== undefined) this.entries.delete(oldest);
		}
	}
}
