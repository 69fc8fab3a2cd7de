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
	CancelledError,
	JobFailedError,
	NotInContractError,
	WecomError,
	type StateUnavailableError,
} from '../errors';
import { CallQueue } from '../http/callQueue';
import { Redactor } from '../http/redact';
import { DEFAULT_RETRY, type Repetition, type RetrySettings } from '../http/retry';
import { parseProxyUrl, type TransportSettings } from '../http/transport';
import { WecomHttp } from '../http/wecomHttp';
import type { JsonObject } from '../json';
import type { OpenLibrary } from '../library/archiveLibrary';
import type { State } from '../state/stateStore';
import type { ZoneProgram } from './carriers/carrier';
import { UNKNOWN_PATH_HINTS } from './unknownPath';
import { Exchanger, type ExchangeOptions, type Received } from './exchanger';
import { poll } from './jobs';
import type { Operation } from './operation';
import {
	firstOf,
	pathOf,
	type Contract,
	type Exchange,
	type Job,
	type JobId,
	type Marks,
	type Route,
	type Wire,
} from './wire';

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
	/** What the server behind the base URL speaks; `reference` when left out. */
	contract?: Contract;
	/** The program in the data zone for what only a program can do; a call may name another. */
	program?: ZoneProgram;
	retry?: RetrySettings;
	/** Where tokens are kept; one for the whole process when left out. */
	tokenCache?: TokenCache;
	/** What several processes share: tokens, suite_tickets; the memory of this process when left out. */
	state?: State;
	/** Learns that the state cannot be reached and this process goes on alone. */
	onStateUnavailable?: (error: StateUnavailableError) => void;
	/** Tencent's library for the corp's own archive, in `messageArchive`. */
	library?: OpenLibrary;
	/** Keeps the calls within WeCom's limits; one for the whole process when left out. */
	calls?: CallQueue;
	/** Asks for tokens also with secrets that WeCom refused a moment ago: a person wants to know. */
	askAgain?: boolean;
}

/** Settings of one call. */
export interface CallOptions extends ExchangeOptions {
	/**
	 * How long to ask for the result of a job, milliseconds; 0 asks once. When left out 60 s for a job
	 * that the call begins, 0 for one that was begun before.
	 */
	waitMs?: number;
	/**
	 * The pause between two questions about a job, milliseconds; one that grows from 0.5 s to 15 s when
	 * left out.
	 */
	intervalMs?: number;
	/** A job that an earlier call of the operation started: it is asked about, no other is started. */
	jobid?: string;
	/**
	 * Learns the id of a job before it is asked about; who keeps it goes on with `jobid`, also after
	 * the end of this process.
	 */
	onStarted?: (jobid: string) => void | Promise<void>;
}

/** What a call would send, without its token. */
export interface Description {
	route: Route;
	body: object;
}

const JOB_WAIT_MS = 60_000;
/** To ask about a job changes nothing, whatever class its beginning is of. */
const ASKING: Repetition = { retry: 'read' };

const processWideTokens = new TokenCache();
const processWideCalls = new CallQueue();

/**
 * Calls operations as the contract does them.
 *
 * @example
 * const client = new WecomClient({
 *   baseUrl: 'https://qyapi.weixin.qq.com',
 *   authentication: { type: 'corpSecret', corpId: 'ww…', corpSecret: '…' },
 * });
 * const { entries } = await client.call(searchSession, { keyword: '报价' });
 */
export class WecomClient {
	private readonly http: WecomHttp;
	private readonly tokens: TokenSource;
	private readonly exchanger: Exchanger;
	private readonly contract: Contract;
	private readonly program?: ZoneProgram;

	/** @throws InvalidInputError naming the setting that cannot be used */
	constructor(settings: ClientSettings) {
		const { authentication, contract = 'reference', program } = settings;
		const retry = { ...DEFAULT_RETRY, ...settings.retry };
		this.contract = contract;
		this.program = program;
		const redactor = new Redactor(secretsOf(settings));
		this.http = new WecomHttp(settings, redactor, UNKNOWN_PATH_HINTS[contract]);
		this.tokens = new TokenChain(toGrants(authentication), {
			baseUrl: settings.baseUrl,
			http: this.http,
			cache: settings.tokenCache ?? processWideTokens,
			others: new StaticTokens(authentication.tokens ?? {}),
			retry,
			state: settings.state,
			onStateUnavailable: settings.onStateUnavailable,
			askAgain: settings.askAgain,
		});
		const calls = settings.calls ?? processWideCalls;
		this.exchanger = new Exchanger(this.http, this.tokens, calls, retry, settings.library);
	}

