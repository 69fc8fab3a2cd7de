import { KeyRing, parseOlderKeys, type PrivateKeySource } from '../../../wecom/archive/keyRing';
import { InvalidInputError, KeyError, type WecomError } from '../../../wecom/errors';
import { leakOf, newRsaKey, opensFor, thrownBy, type TestKey } from '../support/archive';

const PASSPHRASE = 'correct horse';

let first: TestKey;
let second: TestKey;

beforeAll(() => {
	first = newRsaKey();
	second = newRsaKey();
});

function encrypted(key: TestKey): string {
	return key.privateKey
		.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
		.toString();
}

describe('a key ring', () => {
	test('gives each version its own key', () => {
		const ring = new KeyRing([
			{ version: 2, key: second.pkcs8 },
			{ version: 1, key: first.pkcs1 },
		]);
		const [one, two] = [ring.get(1), ring.get(2)];
		expect(one && opensFor(first, one)).toBe(true);
		expect(two && opensFor(second, two)).toBe(true);
		expect(() => one && opensFor(second, one)).toThrow();
	});

	test('has nothing for a version it was not given', () => {
		const ring = new KeyRing([{ version: 1, key: first.pkcs1 }]);
		expect([ring.get(2), ring.get(0), ring.get(NaN)]).toEqual([undefined, undefined, undefined]);
	});

	test('lists its versions ascending, as numbers', () => {
		const sources = [10, 9, 101, 1].map((version) => ({ version, key: first.pkcs8 }));
		expect(new KeyRing(sources).versions).toEqual([1, 9, 10, 101]);
	});

	test('may be empty', () => {
		expect(new KeyRing([]).versions).toEqual([]);
	});

	test('opens encrypted keys, each with its own passphrase', () => {
		const ring = new KeyRing([
			{ version: 1, key: encrypted(first), passphrase: PASSPHRASE },
			{ version: 2, key: second.pkcs8 },
		]);
		const one = ring.get(1);
		expect(one && opensFor(first, one)).toBe(true);
	});

	test.each([0, -1, 1.5, NaN, Infinity, 2 ** 53, '1' as unknown as number])(
		'refuses the version %p',
		(version) => {
			const error = thrownBy(() => new KeyRing([{ version, key: first.pkcs1 }]));
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(error).toMatchObject({ code: 'input', field: 'publickey_ver' });
			expect((error as WecomError).hint).toContain('admin console');
			expect(leakOf(error, first.pkcs1)).toBeUndefined();
		},
	);

	test('refuses a version given twice, also when the key is the same, and names it', () => {
		const sources = [7, 3, 7].map((version) => ({ version, key: first.pkcs8 }));
		const error = thrownBy(() => new KeyRing(sources));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error.message).toContain('version 7');
		expect((error as WecomError).hint).toMatch(/\w{3}/);
		expect(leakOf(error, first.pkcs8)).toBeUndefined();
	});

	test('names the version of a key it cannot read, and keeps reason and hint', () => {
		const broken = first.pkcs8.replace(/-----END.*/s, '');
		const error = thrownBy(
			() =>
				new KeyRing([
					{ version: 4, key: second.pkcs8 },
					{ version: 3, key: broken },
				]),
		);
		expect(error).toBeInstanceOf(KeyError);
		expect(error).toMatchObject({ reason: 'truncated', hint: expect.stringMatching(/\w{3}/) });
		expect(error.message).toContain('version 3');
		expect(error.message).not.toContain('version 4');
		expect(leakOf(error, broken)).toBeUndefined();
		expect(leakOf(error, second.pkcs8)).toBeUndefined();
	});

	test('names the version whose passphrase is wrong, and shows neither', () => {
		const wrong = 'Tr0ub4dor&3 is wrong';
		const source = { version: 12, key: encrypted(first), passphrase: wrong };
		const error = thrownBy(() => new KeyRing([source]));
		expect(error).toMatchObject({ reason: 'passphrase_wrong' });
		expect(error.message).toContain('version 12');
		expect(leakOf(error, wrong)).toBeUndefined();
		expect(leakOf(error, source.key)).toBeUndefined();
	});

	test('shows no key when it is printed, logged as JSON or looked into', () => {
		const ring = new KeyRing([
			{ version: 1, key: first.pkcs1 },
			{ version: 2, key: encrypted(second), passphrase: PASSPHRASE },
		]);
		for (const secret of [first.pkcs1, first.pkcs8, second.pkcs1, encrypted(second), PASSPHRASE]) {
			expect(leakOf(ring, secret)).toBeUndefined();
		}
	});
});

