import { InvalidInputError } from '../errors';
import type { TokenKind, TokenSource } from './tokenSource';

/** Tokens that somebody else fetches and pastes; they cannot be refreshed here. */
export class StaticTokens implements TokenSource {
	/** @param tokens by kind; a blank one counts as missing */
	constructor(private readonly tokens: Partial<Record<TokenKind, string>>) {}

	async get(kind: TokenKind): Promise<string> {
		const token = this.tokens[kind]?.trim();
		if (!token) {
			throw new InvalidInputError(
				kind,
				`This operation needs a ${kind} and the credential has none`,
				'Fill it in on the credential, or choose an authentication that fetches tokens by itself.',
			);
		}
		return token;
	}

	discard(): boolean {
		return false;
	}
}
