import { isJsonObject, isTooDeep, parseJson, type JsonObject, type JsonValue } from '../json';

/**
 * The bodies of archived messages by `msgtype`, as WeCom writes them. Every field may be missing in
 * a real message. `md5sum`/`sdkfileid` locate media; sizes are bytes, lengths seconds.
 * Source: https://developer.work.weixin.qq.com/document/path/91774
 */
export interface MessageBodies {
	text: { content: string };
	image: { md5sum: string; filesize: number; sdkfileid: string };
	revoke: { pre_msgid: string };
	/** `agree_time` in milliseconds. */
	agree: { userid: string; agree_time: number };
	/** `disagree_time` in milliseconds. */
	disagree: { userid: string; disagree_time: number };
	voice: { md5sum: string; voice_size: number; play_length: number; sdkfileid: string };
	video: { md5sum: string; filesize: number; play_length: number; sdkfileid: string };
	card: { corpname: string; userid: string };
	location: { longitude: number; latitude: number; address: string; title: string; zoom: number };
	/** `type` 1 gif, 2 png. */
	emotion: {
		type: number;
		width: number;
		height: number;
		imagesize: number;
		md5sum: string;
		sdkfileid: string;
	};
	file: { md5sum: string; filename: string; fileext: string; filesize: number; sdkfileid: string };
	link: { title: string; description: string; link_url: string; image_url: string };
	weapp: {
		title: string;
		description: string;
		username: string;
		displayname: string;
		appid: string;
		pagepath: string;
	};
	/** `type` is ChatRecordText, ChatRecordFile …; `msgtime` in seconds; `content` is JSON text. */
	chatrecord: {
		title: string;
		item: Array<{ type: string; msgtime: number; content: string; from_chatroom: boolean }>;
	};
	todo: { title: string; content: string };
	/** `votetype` 101 started, 102 joined. */
	vote: { votetitle: string; voteitem: string[]; votetype: number; voteid: string };
	collect: {
		room_name: string;
		creator: string;
		create_time: string;
		title: string;
		details: Array<{ id: number; ques: string; type: string }>;
	};
	/** `type` 1 normal, 2 lucky, 3 incentive; `totalamount` in fen. */
	redpacket: { type: number; wish: string; totalcnt: number; totalamount: number };
	/** `type` 1 normal, 2 lucky; `totalamount` in fen. */
	external_redpacket: { type: number; wish: string; totalcnt: number; totalamount: number };
	meeting: {
		topic: string;
		starttime: number;
		endtime: number;
		address: string;
		remarks: string;
		meetingid: number;
	};
	/** `notification_type` 1 joined, 2 ended. */
	meeting_notification: { content: string; meeting_id: number; notification_type: number };
	docmsg: { title: string; link_url: string; doc_creator: string };
	markdown: { content: string };
	news: { item: Array<{ title: string; description: string; url: string; picurl: string }> };
	calendar: {
		title: string;
		creatorname: string;
		attendeename: string[];
		starttime: number;
		endtime: number;
		place: string;
		remarks: string;
	};
	/** `content` is JSON text of the body of `type`. */
	mixed: { item: Array<{ type: string; content: string }> };
	/** The message carries a `voiceid` beside this body. */
	meeting_voice_call: {
		endtime: number;
		sdkfileid: string;
		demofiledata: Array<{
			filename: string;
			demooperator: string;
			starttime: number;
			endtime: number;
		}>;
		sharescreendata: Array<{ share: string; starttime: number; endtime: number }>;
	};
	/** The message carries a `voipid` beside this body. */
	voip_doc_share: { filename: string; md5sum: string; filesize: number; sdkfileid: string };
	/** `feed_type` 2 image, 4 video, 9 live. */
	sphfeed: { feed_type: number; sph_name: string; feed_desc: string };
	/** `callduration` in seconds; `invitetype` 1 single video, 2 single voice, 3 multi video, 4 multi voice. */
	voiptext: { callduration: number; invitetype: number };
	qydiskfile: { filename: string; url: string };
	/** `solitaire_type` 101 started, 102 joined. */
	solitaire: { solitaire_type: number; solitaire_content: string };
	/** `content` is JSON text of the body of `msg_type`. */
	note: { items: Array<{ msg_type: string; content: string }> };
}

