import { createHmac, randomBytes } from 'node:crypto';
import { Refusal } from './refusal';

const MAC_CHARACTERS = 20;

/** Cursors of lists that never end: short, good for ever, and of one list only. */
export class FeedCursors {
	private readonly key = randomBytes(32);

	/** The cursor behind a place. At most 64 bytes. */
	seal(list: string, place: bigint): string {
		const text = place.toString(36);
		return `${text}.${this.mac(list, text)}`;
	}

	/** @throws Refusal 710611 for a cursor that was not handed out for this list */
	open(list: string, cursor: string): bigint {
		const [text = ''] = cursor.split('.', 1);
		if (cursor !== `${text}.${this.mac(list, text)}`) throw new Refusal(710611, 'cursor');
		return [...text].reduce((place, digit) => place * 36n + BigInt(parseInt(digit, 36)), 0n);
	}

	private mac(list: string, text: string): string {
		const mac = createHmac('sha256', this.key).update(JSON.stringify([list, text]));
		return mac.digest('base64url').slice(0, MAC_CHARACTERS);
	}
}
