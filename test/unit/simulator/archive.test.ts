import {
	DAMAGES,
	MESSAGE_TYPES,
	startSimulator,
	type MessageOptions,
	type Simulator,
} from '../../../simulator';
import { getToken, openWithForge, page, post, type WireRecord } from './support';

const FOUR_DAYS = 4 * 86_400_000;

describe('the chat archive', () => {
	let simulator: Simulator;
	let token: string;

	beforeAll(async () => {
		simulator = await startSimulator({ messageCount: 2500 });
		token = await getToken(simulator);
	});
	afterAll(() => simulator.stop());

	function recordOf(seq: bigint): Promise<WireRecord> {
		return page(simulator, token, Number(seq) - 1, 1).then(([record]) => record as WireRecord);
	}

	test('is read to its end by seq, every record once, ascending', async () => {
		const seen: bigint[] = [];
		let seq = 0;
		for (;;) {
			const records = await page(simulator, token, seq, 1000);
			if (records.length === 0) break;
			seen.push(...records.map((record) => BigInt(record.seq)));
			seq = records.at(-1)?.seq as number;
		}
		expect(seen).toEqual(simulator.truth.map((record) => record.seq));
		expect(seen).toEqual([...seen].sort((one, other) => Number(one - other)));
	});

	test('has a few gaps in its seqs', () => {
		const { truth } = simulator;
		expect(truth.at(-1)?.seq).toBeGreaterThan(BigInt(truth.length));
	});

	test('begins at any seq given and gives at most limit records', async () => {
		const [first, second, third] = simulator.truth.slice(100, 103).map((one) => Number(one.seq));
		const records = await page(simulator, token, first as number, 2);
		expect(records.map((record) => record.seq)).toEqual([second, third]);
	});

	test('decrypts by an independent route, with both key versions', async () => {
		const { truth, keys } = simulator;
		for (const index of [0, 1, truth.length - 1]) {
			const expected = truth[index];
			const record = await recordOf(expected?.seq as bigint);
			const pem = keys[record.publickey_ver]?.privateKey as string;
			expect(openWithForge(record, pem)).toEqual(expected?.plaintext);
			expect(record.msgid).toBe(expected?.msgid);
		}
		expect(truth[0]?.publickeyVer).toBe(1);
		expect(truth.at(-1)?.publickeyVer).toBe(2);
	});

	test('changes the key version in the middle, a little mixed', () => {
		const versions = simulator.truth.map((record) => record.publickeyVer);
		expect(new Set(versions.slice(0, 1000))).toEqual(new Set([1]));
		expect(new Set(versions.slice(1500))).toEqual(new Set([2]));
		expect(versions.indexOf(2)).toBeLessThan(versions.lastIndexOf(1));
	});

	test('has every type of message in any 120 records, text most often', () => {
		const types = simulator.truth.map(({ plaintext }) => plaintext?.msgtype ?? plaintext?.action);
		for (const start of [0, 600, 1800]) {
			const some = new Set(types.slice(start, start + 120));
			const missing = MESSAGE_TYPES.filter((type) => !some.has(type));
			expect(missing.filter((type) => type !== 'smart_summary')).toEqual([]);
		}
		expect(types.filter((type) => type === 'text').length).toBeGreaterThan(types.length / 3);
		expect(types).toContain('smart_summary');
	});

	test('has messages of the last four days, the newest a minute old, in order', () => {
		const times = simulator.truth.map(({ plaintext }) =>
			Number(plaintext?.msgtime ?? plaintext?.time),
		);
		const age = (time: number | undefined) => Date.now() - (time as number);
		expect(times.every((time, index) => index === 0 || time > (times[index - 1] as number))).toBe(
			true,
		);
		expect(age(times[0])).toBeGreaterThan(FOUR_DAYS / 2);
		expect(age(times[0])).toBeLessThan(FOUR_DAYS + 60_000);
		expect(age(times.at(-1))).toBeGreaterThanOrEqual(60_000);
		expect(age(times.at(-1))).toBeLessThan(120_000);
	});

	test('takes back only what the same person said before in the same place', () => {
		const byId = new Map(simulator.truth.map((record) => [record.msgid, record.plaintext]));
		const recalls = simulator.truth.filter(({ plaintext }) => plaintext?.action === 'recall');
		expect(recalls.length).toBeGreaterThan(20);
		for (const { plaintext } of recalls) {
			const before = byId.get((plaintext?.revoke as { pre_msgid: string }).pre_msgid);
			expect(before).toMatchObject({ from: plaintext?.from, tolist: plaintext?.tolist });
		}
	});

	test('gets new records behind the newest', async () => {
		const last = Number(simulator.truth.at(-1)?.seq);
		const added = simulator.addMessages(3, { msgtype: 'voice' });
		const records = await page(simulator, token, last, 10);
		expect(records.map((record) => BigInt(record.seq))).toEqual(added.map((one) => one.seq));
		expect(added.map((one) => one.plaintext?.msgtype)).toEqual(['voice', 'voice', 'voice']);
	});

	test.each(DAMAGES)('breaks a record so that nobody can read it: %s', async (damage) => {
		const added = simulator.addMessages(4, { damage });
		for (const { seq, state, damage: told } of added) {
			const record = await recordOf(seq);
			const pem = simulator.keys[record.publickey_ver]?.privateKey as string;
			expect({ state, told }).toEqual({ state: 'corrupt', told: damage });
			expect(() => openWithForge(record, pem)).toThrow();
		}
	});

	test('breaks a record that is there already', async () => {
		const seq = simulator.truth[7]?.seq as bigint;
		const broken = simulator.corrupt(seq, 'truncated_key');
		expect(simulator.truth[7]).toBe(broken);
		const record = await recordOf(seq);
		expect(Buffer.from(record.encrypt_random_key, 'base64').length).toBeLessThan(256);
		expect(() => simulator.corrupt(999_999n)).toThrow(RangeError);
	});

	test('has records of a key version whose private key nobody has', async () => {
		const [lost] = simulator.addMessages(1, { state: 'missing_key' });
		const record = await recordOf(lost?.seq as bigint);
		expect(record.publickey_ver).toBe(3);
		expect(Object.keys(simulator.keys)).toEqual(['1', '2']);
	});

	test('adds what is to be said, where and by whom', () => {
		const { customers, groups, members } = simulator.world;
		const [customer, group] = [customers[0], groups[0]];
		const ids = members.map(({ userid }) => userid);
		const say = (options: MessageOptions) =>
			simulator
				.addMessages(4, options)
				.map(({ plaintext }) => plaintext as Record<string, unknown>);
		for (const { from, tolist, roomid, msgtype, text } of say({
			text: '你好',
			chatId: customer?.externalUserid as string,
			by: 'customer',
		})) {
			expect([from, tolist]).toEqual([customer?.externalUserid, [customer?.owner]]);
			expect([roomid, msgtype, text]).toEqual(['', 'text', { content: '你好' }]);
		}
		const inGroup = { chatId: group?.roomid as string, by: 'staff' } as const;
		for (const { from, roomid, text } of say(inGroup)) {
			expect(ids).toContain(from);
			expect(roomid).toBe(group?.roomid);
			expect((text as { content: string }).content).not.toBe('');
		}
		for (const { from, tolist } of say({ text: '在吗', chatId: 'LiNa' })) {
			expect([from, ...(tolist as string[])]).toContain('LiNa');
			expect(ids).toContain((tolist as string[])[0]);
		}
		const pictures = say({ msgtype: 'image', chatId: group?.roomid as string });
		expect(pictures.map(({ msgtype, roomid }) => [msgtype, roomid])).toEqual(
			Array(4).fill(['image', group?.roomid]),
		);
	});

	test('refuses records that cannot be made', () => {
		expect(() => simulator.addMessages(1, { chatId: 'wrNowhere' })).toThrow(RangeError);
		expect(() => simulator.addMessages(1, { text: 'a', msgtype: 'image' })).toThrow(RangeError);
		expect(() => simulator.addMessages(-1)).toThrow(RangeError);
		expect(() => simulator.addMessages(1, { publickeyVer: 9 })).toThrow(RangeError);
		expect(() => simulator.addMessages(1, { msgtype: 'nonsense' as 'text' })).toThrow(RangeError);
	});
});

