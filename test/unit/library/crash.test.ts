import { RecordError } from '../../../wecom/errors';
import { configureLibraries } from '../../../wecom/library';
import { LibraryCrashedError } from '../../../wecom/library/libraryErrors';
import { failureOf, inTurn } from '../support/server';
import {
	endsProcess,
	gives,
	hostPids,
	installStub,
	installVariant,
	open,
	sealed,
	sealedPage,
	startArchive,
	withLibraries,
} from './support';
import type { EndsProcess } from '../../../simulator/library';

withLibraries();

/** Nothing here takes longer than this without having hung, milliseconds. */
const GRACE_MS = 1500;

/** What is wrong with each message that did not open. */
function faultsOf(results: Array<string | RecordError>): Record<number, string> {
	return Object.fromEntries(
		results.flatMap((result, index) =>
			result instanceof RecordError ? [[index, `${result.reason}: ${result.message}`]] : [],
		),
	);
}

/** Whether all others have come out right, in order. */
function othersAreRight(results: Array<string | RecordError>): boolean {
	return results.every(
		(result, index) => result instanceof RecordError || result === `{"index":${index}}`,
	);
}

describe('a message over which the library ends its process', () => {
	it.each<[EndsProcess, RegExp]>([
		['segv', /^library_crashed: .* ended with SIGSEGV/],
		['abort', /^library_crashed: .* ended with SIGABRT/],
		['exit', /^library_crashed: .* exited with code 0/],
		['hang', /^library_crashed: .* gave no answer for 1.5 s and was killed/],
	])('by %s is found among two hundred, and the others come out', async (how, words) => {
		configureLibraries({ graceMs: GRACE_MS });
		await installStub();
		const results = await open().decrypt(sealedPage(200, { 137: how }));
		expect(faultsOf(results)).toEqual({ 137: expect.stringMatching(words) });
		expect(results).toHaveLength(200);
		expect(othersAreRight(results)).toBe(true);
	});

	it.each([0, 9, 10, 199])('is found at place %i', async (place) => {
		await installStub();
		const results = await open().decrypt(sealedPage(200, { [place]: 'abort' }));
		expect(Object.keys(faultsOf(results))).toEqual([String(place)]);
		expect(othersAreRight(results)).toBe(true);
	});

	it.each<[string, Record<number, EndsProcess>]>([
		['beside others of its kind', { 99: 'segv', 100: 'exit', 101: 'abort', 102: 'segv' }],
		['in each of several batches', { 5: 'abort', 250: 'exit', 499: 'segv' }],
	])('is found %s', async (_where, killers) => {
		await installStub();
		const results = await open().decrypt(sealedPage(500, killers));
		expect(Object.keys(faultsOf(results))).toEqual(Object.keys(killers));
		expect(othersAreRight(results)).toBe(true);
	});

	it('is found where there is no other', async () => {
		await installStub();
		expect(faultsOf(await open().decrypt([sealed(0, 'segv')]))).toEqual({
			0: expect.stringContaining('library_crashed'),
		});
	});

	it('does no harm to who waits for another message', async () => {
		await installStub();
		const library = open();
		const [killer, other] = await Promise.all([
			library.decrypt([sealed(0, 'abort')]),
			library.decrypt([sealed(1)]),
		]);
		expect(faultsOf(killer)).toEqual({ 0: expect.stringContaining('library_crashed') });
		expect(other).toEqual(['{"index":1}']);
	});

	it('is none where somebody else ended the process', async () => {
		await installStub();
		const library = open();
		for (let index = 0; index < 3; index++) {
			expect(await library.decrypt([sealed(index)])).toEqual([`{"index":${index}}`]);
			for (const pid of hostPids()) process.kill(pid, 'SIGKILL');
		}
	});

	it('costs five processes at most, however many messages there are', async () => {
		await installStub();
		const seen = new Set<number>();
		const watch = setInterval(() => {
			for (const pid of hostPids()) seen.add(pid);
		}, 5);
		await open().decrypt(sealedPage(200, { 130: 'abort' }));
		clearInterval(watch);
		// One for the self-test, one that goes on to the end.
		expect(seen.size).toBeLessThanOrEqual(5 + 2);
	});

	it('ends the pull when there is nothing but such messages', async () => {
		await installVariant('ENDS_OVER_EACH_BODY');
		const error = await failureOf(open().decrypt(sealedPage(200)));
		expect(error).toBeInstanceOf(LibraryCrashedError);
		expect(error).toMatchObject({
			message: expect.stringMatching(/DecryptData: 10 processes in a row .* ended with SIGABRT/),
			hint: expect.stringContaining('another version of the library'),
		});
	});

	it('lets the rest of a pull alone that has ended so', async () => {
		await installVariant('ENDS_OVER_EACH_BODY');
		const library = open();
		const seen = new Set<number>();
		const watch = setInterval(() => {
			for (const pid of hostPids()) seen.add(pid);
		}, 2);
		expect(await failureOf(library.decrypt(sealedPage(600)))).toBeInstanceOf(LibraryCrashedError);
		expect(await failureOf(library.chatData(0n, 1))).toMatchObject({ returnCode: 10001 });
		clearInterval(watch);
		// One for the self-test, three to find the first message, ten messages, one for the page.
		expect(seen.size).toBeLessThanOrEqual(1 + 3 + 10 + 1);
	});

	it('ends one call after another too, when there is nothing but such messages', async () => {
		await installVariant('ENDS_OVER_EACH_BODY');
		const library = open();
		for (let index = 0; index < 9; index++) {
			expect(faultsOf(await library.decrypt([sealed(index)]))).toHaveProperty('0');
		}
		expect(await failureOf(library.decrypt([sealed(9)]))).toBeInstanceOf(LibraryCrashedError);
	});
});

describe('a page over which the library ends its process', () => {
	it.each<EndsProcess>(['segv', 'abort', 'exit'])('by %s is asked for three times', async (how) => {
		const server = await startArchive(endsProcess(how));
		const error = await failureOf(open().chatData(0n, 100));
		expect(error).toBeInstanceOf(LibraryCrashedError);
		expect(error).toMatchObject({ message: expect.stringContaining('GetChatData: 3 processes') });
		expect(server.requests).toHaveLength(3);
	});

	it('comes out of the next process', async () => {
		await startArchive(inTurn(endsProcess('segv'), gives('{"errcode":0}')));
		expect(await open().chatData(0n, 100)).toBe('{"errcode":0}');
	});

	it('is given up in time where the library hangs', async () => {
		configureLibraries({ graceMs: 200 });
		await startArchive(endsProcess('hang'));
		const before = Date.now();
		const error = await failureOf(open({ timeoutSeconds: 1 }).chatData(0n, 100));
		expect(error).toMatchObject({ message: expect.stringContaining('no answer for 1.2 s') });
		expect(Date.now() - before).toBeLessThan(15_000);
	});
});

describe('a library that does not take a corp', () => {
	it('is started three times', async () => {
		await installVariant('ENDS_WITH_A_CORP');
		expect(await failureOf(open().chatData(0n, 100))).toMatchObject({
			code: 'library',
			message: expect.stringMatching(/the start: 3 processes in a row/),
		});
	});

	it('says so by its return code', async () => {
		await installVariant('REFUSES_EACH_CORP');
		expect(await failureOf(open().chatData(0n, 100))).toMatchObject({
			code: 'api',
			returnCode: 10000,
			path: 'Init',
		});
		expect(hostPids()).toEqual([]);
	});
});
