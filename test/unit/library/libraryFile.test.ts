import { createHash } from 'node:crypto';
import {
	chmodSync,
	chownSync,
	copyFileSync,
	mkdirSync,
	readFileSync,
	renameSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { LIBRARY_NAME } from '../../../simulator/library';
import { configureLibraries } from '../../../wecom/library';
import { LibraryUnavailableError } from '../../../wecom/library/libraryErrors';
import type { Machine } from '../../../wecom/library/machine';
import { versionOf } from '../../../wecom/library/versions';
import { failureOf } from '../support/server';
import { hostPids, installStub, newFolder, open, sealed, withLibraries } from './support';

withLibraries();

const HERE: Machine = { platform: 'linux', arch: 'x64', libc: 'glibc 2.36', uid: 1000 };

/** The stub, with other bytes at some place. */
function changed(file: string, at: number, bytes: number[]): void {
	const content = readFileSync(file);
	content.set(bytes, at);
	writeFileSync(file, content);
}

/** What a check says that has to fail. */
async function refusal(): Promise<LibraryUnavailableError> {
	const error = await failureOf(open().check());
	expect(error).toBeInstanceOf(LibraryUnavailableError);
	expect(hostPids()).toEqual([]);
	return error as LibraryUnavailableError;
}

/** The beginning of a library for Windows on some machine. */
function windowsLibrary(machine: number): Buffer {
	const header = Buffer.alloc(1024);
	header.write('MZ', 'latin1');
	header.writeUInt32LE(128, 0x3c);
	header.write('PE\0\0', 128, 'latin1');
	header.writeUInt16LE(machine, 132);
	header.writeUInt16LE(0x2022, 150);
	return header;
}

describe('the check of the library', () => {
	it('finds what there is to know of a good one', async () => {
		const file = await installStub();
		const content = readFileSync(file);
		expect(await open().check()).toEqual({
			platform: process.platform,
			arch: process.arch,
			libc: expect.stringMatching(/^glibc \d/),
			file,
			bytes: content.length,
			md5: createHash('md5').update(content).digest('hex'),
			mode: 'plain',
			selfTest: {
				emptyInit: 10000,
				madeUpInit: 0,
				garbageBody: 10008,
				limitTooLarge: 10000,
				closedProxy: 10001,
			},
		});
		expect(hostPids()).toEqual([]);
	});

	it('follows links to the file', async () => {
		const file = await installStub();
		const link = join(newFolder(), 'library.so');
		symlinkSync(file, link);
		process.env.WECOM_FINANCE_SDK = link;
		expect(await open().check()).toMatchObject({ file });
	});

	it.each<[string, (file: string) => unknown, RegExp, RegExp]>([
		['that is not named', () => delete process.env.WECOM_FINANCE_SDK, /WECOM_FINANCE_SDK is not set/, /document 91774.*absolute path/],
		['whose path is relative', () => (process.env.WECOM_FINANCE_SDK = `sdk/${LIBRARY_NAME}`), /absolute path; it is "sdk\//, /^$/],
		['that is not there', (file) => renameSync(file, `${file}.away`), /There is no file/, /mounted/],
		['that is a folder', (file) => { renameSync(file, `${file}.away`); mkdirSync(file); }, /is no file/, /not its folder/],
		['with another name', (file) => { renameSync(file, join(dirname(file), 'library.so')); process.env.WECOM_FINANCE_SDK = join(dirname(file), 'library.so'); }, /does not have the name of Tencent's library, libWeWorkFinanceSdk_C.so/, /must not be changed/],
		['that is an error page', (file) => writeFileSync(file, '<html>'), /is no shared library/, /unpacked/],
		['that is empty', (file) => writeFileSync(file, ''), /is no shared library/, /unpacked/],
		['that is a program', (file) => changed(file, 16, [2, 0]), /is no shared library/, /unpacked/],
		['for another machine', (file) => changed(file, 18, process.arch === 'x64' ? [183, 0] : [62, 0]), /is built for linux on (arm64|x64); this machine is linux on/, /v3\.0/],
		['for 32 bits', (file) => changed(file, 18, [3, 0]), /built for linux on ia32/, /document 91774/],
		['for an unknown machine', (file) => changed(file, 18, [99, 0]), /built for linux on another machine/, /document 91774/],
		['for Windows', (file) => writeFileSync(file, windowsLibrary(0x8664)), /built for win32 on x64/, /document 91774/],
		['that others can write', (file) => chmodSync(file, 0o646), /can be written by other users/, /chmod go-w/],
		['that its group can write', (file) => chmodSync(file, 0o664), /can be written by other users/, /chmod go-w/],
		['in a folder that others can write', (file) => chmodSync(dirname(file), 0o777), /can be written by other users/, /chmod go-w/],
	])('refuses one %s', async (_what, spoil, message, hint) => {
		spoil(await installStub());
		const error = await refusal();
		expect(error.message).toMatch(message);
		expect(error.hint ?? '').toMatch(hint);
	}); // prettier-ignore

	it.each([0o777, 0o770])(
		'refuses one far below a folder that others can write (%o)',
		async (mode) => {
			const file = await installStub();
			const above = newFolder();
			const folder = join(above, 'mine', 'sdk');
			mkdirSync(folder, { recursive: true });
			copyFileSync(file, join(folder, LIBRARY_NAME));
			process.env.WECOM_FINANCE_SDK = join(folder, LIBRARY_NAME);
			expect(await open().check()).toMatchObject({ mode: 'plain' });
			chmodSync(above, mode);
			const error = await refusal();
			expect(error.message).toContain(`${above}, above the library's folder, can be written`);
			expect(error.hint).toContain(`chmod go-w ${above}`);
			chmodSync(above, 0o1777);
			expect(await open().check()).toMatchObject({ mode: 'plain' });
		},
	);

	it('refuses one that belongs to another user', async () => {
		const file = await installStub();
		const isRoot = process.getuid?.() === 0;
		if (isRoot) chownSync(file, 12345, 12345);
		configureLibraries({ machine: () => ({ ...HERE, arch: process.arch, uid: 54321 }) });
		const error = await refusal();
		expect(error.message).toMatch(/belongs to user \d+, neither to root nor to .* \(54321\)/);
		expect(error.hint).toContain('chown root');
	});

	it.each(['itself', 'above', 'by a link'])(
		'refuses one in a folder for data (%s)',
		async (where) => {
			const file = await installStub();
			const link = join(newFolder(), 'data');
			symlinkSync(dirname(file), link);
			const folders = { itself: dirname(file), above: dirname(dirname(file)), 'by a link': link };
			configureLibraries({ forbiddenFolders: ['/nowhere', folders[where as 'itself']] });
			const error = await refusal();
			expect(error.message).toContain('where workflows can write files');
			expect(error.hint).toContain('/opt/wecom');
		},
	);

	it('takes one beside a folder for data', async () => {
		const file = await installStub();
		configureLibraries({ forbiddenFolders: [`${dirname(file)}/data`, `${dirname(file)}-data`] });
		expect(await open().check()).toMatchObject({ file });
	});

	it('refuses one with another sha256, and takes the one that was named', async () => {
		const file = await installStub();
		const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
		process.env.WECOM_FINANCE_SDK_SHA256 = sha256.replace(/^./, (digit) =>
			digit === '0' ? '1' : '0',
		);
		const error = await refusal();
		expect(error.message).toContain(`is ${sha256}, not the one in WECOM_FINANCE_SDK_SHA256`);
		process.env.WECOM_FINANCE_SDK_SHA256 = sha256.toUpperCase();
		expect(await open().check()).toMatchObject({ file });
	});

	it.each<[string, Partial<Machine>, RegExp]>([
		['Alpine', { libc: 'musl' }, /needs glibc; this Linux \(Alpine, say\) has musl/],
		['macOS', { platform: 'darwin', libc: '' }, /exists for Linux and Windows; this machine is darwin/],
		['a Raspberry Pi of 32 bits', { arch: 'arm' }, /x86-64 and arm64 .* this is linux on arm/],
		['Windows on arm64', { platform: 'win32', arch: 'arm64', libc: '' }, /this is win32 on arm64/],
	])('leads to the sidecar on %s', async (_what, machine, message) => {
		await installStub();
		configureLibraries({ machine: () => ({ ...HERE, ...machine }) });
		const error = await refusal();
		expect(error.message).toMatch(message);
		expect(error.hint).toContain('deploy/sidecar');
	}); // prettier-ignore

	it('is made again before each start of a process', async () => {
		const file = await installStub();
		const library = open();
		expect(await library.decrypt([sealed(0)])).toEqual(['{"index":0}']);
		chmodSync(file, 0o666);
		for (const pid of hostPids()) process.kill(pid, 'SIGKILL');
		expect(await failureOf(library.decrypt([sealed(0)]))).toMatchObject({
			message: expect.stringContaining('can be written by other users'),
		});
	});

	it('tests another file under the same name anew', async () => {
		const file = await installStub();
		await open().check();
		const other = join(newFolder(), 'other');
		copyFileSync(file, other);
		writeFileSync(other, Buffer.concat([readFileSync(other), Buffer.from('more')]), {
			mode: 0o644,
		});
		renameSync(other, file);
		expect(await open().check()).toMatchObject({ bytes: readFileSync(file).length });
	});

	it('names the versions that Tencent publishes', () => {
		expect(versionOf('f2db3dd1372c516db6290afbd1b5c698')).toBe('v3.0 Linux x86-64 (2025-02-13)');
		expect(versionOf('00000000000000000000000000000000')).toBeUndefined();
	});
});
