import { getEventListeners } from 'node:events';

import { TokenCache, type IssuedToken } from '../../../wecom/auth/tokenCache';
import { CancelledError } from '../../../wecom/errors';
import { failureOf, gate } from '../support/server';

/** Issues `token 1`, `token 2` … and counts. */
function issuer(expiresInSeconds = 7200) {
	let issued = 0;
	return {
		get issued() {
			return issued;
		},
		fetch: async (): Promise<IssuedToken> => {
			const token = `token ${++issued}`;
			await Promise.resolve();
			return { token, expiresInSeconds };
		},
	};
}

function clock() {
	const time = { seconds: 1_700_000_000 };
	return { time, now: () => time.seconds * 1000 };
}

describe('a token', () => {
	it('is fetched once for all who ask at the same time', async () => {
		const { fetch } = issuer();
		const cache = new TokenCache();
		const asking = Array.from({ length: 500 }, async () => await cache.get('key', fetch));
		expect(new Set(await Promise.all(asking))).toEqual(new Set(['token 1']));
	});

	it('is fetched once for all who ask later', async () => {
		const corp = issuer();
		const cache = new TokenCache();
		for (let call = 0; call < 5; call++) {
			expect(await cache.get('key', corp.fetch)).toBe('token 1');
		}
		expect(corp.issued).toBe(1);
	});

	it('belongs to its key alone', async () => {
		const { fetch } = issuer();
		const cache = new TokenCache();
		expect(await Promise.all([cache.get('a', fetch), cache.get('b', fetch)])).toEqual([
			'token 1',
			'token 2',
		]);
		expect(await cache.get('a', fetch)).toBe('token 1');
	});

	it.each([
		['five minutes early', 7200, 6900],
		['five minutes early, also when it is good for 12 minutes', 720, 420],
		['after half its life when five minutes would be too early', 400, 200],
		['after half its life when it is good for a minute', 60, 30],
	])('is renewed %s', async (_when, expiresInSeconds, usableSeconds) => {
		const { fetch } = issuer(expiresInSeconds);
		const { time, now } = clock();
		const cache = new TokenCache(now, () => 0);
		expect(await cache.get('key', fetch)).toBe('token 1');
		time.seconds += usableSeconds - 1;
		expect(await cache.get('key', fetch)).toBe('token 1');
		time.seconds += 1;
		expect(await cache.get('key', fetch)).toBe('token 2');
		time.seconds += usableSeconds - 1;
		expect(await cache.get('key', fetch)).toBe('token 2');
	});

	it('is renewed once for all who ask when its time has come', async () => {
		const corp = issuer();
		const { time, now } = clock();
		const cache = new TokenCache(now, () => 0);
		await cache.get('key', corp.fetch);
		time.seconds += 7000;
		const asking = Array.from({ length: 20 }, async () => await cache.get('key', corp.fetch));
		expect(new Set(await Promise.all(asking))).toEqual(new Set(['token 2']));
		expect(corp.issued).toBe(2);
	});
});

describe('tokens fetched at the same time', () => {
	it('are not all renewed at the same time, and none later than five minutes before its end', async () => {
		const { time, now } = clock();
		const renewedAt: number[] = [];
		const caches = Array.from({ length: 50 }, () => new TokenCache(now));
		for (const cache of caches) await cache.get('key', issuer().fetch);
		const start = time.seconds;
		for (let second = 0; second <= 7200; second += 30) {
			time.seconds = start + second;
			for (const cache of caches) {
				let renewed = false;
				await cache.get('key', async () => {
					renewed = true;
					return await issuer().fetch();
				});
				if (renewed) renewedAt.push(second);
			}
		}
		const first = renewedAt.slice(0, caches.length);
		expect(Math.min(...first)).toBeGreaterThanOrEqual(6600);
		expect(Math.max(...first)).toBeLessThanOrEqual(6900 + 30);
		expect(new Set(first).size).toBeGreaterThan(3);
	});
});

