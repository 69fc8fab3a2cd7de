import { isUtf8 } from 'node:buffer';

import { visible } from '../visible';

/** Wrappings that are taken off one after the other: JSON in JSON in base64 makes three. */
const MAX_WRAPPINGS = 8;
/** Largest text that is looked at; a key of 2048 bits has 1700 characters. */
const MAX_CHARACTERS = 100_000;

const DASHES = '[-\\u2010-\\u2015\\u2212]';
const BOUNDARY = new RegExp(
	`${DASHES}{1,20} {0,4}(BEGIN|END)[ +]([A-Z0-9 +]{1,40}?) {0,4}(${DASHES}{1,20})`,
	'gi',
);
/** What source code, JSON and quoted mail put around each line. */
const AROUND_LINES = /["'`][+.,; \t]*$|,[ \t]*$|^[ \t"'`>|]+/gm;
/** base64 of "-----BEGIN", in whatever it stands. */
const BASE64_OF_PEM = /LS0tLS1CRUdJTi[A-Za-z0-9+/_\s-]*={0,2}/;
const QUOTES = '["\'`\\u00ab\\u00bb\\u2018-\\u201f\\u300c-\\u300f]';
const QUOTES_AROUND = new RegExp(`^${QUOTES}+|${QUOTES}+[,;]?$`, 'g');
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', newline: '\n', plus: '+', sol: '/', equals: '=' }; // prettier-ignore

/**
 * Takes off what a key is wrapped in when it has gone through environment variables, JSON, web pages
 * or chats: escaped line breaks, however often, quotes, HTML, URL encoding, base64 of the whole file,
 * zero-width blanks.
 *
 * @returns PEM with its BEGIN and END lines, or base64 of DER, where there was one; else what is left
 */
export function unwrapKey(text: string): string {
	let unwrapped = text.slice(0, MAX_CHARACTERS);
	for (let wrapping = 0; wrapping < MAX_WRAPPINGS; wrapping++) {
		const next = unwrapOnce(unwrapped);
		if (next === unwrapped) break;
		unwrapped = next;
	}
	return unwrapped;
}

function unwrapOnce(text: string): string {
	// A form writes blanks as plus signs, and those of base64 as %2B.
	const form = /BEGIN\+[A-Z+]*KEY-.*%/s.test(text) ? text.replaceAll('+', ' ') : text;
	const plain = fromBase64OfText(
		visible(form.normalize('NFKC'))
			.replace(/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/gi, '\n')
			.replace(/&(?:#x([0-9a-f]{1,4})|#(\d{1,5})|([a-z]+));/gi, fromEntity)
			.replace(/\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/gi, (_escape, unit?: string, byte?: string) =>
				String.fromCharCode(parseInt(unit ?? byte ?? '', 16)),
			)
			.replace(/\\+[nrt]/g, '\n')
			.replace(/\\+/g, '')
			.replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16)))
			.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')

			.replace(/[\0-\x08\x0b-\x1f\x7f]/g, '')
			.replace(BOUNDARY, toBoundary)
			.trim()
			.replace(/^data:[^,\n]{0,100};base64,/, ''),
	);
	const bare = plain.includes('-----BEGIN') ? plain.replace(AROUND_LINES, '') : plain;
	return bare.replace(QUOTES_AROUND, '').trim();
}

/** Word processors make dashes of hyphens, forms plus signs of blanks; hands leave some out. */
function toBoundary(line: string, edge: string, label: string, dashes: string): string {
	// Of a key that was cut off.
	if (/^-{1,3}$/.test(dashes)) return line;
	// Where the line breaks are gone, the next line begins right behind this one.
	const end = '-----'.repeat(dashes.length >= 10 ? 2 : 1);
	return `-----${edge} ${label.replace(/[+\s]+/g, ' ')}${end}`.toUpperCase();
}

function fromEntity(entity: string, hex?: string, decimal?: string, name?: string): string {
	if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? entity;
	return String.fromCharCode(hex === undefined ? Number(decimal) : parseInt(hex, 16));
}

/** What base64 stands for where that is a text; DER is none. */
function fromBase64OfText(text: string): string {
	const [found = text] = text.includes('-----BEGIN') ? [] : (BASE64_OF_PEM.exec(text) ?? []);
	const base64 = found.replace(/\s+/g, '').replace(QUOTES_AROUND, '');
	if (!/^[A-Za-z0-9+/_-]{100,}={0,2}$/.test(base64) || base64.includes('--')) return text;
	const bytes = Buffer.from(base64, 'base64');
	// UTF-16 of ASCII is UTF-8 with NULs, but for its mark.
	const content = bytes.subarray(bytes[0] === 0xff && bytes[1] === 0xfe ? 2 : 0);
	const decoded = content.toString();

	if (isUtf8(content) && !/[\x01-\x08\x0b-\x1f]/.test(decoded.replaceAll('\r', ''))) return decoded;
	return base64.replaceAll('-', '+').replaceAll('_', '/');
}

/** PEM with the line structure that single-line inputs destroy. */
export function toPem(label: string, body: string, headers = ''): string {
	const lines =
		body
			.replace(/[\s"'`,;]+/g, '')
			.match(/.{1,64}/g)
			?.join('\n') ?? '';
	return `-----BEGIN ${label}-----\n${headers}${lines}\n-----END ${label}-----\n`;
}
