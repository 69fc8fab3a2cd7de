import { setTimeout } from 'node:timers/promises';

import { StateUnavailableError } from '../../../wecom/errors';
import { claim } from '../../../wecom/state/exactlyOnce';
import { MemoryStore } from '../../../wecom/state/memoryState';
import type { StateStore } from '../../../wecom/state/stateStore';
import { failureOf } from '../support/server';

const SETTINGS = { keepMs: 60_000, holdMs: 60_000, patienceMs: 5000 };

/** A store that is out of reach for so many commands, carried out or not. */
function shaky(store: StateStore, failures: number, carriedOut = false): StateStore {
	let left = failures;
	const wrap = <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) => {
		return async (...args: Args): Promise<T> => {
			if (left-- <= 0) return await method.apply(store, args);
			if (carriedOut) await method.apply(store, args);
			throw new StateUnavailableError('ECONNRESET', 'redis:6379');
		};
	};
	return {
		get: wrap(store.get),
		set: wrap(store.set),
		add: wrap(store.add),
		deleteIf: wrap(store.deleteIf),
		extendIf: wrap(store.extendIf),
		setWhile: wrap(store.setWhile),
	};
}

/** A store that does nothing until it is let go, and then everything it was told, in that order. */
function frozen(store: StateStore): { store: StateStore; thaw: () => Promise<void> } {
	const told: Array<() => Promise<unknown>> = [];
	const wrap = <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) => {
		return async (...args: Args): Promise<T> => {
			told.push(async () => await method.apply(store, args));
			return await Promise.reject(new StateUnavailableError('ETIMEDOUT', 'redis:6379'));
		};
	};
	return {
		store: {
			get: wrap(store.get),
			set: wrap(store.set),
			add: wrap(store.add),
			deleteIf: wrap(store.deleteIf),
			extendIf: wrap(store.extendIf),
			setWhile: wrap(store.setWhile),
		},
		thaw: async () => {
			for (const command of told) await command();
		},
	};
}

describe('a claim', () => {
	it('is first for one of many, and the others hear of it when the work is done', async () => {
		const store = new MemoryStore(100);
		const claims = Array.from({ length: 50 }, async () => {
			const mine = await claim(store, 'event', SETTINGS);
			if (mine.first) await mine.confirm();
			return mine.first;
		});
		expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
		expect((await claim(store, 'event', SETTINGS)).first).toBe(false);
	});

	it('that is given back goes to who waits for it', async () => {
		const store = new MemoryStore(100);
		const mine = await claim(store, 'event', SETTINGS);
		const theirs = claim(store, 'event', SETTINGS);
		await mine.release();
		expect((await theirs).first).toBe(true);
	});

	it('of somebody who died is over in a while', async () => {
		const store = new MemoryStore(100);
		await claim(store, 'event', { ...SETTINGS, holdMs: 30 });
		expect((await claim(store, 'event', SETTINGS)).first).toBe(true);
	});

	it('that stays open is no answer: nobody knows whether the work is done', async () => {
		const store = new MemoryStore(100);
		await claim(store, 'event', SETTINGS);
		const error = await failureOf(claim(store, 'event', { ...SETTINGS, patienceMs: 60 }));
		expect(error).toBeInstanceOf(StateUnavailableError);
	});

	it('waits for a store that comes back', async () => {
		const store = shaky(new MemoryStore(100), 3);
		expect((await claim(store, 'event', SETTINGS)).first).toBe(true);
	});

	it('knows its own again when only the answer got lost', async () => {
		const store = shaky(new MemoryStore(100), 1, true);
		expect((await claim(store, 'event', SETTINGS)).first).toBe(true);
	});

	it('gives up when the store stays away', async () => {
		const store = shaky(new MemoryStore(100), Infinity);
		const error = await failureOf(claim(store, 'event', { ...SETTINGS, patienceMs: 60 }));
		expect(error).toMatchObject({ reason: 'ECONNRESET' });
	});

	it('is not first in a store that stood still, where another one is confirmed meanwhile', async () => {
		const memory = new MemoryStore(100);
		const mine = await claim(memory, 'event', { ...SETTINGS, holdMs: 50 });
		const slow: StateStore = Object.assign(Object.create(memory) as StateStore, {
			add: async (key: string, value: string, ttlMs: number) => {
				await setTimeout(300);
				return await memory.add(key, value, ttlMs);
			},
		});
		const theirs = claim(slow, 'event', SETTINGS);
		await setTimeout(350); // mine has run out, and theirs is in its place
		await mine.confirm();
		expect((await theirs).first).toBe(false);
		expect((await claim(slow, 'another event', SETTINGS)).first).toBe(true);
	});

	it('that was given up leaves nothing behind in a store that carries it out late', async () => {
		const store = new MemoryStore(100);
		const { store: frozenStore, thaw } = frozen(store);
		await failureOf(claim(frozenStore, 'event', { ...SETTINGS, patienceMs: 120 }));
		await thaw();
		expect((await claim(store, 'event', { ...SETTINGS, patienceMs: 0 })).first).toBe(true);
	});
});
