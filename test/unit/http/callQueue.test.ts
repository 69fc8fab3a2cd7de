import { getEventListeners } from 'node:events';

import { CancelledError, TooManyCallsError } from '../../../wecom/errors';
import {
	CallQueue,
	DEFAULT_LIMITS,
	type CallQueueSettings,
	type QueuedCall,
} from '../../../wecom/http/callQueue';
import { failureOf, gate } from '../support/server';
import { ManualClock, settled } from './manualClock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UNLIMITED = { maxRunning: 100_000, maxRunningPerApi: 100_000, rates: [] };
const A: QueuedCall = { corp: 'corp-a', api: '/a' };

function setUp(settings: CallQueueSettings = {}) {
	const clock = new ManualClock();
	return { clock, queue: new CallQueue({ clock, ...settings }) };
}

/** Calls that last until the test ends them, with a record of which began. */
function workOf(queue: CallQueue) {
	const begun: string[] = [];
	const ends: Array<() => void> = [];
	const call = async (name: string, of: QueuedCall = A) =>
		await queue.run(of, async () => {
			begun.push(name);
			const { opened, open } = gate();
			ends.push(open);
			await opened;
			return name;
		});
	const endNext = async () => {
		await settled();
		ends.shift()?.();
		await settled();
	};
	return { begun, call, endNext };
}

/** A series of numbers from 0 to 1 that is the same in every run. */
function random(seed: number) {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/** The most that ever lay within one window of this length; times ascend. */
function mostWithin(times: number[], windowMs: number): number {
	let most = 0;
	let oldest = 0;
	times.forEach((time, index) => {
		while ((times[oldest] ?? 0) <= time - windowMs) oldest++;
		most = Math.max(most, index - oldest + 1);
	});
	return most;
}

describe('a queue', () => {
	it('hands back what the task returns, and throws what it throws', async () => {
		const { queue } = setUp();
		const bug = new TypeError('bug');
		expect(await queue.run(A, async () => await Promise.resolve(7))).toBe(7);
		expect(await failureOf(queue.run(A, async () => await Promise.reject(bug)))).toBe(bug);
	});

	it('has the published limits when nothing else is said', () => {
		expect(DEFAULT_LIMITS).toMatchObject({
			maxRunningPerApi: 10,
			maxRunning: 64,
			rates: [
				{ calls: 10_000, windowMs: MINUTE },
				{ calls: 150_000, windowMs: HOUR },
			],
			maxWaiting: 10_000,
			maxWaitMs: MINUTE,
		});
	});

	it('runs on the clock of the machine when it is given none', async () => {
		const queue = new CallQueue({ rates: [{ calls: 1, windowMs: 20 }] });
		const call = async () => await Promise.resolve(performance.now());
		const startedAt = performance.now();
		const begun = await Promise.all([1, 2, 3].map(async () => await queue.run(A, call)));
		expect(begun[1]).toBeGreaterThanOrEqual(startedAt + 20);
		expect(begun[2]).toBeGreaterThanOrEqual(startedAt + 40);
	});
});

describe('calls at the same time', () => {
	it('are at most 64 in the process and 10 of one API of a corp, of 2,000 from 21 corps', async () => {
		const { queue } = setUp();
		const next = random(1);
		const running = new Map<string, number>();
		let inAll = 0;
		let mostInAll = 0;
		let mostOfOne = 0;
		const count = (lane: string, by: number) => {
			const ofOne = (running.get(lane) ?? 0) + by;
			running.set(lane, ofOne);
			inAll += by;
			mostInAll = Math.max(mostInAll, inAll);
			mostOfOne = Math.max(mostOfOne, ofOne);
		};
		const task = async (lane: string, turns: number) => {
			count(lane, 1);
			for (let turn = 0; turn < turns; turn++) await settled();
			count(lane, -1);
			if (turns === 0) throw new Error('this task fails');
		};
		const results = await Promise.allSettled(
			Array.from({ length: 2000 }, async (_, index) => {
				const corp = index % 2 ? 'big' : `small-${index % 40}`;
				const of = { corp, api: `/${Math.floor(next() * 2)}` };
				const turns = Math.floor(next() * 4);
				await queue.run(of, async () => await task(JSON.stringify(of), turns));
			}),
		);
		expect({ mostInAll, mostOfOne, inAll }).toEqual({ mostInAll: 64, mostOfOne: 10, inAll: 0 });
		const failed = results.filter(({ status }) => status === 'rejected').length;
		expect(failed).toBeGreaterThan(300);
		expect(failed).toBeLessThan(700);
	});

	it('are taken up again when one of them fails', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1 });
		const failing = queue.run(A, async () => await Promise.reject(new Error('failed')));
		const following = queue.run(A, async () => await Promise.resolve('went on'));
		await failureOf(failing);
		expect(await following).toBe('went on');
	});
});

