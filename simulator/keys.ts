import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** Version of the key that an archive is encrypted with last, until another one is set. */
export const NEWEST_KEY_VERSION = 2;

/** Version of the key whose private half nobody is given. */
export const LOST_KEY_VERSION = 3;

/** One RSA-2048 pair as PEM: PKCS#8 private, SPKI public. */
export interface KeyPair {
	readonly privateKey: string;
	readonly publicKey: string;
}

/** The keys a corp has uploaded over time. */
export interface KeyRing {
	/** Versions 1 and 2, as the corp keeps them. */
	readonly pairs: Readonly<Record<number, KeyPair>>;
	/** Public halves of versions 1, 2 and {@link LOST_KEY_VERSION}, ready to encrypt with. */
	readonly publicKeys: ReadonlyMap<number, KeyObject>;
}

const newPair = promisify(generateKeyPair);

async function makePair(): Promise<KeyPair> {
	return await newPair('rsa', {
		modulusLength: 2048,
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
		publicKeyEncoding: { type: 'spki', format: 'pem' },
	});
}

/** Makes the three key pairs of a run; the private half of the third is dropped at once. */
export async function makeKeyRing(): Promise<KeyRing> {
	const [first, second, lost] = await Promise.all([makePair(), makePair(), makePair()]);
	const publicKeys = new Map<number, KeyObject>([
		[1, createPublicKey(first.publicKey)],
		[2, createPublicKey(second.publicKey)],
		[LOST_KEY_VERSION, createPublicKey(lost.publicKey)],
	]);
	return { pairs: { 1: first, 2: second }, publicKeys };
}
