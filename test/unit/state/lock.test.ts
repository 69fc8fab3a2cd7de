import { CancelledError } from '../../../wecom/errors';
import { withLock } from '../../../wecom/state/lock';
import { MemoryStore } from '../../../wecom/state/memoryState';
import { failureOf, gate } from '../support/server';

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
