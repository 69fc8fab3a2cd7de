import { WecomResponseError } from '../errors';
import { isJsonObject, objectOf, type JsonObject } from '../json';
import { fields, id, oneOf, text } from './fields';
import { NO_AUTHORIZATION } from './inOwnArchive';
import { listIn } from './lists';
import { inReferenceAndZone, operation, withoutErrcode } from './operation';

const token = 'suite_access_token';

/** Most bytes of pre_auth_code, auth_code and permanent_code. */
const MAX_CODE_BYTES = 512;
/** Life of a pre_auth_code in seconds where the answer does not tell. Source: document 90601. */
const PRE_AUTH_CODE_SECONDS = 1200;

const code = () => text({ maxBytes: MAX_CODE_BYTES });

/** How a corp that is not authorized any more comes back. */
const AUTHORIZE_AGAIN =
	'let its admin install the app again (`getPreAuthCode`) and exchange the new auth_code.';
const CANCELLED = `The corp has cancelled the authorization: delete its data and its permanent code. To serve it again, ${AUTHORIZE_AGAIN}`;

/** What an installation begins with. */
export interface PreAuthCode {
	pre_auth_code: string;
	/** Seconds. */
	expires_in: number;
}

/**
 * A code to start an installation with, good for 20 minutes.
 * Source: https://developer.work.weixin.qq.com/document/path/90601
 */
export const getPreAuthCode = operation({
	name: 'getPreAuthCode',
	retry: 'read',
	token,
	proof: ['pre_auth_code'],
	input: fields({}),
	read: (answer, path): PreAuthCode => ({
		pre_auth_code: codeOf(answer, 'pre_auth_code', path),
		expires_in: typeof answer.expires_in === 'number' ? answer.expires_in : PRE_AUTH_CODE_SECONDS,
	}),
	instead: { messageArchive: NO_AUTHORIZATION },
	wires: inReferenceAndZone('GET /service/get_pre_auth_code'),
});

/**
 * Makes an installation a formal one or a test: an app that is not released yet can be installed as
 * a test only. Source: https://developer.work.weixin.qq.com/document/path/90602
 */
export const setSessionInfo = operation({
	name: 'setSessionInfo',
	retry: 'idempotent',
	token,
	input: fields({
		pre_auth_code: code(),
		session_info: fields({
			/** 0 formal, 1 test. */
			auth_type: oneOf(0, 1),
		}),
	}),
	secrets: ({ pre_auth_code }) => [pre_auth_code],
	instead: { messageArchive: NO_AUTHORIZATION },
	wires: inReferenceAndZone('POST /service/set_session_info'),
});

/** What an auth_code is worth. More fields may come with it; they are handed on. */
export interface PermanentCode extends JsonObject {
	permanent_code: string;
	auth_corp_info: { corpid: string } & JsonObject;
}

/**
 * Exchanges an auth_code for the corp's permanent code. An auth_code works once, for ten minutes.
 * Source: https://developer.work.weixin.qq.com/document/path/100776
 */
export const getPermanentCode = operation({
	name: 'getPermanentCode',
	retry: 'once',
	findOut:
		'The auth_code may be used up. Exchange it once more by hand: when WeCom refuses it with 40078, let the admin of the corp authorize the app again; for a 代开发 app, reset its permanent code in the provider console.',
	token,
	hints: {
		40078:
			'An auth_code works once, for ten minutes, and for the suite that it was issued to. Let the admin of the corp authorize the app again; for a 代开发 app, reset its permanent code in the provider console. Either brings a new auth_code.',
		40084:
			'Exchange the auth_code as the event or the redirect brought it, with the credential of the suite that it was issued to.',
	},
	input: fields({ auth_code: code() }),
	secrets: ({ auth_code }) => [auth_code],
	read: (answer, path): PermanentCode => {
		const corp = objectOf(answer.auth_corp_info);
		return {
			...withoutErrcode(answer),
			permanent_code: codeOf(answer, 'permanent_code', path),
			auth_corp_info: { ...corp, corpid: codeOf(corp, 'corpid', path) },
		};
	},
	instead: { messageArchive: NO_AUTHORIZATION },
	wires: inReferenceAndZone('POST /service/v2/get_permanent_code'),
});

