import type * as z from 'zod/v4';

import { InvalidInputError } from '../errors';
import { isJsonObject, objectOf } from '../json';
import { fields, flag, id, list, oneOf, optional, text, unixSeconds, wholeNumber } from './fields';
import { CORP_PAYS } from './inOwnArchive';
import { listIn, withLists } from './lists';
import { asTencent, inEveryContract, listOperation, operation, withoutErrcode } from './operation';

const DAY = 86_400;

/** Gotcha G4 of the reference document. */
const SEPARATE =
	'The acquisition component is authorized apart from ordinary customer contact (gotcha G4): the admin of the corp has to authorize 获客助手 for this app.';
const hints = { 48001: SEPARATE, 48002: SEPARATE };

/** What the corp gave to the component: its links in the reference, who pays for what in the zone. */
export interface AcquisitionAuthInfo {
	link_id_list?: string[];
	/** 0 the corp pays, 1 the provider. */
	pay_mode?: number;
	/** Fen for a customer; only where the provider pays. */
	price?: number;
	/** 0 the corp chooses the links, 1 the links of `auth_apps`. */
	link_auth_mode?: number;
	auth_apps?: Array<{ agentid: number }>;
}

/**
 * Asks for what the corp gave to the component. Source: reference document 4.3; document 99610, where
 * the access_token of the corp is asked for, and the links are not told.
 */
export const getAcquisitionAuthInfo = operation({
	name: 'getAcquisitionAuthInfo',
	retry: 'read',
	hints,
	input: fields({}),
	instead: {
		messageArchive:
			'An app of the corp itself is authorized by nobody else: `listLinks` tells whether it may use links.',
	},
	wires: {
		reference: {
			route: 'POST /externalcontact/customer_acquisition/get_auth_info',
			token: 'suite_access_token',
			proof: ['auth_info'],
			read: ({ auth_info: info, ...answer }, path): AcquisitionAuthInfo => {
				const authorized = isJsonObject(info) ? info : withoutErrcode(answer);
				const links = listIn(authorized, 'link_id_list', path) as string[];
				return { ...authorized, link_id_list: links };
			},
		},
		dataZone: {
			route: 'POST /externalcontact/customer_acquisition/get_comp_auth_info',
			proof: ['pay_mode', 'link_auth_mode'],
			read: (answer, path): AcquisitionAuthInfo =>
				withLists(withoutErrcode(answer), ['auth_apps'], path),
		},
	},
});

const MAX_PEOPLE = 500;
const linkFields = {
	range: fields({
		user_list: optional(list(id(), { max: MAX_PEOPLE })),
		department_list: optional(list(wholeNumber(0, 2 ** 32 - 1), { max: MAX_PEOPLE })),
	}),
	skip_verify: optional(flag()),
	/** Only apps for marketing acquisition (营销获客). */
	mark_source: optional(flag()),
	/** Only some business categories. */
	priority_option: optional(
		fields({
			/** 1 existing friends in the whole corp, 2 those of the list. */
			priority_type: oneOf(1, 2),
			priority_userid_list: optional(list(id(), { max: 1000 })),
		}),
	),
};
const linkName = () => text({ maxCharacters: 30 });
const newLink = fields({ link_name: linkName(), ...linkFields });

/** A link as it is written. */
export type NewLink = z.input<typeof newLink>;

/** A link as WeCom describes it, in one level; what WeCom leaves out is left out. */
export interface Link {
	link_id?: string;
	link_name?: string;
	url?: string;
	/** Seconds since 1970. */
	create_time?: number;
	skip_verify?: boolean;
	user_list?: string[];
	department_list?: number[];
	/** 1 existing friends in the whole corp, 2 those of the list. */
	priority_type?: number;
	priority_userid_list?: string[];
}

/**
 * Makes a link. Source: reference document 3; fields of
 * https://developer.work.weixin.qq.com/document/path/97398
 */
export const createLink = operation({
	name: 'createLink',
	retry: 'once',
	findOut: 'Look with `listLinks` whether the link is there before you create it again.',
	hints,
	input: newLink,
	check: checkLink,
	read: ({ link, ...answer }): Link => ({ ...withoutErrcode(answer), ...objectOf(link) }),
	wires: {
		reference: 'POST /externalcontact/customer_acquisition_link/create',
		...asTencent('POST /externalcontact/customer_acquisition/create_link'),
	},
});

