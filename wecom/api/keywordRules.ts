import type * as z from 'zod/v4';

import { InvalidInputError } from '../errors';
import { isJsonObject, type JsonObject } from '../json';
import { fields, id, list, oneOf, optional, text, unixSeconds, wholeNumber } from './fields';
import { FILTER_YOUR_OWN } from './inOwnArchive';
import { withLists } from './lists';
import { listOperation, operation, withoutErrcode } from './operation';

const words = () => list(text({ maxCharacters: 32 }), { max: 20 });
const ids = (max: number) => optional(fields({ id_list: list(id(), { max }) }));
const types = (...values: number[]) =>
	optional(fields({ type_list: list(oneOf(...values), { max: values.length }) }));

/** What a rule looks for and where; `word_list` or `semantics_list` must hold something. */
const rule = {
	keyword: optional(
		fields({
			word_list: optional(words()),
			is_case_sensitive: optional(oneOf(0, 1)),
			/** 0 contains, 1 equals. */
			match_rule: optional(oneOf(0, 1)),
			/** Blanks around a message do not count; only where match_rule is 1. */
			is_trim_msg: optional(oneOf(0, 1)),
		}),
	),
	semantics: optional(fields({ semantics_list: list(wholeNumber(1, 12), { max: 12 }) })),
	applicable_range: optional(
		fields({
			/** 1 staff, 2 customers. */
			target_type: types(1, 2),
			/** 1 single chats, 2 groups. */
			chat_type: types(1, 2),
			department: optional(fields({ id_list: list(wholeNumber(0, 2 ** 32 - 1), { max: 100 }) })),
			user: ids(1000),
			external_contact: ids(100),
			chat: ids(2000),
			/** 1 sent, 2 received, 3 both. */
			msg_scope: optional(oneOf(1, 2, 3)),
			exclude_mobile: optional(fields({ mobile_list: list(id(), { max: 100 }) })),
			exclude_email: optional(fields({ email_list: list(id(), { max: 100 }) })),
			exclude_bank_card: optional(fields({ bank_card_list: list(id(), { max: 100 }) })),
			exclude_keyword: optional(fields({ word_list: words() })),
			/** 1 internal, 2 external. */
			session_type: optional(fields({ session_type_list: list(oneOf(1, 2), { max: 2 }) })),
			/** 6 voice, 21 audio archive. */
			voice_match_msgtype: types(6, 21),
		}),
	),
};

const name = () => text({ maxCharacters: 20 });
const newRule = fields({ name: name(), ...rule });

/** A rule as it is written. */
export type KeywordRule = z.input<typeof newRule>;

/**
 * Makes a rule; a corp has at most 500. Source: reference document 3; fields of
 * https://developer.work.weixin.qq.com/document/path/99829
 */
export const createKeywordRule = operation({
	name: 'createKeywordRule',
	retry: 'once',
	findOut: 'Look with `listKeywordRules` whether the rule is there before you create it again.',
	input: newRule,
	check({ keyword, semantics }) {
		if (!keyword?.word_list?.length && !semantics?.semantics_list.length) {
			throw new InvalidInputError(
				'keyword.word_list',
				'"keyword.word_list" and "semantics.semantics_list" are both empty, expected something to look for',
				'Give words, kinds of content (mobile number, red packet and so on), or both.',
			);
		}
	},
	instead: { messageArchive: FILTER_YOUR_OWN },
	wires: { reference: 'POST /msgaudit/keyword_rule/create', dataZone: 'ZONE create_rule' },
});

/** A rule in full. More fields may come with it; they are handed on. */
export interface KeywordRuleDetail {
	name?: string;
	keyword: JsonObject | null;
	semantics: { semantics_list?: number[] } | null;
	applicable_range: JsonObject | null;
}

/** One rule in full. Source as {@link createKeywordRule}. */
export const getKeywordRule = operation({
	name: 'getKeywordRule',
	retry: 'read',
	proof: ['keyword', 'semantics', 'applicable_range'],
	input: fields({ rule_id: id() }),
	read: (answer, path) => {
		const left = { name: answer.name, keyword: {}, semantics: {}, applicable_range: {} };
		const rule = { ...left, ...withoutErrcode(answer) };
		const { semantics } = rule;
		if (!isJsonObject(semantics)) return rule as KeywordRuleDetail;
		return {
			...rule,
			semantics: withLists(semantics, ['semantics_list'], path),
		} as KeywordRuleDetail;
	},
	instead: { messageArchive: FILTER_YOUR_OWN },
	wires: { reference: 'POST /msgaudit/keyword_rule/get', dataZone: 'ZONE get_rule_detail' },
});

/** A rule as the list shows it. */
export interface ListedRule {
	rule_id: string;
	name?: string;
	/** Seconds since 1970. */
	create_time?: number;
}

/** All rules, without what they look for. Source as {@link createKeywordRule}. */
export const listKeywordRules = listOperation({
	name: 'listKeywordRules',
	input: {},
	maxPageSize: 100,
	list: 'rule_list',
	id: 'rule_id',
	entry: (value) => value as unknown as ListedRule,
	instead: { messageArchive: FILTER_YOUR_OWN },
	wires: { reference: 'POST /msgaudit/keyword_rule/list', dataZone: 'ZONE get_rule_list' },
});

/** Changes what is given; an empty list clears it. Source as {@link createKeywordRule}. */
export const updateKeywordRule = operation({
	name: 'updateKeywordRule',
	retry: 'idempotent',
	input: fields({ rule_id: id(), name: optional(name()), ...rule }),
	instead: { messageArchive: FILTER_YOUR_OWN },
	wires: { reference: 'POST /msgaudit/keyword_rule/update', dataZone: 'ZONE update_rule' },
});

/** Removes a rule. Source as {@link createKeywordRule}. */
export const deleteKeywordRule = operation({
	name: 'deleteKeywordRule',
	retry: 'idempotent',
	input: fields({ rule_id: id() }),
	instead: { messageArchive: FILTER_YOUR_OWN },
	wires: { reference: 'POST /msgaudit/keyword_rule/delete', dataZone: 'ZONE delete_rule' },
});

/** A message that hit rules. More fields may come with it; they are handed on. */
export interface KeywordHit {
	msgid: string;
	/** The record of the message, without its text; only where it was asked for. */
	msg_detail?: JsonObject;
	/** Which rules, and by what: a word, or the kinds of content of `semantics_list`. */
	hit_rule_list?: Array<{ rule_id: string; has_hit_keyword?: boolean; semantics_list?: number[] }>;
}

/**
 * Messages of the last five days that hit a rule. Without the token of a hit_keyword event, good for
 * ten minutes, WeCom lets nobody ask often. Source: document 99830.
 */
export const listKeywordHits = listOperation({
	name: 'listKeywordHits',
	input: {
		token: optional(text({ maxBytes: 128 })),
		/** 1 with the record of each message. */
		need_detail: optional(oneOf(0, 1)),
		begin_time: optional(unixSeconds()),
	},
	maxPageSize: 1000,
	maxCursorBytes: 64,
	list: 'msg_list',
	id: 'msgid',
	entry: (value) => value as unknown as KeywordHit,
	instead: {
		reference: 'Receive the event msgaudit_keyword_hit, which tells of each hit.',
		messageArchive: FILTER_YOUR_OWN,
	},
	wires: { dataZone: 'ZONE get_hit_msg_list' },
});
