import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import tls, { TLSSocket } from 'node:tls';

import { CancelledError, WecomNetworkError } from '../../../wecom/errors';
import { Transport, type HttpRequest } from '../../../wecom/http/transport';
import { makeCertificate } from '../../faults/certificate';
import { closeServers, failureOf, json, startServer, until } from '../support/server';

const REQUEST: HttpRequest = {
	method: 'POST',
	path: '/cgi-bin/pay',
	query: { provider_access_token: 'T' },
	body: '{"order_id":"O1"}',
	timeoutMs: 2000,
	fresh: true,
};
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"errcode":0}';
const NOT_SENT = { requestSent: false, hint: expect.stringMatching(/^Nothing was sent\. /) };

const certificate = makeCertificate();
const servers = new Set<Server>();
const sockets = new Set<Socket>();
/** What the other side read of the request, decrypted. */
let read = '';

const { connect } = tls;
beforeEach(() => {
	read = '';
	// Node reads whom to trust when it starts.
	jest
		.spyOn(tls, 'connect')
		.mockImplementation(((options: object) =>
			connect({ ...options, ca: certificate.cert })) as typeof connect);
});
afterEach(async () => {
	jest.restoreAllMocks();
	for (const socket of sockets) socket.destroy();
	for (const server of servers) server.close();
	servers.clear();
	await closeServers();
});

/** Listens for bare connections. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		onConnection(socket);
	});
	servers.add(server);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

/** Makes a connection a TLS one, as a server does. */
function secure(socket: Socket, onSecure: (socket: TLSSocket) => void): void {
	const secureContext = tls.createSecureContext(certificate);
	const secured = new TLSSocket(socket, { isServer: true, secureContext });
	secured.on('error', () => undefined);
	secured.once('secure', () => onSecure(secured));
	secured.resume();
}

const reads = (socket: Socket) => socket.on('data', (data) => (read += data.toString()));
const answers = (socket: Socket) => reads(socket).once('data', () => socket.write(ANSWER));
const cutsAfterReading = (socket: Socket) => reads(socket).once('data', () => socket.destroy());

/** A proxy that answers CONNECT, and says what it does with the tunnel. */
async function proxy(answer: string, onTunnel: (socket: Socket) => void = () => undefined) {
	const port = await listen((socket) => {
		socket.once('data', () => {
			if (answer === '') socket.destroy();
			else socket.write(answer, () => onTunnel(socket));
		});
	});
	return `http://127.0.0.1:${port}`;
}

const http = (port: number) => new Transport({ baseUrl: `http://127.0.0.1:${port}` });
const https = (port: number) => new Transport({ baseUrl: `https://localhost:${port}` });
const through = (proxyUrl: string) => new Transport({ baseUrl: 'https://localhost:1', proxyUrl });
const TUNNEL = 'HTTP/1.1 200 Connection established\r\n\r\n';

