import {
	request as requestHttp,
	type ClientRequest,
	type IncomingMessage,
	type RequestOptions,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers';
import { TLSSocket } from 'node:tls';

/**
 * How long a new connection is watched before anything goes out over it, milliseconds: a gateway
 * whose backend is away takes a connection and closes it at once.
 */
const WATCH_MS = 25;
/** How often this process looks at its connections after that. */
const LOOKS = 3;

/**
 * Makes one request for axios (its `transport`) and knows whether any of it has left this machine:
 * told by the connection, not by a list of error codes. TCP, the tunnel through a proxy and TLS come
 * first, and carry nothing of the request.
 */
export class Departure {
	/** Whether a byte of the request may have left. */
	hasLeft = false;
	/** Whether a proxy refused the tunnel: the answer is its own, and nothing has left. */
	refusedByProxy = false;
	/** When the head of the answer was here, milliseconds since 1970. */
	answeredAt?: number;

	/** @param watched holds the request back until its new connection has stood for a moment */
	constructor(private readonly watched: boolean) {}

	/** What axios calls. */
	readonly request = (
		options: RequestOptions,
		onAnswer: (answer: IncomingMessage) => void,
	): ClientRequest => {
		const isSecure = options.protocol === 'https:';
		const request = (isSecure ? requestHttps : requestHttp)(options, (answer) => {
			this.answeredAt = Date.now();
			if (!this.refusedByProxy) this.leave(request);
			onAnswer(answer);
		});
		// Else Node would answer the end of a connection by sending what was held back.
		request.once('error', () => {
			if (!this.hasLeft) request.socket?.destroy();
		});
		request.once('socket', (socket) => {
			this.refusedByProxy = isSecure && !(socket instanceof TLSSocket);
			if (!this.refusedByProxy) this.follow(request, socket);
		});
		return request;
	};

	private follow(request: ClientRequest, socket: Socket): void {
		if (this.watched) socket.cork();
		const onOpen = () => {
			if (this.watched) setTimeout(() => this.leaveAfter(LOOKS, request), WATCH_MS);
			else this.leave(request);
		};
		const isOpen = request.reusedSocket || !(socket instanceof TLSSocket || socket.connecting);
		if (isOpen) onOpen();
		else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', onOpen);
	}

	/** A busy process may not have looked at its connections in the meantime. */
	private leaveAfter(looks: number, request: ClientRequest): void {
		if (looks === 0) this.leave(request);
		else setImmediate(() => this.leaveAfter(looks - 1, request));
	}

	private leave(request: ClientRequest): void {
		if (this.hasLeft || request.destroyed || request.socket?.destroyed) return;
		this.hasLeft = true;
		if (this.watched) request.socket?.uncork();
	}
}
