import { parseHttpDate } from './httpDate';

const SECONDS = /^\d+$/;
const LONGEST_MS = 365 * 24 * 3600 * 1000;

/**
 * Reads the header Retry-After, which gives seconds or a date.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @param now milliseconds since 1970
 * @returns milliseconds from now, at most a year of them; undefined where there is no header, or
 * one that says neither
 */
export function parseRetryAfter(header: unknown, now = Date.now()): number | undefined {
	if (typeof header !== 'string') return undefined;
	const text = header.trim();
	if (SECONDS.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
	const date = parseHttpDate(text);
	if (date === undefined) return undefined;
	return Math.min(Math.max(0, date - now), LONGEST_MS);
}
