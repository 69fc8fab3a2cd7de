import { createDecipheriv, createSecretKey } from 'node:crypto';

import { RecordError } from '../errors';

/** How `encrypt_chat_msg` is opened once the random key is known. */
export type MessageCipherName = 'aes-256-cbc' | 'key-only';

const KEY_BYTES = 32;
const IV_BYTES = 16;
/** Throws for what is no UTF-8: a damaged block would come out as replacement characters inside of a text. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Opens `encrypt_chat_msg` in the cipher of the reference contract: base64 of AES-256-CBC with
 * PKCS#7 padding, key = the 32 bytes whose base64 text the random key is, IV = their first 16.
 * This is the reference gateway's cipher; Tencent's own, inside its native library, is not public.
 *
 * @param randomKey what {@link unwrapRandomKey} returned
 * @param encryptChatMsg base64 text
 * @returns the plaintext, UTF-8
 * @throws RecordError `wrong_private_key` when the random key is not 32 bytes of base64,
 *   `corrupt_message` when the ciphertext does not open, or not to UTF-8
 */
export function openAes256Cbc(randomKey: string, encryptChatMsg: string): string {
	const key = Buffer.from(randomKey, 'base64');
	if (key.length !== KEY_BYTES) {
		throw new RecordError(
			'wrong_private_key',
			`The random key decodes to ${key.length} bytes, aes-256-cbc needs ${KEY_BYTES}: the record comes from another kind of archive, or the private key does not match`,
		);
	}
	const ciphertext = Buffer.from(encryptChatMsg, 'base64');
	try {
		const decipher = createDecipheriv(
			'aes-256-cbc',
			createSecretKey(key), // a raw Buffer costs ten times as much on Node 24
			key.subarray(0, IV_BYTES),
		);
		const head = decipher.update(ciphertext);
		const tail = decipher.final();
		return utf8.decode(Buffer.concat([head, tail]));
	} catch {
		throw new RecordError(
			'corrupt_message',
			`encrypt_chat_msg (${ciphertext.length} bytes) does not open to a text with its key: the record is damaged`,
		);
	}
}
