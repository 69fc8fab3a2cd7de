import timers from 'node:timers';

import { WecomApiError, WecomNetworkError, WecomResponseError } from '../../../wecom/errors';
import { Redactor } from '../../../wecom/http/redact';
import { DEFAULT_TIMEOUT_MS, WecomHttp, type WecomRequest } from '../../../wecom/http/wecomHttp';
import {
	closeServers,
	errcode,
	failureOf,
	inTurn,
	json,
	silence,
	startServer,
	text,
	type Reply,
} from '../support/server';

const REQUEST: WecomRequest = {
	method: 'POST',
	path: '/msgaudit/get_chat_data',
	query: { access_token: 'TOKEN' },
	body: { seq: 0 },
};

afterEach(closeServers);

async function request(reply: Reply, more: Partial<WecomRequest> = {}) {
	const server = await startServer(reply);
	const http = new WecomHttp({ baseUrl: server.url }, new Redactor());
	return await http.request({ ...REQUEST, ...more });
}

describe('a request', () => {
	it('goes under /cgi-bin with the token in the query and JSON as its body', async () => {
		const server = await startServer(json({ errcode: 0 }));
		await new WecomHttp({ baseUrl: server.url }, new Redactor()).request({
			...REQUEST,
			body: { seq: 2n ** 64n - 1n, limit: 1000 },
		});
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({
			method: 'POST',
			path: '/cgi-bin/msgaudit/get_chat_data',
			query: { access_token: 'TOKEN' },
			body: '{"seq":18446744073709551615,"limit":1000}',
		});
	});

	it('may take 30 s when no other timeout is given', async () => {
		expect(DEFAULT_TIMEOUT_MS).toBe(30_000);
		// Watched, not replaced: whatever the transport keeps its time with.
		const clocks = [
			jest.spyOn(timers, 'setTimeout'),
			jest.spyOn(globalThis, 'setTimeout'),
			jest.spyOn(AbortSignal, 'timeout'),
		];
		const times = () => clocks.flatMap(({ mock }) => mock.calls.flat());
		try {
			await request(json({ errcode: 0 }), { timeoutMs: 1234 });
			expect(times()).toContain(1234);
			expect(times()).not.toContain(30_000);
			await request(json({ errcode: 0 }));
			expect(times()).toContain(30_000);
		} finally {
			for (const clock of clocks) clock.mockRestore();
		}
	});

	it('ends with ETIMEDOUT after the timeout it was given', async () => {
		const error = await failureOf(request(silence, { timeoutMs: 50 }));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ reason: 'ETIMEDOUT', hint: expect.stringContaining('timeout') });
	});
});

describe('an answer is good', () => {
	it('with errcode 0', async () => {
		const answer = { errcode: 0, errmsg: 'ok', chatdata: [] };
		expect(await request(json(answer))).toEqual(answer);
	});

	it('without errcode, or with one of null, where a field proves it', async () => {
		const proof = ['roomname'];
		expect(await request(json({ roomname: '群' }), { proof })).toEqual({ roomname: '群' });
		const empty = { errcode: null, roomname: '群' };
		expect(await request(json(empty), { proof })).toEqual(empty);
	});

	it('with an errcode that is the text "0"', async () => {
		expect(await request(json({ errcode: '0', a: 1 }))).toMatchObject({ a: 1 });
	});

	it('with a byte order mark before it', async () => {
		expect(await request(json('\uFEFF{"errcode":0,"a":1}'))).toMatchObject({ a: 1 });
	});

	it('whatever its content type says', async () => {
		const reply = text('{"errcode":0,"a":1}', 200, { 'Content-Type': 'text/plain' });
		expect(await request(reply)).toMatchObject({ a: 1 });
	});

	it('and keeps large integers exact', async () => {
		const answer = await request(json('{"errcode":0,"seq":18446744073709551615,"n":7}'));
		expect(answer).toMatchObject({ seq: '18446744073709551615', n: 7 });
	});
});

describe('an errcode inside HTTP 200', () => {
	it('is a WecomApiError with number, words, path and a hint', async () => {
		const error = await failureOf(request(errcode(60020, 'not allow, from ip: 203.0.113.7')));
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({
			name: 'WecomApiError',
			code: 'api',
			errcode: 60020,
			errmsg: 'not allow, from ip: 203.0.113.7',
			path: '/msgaudit/get_chat_data',
			message:
				'WeCom answered /msgaudit/get_chat_data with errcode 60020: not allow, from ip: 203.0.113.7',
			hint: expect.stringContaining('IP'),
		});
	});

	it('counts also when it comes as text', async () => {
		expect(await failureOf(request(json({ errcode: '42001' })))).toMatchObject({ errcode: 42001 });
	});

	it('counts also when it is in no table', async () => {
		const error = await failureOf(request(errcode(987654321)));
		expect(error).toMatchObject({ errcode: 987654321, entry: { action: 'fail' } });
		expect(error).toMatchObject({ hint: expect.stringContaining('987654321') });
	});

	it('needs no errmsg', async () => {
		expect(await failureOf(request(json({ errcode: -1 })))).toMatchObject({ errmsg: 'no errmsg' });
		const odd = { errcode: -1, errmsg: { a: 1 } };
		expect(await failureOf(request(json(odd)))).toMatchObject({ errmsg: 'no errmsg' });
	});

	it('counts more than the HTTP status around it', async () => {
		for (const status of [400, 404, 500]) {
			const error = await failureOf(request(json({ errcode: 48002, errmsg: 'no' }, status)));
			expect(error).toBeInstanceOf(WecomApiError);
		}
	});
});