/** A corp that authorized an app. */
export interface AuthorizedCorpInfo {
	corpid?: string;
	corp_name?: string;
	corp_full_name?: string;
	/** `verified` or `unverified`. */
	corp_type?: string;
	corp_user_max?: number;
	/** Seconds since 1970. */
	verified_end_time?: number;
}

/** An app that a corp authorized. */
export interface AuthorizedAgent {
	agentid?: number;
	name?: string;
	/** 0 an admin authorized it, 1 a member. */
	auth_mode?: number;
	/** What the app may see. */
	privilege?: JsonObject;
}

/** What a corp authorized. More fields come with it; they are handed on. */
export interface AuthInfo {
	auth_corp_info?: AuthorizedCorpInfo | null;
	/** A suite of today has one app. */
	auth_info?: { agent?: AuthorizedAgent[] } | null;
}

/**
 * What a corp authorized: the corp itself, the apps and what they may see.
 * Source: https://developer.work.weixin.qq.com/document/path/100779
 */
export const getAuthInfo = operation({
	name: 'getAuthInfo',
	retry: 'read',
	token,
	hints: {
		40013:
			'Give the auth_corpid that came with the permanent code: the corpid as this provider sees it.',
		40084: `\`auth_corpid\` and \`permanent_code\` have to belong together and to this suite. After a reset only the newest code counts; when it is lost, ${AUTHORIZE_AGAIN}`,
		48004: CANCELLED,
	},
	proof: ['auth_corp_info', 'auth_info'],
	input: fields({ auth_corpid: id(), permanent_code: code() }),
	secrets: ({ permanent_code }) => [permanent_code],
	read: (answer, path) => {
		const found = withoutErrcode(answer);
		const info = objectOf(found.auth_info);
		if (!('agent' in info)) return found as AuthInfo;
		const agent = listIn(info, 'agent', path).filter(isJsonObject);
		return { ...found, auth_info: { ...info, agent } } as AuthInfo;
	},
	instead: { messageArchive: NO_AUTHORIZATION },
	wires: inReferenceAndZone('POST /service/v2/get_auth_info'),
});

/** A permission of the app in a corp. */
export interface Permission {
	/** Its name, `datazone:chatdata:base` say. */
	permission: string;
	/** Seconds since 1970; none when it does not expire. */
	expireTime?: number;
}

/**
 * Permissions that the corp of the access_token gave to the app. Those to data need a second
 * authorization by the admin and expire after 90 days.
 * Source: https://developer.work.weixin.qq.com/document/path/99052
 */
export const getPermissions = operation({
	name: 'getPermissions',
	retry: 'read',
	hints: { 48004: CANCELLED },
	proof: ['app_permissions', 'app_permissions_ext'],
	input: fields({}),
	read: (answer, path): Permission[] => {
		const [names = [], extended = []] = ['app_permissions', 'app_permissions_ext'].map((name) =>
			listIn(answer, name, path),
		);
		const permissions = new Map<string, Permission>();
		for (const permission of names.map(String)) {
			permissions.set(permission, { permission });
		}
		for (const { permission_name: name, expire_time: time } of extended.filter(isJsonObject)) {
			const permission = String(name);
			const expires = typeof time === 'number' && time > 0 ? { expireTime: time } : {};
			permissions.set(permission, { permission, ...expires });
		}
		return [...permissions.values()];
	},
	instead: { messageArchive: NO_AUTHORIZATION },
	wires: inReferenceAndZone('POST /agent/get_permissions'),
});

/** What an answer of errcode 0 is worth nothing without. */
function codeOf(answer: JsonObject, name: string, path: string): string {
	const value = answer[name];
	if (typeof value === 'string' && value !== '') return value;
	throw new WecomResponseError(
		200,
		false,
		path,
		`The answer to ${path} has errcode 0 but no ${name}`,
		'Look at the server behind the base URL: it speaks another version of the API.',
	);
}
