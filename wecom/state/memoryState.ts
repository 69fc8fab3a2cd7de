import type { State, StateStore } from './stateStore';

interface Entry {
	value: string;
	/** Milliseconds since 1970. */
	expiresAt: number;
}

/**
 * State in the memory of this process, bounded: when it is full the oldest entry goes, expired or
 * not.
 */
export class MemoryStore implements StateStore {
	/** In the order in which they were set. */
	private readonly entries = new Map<string, Entry>();

	/**
	 * @param maxKeys how many are kept at most
	 * @param now clock in milliseconds
	 */
	constructor(
		private readonly maxKeys: number,
		private readonly now: () => number = Date.now,
	) {}

	/** How many keys are kept, those included that expired unnoticed. */
	get size(): number {
		return this.entries.size;
	}

	async get(key: string): Promise<string | undefined> {
		return await Promise.resolve(this.read(key));
	}

	async set(key: string, value: string, ttlMs: number): Promise<void> {
		this.write(key, value, ttlMs);
		await Promise.resolve();
	}

	async add(key: string, value: string, ttlMs: number): Promise<boolean> {
		const isNew = this.read(key) === undefined;
		if (isNew) this.write(key, value, ttlMs);
		return await Promise.resolve(isNew);
	}

	async deleteIf(key: string, value: string): Promise<void> {
		if (this.read(key) === value) this.entries.delete(key);
		await Promise.resolve();
	}

	async extendIf(key: string, value: string, ttlMs: number): Promise<boolean> {
		const isHeld = this.read(key) === value;
		if (isHeld) this.write(key, value, ttlMs);
		return await Promise.resolve(isHeld);
	}

	async setWhile(
		held: { key: string; value: string },
		key: string,
		value: string,
		ttlMs: number,
	): Promise<boolean> {
		const isHeld = this.read(held.key) === held.value;
		if (isHeld) this.write(key, value, ttlMs);
		return await Promise.resolve(isHeld);
	}

	private read(key: string): string | undefined {
		const entry = this.entries.get(key);
		if (!entry) return undefined;
		if (entry.expiresAt > this.now()) return entry.value;
		this.entries.delete(key);
		return undefined;
	}

	private write(key: string, value: string, ttlMs: number): void {
		this.entries.delete(key); // to the end of the order
		this.entries.set(key, { value, expiresAt: this.now() + ttlMs });
		this.forgetOldest();
	}

	/** Two for one that comes, so that the expired ones are gone sooner or later. */
	private forgetOldest(): void {
		for (let look = 0; look < 2; look++) {
			const [oldest] = this.entries;
			if (!oldest) return;
			const [key, { expiresAt }] = oldest;
			if (this.entries.size <= this.maxKeys && expiresAt > this.now()) return;
			this.entries.delete(key);
		}
	}
}

/** Two for each callback, its delivery and its event: some 80 MB when full. Both READMEs say it. */
const MAX_EVENTS = 400_000;
const MAX_FACTS = 20_000;

/** A state of its own. */
export function makeMemoryState(now?: () => number): State {
	return {
		kind: 'memory',
		events: new MemoryStore(MAX_EVENTS, now),
		facts: new MemoryStore(MAX_FACTS, now),
		secrets: new MemoryStore(MAX_FACTS, now),
	};
}

/** The state of this process: what holds where nothing else is chosen. */
export const processState = makeMemoryState();
