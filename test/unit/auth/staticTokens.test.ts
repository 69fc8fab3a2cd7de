import { StaticTokens } from '../../../wecom/auth/staticTokens';
import type { TokenKind } from '../../../wecom/auth/tokenSource';
import { InvalidInputError } from '../../../wecom/errors';
import { failureOf } from '../support/server';

const KINDS: TokenKind[] = ['access_token', 'suite_access_token', 'provider_access_token'];
/** The settings as the client calls them. */
const SETTINGS: Record<TokenKind, string> = {
	access_token: '`accessToken`',
	suite_access_token: '`suiteAccessToken`',
	provider_access_token: '`providerAccessToken`',
};

describe('static tokens', () => {
	it.each(KINDS)('give the %s as it was pasted, without blanks around it', async (kind) => {
		expect(await new StaticTokens({ [kind]: ' pasted-token\n' }).get(kind)).toBe('pasted-token');
	});

	it.each(KINDS)('name %s as the field that is missing', async (kind) => {
		const others = Object.fromEntries(
			KINDS.map((other) => [other, other === kind ? ' ' : 'other-token']),
		);
		for (const tokens of [{}, others]) {
			const error = await failureOf(new StaticTokens(tokens).get(kind));
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(error).toMatchObject({ field: kind, message: expect.stringContaining(kind) });
			expect((error as InvalidInputError).hint).toContain(SETTINGS[kind]);
			expect(JSON.stringify(error) + String(error)).not.toContain('other-token');
		}
	});

	it('are never taken for one another', async () => {
		const tokens = new StaticTokens(Object.fromEntries(KINDS.map((kind) => [kind, `a ${kind}`])));
		for (const kind of KINDS) expect(await tokens.get(kind)).toBe(`a ${kind}`);
	});

	it('cannot be replaced when WeCom refuses one', async () => {
		const tokens = new StaticTokens({ access_token: 'token' });
		expect(tokens.discard()).toBe(false);
		expect(await tokens.get('access_token')).toBe('token');
	});
});
