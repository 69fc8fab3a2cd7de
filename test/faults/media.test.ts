import { BrokenMedia } from './brokenMedia';
import { endPrograms } from './program';
import { SIZES } from './sizes';

/** What n8n's process may take above idle, bytes. */
const MAX_ABOVE = 64 * 1024 * 1024;

let media: BrokenMedia;

afterAll(endPrograms);

describe('files of messages, downloaded to the disk through a library that breaks', () => {
	beforeAll(async () => {
		media = await BrokenMedia.run();
	}, 3_000_000);

	it('met every fault, in the middle of files too', () => {
		expect(Object.entries(media.faults).filter(([, times]) => times === 0)).toEqual([]);
		expect(Object.values(media.faults).reduce((sum, times) => sum + times)).toBe(SIZES.mediaFiles);
	});

	it('all come, each with the bytes that were sent', () => {
		expect(media.downloaded).toHaveLength(SIZES.mediaFiles);
		expect(media.onDisk).toEqual(media.sent.map(({ md5 }) => md5));
	});

	it('are described as they are, without a warning', () => {
		const told = media.downloaded.map(({ entry }) => entry);
		expect(told).toEqual(
			media.sent.map(({ md5, bytes }) =>
				expect.objectContaining({ status: 'downloaded', md5, bytes }),
			),
		);
		expect(told.filter((entry) => 'warning' in entry || 'error' in entry)).toEqual([]);
	});

	it('leave no half of a file behind', () => {
		expect(media.leftBehind).toEqual([]);
	});

	it('are never held whole by the process of n8n', () => {
		expect(media.above).toBeLessThan(MAX_ABOVE);
	});

	it('give no secret away', () => {
		expect(media.leaks.size.characters).toBeGreaterThan(0);
		expect(media.leaks.found()).toEqual([]);
	});
});
