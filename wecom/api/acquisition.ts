import type * as z from 'zod/v4';

import { InvalidInputError } from '../errors';
import { isJsonObject, objectOf, type JsonObject } from '../json';
import { fields, flag, id, list, oneOf, optional, text, unixSeconds, wholeNumber } from './fields';
import { listIn, withLists } from './lists';
import { listOperation, operation, withoutErrcode } from './operation';

const DAY = 86_400;

/** Gotcha G4 of the reference document. */
const SEPARATE =
	'The acquisition component is authorized apart from ordinary customer contact (gotcha G4): the admin of the corp has to authorize 获客助手 for this app.';
const hints = { 48001: SEPARATE, 48002: SEPARATE };

/** Which links the corp gave to the component. */
export interface AcquisitionAuthInfo extends JsonObject {
	link_id_list: string[];
}

/** Asks for the links that the corp gave to the component. Source: reference document 4.3. */
export const getAcquisitionAuthInfo = operation({
	name: 'getAcquisitionAuthInfo',
	retry: 'read',
	token: 'suite_access_token',
	hints,
	proof: ['auth_info'],
	input: fields({}),
	read: ({ auth_info: info, ...answer }, path): AcquisitionAuthInfo => {
		const authorized = isJsonObject(info) ? info : withoutErrcode(answer);
		return { ...authorized, link_id_list: listIn(authorized, 'link_id_list', path) as string[] };
	},
	wires: { reference: 'POST /externalcontact/customer_acquisition/get_auth_info' },
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
	wires: { reference: 'POST /externalcontact/customer_acquisition_link/create' },
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
	wires: { reference: 'POST /externalcontact/customer_acquisition_link/get' },
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
	wires: { reference: 'POST /externalcontact/customer_acquisition_link/list' },
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
	wires: { reference: 'POST /externalcontact/customer_acquisition_link/update' },
});

/** Removes a link; no delete_link event follows. Source as {@link createLink}. */
export const deleteLink = operation({
	name: 'deleteLink',
	retry: 'idempotent',
	hints,
	input: fields({ link_id: id() }),
	wires: { reference: 'POST /externalcontact/customer_acquisition_link/delete' },
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
		if (start > end || end - start > 30 * DAY) {
			throw new InvalidInputError(
				'start_time',
				`"start_time" to "end_time" are ${Math.floor((end - start) / DAY)} days, expected 0 to 30`,
				'WeCom counts at most 30 days at once, within the last 180.',
			);
		}
	},
	wires: { reference: 'POST /externalcontact/customer_acquisition/statistic' },
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
	wires: { reference: 'POST /externalcontact/customer_acquisition/customer' },
});

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
