import type { RecordError } from '../errors';

/** The body of a message, and the key that opens it. */
export interface SealedBody {
	/** What {@link unwrapRandomKey} returned. */
	randomKey: string;
	/** `encrypt_chat_msg` of the record. */
	ciphertext: string;
}

/** Opens the bodies of messages whose keys are unwrapped, many at a time. */
export interface MessageOpener {
	/**
	 * Opens a batch.
	 *
	 * @returns for each body, in order, its plaintext or why it does not open
	 * @throws WecomError where no body could be opened at all
	 */
	decrypt(batch: readonly SealedBody[], signal?: AbortSignal): Promise<Array<string | RecordError>>;
}
