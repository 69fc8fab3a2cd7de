import type { Contract } from '../contracts';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import { isId, isUnixSeconds, pageOf, required, takeFields, type FieldRules } from './fields';
import { surfaceIn, SURFACES, type WithPaths } from './surface';

const ACQUISITION = '/externalcontact/customer_acquisition';
const DAY = 86_400;
const DEFAULT_LIMIT = 100;

const ID: FieldRules = { link_id: required(isId) };
const getAuthInfo: ApiRoute = {
	contract: 'reference',
	method: 'POST',
	path: `${ACQUISITION}/get_auth_info`,
	token: 'suite_access_token',
	answer({ acquisition }, { body }) {
		takeFields(body, {});
		return ok({ auth_info: { link_id_list: acquisition.authorized, status: 1 } });
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

const CUSTOMERS = `${ACQUISITION}/customer`;

const listCustomers: ApiRoute = {
	method: 'POST',
	path: CUSTOMERS,
	token: 'access_token',
	answer({ contracts, world, acquisition, pager }, { body }) {
		const list = (contract: WithPaths) =>
			`${contract} ${CUSTOMERS} ${String((body as { link_id?: unknown }).link_id)}`;
		const isZones = (cursor: string) => pager.isOf(list('dataZone'), cursor);
		const surface = surfaceIn(SURFACES[spokenIn(body, contracts, isZones)], contracts);
		const fields = takeFields(body, { ...ID, ...surface.pageFields(1000) });
		const { entries, nextCursor } = pager.page(
			list(surface.contract),
			acquisition.customers(fields.link_id as string),
			pageOf(fields, DEFAULT_LIMIT),
			({ externalUserid }) => externalUserid,
		);
		return ok({
			customer_list: entries.map((customer) => ({
				external_userid: customer.externalUserid,
				userid: surface.idOf(world, customer.userid),
				chat_status: customer.chatStatus,
				state: customer.state,
			})),
			next_cursor: nextCursor,
		});
	},
};

/**
 * What both contracts count and list of links, and the component (document paths 97400, 101359;
 * reference 4.3).
 */
export const acquisitionRoutes: readonly ApiRoute[] = [getAuthInfo, getStatistics, listCustomers];

/**
 * The contract of a request on a path that both have: the reference sends a cursor always, Tencent's
 * own page only where there is one.
 *
 * @param isZones - whether a cursor was handed out to a request without one
 */
function spokenIn(
	body: unknown,
	contracts: readonly Contract[],
	isZones: (cursor: string) => boolean,
): WithPaths {
	const { cursor } = body as { cursor?: unknown };
	const dataZone = cursor === undefined || (typeof cursor === 'string' && isZones(cursor));
	if (!contracts.includes('reference')) return 'dataZone';
	return dataZone && contracts.length > 1 ? 'dataZone' : 'reference';
}
