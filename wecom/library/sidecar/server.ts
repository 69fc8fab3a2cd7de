import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';

import { CancelledError } from '../../errors';
import { Redactor } from '../../http/redact';
import type { ArchiveLibrary, LibraryAccess } from '../archiveLibrary';
import { BodyBudget, drain } from './body';
import { RefusedError, toErrorAnswer, type ErrorJson } from './errors';
import { sendJson, SIDECAR_HANDLERS } from './handlers';
import { placesOf, type SidecarLog } from './log';
import { HEALTH_PATH, MAX_BATCH_BYTES, SIDECAR_HEADERS, SIDECAR_PROTOCOL } from './wire';

/** What a sidecar is made of. */
export interface SidecarParts {
	/** Every request but the plain look at its health carries it. */
	token: string;
	/** The library on this machine, for one corp. */
	open: (access: LibraryAccess) => ArchiveLibrary;
	log: SidecarLog;
	/** Requests at the same time; 256 when left out. */
	maxRequests?: number;
}

const MAX_CONNECTIONS = 512;
const MAX_REQUESTS = 256;
const MAX_HELD_BYTES = 4 * MAX_BATCH_BYTES;
const HTTP_LIMITS = {
	maxHeaderSize: 16 * 1024,
	headersTimeout: 10_000,
	/** For the request to arrive, not for its answer. */
	requestTimeout: 120_000,
	keepAliveTimeout: 30_000,
	connectionsCheckingInterval: 5_000,
	/** Asks a connection that is silent whether its client is still there. */
	keepAlive: true,
	keepAliveInitialDelay: 30_000,
};
/** A connection on which nothing moves for so long is closed, milliseconds. */
const SILENCE_MS = 20 * 60_000;

const SWEEP_MS = 50;
const LAST_WORDS_MS = 500;

/** What came with a request and is kept out of its error. */
interface Secrets {
	ofCorp: ReadonlyArray<string | undefined>;
	keys: readonly string[];
}

/** Tencent's library over HTTP, for an n8n that cannot load it: see {@link SIDECAR_HANDLERS}. */
export class SidecarServer {
	private readonly server: Server;
	private readonly expected: Buffer;
	private readonly bodies = new BodyBudget(MAX_HELD_BYTES);
	private readonly running = new Set<AbortController>();
	private readonly maxRequests: number;
	private ending = false;

	constructor(private readonly parts: SidecarParts) {
		this.expected = digest(`Bearer ${parts.token}`);
		this.maxRequests = parts.maxRequests ?? MAX_REQUESTS;
		this.server = createServer(HTTP_LIMITS, (request, response) => {
			void this.answer(request, response);
		});
		this.server.maxConnections = MAX_CONNECTIONS;
		this.server.setTimeout(SILENCE_MS);
		this.server.on('drop', () => parts.log.problem('Too many connections, one was turned away'));
	}

	/**
	 * Begins to listen.
	 *
	 * @param port 0 for any that is free
	 * @returns the address
	 * @throws what Node says when it cannot, EADDRINUSE say
	 */
	async listen(host: string, port: number): Promise<AddressInfo> {
		this.server.listen(port, host);
		await once(this.server, 'listening');
		return this.server.address() as AddressInfo;
	}

	/** Takes no more requests, lets those under way end, for so many milliseconds, and closes. */
	async end(graceMs: number): Promise<void> {
		this.ending = true;
		const closed = once(this.server, 'close');
		this.server.close();
		// A connection that was busy a moment ago is kept alive, close() or not.
		const sweep = setInterval(() => this.server.closeIdleConnections(), SWEEP_MS);
		const timer = setTimeout(() => {
			for (const controller of this.running) controller.abort();
			// What is cancelled is answered first.
			setTimeout(() => this.server.closeAllConnections(), LAST_WORDS_MS).unref();
		}, graceMs);
		await closed;
		clearTimeout(timer);
		clearInterval(sweep);
	}

