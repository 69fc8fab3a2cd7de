import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { clearTimeout, setTimeout } from 'node:timers';

import axios, { isAxiosError, type AxiosProxyConfig } from 'axios';

import {
	CancelledError,
	InvalidInputError,
	WecomNetworkError,
	WecomResponseError,
	WecomError,
} from '../errors';
import { toMultipart, unreadable, type Multipart, type UploadFile } from './multipart';
import { onAbort } from './onAbort';
import { parseRetryAfter } from './retryAfter';

/** Where and how requests go out. */
export interface TransportSettings {
	/** Scheme and host of the API; plain http only for this machine itself. */
	baseUrl: string;
	/** `http://[user:password@]host:port`; without it the proxy environment variables count. */
	proxyUrl?: string;
	/** Largest answer taken, bytes after decompression. */
	maxResponseBytes?: number;
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
	signal?: AbortSignal;
}

/** What came back. */
export interface HttpAnswer {
	status: number;
	text: string;
	/** How long the server asks to be left alone (Retry-After), milliseconds from now. */
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

/** The request certainly never left this machine when one of these happens, or connect() failed. */
const BEFORE_SENDING = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'CERT_HAS_EXPIRED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Sends HTTP requests over kept-alive connections; the only place that knows axios. */
export class Transport {
	private readonly origin: string;
	private readonly proxy: AxiosProxyConfig | undefined;
	private readonly maxResponseBytes: number;

	/** @throws InvalidInputError for a base or proxy URL that cannot be used */
	constructor(settings: TransportSettings) {
		this.origin = parseBaseUrl(settings.baseUrl);
		this.proxy = settings.proxyUrl ? parseProxyUrl(settings.proxyUrl) : undefined;
		this.maxResponseBytes = settings.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
	}

	/**
	 * @throws WecomNetworkError when no complete answer arrived
	 * @throws WecomResponseError when the answer is larger than allowed
	 * @throws InvalidInputError when the file cannot be read, or is not as long as announced
	 * @throws CancelledError when the signal fired
	 */
	async send(request: HttpRequest): Promise<HttpAnswer> {
		const { signal: cancelled } = request;
		if (cancelled?.aborted) throw new CancelledError();
		// AbortSignal.any() and AbortSignal.timeout() would leave something behind on every request.
		const stop = new AbortController();
		let timedOut = false;
		const abort = () => stop.abort();
		const timer = setTimeout(() => {
			timedOut = true;
			abort();
		}, request.timeoutMs);
		const stopListening = cancelled && onAbort(cancelled, abort);
		let upload: Multipart | undefined;
		try {
			upload = request.file && (await toMultipart(request.file));
			const answer = await axios.request<string>({
				method: request.method,
				url: this.origin + request.path,
				params: request.query,
				data: upload?.form ?? request.body,
				headers: upload?.headers ?? jsonHeaders(request.body),
				responseType: 'text',
				transformRequest: [(data: unknown) => data],
				transformResponse: [(data: unknown) => data],
				validateStatus: () => true,
				maxRedirects: 0, // a redirect would carry the token to another host
				maxContentLength: this.maxResponseBytes,
				maxBodyLength: Infinity,
				proxy: this.proxy,
				httpAgent,
				httpsAgent,
				signal: stop.signal,
			});
			const retryAfterMs = parseRetryAfter(answer.headers['retry-after']);
			return {
				status: answer.status,
				text: answer.data ?? '',
				...(retryAfterMs === undefined ? {} : { retryAfterMs }),
			};
		} catch (error) {
			if (cancelled?.aborted) throw new CancelledError();
			if (error instanceof WecomError) throw error;
			const broken = timedOut ? undefined : upload?.content.errored;
			if (broken) throw unreadable(broken);
			throw this.explain(error, request, timedOut);
		} finally {
			clearTimeout(timer);
			upload?.content.destroy();
			stopListening?.();
		}
	}

	/** Builds a fresh error from harmless facts: an axios error carries the URL with the token. */
	private explain(error: unknown, request: HttpRequest, timedOut: boolean): WecomError {
		const { path } = request;
		const host = new URL(this.origin).host;
		if (timedOut) {
			return new WecomNetworkError(
				'ETIMEDOUT',
				true,
				path,
				`${host} did not answer ${path} within ${request.timeoutMs / 1000} s`,
				'Raise the timeout in Options, or look at the network between n8n and WeCom.',
			);
		}
		if (isAxiosError(error) && error.message.startsWith('maxContentLength')) {
			return new WecomResponseError(
				error.response?.status ?? 200,
				false,
				path,
				`The answer to ${path} is larger than ${Math.round(this.maxResponseBytes / 1024 / 1024)} MB`,
				'Ask for fewer records at once (Page Size in Options).',
			);
		}
		const { code, sent } = whatBroke(error);
		return new WecomNetworkError(
			code,
			sent,
			path,
			sent
				? `The connection to ${host} broke before the answer to ${path} was complete (${code})`
				: `${host} could not be reached for ${path} (${code})`,
			`Look at the base URL, ${this.proxy ? 'the proxy URL, ' : ''}DNS and the firewall between n8n and WeCom.`,
		);
	}
}

function jsonHeaders(body: string | undefined): Record<string, string> {
	return body === undefined ? {} : { 'Content-Type': 'application/json' };
}

function whatBroke(error: unknown): { code: string; sent: boolean } {
	const { code = 'unknown' } = error as NodeJS.ErrnoException;
	const { syscall } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
	return { code, sent: syscall !== 'connect' && !BEFORE_SENDING.has(code) };
}

function parseBaseUrl(baseUrl: string): string {
	const url = parseUrl(baseUrl);
	const usable =
		url && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)));
	if (!usable || url.search || url.hash || url.username || url.password) {
		throw new InvalidInputError(
			'baseUrl',
			'The base URL must be an https:// address without credentials or query (http:// only for this machine itself)',
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
