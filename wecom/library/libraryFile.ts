import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, sep } from 'node:path';

import { HEADER_BYTES, readExecutable } from './executable';
import { LibraryUnavailableError } from './libraryErrors';
import type { Machine } from './machine';
import { librarySettings, type OperatorSettings } from './settings';
import { versionOf } from './versions';

/** A file that may be loaded. */
export interface LibraryFile {
	/** Where it really lies. */
	path: string;
	bytes: number;
	/** Hex. */
	md5: string;
	/** Hex. */
	sha256: string;
	/** The version that Tencent publishes its md5 for. */
	version?: string;
}

const NAMES: Readonly<Record<string, { pattern: RegExp; example: string }>> = {
	linux: { pattern: /^libWeWorkFinanceSdk_C[\w.-]*\.so$/, example: 'libWeWorkFinanceSdk_C.so' },
	win32: { pattern: /^WeWorkFinanceSdk\.dll$/i, example: 'WeWorkFinanceSdk.dll' },
};
const ARCHITECTURES = ['x64', 'arm64'];

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const CHUNK_BYTES = 64 * 1024;

const SIDECAR =
	'Run the sidecar in a container with glibc and choose `sidecar` as `archiveLibrary`: deploy/sidecar in this package has it.';
const DOWNLOAD =
	'Download the library from document 91774 of developer.work.weixin.qq.com and take C_sdk of the package for this machine.';

/**
 * Refuses machines that Tencent's library does not run on.
 *
 * @throws LibraryUnavailableError with the way out
 */
export function requireMachine({ platform, arch, libc }: Machine): void {
	if (!NAMES[platform]) {
		throw new LibraryUnavailableError(
			`Tencent's library exists for Linux and Windows; this machine is ${platform}`,
			SIDECAR,
		);
	}
	if (!ARCHITECTURES.includes(arch) || (platform === 'win32' && arch !== 'x64')) {
		throw new LibraryUnavailableError(
			`Tencent's library exists for Linux on x86-64 and arm64 and for Windows on x86-64; this is ${platform} on ${arch}`,
			SIDECAR,
		);
	}
	if (platform === 'linux' && !libc.startsWith('glibc')) {
		throw new LibraryUnavailableError(
			`Tencent's library needs glibc; this Linux (Alpine, say) has ${libc || 'another C library'}, where it would damage memory`,
			SIDECAR,
		);
	}
}

/**
 * Looks at the file that the operator named: who may write it runs native code as this process.
 *
 * @throws LibraryUnavailableError saying what is wrong with it, and how to mend that
 */
export async function checkLibraryFile(
	{ file, sha256: expected }: OperatorSettings,
	machine: Machine,
): Promise<LibraryFile> {
	requireMachine(machine);
	const path = await findFile(file, machine);
	const { header, ...facts } = await readWhole(path);
	requireMachineOf(path, header, machine);
	if (expected !== undefined) requireSha256(path, facts.sha256, expected);
	const version = versionOf(facts.md5);
	return { path, ...facts, ...(version === undefined ? {} : { version }) };
}

async function findFile(file: string | undefined, machine: Machine): Promise<string> {
	if (file === undefined) {
		throw new LibraryUnavailableError(
			"WECOM_FINANCE_SDK is not set: it has to name the file of Tencent's library",
			`${DOWNLOAD} Then set the environment variable WECOM_FINANCE_SDK to the absolute path of the file and start this process anew.`,
		);
	}
	if (!isAbsolute(file)) {
		throw new LibraryUnavailableError(
			`WECOM_FINANCE_SDK has to be an absolute path; it is "${shown(file)}"`,
		);
	}
	const path = await reach(file, async () => await realpath(file));
	const facts = await reach(path, async () => await stat(path));
	if (!facts.isFile()) {
		throw new LibraryUnavailableError(
			`${shown(path)} is no file`,
			'WECOM_FINANCE_SDK has to name the file itself, not its folder.',
		);
	}
	requireName(path, machine);
	const folder = dirname(path);
	await requireAllowedFolder(path);
	requireSafe(path, facts, machine);
	requireSafe(folder, await reach(folder, async () => await stat(folder)), machine);
	await requireSafeAbove(folder, machine);
	return path;
}

async function reach<T>(path: string, look: () => Promise<T>): Promise<T> {
	try {
		return await look();
	} catch (error) {
		const { code = 'unknown' } = error as NodeJS.ErrnoException;
		const missing = code === 'ENOENT' || code === 'ENOTDIR';
		throw new LibraryUnavailableError(
			missing ? `There is no file ${shown(path)}` : `${shown(path)} cannot be read (${code})`,
			missing
				? 'Correct WECOM_FINANCE_SDK. In a container the file has to be mounted into it, and the path is the one inside.'
				: 'Let the user that this process runs as read the file and enter its folder.',
		);
	}
}

