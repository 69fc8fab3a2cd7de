import type { KeyObject } from 'node:crypto';
import { Conversations, type Wish } from './data/conversations';
import { KINDS, MESSAGE_TYPES, type MessageType } from './data/kinds';
import type { Fields, Kind } from './data/kinds/kind';
import { arrivalTimes, historyTimes } from './data/timeline';
import type { World } from './data/world';
import { ENDS, type EndsProcess } from './library/seal';
import { LOST_KEY_VERSION, NEWEST_KEY_VERSION } from './keys';
import { Random } from './random';
import { DAMAGES, seal, sealDamaged, type Damage } from './seal';

/** The largest seq there can be: an unsigned 64-bit integer. */
export const MAX_SEQ = 2n ** 64n - 1n;

const STATES = ['ok', 'corrupt', 'missing_key'] as const;

/** Whether a record decrypts, see {@link TrueRecord}. */
export type RecordState = (typeof STATES)[number];

/** What is really behind one chat record. */
export interface TrueRecord {
	readonly seq: bigint;
	readonly msgid: string;
	/** Version of the key that the record claims to be encrypted with. */
	readonly publickeyVer: number;
	/** The message that was encrypted, readable or not; null for the damage `not_json`. */
	readonly plaintext: Fields | null;
	/** `ok`: decrypts. `corrupt`: damaged. `missing_key`: of the version nobody has the key of. */
	readonly state: RecordState;
	/** In which way a corrupt record is broken. */
	readonly damage?: Damage;
	/** How the library ends its process over it instead of decrypting it. */
	readonly libraryEnds?: EndsProcess;
	/** Whether control characters stand in its text as they are, for a library's clients to read. */
	readonly rawControls?: true;
}

/** Which records of a batch are bad; "every n-th" counts from 1 within the batch. */
export interface BadRecords {
	/** Every n-th record is corrupt, the ways in turn. Wins over `missingKeyEvery`. */
	readonly corruptEvery?: number;
	/** Every n-th record is encrypted with the key version whose private key nobody has. */
	readonly missingKeyEvery?: number;
	/** Over every n-th record that is good the library ends its process, in all ways but `hang` in turn. */
	readonly libraryEndsEvery?: number;
}

/** What new records are to be. */
export interface MessageOptions extends BadRecords {
	/** State of them all; `ok` when absent. */
	readonly state?: RecordState;
	/** How they are broken: implies state `corrupt`. In turn when absent. */
	readonly damage?: Damage;
	/** Type of them all; a believable mixture when absent. */
	readonly msgtype?: MessageType;
	/** Content of text messages; implies msgtype `text`. */
	readonly text?: string;
	/**
	 * Where they are sent, text unless msgtype says otherwise: the roomid of a group, the
	 * external_userid of a customer, or the userid of a member who talks to a colleague.
	 */
	readonly chatId?: string;
	/** Who sends them, where the chat has both; text unless msgtype says otherwise. */
	readonly by?: 'staff' | 'customer';
	/**
	 * Key version: 1, 2 or what was set since; the newest by default. The one nobody has the key of
	 * (3, or one above the newest) implies state `missing_key`.
	 */
	readonly publickeyVer?: number;
	/** How the library ends its process over them; they decrypt by other ciphers. */
	readonly libraryEnds?: EndsProcess;
	/** Leaves control characters in what the library decrypts as they are, which is no good JSON. */
	readonly rawControls?: boolean;
	/** Size of their files; for types that carry one. Pictures have 6,000 bytes at least. */
	readonly bytes?: number;
}

/** How an archive begins. */
export interface ArchiveStart extends BadRecords {
	readonly seed: number;
	/** How many records there are. */
	readonly count: number;
	/** seq of the first. */
	readonly firstSeq: bigint;
}

interface Draft {
	readonly publickeyVer: number;
	readonly state: RecordState;
	readonly damage?: Damage;
	readonly libraryEnds?: EndsProcess;
	readonly rawControls?: true;
}

/** The chat records of a corp, ascending by seq, encrypted. */
export class Archive {
	private readonly records: TrueRecord[] = [];
	/** JSON of each record as get_chat_data sends it; text, so that any seq is exact. */
	private readonly wire: string[] = [];
	/** encrypt_random_key of each record. */
	private readonly sealedKeys: string[] = [];
	/** What is in each of them. */
	private readonly secretKeys: string[] = [];
	/** Place of each record, by msgid. */
	private readonly places = new Map<string, number>();
	private readonly conversations: Conversations;
	private readonly random: Random;
	private nextSeq: bigint;
	private newest: number;
	private damaged = 0;
	private ended = 0;
	private readonly publicKeys: Map<number, KeyObject>;
	private currentVersion = NEWEST_KEY_VERSION;
	/** Of the key whose private half nobody has. */
	private lostVersion = LOST_KEY_VERSION;

