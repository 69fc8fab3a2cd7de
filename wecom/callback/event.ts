import { createHash } from 'node:crypto';

import { isJsonObject, isTooDeep, parseJson, type JsonObject, type JsonValue } from '../json';
import type { CallbackFrame } from './cipher';
import { canonicalEvent } from './eventNames';
import { shapeLists } from './lists';
import { parseXmlMessage } from './xml';

/** A verified callback in one shape for every channel and dialect. */
export interface CallbackEvent {
	/**
	 * The same for every delivery of one event, so that repetitions can be told: WeCom retries with
	 * new signatures. Of what has a `messageId` or `notifyId` that and whose it is; of anything else, as
	 * WeCom gives events no id of its own, all that it says.
	 */
	eventId: string;
	/**
	 * Its one name in all dialects: the reference document's, `msgaudit_notify` say, or where that has
	 * none the name on the wire; `message` for chat messages and raw text.
	 */
	event: string;
	/**
	 * The name on the wire: `InfoType`, `Event`, `event.eventtype` of robots, `event_type` or
	 * `MsgType`; `''` for raw text.
	 */
	originalEvent: string;
	/** `MsgId` of a message, or of a robot's event, which WeCom gives every delivery of it. */
	messageId?: string;
	/** `ChangeType`, for events that have one. */
	changeType?: string;
	suiteId?: string;
	/** The customer corp the event is about. */
	authCorpId?: string;
	/** The service provider, of events about its orders. */
	serviceCorpId?: string;
	/** What the event that a program in the zone stored is fetched with, good for 10 minutes. */
	notifyId?: string;
	/**
	 * Of new messages and keyword hits: what the messages or hits are asked for with, good for 10
	 * minutes. The self-built archive gives none.
	 */
	token?: string;
	/** Whom the callback was encrypted for: SuiteId, CorpId, provider CorpId or `''`. */
	receiveId: string;
	/** ISO 8601 in UTC, from `TimeStamp`, `CreateTime`, `create_time` or `timestamp`. */
	time?: string;
	format: 'xml' | 'json' | 'text';
	/** The message as WeCom wrote it, field for field; `{ text }` when it is neither XML nor JSON. */
	data: JsonObject;
}

/** Events that bring a token: with it WeCom lets more calls through. Documents 99853 and 101387. */
const WITH_TOKEN: readonly string[] = ['msgaudit_notify', 'msgaudit_keyword_hit'];
/** Tells that a program in the data zone has stored an event. Document 101389. */
export const PROGRAM_NOTIFY = 'program_notify';

/**
 * Makes an event of a decrypted message: XML or JSON by what it is, raw text when it is neither, or
 * nested so deeply that whoever walks through it might fall.
 *
 * @throws CallbackRefusedError `dtd` when the XML declares a document type
 */
export function toEvent({ message, receiveId }: CallbackFrame): CallbackEvent {
	const text = message.trim();
	const json = unlessDeep(parseJsonObject(text));
	const xml = json ? undefined : unlessDeep(parseXmlMessage(text));
	const data = json ?? xml ?? { text: message };
	const format = json ? 'json' : xml ? 'xml' : 'text';
	return describe(data, format, receiveId);
}

/**
 * Makes an event of what a program in the data zone stored, with what only the callback tells that
 * announced it: whose it is, and what repetitions are told by.
 *
 * @param stored the JSON that was fetched for the notify id
 * @param notify the `program_notify`
 */
export function toStoredEvent(stored: JsonObject, notify: CallbackEvent): CallbackEvent {
	const { eventId, authCorpId, receiveId, notifyId } = notify;
	return {
		...describe(stored, 'json', receiveId),
		eventId,
		...optional('authCorpId', authCorpId),
		...optional('notifyId', notifyId),
	};
}