	/**
	 * Calls one operation; of a job it waits for the result.
	 *
	 * @throws InvalidInputError, NotInContractError before anything is sent
	 * @throws WecomApiError, WecomResponseError, WecomNetworkError, OutcomeUnknownError,
	 * TooManyCallsError, CancelledError; with `jobid` once a job was started
	 * @throws JobUnfinishedError when a job has no result in time
	 */
	async call<Input, Output>(
		operation: Operation<Input, Output>,
		input: Input,
		options: CallOptions = {},
	): Promise<Output> {
		return (await this.receive(operation, input, options)).output;
	}

	/**
	 * Calls one operation as {@link call} does, and gives WeCom's whole answer, errcode and all, once
	 * the operation could read it.
	 */
	async answerTo<Input>(
		operation: Operation<Input, unknown>,
		input: Input,
		options: CallOptions = {},
	): Promise<JsonObject> {
		return (await this.receive(operation, input, options)).answer;
	}

	/**
	 * What a call of an operation would send first; sends nothing.
	 *
	 * @throws InvalidInputError, NotInContractError
	 */
	describe<Input>(operation: Operation<Input, unknown>, input: Input): Description {
		const first = firstOf(this.wireOf(operation));
		return { route: first.route, body: first.body(input) };
	}

	/**
	 * What the marks are with which a list goes on, in the contract that the client speaks.
	 *
	 * @throws NotInContractError
	 */
	marksOf(operation: Operation<never, unknown>): Marks {
		return firstOf(this.wireOf(operation)).marks ?? 'cursor';
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

	/**
	 * Fetches a token where no answer has told WeCom's clock: those of Tencent's library have no date.
	 * Where none can be fetched, or one is at hand, the clock stays unknown.
	 *
	 * @throws CancelledError
	 */
	async learnClock(signal?: AbortSignal): Promise<void> {
		if (this.http.knowsClock) return;
		try {
			await this.authenticate('access_token', signal);
		} catch (error) {
			if (!(error instanceof WecomError) || error instanceof CancelledError) throw error;
		}
	}

	private wireOf<Input, Output>(operation: Operation<Input, Output>): Wire<Input, Output> {
		const wire = operation.wires[this.contract];
		if (wire) return wire;
		const { name, wires, instead } = operation;
		throw new NotInContractError(name, this.contract, Object.keys(wires), instead?.[this.contract]);
	}

	private async receive<Input, Output>(
		operation: Operation<Input, Output>,
		input: Input,
		options: CallOptions,
	): Promise<Received<Output>> {
		const wire = this.wireOf(operation);
		const forget = this.http.redactor.learn(operation.secrets?.(input) ?? []);
		try {
			return 'ask' in wire
				? await this.runJob(operation, wire, input, options)
				: await this.exchange(wire, input, operation, options);
		} finally {
			forget();
		}
	}

	private async runJob<Input, Output>(
		operation: Operation<Input, Output>,
		job: Job<Input, Output>,
		input: Input,
		options: CallOptions,
	): Promise<Received<Output>> {
		const { waitMs, onStarted } = options;
		if (!job.start) return await this.askFor(job.ask, input, waitMs ?? 0, options);
		const started =
			options.jobid === undefined
				? (await this.exchange(job.start, input, operation, options)).output
				: undefined;
		const jobid = started?.jobid ?? options.jobid ?? '';
		try {
			if (started) await onStarted?.(jobid);
			const done = await this.askFor(job.ask, { jobid }, waitMs ?? JOB_WAIT_MS, options);
			return started && job.complete
				? { ...done, output: job.complete(done.output, started.answer) }
				: done;
		} catch (error) {
			throw error instanceof WecomError ? error.inJob(jobid) : error;
		}
	}

	private async askFor<Input, Output>(
		ask: Exchange<Input, Output | undefined>,
		input: Input,
		waitMs: number,
		options: CallOptions,
	): Promise<Received<Output>> {
		const { jobid } = ask.body(input) as JobId;
		const job = {
			jobid,
			path: pathOf(ask.route),
			ask: async () => {
				const { answer, output } = await this.exchange(ask, input, ASKING, options);
				return output === undefined ? undefined : { answer, output };
			},
		};
		const { intervalMs, signal } = options;
		try {
			return await poll(job, waitMs, signal, intervalMs);
		} catch (error) {
			throw error instanceof JobFailedError ? error.inJob(jobid) : error;
		}
	}

	private async exchange<Input, Output>(
		exchange: Exchange<Input, Output>,
		input: Input,
		repetition: Repetition,
		options: CallOptions,
	): Promise<Received<Output>> {
		const program = { ...this.program, ...options.program };
		return await this.exchanger.exchange(exchange, input, repetition, { ...options, program });
	}
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
