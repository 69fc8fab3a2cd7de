import { Refusal } from '../refusal';
import type { ModelName } from './index';

const DAY_MS = 86_400_000;
/** The day begins at midnight in Beijing. */
const BEIJING_MS = 8 * 3_600_000;

/** How much of each model there is a day: calls, or messages that it reads. */
export class ModelQuota {
	private day = -1;
	private used = new Map<ModelName, number>();

	/**
	 * @param perDay - what there is of each model
	 * @param now - clock in ms
	 */
	constructor(
		private readonly perDay: number,
		private readonly now: () => number,
	) {}

	/** @throws Refusal 45009 when less than that is left today */
	check(model: ModelName, amount = 1): void {
		if (this.usedToday(model) + amount <= this.perDay) return;
		throw new Refusal(45009, 'model quota of today used up');
	}

	/** Counts what was used. */
	take(model: ModelName, amount = 1): void {
		this.used.set(model, this.usedToday(model) + amount);
	}

	private usedToday(model: ModelName): number {
		const today = Math.floor((this.now() + BEIJING_MS) / DAY_MS);
		if (today !== this.day) this.used.clear();
		this.day = today;
		return this.used.get(model) ?? 0;
	}
}