describe('the order of calls', () => {
	it('of one API of a corp is that in which they came', async () => {
		const { queue } = setUp({ maxRunningPerApi: 3 });
		const { begun, call, endNext } = workOf(queue);
		const names = Array.from({ length: 50 }, (_, index) => `${index}`);
		const calls = names.map(async (name) => await call(name));
		for (const _ of names) await endNext();
		expect(await Promise.all(calls)).toEqual(names);
		expect(begun).toEqual(names);
	});

	it('gives the one call of a corp the next turn but one, before 10,000 of another', async () => {
		const { queue } = setUp({ maxRunning: 4, maxRunningPerApi: 100_000 });
		const { begun, call, endNext } = workOf(queue);
		for (let index = 0; index < 10_004; index++) void call('busy', { corp: 'busy', api: '/a' });
		void call('quiet', { corp: 'quiet', api: '/a' });
		await settled();
		expect(begun).toEqual(['busy', 'busy', 'busy', 'busy']);
		await endNext();
		await endNext();
		expect(begun.slice(4)).toContain('quiet');
	});

	it('goes round the corps that wait', async () => {
		const { queue } = setUp({ maxRunning: 1 });
		const { begun, call, endNext } = workOf(queue);
		for (const corp of ['a', 'b', 'c']) {
			for (let index = 0; index < 3; index++) void call(corp, { corp, api: '/x' });
		}
		for (let index = 0; index < 9; index++) await endNext();
		expect(begun.slice(1).join('')).toBe('abcabcbc');
	});

	it('goes round the APIs of a corp, which count as one corp', async () => {
		const { queue } = setUp({ maxRunning: 1 });
		const { begun, call, endNext } = workOf(queue);
		void call('first', { corp: 'other', api: '/x' });
		for (const api of ['/x', '/y']) {
			for (let index = 0; index < 2; index++) void call(`a${api}`, { corp: 'a', api });
		}
		for (let index = 0; index < 2; index++) void call('b', { corp: 'b', api: '/x' });
		for (let index = 0; index < 7; index++) await endNext();
		expect(begun.slice(1)).toEqual(['a/x', 'b', 'a/y', 'b', 'a/x', 'a/y']);
	});

	it('lets the other APIs of a corp pass one that is blocked', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call } = workOf(queue);
		void call('x1', { corp: 'a', api: '/x' });
		void call('x2', { corp: 'a', api: '/x' });
		void call('y1', { corp: 'a', api: '/y' });
		await settled();
		expect(begun).toEqual(['x1', 'y1']);
	});

	it('takes two corps for two whatever their names', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call } = workOf(queue);
		void call('one', { corp: 'a/b', api: '/c' });
		void call('two', { corp: 'a', api: '/b/c' });
		await settled();
		expect(begun).toEqual(['one', 'two']);
	});
});

