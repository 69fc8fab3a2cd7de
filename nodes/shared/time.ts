import { DateTime } from 'luxon';

import { InvalidInputError } from '../../wecom/errors';

/** Numbers below are seconds since 1970, those above milliseconds. */
const FIRST_MILLIS = 100_000_000_000;
/**
 * Days of this century, and times, as they are often written without separators. As seconds or
 * milliseconds since 1970 they would be of 1970, 1976 or later than 2600, which nobody means.
 */
const COMPACT = /^20\d{6}(\d{4}(\d\d)?)?$/;
const COMPACT_FORMAT = 'yyyyMMddHHmmss';

/**
 * Reads a time that a user entered: ISO 8601, what the date picker gives, 20261122 or 20261122080000,
 * or a number of seconds or milliseconds since 1970.
 *
 * @param field name for the message
 * @param zone timezone of the workflow, for times without one
 * @returns milliseconds since 1970; undefined when nothing was entered
 * @throws InvalidInputError when it cannot be read
 */
export function toMillis(field: string, value: unknown, zone: string): number | undefined {
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'string' && value.trim() === '') return undefined;
	const strange = typeof value === 'boolean' || Array.isArray(value);
	const text = String(value).trim();
	const compact = !strange && COMPACT.test(text);
	const number = strange || compact ? NaN : Number(value);
	if (Number.isFinite(number)) return number < FIRST_MILLIS ? number * 1000 : number;
	const time = compact
		? DateTime.fromFormat(text, COMPACT_FORMAT.slice(0, text.length), { zone })
		: DateTime.fromISO(String(value), { zone });
	if (!time.isValid) {
		throw new InvalidInputError(
			field,
			`"${field}" cannot be read as a time`,
			'Use ISO 8601, 2026-11-22T08:00:00 say, or the date picker.',
		);
	}
	return time.toMillis();
}

/** As {@link toMillis}, in whole seconds since 1970, as WeCom wants them. */
export function toSeconds(field: string, value: unknown, zone: string): number | undefined {
	const millis = toMillis(field, value, zone);
	return millis === undefined ? undefined : Math.floor(millis / 1000);
}

/** A time of WeCom's (seconds since 1970) as ISO 8601 in a timezone; null when it is none. */
export function toIso(seconds: unknown, zone: string): string | null {
	return typeof seconds === 'number' ? DateTime.fromSeconds(seconds, { zone }).toISO() : null;
}
