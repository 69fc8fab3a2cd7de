import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installLibrary, sealForLibrary, type EndsProcess } from '../../../simulator/library';
import { CancelledError, RecordError, type WecomError } from '../../../wecom/errors';
import { closeLibraries, openLibrary } from '../../../wecom/library';
import type { ArchiveLibrary, LibraryAccess } from '../../../wecom/library/archiveLibrary';
import {
	LibraryCrashedError,
	LibraryReturnError,
	LibraryUnavailableError,
} from '../../../wecom/library/libraryErrors';
import { buildClient, type BuiltClient } from '../support/programs';
import { closeServers, failureOf, gate, startServer, until, type Reply } from '../support/server';
import { ask, TOKEN } from './sidecarSupport';

const ACCESS: LibraryAccess = {
	corpId: 'ww1234567890abcdef',
	secret: 'archive-secret-of-the-corp',
	timeoutSeconds: 1,
};
/** What the stub takes for an answer of WeCom's. */
const OK = { 'X-Return-Code': '0' };
const PIECE_BYTES = 512 * 1024;

/** A sidecar in a process of its own, as a container runs it. */
interface SidecarProcess {
	process: ChildProcess;
	port: number;
	/** All that it printed. */
	printed(): string;
	library: ArchiveLibrary;
	/** Ends it. */
	exit(): Promise<{ code: number | null }>;
}

let client: BuiltClient;
let folder: string;
let tokenFile: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
	client = buildClient();
	folder = mkdtempSync(join(tmpdir(), 'sidecar-'));
	tokenFile = join(folder, 'token');
	writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o400 });
});

afterEach(async () => {
	for (const process of running) process.kill('SIGKILL');
	running.clear();
	await closeLibraries();
	await closeServers();
});

afterAll(() => {
	client.remove();
	chmodSync(folder, 0o700);
	rmSync(folder, { recursive: true });
});

