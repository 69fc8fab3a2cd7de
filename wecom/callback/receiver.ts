import { CallbackRefusedError, InvalidInputError } from '../errors';
import { CallbackCipher, type CallbackFrame } from './cipher';
import { findEncrypt, MAX_BODY_BYTES } from './envelope';
import { toEvent, type CallbackEvent } from './event';
import { isSignatureGood } from './signature';

/** The callback settings of the WeCom console, and what to accept. */
export interface CallbackSettings {
	token: string;
	encodingAesKey: string;
	/**
	 * Accepted receive ids: SuiteId for command callbacks, CorpId for data callbacks, provider CorpId
	 * for system events. An empty list accepts only the empty id of robots and individual developers,
	 * {@link ANY_RECEIVE_ID} in it whatever comes with this Token and key.
	 */
	receiveIds: readonly string[];
	/**
	 * Largest age or lead of the signed timestamp, and of the time in the event where it has one,
	 * seconds; off when left out. WeCom asks for none.
	 */
	timeWindowSeconds?: number;
	/** Largest body taken, bytes. */
	maxBodyBytes?: number;
}

/** Query parameters as an HTTP server hands them over; hostile until checked. */
export type CallbackQuery = Readonly<Record<string, unknown>>;

/** A verified callback and the text it was made from. */
export interface ReceivedCallback {
	event: CallbackEvent;
	/** The decrypted message as WeCom wrote it. */
	plaintext: string;
}

/** Among the accepted receive ids: lets in every corp, those too that install the app tomorrow. */
export const ANY_RECEIVE_ID = '*';

const MAX_PARAMETER_CHARACTERS = 256;
const MAX_ECHOSTR_CHARACTERS = 8192;
/** WeCom's are some 19 digits: one word, and no message whatever its format. */
const ECHO = /^\s*[\w.~+/=-]{1,64}\s*$/;
/** Of a receive id in an error; WeCom's have 18 to 32 characters. */
const MAX_ID_CHARACTERS = 64;
/** Seconds since 1970, from 2001 to 2286. */
const TIMESTAMP = /^\d{10}$/;

/**
 * Verifies and decrypts callbacks: size → ciphertext → signature → decrypt → padding and length →
 * receiveid → time window → event. Nothing is decrypted before its signature is checked.
 *
 * @example
 * const receiver = new CallbackReceiver({ token, encodingAesKey, receiveIds: ['ww…'] });
 * app.get('/callback', (req, res) => res.type('text/plain').send(receiver.verifyUrl(req.query)));
 * app.post('/callback', (req, res) => {
 *   const { event } = receiver.receive(req.query, req.rawBody); // throws CallbackRefusedError
 *   res.type('text/plain').send('success');
 * });
 * Source: https://developer.work.weixin.qq.com/document/path/90930
 */
export class CallbackReceiver {
	private readonly cipher: CallbackCipher;
	private readonly receiveIds: ReadonlySet<string>;

	/** @throws InvalidInputError for a blank Token or a text that is no EncodingAESKey */
	constructor(private readonly settings: CallbackSettings) {
		if (settings.token.trim() === '') {
			throw new InvalidInputError(
				'token',
				'The callback Token is empty',
				'It stands beside URL and EncodingAESKey in the callback settings of the WeCom console.',
			);
		}
		this.cipher = new CallbackCipher(settings.encodingAesKey);
		this.receiveIds = new Set(settings.receiveIds.length ? settings.receiveIds : ['']);
	}

	/**
	 * Answers WeCom's check of the callback URL. A callback that somebody recorded is signed and
	 * encrypted alike, so only what an echostr can be is given back; see that it is not given twice.
	 *
	 * @returns the plaintext to reply with, nothing around it, within a second
	 * @throws CallbackRefusedError
	 */
	verifyUrl(query: CallbackQuery): string {
		const echostr = parameter(query, 'echostr', MAX_ECHOSTR_CHARACTERS);
		const { message } = this.open(query, spellingsOf(echostr));
		if (!ECHO.test(message)) {
			throw new CallbackRefusedError(
				'no_echostr',
				'What the echostr decrypts to is no text of a URL check: somebody sends a recorded callback as one',
			);
		}
		return message;
	}

