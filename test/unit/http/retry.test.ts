import { once } from 'node:events';
import { createServer } from 'node:http';

import { CancelledError, InvalidInputError } from '../../../wecom/errors';
import { Redactor } from '../../../wecom/http/redact';
import {
	DEFAULT_RETRY,
	withRetries,
	type RetryClass,
	type RetrySettings,
} from '../../../wecom/http/retry';
import { WecomHttp } from '../../../wecom/http/wecomHttp';
import {
	closedPort,
	closeServers,
	cut,
	errcode,
	failureOf,
	inTurn,
	json,
	silence,
	startServer,
	text,
	type Reply,
} from '../support/server';

const FAST: RetrySettings = { retries: 3, firstDelayMs: 1 };
const OK = json({ errcode: 0, done: true });
const BUSY = errcode(-1, 'system busy');
const HTML_502 = text('<h1>502</h1>', 502);

afterEach(closeServers);

function sender(baseUrl: string, timeoutMs = 5000) {
	const http = new WecomHttp({ baseUrl }, new Redactor());
	return async () =>
		await http.request({ method: 'POST', path: '/any', query: {}, body: {}, timeoutMs });
}

async function serve(...replies: Reply[]) {
	const server = await startServer(inTurn(...replies));
	return { server, send: sender(server.url) };
}

describe.each<RetryClass>(['read', 'idempotent'])('a call of class %s', (retryClass) => {
	it('that is busy (-1) twice takes three requests', async () => {
		const { server, send } = await serve(BUSY, BUSY, OK);
		expect(await withRetries(send, retryClass, FAST)).toMatchObject({ done: true });
		expect(server.requests).toHaveLength(3);
	});

	it.each<[string, Reply]>([
		['a connection cut before the answer', cut],
		['an HTML 502', HTML_502],
		['an empty body', text('')],
		['a 200 that is no JSON', text('hello')],
		['a version conflict (6000)', errcode(6000)],
		['a simultaneous change (45035)', errcode(45035)],
	])('is repeated after %s', async (_what, trouble) => {
		const { server, send } = await serve(trouble, OK);
		expect(await withRetries(send, retryClass, FAST)).toMatchObject({ done: true });
		expect(server.requests).toHaveLength(2);
	});

	it('is repeated after half a body', async () => {
		const half: Reply = ({ socket }, response) => {
			response.writeHead(200, { 'Content-Length': '100' });
			response.write('{"errcode":0,', () => socket.destroy());
		};
		const { server, send } = await serve(half, OK);
		expect(await withRetries(send, retryClass, FAST)).toMatchObject({ done: true });
		expect(server.requests).toHaveLength(2);
	});

	it('is repeated after a timeout', async () => {
		const server = await startServer(inTurn(silence, OK));
		const send = sender(server.url, 100);
		expect(await withRetries(send, retryClass, FAST)).toMatchObject({ done: true });
		expect(server.requests).toHaveLength(2);
	});

	it.each([0, 1, 3])('is repeated %i times at most', async (retries) => {
		const { server, send } = await serve(BUSY);
		const error = await failureOf(withRetries(send, retryClass, { retries, firstDelayMs: 1 }));
		expect(error).toMatchObject({ errcode: -1, errmsg: 'system busy' });
		expect(server.requests).toHaveLength(retries + 1);
	});

	it('throws what the last try threw', async () => {
		const { send } = await serve(BUSY, HTML_502, errcode(48002));
		expect(await failureOf(withRetries(send, retryClass, FAST))).toMatchObject({ errcode: 48002 });
	});

	it.each<[string, Reply]>([
		['a frequency limit (45009)', errcode(45009)],
		['a concurrency limit (45033)', errcode(45033)],
		['an IP not allowed (60020)', errcode(60020)],
		['an expired token (42001)', errcode(42001)],
		['a page that is too large (301058)', errcode(301058)],
		['an errcode in no table', errcode(987654)],
		['a path not known (HTTP 404)', text('', 404)],
		['a 403 of a gateway', text('', 403)],
	])('is not repeated after %s', async (_what, reply) => {
		const { server, send } = await serve(reply, OK);
		await failureOf(withRetries(send, retryClass, FAST));
		expect(server.requests).toHaveLength(1);
	});
});

