import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal';

/** The kinds of tokens, called as the query parameter that carries them. */
export type TokenKind = 'access_token' | 'suite_access_token' | 'provider_access_token';

/** What a bad token is refused with. */
const ERRCODES: Readonly<Record<TokenKind, { unknown: number; expired: number }>> = {
	access_token: { unknown: 40014, expired: 42001 },
	suite_access_token: { unknown: 40082, expired: 42009 },
	provider_access_token: { unknown: 40014, expired: 42001 },
};

/** The refusal of a token of that kind that has run out. */
export function expiredToken(kind: TokenKind): Refusal {
	return new Refusal(ERRCODES[kind].expired);
}

/** The tokens of one kind: one valid at a time, the same one until it runs out. */
export class Tokens {
	/** Token to the moment (ms) from which it has expired. */
	private readonly ends = new Map<string, number>();
	private current: string | undefined;

	/**
	 * @param ttlSeconds - how long a new token is good
	 * @param now - clock in ms
	 */
	constructor(
		private readonly kind: TokenKind,
		private readonly ttlSeconds: number,
		private readonly now: () => number,
	) {}

	/** How many different tokens there have been. */
	get issued(): number {
		return this.ends.size;
	}

	/** The valid token, a new one if there is none, with the seconds it has left. */
	grant(): { token: string; expiresIn: number } {
		const end = this.current === undefined ? undefined : this.ends.get(this.current);
		if (this.current !== undefined && end !== undefined && end > this.now()) {
			return { token: this.current, expiresIn: Math.ceil((end - this.now()) / 1000) };
		}
		this.current = randomBytes(96).toString('base64url');
		this.ends.set(this.current, this.now() + this.ttlSeconds * 1000);
		return { token: this.current, expiresIn: this.ttlSeconds };
	}

	/**
	 * Accepts a good token.
	 *
	 * @throws Refusal 41001 (none given), 40014 or 40082 (never issued here), 42001 or 42009 (expired)
	 */
	check(token: string | undefined): void {
		if (token === undefined || token === '') throw new Refusal(41001, `${this.kind} missing`);
		const end = this.ends.get(token);
		if (end === undefined) throw new Refusal(ERRCODES[this.kind].unknown);
		if (end <= this.now()) throw expiredToken(this.kind);
	}

	/** Every token issued so far counts as expired from now on. */
	expireAll(): void {
		for (const token of this.ends.keys()) this.ends.set(token, -Infinity);
	}
}

/** The tokens of every kind. */
export type TokenStore = Readonly<Record<TokenKind, Tokens>>;

/**
 * Makes the tokens of a run. Those of suite and provider, which no API hands out here, are good
 * until they are expired by hand.
 *
 * @param ttlSeconds - how long an access_token is good
 * @param now - clock in ms
 */
export function makeTokens(ttlSeconds: number, now: () => number): TokenStore {
	return {
		access_token: new Tokens('access_token', ttlSeconds, now),
		suite_access_token: new Tokens('suite_access_token', Infinity, now),
		provider_access_token: new Tokens('provider_access_token', Infinity, now),
	};
}
