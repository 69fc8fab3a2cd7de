import { createHash } from 'node:crypto';

import { downloadMedia, saveMedia, type FilePiece } from '../../../wecom/api/media';
import { CancelledError, MediaError, WecomNetworkError } from '../../../wecom/errors';
import { failureOf } from '../support/server';

const PIECE = 512 * 1024;
const CONTENT = Buffer.from(Array.from({ length: 2 * PIECE + 7 }, (_, at) => at % 251));
const md5Of = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const FILE = { sdkfileid: 'F', bytes: CONTENT.length, md5: md5Of(CONTENT) };

/** Serves a file in pieces, and notes where each was asked for. */
function serving(content: Buffer = CONTENT, { pieceBytes = PIECE } = {}) {
	const asked: string[] = [];
	const fetchPiece = async ({ cursor = '0' }: { cursor?: string }): Promise<FilePiece> => {
		asked.push(cursor);
		const start = Number(cursor);
		const end = start + pieceBytes;
		const nextCursor = end < content.length ? String(end) : '';
		return await Promise.resolve({ data: content.subarray(start, end), nextCursor });
	};
	return { asked, fetchPiece };
}

async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const piece of pieces) parts.push(piece);
	return Buffer.concat(parts);
}

describe('a file', () => {
	it('comes whole, piece by piece, each asked for by the mark of the one before', async () => {
		const { asked, fetchPiece } = serving();
		expect((await wholeOf(downloadMedia(fetchPiece, FILE))).equals(CONTENT)).toBe(true);
		expect(asked).toEqual(['0', String(PIECE), String(2 * PIECE)]);
	});

	it('is fetched no faster than it is taken', async () => {
		const { asked, fetchPiece } = serving();
		const pieces = downloadMedia(fetchPiece, FILE);
		await pieces.next();
		expect(asked).toHaveLength(1);
		await pieces.return();
		expect(asked).toHaveLength(1);
	});

	it('may be empty, and of unknown size and MD5', async () => {
		const { fetchPiece } = serving(Buffer.alloc(0));
		expect(await wholeOf(downloadMedia(fetchPiece, { sdkfileid: 'F' }))).toHaveLength(0);
	});

	it('may have its MD5 in capitals', async () => {
		const { fetchPiece } = serving();
		const file = { ...FILE, md5: FILE.md5.toUpperCase() };
		expect(await wholeOf(downloadMedia(fetchPiece, file))).toHaveLength(CONTENT.length);
	});

	it.each([
		['size', { ...FILE, bytes: CONTENT.length + 1 }, /1048583 bytes .* says 1048584/],
		['MD5', { ...FILE, md5: '0'.repeat(32) }, /MD5 .* says 00000/],
	])('of another %s is an error where nobody learns of it', async (_what, file, words) => {
		const error = await failureOf(wholeOf(downloadMedia(serving().fetchPiece, file)));
		expect(error).toBeInstanceOf(MediaError);
		expect(error).toMatchObject({ reason: 'mismatch', message: expect.stringMatching(words) });
	});

	it('that is too large by what the message says is not asked for', async () => {
		const { asked, fetchPiece } = serving();
		const download = downloadMedia(fetchPiece, FILE, { maxBytes: CONTENT.length - 1 });
		expect(await failureOf(wholeOf(download))).toMatchObject({ reason: 'too_large' });
		expect(asked).toHaveLength(0);
	});

	it('that is larger than the message says is stopped at the limit', async () => {
		const { asked, fetchPiece } = serving();
		const download = downloadMedia(fetchPiece, { sdkfileid: 'F', bytes: 1 }, { maxBytes: PIECE });
		expect(await failureOf(wholeOf(download))).toMatchObject({ reason: 'too_large' });
		expect(asked).toHaveLength(2);
	});

	it('of exactly the limit is taken', async () => {
		const download = downloadMedia(serving().fetchPiece, FILE, { maxBytes: CONTENT.length });
		expect(await wholeOf(download)).toHaveLength(CONTENT.length);
	});

	it.each<[string, (piece: number) => FilePiece]>([
		[
			'lead back to one before',
			(piece) => ({ data: Buffer.from('a'), nextCursor: String(piece % 3) }),
		],
		['bring nothing', (piece) => ({ data: Buffer.alloc(0), nextCursor: String(piece) })],
	])('whose pieces %s comes to an end', async (_what, pieceOf) => {
		let asked = 0;
		const fetchPiece = async () => await Promise.resolve(pieceOf(++asked));
		const error = await failureOf(wholeOf(downloadMedia(fetchPiece, { sdkfileid: 'F' })));
		expect(error).toMatchObject({ reason: 'endless' });
		expect(asked).toBeLessThan(20);
	});

	it('of countless tiny pieces comes to an end', async () => {
		let asked = 0;
		const fetchPiece = async () =>
			await Promise.resolve({ data: Buffer.from('a'), nextCursor: String(++asked) });
		const error = await failureOf(wholeOf(downloadMedia(fetchPiece, { sdkfileid: 'F' })));
		expect(error).toMatchObject({ reason: 'endless' });
		expect(asked).toBeLessThanOrEqual(100_001);
	});

	it('stops between pieces when its signal fires', async () => {
		const { asked, fetchPiece } = serving();
		const controller = new AbortController();
		const pieces = downloadMedia(fetchPiece, FILE, { signal: controller.signal });
		await pieces.next();
		controller.abort();
		expect(await failureOf(pieces.next())).toBeInstanceOf(CancelledError);
		expect(asked).toHaveLength(1);
	});
});

