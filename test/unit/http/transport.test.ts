import { getEventListeners } from 'node:events';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import {
	AnswerTooLargeError,
	CancelledError,
	InvalidInputError,
	WecomNetworkError,
	WecomResponseError,
} from '../../../wecom/errors';
import { Transport, type HttpRequest, type TransportSettings } from '../../../wecom/http/transport';
import {
	closedPort,
	closeServers,
	cut,
	failureOf,
	gate,
	inTurn,
	json,
	silence,
	startServer,
	text,
	until,
} from '../support/server';

const OK = json({ errcode: 0 });
const REQUEST: HttpRequest = {
	method: 'POST',
	path: '/cgi-bin/any',
	query: { access_token: 'T' },
	body: '{}',
	timeoutMs: 5000,
};

afterEach(closeServers);

describe('a request', () => {
	it('carries method, path, query and body as they are given', async () => {
		const server = await startServer(OK);
		const query = { access_token: 'a b+c/d=&e%f:群' };
		await new Transport({ baseUrl: server.url }).send({
			...REQUEST,
			query,
			body: '{"seq":18446744073709551615}',
		});
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({
			method: 'POST',
			path: '/cgi-bin/any',
			query,
			body: '{"seq":18446744073709551615}',
		});
		expect(server.requests[0]?.headers['content-type']).toBe('application/json');
	});

	it('has neither body nor content type when none is given', async () => {
		const server = await startServer(OK);
		const { body: _body, ...bare } = REQUEST;
		await new Transport({ baseUrl: server.url }).send({ ...bare, method: 'GET' });
		expect(server.requests[0]).toMatchObject({ method: 'GET', body: '' });
		expect(server.requests[0]?.headers['content-type']).toBeUndefined();
	});

	it('gives status and text back, whatever the status', async () => {
		const server = await startServer(text('busy', 503));
		const answer = await new Transport({ baseUrl: server.url }).send(REQUEST);
		expect(answer).toEqual({ status: 503, text: 'busy', clockOffsetMs: expect.any(Number) });
	});

	it('leaves large integers of the answer to the JSON reader', async () => {
		const server = await startServer(json('{"seq":18446744073709551615}'));
		const answer = await new Transport({ baseUrl: server.url }).send(REQUEST);
		expect(answer).toMatchObject({ status: 200, text: '{"seq":18446744073709551615}' });
	});
});

describe('an answer in bytes', () => {
	it('comes as it is, with its headers by their names in lower case', async () => {
		const bytes = Buffer.from([0, 255, 13, 10, 128, 0xef, 0xbb, 0xbf]);
		const server = await startServer((_request, response) => {
			response.writeHead(503, { 'X-Next': 'a%20b', 'Retry-After': '2' }).end(bytes);
		});
		const answer = await new Transport({ baseUrl: server.url }).sendForBytes(REQUEST);
		expect(Buffer.from(answer.bytes)).toEqual(bytes);
		expect(answer).toMatchObject({
			status: 503,
			headers: { 'x-next': 'a%20b' },
			retryAfterMs: 2000,
		});
	});

	it('is refused above the bound, and when it is cut', async () => {
		const large = await startServer(text('x'.repeat(2000)));
		const transport = new Transport({ baseUrl: large.url, maxResponseBytes: 1000 });
		await expect(transport.sendForBytes(REQUEST)).rejects.toThrow(AnswerTooLargeError);
		const broken = await startServer(({ socket }, response) => {
			response.writeHead(200, { 'Content-Length': '100' }).write('x', () => socket.destroy());
		});
		await expect(new Transport({ baseUrl: broken.url }).sendForBytes(REQUEST)).rejects.toThrow(
			WecomNetworkError,
		);
	});

	it('has asked with the headers of the transport', async () => {
		const server = await startServer(OK);
		const headers = { authorization: 'Bearer T', 'x-protocol': '1' };
		await new Transport({ baseUrl: server.url, headers }).sendForBytes(REQUEST);
		expect(server.requests[0]?.headers).toMatchObject({
			...headers,
			'content-type': 'application/json',
		});
	});
});