	/** Answers one request; never throws. */
	private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		response.setHeader(SIDECAR_HEADERS.protocol, SIDECAR_PROTOCOL);
		response.setHeader('cache-control', 'no-store');
		if (this.ending) response.setHeader('connection', 'close');
		const secrets: Secrets = { ofCorp: [], keys: [] };
		const controller = new AbortController();
		const hasEnded = () => controller.abort();
		response.once('close', hasEnded);
		try {
			await this.handle(request, response, controller, secrets);
		} catch (error) {
			if (response.destroyed || response.headersSent) return;
			this.refuse(error, request, response, secrets);
		} finally {
			response.off('close', hasEnded);
			this.running.delete(controller);
		}
	}

	private async handle(
		request: IncomingMessage,
		response: ServerResponse,
		controller: AbortController,
		secrets: Secrets,
	): Promise<void> {
		const path = (request.url ?? '').split('?', 1)[0] ?? '';
		const { authorization } = request.headers;
		if (path === HEALTH_PATH && authorization === undefined) {
			return sendJson(response, this.ending ? 503 : 200, { status: this.status });
		}
		if (!timingSafeEqual(digest(authorization ?? ''), this.expected)) {
			throw new RefusedError(401, 'token', 'The token is missing or wrong');
		}
		const spoken = request.headers[SIDECAR_HEADERS.protocol] ?? SIDECAR_PROTOCOL;
		if (spoken !== SIDECAR_PROTOCOL) {
			throw new RefusedError(400, 'protocol', 'The client is of another version than the sidecar');
		}
		const handler = SIDECAR_HANDLERS[path];
		if (!handler) throw new RefusedError(404, 'path', 'The sidecar does not know the path');
		if (request.method !== handler.method) {
			throw new RefusedError(405, 'path', `The path takes ${handler.method} only`);
		}
		if (this.ending) throw new RefusedError(503, 'busy', 'The sidecar is being stopped');
		if (this.running.size >= this.maxRequests) {
			throw new RefusedError(503, 'busy', 'The sidecar has as many requests as it takes');
		}
		this.running.add(controller);
		await this.bodies.read(request, handler.maxBytes, async (body) => {
			await handler.run({
				body: handler.method === 'POST' ? parse(body) : undefined,
				response,
				signal: controller.signal,
				log: this.parts.log,
				about: (access, keys = []) => {
					Object.assign(secrets, { ofCorp: [access.secret, access.passwd], keys });
					return this.parts.open(access);
				},
			});
		});
	}

	private get status(): 'up' | 'stopping' {
		return this.ending ? 'stopping' : 'up';
	}

	private refuse(
		error: unknown,
		request: IncomingMessage,
		response: ServerResponse,
		secrets: Secrets,
	): void {
		const redactor = new Redactor([this.parts.token, ...secrets.ofCorp]);
		redactor.learn(secrets.keys);
		const given = error instanceof CancelledError && this.ending ? STOPPED : error;
		const answer = toErrorAnswer(given, (text) => redactor.clean(text));
		this.parts.log.problem(describe(answer.error, given, request));
		if (answer.error.kind === 'busy') response.setHeader('retry-after', '1');
		sendJson(response, answer.status, { error: answer.error });
		if (!request.complete) drain(request, 2 * MAX_BATCH_BYTES);
	}
}

const STOPPED = new RefusedError(503, 'busy', 'The sidecar is being stopped');

/** A line for the log: without anything that came with the request. */
function describe(error: ErrorJson, thrown: unknown, request: IncomingMessage): string {
	const { kind, message, returnCode, name } = error;
	if (kind === 'returnCode') return `${name} returned ${returnCode}: ${message}`;
	if (kind === 'failed') return `Failed: ${placesOf(thrown)}`;
	return thrown instanceof RefusedError
		? `${message} (HTTP ${thrown.status}, from ${request.socket.remoteAddress ?? 'a client that is gone'})`
		: message;
}

function parse(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString());
	} catch {
		throw new RefusedError(400, 'body', 'The body is not JSON');
	}
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
