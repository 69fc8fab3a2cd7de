import { generateKeyPairSync, randomBytes } from 'node:crypto';

import forge from 'node-forge';

import { parsePrivateKey } from '../../../wecom/archive/privateKey';
import { KeyError, type KeyErrorReason } from '../../../wecom/errors';
import {
	bodyOfPem,
	encryptWithRc2,
	leakOf,
	newRsaKey,
	opensFor,
	pem,
	thrownBy,
	type TestKey,
} from '../support/archive';

const PASSPHRASE = 'correct horse 电池';
const ASCII_PASSPHRASE = 'correct horse';
/** The key of the sample on https://developer.work.weixin.qq.com/document/path/90968. */
const PUBLISHED_ENCODING_AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';

let key: TestKey;
let dekInfoAes: string;
let dekInfo3des: string;

beforeAll(() => {
	key = newRsaKey();
	dekInfoAes = dekInfo('aes256');
	dekInfo3des = dekInfo('3des');
});

/** With 'des', which node-forge has and its types have not. */
type ForgeCipher = NonNullable<forge.pki.EncryptionOptions['algorithm']> | 'des';

function byForge(algorithm: ForgeCipher, options: forge.pki.EncryptionOptions = {}): string {
	const all = { ...options, algorithm } as forge.pki.EncryptionOptions;
	return forge.pki.encryptRsaPrivateKey(key.forgePrivate, ASCII_PASSPHRASE, all);
}

function dekInfo(algorithm: ForgeCipher): string {
	return byForge(algorithm, { legacy: true });
}

function encryptedPkcs8(cipher: string): string {
	const options = { type: 'pkcs8', format: 'pem', cipher, passphrase: PASSPHRASE } as const;
	return key.privateKey.export(options).toString();
}

const spaces = (text: string) => text.trim().replace(/\r?\n/g, ' ');
const joined = (text: string) => text.replace(/\r?\n/g, '');
const literal = (text: string, lineBreak: string) => text.replace(/\n/g, lineBreak);

describe('a private key without passphrase is read', () => {
	test.each<[string, () => string]>([
		['as PKCS#1 PEM', () => key.pkcs1],
		['as PKCS#8 PEM', () => key.pkcs8],
		['with CR LF line breaks', () => literal(key.pkcs8, '\r\n')],
		['with literal \\n for line breaks', () => literal(key.pkcs8, '\\n')],
		['with literal \\r\\n for line breaks', () => literal(key.pkcs1, '\\r\\n')],
		['on one line with spaces for line breaks', () => spaces(key.pkcs8)],
		['on one line without anything for line breaks', () => joined(key.pkcs1)],
		['with indented lines', () => key.pkcs8.replace(/^/gm, '\t  ')],
		['in double quotes', () => `"${key.pkcs8.trim()}"`],
		['in single quotes, with literal \\n', () => `'${literal(key.pkcs1.trim(), '\\n')}'`],
		['behind a byte order mark', () => `\uFEFF${key.pkcs8}`],
		['behind a byte order mark and in quotes', () => `\uFEFF"${literal(key.pkcs8, '\\n')}"`],
		[
			'below the bag attributes that openssl pkcs12 writes',
			() =>
				`Bag Attributes\n    friendlyName: archive\n    localKeyID: 01 02 03\nKey Attributes: <No Attributes>\n${key.pkcs8}`,
		],
		['with text behind it', () => `${key.pkcs1}\nmade on 2026-01-01 by ops\n`],
		['with its public key before it', () => publicPem('spki') + key.pkcs8],
		['as base64 of PKCS#8 DER', () => bodyOfPem(key.pkcs8)],
		['as base64 of PKCS#1 DER', () => bodyOfPem(key.pkcs1)],
		['as base64 of DER broken into lines', () => bodyOfPem(key.pkcs8).replace(/.{76}/g, '$&\r\n')],
		['as a PKCS#8 body below a PKCS#1 header', () => relabelled(key.pkcs8, 'RSA PRIVATE KEY')],
		['as a PKCS#1 body below a PKCS#8 header', () => relabelled(key.pkcs1, 'PRIVATE KEY')],
	])('%s', (_form, text) => {
		expect(opensFor(key, parsePrivateKey(text()))).toBe(true);
	});

	test('also when a passphrase is given that it does not need', () => {
		expect(opensFor(key, parsePrivateKey(key.pkcs8, PASSPHRASE))).toBe(true);
	});
});