describe('a file that is saved', () => {
	/** Answers with one content after the other. */
	function servingInTurn(...contents: Buffer[]) {
		let file = -1;
		const servers = contents.map((content) => serving(content));
		const fetchPiece = async (input: { cursor?: string }) => {
			if (input.cursor === undefined) file++;
			return await (servers[Math.min(file, servers.length - 1)] ?? serving()).fetchPiece(input);
		};
		return { fetchPiece, downloads: () => file + 1 };
	}
	const damaged = Buffer.from(CONTENT);
	damaged[PIECE] = 1;

	it('is taken once where it is as the message says', async () => {
		const { fetchPiece, downloads } = servingInTurn(CONTENT);
		const { saved, ...received } = await saveMedia(fetchPiece, FILE, wholeOf);
		expect(saved.equals(CONTENT)).toBe(true);
		expect(received).toEqual({ bytes: CONTENT.length, md5: FILE.md5 });
		expect(downloads()).toBe(1);
	});

	it.each([
		['damaged', damaged],
		['cut', CONTENT.subarray(0, PIECE)],
	])('is taken once more where it comes %s, and then is whole', async (_how, first) => {
		const { fetchPiece, downloads } = servingInTurn(first, CONTENT);
		const { saved, mismatch } = await saveMedia(fetchPiece, FILE, wholeOf);
		expect(saved.equals(CONTENT)).toBe(true);
		expect(mismatch).toBeUndefined();
		expect(downloads()).toBe(2);
	});

	it('stays with a warning where it differs the second time too', async () => {
		const { fetchPiece, downloads } = servingInTurn(damaged);
		const { saved, mismatch, md5 } = await saveMedia(fetchPiece, FILE, wholeOf);
		expect(saved.equals(damaged)).toBe(true);
		expect(md5).toBe(md5Of(damaged));
		expect(mismatch).toContain(FILE.md5);
		expect(downloads()).toBe(2);
	});

	it('is not taken again after an error of another kind', async () => {
		const error = new WecomNetworkError('ECONNRESET', true, 'GetMediaData', 'broke');
		let asked = 0;
		const fetchPiece = async () => {
			asked++;
			return await Promise.reject(error);
		};
		expect(await failureOf(saveMedia(fetchPiece, FILE, wholeOf))).toBe(error);
		expect(asked).toBe(1);
	});

	it('is not taken again where it cannot be saved', async () => {
		const { fetchPiece, downloads } = servingInTurn(CONTENT);
		const full = new Error('no space left on device');
		const save = async (pieces: AsyncIterable<Uint8Array>) => {
			await wholeOf(pieces);
			throw full;
		};
		expect(await failureOf(saveMedia(fetchPiece, FILE, save))).toBe(full);
		expect(downloads()).toBe(1);
	});

	it('has to be taken to its end', async () => {
		const error = await failureOf(
			saveMedia(serving().fetchPiece, FILE, async () => await Promise.resolve('half')),
		);
		expect(error).toMatchObject({ message: expect.stringContaining('to their end') });
	});
});
