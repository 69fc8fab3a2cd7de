import { CancelledError, StateUnavailableError } from '../../../wecom/errors';
import { tryLock, withLock } from '../../../wecom/state/lock';
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

	/** A store that is slow to tell what it read (`get`), or to write what it should (`set`). */
	function slow(method: 'get' | 'set') {
		const door = gate();
		let entered = 0;
		const mixed: StateStore = Object.assign(Object.create(store) as StateStore, {
			get: async (key: string) => {
				const value = await store.get(key);
				if (method === 'get') await wait();
				return value;
			},
			set: async (...args: Parameters<StateStore['set']>) => {
				if (method === 'set') await wait();
				await store.set(...args);
			},
		});
		const wait = async () => {
			entered++;
			await door.opened;
		};
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

	it.each(['get', 'set'] as const)(
		'is free at once when it is given back while it is being renewed (%s)',
		async (method) => {
			const mixed = slow(method);
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

	it('is renewed by one after the other where the store is slow', async () => {
		const mixed = slow('get');
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