/** The message types this library knows; others are passed through whole. */
export type KnownMessageType = keyof MessageBodies;

interface TypeRule {
	/** What the data zone calls it. Source: document 99824 */
	number?: number;
	/** Where the body stands when not under the type's own name. */
	bodyKey?: string;
	/** The list of the messages inside, and what their type is called there. */
	inner?: readonly [list: string, type: string];
	/** Everything in the body that a person would read, one line each. */
	text?: (body: JsonObject, depth: number) => Array<JsonValue | undefined>;
}

/** How deep forwarded conversations are followed into each other. */
export const MAX_DEPTH = 4;

const RULES: Record<KnownMessageType, TypeRule> = {
	text: { number: 1, text: (body) => [body.content] },
	image: { number: 2 },
	revoke: {},
	agree: { number: 24 },
	disagree: { number: 25 },
	voice: { number: 6 },
	video: { number: 7 },
	card: { number: 9, text: (body) => [body.corpname, body.userid] },
	location: { number: 14, text: (body) => [body.title, body.address] },
	emotion: { number: 3 },
	file: { number: 8, text: (body) => [body.filename] },
	link: { number: 4, text: (body) => [body.title, body.description] },
	weapp: { number: 5, text: (body) => [body.title, body.description, body.displayname] },
	chatrecord: {
		number: 10,
		inner: ['item', 'type'],
		text: (body, depth) => [body.title, ...nested('chatrecord', body, depth)],
	},
	todo: { number: 16, text: (body) => [body.title, body.content] },
	vote: { number: 17, text: (body) => [body.votetitle, ...list(body.voteitem)] },
	collect: {
		text: (body) => [body.title, ...list(body.details).map((detail) => field(detail, 'ques'))],
	},
	redpacket: { number: 13, text: (body) => [body.wish] },
	external_redpacket: { number: 13, bodyKey: 'redpacket', text: (body) => [body.wish] },
	meeting: { number: 15, text: (body) => [body.topic, body.address, body.remarks] },
	meeting_notification: { bodyKey: 'info', text: (body) => [body.content] },
	docmsg: { number: 18, bodyKey: 'doc', text: (body) => [body.title] },
	markdown: { number: 27, bodyKey: 'info', text: (body) => [body.content] },
	news: {
		number: 19,
		bodyKey: 'info',
		text: (body) =>
			list(body.item).flatMap((item) => [field(item, 'title'), field(item, 'description')]),
	},
	calendar: { number: 12, text: (body) => [body.title, body.place, body.remarks] },
	mixed: {
		number: 20,
		inner: ['item', 'type'],
		text: (body, depth) => nested('mixed', body, depth),
	},
	meeting_voice_call: {
		number: 21,
		text: (body) => list(body.demofiledata).map((file) => field(file, 'filename')),
	},
	voip_doc_share: { text: (body) => [body.filename] },
	sphfeed: { number: 11, text: (body) => [body.sph_name, body.feed_desc] },
	voiptext: { number: 22, bodyKey: 'info' },
	qydiskfile: { number: 23, bodyKey: 'info', text: (body) => [body.filename] },
	solitaire: { number: 26, bodyKey: 'info', text: (body) => [body.solitaire_content] },
	note: {
		number: 28,
		bodyKey: 'info',
		inner: ['items', 'msg_type'],
		text: (body, depth) => nested('note', body, depth),
	},
};

/** Every message type this library knows, in the order of WeCom's own page. */
export const MESSAGE_TYPES = Object.keys(RULES) as KnownMessageType[];

/** What the data zone says of a message whose type it does not archive. Source: document 99824 */
const UNSUPPORTED = [0, 'unsupported'] as const;

