import { parseRetryAfter } from '../../../wecom/http/retryAfter';

const NOW = Date.parse('2024-05-01T12:00:00Z');
const YEAR_MS = 365 * 24 * 3600 * 1000;

it.each<[string, number]>([
	['0', 0],
	['120', 120_000],
	[' 3 ', 3000],
	['Wed, 01 May 2024 12:00:30 GMT', 30_000],
	['Wed, 01 May 2024 11:59:00 GMT', 0],
	['9'.repeat(400), YEAR_MS],
	['Fri, 31 Dec 9999 23:59:59 GMT', YEAR_MS],
])('Retry-After: %s', (header, milliseconds) => {
	expect(parseRetryAfter(header, NOW)).toBe(milliseconds);
});

it.each([undefined, null, '', 'soon', '-1', '1.5', '2024-05-01', 'Wed, 99 Foo 2024 GMT', 7, ['7']])(
	'a Retry-After of %p says nothing',
	(header) => {
		expect(parseRetryAfter(header, NOW)).toBeUndefined();
	},
);
