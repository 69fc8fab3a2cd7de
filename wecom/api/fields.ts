import { InvalidInputError } from '../errors';

/**
 * A required text, trimmed.
 *
 * @param maxBytes UTF-8 bytes WeCom takes
 * @throws InvalidInputError when it is missing, no text or too long
 */
export function requiredText(
	field: string,
	value: unknown,
	maxBytes: number,
	hint?: string,
): string {
	if (typeof value !== 'string' || value.trim() === '') {
		const shape = value === undefined || value === null || value === '' ? 'empty' : typeof value;
		throw new InvalidInputError(
			field,
			`"${field}" is ${shape === 'string' ? 'blank' : shape}, expected text`,
			hint,
		);
	}
	const text = value.trim();
	const bytes = Buffer.byteLength(text);
	if (bytes > maxBytes) {
		throw new InvalidInputError(
			field,
			`"${field}" is ${bytes} bytes long, WeCom takes at most ${maxBytes}`,
			hint,
		);
	}
	return text;
}

/**
 * A whole number within bounds.
 *
 * @throws InvalidInputError when it is not
 */
export function wholeNumber(field: string, value: unknown, min: number, max: number): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
		const shape =
			value === undefined || value === null || value === '' ? 'empty' : `a ${typeof value}`;
		throw new InvalidInputError(
			field,
			`"${field}" is ${typeof number === 'number' ? number : shape}, expected a whole number from ${min} to ${max}`,
		);
	}
	return number;
}
