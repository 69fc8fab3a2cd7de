import { getEventListeners } from 'node:events';

import { onAbort } from '../../../wecom/http/onAbort';

function setUp() {
	const controller = new AbortController();
	const { signal } = controller;
	const called: string[] = [];
	const listen = (name: string) => onAbort(signal, () => called.push(name));
	const listeners = () => getEventListeners(signal, 'abort').length;
	return { controller, signal, called, listen, listeners };
}

describe('those who wait for a signal', () => {
	it('are all called back, once, in the order in which they came', () => {
		const { controller, called, listen } = setUp();
		for (const name of ['a', 'b', 'c']) listen(name);
		controller.abort();
		controller.abort();
		expect(called).toEqual(['a', 'b', 'c']);
	});

	it('share one listener, and the last to stop takes it away', () => {
		const { listen, listeners } = setUp();
		const stops = Array.from({ length: 100 }, () => listen('x'));
		expect(listeners()).toBe(1);
		const last = stops.pop();
		for (const stop of stops) stop();
		expect(listeners()).toBe(1);
		last?.();
		expect(listeners()).toBe(0);
	});

	it('are not called back when they have stopped, also if another stops them on the way', () => {
		const { controller, signal, called, listen } = setUp();
		listen('a')();
		onAbort(signal, () => stopLast());
		const stopLast = listen('last');
		controller.abort();
		expect(called).toEqual([]);
	});

	it('may stop twice without taking away the listener of others', () => {
		const { controller, called, listen, listeners } = setUp();
		const stop = listen('a');
		stop();
		listen('b');
		stop();
		expect(listeners()).toBe(1);
		controller.abort();
		expect(called).toEqual(['b']);
		expect(listeners()).toBe(0);
	});

	it('are told apart when they pass the same function', () => {
		const { controller, signal } = setUp();
		let calls = 0;
		const count = () => calls++;
		onAbort(signal, count);
		onAbort(signal, count)();
		controller.abort();
		expect(calls).toBe(1);
	});
});
