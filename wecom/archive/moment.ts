/** Below it a number is seconds since 1970, from it on milliseconds: 1973 as these, 5138 as those. */
const FIRST_MILLIS = 1e11;
/** From here on it is microseconds or nanoseconds. */
const FIRST_MICROS = 1e14;
const END_OF_NANOS = 1e20;

/**
 * Reads a time of an archived message by its size: WeCom writes milliseconds, for calls and meetings
 * seconds, others micro- and nanoseconds.
 *
 * @param value a number, or its digits in a text
 * @returns whole milliseconds since 1970; undefined when it is no time
 * @example epochMillis(1594197581) // 1594197581000
 * Source: https://developer.work.weixin.qq.com/document/path/91774 (meeting_voice_call)
 */
export function epochMillis(value: unknown): number | undefined {
	const digits = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value);
	const number = digits || typeof value === 'number' ? Number(value) : NaN;
	if (!(number > 0 && number < END_OF_NANOS)) return undefined;
	let millis = number < FIRST_MILLIS ? number * 1000 : number;
	while (millis >= FIRST_MICROS) millis /= 1000;
	return Math.floor(millis);
}
