import type { LinkBody } from '../acquisition';
import type { World } from '../data/world';
import { withPlainNumbers } from '../json';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import {
	isFlag,
	isId,
	isInteger,
	isUnixSeconds,
	listOf,
	objectOf,
	oneOf,
	optional,
	pageFields,
	pageOf,
	required,
	takeFields,
	textOf,
	type FieldRules,
} from './fields';

const LINKS = '/externalcontact/customer_acquisition_link';
const ACQUISITION = '/externalcontact/customer_acquisition';
const DAY = 86_400;

const NAME = textOf(1, 30);
const RANGE = objectOf({
	user_list: optional(listOf(isId, { max: 500 })),
	department_list: optional(listOf(isInteger(0n, 2n ** 32n - 1n), { max: 500 })),
});
const ID: FieldRules = { link_id: required(isId) };
const SETTINGS: FieldRules = {
	skip_verify: optional(isFlag),
	mark_source: optional(isFlag),
	priority_option: optional(
		objectOf({
			priority_type: required(oneOf(1, 2)),
			priority_userid_list: optional(listOf(isId, { max: 1000 })),
		}),
	),
};

const getAuthInfo: ApiRoute = {
	method: 'POST',
	path: `${ACQUISITION}/get_auth_info`,
	token: 'suite_access_token',
	answer({ acquisition }, { body }) {
		takeFields(body, {});
		return ok({ auth_info: { link_id_list: acquisition.authorized, status: 1 } });
	},
};

const createLink: ApiRoute = {
	method: 'POST',
	path: `${LINKS}/create`,
	token: 'access_token',
	answer({ world, acquisition }, { body }) {
		const fields = takeFields(body, {
			link_name: required(NAME),
			range: required(RANGE),
			...SETTINGS,
		});
		const given = withPlainNumbers(fields) as Pick<LinkBody, 'link_name' | 'range'>;
		checkPeople(given, world);
		const link = acquisition.create({ skip_verify: true, mark_source: true, ...given });
		return ok({
			link: {
				link_id: link.linkId,
				link_name: link.body.link_name,
				url: link.url,
				create_time: link.createdAt,
			},
		});
	},
};

const getLink: ApiRoute = {
	method: 'POST',
	path: `${LINKS}/get`,
	token: 'access_token',
	answer({ acquisition }, { body }) {
		const { link_id: linkId } = takeFields(body, ID);
		const { url, createdAt, body: link } = acquisition.get(linkId as string);
		const { link_name, skip_verify, mark_source, range, priority_option } = link;
		return ok({
			link: { link_name, url, create_time: createdAt, skip_verify, mark_source },
			range: { user_list: range.user_list ?? [], department_list: range.department_list ?? [] },
			...(priority_option === undefined ? {} : { priority_option }),
		});
	},
};

const listLinks: ApiRoute = {
	method: 'POST',
	path: `${LINKS}/list`,
	token: 'access_token',
	answer({ acquisition, pager }, { body }) {
		const page = pageOf(takeFields(body, pageFields(100)));
		const ids = acquisition.links.map(({ linkId }) => linkId);
		const { entries, nextCursor } = pager.page(LINKS, ids, page, (id) => id);
		return ok({ link_id_list: entries, next_cursor: nextCursor });
	},
};

const updateLink: ApiRoute = {
	method: 'POST',
	path: `${LINKS}/update`,
	token: 'access_token',
	answer({ world, acquisition }, { body }) {
		const fields = takeFields(body, {
			...ID,
			link_name: optional(NAME),
			range: optional(RANGE),
			...SETTINGS,
		});
		const { link_id: linkId, ...changes } = withPlainNumbers(fields) as { link_id: string };
		checkPeople(changes, world);
		acquisition.update(linkId, changes);
		return ok({});
	},
};

const deleteLink: ApiRoute = {
	method: 'POST',
	path: `${LINKS}/delete`,
	token: 'access_token',
	answer({ acquisition }, { body }) {
		const { link_id: linkId } = takeFields(body, ID);
		acquisition.delete(linkId as string);
		return ok({});
	},
};

const getStatistics: ApiRoute = {
	method: 'POST',
	path: `${ACQUISITION}/statistic`,
	token: 'access_token',
	answer({ acquisition, now }, { body }) {
		const fields = takeFields(body, {
			...ID,
			start_time: required(isUnixSeconds),
			end_time: required(isUnixSeconds),
		});
		const [start, end] = [Number(fields.start_time), Number(fields.end_time)];
		if (start > end) throw new Refusal(40058, 'start_time must not be after end_time');
		if (end - start > 30 * DAY) throw new Refusal(40058, 'start_time to end_time: at most 30 days');
		if (start < now() / 1000 - 181 * DAY) {
			throw new Refusal(40058, 'start_time must be within the last 180 days');
		}
		const { clicks, customers } = acquisition.statistics(fields.link_id as string, start, end);
		return ok({ click_link_customer_cnt: clicks, new_customer_cnt: customers });
	},
};

const listCustomers: ApiRoute = {
	method: 'POST',
	path: `${ACQUISITION}/customer`,
	token: 'access_token',
	answer({ acquisition, pager }, { body }) {
		const fields = takeFields(body, { ...ID, ...pageFields(1000) });
		const linkId = fields.link_id as string;
		const { entries, nextCursor } = pager.page(
			`${ACQUISITION}/customer ${linkId}`,
			acquisition.customers(linkId),
			pageOf(fields),
			({ externalUserid }) => externalUserid,
		);
		return ok({
			customer_list: entries.map((customer) => ({
				external_userid: customer.externalUserid,
				userid: customer.userid,
				chat_status: customer.chatStatus,
				state: customer.state,
			})),
			next_cursor: nextCursor,
		});
	},
};

/** Links, their customers and the component (document paths 97398, 97400, 101359; reference 4.3). */
export const acquisitionRoutes: readonly ApiRoute[] = [
	getAuthInfo,
	createLink,
	getLink,
	listLinks,
	updateLink,
	deleteLink,
	getStatistics,
	listCustomers,
];

/** What the fields have to be together, and to people. */
function checkPeople({ range, priority_option: priority }: Partial<LinkBody>, world: World): void {
	const users = range?.user_list ?? [];
	const departments = range?.department_list ?? [];
	if (range !== undefined && users.length + departments.length === 0) {
		throw new Refusal(40058, 'range.user_list and range.department_list are both empty');
	}
	const preferred = priority?.priority_userid_list ?? [];
	if (priority?.priority_type === 2 && preferred.length === 0) {
		throw new Refusal(40063, 'priority_option.priority_userid_list is missing');
	}
	const member = new Set(world.members.map(({ userid }) => userid));
	const stranger = [...users, ...preferred].find((userid) => !member.has(userid));
	if (stranger !== undefined) throw new Refusal(60011, stranger);
	const unknown = departments.find((id) => !world.departments.some((one) => one.id === id));
	if (unknown !== undefined) throw new Refusal(60011, `department ${unknown}`);
}
