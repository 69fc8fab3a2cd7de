import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from './faults';

/** A whole HTTP answer. */
export interface Answer {
	readonly status: number;
	readonly contentType: string;
	readonly body: string | Buffer;
	/** Further headers. */
	readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of the API proper: HTTP 200 and JSON. */
export function jsonAnswer(body: string): Answer {
	return { status: 200, contentType: 'application/json; charset=UTF-8', body };
}

/** What stands in for the answer when the fault is one of a proxy in between. */
export function proxyAnswer(fault: Fault): Answer | undefined {
	switch (fault.kind) {
		case 'http502':
			return {
				status: 502,
				contentType: 'text/html',
				body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
			};
		case 'nonjson':
			return { status: 200, contentType: 'text/plain', body: 'upstream is restarting, try later' };
		case 'empty':
			return { status: 200, contentType: 'application/json', body: '' };
		default:
			return undefined;
	}
}

/** The body of an answer as it is sent. */
export function bytesOf({ body }: Answer): Buffer {
	return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

/** Drops the connection without a byte of answer. */
export function cut(request: FastifyRequest, reply: FastifyReply): void {
	reply.hijack();
	request.raw.socket.destroy();
}

/** Announces the whole answer, sends half of it and drops the connection. */
export function deliverHalf(reply: FastifyReply, answer: Answer): void {
	reply.hijack();
	const payload = bytesOf(answer);
	reply.raw.writeHead(answer.status, {
		...answer.headers,
		'content-type': answer.contentType,
		'content-length': payload.length,
	});
	reply.raw.write(payload.subarray(0, payload.length >> 1), () => reply.raw.destroy());
}

/** Sends the answer; done when it is out. */
export async function deliver(reply: FastifyReply, answer: Answer): Promise<void> {
	const headers = { ...answer.headers, 'content-type': answer.contentType };
	await reply.code(answer.status).headers(headers).send(answer.body);
}
