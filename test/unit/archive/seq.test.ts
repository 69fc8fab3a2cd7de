import { parseSeq, seqToJson } from '../../../wecom/archive/seq';
import { InvalidInputError, type WecomError } from '../../../wecom/errors';
import { thrownBy } from '../support/archive';

const MAX = 2n ** 64n - 1n;

describe('a seq', () => {
	test.each<[unknown, bigint]>([
		[0, 0n],
		[1, 1n],
		[Number.MAX_SAFE_INTEGER, 9007199254740991n],
		['0', 0n],
		['007', 7n],
		[' 42\n', 42n],
		['9007199254740993', 9007199254740993n],
		['18446744073709551615', MAX],
		[0n, 0n],
		[MAX, MAX],
	])('is read from %p', (value, expected) => {
		expect(parseSeq(value)).toBe(expected);
	});

	test.each<[unknown]>([
		[-1],
		[-1n],
		['-1'],
		['+1'],
		[1.5],
		['1.5'],
		['1e3'],
		['0x10'],
		['1_000'],
		['１２'],
		[2 ** 53],
		[NaN],
		[Infinity],
		[MAX + 1n],
		['18446744073709551616'],
		['99999999999999999999'],
		['100000000000000000000'],
		[''],
		[' '],
		['seq'],
		[null],
		[undefined],
		[true],
		[[1]],
		[{ seq: 1 }],
		[{ toString: 1, valueOf: 1 }],
	])('is not read from %p', (value) => {
		const error = thrownBy(() => parseSeq(value, 'Start After Seq'));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ code: 'input', field: 'Start After Seq' });
		expect(error.message).toContain('"Start After Seq"');
		expect(error.message).toContain('18446744073709551615');
		expect((error as WecomError).hint).toContain('0');
	});

	test('is not quoted when it is a text: somebody may have pasted a secret', () => {
		expect(thrownBy(() => parseSeq('s3cret-t0ken')).message).not.toContain('s3cret');
	});

	test.each<[bigint, number | string]>([
		[0n, 0],
		[2n ** 53n - 1n, 9007199254740991],
		[2n ** 53n, '9007199254740992'],
		[2n ** 53n + 1n, '9007199254740993'],
		[MAX, '18446744073709551615'],
	])('of %s goes into JSON as %p', (seq, json) => {
		expect(seqToJson(seq)).toBe(json);
	});

	test('survives JSON and comes back exact, on both sides of 2^53', () => {
		for (let seq = 2n ** 53n - 3n; seq <= 2n ** 53n + 3n; seq++) {
			const carried: unknown = JSON.parse(JSON.stringify(seqToJson(seq)));
			expect(parseSeq(carried)).toBe(seq);
		}
	});
});
