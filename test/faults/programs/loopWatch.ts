import { performance } from 'node:perf_hooks';

/** Of this thread alone from Node 23.9 on; before that those that compile and collect garbage count too. */
const { threadCpuUsage = process.cpuUsage } = process as {
	threadCpuUsage?: typeof process.cpuUsage;
};

/**
 * Watches how long the event loop is held by what this process does. Time in which the system gave it
 * no processor does not count: machines that run tests are busy.
 */
export class LoopWatch {
	private longest = 0;
	private since = performance.now();
	private cpu = threadCpuUsage();

	constructor() {
		setInterval(() => this.look(), 1).unref();
	}

	/** The longest hold since it was last asked, milliseconds. */
	take(): number {
		this.look();
		const { longest } = this;
		this.longest = 0;
		return longest;
	}

	private look(): void {
		const now = performance.now();
		const { user, system } = threadCpuUsage(this.cpu);
		const held = Math.min(now - this.since, (user + system) / 1000);
		this.longest = Math.max(this.longest, held);
		this.since = now;
		this.cpu = threadCpuUsage();
	}
}
