import type * as z from 'zod/v4';

import {
	fields,
	flag,
	id,
	list,
	oneOf,
	optional,
	parseInput,
	uint64,
	text,
	unixSeconds,
	wholeNumber,
} from '../../../wecom/api/fields';
import { InvalidInputError } from '../../../wecom/errors';
import { thrownBy } from '../support/archive';

const MAX_SEQ = 2n ** 64n - 1n;

/** What a field makes of a value. */
function made(schema: z.ZodType, value: unknown): unknown {
	return (parseInput(fields({ field: schema }), { field: value }) as { field: unknown }).field;
}

/** What a field says against a value. */
function refusal(schema: z.ZodType, value: unknown): string {
	const error = thrownBy(() => made(schema, value));
	expect(error).toBeInstanceOf(InvalidInputError);
	expect(error).toMatchObject({ field: 'field', code: 'input' });
	return error.message.replace(/^"field" /, '');
}

describe('a field takes', () => {
	it.each<[string, z.ZodType, unknown, unknown]>([
		['text without the blanks around it', text({}), '  a b\n', 'a b'],
		['text of as many bytes', text({ maxBytes: 6 }), ' 群群 ', '群群'],
		['text of as many characters', text({ maxCharacters: 2 }), '😀群', '😀群'],
		['text of as few characters', text({ minCharacters: 2 }), ' 群群 ', '群群'],
		['an id of 256 bytes', id(), 'x'.repeat(256), 'x'.repeat(256)],
		['the least number', wholeNumber(1, 10), 1, 1],
		['the largest number', wholeNumber(1, 10), 10, 10],
		['digits', wholeNumber(1, 10), ' 7 ', 7],
		['the first moment', unixSeconds(), 0, 0],
		['the last moment', unixSeconds(), 4294967295, 4294967295],
		['a number of the list', oneOf(1, 2), 2, 2],
		['a number of the list in digits', oneOf(1, 2), '2', 2],
		['true', flag(), true, true],
		['the word true', flag(), 'true', true],
		['FALSE as sheets write it', flag(), ' FALSE ', false],
		['1 for true', flag(), 1, true],
		['0 for false', flag(), '0', false],
		['a number for text', text({}), 10086, '10086'],
		['a number with a fraction for text', text({}), -1.5, '-1.5'],
		['the largest exact number for text', text({}), 2 ** 53 - 1, '9007199254740991'],
		['a bigint for text', id(), 2n ** 63n, '9223372036854775808'],
		['text without the zero-width blanks around it', id(), '\u200b a\u200db \ufeff', 'a\u200db'],
		['digits with a fraction that is none', wholeNumber(1, 10), '7.0', 7],
		['a seq', uint64(), 7, 7n],
		['a seq beyond 2^53', uint64(), '18446744073709551615', MAX_SEQ],
		['an empty list', list(id(), { max: 2 }), [], []],
		['a full list', list(id(), { max: 2 }), ['a', 'b'], ['a', 'b']],
		['nothing', optional(id()), undefined, undefined],
		['null for nothing', optional(wholeNumber(1, 2)), null, undefined],
		['an empty text for nothing', optional(flag()), '', undefined],
		['what is given', optional(id()), ' a ', 'a'],
	])('%s', (_what, schema, value, expected) => {
		expect(made(schema, value)).toEqual(expected);
	});
});

