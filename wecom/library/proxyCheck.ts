import { connect, type Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';

/** What a proxy says when it is asked for a tunnel to WeCom. */
export interface ProxyAnswer {
	/** Whether the tunnel opened. */
	opens: boolean;
	/** After "The proxy": `refuses the user and password`. Nothing of either is in it. */
	finding: string;
	/** What a person can do. */
	hint: string;
}

const HOST = 'qyapi.weixin.qq.com';
const PORT = 443;
const WAIT_MS = 5000;
const MAX_ANSWER_BYTES = 4096;

const BEHIND =
	'So the trouble is behind it: let it reach the addresses of WeCom, without looking into TLS.';
const ADDRESS = 'Correct its address, or start it.';
const CREDENTIALS = 'Correct user and password of the proxy.';

/**
 * Asks a proxy for a tunnel to WeCom, and closes it. The library says the same of whatever goes wrong
 * on the way.
 *
 * @param proxy `http://host:port` or `socks5://host:port`
 * @param passwd `user:password`, or empty
 */
export async function askProxy(proxy: string, passwd: string): Promise<ProxyAnswer> {
	const { protocol, hostname, port } = new URL(proxy.replace(/^http:/, 'proxy:'));
	const talk = protocol === 'socks5:' ? askSocks : askHttp;
	const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
	const reader = new Reader(socket);
	const timer = setTimeout(() => socket.destroy(new Silence()), WAIT_MS);
	try {
		return await talk(socket, reader, passwd);
	} catch (error) {
		return wordsFor(error, reader);
	} finally {
		clearTimeout(timer);
		socket.destroy();
	}
}

class Silence extends Error {
	readonly code = 'ETIMEDOUT';
}

/** The other side hung up. */
class HungUp extends Error {}

/** Reads the beginning of an answer, bounded. */
class Reader {
	private bytes = Buffer.alloc(0);
	private isOver = false;
	private failure: Error | undefined;
	private wake: (() => void) | undefined;
	isConnected = false;

	constructor(socket: Socket) {
		socket.on('connect', () => {
			this.isConnected = true;
		});
		socket.on('data', (data: Buffer) => {
			this.bytes = Buffer.concat([this.bytes, data]).subarray(0, MAX_ANSWER_BYTES);
			this.wake?.();
		});
		socket.on('error', (error) => {
			this.failure = error;
			this.wake?.();
		});
		socket.on('close', () => {
			this.isOver = true;
			this.wake?.();
		});
	}

	/**
	 * Takes what `find` finds in what has arrived, once it does.
	 *
	 * @throws Error of the connection, {@link HungUp} when it ends before
	 */
	async until<T>(find: (bytes: Buffer) => T | undefined): Promise<T> {
		for (;;) {
			const found = find(this.bytes);
			if (found !== undefined) return found;
			if (this.failure) throw this.failure;
			if (this.isOver || this.bytes.length >= MAX_ANSWER_BYTES) throw new HungUp();
			await new Promise<void>((resolve) => {
				this.wake = resolve;
			});
		}
	}

	/** Takes so many bytes. */
	async take(count: number): Promise<Buffer> {
		const taken = await this.until((bytes) =>
			bytes.length >= count ? bytes.subarray(0, count) : undefined,
		);
		this.bytes = this.bytes.subarray(count);
		return taken;
	}
}

async function askHttp(socket: Socket, reader: Reader, passwd: string): Promise<ProxyAnswer> {
	const credentials = Buffer.from(passwd).toString('base64');
	const lines = [
		`CONNECT ${HOST}:${PORT} HTTP/1.1`,
		`Host: ${HOST}:${PORT}`,
		...(passwd ? [`Proxy-Authorization: Basic ${credentials}`] : []),
	];
	socket.write(`${lines.join('\r\n')}\r\n\r\n`);
	const begin = await reader.until((bytes) =>
		bytes.length >= 12 ? bytes.toString('latin1', 0, 12) : undefined,
	);
	const status = Number(/^HTTP\/1\.[01] (\d{3})$/.exec(begin)?.[1] ?? 0);
	if (status === 0) return noProxy('an HTTP proxy');
	if (status === 200) return opened();
	if (status === 407) return refused(passwd);
	return {
		opens: false,
		finding: `answers HTTP ${status} in place of a tunnel to ${HOST}:${PORT}`,
		hint: `Let the proxy allow CONNECT to ${HOST}, port ${PORT}.`,
	};
}

// RFC 1928 and 1929.
const VERSION = 5;
const NO_CREDENTIALS = 0;
const CREDENTIALS_ASKED = 2;
const CONNECT = 1;
const DOMAIN_NAME = 3;

async function askSocks(socket: Socket, reader: Reader, passwd: string): Promise<ProxyAnswer> {
	const method = passwd ? CREDENTIALS_ASKED : NO_CREDENTIALS;
	socket.write(Buffer.from([VERSION, 1, method]));
	const [version, chosen] = await reader.take(2);
	if (version !== VERSION) return noProxy('a SOCKS5 proxy');
	if (chosen !== method) return refused(passwd);
	if (passwd) {
		const [user = '', ...rest] = passwd.split(':');
		const parts = [user, rest.join(':')].map((part) => Buffer.from(part).subarray(0, 255));
		const sized = parts.flatMap((part) => [Buffer.from([part.length]), part]);
		socket.write(Buffer.concat([Buffer.from([1]), ...sized]));
		const [, granted] = await reader.take(2);
		if (granted !== 0) return refused(passwd);
	}
	const name = Buffer.from(HOST);
	const port = Buffer.from([PORT >> 8, PORT & 255]);
	const head = Buffer.from([VERSION, CONNECT, 0, DOMAIN_NAME, name.length]);
	socket.write(Buffer.concat([head, name, port]));
	const [, reply] = await reader.take(2);
	if (reply === 0) return opened();
	return {
		opens: false,
		finding: `does not connect to ${HOST}:${PORT} (SOCKS reply ${reply})`,
		hint: `Let the proxy allow connections to ${HOST}, port ${PORT}.`,
	};
}

function opened(): ProxyAnswer {
	return { opens: true, finding: `opens a tunnel to ${HOST}:${PORT}`, hint: BEHIND };
}

function refused(passwd: string): ProxyAnswer {
	const finding = passwd ? 'refuses the user and password' : 'asks for a user and password';
	return { opens: false, finding, hint: CREDENTIALS };
}

function noProxy(kind: string): ProxyAnswer {
	return { opens: false, finding: `is not ${kind}: it answers something else`, hint: ADDRESS };
}

function wordsFor(error: unknown, { isConnected }: Reader): ProxyAnswer {
	const { code } = error as NodeJS.ErrnoException;
	const finding = () => {
		if (error instanceof HungUp) return 'closes the connection without an answer';
		if (code === 'ETIMEDOUT') return `does not answer within ${WAIT_MS / 1000} s`;
		if (code === 'ECONNREFUSED') return 'refuses connections: nothing listens at its address';
		if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'has a name that no DNS server knows';
		const when = isConnected ? 'breaks the connection' : 'cannot be reached';
		return `${when} (${code ?? 'unknown'})`;
	};
	return { opens: false, finding: finding(), hint: ADDRESS };
}
