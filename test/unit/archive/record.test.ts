import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Random } from '../../../simulator/random';
import { KeyRing } from '../../../wecom/archive/keyRing';
import type { MessageOpener } from '../../../wecom/archive/messageOpener';
import { openAes256Cbc } from '../../../wecom/archive/messageCipher';
import {
	RecordDecryptor,
	type DecryptedRecord,
	type EncryptedRecord,
	type FailedRecord,
} from '../../../wecom/archive/record';
import { RecordError, type RecordErrorReason } from '../../../wecom/errors';
import { TimeBudget } from '../../../wecom/timeBudget';
import {
	leakOf,
	newRsaKey,
	sealMessage,
	sealRecord,
	wrapBlock,
	wrapRandomKey,
	type SealedRecord,
	type TestKey,
} from '../support/archive';

const MESSAGE = {
	msgid: 'CAQQluDa4QUY0On2rYSAgAMgzPrShAE=',
	action: 'send',
	from: 'XuJinSheng',
	tolist: ['wmErxtDgAA9AW32YyyuYRimKr7D1KWlw'],
	roomid: '',
	msgtime: 1547087894783,
	msgtype: 'text',
	text: { content: '您好,这是一条测试消息 🀄️' },
};

let first: TestKey;
let second: TestKey;
let stranger: TestKey;
let decryptor: RecordDecryptor;
let keyOnly: RecordDecryptor;

beforeAll(() => {
	first = newRsaKey();
	second = newRsaKey();
	stranger = newRsaKey();
	const ring = new KeyRing([
		{ version: 1, key: first.pkcs1 },
		{ version: 2, key: second.pkcs8 },
	]);
	decryptor = new RecordDecryptor(ring);
	keyOnly = new RecordDecryptor(ring, 'key-only');
});

async function failureOf(record: unknown, by = decryptor): Promise<FailedRecord> {
	const result = await by.decrypt(record as EncryptedRecord);
	if (result.state !== 'failed') throw new Error(`the record was ${result.state}`);
	expect(result.record).toBe(record);
	expect(result.explanation).toMatch(/\w{3}/);
	return result;
}

/** A record whose message is encrypted with this key text, whatever that decodes to. */
function sealWithKeyText(keyText: string, version = 1): SealedRecord {
	return {
		...sealRecord(first, MESSAGE, version),
		encrypt_random_key: wrapRandomKey(first, keyText),
	};
}

describe('a sound record', () => {
	test('opens to the message as WeCom wrote it, beside the record itself', async () => {
		const record = sealRecord(first, MESSAGE);
		expect(await decryptor.decrypt(record)).toEqual({ state: 'opened', record, message: MESSAGE });
		expect((await decryptor.decrypt(record)).record).toBe(record);
	});

	test('opens with the key of its own version', async () => {
		for (const [version, key] of [[1, first] as const, [2, second] as const]) {
			expect((await decryptor.decrypt(sealRecord(key, MESSAGE, version))).state).toBe('opened');
		}
		expect((await failureOf(sealRecord(first, MESSAGE, 2))).reason).toBe('wrong_private_key');
	});

	test('may have its version as a string', async () => {
		const record = { ...sealRecord(second, MESSAGE), publickey_ver: '2' };
		expect(await decryptor.decrypt(record)).toMatchObject({ state: 'opened', message: MESSAGE });
	});

	test('needs neither seq nor msgid', async () => {
		const { seq: _seq, msgid: _msgid, ...record } = sealRecord(first, MESSAGE);
		expect((await decryptor.decrypt(record)).state).toBe('opened');
	});

	test('keeps integers beyond 2^53 exact, as text', async () => {
		const result = await decryptor.decrypt(sealRecord(first, '{"meetingid":18446744073709551615}'));
		expect(result).toMatchObject({ message: { meetingid: '18446744073709551615' } });
	});

	test.each([0, 1, 15, 16, 17, 50_000])('may have a text of %d characters', async (length) => {
		const message = { text: { content: '字'.repeat(length) } };
		expect(await decryptor.decrypt(sealRecord(first, message))).toMatchObject({ message });
	});

	test('is left as it was', async () => {
		const record = Object.freeze(sealRecord(first, MESSAGE));
		const before = JSON.stringify(record);
		await decryptor.decrypt(record);
		expect(JSON.stringify(record)).toBe(before);
	});
});

