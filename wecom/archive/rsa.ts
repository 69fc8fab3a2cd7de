import { constants, privateDecrypt, type KeyObject } from 'node:crypto';

import { RecordError } from '../errors';

const MODULUS_BYTES = 256;
const MIN_PADDING_END = 10;
/** The shortest key any message cipher knows; shorter text is chance. */
const MIN_KEY_CHARACTERS = 16;

/**
 * Decrypts `encrypt_random_key` of one record, or `encrypted_secret_key` of one of the data zone:
 * base64, RSA-2048 with PKCS#1 v1.5, printable ASCII.
 *
 * node:crypto's own PKCS#1 v1.5 is refused on some Node versions and answers a wrong key with
 * random bytes on others (CVE-2023-46809, implicit rejection), so the raw operation is used and the
 * padding taken off here: same results and same refusals everywhere.
 * The refusals may be told apart by whoever submits ciphertexts, so do not expose this to strangers;
 * archive records come from WeCom over TLS.
 *
 * @param key private key of the record's `publickey_ver`
 * @param encryptRandomKey base64 text of 256 bytes
 * @param field what the record calls it
 * @returns the key text, as WeCom's own library expects it
 * @throws RecordError `malformed_record` for a text that is no such ciphertext, `wrong_private_key`
 *   when the key does not open it
 * Source: https://developer.work.weixin.qq.com/document/path/91774
 */
export function unwrapRandomKey(
	key: KeyObject,
	encryptRandomKey: string,
	field = 'encrypt_random_key',
): string {
	const ciphertext = Buffer.from(encryptRandomKey, 'base64');
	if (ciphertext.length !== MODULUS_BYTES) {
		throw new RecordError(
			'malformed_record',
			`${field} holds ${ciphertext.length} bytes, expected ${MODULUS_BYTES}`,
		);
	}
	const block = rawPrivateOperation(key, ciphertext);
	const start = block && endOfPadding(block);
	const text = block && start ? block.toString('latin1', start) : '';
	if (!/^[\x21-\x7e]+$/.test(text) || text.length < MIN_KEY_CHARACTERS) {
		throw new RecordError(
			'wrong_private_key',
			`The private key of this version does not open ${field}: it belongs to another public key, or the record is damaged`,
		);
	}
	return text;
}

function rawPrivateOperation(key: KeyObject, ciphertext: Buffer): Buffer | undefined {
	try {
		return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, ciphertext);
	} catch {
		return undefined; // a number not below the modulus
	}
}

/** Where the message of an EME-PKCS1-v1_5 block starts, 0 when the block is not one. No early exit. */
function endOfPadding(block: Buffer): number {
	let valid = block[0] === 0 && block[1] === 2 ? 1 : 0;
	let end = 0;
	for (let index = 2; index < MODULUS_BYTES; index++) {
		const isFirstZero = (end === 0 ? 1 : 0) & (block[index] === 0 ? 1 : 0);
		end += isFirstZero * index;
	}
	valid &= end >= MIN_PADDING_END ? 1 : 0;
	return valid * (end + 1);
}
