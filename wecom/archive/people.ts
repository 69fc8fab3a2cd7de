import { isJsonObject, type JsonValue } from '../json';
import { opened } from './messageTypes';

/** Somebody who sent or got a message. */
export interface Person {
	/** `''` when there is none that can be read. */
	id: string;
	/** What the message itself says of the person; most say nothing. */
	kind?: 'staff' | 'customer' | 'robot';
}

/** The `type` beside an id. Source: https://developer.work.weixin.qq.com/document/path/99824 */
const KINDS: Readonly<Partial<Record<string, Person['kind']>>> = {
	1: 'staff',
	2: 'customer',
	3: 'robot',
};
const ID_NAMES = ['id', 'userid', 'open_userid', 'external_userid'];
/** Names that say whose id it is. Source: https://developer.work.weixin.qq.com/document/path/99818 */
const KINDS_BY_NAME: Readonly<Partial<Record<string, Person['kind']>>> = {
	open_userid: 'staff',
	external_userid: 'customer',
};
/**
 * A userid holds letters, digits and `_-@.` alone (document 90195), so quotes and brackets around it
 * are those of a list that somebody wrote out.
 */
const SEPARATOR = /[\s,，、;；|'"[\]]+/;

/** Reads one person: an id, or an object with an id and perhaps a `type`. */
export function personOf(value: JsonValue | undefined): Person {
	const person = opened(value);
	if (!isJsonObject(person)) return { id: asText(value) };
	const name = ID_NAMES.find((one) => asText(person[one]) !== '') ?? '';
	const id = asText(person[name]);
	const kind = KINDS[asText(person.type)] ?? KINDS_BY_NAME[name];
	return { id, ...(kind === undefined ? {} : { kind }) };
}

/** Reads a list of people, also one that was made a text: ids with separators, or JSON. */
export function peopleOf(value: JsonValue | undefined): Person[] {
	const people = opened(value);
	if (Array.isArray(people)) return people.map(personOf);
	if (typeof people !== 'string') return [personOf(people)].filter(({ id }) => id !== '');
	return people
		.split(SEPARATOR)
		.filter((id) => id !== '')
		.map((id) => ({ id }));
}

/** Only customers who use WeChat have such ids. */
const OF_WECHAT = /^wm[\w-]{20,}$/;
/** Customers who use WeCom have such ids, and so has all of the staff for third-party apps. */
const OF_WECOM = /^wo[\w-]{20,}$/;
const OF_ROBOT = /^wb[\w-]{20,}$/;

/**
 * Finds the customer among the people of a conversation, whoever of them speaks. The message's own
 * word counts first, then an id only a customer has. An id that may be a customer's or the staff's
 * (`wo…`) is the customer's beside a plain userid, for an app sees its whole staff under ids of one
 * kind. Where a message with somebody outside the corp has two of them, nothing tells which is
 * whose: the first by spelling stands for both directions.
 *
 * @param isExternal whether the message itself says that somebody outside the corp is in it
 * @returns undefined when there is none, several, or nothing that tells
 * Source: https://developer.work.weixin.qq.com/document/path/91774
 */
export function customerAmong(people: readonly Person[], isExternal: boolean): string | undefined {
	const told = idsOf(people.filter(({ kind }) => kind === 'customer'));
	if (told.length > 0) return only(told);
	const untold = idsOf(people.filter(({ kind }) => kind === undefined));
	const ofWechat = untold.filter((id) => OF_WECHAT.test(id));
	if (ofWechat.length > 0) return only(ofWechat);
	const ofWecom = untold.filter((id) => OF_WECOM.test(id));
	const plain = untold.filter((id) => !OF_WECOM.test(id) && !OF_ROBOT.test(id));
	if (plain.length > 0) return only(ofWecom);
	return isExternal && ofWecom.length <= 2 ? ofWecom.sort()[0] : undefined;
}

function idsOf(people: readonly Person[]): string[] {
	return [...new Set(people.map(({ id }) => id))].filter((id) => id !== '');
}

function only(ids: readonly string[]): string | undefined {
	return ids.length === 1 ? ids[0] : undefined;
}

/** A text, or what else can be written as one; `''` for everything else. */
export function asText(value: JsonValue | undefined): string {
	if (typeof value === 'string') return value;
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
