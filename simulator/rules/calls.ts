import type { World } from '../data/world';
import { withPlainNumbers } from '../json';
import type { Pager } from '../paging';
import { Refusal } from '../refusal';
import {
	isId,
	isInteger,
	listOf,
	objectOf,
	oneOf,
	optional,
	pageOf,
	required,
	takeFields,
	textOf,
	type Check,
	type FieldRules,
} from '../routes/fields';
import type { Surface } from '../routes/surface';
import type { KeywordRules } from './index';
import type { RuleBody, RuleKeyword, RuleRange } from './rule';

const isWord = textOf(1, 32);
const isUint32 = isInteger(0n, 2n ** 32n - 1n);

const listed = (name: string, check: Check, max: number) =>
	optional(objectOf({ [name]: required(listOf(check, { max })) }));

/** Refuses with an errcode of its own. */
const orRefuse =
	(errcode: number, check: Check): Check =>
	(value, path) => {
		if (check(value, path) !== undefined) throw new Refusal(errcode, path);
		return undefined;
	};

const isMobile: Check = (value) =>
	typeof value === 'string' && /^\+?[\d -]{5,20}$/.test(value) ? undefined : 'is no number';
const isBankCard: Check = (value) =>
	typeof value === 'string' && /^\d{12,19}$/.test(value) ? undefined : 'is no number';

const KEYWORD = objectOf({
	word_list: optional(listOf(isWord, { max: 20 })),
	is_case_sensitive: optional(oneOf(0, 1)),
	match_rule: optional(oneOf(0, 1)),
	is_trim_msg: optional(oneOf(0, 1)),
});

const RANGE = objectOf({
	target_type: listed('type_list', oneOf(1, 2), 2),
	chat_type: listed('type_list', oneOf(1, 2), 2),
	department: listed('id_list', isUint32, 100),
	user: listed('id_list', isId, 1000),
	external_contact: listed('id_list', isId, 100),
	chat: optional(objectOf({ id_list: required(orRefuse(710649, listOf(isId, { max: 2000 }))) })),
	msg_scope: optional(oneOf(1, 2, 3)),
	exclude_mobile: listed('mobile_list', orRefuse(710621, isMobile), 100),
	exclude_email: listed('email_list', isId, 100),
	exclude_bank_card: listed('bank_card_list', orRefuse(710622, isBankCard), 100),
	exclude_keyword: listed('word_list', isWord, 20),
	session_type: listed('session_type_list', orRefuse(710615, oneOf(1, 2)), 2),
	voice_match_msgtype: listed('type_list', oneOf(6, 21), 2),
});

const SEMANTICS = objectOf({
	semantics_list: required(listOf(orRefuse(710648, isInteger(1n, 12n)), { max: 12 })),
});

const PARTS: FieldRules = {
	keyword: optional(KEYWORD),
	semantics: optional(SEMANTICS),
	applicable_range: optional(RANGE),
};
const ID: FieldRules = { rule_id: required(isId) };
const NAME = textOf(1, 20);
const MAX_PAGE = 100;

/** What rules are made, read and changed in. */
export interface RuleWorld {
	readonly world: World;
	readonly pager: Pager;
	readonly keywordRules: KeywordRules;
}

/** Fields of the answer to a request for a new rule. */
export function createRule(on: RuleWorld, body: unknown, surface: Surface): object {
	const fields = takeFields(body, { name: required(NAME), ...PARTS });
	const rule = cleared(withUserids(withPlainNumbers(fields) as RuleBody, on.world, surface));
	checkRule(rule, on.world);
	return { rule_id: on.keywordRules.create(rule).ruleId };
}

/** Fields of the answer to a request for a rule. */
export function getRule(on: RuleWorld, body: unknown, { idOf }: Surface): object {
	const { rule_id: ruleId } = takeFields(body, ID);
	const rule = on.keywordRules.get(ruleId as string).body;
	const {
		name,
		keyword = {},
		semantics = {},
		applicable_range = {},
	} = withUsers(rule, (id) => idOf(on.world, id));
	return { name, keyword, semantics, applicable_range };
}

/** Fields of the answer to a request for rules, oldest first. */
export function listRules(
	on: RuleWorld,
	body: unknown,
	{ contract, pageFields }: Surface,
	badCursor: number,
): object {
	const page = pageOf(takeFields(body, pageFields(MAX_PAGE)), MAX_PAGE);
	const { entries, hasMore, nextCursor } = on.pager.page(
		`rules ${contract}`,
		on.keywordRules.list,
		page,
		({ ruleId }) => ruleId,
		badCursor,
	);
	return {
		rule_list: entries.map(({ ruleId, createdAt, body: { name } }) => ({
			rule_id: ruleId,
			name,
			create_time: createdAt,
		})),
		has_more: hasMore,
		next_cursor: nextCursor,
	};
}

