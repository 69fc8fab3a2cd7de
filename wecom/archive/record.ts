import type { KeyObject } from 'node:crypto';

import { RecordError, type RecordErrorReason } from '../errors';
import { isJsonObject, isTooDeep, MAX_LEVELS, parseJson, type JsonObject } from '../json';
import { TimeBudget } from '../timeBudget';
import type { KeyRing } from './keyRing';
import type { MessageView } from './message';
import { openAes256Cbc, type MessageCipherName } from './messageCipher';
import type { MessageOpener, SealedBody } from './messageOpener';
import { unwrapRandomKey } from './rsa';
import { encryptInfoOf, isZoneRecord, viewZoneRecord, type ZoneRecord } from './zoneRecord';

/**
 * One archived message as WeCom sends it: an entry of `chatdata`, or one of the data zone's. Every
 * field is unknown until looked at: a damaged record must not stop its page.
 * Source: reference document 4.1.
 */
export interface EncryptedRecord extends ZoneRecord {
	seq?: unknown;
	publickey_ver?: unknown;
	encrypt_random_key?: unknown;
	encrypt_chat_msg?: unknown;
}

/** A record whose message was decrypted. */
export interface OpenedRecord {
	state: 'opened';
	record: EncryptedRecord;
	/** The message as WeCom wrote it; of one that is nested too deeply the fields that are not. */
	message: JsonObject;
	/** There when the message is nested too deeply to be walked through. */
	tooDeep?: {
		/** The whole message, as WeCom wrote it. */
		plaintext: string;
		/** For a person. */
		explanation: string;
	};
}

/** A record whose random key was decrypted and whose message is left to somebody else (`key-only`). */
export interface UnwrappedRecord {
	state: 'unwrapped';
	record: EncryptedRecord;
	randomKey: string;
}

/** A record of the data zone whose key was decrypted; its text stays in the zone. */
export interface SealedRecord {
	state: 'sealed';
	record: EncryptedRecord;
	/** What models, exports and the display component take for the message. A secret. */
	secretKey: string;
	/** Who, when and what kind; never a text. */
	view: MessageView;
}

/** A record that could not be decrypted, and why. */
export interface FailedRecord {
	state: 'failed';
	record: EncryptedRecord;
	reason: RecordErrorReason;
	/** For a person; names the key version and what to do. */
	explanation: string;
}

/** What becomes of one record: exactly one of these, never nothing. */
export type DecryptedRecord = OpenedRecord | UnwrappedRecord | SealedRecord | FailedRecord;

/** How a page is decrypted. */
export interface PageSettings {
	/** Most bodies that an opener gets at once; {@link OPENED_AT_ONCE} when left out. */
	chunk?: number;
	/** Stops between records; what is then thrown is the signal's reason. */
	signal?: AbortSignal;
	/** Lets the event loop have its turn; one of this page's own when left out. */
	budget?: TimeBudget;
}

/** Bodies that an opener gets at once: what it costs to hand them to another process hardly counts then. */
export const OPENED_AT_ONCE = 200;

/** A record whose key is unwrapped, and its body. */
interface KeyedRecord {
	state: 'keyed';
	record: EncryptedRecord;
	version: number;
	body: SealedBody;
}

/**
 * Decrypts archive records with a key ring. Never throws for a bad record. The private keys and RSA
 * stay in this process, also where an opener in another one opens the bodies.
 *
 * @example
 * const decryptor = new RecordDecryptor(new KeyRing([{ version: 1, key: pem }]));
 * for await (const result of decryptor.decryptEach(page)) {
 *   if (result.state === 'opened') console.log(result.message);
 *   if (result.state === 'sealed') console.log(result.view.chatId);
 *   if (result.state === 'failed') console.warn(result.explanation);
 * }
 */
export class RecordDecryptor {
	/**
	 * @param keys private keys by version
	 * @param cipher how message bodies are opened: by {@link openAes256Cbc}, not at all, or by an opener
	 * such as Tencent's library
	 */
	constructor(
		private readonly keys: KeyRing,
		private readonly cipher: MessageCipherName | MessageOpener = 'aes-256-cbc',
	) {}

	/**
	 * How many single records it is worth decrypting at the same time: 1 where this process does it all,
	 * more where an opener takes what comes at the same time in one.
	 */
	get atOnce(): number {
		return typeof this.cipher === 'string' ? 1 : OPENED_AT_ONCE;
	}

