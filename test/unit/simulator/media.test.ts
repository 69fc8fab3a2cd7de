import { createHash } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';
import {
	MESSAGE_TYPES,
	startSimulator,
	type MessageType,
	type Simulator,
} from '../../../simulator';

/** What messages say of a file, at the top or inside. */
interface Named {
	readonly sdkfileid: string;
	readonly md5sum?: string;
	readonly filesize?: number;
	readonly voice_size?: number;
	readonly imagesize?: number;
}

const MAGIC: Partial<Record<MessageType, RegExp>> = {
	image: /^\xff\xd8\xff\xe0\x00\x10JFIF\0/,
	voice: /^#!AMR\n\x3c/,
	video: /^\0\0\0\x18ftypmp42/,
	emotion: /^(GIF89a|\x89PNG\r\n)/,
	file: /^(%PDF-|PK\x03\x04)/,
	voip_doc_share: /^%PDF-/,
	meeting_voice_call: /^\0\0\0\x18ftypmp42/,
	mixed: /^\xff\xd8/,
	note: /^\xff\xd8/,
	chatrecord: /^\xff\xd8/,
};

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 0 });
});
afterAll(() => simulator.stop());

/** Every file that a message names, its JSON in strings included. */
function filesIn(value: unknown): Named[] {
	if (typeof value === 'string' && value.startsWith('{')) return filesIn(JSON.parse(value));
	if (typeof value !== 'object' || value === null) return [];
	const inside = Object.values(value).flatMap(filesIn);
	return 'sdkfileid' in value ? [value as Named, ...inside] : inside;
}

function sent(msgtype: MessageType, bytes?: number): Named {
	const options = { msgtype, ...(bytes === undefined ? {} : { bytes }) };
	const [file] = filesIn(simulator.addMessages(1, options)[0]?.plaintext);
	return file as Named;
}

test.each(Object.keys(MAGIC) as MessageType[])(
	'the file of %s is what its message says',
	(type) => {
		for (let count = 0; count < 5; count++) {
			const file = sent(type);
			const bytes = simulator.media(file.sdkfileid);
			expect(bytes.toString('latin1')).toMatch(MAGIC[type] as RegExp);
			const size = file.filesize ?? file.voice_size ?? file.imagesize;
			if (type !== 'meeting_voice_call') {
				expect(bytes).toHaveLength(size as number);
				expect(createHash('md5').update(bytes).digest('hex')).toBe(file.md5sum);
			}
			expect(simulator.media(file.sdkfileid).equals(bytes)).toBe(true);
		}
	},
);

test('no other message names a file', () => {
	for (const msgtype of MESSAGE_TYPES.filter((type) => MAGIC[type] === undefined)) {
		const [record] = simulator.addMessages(1, { msgtype });
		expect([msgtype, filesIn(record?.plaintext)]).toEqual([msgtype, []]);
		expect(() => simulator.addMessages(1, { msgtype, bytes: 10_000 })).toThrow(RangeError);
	}
});

test('files are as large as asked for, a picture only so small', () => {
	for (const bytes of [0, 1, 5, 600_000]) {
		expect(simulator.media(sent('file', bytes).sdkfileid)).toHaveLength(bytes);
	}
	for (const bytes of [6000, 65_540, 70_000, 140_003, 300_001]) {
		expect(sent('image', bytes).filesize).toBe(bytes);
	}
	expect(() => simulator.addMessages(1, { msgtype: 'image', bytes: 10 })).toThrow(RangeError);
	expect(() => simulator.addMessages(1, { msgtype: 'file', bytes: -1 })).toThrow(RangeError);
	expect(() => simulator.media('nonsense')).toThrow(RangeError);
});

test('files are small where no size was asked for, as their md5 is computed for every message', () => {
	const sizes = simulator.addMessages(500).flatMap(({ plaintext }) =>
		filesIn(plaintext)
			.filter(({ md5sum }) => md5sum !== undefined)
			.map(({ sdkfileid }) => simulator.media(sdkfileid).length),
	);
	expect(sizes.length).toBeGreaterThan(50);
	expect(Math.max(...sizes)).toBeLessThan(100_000);
	const sum = sizes.reduce((total, size) => total + size, 0);
	expect(sum / sizes.length).toBeLessThan(40_000);
});

