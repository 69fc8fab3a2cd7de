import { getPermanentCode } from '../../../../wecom/api/authorization';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { suiteNotice } from './authorizationFields';

/** Exchanges an auth_code for the permanent code of the corp. Platform document 100776. */
export const exchangeCode: Action = {
	option: {
		name: 'Exchange Auth Code',
		value: 'exchangeCode',
		action: 'Exchange an auth code',
		description: 'Exchange the auth code of an installation for the permanent code of the corp',
	},
	api: getPermanentCode,
	fields: [
		suiteNotice,
		noticeField(
			'exchangeNotice',
			'The permanent code comes out once: store it at once in a safe place, together with the Auth Corp ID. An auth code works once and for ten minutes, so exchange it as soon as the event App: Authorized (create_auth) or App: Permanent Code Reset (reset_permanent_code) arrives. WeCom sends no create_auth for an installation that began on your own website: there the auth code comes with the redirect.',
		),
		{
			displayName: 'Auth Code',
			name: 'authCode',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. {{ $json.data.AuthCode }}',
			hint: 'After a WeCom Data Trigger: {{ $json.data.AuthCode }}',
			description:
				'The auth_code of a create_auth or reset_permanent_code event, or of the redirect after an installation',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const authCode = item.text('authCode');
		const answer = await item.call(getPermanentCode, { auth_code: authCode });
		const { auth_corp_info: corp, ...rest } = answer;
		return toItem({
			auth_corpid: corp.corpid,
			corp_name: corp.corp_name ?? null,
			...rest,
			auth_corp_info: corp,
		});
	},
};
