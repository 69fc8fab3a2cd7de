import { CancelledError } from '../errors';
import { abortable } from '../http/onAbort';

/** A token as WeCom issued it. */
export interface IssuedToken {
	token: string;
	/** Seconds the token is good for, from `expires_in`. */
	expiresInSeconds: number;
	/** Milliseconds since 1970 from which a new one is fetched; worked out here when left out. */
	refreshAt?: number;
}

/** Where a new token comes from; gets the one that WeCom refused, if it did. */
export type FetchToken = (refused: string | undefined) => Promise<IssuedToken>;

interface Entry {
	token?: string;
	/** The token that WeCom refused last. */
	refused?: string;
	/** Milliseconds since 1970 from which a new token is fetched. */
	refreshAt: number;
	/** Milliseconds since 1970 until which WeCom takes the token. */
	expiresAt: number;
	/** Grows with each token that is fetched, whatever its key. */
	serial: number;
	pending?: Promise<string>;
}

/** Tokens are renewed so much before they expire, and up to so much before that. */
const EARLY_SECONDS = 300;
const JITTER_SECONDS = 300;
/** After a renewal that failed while the old token is good the next one waits so long, milliseconds. */
const ASK_AGAIN_MS = 15_000;
/** Beyond that the one goes that was not asked for the longest; those being fetched stay. */
const MAX_ENTRIES = 10_000;

/**
 * Keeps tokens until shortly before they expire, with one request in flight per token however many
 * callers wait. Keys must name everything a token belongs to (base URL, corp, secret).
 */
export class TokenCache {
	private readonly entries = new Map<string, Entry>();
	private fetched = 0;

	/**
	 * @param now clock in milliseconds
	 * @param random 0 to 1: spreads the renewals of tokens that were fetched at the same time
	 */
	constructor(
		private readonly now: () => number = Date.now,
		private readonly random: () => number = Math.random,
	) {}

	/**
	 * The token of a key; fetches one when there is none or the old one is about to expire. Where that
	 * fails, an old one that WeCom did not refuse serves until it expires; another one is asked for
	 * after a pause.
	 *
	 * @param fetch asks WeCom; its failure reaches every caller who waited and has no token to go on
	 * with, and is not kept
	 * @param signal stops this caller's waiting, not the request the others wait for
	 * @throws CancelledError when the signal fires, or fired before: then nothing is fetched
	 */
	async get(key: string, fetch: FetchToken, signal?: AbortSignal): Promise<string> {
		if (signal?.aborted) throw new CancelledError();
		const entry = this.entry(key);
		if (entry.token !== undefined && this.now() < entry.refreshAt) return entry.token;
		entry.pending ??= this.fill(entry, fetch);
		return signal ? await abortable(entry.pending, signal) : await entry.pending;
	}

	/**
	 * Forgets a token that WeCom refused, unless a newer one has taken its place.
	 *
	 * @param madeWith key of the token that it was made with, to be forgotten as well: unless that was
	 * renewed since, so that of many who bring the same bad news, late ones too, one is heard
	 */
	discard(key: string, token: string, madeWith?: string): void {
		const entry = this.entries.get(key);
		if (entry?.token !== token) return;
		refuse(entry);
		const maker = madeWith === undefined ? undefined : this.entries.get(madeWith);
		if (maker && maker.serial < entry.serial) refuse(maker);
	}

	/** From when on a token is to be replaced, milliseconds since 1970. */
	refreshAt(expiresInSeconds: number): number {
		const early = EARLY_SECONDS + JITTER_SECONDS * this.random();
		const usableSeconds = Math.max(expiresInSeconds - early, expiresInSeconds / 2);
		return this.now() + usableSeconds * 1000;
	}

	/**
	 * From when on a token is to be replaced whose renewal failed, milliseconds since 1970.
	 *
	 * @param expiresAt milliseconds since 1970
	 */
	askAgainAt(expiresAt: number): number {
		return Math.min(this.now() + ASK_AGAIN_MS, expiresAt);
	}

	private async fill(entry: Entry, fetch: FetchToken): Promise<string> {
		try {
			// Never within this turn: `pending` has to be set before it can be deleted.
			const issued = await Promise.resolve(entry.refused).then(fetch);
			entry.token = issued.token;
			entry.refreshAt = issued.refreshAt ?? this.refreshAt(issued.expiresInSeconds);
			entry.expiresAt = this.now() + issued.expiresInSeconds * 1000;
			entry.serial = ++this.fetched;
			delete entry.refused;
			return issued.token;
		} catch (error) {
			if (entry.token === undefined || this.now() >= entry.expiresAt) throw error;
			entry.refreshAt = this.askAgainAt(entry.expiresAt);
			return entry.token;
		} finally {
			delete entry.pending;
		}
	}

	private entry(key: string): Entry {
		const known = this.entries.get(key);
		if (!known) this.makeRoom();
		const entry = known ?? { refreshAt: 0, expiresAt: 0, serial: 0 };
		// To the end of the order: what nobody asks for goes first.
		this.entries.delete(key);
		this.entries.set(key, entry);
		return entry;
	}

	private makeRoom(): void {
		if (this.entries.size < MAX_ENTRIES) return;
		for (const [key, { pending }] of this.entries) {
			// Whoever waits for it is not alone for long: the next one would ask WeCom a second time.
			if (pending) continue;
			this.entries.delete(key);
			return;
		}
	}
}

function refuse(entry: Entry): void {
	if (entry.token === undefined) return;
	entry.refused = entry.token;
	delete entry.token;
}
