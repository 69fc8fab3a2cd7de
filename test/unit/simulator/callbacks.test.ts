import { createHash } from 'node:crypto';
import { startSimulator, type CallbackEvent, type Simulator } from '../../../simulator';
import { sign } from '../../../simulator/callbacks/crypto';
import { encryptOf, Endpoint, open, type Received } from './endpoint';

/** Tencent's published URL verification sample (document path 90968, sample of WXBizMsgCrypt). */
const PUBLISHED = {
	token: 'QDG6eK',
	encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
	receiveId: 'wx5823bf96d3bd56c7',
	timestamp: '1409659589',
	nonce: '263014780',
	encrypt:
		'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
	signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
	plaintext: '1616140317555161061',
};

function sha1OfSorted(...parts: string[]): string {
	return createHash('sha1').update(parts.sort().join('')).digest('hex');
}

let simulator: Simulator;
let endpoint: Endpoint;
let url: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 0 });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
	endpoint = new Endpoint();
	url = await endpoint.listen();
});
afterEach(() => endpoint.close());

test('the signature is the one Tencent publishes', () => {
	const { token, timestamp, nonce, encrypt, signature, encodingAesKey } = PUBLISHED;
	expect(sign(token, timestamp, nonce, encrypt)).toBe(signature);
	expect(open(encrypt, encodingAesKey)).toMatchObject({
		text: PUBLISHED.plaintext,
		receiveId: PUBLISHED.receiveId,
	});
});

test('the callback credentials have the form WeCom gives them', () => {
	const { token, encodingAesKey, receiveId, suiteId } = simulator.callback;
	expect(token).toMatch(/^[A-Za-z0-9]{1,32}$/);
	expect(encodingAesKey).toMatch(/^[A-Za-z0-9]{43}$/);
	expect(Buffer.from(`${encodingAesKey}=`, 'base64').toString('base64')).toBe(`${encodingAesKey}=`);
	expect(receiveId).toBe(simulator.corp.corpId);
	expect(suiteId).toMatch(/^ww[0-9a-f]{16}$/);
});

test('an event arrives signed and encrypted, in an XML envelope for the suite', async () => {
	const result = await simulator.sendCallback({ url, event: 'msgaudit_notify' });
	expect(result).toMatchObject({ attempts: 1, status: 200, body: 'success', ok: true });
	const [{ query, method, contentType, body }] = endpoint.received as [Received];
	const { token, encodingAesKey, suiteId } = simulator.callback;
	const encrypt = encryptOf(body);
	expect([method, contentType, query.get('tenant')]).toEqual(['POST', 'text/xml', '7']);
	expect(body).toMatch(
		/^<xml><ToUserName>.*<\/ToUserName><AgentID>.*<\/AgentID><Encrypt>.*<\/Encrypt><\/xml>$/,
	);
	expect(query.get('msg_signature')).toBe(
		sha1OfSorted(token, query.get('timestamp') as string, query.get('nonce') as string, encrypt),
	);
	const opened = open(encrypt, encodingAesKey);
	expect(opened).toMatchObject({ text: result.plaintext, receiveId: suiteId });
	expect(opened.length % 32).toBe(0);
	expect(opened.text).toContain('<InfoType><![CDATA[msgaudit_notify]]></InfoType>');
	expect(opened.text).toMatch(/<TimeStamp>\d{10}<\/TimeStamp>/);
});

test('texts of any length are padded to 32 and come out whole', () => {
	for (let length = 0; length <= 40; length += 1) {
		const plaintext = '字'.repeat(length);
		const built = simulator.buildCallback({ plaintext });
		const opened = open(encryptOf(built.body), simulator.callback.encodingAesKey);
		expect(opened.text).toBe(plaintext);
		expect(opened.receiveId).toBe(simulator.callback.receiveId);
		expect(opened.length % 32).toBe(0);
	}
});

test('a JSON envelope carries a JSON event', () => {
	const { body, contentType, plaintext } = simulator.buildCallback({
		event: 'suite_ticket',
		fields: { SuiteTicket: 'ticket' },
		format: 'json',
	});
	const { suiteId, encodingAesKey } = simulator.callback;
	const envelope = JSON.parse(body) as Record<string, string>;
	expect(contentType).toBe('application/json');
	expect(envelope).toEqual({ tousername: suiteId, encrypt: expect.any(String), agentid: '' });
	expect(open(envelope.encrypt as string, encodingAesKey).text).toBe(plaintext);
	expect(JSON.parse(plaintext)).toMatchObject({ InfoType: 'suite_ticket', SuiteTicket: 'ticket' });
});

test.each<[CallbackEvent, string[]]>([
	['msgaudit_notify', ['AuthCorpId', 'Token']],
	['msgaudit_approve', ['AuthCorpId', 'OpenUserID', 'ExternalUserID']],
	['msgaudit_keyword_hit', ['AuthCorpId', 'Token']],
	['msgaudit_export_finish', ['AuthCorpId', 'JobId']],
	['customer_acquisition', ['AuthCorpId', 'ChangeType', 'UserID', 'ExternalUserID', 'LinkId']],
	['suite_ticket', ['SuiteTicket']],
	['create_auth', ['AuthCode', 'State', 'ExtraInfo']],
	['change_auth', ['AuthCorpId', 'State', 'ExtraInfo']],
	['cancel_auth', ['AuthCorpId']],
	['reset_permanent_code', ['AuthCode']],
])('%s has its fields', (event, fields) => {
	const { plaintext } = simulator.buildCallback({ event });
	const names = [...plaintext.matchAll(/<(\w+)>(?!<\w)/g)].map((match) => match[1]);
	expect(names.sort()).toEqual(['SuiteId', 'InfoType', 'TimeStamp', ...fields].sort());
});

