import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal';

/** The access tokens of one corp app: one valid at a time, the same one until it runs out. */
export class Tokens {
	/** Token to the moment (ms) from which it answers 42001. */
	private readonly ends = new Map<string, number>();
	private current: string | undefined;

	/**
	 * @param ttlSeconds - how long a new token is good
	 * @param now - clock in ms
	 */
	constructor(
		private readonly ttlSeconds: number,
		private readonly now: () => number,
	) {}

	/** How many different tokens there have been. */
	get issued(): number {
		return this.ends.size;
	}

	/** The valid token, a new one if there is none, with the seconds it has left. */
	grant(): { accessToken: string; expiresIn: number } {
		const end = this.current === undefined ? undefined : this.ends.get(this.current);
		if (this.current !== undefined && end !== undefined && end > this.now()) {
			return { accessToken: this.current, expiresIn: Math.ceil((end - this.now()) / 1000) };
		}
		this.current = randomBytes(96).toString('base64url');
		this.ends.set(this.current, this.now() + this.ttlSeconds * 1000);
		return { accessToken: this.current, expiresIn: this.ttlSeconds };
	}

	/**
	 * Accepts a good token.
	 *
	 * @throws Refusal 41001 (none given), 40014 (never issued here), 42001 (expired)
	 */
	check(token: string | undefined): void {
		if (token === undefined || token === '') throw new Refusal(41001);
		const end = this.ends.get(token);
		if (end === undefined) throw new Refusal(40014);
		if (end <= this.now()) throw new Refusal(42001);
	}

	/** Every token issued so far answers 42001 from now on. */
	expireAll(): void {
		for (const token of this.ends.keys()) this.ends.set(token, -Infinity);
	}
}