describe('nothing has left', () => {
	it('where the connection is closed as soon as it is there', async () => {
		const port = await listen((socket) => socket.destroy());
		expect(await failureOf(http(port).send(REQUEST))).toMatchObject(NOT_SENT);
	});

	it('where the other side hangs up but would go on reading', async () => {
		const port = await listen((socket) => reads(socket).end());
		expect(await failureOf(http(port).send(REQUEST))).toMatchObject(NOT_SENT);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(read).toBe('');
	});

	it('where TLS is cut before, in and right after its handshake', async () => {
		for (const onConnection of [
			(socket: Socket) => socket.destroy(),
			(socket: Socket) => socket.once('data', () => socket.destroy()),
			(socket: Socket) => secure(socket, (secured) => secured.destroy()),
		]) {
			const port = await listen(onConnection);
			expect(await failureOf(https(port).send(REQUEST))).toMatchObject(NOT_SENT);
		}
	});

	it('where the other side does not speak TLS, or has a certificate nobody vouches for', async () => {
		const plain = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
		expect(await failureOf(https(plain).send(REQUEST))).toMatchObject(NOT_SENT);
		const selfSigned = await listen((socket) => secure(socket, reads));
		jest.restoreAllMocks();
		expect(await failureOf(https(selfSigned).send(REQUEST))).toMatchObject(NOT_SENT);
		expect(read).toBe('');
	});

	it('where TLS does not come about in time', async () => {
		const port = await listen(() => undefined);
		const error = await failureOf(https(port).send({ ...REQUEST, timeoutMs: 100 }));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ ...NOT_SENT, reason: 'ETIMEDOUT' });
		expect(error).toMatchObject({ message: expect.stringContaining('could not be reached') });
	});

	it('where a proxy closes the connection, or the tunnel before TLS is there', async () => {
		for (const proxyUrl of [
			await proxy(''),
			await proxy('HTTP/1.1'),
			await proxy(TUNNEL, (socket) => socket.destroy()),
			await proxy(TUNNEL, (socket) => secure(socket, (secured) => secured.destroy())),
		]) {
			const sending = through(proxyUrl).send({ ...REQUEST, timeoutMs: 500 });
			expect(await failureOf(sending)).toMatchObject(NOT_SENT);
		}
	});

	it.each([403, 407, 502, 503, 504])('where a proxy refuses the tunnel with %i', async (status) => {
		const proxyUrl = await proxy(
			`HTTP/1.1 ${status} No\r\nContent-Length: 14\r\n\r\n{"errcode":-1}`,
		);
		expect(await through(proxyUrl).send(REQUEST)).toMatchObject({ status, refusedByProxy: true });
	});

	it('where it is stopped before the connection is there', async () => {
		const port = await listen(() => undefined);
		const controller = new AbortController();
		const failed = failureOf(https(port).send({ ...REQUEST, signal: controller.signal }));
		await until(() => sockets.size > 0);
		controller.abort();
		const error = await failed;
		expect(error).toBeInstanceOf(CancelledError);
		expect(error).toMatchObject({ requestSent: false });
	});
});

describe('a request has left', () => {
	it('where the connection is cut after it was read', async () => {
		const plain = await listen(cutsAfterReading);
		expect(await failureOf(http(plain).send(REQUEST))).toMatchObject({ requestSent: true });
		const encrypted = await listen((socket) => secure(socket, cutsAfterReading));
		expect(await failureOf(https(encrypted).send(REQUEST))).toMatchObject({ requestSent: true });
		const proxyUrl = await proxy(TUNNEL, (socket) => secure(socket, cutsAfterReading));
		expect(await failureOf(through(proxyUrl).send(REQUEST))).toMatchObject({ requestSent: true });
		expect(read.match(/POST \/cgi-bin\/pay/g)).toHaveLength(3);
	});

	it('where it is stopped while the answer is waited for', async () => {
		const port = await listen(reads);
		const controller = new AbortController();
		const failed = failureOf(http(port).send({ ...REQUEST, signal: controller.signal }));
		await until(() => read.includes('O1'));
		controller.abort();
		expect(await failed).toMatchObject({
			code: 'cancelled',
			requestSent: true,
			path: REQUEST.path,
		});
	});

	it('where it goes over a connection that was kept alive', async () => {
		const server = await startServer(json({ errcode: 0 }));
		const transport = new Transport({ baseUrl: server.url });
		const kept = { ...REQUEST, fresh: false };
		await transport.send(kept);
		server.requests[0]?.socket.once('data', () => server.requests[0]?.socket.destroy());
		expect(await failureOf(transport.send(kept))).toMatchObject({ requestSent: true });
		expect(server.connections).toBe(1);
	});
});

describe('a request that has a connection of its own', () => {
	it('comes through whole, plain, over TLS and through a tunnel', async () => {
		const transports = [
			http(await listen(answers)),
			https(await listen((socket) => secure(socket, answers))),
			through(await proxy(TUNNEL, (socket) => secure(socket, answers))),
		];
		for (const transport of transports) {
			expect(await transport.send(REQUEST)).toMatchObject({ status: 200, text: '{"errcode":0}' });
		}
		expect(read.match(/\{"order_id":"O1"\}/g)).toHaveLength(3);
	});

	it('takes none that was kept alive, and leaves none', async () => {
		const server = await startServer(json({ errcode: 0 }));
		const transport = new Transport({ baseUrl: server.url });
		await transport.send({ ...REQUEST, fresh: false });
		for (let call = 0; call < 3; call++) await transport.send(REQUEST);
		expect(server.connections).toBe(4);
		await until(() => server.requests.slice(1).every(({ socket }) => socket.destroyed));
		await transport.send({ ...REQUEST, fresh: false });
		expect(server.connections).toBe(4);
	});
});