/** Runs the program until it ends. */
function run(env: Record<string, string>) {
	const program = spawn(process.execPath, [client.program('library/sidecar')], {
		env: { WECOM_SIDECAR_TOKEN_FILE: tokenFile, WECOM_SIDECAR_PORT: '0', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	running.add(program);
	let printed = '';
	for (const stream of [program.stdout, program.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
	}
	return { program, printed: () => printed };
}

async function start(env: Record<string, string>, access = ACCESS): Promise<SidecarProcess> {
	const { program, printed } = run(env);
	await until(() => /Listens on .* port \d+/.test(printed()) || program.exitCode !== null);
	const port = Number(/port (\d+)/.exec(printed())?.[1]);
	return {
		process: program,
		port,
		printed,
		library: openLibrary({ at: 'sidecar', url: `http://127.0.0.1:${port}`, token: TOKEN }, access),
		exit: async () => {
			const closed = once(program, 'close');
			program.kill('SIGTERM');
			const [code] = (await closed) as [number | null];
			return { code };
		},
	};
}

/** A sidecar over the stub of the library, whose calls a server of the test answers. */
async function startWithStub(reply: Reply, access = ACCESS) {
	const server = await startServer(reply);
	const file = await installLibrary(server.url, join(folder, 'sdk'));
	return { ...(await start({ WECOM_FINANCE_SDK: file }, access)), server, file };
}

const nothing: Reply = (_request, response) => response.writeHead(500).end();

/** A whole answer of GetChatData. */
const page =
	(text: string): Reply =>
	(_request, response) =>
		response.writeHead(200, { ...OK, 'Content-Length': Buffer.byteLength(text) }).end(text);

/** Answers GetMediaData from files made of their ids. */
const files: Reply = ({ body }, response) => {
	const { sdkfileid, indexbuf } = JSON.parse(body) as { sdkfileid: string; indexbuf: string };
	const whole = fileOf(sdkfileid);
	const from = Number(/=(\d+)-/.exec(indexbuf)?.[1] ?? 0);
	const piece = whole.subarray(from, from + PIECE_BYTES);
	const next = from + piece.length;
	response.writeHead(200, {
		...OK,
		'Content-Length': piece.length,
		'X-Out-Index': `Range:bytes=${next}-${next + PIECE_BYTES - 1}`,
		'X-Is-Finish': next >= whole.length ? '1' : '0',
	});
	response.end(piece);
};

function fileOf(id: string): Buffer {
	const bytes = createHash('sha512').update(id).digest();
	return Buffer.alloc(1_300_000 + (bytes[0] ?? 0), bytes);
}

async function download(library: ArchiveLibrary, id: string): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for (let index = ''; ;) {
		const piece = await library.media(id, index);
		pieces.push(piece.data);
		if (piece.isLast) return Buffer.concat(pieces);
		index = piece.nextIndex;
	}
}

function sealed(n: number, ends?: EndsProcess) {
	const randomKey = `key of record ${n} `.padEnd(88, '#');
	return { randomKey, ciphertext: sealForLibrary(textOf(n), randomKey, ends) };
}

const textOf = (n: number) =>
	JSON.stringify({ msgid: `m${n}`, text: { content: `第 ${n} 条消息` } });

describe('through the sidecar', () => {
	it('a page of 1,000 records comes and opens, in order and whole', async () => {
		const answer = JSON.stringify({
			errcode: 0,
			chatdata: Array.from({ length: 1000 }, (_, n) => ({ seq: n, msgid: `m${n}` })),
		});
		const { library, server } = await startWithStub(page(answer));
		await expect(library.chatData(18446744073709551614n, 1000)).resolves.toBe(answer);
		expect(server.requests[0]?.path).toBe('/cgi-bin/finance_sdk/GetChatData');
		expect(server.requests[0]?.body).toContain('"seq":18446744073709551614,"limit":1000');
		const opened = await library.decrypt(Array.from({ length: 1000 }, (_, n) => sealed(n)));
		expect(opened).toEqual(Array.from({ length: 1000 }, (_, n) => textOf(n)));
	});

	it('30 files come at once, in pieces, each with its own bytes', async () => {
		const { library } = await startWithStub(files);
		const ids = Array.from({ length: 30 }, (_, n) => `sdkfileid-${n}`);
		const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
		const downloaded = await Promise.all(ids.map(async (id) => md5(await download(library, id))));
		expect(downloaded).toEqual(ids.map((id) => md5(fileOf(id))));
	});

	it('a record that ends the library is named, the others open', async () => {
		const { library, printed } = await startWithStub(nothing);
		const batch = Array.from({ length: 60 }, (_, n) =>
			sealed(n, ({ 7: 'segv', 30: 'abort', 59: 'exit' } as const)[n]),
		);
		const opened = await library.decrypt(batch);
		const killers = [7, 30, 59];
		for (const [n, result] of opened.entries()) {
			if (!killers.includes(n)) expect(result).toBe(textOf(n));
			else expect(result).toMatchObject({ reason: 'library_crashed' });
		}
		expect(opened[7]).toBeInstanceOf(RecordError);
		expect((opened[7] as RecordError).message).toContain('SIGSEGV');
		expect(printed()).toContain('The library ended its process over a record');
	});

	it('a record that the library never comes back from is named, the others open', async () => {
		const { library } = await startWithStub(nothing);
		const opened = await library.decrypt([sealed(1), sealed(2, 'hang'), sealed(3)]);
		expect(opened).toEqual([
			textOf(1),
			expect.objectContaining({ reason: 'library_crashed' }),
			textOf(3),
		]);
	}, 90_000);

	it('bodies that real builds do not survive never reach them', async () => {
		const { library } = await startWithStub(nothing);
		const opened = await library.decrypt([
			{ randomKey: 'x'.repeat(32), ciphertext: '' },
			{ randomKey: '=', ciphertext: sealed(1).ciphertext },
			sealed(2),
		]);
		expect(opened).toEqual([
			expect.objectContaining({ reason: 'corrupt_message' }),
			expect.objectContaining({ reason: 'wrong_private_key' }),
			textOf(2),
		]);
	});

	it.each([
		['/chat-data', { seq: '18446744073709551616', limit: 10 }, 'seq'],
		['/chat-data', { seq: '1', limit: 1001 }, 'limit'],
		['/media', { sdkfileid: '', index: '' }, 'sdkfileid'],
		['/check', { access: { ...ACCESS, proxy: 'file:///etc/passwd' } }, 'proxy'],
		['/check', { access: { ...ACCESS, timeoutSeconds: 100_000 } }, 'timeout'],
	])('a value that the library does not take is named: %s %j', async (path, values, field) => {
		const { port, server } = await startWithStub(nothing);
		const { status, body } = await ask({ port }, path, {
			body: JSON.stringify({ access: ACCESS, ...values }),
		});
		expect(status).toBe(400);
		expect(JSON.parse(body)).toMatchObject({ error: { kind: 'input', field } });
		expect(server.requests).toEqual([]);
	});

	it('a library that ends over every page is told as crashed', async () => {
		const { library } = await startWithStub((_request, response) =>
			response.writeHead(200, { ...OK, 'X-Ends-Process': 'segv', 'Content-Length': 0 }).end(),
		);
		const error = await failureOf(library.chatData(1n, 10));
		expect(error).toBeInstanceOf(LibraryCrashedError);
		expect((error as WecomError).message).toContain('SIGSEGV');
	});

	it('a return code is told with what to do', async () => {
		const { library, printed } = await startWithStub((_request, response) =>
			response.writeHead(200, { 'X-Return-Code': '10009', 'Content-Length': 0 }).end(),
		);
		const error = await failureOf(library.chatData(1n, 10));
		expect(error).toBeInstanceOf(LibraryReturnError);
		expect(error).toMatchObject({ returnCode: 10009, path: 'GetChatData' });
		expect((error as WecomError).hint).toMatch(/IP/);
		expect(printed()).toContain('GetChatData returned 10009');
	});

	it('facts of library and machine come out, by health too', async () => {
		const { library, port, file } = await startWithStub(nothing);
		const facts = await library.check();
		expect(facts).toMatchObject({
			platform: 'linux',
			libc: expect.stringMatching(/^glibc /),
			file,
			md5: createHash('md5').update(readFileSync(file)).digest('hex'),
			mode: 'plain',
		});
		const headers = { authorization: `Bearer ${TOKEN}` };
		const { body } = await ask({ port }, '/health', { method: 'GET', headers });
		expect(JSON.parse(body)).toEqual({ status: 'up', library: facts });
	});

	it('a cancelled call is over at once', async () => {
		const asked = gate();
		const { library } = await startWithStub(() => asked.open());
		const controller = new AbortController();
		const call = failureOf(library.chatData(1n, 10, controller.signal));
		await asked.opened;
		controller.abort();
		expect(await call).toBeInstanceOf(CancelledError);
	});
});

describe('secrets', () => {
	it('are nowhere but in the memory of the sidecar: not in logs, arguments, environments', async () => {
		const access = { ...ACCESS, proxy: 'http://127.0.0.1:9', passwd: 'proxyuser:proxy-password' };
		const { library, process: sidecar, printed, port } = await startWithStub(nothing, access);
		await failureOf(library.chatData(1n, 10));
		await library.decrypt([sealed(1), sealed(2, 'segv')]);
		await failureOf(library.media('an-id', ''));
		await ask({ port }, '/check', { headers: { authorization: 'Bearer wrong' } });
		const processes = [sidecar.pid ?? 0, ...childrenOf(sidecar.pid ?? 0)];
		expect(processes.length).toBeGreaterThan(1);
		const seen = processes.flatMap((pid) => [
			readable(`/proc/${pid}/cmdline`),
			readable(`/proc/${pid}/environ`),
		]);
		const all = [...seen, printed()].join('\n');
		expect(all).toContain('sidecar.js');
		for (const secret of [
			TOKEN,
			ACCESS.secret,
			'proxy-password',
			sealed(1).randomKey,
			sealed(2).randomKey,
		]) {
			expect(all).not.toContain(secret);
			expect(all).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
		}
	});
});

describe('the program', () => {
	it('answers what is under way when it is told to end, and takes its children with it', async () => {
		const asked = gate();
		const answered = gate();
		const {
			library,
			exit,
			process: sidecar,
			printed,
		} = await startWithStub(async (request, response) => {
			asked.open();
			await answered.opened;
			return await page('the page')(request, response);
		});
		const answer = library.chatData(1n, 10);
		await asked.opened;
		const children = childrenOf(sidecar.pid ?? 0);
		expect(children.length).toBeGreaterThan(0);
		const ended = exit();
		await until(() => printed().includes('Stops on SIGTERM'));
		answered.open();
		await expect(answer).resolves.toBe('the page');
		await expect(ended).resolves.toEqual({ code: 0 });
		expect(printed()).toMatch(/info Stopped\n$/);
		expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
	});

	it('says in a line where it listens, and in one which library it has', async () => {
		const { printed, file } = await startWithStub(nothing);
		await until(() => printed().includes('The library is'));
		const lines = printed().trim().split('\n');
		expect(lines).toHaveLength(2);
		expect(lines[0]).toMatch(/^\S+Z info Listens on 127\.0\.0\.1 port \d+$/);
		expect(lines[1]).toContain(`info The library is ${file}, `);
	});

	it('stays up without a library, and tells n8n what is missing', async () => {
		const { library, port, printed } = await start({});
		await until(() => printed().includes('cannot be used'));
		const error = await failureOf(library.chatData(1n, 10));
		expect(error).toBeInstanceOf(LibraryUnavailableError);
		expect((error as WecomError).message).toMatch(/^WECOM_FINANCE_SDK is not set.* \(sidecar at /);
		const { status } = await ask({ port }, '/health', { method: 'GET', headers: {} });
		expect(status).toBe(200);
	});

	it.each([
		[
			'a token file that is missing',
			{ WECOM_SIDECAR_TOKEN_FILE: '/nowhere/token' },
			'cannot be read from /nowhere/token (ENOENT)',
		],
		[
			'no token file',
			{ WECOM_SIDECAR_TOKEN_FILE: '', WECOM_SIDECAR_TOKEN: TOKEN },
			'/run/secrets/wecom_sidecar_token',
		],
		['a port that is none', { WECOM_SIDECAR_PORT: 'http' }, 'WECOM_SIDECAR_PORT is no port'],
		['an address that is not here', { WECOM_SIDECAR_HOST: '192.0.2.1' }, 'EADDRNOTAVAIL'],
	])('ends with a line that says why: %s', async (_what, env, words) => {
		const { program, printed } = run(env as Record<string, string>);
		const [code] = (await once(program, 'close')) as [number];
		expect(code).toBe(1);
		expect(printed().trim().split('\n')).toHaveLength(1);
		expect(printed()).toContain('problem Cannot go on: ');
		expect(printed()).toContain(words);
		expect(printed()).not.toContain(TOKEN);
	});
});

/** Processes that a process has started. */
function childrenOf(pid: number): number[] {
	const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
	return text.trim().split(' ').filter(Boolean).map(Number);
}

/** What another process may read; of one that is protected nothing. */
function readable(file: string): string {
	try {
		return readFileSync(file, 'latin1');
	} catch {
		return '';
	}
}
