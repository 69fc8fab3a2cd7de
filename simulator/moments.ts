/** How often the clock is looked at while something is to come, in ms. */
const LOOK_MS = 50;

interface Moment {
	readonly at: number;
	readonly run: () => void;
}

/** What is to happen by a clock that tests may turn themselves. */
export class Moments {
	private coming: Moment[] = [];
	private timer: NodeJS.Timeout | undefined;

	/** @param now - clock in ms */
	constructor(private readonly now: () => number) {}

	/** Runs something once it is that late, in ms, or at the next {@link look} after. */
	at(moment: number, run: () => void): void {
		this.coming.push({ at: moment, run });
		this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
	}

	/** Runs what is due, and rests when nothing is to come any more. */
	look(): void {
		const now = this.now();
		const due = this.coming.filter(({ at }) => at <= now);
		this.coming = this.coming.filter(({ at }) => at > now);
		if (this.coming.length === 0) this.stop();
		for (const { run } of due) run();
	}

	/** Nothing happens any more. */
	stop(): void {
		clearInterval(this.timer);
		this.timer = undefined;
	}
}