describe('the rate', () => {
	it.each([1, 2, 3])('is never exceeded in any window (seed %i)', async (seed) => {
		const rates = [
			{ calls: 20, windowMs: 1000 },
			{ calls: 70, windowMs: 10_000 },
		];
		const { clock, queue } = setUp({ ...UNLIMITED, rates, maxWaitMs: MINUTE });
		const next = random(seed);
		const begun: number[] = [];
		const calls: Array<Promise<unknown>> = [];
		for (let burst = 0; burst < 100; burst++) {
			const size = Math.floor(next() ** 3 * 40);
			for (let index = 0; index < size; index++) {
				calls.push(queue.run(A, async () => begun.push(clock.now())));
			}
			await clock.advance(next() * 900);
		}
		await clock.advance(10 * MINUTE);
		await Promise.all(calls);
		expect(begun.length).toBeGreaterThan(500);
		expect(begun).toHaveLength(calls.length);
		expect(mostWithin(begun, 1000)).toBe(20);
		expect(mostWithin(begun, 10_000)).toBe(70);
	});

	it('is used to 95 % at least by calls that come evenly', async () => {
		const { clock, queue } = setUp({
			...UNLIMITED,
			rates: [{ calls: 1000, windowMs: 1000 }],
			maxWaiting: 100_000,
		});
		let begun = 0;
		for (let second = 0; second < 20; second++) {
			for (let tick = 0; tick < 100; tick++) {
				for (let index = 0; index < 11; index++) void queue.run(A, async () => begun++);
				await clock.advance(10);
			}
		}
		expect(begun).toBeGreaterThan(19_000);
		expect(begun).toBeLessThanOrEqual(20_000);
	});

	it('of one API of a corp leaves its other APIs and other corps alone', async () => {
		const { queue } = setUp({ ...UNLIMITED, rates: [{ calls: 1, windowMs: 1000 }] });
		const { begun, call } = workOf(queue);
		void call('first');
		void call('second');
		void call('other api', { ...A, api: '/b' });
		void call('other corp', { ...A, corp: 'corp-b' });
		await settled();
		expect(begun).toEqual(['first', 'other api', 'other corp']);
	});

	it('of 10,000 a minute lets 15,000 calls through in little more than a minute', async () => {
		const { clock, queue } = setUp({ ...UNLIMITED, rates: DEFAULT_LIMITS.rates });
		const begun: number[] = [];
		const calls = Array.from(
			{ length: 15_000 },
			async () => await queue.run(A, async () => begun.push(clock.now())),
		);
		await settled();
		expect(begun).toHaveLength(10_000);
		await clock.advance(MINUTE);
		await Promise.all(calls);
		expect(begun).toHaveLength(15_000);
		expect(mostWithin(begun, MINUTE)).toBe(10_000);
	});

	it('that opens too late refuses the call, says when it goes on, and sends nothing', async () => {
		const { clock, queue } = setUp({ ...UNLIMITED, rates: [{ calls: 2, windowMs: HOUR }] });
		const { begun, call, endNext } = workOf(queue);
		const earlier = [call('1'), call('2')];
		await clock.advance(10 * MINUTE);
		const before = Date.now();
		const error = await failureOf(call('3'));
		const after = Date.now();
		expect(error).toBeInstanceOf(TooManyCallsError);
		const { code, path, message, hint, retryAt } = error as TooManyCallsError;
		expect({ code, path }).toEqual({ code: 'limit', path: '/a' });
		const goesOn = retryAt?.getTime() ?? NaN;
		expect(goesOn).toBeGreaterThanOrEqual(before + 50 * MINUTE);
		expect(goesOn).toBeLessThanOrEqual(after + 50 * MINUTE);
		const time = new Date(goesOn).toISOString();
		expect(message).toBe(
			`The limit of calls of /a for this corp is used up until ${time}: the call was not sent`,
		);
		expect(hint).toContain(`Try again after ${time}`);
		await endNext();
		await endNext();
		expect(await Promise.all(earlier)).toEqual(['1', '2']);
		await clock.advance(50 * MINUTE);
		void call('4');
		await settled();
		expect(begun).toEqual(['1', '2', '4']);
	});

	it('refuses also those that wait already when it is used up for too long', async () => {
		const { queue } = setUp({
			...UNLIMITED,
			maxRunningPerApi: 1,
			rates: [{ calls: 2, windowMs: HOUR }],
		});
		const { begun, call, endNext } = workOf(queue);
		void call('1');
		void call('2');
		const refused = failureOf(call('3'));
		await endNext();
		expect(await refused).toBeInstanceOf(TooManyCallsError);
		expect(begun).toEqual(['1', '2']);
	});

	it('waits exactly as long as it may', async () => {
		const rates = [{ calls: 1, windowMs: 1000 }];
		for (const maxWaitMs of [1000, 999]) {
			const { clock, queue } = setUp({ ...UNLIMITED, rates, maxWaitMs });
			await queue.run(A, async () => await Promise.resolve());
			const result = Promise.allSettled([queue.run(A, async () => await Promise.resolve())]);
			await clock.advance(1000);
			const [{ status }] = await result;
			expect(status).toBe(maxWaitMs === 1000 ? 'fulfilled' : 'rejected');
		}
	});
});

