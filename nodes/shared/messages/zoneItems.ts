import type { IDataObject } from 'n8n-workflow';

import { personOf } from '../../../wecom/archive/people';
import type { FailedRecord, SealedRecord } from '../../../wecom/archive/record';
import { encryptInfoOf, viewZoneRecord } from '../../../wecom/archive/zoneRecord';
import { isJsonObject, type JsonValue } from '../../../wecom/json';
import { inMenuWords } from '../menuWords';
import { PERSON_TYPES } from '../personTypes';
import { wordFor } from '../wordFor';
import { plain, toViewJson } from './viewJson';

/**
 * The JSON of the item that a record of the data zone becomes: who, when and what kind, and the key of
 * the message, or why there is none.
 *
 * @param zone timezone in which times are written
 */
export function toZoneJson(
	result: SealedRecord | FailedRecord,
	simplify: boolean,
	zone: string,
): IDataObject {
	const { record } = result;
	const isSealed = result.state === 'sealed';
	const outcome: IDataObject = isSealed
		? { secret_key: result.secretKey }
		: { reason: result.reason, error: inMenuWords(result.explanation) };
	if (!simplify) return { ...(record as IDataObject), ...outcome };
	const { encrypted_secret_key: key, public_key_ver: version } = encryptInfoOf(record) ?? {};
	const { msgid, msgtype, sender, receiver_list: receivers } = record as Record<string, JsonValue>;
	return {
		msgid: plain(msgid),
		...toViewJson(isSealed ? result.view : viewZoneRecord(record), zone),
		msgtype: plain(msgtype),
		sender: toParty(sender),
		receivers: Array.isArray(receivers) ? receivers.map(toParty) : [],
		public_key_ver: plain(version),
		decrypted: false,
		...(isSealed ? {} : { encrypted_secret_key: plain(key) }),
		...outcome,
	};
}

/** Somebody who sent or got a message, by number and by word what kind of person it is. */
function toParty(party: JsonValue | undefined): IDataObject {
	const type = isJsonObject(party) ? plain(party.type) : null;
	return { type, type_name: wordFor(PERSON_TYPES, type), id: personOf(party).id };
}
