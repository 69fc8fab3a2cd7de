import { getAcquisitionAuthInfo } from '../../../../wecom/api/acquisition';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';

/** What the corp authorized the component for. Reference document 4.3, gotcha G4. */
export const getAuthInfo: Action = {
	option: {
		name: 'Get Authorization',
		value: 'getAuthInfo',
		action: 'Get the authorization of the component',
		description: 'Get which acquisition links the corp authorized for the component',
	},
	api: getAcquisitionAuthInfo,
	fields: [
		noticeField(
			'componentNotice',
			'The acquisition component (获客公开组件) is authorized separately: permission for ordinary customer contact is not enough. This call takes the suite_access_token (Suite ID and Secret, or Suite Access Token, of the credential), not the access token of the corp.',
		),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const info = await item.call(getAcquisitionAuthInfo, {});
		if (info.link_id_list?.length === 0) {
			item.notices.hint(
				'The corp authorized no links for the component. Its admin chooses them when authorizing the component, and can change them later.',
			);
		}
		return toItem(info);
	},
};
