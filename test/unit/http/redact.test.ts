import forge from 'node-forge';

import { Redactor } from '../../../wecom/http/redact';

describe('a text is cleaned', () => {
	it.each([
		['access_token=SECRET&debug=1', 'access_token=***&debug=1'],
		['suite_access_token=SECRET', 'suite_access_token=***'],
		['provider_access_token=SECRET', 'provider_access_token=***'],
		['https://x/cgi-bin/gettoken?corpid=ww1&corpsecret=SECRET', 'corpsecret=***'],
		['{"suite_secret":"SECRET"}', '"suite_secret":"***"'],
		['{"provider_secret" : "SECRET"}', '"provider_secret" : "***"'],
		['{"permanent_code":"SECRET"}', '"permanent_code":"***"'],
		['suite_ticket=SECRET, and more', 'suite_ticket=***, and more'],
		['passwd: SECRET', 'passwd: ***'],
		['ACCESS_TOKEN=SECRET', 'ACCESS_TOKEN=***'],
	])('of what %j names as secret, known or not', (text, expected) => {
		const cleaned = new Redactor().clean(text);
		expect(cleaned).toContain(expected);
		expect(cleaned).not.toContain('SECRET');
	});

	it('of every value it knows, wherever it stands', () => {
		const redactor = new Redactor(['first-secret', undefined, '', 'second-secret']);
		expect(redactor.clean('first-secret,second-secret(first-secret)')).toBe('***,***(***)');
	});

	it('of values it learns later', () => {
		const redactor = new Redactor();
		redactor.add('learnt-secret');
		expect(redactor.clean('a learnt-secret b')).toBe('a *** b');
	});

	it('of values in the form they have in a URL', () => {
		expect(new Redactor(['a+b/c=d e']).clean('a%2Bb%2Fc%3Dd%20e')).toBe('***');
	});

	it('of a value that holds what a pattern would take for a command', () => {
		expect(new Redactor(['$&.*(a)']).clean('<$&.*(a)>')).toBe('<***>');
	});

	it.each([
		['shorter one first', ['abcd', 'abcdEFGH']],
		['longer one first', ['abcdEFGH', 'abcd']],
	])('of two values of which one begins with the other (%s)', (_order, secrets) => {
		expect(new Redactor(secrets).clean('(abcdEFGH) (abcd)')).toBe('(***) (***)');
	});

	it('of a value that was given with blanks around it', () => {
		expect(new Redactor([' pasted-token\n']).clean('pasted-token')).toBe('***');
	});

	it('of a value that stands where a long text is cut', () => {
		for (const before of [480, 495, 3980, 3995]) {
			const cleaned = new Redactor(['0123456789abcdefghij']).clean(
				`${'-'.repeat(before)}0123456789abcdefghij`,
			);
			expect(cleaned).not.toContain('0123');
		}
	});

	it('of a value cut off at the end of what is looked at, though all before it shrinks', () => {
		const secret = '0123456789'.repeat(10);
		const cleaned = new Redactor([secret]).clean(`${secret.repeat(39)}${'-'.repeat(80)}${secret}`);
		expect(cleaned).not.toContain('0123');
	});

	it('of a value of the beginning also after many tokens were learnt', () => {
		const redactor = new Redactor(['the-corp-secret']);
		for (let token = 0; token < 200; token++) redactor.add(`token-number-${token}`);
		expect(redactor.clean('the-corp-secret token-number-199')).toBe('*** ***');
	});
});

describe('the text of a private key is taken out', () => {
	const pem = forge.pki.privateKeyToPem(forge.pki.rsa.generateKeyPair(512).privateKey).trim();

	it.each([
		['as it is', pem],
		['with literal \\n', pem.replaceAll(/\r?\n/g, '\\n')],
		['as PKCS#8', pem.replaceAll('RSA PRIVATE', 'PRIVATE')],
		['encrypted', pem.replaceAll('RSA PRIVATE', 'ENCRYPTED PRIVATE')],
		['without its end', pem.slice(0, pem.length - 50)],
		['in one line', pem.replaceAll(/\r?\n/g, ' ')],
	])('%s', (_how, key) => {
		const cleaned = new Redactor().clean(`invalid key: ${key} (sent by you)`);
		expect(cleaned).toMatch(/^invalid key: \*\*\*/);
		expect(cleaned).not.toMatch(/[A-Za-z0-9+/]{20}/);
	});

	it('each time there is one, with the words between', () => {
		expect(new Redactor().clean(`a ${pem} b ${pem} c`)).toBe('a *** b *** c');
	});

	it('also where the text is longer than what is looked at', () => {
		const cleaned = new Redactor().clean(`${'-'.repeat(300)}${pem}${'x'.repeat(10_000)}`);
		expect(cleaned).not.toContain(pem.slice(40, 80));
	});
});

describe('a text is left alone', () => {
	it('when it holds no secret', () => {
		const text =
			'invalid credential, hint: [1700000000_1], from ip: 203.0.113.7, more info at https://x';
		expect(new Redactor(['the-secret']).clean(text)).toBe(text);
	});

	it('by values too short to tell them from words', () => {
		expect(new Redactor(['abc']).clean('abcdef')).toBe('abcdef');
	});

	it('up to 500 characters', () => {
		expect(new Redactor().clean('x'.repeat(500))).toBe('x'.repeat(500));
		expect(new Redactor().clean('x'.repeat(501))).toBe(`${'x'.repeat(500)}…`);
	});
});
