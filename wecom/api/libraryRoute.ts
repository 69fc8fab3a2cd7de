import { InvalidInputError } from '../errors';
import type { LibraryRoute } from '../library/archiveLibrary';

/** The way of the library to WeCom, as callers say it. */
export interface LibraryRouteFields {
	/** `http://host:port` or `socks5://host:port`; user and password in it count where `passwd` is empty. */
	proxy?: string | undefined;
	/** `user:password` of the proxy. */
	passwd?: string | undefined;
	/** Seconds. */
	timeout?: number | undefined;
}

/** The port of a proxy that names none: the library would take another one. */
const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
	['http:', 80],
	['socks5:', 1080],
]);

/**
 * The way of the library to WeCom, with user and password of the proxy apart as the library takes them.
 * A proxy brings its own password, be it none: that of another proxy is nothing for it.
 *
 * @param field name of the proxy for the message
 * @returns without what is not said
 * @throws InvalidInputError for a proxy that the library cannot go through
 * @example toLibraryRoute({ proxy: 'http://u:w@proxy' }) // { proxy: 'http://proxy:80', passwd: 'u:w' }
 */
export function toLibraryRoute(
	{ proxy = '', passwd = '', timeout }: LibraryRouteFields,
	field = 'proxy',
): LibraryRoute {
	const time = timeout === undefined ? {} : { timeoutSeconds: timeout };
	if (proxy === '') return { ...(passwd === '' ? {} : { passwd }), ...time };
	const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
	const port = DEFAULT_PORTS.get(url?.protocol ?? '');
	const own = url && credentialsOf(url);
	if (!url?.hostname || port === undefined || own === undefined || /\p{Cc}/u.test(proxy + passwd)) {
		throw new InvalidInputError(
			field,
			`"${field}" is no address of a proxy that Tencent's library can go through, expected http://host:port or socks5://host:port`,
			'User and password go before the host, user:password@, with % in them as %25.',
		);
	}
	return {
		proxy: `${url.protocol}//${url.hostname}:${url.port || port}`,
		passwd: passwd || own,
		...time,
	};
}

/** `user:password`, empty without any; undefined where they cannot be decoded. */
function credentialsOf({ username, password }: URL): string | undefined {
	try {
		const [user, word] = [username, password].map(decodeURIComponent);
		return user || word ? `${user}:${word}` : '';
	} catch {
		return undefined;
	}
}
