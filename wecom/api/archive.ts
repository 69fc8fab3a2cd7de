import type * as z from 'zod/v4';

import { MAX_PAGE_SIZE, readSeq } from '../archive/pull';
import type { EncryptedRecord } from '../archive/record';
import { parseSeq } from '../archive/seq';
import { isJsonObject, objectOf, type JsonObject, type JsonValue } from '../json';
import { fields, id, list, optional, text, wholeNumber } from './fields';
import { listIn, listOf } from './lists';
import { operation, withoutErrcode, type ListOperation } from './operation';
import type { PageInput } from './wire';
import { SYNC_WIRE, syncFields, type RecordPage } from './zoneMessages';

const ARCHIVE_SECRET =
	'Correct corp id and secret: the secret is that of 会话内容存档 in the admin console, not that of an app. WeCom bans an address for an hour that goes on with a wrong one.';

const pull = {
	/** A proxy that the gateway or Tencent's library should use towards WeCom, `http://…` or `socks5://…`. */
	proxy: optional(text({ maxBytes: 1024 })),
	/** `user:password` of that proxy. */
	passwd: optional(text({ maxBytes: 1024 })),
	/** The timeout of the gateway or the library towards WeCom, seconds. */
	timeout: optional(wholeNumber(1, 600)),
	...syncFields,
};

/**
 * Input of {@link getChatData}; the cursor of the reference contract is a seq. Each contract leaves out
 * what only another one has.
 */
export type GetChatDataInput = PageInput & z.input<z.ZodObject<typeof pull>>;

/**
 * Archive records after a mark, encrypted. In the reference contract and in an archive of the corp itself
 * the mark of a page is the largest seq in it. In the data zone it is a cursor; without one the zone
 * begins with the oldest message of the last five days.
 * Source: reference document 4.1; documents 101365 and 91774.
 */
export const getChatData: ListOperation<GetChatDataInput, EncryptedRecord, RecordPage> = {
	...operation({
		name: 'getChatData',
		retry: 'read',
		input: fields({
			cursor: optional(text({ maxBytes: 1024 })),
			limit: optional(wholeNumber(1, MAX_PAGE_SIZE)),
			...pull,
		}),
		secrets: ({ proxy, passwd, token }) =>
			[passwd, /\/\/(.*)@/.exec(proxy ?? '')?.[1]]
				.flatMap((credentials) =>
					credentials ? [credentials, credentials.slice(credentials.indexOf(':') + 1)] : [],
				)
				.concat(token || []),
		wires: {
			reference: {
				route: 'POST /msgaudit/get_chat_data',
				marks: 'seq',
				proof: ['chatdata'],
				body: afterSeq,
				read: (answer, path) => pageOf(listOf(answer, 'chatdata', { path, isEntry: isJsonObject })),
			},
			dataZone: SYNC_WIRE,
			messageArchive: {
				route: 'LIBRARY GetChatData',
				marks: 'seq',
				hints: {
					40001: ARCHIVE_SECRET,
					40013: ARCHIVE_SECRET,
					40091: ARCHIVE_SECRET,
					41002: ARCHIVE_SECRET,
					41004: ARCHIVE_SECRET,
					48002: ARCHIVE_SECRET,
				},
				body: afterSeq,
				read: (answer, path) => pageOf(listIn(answer, 'chatdata', path)),
			},
		},
	}),
	maxPageSize: MAX_PAGE_SIZE,
};

/** What a request for the records after a seq says. */
function afterSeq({
	cursor = '0',
	limit = MAX_PAGE_SIZE,
	token: _token,
	mode: _mode,
	begin_time: _begin,
	...rest
}: PageInput & z.output<z.ZodObject<typeof pull>>): object {
	return { seq: parseSeq(cursor), limit, ...rest };
}

/** An entry that is no object becomes a record without fields: reported, not fatal. */
function pageOf(chatdata: readonly JsonValue[]): RecordPage {
	const entries: EncryptedRecord[] = chatdata.map(objectOf);
	const seqs = entries.map(readSeq).filter((one) => one !== undefined);
	const largest = seqs.reduce((most, one) => (one > most ? one : most), 0n);
	return { entries, nextCursor: seqs.length === 0 ? '' : String(largest) };
}

/** One staff member and one external contact. */
export interface ConsentPair {
	userid: string;
	/** The external_userid; the spelling is WeCom's. */
	exteranalopenid: string;
}

