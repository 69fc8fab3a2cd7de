import type { Random } from './random';

/** What a code stands for, and whether its time is over. */
export interface FoundCode<T> {
	readonly value: T;
	readonly expired: boolean;
}

/** Codes that are good for some time: tickets, auth_codes, pre_auth_codes. */
export class Codes<T> {
	/** By code, oldest first, with the moment (ms) from which it has expired. */
	private readonly issued = new Map<string, { readonly value: T; readonly end: number }>();

	/**
	 * @param random - makes the codes: 64 letters and digits each
	 * @param lifeSeconds - how long a new code is good
	 * @param now - clock in ms
	 */
	constructor(
		private readonly random: Random,
		readonly lifeSeconds: number,
		private readonly now: () => number,
	) {}

	/** The last code that was issued, unless its time is over. */
	get newest(): string | undefined {
		const code = [...this.issued.keys()].at(-1);
		return code === undefined || this.find(code)?.expired === true ? undefined : code;
	}

	/** A new code. */
	issue(value: T): string {
		const code = this.random.text(64);
		this.issued.set(code, { value, end: this.now() + this.lifeSeconds * 1000 });
		return code;
	}

	/** Undefined for a code that was never issued here, or was removed. */
	find(code: string): FoundCode<T> | undefined {
		const found = this.issued.get(code);
		return found && { value: found.value, expired: found.end <= this.now() };
	}

	/** Uses a code up. */
	remove(code: string): void {
		this.issued.delete(code);
	}
}