describe('a field says the shape of what it refuses, never the value', () => {
	const range = 'expected a whole number from 1 to 10';
	const seqs = 'expected a whole number from 0 to 18446744073709551615';

	it.each<[unknown, z.ZodType, string]>([
		[undefined, text({}), 'is empty, expected text'],
		[null, text({}), 'is empty, expected text'],
		['', text({}), 'is empty, expected text'],
		[' \t', text({}), 'is empty, expected text'],
		[NaN, text({}), 'is NaN, expected text'],
		[Infinity, text({}), 'is Infinity, expected text'],
		[2 ** 53, text({}), 'is 9007199254740992, expected text: a number as large has lost digits'],
		[1e-7, text({}), 'is 1e-7, expected text'],
		['\u200b', text({}), 'is empty, expected text'],
		[true, text({}), 'is a boolean, expected text'],
		[{}, text({}), 'is an object, expected text'],
		[[], text({}), 'is a list, expected text'],
		['群群', text({ maxBytes: 5 }), 'is 6 bytes long, WeCom takes at most 5'],
		['群群', text({ maxCharacters: 1 }), 'is 2 characters long, WeCom takes at most 1'],
		['😀', text({ minCharacters: 2 }), 'is 1 characters long, WeCom needs at least 2'],
		['x'.repeat(257), id(), 'is 257 bytes long, WeCom takes at most 256'],
		[0, wholeNumber(1, 10), `is 0, ${range}`],
		[11, wholeNumber(1, 10), `is 11, ${range}`],
		[1.5, wholeNumber(1, 10), `is 1.5, ${range}`],
		['11', wholeNumber(1, 10), `is 11, ${range}`],
		[NaN, wholeNumber(1, 10), `is NaN, ${range}`],
		['ten', wholeNumber(1, 10), `is a text of 3 characters, ${range}`],
		['', wholeNumber(1, 10), `is empty, ${range}`],
		[undefined, wholeNumber(1, 10), `is empty, ${range}`],
		[true, wholeNumber(1, 10), `is a boolean, ${range}`],
		[5n, wholeNumber(1, 10), `is a bigint, ${range}`],
		[-1, unixSeconds(), 'is -1, expected a whole number from 0 to 4294967295'],
		[3, oneOf(1, 2), 'is 3, expected one of 1, 2'],
		['three', oneOf(1, 2), 'is a text of 5 characters, expected one of 1, 2'],
		['yes', flag(), 'is a text of 3 characters, expected true or false'],
		[2, flag(), 'is 2, expected true or false'],
		[null, flag(), 'is empty, expected true or false'],
		['5e0', wholeNumber(1, 10), `is a text of 3 characters, ${range}`],
		['0x5', wholeNumber(1, 10), `is a text of 3 characters, ${range}`],
		[undefined, uint64(), `is empty, ${seqs}`],
		[-1, uint64(), `is -1, ${seqs}`],
		[2 ** 53, uint64(), `is 9007199254740992, ${seqs}`],
		['18446744073709551616', uint64(), `is a text of 20 characters, ${seqs}`],
		[MAX_SEQ + 1n, uint64(), `is a bigint, ${seqs}`],
		[undefined, list(id(), { max: 2 }), 'is empty, expected a list'],
		['a', list(id(), { max: 2 }), 'is a text of 1 characters, expected a list'],
		[{}, list(id(), { max: 2 }), 'is an object, expected a list'],
		[['a', 'b', 'c'], list(id(), { max: 2 }), 'has 3 entries, WeCom takes at most 2'],
		[[], list(id(), { min: 1, max: 2 }), 'has 0 entries, WeCom takes 1 to 2'],
		['a', fields({}), 'is a text of 1 characters, expected an object'],
		[[], fields({}), 'is a list, expected an object'],
		[' ', optional(id()), 'is empty, expected text'],
	])('%p', (value, schema, message) => {
		expect(refusal(schema, value)).toBe(message);
	});
});

describe('an input', () => {
	const schema = fields({
		people: list(fields({ userid: id(), tags: optional(list(id(), { max: 1 })) }), { max: 9 }),
		seq: uint64(),
	});
	const good = { people: [{ userid: 'a' }], seq: 1 };

	it('has exactly the fields it should have', () => {
		expect(parseInput(schema, good)).toEqual({ people: [{ userid: 'a' }], seq: 1n });
	});

	it.each<[string, unknown]>([
		['input', undefined],
		['input', [good]],
		['people', { seq: 1 }],
		['seq', { people: [] }],
		['people[1]', { ...good, people: [{ userid: 'a' }, null] }],
		['people[0].userid', { ...good, people: [{}] }],
		['people[0].tags[0]', { ...good, people: [{ userid: 'a', tags: [true] }] }],
		['people[0].user_id', { ...good, people: [{ userid: 'a', user_id: 'a' }] }],
		['limit', { ...good, limit: 1 }],
		['constructor', { ...good, constructor: 1 }],
		['__proto__', JSON.parse('{"people":[],"seq":1,"__proto__":{}}')],
	])('is refused by the path of the field, %s', (field, input) => {
		const error = thrownBy(() => parseInput(schema, input));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field, message: expect.stringContaining(`"${field}"`) });
	});

	it('says where to find a value that it lacks, wherever the field stands', () => {
		const missing = { ...good, people: [{ userid: '' }] };
		expect(thrownBy(() => parseInput(schema, missing))).toMatchObject({
			hint: 'The userid of a staff member.',
		});
		expect(thrownBy(() => parseInput(fields({ roomid: id() }), {}))).toMatchObject({
			hint: expect.stringContaining('wr'),
		});
	});

	it('is called by the name that is given when it is no object', () => {
		expect(thrownBy(() => parseInput(schema, 5, 'request'))).toMatchObject({
			field: 'request',
			message: '"request" is 5, expected an object',
		});
	});
});
