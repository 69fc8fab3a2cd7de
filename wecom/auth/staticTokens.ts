import { createHash } from 'node:crypto';

import { InvalidInputError } from '../errors';
import type { TokenKind, TokenSource } from './tokenSource';

/** Tokens by kind; a blank one counts as missing. */
export type StaticTokenSet = Partial<Record<TokenKind, string>>;

const WHERE: Readonly<Record<TokenKind, string>> = {
	access_token: 'Fill in `accessToken`, or choose an authentication that fetches tokens by itself.',
	suite_access_token:
		'Fill in `suiteAccessToken`: the token of the suite that the component belongs to (service/get_suite_token).',
	provider_access_token:
		"Fill in `providerAccessToken`: the token of the provider's own corp (service/get_provider_token).",
};

/** Tokens that somebody else fetches and pastes; they cannot be refreshed here. */
export class StaticTokens implements TokenSource {
	constructor(private readonly tokens: StaticTokenSet) {}

	async get(kind: TokenKind): Promise<string> {
		const token = this.tokens[kind]?.trim();
		if (!token) {
			throw new InvalidInputError(
				kind,
				`This operation needs a ${kind} and the credential has none`,
				WHERE[kind],
			);
		}
		return token;
	}

	discard(): boolean {
		return false;
	}

	owner(kind: TokenKind): string {
		return createHash('sha256')
			.update(this.tokens[kind] ?? '')
			.digest('hex');
	}
}
