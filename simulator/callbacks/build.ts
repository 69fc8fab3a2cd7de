import { randomInt } from 'node:crypto';
import type { World } from '../data/world';
import { stringifyExact } from '../json';
import { Random } from '../random';
import { encryptFrame, sign } from './crypto';
import { makeEvent, type CallbackEvent, type EventFields } from './events';
import type { Channel } from './shapes';
import { toXml } from './xml';

/** What a callback says: an event with ready-made content, or any plaintext. */
export interface CallbackOptions {
	/** InfoType, Event or event_type; this or `plaintext` is needed. */
	readonly event?: CallbackEvent;
	/** In which dialect the event is sent; the first of {@link CHANNELS} that has it when absent. */
	readonly channel?: Channel;
	/** Put over the event's own fields, or added to them. */
	readonly fields?: EventFields;
	/** Sent as it is, in place of an event. */
	readonly plaintext?: string;
	/** Envelope, and the form of an event's plaintext; default `xml`, of the zone's events `json`. */
	readonly format?: 'xml' | 'json';
	/**
	 * Also the ToUserName. Default: for an event the SuiteId, the CorpID, or that of the provider, by
	 * its channel; the CorpID for a plaintext.
	 */
	readonly receiveId?: string;
}

/** The signature parameters of one request. */
export interface CallbackQuery {
	readonly msg_signature: string;
	/** unix seconds. */
	readonly timestamp: string;
	readonly nonce: string;
}

/** A request as WeCom would send it. */
export interface BuiltCallback {
	readonly query: CallbackQuery;
	readonly body: string;
	readonly contentType: string;
	/** What is encrypted in it. */
	readonly plaintext: string;
}

/** The text of a callback and whom it is for, before encryption. */
export interface CallbackContent {
	readonly plaintext: string;
	readonly receiveId: string;
	readonly format: 'xml' | 'json';
}

/** What callbacks are signed and encrypted with. */
export interface CallbackKeys {
	readonly token: string;
	/** 43 letters and digits. */
	readonly encodingAesKey: string;
}

/** What a builder starts with. */
export interface CallbackStart {
	readonly world: World;
	readonly providerCorpId: string;
	/** Decides the made-up values in events. */
	readonly seed: number;
	/** Clock in ms. */
	readonly now: () => number;
}

/** Makes the callbacks of one corp. */
export class CallbackBuilder {
	private readonly random: Random;
	private readonly world: World;
	private readonly receiveIds: Readonly<Record<Channel, string>>;

	/** Makes none by itself. */
	constructor(private readonly start: CallbackStart) {
		const { world, providerCorpId: provider, seed } = start;
		this.random = new Random(seed, 'callbacks');
		this.world = world;
		const { corpId, suiteId } = world;
		this.receiveIds = { suite: suiteId, data: corpId, provider, zone: corpId };
	}

	/**
	 * Settles what is said: the part that stays the same when WeCom tries again.
	 *
	 * @throws TypeError when there is neither an event nor a plaintext, or the event is unknown in its
	 * channel
	 */
	content(options: CallbackOptions): CallbackContent {
		const { event, plaintext, receiveId } = options;
		if (plaintext !== undefined) {
			const { format = 'xml' } = options;
			return { plaintext, format, receiveId: receiveId ?? this.world.corpId };
		}
		if (event === undefined) throw new TypeError('a callback needs an event or a plaintext');
		const scene = { ...this.start, random: this.random, timestamp: this.seconds() };
		const { channel, fields } = makeEvent({ ...options, event }, scene);
		const { format = channel === 'zone' ? 'json' : 'xml' } = options;
		return {
			plaintext: format === 'json' ? stringifyExact(fields) : toXml(fields),
			format,
			receiveId: receiveId ?? this.receiveIds[channel],
		};
	}

	/**
	 * Encrypts and signs, with a new nonce and timestamp each time.
	 *
	 * @param keys - the simulator's own when absent
	 */
	seal({ plaintext, receiveId, format }: CallbackContent, keys?: CallbackKeys): BuiltCallback {
		const { encrypt, query } = this.encryptAndSign(plaintext, receiveId, keys);
		const body =
			format === 'json'
				? JSON.stringify({ tousername: receiveId, encrypt, agentid: '' })
				: toXml({ ToUserName: receiveId, AgentID: '', Encrypt: encrypt });
		const contentType = format === 'json' ? 'application/json' : 'text/xml';
		return { query, body, contentType, plaintext };
	}

	/** The query of a URL verification, and what must be answered. */
	verification(): { query: CallbackQuery & { readonly echostr: string }; echo: string } {
		const echo = this.random.digits(19);
		const { encrypt, query } = this.encryptAndSign(echo, this.world.corpId);
		return { query: { ...query, echostr: encrypt }, echo };
	}

	private seconds(): number {
		return Math.floor(this.start.now() / 1000);
	}

	private encryptAndSign(
		plaintext: string,
		receiveId: string,
		keys?: CallbackKeys,
	): { encrypt: string; query: CallbackQuery } {
		const token = keys?.token ?? this.world.callbackToken;
		const encodingAesKey = keys?.encodingAesKey ?? this.world.encodingAesKey;
		const encrypt = encryptFrame(encodingAesKey, plaintext, receiveId);
		const timestamp = String(this.seconds());
		const nonce = String(randomInt(1_000_000_000, 9_999_999_999));
		const msg_signature = sign(token, timestamp, nonce, encrypt);
		return { encrypt, query: { msg_signature, timestamp, nonce } };
	}
}
