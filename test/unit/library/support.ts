import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
	findCompiler,
	installLibrary,
	LIBRARY_NAME,
	type EndsProcess,
} from '../../../simulator/library';
import { closeLibraries, configureLibraries, openLibrary } from '../../../wecom/library';
import type { ArchiveLibrary, LibraryAccess } from '../../../wecom/library/archiveLibrary';
import { librarySettings } from '../../../wecom/library/settings';
import { buildClient, type BuiltClient } from '../support/programs';
import { closeServers, startServer, type Reply, type TestServer } from '../support/server';
import { SECRET } from './sealedMessages';

export { KEY, PASSWD, sealed, sealedPage, SECRET } from './sealedMessages';

const defaults = { ...librarySettings() };
const folders: string[] = [];
let client: BuiltClient | undefined;

/** Lets the libraries of a test file run from the sources, and ends everything after it. */
export function withLibraries(): void {
	beforeAll(() => {
		client = buildClient();
	});
	beforeEach(() => {
		configureLibraries({ ...defaults, hostFile: client?.program('library/host') ?? '' });
	});
	afterEach(async () => {
		await closeLibraries();
		delete process.env.WECOM_FINANCE_SDK;
		delete process.env.WECOM_FINANCE_SDK_SHA256;
		delete process.env.WECOM_FINANCE_SDK_LOAD;
	});
	afterAll(async () => {
		await closeServers();
		client?.remove();
		for (const folder of folders) rmSync(folder, { recursive: true, force: true });
	});
}

/** An empty folder that goes after the test file. */
export function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'library-test-'));
	folders.push(folder);
	return folder;
}

/** Installs the stub and names it to the operator's environment. */
export async function installStub(url = 'http://127.0.0.1:9'): Promise<string> {
	const file = await installLibrary(url, newFolder());
	process.env.WECOM_FINANCE_SDK = file;
	return file;
}

/** Installs a library that is wrong in one way of variant.c. */
export async function installVariant(...wrong: string[]): Promise<string> {
	const file = join(newFolder(), LIBRARY_NAME);
	const defines = wrong.map((name) => `-D${name}`);
	const source = join(__dirname, 'variant.c');
	const args = ['-shared', '-fPIC', '-O1', ...defines, '-o', file, source, '-ldl'];
	await promisify(execFile)(findCompiler() ?? 'gcc', args);
	process.env.WECOM_FINANCE_SDK = file;
	return file;
}

/** The stub with a server behind it whose every answer the test writes. */
export async function startArchive(reply: Reply): Promise<TestServer> {
	const server = await startServer(reply);
	await installStub(server.url);
	return server;
}

/** Answers with what a function of the library brings, and further headers of the stub's. */
export function gives(body: string | Buffer, headers: Record<string, string> = {}): Reply {
	const bytes = Buffer.from(body as string);
	return (_request, response) => {
		const own = { 'Content-Length': bytes.length, 'X-Return-Code': '0' };
		response.writeHead(200, { ...own, ...headers }).end(bytes);
	};
}

/** Lets a function of the library return a code. */
export function returns(code: number): Reply {
	return gives('', { 'X-Return-Code': String(code) });
}

/** Lets a function of the library end its process. */
export function endsProcess(how: EndsProcess): Reply {
	return gives('', { 'X-Ends-Process': how });
}

/** The library of a corp on this machine. */
export function open(access: Partial<LibraryAccess> = {}): ArchiveLibrary {
	return openLibrary(
		{ at: 'thisMachine' },
		{ corpId: 'ww1234567890abcdef', secret: SECRET, ...access },
	);
}

/** Ids of the processes of the library that were started here. */
export function hostPids(program = librarySettings().hostFile): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((pid) => isHost(pid, program))
		.map(Number);
}

function isHost(pid: string, program: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] === program;
	} catch {
		return false;
	}
}

/** What a process says of itself to whoever may look. */
export function proc(pid: number, name: string): string {
	return readFileSync(`/proc/${pid}/${name}`, 'latin1');
}

/** The folder that a process is in. */
export function folderOf(pid: number): string {
	return readlinkSync(`/proc/${pid}/cwd`);
}
