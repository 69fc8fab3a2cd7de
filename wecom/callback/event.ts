import { createHash } from 'node:crypto';

import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../json';
import type { CallbackFrame } from './cipher';
import { parseXmlMessage } from './xml';

/** A verified callback in one shape for every channel and dialect. */
export interface CallbackEvent {
	/**
	 * The same for every delivery of one event, so that repetitions can be told: WeCom retries with
	 * new signatures and gives events no id of its own.
	 */
	eventId: string;
	/** The reference document's name, `msgaudit_notify` say; `message` for chat messages and raw text. */
	event: string;
	/** The name on the wire: `InfoType`, `Event`, `event_type` or `MsgType`; `''` for raw text. */
	originalEvent: string;
	/** `ChangeType`, for events that have one. */
	changeType?: string;
	suiteId?: string;
	/** The customer corp the event is about. */
	authCorpId?: string;
	/** Whom the callback was encrypted for: SuiteId, CorpId, provider CorpId or `''`. */
	receiveId: string;
	/** ISO 8601 in UTC, from `TimeStamp`, `CreateTime` or `timestamp`. */
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

/** Levels of lists and objects; real events have four or five. */
const MAX_LEVELS = 100;

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
	const get = format === 'text' ? () => undefined : reader(data);

	const originalEvent =
		get('infotype') ?? get('event') ?? get('event_type') ?? get('msgtype') ?? '';
	const changeType = get('changetype');
	const isMessage = !get('infotype') && !get('event') && !get('event_type');
	const seconds = Number(get('timestamp') ?? get('createtime') ?? get('create_time'));
	return {
		eventId: createHash('sha256')
			.update(canonical([receiveId, data]))
			.digest('hex')
			.slice(0, 32),
		event: isMessage ? 'message' : canonicalName(originalEvent, changeType),
		originalEvent,
		...optional('changeType', changeType),
		...optional('suiteId', get('suiteid')),
		...optional('authCorpId', get('authcorpid')),
		receiveId,
		...optional('time', toIso(seconds)),
		format,
		data,
	};
}

function canonicalName(name: string, changeType?: string): string {
	if (name === 'change_external_contact' && changeType === 'msg_audit_approved') {
		return 'msgaudit_approve';
	}
	return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

/** Reads top-level texts and numbers whatever the case of their names. */
function reader(data: JsonObject): (lowerName: string) => string | undefined {
	const byName = new Map(Object.entries(data).map(([name, value]) => [name.toLowerCase(), value]));
	return (lowerName) => {
		const value = byName.get(lowerName);
		const text = typeof value === 'number' ? String(value) : value;
		return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
	};
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
	return data && isDeeper(data, MAX_LEVELS) ? undefined : data;
}

function isDeeper(value: JsonValue | undefined, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
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

function toIso(seconds: number): string | undefined {
	const date = new Date(seconds * 1000);
	return seconds > 0 && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}

function optional<K extends string>(
	name: K,
	value: string | undefined,
): Partial<Record<K, string>> {
	return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, string>>);
}
