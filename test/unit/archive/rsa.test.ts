import { randomBytes } from 'node:crypto';

import { unwrapRandomKey } from '../../../wecom/archive/rsa';
import { RecordError } from '../../../wecom/errors';
import {
	leakOf,
	newRsaKey,
	thrownBy,
	wrapBlock,
	wrapRandomKey,
	type TestKey,
} from '../support/archive';

const MODULUS_BYTES = 256;
const KEY_TEXT = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

let key: TestKey;
let other: TestKey;

beforeAll(() => {
	key = newRsaKey();
	other = newRsaKey();
});

/** 00 02 | padding without zeros | 00 | content. */
function block(content: Buffer | string, changes: { type?: number; first?: number } = {}): Buffer {
	const tail = Buffer.from(content as string, 'latin1');
	const padding = Buffer.alloc(MODULUS_BYTES - 3 - tail.length, 0xa5);
	const head = Buffer.from([changes.first ?? 0, changes.type ?? 2]);
	return Buffer.concat([head, padding, Buffer.from([0]), tail]);
}

/** The refusal as far as a caller can see it. */
function refusal(text: string, privateKey = key.privateKey): { reason: string; message: string } {
	const error = thrownBy(() => unwrapRandomKey(privateKey, text)) as RecordError;
	expect(error).toBeInstanceOf(RecordError);
	return { reason: error.reason, message: error.message };
}

describe('the random key of a record', () => {
	test('comes out as forge put it in', () => {
		expect(unwrapRandomKey(key.privateKey, wrapRandomKey(key, KEY_TEXT))).toBe(KEY_TEXT);
	});

	test('may be any printable text of 16 characters and more, up to what a block of 256 bytes can hold', () => {
		for (const length of [16, 44, 88, 245]) {
			const text = '!~aZ09+/='.repeat(30).slice(0, length);
			expect(unwrapRandomKey(key.privateKey, wrapRandomKey(key, text))).toBe(text);
		}
	});

	test('is not a shorter text: that would be chance', () => {
		for (const text of ['k', 'k'.repeat(15)]) {
			expect(() => unwrapRandomKey(key.privateKey, wrapRandomKey(key, text))).toThrow(
				expect.objectContaining({ reason: 'wrong_private_key' }),
			);
		}
	});

	test('comes out of a block with the least padding, eight bytes', () => {
		const text = 'k'.repeat(MODULUS_BYTES - 3 - 8);
		expect(unwrapRandomKey(key.privateKey, wrapBlock(key, block(text)))).toBe(text);
	});

	test('comes out of base64 with line breaks', () => {
		const lines = wrapRandomKey(key, KEY_TEXT).replace(/.{76}/g, '$&\r\n');
		expect(unwrapRandomKey(key.privateKey, lines)).toBe(KEY_TEXT);
	});
});

describe('a wrong private key', () => {
	test('is named for every one of 200 records, never answered with garbage', () => {
		const seen = new Set<string>();
		for (let count = 0; count < 200; count++) {
			const text = wrapRandomKey(other, randomBytes(32).toString('base64'));
			seen.add(JSON.stringify(refusal(text)));
		}
		expect(seen.size).toBe(1);
		expect([...seen][0]).toContain('wrong_private_key');
	});

	test('gives one and the same refusal again and again', () => {
		const text = wrapRandomKey(other, KEY_TEXT);
		expect(refusal(text)).toEqual(refusal(text));
	});
});

describe('what is no ciphertext is called a malformed record', () => {
	test.each<[string, number, () => string]>([
		['nothing', 0, () => ''],
		['no base64', 0, () => '<乱码!>'],
		['a truncated text', 129, () => wrapRandomKey(key, KEY_TEXT).slice(0, 172)],
		['one byte too few', 255, () => randomBytes(255).toString('base64')],
		['one byte too many', 257, () => randomBytes(257).toString('base64')],
		['two ciphertexts', 512, () => randomBytes(512).toString('base64')],
		['a megabyte', 1 << 20, () => randomBytes(1 << 20).toString('base64')],
	])('%s', (_what, bytes, text) => {
		const { reason, message } = refusal(text());
		expect(reason).toBe('malformed_record');
		expect(message).toContain(`${bytes} bytes, expected 256`);
	});
});

describe('a block that is not PKCS#1 v1.5 is called a wrong private key', () => {
	const text = 'printable-key-text';
	const put = (bytes: Buffer, index: number, value: number) => {
		bytes[index] = value;
		return bytes;
	};

	const cases: Array<[string, () => string]> = [
		['a zero ciphertext', () => Buffer.alloc(MODULUS_BYTES).toString('base64')],
		['a ciphertext of one', () => put(Buffer.alloc(MODULUS_BYTES), 255, 1).toString('base64')],
		['a ciphertext above the modulus', () => Buffer.alloc(MODULUS_BYTES, 0xff).toString('base64')],
		['the modulus itself', () => Buffer.from(modulus(), 'hex').toString('base64')],
		['random bytes', () => put(randomBytes(MODULUS_BYTES), 0, 0).toString('base64')],
		['block type 0', () => wrapBlock(key, block(text, { type: 0 }))],
		['block type 1', () => wrapBlock(key, block(text, { type: 1 }))],
		['block type 3', () => wrapBlock(key, block(text, { type: 3 }))],
		['a first byte that is not 0', () => wrapBlock(key, block(text, { first: 1 }))],
		['seven bytes of padding', () => wrapBlock(key, block('k'.repeat(MODULUS_BYTES - 3 - 7)))],
		['no padding at all', () => wrapBlock(key, block('k'.repeat(MODULUS_BYTES - 3)))],
		['a zero within the first eight bytes', () => wrapBlock(key, put(block(text), 6, 0))],
		['no zero behind the padding', () => wrapBlock(key, put(block(text), 237, 0xa5))],
		['nothing behind the zero', () => wrapBlock(key, block(''))],
		['a NUL in the content', () => wrapBlock(key, block('key\0text'))],
		['a blank in the content', () => wrapBlock(key, block('key text'))],
		['a line break at its end', () => wrapBlock(key, block(`${text}\n`))],
		['a byte above ASCII', () => wrapBlock(key, block(`${text}\x80`))],
		['DEL', () => wrapBlock(key, block(`${text}\x7f`))],
		['32 raw bytes in place of text', () => wrapBlock(key, block(Buffer.alloc(32, 0xc3)))],
	];

	test.each(cases)('%s', (_what, ciphertext) => {
		expect(refusal(ciphertext()).reason).toBe('wrong_private_key');
	});

	test('all of them with the same words, so that they cannot be told apart', () => {
		const words = new Set(cases.map(([, ciphertext]) => refusal(ciphertext()).message));
		expect(words.size).toBe(1);
	});

	test('and without showing the content, the ciphertext or the key', () => {
		const content = 'secretkeytext with a blank';
		const ciphertext = wrapBlock(key, block(content));
		const error = thrownBy(() => unwrapRandomKey(key.privateKey, ciphertext));
		for (const secret of [content, ciphertext, key.pkcs1]) {
			expect(leakOf(error, secret)).toBeUndefined();
		}
	});

	function modulus(): string {
		return key.forgePublic.n.toString(16).padStart(MODULUS_BYTES * 2, '0');
	}
});