describe('the JSON of the older keys', () => {
	const withEscapes = (key: string) => key.replaceAll('\n', '\\n');

	function expectBothKeys(text: string): void {
		const ring = new KeyRing(parseOlderKeys(text));
		const [one, two] = [ring.get(1), ring.get(2)];
		expect(ring.versions).toEqual([1, 2]);
		expect(one && opensFor(first, one)).toBe(true);
		expect(two && opensFor(second, two)).toBe(true);
	}

	test.each(['', ' ', '\n\t\r\n'])('may be blank: %j', (text) => {
		expect(parseOlderKeys(text)).toEqual([]);
	});

	test('may be an empty object', () => {
		expect(parseOlderKeys('{}')).toEqual([]);
	});

	test('may be compact', () => {
		expectBothKeys(JSON.stringify({ 1: first.pkcs1, 2: second.pkcs8 }));
	});

	test('may be pretty-printed', () => {
		expectBothKeys(JSON.stringify({ 1: first.pkcs1, 2: second.pkcs8 }, null, '\t'));
	});

	test.each(['\n', '\r\n'])('may have raw line breaks inside the strings: %j', (lineBreak) => {
		const [one, two] = [first.pkcs1, second.pkcs8].map((key) => key.replaceAll('\n', lineBreak));
		expectBothKeys(`{${lineBreak}  "1": "${one}",${lineBreak}  "2": "${two}"${lineBreak}}`);
	});

	test('may mix raw and escaped line breaks', () => {
		expectBothKeys(`{ "1": "${first.pkcs1}", "2": "${withEscapes(second.pkcs8)}" }`);
	});

	test('may have an object with a passphrase for an encrypted key', () => {
		const text = JSON.stringify(
			{ 1: { key: encrypted(first), passphrase: PASSPHRASE }, 2: { key: second.pkcs8 } },
			null,
			2,
		);
		expectBothKeys(text);
		expectBothKeys(text.replaceAll('\\n', '\n'));
		expect(parseOlderKeys(text)[1]).toEqual({ version: 2, key: second.pkcs8 });
	});

	test('takes an empty passphrase for none', () => {
		const text = JSON.stringify({ 5: { key: 'k', passphrase: '' } });
		expect(parseOlderKeys(text)).toEqual<PrivateKeySource[]>([{ version: 5, key: 'k' }]);
	});

	test.each<[string, () => string]>([
		['an array', () => JSON.stringify([first.pkcs8])],
		['a string', () => JSON.stringify(first.pkcs8)],
		['a number', () => '1'],
		['null', () => 'null'],
		['the bare PEM', () => first.pkcs8],
		['JSON that is cut off', () => JSON.stringify({ 1: first.pkcs8 }).slice(0, -1)],
		['JSON with a comma too many', () => `{"1":"${withEscapes(first.pkcs8)}",}`],
		['JSON with single quotes', () => `{'1':'${withEscapes(first.pkcs8)}'}`],
	])('is refused when it is %s, and never quoted', (_what, text) => {
		const error = thrownBy(() => parseOlderKeys(text()));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ code: 'input', field: 'olderPrivateKeys' });
		expect((error as WecomError).hint).toContain('{"1": ');
		expect(leakOf(error, first.pkcs8)).toBeUndefined();
	});

	test.each<[string, (key: string) => unknown]>([
		['version 0', (key) => ({ 0: key })],
		['a negative version', (key) => ({ '-1': key })],
		['a version with a fraction', (key) => ({ '1.5': key })],
		['a version with a leading zero', (key) => ({ '01': key })],
		['a name for a version', (key) => ({ newest: key })],
		['no version', (key) => ({ '': key })],
		['key and version the wrong way round', (key) => ({ [key]: '1' })],
		['a version of ten digits', (key) => ({ '1234567890': key })],
		['a null', () => ({ 1: null })],
		['a number', () => ({ 1: 2 })],
		['a list', (key) => ({ 1: [key] })],
		['an object without a key', (key) => ({ 1: { pem: key, passphrase: PASSPHRASE } })],
		['an object whose key is no text', (key) => ({ 1: { key: [key] } })],
	])('is refused for an entry with %s, and never quoted', (_what, entry) => {
		const error = thrownBy(() => parseOlderKeys(JSON.stringify(entry(second.pkcs8))));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ code: 'input', field: 'olderPrivateKeys' });
		expect(leakOf(error, second.pkcs8)).toBeUndefined();
		expect(leakOf(error, PASSPHRASE)).toBeUndefined();
	});
});
