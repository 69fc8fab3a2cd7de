import type { MessageOpener } from '../archive/messageOpener';

/** Where Tencent's library runs: in a process beside this one, or behind HTTP in a sidecar. */
export type LibraryPlace = { at: 'thisMachine' } | ({ at: 'sidecar' } & SidecarPlace);

/** Where a sidecar is. */
export interface SidecarPlace {
	/** Scheme, host and port; plain http only for this machine and private networks, unless allowed. */
	url: string;
	/** Bearer token, 32 characters or more. */
	token: string;
	/** Takes plain http for other hosts as well: secrets and messages cross the network unencrypted. */
	allowPlainHttp?: boolean;
}

/** The way to WeCom. */
export interface LibraryRoute {
	/** `http://host:port` or `socks5://host:port`, without user and password. */
	proxy?: string;
	/** `user:password` of the proxy. */
	passwd?: string;
	/** What the library allows one call, seconds; 10 when left out. */
	timeoutSeconds?: number;
}

/** Whose archive is read, and the way there. */
export interface LibraryAccess extends LibraryRoute {
	corpId: string;
	/** The secret of 会话内容存档, not of an app. */
	secret: string;
}

/** One piece of a media file, at most 512 KiB. */
export interface MediaPiece {
	data: Uint8Array;
	/** What the next piece is asked for with. */
	nextIndex: string;
	isLast: boolean;
}

/** What {@link ArchiveLibrary.check} finds out. Nothing of it is secret. */
export interface LibraryFacts {
	/** `linux`, `win32`, … */
	platform: string;
	/** `x64`, `arm64`, … */
	arch: string;
	/** `glibc 2.36`, `musl`, or empty where there is neither. */
	libc: string;
	/** Path of the library's file. */
	file: string;
	bytes: number;
	md5: string;
	/** The version that Tencent publishes this md5 for; undefined for a file that nobody knows. */
	version?: string;
	/** How it is loaded: as any library, or in a linker namespace of its own. */
	mode: 'plain' | 'isolated';
	/** Return codes of the self-test, by what was tried. */
	selfTest: Readonly<Record<string, number>>;
	/** What the proxy says to a tunnel to WeCom; undefined without a proxy. */
	proxy?: string;
}

/**
 * Tencent's library WeWorkFinanceSdk for one corp, as this package uses it. The library itself runs in
 * another process: real builds of it end their process on ordinary bad data.
 * Source: https://developer.work.weixin.qq.com/document/path/91774
 */
export interface ArchiveLibrary extends MessageOpener {
	/**
	 * GetChatData: the records after a seq.
	 *
	 * @param limit 1 to 1000
	 * @returns the JSON text of WeCom's answer, errcode and all
	 * @throws LibraryReturnError for a return code, LibraryUnavailableError, LibraryCrashedError,
	 * CancelledError
	 */
	chatData(seq: bigint, limit: number, signal?: AbortSignal): Promise<string>;
	/**
	 * GetMediaData: one piece of a file.
	 *
	 * @param index empty for the first, then `nextIndex` of the piece before
	 * @throws as {@link chatData}
	 */
	media(sdkfileid: string, index: string, signal?: AbortSignal): Promise<MediaPiece>;
	/**
	 * Looks at file, process, self-test and proxy; calls nothing of WeCom's.
	 *
	 * @throws LibraryUnavailableError saying what is wrong
	 */
	check(signal?: AbortSignal): Promise<LibraryFacts>;
}

/** The library of one corp, by a way of its own where one is named. */
export type OpenLibrary = (route?: LibraryRoute) => ArchiveLibrary;
