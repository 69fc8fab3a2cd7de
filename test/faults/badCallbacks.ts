import type { Random } from '../../simulator/random';
import { callbackOf, envelope, seal, sign } from '../support/callback';
import type { CallbackRequest } from './post';

/** Somebody who knows what a callback looks like; where a case says so, even the keys. */
export interface Forger {
	random: Random;
	keys: { token: string; encodingAesKey: string; receiveId: string };
	/** The text of an event that was never sent. */
	message: () => string;
}

const TYPE = 'text/xml';
/** Bodies beyond this many bytes are refused unread. */
const MAX_BODY_BYTES = 128 * 1024;
const LAUGHS = [
	'<!DOCTYPE xml [<!ENTITY a "ha">',
	...Array.from({ length: 8 }, (_, index) => {
		const [name, inner] = ['bcdefghi'[index], 'abcdefgh'[index]];
		return `<!ENTITY ${name} "${`&${inner};`.repeat(10)}">`;
	}),
	']>',
].join('');

/** A rightly signed and encrypted request, its body in another form. */
function signed(
	{ keys, message }: Forger,
	bodyOf: (encrypt: string) => string,
	text = message(),
): CallbackRequest {
	const encrypt = seal(text, keys);
	return {
		query: Object.entries(sign(encrypt, keys)),
		body: Buffer.from(bodyOf(encrypt)),
		contentType: TYPE,
	};
}

/** A good request, and what somebody made of its query. */
function withQuery(
	{ keys, message }: Forger,
	change: (query: CallbackRequest['query']) => CallbackRequest['query'],
): CallbackRequest {
	const { query, body } = callbackOf(message(), keys);
	return { query: change(Object.entries(query)), body, contentType: TYPE };
}

const replaced = (query: CallbackRequest['query'], name: string, value: string) =>
	query.map((pair): [string, string] => (pair[0] === name ? [name, value] : pair));

/** Requests that must be refused, by what is wrong with them. */
export const BAD_CALLBACKS: Readonly<Record<string, (forger: Forger) => CallbackRequest>> = {
	'signed with another Token': ({ random, keys, message }) => {
		const { query, body } = callbackOf(message(), { ...keys, token: random.text(20) });
		return { query: Object.entries(query), body, contentType: TYPE };
	},
	'encrypted with another key': ({ random, keys, message }) => {
		const { query, body } = callbackOf(message(), { ...keys, encodingAesKey: random.text(43) });
		return { query: Object.entries(query), body, contentType: TYPE };
	},
	'forged signature': (forger) =>
		withQuery(forger, (query) => replaced(query, 'msg_signature', forger.random.hex(40))),
	'half a signature': (forger) =>
		withQuery(forger, (query) => replaced(query, 'msg_signature', forger.random.hex(20))),
	'signature of another nonce': (forger) =>
		withQuery(forger, (query) => replaced(query, 'nonce', forger.random.digits(10))),
	'signature of another timestamp': (forger) =>
		withQuery(forger, (query) => replaced(query, 'timestamp', forger.random.digits(10))),
	'a parameter missing': (forger) => {
		const missing = forger.random.int(0, 2);
		return withQuery(forger, (query) => query.filter((_, index) => index !== missing));
	},
	'a parameter twice': (forger) => withQuery(forger, (query) => [...query, ...query.slice(0, 1)]),
	'an endless parameter': (forger) =>
		withQuery(forger, (query) => replaced(query, 'nonce', forger.random.digits(4000))),
	'no query': (forger) => withQuery(forger, () => []),
	'forged URL check': (forger) => ({
		...withQuery(forger, (query) => [...query, ['echostr', forger.random.text(64)]]),
		method: 'GET',
		body: Buffer.alloc(0),
	}),
	'a recorded callback as a URL check': ({ random, keys, message }) => {
		const { query, encrypt } = callbackOf(message(), keys);
		const echostr = random.pick([
			encrypt,
			encrypt.replaceAll('+', ' '),
			encodeURIComponent(encrypt),
		]);
		return {
			query: [...Object.entries(query), ['echostr', echostr]],
			body: Buffer.alloc(0),
			contentType: TYPE,
			method: 'GET',
		};
	},
	truncated: ({ random, keys, message }) => {
		const { query, body, encrypt } = callbackOf(message(), keys);
		// In front of the end of the ciphertext: behind it nothing of the event is missing.
		const end = random.int(0, body.indexOf(encrypt) + encrypt.length - 1);
		return { query: Object.entries(query), body: body.subarray(0, end), contentType: TYPE };
	},
	'broken off on the way': ({ keys, message }) => {
		const { query, body } = callbackOf(message(), keys);
		return { query: Object.entries(query), body, breakOff: true };
	},
	'oversized by its padding': (forger) =>
		signed(forger, (encrypt) => {
			const extra = forger.random.int(MAX_BODY_BYTES, 4 * MAX_BODY_BYTES);
			return envelope(encrypt).replace('</xml>', `${' '.repeat(extra)}</xml>`);
		}),
	'oversized by its message': (forger) => {
		const extra = forger.random.int(MAX_BODY_BYTES, 2 * MAX_BODY_BYTES);
		return signed(forger, envelope, forger.message() + ' '.repeat(extra));
	},
	'of another suite': ({ random, keys, message }) => {
		const { query, body } = callbackOf(message(), { ...keys, receiveId: `ww${random.hex(16)}` });
		return { query: Object.entries(query), body, contentType: TYPE };
	},
	'of no receive id': ({ keys, message }) => {
		const { query, body } = callbackOf(message(), { ...keys, receiveId: '' });
		return { query: Object.entries(query), body, contentType: TYPE };
	},
	'DTD bomb as the body': (forger) =>
		signed(
			forger,
			(encrypt) =>
				`<?xml version="1.0"?>${LAUGHS}<xml><A>&i;</A><Encrypt>${encrypt}</Encrypt></xml>`,
		),
	'DTD with a file in it': (forger) =>
		signed(
			forger,
			(encrypt) =>
				`<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><A>&x;</A><Encrypt>${encrypt}</Encrypt></xml>`,
		),
	'DTD bomb as the message': (forger) =>
		signed(forger, envelope, `${LAUGHS}<xml><InfoType>&i;</InfoType></xml>`),
	'thousands of tags': (forger) =>
		signed(forger, (encrypt) => `<xml>${'<a/>'.repeat(20_000)}<Encrypt>${encrypt}</Encrypt></xml>`),
	'no Encrypt': (forger) => signed(forger, () => '<xml><ToUserName>ww</ToUserName></xml>'),
	'Encrypt too deep': (forger) =>
		signed(forger, (encrypt) => `<xml><a><Encrypt>${encrypt}</Encrypt></a></xml>`),
	'a form': (forger) => ({
		...signed(forger, (encrypt) => `Encrypt=${encodeURIComponent(encrypt)}`),
		contentType: 'application/x-www-form-urlencoded',
	}),
	'the plaintext itself': (forger) => signed(forger, () => forger.message()),
};