	/**
	 * Verifies and decrypts one callback.
	 *
	 * @param body the raw bytes: a parsed body has lost what the signature covers
	 * @throws CallbackRefusedError; answer its status and start nothing
	 */
	receive(query: CallbackQuery, body: Buffer): ReceivedCallback {
		const encrypt = findEncrypt(body, this.settings.maxBodyBytes ?? MAX_BODY_BYTES);
		const frame = this.open(query, [encrypt]);
		const event = toEvent(frame);
		// The signature covers its parts in sorted order: timestamp and nonce could change places.
		if (event.time !== undefined)
			this.checkTime(Date.parse(event.time) / 1000, 'time in the event');
		return { event, plaintext: frame.message };
	}

	/** @param spellings of the ciphertext; the one that was signed counts */
	private open(query: CallbackQuery, spellings: readonly string[]): CallbackFrame {
		const signature = parameter(query, 'msg_signature');
		const timestamp = parameter(query, 'timestamp');
		const nonce = parameter(query, 'nonce');
		const encrypt = spellings.find((spelling) =>
			isSignatureGood(this.settings.token.trim(), timestamp, nonce, spelling, signature),
		);
		if (encrypt === undefined) {
			throw new CallbackRefusedError(
				'bad_signature',
				'The signature does not match: the Token differs from the console, or the request is forged',
			);
		}
		const frame = this.cipher.open(encrypt);
		const { receiveId } = frame;
		if (!this.receiveIds.has(receiveId) && !this.receiveIds.has(ANY_RECEIVE_ID)) {
			throw new CallbackRefusedError(
				'receiveid_mismatch',
				`The callback is meant for ${named(receiveId)}, which is not among the receive ids of the credential`,
			);
		}
		this.checkTime(TIMESTAMP.test(timestamp) ? Number(timestamp) : NaN, 'signed timestamp');
		return frame;
	}

	private checkTime(seconds: number, what: string): void {
		const { timeWindowSeconds } = this.settings;
		if (!timeWindowSeconds) return;
		const skew = Math.abs(Date.now() / 1000 - seconds);
		if (!(skew <= timeWindowSeconds)) {
			throw new CallbackRefusedError(
				'outside_time_window',
				Number.isNaN(seconds)
					? `The ${what} is not a time of ten digits`
					: `The ${what} is more than ${timeWindowSeconds} s away from this machine's clock`,
			);
		}
	}
}

/** A receive id for people: it is WeCom's, but for their logs it is bounded and one line. */
function named(receiveId: string): string {
	if (receiveId === '') return 'no receive id (a robot, an individual developer)';
	const shown = receiveId.slice(0, MAX_ID_CHARACTERS).replace(/[^\x21-\x7e]/g, '?');
	return `the receive id "${shown}"`;
}

/**
 * What a query parameter in base64 may have been before it got here: proxies make a blank of `+`, for
 * base64 holds none, or encode a query that is encoded already.
 */
function spellingsOf(text: string): string[] {
	const spellings = [text, decodedOnceMore(text)];
	return [...new Set(spellings.flatMap((one) => [one, one.replaceAll(' ', '+')]))];
}

function decodedOnceMore(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function parameter(
	query: CallbackQuery,
	name: string,
	maxCharacters = MAX_PARAMETER_CHARACTERS,
): string {
	const value = query[name];
	if (typeof value !== 'string' || value === '' || value.length > maxCharacters) {
		throw new CallbackRefusedError(
			'malformed_query',
			`The query parameter ${name} is missing, repeated or too long`,
		);
	}
	return value;
}
