import type { TokenSource } from '../auth/tokenSource';
import {
	AnswerTooLargeError,
	CancelledError,
	OutcomeUnknownError,
	WecomApiError,
	WecomNetworkError,
	WecomResponseError,
} from '../errors';
import type { CallOf, CallQueue } from '../http/callQueue';
import {
	blockedMs,
	withRetries,
	type Repetition,
	type RetryClass,
	type RetrySettings,
} from '../http/retry';
import { isRefusal, type WecomHttp, type WecomRequest } from '../http/wecomHttp';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { TimeBudget } from '../timeBudget';
import type { OpenLibrary } from '../library/archiveLibrary';
import { LibraryUnavailableError } from '../library/libraryErrors';
import { carrierOf } from './carriers';
import type { Answer, ZoneProgram } from './carriers/carrier';
import { isLibraryRoute, toLibraryCall } from './carriers/library';
import { pathOf, type Exchange } from './wire';

/** Settings of one exchange. */
export interface ExchangeOptions {
	signal?: AbortSignal;
	/** Bound on the exchange, milliseconds. */
	timeoutMs?: number;
	/** The program that carries a function of the zone, where it differs from the client's. */
	program?: Partial<ZoneProgram>;
}

/** What came of an exchange. */
export interface Received<Output> {
	/** WeCom's whole answer, as it came. */
	answer: JsonObject;
	output: Output;
}

/** One request of an exchange, made once and sent perhaps several times. */
interface Prepared {
	/** Whose limits it counts against: a path, or the name of a function. */
	api: string;
	/** Whether a token goes along; Tencent's library has one of its own. */
	takesToken: boolean;
	send(token: string): Promise<Answer>;
	/** The answer of the API itself, out of what came. */
	open(answer: JsonObject): JsonObject;
}

/** Does exchanges: takes care of tokens, repetitions and redaction. */
export class Exchanger {
	/** @param library Tencent's, where there is one */
	constructor(
		private readonly http: WecomHttp,
		private readonly tokens: TokenSource,
		private readonly calls: CallQueue,
		private readonly retry: Required<RetrySettings>,
		private readonly library?: OpenLibrary,
	) {}

	/**
	 * Does one exchange. A token that WeCom refuses is renewed once and the request replayed once, but
	 * not for what a program in the data zone reports inside its answer; passing trouble is retried
	 * where the retry class allows it. A function of Tencent's library needs no token.
	 *
	 * @throws InvalidInputError before anything is sent
	 * @throws WecomApiError, WecomResponseError, WecomNetworkError, OutcomeUnknownError,
	 * TooManyCallsError, CancelledError; LibraryReturnError, LibraryUnavailableError of the library
	 */
	async exchange<Input, Output>(
		exchange: Exchange<Input, Output>,
		input: Input,
		{ retry, findOut }: Repetition,
		options: ExchangeOptions,
	): Promise<Received<Output>> {
		const { token: kind } = exchange;
		const { signal } = options;
		const prepared = isLibraryRoute(exchange.route)
			? this.throughLibrary(exchange, input, options)
			: this.overHttp(exchange, input, retry, options);
		const send = async (token: string): Promise<Received<Output>> => {
			const call = { corp: this.tokens.owner(kind), api: prepared.api };
			const { json, bytes } = await this.calls.run(
				{ ...call, maxWaitMs: this.retry.maxWaitMs, ...(signal ? { signal } : {}) },
				async () => await this.request(async () => await prepared.send(token), call, retry),
			);
			const opened = prepared.open(json);
			return {
				answer: json,
				output: exchange.read(await this.withCleanWords(exchange, opened), bytes),
			};
		};
		for (let replayed = false; ; replayed = true) {
			if (signal?.aborted) throw new CancelledError();
			const token = prepared.takesToken ? await this.tokens.get(kind, signal) : '';
			try {
				return await withRetries(async () => await send(token), retry, this.retry, signal);
			} catch (thrown) {
				const error = this.explain(thrown, exchange.hints, findOut);
				if (!(error instanceof WecomApiError) || error.entry.action !== 'refresh') throw error;
				const { blames } = error.entry;
				if (replayed || !prepared.takesToken) throw error;
				if (!this.tokens.discard(kind, token, blames)) throw error;
			}
		}
	}

