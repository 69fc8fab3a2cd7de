import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { clearTimeout, setTimeout } from 'node:timers';

import axios, { isAxiosError, type AxiosProxyConfig, type AxiosResponse } from 'axios';

import {
	AnswerTooLargeError,
	CancelledError,
	InvalidInputError,
	WecomNetworkError,
	WecomError,
} from '../errors';
import { Departure } from './departure';
import { clockOffset } from './httpDate';
import { toMultipart, unreadable, type Multipart, type UploadFile } from './multipart';
import { onAbort } from './onAbort';
import { parseRetryAfter } from './retryAfter';

/** Where and how requests go out. */
export interface TransportSettings {
	/** Scheme and host of the API; plain http only for this machine itself, unless allowed. */
	baseUrl: string;
	/** Takes plain http for other hosts as well: secrets and messages cross the network unencrypted. */
	allowPlainHttp?: boolean;
	/**
	 * `http://[user:password@]host:port`, asked for a tunnel to an https base URL; without it the proxy
	 * environment variables count. Plain http never goes through a proxy: it would see every secret.
	 */
	proxyUrl?: string;
	/** Largest answer taken, bytes after decompression. */
	maxResponseBytes?: number;
	/** Why nothing can be sent over HTTP; thrown in place of sending. */
	refusal?: InvalidInputError;
	/** Sent with every request beside the content type. */
	headers?: Readonly<Record<string, string>>;
}

/** One HTTP exchange, still without any meaning. */
export interface HttpRequest {
	method: 'GET' | 'POST';
	/** Path under the base URL, `/cgi-bin/gettoken` say. */
	path: string;
	query: Record<string, string>;
	/** JSON text. */
	body?: string;
	/** Sent as multipart/form-data, in place of a body. */
	file?: UploadFile;
	/** Bound on the whole exchange, milliseconds. */
	timeoutMs: number;
	/**
	 * Sends it over a connection of its own: one that was kept alive may be closed by the other side
	 * just now, and then nobody knows whether the request was heard.
	 */
	fresh?: boolean;
	signal?: AbortSignal;
}

/** What came back. */
export interface HttpAnswer {
	status: number;
	text: string;
	/** How long the server asks to be left alone (Retry-After), milliseconds from now. */
	retryAfterMs?: number;
	/** How far the server's clock (header Date) is ahead of this machine's, milliseconds. */
	clockOffsetMs?: number;
	/** Set when a proxy gave it in place of a tunnel: nothing of the request has left. */
	refusedByProxy?: true;
}

/** What came back where that is no text, or more than a text. */
export interface BytesAnswer {
	status: number;
	bytes: Uint8Array;
	/** By their names in lower case. */
	headers: Readonly<Partial<Record<string, string>>>;
	/** As in {@link HttpAnswer}. */
	retryAfterMs?: number;
}

const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Connections to one host at the same time. */
export const MAX_SOCKETS = 64;

/** Connections are kept alive and shared by every client in the process: TLS handshakes are dear. */
const connections = { keepAlive: true, maxSockets: MAX_SOCKETS, keepAliveMsecs: 30_000 };
const httpAgent = new HttpAgent(connections);
const httpsAgent = new HttpsAgent(connections);
/** For what needs a connection of its own. */
const freshHttpAgent = new HttpAgent({ keepAlive: false });
const freshHttpsAgent = new HttpsAgent({ keepAlive: false });

/** Begins a hint where the request never left. */
export const NOTHING_SENT = 'Nothing was sent. ';

/** Sends HTTP requests over kept-alive connections; the only place that knows axios. */
export class Transport {
	private readonly origin: string;
	/** false is axios' word for none, whatever the environment says. */
	private readonly proxy: AxiosProxyConfig | false | undefined;
	private readonly maxResponseBytes: number;
	private readonly refusal?: InvalidInputError | undefined;
	private readonly headers: Readonly<Record<string, string>> | undefined;

	/** @throws InvalidInputError for a base or proxy URL that cannot be used */
	constructor(settings: TransportSettings) {
		this.origin = parseBaseUrl(settings.baseUrl, settings.allowPlainHttp ?? false);
		const proxy = settings.proxyUrl ? parseProxyUrl(settings.proxyUrl) : undefined;
		this.proxy = this.origin.startsWith('https:') ? proxy : false;
		this.maxResponseBytes = settings.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
		this.refusal = settings.refusal;
		this.headers = settings.headers;
	}

	/**
	 * @throws WecomNetworkError when no complete answer arrived
	 * @throws AnswerTooLargeError when the answer is larger than allowed
	 * @throws InvalidInputError when the file cannot be read, or is not as long as announced
	 * @throws CancelledError when the signal fired
	 */
	async send(request: HttpRequest): Promise<HttpAnswer> {
		const { answer, departure } = await this.exchange<string>(request, 'text');
		const { 'retry-after': retryAfter, date } = answer.headers;
		const retryAfterMs = parseRetryAfter(retryAfter);
		const clockOffsetMs = clockOffset(date, departure.answeredAt);
		return {
			status: answer.status,
			text: answer.data ?? '',
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
			...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
			...(departure.refusedByProxy ? { refusedByProxy: true } : {}),
		};
	}

	/**
	 * Does the same, and gives the body as it is.
	 *
	 * @throws as {@link send}
	 */
	async sendForBytes(request: HttpRequest): Promise<BytesAnswer> {
		const { answer } = await this.exchange<Uint8Array>(request, 'arraybuffer');
		const headers = { ...answer.headers } as Record<string, string>;
		const retryAfterMs = parseRetryAfter(headers['retry-after']);
		return {
			status: answer.status,
			bytes: answer.data,
			headers,
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
		};
	}