/** The first name counts where one number has two. */
const TYPES_BY_NUMBER: ReadonlyMap<number, string> = new Map<number, string>([
	UNSUPPORTED,
	...MESSAGE_TYPES.flatMap((type): Array<[number, string]> => {
		const { number } = RULES[type];
		return number === undefined ? [] : [[number, type]];
	}).reverse(),
]);

/**
 * The word for a message type that the data zone gives as a number.
 *
 * @returns undefined when there is none
 * @example messageTypeOf(1) // 'text'
 */
export function messageTypeOf(number: unknown): string | undefined {
	const isDigits = typeof number === 'string' && /^\d{1,9}$/.test(number);
	return TYPES_BY_NUMBER.get(isDigits ? Number(number) : (number as number));
}

/** The number of a message type in the data zone; undefined for a type that has none there. */
export function messageTypeNumber(type: string): number | undefined {
	if (type === UNSUPPORTED[1]) return UNSUPPORTED[0];
	return isKnownMessageType(type) ? RULES[type].number : undefined;
}

/** Whether a type's body has something that a person would read. */
export function hasText(type: KnownMessageType): boolean {
	return RULES[type].text !== undefined;
}

/** Whether a type is one of {@link MESSAGE_TYPES}. */
export function isKnownMessageType(type: string): type is KnownMessageType {
	return Object.hasOwn(RULES, type);
}

/** The key of a message under which the body of a type stands (`docmsg` has its body in `doc`). */
export function bodyKeyOf(type: KnownMessageType): string {
	return RULES[type].bodyKey ?? type;
}

/**
 * The readable text of a message body: titles, descriptions, contents, file names, and the parts of
 * mixed and forwarded messages, joined by line breaks.
 *
 * @param type the `msgtype`, or a forwarded item's `ChatRecordText` form
 * @returns undefined when the type carries no text
 */
export function textOfBody(type: string, body: JsonObject, depth = 0): string | undefined {
	const known = plainType(type);
	const lines = isKnownMessageType(known)
		? (RULES[known].text?.(body, depth) ?? [])
		: [body.content, body.title];
	const text = lines.filter((line) => typeof line === 'string' && line !== '').join('\n');
	return text === '' ? undefined : text;
}

/** The `msgtype` of a forwarded item, `ChatRecordImage` say. */
function plainType(type: string): string {
	return type.replace(/^ChatRecord/, '').toLowerCase();
}

/** A message inside of a mixed, forwarded or note message. */
export interface InnerMessage {
	/** As a `msgtype`. */
	type: string;
	/** As it came where it is no object. */
	body: JsonValue | undefined;
}

/** The messages inside of a mixed, forwarded or note message, in order; of other types none. */
export function innerMessages(type: string, body: JsonObject): InnerMessage[] {
	const [items, typeKey] = (isKnownMessageType(type) && RULES[type].inner) || [];
	if (items === undefined || typeKey === undefined) return [];
	return list(body[items]).flatMap((item) => {
		const inner = field(item, typeKey);
		if (typeof inner !== 'string') return [];
		return [{ type: plainType(inner), body: opened(field(item, 'content')) }];
	});
}

/** Texts of the messages inside of another. */
function nested(
	type: KnownMessageType,
	body: JsonObject,
	depth: number,
): Array<string | undefined> {
	if (depth >= MAX_DEPTH) return [];
	return innerMessages(type, body).map((inner) => {
		if (isJsonObject(inner.body)) return textOfBody(inner.type, inner.body, depth + 1);
		return typeof inner.body === 'string' ? inner.body : undefined;
	});
}

/** What a text of JSON holds; every other value, and what is nested too deeply, as it is. */
export function opened(value: JsonValue | undefined): JsonValue | undefined {
	if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
	try {
		const json = parseJson(value);
		return isTooDeep(json) ? value : json;
	} catch {
		return value;
	}
}

function list(value: JsonValue | undefined): JsonValue[] {
	const items = opened(value);
	return Array.isArray(items) ? items : [];
}

function field(value: JsonValue, name: string): JsonValue | undefined {
	return isJsonObject(value) ? value[name] : undefined;
}
