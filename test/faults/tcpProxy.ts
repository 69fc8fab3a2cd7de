import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can go dead without a word. */
export interface TcpProxy {
	port: number;
	/** Connections taken so far. */
	readonly connections: number;
	/**
	 * As when a node is lost or an address moves: what is open now stays open, and nothing comes
	 * through any more; what is opened from now on works.
	 */
	goBlack(): void;
	/**
	 * As when an address moves after a failover: what is opened from now on leads to another port; what
	 * is open stays where it is.
	 */
	leadTo(target: number): void;
	close(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1 in front of another port there. */
export async function startTcpProxy(firstTarget: number): Promise<TcpProxy> {
	let target = firstTarget;
	const sockets = new Set<Socket>();
	let open: Array<() => void> = [];
	let connections = 0;
	const server = createServer((client) => {
		connections++;
		const upstream = connect(target, '127.0.0.1');
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.on('error', () => undefined);
		}
		client.pipe(upstream).pipe(client);
		open.push(() => {
			client.unpipe(upstream);
			upstream.unpipe(client);
			for (const socket of [client, upstream]) socket.resume(); // into nothing
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		get connections() {
			return connections;
		},
		leadTo: (port) => {
			target = port;
		},
		goBlack: () => {
			for (const cutOff of open) cutOff();
			open = [];
		},
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
