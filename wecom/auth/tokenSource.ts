import type { BlamedToken } from '../errcodes';

/** The tokens of WeCom's chain, by the name they have in the query string. */
export type TokenKind = 'access_token' | 'suite_access_token' | 'provider_access_token';

/** Where calls get their tokens from. */
export interface TokenSource {
	/**
	 * A token believed to be good.
	 *
	 * @throws InvalidInputError when the credential has none of that kind
	 */
	get(kind: TokenKind, signal?: AbortSignal): Promise<string>;

	/**
	 * Tells that WeCom refused a token. The next `get` gives another one where that is possible.
	 *
	 * @param token the refused one: a newer token that somebody fetched meanwhile is left alone
	 * @param blames which link of the chain WeCom's errcode blames; the token itself when left out
	 * @returns false when no other token can be had, so that trying again is useless
	 */
	discard(kind: TokenKind, token: string, blames?: BlamedToken): boolean;

	/** Whose token it is, for limits per corp. */
	owner(kind: TokenKind): string;
}