describe('a discarded token', () => {
	it('is replaced at the next call', async () => {
		const { fetch } = issuer();
		const cache = new TokenCache();
		cache.discard('key', await cache.get('key', fetch));
		expect(await cache.get('key', fetch)).toBe('token 2');
	});

	it('does not throw away a newer one', async () => {
		const corp = issuer();
		const cache = new TokenCache();
		await cache.get('key', corp.fetch);
		cache.discard('key', 'token 1');
		expect(await cache.get('key', corp.fetch)).toBe('token 2');
		cache.discard('key', 'token 1');
		expect(await cache.get('key', corp.fetch)).toBe('token 2');
		expect(corp.issued).toBe(2);
	});

	it('does not disturb the request for a newer one', async () => {
		const corp = issuer();
		const door = gate();
		const cache = new TokenCache();
		cache.discard('key', await cache.get('key', corp.fetch));
		const renewing = cache.get('key', async () => {
			await door.opened;
			return await corp.fetch();
		});
		cache.discard('key', 'token 1');
		const alsoAsking = cache.get('key', corp.fetch);
		door.open();
		expect(await Promise.all([renewing, alsoAsking])).toEqual(['token 2', 'token 2']);
		expect(await cache.get('key', corp.fetch)).toBe('token 2');
	});

	it('takes the one it was made with along, of all who say so once', async () => {
		const corp = issuer();
		const cache = new TokenCache();
		const makerOf = async () => await cache.get('maker', corp.fetch);
		await makerOf(); // token 1
		await cache.get('a', corp.fetch); // token 2
		await cache.get('b', corp.fetch); // token 3
		cache.discard('a', 'token 2', 'maker');
		expect(await makerOf()).toBe('token 4');
		// Made before token 4: what they blame is gone already.
		cache.discard('a', 'token 2', 'maker');
		cache.discard('b', 'token 3', 'maker');
		expect(await makerOf()).toBe('token 4');
		expect(await cache.get('b', corp.fetch)).toBe('token 5');
		cache.discard('b', 'token 5', 'maker');
		expect(await makerOf()).toBe('token 6');
	});

	it('of another key or none changes nothing', async () => {
		const { fetch } = issuer();
		const cache = new TokenCache();
		await cache.get('key', fetch);
		cache.discard('other', 'token 1');
		cache.discard('key', 'unknown');
		expect(await cache.get('key', fetch)).toBe('token 1');
	});
});

describe('a failure', () => {
	const refused = new Error('refused');
	const fail = async (): Promise<IssuedToken> => {
		await Promise.resolve();
		throw refused;
	};

	it('reaches everybody who waited', async () => {
		const cache = new TokenCache();
		const waiting = Array.from({ length: 10 }, async () => await failureOf(cache.get('k', fail)));
		expect(new Set(await Promise.all(waiting))).toEqual(new Set([refused]));
	});

	it('is not kept: the next call asks again', async () => {
		const { fetch } = issuer();
		const cache = new TokenCache();
		expect(await failureOf(cache.get('key', fail))).toBe(refused);
		expect(await cache.get('key', fetch)).toBe('token 1');
	});

	it('is not kept either when it is thrown before anything was awaited', async () => {
		const { fetch } = issuer();
		const cache = new TokenCache();
		const failAtOnce = (): Promise<IssuedToken> => {
			throw refused;
		};
		expect(await failureOf(cache.get('key', failAtOnce))).toBe(refused);
		expect(await cache.get('key', fetch)).toBe('token 1');
	});

	it('of a renewal leaves the old token in use until it expires', async () => {
		const { fetch } = issuer();
		const { time, now } = clock();
		const cache = new TokenCache(now, () => 0);
		await cache.get('key', fetch);
		time.seconds += 6900;
		const waiting = Array.from({ length: 10 }, async () => await cache.get('key', fail));
		expect(new Set(await Promise.all(waiting))).toEqual(new Set(['token 1']));
		time.seconds += 299;
		expect(await cache.get('key', fail)).toBe('token 1');
		time.seconds += 1;
		expect(await failureOf(cache.get('key', fail))).toBe(refused);
		expect(await cache.get('key', fetch)).toBe('token 2');
	});

	it('of a renewal has the next one wait for 15 seconds, and no longer', async () => {
		const corp = issuer();
		const { time, now } = clock();
		const cache = new TokenCache(now, () => 0);
		await cache.get('key', corp.fetch);
		let failed = 0;
		const failing = async () => {
			failed++;
			return await fail();
		};
		time.seconds += 6900;
		for (let second = 0; second < 60; second++, time.seconds++) {
			expect(await cache.get('key', failing)).toBe('token 1');
		}
		expect(failed).toBe(4);
		expect(await cache.get('key', corp.fetch)).toBe('token 2');
		expect(await cache.get('key', failing)).toBe('token 2');
		expect(failed).toBe(4);
	});

	it('never brings back a token that WeCom refused, before the renewal or while it was under way', async () => {
		const { fetch } = issuer();
		const { time, now } = clock();
		const cache = new TokenCache(now, () => 0);
		cache.discard('key', await cache.get('key', fetch));
		expect(await failureOf(cache.get('key', fail))).toBe(refused);
		await cache.get('key', fetch);
		time.seconds += 6900;
		const door = gate();
		const renewing = failureOf(
			cache.get('key', async () => {
				await door.opened;
				return await fail();
			}),
		);
		cache.discard('key', 'token 2');
		door.open();
		expect(await renewing).toBe(refused);
		expect(await failureOf(cache.get('key', fail))).toBe(refused);
	});
});