describe("an answer that is not WeCom's", () => {
	it.each<[string, Reply, object]>([
		[
			'an HTML 502',
			text('<html><h1>502 Bad Gateway</h1></html>', 502),
			{ httpStatus: 502, passing: true, message: expect.stringContaining('HTML or XML page') },
		],
		[
			'an empty 200',
			text(''),
			{ httpStatus: 200, passing: true, message: expect.stringContaining('empty body') },
		],
		['an empty 503', text('', 503), { httpStatus: 503, passing: true, retryAfterMs: undefined }],
		['a 429', text('', 429), { httpStatus: 429, passing: true, retryAfterMs: undefined }],
		[
			'a 429 that says when',
			text('', 429, { 'Retry-After': '7' }),
			{ retryAfterMs: 7000, hint: expect.stringMatching(/Try again after \d{4}-.*Z\.$/) },
		],
		[
			'a 503 that says when',
			text('', 503, { 'Retry-After': '7' }),
			{ retryAfterMs: 7000, hint: expect.stringMatching(/Try again after \d{4}-.*Z\.$/) },
		],
		[
			'a 502 with the header of others',
			text('', 502, { 'Retry-After': '7' }),
			{ retryAfterMs: undefined, hint: expect.not.stringContaining('Try again') },
		],
		[
			'a 200 that is no JSON',
			text('Please log in'),
			{ httpStatus: 200, passing: true, message: expect.stringContaining('text of 13 characters') },
		],
		['an HTML 200', text('<!DOCTYPE html><p>login</p>'), { httpStatus: 200, passing: true }],
		['half an object', json('{"errcode":0,"chatdata":['), { httpStatus: 200, passing: true }],
		[
			'a 200 without errcode',
			json({ roomname: '群' }),
			{ httpStatus: 200, passing: true, message: expect.stringContaining('JSON without errcode') },
		],
		[
			'a 200 with an errcode that is none',
			json({ errcode: false }),
			{ httpStatus: 200, passing: true, message: expect.stringContaining('that is no number') },
		],
		['a JSON list', json('[]'), { httpStatus: 200 }],
		['a JSON number', json('0'), { httpStatus: 200 }],
		['a JSON null', json('null'), { httpStatus: 200 }],
		['a JSON text', json('"ok"'), { httpStatus: 200 }],
		['a 403 of a gateway', text('<h1>403</h1>', 403), { httpStatus: 403, passing: false }],
		['a 407 of a proxy', text('', 407), { httpStatus: 407, passing: false }],
		['a redirect', text('', 302, { Location: 'https://x' }), { httpStatus: 302, passing: false }],
		['a JSON 500 without errcode', json({ error: 'x' }, 500), { httpStatus: 500, passing: true }],
		['a JSON 401 without errcode', json({ error: 'x' }, 401), { httpStatus: 401, passing: false }],
	])('%s is a WecomResponseError that looks at what is in between', async (_what, reply, facts) => {
		const error = await failureOf(request(reply));
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({
			name: 'WecomResponseError',
			code: 'response',
			path: '/msgaudit/get_chat_data',
			hint: expect.stringContaining(
				'Something on the way to WeCom (a gateway, a proxy, a login page)',
			),
			...facts,
		});
	});

	it.each<[string, Reply]>([
		['HTML', text('<h1>404</h1>', 404)],
		['empty', text('', 404)],
		['JSON without errcode', json({ error: 'not found' }, 404)],
	])('a 404 (%s) says that the server does not know the path', async (_what, reply) => {
		const error = await failureOf(request(reply));
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error).toMatchObject({
			httpStatus: 404,
			passing: false,
			message: expect.stringContaining('/cgi-bin/msgaudit/get_chat_data'),
			hint: expect.stringContaining("Tencent's own host"),
		});
	});

	it('never gets its text into the error', async () => {
		const error = await failureOf(request(text('<p>session=abcdef0123</p>', 502)));
		expect(JSON.stringify(error) + String(error)).not.toContain('abcdef0123');
	});
});

describe("WeCom's clock", () => {
	const dated =
		(date: string | number): Reply =>
		(_request, response) => {
			response.sendDate = false;
			if (date !== '') response.setHeader('Date', date);
			response.end('{"errcode":0}');
		};
	const HOUR = 3_600_000;
	const at = (offsetMs: number) => new Date(Date.now() + offsetMs).toUTCString();

	async function offsetAfter(...replies: Reply[]): Promise<number> {
		const server = await startServer(inTurn(...replies));
		const http = new WecomHttp({ baseUrl: server.url }, new Redactor());
		for (const _ of replies) await http.request(REQUEST).catch(() => undefined);
		return http.clockOffsetMs;
	}

	it.each([-48 * HOUR, -120_000, 0, 120_000, 48 * HOUR])(
		'is known by the Date of its answers (%i ms)',
		async (offsetMs) => {
			const offset = await offsetAfter(dated(at(offsetMs)));
			expect(Math.abs(offset - offsetMs)).toBeLessThan(2000);
		},
	);

	it('is known by the last answer that tells', async () => {
		const offset = await offsetAfter(dated(at(HOUR)), dated(at(-HOUR)), dated(''));
		expect(Math.abs(offset + HOUR)).toBeLessThan(2000);
	});

	it.each(['', 'yesterday', '0', 'Thu, 01 Jan 1970 00:00:00 GMT', '2026-11-28T00:00:00Z'])(
		'is taken to be as this machine has it where the header says %j',
		async (date) => {
			expect(await offsetAfter(dated(date))).toBe(0);
		},
	);

	it('is not that of a gateway which answers in its place', async () => {
		const page: Reply = (_request, response) => {
			response.setHeader('Date', at(HOUR));
			response.statusCode = 502;
			response.end('<h1>502</h1>');
		};
		expect(await offsetAfter(page)).toBe(0);
	});
});