describe('a damaged record says why it does not open', () => {
	const AES_BLOCK = 16;
	const flipped = (base64: string, index: number) => {
		const bytes = Buffer.from(base64, 'base64');
		const at = index < 0 ? bytes.length + index : index;
		bytes[at] = (bytes[at] ?? 0) ^ 0x55;
		return bytes.toString('base64');
	};
	const cut = (base64: string, bytes: number) =>
		Buffer.from(base64, 'base64').subarray(0, bytes).toString('base64');
	const longMessage = { ...MESSAGE, text: { content: 'x'.repeat(500) } };

	test.each<[string, RecordErrorReason, () => unknown]>([
		[
			'a truncated random key',
			'malformed_record',
			() => change('encrypt_random_key', (text) => text.slice(0, 172)),
		],
		[
			'a random key that is no base64',
			'malformed_record',
			() => change('encrypt_random_key', () => '<乱码!>'),
		],
		['an empty random key', 'malformed_record', () => change('encrypt_random_key', () => '')],
		['an empty message', 'malformed_record', () => change('encrypt_chat_msg', () => '')],
		[
			'a flipped bit in the random key',
			'wrong_private_key',
			() => change('encrypt_random_key', (text) => flipped(text, 100)),
		],
		['the key of a stranger', 'wrong_private_key', () => sealRecord(stranger, MESSAGE)],
		['the other version', 'wrong_private_key', () => sealRecord(second, MESSAGE, 1)],
		[
			'a random key of 16 bytes',
			'wrong_private_key',
			() => sealWithKeyText(randomBytes(16).toString('base64')),
		],
		[
			'a random key of 64 bytes, as in real archives',
			'wrong_private_key',
			() => sealWithKeyText(randomBytes(64).toString('base64')),
		],
		['a random key that is no base64 text', 'wrong_private_key', () => sealWithKeyText('!!!')],
		['raw bytes for a random key', 'wrong_private_key', () => rawKey()],
		[
			'a message that is no base64',
			'corrupt_message',
			() => change('encrypt_chat_msg', () => '<乱码!>'),
		],
		[
			'a message cut within a block',
			'corrupt_message',
			() => change('encrypt_chat_msg', (text) => cut(text, AES_BLOCK * 3 + 5)),
		],
		[
			'a message of a single byte',
			'corrupt_message',
			() => change('encrypt_chat_msg', () => 'AA=='),
		],
		[
			'a flipped bit in the padding',
			'corrupt_message',
			() => change('encrypt_chat_msg', (text) => flipped(text, -AES_BLOCK - 1)),
		],
		[
			'a flipped bit in its first block',
			'corrupt_message',
			() => withSetKey((text) => flipped(text, 0)),
		],
		[
			'a flipped bit within its text',
			'corrupt_message',
			() => withSetKey((text) => flipped(text, 300)),
		],
		['plain text', 'not_json', () => sealRecord(first, '系统繁忙,请稍后再试')],
		['no plaintext', 'not_json', () => sealRecord(first, '')],
		['JSON cut short', 'not_json', () => sealRecord(first, '{"msgid":"1","text":{"con')],
		['a JSON array', 'not_json', () => sealRecord(first, '[{"msgid":"1"}]')],
		['a JSON text', 'not_json', () => sealRecord(first, '"{}"')],
		['a JSON number', 'not_json', () => sealRecord(first, '18446744073709551615')],
		['JSON null', 'not_json', () => sealRecord(first, 'null')],
	])('%s', async (_damage, reason, damaged) => {
		expect((await failureOf(damaged())).reason).toBe(reason);
	});

	test('whatever bit of it was flipped: what comes out as decrypted is what was encrypted', () => {
		const random = new Random(20261128, 'flipped bits');
		const plaintext = JSON.stringify(longMessage);
		let refused = 0;
		for (let count = 0; count < 2000; count++) {
			const key = createHash('sha256').update(`key ${count}`).digest();
			const bytes = Buffer.from(sealMessage(key, plaintext), 'base64');
			const at = random.int(0, bytes.length - 1);
			bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 7));
			try {
				openAes256Cbc(key.toString('base64'), bytes.toString('base64'));
			} catch (error) {
				if ((error as RecordError).reason === 'corrupt_message') refused++;
			}
		}
		expect(refused).toBe(2000);
	});

	test.each<[string, () => SealedRecord]>([
		['of a wrong key', () => sealRecord(second, MESSAGE, 1)],
		['of a random key of another kind', () => sealWithKeyText(randomBytes(64).toString('base64'))],
		['of a damaged message', () => ({ ...sealRecord(first, MESSAGE), encrypt_chat_msg: 'AA==' })],
		['of a message that is no JSON', () => sealRecord(first, 'busy')],
		['of a missing random key', () => ({ ...sealRecord(first, MESSAGE), encrypt_random_key: '' })],
	])('the explanation %s names the key version', async (_what, damaged) => {
		expect((await failureOf(damaged())).explanation).toContain('version 1');
	});

	test('without showing what it could decrypt', async () => {
		const keyText = randomBytes(64).toString('base64');
		expect(leakOf(await failureOf(sealWithKeyText(keyText)), keyText)).toBeUndefined();
		const plaintext = 'the plaintext of a confidential message';
		expect(leakOf(await failureOf(sealRecord(first, plaintext)), plaintext)).toBeUndefined();
	});

	function change(
		field: 'encrypt_random_key' | 'encrypt_chat_msg',
		to: (text: string) => string,
		message: unknown = MESSAGE,
	): SealedRecord {
		const record = sealRecord(first, message);
		return { ...record, [field]: to(record[field]) };
	}

	/** A long message under a key that is always the same: which bytes damage makes is no chance. */
	function withSetKey(damage: (text: string) => string): SealedRecord {
		const key = createHash('sha256').update('set').digest();
		return {
			...sealRecord(first, longMessage),
			encrypt_random_key: wrapRandomKey(first, key.toString('base64')),
			encrypt_chat_msg: damage(sealMessage(key, JSON.stringify(longMessage))),
		};
	}

	function rawKey(): SealedRecord {
		const raw = Buffer.alloc(32, 0xc3);
		const padding = Buffer.alloc(256 - 3 - raw.length, 0xa5);
		const block = Buffer.concat([Buffer.from([0, 2]), padding, Buffer.from([0]), raw]);
		return {
			...sealRecord(first, MESSAGE),
			encrypt_random_key: wrapBlock(first, block),
			encrypt_chat_msg: sealMessage(raw, JSON.stringify(MESSAGE)),
		};
	}
});

