import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';

import { InvalidInputError, WecomNetworkError } from '../../../wecom/errors';
import { Transport, type HttpRequest, type TransportSettings } from '../../../wecom/http/transport';
import { makeCertificate } from '../../faults/certificate';
import { closedPort, closeServers, failureOf, json, startServer } from '../support/server';

const VARIABLES = [
	...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
		name,
		name.toUpperCase(),
	]),
	...['npm_config_http_proxy', 'npm_config_https_proxy', 'npm_config_proxy', 'npm_config_no_proxy'],
];
const REQUEST: HttpRequest = {
	method: 'POST',
	path: '/cgi-bin/any',
	query: { access_token: 'TOKEN' },
	body: '{"seq":0}',
	timeoutMs: 5000,
};
const OK = json({ errcode: 0 });

const environment = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));

function setEnvironment(variables: Record<string, string | undefined>): void {
	for (const name of VARIABLES) {
		const value = variables[name];
		if (value === undefined) Reflect.deleteProperty(process.env, name);
		else process.env[name] = value;
	}
}

const servers = new Set<{ server: Server; sockets: Set<Socket> }>();

async function listen(server: Server): Promise<number> {
	const sockets = new Set<Socket>();
	servers.add({ server, sockets });
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

/** A proxy that makes tunnels, or refuses them with a status, and nothing else. */
async function startProxy(refusal?: number) {
	const seen = { url: '', tunnels: [] as string[], authorization: [] as unknown[], bytes: '' };
	const server = createHttpServer((request, response) => {
		seen.bytes += String(request.url);
		response.end();
	});
	server.on('connect', ({ url = '', headers }, client: Socket) => {
		seen.tunnels.push(url);
		seen.authorization.push(headers['proxy-authorization']);
		client.on('data', (data) => (seen.bytes += data.toString('latin1')));
		if (refusal) return client.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`);
		const api = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
			client.write('HTTP/1.1 200 OK\r\n\r\n');
			api.pipe(client).pipe(api);
		});
		return api.on('error', () => client.destroy());
	});
	seen.url = `http://127.0.0.1:${await listen(server)}`;
	return seen;
}

const certificate = makeCertificate();

/**
 * An API behind TLS with a certificate that nobody trusts: whoever gets as far as to refuse it spoke
 * with the API itself.
 */
async function startSecureApi() {
	const seen = { url: '', connections: 0 };
	const server = createHttpsServer(certificate, (_request, response) => response.end());
	server.on('connection', () => seen.connections++);
	seen.url = `https://localhost:${await listen(server)}`;
	return seen;
}
const UNTRUSTED = { reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', requestSent: false };

/** How a request to such an API ends. */
const refusal = async (settings: TransportSettings) =>
	await failureOf(new Transport(settings).send(REQUEST));

beforeEach(() => setEnvironment({}));

afterEach(async () => {
	setEnvironment(environment);
	for (const { server, sockets } of servers) {
		server.close();
		for (const socket of sockets) socket.destroy();
	}
	servers.clear();
	await closeServers();
});

async function authorization(credentials: string): Promise<string | undefined> {
	const proxy = await startProxy(403);
	const proxyUrl = proxy.url.replace('//', `//${credentials}`);
	await new Transport({ baseUrl: 'https://wecom.invalid', proxyUrl }).send(REQUEST);
	const [header] = proxy.authorization as [string | undefined];
	if (header === undefined) return undefined;
	expect(header).toMatch(/^Basic /);
	return Buffer.from(header.slice('Basic '.length), 'base64').toString();
}

describe('proxyUrl', () => {
	it('is asked for a tunnel to an https API, and sees nothing of what goes through', async () => {
		const api = await startSecureApi();
		const proxy = await startProxy();
		expect(await refusal({ baseUrl: api.url, proxyUrl: proxy.url })).toMatchObject(UNTRUSTED);
		expect(proxy.tunnels).toEqual([new URL(api.url).host]);
		expect(api.connections).toBe(1);
		for (const secret of ['TOKEN', 'cgi-bin', 'seq']) expect(proxy.bytes).not.toContain(secret);
	});

	it.each([
		['its user and password', 'user:password@', 'user:password'],
		['user and password decoded', 'us%40er:p%3Aa%2Fs%20s@', 'us@er:p:a/s s'],
		['a user without password', 'user@', 'user:'],
		['no Proxy-Authorization without a user', '', undefined],
	])('sends %s', async (_what, credentials, expected) => {
		expect(await authorization(credentials)).toBe(expected);
	});

	it('comes before the environment, NO_PROXY too', async () => {
		const api = await startSecureApi();
		const [proxy, other] = [await startProxy(), await startProxy()];
		process.env.HTTPS_PROXY = other.url;
		process.env.NO_PROXY = '*';
		await refusal({ baseUrl: api.url, proxyUrl: proxy.url });
		expect(proxy.tunnels).toHaveLength(1);
		expect(other.tunnels).toHaveLength(0);
	});

	it('that refuses connections counts as a request never sent', async () => {
		const api = await startSecureApi();
		const proxyUrl = `http://127.0.0.1:${await closedPort()}`;
		const error = await refusal({ baseUrl: api.url, proxyUrl });
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({
			reason: 'ECONNREFUSED',
			requestSent: false,
			hint: expect.stringContaining('proxy URL'),
		});
		expect(api.connections).toBe(0);
	});

	it('that wants another password is answered for with its own status', async () => {
		const proxy = await startProxy(407);
		const transport = new Transport({ baseUrl: 'https://wecom.invalid', proxyUrl: proxy.url });
		expect(await transport.send(REQUEST)).toMatchObject({ status: 407 });
	});

	it.each([
		'socks5://127.0.0.1:1080',
		'socks4://127.0.0.1:1080',
		'socks://user:hunter22@127.0.0.1:1080',
		'socks5h://127.0.0.1:1080',
	])('%s is refused, with a word on SOCKS', (proxyUrl) => {
		const make = () => new Transport({ baseUrl: 'http://127.0.0.1', proxyUrl });
		expect(make).toThrow(InvalidInputError);
		expect(make).toThrow(
			expect.objectContaining({ field: 'proxyUrl', hint: expect.stringContaining('SOCKS') }),
		);
	});

	it.each(['127.0.0.1:8080', 'proxy', 'ftp://127.0.0.1', 'http://', 'http://user:50%@127.0.0.1'])(
		'%j is refused and named as the field',
		(proxyUrl) => {
			const make = () => new Transport({ baseUrl: 'http://127.0.0.1', proxyUrl });
			expect(make).toThrow(InvalidInputError);
			expect(make).toThrow(expect.objectContaining({ field: 'proxyUrl' }));
		},
	);

	it('never gets into the message of its refusal, since a password may be in it', () => {
		const make = () =>
			new Transport({ baseUrl: 'http://127.0.0.1', proxyUrl: 'socks5://user:hunter22@host' });
		expect(make).toThrow(expect.not.objectContaining({ message: expect.stringMatching(/hunter/) }));
	});
});

describe('the environment', () => {
	it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])(
		'names the proxy of an https API with %s',
		async (variable) => {
			const api = await startSecureApi();
			const proxy = await startProxy();
			process.env[variable] = proxy.url;
			expect(await refusal({ baseUrl: api.url })).toMatchObject(UNTRUSTED);
			expect(proxy.tunnels).toHaveLength(1);
			expect(api.connections).toBe(1);
		},
	);

	it('may hold user and password of the proxy', async () => {
		const proxy = await startProxy(403);
		process.env.HTTPS_PROXY = proxy.url.replace('//', '//user:password@');
		await new Transport({ baseUrl: 'https://wecom.invalid' }).send(REQUEST);
		expect(proxy.authorization).toEqual([
			`Basic ${Buffer.from('user:password').toString('base64')}`,
		]);
	});

	it.each(['localhost', '*', 'example.com, localhost'])(
		'with NO_PROXY=%s lets the request go straight to the API',
		async (exceptions) => {
			const api = await startSecureApi();
			const proxy = await startProxy();
			process.env.HTTPS_PROXY = proxy.url;
			process.env.NO_PROXY = exceptions;
			expect(await refusal({ baseUrl: api.url })).toMatchObject(UNTRUSTED);
			expect(api.connections).toBe(1);
			expect(proxy.tunnels).toHaveLength(0);
		},
	);

	it('with NO_PROXY for other hosts still goes through the proxy', async () => {
		const api = await startSecureApi();
		const proxy = await startProxy();
		process.env.HTTPS_PROXY = proxy.url;
		process.env.NO_PROXY = 'example.com';
		expect(await refusal({ baseUrl: api.url })).toMatchObject(UNTRUSTED);
		expect(proxy.tunnels).toHaveLength(1);
	});
});

describe('a plain http base URL never goes through a proxy, which would see every secret', () => {
	const straight = async (proxy: { url: string; connections: number }, proxyUrl?: string) => {
		const api = await startServer(OK);
		await new Transport({ baseUrl: api.url, ...(proxyUrl ? { proxyUrl } : {}) }).send(REQUEST);
		expect(proxy.connections).toBe(0);
		expect(api.requests).toHaveLength(1);
		expect(api.requests[0]).toMatchObject({ path: '/cgi-bin/any', query: REQUEST.query });
		expect(api.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
	};

	it('neither through that of the setting', async () => {
		const proxy = await startServer(OK);
		await straight(proxy, proxy.url.replace('//', '//user:password@'));
	});

	it.each([
		'HTTP_PROXY',
		'http_proxy',
		'ALL_PROXY',
		'all_proxy',
		'HTTPS_PROXY',
		'npm_config_http_proxy',
		'npm_config_proxy',
	])('nor through that of %s', async (variable) => {
		const proxy = await startServer(OK);
		process.env[variable] = proxy.url;
		await straight(proxy);
	});

	it('nor where it is another host that was allowed', async () => {
		const proxy = await startServer(OK);
		process.env.HTTP_PROXY = proxy.url;
		const baseUrl = `http://gateway.invalid:${await closedPort()}`;
		const transport = new Transport({ baseUrl, allowPlainHttp: true, proxyUrl: proxy.url });
		expect(await failureOf(transport.send(REQUEST))).toMatchObject({ requestSent: false });
		expect(proxy.connections).toBe(0);
	});
});
