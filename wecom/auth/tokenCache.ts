import { CancelledError } from '../errors';

/** A token as WeCom issued it. */
export interface IssuedToken {
	token: string;
	/** Seconds the token is good for, from `expires_in`. */
	expiresInSeconds: number;
}

interface Entry {
	token?: string;
	/** Milliseconds since 1970 from which a new token is fetched. */
	refreshAt: number;
	pending?: Promise<string>;
}

/** Tokens are renewed this much before they expire. */
const EARLY_SECONDS = 300;
const MAX_ENTRIES = 1000;

/**
 * Keeps tokens until shortly before they expire, with one request in flight per token however many
 * callers wait. Keys must name everything a token belongs to (base URL, corp, secret).
 */
export class TokenCache {
	private readonly entries = new Map<string, Entry>();

	/** @param now clock in milliseconds */
	constructor(private readonly now: () => number = Date.now) {}

	/**
	 * The token of a key; fetches one when there is none or the old one is about to expire.
	 *
	 * @param fetch asks WeCom; its failure reaches every caller who waited, and is not kept
	 * @param signal stops this caller's waiting, not the request the others wait for
	 * @throws CancelledError when the signal fires, or fired before: then nothing is fetched
	 */
	async get(key: string, fetch: () => Promise<IssuedToken>, signal?: AbortSignal): Promise<string> {
		if (signal?.aborted) throw new CancelledError();
		const entry = this.entry(key);
		if (entry.token !== undefined && this.now() < entry.refreshAt) return entry.token;
		entry.pending ??= this.fill(entry, fetch);
		return signal ? await abortable(entry.pending, signal) : await entry.pending;
	}

	/** Forgets a token, unless a newer one has taken its place. */
	discard(key: string, token: string): void {
		const entry = this.entries.get(key);
		if (entry?.token === token) delete entry.token;
	}

	private async fill(entry: Entry, fetch: () => Promise<IssuedToken>): Promise<string> {
		try {
			// Never within this turn: `pending` has to be set before it can be deleted.
			const { token, expiresInSeconds } = await Promise.resolve().then(fetch);
			const usableSeconds = Math.max(expiresInSeconds - EARLY_SECONDS, expiresInSeconds / 2);
			entry.token = token;
			entry.refreshAt = this.now() + usableSeconds * 1000;
			return token;
		} finally {
			delete entry.pending;
		}
	}

	private entry(key: string): Entry {
		const known = this.entries.get(key);
		if (known) return known;
		if (this.entries.size >= MAX_ENTRIES) {
			const [oldest] = this.entries.keys();
			if (oldest !== undefined) this.entries.delete(oldest);
		}
		const entry: Entry = { refreshAt: 0 };
		this.entries.set(key, entry);
		return entry;
	}
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return await new Promise<T>((resolve, reject) => {
		const onAbort = () => reject(new CancelledError());
		signal.addEventListener('abort', onAbort, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
	});
}