/** Changes what a request names of a rule. */
export function updateRule(on: RuleWorld, body: unknown, surface: Surface): object {
	const { world, keywordRules } = on;
	const fields = takeFields(body, { ...ID, name: optional(NAME), ...PARTS });
	const { rule_id: ruleId, ...given } = withPlainNumbers(fields) as RuleBody & { rule_id: string };
	const before = keywordRules.get(ruleId).body;
	const rule = cleared(merged(before, withUserids(given, world, surface)));
	checkRule(rule, world);
	keywordRules.replace(ruleId, rule);
	return {};
}

/** Deletes the rule that a request names. */
export function deleteRule(on: RuleWorld, body: unknown): object {
	const { rule_id: ruleId } = takeFields(body, ID);
	on.keywordRules.delete(ruleId as string);
	return {};
}

function withUserids(rule: RuleBody, world: World, { useridOf }: Surface): RuleBody {
	return withUsers(rule, (id) => {
		const userid = useridOf(world, id);
		if (userid === undefined) throw new Refusal(710608, id);
		return userid;
	});
}

/** The rule with other ids for the members whom it is about. */
function withUsers(rule: RuleBody, idOf: (id: string) => string): RuleBody {
	const { applicable_range: range } = rule;
	const ids = range?.user?.id_list;
	if (ids === undefined) return rule;
	return { ...rule, applicable_range: { ...range, user: { id_list: ids.map(idOf) } } };
}

/** Puts what is given over what there is: name, semantics, and each item of the other two. */
function merged(rule: RuleBody, changes: Partial<RuleBody>): RuleBody {
	return {
		...rule,
		...changes,
		...(changes.keyword === undefined ? {} : { keyword: { ...rule.keyword, ...changes.keyword } }),
		...(changes.applicable_range === undefined
			? {}
			: { applicable_range: { ...rule.applicable_range, ...changes.applicable_range } }),
	};
}

/** Takes items out whose list is empty. Without words nothing says how to compare them. */
function cleared({
	name,
	keyword = {},
	semantics = {},
	applicable_range = {},
}: RuleBody): RuleBody {
	const range = Object.entries(applicable_range).filter(
		([, item]) => typeof item === 'number' || !hasEmptyList(item as object),
	);
	return {
		name,
		...(keyword.word_list?.length === 0 || Object.keys(keyword).length === 0 ? {} : { keyword }),
		...(hasEmptyList(semantics) || Object.keys(semantics).length === 0 ? {} : { semantics }),
		...(range.length === 0 ? {} : { applicable_range: Object.fromEntries(range) as RuleRange }),
	};
}

function hasEmptyList(item: object): boolean {
	return Object.values(item).some((list) => Array.isArray(list) && list.length === 0);
}

/** What the fields have to be together, and to people. */
function checkRule({ keyword, semantics, applicable_range }: RuleBody, world: World): void {
	if (keyword === undefined && semantics === undefined) throw new Refusal(710610);
	if (keyword !== undefined) checkKeyword(keyword);
	if (applicable_range !== undefined) checkPeople(applicable_range, world);
}

function checkKeyword({ word_list, match_rule, is_trim_msg }: RuleKeyword): void {
	if (word_list === undefined) throw new Refusal(710650, 'keyword.word_list');
	if (is_trim_msg === 1 && match_rule !== 1) {
		throw new Refusal(40058, 'keyword.is_trim_msg goes with match_rule 1 only');
	}
}

function checkPeople(range: RuleRange, world: World): void {
	const known = <T>(errcode: number, ids: readonly T[] = [], all: readonly T[]) => {
		const unknown = ids.find((id) => !all.includes(id));
		if (unknown !== undefined) throw new Refusal(errcode, String(unknown));
	};
	const { chat, department, external_contact: customer } = range;
	known(710606, chat?.id_list, world.groups.map(({ roomid }) => roomid)); // prettier-ignore
	known(710607, department?.id_list, world.departments.map(({ id }) => id)); // prettier-ignore
	known(40096, customer?.id_list, world.customers.map(({ externalUserid }) => externalUserid)); // prettier-ignore
}
