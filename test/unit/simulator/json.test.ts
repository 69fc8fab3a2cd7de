import { parseExact, stringifyWithStrings, withPlainNumbers } from '../../../simulator/json';

test('integers are exact, other numbers stay numbers, strings are left alone', () => {
	const text = '{"a":18446744073709551615,"b":[-7,1.5,2.0,1e3],"c":"12 \\"34\\" \\\\","5":null}';
	expect(parseExact(text)).toEqual({
		a: 18446744073709551615n,
		b: [-7n, 1.5, 2, 1000],
		c: '12 "34" \\',
		'5': null,
	});
});

test.each(['', '{', '01', '{"a":1,}', "{'a':1}", '1 2'])('%j is not JSON', (text) => {
	expect(() => parseExact(text)).toThrow(SyntaxError);
});

test('what fits a number becomes one again, the rest does not lose a digit', () => {
	const value = parseExact('{"seq":[9007199254740991,9007199254740993]}');
	expect(withPlainNumbers(value)).toEqual({ seq: [9007199254740991, 9007199254740993n] });
	expect(stringifyWithStrings(value)).toBe('{"seq":["9007199254740991","9007199254740993"]}');
});