describe('a private key in one more wrapping is read', () => {
	const base64 = (text: string) => Buffer.from(text).toString('base64');
	const html = (text: string) => text.replace(/[+/=]/g, (sign) => `&#${sign.charCodeAt(0)};`);
	const WRAPPINGS: Array<[string, (text: string) => string]> = [
		['base64 of the whole file', base64],
		['base64 in lines', (text) => base64(text).replace(/.{76}/g, '$&\n')],
		['base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
		['base64 of base64', (text) => base64(base64(text))],
		[
			'base64 of UTF-16, as PowerShell makes it',
			(text) => Buffer.from(text, 'utf16le').toString('base64'),
		],
		['base64 with quotes around', (text) => `"${base64(text)}"`],
		['a data URL', (text) => `data:application/x-pem-file;base64,${base64(text)}`],
		['line breaks escaped twice', (text) => literal(text, '\\\\n')],
		['line breaks escaped four times', (text) => literal(text, '\\\\\\\\n')],
		['CR LF escaped twice', (text) => literal(text, '\\\\r\\\\n')],
		['JSON', (text) => JSON.stringify(text)],
		['JSON twice', (text) => JSON.stringify(JSON.stringify(text))],
		['JSON thrice', (text) => JSON.stringify(JSON.stringify(JSON.stringify(text)))],
		['a field of JSON', (text) => JSON.stringify({ key: JSON.stringify(text) })],
		[
			'JSON with escaped signs',
			(text) => JSON.stringify(text).replaceAll('+', '\\u002b').replaceAll('/', '\\/'),
		],
		['JSON of base64', (text) => JSON.stringify(base64(text))],
		['zero-width blanks', (text) => text.replace(/\n/g, '\n\u200b').replace('KEY', 'K\u2060EY')],
		['a zero-width blank in front', (text) => `\u200b\ufeff${text}\u200d`],
		[
			'no-break blanks for line breaks',
			(text) => literal(text.trim(), '\u00a0').replace('PRIVATE KEY', 'PRIVATE\u00a0KEY'),
		],
		['CR alone', (text) => literal(text, '\r')],
		['<br>', (text) => literal(text, '<br>')],
		['<br/> with line breaks', (text) => literal(text, '<br />\n')],
		['paragraphs', (text) => literal(text, '</p><p class="x">')],
		['HTML', (text) => html(literal(text, '&#10;'))],
		['HTML in hexadecimal', (text) => literal(text, '&#x0A;')],
		['HTML twice', (text) => literal(text, '&amp;#10;')],
		['<br> written out', (text) => literal(text, '&lt;br&gt;')],
		['a URL', (text) => encodeURIComponent(text)],
		['a form', (text) => new URLSearchParams({ k: text }).toString().slice(2)],
		['typographic quotes', (text) => `“${text.trim()}”`],
		['a code block', (text) => `\`\`\`\n${text}\`\`\``],
		['an environment file', (text) => `WECOM_KEY="${literal(text.trim(), '\\n')}"`],
		['dashes of a word processor', (text) => text.replaceAll('-----', '——–')],
		['lines that go on', (text) => literal(text, '\\\n')],
		['base64 in a field of JSON', (text) => JSON.stringify({ key: base64(text), version: 1 })],
		['base64 in an environment file', (text) => `WECOM_KEY=${base64(text)}`],
		['blanks between dashes and words', (text) => text.replace(/(-----)\B|\B(-----)$/gm, '$1 $2')],
		['fewer dashes', (text) => text.replaceAll('-----', '----')],
		['more dashes', (text) => text.replaceAll('-----', '------')],
		['small letters around', (text) => text.replace(/-----.*-----/g, (line) => line.toLowerCase())],
		['a list of lines', (text) => JSON.stringify(text.trim().split('\n'), null, '\t')],
		['lines in quotes', (text) => `'${literal(text.trim(), "'\n'")}'`],
		['lines of source code', (text) => `"${literal(text.trim(), '\\n" +\n\t"')}"`],
		['quoted mail', (text) => `> ${literal(text.trim(), '\n> ')}`],
		['commas for line breaks', (text) => literal(text.trim(), ',')],
		['line breaks in hexadecimal', (text) => literal(text, '\\x0a')],
	];

	test.each(WRAPPINGS)('%s', (_how, wrap) => {
		for (const form of [key.pkcs8, key.pkcs1]) {
			expect(opensFor(key, parsePrivateKey(wrap(form)))).toBe(true);
		}
		expect(opensFor(key, parsePrivateKey(wrap(dekInfoAes), ASCII_PASSPHRASE))).toBe(true);
	});

	test.each(WRAPPINGS)('%s, and in another one', (_how, wrap) => {
		for (const other of [(text: string) => JSON.stringify(text), base64]) {
			expect(opensFor(key, parsePrivateKey(other(wrap(key.pkcs8))))).toBe(true);
		}
	});

	test('base64 of DER with zero-width blanks and <br>', () => {
		const text = `\u200b${bodyOfPem(key.pkcs8).replace(/.{64}/g, '$&<br>\u200b')}`;
		expect(opensFor(key, parsePrivateKey(text))).toBe(true);
	});

	test.each<[string, KeyErrorReason, () => string]>([
		['base64 of a public key file', 'public_key', () => base64(publicPem('spki'))],
		[
			'JSON twice of a certificate',
			'certificate',
			() => JSON.stringify(JSON.stringify(certificate())),
		],
		[
			'an EncodingAESKey with a zero-width blank',
			'encoding_aes_key',
			() => `${PUBLISHED_ENCODING_AES_KEY}\u200b`,
		],
		['base64 of words', 'unreadable', () => base64('no key at all '.repeat(20))],
		['base64 of an encrypted key', 'passphrase_missing', () => base64(dekInfoAes)],
		['zero-width blanks alone', 'empty', () => '\u200b\u200b'],
	])('else it says what it is: %s', (_what, reason, text) => {
		expect(thrownBy(() => parsePrivateKey(text()))).toMatchObject({ reason });
	});

	test('in bounded time', () => {
		for (const part of ['\\n', '<br', '&#10;', '%', '-----BEGIN ', 'QUJD', '"']) {
			const start = performance.now();
			expect(() => parsePrivateKey(part.repeat(300_000))).toThrow(KeyError);
			expect(performance.now() - start).toBeLessThan(2000);
		}
	});
});

describe('a private key with passphrase is read', () => {
	test.each(['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc'])('as PKCS#8 in %s', (cipher) => {
		expect(opensFor(key, parsePrivateKey(encryptedPkcs8(cipher), PASSPHRASE))).toBe(true);
	});

	test.each<[string, () => string]>([
		[
			'as PKCS#8 by node-forge in AES-256 with HMAC-SHA512',
			() => byForge('aes256', { prfAlgorithm: 'sha512' }),
		],
		['as PKCS#8 in PKCS#12 3DES', () => byForge('3des')],
		['as PKCS#8 in RC2, which OpenSSL 3 lacks', () => encryptWithRc2(key, ASCII_PASSPHRASE)],
		['as PKCS#8 in single DES, which OpenSSL 3 lacks', () => byForge('des')],
		['with DEK-Info AES-256-CBC', () => dekInfoAes],
		['with DEK-Info AES-128-CBC', () => dekInfo('aes128')],
		['with DEK-Info DES-EDE3-CBC', () => dekInfo3des],
		['with DEK-Info DES-CBC, which OpenSSL 3 lacks', () => dekInfo('des')],
		['with DEK-Info and literal \\n', () => literal(dekInfoAes, '\\n')],
		['with DEK-Info and literal \\r\\n', () => literal(literal(dekInfo3des, '\n'), '\\r\\n')],
		['with DEK-Info on one line with spaces', () => spaces(dekInfoAes)],
		['with DEK-Info 3DES on one line with spaces', () => spaces(dekInfo3des)],
		['with DEK-Info on one line without anything', () => joined(hexBehindVector('aes256'))],
		['with DEK-Info 3DES on one line without anything', () => joined(hexBehindVector('3des'))],
		['with DEK-Info in quotes behind a byte order mark', () => `\uFEFF"${dekInfoAes.trim()}"`],
		['with the initial vector in lower case', () => lowerCaseIv(dekInfoAes)],
		['as PKCS#8 on one line with spaces', () => spaces(byForge('aes256'))],
		['as base64 of encrypted DER', () => bodyOfPem(byForge('aes256'))],
		['as base64 of DER in RC2', () => bodyOfPem(encryptWithRc2(key, ASCII_PASSPHRASE))],
	])('%s', (_form, text) => {
		expect(opensFor(key, parsePrivateKey(text(), ASCII_PASSPHRASE))).toBe(true);
	});

	test('with DEK-Info as node:crypto writes it', () => {
		const text = key.privateKey.export({
			type: 'pkcs1',
			format: 'pem',
			cipher: 'aes-256-cbc',
			passphrase: PASSPHRASE,
		});
		expect(text).toContain('DEK-Info: AES-256-CBC');
		expect(opensFor(key, parsePrivateKey(text.toString(), PASSPHRASE))).toBe(true);
	});
});

describe('what is no RSA-2048 private key is refused with its own reason', () => {
	test.each<[string, KeyErrorReason, () => string]>([
		['nothing', 'empty', () => ''],
		['blanks', 'empty', () => ' \r\n\t'],
		['a byte order mark alone', 'empty', () => '\uFEFF'],
		['a pair of quotes', 'empty', () => '""'],
		['the published EncodingAESKey', 'encoding_aes_key', () => PUBLISHED_ENCODING_AES_KEY],
		['an EncodingAESKey with =', 'encoding_aes_key', () => `"${PUBLISHED_ENCODING_AES_KEY}="\n`],
		['a public key (SPKI)', 'public_key', () => publicPem('spki')],
		['a public key (PKCS#1)', 'public_key', () => publicPem('pkcs1')],
		['a public key on one line', 'public_key', () => spaces(publicPem('spki'))],
		['base64 of a public key (SPKI)', 'public_key', () => bodyOfPem(publicPem('spki'))],
		['base64 of a public key (PKCS#1)', 'public_key', () => bodyOfPem(publicPem('pkcs1'))],
		['a public key below a private header', 'public_key', () => mislabelledPublicKey()],
		['a certificate', 'certificate', () => certificate()],
		[
			'a trusted certificate',
			'certificate',
			() => relabelled(certificate(), 'TRUSTED CERTIFICATE'),
		],
		['an EC key (SEC1)', 'not_rsa', () => ecKey('sec1')],
		['an EC key (SEC1) below its parameters', 'not_rsa', () => `${ecParameters()}${ecKey('sec1')}`],
		['an encrypted EC key (SEC1)', 'not_rsa', () => encryptedEcKey()],
		['an EC key (PKCS#8)', 'not_rsa', () => ecKey('pkcs8')],
		['base64 of an EC key (SEC1)', 'not_rsa', () => bodyOfPem(ecKey('sec1'))],
		['base64 of an EC key (PKCS#8)', 'not_rsa', () => bodyOfPem(ecKey('pkcs8'))],
		['an Ed25519 key', 'not_rsa', () => ed25519()],
		['an RSA-PSS key', 'not_rsa', () => rsaPss()],
		['an OpenSSH key', 'openssh', () => openSsh()],
		['an OpenSSH key on one line', 'openssh', () => spaces(openSsh())],
		['RSA of 1024 bits', 'wrong_size', () => newRsaKey(1024).pkcs1],
		['RSA of 4096 bits', 'wrong_size', () => newRsaKey(4096).pkcs8],
		[
			'an encrypted PKCS#8 key without passphrase',
			'passphrase_missing',
			() => encryptedPkcs8('aes-256-cbc'),
		],
		['a DEK-Info key without passphrase', 'passphrase_missing', () => dekInfoAes],
		[
			'a DEK-Info key on one line without passphrase',
			'passphrase_missing',
			() => spaces(dekInfo3des),
		],
		[
			'base64 of an encrypted key without passphrase',
			'passphrase_missing',
			() => bodyOfPem(encryptedPkcs8('aes-256-cbc')),
		],
		['a key without its END line', 'truncated', () => key.pkcs8.replace(/-----END.*/s, '')],
		['a key cut off in its END line', 'truncated', () => key.pkcs1.trim().slice(0, -3)],
		['a key with the END line of another', 'truncated', () => key.pkcs1.replace('END RSA', 'END')],
		['a key cut off in the middle', 'unreadable', () => withoutMiddle(key.pkcs8)],
		['words', 'unreadable', () => 'please ask operations for the key, it is in the safe'],
		['a path', 'unreadable', () => '/srv/secrets/wecom-2026.pem'],
		['base64 of something else', 'unreadable', () => randomBytes(1200).toString('base64')],
		['PEM lines around something else', 'unreadable', () => pem('PRIVATE KEY', randomBytes(1200))],
		['PEM lines around nothing', 'unreadable', () => pem('PRIVATE KEY', Buffer.alloc(0))],
		['PEM lines of another kind', 'unreadable', () => pem('DH PARAMETERS', randomBytes(300))],
		['a certificate request', 'certificate', () => pem('CERTIFICATE REQUEST', randomBytes(300))],
	])('%s', (_what, reason, text) => {
		const pasted = text();
		const error = thrownBy(() => parsePrivateKey(pasted)) as KeyError;
		expect(error).toBeInstanceOf(KeyError);
		expect({ reason: error.reason, code: error.code }).toEqual({ reason, code: 'key' });
		expect(error.hint).toMatch(/\w{3}/);
		expect(leakOf(error, pasted)).toBeUndefined();
	});

	test('an encrypted EC key, once its passphrase opens it', () => {
		const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		const text = privateKey
			.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
			.toString();
		expect(thrownBy(() => parsePrivateKey(text, PASSPHRASE))).toMatchObject({ reason: 'not_rsa' });
	});

	test('an encrypted body that is damaged, as unreadable: no passphrase would help', () => {
		const text = withoutMiddle(encryptedPkcs8('aes-256-cbc'));
		const error = thrownBy(() => parsePrivateKey(text, PASSPHRASE));
		expect(error).toMatchObject({ reason: 'unreadable' });
	});

	test('a cipher that nobody here knows, as unreadable: the passphrase may well be right', () => {
		const text = dekInfoAes.replace('AES-256-CBC', 'FOO-256-CBC');
		const error = thrownBy(() => parsePrivateKey(text, ASCII_PASSPHRASE));
		expect(error).toMatchObject({ reason: 'unreadable' });
	});
});

describe('a wrong passphrase is called a wrong passphrase', () => {
	test.each<[string, () => string]>([
		['for PKCS#8 in AES-256', () => encryptedPkcs8('aes-256-cbc')],
		['for PKCS#8 in 3DES', () => encryptedPkcs8('des-ede3-cbc')],
		['for PKCS#8 in RC2', () => encryptWithRc2(key, ASCII_PASSPHRASE)],
		['for PKCS#8 in single DES', () => byForge('des')],
		['for DEK-Info AES-256-CBC', () => dekInfoAes],
		['for DEK-Info DES-EDE3-CBC', () => spaces(dekInfo3des)],
		['for DEK-Info DES-CBC', () => dekInfo('des')],
		['for base64 of encrypted DER', () => bodyOfPem(encryptedPkcs8('aes-256-cbc'))],
	])('%s', (_kind, text) => {
		const pasted = text();
		const wrong = 'Tr0ub4dor&3 is wrong';
		const error = thrownBy(() => parsePrivateKey(pasted, wrong)) as KeyError;
		expect(error).toBeInstanceOf(KeyError);
		expect(error).toMatchObject({ reason: 'passphrase_wrong', code: 'key' });
		expect(error.hint).toMatch(/\w{3}/);
		expect(leakOf(error, pasted)).toBeUndefined();
		expect(leakOf(error, wrong)).toBeUndefined();
	});

	// One in 256 leaves bytes whose padding fits by chance, and which only then turn out to be no key.
	test.each<[string, () => string]>([
		['for DEK-Info AES-256-CBC', () => dekInfoAes],
		['for DEK-Info DES-CBC', () => dekInfo('des')],
		['for PKCS#8 in AES-256', () => byForge('aes256', { count: 1 })],
		['for PKCS#8 in single DES', () => byForge('des', { count: 1 })],
	])('every one of 1000 of them %s', (_kind, text) => {
		const pasted = text();
		const reasons = new Set<string>();
		for (let attempt = 0; attempt < 1000; attempt++) {
			const error = thrownBy(() => parsePrivateKey(pasted, `wrong ${attempt}`));
			reasons.add((error as KeyError).reason);
		}
		expect([...reasons]).toEqual(['passphrase_wrong']);
	});
});

function publicPem(type: 'spki' | 'pkcs1'): string {
	return key.publicKey.export({ type, format: 'pem' }).toString();
}

function mislabelledPublicKey(): string {
	return relabelled(publicPem('spki'), 'PRIVATE KEY');
}

function relabelled(text: string, label: string): string {
	return pem(label, Buffer.from(bodyOfPem(text), 'base64'));
}

function withoutMiddle(text: string): string {
	const lines = text.trim().split('\n');
	return [...lines.slice(0, 8), ...lines.slice(12)].join('\n');
}

function certificate(): string {
	const unsigned = forge.pki.createCertificate();
	unsigned.publicKey = key.forgePublic;
	unsigned.serialNumber = '01';
	unsigned.validity.notAfter = new Date(unsigned.validity.notBefore.getTime() + 86_400_000);
	const name = [{ name: 'commonName', value: 'archive.example' }];
	unsigned.setSubject(name);
	unsigned.setIssuer(name);
	unsigned.sign(key.forgePrivate, forge.md.sha256.create());
	return forge.pki.certificateToPem(unsigned);
}

function ecKey(type: 'sec1' | 'pkcs8'): string {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return privateKey.export({ type, format: 'pem' }).toString();
}

function encryptedEcKey(): string {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return privateKey
		.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
		.toString();
}

/** The block that `openssl ecparam -genkey` puts before the key: the OID of P-256. */
function ecParameters(): string {
	return pem('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex'));
}

function ed25519(): string {
	const { privateKey } = generateKeyPairSync('ed25519');
	return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function rsaPss(): string {
	const { privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
	return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function openSsh(): string {
	return pem(
		'OPENSSH PRIVATE KEY',
		Buffer.concat([Buffer.from('openssh-key-v1\0'), randomBytes(900)]),
	);
}

/** Joined, the key's first characters look like more of the initial vector before them. */
function hexBehindVector(algorithm: ForgeCipher): string {
	for (;;) {
		const text = dekInfo(algorithm);
		if (/\r?\n\r?\n[0-9A-Fa-f]/.test(text)) return text;
	}
}

function lowerCaseIv(text: string): string {
	return text.replace(/(?<=DEK-Info: [A-Z0-9-]+,)[0-9A-F]+/, (iv) => iv.toLowerCase());
}
