import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

import forge from 'node-forge';

import { KeyError } from '../errors';
import { toPem, unwrapKey } from './pem';

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+?)-----(.*?)-----END \1-----/gs;
// The length of the initial vector ends it where the line breaks are gone: 16 or 8 bytes, by cipher.
const LEGACY_ENCRYPTION =
	/^[\s,]*Proc-Type:\s*4,\s*ENCRYPTED[\s,]*DEK-Info:\s*([A-Z0-9-]+)\s*,\s*([0-9A-F]{32}|[0-9A-F]{16})[\s,]*(.*)$/is;
// How node-forge words everything but "these bytes are no DER".
const FORGE_REFUSAL = /^(?:Cannot|Could not|Unsupported)/;
const WHERE =
	'It is the file that begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----, made together with the public key you gave to WeCom.';

/** What WeCom accepts as the archive's public key, hence what its private half must be. */
const MODULUS_BITS = 2048;

/**
 * Reads an RSA-2048 private key in the forms people paste: PKCS#1 or PKCS#8 PEM, encrypted PEM (both
 * the PKCS#8 and the older DEK-Info kind), with real line breaks, literal `\n` or all on one line,
 * with or without the BEGIN/END lines, and base64 DER; also wrapped once more, see {@link unwrapKey}.
 *
 * @param text the pasted key
 * @param passphrase for an encrypted key
 * @returns a KeyObject for node:crypto (make it once: parsing costs more than a decryption)
 * @throws KeyError that says what the text is instead; never quotes it
 */
export function parsePrivateKey(text: string, passphrase?: string): KeyObject {
	const cleaned = unwrapKey(text);
	if (cleaned === '') throw new KeyError('empty', 'The private key is empty', WHERE);
	if (/^[A-Za-z0-9+/]{43}=?$/.test(cleaned)) {
		throw new KeyError(
			'encoding_aes_key',
			'This is an EncodingAESKey (43 characters), not an RSA private key',
			'The EncodingAESKey decrypts callbacks and belongs into `CallbackReceiver`. ' + WHERE,
		);
	}
	const key = cleaned.includes('-----BEGIN')
		? fromPem(cleaned, passphrase)
		: fromBareBase64(cleaned, passphrase);
	return requireRsa2048(key);
}

function fromPem(text: string, passphrase?: string): KeyObject {
	const blocks = [...text.matchAll(PEM_BLOCK)];
	const block = blocks.find(([, label]) => label?.endsWith('PRIVATE KEY')) ?? blocks[0];
	const [label, body] = [block?.[1], block?.[2]];
	if (label === undefined || body === undefined) {
		throw new KeyError(
			'truncated',
			'The private key has a BEGIN line but no END line that matches it',
			'Paste the whole file, both lines included.',
		);
	}
	if (label.endsWith('PUBLIC KEY')) throw isPublicKey();
	if (label.includes('CERTIFICATE')) {
		throw new KeyError('certificate', 'This is a certificate, not an RSA private key', WHERE);
	}
	if (label.startsWith('OPENSSH')) {
		throw new KeyError(
			'openssh',
			'This is an SSH key in OpenSSH form, not an RSA private key in PEM form',
			'Archive keys are made with "openssl genrsa 2048". ' + WHERE,
		);
	}
	if (/^(EC|DSA) /.test(label)) throw isNotRsa(label.split(' ')[0]?.toLowerCase());
	if (!label.endsWith('PRIVATE KEY')) throw isUnreadable();

	const legacy = LEGACY_ENCRYPTION.exec(body);
	const encrypted = legacy !== null || label.startsWith('ENCRYPTED');
	if (encrypted && !passphrase) {
		throw new KeyError(
			'passphrase_missing',
			'The private key is encrypted and no passphrase was given',
			'Fill in the passphrase, or remove it with "openssl rsa -in key.pem -out plain.pem".',
		);
	}
	const headers = legacy
		? `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${legacy[1]?.toUpperCase()},${legacy[2]}\n\n`
		: '';
	const pem = toPem(label, legacy?.[3] ?? body, headers);
	return encrypted && passphrase ? readEncrypted(pem, passphrase) : readPlain(pem, passphrase);
}