test('a ChangeType brings its own fields', () => {
	const { plaintext } = simulator.buildCallback({
		event: 'customer_acquisition',
		fields: { ChangeType: 'quota_expire_soon', ExpireQuotaNum: 12 },
	});
	expect(plaintext).toContain('<ChangeType><![CDATA[quota_expire_soon]]></ChangeType>');
	expect(plaintext).toContain('<ExpireQuotaNum>12</ExpireQuotaNum>');
	expect(plaintext).toMatch(/<ExpireTime>\d+<\/ExpireTime>/);
	expect(plaintext).not.toContain('LinkId');
});

test('field values cannot break out of the XML', () => {
	const { plaintext } = simulator.buildCallback({
		event: 'change_auth',
		fields: { State: 'a]]>b<c>' },
	});
	expect(plaintext).toContain('<State><![CDATA[a]]]]><![CDATA[>b<c>]]></State>');
});

test('a dropped connection is tried again: same plaintext, new nonce and signature', async () => {
	endpoint.answer = (response, _received, count) =>
		count === 1 ? response.destroy() : response.end('success');
	const result = await simulator.sendCallback({ url, event: 'msgaudit_keyword_hit' });
	expect(result).toMatchObject({ attempts: 2, status: 200, ok: true });
	const { encodingAesKey } = simulator.callback;
	const texts = endpoint.received.map(({ body }) => open(encryptOf(body), encodingAesKey).text);
	expect(texts).toEqual([result.plaintext, result.plaintext]);
	for (const name of ['nonce', 'msg_signature']) {
		expect(new Set(endpoint.received.map(({ query }) => query.get(name))).size).toBe(2);
	}
});

test('silence is a failure after the timeout, three times in all', async () => {
	endpoint.answer = () => undefined;
	const result = await simulator.sendCallback({ url, event: 'msgaudit_notify', timeoutMs: 60 });
	expect(result).toMatchObject({
		attempts: 3,
		status: null,
		body: '',
		ok: false,
		error: 'no answer within 60 ms',
	});
	expect(endpoint.received).toHaveLength(3);
});

test('a closed port is tried three times', async () => {
	await endpoint.close();
	const result = await simulator.sendCallback({ url, event: 'msgaudit_notify' });
	expect(result).toMatchObject({ attempts: 3, status: null, ok: false });
	expect(result.error).toContain('ECONNREFUSED');
});

test.each([
	[500, 'oops'],
	[302, ''],
	[200, ''],
	[200, 'success\n'],
])('an answer of HTTP %d %j is final and not ok', async (status, body) => {
	endpoint.answer = (response) =>
		response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
	const result = await simulator.sendCallback({ url, plaintext: 'anything' });
	expect(result).toMatchObject({ attempts: 1, status, body, ok: false });
});

test('a callback needs an event it knows, or a plaintext', async () => {
	expect(() => simulator.buildCallback({})).toThrow(TypeError);
	expect(() => simulator.buildCallback({ event: 'nonsense' as CallbackEvent })).toThrow(TypeError);
	for (const bad of ['nowhere', 'ftp://127.0.0.1/']) {
		const sending = simulator.sendCallback({ url: bad, event: 'suite_ticket' });
		await expect(sending).rejects.toThrow(TypeError);
		await expect(simulator.verifyUrl(bad)).rejects.toThrow(TypeError);
	}
});

test('URL verification wants the echostr back, decrypted and nothing else', async () => {
	const { token, encodingAesKey, receiveId } = simulator.callback;
	const echo = ({ query }: Received) => open(query.get('echostr') as string, encodingAesKey);
	endpoint.answer = (response, received) => response.end(echo(received).text);
	expect(await simulator.verifyUrl(url)).toEqual({
		ok: true,
		status: 200,
		body: expect.stringMatching(/^\d{19}$/),
	});
	const [received] = endpoint.received as [Received];
	const value = (name: string) => received.query.get(name) as string;
	expect(received.method).toBe('GET');
	expect(echo(received).receiveId).toBe(receiveId);
	expect(value('msg_signature')).toBe(
		sha1OfSorted(token, value('timestamp'), value('nonce'), value('echostr')),
	);

	endpoint.answer = (response, second) => response.end(`"${echo(second).text}"`);
	expect(await simulator.verifyUrl(url)).toMatchObject({ ok: false, status: 200 });
	endpoint.answer = (response) => response.writeHead(404).end();
	expect(await simulator.verifyUrl(url)).toMatchObject({ ok: false, status: 404 });
	endpoint.answer = (response) => response.destroy();
	expect(await simulator.verifyUrl(url)).toMatchObject({ ok: false, status: null });
});
