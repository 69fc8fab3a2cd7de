import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal';

/** The kinds of tokens, called as the query parameter that carries them. */
export type TokenKind = 'access_token' | 'suite_access_token' | 'provider_access_token';

/** Whom a token was given to: an app, and the corp that it acts for. */
export interface TokenOwner {
	readonly corpId: string;
	/** A SuiteId, or whatever else tells apps of the same corp apart. */
	readonly app: string;
}

/** The app that a corp made for itself, by corpsecret: no provider's. */
export const OWN_APP = 'self-built';

/** What a bad token is refused with. */
const ERRCODES: Readonly<Record<TokenKind, { missing: number; unknown: number; expired: number }>> =
	{
		access_token: { missing: 41001, unknown: 40014, expired: 42001 },
		suite_access_token: { missing: 41022, unknown: 40082, expired: 42009 },
		provider_access_token: { missing: 41001, unknown: 40014, expired: 42001 },
	};

/** The refusal of a token of that kind that has run out. */
export function expiredToken(kind: TokenKind): Refusal {
	return new Refusal(ERRCODES[kind].expired);
}

interface Issued {
	readonly owner: TokenOwner;
	/** Moment (ms) from which it has expired. */
	readonly end: number;
	/** Taken back: as unknown as one that was never issued. */
	readonly revoked: boolean;
}

/** The tokens of one kind: one valid at a time for each owner, the same one until it runs out. */
export class Tokens {
	private readonly byToken = new Map<string, Issued>();
	private readonly current = new Map<string, string>();

	/**
	 * @param ttlSeconds - how long a new token is good
	 * @param now - clock in ms
	 */
	constructor(
		private readonly kind: TokenKind,
		private readonly ttlSeconds: number,
		private readonly now: () => number,
	) {}

	/** How many different tokens there have been, of all owners. */
	get issued(): number {
		return this.byToken.size;
	}

	/**
	 * The owner's valid token, a new one if there is none, with the seconds it has left.
	 *
	 * @param ttlSeconds - how long a new one is good, when not as long as the others
	 */
	grant(owner: TokenOwner, ttlSeconds = this.ttlSeconds): { token: string; expiresIn: number } {
		const key = keyOf(owner);
		const current = this.current.get(key) ?? '';
		const issued = this.byToken.get(current);
		if (issued !== undefined && issued.end > this.now()) {
			return { token: current, expiresIn: Math.ceil((issued.end - this.now()) / 1000) };
		}
		const token = randomBytes(96).toString('base64url');
		this.byToken.set(token, { owner, end: this.now() + ttlSeconds * 1000, revoked: false });
		this.current.set(key, token);
		return { token, expiresIn: ttlSeconds };
	}

	/**
	 * Accepts a good token.
	 *
	 * @returns whose it is
	 * @throws Refusal 41001 or 41022 (none given), 40014 or 40082 (never issued here, or revoked),
	 * 42001 or 42009 (expired)
	 */
	check(token: string | undefined): TokenOwner {
		const errcodes = ERRCODES[this.kind];
		if (token === undefined || token === '') {
			throw new Refusal(errcodes.missing, `${this.kind} is not in the query`);
		}
		const issued = this.byToken.get(token);
		if (issued === undefined || issued.revoked) throw new Refusal(errcodes.unknown);
		if (issued.end <= this.now()) throw expiredToken(this.kind);
		return issued.owner;
	}

	/** Takes every token back that the owner has had. */
	revoke(owner: TokenOwner): void {
		const key = keyOf(owner);
		this.current.delete(key);
		for (const [token, issued] of this.byToken) {
			if (keyOf(issued.owner) === key) this.byToken.set(token, { ...issued, revoked: true });
		}
	}

	/** Every token issued so far counts as expired from now on. */
	expireAll(): void {
		for (const [token, issued] of this.byToken) {
			this.byToken.set(token, { ...issued, end: -Infinity });
		}
	}
}

/** The tokens of every kind. */
export type TokenStore = Readonly<Record<TokenKind, Tokens>>;

/**
 * Makes the tokens of a run.
 *
 * @param ttlSeconds - how long a token is good
 * @param now - clock in ms
 */
export function makeTokens(ttlSeconds: number, now: () => number): TokenStore {
	return {
		access_token: new Tokens('access_token', ttlSeconds, now),
		suite_access_token: new Tokens('suite_access_token', ttlSeconds, now),
		provider_access_token: new Tokens('provider_access_token', ttlSeconds, now),
	};
}

function keyOf({ corpId, app }: TokenOwner): string {
	return JSON.stringify([corpId, app]);
}
