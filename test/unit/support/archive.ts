import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';

import forge from 'node-forge';

import { unwrapRandomKey } from '../../../wecom/archive/rsa';
import type { EncryptedRecord } from '../../../wecom/archive/record';

/** An RSA pair made for one test file. It never leaves the memory of the test. */
export interface TestKey {
	privateKey: KeyObject;
	publicKey: KeyObject;
	/** Unencrypted PEM in the two usual forms. */
	pkcs1: string;
	pkcs8: string;
	/** The same pair in node-forge, the oracle that shares nothing with the code under test. */
	forgePrivate: forge.pki.rsa.PrivateKey;
	forgePublic: forge.pki.rsa.PublicKey;
}

export function newRsaKey(bits = 2048): TestKey {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
	const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
	const forgePrivate = forge.pki.privateKeyFromPem(pkcs1);
	return {
		privateKey,
		publicKey,
		pkcs1,
		pkcs8: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		forgePrivate,
		forgePublic: forge.pki.setRsaPublicKey(forgePrivate.n, forgePrivate.e),
	};
}

/** PEM lines around bytes, for texts that are no key or a key of another kind. */
export function pem(label: string, body: Buffer, headers = ''): string {
	const lines = body.toString('base64').match(/.{1,64}/g) ?? [];
	return `-----BEGIN ${label}-----\n${headers}${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The base64 of a PEM without its lines. */
export function bodyOfPem(text: string): string {
	return text.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '');
}

const RC2_40_PBE = '1.2.840.113549.1.12.1.6';

interface Pkcs12Kdf {
	generatePkcs12Key(
		password: string,
		salt: forge.util.ByteStringBuffer,
		id: 1 | 2,
		iterations: number,
		bytes: number,
	): forge.util.ByteStringBuffer;
}

/**
 * PKCS#8 encrypted with pbeWithSHAAnd40BitRC2-CBC, the cipher of many old .p12 files, which
 * OpenSSL 3 keeps in its legacy provider. forge reads it and has no function to write it.
 */
export function encryptWithRc2(key: TestKey, passphrase: string): string {
	const { asn1, pki } = forge;
	const { Class, Type } = asn1;
	// Missing from the types of node-forge.
	const { generatePkcs12Key } = (forge as unknown as { pbe: Pkcs12Kdf }).pbe;
	const iterations = 2048;
	const salt = forge.random.getBytesSync(8);
	const derive = (id: 1 | 2, bytes: number) =>
		generatePkcs12Key(passphrase, forge.util.createBuffer(salt), id, iterations, bytes);
	const cipher = forge.rc2.createEncryptionCipher(derive(1, 5), 40);
	cipher.start(derive(2, 8));
	cipher.update(asn1.toDer(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key.forgePrivate))));
	cipher.finish();
	const oid = asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(RC2_40_PBE).getBytes());
	const octets = (bytes: string) => asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes);
	const sequence = (...parts: forge.asn1.Asn1[]) =>
		asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
	const count = asn1.create(
		Class.UNIVERSAL,
		Type.INTEGER,
		false,
		asn1.integerToDer(iterations).getBytes(),
	);
	return pki.encryptedPrivateKeyToPem(
		sequence(sequence(oid, sequence(octets(salt), count)), octets(cipher.output.getBytes())),
	);
}

/** `encrypt_random_key` of a text: RSA PKCS#1 v1.5 by forge. */
export function wrapRandomKey(key: TestKey, text: string): string {
	return forge.util.encode64(key.forgePublic.encrypt(text, 'RSAES-PKCS1-V1_5'));
}

/** base64 of a ciphertext from which the private key gets exactly this block of 256 bytes. */
export function wrapBlock(key: TestKey, block: Buffer): string {
	return forge.util.encode64(key.forgePublic.encrypt(block.toString('latin1'), 'RAW'));
}

/** `encrypt_chat_msg` of a plaintext: AES-256-CBC by forge. */
export function sealMessage(randomKey: Buffer, plaintext: string): string {
	const key = randomKey.toString('latin1');
	const cipher = forge.cipher.createCipher('AES-CBC', key);
	cipher.start({ iv: key.slice(0, 16) });
	cipher.update(forge.util.createBuffer(plaintext, 'utf8'));
	cipher.finish();
	return forge.util.encode64(cipher.output.getBytes());
}

/** A record as WeCom sends it. */
export interface SealedRecord extends EncryptedRecord {
	seq: number;
	msgid: string;
	publickey_ver: number;
	encrypt_random_key: string;
	encrypt_chat_msg: string;
}

/** A whole record by forge alone; a text is the plaintext itself, anything else becomes JSON. */
export function sealRecord(key: TestKey, message: unknown, version = 1, seq = 1): SealedRecord {
	const randomKey = randomBytes(32);
	const plaintext = typeof message === 'string' ? message : JSON.stringify(message);
	return {
		seq,
		msgid: `${seq}_1700000000000_external`,
		publickey_ver: version,
		encrypt_random_key: wrapRandomKey(key, randomKey.toString('base64')),
		encrypt_chat_msg: sealMessage(randomKey, plaintext),
	};
}

/** Whether a parsed key is the private half of this pair: it opens what forge encrypted to it. */
export function opensFor(key: TestKey, parsed: KeyObject): boolean {
	const text = randomBytes(32).toString('base64');
	return unwrapRandomKey(parsed, wrapRandomKey(key, text)) === text;
}

/** What a function throws; fails the test when it throws nothing. */
export function thrownBy(run: () => unknown): Error {
	try {
		run();
	} catch (error) {
		if (error instanceof Error) return error;
		throw new Error('thrown was something else than an Error', { cause: error });
	}
	throw new Error('nothing was thrown');
}

const WINDOW = 10;

/**
 * The first piece of a secret that shows anywhere in a value: message, hint, stack, cause, any
 * property, hidden ones too. Undefined when none does.
 */
export function leakOf(value: unknown, secret: string): string | undefined {
	const seen =
		inspect(value, { showHidden: true, depth: 10, maxStringLength: null, breakLength: Infinity }) +
		(value instanceof Error ? `${String(value)}\n${value.stack}` : '') +
		JSON.stringify(value);
	const plain = bodyOfPem(secret);
	const windows = Math.max(1, plain.length - WINDOW + 1);
	for (let start = 0; start < windows; start++) {
		const piece = plain.slice(start, start + WINDOW);
		if (piece !== '' && seen.includes(piece)) return piece;
	}
	return undefined;
}
