import type { CallbackBuilder, CallbackKeys } from './build';
import type { CallbackEvent, EventFields } from './events';
import { sendCallback, type CallbackResult } from './send';

/** Where the simulator calls back to of its own accord. */
export interface CallbackTarget {
	/** http or https. */
	readonly url: string;
	/** The simulator's own when absent. */
	readonly keys?: CallbackKeys;
}

/** A callback that the simulator sent of its own accord. */
export interface SentCallback extends CallbackResult {
	readonly event: CallbackEvent;
	readonly url: string;
}

/** Tells the world what happens, one callback after the other. */
export class Notifier {
	/** What was sent, in order, and how it was received. */
	readonly sent: SentCallback[] = [];
	/** Where a provider gets what happens to its orders; nowhere when absent. */
	private providerTarget: CallbackTarget | undefined;
	private queue: Promise<void> = Promise.resolve();

	/**
	 * @param target - none: nothing is sent
	 * @param stopping - aborted when the simulator stops: ends the sending
	 */
	constructor(
		private readonly builder: CallbackBuilder,
		private target: CallbackTarget | undefined,
		private readonly stopping: AbortSignal,
	) {}

	/** Calls back there from now on. */
	setTarget(target: CallbackTarget): void {
		this.target = target;
	}

	/** Calls back there from now on for what happens to orders. */
	setProviderTarget(target: CallbackTarget): void {
		this.providerTarget = target;
	}

	/** Whether there is somewhere to call back to for what happens to orders. */
	get hasProviderTarget(): boolean {
		return this.providerTarget !== undefined;
	}

	/**
	 * Sends an event to the target there is now, if any, after those under way.
	 *
	 * @param fields - put over the event's own fields
	 */
	notify(event: CallbackEvent, fields?: EventFields): void {
		this.send(this.target, event, fields);
	}

	/** Sends an event of the provider, as {@link notify} sends any other. */
	notifyProvider(event: CallbackEvent, fields: EventFields): void {
		this.send(this.providerTarget, event, fields);
	}

	private send(
		target: CallbackTarget | undefined,
		event: CallbackEvent,
		fields: EventFields | undefined,
	): void {
		if (target === undefined) return;
		this.queue = this.queue.then(() => this.deliver(target, event, fields));
	}

	/** Resolves when no callback is under way. */
	async settled(): Promise<void> {
		let seen: Promise<void> | undefined;
		while (seen !== this.queue) {
			seen = this.queue;
			await seen;
		}
	}

	private async deliver(
		{ url, keys }: CallbackTarget,
		event: CallbackEvent,
		fields: EventFields | undefined,
	): Promise<void> {
		if (this.stopping.aborted) return;
		const options = { event, url, ...(fields === undefined ? {} : { fields }) };
		const context = { stopping: this.stopping, ...(keys === undefined ? {} : { keys }) };
		const result = await sendCallback(this.builder, options, context);
		this.sent.push({ event, url, ...result });
	}
}
