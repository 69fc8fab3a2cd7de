import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

import forge from 'node-forge';

import { setPublicKey } from '../../../wecom/api/zone';
import { fingerprintOf, makeKeyPair, type KeyPair } from '../../../wecom/archive/keyPair';
import { parsePrivateKey } from '../../../wecom/archive/privateKey';
import { clientOf } from '../support/client';

let pair: KeyPair;

beforeAll(async () => {
	pair = await makeKeyPair();
});

it('makes an RSA-2048 pair: SPKI and PKCS#8 in PEM form', () => {
	expect(pair.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n.*\n-----END PUBLIC KEY-----\n$/s);
	expect(pair.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n.*-----END PRIVATE KEY-----\n$/s);
	const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pair.publicKey);
	expect(asymmetricKeyType).toBe('rsa');
	expect(asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n });
});

it('makes halves that belong together, as node-forge sees it', () => {
	const sealed = forge.pki.publicKeyFromPem(pair.publicKey).encrypt('a random key');
	expect(forge.pki.privateKeyFromPem(pair.privateKey).decrypt(sealed)).toBe('a random key');
});

it('makes another pair each time', async () => {
	expect((await makeKeyPair()).publicKey).not.toBe(pair.publicKey);
});

it('makes what set_public_key and the credential take', () => {
	const input = { public_key: pair.publicKey, public_key_ver: 1 };
	const client = clientOf({ url: 'https://qyapi.example.com' });
	expect(client.describe(setPublicKey, input).body).toEqual(input);
	expect(parsePrivateKey(pair.privateKey).type).toBe('private');
});

it('encrypts the private key when there is a passphrase', async () => {
	const { privateKey, fingerprint } = await makeKeyPair('correct horse');
	expect(privateKey).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
	expect(() => createPrivateKey(privateKey)).toThrow();
	expect(() => parsePrivateKey(privateKey, 'battery staple')).toThrow('passphrase');
	expect(fingerprintOf(parsePrivateKey(privateKey, 'correct horse'))).toBe(fingerprint);
});

it('leaves the event loop free while it works', async () => {
	let turns = 0;
	const timer = setInterval(() => turns++, 1);
	for (let count = 0; count < 5; count++) await makeKeyPair();
	clearInterval(timer);
	// Some 100 ms each; made on the loop they would leave a turn between them at most.
	expect(turns).toBeGreaterThan(10);
});

describe('the fingerprint', () => {
	it('is the SHA-256 of the public key in DER form, in hex', () => {
		const base64 = pair.publicKey.replace(/-----.*?-----|\n/g, '');
		const expected = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
		expect(pair.fingerprint).toBe(expected);
		expect(fingerprintOf(pair.publicKey)).toBe(expected);
	});

	it('is the same for both halves, and another for another pair', async () => {
		expect(fingerprintOf(parsePrivateKey(pair.privateKey))).toBe(pair.fingerprint);
		expect((await makeKeyPair()).fingerprint).not.toBe(pair.fingerprint);
	});
});
