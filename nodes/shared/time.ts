import { DateTime } from 'luxon';

import { epochMillis } from '../../wecom/archive/moment';
import { InvalidInputError } from '../../wecom/errors';
import { visible } from '../../wecom/visible';

/** Numbers below are seconds since 1970, those above milliseconds. */
const FIRST_MILLIS = 100_000_000_000;
/**
 * Days of this century, and times, as they are often written without separators. As seconds or
 * milliseconds since 1970 they would be of 1970, 1976 or later than 2600, which nobody means.
 */
const COMPACT = /^20\d{6}(\d{4}(\d\d)?)?$/;
const COMPACT_FORMAT = 'yyyyMMddHHmmss';

/** A number and nothing else: what looks like 0x10 or 1e9 is no time that anybody wrote. */
const NUMBER = /^-?\d+(\.\d+)?$/;
/** Later than the year 5138: microseconds or nanoseconds. */
const TOO_LATE = 100_000_000_000_000;
/**
 * As sheets and databases write it: 2026-11-22 08:00:00.123+08, 2026/11/22 8:00, 2026.11.22, with UTC
 * or Z, AM or PM behind it.
 */
const WRITTEN =
	/^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:[T_]|,?\s)\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([AP])\.?M\.?)?\s*(Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?)?$/i;
/** A day without separators and a time behind it. */
const COMPACT_DAY = /^(20\d{2})(\d{2})(\d{2})[T\s]+(?=\d{1,2}:|\d{6}$)/;
/** What JavaScript makes of a Date. */
const SCRIPT = /^[a-z]{3} ([a-z]{3}) (\d{2}) (\d{4}) ([\d:]{8}) GMT([+-]\d{4})(?: \(.*\))?$/i;
/** Chinese sheets write AM or PM before the time. */
const HALF = /([上下])午\s*(\d{1,2}:\d{2}(?::\d{2})?)/;

/**
 * Reads a time that a user entered: ISO 8601, what the date picker gives, 2026-11-22 08:00:00 and
 * 2026/11/22 08:00 as databases and sheets write it, 20261122 or 20261122080000, a Date or DateTime
 * of an expression, or a number of seconds or milliseconds since 1970.
 *
 * @param field name for the message
 * @param zone timezone of the workflow, for times without one
 * @returns milliseconds since 1970; undefined when nothing was entered
 * @throws InvalidInputError when it cannot be read
 */
export function toMillis(field: string, value: unknown, zone: string): number | undefined {
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'string' && value.trim() === '') return undefined;
	const millis = read(value, zone);
	if (millis !== undefined && Number.isFinite(millis)) return millis;
	throw new InvalidInputError(
		field,
		`"${field}" cannot be read as a time`,
		'Use ISO 8601, 2026-11-22T08:00:00 say, 2026-11-22 08:00 or the date picker. A day number of a spreadsheet has to be written as a date; so has a day without its year first.',
	);
}

function read(value: unknown, zone: string): number | undefined {
	if (value instanceof Date || DateTime.isDateTime(value)) return value.valueOf();
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const text = plain(String(value));
	if (COMPACT.test(text)) {
		return DateTime.fromFormat(text, COMPACT_FORMAT.slice(0, text.length), { zone }).toMillis();
	}
	if (NUMBER.test(text)) return fromNumber(Number(text));
	const written = WRITTEN.exec(text);
	if (written) return fromWritten(written, zone);
	const iso = DateTime.fromISO(text, { zone });
	return (iso.isValid ? iso : DateTime.fromRFC2822(text)).toMillis();
}

function fromNumber(number: number): number | undefined {
	// The days of this century in a spreadsheet, and its years: as seconds, the morning of 1 January 1970.
	const isDay = number >= 36_526 && number < 73_415;
	const isYear = number >= 2000 && number < 2100;
	if (isDay || isYear || number >= TOO_LATE) return undefined;
	return number < FIRST_MILLIS ? number * 1000 : number;
}

/** Chinese words and full-width signs as the others are. */
function plain(text: string): string {
	return visible(text)
		.normalize('NFKC')
		.trim()
		.replace(/^(["'])(.*)\1$|^'/, '$2')
		.replace(COMPACT_DAY, '$1-$2-$3 ')
		.replace(/(?<=^\d{4}-\d{2}-\d{2} )(\d{2})(\d{2})(\d{2})$/, '$1:$2:$3')
		.replace(SCRIPT, '$2 $1 $3 $4 $5')
		.replace(/^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?/, '$1-$2-$3 ')
		.replace(
			/(\d)\s*[时時点]\s*(\d{1,2})\s*(?:分\s*(?:(\d{1,2})\s*秒)?)?/,
			(_all, hour, minute, second) => [hour, minute, second].filter(Boolean).join(':'),
		)
		.replace(/\s*\(?(?:星期|周|週)[一二三四五六日天]\)?\s*/, ' ')
		.replace(HALF, (_all, half: string, time: string) => `${time} ${half === '上' ? 'AM' : 'PM'}`)
		.trim();
}

function fromWritten(
	[, year, , month, day, hour, minute, second, fraction, half, offset]: RegExpExecArray,
	zone: string,
): number | undefined {
	const h = Number(hour ?? 0);
	if (half !== undefined && (h < 1 || h > 12)) return undefined;
	const time = DateTime.fromObject(
		{
			year: Number(year),
			month: Number(month),
			day: Number(day),
			hour: half === undefined ? h : (h % 12) + (half.toUpperCase() === 'P' ? 12 : 0),
			minute: Number(minute ?? 0),
			second: Number(second ?? 0),
			millisecond: Number((fraction ?? '').padEnd(3, '0').slice(0, 3)),
		},
		{ zone: offset === undefined ? zone : zoneOf(offset) },
	);
	return time.toMillis();
}

/** An offset as Luxon knows it: +08, +0800 and +08:00 are the same. */
function zoneOf(offset: string): string {
	const [, sign, hours, minutes = '00'] = /([+-])(\d{1,2}?):?(\d{2})?$/.exec(offset) ?? [];
	if (Number(hours) > 14 || Number(minutes) > 59) return 'none';
	return sign === undefined ? 'UTC' : `UTC${sign}${hours}:${minutes}`;
}

/** As {@link toMillis}, in whole seconds since 1970, as WeCom wants them. */
export function toSeconds(field: string, value: unknown, zone: string): number | undefined {
	const millis = toMillis(field, value, zone);
	return millis === undefined ? undefined : Math.floor(millis / 1000);
}

/**
 * A time of WeCom's (seconds since 1970, from some gateways milliseconds or digits in a text) as
 * ISO 8601 in a timezone; null when it is none.
 */
export function toIso(time: unknown, zone: string): string | null {
	const millis = epochMillis(time);
	return millis === undefined ? null : DateTime.fromMillis(millis, { zone }).toISO();
}
