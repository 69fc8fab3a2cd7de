import { createHmac, randomBytes } from 'node:crypto';
import { Refusal } from './refusal';

const MAC_CHARACTERS = 20;
const LIFE_SECONDS = 5 * 86_400;
const FORM = /^([0-9a-z]+)-([0-9a-z]+)-[0-9a-z]+$/;

/** Cursors of lists that never end: short, good for five days, and of one list only. */
export class FeedCursors {
	private readonly key = randomBytes(32);
	private turns = 0;

	/** @param now - clock in ms */
	constructor(private readonly now: () => number) {}

	/** The cursor behind a place, the same one within a second. At most 64 bytes. */
	seal(list: string, place: bigint): string {
		return this.sealTurn(list, place, 0);
	}

	/** Another cursor behind the same place, with each call another. */
	sealAgain(list: string, place: bigint): string {
		this.turns += 1;
		return this.sealTurn(list, place, this.turns);
	}

	/** @throws Refusal 710611 for a cursor that was not handed out for this list, or is too old */
	open(list: string, cursor: string): bigint {
		const [text = ''] = cursor.split('.', 1);
		const [, place = '', at = ''] = FORM.exec(text) ?? [];
		if (place === '' || cursor !== `${text}.${this.mac(list, text)}`) {
			throw new Refusal(710611, 'cursor');
		}
		if (parseInt(at, 36) + LIFE_SECONDS <= this.seconds()) {
			throw new Refusal(710611, 'cursor is older than five days');
		}
		return [...place].reduce((sum, digit) => sum * 36n + BigInt(parseInt(digit, 36)), 0n);
	}

	private sealTurn(list: string, place: bigint, turn: number): string {
		const text = [place, this.seconds(), turn].map((part) => part.toString(36)).join('-');
		return `${text}.${this.mac(list, text)}`;
	}

	private seconds(): number {
		return Math.floor(this.now() / 1000);
	}

	private mac(list: string, text: string): string {
		const mac = createHmac('sha256', this.key).update(JSON.stringify([list, text]));
		return mac.digest('base64url').slice(0, MAC_CHARACTERS);
	}
}
