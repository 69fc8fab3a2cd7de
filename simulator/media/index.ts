import { createHash } from 'node:crypto';
import { Random } from '../random';
import { readFileId, type MediaDetails, type MediaFormat } from './fileId';
import { gif } from './gif';
import { jpeg } from './jpeg';
import { makeMosaic, type PictureFormat } from './mosaic';
import { png } from './png';

export { fileIdOf, readFileId, type MediaDetails, type MediaFormat } from './fileId';

/** How long files can be had, ms. */
export const MEDIA_LIFE_MS = 5 * 86_400_000;

/** Bytes of one second of AMR with 12.2 kbit/s, and of what a file of it begins with. */
export const AMR = { perSecond: 1600, head: 6 } as const;

const PICTURES: Partial<Record<MediaFormat, PictureFormat>> = { jpg: jpeg, png, gif };
const MIN_PADDING = 12;

/** Bytes that repeat, but for their number at the beginning of each. */
const BLOCK = 4096;
const NUMBER = 6;
const AMR_FRAME = 32;
/** First byte of an AMR frame of 12.2 kbit/s. */
const AMR_MODE = 0x3c;
const STEP = 1024 * 1024;

/**
 * Bytes of a media file, made anew whenever they are asked for.
 *
 * @param from - first byte
 * @param to - the byte behind the last; the end of the file when absent
 * @throws RangeError for an id that is none of ours, or a picture that cannot be so small
 */
export function mediaBytes(sdkfileid: string, from = 0, to?: number): Buffer {
	const { details, random } = fileOf(sdkfileid);
	const end = Math.min(to ?? details.bytes, details.bytes);
	const picture = PICTURES[details.format];
	if (picture !== undefined) return pictureOf(picture, details, random).subarray(from, end);
	return numbered(details, blockOf(details, random), from, end);
}

/**
 * The md5 of a media file, in hex. It is asked for as often as messages with files are made: nothing is
 * made twice for it. Throws as {@link mediaBytes} does.
 */
export function mediaMd5(sdkfileid: string): string {
	const { details, random } = fileOf(sdkfileid);
	const hash = createHash('md5');
	const picture = PICTURES[details.format];
	if (picture !== undefined) return hash.update(pictureOf(picture, details, random)).digest('hex');
	const block = blockOf(details, random);
	for (let from = 0; from < details.bytes; from += STEP) {
		hash.update(numbered(details, block, from, Math.min(from + STEP, details.bytes)));
	}
	return hash.digest('hex');
}

/** @throws RangeError for an id that is none of ours */
function fileOf(sdkfileid: string): { details: MediaDetails; random: Random } {
	const details = readFileId(sdkfileid);
	if (details === undefined) throw new RangeError('there is no file with this sdkfileid');
	return { details, random: new Random(0, sdkfileid) };
}

function pictureOf(format: PictureFormat, { side, bytes }: MediaDetails, random: Random): Buffer {
	const [start, end] = format.parts(makeMosaic(random), side);
	const padding = bytes - start.length - end.length;
	if (padding < MIN_PADDING) throw new RangeError(`a picture cannot have ${bytes} bytes`);
	return Buffer.concat([start, format.padding(padding), end]);
}

/** The bytes that a file repeats. */
function blockOf({ format }: MediaDetails, random: Random): Buffer {
	const block = Buffer.alloc(BLOCK);
	for (let at = 0; at < BLOCK; at += 4) block.writeUInt32LE(random.int(0, 0xffff_ffff), at);
	if (format === 'amr') {
		for (let at: number = AMR.head; at < BLOCK; at += AMR_FRAME) block.writeUInt8(AMR_MODE, at);
	}
	return block;
}

/** What files begin with. */
function headOf({ format, bytes }: MediaDetails): Buffer {
	switch (format) {
		case 'mp4': {
			const head = Buffer.from('____ftypmp42\0\0\0\0mp42isom____mdat', 'latin1');
			head.writeUInt32BE(24, 0);
			head.writeUInt32BE(Math.max(8, bytes - 24) % 2 ** 32, 24);
			return head;
		}
		case 'pdf':
			return Buffer.from('%PDF-1.7\n', 'latin1');
		case 'zip':
			return Buffer.from('PK\x03\x04', 'latin1');
		case 'amr':
			return Buffer.from('#!AMR\n', 'latin1');
		default:
			return Buffer.alloc(0);
	}
}

/** A stretch of a file in which no two blocks are equal. */
function numbered(details: MediaDetails, block: Buffer, from: number, to: number): Buffer {
	const first = Math.floor(from / BLOCK);
	const count = Math.ceil(to / BLOCK) - first;
	const blocks = Buffer.alloc(Math.max(count, 0) * BLOCK, block);
	for (let index = 0; index < count; index++) {
		blocks.writeUIntBE(first + index, index * BLOCK + BLOCK - NUMBER, NUMBER);
	}
	if (first === 0) headOf(details).copy(blocks);
	return blocks.subarray(from - first * BLOCK, Math.max(to, from) - first * BLOCK);
}
