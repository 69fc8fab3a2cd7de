import type { KeyObject } from 'node:crypto';

import { RecordError, type RecordErrorReason } from '../errors';
import { isJsonObject, isTooDeep, MAX_LEVELS, parseJson, type JsonObject } from '../json';
import { TimeBudget } from '../timeBudget';
import type { KeyRing } from './keyRing';
import type { MessageView } from './message';
import { openAes256Cbc, type MessageCipherName } from './messageCipher';
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

/**
 * Decrypts archive records with a key ring. Never throws for a bad record.
 *
 * @example
 * const decryptor = new RecordDecryptor(new KeyRing([{ version: 1, key: pem }]));
 * for (const result of await decryptor.decryptAll(page)) {
 *   if (result.state === 'opened') console.log(result.message);
 *   if (result.state === 'sealed') console.log(result.view.chatId);
 *   if (result.state === 'failed') console.warn(result.explanation);
 * }
 */
export class RecordDecryptor {
	/**
	 * @param keys private keys by version
	 * @param cipher how message bodies are opened, see {@link openAes256Cbc}
	 */
	constructor(
		private readonly keys: KeyRing,
		private readonly cipher: MessageCipherName = 'aes-256-cbc',
	) {}

	/** Decrypts one record; about half a millisecond of CPU, nearly all of it RSA. */
	decrypt(record: EncryptedRecord): DecryptedRecord {
		try {
			requireRecord(record);
			if (isZoneRecord(record)) return this.unseal(record);
			const version = versionOf(record.publickey_ver, 'publickey_ver');
			const key = this.keyOf(version);
			return withVersion(version, () => this.open(record, key));
		} catch (error) {
			if (!(error instanceof RecordError)) throw error;
			return { state: 'failed', record, reason: error.reason, explanation: error.message };
		}
	}

	/**
	 * Decrypts a page in order, yielding to the event loop every few milliseconds.
	 *
	 * @param signal stops between records; what is then thrown is the signal's reason
	 */
	async decryptAll(
		records: readonly EncryptedRecord[],
		signal?: AbortSignal,
	): Promise<DecryptedRecord[]> {
		const budget = new TimeBudget();
		const results: DecryptedRecord[] = [];
		for (const record of records) {
			signal?.throwIfAborted();
			results.push(this.decrypt(record));
			if (budget.spent) await budget.renew();
		}
		return results;
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

	private open(record: EncryptedRecord, key: KeyObject): DecryptedRecord {
		const { encrypt_random_key: wrapped, encrypt_chat_msg: sealed } = record;
		const randomKey = unwrapRandomKey(key, requireText(wrapped, 'encrypt_random_key'));
		const ciphertext = requireText(sealed, 'encrypt_chat_msg');
		if (this.cipher === 'key-only') return { state: 'unwrapped', record, randomKey };
		const plaintext = openAes256Cbc(randomKey, ciphertext);
		return { state: 'opened', record, ...parseMessage(plaintext) };
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