describe('a caller who cancels', () => {
	it('stops waiting; the others get the token of the same request', async () => {
		const corp = issuer();
		const door = gate();
		const cache = new TokenCache();
		const slow = async () => {
			await door.opened;
			return await corp.fetch();
		};
		const controller = new AbortController();
		const first = failureOf(cache.get('key', slow, controller.signal));
		const second = cache.get('key', slow);
		const third = cache.get('key', slow, new AbortController().signal);
		controller.abort();
		expect(await first).toBeInstanceOf(CancelledError);
		door.open();
		expect(await Promise.all([second, third])).toEqual(['token 1', 'token 1']);
		expect(corp.issued).toBe(1);
	});

	it('is deaf to a failure that comes later', async () => {
		const door = gate();
		const cache = new TokenCache();
		const controller = new AbortController();
		const slow = async (): Promise<IssuedToken> => {
			await door.opened;
			throw new Error('too late');
		};
		const cancelled = failureOf(cache.get('key', slow, controller.signal));
		controller.abort();
		expect(await cancelled).toBeInstanceOf(CancelledError);
		door.open();
		await new Promise((resolve) => setTimeout(resolve, 10)); // unhandled, it would fail the test
	});

	it('before asking has nothing fetched, and no failure left behind', async () => {
		let fetched = 0;
		const failing = async (): Promise<IssuedToken> => {
			fetched++;
			await Promise.resolve();
			throw new Error('nobody waits for this'); // unhandled, it would fail the test
		};
		const asking = new TokenCache().get('key', failing, AbortSignal.abort());
		expect(await failureOf(asking)).toBeInstanceOf(CancelledError);
		await new Promise((resolve) => setTimeout(resolve, 10));
		expect(fetched).toBe(0);
	});

	it('leaves no listener on the signal once the token is there', async () => {
		const { fetch } = issuer();
		const { signal } = new AbortController();
		const asking = new TokenCache().get('key', fetch, signal);
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		await asking;
		await Promise.resolve();
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});
});

describe('the cache', () => {
	it('holds 10,000 tokens and forgets first what was not asked for the longest', async () => {
		const corp = issuer();
		const cache = new TokenCache();
		for (let key = 0; key < 10_000; key++) await cache.get(`key ${key}`, corp.fetch);
		expect(await cache.get('key 0', corp.fetch)).toBe('token 1');
		await cache.get('one more', corp.fetch);
		for (let key = 2; key < 10_000; key++) await cache.get(`key ${key}`, corp.fetch);
		expect(corp.issued).toBe(10_001);
		expect(await cache.get('key 0', corp.fetch)).toBe('token 1');
		expect(await cache.get('key 1', corp.fetch)).toBe('token 10002');
	});

	it('asks once for a token that is on its way, however many others come meanwhile', async () => {
		const corp = issuer();
		const door = gate();
		const cache = new TokenCache();
		const waiting = cache.get('first', async () => {
			await door.opened;
			return await corp.fetch();
		});
		for (let key = 0; key < 10_000; key++) await cache.get(`key ${key}`, corp.fetch);
		const another = cache.get('first', corp.fetch);
		door.open();
		expect([await waiting, await another]).toEqual(['token 10001', 'token 10001']);
	});
});