describe('connections', () => {
	it('are kept alive and used again, call after call', async () => {
		const server = await startServer(OK);
		const transport = new Transport({ baseUrl: server.url });
		for (let call = 0; call < 10; call++) await transport.send(REQUEST);
		expect(server.requests).toHaveLength(10);
		expect(server.connections).toBe(1);
	});

	it('are shared by all clients of the process', async () => {
		const server = await startServer(OK);
		await new Transport({ baseUrl: server.url }).send(REQUEST);
		await new Transport({ baseUrl: server.url }).send(REQUEST);
		expect(server.connections).toBe(1);
	});

	it('are at most 64 to a server, however many calls there are at once', async () => {
		const server = await startServer(OK);
		const transport = new Transport({ baseUrl: server.url });
		await Promise.all(Array.from({ length: 300 }, async () => await transport.send(REQUEST)));
		expect(server.requests).toHaveLength(300);
		expect(server.connections).toBeLessThanOrEqual(64);
	});
});

describe('the timeout', () => {
	it('ends the wait for an answer with ETIMEDOUT', async () => {
		const server = await startServer(silence);
		const sending = new Transport({ baseUrl: server.url }).send({ ...REQUEST, timeoutMs: 50 });
		const error = await failureOf(sending);
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ reason: 'ETIMEDOUT', requestSent: true, path: '/cgi-bin/any' });
		expect(error).toMatchObject({ message: expect.stringContaining('within 0.05 s') });
	});

	it('bounds the whole exchange, also when the answer keeps trickling in', async () => {
		const server = await startServer((_request, response) => {
			const drip = setInterval(() => response.write(' '), 5);
			response.on('close', () => clearInterval(drip));
		});
		const sending = new Transport({ baseUrl: server.url }).send({ ...REQUEST, timeoutMs: 80 });
		expect(await failureOf(sending)).toMatchObject({ reason: 'ETIMEDOUT' });
	});

	it('closes the connection it gave up on', async () => {
		let closed = false;
		const server = await startServer(({ socket }) => socket.on('close', () => (closed = true)));
		const sending = new Transport({ baseUrl: server.url }).send({ ...REQUEST, timeoutMs: 50 });
		await failureOf(sending);
		await until(() => closed);
		expect(closed).toBe(true);
	});
});

