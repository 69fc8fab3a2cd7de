import {
	constants,
	createCipheriv,
	createDecipheriv,
	publicEncrypt,
	randomBytes,
	type KeyObject,
} from 'node:crypto';
import type { Random } from './random';

/** The two encrypted fields of a chat record, and the key that one of them holds. */
export interface Sealed {
	/** base64 of the RSA PKCS#1 v1.5 ciphertext. */
	readonly encryptRandomKey: string;
	/** base64 of the AES-256-CBC ciphertext. */
	readonly encryptChatMsg: string;
	/** What is in encryptRandomKey, as text: the key of this one message. */
	readonly secretKey: string;
}

/** The ways in which a record can be broken; a client must report each, and go on. */
export const DAMAGES = [
	'truncated_key',
	'flipped_message',
	'not_base64',
	'not_json',
	'other_key',
] as const;

/**
 * - `truncated_key`: encrypt_random_key stops half-way
 * - `flipped_message`: a few bytes of encrypt_chat_msg are changed
 * - `not_base64`: one of the two fields is not base64
 * - `not_json`: it decrypts, but to plain text
 * - `other_key`: encrypted with another key than publickey_ver says
 */
export type Damage = (typeof DAMAGES)[number];

/** What a record of damage `not_json` decrypts to. */
export const NOT_JSON = '系统繁忙,请稍后再试 (not a JSON message)';

const BLOCK = 16;

function sealWith(randomKey: Buffer, plaintext: string, publicKey: KeyObject): Sealed {
	// The RSA content is text, as Tencent's DecryptData takes a NUL-terminated string.
	const keyText = Buffer.from(randomKey.toString('base64'), 'ascii');
	const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, keyText);
	const cipher = createCipheriv('aes-256-cbc', randomKey, randomKey.subarray(0, BLOCK));
	const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
	return {
		encryptRandomKey: wrapped.toString('base64'),
		encryptChatMsg: body.toString('base64'),
		secretKey: keyText.toString('ascii'),
	};
}

/**
 * Encrypts one message as the reference contract's `aes-256-cbc` says: 32 random key bytes, whose
 * base64 text goes through RSA PKCS#1 v1.5; AES-256-CBC with PKCS#7, IV = the first 16 key bytes.
 *
 * @param plaintext - JSON of the message
 * @param publicKey - the key of the record's publickey_ver
 */
export function seal(plaintext: string, publicKey: KeyObject): Sealed {
	return sealWith(randomBytes(32), plaintext, publicKey);
}

function opensAsJson(randomKey: Buffer, ciphertext: Buffer): boolean {
	const decipher = createDecipheriv('aes-256-cbc', randomKey, randomKey.subarray(0, BLOCK));
	try {
		const text = Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function flipBytes(randomKey: Buffer, sealed: Sealed, random: Random): Sealed {
	const ciphertext = Buffer.from(sealed.encryptChatMsg, 'base64');
	// CBC has no checksum: a flip inside a JSON string would go unnoticed by any client, so the flips
	// are in the first block (breaks the JSON) or the last (breaks the padding), and are checked.
	const start = random.chance(0.5) ? 0 : ciphertext.length - BLOCK;
	do {
		const position = start + random.int(0, BLOCK - 1);
		ciphertext[position] = (ciphertext[position] as number) ^ random.int(1, 255);
	} while (opensAsJson(randomKey, ciphertext));
	return { ...sealed, encryptChatMsg: ciphertext.toString('base64') };
}

/**
 * Encrypts one message and breaks it.
 *
 * @param plaintext - JSON of the message
 * @param publicKey - the key of the record's publickey_ver
 * @param otherKey - a different key, for `other_key`
 * @param random - decides where it breaks
 */
export function sealDamaged(
	plaintext: string,
	publicKey: KeyObject,
	otherKey: KeyObject,
	damage: Damage,
	random: Random,
): Sealed {
	const randomKey = randomBytes(32);
	const sealed = sealWith(randomKey, plaintext, publicKey);
	switch (damage) {
		case 'truncated_key':
			return { ...sealed, encryptRandomKey: sealed.encryptRandomKey.slice(0, 172) };
		case 'flipped_message':
			return flipBytes(randomKey, sealed, random);
		case 'not_base64':
			return random.chance(0.5)
				? { ...sealed, encryptChatMsg: `<乱码!>${sealed.encryptChatMsg.slice(7)}` }
				: { ...sealed, encryptRandomKey: `<乱码!>${sealed.encryptRandomKey.slice(7)}` };
		case 'not_json':
			return sealWith(randomKey, NOT_JSON, publicKey);
		case 'other_key':
			return sealWith(randomKey, plaintext, otherKey);
	}
}
