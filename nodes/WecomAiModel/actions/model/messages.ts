import type { IDataObject } from 'n8n-workflow';

import type { ModelMessage } from '../../../../wecom/api/modelOperation';
import { viewMessage } from '../../../../wecom/archive/message';
import type { EncryptedRecord } from '../../../../wecom/archive/record';
import {
	CancelledError,
	InvalidInputError,
	type RecordErrorReason,
} from '../../../../wecom/errors';
import { isJsonObject, type JsonObject } from '../../../../wecom/json';
import type { Item } from '../../../shared/run/item';

/** Most names of fields that a message for a person lists. */
const MAX_NAMES = 12;

/** A message whose key could not be unwrapped. */
export interface SealedFailure {
	msgid: string;
	reason: RecordErrorReason;
	error: string;
}

/** Messages as a model takes them, and those that it cannot be given. */
export interface ReadMessages {
	messages: ModelMessage[];
	failures: SealedFailure[];
}

/** A message as a node before gives it, and the item whose credential has its key. */
export interface GivenMessage {
	value: unknown;
	item: Item;
}

/**
 * Reads messages: of Chat Archive, simplified or not, decrypted or not, of Keyword Rule → Get Hits
 * with details, or as the API has them. Keys that are still wrapped are unwrapped with the private key
 * of their version.
 *
 * @param field name for the message where a value is none
 * @throws InvalidInputError for what is no message, naming the fields that it has; when no message is
 * left whose key could be unwrapped
 * @throws CancelledError when the execution is cancelled
 */
export async function readMessages(
	field: string,
	given: readonly GivenMessage[],
): Promise<ReadMessages> {
	const messages: ModelMessage[] = [];
	const failures: SealedFailure[] = [];
	for (const [index, { value, item }] of given.entries()) {
		if (item.signal?.aborted) throw new CancelledError();
		const read = readMessage(value);
		if (!read) throw notAMessage(field, index, value);
		const { msgid, secretKey, record } = read;
		const opened = secretKey === undefined ? await item.decrypt(record) : undefined;
		if (opened?.state === 'failed') {
			failures.push({ msgid, reason: opened.reason, error: opened.explanation });
		} else {
			const key = opened?.state === 'sealed' ? opened.secretKey : secretKey;
			messages.push({ msgid, encrypt_info: { secret_key: key ?? '' } });
		}
		if (item.budget.spent) await item.budget.renew();
	}
	const [first] = failures;
	if (messages.length > 0 || !first) return { messages, failures };
	throw new InvalidInputError(
		field,
		`None of the ${failures.length} messages has a key that can be unwrapped. Message ${first.msgid}: ${first.error}`,
		'Add the private key of that version to the credential, or the older keys, and run it again.',
	);
}

/** The conversation that a message is part of. */
export interface Conversation {
	/** The same for all of its messages. */
	key: string;
	/** What the API calls it; undefined between members of the staff. */
	chatId?: string;
}

/** Finds the conversation of a message, as {@link readMessages} takes them. */
export function conversationOf(value: unknown): Conversation {
	const message = isJsonObject(value) ? value : {};
	const record = recordIn(message);
	const room = textOf(message.chat_id) ?? textOf(record.chatid) ?? textOf(record.room);
	const { chatId, from, to } = viewMessage({
		...record,
		...(record.to === undefined ? {} : { tolist: record.to }),
		...(record.receivers === undefined ? {} : { receiver_list: record.receivers }),
	});
	const found = room ?? chatId;
	return found === undefined
		? { key: JSON.stringify([from, ...to].sort()) }
		: { key: found, chatId: found };
}

interface Read {
	msgid: string;
	/** Undefined where it is still wrapped. */
	secretKey?: string;
	record: EncryptedRecord;
}

function readMessage(value: unknown): Read | undefined {
	if (!isJsonObject(value)) return undefined;
	const record = recordIn(value);
	const msgid = textOf(value.msgid) ?? textOf(record.msgid);
	if (msgid === undefined) return undefined;
	const { encrypt_info: known, service_encrypt_info: wrapped } = record;
	const secretKey =
		textOf(value.secret_key) ??
		textOf(record.secret_key) ??
		textOf(isJsonObject(known) ? known.secret_key : undefined);
	if (secretKey !== undefined) return { msgid, secretKey, record: {} };
	const { encrypted_secret_key, public_key_ver } = isJsonObject(wrapped) ? wrapped : record;
	if (encrypted_secret_key === undefined) return undefined;
	const service_encrypt_info = { encrypted_secret_key, public_key_ver };
	return { msgid, record: { ...record, msgid, service_encrypt_info } as EncryptedRecord };
}

/** The record in a message: a hit has it as its detail. */
function recordIn(message: JsonObject): JsonObject {
	return isJsonObject(message.msg_detail) ? message.msg_detail : message;
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function notAMessage(field: string, index: number, value: unknown): InvalidInputError {
	const names = isJsonObject(value) ? Object.keys(value as IDataObject) : [];
	const more = names.length > MAX_NAMES ? ' and more' : '';
	const has = names.length === 0 ? 'no fields' : `${names.slice(0, MAX_NAMES).join(', ')}${more}`;
	return new InvalidInputError(
		field,
		`"${field}": message ${index + 1} is none that a model takes: it has ${isJsonObject(value) ? has : 'no fields, for it is no object'}, expected msgid and secret_key, or encrypted_secret_key and public_key_ver`,
		'Take messages from Chat Archive → Message → Get Many, or from Keyword Rule → Get Hits with Need Detail, where the API on the credential is "Tencent Data Zone (数据与智能专区)". The models of "Data API Reference" take Chat and Seq Range.',
	);
}