/** One link with its people. Source as {@link createLink}. */
export const getLink = operation({
	name: 'getLink',
	retry: 'read',
	hints,
	proof: ['link'],
	input: fields({ link_id: id() }),
	read: ({ link, range, priority_option: priority, ...answer }, path): Link => ({
		...withoutErrcode(answer),
		...objectOf(link),
		...withLists(objectOf(range), ['user_list', 'department_list'], path),
		...objectOf(priority),
	}),
	wires: {
		reference: 'POST /externalcontact/customer_acquisition_link/get',
		...asTencent('POST /externalcontact/customer_acquisition/get'),
	},
});

/** The ids of all links. Source as {@link createLink}. */
export const listLinks = listOperation({
	name: 'listLinks',
	hints,
	input: {},
	maxPageSize: 100,
	list: 'link_id_list',
	id: 'link_id',
	entry: ({ link_id: link }) => String(link),
	wires: {
		reference: 'POST /externalcontact/customer_acquisition_link/list',
		...asTencent('POST /externalcontact/customer_acquisition/list_link'),
	},
});

/** Changes a link; range and priority_option are replaced, not merged. Source as {@link createLink}. */
export const updateLink = operation({
	name: 'updateLink',
	retry: 'idempotent',
	hints,
	input: fields({
		link_id: id(),
		link_name: optional(linkName()),
		...linkFields,
		range: optional(linkFields.range),
	}),
	check: checkLink,
	wires: {
		reference: 'POST /externalcontact/customer_acquisition_link/update',
		...asTencent('POST /externalcontact/customer_acquisition/update_link'),
	},
});

/** Removes a link; no delete_link event follows. Source as {@link createLink}. */
export const deleteLink = operation({
	name: 'deleteLink',
	retry: 'idempotent',
	hints,
	input: fields({ link_id: id() }),
	wires: {
		reference: 'POST /externalcontact/customer_acquisition_link/delete',
		...asTencent('POST /externalcontact/customer_acquisition/delete_link'),
	},
});

/**
 * How often a link was opened and how many customers came, over whole days.
 * Source: reference document 3; https://developer.work.weixin.qq.com/document/path/97400
 */
export const getLinkStatistics = operation({
	name: 'getLinkStatistics',
	retry: 'read',
	hints,
	proof: ['click_link_customer_cnt', 'new_customer_cnt'],
	input: fields({ link_id: id(), start_time: unixSeconds(), end_time: unixSeconds() }),
	check({ start_time: start, end_time: end }) {
		const problem = spanProblem(start, end, 30);
		if (problem) {
			throw new InvalidInputError(
				'start_time',
				`"start_time" to "end_time" ${problem}`,
				'WeCom counts at most 30 days at once, within the last 180.',
			);
		}
	},
	wires: inEveryContract('POST /externalcontact/customer_acquisition/statistic'),
});

/** A customer who came through a link. */
export interface LinkCustomer {
	external_userid: string;
	userid: string;
	/** 0 no message yet, 1 wrote, 2 unknown. */
	chat_status: number;
	/** The customer_channel of the link. */
	state?: string;
}

/** Who came through a link. Source: reference document 3; document 101359. */
export const listLinkCustomers = listOperation({
	name: 'listLinkCustomers',
	hints,
	input: { link_id: id() },
	maxPageSize: 1000,
	list: 'customer_list',
	id: 'external_userid',
	entry: (value) => value as unknown as LinkCustomer,
	wires: inEveryContract('POST /externalcontact/customer_acquisition/customer'),
});

/** How many customers may still come through links. */
export interface AcquisitionQuota {
	/** How many came so far. */
	total?: number;
	/** How many may still come. */
	balance?: number;
	/** `expire_date` in seconds since 1970, the midnight of that day. */
	quota_list: Array<{ expire_date: number; balance: number }>;
}

/** How many customers may still come through links, and until when. Source: document 97375. */
export const getAcquisitionQuota = operation({
	name: 'getAcquisitionQuota',
	retry: 'read',
	hints,
	proof: ['total', 'balance', 'quota_list'],
	input: fields({}),
	read: (answer, path) =>
		({
			...withoutErrcode(answer),
			quota_list: listIn(answer, 'quota_list', path),
		}) as unknown as AcquisitionQuota,
	wires: asTencent('GET /externalcontact/customer_acquisition_quota'),
});