describe('a call of class once', () => {
	it.each<[string, Reply]>([
		['a busy answer (-1)', BUSY],
		['a connection cut before the answer', cut],
		['an HTML 502', HTML_502],
		['an empty body', text('')],
		['a simultaneous change (45035)', errcode(45035)],
	])('is not repeated after %s, since the request had left', async (_what, trouble) => {
		const { server, send } = await serve(trouble, OK);
		await failureOf(withRetries(send, 'once', FAST));
		expect(server.requests).toHaveLength(1);
	});

	it('is not repeated after a timeout, since the request had left', async () => {
		const server = await startServer(inTurn(silence, OK));
		await failureOf(withRetries(sender(server.url, 50), 'once', FAST));
		expect(server.requests).toHaveLength(1);
	});

	it('is repeated while nobody listens, and done once when somebody does', async () => {
		const port = await closedPort();
		const send = sender(`http://127.0.0.1:${port}`);
		const server = createServer((request, response) => void OK(request as never, response));
		let requests = 0;
		server.on('request', () => requests++);
		let tries = 0;
		const answer = await withRetries(
			async () => {
				if (++tries === 3) await once(server.listen(port, '127.0.0.1'), 'listening');
				return await send();
			},
			'once',
			FAST,
		);
		server.close();
		server.closeAllConnections();
		expect(answer).toMatchObject({ done: true });
		expect({ tries, requests }).toEqual({ tries: 3, requests: 1 });
	});

	it('is repeated only so often while nobody listens', async () => {
		const send = sender(`http://127.0.0.1:${await closedPort()}`);
		let tries = 0;
		const counted = async () => {
			tries++;
			return await send();
		};
		const error = await failureOf(withRetries(counted, 'once', FAST));
		expect(error).toMatchObject({ reason: 'ECONNREFUSED', requestSent: false });
		expect(tries).toBe(4);
	});
});

describe('a call of class paid', () => {
	it.each<[string, Reply]>([
		['a busy answer (-1)', BUSY],
		['a version conflict (6000)', errcode(6000)],
		['a simultaneous change (45035)', errcode(45035)],
	])('is repeated after %s, which says that nothing was done', async (_what, trouble) => {
		const { server, send } = await serve(trouble, trouble, OK);
		expect(await withRetries(send, 'paid', FAST)).toMatchObject({ done: true });
		expect(server.requests).toHaveLength(3);
	});

	it.each<[string, Reply]>([
		['a connection cut before the answer', cut],
		['an HTML 502', HTML_502],
		['an empty body', text('')],
		['a 200 that is no JSON', text('hello')],
		['a used-up quota (45009)', errcode(45009)],
		['an expired token (42001)', errcode(42001)],
	])('is not repeated after %s', async (_what, trouble) => {
		const { server, send } = await serve(trouble, OK);
		await failureOf(withRetries(send, 'paid', FAST));
		expect(server.requests).toHaveLength(1);
	});

	it('is not repeated after a timeout, since it may have been counted', async () => {
		const server = await startServer(inTurn(silence, OK));
		await failureOf(withRetries(sender(server.url, 50), 'paid', FAST));
		expect(server.requests).toHaveLength(1);
	});

	it('is repeated while nobody listens', async () => {
		const send = sender(`http://127.0.0.1:${await closedPort()}`);
		let tries = 0;
		const counted = async () => {
			tries++;
			return await send();
		};
		await failureOf(withRetries(counted, 'paid', FAST));
		expect(tries).toBe(4);
	});
});

describe('the repetition', () => {
	it('is three times at most when nothing else is said, as WeCom advises', () => {
		expect(DEFAULT_RETRY).toEqual({ retries: 3, firstDelayMs: 500 });
	});

	it('pauses longer each time', async () => {
		const { send } = await serve(BUSY);
		const startedAt = performance.now();
		await failureOf(withRetries(send, 'read', { retries: 3, firstDelayMs: 20 }));
		// 20 + 40 + 80 ms, each with a jitter down to the half
		expect(performance.now() - startedAt).toBeGreaterThan(65);
	});

	it('leaves everything else that is thrown alone', async () => {
		for (const problem of [new TypeError('bug'), new InvalidInputError('seq', 'bad'), 'text']) {
			let tries = 0;
			const failing = async () => {
				tries++;
				await Promise.resolve();
				throw problem as Error;
			};
			expect(await failureOf(withRetries(failing, 'read', FAST))).toBe(problem);
			expect(tries).toBe(1);
		}
	});

	it('ends with CancelledError at once when the signal fires in a pause', async () => {
		const { server, send } = await serve(BUSY);
		const controller = new AbortController();
		const startedAt = performance.now();
		const sendThenAbort = async () => {
			try {
				return await send();
			} finally {
				setImmediate(() => controller.abort()); // the pause has begun by then
			}
		};
		const slow = { retries: 3, firstDelayMs: 60_000 };
		const calling = withRetries(sendThenAbort, 'read', slow, controller.signal);
		expect(await failureOf(calling)).toBeInstanceOf(CancelledError);
		expect(performance.now() - startedAt).toBeLessThan(5000);
		expect(server.requests).toHaveLength(1);
	});

	it('does not begin when the signal has fired', async () => {
		const { server, send } = await serve(BUSY);
		const error = await failureOf(withRetries(send, 'read', FAST, AbortSignal.abort()));
		expect(error).toBeInstanceOf(CancelledError);
		expect(server.requests).toHaveLength(1);
	});
});