	/**
	 * Decrypts one record; about half a millisecond of CPU, nearly all of it RSA.
	 *
	 * @param budget where many are decrypted at the same time, one for all of them
	 * @throws what an opener throws that can open nothing at all
	 */
	async decrypt(
		record: EncryptedRecord,
		signal?: AbortSignal,
		budget?: TimeBudget,
	): Promise<DecryptedRecord> {
		const settings = { ...(signal ? { signal } : {}), ...(budget ? { budget } : {}) };
		const { value } = await this.decryptEach([record], settings).next();
		return value as DecryptedRecord;
	}

	/**
	 * Decrypts a page in order and holds all of it, see {@link decryptEach}.
	 *
	 * @param signal stops between records; what is then thrown is the signal's reason
	 */
	async decryptAll(
		records: readonly EncryptedRecord[],
		signal?: AbortSignal,
	): Promise<DecryptedRecord[]> {
		const results: DecryptedRecord[] = [];
		for await (const result of this.decryptEach(records, signal ? { signal } : {})) {
			results.push(result);
		}
		return results;
	}

	/**
	 * Decrypts the records of a page one by one, in order, yielding to the event loop every few
	 * milliseconds. An opener gets the bodies of many records at once.
	 *
	 * @throws the reason of the signal, and what an opener throws that can open nothing at all
	 */
	async *decryptEach(
		records: readonly EncryptedRecord[],
		{ chunk = OPENED_AT_ONCE, signal, budget: given }: PageSettings = {},
	): AsyncGenerator<DecryptedRecord, void, undefined> {
		const { cipher } = this;
		const budget = given ?? new TimeBudget();
		// To read the page as JSON has held the event loop just now.
		if (!given) await budget.renew();
		if (typeof cipher === 'string') {
			for (const record of records) {
				signal?.throwIfAborted();
				const keyed = this.unwrap(record);
				yield keyed.state === 'keyed' ? openAlone(keyed, cipher) : keyed;
				if (budget.spent) await budget.renew();
			}
			return;
		}
		let unwrapped = await this.unwrapAll(records.slice(0, chunk), budget, signal);
		for (let end = chunk; unwrapped.length > 0; end += chunk) {
			const bodies = unwrapped.flatMap((one) => (one.state === 'keyed' ? [one.body] : []));
			const opening = bodies.length > 0 ? cipher.decrypt(bodies, signal) : Promise.resolve([]);
			opening.catch(() => undefined); // thrown below, unless the signal comes before
			// The keys of the next ones, while these are opened elsewhere: RSA takes longer than all the rest.
			const next = await this.unwrapAll(records.slice(end, end + chunk), budget, signal);
			const inTurn = (await opening).values();
			for (const one of unwrapped) {
				// The texts of many calls come at the same moment.
				while (budget.spent) await budget.renew();
				yield one.state === 'keyed' ? withPlaintext(one, inTurn.next().value) : one;
			}
			unwrapped = next;
		}
	}

	private async unwrapAll(
		records: readonly EncryptedRecord[],
		budget: TimeBudget,
		signal?: AbortSignal,
	): Promise<Array<SealedRecord | FailedRecord | KeyedRecord>> {
		const unwrapped: Array<SealedRecord | FailedRecord | KeyedRecord> = [];
		for (const record of records) {
			signal?.throwIfAborted();
			unwrapped.push(this.unwrap(record));
			if (budget.spent) await budget.renew();
		}
		return unwrapped;
	}

	/** Does all but open the body: takes the key out, tells of a record of the zone, or what is wrong. */
	private unwrap(record: EncryptedRecord): SealedRecord | FailedRecord | KeyedRecord {
		return unlessBad(record, () => {
			requireRecord(record);
			if (isZoneRecord(record)) return this.unseal(record);
			const version = versionOf(record.publickey_ver, 'publickey_ver');
			const key = this.keyOf(version);
			return withVersion(version, () => {
				const { encrypt_random_key: wrapped, encrypt_chat_msg: sealed } = record;
				const randomKey = unwrapRandomKey(key, requireText(wrapped, 'encrypt_random_key'));
				const ciphertext = requireText(sealed, 'encrypt_chat_msg');
				return { state: 'keyed', record, version, body: { randomKey, ciphertext } };
			});
		});
	}

