import type { TokenKind } from '../auth/tokenSource';
import type { RetryClass } from '../http/retry';
import type { JsonObject } from '../json';

/**
 * One API of the reference document as data: where it goes, which token it takes, how its input
 * becomes a body and its answer a result. {@link WecomClient.call} does the rest.
 */
export interface Operation<Input, Output> {
	/** Path under `/cgi-bin`. */
	readonly path: string;
	readonly token: TokenKind;
	readonly retry: RetryClass;
	/**
	 * The JSON body. Validates, so that nothing wrong is sent.
	 *
	 * @throws InvalidInputError naming the field
	 */
	body(input: Input): object;
	/** What of a valid input must never come back in an error, a password say. */
	secrets?(input: Input): string[];
	/** What the caller gets of an answer whose errcode is 0. */
	read(answer: JsonObject): Output;
}