describe('a call that does not want to wait long', () => {
	const HURRIED: QueuedCall = { ...A, maxWaitMs: 5000 };
	const nothing = async () => await Promise.resolve();

	it('fails at once where a pause is longer, and says until when', async () => {
		const { queue } = setUp();
		queue.pause(A, MINUTE);
		const before = Date.now();
		const error = await failureOf(queue.run(HURRIED, nothing));
		expect(error).toBeInstanceOf(TooManyCallsError);
		expect(error).toMatchObject({ path: '/a', message: expect.stringContaining('used up until') });
		const { retryAt } = error as TooManyCallsError;
		expect(retryAt?.getTime()).toBeGreaterThanOrEqual(before + MINUTE);
		expect(retryAt?.getTime()).toBeLessThanOrEqual(Date.now() + MINUTE);
	});

	it('fails at once where a rate limit takes longer, and where one meets it in the queue', async () => {
		const rates = [{ calls: 2, windowMs: MINUTE }];
		const { queue } = setUp({ maxRunningPerApi: 1, rates });
		const { begun, call, endNext } = workOf(queue);
		void call('1');
		void call('2');
		const third = failureOf(call('3', HURRIED));
		await endNext();
		expect(begun).toEqual(['1', '2']);
		expect(await third).toBeInstanceOf(TooManyCallsError);
		expect(await failureOf(queue.run(HURRIED, nothing))).toBeInstanceOf(TooManyCallsError);
	});

	it('fails when a pause begins while it waits, and leaves the others their place', async () => {
		const { clock, queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call, endNext } = workOf(queue);
		void call('1');
		void call('2');
		const hurried = failureOf(call('hurried', HURRIED));
		void call('3');
		queue.pause(A, 5001);
		expect(await hurried).toBeInstanceOf(TooManyCallsError);
		await endNext();
		expect(begun).toEqual(['1']);
		await clock.advance(5001);
		await endNext();
		expect(begun).toEqual(['1', '2', '3']);
	});

	it('waits as long as it may, in its turn', async () => {
		const { clock, queue } = setUp();
		const { begun, call } = workOf(queue);
		queue.pause(A, 5000);
		void call('1');
		void call('hurried', HURRIED);
		await clock.advance(4999);
		expect(begun).toEqual([]);
		await clock.advance(1);
		expect(begun).toEqual(['1', 'hurried']);
	});

	it('waits no longer than all others where it has more time', async () => {
		const { queue } = setUp({ maxWaitMs: 1000 });
		queue.pause(A, 1001);
		const patient = queue.run({ ...A, maxWaitMs: HOUR }, nothing);
		expect(await failureOf(patient)).toBeInstanceOf(TooManyCallsError);
	});
});

describe('a pause', () => {
	it('holds back its API of its corp until then, and nothing else', async () => {
		const { clock, queue } = setUp();
		const { begun, call } = workOf(queue);
		queue.pause(A, 5000);
		void call('paused');
		void call('other api', { ...A, api: '/b' });
		void call('other corp', { ...A, corp: 'corp-b' });
		await clock.advance(4999);
		expect(begun).toEqual(['other api', 'other corp']);
		await clock.advance(1);
		expect(begun).toEqual(['other api', 'other corp', 'paused']);
	});

	it('holds back those that wait already', async () => {
		const { clock, queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call, endNext } = workOf(queue);
		void call('1');
		void call('2');
		queue.pause(A, 5000);
		await endNext();
		expect(begun).toEqual(['1']);
		await clock.advance(5000);
		expect(begun).toEqual(['1', '2']);
	});

	it('is not shortened by another one', async () => {
		const { clock, queue } = setUp();
		const { begun, call } = workOf(queue);
		queue.pause(A, 5000);
		queue.pause(A, 1000);
		queue.pause(A, 0);
		void call('paused');
		await clock.advance(4999);
		expect(begun).toEqual([]);
		await clock.advance(1);
		expect(begun).toEqual(['paused']);
	});

	it('of a minute is waited out by default, a longer one is refused', async () => {
		const { clock, queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call } = workOf(queue);
		queue.pause(A, MINUTE);
		void call('waits');
		await clock.advance(MINUTE);
		expect(begun).toEqual(['waits']);
		const waiting = failureOf(call('waits behind it'));
		queue.pause(A, MINUTE + 1);
		expect(await waiting).toBeInstanceOf(TooManyCallsError);
		expect(await failureOf(call('comes later'))).toBeInstanceOf(TooManyCallsError);
		expect(begun).toEqual(['waits']);
	});

	it('is waited out once: who has waited for one does not wait for the next', async () => {
		const { clock, queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call, endNext } = workOf(queue);
		void call('under way');
		const waits = call('waits');
		queue.pause(A, 1000);
		const patient = failureOf(call('came in the pause'));
		await clock.advance(500);
		// What was under way with the first met the same limit, a little later.
		queue.pause(A, 1000);
		await endNext();
		await clock.advance(1000);
		expect(begun).toEqual(['under way', 'waits']);
		const late = call('came between the pauses');
		queue.pause(A, 1000);
		expect(await patient).toBeInstanceOf(TooManyCallsError);
		await endNext();
		expect(await waits).toBe('waits');
		await clock.advance(1000);
		await endNext();
		expect(await late).toBe('came between the pauses');
	});
});

