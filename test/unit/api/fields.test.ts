import { requiredText, wholeNumber } from '../../../wecom/api/fields';
import { InvalidInputError } from '../../../wecom/errors';

describe('requiredText', () => {
	it('gives the text without blanks around it', () => {
		expect(requiredText('name', '  a b\n', 10)).toBe('a b');
	});

	it('counts the bytes of UTF-8, not the characters', () => {
		expect(requiredText('name', '群群', 6)).toBe('群群');
		expect(() => requiredText('name', '群群', 5)).toThrow(
			'"name" is 6 bytes long, WeCom takes at most 5',
		);
	});

	it.each<[unknown, string]>([
		[undefined, '"name" is empty, expected text'],
		[null, '"name" is empty, expected text'],
		['', '"name" is empty, expected text'],
		[' \t', '"name" is blank, expected text'],
		[5, '"name" is number, expected text'],
		[{}, '"name" is object, expected text'],
	])('says what %p is in place of a text', (value, message) => {
		const check = () => requiredText('name', value, 10, 'The hint.');
		expect(check).toThrow(InvalidInputError);
		expect(check).toThrow(expect.objectContaining({ field: 'name', message, hint: 'The hint.' }));
	});
});

describe('wholeNumber', () => {
	it.each<[unknown, number]>([
		[1, 1],
		[10, 10],
		['7', 7],
		[' 7 ', 7],
	])('takes %p within its bounds', (value, expected) => {
		expect(wholeNumber('limit', value, 1, 10)).toBe(expected);
	});

	it.each<[unknown, string]>([
		[0, '"limit" is 0, expected a whole number from 1 to 10'],
		[11, '"limit" is 11, expected a whole number from 1 to 10'],
		[1.5, '"limit" is 1.5, expected a whole number from 1 to 10'],
		['11', '"limit" is 11, expected a whole number from 1 to 10'],
		['ten', '"limit" is NaN, expected a whole number from 1 to 10'],
		['', '"limit" is empty, expected a whole number from 1 to 10'],
		[undefined, '"limit" is empty, expected a whole number from 1 to 10'],
		[true, '"limit" is a boolean, expected a whole number from 1 to 10'],
		[5n, '"limit" is a bigint, expected a whole number from 1 to 10'],
	])('refuses %p', (value, message) => {
		const check = () => wholeNumber('limit', value, 1, 10);
		expect(check).toThrow(InvalidInputError);
		expect(check).toThrow(expect.objectContaining({ field: 'limit', message }));
	});
});
