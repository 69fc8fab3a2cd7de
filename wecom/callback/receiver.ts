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
	 * for system events. An empty list accepts only the empty id of robots and individual developers.
	 */
	receiveIds: readonly string[];
	/** Largest age or lead of the signed timestamp, seconds; off when left out. WeCom asks for none. */
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

const MAX_PARAMETER_CHARACTERS = 256;
const MAX_ECHOSTR_CHARACTERS = 8192;

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
	 * Answers WeCom's check of the callback URL.
	 *
	 * @returns the plaintext to reply with, nothing around it, within a second
	 * @throws CallbackRefusedError
	 */
	verifyUrl(query: CallbackQuery): string {
		const echostr = parameter(query, 'echostr', MAX_ECHOSTR_CHARACTERS);
		return this.open(query, echostr).message;
	}

	/**
	 * Verifies and decrypts one callback.
	 *
	 * @param body the raw bytes: a parsed body has lost what the signature covers
	 * @throws CallbackRefusedError; answer its status and start nothing
	 */
	receive(query: CallbackQuery, body: Buffer): ReceivedCallback {
		const encrypt = findEncrypt(body, this.settings.maxBodyBytes ?? MAX_BODY_BYTES);
		const frame = this.open(query, encrypt);
		return { event: toEvent(frame), plaintext: frame.message };
	}

	private open(query: CallbackQuery, encrypt: string): CallbackFrame {
		const signature = parameter(query, 'msg_signature');
		const timestamp = parameter(query, 'timestamp');
		const nonce = parameter(query, 'nonce');
		if (!isSignatureGood(this.settings.token.trim(), timestamp, nonce, encrypt, signature)) {
			throw new CallbackRefusedError(
				'bad_signature',
				'The signature does not match: the Token differs from the console, or the request is forged',
			);
		}
		const frame = this.cipher.open(encrypt);
		if (!this.receiveIds.has(frame.receiveId)) {
			throw new CallbackRefusedError(
				'receiveid_mismatch',
				'The callback is meant for another receive id than the credential allows',
			);
		}
		this.checkTime(timestamp);
		return frame;
	}

	private checkTime(timestamp: string): void {
		const { timeWindowSeconds } = this.settings;
		if (!timeWindowSeconds) return;
		const skew = Math.abs(Date.now() / 1000 - Number(timestamp));
		if (!(skew <= timeWindowSeconds)) {
			throw new CallbackRefusedError(
				'outside_time_window',
				`The signed timestamp is more than ${timeWindowSeconds} s away from this machine's clock`,
			);
		}
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
