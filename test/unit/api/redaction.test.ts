import { inspect } from 'node:util';

import { getChatData } from '../../../wecom/api/archive';
import { WecomClient, type ClientSettings } from '../../../wecom/api/client';
import { createExport } from '../../../wecom/api/exports';
import { syncCallProgram } from '../../../wecom/api/programs';
import { setCallback } from '../../../wecom/api/zone';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import { OutcomeUnknownError, WecomApiError, WecomError } from '../../../wecom/errors';
import {
	byPath,
	closedPort,
	closeServers,
	cut,
	errcode,
	failureOf,
	json,
	silence,
	startServer,
	text,
	type Reply,
} from '../support/server';

const TOKEN = 'FETCHED-TOKEN-0123456789';
const CORP_SECRET = 'CORP-SECRET-abc+/=0123456789';
const STATIC_TOKEN = 'PASTED-TOKEN-0123456789';
const INPUT = { cursor: '0', limit: 1 };
const GETTOKEN = '/cgi-bin/gettoken';
const CHAT_DATA = '/cgi-bin/msgaudit/get_chat_data';
const ONCE = { retries: 0, firstDelayMs: 1 };
const PRIVATE_KEY = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA0123\n'.repeat(20)}-----END RSA PRIVATE KEY-----`;

afterEach(closeServers);

/** Every place where a secret stands: in the value, its properties of any kind, and theirs. */
function leaks(value: unknown, secrets: string[]): string[] {
	const found: string[] = [];
	const visited = new Set<unknown>();
	const search = (entry: unknown, place: string) => {
		if (typeof entry === 'string') {
			const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
			if (forms.some((form) => entry.includes(form))) found.push(place);
		}
		if ((typeof entry !== 'object' && typeof entry !== 'function') || entry === null) return;
		if (visited.has(entry)) return;
		visited.add(entry);
		for (const key of Reflect.ownKeys(entry)) {
			search(String(key), `${place}.(key)`);
			search(Reflect.get(entry, key), `${place}.${String(key)}`);
		}
		if (entry instanceof Map || entry instanceof Set) search([...entry], `${place}(entries)`);
	};
	search(value, 'error');
	search(inspect(value, { depth: null, showHidden: true, getters: true }), 'inspect(error)');
	search(String(value), 'String(error)');
	search(JSON.stringify(value), 'JSON.stringify(error)');
	return found;
}

async function failure(replies: Record<string, Reply>, more: Partial<ClientSettings> = {}) {
	const server = await startServer(byPath(replies));
	const client = new WecomClient({
		baseUrl: server.url,
		authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: CORP_SECRET },
		tokenCache: new TokenCache(),
		retry: ONCE,
		...more,
	});
	return await failureOf(client.call(getChatData, INPUT, { timeoutMs: 200 }));
}

const issue = json({ errcode: 0, access_token: TOKEN, expires_in: 7200 });

/** Says the whole request back, in the words of an errmsg. */
const echo: Reply = (request, response) => {
	const { query, headers, body } = request;
	const url = `${request.path}?${new URLSearchParams(query).toString()}`;
	const errmsg = `bad request ${url} ${JSON.stringify(query)} ${headers.host} ${body}`;
	return errcode(40058, errmsg)(request, response);
};

describe('the search for leaks', () => {
	it('finds a secret in message, stack, cause, hidden properties and maps', () => {
		const places: Array<[string, unknown]> = [
			['error.message', new Error('a SECRET')],
			['error.cause.config.url', new Error('a', { cause: { config: { url: 'SECRET' } } })],
			['error.hidden', Object.defineProperty(new Error('a'), 'hidden', { value: 'SECRET' })],
			['error.map(entries).0.1', Object.assign(new Error('a'), { map: new Map([[1, 'SECRET']]) })],
			['error.list.0', { list: ['SECRET'] }],
		];
		for (const [place, error] of places) expect(leaks(error, ['SECRET'])).toContain(place);
		expect(leaks(new Error('a SECRET'), ['SECRET'])).toContain('error.stack');
		expect(leaks(new Error('nothing'), ['SECRET'])).toEqual([]);
	});
});