/** How often a customer of a link wrote, and who it is. */
export interface LinkChatInfo {
	/** Not told to the component. */
	userid?: string;
	/** Not told to the component. */
	external_userid?: string;
	/** `recv_msg_cnt`: how many messages the member got. `state`: the customer_channel of the link. */
	chat_info: { recv_msg_cnt?: number; link_id?: string; state?: string };
}

/** What a member got from a customer of a link, by the key of an event. Source: document 101361. */
export const getLinkChatInfo = operation({
	name: 'getLinkChatInfo',
	retry: 'read',
	hints,
	proof: ['chat_info'],
	input: fields({ chat_key: text({ maxBytes: 1024 }) }),
	instead: {
		reference: 'See chat_status of `listLinkCustomers`: it tells whether a customer wrote.',
	},
	read: ({ chat_info: info, ...answer }): LinkChatInfo => ({
		...withoutErrcode(answer),
		chat_info: objectOf(info),
	}),
	wires: asTencent('POST /externalcontact/customer_acquisition/get_chat_info'),
});

/** How many keys one call makes at most. Source: document 99603. */
export const MAX_ONCE_KEYS = 1000;

/**
 * Makes keys with which the provider pays for one customer each; they go behind the link as
 * `once_key` and are good for 14 days. Source: document 99603.
 */
export const createOnceKeys = operation({
	name: 'createOnceKeys',
	retry: 'once',
	findOut:
		'No list tells which keys there are. Those that nobody uses cost nothing and end after 14 days: create new ones where you need them.',
	hints,
	input: fields({
		link_id: id(),
		/** 100 when left out. */
		key_num: optional(wholeNumber(1, MAX_ONCE_KEYS)),
	}),
	read: (answer, path) => ({ keys: listIn(answer, 'keys', path) as string[] }),
	instead: { messageArchive: CORP_PAYS },
	wires: { dataZone: 'POST /externalcontact/customer_acquisition/create_once_key' },
});

/** A payment of the provider for a customer of a link. */
export interface Bill {
	/** Seconds since 1970. */
	timestamp: number;
	/** None once the link is deleted. */
	link_id?: string;
	/** The customer_channel of the link. */
	state?: string;
	/** Fen. */
	price: number;
}

/**
 * What the provider paid for the customers of a corp; a day is complete on the next one.
 * Source: document 99602.
 */
export const listBills = listOperation({
	name: 'listBills',
	token: 'suite_access_token',
	hints,
	input: { begin_time: unixSeconds(), end_time: unixSeconds(), auth_corpid: id() },
	maxPageSize: 1000,
	list: 'bill_list',
	id: 'timestamp',
	entry: (value) => value as unknown as Bill,
	check({ begin_time: begin, end_time: end }) {
		const problem = spanProblem(begin, end, 31);
		if (problem) {
			throw new InvalidInputError(
				'begin_time',
				`"begin_time" to "end_time" ${problem}`,
				'WeCom lists at most 31 days at once.',
			);
		}
	},
	instead: { messageArchive: CORP_PAYS },
	wires: { dataZone: 'POST /service/customer_acquisition/get_bill_list' },
});

/** What is wrong with a period of seconds, undefined where nothing is; days that only began count whole. */
function spanProblem(begin: number, end: number, maxDays: number): string | undefined {
	const days = (end - begin) / DAY;
	if (days >= 0 && days <= maxDays) return undefined;
	return `are ${days < 0 ? Math.floor(days) : Math.ceil(days)} days, expected 0 to ${maxDays}`;
}

function checkLink({ range, priority_option: priority }: Partial<z.output<typeof newLink>>): void {
	if (range && !range.user_list?.length && !range.department_list?.length) {
		throw new InvalidInputError(
			'range',
			'"range" has neither members nor departments, expected at least one',
			'Say who receives the customers: up to 500 people, all within the visible range of the app.',
		);
	}
	if (priority?.priority_type === 2 && !priority.priority_userid_list?.length) {
		throw new InvalidInputError(
			'priority_option.priority_userid_list',
			'"priority_option.priority_userid_list" is empty, expected members because priority_type is 2',
			'Name the members to prefer, or choose existing friends in the whole corp.',
		);
	}
}