describe('a message of many levels', () => {
	/** A message with a body of so many levels of lists, 3 of them its own. */
	const nested = (levels: number) =>
		JSON.stringify({ ...MESSAGE, text: { content: 'hello', deep: [] } }).replace(
			'[]}',
			`${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}`,
		);

	test('comes out as an object up to 100 levels', async () => {
		const plaintext = nested(100);
		const result = await decryptor.decrypt(sealRecord(first, plaintext));
		expect(result).toMatchObject({ state: 'opened', message: JSON.parse(plaintext) as object });
		expect(result).not.toHaveProperty('tooDeep');
	});

	test.each([101, 1000, 100_000])('comes out whole as text with %d levels', async (levels) => {
		const plaintext = nested(levels);
		const result = await decryptor.decrypt(sealRecord(first, plaintext));
		const { text: _text, ...shallow } = MESSAGE;
		expect(result).toMatchObject({
			state: 'opened',
			tooDeep: { plaintext, explanation: expect.stringContaining('100 levels') },
		});
		expect((result as { message: object }).message).toEqual(shallow);
	});
});

test('a message with raw line breaks opens, and keeps them', async () => {
	const plaintext = '{"msgid":"2_1","msgtype":"text","text":{"content":"line 1\nline 2"}}';
	expect(await decryptor.decrypt(sealRecord(first, plaintext))).toMatchObject({
		state: 'opened',
		message: { text: { content: 'line 1\nline 2' } },
	});
});

describe('a record of a version that is not on the ring', () => {
	test('names that version and those that are there', async () => {
		const { reason, explanation } = await failureOf(sealRecord(first, MESSAGE, 31));
		expect(reason).toBe('missing_key_version');
		expect(explanation).toContain('version 31');
		expect(explanation).toContain('it has 1, 2');
	});

	test('names a version that came as text', async () => {
		const record = { ...sealRecord(first, MESSAGE), publickey_ver: '31' };
		expect((await failureOf(record)).explanation).toContain('version 31');
	});

	test('says when there is no key at all', async () => {
		const empty = new RecordDecryptor(new KeyRing([]));
		const { reason, explanation } = await failureOf(sealRecord(first, MESSAGE), empty);
		expect(reason).toBe('missing_key_version');
		expect(explanation).toContain('it has none');
	});

	test.each([1.5, NaN, 0, -1, '999999999'])('is one whose version is %p', async (version) => {
		const record = { ...sealRecord(first, MESSAGE), publickey_ver: version };
		expect((await failureOf(record)).reason).toBe('missing_key_version');
	});
});

