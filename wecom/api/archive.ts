import type { EncryptedRecord } from '../archive/record';
import { MAX_PAGE_SIZE } from '../archive/pull';
import { parseSeq } from '../archive/seq';
import { InvalidInputError, WecomResponseError } from '../errors';
import { isJsonObject, type JsonObject } from '../json';
import { requiredText, wholeNumber } from './fields';
import type { Operation } from './operation';

const MAX_ID_BYTES = 128;

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
export const getChatData: Operation<GetChatDataInput, EncryptedRecord[]> = {
	path: '/msgaudit/get_chat_data',
	token: 'access_token',
	retry: 'read',
	body: ({ seq, limit, proxy, passwd, timeout }) => ({
		seq: parseSeq(seq),
		limit: wholeNumber('limit', limit, 1, MAX_PAGE_SIZE),
		...(proxy ? { proxy: requiredText('proxy', proxy, 1024) } : {}),
		...(passwd ? { passwd: requiredText('passwd', passwd, 1024) } : {}),
		...(timeout === undefined ? {} : { timeout: wholeNumber('timeout', timeout, 1, 600) }),
	}),
	secrets: ({ proxy, passwd }) =>
		[passwd, /\/\/(.*)@/.exec(proxy ?? '')?.[1]].flatMap((credentials) =>
			credentials ? [credentials, credentials.slice(credentials.indexOf(':') + 1)] : [],
		),
	// An entry that is no object becomes a record without fields: reported, not fatal.
	read: (answer) =>
		listOf(answer, 'chatdata', getChatData.path).map((entry) => (isJsonObject(entry) ? entry : {})),
};

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
export const checkSingleAgree: Operation<{ info: ConsentPair[] }, JsonObject[]> = {
	path: '/msgaudit/check_single_agree',
	token: 'access_token',
	retry: 'read',
	body: ({ info }) => {
		const pairs: unknown = info;
		if (!Array.isArray(pairs) || pairs.length < 1 || pairs.length > MAX_CONSENT_PAIRS) {
			throw new InvalidInputError(
				'info',
				`"info" ${Array.isArray(pairs) ? `holds ${pairs.length} pairs` : 'is no list of pairs'}, WeCom takes 1 to ${MAX_CONSENT_PAIRS} in one call`,
			);
		}
		return {
			info: pairs.map((pair: Partial<ConsentPair> | null) => ({
				userid: requiredText('userid', pair?.userid, MAX_ID_BYTES, 'The userid of a staff member.'),
				exteranalopenid: requiredText(
					'exteranalopenid',
					pair?.exteranalopenid,
					MAX_ID_BYTES,
					'The external_userid of a customer, it begins with wm or wo.',
				),
			})),
		};
	},
	read: (answer) => listOf(answer, 'agreeinfo', checkSingleAgree.path).filter(isJsonObject),
};

/** An internal group as WeCom describes it. */
export interface InnerGroup {
	roomname?: string;
	creator?: string;
	/** Seconds since 1970. */
	room_create_time?: number;
	notice?: string;
	/** `jointime` in seconds since 1970. */
	members?: Array<{ memberid: string; jointime: number }>;
}

/**
 * Name, creator, notice and members of an internal group.
 * Source: reference document 3; https://developer.work.weixin.qq.com/document/path/92951
 */
export const getInnerGroup: Operation<{ roomid: string }, InnerGroup> = {
	path: '/msgaudit/get_inner_group',
	token: 'access_token',
	retry: 'read',
	body: ({ roomid }) => ({
		roomid: requiredText(
			'roomid',
			roomid,
			MAX_ID_BYTES,
			'The roomid of an internal group, it begins with wr; messages of the group carry it.',
		),
	}),
	read: ({ errcode: _errcode, errmsg: _errmsg, ...group }) => group as InnerGroup,
};

/** A list the answer must have: taking its absence for "no more" would lose records. */
function listOf(answer: JsonObject, field: string, path: string): JsonObject[] {
	const list = answer[field];
	if (Array.isArray(list)) return list as JsonObject[];
	throw new WecomResponseError(
		200,
		true,
		path,
		`The answer to ${path} has errcode 0 but no list "${field}"`,
		'Look at the server behind the base URL: the reference document promises this list, empty or not.',
	);
}
