import { createCipheriv, createDecipheriv, hkdf, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

import { foreignValue } from './foreignValue';
import type { SecretStore, StateStore } from './stateStore';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A 32-byte key of a text that people choose, so slowly that guessing is dear. Off the event loop. */
export async function keyFromPassword(password: string, salt: string): Promise<Buffer> {
	const derive = promisify<string, string, number, Buffer>(scrypt);
	return await derive(password.normalize(), `n8n-nodes-wecom-data/${salt}`, KEY_BYTES);
}

/** A 32-byte key of a secret that is random already. */
export async function keyFromSecret(secret: string, purpose: string): Promise<Buffer> {
	return Buffer.from(await promisify(hkdf)('sha256', secret, '', purpose, KEY_BYTES));
}

/**
 * Encrypts a text with AES-256-GCM.
 *
 * @param name where the text is kept; it opens nowhere else
 * @returns base64 of nonce, tag and ciphertext
 */
export function seal(text: string, key: Buffer, name: string): string {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name));
	const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
	return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** The text; undefined when it was sealed with another key or under another name, or is broken. */
export function unseal(sealed: string, key: Buffer, name: string): string | undefined {
	const bytes = Buffer.from(sealed, 'base64');
	if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
	try {
		const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES))
			.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
			.setAAD(Buffer.from(name));
		const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
		return Buffer.concat([body, decipher.final()]).toString('utf8');
	} catch {
		return undefined;
	}
}

const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}(?:==|[A-Za-z\d+/]=))?$/;
/** Of base64: nonce and tag of an empty text. */
const MIN_SEALED_CHARACTERS = 40;

/** Whether {@link seal} may have made it, with whatever key. */
function isSealed(text: string): boolean {
	return text.length >= MIN_SEALED_CHARACTERS && BASE64.test(text);
}

/**
 * A store whose values are encrypted with a key; what cannot be opened counts as absent.
 *
 * Its `get` throws StateUnusableError naming the key when somebody else wrote there.
 */
export function sealed(store: StateStore, key: () => Promise<Buffer>): SecretStore {
	return {
		async get(name) {
			const value = await store.get(name);
			if (value === undefined) return undefined;
			if (!isSealed(value)) throw foreignValue(name);
			return unseal(value, await key(), name);
		},
		async set(name, value, ttlMs) {
			await store.set(name, seal(value, await key(), name), ttlMs);
		},
	};
}
