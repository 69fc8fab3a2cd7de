import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { bodyKeyOf, isKnownMessageType, textOfBody, type MessageBodies } from './messageTypes';

/** The fields every archived message shares; the rest is the type's own body. */
const COMMON_FIELDS = new Set([
	'msgid',
	'action',
	'from',
	'user',
	'tolist',
	'roomid',
	'msgtime',
	'time',
	'msgtype',
]);

/** The external_userid of a customer. Source: document 91774. */
const CUSTOMER = /^w[mo][\w-]{20,}$/;

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
	 * of the customer in a conversation of two; undefined between two members of the staff.
	 */
	chatId?: string;
	/** Milliseconds since 1970; undefined when WeCom sent none. */
	timeMs?: number;
	/** `msgtype`; `switch` for the records that have none. */
	type: string;
	/** Everything readable in the message; undefined for types without text. */
	text?: string;
	/** The type's own body; for an unknown type everything that is not one of the common fields. */
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
	const action = asText(message.action);
	const type = asText(message.msgtype) || action;
	const body = bodyOf(type, message);
	const timeMs = Number(asText(message.msgtime ?? message.time));
	const text = textOfBody(type, body);
	const from = asText(message.from ?? message.user);
	const to = Array.isArray(message.tolist) ? message.tolist.map(asText) : [];
	const room = asText(message.roomid);
	const chatId = room || [from, ...to].find((id) => CUSTOMER.test(id));
	return {
		msgid: asText(message.msgid),
		action,
		from,
		to,
		room,
		...(chatId === undefined ? {} : { chatId }),
		...(Number.isFinite(timeMs) && timeMs > 0 ? { timeMs } : {}),
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

function bodyOf(type: string, message: JsonObject): JsonObject {
	const rest = Object.fromEntries(
		Object.entries(message).filter(([name]) => !COMMON_FIELDS.has(name)),
	);
	if (!isKnownMessageType(type)) return rest;
	const { [bodyKeyOf(type)]: body, ...beside } = rest;
	// voiceid and voipid stand beside the body and belong to it.
	return isJsonObject(body) ? { ...body, ...beside } : rest;
}

function asText(value: JsonValue | undefined): string {
	if (typeof value === 'string') return value;
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
