import { MemoryStore } from '../../../wecom/state/memoryState';

function storeWithClock(maxKeys = 100) {
	const time = { ms: 1_700_000_000_000 };
	return { time, store: new MemoryStore(maxKeys, () => time.ms) };
}

describe('a store in memory', () => {
	it('gives back what was set, the newest value of a key', async () => {
		const { store } = storeWithClock();
		await store.set('a', '1', 1000);
		await store.set('a', '2', 1000);
		expect([await store.get('a'), await store.get('b')]).toEqual(['2', undefined]);
	});

	it('forgets a value when its time is over', async () => {
		const { store, time } = storeWithClock();
		await store.set('a', '1', 1000);
		time.ms += 999;
		expect(await store.get('a')).toBe('1');
		time.ms += 1;
		expect(await store.get('a')).toBeUndefined();
	});

	it('lets one of many add a key, and another one when it is over', async () => {
		const { store, time } = storeWithClock();
		const adding = Array.from({ length: 50 }, async (_, n) => await store.add('a', `${n}`, 1000));
		expect((await Promise.all(adding)).filter(Boolean)).toHaveLength(1);
		time.ms += 1000;
		expect(await store.add('a', 'late', 1000)).toBe(true);
		expect(await store.get('a')).toBe('late');
	});

	it('removes a key only from whoever holds it', async () => {
		const { store } = storeWithClock();
		await store.set('a', 'mine', 1000);
		await store.deleteIf('a', 'yours');
		expect(await store.get('a')).toBe('mine');
		await store.deleteIf('a', 'mine');
		expect(await store.get('a')).toBeUndefined();
	});

	it('never keeps more than its bound, and lets the oldest go', async () => {
		const { store } = storeWithClock(10);
		for (let n = 0; n < 1000; n++) {
			await store.set(`key ${n}`, 'value', 1_000_000);
			expect(store.size).toBeLessThanOrEqual(10);
		}
		expect(await store.get('key 999')).toBe('value');
		expect(await store.get('key 989')).toBeUndefined();
	});

	it('does not keep what expired, though nobody asks for it', async () => {
		const { store, time } = storeWithClock(1000);
		for (let n = 0; n < 500; n++) await store.set(`old ${n}`, 'value', 1000);
		time.ms += 1000;
		for (let n = 0; n < 500; n++) await store.set(`new ${n}`, 'value', 1000);
		expect(store.size).toBe(500);
	});
});
