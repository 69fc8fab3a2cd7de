import {
	isFlag,
	isId,
	isInteger,
	listOf,
	objectOf,
	oneOf,
	optional,
	required,
	takeFields,
	textOf,
	type Check,
} from '../../../simulator/routes/fields';

/** Errcode and errmsg of the refusal of a value, undefined when it passes. */
function verdict(check: Check, value: unknown): [number, string] | undefined {
	try {
		takeFields({ field: value }, { field: required(check) });
		return undefined;
	} catch (error) {
		const { errcode, message } = error as { errcode: number; message: string };
		return [errcode, message];
	}
}

test.each<[string, Check, unknown[], unknown[]]>([
	['textOf', textOf(2, 3), ['ab', '中文字', '😀😀😀'], ['a', 'abcd', '', 2n, null]],
	['isId', isId, ['a', 'x'.repeat(256)], ['', 'x'.repeat(257), '字'.repeat(86), 1n]],
	['isFlag', isFlag, [true, false], ['true', 1n, null]],
	['isInteger', isInteger(1n, 3n), [1n, 3n], [0n, 4n, 2, '2', null]],
	['oneOf', oneOf(1, 2, 'x'), [1n, 2n, 'x'], [3n, 1, '1', true, null, 'y']],
	['listOf', listOf(isFlag, { min: 1, max: 2 }), [[true], [true, false]], [[], [true, true, true], [1n], {}]], // prettier-ignore
	['objectOf', objectOf({ a: optional(isFlag) }), [{}, { a: true }], [{ a: 1n }, { b: true }, [], 'a', null]], // prettier-ignore
])(
	'%s passes what it should and refuses the rest with 40058, naming the field',
	(_name, check, good, bad) => {
		for (const value of good) expect(verdict(check, value)).toBeUndefined();
		for (const value of bad) {
			expect(verdict(check, value)).toEqual([40058, expect.stringContaining('field')]);
		}
	},
);

test('what is inside lists and objects is named by its whole path', () => {
	const check = objectOf({ list: required(listOf(objectOf({ id: required(isId) }), { max: 3 })) });
	expect(verdict(check, {})).toEqual([40063, expect.stringContaining('field.list is missing')]);
	expect(verdict(check, { list: [{ id: 'a' }, {}] })).toEqual([
		40063,
		expect.stringContaining('field.list[1].id is missing'),
	]);
	expect(verdict(check, { list: [{ id: 1n }] })).toEqual([
		40058,
		expect.stringContaining('field.list[0].id must be'),
	]);
	expect(verdict(check, { list: ['a'] })).toEqual([
		40058,
		expect.stringContaining('field.list[0] must be an object'),
	]);
	expect(verdict(check, { list: [], more: 1n })).toEqual([
		40058,
		expect.stringContaining('unknown field field.more'),
	]);
});
