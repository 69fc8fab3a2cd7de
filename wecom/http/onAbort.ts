import { CancelledError } from '../errors';

const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal fires. However many wait for the same signal (the thousands of calls of
 * one workflow run), it carries a single listener: Node warns of a leak from the eleventh on, and
 * searches all of them each time one is added.
 *
 * @param signal that has not fired yet: one that has does not call back
 * @param callback must not throw
 * @returns stops listening; the last one to stop leaves nothing on the signal
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
	const waiting = listeners.get(signal) ?? listen(signal);
	// Each time a function of its own: the same callback may be given twice.
	const call = () => callback();
	waiting.add(call);
	return () => {
		waiting.delete(call);
		if (waiting.size === 0 && listeners.get(signal) === waiting) {
			listeners.delete(signal);
			signal.removeEventListener('abort', fire);
		}
	};
}

function listen(signal: AbortSignal): Set<() => void> {
	const waiting = new Set<() => void>();
	listeners.set(signal, waiting);
	signal.addEventListener('abort', fire, { once: true });
	return waiting;
}

function fire(event: Event): void {
	const signal = event.target as AbortSignal;
	const waiting = listeners.get(signal) ?? [];
	listeners.delete(signal);
	for (const call of waiting) call();
}

/**
 * Waits for a promise, unless a signal fires before.
 *
 * @throws CancelledError when it does, or has; what is waited for goes on
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	if (signal.aborted) throw new CancelledError();
	return await new Promise<T>((resolve, reject) => {
		const stopListening = onAbort(signal, () => reject(new CancelledError()));
		void promise.then(resolve, reject).finally(stopListening);
	});
}
