import { permittedMembers } from '../data/editions';
import { ok, type ApiRoute } from './api';
import { takeFields } from './fields';

const DAY = 86_400;
const PAID = 3;
const NOT_YET_EFFECTIVE = 7;
/** Of the editions that are sold: 2 internal and external, 3 with voice calls. */
const EDITIONS: ReadonlyArray<readonly [edition: number, status: number, sinceDays: number]> = [
	[2, PAID, -100],
	[3, NOT_YET_EFFECTIVE, 20],
];

/** POST /chatdata/get_corp_auth_info: the corp's editions, and for whom they are. */
export const getCorpAuthInfo: ApiRoute = {
	contract: 'dataZone',
	method: 'POST',
	path: '/chatdata/get_corp_auth_info',
	token: 'access_token',
	takes: 'nothing',
	right: 'datazone:chatdata:base',
	answer({ world, now }, { body }) {
		takeFields(body, {});
		const seconds = Math.floor(now() / 1000);
		const today = seconds - ((seconds + 8 * 3600) % DAY);
		return ok({
			auth_edition_list: EDITIONS.map(([edition, status, since]) => {
				const members = permittedMembers(world).filter(({ editions }) =>
					editions.includes(edition),
				);
				return {
					edition,
					auth_scope: {
						userid_list: members.map(({ openUserid }) => openUserid),
						department_id_list: [],
						tag_id_list: [],
					},
					status,
					begin_time: today + since * DAY,
					end_time: today + (since + 365) * DAY - 1,
					msg_duration_days: 90,
					auth_user_count: members.length,
				};
			}),
		});
	},
};
