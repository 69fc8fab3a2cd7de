import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** A new key pair of the archive, in PEM form. */
export interface KeyPair {
	/** SPKI (`-----BEGIN PUBLIC KEY-----`), as set_public_key wants it. */
	publicKey: string;
	/** PKCS#8, encrypted when a passphrase was given. */
	privateKey: string;
	/** See {@link fingerprintOf}. */
	fingerprint: string;
}

/**
 * Makes an RSA-2048 pair in the thread pool: the event loop is free meanwhile.
 * Source: https://developer.work.weixin.qq.com/document/path/101349
 *
 * @param passphrase encrypts the private key (PKCS#8, AES-256-CBC)
 */
export async function makeKeyPair(passphrase?: string): Promise<KeyPair> {
	const { publicKey, privateKey } = await generate('rsa', {
		modulusLength: 2048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: {
			type: 'pkcs8',
			format: 'pem',
			...(passphrase ? { cipher: 'aes-256-cbc', passphrase } : {}),
		},
	});
	return { publicKey, privateKey, fingerprint: fingerprintOf(publicKey) };
}

/**
 * What tells whether two halves belong together: the SHA-256 of the public one (SPKI, DER) in hex.
 *
 * @param key a private key, or a public one in PEM form
 * @example fingerprintOf(parsePrivateKey(privatePem)) === fingerprintOf(publicPem)
 */
export function fingerprintOf(key: KeyObject | string): string {
	const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
	return createHash('sha256').update(der).digest('hex');
}
