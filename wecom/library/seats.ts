import { librarySettings } from './settings';

/** Whoever holds a seat. */
export interface Holder {
	/** Whether it has nothing to do just now. */
	readonly isIdle: boolean;
	/** Gives its seat up; only asked for while it is idle. */
	leave(): Promise<void>;
}

/**
 * The seats of a process: one for each process of the library that may run at the same time. When all
 * are taken the one that has been idle for longest goes.
 */
export class Seats {
	/** In the order in which they were last used. */
	private readonly holders = new Map<Holder, { since: number }>();
	private readonly waiting: Array<() => void> = [];

	/**
	 * Takes a seat, or goes on holding one: for as long as its turn lasts where others wait.
	 *
	 * @returns whether the seat was held before
	 */
	async take(holder: Holder): Promise<boolean> {
		const held = this.holders.get(holder);
		if (held && !this.turnIsOver(held.since)) {
			this.holders.delete(holder);
			this.holders.set(holder, held);
			return true;
		}
		if (held) await holder.leave();
		while (this.holders.size >= librarySettings().maxProcesses) {
			const oldest = [...this.holders.keys()].find(({ isIdle }) => isIdle);
			if (oldest) await oldest.leave();
			else await new Promise<void>((resolve) => this.waiting.push(resolve));
		}
		this.holders.set(holder, { since: Date.now() });
		return false;
	}

	/** Takes notice that a holder has become idle: one that waits may take its seat. */
	rest(holder: Holder): void {
		if (this.holders.has(holder)) this.waiting.shift()?.();
	}

	/** Frees a seat. */
	free(holder: Holder): void {
		if (this.holders.delete(holder)) this.waiting.shift()?.();
	}

	private turnIsOver(since: number): boolean {
		return this.waiting.length > 0 && Date.now() - since >= librarySettings().turnMs;
	}
}
