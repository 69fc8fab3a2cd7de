import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import {
	credentialsFor,
	findCompiler,
	installLibrary,
	LIBRARY_NAME,
	startSimulator,
	type Simulator,
} from '../../simulator';
import type * as Library from '../../wecom/library';
import type * as Settings from '../../wecom/library/settings';
import { Engine } from '../engine/harness';

const BUILT = join(__dirname, '..', '..', 'dist', 'wecom', 'library');
/** Where the header of a Linux library says what machine it is for, and those machines. */
const MACHINE_AT = 18;
const [X64, ARM64] = [0x3e, 0xb7];

let folder: string;
let wecom: Simulator;
let engine: Engine;
/** A library that works. */
let good: string;
/** The package as n8n has loaded it. */
let package_: typeof Library & typeof Settings;
let usual: Settings.LibrarySettings;

beforeAll(async () => {
	wecom = await startSimulator({ contracts: ['messageArchive'], messageCount: 5 });
	const credentials = credentialsFor(wecom, 'messageArchive');
	engine = await Engine.load({ ...credentials } as Engine['credentials']);
	package_ = {
		...((await import(BUILT)) as typeof Library),
		...((await import(join(BUILT, 'settings'))) as typeof Settings),
	};
	usual = { ...package_.librarySettings() };
}, 60_000);

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'wecom-data-library-'));
	good = await installLibrary(wecom.url, join(folder, 'good'));
	process.env.WECOM_FINANCE_SDK = good;
});

afterEach(async () => {
	package_.configureLibraries({ machine: usual.machine });
	await package_.closeLibraries();
	delete process.env.WECOM_FINANCE_SDK;
	delete process.env.WECOM_FINANCE_SDK_SHA256;
	delete process.env.WECOM_FINANCE_SDK_LOAD;
	rmSync(folder, { recursive: true });
});

afterAll(async () => await wecom.stop());

/** What Data Zone → Library → Check says. */
async function check(): Promise<IDataObject> {
	const parameters = { resource: 'library', operation: 'check' };
	const { json, error } = await engine.runNode('wecomDataZone', parameters);
	expect(error).toBeUndefined();
	return json[0] ?? {};
}

/** What somebody is told who wants messages. */
async function pull(): Promise<string> {
	const parameters = { resource: 'message', operation: 'getAll', returnAll: true, decrypt: true, simplify: true, startAfterSeq: '0', options: {} }; // prettier-ignore
	const { error } = await engine.runNode('wecomChatArchive', parameters);
	return `${error?.message} ${error?.description}`;
}

/** Another file in place of the library. */
function inPlace(content: string | Buffer, name = LIBRARY_NAME): string {
	const file = join(folder, 'good', name);
	writeFileSync(file, content);
	process.env.WECOM_FINANCE_SDK = file;
	return file;
}

/** A library that is compiled for the test. */
function compiled(source: string): void {
	const file = join(folder, 'good', LIBRARY_NAME);
	const from = join(folder, 'variant.c');
	writeFileSync(from, source);
	execFileSync(findCompiler() ?? 'gcc', ['-shared', '-fPIC', '-o', file, from]);
	process.env.WECOM_FINANCE_SDK = file;
}

const names = 'FreeSlice GetContentFromSlice GetSliceLen FreeMediaData GetOutIndexBuf GetIndexLen GetData GetDataLen IsMediaDataFinish GetMediaData DestroySdk'.split(' '); // prettier-ignore
/** All functions of Tencent's library, of which those that the self-test calls do what is said. */
const library = (init: string, decrypt: string) => `
#include <stdlib.h>
static char some[64];
${names.map((name) => `void *${name}() { return NULL; }`).join('\n')}
void *NewSdk() { return some; }
void *NewSlice() { return some; }
void *NewMediaData() { return some; }
int Init(void *sdk, const char *corp, const char *secret) { ${init} }
int GetChatData(void *sdk, unsigned long long seq, unsigned limit) { return limit > 1000 ? 10000 : 10001; }
int DecryptData(const char *key, const char *body, void *out) { ${decrypt} }
`;

const otherMachine = () => {
	const content = readFileSync(good);
	content.writeUInt16LE(process.arch === 'arm64' ? X64 : ARM64, MACHINE_AT);
	inPlace(content);
};

