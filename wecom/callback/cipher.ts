import { createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';

import { CallbackRefusedError, InvalidInputError } from '../errors';
import { visible } from '../visible';

const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;
const AES_BLOCK = 16;
/** WeCom pads to multiples of 32, not of the AES block; some libraries pad replies to 16. */
const MAX_PADDING = 32;

/** What a callback's ciphertext holds. */
export interface CallbackFrame {
	/** The message, UTF-8. */
	message: string;
	/** SuiteId, CorpId, provider CorpId, or `''` for robots and individual developers. */
	receiveId: string;
}

/** Opens callback ciphertexts with one EncodingAESKey. */
export class CallbackCipher {
	private readonly key: KeyObject;
	private readonly iv: Buffer;

	/**
	 * @param encodingAesKey 43 characters from the callback settings. Its last two bits are spare, so
	 *   two spellings of one key are possible and both are taken.
	 * @throws InvalidInputError when it is something else; the value is never quoted
	 */
	constructor(encodingAesKey: string) {
		const text = visible(encodingAesKey).trim();
		const bytes = Buffer.from(text, 'base64');
		if (!/^[A-Za-z0-9+/]{43}$/.test(text) || bytes.length !== 32) {
			throw new InvalidInputError(
				'encodingAesKey',
				`The EncodingAESKey has ${text.length} characters${/^[A-Za-z0-9+/]*$/.test(text) ? '' : ', some of them not letters or digits'}; it must be 43 letters and digits`,
				text.includes('-----')
					? 'This looks like an RSA key, which belongs into `KeyRing`. The EncodingAESKey stands in the callback settings of the WeCom console.'
					: 'It stands beside URL and Token in the callback settings of the WeCom console.',
			);
		}
		this.key = createSecretKey(bytes);
		this.iv = bytes.subarray(0, AES_BLOCK);
	}

	/**
	 * Decrypts AES-256-CBC and takes the frame apart: 16 random bytes, message length in bytes
	 * (uint32, big endian), message, receiveid. Check the signature first: without it every refusal
	 * here would tell an attacker something about the padding.
	 *
	 * @throws CallbackRefusedError `bad_ciphertext`, `bad_padding` or `bad_length`
	 * Source: https://developer.work.weixin.qq.com/document/path/90968
	 */
	open(encrypt: string): CallbackFrame {
		const ciphertext = Buffer.from(encrypt, 'base64');
		if (ciphertext.length === 0 || ciphertext.length % AES_BLOCK !== 0) {
			throw new CallbackRefusedError(
				'bad_ciphertext',
				`The ciphertext has ${ciphertext.length} bytes, not a multiple of ${AES_BLOCK}`,
			);
		}
		const decipher = createDecipheriv('aes-256-cbc', this.key, this.iv).setAutoPadding(false);
		const frame = stripPadding(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
		const start = RANDOM_BYTES + LENGTH_BYTES;
		const length = frame.length >= start ? frame.readUInt32BE(RANDOM_BYTES) : Infinity;
		if (length > frame.length - start) {
			throw new CallbackRefusedError(
				'bad_length',
				'The message is longer than the ciphertext that holds it',
			);
		}
		return {
			message: frame.toString('utf8', start, start + length),
			receiveId: frame.toString('utf8', start + length),
		};
	}
}

function stripPadding(padded: Buffer): Buffer {
	const count = padded.at(-1) ?? 0;
	const padding = padded.subarray(padded.length - count);
	if (
		count < 1 ||
		count > MAX_PADDING ||
		count > padded.length ||
		padding.some((byte) => byte !== count)
	) {
		throw new CallbackRefusedError('bad_padding', 'The padding of the ciphertext is not PKCS#7');
	}
	return padded.subarray(0, padded.length - count);
}