describe('a record without a version', () => {
	test.each<[unknown]>([
		[undefined],
		[null],
		[true],
		[''],
		['latest'],
		['1.0'],
		['0x1'],
		[[1]],
		[{}],
		[{ version: 1 }],
		[{ toString: 1, valueOf: 1 }],
		[() => 1],
		[Symbol('1')],
		[1n],
	])('is malformed: %p', async (version) => {
		const record = { ...sealRecord(first, MESSAGE), publickey_ver: version };
		const { reason, explanation } = await failureOf(record);
		expect(reason).toBe('malformed_record');
		expect(explanation).toContain('publickey_ver');
	});
});

describe('a record that is not what it should be is a failed record, not an exception', () => {
	test('an empty object', async () => {
		expect((await failureOf({})).reason).toBe('malformed_record');
		expect((await failureOf({ publickey_ver: 1 })).reason).toBe('malformed_record');
	});

	test.each<[unknown]>([[null], [undefined], [7], ['record'], [true], [[]], [['record']]])(
		'%p for a record',
		async (record) => {
			expect((await failureOf(record)).reason).toBe('malformed_record');
			expect((await failureOf(record, keyOnly)).reason).toBe('malformed_record');
		},
	);

	const noText: Array<[unknown]> = [
		[undefined],
		[null],
		[0],
		[7],
		[1.5],
		[true],
		[[]],
		[['text']],
		[{}],
		[{ toString: 1 }],
	];

	test.each(noText)('%p for the random key', async (value) => {
		const record = { ...sealRecord(first, MESSAGE), encrypt_random_key: value };
		expect(await failureOf(record)).toMatchObject({
			reason: 'malformed_record',
			explanation: expect.stringContaining('encrypt_random_key'),
		});
	});

	test.each(noText)('%p for the message', async (value) => {
		const record = { ...sealRecord(first, MESSAGE), encrypt_chat_msg: value };
		expect(await failureOf(record)).toMatchObject({
			reason: 'malformed_record',
			explanation: expect.stringContaining('encrypt_chat_msg'),
		});
	});
});

describe('with key-only', () => {
	test('a record gives its random key and leaves the message alone', async () => {
		const keyText = randomBytes(64).toString('base64');
		const record = { ...sealWithKeyText(keyText), encrypt_chat_msg: 'not ours to open' };
		expect(await keyOnly.decrypt(record)).toEqual({
			state: 'unwrapped',
			record,
			randomKey: keyText,
		});
	});

	test('a wrong private key is still found out', async () => {
		expect((await failureOf(sealRecord(second, MESSAGE, 1), keyOnly)).reason).toBe(
			'wrong_private_key',
		);
		expect((await failureOf(sealRecord(first, MESSAGE, 9), keyOnly)).reason).toBe(
			'missing_key_version',
		);
	});
});

