import type { Archive, TrueRecord } from '../archive';
import { NOT_JSON } from '../seal';
import { sealForLibrary } from './seal';

/** An escaped character in JSON. */
const ESCAPED = /\\(?:u[0-9a-f]{4}|.)/g;
/** Where the text begins in what {@link sealForLibrary} made, before base64. */
const TEXT_AT = 9;

/** The archive as Tencent's library gets it: the same records, their texts sealed for the stub. */
export class LibraryFeed {
	constructor(private readonly archive: Archive) {}

	/**
	 * Records with a seq greater than `after`, ascending.
	 *
	 * @param limit - how many at most
	 * @returns JSON text of each
	 */
	page(after: bigint, limit: number): string[] {
		const records: string[] = [];
		if (limit < 1) return records;
		for (const record of this.archive.recordsAfter(after)) {
			records.push(this.wireOf(record));
			if (records.length === limit) break;
		}
		return records;
	}

	private wireOf(record: TrueRecord): string {
		const encryptRandomKey = this.archive.sealedKeyOf(record.seq);
		const rest = JSON.stringify({
			msgid: record.msgid,
			publickey_ver: record.publickeyVer,
			encrypt_random_key: encryptRandomKey,
			encrypt_chat_msg: this.bodyOf(record, encryptRandomKey),
		});
		return `{"seq":${record.seq},${rest.slice(1)}`;
	}

	private bodyOf(record: TrueRecord, encryptRandomKey: string): string {
		const { damage, libraryEnds } = record;
		const sealed = sealForLibrary(
			textOf(record),
			this.archive.secretKeyOf(record.seq),
			libraryEnds,
		);
		if (damage === 'flipped_message') return flipped(sealed, record.seq);
		const isKeyBroken = encryptRandomKey.startsWith('<');
		return damage === 'not_base64' && !isKeyBroken ? `<乱码!>${sealed.slice(7)}` : sealed;
	}
}

function textOf({ plaintext, rawControls }: TrueRecord): string {
	if (plaintext === null) return NOT_JSON;
	const text = JSON.stringify(plaintext);
	if (rawControls !== true) return text;
	return text.replace(ESCAPED, (escaped) => {
		const character = JSON.parse(`"${escaped}"`) as string;
		return character < ' ' ? character : escaped;
	});
}

/** With one byte of the text changed, the same one every time. */
function flipped(sealed: string, seq: bigint): string {
	const bytes = Buffer.from(sealed, 'base64');
	const at = TEXT_AT + Number(seq % BigInt(bytes.length - TEXT_AT));
	bytes[at] = (bytes[at] as number) ^ 1;
	return bytes.toString('base64');
}
