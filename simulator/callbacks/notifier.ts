import type { CallbackBuilder, CallbackKeys, CallbackOptions } from './build';
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
	readonly event: CallbackEvent | 'program_notify';
	readonly url: string;
}

/** Tells the world what happens, one callback after the other. */
export class Notifier {
	/** What was sent, in order, and how it was received. */
	readonly sent: SentCallback[] = [];
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

	/**
	 * Sends an event to the target there is now, if any, after those under way.
	 *
	 * @param fields - put over the event's own fields
	 */
	notify(event: CallbackEvent, fields?: EventFields): void {
		this.send(event, { event, ...(fields === undefined ? {} : { fields }) });
	}

	/**
	 * Sends anything, as {@link notify} sends an event.
	 *
	 * @param event - what it is called in {@link sent}
	 */
	send(event: SentCallback['event'], callback: CallbackOptions): void {
		const { target } = this;
		if (target === undefined) return;
		this.queue = this.queue.then(() => this.deliver(target, event, callback));
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
		event: SentCallback['event'],
		callback: CallbackOptions,
	): Promise<void> {
		if (this.stopping.aborted) return;
		const options = { ...callback, url };
		const context = { stopping: this.stopping, ...(keys === undefined ? {} : { keys }) };
		const result = await sendCallback(this.builder, options, context);
		this.sent.push({ event, url, ...result });
	}
}