	private unseal(record: EncryptedRecord): SealedRecord {
		const info = encryptInfoOf(record);
		if (!info) {
			throw new RecordError(
				'malformed_record',
				`service_encrypt_info is ${shapeOf(record.service_encrypt_info)}, expected an object with the encrypted key`,
			);
		}
		const version = versionOf(info.public_key_ver, 'public_key_ver');
		const key = this.keyOf(version);
		const field = 'encrypted_secret_key';
		const secretKey = withVersion(version, () =>
			unwrapRandomKey(key, requireText(info[field], field), field),
		);
		return { state: 'sealed', record, secretKey, view: viewZoneRecord(record) };
	}

	private keyOf(version: number): KeyObject {
		const key = this.keys.get(version);
		if (key) return key;
		const known = this.keys.versions;
		throw new RecordError(
			'missing_key_version',
			`No private key of version ${version} in the credential (${known.length ? `it has ${known.join(', ')}` : 'it has none'}): add the key that was in use when this message was archived`,
		);
	}
}

/** What becomes of a record, or why it comes to nothing. */
function unlessBad<T>(record: EncryptedRecord, run: () => T): T | FailedRecord {
	try {
		return run();
	} catch (error) {
		if (!(error instanceof RecordError)) throw error;
		return { state: 'failed', record, reason: error.reason, explanation: error.message };
	}
}

/** Opens a body in this process. */
function openAlone(keyed: KeyedRecord, cipher: MessageCipherName): DecryptedRecord {
	const { record, version, body } = keyed;
	if (cipher === 'key-only') return { state: 'unwrapped', record, randomKey: body.randomKey };
	return unlessBad(record, () =>
		withVersion(version, () => toOpened(record, openAes256Cbc(body.randomKey, body.ciphertext))),
	);
}

/**
 * What an opener made of a body.
 *
 * @throws TypeError for an opener that left one out: a record must not disappear
 */
function withPlaintext(
	{ record, version }: KeyedRecord,
	opened: string | RecordError | undefined,
): OpenedRecord | FailedRecord {
	if (opened === undefined) throw new TypeError('The opener gave fewer texts than it got bodies');
	return unlessBad(record, () =>
		withVersion(version, () => {
			if (typeof opened !== 'string') throw opened;
			return toOpened(record, opened);
		}),
	);
}

function toOpened(record: EncryptedRecord, plaintext: string): OpenedRecord {
	return { state: 'opened', record, ...parseMessage(plaintext) };
}

function requireRecord(record: unknown): void {
	if (isJsonObject(record)) return;
	throw new RecordError(
		'malformed_record',
		'This entry of chatdata is no record: a JSON object was expected',
	);
}

/** The record's key version; Number() alone throws for some objects and takes true for 1. */
function versionOf(value: unknown, field: string): number {
	if (typeof value === 'number') return value;
	if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value);
	throw new RecordError(
		'malformed_record',
		`${field} is ${shapeOf(value)}, expected a whole number`,
	);
}

function withVersion<T>(version: number, run: () => T): T {
	try {
		return run();
	} catch (error) {
		if (error instanceof RecordError) {
			throw new RecordError(error.reason, `${error.message} (key version ${version})`);
		}
		throw error;
	}
}

/** What stands in place of a value, without quoting it. */
function shapeOf(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'missing';
	return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}

function requireText(value: unknown, field: string): string {
	if (typeof value !== 'string' || value === '') {
		throw new RecordError(
			'malformed_record',
			`${field} is ${shapeOf(value)}, expected base64 text`,
		);
	}
	return value;
}

function parseMessage(plaintext: string): Pick<OpenedRecord, 'message' | 'tooDeep'> {
	const message = parseObject(plaintext);
	if (!isTooDeep(message)) return { message };
	const fields = Object.entries(message);
	const shallow = fields.filter(([, value]) => !isTooDeep(value, MAX_LEVELS - 1));
	return {
		message: Object.fromEntries(shallow),
		tooDeep: {
			plaintext,
			explanation: `The message is nested more than ${MAX_LEVELS} levels deep, so it is handed on as text`,
		},
	};
}

function parseObject(plaintext: string): JsonObject {
	try {
		const message = parseJson(plaintext);
		if (isJsonObject(message)) return message;
	} catch {
		// The refusal below covers both: no JSON, and JSON that is no object.
	}
	throw new RecordError(
		'not_json',
		`The decrypted message (${plaintext.length} characters) is not a JSON object`,
	);
}
