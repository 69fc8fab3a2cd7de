import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';

import { InvalidInputError, WecomNetworkError } from '../../../wecom/errors';
import { Transport, type HttpRequest } from '../../../wecom/http/transport';
import {
	closedPort,
	closeServers,
	failureOf,
	json,
	startServer,
	text,
	type Reply,
} from '../support/server';

const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
	name,
	name.toUpperCase(),
]);
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

beforeEach(() => setEnvironment({}));

afterEach(async () => {
	setEnvironment(environment);
	await closeServers();
});

/** What an HTTP forward proxy does: it is asked for an absolute URL and asks the origin. */
const forward: Reply = ({ method, path, query, headers, body }, response) => {
	const url = `${path}?${new URLSearchParams(query).toString()}`;
	const { host, 'content-type': type } = headers;
	const onward = httpRequest(url, {
		method,
		headers: { host, 'content-type': type, 'content-length': body.length },
	});
	onward.on('response', (answer) => {
		response.writeHead(answer.statusCode ?? 0, answer.headers);
		answer.pipe(response);
	});
	onward.end(body);
};

async function basicAuthorization(credentials: string): Promise<string | undefined> {
	const proxy = await startServer(OK);
	const proxyUrl = `http://${credentials}@127.0.0.1:${proxy.port}`;
	await new Transport({ baseUrl: 'http://127.0.0.1:9', proxyUrl }).send(REQUEST);
	const header = proxy.requests[0]?.headers['proxy-authorization'];
	if (header === undefined) return undefined;
	expect(header).toMatch(/^Basic /);
	return Buffer.from(header.slice('Basic '.length), 'base64').toString();
}

