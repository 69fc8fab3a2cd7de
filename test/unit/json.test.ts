import { isJsonObject, parseJson, parseJsonWithBigints, stringifyJson } from '../../wecom/json';

const MAX_UINT64 = 2n ** 64n - 1n;

describe('parseJson', () => {
	it('gives an integer beyond 2^53 as the string of its digits', () => {
		expect(parseJson('{"seq":18446744073709551615}')).toEqual({ seq: '18446744073709551615' });
	});

	it.each([
		['9007199254740991', Number.MAX_SAFE_INTEGER],
		['-9007199254740991', Number.MIN_SAFE_INTEGER],
		['9007199254740992', '9007199254740992'],
		['9007199254740993', '9007199254740993'],
		['-9007199254740993', '-9007199254740993'],
		['1000000000000000', 1e15],
		['123456789012345678901234567890', '123456789012345678901234567890'],
	])('reads %s without losing a digit', (digits, expected) => {
		expect(parseJson(digits)).toBe(expected);
		expect(parseJson(`[ ${digits} ]`)).toEqual([expected]);
		expect(parseJson(`{"a":[1,${digits}],"b":${digits}}`)).toEqual({
			a: [1, expected],
			b: expected,
		});
		expect(parseJson(`{"a" : \n\t${digits}\n}`)).toEqual({ a: expected });
	});

	it.each([
		'12345678901234567.5',
		'-12345678901234567.25',
		'0.12345678901234567890',
		'1.2345678901234567e+1234567890123456',
		'12345678901234567e3',
		'12345678901234567E-20',
		'1e12',
		'-0',
		'0',
		'1.50',
	])('leaves the number %s as JSON.parse reads it', (number) => {
		const text = `{"seq":18446744073709551615,"n":${number},"list":[${number}]}`;
		const expected = JSON.parse(number) as number;
		expect(parseJson(text)).toEqual({
			seq: '18446744073709551615',
			n: expected,
			list: [expected],
		});
	});

	it.each([
		'1234567890123456789',
		': 1234567890123456789,',
		'[12345678901234567890]',
		'a "quoted" 1234567890123456789 "text"',
		'ends with a backslash \\',
		'\\"1234567890123456789',
		'\\\\":12345678901234567890,"x":"',
		'\u0000\n\t1234567890123456789\u2028',
		'群聊 12345678901234567890 😀',
		'',
	])('leaves the string %j alone', (value) => {
		const text = `{"seq":18446744073709551615,"s":${JSON.stringify(value)},"t":[12345678901234567]}`;
		expect(parseJson(text)).toEqual({
			seq: '18446744073709551615',
			s: value,
			t: ['12345678901234567'],
		});
	});

	it('leaves a key made of digits and escapes alone', () => {
		expect(parseJson('{"\\"12345678901234567890\\"":12345678901234567890}')).toEqual({
			'"12345678901234567890"': '12345678901234567890',
		});
	});

	it('leaves an escape followed by digits alone', () => {
		expect(parseJson('{"a":"\\u00411234567890123456","b":12345678901234567}')).toEqual({
			a: 'A1234567890123456',
			b: '12345678901234567',
		});
	});

	it.each([
		'',
		'{',
		'<html>12345678901234567890</html>',
		'{"seq":12345678901234567890',
		'{"seq":0012345678901234567}',
		'{"seq":-0012345678901234567}',
		'{"seq":12345678901234567890.}',
		'{"seq":+12345678901234567890}',
		'{"seq":12345678901234567890,}',
		'{12345678901234567890:1}',
		'{"seq":12345678901234567890,"open":"',
	])('refuses %j, which is not JSON', (text) => {
		expect(() => parseJson(text)).toThrow(SyntaxError);
	});

	it.each<[string, string, boolean]>([
		['short strings', `[18446744073709551615${',"ab"'.repeat(600_000)}]`, true],
		['one long string', `[18446744073709551615,"${'a'.repeat(3_000_000)}"]`, true],
		['a string of escapes', `[18446744073709551615,"${'\\"'.repeat(1_500_000)}"]`, true],
		['large integers', `[1${',18446744073709551615'.repeat(140_000)}]`, true],
		['one run of digits', `[${'1'.repeat(3_000_000)}]`, true],
		['a run of digits with a point', `[${'1'.repeat(3_000_000)}.]`, false],
		['quotes', `[18446744073709551615${'"'.repeat(3_000_000)}`, false],
		['blanks', `[18446744073709551615,${' '.repeat(3_000_000)}`, false],
		['signs', `[18446744073709551615,${'-'.repeat(3_000_000)}`, false],
	])('is done with 3 MB of %s within 2 s', (_what, text, isJson) => {
		const startedAt = performance.now();
		if (isJson) parseJson(text);
		else expect(() => parseJson(text)).toThrow(SyntaxError);
		expect(performance.now() - startedAt).toBeLessThan(2000);
	});

	it('is done with 120 KB that end in the middle of a string of escapes within 2 s', () => {
		const startedAt = performance.now();
		const text = `[18446744073709551615,"${'\\"'.repeat(60_000)}`;
		expect(() => parseJson(text)).toThrow(SyntaxError);
		expect(performance.now() - startedAt).toBeLessThan(2000);
	});

	it('reads a string of 16 MB in which every character is escaped', () => {
		const text = `{"seq":18446744073709551615,"text":"${'\\n'.repeat(8_000_000)}"}`;
		expect(parseJson(text)).toMatchObject({ seq: '18446744073709551615' });
	});
});

