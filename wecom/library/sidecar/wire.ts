/** What the sidecar and its client agree on. A change that the other side would not notice raises it. */
export const SIDECAR_PROTOCOL = '1';

/** Names of headers, in lower case. */
export const SIDECAR_HEADERS = {
	/** {@link SIDECAR_PROTOCOL} of whoever sends; in every request and answer. */
	protocol: 'x-wecom-sidecar',
	/** Index of the piece that follows a media piece, percent-encoded. */
	nextIndex: 'x-next-index',
	/** `1` with the last piece of a file, otherwise `0`. */
	isLast: 'x-is-last',
} as const;

/** Paths that take a POST, and what each does. */
export const SIDECAR_PATHS = {
	chatData: '/chat-data',
	decrypt: '/decrypt',
	media: '/media',
	check: '/check',
} as const;

/** The one path that takes a GET. */
export const HEALTH_PATH = '/health';

/** Most bodies in one `decrypt`. */
export const MAX_BATCH = 1000;

/**
 * Largest body of a `decrypt`, bytes: an answer of WeCom's that the client takes holds no larger
 * record.
 */
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** Bearer tokens that are taken: long enough that guessing is hopeless, and fit for a header. */
const TOKEN = /^[\x21-\x7e]{32,512}$/;

/** What a token has to look like, for messages. */
export const TOKEN_RULE = '32 to 512 letters, digits and signs without blanks';

/** Whether a text may be a sidecar's token. */
export function isSidecarToken(text: string): boolean {
	return TOKEN.test(text);
}
