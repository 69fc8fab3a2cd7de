import { createHash } from 'node:crypto';

import type { MediaFile } from '../archive/media';
import { CancelledError, MediaError, WecomResponseError } from '../errors';
import { fields, optional, text } from './fields';
import { operation } from './operation';

/** One piece of a file. */
export interface FilePiece {
	/** At most 512 KiB. */
	data: Uint8Array;
	/** The mark where the next piece begins; empty when this was the last. */
	nextCursor: string;
}

/**
 * One piece of a file of a message, within five days of its sending. A piece that fails is asked for
 * again by itself. Source: document 91774
 */
export const getMediaPiece = operation({
	name: 'getMediaPiece',
	retry: 'read',
	input: fields({
		sdkfileid: text({ maxBytes: 4096 }),
		/** `nextCursor` of the piece before; left out for the first. */
		cursor: optional(text({ maxBytes: 1024 })),
	}),
	read: ({ next_index: next, is_finish: last }, path, data = new Uint8Array()): FilePiece => {
		if (last === true) return { data, nextCursor: '' };
		if (typeof next === 'string' && next !== '') return { data, nextCursor: next };
		throw new WecomResponseError(
			200,
			true,
			path,
			'The piece of the file is not its last, and does not say where the next one begins',
		);
	},
	instead: {
		dataZone:
			'Files stay in the zone: a program works on them there, the display component shows them.',
	},
	wires: { messageArchive: 'LIBRARY GetMediaData' },
});

/** Asks for a piece: {@link WecomClient.call} with {@link getMediaPiece}, bound to its options. */
export type FetchPiece = (input: { sdkfileid: string; cursor?: string }) => Promise<FilePiece>;

/** What came of a file. */
export interface ReceivedMedia {
	bytes: number;
	/** Lower-case hexadecimal. */
	md5: string;
	/** How it differs from what the message says, in a sentence; undefined where it does not. */
	mismatch?: string;
}

/** Limits of a download. */
export interface MediaLimits {
	/** Most bytes that are taken; {@link DEFAULT_MAX_BYTES} when left out. */
	maxBytes?: number;
	/** Stops between pieces. */
	signal?: AbortSignal;
}

/** A file, and what is known of it beforehand. */
export type WantedFile = Pick<MediaFile, 'sdkfileid' | 'md5' | 'bytes'>;

/** How a file is downloaded. */
export interface DownloadSettings extends MediaLimits {
	/**
	 * Learns what came, before the end is told. What differs from what the message says is an error
	 * where nobody learns it.
	 */
	onEnd?: (received: ReceivedMedia) => void;
}

/** Most bytes of a file where nothing else is said, 100 MB. */
export const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;
/** Most pieces that bring nothing, one after the other. */
const MAX_EMPTY_PIECES = 10;
/** Most pieces of a file; by 512 KiB they would be 50 GB. */
const MAX_PIECES = 100_000;

/**
 * Downloads a file piece by piece; memory holds one. At its end size and MD5 are held against what the
 * message says; {@link saveMedia} also knows what to do about a difference.
 *
 * @param fetchPiece asks for a piece, and again where that fails for a moment
 * @throws MediaError for a file that is too large, differs or never ends; CancelledError; and what
 * `fetchPiece` throws
 * @example
 * const pieces = downloadMedia(async (piece) => await client.call(getMediaPiece, piece), file);
 * await pipeline(Readable.from(pieces), createWriteStream(file.fileName));
 */
export async function* downloadMedia(
	fetchPiece: FetchPiece,
	file: WantedFile,
	{ maxBytes = DEFAULT_MAX_BYTES, signal, onEnd = refuseMismatch }: DownloadSettings = {},
): AsyncGenerator<Uint8Array, void, undefined> {
	const { sdkfileid, bytes: announced = 0 } = file;
	if (announced > maxBytes) throw tooLarge(announced, maxBytes);
	const md5 = createHash('md5');
	const followed = new Set<string>();
	let bytes = 0;
	let emptyPieces = 0;
	let cursor = '';
	do {
		if (signal?.aborted) throw new CancelledError();
		const { data, nextCursor } = await fetchPiece({ sdkfileid, ...(cursor ? { cursor } : {}) });
		bytes += data.length;
		if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
		md5.update(data);
		if (data.length > 0) yield data;
		emptyPieces = data.length > 0 ? 0 : emptyPieces + 1;
		const goesRound = followed.has(nextCursor) || followed.size >= MAX_PIECES;
		if (goesRound || emptyPieces > MAX_EMPTY_PIECES) throw endless(bytes);
		followed.add(nextCursor);
		cursor = nextCursor;
	} while (cursor !== '');
	onEnd(compared(file, { bytes, md5: md5.digest('hex') }));
}

/**
 * Downloads a file and saves it, both once more where what came is not what the message says: the MD5
 * of a new file may be wrong for a moment. The second time the difference is no more than a warning.
 *
 * @param save takes the pieces to their end, into a file say; it is called again after a difference
 * @returns what `save` gave, and what came
 * @throws as {@link downloadMedia}, and what `save` throws
 * @example
 * const { saved, mismatch } = await saveMedia(fetchPiece, file, async (pieces) => await store(pieces));
 */
export async function saveMedia<Saved>(
	fetchPiece: FetchPiece,
	file: WantedFile,
	save: (pieces: AsyncGenerator<Uint8Array, void, undefined>) => Promise<Saved>,
	limits: MediaLimits = {},
): Promise<ReceivedMedia & { saved: Saved }> {
	for (let isLast = false; ; isLast = true) {
		const ends: ReceivedMedia[] = [];
		const onEnd = (received: ReceivedMedia) => {
			ends.push(received);
			if (!isLast) refuseMismatch(received);
		};
		try {
			const saved = await save(downloadMedia(fetchPiece, file, { ...limits, onEnd }));
			const [received] = ends;
			if (!received) throw new TypeError('The pieces of a file were not taken to their end');
			return { ...received, saved };
		} catch (error) {
			if (isLast || ends[0]?.mismatch === undefined) throw error;
		}
	}
}

function compared(
	{ bytes: announced, md5: announcedMd5 }: WantedFile,
	received: ReceivedMedia,
): ReceivedMedia {
	const { bytes, md5 } = received;
	if (announced !== undefined && announced !== bytes) {
		const mismatch = `${bytes} bytes of the file came, the message says ${announced}`;
		return { ...received, mismatch };
	}
	if (announcedMd5 === undefined || announcedMd5.toLowerCase() === md5) return received;
	const mismatch = `The MD5 of what came is ${md5}, the message says ${announcedMd5}`;
	return { ...received, mismatch };
}

function refuseMismatch({ mismatch }: ReceivedMedia): void {
	if (mismatch === undefined) return;
	throw new MediaError(
		'mismatch',
		mismatch,
		'Download the file once more: it may have been damaged on its way. When that brings the same, what the message says of it is wrong.',
	);
}

function tooLarge(bytes: number, maxBytes: number): MediaError {
	return new MediaError(
		'too_large',
		`The file has ${bytes} bytes or more, at most ${maxBytes} are taken`,
		'Raise the limit where there is room for files of this size.',
	);
}

function endless(bytes: number): MediaError {
	return new MediaError(
		'endless',
		`The pieces of the file have no end: ${bytes} bytes came, and the next piece leads back to one before or brings nothing`,
		"Try again, and look at the version of Tencent's library.",
	);
}