describe('raw control characters inside of strings, as WeCom writes them at times', () => {
	const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code));
	const parsers = { parseJson, parseJsonWithBigints };

	it.each(Object.entries(parsers))('are kept by %s, all 32 of them', (_name, parse) => {
		for (const control of CONTROLS) {
			expect(parse(`{"a":"x${control}y","b":[1,"${control}"],"c":null}`)).toEqual({
				a: `x${control}y`,
				b: [1, control],
				c: null,
			});
		}
		const all = CONTROLS.join('');
		expect(parse(`["${all}","${all}${all}"]`)).toEqual([all, all + all]);
	});

	it.each(Object.entries(parsers))('in names are kept by %s', (_name, parse) => {
		expect(parse('{"a\nb":1,"\0":{"\t":"x"}}')).toEqual({ 'a\nb': 1, '\0': { '\t': 'x' } });
	});

	it('leave large integers exact', () => {
		const text = '{\n"seq":18446744073709551615,"s":"a\n1234567890123456789",\n"t":1}';
		expect(parseJson(text)).toEqual({
			seq: '18446744073709551615',
			s: 'a\n1234567890123456789',
			t: 1,
		});
		expect(parseJsonWithBigints(text)).toEqual({
			seq: MAX_UINT64,
			s: 'a\n1234567890123456789',
			t: 1,
		});
	});

	it.each<[string, string, unknown]>([
		['behind an escaped backslash', '["a\\\\\nb"]', ['a\\\nb']],
		['behind an escaped quote', '["a\\"\nb"]', ['a"\nb']],
		['beside escapes of the same', '["a\\n\n\\u000a\nb"]', ['a\n\n\n\nb']],
		['between DEL and a line separator', '["\x7f\n\u2028"]', ['\x7f\n\u2028']],
		['between lone surrogates', '["\ud800\n\udc00"]', ['\ud800\n\udc00']],
		['as a Windows line break', '["a\r\nb"]', ['a\r\nb']],
		['in one of many strings', '[ "a" ,\n\t"b\tc"\r\n, "\\"" ]', ['a', 'b\tc', '"']],
	])('are kept %s', (_where, text, expected) => {
		expect(parseJson(text)).toEqual(expected);
	});

	it.each([
		['an open string', '{"a":"x\ny'],
		['an open string that ends with an escape', '{"a":"x\ny\\"'],
		['a comma too many', '{"a":"x\ny",}'],
		['a control character between values', '{"a":"x\ny",\0"b":1}'],
		['a backslash before a raw line break', '{"a":"x\\\ny"}'],
		['words', 'busy\nbusy'],
		['HTML', '<html lang="en">\n<p title="a\nb">busy</p></html>'],
	])('make no JSON of %s', (_what, text) => {
		expect(() => parseJson(text)).toThrow(SyntaxError);
		expect(() => parseJsonWithBigints(text)).toThrow(SyntaxError);
	});

	it.each<[string, string, boolean]>([
		[
			'line breaks in one string',
			`{"seq":18446744073709551615,"s":"${'\n'.repeat(1_000_000)}"}`,
			true,
		],
		['escapes and one line break', `["${'\\n'.repeat(500_000)}\n"]`, true],
		['short strings and one line break', `["\n"${',"ab"'.repeat(200_000)}]`, true],
		['quotes and a line break', `["\n"${'"'.repeat(1_000_000)}`, false],
		['an open string of line breaks', `["${'\n'.repeat(1_000_000)}`, false],
	])('are done with in 1 MB of %s within 2 s', (_what, text, isJson) => {
		const startedAt = performance.now();
		if (isJson) parseJson(text);
		else expect(() => parseJson(text)).toThrow(SyntaxError);
		expect(performance.now() - startedAt).toBeLessThan(2000);
	});

	it('a byte order mark in front is no part of the text', () => {
		expect(parseJson('\uFEFF{"a":"\uFEFF"}')).toEqual({ a: '\uFEFF' });
		expect(() => parseJson('\uFEFF')).toThrow(SyntaxError);
		expect(() => parseJson('{}\uFEFF')).toThrow(SyntaxError);
	});
});

