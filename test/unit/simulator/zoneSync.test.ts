import forge from 'node-forge';
import { startSimulator, type Simulator } from '../../../simulator';
import { getToken, type Answer } from './support';
import { callFunction, callProgram, walkFunction } from './zoneSupport';

interface Message {
	msgid: string;
	sender: { type: number; id: string };
	receiver_list: Array<{ type: number; id: string }>;
	chatid?: string;
	send_time: number;
	msgtype: number;
	service_encrypt_info: { encrypted_secret_key: string; public_key_ver: number };
	extra_info?: { call_duration: number };
}

let simulator: Simulator;
let token: string;
let clock = Date.now();

beforeAll(async () => {
	simulator = await startSimulator({
		messageCount: 300,
		now: () => clock,
		tokenTtlSeconds: 10 * 86_400,
	});
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const run = (func: string, request: object = {}): Promise<Answer> =>
	callFunction(simulator, token, 'java', func, request);
const messagesIn = ({ msg_list: list }: Answer) => list as Message[];
/** Records that are messages, by seq. */
const messages = () => simulator.truth.filter(({ plaintext }) => plaintext?.msgtype !== undefined);

describe('sync_msg', () => {
	test('gives every message once, page by page, 200 at a time', async () => {
		const pages = await walkFunction((body) => run('sync_msg', body), {});
		expect(pages.map((page) => messagesIn(page).length)[0]).toBe(200);
		const found = pages.flatMap(messagesIn);
		expect(found.map(({ msgid }) => msgid)).toEqual(messages().map(({ msgid }) => msgid));
		const times = found.map(({ send_time: at }) => at);
		expect([...times].sort((a, b) => a - b)).toEqual(times);
	});

	test('tells who and where by the ids of the zone, and never what', async () => {
		const found = messagesIn(await run('sync_msg', { limit: 1000 }));
		for (const { sender, receiver_list: receivers, chatid, ...rest } of found) {
			for (const { type, id } of [sender, ...receivers]) {
				expect(id).toMatch(type === 1 ? /^wo\w{30}$/ : /^wm\w{30}$/);
			}
			if (chatid !== undefined) expect(chatid).toMatch(/^wr/);
			expect(Object.keys(rest).filter((key) => key !== 'extra_info')).toEqual([
				'msgid',
				'send_time',
				'msgtype',
				'service_encrypt_info',
			]);
		}
		const calls = found.filter(({ extra_info: extra }) => extra !== undefined);
		expect(new Set(calls.map(({ msgtype }) => msgtype))).toEqual(new Set([22]));
		expect(JSON.stringify(found)).not.toContain('zhangwei');
	});

	test('seals the key of each text with the public key of its version', async () => {
		const found = messagesIn(await run('sync_msg', { limit: 1000 }));
		for (const version of [1, 2]) {
			const { encrypted_secret_key: sealed } = found.find(
				({ service_encrypt_info: info }) => info.public_key_ver === version,
			)?.service_encrypt_info as Message['service_encrypt_info'];
			const key = forge.pki
				.privateKeyFromPem(simulator.keys[version]?.privateKey as string)
				.decrypt(forge.util.decode64(sealed), 'RSAES-PKCS1-V1_5');
			expect(forge.util.decode64(key)).toHaveLength(32);
		}
	});

	test('goes on from a cursor that came with the last page', async () => {
		const last = (await walkFunction((body) => run('sync_msg', body), { limit: 1000 })).at(-1);
		expect(last).toMatchObject({ has_more: 0, next_cursor: expect.any(String) as string });
		const cursor = last?.next_cursor as string;
		expect(cursor.length).toBeLessThanOrEqual(128);
		expect(await run('sync_msg', { cursor })).toMatchObject({ msg_list: [], next_cursor: cursor });
		const [added] = simulator.addMessages(1, { text: '后来的' });
		expect(messagesIn(await run('sync_msg', { cursor }))).toMatchObject([{ msgid: added?.msgid }]);
	});

	test('refuses a cursor with something behind it, and one of another list', async () => {
		const { next_cursor: cursor } = await run('sync_msg', { limit: 1 });
		const code = async (func: string, given: string) =>
			(await run(func, { cursor: given, limit: 1 })).errcode;
		expect(await code('sync_msg', cursor as string)).toBe(0);
		expect(await code('sync_msg', `${cursor as string}.a`)).toBe(710611);
		expect(await code('get_hit_msg_list', cursor as string)).toBe(710611);
	});

	test('begins where begin_time says', async () => {
		const middle = messages()[150];
		const begin_time = Math.floor(Number(middle?.plaintext?.msgtime) / 1000);
		const found = messagesIn(await run('sync_msg', { begin_time, limit: 1000 }));
		expect(found.every(({ send_time: at }) => at >= begin_time)).toBe(true);
		expect(found.map(({ msgid }) => msgid)).toContain(middle?.msgid);
	});

	test.each([
		['limit', { limit: 1001 }],
		['mode', { mode: 3 }],
		['begin_time', { begin_time: -1 }],
		['cursor', { cursor: 'c'.repeat(129) }],
		['token', { token: 't'.repeat(129) }],
	])('refuses a bad %s', async (field, request) => {
		expect(await run('sync_msg', request)).toEqual({
			errcode: 40058,
			errmsg: expect.stringContaining(field) as string,
		});
	});
});

describe('short pages', () => {
	let short: Simulator;
	let by: string;
	const ask = (func: string, request: object) => callFunction(short, by, 'python', func, request);

	beforeAll(async () => {
		short = await startSimulator({ messageCount: 300, shortPages: true });
		by = await getToken(short);
	});
	afterAll(() => short.stop());
	const msgids = () =>
		short.truth.filter(({ plaintext }) => plaintext?.msgtype).map(({ msgid }) => msgid);

	test('have fewer messages than asked for, now and then none, and all in the end', async () => {
		const pages = await walkFunction((body) => ask('sync_msg', body), { limit: 50 });
		const sizes = pages.map((page) => messagesIn(page).length);
		expect(sizes.filter((size) => size === 0).length).toBeGreaterThan(1);
		expect(sizes.filter((size) => size > 0 && size < 50).length).toBeGreaterThan(3);
		expect(pages.flatMap(messagesIn).map(({ msgid }) => msgid)).toEqual(msgids());
		// One that is empty leads on to another place, so nobody need think that the server stands still.
		expect(new Set(pages.map((page) => page.next_cursor)).size).toBe(pages.length);
	});

	test('are so in mode 1 too, whose list of ids may be empty', async () => {
		const answers = await walkFunction((body) => ask('sync_msg', body), { mode: 1, limit: 9 });
		const lists = answers.map(({ page_id_list: list }) => list as string[]);
		expect(lists.some((list) => list.length === 0)).toBe(true);
		const found: string[] = [];
		for (const page_id of lists.flat()) {
			const page = messagesIn(await ask('get_msg_list_by_page_id', { page_id }));
			expect(page.length).toBeGreaterThan(0);
			found.push(...page.map(({ msgid }) => msgid));
		}
		expect(found).toEqual(msgids());
	});
});

describe('pages', () => {
	test('come in place of messages in mode 1, at most 10 at a time', async () => {
		const answers = await walkFunction((body) => run('sync_msg', body), { mode: 1, limit: 20 });
		const ids = answers.map(({ page_id_list: list }) => list as string[]);
		expect(ids[0]).toHaveLength(10);
		expect(answers.every((answer) => !('msg_list' in answer))).toBe(true);
		const found: Message[] = [];
		for (const page_id of ids.flat()) {
			const page = messagesIn(await run('get_msg_list_by_page_id', { page_id }));
			expect(page.length).toBeLessThanOrEqual(20);
			found.push(...page);
		}
		expect(found.map(({ msgid }) => msgid)).toEqual(messages().map(({ msgid }) => msgid));
	});

	test('come in mode 2 where one page is not enough', async () => {
		expect(await run('sync_msg', { mode: 2, limit: 1000 })).toHaveProperty('msg_list');
		expect(await run('sync_msg', { mode: 2, limit: 20 })).toHaveProperty('page_id_list');
		expect(await run('sync_msg', { mode: 0, limit: 20 })).not.toHaveProperty('page_id_list');
	});

	test('are read 10 at once, and not more', async () => {
		const slow = await startSimulator({ messageCount: 20, pageMs: 2000 });
		const by = await getToken(slow);
		const ask = (func: string, request: object) => callFunction(slow, by, 'java', func, request);
		const [page_id] = (await ask('sync_msg', { mode: 1 })).page_id_list as string[];
		const read = async () => (await ask('get_msg_list_by_page_id', { page_id })).errcode;
		const codes = await Promise.all(Array.from({ length: 15 }, read));
		expect([...codes].sort((a, b) => a - b)).toEqual([
			...Array<number>(10).fill(0),
			...Array<number>(5).fill(45033),
		]);
		expect(await read()).toBe(0);
		await slow.stop();
	});

	test('are refused by an id that was not given', async () => {
		expect(await run('get_msg_list_by_page_id', { page_id: 'P1' })).toMatchObject({
			errcode: 710611,
		});
		expect(await run('get_msg_list_by_page_id', {})).toMatchObject({ errcode: 40063 });
	});
});

describe('the token of an event', () => {
	const tokenOf = (event_type: string) =>
		(simulator.notifyProgram({ event_type }).event[event_type] as { token: string }).token;

	test('opens the list of its own event, for 10 minutes', async () => {
		const fresh = { token: tokenOf('conversation_new_message') };
		const other = { token: tokenOf('hit_keyword') };
		expect(await run('sync_msg', fresh)).toMatchObject({ errcode: 0 });
		expect(await run('get_hit_msg_list', other)).toMatchObject({ errcode: 0 });
		for (const bad of [other, { token: 'guess' }]) {
			expect(await run('sync_msg', bad)).toMatchObject({ errcode: 40058 });
		}
		clock += 600_000;
		expect(await run('sync_msg', fresh)).toMatchObject({ errcode: 40058 });
	});

	test('is what frequent calls need', async () => {
		clock += 60_000;
		for (let index = 0; index < 120; index++) {
			expect(await run('get_hit_msg_list')).toMatchObject({ errcode: 0 });
		}
		expect(await run('sync_msg')).toMatchObject({ errcode: 45009 });
		const fresh = { token: tokenOf('conversation_new_message'), limit: 1 };
		expect(await run('sync_msg', fresh)).toMatchObject({ errcode: 0 });
		clock += 60_000;
		expect(await run('sync_msg', { limit: 1 })).toMatchObject({ errcode: 0 });
	});
});

test('an errcode on demand is what the call of the program answers', async () => {
	simulator.faults.add({ kind: 'errcode', errcode: 45033, path: '/chatdata/sync_call_program' });
	const answer = await callProgram(simulator, token, 'java', 'sync_msg');
	expect([answer.errcode, answer.response_data]).toEqual([45033, undefined]);
});

test('sync_msg begins five days back, whatever begin_time says', async () => {
	clock += 3 * 86_400_000;
	const left = messagesIn(await run('sync_msg', { limit: 1000, begin_time: 1 }));
	expect(left.length).toBeGreaterThan(0);
	expect(left.length).toBeLessThan(messages().length);
	expect(left[0]?.send_time).toBeGreaterThanOrEqual(clock / 1000 - 5 * 86_400);
});

test('sync_msg refuses a cursor that is five days old, and none that is younger', async () => {
	const { next_cursor: cursor } = await run('sync_msg', { limit: 1 });
	const day = 86_400_000;
	clock += 5 * day - 1000;
	expect(await run('sync_msg', { cursor, limit: 1 })).toMatchObject({ errcode: 0 });
	clock += 1000;
	expect(await run('sync_msg', { cursor, limit: 1 })).toEqual({
		errcode: 710611,
		errmsg: expect.stringContaining('five days') as string,
	});
});
