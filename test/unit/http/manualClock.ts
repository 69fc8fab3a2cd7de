import type { Clock } from '../../../wecom/http/clock';

/** A clock that goes on only when the test says so. */
export class ManualClock implements Clock {
	private time = 0;
	private readonly alarms = new Set<{ at: number; wake: () => void }>();

	now = (): number => this.time;

	after = (milliseconds: number, wake: () => void): (() => void) => {
		const alarm = { at: this.time + milliseconds, wake };
		this.alarms.add(alarm);
		return () => void this.alarms.delete(alarm);
	};

	/** Alarms set and neither gone off nor taken back. */
	get pending(): number {
		return this.alarms.size;
	}

	/** Goes on, and lets what wakes up on the way do its work. */
	async advance(milliseconds: number): Promise<void> {
		const end = this.time + milliseconds;
		await settled();
		for (;;) {
			const next = [...this.alarms].sort((a, b) => a.at - b.at)[0];
			if (!next || next.at > end) break;
			this.alarms.delete(next);
			this.time = Math.max(this.time, next.at);
			next.wake();
			await settled();
		}
		this.time = end;
	}
}

/** When all that can happen without time going on has happened. */
export async function settled(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}
