import { createHash } from 'node:crypto';

import type { BlamedToken } from '../errcodes';
import { InvalidInputError, WecomApiError, WecomResponseError } from '../errors';
import { withRetries, type RetrySettings } from '../http/retry';
import type { WecomHttp, WecomRequest } from '../http/wecomHttp';
import { processState } from '../state/memoryState';
import { SharedTokens, type SharedTokensSettings } from './sharedTokens';
import { findSuiteTicket, TICKET_LIFE_MS, type SuiteTicket } from './suiteTicket';
import type { IssuedToken } from './tokenCache';
import type { TokenKind, TokenSource } from './tokenSource';

/** What a self-built or 代开发 app knows of itself. */
export interface CorpSecret {
	corpId: string;
	/** Of a 代开发 app its permanent code. */
	corpSecret: string;
}

/** What a third-party app knows of itself. */
export interface SuiteSecret {
	suiteId: string;
	suiteSecret: string;
	/** For where no callback brings it. */
	suiteTicket?: string;
}

/** A corp that authorized a third-party app. */
export interface AuthorizedCorp {
	authCorpId: string;
	permanentCode: string;
}

/** What a service provider (服务商) knows of itself. */
export interface ProviderSecret {
	providerCorpId: string;
	providerSecret: string;
}

/** From which secrets which tokens come. */
export interface Grants {
	corp?: CorpSecret;
	suite?: SuiteSecret;
	/** Whose access_tokens the suite gets. */
	authorizedCorp?: AuthorizedCorp;
	provider?: ProviderSecret;
}

/** What a kind of token comes from. */
interface Grant {
	/** Names everything the token belongs to, as a hash. */
	key: string;
	/** The same, readable. */
	secret: string;
}

type AskedGrant = Grant & { refused: string | undefined };

/** What a chain works with. */
export interface TokenChainSettings extends Omit<SharedTokensSettings, 'state'> {
	baseUrl: string;
	http: WecomHttp;
	/** Memory of this process when left out. */
	state?: SharedTokensSettings['state'] | undefined;
	/** Tokens that no grant gives. */
	others: TokenSource;
	retry?: RetrySettings | undefined;
}

/** Bound on one request for a token, milliseconds: many calls may wait for it. */
const TIMEOUT_MS = 10_000;
/** Every API that hands out a token. */
const PATHS = {
	suite: '/service/get_suite_token',
	customer: '/service/get_corp_token',
	corp: '/gettoken',
	provider: '/service/get_provider_token',
} as const;
const DEFAULT_LIFE_SECONDS = 7200;

/**
 * WeCom's credential chain: suite_ticket → suite_access_token → access_token of each authorized corp;
 * access_token with corpid and secret; provider_access_token. Tokens are kept by everything they
 * belong to, and an early end in one link renews that link.
 *
 * Sources: documents 90600, 90605, 91039 and 91200 under
 * https://developer.work.weixin.qq.com/document/path/
 */
export class TokenChain implements TokenSource {
	private readonly shared: SharedTokens;

	/** @throws InvalidInputError naming the field that is empty */
	constructor(
		private readonly grants: Grants,
		private readonly settings: TokenChainSettings,
	) {
		checkGrants(grants);
		this.shared = new SharedTokens({ ...settings, state: this.state });
	}

	/** @throws WecomApiError with WeCom's own words for wrong ids and secrets; they are not retried */
	async get(kind: TokenKind, signal?: AbortSignal): Promise<string> {
		const { cache, http, others } = this.settings;
		const grant = this.grantOf(kind);
		if (!grant) return await others.get(kind, signal);
		const token = await cache.get(
			grant.key,
			async (refused) => await this.issue(kind, { ...grant, refused }),
			signal,
		);
		http.redactor.add(token);
		return token;
	}

