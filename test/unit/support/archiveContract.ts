import type { operations } from '../../../wecom/api';
import { CONTRACT, START } from './contract';
import {
	bytes,
	id,
	number,
	oneOf,
	optional,
	required,
	type FieldContract,
	type OperationContract,
} from './limits';
import { ZONE } from './zoneContract';

/** What Tencent's host takes and gives for an archive of the corp itself as another row has it, but for what is named. */
function like(row: OperationContract, changes: Partial<OperationContract> = {}): OperationContract {
	return { ...row, ...changes };
}

/** A field that is checked and does not go out. */
function unsent(field: FieldContract): FieldContract {
	return { ...field, good: [], otherwise: undefined };
}

/**
 * What Tencent says of every API over HTTP that a corp with an archive of its own has, written down
 * apart from the code under test: documents 91774, 91782, 92951 and 91614, for the acquisition those of
 * the data zone.
 */
export const ARCHIVE = {
	// Archive
	checkSingleAgree: like(CONTRACT.checkSingleAgree, {
		answer: {
			agreeinfo: [
				{
					status_change_time: START,
					userid: 'zhangsan',
					exteranalopenid: 'wm1',
					agree_status: 'Agree',
				},
			],
		},
		output: [
			{
				status_change_time: START,
				userid: 'zhangsan',
				exteranalopenid: 'wm1',
				external_userid: 'wm1',
				agree_status: 'Agree',
			},
		],
	}),
	checkGroupAgree: {
		path: '/msgaudit/check_room_agree',
		retry: 'read',
		least: { roomid: 'wrA' },
		full: { roomid: 'wrA' },
		fields: { roomid: required(id) },
		answer: {
			agreeinfo: [{ status_change_time: START, exteranalopenid: 'wm1', agree_status: 'Disagree' }],
		},
		output: [
			{
				status_change_time: START,
				exteranalopenid: 'wm1',
				external_userid: 'wm1',
				agree_status: 'Disagree',
			},
		],
	},
	getInnerGroup: like(CONTRACT.getInnerGroup, {
		path: '/msgaudit/groupchat/get',
		answer: {
			roomname: '群',
			creator: 'u1',
			room_create_time: START,
			notice: '',
			members: [{ memberid: 'u1', jointime: START }],
		},
		output: {
			roomname: '群',
			creator: 'u1',
			room_create_time: START,
			notice: '',
			members: [{ memberid: 'u1', jointime: START }],
		},
	}),
	getRobot: {
		method: 'GET',
		path: '/msgaudit/get_robot_info',
		retry: 'read',
		least: { robot_id: 'wbRobot1' },
		full: { robot_id: 'wbRobot1' },
		fields: { robot_id: required(id) },
		answer: { data: { robot_id: 'wbRobot1', name: 'bot', creator_userid: 'u1' } },
		output: { robot_id: 'wbRobot1', name: 'bot', creator_userid: 'u1' },
	},
	listPermittedMembers: like(CONTRACT.listPermittedMembers, {
		leastBody: {},
		fullBody: { type: 2 },
		fields: {
			type: optional(oneOf(1, 2, 3)),
			cursor: unsent(optional(bytes(1024))),
			limit: unsent(optional(number(1, 1000))),
		},
		answer: { ids: ['u1', 'u2'] },
		output: { entries: [{ userid: 'u1' }, { userid: 'u2' }], nextCursor: '' },
	}),

	// Acquisition
	createLink: like(ZONE.createLink),
	getLink: like(ZONE.getLink),
	listLinks: like(ZONE.listLinks),
	updateLink: like(ZONE.updateLink),
	deleteLink: like(ZONE.deleteLink),
	getLinkStatistics: like(ZONE.getLinkStatistics),
	listLinkCustomers: like(ZONE.listLinkCustomers),
	getAcquisitionQuota: like(ZONE.getAcquisitionQuota),
	getLinkChatInfo: like(ZONE.getLinkChatInfo),
} satisfies Partial<Record<keyof typeof operations, OperationContract>>;

/** What goes through Tencent's library: its functions are called, and nothing is sent. */
export const LIBRARY = {
	getChatData: 'GetChatData',
	getMediaPiece: 'GetMediaData',
} as const satisfies Partial<Record<keyof typeof operations, string>>;
