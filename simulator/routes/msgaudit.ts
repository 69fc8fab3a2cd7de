import { MAX_SEQ } from '../archive';
import type { Contract } from '../contracts';
import type { Group, World } from '../data/world';
import { Refusal } from '../refusal';
import { OWN_APP } from '../tokens';
import { ok, type ApiCall, type ApiRoute } from './api';
import {
	isFilled,
	isInteger,
	isList,
	isString,
	required,
	takeFields,
	type FieldRule,
} from './fields';

/** The contracts that have consent under the same path. */
const BOTH: readonly Contract[] = ['reference', 'messageArchive'];

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
const getChatData: ApiRoute = {
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
const checkSingleAgree: ApiRoute = {
	contract: BOTH,
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

const ROOM = { roomid: required(isFilled) };

/** POST /msgaudit/check_room_agree (document path 91782): customers of a group that has any. */
const checkRoomAgree: ApiRoute = {
	contract: 'messageArchive',
	method: 'POST',
	path: '/msgaudit/check_room_agree',
	token: 'access_token',
	answer({ world }, call) {
		requireOwnApp(call);
		const group = groupOf(world, takeFields(call.body, ROOM).roomid as string);
		if (group.internal) throw new Refusal(301059, 'a group without customers');
		const customers = world.customers.filter(({ externalUserid }) =>
			group.members.some(({ id }) => id === externalUserid),
		);
		return ok({
			agreeinfo: customers.map(({ externalUserid, agrees, decidedAt }) => ({
				status_change_time: decidedAt,
				exteranalopenid: externalUserid,
				agree_status: agrees ? 'Agree' : 'Disagree',
			})),
		});
	},
};

/** POST /msgaudit/get_inner_group (fields of document path 92951): internal groups only. */
const getInnerGroup: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: '/msgaudit/get_inner_group',
	token: 'access_token',
	answer: ({ world }, { body }) => innerGroup(world, body),
};

/** POST /msgaudit/groupchat/get (document path 92951): the same where Tencent has it. */
const getGroupChat: ApiRoute = {
	contract: 'messageArchive',
	method: 'POST',
	path: '/msgaudit/groupchat/get',
	token: 'access_token',
	answer({ world }, call) {
		requireOwnApp(call);
		return innerGroup(world, call.body);
	},
};

/** GET /msgaudit/get_robot_info (document path 91774). */
const getRobotInfo: ApiRoute = {
	contract: 'messageArchive',
	method: 'GET',
	path: '/msgaudit/get_robot_info',
	token: 'access_token',
	answer({ world }, call) {
		requireOwnApp(call);
		const { robot_id: id = '' } = call.query;
		if (id === '') throw new Refusal(40063, 'robot_id is missing');
		const robot = world.robots.find(({ robotId }) => robotId === id);
		if (robot === undefined) throw new Refusal(40058, 'robot_id does not exist');
		const { robotId, name, creator } = robot;
		return ok({ data: { robot_id: robotId, name, creator_userid: creator } });
	},
};

/** What is asked of the archive beside its messages. */
export const msgauditRoutes: readonly ApiRoute[] = [
	getChatData,
	checkSingleAgree,
	checkRoomAgree,
	getInnerGroup,
	getGroupChat,
	getRobotInfo,
];

/** @throws Refusal 48002 for the token of an app that somebody else made: the archive is not its own */
export function requireOwnApp({ owner }: ApiCall): void {
	if (owner?.app !== OWN_APP) throw new Refusal(48002);
}

function innerGroup(world: World, body: unknown): string {
	const group = groupOf(world, takeFields(body, ROOM).roomid as string);
	if (!group.internal) throw new Refusal(301059);
	return ok({
		roomname: group.name,
		creator: group.creator,
		room_create_time: group.createdAt,
		notice: group.notice,
		members: group.members.map(({ id, joinedAt }) => ({ memberid: id, jointime: joinedAt })),
	});
}

function groupOf({ groups }: World, roomid: string): Group {
	const group = groups.find((one) => one.roomid === roomid);
	if (group === undefined) throw new Refusal(40058, 'roomid does not exist');
	return group;
}
