import type { IDataObject } from 'n8n-workflow';

import type { EncryptedRecord } from '../../../../wecom/archive/record';
import { compact } from '../../../shared/values';

/**
 * The record of Tencent's data zone in an input item: as WeCom sent it, or as Get Many simplified it.
 * Its fields are always called the same.
 *
 * @returns undefined when the item has no encrypted key of the zone, or a ciphertext, which no record
 * of the zone has
 */
export function zoneRecordIn(input: IDataObject): EncryptedRecord | undefined {
	if ('encrypt_chat_msg' in input || 'encrypt_random_key' in input) return undefined;
	const { encrypted_secret_key, public_key_ver, room, receivers, body } = input;
	const isSimplified = encrypted_secret_key !== undefined;
	if (!isSimplified && input.service_encrypt_info === undefined) return undefined;
	const {
		msgid,
		sender,
		receiver_list = receivers,
		chatid = room === '' ? undefined : room,
		send_time = sentAt(input.time),
		msgtype,
		extra_info = isSimplified ? body : undefined,
		service_encrypt_info = { encrypted_secret_key, public_key_ver },
	} = input;
	return compact<EncryptedRecord>({
		msgid,
		sender,
		receiver_list,
		chatid,
		send_time,
		msgtype,
		service_encrypt_info,
		extra_info,
	});
}

/** Seconds since 1970 of a time that Get Many wrote. */
function sentAt(time: unknown): number | undefined {
	const millis = typeof time === 'string' ? Date.parse(time) : NaN;
	return Number.isNaN(millis) ? undefined : Math.floor(millis / 1000);
}
