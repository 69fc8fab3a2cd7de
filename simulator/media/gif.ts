import { paint, rgbOf, type PictureFormat } from './mosaic';

/** Bits of a colour's index, and the codes behind the colours. */
const COLOUR_BITS = 2;
const CLEAR = 1 << COLOUR_BITS;
const END = CLEAR + 1;
const MAX_CODES = 4096;
const MAX_BLOCK = 255;

/** GIF of one frame. */
export const gif: PictureFormat = {
	parts(mosaic, side) {
		const head = Buffer.alloc(13);
		head.write('GIF89a', 'latin1');
		head.writeUInt16LE(side, 6);
		head.writeUInt16LE(side, 8);
		head.writeUInt8(0x80 | (COLOUR_BITS - 1), 10);
		const frame = Buffer.alloc(11);
		frame.write(',', 'latin1');
		frame.writeUInt16LE(side, 5);
		frame.writeUInt16LE(side, 7);
		frame.writeUInt8(COLOUR_BITS, 10);
		const pixels = inBlocks(compress(paint(mosaic, side)));
		const end = Buffer.from(';', 'latin1');
		return [Buffer.concat([head, rgbOf(mosaic)]), Buffer.concat([frame, pixels, end])];
	},
	padding(bytes) {
		const content = bytes - 3;
		const blocks = Math.ceil(content / (MAX_BLOCK + 1));
		return Buffer.concat([
			Buffer.from([0x21, 0xfe]),
			inBlocks(Buffer.alloc(content - blocks, '.')),
		]);
	},
};

/** Blocks of about the same length, each behind its length; an empty one ends them. */
function inBlocks(content: Buffer): Buffer {
	const count = Math.ceil(content.length / MAX_BLOCK);
	const blocks = Array.from({ length: count }, (_, index) => {
		const [from, to] = [index, index + 1].map((at) => Math.floor((at * content.length) / count));
		const block = content.subarray(from, to);
		return Buffer.concat([Buffer.from([block.length]), block]);
	});
	return Buffer.concat([...blocks, Buffer.from([0])]);
}

/** LZW as GIF has it. */
function compress(pixels: Uint8Array): Buffer {
	const bytes: number[] = [];
	let [buffer, used, width] = [0, 0, COLOUR_BITS + 1];
	const write = (code: number) => {
		buffer |= code << used;
		for (used += width; used >= 8; used -= 8, buffer >>>= 8) bytes.push(buffer & 255);
	};
	/** The code of a code followed by a colour; 0 for none yet. */
	const known = new Uint16Array(MAX_CODES * CLEAR);
	let next = END + 1;
	write(CLEAR);
	let prefix = pixels[0] as number;
	for (let at = 1; at < pixels.length; at++) {
		const pixel = pixels[at] as number;
		const longer = known[prefix * CLEAR + pixel] as number;
		if (longer !== 0) {
			prefix = longer;
			continue;
		}
		write(prefix);
		if (next < MAX_CODES) {
			if (next === 1 << width) width += 1;
			known[prefix * CLEAR + pixel] = next++;
		}
		prefix = pixel;
	}
	write(prefix);
	if (next === 1 << width && next < MAX_CODES) width += 1;
	write(END);
	if (used > 0) bytes.push(buffer & 255);
	return Buffer.from(bytes);
}
