import { createHash, timingSafeEqual } from 'node:crypto';

const SHA1_BYTES = 20;

/**
 * Whether `msg_signature` is lower-hex SHA1 of token, timestamp, nonce and ciphertext, sorted and
 * joined. Compared in constant time; upper-case hex is accepted.
 * Source: https://developer.work.weixin.qq.com/document/path/90968
 */
export function isSignatureGood(
	token: string,
	timestamp: string,
	nonce: string,
	encrypt: string,
	signature: string,
): boolean {
	if (!/^[0-9a-f]{40}$/i.test(signature)) return false;
	const expected = createHash('sha1')
		.update([token, timestamp, nonce, encrypt].sort().join(''))
		.digest();
	const given = Buffer.from(signature, 'hex');
	return given.length === SHA1_BYTES && timingSafeEqual(expected, given);
}