function describe(
	data: JsonObject,
	format: CallbackEvent['format'],
	receiveId: string,
): CallbackEvent {
	const read = reader(format === 'text' ? {} : data);
	const get = (name: string) => textOf(read(name));

	const name = get('infotype') ?? nameOfEvent(read('event')) ?? get('event_type');
	const messageType = get('msgtype');
	const originalEvent = name ?? messageType ?? '';
	// A robot's event has an id as its messages have; that of other events is not of the delivery.
	const isMessageLike = name === undefined || isJsonObject(read('event'));
	const messageId = isMessageLike ? (get('msgid') ?? get('msg_id')) : undefined;
	const changeType = get('changetype');
	const isMessage = name === undefined && messageType !== 'event';
	const event = isMessage ? 'message' : canonicalEvent(originalEvent, changeType);
	const isNotify = event === PROGRAM_NOTIFY;
	const notifyId = isNotify ? get('notifyid') : undefined;
	const id = messageId ?? notifyId;
	if (format === 'xml') shapeLists(data, originalEvent);
	return {
		eventId: hash(id ? identityOf(receiveId, originalEvent, id, read) : [receiveId, data]),
		event,
		originalEvent,
		...optional('messageId', messageId),
		...optional('changeType', changeType),
		...optional('suiteId', get('suiteid')),
		...optional('authCorpId', get('authcorpid') ?? (isNotify ? get('tousername') : undefined)),
		...optional('serviceCorpId', get('servicecorpid')),
		...optional('notifyId', notifyId),
		...optional('token', WITH_TOKEN.includes(event) ? tokenIn(read, originalEvent) : undefined),
		receiveId,
		...optional('time', toIso(get('timestamp') ?? get('createtime') ?? get('create_time'))),
		format,
		data,
	};
}

/** In the events of the zone it lies in an object under the name of the event. */
function tokenIn(read: Reader, originalEvent: string): string | undefined {
	const body = read(originalEvent.toLowerCase());
	return textOf(read('token')) ?? (isJsonObject(body) ? textOf(reader(body)('token')) : undefined);
}

/**
 * Of the events of robots the name lies in an object, beside what belongs to it. Sources: documents
 * 101027 (`event.eventtype`) and 99399 (`Event/EventType`, `event.event_type`).
 */
function nameOfEvent(event: JsonValue | undefined): string | undefined {
	if (!isJsonObject(event)) return textOf(event);
	const read = reader(event);
	return textOf(read('eventtype')) ?? textOf(read('event_type'));
}

/**
 * What stays the same when WeCom delivers a message or a notice again: addresses to answer at
 * (`response_url`, `GetChatInfoUrl`) are new each time. Sources: documents 100719, 101027 and 90375.
 */
function identityOf(receiveId: string, event: string, id: string, read: Reader): JsonValue {
	const from = read('from');
	const sender = isJsonObject(from) ? reader(from)('userid') : read('fromusername');
	const whose = [read('tousername'), read('agentid'), read('aibotid'), sender];
	return [receiveId, event, id, ...whose.map((value) => textOf(value) ?? '')];
}

/** Finds a field by its name in lower case. */
type Reader = (lowerName: string) => JsonValue | undefined;

/** Reads the fields of an object whatever the case of their names. */
function reader(data: JsonObject): Reader {
	const byName = new Map(Object.entries(data).map(([name, value]) => [name.toLowerCase(), value]));
	return (lowerName) => byName.get(lowerName);
}

function textOf(value: JsonValue | undefined): string | undefined {
	const text = typeof value === 'number' ? String(value) : value;
	return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

function parseJsonObject(text: string): JsonObject | undefined {
	if (!text.startsWith('{')) return undefined;
	try {
		const value = parseJson(text);
		return isJsonObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function unlessDeep(data: JsonObject | undefined): JsonObject | undefined {
	return data && isTooDeep(data) ? undefined : data;
}

/** JSON with sorted names: the same for the same content in whatever order it was written. */
function canonical(value: JsonValue): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
	if (!isJsonObject(value)) return JSON.stringify(value);
	const entries = Object.keys(value)
		.sort()
		.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`);
	return `{${entries.join()}}`;
}

function hash(value: JsonValue): string {
	return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);
}

/** @param time seconds since 1970, or milliseconds where they have 13 digits; nothing but digits */
function toIso(time = ''): string | undefined {
	if (!/^(\d{1,10}|\d{13})$/.test(time)) return undefined;
	const date = new Date(time.length === 13 ? Number(time) : Number(time) * 1000);
	return date.getTime() > 0 ? date.toISOString() : undefined;
}

function optional<K extends string>(
	name: K,
	value: string | undefined,
): Partial<Record<K, string>> {
	return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, string>>);
}