	/**
	 * @param publicKeys - by version: 1, 2 and 3
	 * @param now - clock in ms
	 * @throws RangeError for a seq beyond 2^64-1, a count or an "every" that is not an integer ≥ 0
	 */
	constructor(
		start: ArchiveStart,
		world: World,
		publicKeys: ReadonlyMap<number, KeyObject>,
		private readonly now: () => number,
	) {
		this.publicKeys = new Map(publicKeys);
		requireCount('messageCount', start.count);
		if (start.firstSeq < 1n) throw new RangeError('firstSeq must be at least 1');
		this.random = new Random(start.seed, 'archive');
		this.conversations = new Conversations(world, new Random(start.seed, 'conversations'));
		this.nextSeq = start.firstSeq;
		this.newest = now() - 60_000;
		const times = historyTimes(this.random, start.count, now());
		times.forEach((at, index) => {
			const version = this.versionAt(index, start.count);
			this.append(at, this.draft(index, start, version));
		});
	}

	/** What is in it, by seq. */
	get truth(): readonly TrueRecord[] {
		return this.records;
	}

	/**
	 * Adds records that were sent just now.
	 *
	 * @returns the new records
	 * @throws RangeError for a bad count, version or type, or when no seq is left
	 */
	add(count: number, options: MessageOptions = {}): TrueRecord[] {
		const { msgtype, text, chatId, by, bytes, publickeyVer = this.newestVersion } = options;
		requireCount('count', count);
		requireOneOf('publickeyVer', publickeyVer, [...this.publicKeys.keys()]);
		requireOneOf('msgtype', msgtype, MESSAGE_TYPES);
		requireOneOf('state', options.state, STATES);
		requireOneOf('damage', options.damage, DAMAGES);
		requireOneOf('by', by, ['staff', 'customer']);
		requireOneOf('libraryEnds', options.libraryEnds, ENDS);
		if (bytes !== undefined) requireFile(msgtype, bytes);
		if (text !== undefined && msgtype !== undefined && msgtype !== 'text') {
			throw new RangeError('text goes with msgtype text only');
		}
		const wish = { type: msgtype, text, chatId, by, bytes };
		return arrivalTimes(this.random, count, this.newest, this.now()).map((at, index) =>
			this.append(at, this.draft(index, options, publickeyVer), wish),
		);
	}

	/** Version of the key that new records are encrypted with. */
	get newestVersion(): number {
		return this.currentVersion;
	}

	/** Encrypts new records with this key from now on; the lost key moves above its version. */
	setPublicKey(version: number, key: KeyObject): void {
		const lostKey = this.publicKey(this.lostVersion);
		this.currentVersion = version;
		if (version >= this.lostVersion) this.lostVersion = version + 1;
		this.publicKeys.set(this.lostVersion, lostKey);
		this.publicKeys.set(version, key);
	}

	/**
	 * Breaks a record that is there.
	 *
	 * @param damage - the ways in turn when absent
	 * @returns the record as it is now
	 * @throws RangeError when there is no record with that seq, or nothing left in it to break
	 */
	corrupt(seq: bigint, damage: Damage = this.nextDamage()): TrueRecord {
		requireOneOf('damage', damage, DAMAGES);
		const index = this.firstAfter(seq - 1n);
		const record = this.records[index];
		if (record === undefined || record.seq !== seq) throw new RangeError(`no record ${seq}`);
		if (record.plaintext === null) throw new RangeError(`record ${seq} is broken already`);
		const { msgid, publickeyVer, plaintext } = record;
		return this.put(index, seq, msgid, plaintext, { publickeyVer, state: 'corrupt', damage });
	}

	/**
	 * Records with a seq greater than `after`, ascending.
	 *
	 * @param limit - how many at most
	 * @returns JSON text of each
	 */
	page(after: bigint, limit: number): string[] {
		const index = this.firstAfter(after);
		return this.wire.slice(index, index + limit);
	}

	/** The key of a record's text, sealed with the corp's public key: base64; "" for an unknown seq. */
	sealedKeyOf(seq: bigint): string {
		return this.sealedKeys[this.firstAfter(seq - 1n)] ?? '';
	}

	/** Every record with a seq greater than `after`, ascending, one by one. */
	*recordsAfter(after: bigint): Generator<TrueRecord> {
		for (let index = this.firstAfter(after); index < this.records.length; index++) {
			yield this.records[index] as TrueRecord;
		}
	}

	/** The record with this msgid. */
	find(msgid: string): TrueRecord | undefined {
		return this.records[this.places.get(msgid) ?? -1];
	}

