import type { LinkBody } from '../acquisition';
import type { World } from '../data/world';
import { withPlainNumbers } from '../json';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import {
	isFlag,
	isId,
	isInteger,
	listOf,
	objectOf,
	oneOf,
	optional,
	pageOf,
	required,
	takeFields,
	textOf,
	type FieldRules,
} from './fields';
import { servedBy, surfaceIn, SURFACES, WITH_PATHS, type Surface } from './surface';

const REFERENCE = '/externalcontact/customer_acquisition_link';
const PUBLISHED = '/externalcontact/customer_acquisition';
const PATHS = {
	reference: {
		createLink: `${REFERENCE}/create`,
		getLink: `${REFERENCE}/get`,
		listLinks: `${REFERENCE}/list`,
		updateLink: `${REFERENCE}/update`,
		deleteLink: `${REFERENCE}/delete`,
	},
	dataZone: {
		createLink: `${PUBLISHED}/create_link`,
		getLink: `${PUBLISHED}/get`,
		listLinks: `${PUBLISHED}/list_link`,
		updateLink: `${PUBLISHED}/update_link`,
		deleteLink: `${PUBLISHED}/delete_link`,
	},
} as const;
const MAX_PAGE = 100;

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

const createLink = (surface: Surface): ApiRoute => ({
	contract: servedBy(surface),
	method: 'POST',
	path: PATHS[surface.contract].createLink,
	token: 'access_token',
	answer({ contracts, world, acquisition }, { body }) {
		const fields = takeFields(body, {
			link_name: required(NAME),
			range: required(RANGE),
			...SETTINGS,
		});
		const given = withPlainNumbers(fields) as Pick<LinkBody, 'link_name' | 'range'>;
		const link = acquisition.create({
			skip_verify: true,
			mark_source: true,
			...given,
			...peopleIn(given, world, surfaceIn(surface, contracts)),
		});
		return ok({
			link: {
				link_id: link.linkId,
				link_name: link.body.link_name,
				url: link.url,
				create_time: link.createdAt,
			},
		});
	},
});

const getLink = (surface: Surface): ApiRoute => ({
	contract: servedBy(surface),
	method: 'POST',
	path: PATHS[surface.contract].getLink,
	token: 'access_token',
	answer({ contracts, world, acquisition }, { body }) {
		const { link_id: linkId } = takeFields(body, ID);
		const { idOf } = surfaceIn(surface, contracts);
		const { url, createdAt, body: link } = acquisition.get(linkId as string);
		const { link_name, skip_verify, mark_source, range, priority_option } = link;
		const shown = (ids: readonly string[] = []) => ids.map((id) => idOf(world, id));
		return ok({
			link: { link_name, url, create_time: createdAt, skip_verify, mark_source },
			range: { user_list: shown(range.user_list), department_list: range.department_list ?? [] },
			...(priority_option === undefined
				? {}
				: { priority_option: preferenceOf(priority_option, shown) }),
		});
	},
});

const listLinks = (surface: Surface): ApiRoute => ({
	contract: servedBy(surface),
	method: 'POST',
	path: PATHS[surface.contract].listLinks,
	token: 'access_token',
	answer({ acquisition, pager }, { body }) {
		const page = pageOf(takeFields(body, surface.pageFields(MAX_PAGE)), MAX_PAGE);
		const ids = acquisition.links.map(({ linkId }) => linkId);
		const { entries, nextCursor } = pager.page(
			PATHS[surface.contract].listLinks,
			ids,
			page,
			(id) => id,
		);
		return ok({ link_id_list: entries, next_cursor: nextCursor });
	},
});

const updateLink = (surface: Surface): ApiRoute => ({
	contract: servedBy(surface),
	method: 'POST',
	path: PATHS[surface.contract].updateLink,
	token: 'access_token',
	answer({ contracts, world, acquisition }, { body }) {
		const fields = takeFields(body, {
			...ID,
			link_name: optional(NAME),
			range: optional(RANGE),
			...SETTINGS,
		});
		const { link_id: linkId, ...changes } = withPlainNumbers(fields) as { link_id: string };
		acquisition.update(linkId, {
			...changes,
			...peopleIn(changes, world, surfaceIn(surface, contracts)),
		});
		return ok({});
	},
});

const deleteLink = (surface: Surface): ApiRoute => ({
	contract: servedBy(surface),
	method: 'POST',
	path: PATHS[surface.contract].deleteLink,
	token: 'access_token',
	answer({ acquisition }, { body }) {
		const { link_id: linkId } = takeFields(body, ID);
		acquisition.delete(linkId as string);
		return ok({});
	},
});

/** Acquisition links, the same ones for both contracts (document path 97398). */
export const linkRoutes: readonly ApiRoute[] = WITH_PATHS.flatMap((contract) =>
	[createLink, getLink, listLinks, updateLink, deleteLink].map((route) =>
		route(SURFACES[contract]),
	),
);

type Priority = NonNullable<LinkBody['priority_option']>;

function preferenceOf(
	{ priority_type, priority_userid_list: ids }: Priority,
	idsOf: (ids: readonly string[]) => string[],
): Priority {
	return { priority_type, ...(ids === undefined ? {} : { priority_userid_list: idsOf(ids) }) };
}

/**
 * Whom a link is for, by userids.
 *
 * @throws Refusal for fields that do not go together, and people whom the corp does not have
 */
function peopleIn(
	{ range, priority_option: priority }: Partial<LinkBody>,
	world: World,
	{ useridOf }: Surface,
): Partial<Pick<LinkBody, 'range' | 'priority_option'>> {
	const users = range?.user_list ?? [];
	const departments = range?.department_list ?? [];
	if (range !== undefined && users.length + departments.length === 0) {
		throw new Refusal(40058, 'range.user_list and range.department_list are both empty');
	}
	const preferred = priority?.priority_userid_list ?? [];
	if (priority?.priority_type === 2 && preferred.length === 0) {
		throw new Refusal(40063, 'priority_option.priority_userid_list is missing');
	}
	const userids = (ids: readonly string[]) =>
		ids.map((id) => {
			const userid = useridOf(world, id);
			if (userid === undefined) throw new Refusal(60011, id);
			return userid;
		});
	const unknown = departments.find((id) => !world.departments.some((one) => one.id === id));
	const people = {
		...(range?.user_list === undefined ? {} : { range: { ...range, user_list: userids(users) } }),
		...(priority === undefined ? {} : { priority_option: preferenceOf(priority, userids) }),
	};
	if (unknown !== undefined) throw new Refusal(60011, `department ${unknown}`);
	return people;
}
