import type * as z from 'zod/v4';

import { MAX_PAGE_SIZE, readSeq } from '../archive/pull';
import type { EncryptedRecord } from '../archive/record';
import { parseSeq } from '../archive/seq';
import { isJsonObject, objectOf, type JsonObject } from '../json';
import { fields, id, list, optional, text, wholeNumber } from './fields';
import { listIn, listOf } from './lists';
import { operation, withoutErrcode, type ListOperation } from './operation';
import type { PageInput } from './wire';
import { SYNC_WIRE, syncFields, type RecordPage } from './zoneMessages';

const pull = {
	/** A proxy the gateway should use towards WeCom, `http://…` or `socks5://…`. */
	proxy: optional(text({ maxBytes: 1024 })),
	/** `user:password` of that proxy. */
	passwd: optional(text({ maxBytes: 1024 })),
	/** The gateway's own timeout towards WeCom, seconds. */
	timeout: optional(wholeNumber(1, 600)),
	...syncFields,
};

/**
 * Input of {@link getChatData}; the cursor of the reference contract is a seq. Each contract leaves out
 * what only another one has.
 */
export type GetChatDataInput = PageInput & z.input<z.ZodObject<typeof pull>>;

/**
 * Archive records after a mark, encrypted. In the reference contract the mark of a page is the largest
 * seq in it. In the data zone it is a cursor; without one the zone begins with the oldest message of the
 * last five days. Source: reference document 4.1; document 101365.
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
				body: ({
					cursor = '0',
					limit = MAX_PAGE_SIZE,
					token: _token,
					mode: _mode,
					begin_time: _begin,
					...rest
				}) => ({
					seq: parseSeq(cursor),
					limit,
					...rest,
				}),
				read: readRecords,
			},
			dataZone: SYNC_WIRE,
		},
	}),
	maxPageSize: MAX_PAGE_SIZE,
};

/** An entry that is no object becomes a record without fields: reported, not fatal. */
function readRecords(answer: JsonObject, path: string): RecordPage {
	const entries: EncryptedRecord[] = listOf(answer, 'chatdata', {
		path,
		isEntry: isJsonObject,
	}).map(objectOf);
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
	/** The same as `exteranalopenid`, where the zone answers. */
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
			read: (answer, path) => readZoneConsents(answer, path) as Consent[],
		},
	},
});

/** What became of the question whether somebody in a group agreed. */
export type GroupConsent = Omit<Consent, 'userid'>;

/** Whether the external contacts of a group agreed to being archived. Source: document 101366. */
export const checkGroupAgree = operation({
	name: 'checkGroupAgree',
	retry: 'read',
	proof: ['agreeinfo'],
	input: fields({ roomid: id() }),
	body: toChatid,
	instead: { reference: 'Ask for each external contact of the group with `checkSingleAgree`.' },
	wires: { dataZone: { route: 'ZONE get_agree_status_room', read: readZoneConsents } },
});

/** The zone says external_userid; callers find the contact under both names. */
function readZoneConsents(answer: JsonObject, path: string): GroupConsent[] {
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
	},
});
