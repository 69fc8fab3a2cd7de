import { InvalidInputError } from '../errors';
import type { LibraryAccess } from './archiveLibrary';
import type { Way } from './host/protocol';

const DEFAULT_TIMEOUT_SECONDS = 10;
/** Longest time that the library is given for one call, as long as a gateway of the reference is. */
export const MAX_TIMEOUT_SECONDS = 600;
const MAX_SEQ = 2n ** 64n - 1n;
const MAX_LIMIT = 1000;

const WORD = /^[\x21-\x7e]{1,256}$/;
const PROXY = /^(?:http|socks5):\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})\/?$/;
const PASSWD = /^[^\p{Cc}]{1,512}$/u;
const FILE_ID = /^[\x21-\x7e]{1,8192}$/;
const INDEX = /^[\x20-\x7e]{0,1024}$/;

/**
 * Looks at corp and way before anything is called.
 *
 * @returns the way
 * @throws InvalidInputError naming what the library cannot be called with
 */
export function requireAccess(access: LibraryAccess): Way {
	const { corpId, secret, proxy = '', passwd = '' } = access;
	const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = access;
	if (!WORD.test(corpId)) {
		throw new InvalidInputError('corpId', 'The corp ID is missing, or is none');
	}
	if (!WORD.test(secret)) {
		throw new InvalidInputError(
			'corpSecret',
			'The secret of 会话内容存档 is missing, or is none',
			'It stands in the admin console under 会话内容存档; the secret of an app is another.',
		);
	}
	if (proxy !== '' && !isProxy(proxy)) {
		throw new InvalidInputError(
			'proxy',
			"The proxy of Tencent's library must look like http://host:port or socks5://host:port",
			'User and password do not belong into it: they go into `passwd`, as user:password.',
		);
	}
	if (passwd !== '' && !(PASSWD.test(passwd) && passwd.includes(':'))) {
		throw new InvalidInputError('passwd', 'The password of the proxy must look like user:password');
	}
	if (!isWhole(timeoutSeconds, 1, MAX_TIMEOUT_SECONDS)) {
		throw new InvalidInputError(
			'timeout',
			`The timeout of Tencent's library is a whole number of seconds, 1 to ${MAX_TIMEOUT_SECONDS}`,
		);
	}
	return { proxy: proxy.replace(/\/$/, ''), passwd, timeout: timeoutSeconds };
}

/** @throws InvalidInputError naming what GetChatData cannot be called with */
export function requirePage(seq: bigint, limit: number): void {
	if (typeof seq !== 'bigint' || seq < 0n || seq > MAX_SEQ) {
		throw new InvalidInputError('seq', 'seq is a whole number from 0 to 18446744073709551615');
	}
	if (!isWhole(limit, 1, MAX_LIMIT)) {
		throw new InvalidInputError('limit', `limit is a whole number from 1 to ${MAX_LIMIT}`);
	}
}

/** @throws InvalidInputError naming what GetMediaData cannot be called with */
export function requirePiece(sdkfileid: string, index: string): void {
	if (!FILE_ID.test(sdkfileid)) {
		throw new InvalidInputError(
			'sdkfileid',
			'sdkfileid is missing, or holds characters that no file id has',
			'Use the sdkfileid exactly as in the message.',
		);
	}
	if (!INDEX.test(index)) {
		throw new InvalidInputError(
			'cursor',
			'The index of a piece is what the piece before brought, or empty',
		);
	}
}

function isProxy(proxy: string): boolean {
	const port = Number(PROXY.exec(proxy)?.[1] ?? 0);
	return port > 0 && port < 2 ** 16;
}

function isWhole(value: number, least: number, most: number): boolean {
	return Number.isInteger(value) && value >= least && value <= most;
}
