import {
	EDITION_STATUSES,
	getZoneAuthorization,
	type AuthorizedEdition,
} from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField, simplifyField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso } from '../../../shared/time';
import { toItem } from '../../../shared/values';
import { editionName, wordFor } from '../../../shared/wordFor';
import { zoneNotice } from '../zoneFields';

/** What a corp has granted of the zone. Platform document 101354. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get the authorization of the zone',
		description: 'Get which editions of the archive a corp has authorized, for whom and until when',
	},
	api: getZoneAuthorization,
	fields: [zoneNotice, simplifyField, optionsOf(requestTimeoutField)],

	async run(item) {
		const simplify = item.simplify();
		const { auth_edition_list: editions } = await item.call(getZoneAuthorization, {});
		if (editions.length === 0) {
			item.notices.hint(
				'The corp has authorized no edition of the archive. Its admin opens the data zone and authorizes the app for it, in the admin console of WeCom.',
			);
		}
		return editions.map((edition) =>
			simplify ? simplified(edition, item.zone) : { ...toItem(edition), ...namesOf(edition) },
		);
	},
};

function namesOf({ edition, status }: AuthorizedEdition) {
	return {
		edition_name: editionName(edition),
		status_name: wordFor(EDITION_STATUSES, status),
	};
}

/** In one level, times readable. */
function simplified(authorized: AuthorizedEdition, zone: string) {
	const { edition, status, auth_scope: scope, begin_time: begin, end_time: end } = authorized;
	const { edition_name, status_name } = namesOf(authorized);
	return {
		edition,
		edition_name,
		status,
		status_name,
		begin_time: toIso(begin, zone),
		end_time: toIso(end, zone),
		msg_duration_days: authorized.msg_duration_days,
		auth_user_count: authorized.auth_user_count,
		userid_list: scope?.userid_list ?? [],
		department_id_list: scope?.department_id_list ?? [],
		tag_id_list: scope?.tag_id_list ?? [],
	};
}
