import { Readable } from 'node:stream';

import type { IBinaryData, IBinaryKeyData, IDataObject } from 'n8n-workflow';

import { getMediaPiece, saveMedia } from '../../../wecom/api/media';
import type { MediaFile } from '../../../wecom/archive/media';
import { CancelledError, MediaError, WecomApiError } from '../../../wecom/errors';
import { LibraryCrashedError, LibraryUnavailableError } from '../../../wecom/library/libraryErrors';
import { toErrorObject } from '../run/nodeErrors';
import type { Item } from '../run/item';

/** Bytes in what fields of nodes call a megabyte. */
export const MEGABYTE = 1024 * 1024;

/** What became of a file; `skipped` ones were not asked for. */
export type FileStatus = 'downloaded' | 'expired' | 'too_large' | 'failed' | 'skipped';

/** A file of a message, and what became of it. */
export interface KeptFile {
	status: FileStatus;
	/** For the item of the message. */
	entry: IDataObject;
	/** Where the file is, as n8n has it. */
	binary?: IBinaryData;
	/** Why it is not there. */
	error?: unknown;
}

/** How much is downloaded. */
export interface KeepLimits {
	/** Largest file. */
	maxBytes: number;
	/** Most files; any number when left out. */
	maxFiles?: number;
}

/** Over so many files in a row the library may come to its end: then it is not the files. */
const MAX_CRASHES = 3;

/** Downloads the files of messages, one after the other, and hands each on to n8n as it comes. */
export class FileKeeper {
	private filesLeft: number;
	/** Why no file can be had at all; nothing is asked for again then. */
	private unavailable?: LibraryUnavailableError;
	private crashes = 0;

	constructor(
		private readonly item: Item,
		private readonly limits: KeepLimits,
	) {
		this.filesLeft = limits.maxFiles ?? Infinity;
	}

	/**
	 * Downloads a file. What goes wrong with it is in what is returned, so that the message is not lost.
	 *
	 * @param field name that the file gets in the item
	 * @throws CancelledError, and the reason of n8n's where it no longer wants anything
	 */
	async keep(file: MediaFile, field: string): Promise<KeptFile> {
		if (this.unavailable) return missing(file, 'failed', this.unavailable);
		if (this.filesLeft <= 0) return skipped(file);
		this.filesLeft--;
		try {
			const kept = await this.download(file, field);
			this.crashes = 0;
			return kept;
		} catch (error) {
			if (error instanceof CancelledError || this.item.signal?.aborted) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
			this.note(error);
			return missing(file, statusOf(error), error);
		}
	}

	/** One file may be too much for the library, and the next one not. */
	private note(error: unknown): void {
		this.crashes = error instanceof LibraryCrashedError ? this.crashes + 1 : 0;
		if (!(error instanceof LibraryUnavailableError)) return;
		if (this.crashes === 0 || this.crashes >= MAX_CRASHES) this.unavailable = error;
	}

	private async download(file: MediaFile, field: string): Promise<KeptFile> {
		const { item, limits } = this;
		const { signal } = item;
		const { saved, bytes, md5, mismatch } = await saveMedia(
			async (piece) => await item.call(getMediaPiece, piece),
			file,
			async (pieces) =>
				await item.keepBinary(
					Readable.from(pieces, { objectMode: false }),
					file.fileName,
					file.mimeType,
				),
			{ maxBytes: limits.maxBytes, ...(signal ? { signal } : {}) },
		);
		const entry = {
			...factsOf(file, field),
			bytes,
			md5,
			status: 'downloaded',
			...(mismatch === undefined ? {} : { warning: mismatch }),
		};
		return { status: 'downloaded', entry, binary: saved };
	}
}

/**
 * A name for one more file in an item: the given one, else that with the first number that is free.
 *
 * @example freeField('data', { data: photo }) // 'data_1'
 */
export function freeField(name: string, taken: IBinaryKeyData): string {
	if (!Object.hasOwn(taken, name)) return name;
	let number = 1;
	while (Object.hasOwn(taken, `${name}_${number}`)) number++;
	return `${name}_${number}`;
}

function factsOf(file: MediaFile, field: string | null): IDataObject {
	return {
		field,
		file_name: file.fileName,
		mime_type: file.mimeType,
		bytes: file.bytes ?? null,
		md5: file.md5 ?? null,
		sdkfileid: file.sdkfileid,
	};
}

function missing(file: MediaFile, status: FileStatus, error: unknown): KeptFile {
	const { message, hint, errcode } = toErrorObject(error);
	const entry = {
		...factsOf(file, null),
		status,
		...(errcode === undefined ? {} : { errcode }),
		error: message,
		...(hint === undefined ? {} : { hint }),
	} as IDataObject;
	return { status, entry, error };
}

function skipped(file: MediaFile): KeptFile {
	const error = 'As many files were downloaded before as this run may';
	return { status: 'skipped', entry: { ...factsOf(file, null), status: 'skipped', error } };
}

function statusOf(error: unknown): FileStatus {
	if (error instanceof MediaError && error.reason === 'too_large') return 'too_large';
	return error instanceof WecomApiError && error.entry.expired ? 'expired' : 'failed';
}
