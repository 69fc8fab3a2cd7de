import { getPrivacy } from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { privacyNotice, useridField } from './privacyFields';

/** What the display component hides from a member. Platform document 100055. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get what is hidden from a member',
		description: 'Get which sensitive information the display component hides from a member',
	},
	api: getPrivacy,
	fields: [privacyNotice, useridField, optionsOf(requestTimeoutField)],

	async run(item) {
		const userid = item.text('userid');
		const { config } = await item.call(getPrivacy, { userid });
		return { userid, ...config };
	},
};
