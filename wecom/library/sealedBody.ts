import type { SealedBody } from '../archive/messageOpener';
import { RecordError } from '../errors';
import { WRONG_KEY } from '../returnCodes';
import type { ReturnedText } from './host/protocol';

const KEY = /^[\x20-\x7e]{16,1024}$/;
const MIN_BODY_CHARACTERS = 16;
const NO_BASE64 = /[^A-Za-z0-9+/]/;

/**
 * Tells bodies over which real builds of the library end their process. Nothing that passes was seen to
 * do that.
 *
 * @returns undefined for one that passes
 */
export function refuseSealedBody({ randomKey, ciphertext }: SealedBody): RecordError | undefined {
	if (!KEY.test(randomKey)) {
		return new RecordError(
			'wrong_private_key',
			`The random key has ${randomKey.length} characters or some that cannot be printed; Tencent's library takes 16 to 1,024 printable ones: the private key does not match`,
		);
	}
	if (!isBase64(ciphertext)) {
		return new RecordError(
			'corrupt_message',
			`encrypt_chat_msg (${ciphertext.length} characters) is no base64 of 16 characters or more: the record is damaged`,
		);
	}
	return undefined;
}

/** Looks for what is wrong: an expression for all that is right has no room for some millions of characters. */
function isBase64(text: string): boolean {
	const body = text.slice(0, text.endsWith('==') ? -2 : text.endsWith('=') ? -1 : undefined);
	return body.length >= MIN_BODY_CHARACTERS && !NO_BASE64.test(body);
}

/** What DecryptData gave, as whoever opens messages reads it. */
export function readPlaintext([returnCode, text]: ReturnedText): string | RecordError {
	if (returnCode === 0) return text;
	if (WRONG_KEY.includes(returnCode)) {
		return new RecordError(
			'wrong_private_key',
			`Tencent's library does not open the message with its key (return code ${returnCode}): the private key belongs to another public key, or the record is damaged`,
		);
	}
	return new RecordError(
		'corrupt_message',
		`Tencent's library does not open the message (return code ${returnCode})`,
	);
}

/** @param how the process of the library ended over the message, alone */
export function libraryCrashed(how: string): RecordError {
	return new RecordError(
		'library_crashed',
		`Tencent's library does not survive this message: its process ${how}. The others of the page are not affected`,
	);
}
