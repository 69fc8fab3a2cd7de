import { startSimulator, type Fault, type Simulator } from '../../../simulator';
import { call, get, getToken, post } from './support';

const CHAT_DATA = '/msgaudit/get_chat_data';
const REQUEST = { seq: 0, limit: 100 };

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 100 });
	token = await getToken(simulator);
});
beforeEach(() => simulator.faults.clear());
afterAll(() => simulator.stop());

async function code(body: unknown = REQUEST): Promise<number> {
	return (await call(simulator, CHAT_DATA, token, body)).errcode;
}

test.each([
	['busy', -1],
	['frequency', 45009],
	['expired', 42001],
	['ip', 60020],
] as const)('%s answers %d once', async (kind, errcode) => {
	simulator.faults.add({ kind });
	expect(await code()).toBe(errcode);
	expect(await code()).toBe(0);
});

test('ip names the address of the caller', async () => {
	simulator.faults.add({ kind: 'ip' });
	const { errmsg } = await call(simulator, CHAT_DATA, token, REQUEST);
	expect(errmsg).toMatch(/^not allow to access from your ip, .*from ip: 127\.0\.0\.1,/);
});

test('expired leaves the token good and gettoken alone', async () => {
	simulator.faults.add({ kind: 'expired' });
	expect(await getToken(simulator)).toBe(token);
	expect(await code()).toBe(42001);
	expect(await getToken(simulator)).toBe(token);
	expect(await code()).toBe(0);
});

test('errcode answers with any code and text', async () => {
	simulator.faults.add({ kind: 'errcode', errcode: 48002, errmsg: 'api forbidden' });
	expect(await call(simulator, CHAT_DATA, token, REQUEST)).toEqual({
		errcode: 48002,
		errmsg: expect.stringMatching(/^api forbidden, hint: .*e=48002$/),
	});
});

test('slow answers rightly, later', async () => {
	simulator.faults.add({ kind: 'slow', delayMs: 150 });
	const start = performance.now();
	expect(await code()).toBe(0);
	expect(performance.now() - start).toBeGreaterThanOrEqual(145);
});

test('slow does not hold up stop', async () => {
	const other = await startSimulator({ messageCount: 0 });
	other.faults.add({ kind: 'slow', delayMs: 60_000 });
	const pending = get(other, '/gettoken').catch((error: Error) => error);
	while (other.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await other.stop();
	expect(await pending).toHaveProperty('message', 'fetch failed');
});

test('cut drops the connection after the request was read', async () => {
	simulator.faults.add({ kind: 'cut' });
	const before = simulator.requests.length;
	await expect(code()).rejects.toThrow('fetch failed');
	expect(simulator.requests).toHaveLength(before + 1);
	expect(simulator.requests.at(-1)?.body).toEqual(REQUEST);
	expect(await code()).toBe(0);
});

test('half sends headers and half of the body', async () => {
	const whole = await (await post(simulator, CHAT_DATA, token, REQUEST)).text();
	simulator.faults.add({ kind: 'half' });
	const response = await post(simulator, CHAT_DATA, token, REQUEST);
	expect(response.status).toBe(200);
	expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(whole)));
	let received = 0;
	const reading = (async () => {
		for await (const chunk of response.body as AsyncIterable<Uint8Array>) received += chunk.length;
	})();
	await expect(reading).rejects.toThrow();
	expect(received).toBe(Math.floor(Buffer.byteLength(whole) / 2));
});

test.each([
	['http502', 502, 'text/html', /^<html>/],
	['nonjson', 200, 'text/plain', /^upstream/],
	['empty', 200, 'application/json', /^$/],
] as const)('%s answers HTTP %d, %s', async (kind, status, type, body) => {
	simulator.faults.add({ kind });
	const response = await post(simulator, CHAT_DATA, token, REQUEST);
	expect(response.status).toBe(status);
	expect(response.headers.get('content-type')).toMatch(type);
	expect(await response.text()).toMatch(body);
	expect(await code()).toBe(0);
});

test('tooLarge answers 301058 whenever limit is above maxRecords', async () => {
	simulator.faults.add({ kind: 'tooLarge', maxRecords: 30 });
	const codes: number[] = [];
	for (const limit of [100, 50, 25, 31, 30]) codes.push(await code({ seq: 0, limit }));
	expect(codes).toEqual([301058, 301058, 0, 301058, 0]);
});

test('times, skip and path say which requests are hit', async () => {
	simulator.faults.add({ kind: 'busy', path: CHAT_DATA, skip: 1, times: 2 });
	const codes: number[] = [];
	for (let count = 0; count < 5; count += 1) {
		await getToken(simulator);
		codes.push(await code());
	}
	expect(codes).toEqual([0, -1, -1, 0, 0]);
});

test('a path may be given with /cgi-bin, and no end is possible', async () => {
	simulator.faults.add({ kind: 'frequency', path: `/cgi-bin${CHAT_DATA}`, times: Infinity });
	for (let count = 0; count < 5; count += 1) expect(await code()).toBe(45009);
	simulator.faults.clear();
	expect(await code()).toBe(0);
});

test('of several faults the oldest that is due comes first', async () => {
	simulator.faults.add({ kind: 'busy' });
	simulator.faults.add({ kind: 'frequency' });
	expect([await code(), await code(), await code()]).toEqual([-1, 45009, 0]);
});

test.each([
	{ kind: 'returnCode', returnCode: 10001 },
	{ kind: 'endsProcess', how: 'segv' },
	{ kind: 'wrongBytes' },
] as const)('$kind waits for a call of the library', async (fault) => {
	simulator.faults.add(fault);
	expect(await code()).toBe(0);
	const url = `${simulator.url}/cgi-bin/finance_sdk/GetChatData`;
	const body = JSON.stringify({ corpid: 'ww0', secret: 's', seq: 0, limit: 1 });
	const answers = [
		await fetch(url, { method: 'POST', body }),
		await fetch(url, { method: 'POST', body }),
	];
	const [hit, next] = await Promise.all(answers.map((answer) => answer.text()));
	expect(hit).not.toBe(next);
	expect(answers.map(({ headers }) => headers.get('x-return-code'))).toEqual([
		fault.kind === 'returnCode' ? '10001' : '0',
		'0',
	]);
	expect(answers[0]?.headers.get('x-ends-process')).toBe(
		fault.kind === 'endsProcess' ? 'segv' : null,
	);
});

test.each([
	{ kind: 'nonsense' },
	{ kind: 'slow' },
	{ kind: 'tooLarge', maxRecords: '5' },
	{ kind: 'errcode' },
	{ kind: 'busy', times: 'x' },
	{ kind: 'busy', path: 5 },
	{ kind: 'returnCode' },
	{ kind: 'endsProcess', how: 'quietly' },
])('a fault that makes no sense is refused: %j', (fault) => {
	expect(() => simulator.faults.add(fault as unknown as Fault)).toThrow(TypeError);
});