describe('600 mutated records', () => {
	const ODD_VALUES: unknown[] = [
		undefined,
		null,
		'',
		' ',
		'=',
		'<乱码!>',
		'\0',
		-1,
		0,
		1e308,
		true,
		[],
		[[]],
		{},
		{ toString: 1, valueOf: 1 },
		{ length: 256 },
		'A'.repeat(100_000),
	];

	function mutate(random: Random, records: SealedRecord[]): unknown {
		const record: Record<string, unknown> = { ...random.pick(records) };
		const field = random.pick([
			'publickey_ver',
			'encrypt_random_key',
			'encrypt_chat_msg',
			'encrypt_chat_msg',
		]);
		const text = String(record[field]);
		const at = random.int(0, text.length - 1);
		switch (random.int(0, 8)) {
			case 0:
				return Object.fromEntries(Object.entries(record).filter(([name]) => name !== field));
			case 1:
				return { ...record, [field]: random.pick(ODD_VALUES) };
			case 2:
				return { ...record, [field]: text.slice(0, at) };
			case 3:
				return { ...record, [field]: text.slice(0, at) + random.text(1) + text.slice(at + 1) };
			case 4:
				return { ...record, [field]: text.slice(0, at) + random.text(3) + text.slice(at) };
			case 5:
				return { ...record, [field]: text + text };
			case 6:
				return { ...record, [field]: { ...random.pick(records) }[field] };
			case 7:
				return { ...record, [field]: text.replace(/[aA+/]/g, '*') };
			default:
				return random.chance(0.5) ? random.pick(ODD_VALUES) : random.pick(records);
		}
	}

	test('each become exactly one result, and none of them an exception', async () => {
		const random = new Random(20260118, 'mutated records');
		const sound = [1, 2, 3, 4].map((seq) => sealRecord(first, { ...MESSAGE, seq }, 1, seq));
		sound.push(sealRecord(first, 'no JSON', 1, 5));
		const reasons = new Set<string>();
		for (let count = 0; count < 600; count++) {
			const mutated = mutate(random, sound) as EncryptedRecord;
			for (const by of [decryptor, keyOnly]) {
				const result = await by.decrypt(mutated);
				expect(result.record).toBe(mutated);
				reasons.add(result.state === 'failed' ? result.reason : result.state);
				expectWhole(result);
			}
		}
		expect([...reasons].sort()).toEqual([
			'corrupt_message',
			'malformed_record',
			'missing_key_version',
			'not_json',
			'opened',
			'unwrapped',
			'wrong_private_key',
		]);
	});

	function expectWhole(result: DecryptedRecord): void {
		if (result.state === 'opened') expect(result.message).toEqual(expect.any(Object));
		if (result.state === 'unwrapped') expect(result.randomKey).toMatch(/^[!-~]+$/);
		if (result.state === 'failed') expect(result.explanation).toMatch(/\w{3}/);
	}
});

describe('a page', () => {
	test('comes out in its order, one result for each record, bad ones in their places', async () => {
		const records: EncryptedRecord[] = [];
		for (let seq = 1; seq <= 60; seq++) {
			if (seq % 7 === 0) records.push({ seq });
			else if (seq % 5 === 0) records.push(sealRecord(first, 'no JSON', 1, seq));
			else records.push(sealRecord(seq % 2 ? first : second, { seq }, seq % 2 ? 1 : 2, seq));
		}
		const results = await decryptor.decryptAll(records);
		expect(results.map((result) => result.record)).toEqual(records);
		for (const [index, result] of results.entries()) {
			const seq = index + 1;
			expect(result.record).toBe(records[index]);
			if (seq % 7 === 0) expect(result).toMatchObject({ reason: 'malformed_record' });
			else if (seq % 5 === 0) expect(result).toMatchObject({ reason: 'not_json' });
			else expect(result).toMatchObject({ state: 'opened', message: { seq } });
		}
	});

	test('of no records gives no results', async () => {
		expect(await decryptor.decryptAll([])).toEqual([]);
	});

	test('of the same record three times gives three results', async () => {
		const record = sealRecord(first, MESSAGE);
		expect(await decryptor.decryptAll([record, record, record])).toHaveLength(3);
	});

	test('of 300 records lets timers and immediates have their turn meanwhile', async () => {
		const records = page(300);
		let timers = 0;
		let immediates = 0;
		let running = true;
		const onTimer = (): void => {
			timers++;
			if (running) setTimeout(onTimer, 0);
		};
		const onImmediate = (): void => {
			immediates++;
			if (running) setImmediate(onImmediate);
		};
		setTimeout(onTimer, 0);
		setImmediate(onImmediate);
		const results = await decryptor.decryptAll(records);
		running = false;
		expect(results).toHaveLength(300);
		expect(timers).toBeGreaterThan(0);
		expect(immediates).toBeGreaterThan(0);
	});

	test('stops half-way when its signal fires, with the reason of the signal', async () => {
		const controller = new AbortController();
		const reason = new Error('the workflow was cancelled');
		let touched = 0;
		const records = page(400).map((record) => ({
			...record,
			get publickey_ver() {
				if (++touched === 1) setTimeout(() => controller.abort(reason), 1);
				return 1;
			},
		}));
		await expect(decryptor.decryptAll(records, controller.signal)).rejects.toBe(reason);
		expect(touched).toBeLessThan(400);
	});

	test('does not start when its signal has fired before, however small it is', async () => {
		const reason = new Error('cancelled before');
		const run = decryptor.decryptAll(page(1), AbortSignal.abort(reason));
		await expect(run).rejects.toBe(reason);
	});

	test('runs to its end when its signal never fires', async () => {
		const { signal } = new AbortController();
		expect(await decryptor.decryptAll(page(40), signal)).toHaveLength(40);
	});

	/** As many records as asked for; making each anew would take longer than the test. */
	function page(size: number): SealedRecord[] {
		const record = sealRecord(first, MESSAGE);
		return Array.from({ length: size }, (_, index) => ({ ...record, seq: index + 1 }));
	}
});

