import type { Random } from '../random';

/** How many fields a mosaic has in a row, and rows. */
const FIELDS = 8;

/** A format of pictures. */
export interface PictureFormat {
	/** The file in two parts, between which padding may come. Width and height are `side` pixels. */
	readonly parts: (mosaic: Mosaic, side: number) => readonly [Buffer, Buffer];
	/** Comments of so many bytes, 12 or more, that show nothing. */
	readonly padding: (bytes: number) => Buffer;
}

/** A picture of coloured fields, the same on the left and on the right. */
export interface Mosaic {
	/** Y, Cb and Cr of each colour. */
	readonly colours: ReadonlyArray<readonly [number, number, number]>;
	/** Index of each field's colour, row by row. */
	readonly fields: readonly number[];
}

const COLOURS = 4;

/** Equal generators give equal mosaics. */
export function makeMosaic(random: Random): Mosaic {
	const colours = Array.from(
		{ length: COLOURS },
		() => [random.int(70, 220), random.int(70, 190), random.int(70, 190)] as const,
	);
	const fields = Array.from({ length: FIELDS }, () => {
		const half = Array.from({ length: FIELDS / 2 }, () => random.int(0, COLOURS - 1));
		return [...half, ...half.toReversed()];
	}).flat();
	return { colours, fields };
}

/** Index of the colour of every pixel or block of a picture of `side` times `side`, row by row. */
export function paint({ fields }: Mosaic, side: number): Buffer {
	const fieldOf = Array.from({ length: side }, (_, at) => Math.floor((at * FIELDS) / side));
	const rows = Array.from({ length: FIELDS }, (_, row) =>
		Buffer.from(fieldOf.map((column) => fields[row * FIELDS + column] as number)),
	);
	return Buffer.concat(fieldOf.map((row) => rows[row] as Buffer));
}

/** Red, green and blue of each colour. */
export function rgbOf({ colours }: Mosaic): Buffer {
	const bytes = colours.flatMap(([y, cb, cr]) => [
		y + 1.402 * (cr - 128),
		y - 0.344 * (cb - 128) - 0.714 * (cr - 128),
		y + 1.772 * (cb - 128),
	]);
	return Buffer.from(bytes.map((value) => Math.max(0, Math.min(255, Math.round(value)))));
}
