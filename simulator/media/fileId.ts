import { fnv1a } from '../library/seal';

/** Formats of media files, by the ending of their names. */
export const FORMATS = ['jpg', 'png', 'gif', 'amr', 'mp4', 'pdf', 'zip', 'bin'] as const;

/** One of {@link FORMATS}. */
export type MediaFormat = (typeof FORMATS)[number];

/** What there is to know of a media file. */
export interface MediaDetails {
	readonly format: MediaFormat;
	readonly bytes: number;
	/** Width and height of a picture in pixels, up to 255; 0 for anything else. */
	readonly side: number;
	/** unix ms. */
	readonly sentAt: number;
}

/** What Tencent's own ids begin with. */
const PREFIX = 'CtYBMzA2OTAy';
const SUFFIX = '==';
/** Bytes of the details, and of their checksum. */
const [DETAILS, CHECK] = [13, 4];
const HEAD = 2 * (DETAILS + CHECK);

/**
 * An sdkfileid that says what its file is: nothing has to be kept for it.
 *
 * @param seed - letters and digits that make the file another than all others
 */
export function fileIdOf({ format, bytes, side, sentAt }: MediaDetails, seed: string): string {
	const details = Buffer.alloc(DETAILS + CHECK);
	details.writeUInt8(FORMATS.indexOf(format), 0);
	details.writeUInt8(side, 1);
	details.writeUIntBE(bytes, 2, 5);
	details.writeUIntBE(sentAt, 7, 6);
	details.writeUInt32BE(checkOf(details, seed), DETAILS);
	return `${PREFIX}${details.toString('hex')}${seed}${SUFFIX}`;
}

/** What {@link fileIdOf} was given; undefined for anything that it has not made. */
export function readFileId(id: string): MediaDetails | undefined {
	if (!id.startsWith(PREFIX) || !id.endsWith(SUFFIX)) return undefined;
	const details = Buffer.from(id.slice(PREFIX.length, PREFIX.length + HEAD), 'hex');
	const seed = id.slice(PREFIX.length + HEAD, -SUFFIX.length);
	if (details.length !== DETAILS + CHECK) return undefined;
	if (details.readUInt32BE(DETAILS) !== checkOf(details, seed)) return undefined;
	const format = FORMATS[details.readUInt8(0)];
	return (
		format && {
			format,
			side: details.readUInt8(1),
			bytes: details.readUIntBE(2, 5),
			sentAt: details.readUIntBE(7, 6),
		}
	);
}

function checkOf(details: Buffer, seed: string): number {
	return fnv1a(Buffer.concat([details.subarray(0, DETAILS), Buffer.from(seed, 'utf8')]));
}
