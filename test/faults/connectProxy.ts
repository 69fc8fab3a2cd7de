import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** An HTTP proxy that wants a user and a password. */
export interface ConnectProxy {
	/** With both in it. */
	url: string;
	/** How many tunnels it opened. */
	tunnels: number;
	close(): void;
}

/**
 * Starts a proxy that opens tunnels.
 *
 * @param passwd `user:password`
 * @param onTunnel is called before each
 */
export async function startConnectProxy(
	passwd: string,
	onTunnel: () => void,
): Promise<ConnectProxy> {
	const sockets = new Set<Socket>();
	const server = createServer((_request, response) => response.writeHead(400).end());
	const expected = `Basic ${Buffer.from(passwd).toString('base64')}`;
	const proxy: ConnectProxy = {
		url: '',
		tunnels: 0,
		close: () => {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
	server.on('connect', (request, socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		if (request.headers['proxy-authorization'] !== expected) {
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
			return;
		}
		onTunnel();
		proxy.tunnels++;
		const [host = '', port = ''] = (request.url ?? '').split(':');
		const target = connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			target.pipe(socket).pipe(target);
		});
		sockets.add(target);
		target.on('error', () => socket.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	proxy.url = `http://${passwd}@127.0.0.1:${port}`;
	return proxy;
}
