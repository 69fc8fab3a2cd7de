import { installUrl, parseInstallation } from '../../../wecom/authorization/installUrl';
import { InvalidInputError } from '../../../wecom/errors';

const LINK = { suite_id: 'ww4asffe99e54c0f4c', redirect_uri: 'https://app.example.com/done' };

describe('the install link', () => {
	it('leads to the page of document 90597, with everything in its query', () => {
		const link = parseInstallation({ ...LINK, state: 'k3v9' });
		expect(installUrl(link, 'PRE')).toBe(
			'https://open.work.weixin.qq.com/3rdapp/install?suite_id=ww4asffe99e54c0f4c&pre_auth_code=PRE&redirect_uri=https%3A%2F%2Fapp.example.com%2Fdone&state=k3v9',
		);
	});

	it('has no state unless there is one', () => {
		for (const state of [undefined, '']) {
			expect(installUrl(parseInstallation({ ...LINK, state }), 'PRE')).not.toContain('state');
		}
	});

	it('keeps codes and redirects whole, whatever characters they hold', () => {
		const redirect = 'https://app.example.com/done?corp=春 季&x=1#top';
		const code = 'a+b/c=&state=forged';
		const link = parseInstallation({ ...LINK, redirect_uri: redirect, state: 'mine' });
		const { searchParams } = new URL(installUrl(link, code));
		expect(Object.fromEntries(searchParams)).toEqual({
			suite_id: LINK.suite_id,
			pre_auth_code: code,
			redirect_uri: redirect,
			state: 'mine',
		});
	});
});

describe('what an install link is made of', () => {
	it.each([
		['a state of 128 letters', { state: 'a'.repeat(128) }],
		['a state of digits and letters of both cases', { state: 'aZ09' }],
		['blanks around everything', { suite_id: ' ww1 ', redirect_uri: ' https://a.example ' }],
	])('may be %s', (_what, fields) => {
		const trimmed = Object.entries(fields).map(([name, value]) => [name, value.trim()]);
		expect(parseInstallation({ ...LINK, ...fields })).toEqual({
			...LINK,
			...(Object.fromEntries(trimmed) as object),
		});
	});

	it.each([
		['no suite', { suite_id: '' }, 'suite_id', 'is empty'],
		['no redirect', { redirect_uri: ' ' }, 'redirect_uri', 'is empty'],
		[
			'a redirect without a scheme',
			{ redirect_uri: 'app.example.com' },
			'redirect_uri',
			'https://',
		],
		[
			'an unprotected redirect',
			{ redirect_uri: 'http://app.example.com' },
			'redirect_uri',
			'https://',
		],
		['a script', { redirect_uri: 'javascript:alert(1)' }, 'redirect_uri', 'https://'],
		[
			'a redirect without end',
			{ redirect_uri: `https://a/${'x'.repeat(2048)}` },
			'redirect_uri',
			'2048',
		],
		['a state of 129 letters', { state: 'a'.repeat(129) }, 'state', 'is 129 bytes long'],
		['a state with a sign', { state: 'a-b' }, 'state', 'letters and digits only'],
		['a state in Chinese', { state: '春' }, 'state', 'letters and digits only'],
	])('must not be %s', (_what, fields, field, words) => {
		const parse = () => parseInstallation({ ...LINK, ...fields });
		expect(parse).toThrow(InvalidInputError);
		expect(parse).toThrow(expect.objectContaining({ field }) as Error);
		expect(parse).toThrow(words);
	});
});
