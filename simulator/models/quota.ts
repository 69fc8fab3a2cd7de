import { Refusal } from '../refusal';
import type { ModelName } from './index';

const DAY_MS = 86_400_000;
/** The day begins at midnight in Beijing. */
const BEIJING_MS = 8 * 3_600_000;

/** How often each model may be called a day. */
export class ModelQuota {
	private day = -1;
	private used = new Map<ModelName, number>();

	/**
	 * @param perDay - calls of each model
	 * @param now - clock in ms
	 */
	constructor(
		private readonly perDay: number,
		private readonly now: () => number,
	) {}

	/** @throws Refusal 45009 when nothing is left today */
	check(model: ModelName): void {
		if (this.usedToday(model) < this.perDay) return;
		throw new Refusal(45009, 'model quota of today used up');
	}

	/** Counts a call that was answered. */
	take(model: ModelName): void {
		this.used.set(model, this.usedToday(model) + 1);
	}

	private usedToday(model: ModelName): number {
		const today = Math.floor((this.now() + BEIJING_MS) / DAY_MS);
		if (today !== this.day) this.used.clear();
		this.day = today;
		return this.used.get(model) ?? 0;
	}
}
