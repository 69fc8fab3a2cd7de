/** How a library may end its process: a memory error, abort(), exit(0), or by never coming back. */
export const ENDS = ['segv', 'abort', 'exit', 'hang'] as const;

/** One of {@link ENDS}. */
export type EndsProcess = (typeof ENDS)[number];

const MAGIC = 'FSDK';

/**
 * Encrypts one message for the stub's DecryptData, with a cipher that is not Tencent's: base64 of magic,
 * checksum, one byte for {@link EndsProcess} and the text, XORed with the key.
 *
 * @param key - at least 16 characters of ASCII: what encrypt_random_key opens to
 * @param ends - what decrypting it does to the process instead of giving the text
 */
export function sealForLibrary(text: string, key: string, ends?: EndsProcess): string {
	const body = Buffer.from(text, 'utf8');
	const head = Buffer.alloc(MAGIC.length + 5);
	head.write(MAGIC, 'latin1');
	head.writeUInt32BE(fnv1a(body), MAGIC.length);
	head.writeUInt8(ends === undefined ? 0 : ENDS.indexOf(ends) + 1, MAGIC.length + 4);
	const keyBytes = Buffer.from(key, 'latin1');
	const sealed = Buffer.concat([head, body]);
	for (let index = 0; index < sealed.length; index++) {
		sealed[index] = (sealed[index] as number) ^ (keyBytes[index % keyBytes.length] as number);
	}
	return sealed.toString('base64');
}

/** FNV-1a of 32 bits. */
export function fnv1a(bytes: Uint8Array): number {
	let hash = 0x811c9dc5;
	for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
	return hash >>> 0;
}
