import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';

import {
	CancelledError,
	InvalidInputError,
	TooManyCallsError,
	WecomApiError,
	WecomNetworkError,
	WecomResponseError,
} from '../../../wecom/errors';
import { Redactor } from '../../../wecom/http/redact';
import {
	blockedMs,
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
	until,
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
		['too many calls at once (45033)', errcode(45033)],
		['access limited for abnormal traffic (45036)', errcode(45036)],
		['an HTTP 429', text('', 429)],
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

describe.each<RetryClass>(['read', 'idempotent'])(
	'a call of class %s above a limit',
	(retryClass) => {
		const limited = errcode(45009, 'api freq out of limit');

		it('waits for the window of its frequency (45009) and is repeated', async () => {
			const { server, send } = await serve(limited, OK);
			const startedAt = performance.now();
			const settings = { ...FAST, frequencyWaitMs: 100 };
			expect(await withRetries(send, retryClass, settings)).toMatchObject({ done: true });
			expect(performance.now() - startedAt).toBeGreaterThanOrEqual(100);
			expect(server.requests).toHaveLength(2);
		});

		it('is repeated once: a second 45009 is thrown, whatever lay between', async () => {
			for (const between of [[], [BUSY], [HTML_502, BUSY]]) {
				const { server, send } = await serve(limited, ...between, limited, OK);
				const settings = { retries: 10, firstDelayMs: 1, frequencyWaitMs: 1 };
				const error = await failureOf(withRetries(send, retryClass, settings));
				expect(error).toMatchObject({ errcode: 45009 });
				expect(server.requests).toHaveLength(between.length + 2);
			}
		});

		it.each<[string, RetrySettings]>([
			['when it is not to wait for a window', { ...FAST, frequencyWaitMs: 0 }],
			['when the window is longer than it may wait', { ...FAST, maxWaitMs: 59_999 }],
			['when it is not to be repeated at all', { retries: 0, frequencyWaitMs: 1 }],
		])('throws 45009 at once %s', async (_when, settings) => {
			const { server, send } = await serve(limited, OK);
			const error = await failureOf(withRetries(send, retryClass, settings));
			expect(error).toMatchObject({ errcode: 45009, hint: expect.stringContaining('60 seconds') });
			expect(server.requests).toHaveLength(1);
		});

		it('ends with CancelledError at once when the signal fires in the wait for a window', async () => {
			const { server, send } = await serve(limited);
			const controller = new AbortController();
			const { signal } = controller;
			const calling = failureOf(withRetries(send, retryClass, FAST, signal));
			await until(
				() => server.requests.length === 1 && getEventListeners(signal, 'abort').length > 0,
			);
			controller.abort();
			expect(await calling).toBeInstanceOf(CancelledError);
			expect(server.requests).toHaveLength(1);
		});

		it('pauses four times as long for too many calls at once (45033) as for a busy WeCom', async () => {
			const { server, send } = await serve(errcode(45033));
			const startedAt = performance.now();
			await failureOf(withRetries(send, retryClass, { retries: 3, firstDelayMs: 20 }));
			// 80 + 160 + 320 ms, each with a jitter down to the half
			expect(performance.now() - startedAt).toBeGreaterThanOrEqual(280);
			expect(server.requests).toHaveLength(4);
		});
	},
);

describe.each([429, 503])('a Retry-After of HTTP %i', (status) => {
	const after = (header: string) => text('', status, { 'Retry-After': header });

	it('is waited for where it is longer than the own pause', async () => {
		const { server, send } = await serve(after('1'), OK);
		const startedAt = performance.now();
		expect(await withRetries(send, 'read', FAST)).toMatchObject({ done: true });
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
		expect(server.requests).toHaveLength(2);
	});

	it('does not shorten the own pause', async () => {
		const { send } = await serve(after('0'), OK);
		const startedAt = performance.now();
		await withRetries(send, 'read', { retries: 1, firstDelayMs: 100 });
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(50);
	});

	it('of a date is waited for', async () => {
		const date = new Date(Date.now() + 1500).toUTCString();
		const { server, send } = await serve(after(date), OK);
		expect(await withRetries(send, 'read', FAST)).toMatchObject({ done: true });
		expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(date));
		expect(server.requests).toHaveLength(2);
	});

	it('of a date in an hour ends the repetition', async () => {
		const { server, send } = await serve(after(new Date(Date.now() + 3_600_000).toUTCString()));
		expect(await failureOf(withRetries(send, 'read', FAST))).toMatchObject({ httpStatus: status });
		expect(server.requests).toHaveLength(1);
	});

	it('that is too long ends the repetition, and the hint says when to try again', async () => {
		const { server, send } = await serve(after('61'), OK);
		const before = Date.now();
		const error = await failureOf(withRetries(send, 'read', FAST));
		const afterwards = Date.now();
		expect(server.requests).toHaveLength(1);
		expect(error).toMatchObject({ httpStatus: status, retryAfterMs: 61_000 });
		const [, time = ''] =
			/Try again after (\S+)\.$/.exec((error as WecomResponseError).hint ?? '') ?? [];
		expect(Date.parse(time)).toBeGreaterThanOrEqual(before + 61_000);
		expect(Date.parse(time)).toBeLessThanOrEqual(afterwards + 61_000);
	});
});

