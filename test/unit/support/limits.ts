/** The vocabulary in which the contracts are written down. */

/** Stands where a secret might stand by mistake: no message may repeat it. */
export const SECRET = 'Secret-Value-0815';

export const MAX_SEQ = 2n ** 64n - 1n;

/** What the contract says about one field: values at its very limits, and values beyond them. */
export interface FieldContract {
	/** `linked`: whether it may be left out depends on another field. */
	missing: 'refused' | 'left out' | 'linked';
	/** What goes out in its place when it is left out. */
	otherwise?: unknown;
	/** Its path on the wire, where the wire has another name for it. */
	sentAs?: string;
	/** Taken. */
	good: unknown[];
	/** Refused. */
	bad: unknown[];
}

/** What the contract says about one API: what is sent for which input, what comes of which answer. */
export interface OperationContract {
	/** POST when left out; a GET goes out without a body. */
	method?: 'GET';
	path: string;
	/** The function of the zone that it is, carried by a program; bodies and answers are the function's own. */
	func?: string;
	/** Of a job that it begins the function that is asked about it; the answer serves both. */
	asks?: string;
	/** access_token when left out. */
	token?: 'suite_access_token' | 'provider_access_token';
	retry: 'read' | 'idempotent' | 'paid' | 'once';
	/** An input of nothing but what is required; goes out as it is, or as `leastBody`. */
	least: object;
	leastBody?: object;
	/** An input with every field; goes out as it is, or as `fullBody` (as exact text). */
	full: object;
	fullBody?: object | string;
	/** By the path in the input; of lists the first entry. */
	fields: Record<string, FieldContract>;
	/** WeCom's answer beside errcode and errmsg, and what the caller gets of it. */
	answer: object;
	output: unknown;
}

export const required = (limits: Limits): FieldContract => ({ ...limits, missing: 'refused' });
export const optional = (limits: Limits, otherwise?: unknown): FieldContract => ({
	...limits,
	missing: 'left out',
	otherwise,
});
export const linked = (limits: Limits): FieldContract => ({ ...limits, missing: 'linked' });

export type Limits = Pick<FieldContract, 'good' | 'bad'>;
export const MISTYPED = [true, [SECRET], { a: SECRET }];

/** A text of so many characters, however many bytes they take. */
export const text = (min: number, max: number): Limits => ({
	good: ['a', '群', '😀'].flatMap((letter) => [letter.repeat(min), letter.repeat(max)]),
	bad: [
		...MISTYPED,
		2 ** 53,
		' \t',
		...['a', '群', '😀'].map((letter) => letter.repeat(max + 1)),
		SECRET.padEnd(max + 1, 'x'),
		...(min > 1 ? ['a'.repeat(min - 1), '😀'.repeat(min - 1)] : []),
	],
});
/** A text of so many bytes of UTF-8. */
export const bytes = (max: number): Limits => ({
	good: ['a', 'a'.repeat(max), '群'.repeat(Math.floor(max / 3))],
	bad: [
		...MISTYPED,
		2 ** 53,
		'  ',
		'群'.repeat(Math.floor(max / 3) + 1),
		SECRET.padEnd(max + 1, 'x'),
	],
});
export const id = bytes(256);
export const number = (min: number, max: number): Limits => ({
	good: [min, max],
	bad: [...MISTYPED, min - 1, max + 1, min + 0.5, NaN, Infinity, SECRET, ' ', 5n],
});
export const oneOf = (...values: number[]): Limits => ({
	good: values,
	bad: [...MISTYPED, Math.min(...values) - 1, Math.max(...values) + 1, 1.5, SECRET],
});
export const flag: Limits = { good: [true, false], bad: ['yes', 2, SECRET, [true], { a: true }] };
export const object: Limits = { good: [], bad: [SECRET, 5, true, [SECRET]] };
export const list = (entry: unknown, max: number, min = 0): Limits => ({
	good: [min, max].map((length) => Array<unknown>(length).fill(entry)),
	bad: [
		SECRET,
		5,
		true,
		{ 0: entry },
		Array<unknown>(max + 1).fill(entry),
		...(min > 0 ? [Array<unknown>(min - 1).fill(entry)] : []),
	],
});
export const seq: Limits = {
	good: [MAX_SEQ, '18446744073709551615'],
	bad: [-1, 1.5, 2 ** 53, -1n, MAX_SEQ + 1n, '18446744073709551616', '1e3', SECRET, true, [1]],
};
/** A moment; which moments are good depends on another one. */
export const time: Limits = { good: [], bad: number(0, 2 ** 32 - 1).bad };
export const page = (maxLimit: number) => ({
	cursor: optional(bytes(1024), ''),
	limit: optional(number(1, maxLimit), maxLimit),
});