describe('a call that is cancelled', () => {
	it('beforehand is not run', async () => {
		const { queue } = setUp();
		const { begun, call } = workOf(queue);
		const error = await failureOf(call('never', { ...A, signal: AbortSignal.abort() }));
		expect(error).toBeInstanceOf(CancelledError);
		expect({ begun, size: queue.size }).toEqual({ begun: [], size: 0 });
	});

	it('while it waits ends at once and makes room', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1, maxWaiting: 1 });
		const { begun, call, endNext } = workOf(queue);
		void call('runs');
		const controller = new AbortController();
		const cancelled = failureOf(call('cancelled', { ...A, signal: controller.signal }));
		await settled();
		controller.abort();
		expect(await cancelled).toBeInstanceOf(CancelledError);
		void call('takes its place');
		await endNext();
		expect(begun).toEqual(['runs', 'takes its place']);
	});

	it('in the middle leaves the order of the others alone', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call, endNext } = workOf(queue);
		const controller = new AbortController();
		const { signal } = controller;
		void call('runs');
		void call('1');
		const gone = failureOf(call('gone', { ...A, signal }));
		void call('2');
		const last = failureOf(call('last', { ...A, signal }));
		controller.abort();
		await gone;
		await last;
		void call('3');
		for (let index = 0; index < 4; index++) await endNext();
		expect(begun).toEqual(['runs', '1', '2', '3']);
	});

	it('does not keep its corp in turn', async () => {
		const { queue } = setUp({ maxRunning: 1 });
		const { begun, call, endNext } = workOf(queue);
		const controller = new AbortController();
		void call('runs');
		const gone = failureOf(call('gone', { corp: 'b', api: '/a', signal: controller.signal }));
		void call('next', { corp: 'c', api: '/a' });
		controller.abort();
		await gone;
		await endNext();
		expect(begun).toEqual(['runs', 'next']);
	});

	it('while it waits for a rate or a pause leaves no alarm behind', async () => {
		const { clock, queue } = setUp({ rates: [{ calls: 1, windowMs: 1000 }] });
		const { call } = workOf(queue);
		const controller = new AbortController();
		const { signal } = controller;
		const paused = { corp: 'paused', api: '/a', signal };
		void call('runs');
		queue.pause(paused, 1000);
		const cancelled = [failureOf(call('rate', { ...A, signal })), failureOf(call('pause', paused))];
		await settled();
		expect(clock.pending).toBe(2);
		controller.abort();
		for (const error of await Promise.all(cancelled)) expect(error).toBeInstanceOf(CancelledError);
		expect(clock.pending).toBe(0);
	});

	it('together with 10,000 others of the same signal costs one listener, and leaves none', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call } = workOf(queue);
		const controller = new AbortController();
		const { signal } = controller;
		void call('runs');
		const waiting = Array.from(
			{ length: 10_000 },
			async () => await failureOf(call('waits', { ...A, signal })),
		);
		await settled();
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		controller.abort();
		for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(CancelledError);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
		expect(begun).toEqual(['runs']);
	});
});

