import type { SealedBody } from '../../archive/messageOpener';
import {
	InvalidInputError,
	isTooLarge,
	type WecomError,
	WecomNetworkError,
	WecomResponseError,
	type RecordError,
} from '../../errors';
import { Redactor } from '../../http/redact';
import { withRetries } from '../../http/retry';
import { Transport, type BytesAnswer } from '../../http/transport';
import { trimmed } from '../../visible';
import { requireAccess, requirePage, requirePiece } from '../access';
import type {
	ArchiveLibrary,
	LibraryAccess,
	LibraryFacts,
	MediaPiece,
	SidecarPlace,
} from '../archiveLibrary';
import { LibraryReturnError, LibraryUnavailableError } from '../libraryErrors';
import { parseSidecarUrl } from './address';
import { fromFactsJson, fromOpenedJson } from './answers';
import { fromErrorAnswer, otherVersion, SAME_VERSION, unreachable } from './errors';
import {
	isSidecarToken,
	MAX_BATCH,
	SIDECAR_HEADERS,
	SIDECAR_PATHS,
	SIDECAR_PROTOCOL,
	TOKEN_RULE,
} from './wire';

/**
 * Bound on one exchange, milliseconds. The sidecar bounds each call of the library itself, but calls
 * wait for one another, and a batch may have to be halved again and again, over every hang.
 */
const TIMEOUT_MS = 15 * 60_000;
/** A check waits for the library's process alone. */
const CHECK_TIMEOUT_MS = 45_000;
/** Characters of ciphertext sent at once: more would hold the event loop while it becomes JSON. */
const MAX_BATCH_CHARACTERS = 1024 * 1024;
/** Over a restart of the sidecar, 2 to 4 s; nothing of it does harm when it is done twice. */
const RETRIES = { retries: 4, firstDelayMs: 250, maxDelayMs: 4000 };

/** Tencent's library behind a sidecar (`dist/wecom/library/sidecar.js`), for one corp. */
export class SidecarLibrary implements ArchiveLibrary {
	private readonly transport: Transport;
	private readonly host: string;
	private readonly token: string;

	/** @throws InvalidInputError for a URL, token or access that cannot be used */
	constructor(
		place: SidecarPlace,
		private readonly access: LibraryAccess,
	) {
		requireAccess(access);
		const url = parseSidecarUrl(place.url, place.allowPlainHttp);
		this.host = url.host;
		this.token = trimmed(place.token);
		if (!isSidecarToken(this.token)) {
			throw new InvalidInputError(
				'sidecarToken',
				`The sidecar's token has to be ${TOKEN_RULE}`,
				'It is the text in the token file of the sidecar.',
			);
		}
		this.transport = new Transport({
			baseUrl: url.href,
			allowPlainHttp: true,
			headers: {
				authorization: `Bearer ${this.token}`,
				[SIDECAR_HEADERS.protocol]: SIDECAR_PROTOCOL,
			},
		});
	}

	async chatData(seq: bigint, limit: number, signal?: AbortSignal): Promise<string> {
		requirePage(seq, limit);
		const body = { seq: String(seq), limit };
		const { bytes } = await this.post(SIDECAR_PATHS.chatData, body, signal);
		return textOf(bytes);
	}

	async decrypt(
		batch: readonly SealedBody[],
		signal?: AbortSignal,
	): Promise<Array<string | RecordError>> {
		const results: Array<string | RecordError> = [];
		for (const part of partsOf(batch)) {
			const { bytes } = await this.post(SIDECAR_PATHS.decrypt, { batch: part }, signal);
			const opened = fromOpenedJson(jsonOf(bytes), part.length);
			if (!opened) throw this.notUnderstood(SIDECAR_PATHS.decrypt);
			results.push(...opened);
		}
		return results;
	}

	async media(sdkfileid: string, index: string, signal?: AbortSignal): Promise<MediaPiece> {
		requirePiece(sdkfileid, index);
		const path = SIDECAR_PATHS.media;
		const { bytes, headers } = await this.post(path, { sdkfileid, index }, signal);
		const isLast = headers[SIDECAR_HEADERS.isLast];
		const nextIndex = decoded(headers[SIDECAR_HEADERS.nextIndex]);
		if (nextIndex === undefined || (isLast !== '1' && isLast !== '0')) {
			throw this.notUnderstood(path);
		}
		return { data: bytes, nextIndex, isLast: isLast === '1' };
	}

