import { MAX_SEQ } from '../archive';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import { isFilled, isInteger, isList, isString, takeFields, type FieldRule } from './fields';

const MAX_INT32 = 2n ** 31n - 1n;
/** Most pairs in one consent query. */
const MAX_PAIRS = 100;

const CHAT_DATA_FIELDS: Readonly<Record<string, FieldRule>> = {
	seq: { required: true, check: isInteger(0n, MAX_SEQ) },
	limit: { required: true, check: isInteger(1n, 1000n) },
	proxy: { required: false, check: isString },
	passwd: { required: false, check: isString },
	timeout: { required: false, check: isInteger(1n, MAX_INT32) },
};

/** POST /msgaudit/get_chat_data (reference contract, section 4.1). */
export const getChatData: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: '/msgaudit/get_chat_data',
	token: 'access_token',
	answer({ archive, maxResponseBytes }, { body }) {
		const { seq, limit } = takeFields(body, CHAT_DATA_FIELDS);
		const records = archive.page(seq as bigint, Number(limit));
		const text = `{"errcode":0,"errmsg":"ok","chatdata":[${records.join(',')}]}`;
		if (Buffer.byteLength(text) > maxResponseBytes) throw new Refusal(301058);
		return text;
	},
};

const PAIR_FIELDS: Readonly<Record<string, FieldRule>> = {
	userid: { required: true, check: isFilled },
	exteranalopenid: { required: true, check: isFilled },
};

/** POST /msgaudit/check_single_agree (document path 91782; the misspelling is Tencent's). */
export const checkSingleAgree: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: '/msgaudit/check_single_agree',
	token: 'access_token',
	answer({ world }, { body }) {
		const { info } = takeFields(body, { info: { required: true, check: isList } });
		const pairs = info as unknown[];
		if (pairs.length === 0) throw new Refusal(40063, 'info is empty');
		if (pairs.length > MAX_PAIRS) throw new Refusal(301060);
		const agreeinfo = pairs.map((pair, index) => {
			const { userid, exteranalopenid } = takeFields(pair, PAIR_FIELDS, `info[${index}].`);
			const member = world.members.find((one) => one.userid === userid);
			const customer = world.customers.find((one) => one.externalUserid === exteranalopenid);
			if (member === undefined || customer === undefined) {
				throw new Refusal(301061, `info[${index}]`);
			}
			return {
				status_change_time: customer.decidedAt,
				userid,
				exteranalopenid,
				agree_status: customer.agrees ? 'Agree' : 'Disagree',
			};
		});
		return ok({ agreeinfo });
	},
};

/** POST /msgaudit/get_inner_group (fields of document path 92951): internal groups only. */
export const getInnerGroup: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: '/msgaudit/get_inner_group',
	token: 'access_token',
	answer({ world }, { body }) {
		const { roomid } = takeFields(body, { roomid: { required: true, check: isFilled } });
		const group = world.groups.find((one) => one.roomid === roomid);
		if (group === undefined) throw new Refusal(40058, 'roomid does not exist');
		if (!group.internal) throw new Refusal(301059);
		return ok({
			roomname: group.name,
			creator: group.creator,
			room_create_time: group.createdAt,
			notice: group.notice,
			members: group.members.map(({ id, joinedAt }) => ({ memberid: id, jointime: joinedAt })),
		});
	},
};