describe('an archive with bad records from the start', () => {
	test('has every n-th of them, the damages in turn', async () => {
		const simulator = await startSimulator({
			messageCount: 120,
			corruptEvery: 10,
			missingKeyEvery: 15,
		});
		const { truth } = simulator;
		await simulator.stop();
		const corrupt = truth.filter((record) => record.state === 'corrupt');
		expect(corrupt).toHaveLength(12);
		expect(new Set(corrupt.map((record) => record.damage))).toEqual(new Set(DAMAGES));
		expect(truth[14]).toMatchObject({ state: 'missing_key', publickeyVer: 3 });
		expect(truth[29]?.state).toBe('corrupt');
	});
});

describe('the seed', () => {
	test('decides names, ids and conversations; another seed gives others', async () => {
		const now = () => 1_790_000_000_000;
		const options = { messageCount: 200, now };
		const [one, same, other] = await Promise.all([
			startSimulator(options),
			startSimulator(options),
			startSimulator({ ...options, seed: 2 }),
		]);
		await Promise.all([one, same, other].map((simulator) => simulator.stop()));
		expect(same.truth).toEqual(one.truth);
		expect(same.callback).toEqual(one.callback);
		expect(same.keys[1]).not.toEqual(one.keys[1]);
		expect(other.corp).not.toEqual(one.corp);
		expect(other.truth[0]).not.toEqual(one.truth[0]);
	});
});

describe('seqs beyond 2^53', () => {
	const first = 2n ** 53n + 1n;
	let simulator: Simulator;
	let token: string;

	beforeAll(async () => {
		simulator = await startSimulator({ messageCount: 5, firstSeq: first });
		token = await getToken(simulator);
	});
	afterAll(() => simulator.stop());

	async function seqsAfter(seq: bigint): Promise<string[]> {
		const body = `{"seq":${seq},"limit":1000}`;
		const text = await (await post(simulator, '/msgaudit/get_chat_data', token, body)).text();
		return [...text.matchAll(/"seq":(\d+),/g)].map((match) => match[1] as string);
	}

	test('are written as exact numbers', async () => {
		const seqs = await seqsAfter(0n);
		expect(seqs[0]).toBe('9007199254740993');
		expect(seqs).toEqual(simulator.truth.map((record) => String(record.seq)));
	});

	test('are read exactly: the record after an odd seq does not come again', async () => {
		expect((await seqsAfter(first))[0]).toBe(String(simulator.truth[1]?.seq));
		expect((await seqsAfter(first - 1n))[0]).toBe(String(first));
		expect(simulator.requests.at(-1)?.body).toEqual({ seq: first - 1n, limit: 1000 });
		await seqsAfter(first + 2n);
		expect(simulator.requests.at(-1)?.body).toEqual({ seq: first + 2n, limit: 1000 });
	});

	test('end at 2^64-1', async () => {
		const last = await startSimulator({ messageCount: 1, firstSeq: 2n ** 64n - 1n });
		await last.stop();
		expect(last.truth[0]?.seq).toBe(18446744073709551615n);
		expect(() => last.addMessages(1)).toThrow(RangeError);
	});
});