describe('how long others had better wait', () => {
	const limited = new WecomApiError(45009, 'api freq out of limit', '/any');
	const busy = new WecomApiError(-1, 'system busy', '/any');
	const broken = new WecomNetworkError('ECONNRESET', true, '/any', 'broken');
	const asks = (retryAfterMs: number) =>
		new WecomResponseError(429, true, '/any', 'limited', undefined, retryAfterMs);

	it.each<[string, number, unknown, RetryClass]>([
		['a minute after a 45009 of a read', 60_000, limited, 'read'],
		['a minute after a 45009 of an idempotent call', 60_000, limited, 'idempotent'],
		['not at all for the quota of a paid call', 0, limited, 'paid'],
		['not at all for a limit of a call that happens once', 0, limited, 'once'],
		['as long as a Retry-After asks', 3000, asks(3000), 'once'],
		['no longer than they may', 60_000, asks(86_400_000), 'read'],
		['not at all for busyness', 0, busy, 'read'],
		['not at all for a broken connection', 0, broken, 'read'],
		['not at all for anything else', 0, new TypeError('bug'), 'read'],
	])('is %s', (_what, milliseconds, error, retryClass) => {
		expect(blockedMs(error, retryClass)).toBe(milliseconds);
	});

	it('is as set after a 45009', () => {
		expect(blockedMs(limited, 'read', { frequencyWaitMs: 5000 })).toBe(5000);
		expect(blockedMs(limited, 'read', { frequencyWaitMs: 0 })).toBe(0);
	});
});

describe('a call of class once', () => {
	it.each<[string, Reply]>([
		['a busy answer (-1)', BUSY],
		['a connection cut before the answer', cut],
		['an HTML 502', HTML_502],
		['an empty body', text('')],
		['a simultaneous change (45035)', errcode(45035)],
		['a frequency limit (45009)', errcode(45009)],
		['too many calls at once (45033)', errcode(45033)],
		['access limited for abnormal traffic (45036)', errcode(45036)],
		['an HTTP 429 that says when', text('', 429, { 'Retry-After': '0' })],
		['an HTTP 503 that says when', text('', 503, { 'Retry-After': '0' })],
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
		['too many calls at once (45033)', errcode(45033)],
		['access limited for abnormal traffic (45036)', errcode(45036)],
		['an HTTP 429 that says when', text('', 429, { 'Retry-After': '0' })],
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
		expect(DEFAULT_RETRY).toMatchObject({ retries: 3, firstDelayMs: 500 });
	});

	it('pauses longer each time', async () => {
		const { send } = await serve(BUSY);
		const startedAt = performance.now();
		await failureOf(withRetries(send, 'read', { retries: 3, firstDelayMs: 20 }));
		// 20 + 40 + 80 ms, each with a jitter down to the half
		expect(performance.now() - startedAt).toBeGreaterThan(65);
	});

	it('pauses no longer than the longest pause', async () => {
		const { server, send } = await serve(BUSY, OK);
		await withRetries(send, 'read', { firstDelayMs: 3_600_000, maxDelayMs: 1 });
		expect(server.requests).toHaveLength(2);
	});

	it('ends before a pause with which it would have waited too long in all', async () => {
		const { server, send } = await serve(BUSY);
		// 10 to 20 ms, 20 to 40 ms, and then at least 40
		const settings = { retries: 10, firstDelayMs: 20, maxWaitMs: 69 };
		expect(await failureOf(withRetries(send, 'read', settings))).toMatchObject({ errcode: -1 });
		expect(server.requests).toHaveLength(3);
	});

	it('fills in what the settings leave out', async () => {
		const { server, send } = await serve(BUSY);
		await failureOf(withRetries(send, 'read', { firstDelayMs: 1 }));
		expect(server.requests).toHaveLength(4);
	});

	it('leaves everything else that is thrown alone', async () => {
		const problems = [
			new TypeError('bug'),
			new InvalidInputError('seq', 'bad'),
			new TooManyCallsError('/any', 'too many', 'fewer'),
			'text',
		];
		for (const problem of problems) {
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

	it('leaves no listener on the signal, and one for however many pauses at a time', async () => {
		const { server, send } = await serve(BUSY);
		const controller = new AbortController();
		const { signal } = controller;
		await failureOf(withRetries(send, 'read', FAST, signal));
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
		const slow = { retries: 3, firstDelayMs: 60_000 };
		const calls = Array.from({ length: 20 }, async () => {
			return await failureOf(withRetries(send, 'read', slow, signal));
		});
		await until(() => server.requests.length === 24);
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		controller.abort();
		for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(CancelledError);
	});

	it('does not begin when the signal has fired', async () => {
		const { server, send } = await serve(BUSY);
		const error = await failureOf(withRetries(send, 'read', FAST, AbortSignal.abort()));
		expect(error).toBeInstanceOf(CancelledError);
		expect(server.requests).toHaveLength(1);
	});
});
