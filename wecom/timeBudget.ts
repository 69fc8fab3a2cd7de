import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/**
 * Keeps CPU-heavy loops from holding the event loop: work until the budget is spent, then let
 * timers and sockets have their turn. Only a macrotask does that; `await` of a resolved promise
 * does not.
 *
 * @example
 * const budget = new TimeBudget();
 * for (const record of records) {
 *   decrypt(record);
 *   if (budget.spent) await budget.renew();
 * }
 */
export class TimeBudget {
	private startedAt = performance.now();
	private renewal?: Promise<void> | undefined;

	/** @param milliseconds how long to work at a stretch */
	constructor(private readonly milliseconds = 5) {}

	/** Whether it is time to yield. */
	get spent(): boolean {
		return performance.now() - this.startedAt >= this.milliseconds;
	}

	/** Yields to the event loop and starts the next stretch; one for all who wait for it. */
	async renew(): Promise<void> {
		this.renewal ??= this.yield();
		await this.renewal;
	}

	private async yield(): Promise<void> {
		await setImmediate();
		this.startedAt = performance.now();
		this.renewal = undefined;
	}
}
