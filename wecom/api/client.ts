import { StaticTokens, type StaticTokenSet } from '../auth/staticTokens';
import { TokenCache } from '../auth/tokenCache';
import {
	TokenChain,
	type AuthorizedCorp,
	type CorpSecret,
	type Grants,
	type ProviderSecret,
	type SuiteSecret,
} from '../auth/tokenChain';
import type { TokenKind, TokenSource } from '../auth/tokenSource';
import {
	AnswerTooLargeError,
	CancelledError,
	OutcomeUnknownError,
	type StateUnavailableError,
	WecomApiError,
	WecomNetworkError,
	WecomProgramError,
	WecomResponseError,
} from '../errors';
import { CallQueue, type CallOf } from '../http/callQueue';
import { Redactor } from '../http/redact';
import {
	blockedMs,
	DEFAULT_RETRY,
	withRetries,
	type RetryClass,
	type RetrySettings,
} from '../http/retry';
import { parseProxyUrl, type TransportSettings } from '../http/transport';
import { isRefusal, WecomHttp, type WecomRequest } from '../http/wecomHttp';
import type { JsonObject } from '../json';
import type { State } from '../state/stateStore';
import type { Operation } from './operation';

/** How the client gets its tokens. */
export type Authentication = (
	| { type: 'static'; tokens: StaticTokenSet }
	| ({ type: 'corpSecret'; tokens?: StaticTokenSet } & CorpSecret)
	/** Without the corp for what only needs the suite itself. */
	| ({ type: 'suite'; tokens?: StaticTokenSet } & SuiteSecret & Partial<AuthorizedCorp>)
) & {
	/** Fetches the provider_access_token, in place of a given one. */
	provider?: ProviderSecret;
};

/** Everything a client needs to know. */
export interface ClientSettings extends TransportSettings {
	/** `tokens`: those of the kinds that the secrets cannot fetch. */
	authentication: Authentication;
	retry?: RetrySettings;
	/** Where tokens are kept; one for the whole process when left out. */
	tokenCache?: TokenCache;
	/** What several processes share: tokens, suite_tickets; the memory of this process when left out. */
	state?: State;
	/** Learns that the state cannot be reached and this process goes on alone. */
	onStateUnavailable?: (error: StateUnavailableError) => void;
	/** Keeps the calls within WeCom's limits; one for the whole process when left out. */
	calls?: CallQueue;
	/** Asks for tokens also with secrets that WeCom refused a moment ago: a person wants to know. */
	askAgain?: boolean;
}

/** Settings of one call. */
export interface CallOptions {
	signal?: AbortSignal;
	/** Bound on one exchange, milliseconds. */
	timeoutMs?: number;
}

const processWideTokens = new TokenCache();
const processWideCalls = new CallQueue();

/**
 * Calls operations: takes care of tokens, repetitions and redaction.
 *
 * @example
 * const client = new WecomClient({
 *   baseUrl: 'https://qyapi.weixin.qq.com',
 *   authentication: { type: 'corpSecret', corpId: 'ww…', corpSecret: '…' },
 * });
 * const records = await client.call(getChatData, { seq: 0, limit: 1000 });
 */
export class WecomClient {
	private readonly http: WecomHttp;
	private readonly tokens: TokenSource;
	private readonly retry: Required<RetrySettings>;
	private readonly calls: CallQueue;

	/** @throws InvalidInputError naming the setting that cannot be used */
	constructor(settings: ClientSettings) {
		const { authentication } = settings;
		this.retry = { ...DEFAULT_RETRY, ...settings.retry };
		this.calls = settings.calls ?? processWideCalls;
		this.http = new WecomHttp(settings, new Redactor(secretsOf(settings)));
		this.tokens = new TokenChain(toGrants(authentication), {
			baseUrl: settings.baseUrl,
			http: this.http,
			cache: settings.tokenCache ?? processWideTokens,
			others: new StaticTokens(authentication.tokens ?? {}),
			retry: this.retry,
			state: settings.state,
			onStateUnavailable: settings.onStateUnavailable,
			askAgain: settings.askAgain,
		});
	}

	/**
	 * Calls one operation. A token that WeCom refuses is renewed once and the call replayed once, but
	 * not for what a program in the data zone reports inside its answer; passing trouble is retried
	 * where the operation's retry class allows it.
	 *
	 * @throws InvalidInputError before anything is sent
	 * @throws WecomApiError, WecomResponseError, WecomNetworkError, OutcomeUnknownError,
	 * TooManyCallsError, CancelledError
	 */
	async call<Input, Output>(
		operation: Operation<Input, Output>,
		input: Input,
		options: CallOptions = {},
	): Promise<Output> {
		const body = operation.body(input);
		for (const secret of operation.secrets?.(input) ?? []) this.http.redactor.add(secret);
		for (let replayed = false; ; replayed = true) {
			if (options.signal?.aborted) throw new CancelledError();
			const token = await this.tokens.get(operation.token, options.signal);
			try {
				return await this.send(operation, input, body, token, options);
			} catch (error) {
				if (!(error instanceof WecomApiError) || error.entry.action !== 'refresh') throw error;
				const { blames } = error.entry;
				if (replayed || !this.tokens.discard(operation.token, token, blames)) throw error;
			}
		}
	}

