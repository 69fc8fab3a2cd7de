import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const BLOCK = 32;

/** msg_signature: lower-hex SHA-1 of the four values, sorted and joined (document path 90968). */
export function sign(token: string, timestamp: string, nonce: string, encrypt: string): string {
	return createHash('sha1')
		.update([token, timestamp, nonce, encrypt].sort().join(''))
		.digest('hex');
}

/**
 * Encrypts a callback: AES-256-CBC over 16 random bytes, the length in bytes (uint32 big-endian),
 * the text and the receive id, padded to a multiple of 32.
 *
 * @param encodingAesKey - 43 characters
 * @returns base64
 * @throws RangeError when the key does not hold 32 bytes
 */
export function encryptFrame(encodingAesKey: string, text: string, receiveId: string): string {
	const key = Buffer.from(`${encodingAesKey}=`, 'base64');
	if (key.length !== 32) throw new RangeError('EncodingAESKey must be 43 letters and digits');
	const message = Buffer.from(text, 'utf8');
	const length = Buffer.alloc(4);
	length.writeUInt32BE(message.length);
	const frame = Buffer.concat([randomBytes(16), length, message, Buffer.from(receiveId, 'utf8')]);
	const pad = BLOCK - (frame.length % BLOCK);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(Buffer.concat([frame, Buffer.alloc(pad, pad)])),
		cipher.final(),
	]).toString('base64');
}
