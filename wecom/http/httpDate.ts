/** The only date format that HTTP still writes: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const HTTP_DATE = /^[A-Za-z]{3}, .+ GMT$/;

/**
 * Reads a date in a header.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
 *
 * @returns milliseconds since 1970; undefined where there is none
 */
export function parseHttpDate(header: unknown): number | undefined {
	if (typeof header !== 'string' || !HTTP_DATE.test(header.trim())) return undefined;
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : date;
}

/** A clock that is further off tells no time at all, one that begins in 1970 say. */
const MAX_OFFSET_MS = 366 * 24 * 3600 * 1000;

/**
 * How far a server's clock is ahead of this machine's.
 *
 * @param header Date of its answer, in whole seconds
 * @param at when the head of that answer was here, milliseconds since 1970
 * @returns milliseconds, negative when it is behind; undefined where the header tells nothing, or
 * something more than a year off
 */
export function clockOffset(header: unknown, at = Date.now()): number | undefined {
	const date = parseHttpDate(header);
	return date !== undefined && Math.abs(date - at) <= MAX_OFFSET_MS ? date - at : undefined;
}
