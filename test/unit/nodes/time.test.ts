import { toMillis, toSeconds } from '../../../nodes/shared/time';

const ZONE = 'Asia/Shanghai';
const at = (iso: string) => Date.parse(iso);

it.each<[string, unknown, number]>([
	['a day', '20261122', at('2026-11-22T00:00:00+08:00')],
	['a day as a number', 20261122, at('2026-11-22T00:00:00+08:00')],
	['a day with blanks around it', ' 20261122 ', at('2026-11-22T00:00:00+08:00')],
	['the first of them', '20000101', at('2000-01-01T00:00:00+08:00')],
	['the last of them', '20991231', at('2099-12-31T00:00:00+08:00')],
	['a leap day', '20280229', at('2028-02-29T00:00:00+08:00')],
	['a minute', '202611220830', at('2026-11-22T08:30:00+08:00')],
	['a second', '20261122083059', at('2026-11-22T08:30:59+08:00')],
	['a second as a number', 20261122083059, at('2026-11-22T08:30:59+08:00')],
	['ISO 8601', '2026-11-22', at('2026-11-22T00:00:00+08:00')],
	['ISO 8601, compact', '20261122T083059', at('2026-11-22T08:30:59+08:00')],
	['ISO 8601 with a zone', '2026-11-22T08:00:00Z', at('2026-11-22T08:00:00Z')],
	['seconds', '1795305600', 1795305600_000],
	['seconds as a number', 1795305600, 1795305600_000],
	['milliseconds', 1795305600123, 1795305600123],
	['nothing but the beginning', 0, 0],
	['seconds of 1970 that are no day', '86400', 86_400_000],
	['seconds of 1970 before those that could be a day', '19991231', 19_991_231_000],
])('reads %s', (_what, value, millis) => {
	expect(toMillis('Start Time', value, ZONE)).toBe(millis);
	expect(toSeconds('Start Time', value, ZONE)).toBe(Math.floor(millis / 1000));
});

it('reads a day in the timezone of the workflow', () => {
	expect(toMillis('Start Time', '20261122', 'America/New_York')).toBe(
		at('2026-11-22T00:00:00-05:00'),
	);
});

it.each(['20261332', '20270229', 20261100, '202611222460', '20261122083061'])(
	'refuses %s, which is a day that does not exist',
	(value) => {
		expect(() => toMillis('Start Time', value, ZONE)).toThrow(
			'"Start Time" cannot be read as a time',
		);
	},
);
