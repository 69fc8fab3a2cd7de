import { setTimeout } from 'node:timers/promises';

import { addFirst, hooksOf } from '../n8nInternals';
import { forgetCopy, keepCopyFresh, type CopyContext } from './staticCopies';

/** Longest time between the end of an execution and that of its node, milliseconds. */
const SETTLE_MS = 15_000;

/** Of the executions that run. */
const leases = new WeakMap<object, ExecutionLease>();

/** What an execution keeps from others, for as long as it runs. */
export class ExecutionLease {
	/** Batches that are neither delivered nor nacked yet. */
	private readonly open = new Set<object>();
	private onSettled: () => void = () => undefined;
	private readonly before: Array<() => void> = [];
	private readonly after: Array<() => Promise<void>> = [];

	/**
	 * That of an execution; from then on its copy of the static data is kept as this process knows it.
	 *
	 * @returns undefined where n8n does not tell when an execution ends
	 */
	static of(execution: CopyContext): ExecutionLease | undefined {
		const hooks = hooksOf(execution);
		if (!hooks) return undefined;
		const known = leases.get(hooks);
		if (known) return known;
		const lease = new ExecutionLease();
		leases.set(hooks, lease);
		keepCopyFresh(execution);
		lease.afterSaving(async () => await Promise.resolve(forgetCopy(execution)));
		addFirst(hooks, async ({ status }) => {
			// Where it was stopped n8n has not waited for the node, which nacks what it has.
			if (status === 'canceled' && lease.open.size > 0) {
				void lease.settled().then(() => lease.endNow());
			} else lease.endNow();
			await Promise.resolve();
		});
		hooks.addHandler('workflowExecuteAfter', async ({ status }) => {
			if (status === 'canceled' && lease.open.size > 0) {
				void lease.settled().then(async () => await lease.endLater());
			} else await lease.endLater();
		});
		return lease;
	}

	/** Calls a function when the execution has ended, before n8n saves its static data. */
	beforeSaving(call: () => void): void {
		this.before.push(call);
	}

	/** Calls a function when the execution has ended and n8n has saved its outcome. */
	afterSaving(call: () => Promise<void>): void {
		this.after.push(call);
	}

	/** @returns what tells that it was delivered or nacked */
	openBatch(): () => void {
		const batch = {};
		this.open.add(batch);
		return () => {
			this.open.delete(batch);
			if (this.open.size === 0) this.onSettled();
		};
	}

	private endNow(): void {
		for (const call of this.before.splice(0)) call();
	}

	private async endLater(): Promise<void> {
		for (const call of this.after.splice(0)) await call();
	}

	/** Resolves when nothing is open any more, or it is abandoned: nobody will say what becomes of it. */
	private async settled(): Promise<void> {
		const said = new Promise<void>((resolve) => {
			const others = this.onSettled;
			this.onSettled = () => {
				others();
				resolve();
			};
		});
		await Promise.race([said, setTimeout(SETTLE_MS, undefined, { ref: false })]);
	}
}
