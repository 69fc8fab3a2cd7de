import type { INodeProperties } from 'n8n-workflow';

import { setPrivacy } from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { privacyNotice, useridField } from './privacyFields';

const switchField = (name: string, displayName: string, what: string): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: true,
	description: `Whether the member sees stars in place of ${what}`,
});

const switches = [
	switchField('hideMobile', 'Hide Mobile Numbers', 'mobile numbers'),
	switchField('hideIdcard', 'Hide ID Card Numbers', 'numbers of ID cards'),
	switchField('hideBankno', 'Hide Bank Card Numbers', 'numbers of bank cards'),
];

/** Sets what the display component hides from a member. Platform document 100055. */
export const set: Action = {
	option: {
		name: 'Set',
		value: 'set',
		action: 'Set what is hidden from a member',
		description: 'Choose which sensitive information the display component hides from a member',
	},
	api: setPrivacy,
	fields: [privacyNotice, useridField, ...switches, optionsOf(requestTimeoutField)],

	async run(item) {
		const userid = item.text('userid');
		// All three: WeCom takes one that is left out for false.
		const config = {
			hide_mobile: item.flag('hideMobile', 'Hide Mobile Numbers'),
			hide_idcard: item.flag('hideIdcard', 'Hide ID Card Numbers'),
			hide_bankno: item.flag('hideBankno', 'Hide Bank Card Numbers'),
		};
		await item.call(setPrivacy, { userid, config });
		return { success: true, userid, ...config };
	},
};
