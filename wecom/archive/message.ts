import { isJsonObject, isNothing, type JsonObject, type JsonValue } from '../json';
import {
	bodyKeyOf,
	hasText,
	isKnownMessageType,
	opened,
	textOfBody,
	type MessageBodies,
} from './messageTypes';
import { epochMillis } from './moment';
import { asText, customerAmong, peopleOf, personOf, type Person } from './people';

/** What the end of a msgid says of a message with somebody outside the corp. Source: document 91774. */
const EXTERNAL = /_(external|updown_stream)$/;

/** One archived message in one shape for all types. */
export interface MessageView {
	msgid: string;
	/** `send`, `recall`, or `switch` (the user changed the corp). */
	action: string;
	/** userid of staff, external_userid (wm…, wo…) of a customer, wb… of a robot. */
	from: string;
	to: string[];
	/** The group's roomid, `''` in a conversation of two. */
	room: string;
	/**
	 * What the search and the models call the conversation: the roomid of a group, the external_userid
	 * of the customer in a conversation of two, whoever speaks; undefined between members of the staff.
	 */
	chatId?: string;
	/** Milliseconds since 1970; undefined when WeCom sent none. */
	timeMs?: number;
	/** `msgtype`; `switch` for the records that have none. */
	type: string;
	/** Everything readable in the message; undefined for types without text. */
	text?: string;
	/**
	 * The type's own body, and what else the message holds beside the fields above; where both have a
	 * name, the body's own counts. Common fields that cannot be read are in it as they came.
	 */
	body: JsonObject;
}

/**
 * Views a decrypted message: common fields under one name each, text taken out of the type's body.
 * Unknown types are passed through whole in `body`.
 *
 * @param message the decrypted JSON object
 * @example viewMessage({ msgid: '1', action: 'send', from: 'a', tolist: ['b'], roomid: '',
 *   msgtime: 1700000000000, msgtype: 'text', text: { content: 'hi' } }).text // 'hi'
 */
export function viewMessage(message: JsonObject): MessageView {
	/** The names of the common fields that were read, or that hold nothing. */
	const done = new Set<string>();
	const take = <T>(
		names: readonly string[],
		read: (value: JsonValue | undefined) => T,
		isRead: (value: T) => boolean = Boolean,
	): T | undefined => {
		const values = names.map((name) => ({ name, value: read(message[name]) }));
		const found = values.find(({ value }) => isRead(value));
		for (const name of names) if (name === found?.name || isNothing(message[name])) done.add(name);
		return (found ?? values[0])?.value;
	};
	const msgid = take(['msgid'], asText) ?? '';
	const action = take(['action'], asText) ?? '';
	const type = take(['msgtype'], asText) || action;
	const from = take(['from', 'user', 'sender'], personOf, ({ id }) => id !== '');
	const to = take(['tolist', 'receiver_list'], peopleOf, areRead) ?? [];
	const room = take(['roomid'], asText) ?? '';
	const timeMs = take(['msgtime', 'time', 'send_time'], epochMillis);
	const rest = Object.entries(message).filter(([name]) => !done.has(name));
	const { body, text } = bodyOf(type, Object.fromEntries(rest));
	const customer = customerAmong(
		[...(from ? [from] : []), ...to].map((person) => asking(person, type, body)),
		EXTERNAL.test(msgid),
	);
	const chatId = room || customer;
	return {
		msgid,
		action,
		from: from?.id ?? '',
		to: to.map(({ id }) => id).filter((id) => id !== ''),
		room,
		...(chatId === undefined ? {} : { chatId }),
		...(timeMs === undefined ? {} : { timeMs }),
		type,
		...(text === undefined ? {} : { text }),
		body,
	};
}

/**
 * The body of a message as the type it was checked to be.
 *
 * @returns undefined when the message is of another type
 * @example bodyAs(view, 'file')?.filename
 */
export function bodyAs<T extends keyof MessageBodies>(
	view: MessageView,
	type: T,
): Partial<MessageBodies[T]> | undefined {
	return view.type === type ? (view.body as Partial<MessageBodies[T]>) : undefined;
}

/** Body and text of what is left of a message when its common fields are taken off. */
function bodyOf(type: string, rest: JsonObject): Pick<MessageView, 'body' | 'text'> {
	if (!isKnownMessageType(type)) return withText(type, rest);
	const { [bodyKeyOf(type)]: found, ...beside } = rest;
	const body = opened(found);
	// voiceid and voipid stand beside the body and belong to it.
	if (isJsonObject(body)) return withText(type, { ...beside, ...body });
	const view = withText(type, rest);
	const isText = typeof found === 'string' && found !== '' && hasText(type);
	return isText ? { ...view, text: found } : view;
}

function withText(type: string, body: JsonObject): Pick<MessageView, 'body' | 'text'> {
	const text = textOfBody(type, body);
	return { body, ...(text === undefined ? {} : { text }) };
}

/** Who agrees or disagrees is a customer, for nobody else is asked. Source: document 91774. */
function asking(person: Person, type: string, { userid }: JsonObject): Person {
	const answers = (type === 'agree' || type === 'disagree') && person.id === userid;
	return answers ? { ...person, kind: 'customer' } : person;
}

function areRead(people: readonly Person[]): boolean {
	return people.length > 0 && people.every(({ id }) => id !== '');
}
