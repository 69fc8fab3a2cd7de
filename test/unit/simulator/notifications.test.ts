import {
	credentialsFor,
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../../simulator';
import { sign } from '../../../simulator/callbacks/crypto';
import { encryptOf, Endpoint, open, type Received } from './endpoint';
import { ask, call, getToken, refusal } from './support';

const SET = '/msgaudit/set_callback';
const KEYS = { token: 'Tok3n', encoding_aes_key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' };

let endpoint: Endpoint;
let url: string;
let simulator: Simulator;
let token: string;

async function start(options: SimulatorOptions = {}): Promise<void> {
	simulator = await startSimulator({ messageCount: 0, ...options });
	token = await getToken(simulator);
}

beforeEach(async () => {
	endpoint = new Endpoint();
	url = await endpoint.listen();
});
afterEach(async () => {
	await simulator.stop();
	await endpoint.close();
});

/** Decrypted event of a request. */
const textOf = ({ body }: Received, key: string) => open(encryptOf(body), key).text;
const infoTypeOf = (text: string) => /<InfoType><!\[CDATA\[(.+?)\]\]>/.exec(text)?.[1];

test('nobody is called back when there is nowhere to call', async () => {
	await start();
	simulator.addMessages(3);
	await simulator.settled();
	expect([simulator.callbacksSent, endpoint.received]).toEqual([[], []]);
});

test('callbackUrl is told of new messages once per batch, with the keys of the simulator', async () => {
	await start({ callbackUrl: url });
	simulator.addMessages(3);
	simulator.addMessages(1);
	simulator.addMessages(0);
	await simulator.settled();
	const texts = endpoint.received.map((one) => textOf(one, simulator.callback.encodingAesKey));
	expect(texts.map(infoTypeOf)).toEqual(['msgaudit_notify', 'msgaudit_notify']);
	expect(simulator.callbacksSent).toEqual(
		texts.map((plaintext) => ({
			event: 'msgaudit_notify',
			url,
			attempts: 1,
			status: 200,
			body: 'success',
			ok: true,
			plaintext,
		})),
	);
});

test('set_callback sets where, and what it is signed and encrypted with', async () => {
	await start({ callbackUrl: 'http://127.0.0.1:9/' });
	expect(await call(simulator, SET, token, { url, ...KEYS })).toEqual({ errcode: 0, errmsg: 'ok' });
	simulator.addMessages(1);
	await simulator.settled();
	const [received] = endpoint.received as [Received];
	expect(infoTypeOf(textOf(received, KEYS.encoding_aes_key))).toBe('msgaudit_notify');
	const value = (name: string) => received.query.get(name) as string;
	expect(value('msg_signature')).toBe(
		sign(KEYS.token, value('timestamp'), value('nonce'), encryptOf(received.body)),
	);
	// The URL's own parameters stay.
	expect(value('tenant')).toBe('7');
	// What is sent by hand keeps the simulator's own keys.
	await simulator.sendCallback({ url, event: 'msgaudit_notify' });
	expect(textOf(endpoint.received[1] as Received, simulator.callback.encodingAesKey)).toContain(
		'msgaudit_notify',
	);
});

test('every keyword hit is called back, after the message', async () => {
	await start({ callbackUrl: url });
	for (const word of ['退款', '款']) {
		const rule = { name: word, keyword: { word_list: [word] } };
		await call(simulator, '/msgaudit/keyword_rule/create', token, rule);
	}
	simulator.addMessages(2, { text: '退款' });
	await simulator.settled();
	const texts = endpoint.received.map((one) => textOf(one, simulator.callback.encodingAesKey));
	expect(texts.map(infoTypeOf)).toEqual([
		'msgaudit_notify',
		...Array<string>(4).fill('msgaudit_keyword_hit'),
	]);
	expect(simulator.keywordHits).toHaveLength(4);
	// Each with a token of its own.
	const tokens = texts.map((text) => /<Token><!\[CDATA\[(\w{64})\]\]>/.exec(text)?.[1]);
	expect(new Set(tokens).size).toBe(5);
});

test('they are sent again when no answer comes, one after the other', async () => {
	await start({ callbackUrl: url });
	endpoint.answer = (response, _received, count) => {
		if (count < 3) response.destroy();
		else response.end('success');
	};
	simulator.addMessages(1);
	simulator.addMessages(1);
	await simulator.settled();
	expect(simulator.callbacksSent.map(({ attempts, ok }) => [attempts, ok])).toEqual([
		[3, true],
		[1, true],
	]);
});

test('stop ends those under way', async () => {
	await start({ callbackUrl: url });
	const arrived = new Promise<void>((resolve) => {
		endpoint.answer = () => resolve();
	});
	simulator.addMessages(1);
	simulator.addMessages(1);
	await arrived;
	await simulator.stop();
	await simulator.settled();
	expect(endpoint.received).toHaveLength(1);
	expect(simulator.callbacksSent).toMatchObject([{ ok: false, attempts: 3 }]);
});

describe('orders', () => {
	/** A new order of the corp that has none yet. */
	async function order(): Promise<{ order_id: string; provider: string; custom: string }> {
		const provider = simulator.providerAccessToken;
		const custom = simulator.orders.corps.find(({ editions }) => editions.length === 0)?.corpId;
		const { order_id } = await ask(
			simulator,
			`/advanced_api/create_order?provider_access_token=${provider}`,
			{
				custom_corpid: custom,
				buyer_userid: 'zhangsan',
				chat_archive_api: { edition: 2, purchase_count: 1 },
			},
		);
		return { order_id: order_id as string, provider, custom: custom as string };
	}
	const change = async (path: string, provider: string, body: object) =>
		await ask(simulator, `/advanced_api/${path}?provider_access_token=${provider}`, body);

	test('that are paid or cancelled are told the provider, where it wants to know', async () => {
		await start({ callbackUrl: 'http://127.0.0.1:9/', providerCallbackUrl: url });
		const first = await order();
		await change('cancel_order', first.provider, { order_id: first.order_id });
		const second = await order();
		const paid = { order_id: second.order_id, payer_userid: 'lisi' };
		expect((await change('submit_pay', second.provider, paid)).errcode).toBe(0);
		// Nothing happens to an order a second time.
		expect((await change('submit_pay', second.provider, paid)).errcode).not.toBe(0);
		await simulator.settled();
		const opened = endpoint.received.map(({ body }) =>
			open(encryptOf(body), simulator.callback.encodingAesKey),
		);
		const { corpId } = simulator.provider;
		expect(opened.map(({ receiveId }) => receiveId)).toEqual([corpId, corpId]);
		expect(opened.map(({ text }) => infoTypeOf(text))).toEqual([
			'advanced_api_cancel',
			'advanced_api_pay_success',
		]);
		expect(opened[0]?.text).toContain(`<OrderId><![CDATA[${first.order_id}]]></OrderId>`);
		for (const text of [second.order_id, second.custom, 'zhangsan']) {
			expect(opened[1]?.text).toContain(text);
		}
	});

	test('are told nobody else, and the credential knows the provider once it is told', async () => {
		await start({ callbackUrl: url });
		const { order_id, provider } = await order();
		await change('cancel_order', provider, { order_id });
		await simulator.settled();
		expect(endpoint.received).toEqual([]);
		const ids = () => credentialsFor(simulator).wecomCallbackApi.receiveIds?.split(',');
		expect(ids()).not.toContain(simulator.provider.corpId);
		const told = await fetch(`${simulator.url}/_sim/callback_url`, {
			method: 'POST',
			body: JSON.stringify({ url, channel: 'provider' }),
		});
		expect(told.status).toBe(200);
		expect(ids()).toContain(simulator.provider.corpId);
		const another = await order();
		await change('cancel_order', another.provider, { order_id: another.order_id });
		await simulator.settled();
		expect(endpoint.received).toHaveLength(1);
	});
});

test('callBackTo sets where, with the keys of the simulator', async () => {
	await start();
	simulator.callBackTo(url);
	simulator.addMessages(1);
	await simulator.settled();
	expect(endpoint.received).toHaveLength(1);
	expect(() => simulator.callBackTo('ftp://x')).toThrow(TypeError);
	expect(() => simulator.callBackTo('ftp://x', 'provider')).toThrow(TypeError);
});

test('a callbackUrl that is none is refused at once', async () => {
	await start();
	await expect(startSimulator({ callbackUrl: 'ftp://x' })).rejects.toThrow(TypeError);
	await expect(startSimulator({ providerCallbackUrl: 'ftp://x' })).rejects.toThrow(TypeError);
});

test('set_callback refuses what is wrong, naming it', async () => {
	await start();
	const refusalOf = (body: object) => refusal(simulator, SET, token, { url, ...KEYS, ...body });
	for (const [errcode, field, body] of [
		[40063, 'url', { url: undefined }],
		[40058, 'url', { url: 'callback' }],
		[40058, 'url', { url: 'ftp://example.com/' }],
		[40063, 'token', { token: undefined }],
		[40058, 'token', { token: '' }],
		[40058, 'token', { token: 'a'.repeat(33) }],
		[40058, 'token', { token: 'a-b' }],
		[40063, 'encoding_aes_key', { encoding_aes_key: undefined }],
		[40058, 'encoding_aes_key', { encoding_aes_key: 'a'.repeat(42) }],
		[40058, 'encoding_aes_key', { encoding_aes_key: `${'a'.repeat(42)}+` }],
		[40058, 'program_id', { program_id: 'p' }],
	] as const) {
		expect(await refusalOf(body)).toEqual([errcode, expect.stringContaining(field)]);
	}
});
