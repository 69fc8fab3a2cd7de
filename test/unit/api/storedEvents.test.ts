import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { fetchStoredEvent } from '../../../wecom/api/storedEvents';
import { WecomError } from '../../../wecom/errors';
import { clientOf } from '../support/client';
import {
	closeServers,
	cut,
	errcode,
	failureOf,
	inTurn,
	json,
	startServer,
	text,
	type Reply,
} from '../support/server';

const EVENT = {
	event_type: 'conversation_new_message',
	timestamp: 1_730_000_000,
	conversation_new_message: { token: 'TOKEN-1' },
};
const LIFE_MS = 10 * 60 * 1000;
const ROOT = join(__dirname, '..', '..', '..');

/** What the program says. */
const saying = (data: object | string) =>
	json({
		errcode: 0,
		errmsg: 'ok',
		response_data: typeof data === 'string' ? data : JSON.stringify(data),
	});
const refusing = (code: number) => saying({ errcode: code, errmsg: 'no' });
const status = (code: number) => text('<html></html>', code);

/** Tells nothing of the clock of the server. */
const undated =
	(reply: Reply): Reply =>
	(request, response) => {
		response.sendDate = false;
		return reply(request, response);
	};

afterEach(closeServers);

/** Asks a server that replies in turn; each call of the client is one request. */
async function ask(replies: Reply[], createdAt?: number, onFailedTry?: (error: unknown) => void) {
	const server = await startServer(inTurn(...replies));
	const client = clientOf(server, { contract: 'dataZone', retry: { retries: 0 } });
	const event = fetchStoredEvent(client, {
		notifyId: 'NID-1',
		...(createdAt === undefined ? {} : { createdAt }),
		...(onFailedTry ? { onFailedTry } : {}),
	});
	return { server, event };
}

describe('a stored event', () => {
	it('is fetched with its id beside the request, at once', async () => {
		const { server, event } = await ask([saying(EVENT)]);
		expect(await event).toEqual(EVENT);
		expect(server.requests.map(({ body }) => JSON.parse(body) as object)).toEqual([
			{
				program_id: 'P',
				ability_id: 'input_do_async_job',
				notify_id: 'NID-1',
				request_data: '{"input":{"func":"do_async_job","func_req":{}}}',
			},
		]);
	});

	it.each<[string, Reply]>([
		['a cut connection', cut],
		['HTTP 500', status(500)],
		['HTTP 502', status(502)],
		['an empty answer', (_request, response) => response.end()],
		['-1', errcode(-1)],
		['710638', errcode(710638)],
		['710674', errcode(710674)],
		['710675', errcode(710675)],
		['790021', errcode(790021)],
		['710645', errcode(710645)],
		['710638 of the function', refusing(710638)],
		['"invoke failed"', saying('invoke failed')],
		['"get data by notify_id failed"', saying('get data by notify_id failed')],
		['nothing from the program', saying('')],
	])('is asked for again after %s', async (_trouble, reply) => {
		const { server, event } = await ask([reply, saying(EVENT)]);
		expect(await event).toEqual(EVENT);
		expect(server.requests).toHaveLength(2);
	});

	it('is asked for again with word of what went wrong', async () => {
		const failures: unknown[] = [];
		const replies = [errcode(710638), cut, saying(EVENT)];
		const { event } = await ask(replies, undefined, (error) => failures.push(error));
		expect(await event).toEqual(EVENT);
		expect(failures).toMatchObject([{ errcode: 710638 }, { code: 'network' }]);
	});

	it('is asked for with pauses that grow', async () => {
		const at: number[] = [];
		const noting: Reply = async (...call) => {
			at.push(Date.now());
			await status(502)(...call);
		};
		const { event } = await ask([noting, noting, noting, saying(EVENT)]);
		await event;
		const [first = 0, second = 0, third = 0] = at;
		expect(second - first).toBeGreaterThanOrEqual(490);
		expect(third - second).toBeGreaterThanOrEqual(990);
	});

	it.each<[string, Reply]>([
		['710646', errcode(710646)],
		['790016', errcode(790016)],
		['800003', errcode(800003)],
		['790020', errcode(790020)],
		['710726', errcode(710726)],
		['710726 of the function', refusing(710726)],
		['a token that is refused', errcode(40014)],
		['HTTP 404', status(404)],
	])('is not asked for again after %s', async (_refusal, reply) => {
		const { server, event } = await ask([reply, reply, saying(EVENT)]);
		expect(await failureOf(event)).toBeInstanceOf(WecomError);
		expect(server.requests).toHaveLength(1);
	});

	it('is asked for once when its id is older than ten minutes, and not beyond them', async () => {
		for (const [ageMs, requests] of [
			[LIFE_MS + 1000, 1],
			[LIFE_MS - 300, 1],
			[LIFE_MS - 1200, 2],
		] as const) {
			const { server, event } = await ask([undated(errcode(710674))], Date.now() - ageMs);
			expect(await failureOf(event)).toMatchObject({ errcode: 710674 });
			expect(server.requests).toHaveLength(requests);
		}
	});

	it("grows old by WeCom's clock where this machine's is fast", async () => {
		const at = Date.now() - LIFE_MS;
		const slow: Reply = (request, response) => {
			response.setHeader('Date', new Date(at).toUTCString());
			return errcode(710674)(request, response);
		};
		const { event } = await ask([slow, saying(EVENT)], at);
		expect(await event).toEqual(EVENT);
	});

	it('is refused where it nests deeper than anything that walks through it', async () => {
		const deep = `{"event_type":"x","a":${'['.repeat(3000)}${']'.repeat(3000)}}`;
		const { server, event } = await ask([saying(deep), saying(EVENT)]);
		expect(await failureOf(event)).toMatchObject({
			message: expect.stringContaining('nests deeper than 100 levels') as string,
		});
		expect(server.requests).toHaveLength(1);
	});

	it('that is waited for does not keep a process from ending', async () => {
		const server = await startServer(errcode(710674));
		const code = `
			const { fetchStoredEvent } = require('./wecom/api/storedEvents');
			const { WecomClient } = require('./wecom');
			const client = new WecomClient({
				baseUrl: process.argv[1],
				contract: 'dataZone',
				authentication: { type: 'static', tokens: { access_token: 'T' } },
				program: { programId: 'P', style: 'java' },
				retry: { retries: 0 },
			});
			void fetchStoredEvent(client, { notifyId: 'N' }).then(() => console.log('fetched'));
		`;
		const args = ['--import', 'tsx', '--eval', code, server.url];
		const env = { ...process.env, NO_PROXY: '*' };
		const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
		expect(stdout).toBe('');
		expect(server.requests.length).toBeGreaterThan(0);
	}, 30_000);
});