function requireName(path: string, { platform }: Machine): void {
	const name = NAMES[platform];
	if (!name || name.pattern.test(basename(path))) return;
	throw new LibraryUnavailableError(
		`${shown(path)} does not have the name of Tencent's library, ${name.example}`,
		`${DOWNLOAD} Its name must not be changed.`,
	);
}

async function requireAllowedFolder(path: string): Promise<void> {
	for (const folder of librarySettings().forbiddenFolders) {
		const real = await realpath(folder).catch(() => folder);
		const inside = relative(real, path);
		if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) continue;
		throw new LibraryUnavailableError(
			`${shown(path)} lies in ${shown(real)}, where workflows can write files`,
			'Move it to a folder of its own, /opt/wecom say, that belongs to root.',
		);
	}
}

function requireSafe(path: string, { mode, uid }: Stats, machine: Machine): void {
	if (machine.uid === undefined) return; // Windows: rights are no numbers there
	if ((mode & WRITABLE_BY_OTHERS) !== 0) {
		throw new LibraryUnavailableError(
			`${shown(path)} can be written by other users, who would run their code in this process's name`,
			`Take that right away: chmod go-w ${shown(path)}`,
		);
	}
	if (uid !== 0 && uid !== machine.uid) {
		throw new LibraryUnavailableError(
			`${shown(path)} belongs to user ${uid}, neither to root nor to the user that this process runs as (${machine.uid})`,
			`Give it to root: chown root ${shown(path)}`,
		);
	}
}

/** Who may write a folder further up may put another in the place of the library's. */
async function requireSafeAbove(folder: string, machine: Machine): Promise<void> {
	if (machine.uid === undefined) return;
	for (let above = dirname(folder), last = folder; above !== last; above = dirname(above)) {
		last = above;
		const { mode } = await reach(above, async () => await stat(above));
		// With the sticky bit, as /tmp has it, each user replaces only what is their own.
		if ((mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0) continue;
		throw new LibraryUnavailableError(
			`${shown(above)}, above the library's folder, can be written by other users, who could put another library in its place`,
			`Take that right away, chmod go-w ${shown(above)}, or move the library to a folder of its own, /opt/wecom say.`,
		);
	}
}

async function readWhole(
	path: string,
): Promise<Pick<LibraryFile, 'bytes' | 'md5' | 'sha256'> & { header: Buffer }> {
	return await reach(path, async () => {
		const file = await open(path, 'r');
		try {
			const [md5, sha256] = [createHash('md5'), createHash('sha256')];
			const header: Buffer[] = [];
			let bytes = 0;
			for await (const chunk of file.createReadStream({
				highWaterMark: CHUNK_BYTES,
				autoClose: false,
			})) {
				const read = chunk as Buffer;
				if (bytes < HEADER_BYTES) header.push(read.subarray(0, HEADER_BYTES));
				bytes += read.length;
				md5.update(read);
				sha256.update(read);
			}
			return {
				bytes,
				md5: md5.digest('hex'),
				sha256: sha256.digest('hex'),
				header: Buffer.concat(header),
			};
		} finally {
			await file.close();
		}
	});
}

function requireMachineOf(path: string, header: Buffer, { platform, arch }: Machine): void {
	const found = readExecutable(header);
	if (!found) {
		throw new LibraryUnavailableError(
			`${shown(path)} is no shared library: its beginning is that of neither a Linux nor a Windows one`,
			`${DOWNLOAD} The archive has to be unpacked; an error page of a download, or the pointer of a Git LFS file, has the name but not the content.`,
		);
	}
	if (found.platform !== platform || found.arch !== arch) {
		throw new LibraryUnavailableError(
			`${shown(path)} is built for ${found.platform} on ${found.arch ?? 'another machine'}; this machine is ${platform} on ${arch}`,
			`${DOWNLOAD} For arm64 there is one from v3.0 on.`,
		);
	}
}

function requireSha256(path: string, sha256: string, expected: string): void {
	if (sha256 === expected) return;
	throw new LibraryUnavailableError(
		`The sha256 of ${shown(path)} is ${sha256}, not the one in WECOM_FINANCE_SDK_SHA256`,
		'If the file was replaced on purpose, correct the variable. Otherwise find out who replaced it.',
	);
}

/** A path for a message: nothing in it begins a line of its own. */
function shown(path: string): string {
	return path.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?').slice(0, 500);
}
