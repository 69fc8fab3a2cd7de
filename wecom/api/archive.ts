import { MAX_PAGE_SIZE } from '../archive/pull';
import type { EncryptedRecord } from '../archive/record';
import { isJsonObject } from '../json';
import { fields, id, list, optional, seq, text, wholeNumber } from './fields';
import { listIn, listOf } from './lists';
import { operation, withoutErrcode, type Operation } from './operation';

/** Input of {@link getChatData}. */
export interface GetChatDataInput {
	/** Records after this seq. */
	seq: bigint | number | string;
	/** Most records in the answer, 1 to 1000. */
	limit: number;
	/** A proxy the gateway should use towards WeCom, `http://…` or `socks5://…`. */
	proxy?: string;
	/** `user:password` of that proxy. */
	passwd?: string;
	/** The gateway's own timeout towards WeCom, seconds. */
	timeout?: number;
}

/** Archive records after a seq, encrypted. Source: reference document 4.1. */
export const getChatData: Operation<GetChatDataInput, EncryptedRecord[]> = operation({
	path: '/msgaudit/get_chat_data',
	retry: 'read',
	proof: ['chatdata'],
	input: fields({
		seq: seq(),
		limit: wholeNumber(1, MAX_PAGE_SIZE),
		proxy: optional(text({ maxBytes: 1024 })),
		passwd: optional(text({ maxBytes: 1024 })),
		timeout: optional(wholeNumber(1, 600)),
	}),
	secrets: ({ proxy, passwd }) =>
		[passwd, /\/\/(.*)@/.exec(proxy ?? '')?.[1]].flatMap((credentials) =>
			credentials ? [credentials, credentials.slice(credentials.indexOf(':') + 1)] : [],
		),
	// An entry that is no object becomes a record without fields: reported, not fatal.
	read: (answer) =>
		listOf(answer, 'chatdata', {
			path: '/msgaudit/get_chat_data',
			isEntry: isJsonObject,
		}).map((entry) => (isJsonObject(entry) ? entry : {})),
});

/** One staff member and one external contact. */
export interface ConsentPair {
	userid: string;
	/** The external_userid; the spelling is WeCom's. */
	exteranalopenid: string;
}

/** Most pairs WeCom takes in one call; 301060 beyond. */
export const MAX_CONSENT_PAIRS = 100;

/**
 * Whether external contacts agreed to being archived, at most 100 pairs.
 * Source: reference document 3; https://developer.work.weixin.qq.com/document/path/91782
 */
export const checkSingleAgree = operation({
	path: '/msgaudit/check_single_agree',
	retry: 'read',
	proof: ['agreeinfo'],
	input: fields({
		info: list(fields({ userid: id(), exteranalopenid: id() }), { min: 1, max: MAX_CONSENT_PAIRS }),
	}),
	read: (answer) =>
		listOf(answer, 'agreeinfo', {
			path: '/msgaudit/check_single_agree',
			isEntry: isJsonObject,
		}).filter(isJsonObject),
});

/** An internal group as WeCom describes it. */
export interface InnerGroup {
	roomname?: string;
	creator?: string;
	/** Seconds since 1970. */
	room_create_time?: number;
	notice?: string;
	/** `jointime` in seconds since 1970. */
	members: Array<{ memberid: string; jointime: number }>;
}

/**
 * Name, creator, notice and members of an internal group.
 * Source: reference document 3; https://developer.work.weixin.qq.com/document/path/92951
 */
export const getInnerGroup = operation({
	path: '/msgaudit/get_inner_group',
	retry: 'read',
	proof: ['roomname', 'creator', 'members'],
	input: fields({ roomid: id() }),
	read: (answer) =>
		({
			...withoutErrcode(answer),
			members: listIn(answer, 'members', '/msgaudit/get_inner_group').filter(isJsonObject),
		}) as unknown as InnerGroup,
});
