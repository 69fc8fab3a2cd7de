import { randomBytes } from 'node:crypto';
import type { TrueRecord } from '../archive';
import type { Notifier } from '../callbacks/notifier';
import { readRecord } from '../messages';
import { Refusal } from '../refusal';
import { matchRule, type Match, type People } from './match';
import type { RuleBody } from './rule';

/** A rule as it is kept. */
export interface KeywordRule {
	readonly ruleId: string;
	/** unix seconds. */
	readonly createdAt: number;
	readonly body: RuleBody;
}

/** A message that hit a rule. */
export interface KeywordHit extends Match {
	readonly ruleId: string;
	/** Of the rule. */
	readonly name: string;
	readonly msgid: string;
	readonly seq: bigint;
	/** Where it was said, as its sender sees it. */
	readonly chatId: string;
}

/** Most rules of a corp. */
export const MAX_RULES = 500;

/** The keyword rules of a corp, and what hit them. */
export class KeywordRules {
	/** Oldest first. */
	readonly hits: KeywordHit[] = [];
	private readonly rules = new Map<string, KeywordRule>();

	/**
	 * @param notifier - told of every hit
	 * @param now - clock in ms
	 */
	constructor(
		private readonly people: People,
		private readonly notifier: Notifier,
		private readonly now: () => number,
	) {}

	/** All rules, oldest first. */
	get list(): KeywordRule[] {
		return [...this.rules.values()];
	}

	/**
	 * Keeps a new rule.
	 *
	 * @throws Refusal 710619 when there are too many
	 */
	create(body: RuleBody): KeywordRule {
		if (this.rules.size >= MAX_RULES) throw new Refusal(710619);
		const ruleId = `rule${randomBytes(15).toString('base64url')}`;
		const rule = { ruleId, createdAt: Math.floor(this.now() / 1000), body };
		this.rules.set(ruleId, rule);
		return rule;
	}

	/** @throws Refusal 710612 for an unknown id */
	get(ruleId: string): KeywordRule {
		const rule = this.rules.get(ruleId);
		if (rule === undefined) throw new Refusal(710612, 'rule_id');
		return rule;
	}

	/** @throws Refusal 710612 for an unknown id */
	replace(ruleId: string, body: RuleBody): void {
		this.rules.set(ruleId, { ...this.get(ruleId), body });
	}

	/** @throws Refusal 710612 for an unknown id */
	delete(ruleId: string): void {
		this.get(ruleId);
		this.rules.delete(ruleId);
	}

	/**
	 * Looks for hits in new records, and calls back for each.
	 *
	 * @returns how many there were
	 */
	look(records: readonly TrueRecord[]): number {
		const before = this.hits.length;
		for (const record of records) {
			const message = readRecord(record);
			if (message === undefined) continue;
			for (const { ruleId, body } of this.rules.values()) {
				const match = matchRule(body, message, this.people);
				if (match === undefined) continue;
				const { msgid, seq } = message;
				const chatId = this.people.chats.idOf(message);
				this.hits.push({ ruleId, name: body.name, msgid, seq, chatId, ...match });
				this.notifier.notify('msgaudit_keyword_hit');
			}
		}
		return this.hits.length - before;
	}
}