describe('an errmsg', () => {
	it('that says the token back comes out with ***', async () => {
		const reply = errcode(40058, `token ${TOKEN} (${TOKEN}) is bad`);
		const error = await failure({ [GETTOKEN]: issue, [CHAT_DATA]: reply });
		expect(error).toBeInstanceOf(WecomApiError);
		expect(error).toMatchObject({ errmsg: 'token *** (***) is bad' });
		expect(leaks(error, [TOKEN, CORP_SECRET])).toEqual([]);
	});

	it('that says the whole request back comes out with ***', async () => {
		const error = await failure({ [GETTOKEN]: issue, [CHAT_DATA]: echo });
		expect(error).toMatchObject({ errmsg: expect.stringContaining('access_token=***') });
		expect(leaks(error, [TOKEN, CORP_SECRET])).toEqual([]);
	});

	it('that says the secret back comes out with ***, in gettoken too', async () => {
		const error = await failure({ [GETTOKEN]: echo });
		expect(error).toMatchObject({
			path: '/gettoken',
			errmsg: expect.stringContaining('corpsecret=***'),
		});
		expect(leaks(error, [CORP_SECRET])).toEqual([]);
	});

	it('that says the secret back later comes out with ***', async () => {
		const reply = errcode(40058, `secret was ${CORP_SECRET}`);
		const error = await failure({ [GETTOKEN]: issue, [CHAT_DATA]: reply });
		expect(error).toMatchObject({ errmsg: 'secret was ***' });
		expect(leaks(error, [TOKEN, CORP_SECRET])).toEqual([]);
	});

	it('that says both the expired and the new token back comes out with ***', async () => {
		let issued = 0;
		const gettoken: Reply = (request, response) =>
			json({ access_token: `${TOKEN}-${++issued}`, expires_in: 7200 })(request, response);
		const reply = errcode(42001, `${TOKEN}-1 and ${TOKEN}-2`);
		const error = await failure({ [GETTOKEN]: gettoken, [CHAT_DATA]: reply });
		expect(error).toMatchObject({ errcode: 42001, errmsg: '*** and ***' });
		expect(leaks(error, [TOKEN])).toEqual([]);
	});

	it('that says a pasted token back comes out with ***, pasted with blanks or not', async () => {
		for (const pasted of [STATIC_TOKEN, ` ${STATIC_TOKEN}\n`]) {
			const authentication = { type: 'static', tokens: { access_token: pasted } } as const;
			const reply = errcode(40014, `invalid token ${STATIC_TOKEN}`);
			const error = await failure({ [CHAT_DATA]: reply }, { authentication });
			expect(error).toMatchObject({ errmsg: 'invalid token ***' });
			expect(leaks(error, [STATIC_TOKEN])).toEqual([]);
		}
	});

	it('that holds the text of a private key comes out with ***', async () => {
		const reply = errcode(40058, `cannot use ${PRIVATE_KEY} of yours`);
		const error = await failure({ [GETTOKEN]: issue, [CHAT_DATA]: reply });
		expect(error).toMatchObject({ errmsg: 'cannot use *** of yours' });
		expect(leaks(error, ['MIIEpAIBAAKCAQEA0123', 'PRIVATE KEY'])).toEqual([]);
	});

	it('that is very long is cut and still holds no secret', async () => {
		const reply = errcode(40058, `${'-'.repeat(490)}${TOKEN}`.repeat(100));
		const error = await failure({ [GETTOKEN]: issue, [CHAT_DATA]: reply });
		expect((error as WecomApiError).errmsg.length).toBeLessThanOrEqual(501);
		expect(leaks(error, [TOKEN.slice(0, 6)])).toEqual([]);
	});

	it.each([
		['plain', 'hunter-22-secret', 'hunter-22-secret'],
		['with letters that a URL encodes', 'hun%40ter%2F22%3A', 'hun@ter/22:'],
		['with an @ that nobody encoded', 'hun@ter-22', 'hun@ter-22'],
		['with a colon that nobody encoded', 'hun:ter-22', 'hun:ter-22'],
	])('that says the proxy password back (%s) comes out with ***', async (_how, typed, password) => {
		const basic = Buffer.from(`user:${password}`).toString('base64');
		const error = await failure(
			{ [CHAT_DATA]: errcode(40058, `wrong password ${password} for ${typed}, ${basic}!`) },
			{
				proxyUrl: ` http://user:${typed}@127.0.0.1:3128`,
				authentication: { type: 'static', tokens: { access_token: STATIC_TOKEN } },
			},
		);
		expect(error).toMatchObject({
			errmsg: expect.stringMatching(/^wrong password \*\*\* for \*\*\*, \*\*\*=*!$/),
		});
		expect(leaks(error, [password, typed, basic.replace(/=+$/, ''), STATIC_TOKEN])).toEqual([]);
	});

	it("that says the gateway's proxy and passwd of the request back comes out with ***", async () => {
		const server = await startServer(
			errcode(10001, 'no route to http://u:hidden-pw-1@p:80 as user:hidden-pw-2 (hidden-pw-2)'),
		);
		const client = new WecomClient({
			baseUrl: server.url,
			authentication: { type: 'static', tokens: { access_token: STATIC_TOKEN } },
			retry: ONCE,
		});
		const input = { ...INPUT, proxy: 'http://u:hidden-pw-1@p:80', passwd: 'user:hidden-pw-2' };
		const error = await failureOf(client.call(getChatData, input));
		expect(error).toMatchObject({ errcode: 10001 });
		expect(leaks(error, ['hidden-pw-1', 'hidden-pw-2'])).toEqual([]);
	});
});

