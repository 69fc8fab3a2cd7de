import { ManySecrets } from './manySecrets';

const NAMES =
	'(?:suite_|provider_)?access_?token|corp_?secret|suite_?secret|provider_?secret|permanent_?code|suite_?ticket|(?:pre_)?auth_?code|encoding_?aes_?key|secret_?key|secret|passwd|password|passphrase|private_?key';
/** What is secret by its name or shape; the secret itself is the group `value`, else all of it. */
const SHAPES = [
	// In a query, a form or a log line.
	new RegExp(`\\b(?:${NAMES})(?:=|:\\s*)(?!["'\\\\])(?<value>[^&\\s"',}<]+)`, 'gdi'),
	// In JSON, also where that is a text in JSON: its quotes carry the same backslashes then.
	new RegExp(
		`\\b(?:${NAMES})(\\\\*)["']\\s*[:=]\\s*\\1(["'])(?<value>.*?)(?:(?<!\\\\)\\1\\2|$)`,
		'gdis',
	),
	new RegExp(`<(${NAMES})>(?<value>.*?)(?:</\\1>|$)`, 'gdis'),
	/\bauthorization["']?\s*:\s*["']?(?:basic|bearer)\s+(?<value>[^\s"',}]+)/dgi,
	/-----BEGIN[ +][A-Z +]*PRIVATE[ +]KEY-----.*?(?:-----END[ +][A-Z +]*PRIVATE[ +]KEY-----|$)/dgs,
];

