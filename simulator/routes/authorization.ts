import type { AuthorizedCorp } from '../authorizations';
import { Refusal } from '../refusal';
import { ok, type ApiRoute } from './api';
import {
	isCode,
	isId,
	isInteger,
	isString,
	listOf,
	objectOf,
	oneOf,
	optional,
	required,
	takeFields,
} from './fields';

const token = 'suite_access_token';
const YEAR = 365 * 86_400;
/** The app in every corp; agentids are the corp's own count. */
const AGENT_ID = 1_000_002;

/** GET /service/get_pre_auth_code (document path 90601): another one each time. */
const getPreAuthCode: ApiRoute = {
	method: 'GET',
	path: '/service/get_pre_auth_code',
	token,
	answer({ suite: { preAuthCodes } }) {
		return ok({ pre_auth_code: preAuthCodes.issue(null), expires_in: preAuthCodes.lifeSeconds });
	},
};

/** POST /service/set_session_info (document path 90602). */
const setSessionInfo: ApiRoute = {
	method: 'POST',
	path: '/service/set_session_info',
	token,
	answer({ suite }, { body }) {
		const { pre_auth_code: code } = takeFields(body, {
			pre_auth_code: required(isCode),
			session_info: required(
				objectOf({
					appid: optional(listOf(isInteger(1n, 2n ** 31n - 1n), { max: 100 })),
					auth_type: optional(oneOf(0, 1)),
				}),
			),
		});
		const found = suite.preAuthCodes.find(code as string);
		if (found === undefined) throw new Refusal(40077);
		if (found.expired) throw new Refusal(42007);
		return ok({});
	},
};

/** POST /service/v2/get_permanent_code (document path 100776). */
const getPermanentCode: ApiRoute = {
	method: 'POST',
	path: '/service/v2/get_permanent_code',
	token,
	answer({ authorizations }, { body }) {
		const { auth_code: code } = takeFields(body, { auth_code: required(isString) });
		const { corp, state } = authorizations.exchange(code as string);
		return ok({
			permanent_code: corp.permanentCode,
			auth_corp_info: { corpid: corp.corpId, corp_name: corp.corpName },
			auth_user_info: adminOf(corp),
			...(state === undefined ? {} : { state }),
		});
	},
};

/** POST /service/v2/get_auth_info (document path 100779). */
const getAuthInfo: ApiRoute = {
	method: 'POST',
	path: '/service/v2/get_auth_info',
	token,
	answer({ authorizations, world, now }, { body }) {
		const fields = takeFields(body, {
			auth_corpid: required(isId),
			permanent_code: required(isCode),
		});
		const { auth_corpid: corpId, permanent_code: code } = fields as Record<string, string>;
		const corp = authorizations.check(corpId as string, code as string);
		return ok({
			auth_corp_info: {
				corpid: corp.corpId,
				corp_name: corp.corpName,
				corp_type: 'verified',
				corp_square_logo_url: '',
				corp_user_max: 200,
				corp_full_name: corp.corpName,
				verified_end_time: Math.floor(now() / 1000) + YEAR,
				subject_type: 1,
				corp_scale: '1-50人',
				corp_industry: '零售',
				corp_sub_industry: '食品饮料',
				corp_ex_name: { name_list: [corp.corpName] },
			},
			auth_info: {
				agent: [
					{
						agentid: AGENT_ID,
						name: '会话数据助手',
						round_logo_url: '',
						square_logo_url: '',
						auth_mode: 0,
						is_customized_app: false,
						auth_from_thirdapp: false,
						privilege: {
							level: 1,
							allow_party: [1],
							allow_user: world.members.map(({ userid }) => userid),
							allow_tag: [],
							extra_party: [],
							extra_user: [],
							extra_tag: [],
						},
					},
				],
			},
		});
	},
};

/** POST /agent/get_permissions (document path 99052), of the corp whose token it is. */
const getPermissions: ApiRoute = {
	method: 'POST',
	path: '/agent/get_permissions',
	token: 'access_token',
	takes: 'nothing',
	answer({ authorizations }, { body, owner }) {
		takeFields(body, {});
		const { permissions = [] } = authorizations.find(owner?.corpId ?? '') ?? {};
		return ok({
			app_permissions: permissions.map(({ name }) => name),
			app_permissions_ext: permissions.flatMap(({ name, expireTime }) =>
				expireTime === undefined ? [] : [{ permission_name: name, expire_time: expireTime }],
			),
		});
	},
};

/** How corps authorise the app, and what they authorised. */
export const authorizationRoutes: readonly ApiRoute[] = [
	getPreAuthCode,
	setSessionInfo,
	getPermanentCode,
	getAuthInfo,
	getPermissions,
];

/** Who installed the app, the same person each time. */
function adminOf({ corpId }: AuthorizedCorp): object {
	const id = `wo${corpId.slice(2)}`;
	return { userid: id, open_userid: id, name: '管理员' };
}