describe('the AbortSignal', () => {
	it('cancels a request that waits for its answer', async () => {
		const server = await startServer(silence);
		const controller = new AbortController();
		const sending = new Transport({ baseUrl: server.url }).send({
			...REQUEST,
			signal: controller.signal,
		});
		const failure = failureOf(sending);
		await until(() => server.requests.length === 1);
		controller.abort();
		expect(await failure).toBeInstanceOf(CancelledError);
	});

	it('cancels in the middle of an answer', async () => {
		const server = await startServer((_request, response) => response.write('{"errcode":'));
		const controller = new AbortController();
		const sending = new Transport({ baseUrl: server.url }).send({
			...REQUEST,
			signal: controller.signal,
		});
		const failure = failureOf(sending);
		await until(() => server.requests.length === 1);
		setTimeout(() => controller.abort(), 30);
		expect(await failure).toBeInstanceOf(CancelledError);
	});

	it('sends nothing when it fired before', async () => {
		const server = await startServer(OK);
		const signal = AbortSignal.abort();
		const sending = new Transport({ baseUrl: server.url }).send({ ...REQUEST, signal });
		expect(await failureOf(sending)).toBeInstanceOf(CancelledError);
		expect(server.requests).toHaveLength(0);
	});

	it('carries no listener any more after a call, however it ended', async () => {
		const server = await startServer(inTurn(OK, cut, silence));
		const transport = new Transport({ baseUrl: server.url });
		const { signal } = new AbortController();
		await transport.send({ ...REQUEST, signal });
		await failureOf(transport.send({ ...REQUEST, signal }));
		await failureOf(transport.send({ ...REQUEST, signal, timeoutMs: 50 }));
		expect(server.requests).toHaveLength(3);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	it('carries one listener for all calls that share it', async () => {
		const server = await startServer(silence);
		const transport = new Transport({ baseUrl: server.url });
		const controller = new AbortController();
		const { signal } = controller;
		const calls = Array.from({ length: 20 }, async () => {
			return await failureOf(transport.send({ ...REQUEST, signal }));
		});
		await until(() => server.requests.length === 20);
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		controller.abort();
		for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(CancelledError);
	});

	it('does not disturb the calls of others', async () => {
		const door = gate();
		const server = await startServer(async (request, response) => {
			await door.opened;
			await OK(request, response);
		});
		const transport = new Transport({ baseUrl: server.url });
		const controller = new AbortController();
		const cancelled = failureOf(transport.send({ ...REQUEST, signal: controller.signal }));
		const other = transport.send(REQUEST);
		await until(() => server.requests.length === 2);
		controller.abort();
		expect(await cancelled).toBeInstanceOf(CancelledError);
		door.open();
		expect(await other).toMatchObject({ status: 200 });
	});
});

describe('an answer larger than maxResponseBytes', () => {
	const MAX = 100_000;

	async function refusal(body: Buffer | string, headers: Record<string, string> = {}) {
		const server = await startServer((_request, response) => {
			response.writeHead(200, headers);
			response.end(body);
		});
		const transport = new Transport({ baseUrl: server.url, maxResponseBytes: MAX });
		return await failureOf(transport.send(REQUEST));
	}

	const refused = { code: 'response', passing: false, path: '/cgi-bin/any' };

	it('is refused when its length is told', async () => {
		const error = await refusal('x'.repeat(MAX + 1), { 'Content-Length': String(MAX + 1) });
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({ ...refused, message: expect.stringContaining('larger than') });
	});

	it('is refused when it comes in chunks', async () => {
		expect(await refusal('x'.repeat(MAX + 1))).toMatchObject(refused);
	});

	it('is refused when gzip made 100 MB small', async () => {
		const bomb = gzipSync(Buffer.alloc(100_000_000));
		expect(bomb.length).toBeLessThan(MAX);
		expect(await refusal(bomb, { 'Content-Encoding': 'gzip' })).toMatchObject(refused);
	});

	it('is refused when brotli made 100 MB small', async () => {
		const bomb = brotliCompressSync(Buffer.alloc(100_000_000), {
			params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
		});
		expect(await refusal(bomb, { 'Content-Encoding': 'br' })).toMatchObject(refused);
	});

	it('is taken when it is just as large as allowed', async () => {
		const server = await startServer(text('x'.repeat(MAX)));
		const transport = new Transport({ baseUrl: server.url, maxResponseBytes: MAX });
		expect((await transport.send(REQUEST)).text).toHaveLength(MAX);
	});

	it('may be compressed when it fits', async () => {
		const server = await startServer((_request, response) => {
			response.writeHead(200, { 'Content-Encoding': 'gzip' });
			response.end(gzipSync('{"errcode":0}'));
		});
		const transport = new Transport({ baseUrl: server.url, maxResponseBytes: MAX });
		expect((await transport.send(REQUEST)).text).toBe('{"errcode":0}');
	});
});

describe('a redirect', () => {
	it.each([301, 302, 303, 307, 308])('with %i is not followed', async (status) => {
		const elsewhere = await startServer(OK);
		const server = await startServer(
			text('', status, { Location: `${elsewhere.url}/cgi-bin/any` }),
		);
		const answer = await new Transport({ baseUrl: server.url }).send(REQUEST);
		expect(answer.status).toBe(status);
		expect(server.requests).toHaveLength(1);
		expect(elsewhere.requests).toHaveLength(0);
	});
});

describe('a broken connection', () => {
	const settings = (port: number): TransportSettings => ({ baseUrl: `http://127.0.0.1:${port}` });

	it('that was refused counts as a request never sent', async () => {
		const error = await failureOf(new Transport(settings(await closedPort())).send(REQUEST));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ reason: 'ECONNREFUSED', requestSent: false });
	});

	it('that every address of a name refused counts as a request never sent', async () => {
		const baseUrl = `http://localhost:${await closedPort()}`;
		const error = await failureOf(new Transport({ baseUrl }).send(REQUEST));
		expect(error).toMatchObject({ reason: 'ECONNREFUSED', requestSent: false });
	});

	it('that was cut before the answer counts as a request sent', async () => {
		const server = await startServer(cut);
		const error = await failureOf(new Transport({ baseUrl: server.url }).send(REQUEST));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ reason: 'ECONNRESET', requestSent: true });
	});

	it.each<[string, Record<string, string>, Buffer]>([
		['text', {}, Buffer.from('{"errcode":0,')],
		['gzip', { 'Content-Encoding': 'gzip' }, gzipSync('{"errcode":0}'.repeat(50)).subarray(0, 30)],
	])('half-way through a body of %s counts as a request sent', async (_kind, headers, half) => {
		const server = await startServer(({ socket }, response) => {
			response.writeHead(200, { ...headers, 'Content-Length': '1000' });
			response.write(half, () => socket.destroy());
		});
		const error = await failureOf(new Transport({ baseUrl: server.url }).send(REQUEST));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ requestSent: true, path: '/cgi-bin/any' });
	});

	it('between two chunks counts as a request sent', async () => {
		const server = await startServer(({ socket }, response) => {
			response.write('{"errcode":0}', () => socket.destroy());
		});
		const error = await failureOf(new Transport({ baseUrl: server.url }).send(REQUEST));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ requestSent: true });
	});

	it('is told of with the host and the path, never with the query', async () => {
		const port = await closedPort();
		const query = { access_token: 'TOKEN-IN-THE-QUERY' };
		const error = await failureOf(new Transport(settings(port)).send({ ...REQUEST, query }));
		expect(error).toMatchObject({
			message: `127.0.0.1:${port} could not be reached for /cgi-bin/any (ECONNREFUSED)`,
		});
	});
});

