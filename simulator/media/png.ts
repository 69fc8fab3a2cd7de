import { crc32, deflateSync } from 'node:zlib';
import { paint, rgbOf, type PictureFormat } from './mosaic';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of a chunk that carries nothing. */
const EMPTY_CHUNK = 12;

/** PNG with a palette. */
export const png: PictureFormat = {
	parts(mosaic, side) {
		const header = Buffer.alloc(13);
		header.writeUInt32BE(side, 0);
		header.writeUInt32BE(side, 4);
		header.writeUInt8(8, 8); // bits of a pixel
		header.writeUInt8(3, 9); // with a palette
		const pixels = paint(mosaic, side);
		const rows = Buffer.alloc((side + 1) * side); // each row begins with its filter: none
		for (let y = 0; y < side; y++) pixels.copy(rows, y * (side + 1) + 1, y * side, (y + 1) * side);
		const start = [SIGNATURE, chunk('IHDR', header), chunk('PLTE', rgbOf(mosaic))];
		const rest = [chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))];
		return [Buffer.concat(start), Buffer.concat(rest)];
	},
	// A chunk that readers do not know and pass over.
	padding: (bytes) => chunk('paDd', Buffer.alloc(bytes - EMPTY_CHUNK, '.')),
};

function chunk(type: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const result = Buffer.alloc(EMPTY_CHUNK + content.length);
	result.writeUInt32BE(content.length, 0);
	named.copy(result, 4);
	result.writeUInt32BE(crc32(named), 8 + content.length);
	return result;
}
