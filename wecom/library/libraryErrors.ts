import type { ErrcodeEntry } from '../errcodes';
import { WecomApiError, WecomError } from '../errors';
import { lookUpReturnCode } from '../returnCodes';

/**
 * A function of Tencent's library gave a return code other than 0. Its `entry` is that of the return
 * code, never that of an errcode of the same number.
 * Source: https://developer.work.weixin.qq.com/document/path/91552
 */
export class LibraryReturnError extends WecomApiError {
	override readonly entry: ErrcodeEntry;

	/**
	 * @param returnCode of the library, 10000 to 10011
	 * @param name of its function, `GetChatData`
	 * @param hint what to do where the caller knows better than the table
	 */
	constructor(
		readonly returnCode: number,
		name: string,
		hint?: string,
	) {
		const entry = lookUpReturnCode(returnCode);
		const source = `Tencent's library answered ${name}`;
		super(returnCode, entry.meaning, name, hint ?? entry.hint, source);
		this.entry = entry;
		this.message = `${source} with return code ${returnCode}: ${entry.meaning}`;
	}
}

/** Tencent's library cannot be used here: no file, a wrong one, no glibc, a sidecar out of reach. */
export class LibraryUnavailableError extends WecomError {
	readonly code = 'library';
}

/** Tencent's library ended its process, or did not come back, again and again. */
export class LibraryCrashedError extends LibraryUnavailableError {}