describe('proxyUrl', () => {
	it('is where requests go, and the proxy brings them to the API', async () => {
		const api = await startServer(json({ errcode: 0, from: 'api' }));
		const proxy = await startServer(forward);
		const transport = new Transport({ baseUrl: api.url, proxyUrl: proxy.url });
		const answer = await transport.send(REQUEST);
		expect(JSON.parse(answer.text)).toEqual({ errcode: 0, from: 'api' });
		expect(proxy.requests).toHaveLength(1);
		expect(proxy.requests[0]).toMatchObject({
			path: `${api.url}/cgi-bin/any`,
			query: REQUEST.query,
			body: '{"seq":0}',
		});
		expect(api.requests).toHaveLength(1);
		expect(api.requests[0]).toMatchObject({ path: '/cgi-bin/any', query: REQUEST.query });
	});

	it('sends its user and password as Proxy-Authorization', async () => {
		expect(await basicAuthorization('user:password')).toBe('user:password');
	});

	it('sends user and password decoded', async () => {
		expect(await basicAuthorization('us%40er:p%3Aa%2Fs%20s')).toBe('us@er:p:a/s s');
	});

	it('sends a user without password', async () => {
		expect(await basicAuthorization('user')).toBe('user:');
	});

	it('sends no Proxy-Authorization without a user', async () => {
		const proxy = await startServer(OK);
		await new Transport({ baseUrl: 'http://127.0.0.1:9', proxyUrl: proxy.url }).send(REQUEST);
		expect(proxy.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
	});

	it('comes before the environment, NO_PROXY too', async () => {
		const proxy = await startServer(OK);
		const other = await startServer(OK);
		setEnvironment({ HTTP_PROXY: other.url, NO_PROXY: '*' });
		await new Transport({ baseUrl: 'http://127.0.0.1:9', proxyUrl: proxy.url }).send(REQUEST);
		expect(proxy.requests).toHaveLength(1);
		expect(other.requests).toHaveLength(0);
	});

	it('keeps the connection to the proxy alive', async () => {
		const proxy = await startServer(OK);
		const transport = new Transport({ baseUrl: 'http://127.0.0.1:9', proxyUrl: proxy.url });
		for (let call = 0; call < 5; call++) await transport.send(REQUEST);
		expect(proxy.connections).toBe(1);
	});

	it('that refuses connections counts as a request never sent', async () => {
		const api = await startServer(OK);
		const proxyUrl = `http://127.0.0.1:${await closedPort()}`;
		const error = await failureOf(new Transport({ baseUrl: api.url, proxyUrl }).send(REQUEST));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({
			reason: 'ECONNREFUSED',
			requestSent: false,
			hint: expect.stringContaining('proxy URL'),
		});
		expect(api.requests).toHaveLength(0);
	});

	it('that wants another password is answered for with its own status', async () => {
		const proxy = await startServer(text('<h1>407</h1>', 407));
		const transport = new Transport({ baseUrl: 'http://127.0.0.1:9', proxyUrl: proxy.url });
		expect(await transport.send(REQUEST)).toMatchObject({ status: 407 });
	});

	it('is asked for a tunnel to an https API and sees no token', async () => {
		let seen = '';
		const proxy = createServer((socket) => {
			socket.on('data', (data) => {
				seen += data.toString('latin1');
				socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
			});
			socket.on('error', () => undefined);
		});
		proxy.listen(0, '127.0.0.1');
		await once(proxy, 'listening');
		const { port } = proxy.address() as AddressInfo;
		const proxyUrl = `http://user:password@127.0.0.1:${port}`;
		const transport = new Transport({ baseUrl: 'https://wecom.invalid', proxyUrl });
		const outcome = await transport.send(REQUEST).catch((error: unknown) => error);
		proxy.close();
		expect(seen).toMatch(/^CONNECT wecom\.invalid:443 HTTP\/1\.1\r\n/);
		expect(seen).toContain(
			`Proxy-Authorization: Basic ${Buffer.from('user:password').toString('base64')}`,
		);
		expect(seen).not.toContain('TOKEN');
		expect(outcome).toMatchObject({ status: 403 });
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
	it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])(
		'names the proxy with %s',
		async (variable) => {
			const api = await startServer(OK);
			const proxy = await startServer(forward);
			setEnvironment({ [variable]: proxy.url });
			await new Transport({ baseUrl: api.url }).send(REQUEST);
			expect(proxy.requests).toHaveLength(1);
			expect(api.requests).toHaveLength(1);
		},
	);

	it('may hold user and password of the proxy', async () => {
		const proxy = await startServer(OK);
		setEnvironment({ HTTP_PROXY: `http://user:password@127.0.0.1:${proxy.port}` });
		await new Transport({ baseUrl: 'http://127.0.0.1:9' }).send(REQUEST);
		expect(proxy.requests[0]?.headers['proxy-authorization']).toBe(
			`Basic ${Buffer.from('user:password').toString('base64')}`,
		);
	});

	it.each(['127.0.0.1', '*', 'example.com, 127.0.0.1'])(
		'with NO_PROXY=%s lets the request go straight to the API',
		async (exceptions) => {
			const api = await startServer(OK);
			const proxy = await startServer(forward);
			setEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: exceptions });
			await new Transport({ baseUrl: api.url }).send(REQUEST);
			expect(api.requests).toHaveLength(1);
			expect(proxy.requests).toHaveLength(0);
		},
	);

	it('with NO_PROXY for other hosts still goes through the proxy', async () => {
		const api = await startServer(OK);
		const proxy = await startServer(forward);
		setEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: 'example.com' });
		await new Transport({ baseUrl: api.url }).send(REQUEST);
		expect(proxy.requests).toHaveLength(1);
	});

	it('with HTTPS_PROXY alone does not touch plain http', async () => {
		const api = await startServer(OK);
		const proxy = await startServer(forward);
		setEnvironment({ HTTPS_PROXY: proxy.url });
		await new Transport({ baseUrl: api.url }).send(REQUEST);
		expect(proxy.requests).toHaveLength(0);
		expect(api.requests).toHaveLength(1);
	});
});
