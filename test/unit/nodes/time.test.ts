import { DateTime } from 'luxon';

import { toIso, toMillis, toSeconds } from '../../../nodes/shared/time';

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
	['a database', '2026-11-22 08:00:00', at('2026-11-22T08:00:00+08:00')],
	['a database to the minute', '2026-11-22 08:00', at('2026-11-22T08:00:00+08:00')],
	['a database with fractions', '2026-11-22 08:00:00.123456', at('2026-11-22T08:00:00.123+08:00')],
	['a database with one digit of them', '2026-11-22 08:00:00.5', at('2026-11-22T08:00:00.5+08:00')],
	['PostgreSQL', '2026-11-22 08:00:00.123456+00', at('2026-11-22T08:00:00.123Z')],
	['an offset without colon', '2026-11-22 08:00:00 +0530', at('2026-11-22T08:00:00+05:30')],
	['an offset to the west', '2026-11-22 08:00:00-05:00', at('2026-11-22T08:00:00-05:00')],
	['BigQuery', '2026-11-22 08:00:00 UTC', at('2026-11-22T08:00:00Z')],
	['a Z after a blank', '2026-11-22 08:00:00Z', at('2026-11-22T08:00:00Z')],
	['a sheet', '2026/11/22 08:00', at('2026-11-22T08:00:00+08:00')],
	['a sheet without zeros', '2026/1/2 8:05:09', at('2026-01-02T08:05:09+08:00')],
	['a day of a sheet', ' 2026/1/2 ', at('2026-01-02T00:00:00+08:00')],
	['a day without zeros', '2026-1-2', at('2026-01-02T00:00:00+08:00')],
	['dots', '2026.11.22 08:00', at('2026-11-22T08:00:00+08:00')],
	['the afternoon', '2026/11/22 8:00 PM', at('2026-11-22T20:00:00+08:00')],
	['midnight', '2026/11/22 12:00 am', at('2026-11-22T00:00:00+08:00')],
	['the morning in a Chinese sheet', '2026/11/22 上午8:00', at('2026-11-22T08:00:00+08:00')],
	['the afternoon in one', '2026年11月22日 下午 8:05:09', at('2026-11-22T20:05:09+08:00')],
	['a weekday in one', '2026/11/22 星期日 08:00', at('2026-11-22T08:00:00+08:00')],
	['a day of compact digits and a time', '20261122 08:30', at('2026-11-22T08:30:00+08:00')],
	['compact digits in two parts', '20261122 083059', at('2026-11-22T08:30:59+08:00')],
	['a comma between', '2026-11-22, 08:00:00', at('2026-11-22T08:00:00+08:00')],
	['an offset of one digit', '2026-11-22 08:00 UTC+5', at('2026-11-22T08:00:00+05:00')],
	['an offset with GMT', '2026-11-22 08:00:00 GMT-0530', at('2026-11-22T08:00:00-05:30')],
	['the text mark of a sheet', "'2026-11-22 08:00:00", at('2026-11-22T08:00:00+08:00')],
	['quotes around', '"2026-11-22 08:00:00"', at('2026-11-22T08:00:00+08:00')],
	[
		'a Date as a text',
		'Sun Nov 22 2026 08:00:00 GMT+0100 (Central European Standard Time)',
		at('2026-11-22T08:00:00+01:00'),
	],
	['a T between slashes', '2026/11/22T08:00:00', at('2026-11-22T08:00:00+08:00')],
	['Chinese', '2026年11月22日 08:00', at('2026-11-22T08:00:00+08:00')],
	['Chinese in words', '2026年1月2日8时05分09秒', at('2026-01-02T08:05:09+08:00')],
	['a day in Chinese', '2026年1月2日', at('2026-01-02T00:00:00+08:00')],
	['full-width signs', '２０２６-11-22 08：00：00', at('2026-11-22T08:00:00+08:00')],
	[
		'a no-break and a zero-width blank',
		'2026-11-22\u00a008:00\u200b',
		at('2026-11-22T08:00:00+08:00'),
	],
	['a leap day of a database', '2028-02-29 23:59:59', at('2028-02-29T23:59:59+08:00')],
	['an email', 'Sun, 22 Nov 2026 08:00:00 +0000', at('2026-11-22T08:00:00Z')],
	['a Date', new Date('2026-11-22T08:00:00Z'), at('2026-11-22T08:00:00Z')],
	['a DateTime', DateTime.fromISO('2026-11-22T08:00:00Z'), at('2026-11-22T08:00:00Z')],
	['seconds with fractions', '1795305600.25', 1795305600_250],
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

it.each<[string, unknown]>([
	['30 February', '2026-02-30 08:00:00'],
	['30 February with slashes', '2026/2/30'],
	['30 February in ISO 8601', '2026-02-30T08:00:00'],
	['30 February in an email', 'Mon, 30 Feb 2026 08:00:00 +0000'],
	['a leap day of another year', '2027/02/29 08:00'],
	['month 13', '2026/13/01'],
	['hour 25', '2026-11-22 25:00'],
	['minute 60', '2026-11-22 08:60:00'],
	['hour 13 in the afternoon', '2026/11/22 13:00 PM'],
	['hour 13 in a Chinese afternoon', '2026/11/22 下午13:00'],
	['an offset that does not exist', '2026-11-22 08:00 +99:99'],
	['30 February in Chinese', '2026年2月30日'],
	['two separators', '2026/11-22'],
	['a year of two digits', '26/11/22'],
	['a day before the month, or after', '11/12/2026 08:00'],
	['a day number of a spreadsheet', 46348],
	['a day number of a spreadsheet, with a time', '46348.3333333333'],
	['a year', 2026],
	['microseconds', '1795305600123456'],
	['a hexadecimal number', '0x6b000000'],
	['a number with exponent', '1e9'],
	['a Date that is none', new Date('nothing')],
	['words', 'next Monday'],
	['an object', {}],
	['a list', [1795305600]],
	['a switch', true],
])('refuses %s', (_what, value) => {
	expect(() => toMillis('Start Time', value, ZONE)).toThrow(
		'"Start Time" cannot be read as a time',
	);
});

it.each<[unknown, string | null]>([
	[1700000000, '2023-11-15T06:13:20.000+08:00'],
	['1700000000', '2023-11-15T06:13:20.000+08:00'],
	[1700000000000, '2023-11-15T06:13:20.000+08:00'],
	['soon', null],
	[null, null],
])("writes WeCom's time %j", (time, written) => {
	expect(toIso(time, ZONE)).toBe(written);
});
