import { isJsonObject, type JsonObject } from '../json';
import { viewMessage, type MessageView } from './message';
import { messageTypeOf } from './messageTypes';
import { asText } from './people';

/**
 * A message as the data zone tells of it: who, when and what kind, never its text. Every field is
 * unknown until looked at. Source: document 101365.
 */
export interface ZoneRecord {
	msgid?: unknown;
	/** `type` 1 staff, 2 external contact, 3 robot, and `id`. */
	sender?: unknown;
	/** As the sender, without whom it is but for a message to oneself. */
	receiver_list?: unknown;
	/** Only of a group. */
	chatid?: unknown;
	/** Seconds since 1970. */
	send_time?: unknown;
	/** The number of its type; `messageTypeOf` has the word. */
	msgtype?: unknown;
	/** `encrypted_secret_key`, and in `public_key_ver` the version of the key that opens it. */
	service_encrypt_info?: unknown;
	/** `call_duration` in seconds, of calls. */
	extra_info?: unknown;
}

/** The key of a message as the data zone encrypts it. */
export interface EncryptInfo {
	/** Base64, opened with the private key of the version beside it. */
	encrypted_secret_key?: unknown;
	public_key_ver?: unknown;
}

/** Fields that only a record of the zone has, damaged or not. */
const OWN_FIELDS = ['service_encrypt_info', 'sender', 'receiver_list', 'send_time'] as const;

/** Whether a record is one of the data zone's, damaged or not. */
export function isZoneRecord(record: ZoneRecord): boolean {
	if ('encrypt_chat_msg' in record || 'encrypt_random_key' in record) return false;
	return OWN_FIELDS.some((name) => record[name] !== undefined);
}

/** The encrypted key in a record of the zone; undefined where there is none. */
export function encryptInfoOf({ service_encrypt_info: info }: ZoneRecord): EncryptInfo | undefined {
	return isJsonObject(info) ? info : undefined;
}

/**
 * Views a record of the zone as {@link viewMessage} views a decrypted message, without a text: what
 * `extra_info` and fields that are new tell is its body.
 */
export function viewZoneRecord(record: ZoneRecord): MessageView {
	const {
		service_encrypt_info: _key,
		chatid: roomid = '',
		msgtype: number,
		extra_info: extra,
		...others
	} = record as JsonObject;
	const more = isJsonObject(extra) || extra === undefined ? extra : { extra_info: extra };
	const msgtype = messageTypeOf(number) ?? (asText(number) || 'unsupported');
	const { text: _none, ...view } = viewMessage({
		...more,
		...others,
		action: 'send',
		roomid,
		msgtype,
	});
	return view;
}
