import { createHash } from 'node:crypto';

import { isJsonObject, isTooDeep, parseJson, type JsonObject, type JsonValue } from '../json';
import type { CallbackFrame } from './cipher';
import { shapeLists } from './lists';
import { parseXmlMessage } from './xml';

/** A verified callback in one shape for every channel and dialect. */
export interface CallbackEvent {
	/**
	 * The same for every delivery of one event, so that repetitions can be told: WeCom retries with
	 * new signatures. Of what has a `messageId` that and whose it is; of anything else, as WeCom gives
	 * events no id of its own, all that it says.
	 */
	eventId: string;
	/** The reference document's name, `msgaudit_notify` say; `message` for chat messages and raw text. */
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
	/** Whom the callback was encrypted for: SuiteId, CorpId, provider CorpId or `''`. */
	receiveId: string;
	/** ISO 8601 in UTC, from `TimeStamp`, `CreateTime`, `create_time` or `timestamp`. */
	time?: string;
	format: 'xml' | 'json' | 'text';
	/** The message as WeCom wrote it, field for field; `{ text }` when it is neither XML nor JSON. */
	data: JsonObject;
}

/**
 * Other names of the reference document's events: the zone's JSON events, the older suite events and
 * those of the self-built archive. Sources: documents 99852, 99853, 101387, 99867, 92005, 95039.
 */
const ALIASES: Readonly<Record<string, string>> = {
	conversation_new_message: 'msgaudit_notify',
	chat_archive_audit_approved_single: 'msgaudit_approve',
	chat_archive_audit_approved_room: 'msgaudit_approve',
	hit_keyword: 'msgaudit_keyword_hit',
	chat_archive_export_finished: 'msgaudit_export_finish',
};

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
	if (xml) shapeLists(xml, originalEvent);
	return {
		eventId: hash(
			messageId ? identityOf(receiveId, originalEvent, messageId, read) : [receiveId, data],
		),
		event: isMessage ? 'message' : canonicalName(originalEvent, changeType),
		originalEvent,
		...optional('messageId', messageId),
		...optional('changeType', changeType),
		...optional('suiteId', get('suiteid')),
		...optional('authCorpId', get('authcorpid')),
		receiveId,
		...optional('time', toIso(get('timestamp') ?? get('createtime') ?? get('create_time'))),
		format,
		data,
	};
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
 * What stays the same when WeCom delivers a message again: addresses to answer at (`response_url`,
 * `GetChatInfoUrl`) are new each time. Sources: documents 100719, 101027 and 90375.
 */
function identityOf(receiveId: string, event: string, messageId: string, read: Reader): JsonValue {
	const from = read('from');
	const sender = isJsonObject(from) ? reader(from)('userid') : read('fromusername');
	const whose = [read('tousername'), read('agentid'), read('aibotid'), sender];
	return [receiveId, event, messageId, ...whose.map((value) => textOf(value) ?? '')];
}

function canonicalName(name: string, changeType?: string): string {
	if (name === 'change_external_contact' && changeType === 'msg_audit_approved') {
		return 'msgaudit_approve';
	}
	return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
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
