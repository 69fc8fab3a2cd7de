import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { BuiltCallback, CallbackBuilder, CallbackKeys, CallbackOptions } from './build';

/** Where a callback goes, and how patiently. */
export interface SendCallbackOptions extends CallbackOptions {
	/** http or https; parameters it has already are kept. */
	readonly url: string;
	/** How long WeCom waits for the whole answer; default 5000 ms. */
	readonly timeoutMs?: number;
}

/** How a callback was received. */
export interface CallbackResult {
	/** How often it was sent, 1 to 3. */
	readonly attempts: number;
	/** HTTP status of the answer; null when there was none. */
	readonly status: number | null;
	/** Body of the answer, "" when there was none. */
	readonly body: string;
	/** HTTP 200 and exactly `success`. */
	readonly ok: boolean;
	/** What is encrypted in it. */
	readonly plaintext: string;
	/** Why the last attempt had no answer. */
	readonly error?: string;
}

/** How a URL answered WeCom's verification. */
export interface VerifyResult {
	/** HTTP 200 and exactly the decrypted echostr. */
	readonly ok: boolean;
	/** null when there was no answer. */
	readonly status: number | null;
	readonly body: string;
	/** Why there was no answer. */
	readonly error?: string;
}

/** What only the simulator itself decides about a callback. */
export interface SendContext {
	/** The simulator's own when absent. */
	readonly keys?: CallbackKeys;
	/** Ends the sending, as if no answer had come. */
	readonly stopping?: AbortSignal;
}

interface HttpAnswer {
	readonly status: number;
	readonly body: string;
}

/** How long an answer is waited for. */
interface Patience {
	readonly timeoutMs: number;
	readonly stopping?: AbortSignal | undefined;
}

const TIMEOUT_MS = 5000;
const TRIES = 3;

/** One request on a connection of its own; rejects on network failure and timeout. */
function exchange(
	url: string,
	query: object,
	options: RequestOptions,
	{ timeoutMs, stopping }: Patience,
	body?: string,
): Promise<HttpAnswer> {
	const target = new URL(url);
	for (const [name, value] of Object.entries(query)) target.searchParams.set(name, String(value));
	const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
	const timeout = AbortSignal.timeout(timeoutMs);
	const signal = stopping === undefined ? timeout : AbortSignal.any([timeout, stopping]);
	return new Promise((resolve, reject) => {
		const fail = (error: Error) =>
			reject(timeout.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error);
		const request = send(target, { ...options, agent: false, signal }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', fail);
			response.on('end', () =>
				resolve({
					status: response.statusCode as number,
					body: Buffer.concat(chunks).toString('utf8'),
				}),
			);
		});
		request.on('error', fail);
		request.end(body);
	});
}

function post(url: string, built: BuiltCallback, patience: Patience): Promise<HttpAnswer> {
	const headers = {
		'content-type': built.contentType,
		'content-length': Buffer.byteLength(built.body),
	};
	return exchange(url, built.query, { method: 'POST', headers }, patience, built.body);
}

/**
 * Sends a callback by WeCom's rules (document path 90930): when no answer comes within 5 s it is
 * sent again, three times in total, each time signed and encrypted anew over the same plaintext;
 * an answer of any status is final, and redirects are not followed.
 *
 * @throws TypeError for a URL that is not http(s), or options without event and plaintext
 */
export async function sendCallback(
	builder: CallbackBuilder,
	options: SendCallbackOptions,
	{ keys, stopping }: SendContext = {},
): Promise<CallbackResult> {
	const { url, timeoutMs = TIMEOUT_MS } = options;
	requireUrl(url);
	const content = builder.content(options);
	const { plaintext } = content;
	let error = '';
	for (let attempts = 1; attempts <= TRIES; attempts += 1) {
		try {
			const { status, body } = await post(url, builder.seal(content, keys), {
				timeoutMs,
				stopping,
			});
			return { attempts, status, body, ok: status === 200 && body === 'success', plaintext };
		} catch (failure) {
			error = reasonOf(failure);
			if (stopping?.aborted === true) break;
		}
	}
	return { attempts: TRIES, status: null, body: '', ok: false, plaintext, error };
}

/**
 * Verifies a URL as WeCom's console does on saving it: one GET with a signed, encrypted echostr
 * that has to come back decrypted.
 *
 * @throws TypeError for a URL that is not http(s)
 */
export async function verifyUrl(builder: CallbackBuilder, url: string): Promise<VerifyResult> {
	requireUrl(url);
	const { query, echo } = builder.verification();
	try {
		const { status, body } = await exchange(
			url,
			query,
			{ method: 'GET' },
			{ timeoutMs: TIMEOUT_MS },
		);
		return { ok: status === 200 && body === echo, status, body };
	} catch (failure) {
		return { ok: false, status: null, body: '', error: reasonOf(failure) };
	}
}

/** @throws TypeError for a URL that is not http(s) */
export function requireUrl(url: string): string {
	if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
		throw new TypeError(`url must be one of http or https, not ${String(url)}`);
	}
	return url;
}

function reasonOf(failure: unknown): string {
	if (!(failure instanceof Error)) return String(failure);
	if (failure.message !== '') return failure.message;
	// Node's AggregateError (all addresses of a host refused) has a code and no message.
	return 'code' in failure ? String(failure.code) : failure.name;
}