	discard(kind: TokenKind, token: string, blames: BlamedToken = 'caller'): boolean {
		const { cache, others } = this.settings;
		const grant = this.grantOf(kind);
		if (!grant) return others.discard(kind, token, blames);
		// The only token that is made with another one; the suite's own is known by what it is.
		const isMadeBySuite = kind === 'access_token' && !this.grants.corp;
		const blamed =
			isMadeBySuite && blames === 'suite_access_token' ? this.grantOf(blames) : undefined;
		cache.discard(grant.key, token, blamed?.key);
		return true;
	}

	owner(kind: TokenKind): string {
		return this.grantOf(kind)?.key ?? this.settings.others.owner(kind);
	}

	private get state() {
		return this.settings.state ?? processState;
	}

	/** What a kind of token comes from; undefined for one that is given. */
	private grantOf(kind: TokenKind): Grant | undefined {
		const { corp, suite, authorizedCorp, provider } = this.grants;
		if (kind === 'provider_access_token') return provider && this.keyOf(kind, provider);
		const suiteFacts = suite && [suite.suiteId, suite.suiteSecret];
		if (kind === 'suite_access_token') return suiteFacts && this.keyOf(kind, suiteFacts);
		if (corp) return this.keyOf(kind, corp);
		return suiteFacts && this.keyOf(kind, [suiteFacts, authorizedCorp]);
	}

	private keyOf(kind: TokenKind, facts: object): Grant {
		const secret = JSON.stringify([this.settings.baseUrl, kind, facts]);
		return { key: hash(secret), secret };
	}

	private async issue(kind: TokenKind, grant: AskedGrant): Promise<IssuedToken> {
		if (kind === 'suite_access_token') return await this.issueSuiteToken(grant);
		const { corp } = this.grants;
		const [path, ask] =
			kind === 'provider_access_token'
				? [PATHS.provider, async () => await this.askProviderToken()]
				: corp
					? [PATHS.corp, async () => await this.askWithSecret(corp)]
					: [PATHS.customer, async () => await this.askCorpToken()];
		return await this.shared.issue({ ...grant, path, basis: grant.key, ask });
	}

	/** With the newest ticket; one that came while WeCom was asked is tried as well. */
	private async issueSuiteToken(grant: AskedGrant): Promise<IssuedToken> {
		let ticket = await this.ticket();
		for (;;) {
			const { ticket: value, pushedAt } = ticket;
			const basis = hash(grant.key + value);
			try {
				const ask = async () => await this.askSuiteToken(value);
				const request = { ...grant, path: PATHS.suite, basis, hasTicket: true, ask };
				return await this.shared.issue(request);
			} catch (error) {
				if (!(error instanceof WecomApiError && error.entry.staleTicket)) throw error;
				ticket = await this.ticket();
				if (ticket.ticket === value) throw staleTicket(error, pushedAt);
			}
		}
	}

	private async ticket(): Promise<SuiteTicket> {
		const { suiteId = '', suiteTicket = '' } = this.grants.suite ?? {};
		const { http, onStateUnavailable } = this.settings;
		const found = await findSuiteTicket(this.state, suiteId, suiteTicket, onStateUnavailable);
		if (!found) {
			throw new InvalidInputError(
				'suiteTicket',
				`No suite_ticket of the suite ${suiteId} has come yet`,
				'Let `keepSuiteTicket` keep every ticket that WeCom sends to the command callback URL (指令回调URL) of the suite, one every 10 minutes. With several processes, give it and this call the same `state`. Or fill in `suiteTicket`.',
			);
		}
		http.redactor.add(found.ticket);
		return found;
	}

	private async askSuiteToken(suite_ticket: string): Promise<IssuedToken> {
		const { suiteId: suite_id = '', suiteSecret: suite_secret = '' } = this.grants.suite ?? {};
		return await this.ask('suite_access_token', {
			method: 'POST',
			path: PATHS.suite,
			query: {},
			body: { suite_id, suite_secret, suite_ticket },
		});
	}

