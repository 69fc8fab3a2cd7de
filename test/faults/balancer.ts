import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What stands in front of several webhook processes. */
export interface Balancer {
	url: string;
	close(): Promise<void>;
}

/**
 * Hands every connection to one of the servers.
 *
 * @param urls of the servers, on this machine and with the same path
 * @param choose decides to which
 */
export async function startBalancer(
	urls: readonly string[],
	choose: () => number,
): Promise<Balancer> {
	const sockets = new Set<Socket>();
	const track = (socket: Socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		// Ends by itself: whoever was at the other end will see it.
		socket.on('error', () => socket.destroy());
	};
	const server = createServer((client) => {
		const backend = connect(Number(new URL(urls[choose()] ?? '').port), '127.0.0.1');
		for (const socket of [client, backend]) track(socket);
		client.pipe(backend).pipe(client);
		client.on('close', () => backend.destroy());
		backend.on('close', () => client.destroy());
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = new URL(urls[0] ?? '');
	url.port = String((server.address() as AddressInfo).port);
	return {
		url: url.href,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
