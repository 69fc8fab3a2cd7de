import { CancelledError } from '../errors';

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
	pending?: Promise<string>;
}

/** Tokens are renewed so much before they expire, and up to so much before that. */
const EARLY_SECONDS = 300;
const JITTER_SECONDS = 300;
/** Beyond that the one goes that was not asked for the longest; those being fetched stay. */
const MAX_ENTRIES = 10_000;

/**
 * Keeps tokens until shortly before they expire, with one request in flight per token however many
 * callers wait. Keys must name everything a token belongs to (base URL, corp, secret).
 */
export class TokenCache {
	private readonly entries = new Map<string, Entry>();

	/**
	 * @param now clock in milliseconds
	 * @param random 0 to 1: spreads the renewals of tokens that were fetched at the same time
	 */
	constructor(
		private readonly now: () => number = Date.now,
		private readonly random: () => number = Math.random,
	) {}

	/**
	 * The token of a key; fetches one when there is none or the old one is about to expire.
	 *
	 * @param fetch asks WeCom; its failure reaches every caller who waited, and is not kept
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

	/** Forgets a token, unless a newer one has taken its place. */
	discard(key: string, token: string): void {
		const entry = this.entries.get(key);
		if (entry?.token !== token) return;
		delete entry.token;
		entry.refused = token;
	}

	/** Forgets the token of a key, whichever it is. */
	forget(key: string): void {
		const { token } = this.entries.get(key) ?? {};
		if (token !== undefined) this.discard(key, token);
	}

	/** From when on a token is to be replaced, milliseconds since 1970. */
	refreshAt(expiresInSeconds: number): number {
		const early = EARLY_SECONDS + JITTER_SECONDS * this.random();
		const usableSeconds = Math.max(expiresInSeconds - early, expiresInSeconds / 2);
		return this.now() + usableSeconds * 1000;
	}

	private async fill(entry: Entry, fetch: FetchToken): Promise<string> {
		try {
			// Never within this turn: `pending` has to be set before it can be deleted.
			const issued = await Promise.resolve(entry.refused).then(fetch);
			entry.token = issued.token;
			entry.refreshAt = issued.refreshAt ?? this.refreshAt(issued.expiresInSeconds);
			delete entry.refused;
			return issued.token;
		} finally {
			delete entry.pending;
		}
	}

	private entry(key: string): Entry {
		const known = this.entries.get(key);
		if (!known) this.makeRoom();
		const entry = known ?? { refreshAt: 0 };
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

async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return await new Promise<T>((resolve, reject) => {
		const onAbort = () => reject(new CancelledError());
		signal.addEventListener('abort', onAbort, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
	});
}