/** One character as JSON, URLs and HTML write it. What stands for it may be written so again. */
const ESCAPE =
	/(?:\\{1,64}|%)u(d[89ab][0-9a-f]{2})(?:\\{1,64}|%)u(d[c-f][0-9a-f]{2})|(?:\\{1,64}|%)u([0-9a-f]{4})|(?:%|\\{1,64}x)([0-9a-f]{2})|(?:&#x|\\{1,64}u\{)0{0,8}([0-9a-f]{1,6})[;}]|&(?:#([0-9]{1,7})|([a-z]{2,7}));/gi;
const ENTITIES: Readonly<Partial<Record<string, string>>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', nbsp: ' ', tab: '\t', newline: '\n', bsol: '\\', sol: '/', colon: ':', semi: ';', comma: ',', period: '.', plus: '+', equals: '=', percnt: '%', num: '#', dollar: '$', commat: '@', excl: '!', quest: '?', lpar: '(', rpar: ')', lsqb: '[', lbrack: '[', rsqb: ']', rbrack: ']', lcub: '{', lbrace: '{', rcub: '}', rbrace: '}', lowbar: '_', verbar: '|', vert: '|', grave: '`', hat: '^', ast: '*' }; // prettier-ignore
/** What JSON writes as a letter after a backslash. */
const LETTERS: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f', '+': ' ' }; // prettier-ignore
/** How often a text is read as one written in another. */
const MAX_LEVELS = 6;
/** Most that one byte of a secret may take: a percent sign, written anew at each of three levels. */
const MAX_SPELLING = 8;

const MIN_SECRET_CHARACTERS = 4;
/** Fewer are met by chance. */
const MIN_ENCODED_CHARACTERS = 5;
const MAX_LEARNT = 64;
const MAX_OF_A_CALL = 8;
const MAX_READ = 16_000;
const MAX_SHOWN = 500;

/**
 * Takes secrets out of every text that may reach a person or a log: by name (a token in a query
 * string), by shape (a private key) and by value (the tokens and secrets this client knows), in every
 * spelling that JSON, JSON in JSON, URLs, forms, HTML and base64 give them, also in one another.
 */
export class Redactor {
	/** What the client was made with, and how it looks once its spelling is undone; never forgotten. */
	private readonly given = new Map<string, Set<string>>();
	private readonly learnt = new Map<string, Set<string>>();
	/** Those of calls that are under way. */
	private readonly held = new ManySecrets();

	/** @param secrets values to remove wherever they appear; blanks are ignored */
	constructor(secrets: Array<string | undefined> = []) {
		for (const secret of secrets) remember(this.given, secret);
	}

	/** Learns one more secret, a token just fetched say. Beyond 64 the first learnt is forgotten. */
	add(secret: string | undefined): void {
		remember(this.learnt, secret);
		if (this.learnt.size > MAX_LEARNT) {
			const [oldest] = this.learnt.keys();
			if (oldest !== undefined) this.learnt.delete(oldest);
		}
	}

	/**
	 * Learns the secrets of one call. Many, the keys of a thousand messages say, are known for as long
	 * as the call lasts, but for their spellings in base64 and hex, which take half a millisecond each
	 * to make; a few as {@link add} knows them.
	 *
	 * @returns what forgets the many
	 */
	learn(secrets: readonly string[]): () => void {
		if (secrets.length <= MAX_OF_A_CALL) {
			for (const secret of secrets) this.add(secret);
			return () => undefined;
		}
		const folded = secrets.map(foldedText);
		return this.held.hold(folded.filter(({ length }) => length >= MIN_SECRET_CHARACTERS));
	}

	/** The text with every secret replaced by `***`, at most 500 characters of it. */
	clean(text: string): string {
		const read = text.slice(0, MAX_READ);
		const values = [...this.given.values(), ...this.learnt.values()].flatMap((keys) => [...keys]);
		const secret = new Uint8Array(read.length);
		for (const level of levelsOf(read)) {
			for (const [start, end] of shapesIn(level.text)) mark(secret, level, start, end);
			const folded = fold(level);
			for (const value of values) {
				let at = folded.text.indexOf(value);
				for (; at >= 0; at = folded.text.indexOf(value, at + 1)) {
					mark(secret, folded, at, at + value.length);
				}
			}
			for (const [start, end] of this.held.rangesIn(folded.text)) mark(secret, folded, start, end);
		}
		// What stands at the end may be the beginning of a value.
		const lengths = [this.held.longest, ...values.map(({ length }) => length)];
		const longest = Math.max(...lengths) * MAX_SPELLING;
		const end = text.length > MAX_READ ? Math.max(0, MAX_READ - longest) : read.length;
		const cleaned = starred(read, secret, end);
		return cleaned.length > MAX_SHOWN ? `${cleaned.slice(0, MAX_SHOWN)}…` : cleaned;
	}
}

function remember(values: Map<string, Set<string>>, secret: string | undefined): void {
	const value = secret?.trim() ?? '';
	if (value.length < MIN_SECRET_CHARACTERS) return;
	const spellings = [...levelsOf(value), ...encodedIn(value).map(bytesOf)];
	const keys = spellings
		.map((spelling) => fold(spelling).text)
		.filter(({ length }) => length >= MIN_SECRET_CHARACTERS);
	values.delete(value);
	values.set(value, new Set(keys));
}

/**
 * A value as hex and base64 write it, alone or within a longer text ("user:password", JSON): there
 * it begins at any of the three bytes that make four characters, and only its own characters count.
 */
function encodedIn(value: string): string[] {
	const inJson = JSON.stringify(value).slice(1, -1);
	const inBase64 = Buffer.from(value).toString('base64');
	const inUrl = encodeURIComponent(Buffer.from(value).toString());
	const texts = new Set([value, inJson, inUrl, inBase64]);
	const hex = Buffer.from(value).toString('hex');
	const encoded = [hex, hex.toUpperCase()];
	for (const bytes of [...texts].map((text) => Buffer.from(text))) {
		for (const before of [0, 1, 2]) {
			const whole = Buffer.concat([Buffer.alloc(before), bytes]);
			const [first, last] = [Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6)];
			const own = whole.toString('base64').slice(first, last);
			if (own.length < MIN_ENCODED_CHARACTERS) continue;
			const toTheEnd = whole.toString('base64').slice(first).replace(/=+$/, '');
			for (const one of [own, toTheEnd]) {
				encoded.push(one, one.replaceAll('+', '-').replaceAll('/', '_'));
			}
		}
	}
	return encoded;
}