	async check(signal?: AbortSignal): Promise<LibraryFacts> {
		const path = SIDECAR_PATHS.check;
		const { bytes } = await this.told(this.exchange(path, {}, CHECK_TIMEOUT_MS, signal));
		const facts = fromFactsJson(jsonOf(bytes));
		if (!facts) throw this.notUnderstood(path);
		return facts;
	}

	/** Tries again while the sidecar is away or busy; what the library says is for whoever calls it. */
	private async post(path: string, body: object, signal?: AbortSignal): Promise<BytesAnswer> {
		const send = async () => {
			try {
				return await this.exchange(path, body, TIMEOUT_MS, signal);
			} catch (error) {
				if (error instanceof LibraryReturnError) return error;
				throw error;
			}
		};
		const answer = await this.told(withRetries(send, 'read', RETRIES, signal));
		if (answer instanceof LibraryReturnError) throw answer;
		return answer;
	}

	private async exchange(
		path: string,
		body: object,
		timeoutMs: number,
		signal?: AbortSignal,
	): Promise<BytesAnswer> {
		const answer = await this.send(path, body, timeoutMs, signal);
		const protocol = answer.headers[SIDECAR_HEADERS.protocol];
		if (protocol === undefined) throw this.notASidecar(answer, path);
		if (protocol !== SIDECAR_PROTOCOL) throw otherVersion(this.host);
		if (answer.status === 200) return answer;
		const clean = (text: string) => this.redactor().clean(text);
		throw fromErrorAnswer(jsonOf(answer.bytes), answer, { path, host: this.host, clean });
	}

	/** @throws LibraryUnavailableError for a silence: what has lasted so long is not tried again */
	private async send(
		path: string,
		body: object,
		timeoutMs: number,
		signal?: AbortSignal,
	): Promise<BytesAnswer> {
		try {
			return await this.transport.sendForBytes({
				method: 'POST',
				path,
				query: {},
				body: JSON.stringify({ access: this.access, ...body }),
				timeoutMs,
				...(signal ? { signal } : {}),
			});
		} catch (error) {
			const silent = error instanceof WecomNetworkError && error.reason === 'ETIMEDOUT';
			throw silent ? unreachable(this.host, error) : error;
		}
	}

	/** Waits for what talks to the sidecar, and says what is wrong with the way there. */
	private async told<T>(answer: Promise<T>): Promise<T> {
		try {
			return await answer;
		} catch (error) {
			if (error instanceof WecomNetworkError) throw unreachable(this.host, error);
			if (error instanceof WecomResponseError && !isTooLarge(error)) {
				throw new LibraryUnavailableError(error.message, error.hint);
			}
			throw error;
		}
	}

	private notASidecar({ status }: BytesAnswer, path: string): WecomError {
		if (PASSING.has(status)) {
			return new WecomResponseError(
				status,
				true,
				path,
				`A proxy or gateway in front of the sidecar at ${this.host} answers in its place (HTTP ${status})`,
				'Is the sidecar running?',
			);
		}
		return new LibraryUnavailableError(
			`What answers at ${this.host} is no sidecar of this package (HTTP ${status})`,
			'`sidecarUrl` has to be the address of the program dist/wecom/library/sidecar.js, port 8787 unless its environment says otherwise.',
		);
	}

	private notUnderstood(path: string): WecomError {
		return new LibraryUnavailableError(
			`The answer of the sidecar at ${this.host} to ${path} is not what it should be`,
			SAME_VERSION,
		);
	}

	/** Made where it is needed: it takes a while, and errors are rare. */
	private redactor(): Redactor {
		return new Redactor([this.token, this.access.secret, this.access.passwd]);
	}
}

/** What a gateway says for a server that is away for the moment. */
const PASSING = new Set([502, 503, 504]);

function* partsOf(batch: readonly SealedBody[]): Generator<readonly SealedBody[]> {
	for (let start = 0; start < batch.length;) {
		let end = start;
		let characters = 0;
		while (end < batch.length && end - start < MAX_BATCH) {
			characters += batch[end]?.ciphertext.length ?? 0;
			if (characters > MAX_BATCH_CHARACTERS && end > start) break;
			end++;
		}
		yield batch.slice(start, end);
		start = end;
	}
}

function textOf(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

/** @returns undefined for what is no JSON */
function jsonOf(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(textOf(bytes));
	} catch {
		return undefined;
	}
}

/** @returns undefined for what is missing, or not percent-encoded */
function decoded(text: string | undefined): string | undefined {
	try {
		return text === undefined ? undefined : decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
