import { performance } from 'node:perf_hooks';

import { TimeBudget } from '../../../wecom/timeBudget';

function workFor(milliseconds: number): void {
	const end = performance.now() + milliseconds;
	while (performance.now() < end);
}

describe('a time budget', () => {
	test('is spent after its time of work, not before', () => {
		const budget = new TimeBudget(1000);
		expect(budget.spent).toBe(false);
		const short = new TimeBudget(5);
		workFor(6);
		expect(short.spent).toBe(true);
	});

	test('of 0 milliseconds is spent at once', () => {
		expect(new TimeBudget(0).spent).toBe(true);
	});

	test('is whole again after it was renewed', async () => {
		const budget = new TimeBudget(200);
		workFor(201);
		expect(budget.spent).toBe(true);
		await budget.renew();
		expect(budget.spent).toBe(false);
	});

	test('lets a timer that is due run while it renews', async () => {
		const budget = new TimeBudget();
		let fired = false;
		setTimeout(() => (fired = true), 1);
		workFor(5);
		expect(fired).toBe(false);
		await budget.renew();
		await budget.renew(); // the loop may have been past its timers the first time
		expect(fired).toBe(true);
	});
});
