import { InvalidInputError } from '../errors';

const MAX_SEQ = 2n ** 64n - 1n;

/**
 * Reads a seq: the archive's uint64 position. Accepts a safe integer, a bigint or a string of digits.
 *
 * @param value what the caller or WeCom gave
 * @param field name for the message
 * @throws InvalidInputError when it is not a whole number from 0 to 2^64-1
 */
export function parseSeq(value: unknown, field = 'seq'): bigint {
	const seq = toBigInt(value);
	if (seq === undefined || seq > MAX_SEQ) {
		throw new InvalidInputError(
			field,
			`"${field}" is ${describe(value)}, expected a whole number from 0 to ${MAX_SEQ}`,
			'Use the seq of the last message you have, or 0 for the oldest one WeCom keeps.',
		);
	}
	return seq;
}

function toBigInt(value: unknown): bigint | undefined {
	if (typeof value === 'bigint') return value >= 0n ? value : undefined;
	if (typeof value === 'number')
		return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
	if (typeof value === 'string' && /^\s*\d{1,20}\s*$/.test(value)) return BigInt(value.trim());
	return undefined;
}

function describe(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'empty';
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	return typeof value === 'string' ? `a text of ${value.length} characters` : `a ${typeof value}`;
}

/**
 * A seq as it goes into JSON: a number, or a string of digits beyond 2^53 where a number would lie.
 */
export function seqToJson(seq: bigint): number | string {
	return seq <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seq) : seq.toString();
}