	private async exchange<Body>(
		request: HttpRequest,
		responseType: 'text' | 'arraybuffer',
	): Promise<{ answer: AxiosResponse<Body>; departure: Departure }> {
		const { signal: cancelled } = request;
		if (cancelled?.aborted) throw new CancelledError();
		if (this.refusal) throw this.refusal;
		// AbortSignal.any() and AbortSignal.timeout() would leave something behind on every request.
		const stop = new AbortController();
		let timedOut = false;
		const abort = () => stop.abort();
		const timer = setTimeout(() => {
			timedOut = true;
			abort();
		}, request.timeoutMs);
		const stopListening = cancelled && onAbort(cancelled, abort);
		const departure = new Departure(request.fresh === true);
		let upload: Multipart | undefined;
		try {
			upload = request.file && (await toMultipart(request.file));
			const answer = await axios.request<Body>({
				method: request.method,
				url: this.origin + request.path,
				params: request.query,
				data: upload?.form ?? request.body,
				headers: { ...(upload?.headers ?? jsonHeaders(request.body)), ...this.headers },
				responseType,
				transformRequest: [(data: unknown) => data],
				transformResponse: [(data: unknown) => data],
				validateStatus: () => true,
				maxRedirects: 0, // a redirect would carry the token to another host
				maxContentLength: this.maxResponseBytes,
				maxBodyLength: Infinity,
				proxy: this.proxy,
				httpAgent: request.fresh ? freshHttpAgent : httpAgent,
				httpsAgent: request.fresh ? freshHttpsAgent : httpsAgent,
				transport: { request: departure.request },
				signal: stop.signal,
			});
			return { answer, departure };
		} catch (error) {
			if (cancelled?.aborted) {
				throw departure.hasLeft
					? new CancelledError(request.path)
					: new CancelledError(undefined, NOTHING_SENT.trim());
			}
			if (error instanceof WecomError) throw error;
			const broken = timedOut ? undefined : upload?.content.errored;
			if (broken) throw unreadable(broken);
			throw this.explain(error, request, timedOut, departure.hasLeft);
		} finally {
			clearTimeout(timer);
			upload?.content.destroy();
			stopListening?.();
		}
	}

	/** Builds a fresh error from harmless facts: an axios error carries the URL with the token. */
	private explain(
		error: unknown,
		request: HttpRequest,
		timedOut: boolean,
		sent: boolean,
	): WecomError {
		const { path } = request;
		const host = new URL(this.origin).host;
		if (timedOut) {
			return new WecomNetworkError(
				'ETIMEDOUT',
				sent,
				path,
				`${host} ${sent ? 'did not answer' : 'could not be reached for'} ${path} within ${request.timeoutMs / 1000} s`,
				`${sent ? '' : NOTHING_SENT}Raise \`timeoutMs\`, or look at the network on the way to WeCom.`,
			);
		}
		if (isAxiosError(error) && error.message.startsWith('maxContentLength')) {
			return new AnswerTooLargeError(error.response?.status ?? 200, path, this.maxResponseBytes);
		}
		const { code = 'unknown' } = error as NodeJS.ErrnoException;
		return new WecomNetworkError(
			code,
			sent,
			path,
			sent
				? `The connection to ${host} broke before the answer to ${path} was complete (${code})`
				: `${host} could not be reached for ${path} (${code})`,
			`${sent ? '' : NOTHING_SENT}Look at the base URL, ${this.proxy ? 'the proxy URL, ' : ''}DNS and the firewall on the way to WeCom.`,
		);
	}
}

function jsonHeaders(body: string | undefined): Record<string, string> {
	return body === undefined ? {} : { 'Content-Type': 'application/json' };
}

function parseBaseUrl(baseUrl: string, allowPlainHttp: boolean): string {
	const url = parseUrl(baseUrl);
	const plain = url?.protocol === 'http:';
	if (plain && !allowPlainHttp && !LOOPBACK.test(url.hostname)) {
		throw new InvalidInputError(
			'baseUrl',
			'The base URL is plain http to another host than this machine, which sends secrets and messages unencrypted',
			'Use https://. For a gateway in a network of your own turn on `allowPlainHttp`.',
		);
	}
	const usable = url?.protocol === 'https:' || plain;
	if (!usable || url.search || url.hash || url.username || url.password) {
		throw new InvalidInputError(
			'baseUrl',
			'The base URL must be an https:// address without credentials or query (http:// only for this machine itself, or where it is allowed)',
			'For WeCom itself it is https://qyapi.weixin.qq.com.',
		);
	}
	// The paths of the reference begin with /cgi-bin, and so do many a pasted address.
	return (url.origin + url.pathname).replace(/(\/cgi-bin)?\/*$/, '');
}

/** @throws InvalidInputError for a proxy URL that cannot be used */
export function parseProxyUrl(proxyUrl: string): AxiosProxyConfig {
	const url = parseUrl(proxyUrl);
	const username = decode(url?.username);
	const password = decode(url?.password);
	const usable = url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname;
	if (!usable || username === undefined || password === undefined) {
		throw new InvalidInputError(
			'proxyUrl',
			'The proxy URL must look like http://user:password@host:port',
			'Write % in user or password as %25. SOCKS proxies are not supported; most of them offer an HTTP port beside.',
		);
	}
	return {
		protocol: url.protocol,
		host: url.hostname,
		port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
		...(username ? { auth: { username, password } } : {}),
	};
}

function decode(text = ''): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text.trim());
	} catch {
		return undefined;
	}
}