test('no two stretches of a large file are equal', () => {
	const bytes = simulator.media(sent('file', 3_000_000).sdkfileid);
	const stretches = new Set<string>();
	for (let at = 0; at < bytes.length; at += 8192) {
		stretches.add(bytes.toString('latin1', at, at + 8192));
	}
	expect(stretches.size).toBe(Math.ceil(bytes.length / 8192));
});

/** Bytes of stickers of a type, 1 gif or 2 png, with their width. */
function* stickers(type: number): Generator<[Buffer, number]> {
	for (const { plaintext } of simulator.addMessages(12, { msgtype: 'emotion' })) {
		const { emotion } = plaintext as { emotion: Named & { type: number; width: number } };
		if (emotion.type === type) yield [simulator.media(emotion.sdkfileid), emotion.width];
	}
}

test('a png is a chain of good chunks with a row of pixels for each line', () => {
	for (const [bytes, width] of stickers(2)) {
		const chunks = new Map<string, Buffer>();
		for (let at = 8; at < bytes.length;) {
			const length = bytes.readUInt32BE(at);
			const named = bytes.subarray(at + 4, at + 8 + length);
			expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(named));
			chunks.set(named.toString('latin1', 0, 4), named.subarray(4));
			at += 12 + length;
		}
		expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'paDd', 'IDAT', 'IEND']);
		expect(chunks.get('IHDR')?.readUInt32BE(0)).toBe(width);
		const pixels = inflateSync(chunks.get('IDAT') as Buffer);
		expect(pixels).toHaveLength((width + 1) * width);
		expect(Math.max(...pixels)).toBeLessThan((chunks.get('PLTE')?.length ?? 0) / 3);
	}
});

test('a gif ends where its blocks end, and unpacks to all of its pixels', () => {
	for (const [bytes, width] of stickers(1)) {
		const palette = 13 + 3 * 4;
		expect(bytes.readUInt16BE(palette)).toBe(0x21fe);
		const [, frame] = readBlocks(bytes, palette + 2);
		expect(bytes[frame]).toBe(0x2c);
		expect(bytes.readUInt16LE(frame + 5)).toBe(width);
		const [packed, end] = readBlocks(bytes, frame + 11);
		expect(bytes.subarray(end).toString('latin1')).toBe(';');
		expect(unpack(packed, bytes[frame + 10] as number)).toHaveLength(width * width);
	}
});

function readBlocks(bytes: Buffer, from: number): [Buffer, number] {
	const blocks: Buffer[] = [];
	let at = from;
	for (; bytes[at] !== 0; at += 1 + (bytes[at] as number)) {
		blocks.push(bytes.subarray(at + 1, at + 1 + (bytes[at] as number)));
	}
	return [Buffer.concat(blocks), at + 1];
}

/** LZW of GIF, backwards. */
function unpack(packed: Buffer, bits: number): number[] {
	const [clear, end] = [1 << bits, (1 << bits) + 1];
	let [table, width, at]: [number[][], number, number] = [[], 0, 0];
	const pixels: number[] = [];
	let before: number[] | undefined;
	for (;;) {
		let code = 0;
		const read = width || bits + 1;
		for (let bit = 0; bit < read; bit++, at++) {
			code |= (((packed[at >> 3] as number) >> (at & 7)) & 1) << bit;
		}
		if (code === end) return pixels;
		if (code === clear) {
			table = Array.from({ length: end + 1 }, (_, colour) => [colour]);
			width = bits + 1;
			before = undefined;
			continue;
		}
		const entry = table[code] ?? [...(before as number[]), (before as number[])[0] as number];
		if (before !== undefined && table.length < 4096) table.push([...before, entry[0] as number]);
		if (table.length === 1 << width && width < 12) width += 1;
		for (const pixel of entry) pixels.push(pixel);
		before = entry;
	}
}

test('a jpeg is a chain of segments up to its scan, and ends with the end of it', () => {
	for (const size of [6000, 65_540, 140_003]) {
		const bytes = simulator.media(sent('image', size).sdkfileid);
		const markers: number[] = [];
		let at = 2;
		for (; markers.at(-1) !== 0xda; at += 2 + bytes.readUInt16BE(at + 2)) {
			expect(bytes[at]).toBe(0xff);
			markers.push(bytes[at + 1] as number);
		}
		expect([...new Set(markers)]).toEqual([0xe0, 0xfe, 0xdb, 0xc0, 0xc4, 0xda]);
		expect(bytes.indexOf(Buffer.from([0xff, 0xd9]), at)).toBe(bytes.length - 2);
	}
});
