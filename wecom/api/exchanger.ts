import type { TokenSource } from '../auth/tokenSource';
import {
	AnswerTooLargeError,
	CancelledError,
	OutcomeUnknownError,
	WecomApiError,
	WecomNetworkError,
	WecomProgramError,
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
import { carrierOf } from './carriers';
import type { ZoneProgram } from './carriers/carrier';
import type { Exchange } from './wire';

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
	/** WeCom's whole answer, as it came over HTTP. */
	answer: JsonObject;
	output: Output;
}

/** Does exchanges: takes care of tokens, repetitions and redaction. */
export class Exchanger {
	constructor(
		private readonly http: WecomHttp,
		private readonly tokens: TokenSource,
		private readonly calls: CallQueue,
		private readonly retry: Required<RetrySettings>,
	) {}

	/**
	 * Does one exchange. A token that WeCom refuses is renewed once and the request replayed once, but
	 * not for what a program in the data zone reports inside its answer; passing trouble is retried
	 * where the retry class allows it.
	 *
	 * @throws InvalidInputError before anything is sent
	 * @throws WecomApiError, WecomResponseError, WecomNetworkError, OutcomeUnknownError,
	 * TooManyCallsError, CancelledError
	 */
	async exchange<Input, Output>(
		exchange: Exchange<Input, Output>,
		input: Input,
		{ retry, findOut }: Repetition,
		{ signal, timeoutMs, program = {} }: ExchangeOptions,
	): Promise<Received<Output>> {
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
		const send = async (token: string): Promise<Received<Output>> => {
			const call = { corp: this.tokens.owner(kind), api: request.path };
			const query = { ...request.query, [kind]: token };
			const answer = await this.calls.run(
				{ ...call, maxWaitMs: this.retry.maxWaitMs, ...(signal ? { signal } : {}) },
				async () => await this.request({ ...request, query }, call, retry),
			);
			const opened = carrier.open(exchange, answer);
			return { answer, output: exchange.read(await this.withCleanWords(exchange, opened)) };
		};
		for (let replayed = false; ; replayed = true) {
			if (signal?.aborted) throw new CancelledError();
			const token = await this.tokens.get(kind, signal);
			try {
				return await withRetries(async () => await send(token), retry, this.retry, signal);
			} catch (thrown) {
				const error = this.explain(thrown, exchange.hints, findOut);
				if (!(error instanceof WecomApiError) || error.entry.action !== 'refresh') throw error;
				const { blames } = error.entry;
				if (replayed || !this.tokens.discard(kind, token, blames)) throw error;
			}
		}
	}

	/** After a limit the other calls of the API for this corp hold back as well. */
	private async request(
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

	/** Puts what the exchange knows in place of the general hint. */
	private explain(error: unknown, hints: Exchange<never, unknown>['hints'], findOut?: string) {
		const cleaned =
			error instanceof WecomApiError
				? this.refined(error, hints)
				: error instanceof WecomResponseError
					? this.cleaned(error)
					: error;
		return findOut !== undefined && mayBeDone(cleaned)
			? new OutcomeUnknownError(cleaned, findOut)
			: cleaned;
	}

	private refined(error: WecomApiError, hints: Exchange<never, unknown>['hints']): WecomApiError {
		const { errcode, errmsg, path, hint, source } = error;
		const Kind = error instanceof WecomProgramError ? WecomProgramError : WecomApiError;
		const words = this.http.redactor.clean(errmsg);
		return new Kind(errcode, words, path, hints?.[errcode] ?? hint, source);
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
