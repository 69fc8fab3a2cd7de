import { lookUpErrcode, readErrcode, UNKNOWN_PATH_HINT } from '../errcodes';
import { WecomApiError, WecomResponseError } from '../errors';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../json';
import type { UploadFile } from './multipart';
import { type Redactor } from './redact';
import { NOTHING_SENT, Transport, type HttpAnswer, type TransportSettings } from './transport';

/** One API request. */
export interface WecomRequest {
	method: 'GET' | 'POST';
	/** Path under `/cgi-bin`, `/msgaudit/get_chat_data` say. */
	path: string;
	/** What to call the API in messages, where the path does not say it all. */
	name?: string;
	query: Record<string, string>;
	/** Anything JSON can say, and bigints. */
	body?: object;
	/** Sent as multipart/form-data, in place of a body. */
	file?: UploadFile;
	/** Fields of which one proves an answer that has no errcode; without them 0 must be there. */
	proof?: readonly string[];
	/**
	 * Must not happen twice, or costs: goes over a connection of its own, and what says nothing of
	 * WeCom's own is no answer, whatever errcode is in it.
	 */
	once?: boolean;
	/** Bound on one exchange, milliseconds. */
	timeoutMs?: number;
	signal?: AbortSignal;
}

/** 30 s: what the reference document's checklist (section 9) asks for. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** What a proxy or gateway also says when it has handed the request on and lost the answer. */
const HANDED_ON = new Set([408, 409, 424, 425, 444, 460, 499]);

/** Whether whoever answers with this status has certainly not handed the request on. */
export function isRefusal(status: number): boolean {
	return status >= 400 && status < 500 && !HANDED_ON.has(status);
}

/**
 * Speaks WeCom's convention over HTTP: JSON both ways, `errcode` inside HTTP 200. Success is errcode
 * 0; nothing else is, but for an answer without errcode that brings what was asked for. Sends once;
 * tokens and retries are for those above.
 */
export class WecomHttp {
	private readonly transport: Transport;
	private offsetMs: number | undefined;

	constructor(
		settings: TransportSettings,
		/** Removes secrets from everything WeCom says before it gets into an error. */
		readonly redactor: Redactor,
		/** What to do about a path that the server does not know. */
		private readonly unknownPathHint = UNKNOWN_PATH_HINT,
	) {
		this.transport = new Transport(settings);
	}

	/**
	 * How far WeCom's clock is ahead of this machine's, milliseconds, as its last answer tells; 0 as
	 * long as none does.
	 */
	get clockOffsetMs(): number {
		return this.offsetMs ?? 0;
	}

	/** Whether an answer has told WeCom's clock. */
	get knowsClock(): boolean {
		return this.offsetMs !== undefined;
	}

	/**
	 * @returns the answer's JSON object; its errcode is 0, or missing where a field proves it
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
			...(request.once ? { fresh: true } : {}),
			...(request.signal ? { signal: request.signal } : {}),
		});
		const json = this.parse(answer, request);
		this.offsetMs = answer.clockOffsetMs ?? this.offsetMs;
		const errcode = readErrcode(json.errcode) ?? 0;
		if (errcode !== 0) {
			const errmsg = typeof json.errmsg === 'string' ? json.errmsg : 'no errmsg';
			throw new WecomApiError(
				errcode,
				this.redactor.clean(errmsg),
				request.path,
				lookUpErrcode(errcode).lacks === 'path' ? this.unknownPathHint : undefined,
				`WeCom answered ${request.name ?? request.path}`,
			);
		}
		return json;
	}

	private parse(answer: HttpAnswer, request: WecomRequest): JsonObject {
		const { path, name = path, proof = [], once } = request;
		const { status } = answer;
		if (answer.refusedByProxy) throw refusedByProxy(status, path);
		const json = tryParse(answer.text);
		if (json && isAnswer(json, status, proof) && !(once && isOpen(status))) return json;
		const limited = status === 429 || status === 503;
		const retryAfterMs = limited ? answer.retryAfterMs : undefined;
		if (status === 404 && readErrcode(json?.errcode) !== 0) {
			throw new WecomResponseError(
				status,
				false,
				path,
				`The server does not know the path /cgi-bin${path} (HTTP 404)`,
				this.unknownPathHint,
			);
		}
		throw new WecomResponseError(
			status,
			status >= 500 || status < 300 || status === 429,
			path,
			`The answer to ${name} is not WeCom's JSON (HTTP ${status}, ${describe(answer.text, json)})`,
			'Something on the way to WeCom (a gateway, a proxy, a login page) answered in its place.' +
				(retryAfterMs === undefined ? '' : ` Try again after ${timeIn(retryAfterMs)}.`),
			retryAfterMs,
			true,
			readErrcode(json?.errcode) === 0,
		);
	}
}

function isAnswer(json: JsonObject, status: number, proof: readonly string[]): boolean {
	const errcode = readErrcode(json.errcode);
	// A gateway may send WeCom's refusals with a status of its own, but not its successes.
	if (errcode !== undefined) return errcode === 0 ? status < 300 : Number.isInteger(errcode);
	return status < 300 && proof.some((name) => isValue(json[name]));
}

/** Whether a field holds something. */
function isValue(value: unknown): boolean {
	return typeof value === 'object' ? value !== null : Number.isFinite(value) || isText(value);
}

function isText(value: unknown): boolean {
	return typeof value === 'string' && value !== '';
}

/** Whether a status leaves open what became of the request. */
function isOpen(status: number): boolean {
	return status >= 300 && !isRefusal(status);
}

function describe(text: string, json: JsonObject | undefined): string {
	const start = text.trim();
	if (json) return `JSON ${describeErrcode(json.errcode)}`;
	if (start === '') return 'empty body';
	if (start.startsWith('<')) return 'an HTML or XML page';
	return `text of ${text.length} characters`;
}

function describeErrcode(errcode: unknown): string {
	const code = readErrcode(errcode);
	if (code === undefined) return 'without errcode';
	return Number.isInteger(code) ? `with errcode ${code}` : 'with an errcode that is no number';
}

function refusedByProxy(status: number, path: string): WecomResponseError {
	return new WecomResponseError(
		status,
		status >= 500 || status === 429,
		path,
		`The proxy does not let the request to ${path} through (HTTP ${status})`,
		`${NOTHING_SENT}Look at the proxy URL, its user and password, and at what the proxy allows.`,
		undefined,
		false,
	);
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