describe('with an opener in another process', () => {
	/** Opens bodies whose text the test knows, and notes the batches. */
	function openerOf(texts: Map<string, string | RecordError>) {
		const batches: number[] = [];
		const signals: Array<AbortSignal | undefined> = [];
		const opener: MessageOpener = {
			async decrypt(batch, signal) {
				batches.push(batch.length);
				signals.push(signal);
				const opened = batch.map(({ ciphertext }) => texts.get(ciphertext) ?? '{}');
				return await Promise.resolve(opened);
			},
		};
		return { opener, batches, signals };
	}
	const KEYS = () => new KeyRing([{ version: 1, key: first.pkcs1 }]);
	const sealed = () => sealRecord(first, MESSAGE);
	const withBody = (seq: number, body: string) => ({ ...sealed(), seq, encrypt_chat_msg: body });

	test('bodies go out with their keys, 200 at once, and come back in order', async () => {
		const record = sealed();
		const records = Array.from({ length: 450 }, (_, index) => ({
			...record,
			seq: index,
			encrypt_chat_msg: `body ${index}`,
		}));
		const texts = new Map(records.map(({ seq }) => [`body ${seq}`, JSON.stringify({ seq })]));
		const { opener, batches } = openerOf(texts);
		const results = await new RecordDecryptor(KEYS(), opener).decryptAll(records);
		expect(batches).toEqual([200, 200, 50]);
		expect(results).toEqual(
			records.map((of) => ({ state: 'opened', record: of, message: { seq: of.seq } })),
		);
	});

	test('the key text is what RSA opened, printable', async () => {
		const keyText = randomBytes(64).toString('base64');
		const seen: string[] = [];
		const opener: MessageOpener = {
			async decrypt(batch) {
				seen.push(...batch.map(({ randomKey }) => randomKey));
				return await Promise.resolve(batch.map(() => '{}'));
			},
		};
		await new RecordDecryptor(KEYS(), opener).decrypt(sealWithKeyText(keyText));
		expect(seen).toEqual([keyText]);
	});

	test('a record over which the library ends comes out with its ciphertext, the others open', async () => {
		const killer = withBody(2, 'KILLER');
		const ended = new RecordError('library_crashed', 'The library ended over it (SIGSEGV)');
		const { opener } = openerOf(new Map([['KILLER', ended]]));
		const results = await new RecordDecryptor(KEYS(), opener).decryptAll([
			withBody(1, 'a'),
			killer,
			withBody(3, 'b'),
		]);
		expect(results.map(({ state }) => state)).toEqual(['opened', 'failed', 'opened']);
		expect(results[1]).toEqual({
			state: 'failed',
			record: killer,
			reason: 'library_crashed',
			explanation: 'The library ended over it (SIGSEGV) (key version 1)',
		});
		expect(results[1]?.record.encrypt_chat_msg).toBe('KILLER');
	});

	test('records that are bad by themselves never reach it, and keep their places', async () => {
		const { opener, batches } = openerOf(
			new Map([
				['a', '{"a":1}'],
				['no', 'no JSON'],
			]),
		);
		const results = await new RecordDecryptor(KEYS(), opener).decryptAll([
			{ seq: 1 },
			withBody(2, 'a'),
			sealRecord(first, MESSAGE, 9),
			sealRecord(stranger, MESSAGE, 1),
			withBody(5, 'no'),
			null as unknown as EncryptedRecord,
		]);
		expect(
			results.map((result) => (result.state === 'failed' ? result.reason : result.state)),
		).toEqual([
			'malformed_record',
			'opened',
			'missing_key_version',
			'wrong_private_key',
			'not_json',
			'malformed_record',
		]);
		expect(batches).toEqual([2]);
	});

	test('nothing is asked for where no record has a body to open', async () => {
		const { opener, batches } = openerOf(new Map());
		const results = await new RecordDecryptor(KEYS(), opener).decryptAll([{ seq: 1 }, { seq: 2 }]);
		expect(results).toHaveLength(2);
		expect(batches).toEqual([]);
	});

	test('raw control characters in a text are read', async () => {
		const content = 'a\u0001b\tc\u001fd\n';
		const text = `{"msgid":"1","text":{"content":"${content}"}}`;
		const { opener } = openerOf(new Map([['a', text]]));
		expect(await new RecordDecryptor(KEYS(), opener).decrypt(withBody(1, 'a'))).toMatchObject({
			state: 'opened',
			message: { text: { content } },
		});
	});

	test('what opens nothing at all is thrown, not made a fault of the records', async () => {
		const trouble = new Error('no library');
		const opener: MessageOpener = { decrypt: async () => await Promise.reject(trouble) };
		const decryptor = new RecordDecryptor(KEYS(), opener);
		await expect(decryptor.decryptAll([sealed()])).rejects.toBe(trouble);
	});

	test('no record disappears where it gives too few texts', async () => {
		const opener: MessageOpener = { decrypt: async () => await Promise.resolve(['{}']) };
		const run = new RecordDecryptor(KEYS(), opener).decryptAll([sealed(), sealed()]);
		await expect(run).rejects.toThrow('fewer texts');
	});

	test('who takes the results one by one has those of a chunk before the next is asked for', async () => {
		const { opener, batches } = openerOf(new Map());
		const records = [1, 2, 3, 4, 5].map((seq) => withBody(seq, `body ${seq}`));
		const results = new RecordDecryptor(KEYS(), opener).decryptEach(records, { chunk: 2 });
		const seen: number[] = [];
		for await (const _result of results) seen.push(batches.length);
		expect(seen).toEqual([1, 1, 2, 2, 3]);
	});

	test('texts that come at the same moment for many calls leave the event loop its turns', async () => {
		const text = JSON.stringify({ msgid: 'm', items: Array.from({ length: 20_000 }, String) });
		let waiting = 0;
		let open: (text: string) => void = () => undefined;
		const opened = new Promise<string>((resolve) => (open = resolve));
		const opener: MessageOpener = {
			decrypt: async () => {
				waiting++;
				return [await opened];
			},
		};
		const decryptor = new RecordDecryptor(KEYS(), opener);
		const budget = new TimeBudget(2);
		let settled = 0;
		const calls = Array.from({ length: 100 }, async (_, seq) => {
			await decryptor.decrypt(withBody(seq, 'a'), undefined, budget);
			settled++;
		});
		while (waiting < calls.length) await nextTurn();
		open(text);
		const inOneTurn: number[] = [];
		for (let before = 0; settled < calls.length; before = settled) {
			await nextTurn();
			inOneTurn.push(settled - before);
		}
		expect(Math.max(...inOneTurn)).toBeLessThan(50);
	});

	test('the keys of the next chunk are taken out while the one before is being opened', async () => {
		const records = [1, 2].map((seq) => withBody(seq, `body ${seq}`));
		let reached = (): void => undefined;
		const nextIsReached = new Promise<void>((resolve) => (reached = resolve));
		const second = records[1] as EncryptedRecord;
		const { encrypt_random_key: key } = second;
		Object.defineProperty(second, 'encrypt_random_key', {
			get: () => {
				reached();
				return key;
			},
		});
		const opener: MessageOpener = {
			decrypt: async () => {
				await nextIsReached;
				return ['{}'];
			},
		};
		const results = new RecordDecryptor(KEYS(), opener).decryptEach(records, { chunk: 1 });
		for await (const { state } of results) expect(state).toBe('opened');
		expect.assertions(2);
	});

	test('the signal goes along, and stops between records', async () => {
		const { opener, signals } = openerOf(new Map());
		const { signal } = new AbortController();
		const decryptor = new RecordDecryptor(KEYS(), opener);
		await decryptor.decrypt(sealed(), signal);
		expect(signals).toEqual([signal]);
		const reason = new Error('cancelled');
		await expect(decryptor.decrypt(sealed(), AbortSignal.abort(reason))).rejects.toBe(reason);
		expect(signals).toHaveLength(1);
	});
});