describe('what an input holds that is secret', () => {
	const TOKEN_OF_CALLBACK = 'CallbackToken0815';
	const AES_KEY = 'aesKey0815'.padEnd(43, 'x');
	const authentication = { type: 'static', tokens: { access_token: STATIC_TOKEN } } as const;

	it('comes out of an errmsg with ***, for token and key of a callback', async () => {
		const server = await startServer(echo);
		const client = new WecomClient({ baseUrl: server.url, authentication, retry: ONCE });
		const input = {
			url: 'https://n8n.example.com/hook',
			token: TOKEN_OF_CALLBACK,
			encoding_aes_key: AES_KEY,
		};
		const error = await failureOf(client.call(setCallback, input));
		expect(error).toMatchObject({
			errcode: 40058,
			errmsg: expect.stringContaining('"token":"***","encoding_aes_key":"***"'),
		});
		expect(leaks(error, [TOKEN_OF_CALLBACK, AES_KEY, STATIC_TOKEN])).toEqual([]);
	});

	it('stays out of an error of which the outcome is unknown', async () => {
		const server = await startServer(text(`<p>${STATIC_TOKEN}</p>`, 502));
		const client = new WecomClient({ baseUrl: server.url, authentication, retry: ONCE });
		const input = { code: 'EXPORT-CODE-0815', media_id: 'M' };
		const error = await failureOf(client.call(createExport, input));
		expect(error).toBeInstanceOf(OutcomeUnknownError);
		expect(leaks(error, [STATIC_TOKEN, 'EXPORT-CODE-0815'])).toEqual([]);
	});

	it('comes out of the words of a program with ***', async () => {
		for (const code of [710660, 'E42']) {
			const errmsg = `cannot use ${STATIC_TOKEN}`;
			const response_data = JSON.stringify({ errcode: code, errmsg });
			const server = await startServer(json({ errcode: 0, response_data }));
			const client = new WecomClient({ baseUrl: server.url, authentication, retry: ONCE });
			const input = { program_id: 'P', ability_id: 'A', request_data: {} };
			const error = await failureOf(client.call(syncCallProgram, input));
			expect(error).toMatchObject({ message: expect.stringContaining('cannot use ***') });
			expect(leaks(error, [STATIC_TOKEN])).toEqual([]);
		}
	});
});

describe('an error of any other kind holds no secret', () => {
	const half: Reply = ({ socket }, response) => {
		response.writeHead(200, { 'Content-Length': '1000' });
		response.write(`{"errmsg":"${TOKEN} ${CORP_SECRET}`, () => socket.destroy());
	};
	const secretPage = text(`<p>${TOKEN} ${CORP_SECRET}</p>`, 502);

	it.each<[string, Record<string, Reply>]>([
		['cut in gettoken', { [GETTOKEN]: cut }],
		['silent in gettoken', { [GETTOKEN]: half }],
		['HTML in gettoken', { [GETTOKEN]: secretPage }],
		['not found in gettoken', {}],
		['no access_token in gettoken', { [GETTOKEN]: json({ errcode: 0, secret: CORP_SECRET }) }],
		['cut', { [GETTOKEN]: issue, [CHAT_DATA]: cut }],
		['silent', { [GETTOKEN]: issue, [CHAT_DATA]: silence }],
		['half a body', { [GETTOKEN]: issue, [CHAT_DATA]: half }],
		['HTML', { [GETTOKEN]: issue, [CHAT_DATA]: secretPage }],
		['not found', { [GETTOKEN]: issue }],
		['not JSON', { [GETTOKEN]: issue, [CHAT_DATA]: text(`hello ${TOKEN}`) }],
		['no list', { [GETTOKEN]: issue, [CHAT_DATA]: json({ errcode: 0, chatdata: TOKEN }) }],
		[
			'a redirect',
			{
				[GETTOKEN]: issue,
				[CHAT_DATA]: text('', 302, { Location: `https://x?access_token=${TOKEN}` }),
			},
		],
	])('(%s)', async (_what, replies) => {
		const error = await failure(replies);
		expect(error).toBeInstanceOf(WecomError);
		expect(leaks(error, [TOKEN, CORP_SECRET])).toEqual([]);
	});

	it('(nobody listens)', async () => {
		const baseUrl = `http://127.0.0.1:${await closedPort()}`;
		const error = await failure({}, { baseUrl });
		expect(error).toBeInstanceOf(WecomError);
		expect(leaks(error, [CORP_SECRET])).toEqual([]);
	});

	it('(too large)', async () => {
		const reply = json({ errcode: 0, text: TOKEN.repeat(1000) });
		const error = await failure(
			{ [GETTOKEN]: issue, [CHAT_DATA]: reply },
			{ maxResponseBytes: 1000 },
		);
		expect(error).toMatchObject({ message: expect.stringContaining('larger') });
		expect(leaks(error, [TOKEN, CORP_SECRET])).toEqual([]);
	});

	it('(the proxy does not listen)', async () => {
		const proxyUrl = `http://user:hunter-22-secret@127.0.0.1:${await closedPort()}`;
		const error = await failure({}, { proxyUrl });
		expect(error).toBeInstanceOf(WecomError);
		expect(leaks(error, ['hunter-22-secret', CORP_SECRET])).toEqual([]);
	});
});