function readPlain(pem: string, passphrase?: string): KeyObject {
	const key = attempt(() => createPrivateKey(pem));
	// A PKCS#8 body below a PKCS#1 header, or the reverse, is a common hand edit.
	return key ?? fromBareBase64(pem.replace(/-----[^-]+-----/g, ''), passphrase);
}

function readEncrypted(pem: string, passphrase: string): KeyObject {
	try {
		return createPrivateKey({ key: pem, passphrase });
	} catch (error) {
		if (!codeOf(error).includes('UNSUPPORTED')) throw isWrongPassphrase();
		return readWithForge(pem, passphrase);
	}
}

/** node-forge still reads the ciphers that OpenSSL 3 moved to its legacy provider (RC2, DES). */
function readWithForge(pem: string, passphrase: string): KeyObject {
	const isPkcs8 = pem.startsWith('-----BEGIN ENCRYPTED');
	let key: forge.pki.rsa.PrivateKey | null = null;
	try {
		if (isPkcs8) forge.pki.encryptedPrivateKeyFromPem(pem);
	} catch {
		throw isUnreadable();
	}
	try {
		key = forge.pki.decryptRsaPrivateKey(pem, passphrase);
	} catch (error) {
		// A wrong passphrase leaves noise: its padding may fit by chance, but it is no DER.
		throw FORGE_REFUSAL.test((error as Error).message) ? isUnreadable() : isWrongPassphrase();
	}
	if (!key) throw isWrongPassphrase();
	return createPrivateKey(forge.pki.privateKeyToPem(key));
}

function fromBareBase64(text: string, passphrase?: string): KeyObject {
	const base64 = text.replace(/\s+/g, '');
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw isUnreadable();
	const der = Buffer.from(base64, 'base64');
	for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
		try {
			return createPrivateKey({ key: der, format: 'der', type });
		} catch (error) {
			if (codeOf(error) !== 'ERR_MISSING_PASSPHRASE') continue;
			return fromPem(toPem('ENCRYPTED PRIVATE KEY', base64), passphrase);
		}
	}
	for (const type of ['spki', 'pkcs1'] as const) {
		if (attempt(() => createPublicKey({ key: der, format: 'der', type }))) throw isPublicKey();
	}
	throw isUnreadable();
}

function codeOf(error: unknown): string {
	return (error as NodeJS.ErrnoException).code ?? '';
}

function attempt(read: () => KeyObject): KeyObject | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

function requireRsa2048(key: KeyObject): KeyObject {
	if (key.asymmetricKeyType !== 'rsa') throw isNotRsa(key.asymmetricKeyType);
	const bits = key.asymmetricKeyDetails?.modulusLength;
	if (bits !== MODULUS_BITS) {
		throw new KeyError(
			'wrong_size',
			`This RSA key has ${bits} bits, WeCom's archive keys have ${MODULUS_BITS}`,
			WHERE,
		);
	}
	return key;
}

function isPublicKey(): KeyError {
	return new KeyError(
		'public_key',
		'This is a public key, not a private key',
		'The public key goes to WeCom; decrypting needs the private key it was derived from. ' + WHERE,
	);
}

function isNotRsa(kind = 'other'): KeyError {
	return new KeyError(
		'not_rsa',
		`This is a private key of kind "${kind}", WeCom's archive uses RSA`,
		'Make a pair with "openssl genrsa -out private_key.pem 2048" and give its public key to WeCom.',
	);
}

function isWrongPassphrase(): KeyError {
	return new KeyError(
		'passphrase_wrong',
		'The passphrase does not open this private key',
		'Try it with "openssl rsa -in key.pem -check".',
	);
}

function isUnreadable(): KeyError {
	return new KeyError('unreadable', 'This text is not an RSA private key in PEM form', WHERE);
}