/** What is wrong, how it comes about, what the problem says, and what the hint says to do. */
const CASES: ReadonlyArray<[what: string, make: () => void, problem: RegExp, hint: RegExp]> = [
	['missing', () => rmSync(good), /^There is no file .*libWeWorkFinanceSdk_C\.so/, /In a container the file has to be mounted/],
	['not named', () => delete process.env.WECOM_FINANCE_SDK, /WECOM_FINANCE_SDK is not set/, /document 91774.*absolute path/],
	['a folder', () => (process.env.WECOM_FINANCE_SDK = folder), /is no file/, /the file itself, not its folder/],
	['a page of a failed download', () => inPlace('<html>404</html>'), /is no shared library/, /error page of a download/],
	['the pointer of a Git LFS file', () => inPlace('version https://git-lfs.github.com/spec/v1\n'), /is no shared library/, /Git LFS/],
	['of another machine', otherMachine, /is built for linux on \w+; this machine is linux on \w+/, /arm64/],
	['the one for Windows', () => inPlace(Buffer.from('MZ'.padEnd(4096, '\0')), 'WeWorkFinanceSdk.dll'), /does not have the name of Tencent's library/, /91774/],
	['writable by others', () => chmodSync(good, 0o666), /can be written by other users/, /chmod go-w/],
	['in a folder that others can write to', () => chmodSync(join(folder, 'good'), 0o777), /can be written by other users/, /chmod go-w/],
	['not the one with the given sha256', () => (process.env.WECOM_FINANCE_SDK_SHA256 = '0'.repeat(64)), /^The sha256 of .* is [0-9a-f]{64}, not the one in WECOM_FINANCE_SDK_SHA256/, /find out who replaced it/],
	['to be loaded in a way that there is not', () => (process.env.WECOM_FINANCE_SDK_LOAD = 'deep'), /WECOM_FINANCE_SDK_LOAD can be plain or isolated/, /the self-test chooses/],
	['half a file', () => inPlace(readFileSync(good).subarray(0, 2000)), /does not pass the self-test.*(?:the loader says|ended with SIGBUS)/, /91774|another version/],
	['another library', () => compiled('int something() { return 1; }'), /does not pass the self-test.*undefined symbol/, /has the name of Tencent's library but not its functions/],
	['one that ends its process', () => compiled(library('abort();', 'return 10008;')), /does not pass the self-test.*ended with SIGABRT at emptyInit/, /another version/],
	['one that opens what nobody sealed', () => compiled(library('return *corp ? 0 : 10000;', 'return 0;')), /does not pass the self-test.*garbageBody with 0/, /another version/],
]; // prettier-ignore

describe("a library of Tencent's that cannot be used because it is", () => {
	it.each(CASES)('%s is told with what to do', async (_what, make, problem, hint) => {
		make();
		const facts = await check();
		expect(facts).toMatchObject({ usable: false, token: 'issued' });
		expect(facts.problem).toMatch(problem);
		expect(facts.hint).toMatch(hint);
		expect(await pull()).toContain(String(facts.problem));
	});

	it('on a Linux with musl is not even loaded, and the way out is named', async () => {
		const { uid } = usual.machine();
		const machine = { platform: 'linux', arch: process.arch, libc: 'musl', ...(uid === undefined ? {} : { uid }) }; // prettier-ignore
		package_.configureLibraries({ machine: () => machine });
		// It would say so where it is loaded.
		compiled(library('abort();', 'abort();'));
		const facts = await check();
		expect(facts.problem).toMatch(/needs glibc; this Linux \(Alpine, say\) has musl/);
		expect(facts.hint).toMatch(/sidecar in a container with glibc/);
		expect(await pull()).toContain('needs glibc');
	});

	it('replaced while it is in use is looked at again before its next process starts', async () => {
		expect(await check()).toMatchObject({ usable: true, mode: 'plain' });
		process.env.WECOM_FINANCE_SDK_SHA256 = createHash('sha256').update(readFileSync(good)).digest('hex'); // prettier-ignore
		expect(await check()).toMatchObject({ usable: true });
		const replaced = Buffer.concat([readFileSync(good), Buffer.alloc(1)]);
		rmSync(good); // a new file in its place: the old one is loaded still
		inPlace(replaced);
		expect((await check()).problem).toMatch(/^The sha256 of /);
	});
});