describe('stringifyJson', () => {
	it.each([0n, 1n, -1n, 2n ** 53n + 1n, MAX_UINT64])('writes %s as a JSON number', (seq) => {
		expect(stringifyJson({ seq })).toBe(`{"seq":${seq}}`);
		expect(stringifyJson([seq, [seq]])).toBe(`[${seq},[${seq}]]`);
		expect(stringifyJson(seq)).toBe(String(seq));
	});

	it('writes everything else as JSON.stringify does', () => {
		const value = {
			text: 'a "quoted" \\ text with 12345678901234567890',
			number: 1.5,
			nothing: null,
			left: undefined,
			when: new Date(0),
			list: [true, undefined],
		};
		expect(stringifyJson(value)).toBe(JSON.stringify(value));
	});

	it('is read back by parseJson without losing a digit', () => {
		expect(parseJson(stringifyJson({ seq: MAX_UINT64, small: 7n }))).toEqual({
			seq: '18446744073709551615',
			small: 7,
		});
	});
});

describe('where BigInt.prototype.toJSON is defined, as in n8n', () => {
	const prototype = BigInt.prototype as { toJSON?: () => string };

	beforeEach(() => {
		prototype.toJSON = function (this: bigint) {
			return this.toString();
		};
	});

	afterEach(() => {
		delete prototype.toJSON;
	});

	it('JSON.stringify writes a bigint as text', () => {
		expect(JSON.stringify({ seq: 1n })).toBe('{"seq":"1"}');
	});

	it('stringifyJson still writes it as a JSON number', () => {
		expect(stringifyJson({ seq: MAX_UINT64, list: [3n] })).toBe(
			'{"seq":18446744073709551615,"list":[3]}',
		);
	});

	it('parseJson still keeps large integers as text', () => {
		expect(parseJson('{"seq":18446744073709551615}')).toEqual({ seq: '18446744073709551615' });
	});
});

describe('isJsonObject', () => {
	it.each<[unknown, boolean]>([
		[{}, true],
		[{ a: 1 }, true],
		[[], false],
		[null, false],
		[undefined, false],
		['{}', false],
		[1, false],
	])('says of %j: %s', (value, expected) => {
		expect(isJsonObject(value)).toBe(expected);
	});
});
