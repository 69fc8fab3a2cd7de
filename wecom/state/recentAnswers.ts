import { createHash } from 'node:crypto';

import { CancelledError } from '../errors';

interface Entry {
	answer: unknown;
	/** Milliseconds since 1970. */
	keptAt: number;
}

/** Answers with more characters of JSON are not kept. */
const MAX_CHARACTERS = 64 * 1024;

/**
 * Answers that cost something, kept for a while in this process: asking the same again within that
 * time costs nothing, and asking it while somebody waits for the answer shares it. Bounded in number
 * and size; the oldest goes first.
 */
export class RecentAnswers {
	private readonly entries = new Map<string, Entry>();
	private readonly pending = new Map<string, Promise<unknown>>();

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
	 * @param question everything the answer depends on, its type and whose it is included; only its
	 * hash is kept
	 * @param maxAgeMs how old an answer may be, milliseconds
	 * @param ask gets a new one; its failure reaches everybody who waited, and is not kept
	 * @returns a copy of the answer, and whether it cost nothing
	 */
	async get<Answer>(
		question: string,
		maxAgeMs: number,
		ask: () => Promise<Answer>,
	): Promise<{ answer: Answer; reused: boolean }> {
		const key = createHash('sha256').update(question).digest('base64');
		const entry = this.entries.get(key);
		if (entry && this.now() - entry.keptAt < maxAgeMs) {
			return { answer: structuredClone(entry.answer) as Answer, reused: true };
		}
		const pending = this.pending.get(key);
		if (pending) {
			try {
				return { answer: structuredClone(await pending) as Answer, reused: true };
			} catch (error) {
				if (!(error instanceof CancelledError)) throw error;
				return await this.get(question, maxAgeMs, ask); // who asked gave up, not who waited
			}
		}
		return { answer: structuredClone(await this.fill(key, ask)), reused: false };
	}

	private async fill<Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> {
		const asking = ask();
		this.pending.set(key, asking);
		try {
			const answer = await asking;
			this.keep(key, answer);
			return answer;
		} finally {
			this.pending.delete(key);
		}
	}

	private keep(key: string, answer: unknown): void {
		this.entries.delete(key);
		if (JSON.stringify(answer).length > MAX_CHARACTERS) return;
		this.entries.set(key, { answer: structuredClone(answer), keptAt: this.now() });
		if (this.entries.size > this.capacity) {
			const [oldest] = this.entries.keys();
			if (oldest !== undefined) this.entries.delete(oldest);
		}
	}
}