	/**
	 * Makes sure that a token can be had, without calling anything else.
	 *
	 * @throws WecomApiError with WeCom's words when it refuses corpid or secret
	 */
	async authenticate(kind: TokenKind = 'access_token', signal?: AbortSignal): Promise<void> {
		await this.tokens.get(kind, signal);
	}

	/**
	 * How far WeCom's clock is ahead of this machine's, milliseconds, as its last answer tells; 0 as
	 * long as none does.
	 */
	get clockOffsetMs(): number {
		return this.http.clockOffsetMs;
	}

	private async send<Input, Output>(
		operation: Operation<Input, Output>,
		input: Input,
		body: object,
		token: string,
		options: CallOptions,
	): Promise<Output> {
		const { method = 'POST', path, retry, timeoutMs, proof } = operation;
		const file = operation.file?.(input);
		try {
			const call = { corp: this.tokens.owner(operation.token), api: path };
			const { signal } = options;
			const queued = { ...call, maxWaitMs: this.retry.maxWaitMs, ...(signal ? { signal } : {}) };
			const request: WecomRequest = {
				method,
				path,
				query: { ...operation.query, [operation.token]: token },
				...(file ? { file } : method === 'GET' ? {} : { body }),
				...(timeoutMs === undefined ? {} : { timeoutMs }),
				...(proof ? { proof } : {}),
				once: retry === 'once' || retry === 'paid',
				...options,
			};
			const send = async () =>
				operation.read(
					await this.calls.run(queued, async () => await this.exchange(request, call, retry)),
				);
			return await withRetries(send, retry, this.retry, signal);
		} catch (error) {
			throw this.explain(operation, error);
		}
	}

	/** After a limit the other calls of the API for this corp hold back as well. */
	private async exchange(
		request: WecomRequest,
		call: CallOf,
		retry: RetryClass,
	): Promise<JsonObject> {
		try {
			return await this.http.request(request);
		} catch (error) {
			this.calls.pause(call, blockedMs(error, retry, this.retry));
			throw error;
		}
	}

	/** Puts what the operation knows in place of the general hint. */
	private explain(operation: Operation<never, unknown>, error: unknown): unknown {
		if (error instanceof WecomApiError) {
			const { errcode, errmsg, path } = error;
			const hint = operation.hints?.[errcode];
			const Kind = error instanceof WecomProgramError ? WecomProgramError : WecomApiError;
			return new Kind(errcode, this.http.redactor.clean(errmsg), path, hint);
		}
		const cleaned = error instanceof WecomResponseError ? this.cleaned(error) : error;
		const { findOut } = operation;
		return findOut !== undefined && mayBeDone(cleaned)
			? new OutcomeUnknownError(cleaned, findOut)
			: cleaned;
	}

	private cleaned(error: WecomResponseError): WecomResponseError {
		if (error instanceof AnswerTooLargeError) return error;
		const { httpStatus, passing, path, hint, retryAfterMs, requestSent, saysDone } = error;
		const message = this.http.redactor.clean(error.message);
		return new WecomResponseError(
			httpStatus,
			passing,
			path,
			message,
			hint,
			retryAfterMs,
			requestSent,
			saysDone,
		);
	}
}

/** Whether WeCom may have done what brought this error. */
function mayBeDone(
	error: unknown,
): error is WecomNetworkError | WecomResponseError | CancelledError {
	if (error instanceof WecomResponseError) {
		return error.requestSent && (error.saysDone || !isRefusal(error.httpStatus));
	}
	return (
		(error instanceof WecomNetworkError || error instanceof CancelledError) && error.requestSent
	);
}

function toGrants({ provider, ...authentication }: Authentication): Grants {
	const common = provider ? { provider } : {};
	if (authentication.type === 'static') return common;
	if (authentication.type === 'corpSecret') {
		const { corpId, corpSecret } = authentication;
		return { ...common, corp: { corpId, corpSecret } };
	}
	const { suiteId, suiteSecret, suiteTicket = '' } = authentication;
	const { authCorpId = '', permanentCode = '' } = authentication;
	return {
		...common,
		suite: { suiteId, suiteSecret, suiteTicket },
		authorizedCorp: { authCorpId, permanentCode },
	};
}

function secretsOf({ authentication, proxyUrl }: ClientSettings): Array<string | undefined> {
	const { username = '', password = '' } = (proxyUrl && parseProxyUrl(proxyUrl).auth) || {};
	const { tokens = {}, provider } = authentication;
	const { corp, suite, authorizedCorp } = toGrants(authentication);
	return [
		corp?.corpSecret,
		suite?.suiteSecret,
		suite?.suiteTicket,
		authorizedCorp?.permanentCode,
		provider?.providerSecret,
		...Object.values(tokens),
		password,
		// As Basic authentication writes them, in one.
		password && `${username}:${password}`,
	];
}
