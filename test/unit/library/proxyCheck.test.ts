import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { askProxy } from '../../../wecom/library/proxyCheck';
import { closedPort, failureOf } from '../support/server';
import { installStub, open, PASSWD, withLibraries } from './support';

withLibraries();

const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) server.close();
});

/** A proxy that says one thing after another, whenever it hears something. */
async function proxyThat(...says: Array<string | Buffer>) {
	const heard: Buffer[] = [];
	const sockets: Socket[] = [];
	const server = createServer((socket) => {
		sockets.push(socket);
		const left = [...says];
		socket.on('error', () => undefined);
		socket.on('data', (data) => {
			heard.push(data);
			const next = left.shift();
			if (next === undefined || next.length === 0) socket.destroy();
			else socket.write(next);
		});
	});
	servers.push(server.listen(0, '127.0.0.1'));
	await once(server, 'listening');
	return { port: (server.address() as AddressInfo).port, heard };
}

describe('an HTTP proxy', () => {
	it.each([
		['HTTP/1.1 200 Connection established\r\n\r\n', true, 'opens a tunnel to qyapi.weixin.qq.com:443'],
		['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', false, 'refuses the user and password'],
		['HTTP/1.0 403 Forbidden\r\n\r\n', false, 'answers HTTP 403 in place of a tunnel to qyapi.weixin.qq.com:443'],
		['SSH-2.0-OpenSSH_9.2\r\n', false, 'is not an HTTP proxy: it answers something else'],
		['', false, 'closes the connection without an answer'],
	])('that says %j is understood', async (says, opens, finding) => {
		const { port, heard } = await proxyThat(says);
		expect(await askProxy(`http://127.0.0.1:${port}`, PASSWD)).toMatchObject({ opens, finding });
		expect(heard[0]?.toString()).toBe(
			`CONNECT qyapi.weixin.qq.com:443 HTTP/1.1\r\nHost: qyapi.weixin.qq.com:443\r\nProxy-Authorization: Basic ${Buffer.from(PASSWD).toString('base64')}\r\n\r\n`,
		);
	}); // prettier-ignore

	it('that wants a password where none is given says so', async () => {
		const { port, heard } = await proxyThat('HTTP/1.1 407 No\r\n\r\n');
		expect(await askProxy(`http://127.0.0.1:${port}`, '')).toMatchObject({
			finding: 'asks for a user and password',
		});
		expect(heard[0]?.toString()).not.toContain('Proxy-Authorization');
	});

	it('where nothing listens is told apart', async () => {
		expect(await askProxy(`http://127.0.0.1:${await closedPort()}`, '')).toMatchObject({
			opens: false,
			finding: 'refuses connections: nothing listens at its address',
		});
	});

	it('on the port of the web is asked there', async () => {
		expect(await askProxy('http://127.0.0.1:80', '')).toMatchObject({ opens: false });
	});

	it('of a name that is none is told apart', async () => {
		const { finding } = await askProxy('http://no-such-host.invalid:8080', '');
		expect(finding).toMatch(/has a name that no DNS server knows|cannot be reached/);
	});
});

describe('a SOCKS5 proxy', () => {
	const GRANTED = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);

	it('that opens is asked by the name of the host', async () => {
		const { port, heard } = await proxyThat(Buffer.from([5, 0]), GRANTED);
		expect(await askProxy(`socks5://127.0.0.1:${port}`, '')).toMatchObject({ opens: true });
		expect(heard[0]).toEqual(Buffer.from([5, 1, 0]));
		expect(heard[1]).toEqual(
			Buffer.from('\x05\x01\x00\x03\x13qyapi.weixin.qq.com\x01\xbb', 'latin1'),
		);
	}); // prettier-ignore

	it('gets user and password, colons of the password included', async () => {
		const { port, heard } = await proxyThat(Buffer.from([5, 2]), Buffer.from([1, 0]), GRANTED);
		expect(await askProxy(`socks5://127.0.0.1:${port}`, 'user:pass:word')).toMatchObject({
			opens: true,
		});
		expect(heard[1]?.toString('latin1')).toBe('\x01\x04user\x09pass:word');
	});

	it.each([
		['refuses the user and password', [Buffer.from([5, 2]), Buffer.from([1, 1])]],
		['refuses the user and password', [Buffer.from([5, 255])]],
		['does not connect to qyapi.weixin.qq.com:443 (SOCKS reply 2)', [Buffer.from([5, 2]), Buffer.from([1, 0]), Buffer.from([5, 2])]],
		['is not a SOCKS5 proxy: it answers something else', [Buffer.from('HTTP/1.1 400')]],
	])('that %s is understood', async (finding, says) => {
		const { port } = await proxyThat(...says);
		expect(await askProxy(`socks5://127.0.0.1:${port}`, PASSWD)).toMatchObject({ opens: false, finding });
	}); // prettier-ignore
});

describe('trouble with the network', () => {
	it.each([
		['HTTP/1.1 407 No\r\n\r\n', 'refuses the user and password', 'Correct user and password of the proxy.'],
		['HTTP/1.1 502 Bad\r\n\r\n', 'answers HTTP 502 in place of a tunnel to qyapi.weixin.qq.com:443', 'Let the proxy allow CONNECT to qyapi.weixin.qq.com, port 443.'],
		['HTTP/1.1 200 OK\r\n\r\n', 'opens a tunnel to qyapi.weixin.qq.com:443', 'So the trouble is behind it: let it reach the addresses of WeCom, without looking into TLS.'],
	])('through a proxy that says %j is explained by it', async (says, finding, advice) => {
		const { port } = await proxyThat(says);
		await installStub();
		const library = open({ proxy: `http://127.0.0.1:${port}`, passwd: PASSWD });
		const error = await failureOf(library.chatData(0n, 1));
		expect(error).toMatchObject({
			returnCode: 10001,
			hint: `The proxy ${finding}. ${advice}`,
			entry: { action: 'retry' },
		});
		expect(JSON.stringify(error)).not.toContain('proxy-password');
		expect(await library.check()).toMatchObject({ proxy: finding });
	}); // prettier-ignore
});