	/** What the sealed key of a record's text opens to: base64; "" for an unknown seq. */
	secretKeyOf(seq: bigint): string {
		return this.secretKeys[this.firstAfter(seq - 1n)] ?? '';
	}

	private draft(index: number, options: MessageOptions, publickeyVer: number): Draft {
		const isNth = (every: number | undefined) => {
			if (every !== undefined) requireCount('every', every);
			return every !== undefined && every > 0 && (index + 1) % every === 0;
		};
		const corrupt =
			options.state === 'corrupt' || options.damage !== undefined || isNth(options.corruptEvery);
		if (corrupt) {
			return { publickeyVer, state: 'corrupt', damage: options.damage ?? this.nextDamage() };
		}
		const lost = options.state === 'missing_key' || isNth(options.missingKeyEvery);
		if (lost || publickeyVer === this.lostVersion) {
			return { publickeyVer: this.lostVersion, state: 'missing_key' };
		}
		const libraryEnds =
			options.libraryEnds ?? (isNth(options.libraryEndsEvery) ? this.nextEnd() : undefined);
		return {
			publickeyVer,
			state: 'ok',
			...(libraryEnds === undefined ? {} : { libraryEnds }),
			...(options.rawControls === true ? { rawControls: true } : {}),
		};
	}

	private nextEnd(): EndsProcess {
		const quick = ENDS.filter((how) => how !== 'hang');
		return quick[this.ended++ % quick.length] as EndsProcess;
	}

	private nextDamage(): Damage {
		return DAMAGES[this.damaged++ % DAMAGES.length] as Damage;
	}

	/** Version 1, then 2, mixed a little around the middle, as with messages under way. */
	private versionAt(index: number, count: number): number {
		const fromMiddle = (index - count / 2) / count;
		if (Math.abs(fromMiddle) < 0.02) return this.random.int(1, 2);
		return fromMiddle < 0 ? 1 : 2;
	}

	private append(at: number, draft: Draft, wish?: Wish): TrueRecord {
		const seq = this.nextSeq;
		if (seq > MAX_SEQ) throw new RangeError('no seq left below 2^64');
		this.nextSeq += this.random.chance(0.025) ? BigInt(this.random.int(2, 6)) : 1n;
		this.newest = at;
		const { msgid, fields } = this.conversations.next(at, wish);
		return this.put(this.records.length, seq, msgid, fields, draft);
	}

	private put(
		index: number,
		seq: bigint,
		msgid: string,
		message: Fields,
		{ publickeyVer, state, damage, ...library }: Draft,
	): TrueRecord {
		const text = JSON.stringify(message);
		const key = this.publicKey(publickeyVer);
		const sealed =
			damage === undefined
				? seal(text, key)
				: sealDamaged(text, key, this.publicKey(publickeyVer === 1 ? 2 : 1), damage, this.random);
		this.sealedKeys[index] = sealed.encryptRandomKey;
		this.secretKeys[index] = sealed.secretKey;
		this.places.set(msgid, index);
		const rest = JSON.stringify({
			msgid,
			publickey_ver: publickeyVer,
			encrypt_random_key: sealed.encryptRandomKey,
			encrypt_chat_msg: sealed.encryptChatMsg,
		});
		this.wire[index] = `{"seq":${seq},${rest.slice(1)}`;
		const record: TrueRecord = {
			seq,
			msgid,
			publickeyVer,
			plaintext: damage === 'not_json' ? null : message,
			state,
			...(damage === undefined ? {} : { damage }),
			...library,
		};
		this.records[index] = record;
		return record;
	}

	private publicKey(version: number): KeyObject {
		return this.publicKeys.get(version) as KeyObject;
	}

	private firstAfter(seq: bigint): number {
		let low = 0;
		let high = this.records.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.records[middle] as TrueRecord).seq > seq) high = middle;
			else low = middle + 1;
		}
		return low;
	}
}

function requireCount(name: string, value: number): void {
	if (!Number.isSafeInteger(value) || value < 0) {
		throw new RangeError(`${name} must be an integer of at least 0`);
	}
}

function requireOneOf<T>(name: string, value: T | undefined, choices: readonly T[]): void {
	if (value !== undefined && !choices.includes(value)) {
		throw new RangeError(`${name} must be one of ${choices.join(', ')}, not ${String(value)}`);
	}
}

function requireFile(msgtype: MessageType | undefined, bytes: number): void {
	requireCount('bytes', bytes);
	const kind: Kind | undefined = (KINDS as Partial<Record<string, Kind>>)[msgtype ?? 'text'];
	if (kind?.hasFile !== true) throw new RangeError('bytes goes with a msgtype that carries a file');
}