	/** A suite_access_token that ended early is renewed, once. */
	private async askCorpToken(): Promise<IssuedToken> {
		const { authCorpId = '', permanentCode = '' } = this.grants.authorizedCorp ?? {};
		requireText('authCorpId', authCorpId, 'AuthCorpId of the create_auth exchange (wp…).');
		requireText('permanentCode', permanentCode, '`getPermanentCode` returned it.');
		for (let replayed = false; ; replayed = true) {
			const suite_access_token = await this.get('suite_access_token');
			try {
				return await this.ask('access_token', {
					method: 'POST',
					path: PATHS.customer,
					query: { suite_access_token },
					body: { auth_corpid: authCorpId, permanent_code: permanentCode },
				});
			} catch (error) {
				const refused = error instanceof WecomApiError && error.entry.action === 'refresh';
				if (!refused || replayed) throw error;
				this.discard('suite_access_token', suite_access_token);
			}
		}
	}

	private async askWithSecret({ corpId, corpSecret }: CorpSecret): Promise<IssuedToken> {
		return await this.ask('access_token', {
			method: 'GET',
			path: PATHS.corp,
			query: { corpid: corpId, corpsecret: corpSecret },
		});
	}

	private async askProviderToken(): Promise<IssuedToken> {
		const { providerCorpId = '', providerSecret = '' } = this.grants.provider ?? {};
		return await this.ask('provider_access_token', {
			method: 'POST',
			path: PATHS.provider,
			query: {},
			body: { corpid: providerCorpId, provider_secret: providerSecret },
		});
	}

	private async ask(kind: TokenKind, request: WecomRequest): Promise<IssuedToken> {
		const { http, retry } = this.settings;
		const answer = await withRetries(
			// Tencent documents answers without errcode (90600, 90605, 91200): the token proves them.
			async () => await http.request({ ...request, proof: [kind], timeoutMs: TIMEOUT_MS }),
			'read',
			{ ...retry, frequencyWaitMs: 0 },
		);
		const { [kind]: token, expires_in: life } = answer;
		if (typeof token !== 'string' || token === '') {
			const { path } = request;
			throw new WecomResponseError(200, false, path, `The answer to ${path} has no ${kind}`);
		}
		return { token, expiresInSeconds: Number(life) || DEFAULT_LIFE_SECONDS };
	}
}

function checkGrants({ corp, suite, provider }: Grants): void {
	const console = 'WeCom admin console → ';
	const provides = 'Provider console → 应用管理 → ';
	if (corp) {
		requireText('corpId', corp.corpId, `${console}我的企业 → 企业信息 → 企业ID`);
		requireText('corpSecret', corp.corpSecret, `${console}应用管理 → the app → Secret`);
	}
	if (suite) {
		requireText('suiteId', suite.suiteId, `${provides}the app → SuiteID`);
		requireText('suiteSecret', suite.suiteSecret, `${provides}the app → Secret`);
	}
	if (provider) {
		const place = `${provides}通用开发参数`;
		requireText('providerCorpId', provider.providerCorpId, place);
		requireText('providerSecret', provider.providerSecret, place);
	}
}

function staleTicket(error: WecomApiError, pushedAt: number | undefined): WecomApiError {
	const { errcode, errmsg, path, hint = '' } = error;
	if (pushedAt === undefined) return error;
	const ageMs = Date.now() - pushedAt;
	const minutes = Math.round(ageMs / 60_000);
	const when = new Date(pushedAt).toISOString();
	const why =
		ageMs > TICKET_LIFE_MS
			? `The newest suite_ticket here is ${minutes} minutes old (${when}), and WeCom accepts it for 30: see whether the callbacks of the suite still reach \`keepSuiteTicket\`.`
			: `The newest suite_ticket here came ${minutes} minutes ago (${when}), so it is another suite's, or the suite_id is wrong.`;
	return new WecomApiError(errcode, errmsg, path, `${why} ${hint}`.trim());
}

function requireText(field: string, value: string, where: string): void {
	if (value.trim() === '') {
		throw new InvalidInputError(field, `"${field}" is empty`, where);
	}
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
