import type { IDataObject } from 'n8n-workflow';

import { viewMessage } from '../../../wecom/archive/message';
import { messageTypeNumber, messageTypeOf } from '../../../wecom/archive/messageTypes';
import { readSeq } from '../../../wecom/archive/pull';
import type { DecryptedRecord, EncryptedRecord } from '../../../wecom/archive/record';
import { seqToJson } from '../../../wecom/archive/seq';
import { encryptInfoOf, isZoneRecord } from '../../../wecom/archive/zoneRecord';
import { inMenuWords } from '../menuWords';
import { toMillis } from '../time';
import { toList } from '../values';
import { plain, toViewJson } from './viewJson';
import { toZoneJson } from './zoneItems';

/** The filter fields as the user filled them in. */
export interface FilterOptions {
	messageTypes: string[];
	senders: string;
	sentAfter: string;
	sentBefore: string;
}

/** Decides whether a record comes out. One that could not be decrypted always does. */
export type RecordFilter = (record: DecryptedRecord) => boolean;

/**
 * Makes a filter of the fields, or undefined when none is filled in.
 *
 * @param zone timezone of the workflow, for times without one
 * @throws InvalidInputError for a time, type or sender that cannot be read
 */
export function toFilter(options: Partial<FilterOptions>, zone: string): RecordFilter | undefined {
	const types = new Set(toList('Message Types', options.messageTypes));
	const senders = new Set(toList('Senders', options.senders));
	const after = toMillis('Sent After', options.sentAfter, zone) ?? -Infinity;
	const before = toMillis('Sent Before', options.sentBefore, zone) ?? Infinity;
	const anyTime = after === -Infinity && before === Infinity;
	if (types.size === 0 && senders.size === 0 && anyTime) return undefined;
	// Where the zone has one number for several types, it gives the first of them.
	const zoneTypes = new Set(
		[...types].map((type) => messageTypeOf(messageTypeNumber(type)) ?? type),
	);
	return (record) => {
		if (record.state !== 'opened' && record.state !== 'sealed') return true;
		const isSealed = record.state === 'sealed';
		const { type, from, timeMs } = isSealed ? record.view : viewMessage(record.message);
		return (
			(types.size === 0 || (isSealed ? zoneTypes : types).has(type)) &&
			(senders.size === 0 || senders.has(from)) &&
			(anyTime || timeMs === undefined || (timeMs >= after && timeMs < before))
		);
	};
}

/**
 * The JSON of the item that a record becomes: whatever happened to it, with its seq and msgid.
 *
 * @param zone timezone in which times are written
 */
export function toMessageJson(
	result: DecryptedRecord,
	simplify: boolean,
	zone: string,
): IDataObject {
	const { record } = result;
	if (result.state === 'opened') {
		const { message, tooDeep } = result;
		const why = tooDeep ? { reason: 'too_deep', error: inMenuWords(tooDeep.explanation) } : {};
		if (!simplify) {
			return {
				...idsOf(record),
				publickey_ver: plain(record.publickey_ver),
				decrypted: true,
				message: tooDeep?.plaintext ?? message,
				...why,
			};
		}
		return {
			...idsOf(record),
			...toViewJson(viewMessage(message), zone),
			...(tooDeep ? { text: tooDeep.plaintext } : {}),
			decrypted: true,
			...why,
		};
	}
	if (result.state === 'sealed' || (result.state === 'failed' && isZoneRecord(record))) {
		return toZoneJson(result, simplify, zone);
	}
	// The ciphertext goes along: WeCom drops it after five days, and the right key may come later.
	const sealed = {
		...idsOf(record),
		publickey_ver: plain(record.publickey_ver),
		decrypted: false,
		encrypt_random_key: plain(record.encrypt_random_key),
		encrypt_chat_msg: plain(record.encrypt_chat_msg),
	};
	return result.state === 'unwrapped'
		? { ...sealed, randomKey: result.randomKey }
		: { ...sealed, reason: result.reason, error: inMenuWords(result.explanation) };
}

/** A record as WeCom sent it, its seq exact. */
export function toSealedJson(record: EncryptedRecord): IDataObject {
	if (isZoneRecord(record)) return { ...(record as IDataObject) };
	return { ...(record as IDataObject), ...idsOf(record) };
}

function idsOf(record: EncryptedRecord): IDataObject {
	const seq = readSeq(record);
	return {
		seq: seq === undefined ? plain(record.seq) : seqToJson(seq),
		msgid: plain(record.msgid),
	};
}

/** Counts what could not be decrypted, by reason. */
export class FailureCount {
	private readonly byReason = new Map<string, number>();
	private total = 0;
	private ofZone = false;

	/** Takes note of a record. */
	add(result: DecryptedRecord): void {
		if (result.state !== 'failed') return;
		this.total++;
		this.ofZone ||= isZoneRecord(result.record);
		const { publickey_ver: ofRecord } = result.record;
		const version = plain(encryptInfoOf(result.record)?.public_key_ver ?? ofRecord);
		const reason =
			result.reason === 'missing_key_version'
				? `no private key of version ${version}`
				: result.reason.replaceAll('_', ' ');
		this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + 1);
	}

	/** Takes note of what another one has counted. */
	addAll(other: FailureCount): void {
		this.total += other.total;
		this.ofZone ||= other.ofZone;
		for (const [reason, count] of other.byReason) {
			this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + count);
		}
	}

	/** A sentence for the user, or undefined when everything was decrypted. */
	get summary(): string | undefined {
		if (this.total === 0) return undefined;
		const reasons = [...this.byReason].map(([reason, count]) => `${count} × ${reason}`);
		const how = this.ofZone
			? 'with a "reason" in place of "secret_key", their encrypted key included'
			: 'with "decrypted" set to false, their ciphertext included';
		return `${this.total} ${this.total === 1 ? 'record' : 'records'} could not be decrypted (${reasons.join(', ')}). They are in the output ${how}.`;
	}
}