	private overHttp<Input>(
		exchange: Exchange<Input, unknown>,
		input: Input,
		retry: RetryClass,
		{ signal, timeoutMs, program = {} }: ExchangeOptions,
	): Prepared {
		const { route, token: kind } = exchange;
		const body = exchange.body(input);
		const file = exchange.file?.(input);
		const carrier = carrierOf(route);
		const request: WecomRequest = {
			...carrier.toRequest(exchange, body, program),
			...(file ? { file } : {}),
			...(timeoutMs === undefined ? {} : { timeoutMs }),
			...(signal ? { signal } : {}),
			once: retry === 'once' || retry === 'paid',
		};
		return {
			api: request.path,
			takesToken: true,
			send: async (token) => {
				const query = { ...request.query, [kind]: token };
				return { json: await this.http.request({ ...request, query }) };
			},
			open: (answer) => carrier.open(exchange, answer),
		};
	}

	private throughLibrary<Input>(
		{ route, body }: Exchange<Input, unknown>,
		input: Input,
		{ signal, timeoutMs }: ExchangeOptions,
	): Prepared {
		const call = toLibraryCall(route, body(input), this.library, timeoutMs);
		return {
			api: pathOf(route),
			takesToken: false,
			send: async () => await call(signal),
			open: (answer) => answer,
		};
	}

	/** After a limit the other calls of the API for this corp hold back as well. */
	private async request(
		send: () => Promise<Answer>,
		call: CallOf,
		retry: RetryClass,
	): Promise<Answer> {
		try {
			return await send();
		} catch (error) {
			this.calls.pause(call, blockedMs(error, retry, this.retry));
			throw error;
		}
	}

	/** Puts what the exchange knows in place of the general hint. */
	private explain(error: unknown, hints: Exchange<never, unknown>['hints'], findOut?: string) {
		const cleaned = this.withoutSecrets(error, hints);
		return findOut !== undefined && mayBeDone(cleaned)
			? new OutcomeUnknownError(cleaned, findOut)
			: cleaned;
	}

	private withoutSecrets(error: unknown, hints: Exchange<never, unknown>['hints']): unknown {
		const { redactor } = this.http;
		const clean = (words: string) => redactor.clean(words);
		if (error instanceof WecomApiError) {
			return error.refined(clean(error.errmsg), hints?.[error.errcode]);
		}
		if (error instanceof WecomResponseError) return this.cleaned(error);
		return error instanceof LibraryUnavailableError ? error.reworded(clean) : error;
	}

	/** An answer without secrets in what it says of single messages. */
	private async withCleanWords(
		{ failureLists }: Exchange<never, unknown>,
		answer: JsonObject,
	): Promise<JsonObject> {
		if (!failureLists) return answer;
		const budget = new TimeBudget();
		const known = new Map<string, string>();
		const cleaned = { ...answer };
		for (const name of failureLists) {
			const list = answer[name];
			if (!Array.isArray(list)) continue;
			const entries: JsonValue[] = [];
			for (const entry of list) {
				const words = isJsonObject(entry) ? entry.errmsg : undefined;
				if (typeof words !== 'string') entries.push(entry);
				else {
					const clean = known.get(words) ?? this.http.redactor.clean(words);
					known.set(words, clean);
					entries.push({ ...(entry as JsonObject), errmsg: clean });
				}
				if (budget.spent) await budget.renew();
			}
			cleaned[name] = entries;
		}
		return cleaned;
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
): error is WecomApiError | WecomNetworkError | WecomResponseError | CancelledError {
	if (error instanceof WecomApiError) return error.entry.answerLost === true;
	if (error instanceof WecomResponseError) {
		return error.requestSent && (error.saysDone || !isRefusal(error.httpStatus));
	}
	return (
		(error instanceof WecomNetworkError || error instanceof CancelledError) && error.requestSent
	);
}
