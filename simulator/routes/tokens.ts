import { Refusal } from '../refusal';
import { OWN_APP } from '../tokens';
import { ok, okWithoutErrcode, type ApiCall, type ApiRoute, type Backend } from './api';
import { isCode, isId, isString, optional, required, takeFields, type FieldRules } from './fields';

/** Fields that have an errcode of their own when they are missing: those are looked at one by one. */
const SUITE: FieldRules = {
	suite_id: optional(isString),
	suite_secret: required(isCode),
	suite_ticket: optional(isString),
};
const PROVIDER: FieldRules = { corpid: optional(isString), provider_secret: required(isCode) };
const AUTHORIZATION: FieldRules = {
	auth_corpid: required(isId),
	permanent_code: optional(isString),
};

/** GET /gettoken (document path 91039): the corp's own app, or a 代开发 app by its permanent code. */
const getToken = tokenRoute({
	method: 'GET',
	path: '/gettoken',
	token: 'none',
	answer({ world, tokens, authorizations }, { query }) {
		const corpId = filled(query.corpid, 41002);
		const secret = filled(query.corpsecret, 41004);
		const corp = authorizations.find(corpId);
		if (corp === undefined) throw new Refusal(40013);
		const own = corpId === world.corpId && secret === world.corpSecret;
		const authorized = corp.status === 'authorized' && secret === corp.permanentCode;
		if (!own && !authorized) throw new Refusal(40001);
		const owner = own ? { corpId, app: OWN_APP } : authorizations.ownerOf(corpId);
		const { token, expiresIn } = tokens.access_token.grant(owner);
		return ok({ access_token: token, expires_in: expiresIn });
	},
});

/** POST /service/get_suite_token (document path 90600). */
const getSuiteToken = tokenRoute({
	method: 'POST',
	path: '/service/get_suite_token',
	token: 'none',
	answer({ suite, tokens }, { body }) {
		const fields = takeFields(body, SUITE);
		const suiteId = filled(fields.suite_id, 41021);
		const suiteTicket = filled(fields.suite_ticket, 41023);
		if (suiteId !== suite.suiteId) throw new Refusal(40083);
		if (fields.suite_secret !== suite.suiteSecret) throw new Refusal(40080);
		const ticket = suite.tickets.find(suiteTicket);
		if (ticket === undefined) throw new Refusal(40085, 'never pushed');
		if (ticket.expired) throw new Refusal(40085, 'older than 30 minutes');
		const owner = { corpId: suite.provider.corpId, app: suiteId };
		const { token, expiresIn } = tokens.suite_access_token.grant(owner);
		return okWithoutErrcode({ suite_access_token: token, expires_in: expiresIn });
	},
});

/** POST /service/get_corp_token (document path 90605). */
const getCorpToken = tokenRoute({
	method: 'POST',
	path: '/service/get_corp_token',
	token: 'suite_access_token',
	answer({ authorizations, tokens }, { body }) {
		const fields = takeFields(body, AUTHORIZATION);
		const code = filled(fields.permanent_code, 41025);
		const { corpId } = authorizations.check(fields.auth_corpid as string, code);
		const { token, expiresIn } = tokens.access_token.grant(authorizations.ownerOf(corpId));
		return okWithoutErrcode({ access_token: token, expires_in: expiresIn });
	},
});

/** POST /service/get_provider_token (document path 91200). */
const getProviderToken = tokenRoute({
	method: 'POST',
	path: '/service/get_provider_token',
	token: 'none',
	answer({ suite: { provider }, tokens }, { body }) {
		const fields = takeFields(body, PROVIDER);
		const corpId = filled(fields.corpid, 41002);
		if (corpId !== provider.corpId) throw new Refusal(40013);
		if (fields.provider_secret !== provider.providerSecret) throw new Refusal(40001);
		const { token, expiresIn } = tokens.provider_access_token.grant({ corpId, app: 'provider' });
		return okWithoutErrcode({ provider_access_token: token, expires_in: expiresIn });
	},
});

/** What tokens are had from: the same token as long as it is valid. */
export const tokenRoutes: readonly ApiRoute[] = [
	getToken,
	getSuiteToken,
	getCorpToken,
	getProviderToken,
];

/** Bans who tries secrets. */
function tokenRoute(route: ApiRoute): ApiRoute {
	const answer = (backend: Backend, call: ApiCall) =>
		backend.wrongSecrets.guard(call.client, () => route.answer(backend, call));
	return { ...route, answer };
}

/**
 * A field that is there, and not empty.
 *
 * @throws Refusal with this errcode otherwise
 */
function filled(value: unknown, missing: number): string {
	if (typeof value !== 'string' || value === '') throw new Refusal(missing);
	return value;
}
