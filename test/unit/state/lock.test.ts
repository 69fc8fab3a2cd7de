import { CancelledError, StateUnavailableError } from '../../../wecom/errors';
import { tryLease, tryLock, withLock } from '../../../wecom/state/lock';
import { MemoryStore } from '../../../wecom/state/memoryState';
import type { StateStore } from '../../../wecom/state/stateStore';
import { failureOf, gate } from '../support/server';

// Fake timers take the place of the global ones alone.
jest.mock('node:timers', () => ({
	setInterval: (...args: Parameters<typeof setInterval>) => setInterval(...args),
	clearInterval: (timer: NodeJS.Timeout) => clearInterval(timer),
}));

describe('a lock', () => {
	it('lets one work after the other', async () => {
		const store = new MemoryStore(10);
		let running = 0;
		const seen: number[] = [];
		const work = async () => {
			seen.push(++running);
			await new Promise((resolve) => setImmediate(resolve));
			running--;
		};
		await Promise.all([1, 2, 3].map(async () => await withLock(store, 'one', work)));
		expect(seen).toEqual([1, 1, 1]);
	});

	it('gives back what the work gives, and is free after a failure', async () => {
		const store = new MemoryStore(10);
		const fail = async () => await Promise.reject(new Error('work failed'));
		expect(await failureOf(withLock(store, 'one', fail))).toMatchObject({ message: 'work failed' });
		expect(await withLock(store, 'one', async () => await Promise.resolve(7))).toBe(7);
	});

	it('of another name is no obstacle', async () => {
		const store = new MemoryStore(10);
		const done = gate();
		const holding = withLock(store, 'one', async () => await done.opened);
		expect(await withLock(store, 'two', async () => await Promise.resolve(2))).toBe(2);
		done.open();
		await holding;
	});

	it('is not waited for by who is cancelled', async () => {
		const store = new MemoryStore(10);
		const done = gate();
		const holding = withLock(store, 'one', async () => await done.opened);
		const stop = new AbortController();
		const waiting = failureOf(
			withLock(store, 'one', async () => await Promise.resolve(), stop.signal),
		);
		stop.abort();
		expect(await waiting).toBeInstanceOf(CancelledError);
		done.open();
		await holding;
	});
});

describe('a lock that is kept', () => {
	const KEY = 'lock/one';
	let now: number;
	let store: MemoryStore;

	beforeEach(() => {
		jest.useFakeTimers({ doNotFake: ['setImmediate'] });
		now = 0;
		store = new MemoryStore(10, () => now);
	});
	afterEach(() => jest.useRealTimers());

	/** Lets time pass, and everything happen that comes with it. */
	async function pass(milliseconds: number): Promise<void> {
		for (let passed = 0; passed < milliseconds; passed += 500) {
			now += 500;
			await jest.advanceTimersByTimeAsync(500);
		}
	}

	/** A store that is slow to renew: before it has done it, or before it says so. */
	function slow(when: 'before' | 'after') {
		const door = gate();
		let entered = 0;
		const wait = async () => {
			entered++;
			await door.opened;
		};
		const mixed: StateStore = Object.assign(Object.create(store) as StateStore, {
			extendIf: async (...args: Parameters<StateStore['extendIf']>) => {
				if (when === 'before') await wait();
				const extended = await store.extendIf(...args);
				if (when === 'after') await wait();
				return extended;
			},
		});
		return { store: mixed, open: door.open, entered: () => entered };
	}

	it('is nobody else’s however long the work takes', async () => {
		const release = await tryLock(store, 'one');
		await pass(60_000);
		expect(await tryLock(store, 'one')).toBeUndefined();
		await release?.();
		expect(await store.get(KEY)).toBeUndefined();
	});

	it('is taken again after it ended while the store was away', async () => {
		let away = false;
		const whileReachable: StateStore = {
			get: async (key) => await (away ? unreachable() : store.get(key)),
			set: async (...args) => await (away ? unreachable() : store.set(...args)),
			add: async (...args) => await (away ? unreachable() : store.add(...args)),
			deleteIf: async (...args) => await (away ? unreachable() : store.deleteIf(...args)),
			extendIf: async (...args) => await (away ? unreachable() : store.extendIf(...args)),
			setWhile: async (...args) => await (away ? unreachable() : store.setWhile(...args)),
		};
		const release = await tryLock(whileReachable, 'one');
		away = true;
		await pass(11_000);
		expect(await store.get(KEY)).toBeUndefined();
		away = false;
		await pass(3000);
		expect(await tryLock(whileReachable, 'one')).toBeUndefined();
		await pass(30_000);
		expect(await tryLock(whileReachable, 'one')).toBeUndefined();
		await release?.();
		expect(await store.get(KEY)).toBeUndefined();
	});

	it('stays with whoever took it meanwhile', async () => {
		const release = await tryLock(store, 'one');
		now += 11_000; // as after an event loop that stood still
		const releaseOther = await tryLock(store, 'one');
		expect(releaseOther).toBeDefined();
		const holder = await store.get(KEY);
		await pass(9000);
		expect(await store.get(KEY)).toBe(holder);
		await release?.();
		expect(await store.get(KEY)).toBe(holder);
		await releaseOther?.();
		expect(await store.get(KEY)).toBeUndefined();
	});

	it.each(['before', 'after'] as const)(
		'is free at once when it is given back while it is being renewed (%s)',
		async (when) => {
			const mixed = slow(when);
			const release = await tryLock(mixed.store, 'one');
			await pass(3000);
			expect(mixed.entered()).toBe(1);
			const releasing = release?.();
			await new Promise((resolve) => setImmediate(resolve));
			mixed.open();
			await releasing;
			await new Promise((resolve) => setImmediate(resolve));
			expect(await store.get(KEY)).toBeUndefined();
			await pass(9000);
			expect(await store.get(KEY)).toBeUndefined();
		},
	);

	it('is renewed in one step: one that goes to another meanwhile stays there', async () => {
		const inTwoSteps = jest.fn();
		jest.spyOn(store, 'get').mockImplementation(inTwoSteps);
		jest.spyOn(store, 'set').mockImplementation(inTwoSteps);
		const release = await tryLock(store, 'one');
		await pass(30_000);
		expect(inTwoSteps).not.toHaveBeenCalled();
		await release?.();
	});

	it('under which something is to be set sets it, and not when it has gone to another', async () => {
		const first = await tryLease(store, 'one', 'let go');
		expect(await first?.set('place', '1', 60_000)).toBe(true);
		now += 11_000; // as after an event loop that stood still
		const second = await tryLease(store, 'one', 'let go');
		expect(await first?.set('place', '2', 60_000)).toBe(false);
		expect(await second?.set('place', '3', 60_000)).toBe(true);
		expect(await store.get('place')).toBe('3');
		await Promise.all([first?.release(), second?.release()]);
	});

	it('is not taken again in silence where others may have worked meanwhile', async () => {
		const first = await tryLease(store, 'one', 'let go');
		now += 11_000;
		const second = await tryLease(store, 'one', 'let go');
		await second?.release();
		await pass(6000);
		expect(await first?.set('place', '2', 60_000)).toBe(false);
		await first?.release();
	});

	it('is renewed by one after the other where the store is slow', async () => {
		const mixed = slow('after');
		const release = await tryLock(mixed.store, 'one');
		await pass(9000);
		expect(mixed.entered()).toBe(1);
		mixed.open();
		await pass(3000);
		expect(mixed.entered()).toBe(2);
		await release?.();
	});
});

async function unreachable(): Promise<never> {
	return await Promise.reject(new StateUnavailableError('ECONNREFUSED', 'here:6379'));
}