describe('a call that ended', () => {
	it.each<[string, CallQueueSettings]>([
		['after its turn', {}],
		['after a rate', { rates: [{ calls: 1, windowMs: 1000 }] }],
		['refused', { maxWaiting: 1, maxRunningPerApi: 1 }],
	])('%s leaves neither listener nor alarm', async (_how, settings) => {
		const { clock, queue } = setUp(settings);
		const { signal } = new AbortController();
		const calls = Array.from(
			{ length: 30 },
			async () => await queue.run({ ...A, signal }, async () => await settled()),
		);
		const results = Promise.allSettled(calls);
		await clock.advance(MINUTE);
		await results;
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
		expect(clock.pending).toBe(0);
	});
});

describe('the number of waiting calls', () => {
	it('is bounded: one more is refused with a hint and never sent', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1 });
		const { begun, call } = workOf(queue);
		for (let index = 0; index < 10_001; index++) void call('one of many');
		const error = await failureOf(call('too many'));
		expect(error).toBeInstanceOf(TooManyCallsError);
		expect(error).toMatchObject({
			code: 'limit',
			path: '/a',
			message: '10000 calls are waiting in this process already: /a was not sent',
			hint: expect.stringContaining('fewer runs'),
			retryAt: undefined,
		});
		expect(begun).toHaveLength(1);
	});

	it('counts only those that really wait', async () => {
		const { queue } = setUp({ maxRunningPerApi: 1, maxWaiting: 1 });
		const { call, endNext } = workOf(queue);
		for (let index = 0; index < 5; index++) {
			const running = call('runs');
			const waiting = call('waits');
			expect(await failureOf(call('too many'))).toBeInstanceOf(TooManyCallsError);
			await endNext();
			await endNext();
			expect([await running, await waiting]).toEqual(['runs', 'waits']);
		}
	});

	it('leaves a corp its share when another has filled the queue', async () => {
		const { queue } = setUp({ maxRunning: 1, maxWaiting: 10 });
		const { begun, call, endNext } = workOf(queue);
		for (let index = 0; index < 11; index++) void call('greedy');
		const modest = Array.from({ length: 6 }, async (_, index) => {
			return await call(`modest ${index}`, { corp: 'modest', api: '/a' });
		});
		expect(await failureOf(modest[5] ?? Promise.resolve())).toBeInstanceOf(TooManyCallsError);
		expect(await failureOf(call('greedy'))).toBeInstanceOf(TooManyCallsError);
		for (let index = 0; index < 16; index++) await endNext();
		expect(begun.filter((name) => name.startsWith('modest'))).toHaveLength(5);
		expect(begun).toHaveLength(16);
	});
});

describe('what is remembered', () => {
	it('of 10,000 corps is forgotten when their limits are', async () => {
		const { clock, queue } = setUp();
		const done = async () => await Promise.resolve();
		for (let round = 1; round <= 3; round++) {
			for (let corp = 0; corp < 10_000; corp++) {
				await queue.run({ corp: `corp ${round} ${corp}`, api: '/a' }, done);
			}
			expect(queue.size).toBe(10_000);
			await clock.advance(HOUR);
		}
		await queue.run(A, done);
		expect(queue.size).toBe(1);
	});

	it('is forgotten too behind calls that go on and on', async () => {
		const { clock, queue } = setUp();
		const { begun, call } = workOf(queue);
		for (let index = 0; index < 5; index++) void call('endless', { corp: `${index}`, api: '/a' });
		queue.pause({ corp: 'paused', api: '/a' }, 10 * HOUR);
		const done = async () => await Promise.resolve();
		for (let corp = 0; corp < 100; corp++) await queue.run({ corp: `x${corp}`, api: '/a' }, done);
		await clock.advance(HOUR);
		for (let index = 0; index < 5; index++) await queue.run(A, done);
		expect(queue.size).toBe(5 + 1 + 1);
		expect(begun).toHaveLength(5);
	});

	it('stays while it counts against a limit', async () => {
		const { clock, queue } = setUp({ rates: [{ calls: 1, windowMs: 1000 }] });
		const { begun, call, endNext } = workOf(queue);
		void call('1');
		await endNext();
		await clock.advance(999);
		for (let corp = 0; corp < 10; corp++) void call('x', { corp: `${corp}`, api: '/a' });
		void call('2');
		await settled();
		expect(begun).not.toContain('2');
		await clock.advance(1);
		expect(begun).toContain('2');
	});
});