/** A text as its bytes in UTF-8, one character each, and where each came from. */
interface Bytes {
	text: string;
	/** Where what the byte stands for begins in the original text, and where that ends. */
	from: number[];
	to: number[];
}

/** A text as it is, and read again and again as the text that one of these spells. */
function* levelsOf(text: string): Generator<Bytes> {
	let level = bytesOf(text);
	for (let count = 1; ; count++) {
		yield level;
		const next = count < MAX_LEVELS ? unescape(level) : level;
		if (next.text === level.text) return;
		level = next;
	}
}

function bytesOf(text: string): Bytes {
	const bytes: Bytes = { text: '', from: [], to: [] };
	let at = 0;
	for (const character of text) {
		append(bytes, character, at, at + character.length);
		at += character.length;
	}
	return bytes;
}

/** Undoes one level of escapes. */
function unescape(level: Bytes): Bytes {
	const result: Bytes = { text: '', from: [], to: [] };
	const keep = (start: number, end: number) => {
		result.text += level.text.slice(start, end);
		for (let at = start; at < end; at++) {
			result.from.push(level.from[at] ?? 0);
			result.to.push(level.to[at] ?? 0);
		}
	};
	let done = 0;
	for (const match of level.text.matchAll(ESCAPE)) {
		const { index } = match;
		keep(done, index);
		done = index + match[0].length;
		append(result, charactersOf(match), level.from[index] ?? 0, level.to[done - 1] ?? 0);
	}
	keep(done, level.text.length);
	return result;
}

/** What an escape stands for; of a percent sign a byte, which is one character here. */
function charactersOf([, high, low, unit, byte, hex, decimal, entity]: RegExpMatchArray): Buffer {
	if (byte !== undefined) return Buffer.from(byte, 'hex');
	if (entity !== undefined) return Buffer.from(ENTITIES[entity.toLowerCase()] ?? `&${entity};`);
	const units = [high, low, unit].filter((digits) => digits !== undefined);
	if (units.length > 0) return Buffer.from(String.fromCharCode(...units.map((digits) => parseInt(digits, 16)))); // prettier-ignore
	const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
	return Buffer.from(code <= 0x10ffff ? String.fromCodePoint(code) : '');
}

function append(bytes: Bytes, characters: string | Buffer, from: number, to: number): void {
	for (const character of Buffer.from(characters as string).toString('latin1')) {
		bytes.text += character;
		bytes.from.push(from);
		bytes.to.push(to);
	}
}

/** The same for what spellings differ in and secrets hardly ever do: backslashes, blanks. */
function fold(level: Bytes): Bytes {
	const result: Bytes = { text: '', from: [], to: [] };
	for (let at = 0; at < level.text.length; at++) {
		const character = level.text.charAt(at);
		if (character === '\\') continue;
		result.text += LETTERS[character] ?? character;
		result.from.push(level.from[at] ?? 0);
		result.to.push(level.to[at] ?? 0);
	}
	return result;
}

/** What {@link fold} makes of the bytes of a text, without where they came from. */
function foldedText(secret: string): string {
	return Buffer.from(secret.trim())
		.toString('latin1')
		.replace(/\\/g, '')
		.replace(/[\n\r\t\b\f+]/g, (character) => LETTERS[character] ?? character);
}

function* shapesIn(text: string): Generator<readonly [number, number]> {
	for (const shape of SHAPES) {
		for (const { indices } of text.matchAll(shape)) {
			const range = indices?.groups?.value ?? indices?.[0];
			if (range) yield range;
		}
	}
}

function mark(secret: Uint8Array, { from, to }: Bytes, start: number, end: number): void {
	if (end > start) secret.fill(1, from[start], to[end - 1]);
}

function starred(text: string, secret: Uint8Array, end: number): string {
	let result = '';
	for (let at = 0; at < end;) {
		const kind = secret[at];
		const next = secret.subarray(0, end).indexOf(kind ? 0 : 1, at);
		const stop = next < 0 ? end : next;
		result += kind ? '***' : text.slice(at, stop);
		at = stop;
	}
	return result;
}
