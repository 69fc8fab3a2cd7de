import type { Random } from '../../simulator/random';

const bytes = (random: Random, length: number) =>
	Buffer.from(Array.from({ length }, () => random.int(0, 255)));

const TOKENS = [
	'<![CDATA[',
	']]>',
	'<!--',
	'-->',
	'<?xml version="1.0"?>',
	'</Encrypt>',
	'<Encrypt>',
	'<Encrypt/>',
	'</xml>',
	'&lt;',
	'&#0;',
	'{"encrypt":',
	'__proto__',
	'\0',
	'\uFEFF',
	'\r\n',
	'"',
	'\\',
	'%00',
	'💬',
];

/** Bodies that have nothing to do with a callback. */
export const RANDOM_BODIES: ReadonlyArray<(random: Random) => Buffer> = [
	(random) => bytes(random, random.int(1, 2000)),
	(random) => Buffer.concat([Buffer.from('<xml>'), bytes(random, random.int(1, 2000))]),
	(random) => Buffer.concat([Buffer.from('{"encrypt":"'), bytes(random, random.int(1, 2000))]),
	(random) =>
		Buffer.from(Array.from({ length: random.int(1, 60) }, () => random.pick(TOKENS)).join('')),
	(random) => Buffer.from('{"a":'.repeat(random.int(1, 5000))),
	(random) => Buffer.from('['.repeat(random.int(1, 50_000))),
	(random) => Buffer.from('<a>'.repeat(random.int(1, 40_000))),
	(random) => Buffer.from('<'.repeat(random.int(1, 100_000))),
	(random) =>
		Buffer.from(`{"encrypt":${random.pick(['null', '1e999', '[]', '{}', 'true', '""'])}}`),
	(random) =>
		Buffer.from(JSON.stringify({ encrypt: { toString: random.text(5) }, __proto__: null })),
	() => Buffer.from('{"__proto__":{"encrypt":"YWJj"},"constructor":{"prototype":1}}'),
	() => Buffer.from('<xml><Encrypt></Encrypt></xml>'),
	() => Buffer.alloc(0),
];

const MUTATIONS: ReadonlyArray<(random: Random, body: Buffer) => Buffer> = [
	// One bit.
	(random, body) => {
		const copy = Buffer.from(body);
		const at = random.int(0, copy.length - 1);
		copy[at] = (copy[at] as number) ^ (1 << random.int(0, 7));
		return copy;
	},
	// A piece left out.
	(random, body) => {
		const from = random.int(0, body.length - 1);
		return Buffer.concat([body.subarray(0, from), body.subarray(from + random.int(1, 40))]);
	},
	// A piece twice.
	(random, body) => {
		const from = random.int(0, body.length - 1);
		const piece = body.subarray(from, from + random.int(1, 200));
		return Buffer.concat([body.subarray(0, from), piece, body.subarray(from)]);
	},
	// Something strange put in.
	(random, body) => {
		const at = random.int(0, body.length);
		const strange = random.chance(0.5)
			? bytes(random, random.int(1, 20))
			: Buffer.from(random.pick(TOKENS));
		return Buffer.concat([body.subarray(0, at), strange, body.subarray(at)]);
	},
	// The end cut off.
	(random, body) => body.subarray(0, random.int(0, body.length - 1)),
];

/**
 * The body with some mutations in it.
 *
 * @param encrypt the signed text, which is damaged in any case
 */
export function damage(random: Random, body: Buffer, encrypt: string): Buffer {
	let damaged = body;
	for (let left = random.int(1, 8); left > 0 && damaged.length > 0; left--) {
		damaged = random.pick(MUTATIONS)(random, damaged);
	}
	for (;;) {
		const at = damaged.indexOf(encrypt);
		if (at === -1) return damaged;
		damaged = Buffer.from(damaged);
		const position = at + random.int(0, encrypt.length - 1);
		// Another letter of the alphabet: the text stays base64, the signature no longer fits.
		damaged[position] = damaged[position] === 65 ? 66 : 65;
	}
}
