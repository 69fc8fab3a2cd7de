import type { Chats } from '../chats';
import type { World } from '../data/world';
import type { ArchivedMessage } from '../messages';
import type { RuleBody, RuleKeyword, RuleRange } from './rule';

/** What of a rule a message hit. */
export interface Match {
	/** Words of word_list. */
	readonly words: readonly string[];
	/** Numbers of semantics_list. */
	readonly semantics: readonly number[];
}

/** Who is who. */
export interface People {
	readonly world: World;
	readonly chats: Chats;
}

/** Message types that can hit (document 99830). */
const TYPES = [1, 2, 4, 5, 6, 8, 9, 13, 20, 21];

/** Semantics that are a type of message, by number. */
const SEMANTIC_TYPES: Readonly<Record<number, number>> = { 1: 13, 4: 9, 9: 8, 10: 4, 11: 5 };

const MOBILE = /(?<!\d)1[3-9]\d{9}(?!\d)/g;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const BANK_CARD = /(?<!\d)\d{16,19}(?![\dXx])/g;
const ID_CARD = /(?<!\d)\d{17}[\dXx](?!\d)/g;

/**
 * Whether a message hits a rule, and by what. Pictures with QR codes, revocations and welcome
 * messages are never recognized.
 */
export function matchRule(
	rule: RuleBody,
	message: ArchivedMessage,
	people: People,
): Match | undefined {
	const range = rule.applicable_range ?? {};
	if (!TYPES.includes(message.type) || !isInRange(range, message, people)) return undefined;
	const words = wordsHit(rule.keyword ?? {}, message.content);
	const semantics = (rule.semantics?.semantics_list ?? []).filter((one) =>
		isMeant(one, message, range),
	);
	return words.length === 0 && semantics.length === 0 ? undefined : { words, semantics };
}

function wordsHit(keyword: RuleKeyword, content: string): string[] {
	const { word_list = [], is_case_sensitive = 1, match_rule = 0, is_trim_msg = 0 } = keyword;
	const cased = (text: string) => (is_case_sensitive === 1 ? text : text.toLowerCase());
	const text = cased(is_trim_msg === 1 ? content.trim() : content);
	return word_list.filter((word) =>
		match_rule === 1 ? text === cased(word) : text.includes(cased(word)),
	);
}

function isMeant(semantics: number, { type, content }: ArchivedMessage, range: RuleRange): boolean {
	const has = (pattern: RegExp, excluded: readonly string[] = []) =>
		(content.match(pattern) ?? []).some((found) => !excluded.includes(found));
	switch (semantics) {
		case 2:
			return has(MOBILE, range.exclude_mobile?.mobile_list);
		case 3:
			return has(EMAIL, range.exclude_email?.email_list);
		case 7:
			return has(BANK_CARD, range.exclude_bank_card?.bank_card_list);
		case 8:
			return has(ID_CARD);
		default:
			return SEMANTIC_TYPES[semantics] === type;
	}
}

function isInRange(range: RuleRange, message: ArchivedMessage, people: People): boolean {
	const { roomid, content, from, to } = message;
	const internal = ![from, ...to].some((id) => people.chats.isCustomer(id));
	const excluded = range.exclude_keyword?.word_list ?? [];
	return (
		isOneOf(roomid === '' ? 1 : 2, range.chat_type?.type_list) &&
		isOneOf(internal ? 1 : 2, range.session_type?.session_type_list) &&
		// A list of groups says nothing about single chats.
		(roomid === '' || isOneOf(roomid, range.chat?.id_list)) &&
		!excluded.some((word) => content.includes(word)) &&
		inScope(range, message).some((id) => isTarget(id, range, people))
	);
}

/** The people of a message that a rule may be about. */
function inScope({ msg_scope = 1 }: RuleRange, { from, to }: ArchivedMessage): readonly string[] {
	if (msg_scope === 1) return [from];
	return msg_scope === 2 ? to : [from, ...to];
}

/** Lists of staff say nothing about customers, and the other way round. */
function isTarget(id: string, range: RuleRange, { world, chats }: People): boolean {
	const customer = chats.isCustomer(id);
	if (!isOneOf(customer ? 2 : 1, range.target_type?.type_list)) return false;
	if (customer) return isOneOf(id, range.external_contact?.id_list);
	const users = range.user?.id_list ?? [];
	const departments = range.department?.id_list ?? [];
	if (users.length === 0 && departments.length === 0) return true;
	return (
		users.includes(id) ||
		world.departments.some((one) => departments.includes(one.id) && one.members.includes(id))
	);
}

/** Whether a value is in a list; an empty list means any. */
function isOneOf<T>(value: T, list: readonly T[] = []): boolean {
	return list.length === 0 || list.includes(value);
}
