import { WecomApiError, WecomResponseError } from '../errors';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../json';
import type { UploadFile } from './multipart';
import { type Redactor } from './redact';
import { Transport, type HttpAnswer, type TransportSettings } from './transport';

/** One API request. */
export interface WecomRequest {
	method: 'GET' | 'POST';
	/** Path under `/cgi-bin`, `/msgaudit/get_chat_data` say. */
	path: string;
	query: Record<string, string>;
	/** Anything JSON can say, and bigints. */
	body?: object;
	/** Sent as multipart/form-data, in place of a body. */
	file?: UploadFile;
	/** Bound on one exchange, milliseconds. */
	timeoutMs?: number;
	signal?: AbortSignal;
}

/** 30 s: what the reference document's checklist (section 9) asks for. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Speaks WeCom's convention over HTTP: JSON both ways, `errcode` inside HTTP 200, a missing errcode
 * means 0. Sends once; tokens and retries are for those above.
 */
export class WecomHttp {
	private readonly transport: Transport;

	constructor(
		settings: TransportSettings,
		/** Removes secrets from everything WeCom says before it gets into an error. */
		readonly redactor: Redactor,
	) {
		this.transport = new Transport(settings);
	}

	/**
	 * @returns the answer's JSON object; its errcode is 0 or missing
	 * @throws WecomApiError, WecomResponseError, WecomNetworkError, CancelledError
	 */
	async request(request: WecomRequest): Promise<JsonObject> {
		const answer = await this.transport.send({
			method: request.method,
			path: `/cgi-bin${request.path}`,
			query: request.query,
			timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
			...(request.file ? { file: request.file } : {}),
			...(request.body && !request.file ? { body: stringifyJson(request.body) } : {}),
			...(request.signal ? { signal: request.signal } : {}),
		});
		const json = this.parse(answer, request.path);
		const errcode = Number(json.errcode ?? 0);
		if (errcode !== 0) {
			const errmsg = typeof json.errmsg === 'string' ? json.errmsg : 'no errmsg';
			throw new WecomApiError(errcode, this.redactor.clean(errmsg), request.path);
		}
		return json;
	}

	private parse(answer: HttpAnswer, path: string): JsonObject {
		const json = tryParse(answer.text);
		const errcode = Number(json?.errcode ?? 0);
		// A gateway may send WeCom's refusals with a status of its own, but not its successes.
		const isAnswer = Number.isInteger(errcode) && (answer.status < 300 || errcode !== 0);
		if (json && isAnswer) return json;
		const { status } = answer;
		const limited = status === 429 || status === 503;
		const retryAfterMs = limited ? answer.retryAfterMs : undefined;
		if (status === 404) {
			throw new WecomResponseError(
				status,
				false,
				path,
				`The server does not know the path /cgi-bin${path} (HTTP 404)`,
				'This path belongs to the Data API reference contract. Check the base URL of the credential: it has to be the host that serves it.',
			);
		}
		throw new WecomResponseError(
			status,
			status >= 500 || status < 300 || status === 429,
			path,
			`The answer to ${path} is not WeCom's JSON (HTTP ${status}, ${this.describe(answer.text)})`,
			'Something between n8n and WeCom (a gateway, a proxy, a login page) answered in its place.' +
				(retryAfterMs === undefined ? '' : ` Try again after ${timeIn(retryAfterMs)}.`),
			retryAfterMs,
		);
	}

	private describe(text: string): string {
		const start = text.trim();
		if (start === '') return 'empty body';
		if (start.startsWith('<')) return 'an HTML or XML page';
		return `text of ${text.length} characters`;
	}
}

/** The time, in ISO 8601, so many milliseconds from now. */
function timeIn(milliseconds: number): string {
	return new Date(Date.now() + milliseconds).toISOString();
}

function tryParse(text: string): JsonObject | undefined {
	try {
		const value = parseJson(text);
		return isJsonObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}
