import type { IDataObject } from 'n8n-workflow';

import { getAuthInfo, type AuthInfo } from '../../../../wecom/api/authorization';
import { optionsOf, requestTimeoutField, simplifyField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toIso } from '../../../shared/time';
import { toItem } from '../../../shared/values';
import { suiteNotice } from './authorizationFields';

/** auth_mode by its number. Source: document 100779. */
const AUTH_MODES: Readonly<Record<number, string>> = { 0: 'admin', 1: 'member' };

/** What a corp authorized. Platform document 100779. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get an authorization',
		description: 'Get which corp authorized the app, and what the app may see there',
	},
	api: getAuthInfo,
	fields: [
		suiteNotice,
		{
			displayName: 'Auth Corp ID',
			name: 'authCorpId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. wpErxtDgAA9AW32YyyuYRimKr7D1KWlw',
			description: 'The corpid of the customer as this provider sees it (auth_corpid)',
		},
		{
			displayName: 'Permanent Code',
			name: 'permanentCode',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The permanent code of this customer, as Exchange Auth Code returned it',
		},
		simplifyField,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const corpId = item.text('authCorpId');
		const permanentCode = item.text('permanentCode');
		const input = { auth_corpid: corpId, permanent_code: permanentCode };
		const simplified = item.simplify();
		const found = await item.call(getAuthInfo, input);
		if (!simplified) return { auth_corpid: corpId, ...toItem(found) };
		return simplify(corpId, found, item.zone);
	},
};

/** One level; a suite of today has one app, so the first is the one. */
function simplify(corpId: string, found: AuthInfo, zone: string): IDataObject {
	const corp = found.auth_corp_info ?? {};
	const agent = found.auth_info?.agent?.[0] ?? {};
	return {
		auth_corpid: corpId,
		corp_name: corp.corp_name ?? null,
		corp_full_name: corp.corp_full_name ?? null,
		corp_type: corp.corp_type ?? null,
		corp_user_max: corp.corp_user_max ?? null,
		verified_end_time: toIso(corp.verified_end_time, zone),
		agentid: agent.agentid ?? null,
		agent_name: agent.name ?? null,
		auth_mode_name: AUTH_MODES[Number(agent.auth_mode)] ?? null,
		privilege: agent.privilege ?? null,
	};
}