/** What became of the question whether an external contact agreed. */
export interface Consent extends ConsentPair {
	/** `Agree`, `Default_Agree` or `Disagree`. */
	agree_status?: string;
	/** Seconds since 1970. */
	status_change_time?: number;
	/** The same as `exteranalopenid`; a gateway of the reference may leave it out. */
	external_userid?: string;
}

/** Most pairs WeCom takes in one call; 301060 beyond. */
export const MAX_CONSENT_PAIRS = 100;

/**
 * Whether external contacts agreed to being archived, at most 100 pairs.
 * Source: reference document 3; documents 91782 and 101366.
 */
export const checkSingleAgree = operation({
	name: 'checkSingleAgree',
	retry: 'read',
	proof: ['agreeinfo'],
	input: fields({
		info: list(fields({ userid: id(), exteranalopenid: id() }), { min: 1, max: MAX_CONSENT_PAIRS }),
	}),
	read: (answer, path) =>
		listOf(answer, 'agreeinfo', { path, isEntry: isJsonObject }).filter(
			isJsonObject,
		) as unknown as Consent[],
	wires: {
		reference: 'POST /msgaudit/check_single_agree',
		dataZone: {
			route: 'ZONE get_agree_status_single',
			body: ({ info }) => ({
				item: info.map(({ userid, exteranalopenid }) => ({
					userid,
					external_userid: exteranalopenid,
				})),
			}),
			read: (answer, path) => readConsents(answer, path) as Consent[],
		},
		messageArchive: {
			route: 'POST /msgaudit/check_single_agree',
			read: (answer, path) => readConsents(answer, path) as Consent[],
		},
	},
});

/** What became of the question whether somebody in a group agreed. */
export type GroupConsent = Omit<Consent, 'userid'>;

/** Whether the external contacts of a group agreed to being archived. Source: documents 101366 and 91782. */
export const checkGroupAgree = operation({
	name: 'checkGroupAgree',
	retry: 'read',
	proof: ['agreeinfo'],
	input: fields({ roomid: id() }),
	read: readConsents,
	instead: { reference: 'Ask for each external contact of the group with `checkSingleAgree`.' },
	wires: {
		dataZone: { route: 'ZONE get_agree_status_room', body: toChatid },
		messageArchive: 'POST /msgaudit/check_room_agree',
	},
});

/** The zone says external_userid, others exteranalopenid: callers find the contact under both names. */
function readConsents(answer: JsonObject, path: string): GroupConsent[] {
	return listOf(answer, 'agreeinfo', { path, isEntry: isJsonObject })
		.filter(isJsonObject)
		.map((consent) => {
			const contact = consent.external_userid ?? consent.exteranalopenid ?? '';
			return { ...consent, external_userid: contact, exteranalopenid: contact } as GroupConsent;
		});
}

/** The zone's name for a group. */
function toChatid({ roomid }: { roomid: string }): object {
	return { chatid: roomid };
}

/** A robot of the corp. */
export interface Robot {
	robot_id: string;
	name?: string;
	creator_userid?: string;
}

/** Name and creator of a robot; its id, wb…, is the sender in messages. Source: document 91774 */
export const getRobot = operation({
	name: 'getRobot',
	retry: 'read',
	proof: ['data'],
	input: fields({ robot_id: id() }),
	read: ({ data }) => objectOf(data) as unknown as Robot,
	instead: {
		dataZone: 'The zone tells of a robot no more than its id, as the sender of messages.',
	},
	wires: { messageArchive: 'GET /msgaudit/get_robot_info' },
});

/** An internal group as WeCom describes it. */
export interface InnerGroup {
	roomname?: string;
	creator?: string;
	/** Seconds since 1970. */
	room_create_time?: number;
	notice?: string;
	/** `jointime` in seconds since 1970; `type`, of the zone alone, 1 staff, 2 customer, 3 robot. */
	members: Array<{ memberid: string; jointime: number; type?: number }>;
}

/**
 * Name, creator, notice and members of an internal group.
 * The zone tells neither name nor notice. Source: reference document 3; documents 92951 and 99825.
 */
export const getInnerGroup = operation({
	name: 'getInnerGroup',
	retry: 'read',
	proof: ['roomname', 'creator', 'members'],
	input: fields({ roomid: id() }),
	read: (answer, path) =>
		({
			...withoutErrcode(answer),
			members: listIn(answer, 'members', path).filter(isJsonObject),
		}) as unknown as InnerGroup,
	wires: {
		reference: 'POST /msgaudit/get_inner_group',
		dataZone: { route: 'ZONE get_group_chat', body: toChatid },
		messageArchive: 'POST /msgaudit/groupchat/get',
	},
});
