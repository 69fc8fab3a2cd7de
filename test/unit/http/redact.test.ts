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

describe('a value is found in every spelling', () => {
	/** As axios writes the parameters of a URL. */
	const axiosEncode = (text: string) =>
		encodeURIComponent(text)
			.replace(/%3A/gi, ':')
			.replace(/%24/g, '$')
			.replace(/%2C/gi, ',')
			.replace(/%20/g, '+');
	const json = (text: string) => JSON.stringify(text).slice(1, -1);
	const form = (text: string) => new URLSearchParams({ a: text }).toString().slice(2);
	const asciiJson = (digits: (hex: string) => string) => (text: string) =>
		json(text).replace(/[^ -~]/g, (unit) => {
			return `\\u${digits(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`;
		});
	const html = (text: string) =>
		text
			.replaceAll('&', '&amp;')
			.replaceAll('"', '&quot;')
			.replaceAll("'", '&#39;')
			.replaceAll('<', '&lt;')
			.replaceAll('>', '&#x3E;');
	const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
	const then =
		(...spellings: Array<(text: string) => string>) =>
		(text: string) =>
			spellings.reduce((spelled, spelling) => spelling(spelled), text);
	const SPELLINGS: Record<string, (text: string) => string> = {
		'as it is': (text) => text,
		JSON: json,
		'JSON in JSON': then(json, json),
		'JSON in JSON in JSON': then(json, json, json),
		'JSON of a server in PHP': (text) => json(text).replaceAll('/', '\\/'),
		'ASCII JSON': asciiJson((hex) => hex),
		'ASCII JSON in capitals': asciiJson((hex) => hex.toUpperCase()),
		'ASCII JSON in JSON': then(
			asciiJson((hex) => hex),
			json,
		),
		'HTML-safe JSON': (text) =>
			json(text).replace(/[<>&']/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`),
		encodeURIComponent,
		encodeURI,
		'URL in small letters': then(encodeURIComponent, lower),
		'URL twice': then(encodeURIComponent, encodeURIComponent),
		'URL thrice': then(encodeURIComponent, encodeURIComponent, encodeURIComponent),
		'every byte of a URL': (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'),
		axios: axiosEncode,
		'axios, in JSON': then(axiosEncode, json),
		'a form': form,
		'a form in a URL': then(form, encodeURIComponent),
		'JSON in a URL': then(json, encodeURIComponent),
		'JSON in a form': then(json, form),
		'a URL in JSON in JSON': then(axiosEncode, json, json),
		HTML: html,
		'JSON in HTML': then(json, html),
		'HTML twice': then(html, html),
		'URL in HTML': then(form, html),
		'HTML by numbers': (text) =>
			[...text].map((character) => `&#${character.codePointAt(0)};`).join(''),
		base64: (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
		base64url: (text) => Buffer.from(text).toString('base64url'),
		'base64 of base64': (text) =>
			Buffer.from(Buffer.from(text).toString('base64')).toString('base64').replace(/=+$/, ''),
		hexadecimal: (text) => Buffer.from(text).toString('hex'),
		'HTML by names': (text) =>
			html(text).replaceAll(':', '&colon;').replaceAll('\\', '&bsol;').replaceAll(' ', '&nbsp;'),
		'code points of JavaScript': (text) =>
			[...text].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join(''),
	};
	const ALPHABETS = [
		'abcXYZ019',
		'"\\/&=+?#% ',
		":$,;<>()[]{}|'`^~@!*",
		'密钥群é€\u200b',
		'😀𝒳',
		'\t\n',
	].map((alphabet) => [...alphabet]);

	/** The same secrets in every run: of all alphabets, never with blanks at the ends. */
	function nastySecrets(count: number): string[] {
		let seed = 20_261_128;
		const below = (limit: number) => {
			seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
			return Math.floor((seed / 2_147_483_648) * limit);
		};
		const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
		return Array.from({ length: count }, () => {
			const middle = Array.from({ length: 6 + below(30) }, () => pick(pick(ALPHABETS)));
			return `q${middle.join('')}z`;
		});
	}
	const SECRETS = [
		'a"b\\c&d e:f',
		'pa$$,wo+rd[1]',
		'C:\\new\\table',
		'100%41 sure',
		...nastySecrets(60),
	];

	it.each(Object.entries(SPELLINGS))('%s', (_name, spell) => {
		const slipped = SECRETS.filter((secret) => {
			const cleaned = new Redactor(['other-secret', secret]).clean(`<${spell(secret)}> is bad`);
			return cleaned !== '<***> is bad';
		});
		expect(slipped).toEqual([]);
	});

	it('in the base64 of a longer text, wherever it begins there', () => {
		for (const secret of SECRETS) {
			for (const text of [`user:${secret}`, `u:${secret}!`, `x${JSON.stringify({ secret })}`]) {
				const encoded = Buffer.from(text).toString('base64');
				const cleaned = new Redactor([secret]).clean(`Proxy said: Basic ${encoded}`);
				const [before = '', after = ''] = cleaned.slice('Proxy said: Basic '.length).split('***');
				const left = encoded.slice(0, -after.length || undefined).slice(before.length);
				// At its ends a character may hold bits of the neighbours.
				expect((left.length * 6) / 8).toBeGreaterThan(Buffer.byteLength(secret) - 2);
			}
		}
	});

	it('in the middle of a request that is said back', () => {
		for (const secret of SECRETS) {
			const body = JSON.stringify({ corp: secret, other: [secret] });
			const said = `${JSON.stringify({ errmsg: body })} GET /x?a=1&b=${axiosEncode(secret)}&c=2`;
			const cleaned = new Redactor([secret]).clean(said);
			expect(cleaned).toBe(
				`${JSON.stringify({ errmsg: JSON.stringify({ corp: '***', other: ['***'] }) })} GET /x?a=1&b=***&c=2`,
			);
		}
	});

	it('also where what is looked at ends in the middle of it', () => {
		for (const spell of Object.values(SPELLINGS)) {
			const [secret] = nastySecrets(1) as [string];
			const spelled = spell(`${'群"'.repeat(9)}${secret}`);
			const redactor = new Redactor([`${'群"'.repeat(9)}${secret}`, '-'.repeat(4)]);
			for (let shown = 1; shown < spelled.length; shown += 1 + Math.floor(spelled.length / 4)) {
				const cleaned = redactor.clean(`${'-'.repeat(16_000 - shown)}${spelled}${'-'.repeat(99)}`);
				expect(cleaned).toBe('***');
			}
		}
	});

	it('quickly, in a long text that is nothing but escapes, and with many secrets', () => {
		const redactor = new Redactor(nastySecrets(100));
		for (const text of [
			'%25',
			'\\',
			'\\u005c',
			'&amp;',
			'corpsecret',
			'"secret":"',
			'<secret>',
			'-----BEGIN ',
		]) {
			const start = performance.now();
			redactor.clean(text.repeat(50_000));
			expect(performance.now() - start).toBeLessThan(1500);
		}
	});
});

describe('what is named as secret is taken out, known or not', () => {
	it.each([
		[String.raw`{"corpsecret":"a\"b\\c","x":1}`, '{"corpsecret":"***","x":1}'],
		[
			String.raw`{"body":"{\"access_token\":\"a\\\"b\",\"x\":1}"}`,
			String.raw`{"body":"{\"access_token\":\"***\",\"x\":1}"}`,
		],
		["{'permanent_code': 'a b&c'}", "{'permanent_code': '***'}"],
		['{"suite_ticket":"cut off in the mid', '{"suite_ticket":"***'],
		['access_token%3Dabc%2Fdef%26x%3D1', 'access_token%3D***%26x%3D1'],
		[
			'<xml><SuiteTicket><![CDATA[abc]]></SuiteTicket></xml>',
			'<xml><SuiteTicket>***</SuiteTicket></xml>',
		],
		['{"encoding_aes_key": "abc", "token": 1}', '{"encoding_aes_key": "***", "token": 1}'],
		['pre_auth_code=abc&x=1', 'pre_auth_code=***&x=1'],
		['Proxy-Authorization: Basic dXNlcjpw', 'Proxy-Authorization: Basic ***'],
		['-----BEGIN+RSA+PRIVATE+KEY-----%0AMIIEpAIB%0A-----END+RSA+PRIVATE+KEY-----!', '***!'],
	])('%j', (text, expected) => {
		expect(new Redactor().clean(text)).toBe(expected);
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

it('of a hundred thousand keys that are held takes no longer than of a few', () => {
	const redactor = new Redactor();
	const key = (index: number) => `key+${index}/`.padEnd(32, 'x');
	const holds = Array.from({ length: 100 }, (_, call) =>
		redactor.learn(Array.from({ length: 1000 }, (_, index) => key(call * 1000 + index))),
	);
	const said = `not yet: ${encodeURIComponent(key(99_999))} of ${key(7)}`;
	const { user: before } = process.cpuUsage();
	for (let count = 0; count < 100; count++)
		expect(redactor.clean(said)).toBe('not yet: *** of ***');
	// A tenth of what it takes to look for each of them.
	expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
	for (const forget of holds) forget();
	expect(redactor.clean(said)).toContain(key(7));
});
