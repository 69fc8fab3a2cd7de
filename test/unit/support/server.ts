import { once } from 'node:events';
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as the server got it. */
export interface SeenRequest {
	method: string;
	/** The path without the query; an absolute URL when a proxy is asked. */
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	body: string;
	socket: Socket;
}

/** Answers one request, or lets it hang, or cuts it. */
export type Reply = (request: SeenRequest, response: ServerResponse) => unknown;

/** A server whose every answer the test writes, with a record of what it was asked. */
export interface TestServer {
	url: string;
	port: number;
	requests: SeenRequest[];
	/** The requests of one API. */
	to(path: string): SeenRequest[];
	/** TCP connections taken so far. */
	connections: number;
}

// A proxy of the machine that runs the tests must not come between them and 127.0.0.1.
process.env.NO_PROXY = process.env.no_proxy = '*';

const running = new Set<Server>();

/** Starts a server on a free port of 127.0.0.1; {@link closeServers} ends it. */
export async function startServer(reply: Reply): Promise<TestServer> {
	const { server, port } = await startRawServer((incoming, response) => {
		void read(incoming).then(async (request) => {
			seen.requests.push(request);
			await reply(request, response);
		});
	});
	const seen: TestServer = {
		url: `http://127.0.0.1:${port}`,
		port,
		requests: [],
		to: (path) => seen.requests.filter((request) => request.path === path),
		connections: 0,
	};
	server.on('connection', () => seen.connections++);
	return seen;
}

/** Starts a server that gets its requests unread, large bodies say; {@link closeServers} ends it. */
export async function startRawServer(
	listener: RequestListener,
): Promise<{ server: Server; url: string; port: number }> {
	const server = createServer(listener);
	running.add(server);
	const port = await listen(server);
	return { server, url: `http://127.0.0.1:${port}`, port };
}

/** For `afterEach`: ends every server of the test with all its connections. */
export async function closeServers(): Promise<void> {
	for (const server of running) {
		const closed = once(server, 'close');
		server.close();
		server.closeAllConnections();
		await closed;
	}
	running.clear();
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function closedPort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	server.close();
	await once(server, 'close');
	return port;
}

/** Answers with JSON; a text is sent as it is. */
export function json(answer: object | string, status = 200): Reply {
	return (_request, response) => {
		response.writeHead(status, { 'Content-Type': 'application/json; charset=UTF-8' });
		response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
	};
}

/** Answers with an errcode, the way WeCom does: inside HTTP 200. */
export function errcode(code: number, errmsg = 'words of WeCom'): Reply {
	return json({ errcode: code, errmsg });
}

/** Answers with any text. */
export function text(body: string, status = 200, headers: Record<string, string> = {}): Reply {
	return (_request, response) => {
		response.writeHead(status, { 'Content-Type': 'text/html', ...headers });
		response.end(body);
	};
}

/** Takes the request and cuts the connection. */
export const cut: Reply = ({ socket }) => socket.destroy();

/** Never answers. */
export const silence: Reply = () => undefined;

/** One reply after the other; the last one for good. */
export function inTurn(...replies: Reply[]): Reply {
	let turn = 0;
	return (request, response) => {
		const reply = replies[Math.min(turn++, replies.length - 1)];
		return reply?.(request, response);
	};
}

/** A reply for each path; 404 for the others. */
export function byPath(replies: Record<string, Reply>): Reply {
	return (request, response) =>
		(replies[request.path] ?? text('<h1>404</h1>', 404))(request, response);
}

/** A door that opens once, for replies that have to wait. */
export function gate(): { opened: Promise<void>; open: () => void } {
	let open: () => void = () => undefined;
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { opened, open };
}

/** Resolves as soon as a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
	try {
		await promise;
	} catch (error) {
		return error;
	}
	throw new Error('It should have failed and did not');
}

async function listen(server: Server): Promise<number> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const [path = '', query = ''] = (incoming.url ?? '').split('?');
	return {
		method: incoming.method ?? '',
		path,
		query: Object.fromEntries(new URLSearchParams(query)),
		headers: incoming.headers,
		body: Buffer.concat(chunks).toString(),
		socket: incoming.socket,
	};
}
