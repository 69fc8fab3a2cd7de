import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

export { ENDS, sealForLibrary, type EndsProcess } from './seal';

/** What Tencent's library is called on Linux. */
export const LIBRARY_NAME = 'libWeWorkFinanceSdk_C.so';

const SOURCES = ['stub.c', 'wire.c', 'bytes.c'];
const HEADERS = ['wire.h', 'bytes.h'];
const OPTIONS = ['-std=c11', '-shared', '-fPIC', '-O2', '-fvisibility=hidden'];

/** Where scripts keep what is made or installed once. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-wecom-data');

/** What tells whether a compiler has the headers of a C library. */
const TRY_HEADERS = ['-x', 'c', '-fsyntax-only', '-include', 'stdio.h', '/dev/null'];

/**
 * The C compiler: the one that `CC` names, or the first of gcc, cc and clang, with the headers of a C
 * library; undefined without one.
 */
export function findCompiler(): string | undefined {
	const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute);
	const names = process.env.CC ? [process.env.CC] : ['gcc', 'cc', 'clang'];
	return names
		.flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))))
		.find((path) => isProgram(path) && spawnSync(path, TRY_HEADERS).status === 0);
}

/** Why the stub of the library cannot be made or loaded on this machine; undefined where it can be. */
export function whyNoLibrary(): string | undefined {
	if (!hasGlibc()) {
		return 'the library runs on Linux with glibc, and this machine has none (macOS, Alpine: use a container with Debian)';
	}
	if (findCompiler() !== undefined) return undefined;
	return 'there is no C compiler to make the stub of the library with (Debian: apt-get install gcc libc6-dev; or name one in CC)';
}

/**
 * Puts the stub of Tencent's library into a folder, under the name of the real one. It is compiled once
 * for all folders. A copy that is there already is replaced without harm to those who have it loaded.
 *
 * @param simulatorUrl - `http://127.0.0.1:PORT`
 * @param folder - is made where it is missing, and made writable by its owner alone
 * @returns path of the library
 * @throws Error where there is no C compiler, or it does not take the source; see {@link whyNoLibrary}
 */
export async function installLibrary(simulatorUrl: string, folder: string): Promise<string> {
	const { hostname, port } = new URL(simulatorUrl);
	const compiled = await compile();
	await mkdir(folder, { recursive: true });
	await chmod(folder, 0o755);
	const library = join(folder, LIBRARY_NAME);
	await writeFile(`${library}.address`, `${hostname} ${port}\n`, { mode: 0o644 });
	const copy = `${library}.${process.pid}`;
	await copyFile(compiled, copy);
	await chmod(copy, 0o644);
	await rename(copy, library);
	return library;
}

function hasGlibc(): boolean {
	// Otherwise the report asks the network for the names of all addresses.
	const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
	report.excludeNetwork = true;
	const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
	return process.platform === 'linux' && header.glibcVersionRuntime !== undefined;
}

/** The compiled stub, made where this source, compiler and machine have not made it yet. */
async function compile(): Promise<string> {
	const compiler = findCompiler();
	if (compiler === undefined) {
		throw new Error(`The stub of the library cannot be made: ${whyNoLibrary()}`);
	}
	const files = await Promise.all([...SOURCES, ...HEADERS].map((name) => readFile(sourceOf(name))));
	const hash = createHash('sha256').update([compiler, process.arch, ...OPTIONS].join());
	for (const file of files) hash.update(file);
	const compiled = join(CACHE, `library-stub-${hash.digest('hex').slice(0, 16)}.so`);
	if (isReadable(compiled)) return compiled;
	await mkdir(CACHE, { recursive: true });
	const aside = await mkdtemp(join(CACHE, 'compiling-'));
	try {
		const made = join(aside, LIBRARY_NAME);
		const args = [...OPTIONS, '-o', made, ...SOURCES.map(sourceOf), '-ldl'];
		await promisify(execFile)(compiler, args);
		await rename(made, compiled);
	} finally {
		await rm(aside, { recursive: true, force: true });
	}
	return compiled;
}

function sourceOf(name: string): string {
	return join(__dirname, name);
}

function isProgram(path: string): boolean {
	return isAccessible(path, constants.X_OK);
}

function isReadable(path: string): boolean {
	return isAccessible(path, constants.R_OK);
}

function isAccessible(path: string, mode: number): boolean {
	try {
		accessSync(path, mode);
		return true;
	} catch {
		return false;
	}
}
