import { CancelledError } from '../../../wecom/errors';
import type { JsonObject } from '../../../wecom/json';
import { RecentAnswers } from '../../../wecom/state/recentAnswers';
import { failureOf, gate } from '../support/server';

const MINUTE = 60_000;

/** Answers kept under a clock of the test, and a model that counts how often it is asked. */
function recentAnswers(capacity?: number) {
	const time = { ms: 1_700_000_000_000 };
	const answers = new RecentAnswers(capacity, () => time.ms);
	let asked = 0;
	return {
		time,
		answers,
		asked: () => asked,
		ask: async (question: string, maxAgeMs = MINUTE) =>
			await answers.get(question, maxAgeMs, async () => {
				asked++;
				return await Promise.resolve({ question, turn: asked });
			}),
	};
}

describe('an answer', () => {
	it('is asked for once and then reused', async () => {
		const { ask, asked } = recentAnswers();
		expect(await ask('q')).toEqual({ answer: { question: 'q', turn: 1 }, reused: false });
		expect(await ask('q')).toEqual({ answer: { question: 'q', turn: 1 }, reused: true });
		expect(asked()).toBe(1);
	});

	it('is reused up to its age and not longer', async () => {
		const { ask, time } = recentAnswers();
		await ask('q');
		time.ms += MINUTE - 1;
		expect((await ask('q')).reused).toBe(true);
		time.ms += 1;
		expect(await ask('q')).toEqual({ answer: { question: 'q', turn: 2 }, reused: false });
	});

	it('counts its age from when it came, not from when it was reused', async () => {
		const { ask, time } = recentAnswers();
		await ask('q');
		time.ms += MINUTE * 0.6;
		expect((await ask('q')).reused).toBe(true);
		time.ms += MINUTE * 0.6;
		expect((await ask('q')).reused).toBe(false);
	});

	it('may be too old for one and young enough for another', async () => {
		const { ask, time } = recentAnswers();
		await ask('q');
		time.ms += 2 * MINUTE;
		expect((await ask('q', 3 * MINUTE)).reused).toBe(true);
		expect((await ask('q', MINUTE)).reused).toBe(false);
		expect((await ask('q', 0)).reused).toBe(false);
	});

	it('is never given to another question', async () => {
		const { ask } = recentAnswers();
		const questions = ['["a","b"]', '["a"]', '["a","b","c"]', 'a', 'A', ' a', '', '__proto__'];
		for (const question of questions) await ask(question);
		for (const question of questions) {
			expect(await ask(question)).toMatchObject({ answer: { question }, reused: true });
		}
	});

	it('cannot be changed by whoever got it', async () => {
		const answers = new RecentAnswers();
		const original = { list: [1] };
		const get = async () =>
			(await answers.get('q', MINUTE, async () => await Promise.resolve(original))).answer;
		const first = await get();
		(first.list as number[]).push(2);
		original.list.push(3);
		const second = await get();
		expect(second).toEqual({ list: [1] });
		(second.list as number[]).push(4);
		expect(await get()).toEqual({ list: [1] });
	});

	it('that is a failure reaches who asked and is not kept', async () => {
		const answers = new RecentAnswers();
		const problem = new Error('quota');
		const failing = async () => await Promise.reject<JsonObject>(problem);
		expect(await failureOf(answers.get('q', MINUTE, failing))).toBe(problem);
		const asking = answers.get('q', MINUTE, async () => await Promise.resolve({ a: 1 }));
		expect(await asking).toEqual({ answer: { a: 1 }, reused: false });
	});

	it('is not kept when it is very large, and drops the one before', async () => {
		const answers = new RecentAnswers();
		const get = async (size: number, maxAgeMs: number) =>
			await answers.get(
				'q',
				maxAgeMs,
				async () => await Promise.resolve({ text: 'x'.repeat(size) }),
			);
		const limit = 64 * 1024 - '{"text":""}'.length;
		await get(limit, MINUTE);
		expect((await get(0, MINUTE)).reused).toBe(true);
		await get(limit + 1, 0);
		expect((await get(0, MINUTE)).reused).toBe(false);
	});

	it('makes room for newer ones, the oldest first', async () => {
		const { ask } = recentAnswers(2);
		for (const question of ['a', 'b', 'a', 'c']) await ask(question);
		expect((await ask('b')).reused).toBe(true);
		expect((await ask('c')).reused).toBe(true);
		expect((await ask('a')).reused).toBe(false);
	});

	it('is one of 500 when nothing else is said', async () => {
		const { ask } = recentAnswers();
		for (let question = 0; question <= 500; question++) await ask(String(question));
		expect((await ask('1')).reused).toBe(true);
		expect((await ask('0')).reused).toBe(false);
	});

	it('uses the clock of the machine when none is given', async () => {
		const answers = new RecentAnswers();
		const ask = async () => await answers.get('q', MINUTE, async () => await Promise.resolve({}));
		expect([(await ask()).reused, (await ask()).reused]).toEqual([false, true]);
	});
});

describe('an answer that many ask for at the same time', () => {
	/** Asks so many times at once; the first waits at the door, with an outcome for each turn. */
	function together(count: number, ...outcomes: Array<JsonObject | Error>) {
		const answers = new RecentAnswers();
		const door = gate();
		const turns: number[] = [];
		const asking = Array.from(
			{ length: count },
			async (_none, caller) =>
				await answers.get('q', MINUTE, async () => {
					turns.push(caller);
					const outcome = outcomes[turns.length - 1];
					await door.opened;
					if (outcome instanceof Error || outcome === undefined) throw outcome as Error;
					return outcome;
				}),
		);
		return { answers, door, turns, asking };
	}

	it('is asked for once, and costs one of them', async () => {
		const { door, turns, asking } = together(5, { list: [1] });
		door.open();
		const got = await Promise.all(asking);
		expect(turns).toEqual([0]);
		expect(got.map(({ reused }) => reused)).toEqual([false, true, true, true, true]);
		(got[0]?.answer.list as number[]).push(2);
		expect(got.slice(1).map(({ answer }) => answer)).toEqual(Array(4).fill({ list: [1] }));
	});

	it('is asked for once each when the questions differ', async () => {
		const answers = new RecentAnswers();
		const ask = async (question: string) =>
			await answers.get(question, MINUTE, async () => await Promise.resolve({ question }));
		const got = await Promise.all(['a', 'b', 'c'].map(ask));
		expect(got).toEqual(
			['a', 'b', 'c'].map((question) => ({ answer: { question }, reused: false })),
		);
	});

	it('fails for all of them together, and is asked for again by the next', async () => {
		const problem = new Error('quota');
		const { answers, door, turns, asking } = together(3, problem);
		door.open();
		const failures = await Promise.all(asking.map(failureOf));
		expect(failures).toEqual([problem, problem, problem]);
		expect(turns).toEqual([0]);
		const next = await answers.get('q', MINUTE, async () => await Promise.resolve({ a: 1 }));
		expect(next.reused).toBe(false);
	});

	it('is asked for by the next of them when the first gives up', async () => {
		const { door, turns, asking } = together(3, new CancelledError(), { a: 1 });
		door.open();
		expect(await failureOf(asking[0] as Promise<unknown>)).toBeInstanceOf(CancelledError);
		expect(await Promise.all(asking.slice(1))).toEqual([
			{ answer: { a: 1 }, reused: false },
			{ answer: { a: 1 }, reused: true },
		]);
		expect(turns).toEqual([0, 1]);
	});
});
