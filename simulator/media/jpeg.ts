import { paint, type Mosaic, type PictureFormat } from './mosaic';

/** Pixels of a block's side. */
const BLOCK = 8;
const MAX_SEGMENT = 65_535;

/** Baseline JPEG: blocks of one colour, so that nothing but DC coefficients is coded. */
export const jpeg: PictureFormat = {
	parts(mosaic, side) {
		const size = [side >> 8, side & 255];
		const rest = [
			segment(0xdb, [0, ...Array<number>(64).fill(1)]),
			segment(0xc0, [8, ...size, ...size, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),
			// Twelve DC categories of four bits each; of AC nothing but the end of a block, one bit.
			segment(0xc4, [0, 0, 0, 0, 12, ...Array<number>(12).fill(0), ...Array(12).keys()]),
			segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0]),
			segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
			blocks(mosaic, Math.ceil(side / BLOCK)),
			Buffer.from([0xff, 0xd9]),
		];
		const start = Buffer.from([0xff, 0xd8]);
		const jfif = segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
		return [Buffer.concat([start, jfif]), Buffer.concat(rest)];
	},
	padding: (bytes) => Buffer.concat(comments(bytes)),
};

function segment(marker: number, content: readonly number[]): Buffer {
	const length = content.length + 2;
	return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

/** Comments of so many bytes altogether, markers included. */
function comments(bytes: number): Buffer[] {
	const result: Buffer[] = [];
	for (let left = bytes; left > 0;) {
		let take = Math.min(left, MAX_SEGMENT + 2);
		if (left - take > 0 && left - take < 4) take -= 4;
		const comment = Buffer.alloc(take, '.');
		comment.writeUInt16BE(0xfffe, 0);
		comment.writeUInt16BE(take - 2, 2);
		result.push(comment);
		left -= take;
	}
	return result;
}

function blocks(mosaic: Mosaic, perRow: number): Buffer {
	const bits = new BitWriter();
	const before = [0, 0, 0];
	for (const index of paint(mosaic, perRow)) {
		mosaic.colours[index]?.forEach((value, component) => {
			const level = (value - 128) * BLOCK;
			const difference = level - (before[component] as number);
			before[component] = level;
			const category = 32 - Math.clz32(Math.abs(difference));
			bits.write(category, 4);
			bits.write(difference < 0 ? difference + (1 << category) - 1 : difference, category);
			bits.write(0, 1);
		});
	}
	return bits.end();
}

/** Bits as JPEG has them: the highest first, a 0 behind every byte of 255. */
class BitWriter {
	private readonly bytes: number[] = [];
	/** Bits that are not yet a byte, and how many. */
	private rest = 0;
	private used = 0;

	/** @param count - up to 24 */
	write(value: number, count: number): void {
		this.rest = (this.rest << count) | value;
		for (this.used += count; this.used >= 8;) {
			this.used -= 8;
			const byte = (this.rest >>> this.used) & 255;
			this.bytes.push(byte);
			if (byte === 255) this.bytes.push(0);
		}
	}

	/** All of them, filled up with ones. */
	end(): Buffer {
		while (this.used > 0) this.write(1, 1);
		return Buffer.from(this.bytes);
	}
}
