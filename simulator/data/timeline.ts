import type { Random } from '../random';

const FOUR_DAYS = 4 * 86_400_000;
const MINUTE = 60_000;

/** Spreads `count` ascending moments over (from, to], the last one exactly at `to`. */
function spread(random: Random, count: number, from: number, to: number): number[] {
	// Mostly quick answers, now and then a long pause.
	const pauses = Array.from({ length: count }, () =>
		random.chance(0.05) ? 20 + random.next() * 60 : 0.2 + random.next(),
	);
	const total = pauses.reduce((sum, pause) => sum + pause, 0);
	let passed = 0;
	let last = from;
	return pauses.map((pause) => {
		passed += pause;
		last = Math.max(last + 1, Math.round(from + ((to - from) * passed) / total));
		return last;
	});
}

/**
 * When the messages of a new archive were sent: over the last four days, the newest a minute ago.
 *
 * @param now - unix ms
 * @returns unix ms, strictly ascending
 */
export function historyTimes(random: Random, count: number, now: number): number[] {
	return spread(random, count, now - FOUR_DAYS, now - MINUTE);
}

/**
 * When messages that arrive now were sent: after the newest one, within the last seconds.
 *
 * @param newest - unix ms of the newest message there is
 * @param now - unix ms
 * @returns unix ms, strictly ascending
 */
export function arrivalTimes(random: Random, count: number, newest: number, now: number): number[] {
	const to = now - 1000;
	return spread(random, count, Math.max(newest, to - count * 2000), to);
}
