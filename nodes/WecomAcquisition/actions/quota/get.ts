import { getAcquisitionQuota } from '../../../../wecom/api/acquisition';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso } from '../../../shared/time';
import { authorizationNotice } from '../link/linkFields';

/** How many customers can still be won. Platform document 97375. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get the acquisition quota',
		description: 'Get how many customers acquisition links have won, and how many they still can',
	},
	api: getAcquisitionQuota,
	fields: [authorizationNotice, optionsOf(requestTimeoutField)],

	async run(item) {
		const { quota_list: parts, ...quota } = await item.call(getAcquisitionQuota, {});
		if (quota.balance === 0) {
			item.notices.warn(
				'The acquisition quota is used up: links win no more customers until the corp buys more.',
			);
		}
		return {
			...quota,
			quota_list: parts.map((part) => ({
				...part,
				expires_at: toIso(part.expire_date, item.zone),
			})),
		};
	},
};
