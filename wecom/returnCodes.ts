import type { ErrcodeEntry } from './errcodes';

const AGAIN = 'It passes most often: try again in a few minutes.';
const OLD_VERSION = 'Replace the library by its newest version: document 91774 has the files.';

/** The library refuses what it was called with. */
export const INVALID_PARAMETERS = 10000;
/** The library did not reach WeCom. */
export const NETWORK_TROUBLE = 10001;
/** What DecryptData says of a key that is not the message's: measured, its documents know one. */
export const WRONG_KEY: readonly number[] = [10005, 10006, 10008];

/**
 * What each return code of Tencent's library says, apart from the errcodes in the answers that it
 * brings: those are WeCom's, and the same number may mean something else there.
 * Source: https://developer.work.weixin.qq.com/document/path/91552
 */
export const RETURN_CODES: ReadonlyMap<number, ErrcodeEntry> = new Map<number, ErrcodeEntry>([
	[
		INVALID_PARAMETERS,
		{
			action: 'fail',
			meaning: 'invalid parameters',
			hint: 'Check corp ID and secret of the archive, and the proxy; limit can be 1 to 1000.',
		},
	],
	[
		NETWORK_TROUBLE,
		{
			action: 'retry',
			meaning: 'network trouble',
			hint: 'The library says this of everything between it and WeCom: look at the proxy, DNS and the firewall of the machine that runs it. It has to reach qyapi.weixin.qq.com on port 443, and takes its proxy from the credential alone, never from the environment.',
		},
	],
	[10002, { action: 'retry', meaning: 'data cannot be parsed', hint: AGAIN }],
	[
		10003,
		{
			action: 'retry',
			meaning: 'system call refused',
			hint: `${AGAIN} If it stays, look at the memory and the limits of the machine that runs the library.`,
		},
	],
	[10004, { action: 'fail', meaning: 'a code of old versions alone', hint: OLD_VERSION }],
	[
		10005,
		{
			action: 'fail',
			meaning: 'invalid file id',
			hint: 'Use the sdkfileid exactly as in the message.',
		},
	],
	[
		10006,
		{
			action: 'fail',
			meaning: 'message cannot be decrypted',
			hint: 'Decode base64 first, then decrypt with the RSA key of publickey_ver, then call DecryptData.',
		},
	],
	[10007, { action: 'fail', meaning: 'a code of old versions alone', hint: OLD_VERSION }],
	[
		10008,
		{
			action: 'fail',
			meaning: 'decryption refused',
			hint: 'Check that the RSA key is the one of publickey_ver of this message.',
		},
	],
	[
		10009,
		{
			action: 'fail',
			meaning: 'calling IP not on the whitelist',
			hint: 'Add the public IP of the machine that runs the library, or of its proxy, to the trusted IPs (可信IP) of 会话内容存档 in the admin console. It is an IP whitelist of its own, apart from that of any app.',
		},
	],
	[
		10010,
		{
			action: 'fail',
			meaning: 'data expired',
			hint: 'Fetch messages and media within five days.',
			expired: true,
		},
	],
	[
		10011,
		{
			action: 'fail',
			meaning: 'TLS certificate refused',
			hint: 'Check the certificates of the machine and of the proxy between it and WeCom.',
		},
	],
]);

/**
 * What is known about a return code.
 *
 * @returns its entry; for a code that is not in the table one with action `fail`
 * @example lookUpReturnCode(10003).action // 'retry'
 */
export function lookUpReturnCode(returnCode: number): ErrcodeEntry {
	return (
		RETURN_CODES.get(returnCode) ?? {
			action: 'fail',
			meaning: 'not in the table of this package',
			hint: 'Look the return code up in document 91552 of developer.work.weixin.qq.com.',
		}
	);
}