describe('the base URL', () => {
	it.each([
		'https://qyapi.weixin.qq.com',
		'https://gateway.example.com:8443/wecom/',
		' https://qyapi.weixin.qq.com ',
		'http://localhost:3000',
		'http://127.0.0.1',
		'http://127.1.2.3:80',
		'http://[::1]:3000',
	])('may be %j', (baseUrl) => {
		expect(() => new Transport({ baseUrl })).not.toThrow();
	});

	it.each([
		['plain http to another machine', 'http://qyapi.weixin.qq.com'],
		['plain http to the local network', 'http://192.168.1.2'],
		['a name that only begins like this machine', 'http://127.0.0.1.example.com'],
		['a name that only begins with localhost', 'http://localhost.example.com'],
		['this machine as the user of another', 'http://localhost@example.com'],
		['a user', 'https://user@qyapi.weixin.qq.com'],
		['user and password', 'https://user:password@qyapi.weixin.qq.com'],
		['a query', 'https://qyapi.weixin.qq.com?access_token=T'],
		['a fragment', 'https://qyapi.weixin.qq.com/#a'],
		['another scheme', 'ftp://qyapi.weixin.qq.com'],
		['no scheme', 'qyapi.weixin.qq.com'],
		['nothing', ''],
		['no text at all', undefined as unknown as string],
	])('must not be %s', (_what, baseUrl) => {
		const make = () => new Transport({ baseUrl });
		expect(make).toThrow(InvalidInputError);
		expect(make).toThrow(expect.objectContaining({ field: 'baseUrl' }));
	});

	it.each(['http://gateway:8080', 'http://192.168.1.2', 'HTTP://gateway/wecom'])(
		'may be %j where plain http is allowed',
		(baseUrl) => {
			expect(() => new Transport({ baseUrl, allowPlainHttp: true })).not.toThrow();
			expect(() => new Transport({ baseUrl })).toThrow(
				expect.objectContaining({
					field: 'baseUrl',
					message: expect.stringContaining('unencrypted'),
					hint: expect.stringContaining('allowPlainHttp'),
				}),
			);
		},
	);

	it.each(['http://user:password@gateway', 'http://gateway?access_token=T', 'ftp://gateway'])(
		'must not be %j even there',
		(baseUrl) => {
			expect(() => new Transport({ baseUrl, allowPlainHttp: true })).toThrow(InvalidInputError);
		},
	);

	it('may have a path, which comes first', async () => {
		const server = await startServer(OK);
		await new Transport({ baseUrl: `${server.url}/wecom//` }).send(REQUEST);
		expect(server.requests[0]?.path).toBe('/wecom/cgi-bin/any');
	});

	it('never gets into the message, since a password may be in it', () => {
		const make = () => new Transport({ baseUrl: 'https://user:hunter22@qyapi.weixin.qq.com' });
		expect(make).toThrow(expect.not.objectContaining({ message: expect.stringMatching(/hunter/) }));
	});
});
