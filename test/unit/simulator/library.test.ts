import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
	findCompiler,
	LIBRARY_NAME,
	sealForLibrary,
	startSimulator,
	whyNoLibrary,
	type Simulator,
} from '../../../simulator';
import { getToken, openKeyWithForge, page, type WireRecord } from './support';
import { Stub } from './stub';

const SOURCES = resolve(__dirname, '../../../simulator/library');
const KEY = 'aSecretKeyOfOneMessage1234567890';
const compiler = findCompiler();

/** What messages say of a file. */
interface Body {
	readonly sdkfileid: string;
	readonly md5sum: string;
	readonly filesize: number;
}

test('a compiler without the headers of a C library is none, and what is said names the way out', () => {
	const { CC } = process.env;
	process.env.CC = '/bin/false';
	try {
		expect(findCompiler()).toBeUndefined();
		expect(whyNoLibrary()).toMatch(/no C compiler .*apt-get install gcc libc6-dev|Debian/);
	} finally {
		if (CC === undefined) delete process.env.CC;
		else process.env.CC = CC;
	}
});

describe('the stub of the library', () => {
	let simulator: Simulator;
	let stub: Stub;

	beforeAll(async () => {
		simulator = await startSimulator({ messageCount: 60, corruptEvery: 5, missingKeyEvery: 13 });
		stub = await Stub.install(simulator.url);
	});
	afterEach(() => {
		expect(stub.live()).toEqual([0, 0, 0]);
		simulator.faults.clear();
	});
	afterAll(async () => {
		await simulator.stop();
		await stub.remove();
	});

	test('is C without a warning', async () => {
		const files = (await readdir(SOURCES)).filter((name) => name.endsWith('.c'));
		expect(files).toContain('stub.c');
		// With optimisation, without which compilers do not see all that they warn of.
		const options = ['-std=c11', '-shared', '-fPIC', '-O2', '-o', '/dev/null'];
		options.push('-Wall', '-Wextra', '-Wpedantic', '-Werror');
		const { stdout, stderr } = await promisify(execFile)(compiler as string, [
			...options,
			...files.map((name) => join(SOURCES, name)),
		]);
		expect(stdout + stderr).toBe('');
	});

	test('lies under the name of the real one where nobody but the owner can write', async () => {
		expect(stub.path.endsWith(`/${LIBRARY_NAME}`)).toBe(true);
		expect((await stat(stub.path)).mode & 0o777).toBe(0o644);
		expect((await stat(resolve(stub.path, '..'))).mode & 0o022).toBe(0);
	});

	function fileOf(bytes: number): Body {
		const [record] = simulator.addMessages(1, { msgtype: 'file', bytes });
		return record?.plaintext?.file as Body;
	}

	describe('refuses as real builds do', () => {
		test('a handle without corp or secret', () => {
			const { NewSdk, Init, DestroySdk } = stub.functions;
			const sdk: unknown = NewSdk();
			for (const [corpId, secret] of [
				['', 's'],
				['c', ''],
				[null, 's'],
				['c', null],
			])
				// prettier-ignore
				expect(Init(sdk, corpId, secret)).toBe(10000);
			expect(Init(null, 'c', 's')).toBe(10000);
			expect([Init(sdk, 'c', 's'), Init(sdk, 'other', 'too')]).toEqual([0, 0]);
			DestroySdk(sdk);
		});

		test('a limit of 0 or 1001, and handles and slices that are none', async () => {
			await stub.with(simulator.corp, async (sdk) => {
				expect((await stub.chatData(sdk, 0n, 0)).code).toBe(10000);
				expect((await stub.chatData(sdk, 0n, 1001)).code).toBe(10000);
				expect(stub.functions.GetChatData(sdk, 0n, 1, '', '', 1, null)).toBe(10000);
				expect(stub.functions.GetMediaData(sdk, '', 'id', '', '', 1, null)).toBe(10000);
				expect((await stub.piece(sdk, '')).code).toBe(10000);
			});
			expect((await stub.chatData(null, 0n, 1)).code).toBe(10000);
			expect((await stub.piece(null, 'id')).code).toBe(10000);
		});

		test('a key or a body that is NULL, a slice that is, and a wrong key', async () => {
			const { DecryptData } = stub.functions;
			const sealed = sealForLibrary('{"msgid":"1"}', KEY);
			expect(DecryptData(null, sealed, null)).toBe(10000);
			expect(DecryptData(KEY, null, null)).toBe(10000);
			expect(DecryptData(KEY, sealed, null)).toBe(10008);
			for (const key of [`x${KEY}`, KEY.slice(0, 15), '']) {
				expect(await stub.decrypt(key, sealed)).toEqual({ code: 10008, text: '' });
			}
			expect(await stub.decrypt(KEY, sealed)).toEqual({ code: 0, text: '{"msgid":"1"}' });
		});

		test('every call over the network where there is no simulator', async () => {
			const alone = await Stub.install(simulator.url);
			await rm(`${alone.path}.address`);
			for (const nowhere of [alone, await Stub.install('http://127.0.0.1:9')]) {
				await nowhere.with(simulator.corp, async (sdk) => {
					expect((await nowhere.chatData(sdk, 0n, 1, { timeout: 2 })).code).toBe(10001);
					expect((await nowhere.piece(sdk, 'id')).code).toBe(10001);
				});
				await nowhere.remove();
			}
		});
	});

	describe('ends its process', () => {
		async function ended(name: string, ...given: unknown[]) {
			const args = [stub.path, name, JSON.stringify(given)];
			const child = fork(join(__dirname, 'stubProcess.cjs'), args, {
				stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
				execArgv: [],
			});
			const answers: unknown[] = [];
			child.on('message', (message) => answers.push(message));
			const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
			expect(answers).toEqual(['ready']);
			return signal ?? code;
		}

		test.each([
			['segv', 'SIGSEGV'],
			['abort', 'SIGABRT'],
			['exit', 0],
		] as const)('over a record that is made for it: %s', async (how, end) => {
			expect(await ended('decrypt', KEY, sealForLibrary('{"msgid":"1"}', KEY, how))).toBe(end);
			simulator.faults.add({ kind: 'endsProcess', how, path: '/finance_sdk/GetChatData' });
			const { corpId, corpSecret } = simulator.corp;
			expect(await ended('chatData', corpId, corpSecret)).toBe(end);
		});

		test.each(['', 'QUJD', 'QUJDREVGR0hJSktM乱码', 'AAAAAAAAAAAAAA==', 'not base64 at all!'])(
			'over the body "%s"',
			async (body) => {
				expect(await ended('decrypt', KEY, body)).toBe('SIGABRT');
			},
		);

		test('over a handle that is destroyed twice', async () => {
			expect(await ended('destroyTwice')).toMatch(/^SIG(ABRT|SEGV)$/);
		});

		test('never comes back from a record that hangs', async () => {
			const args = [
				stub.path,
				'decrypt',
				JSON.stringify([KEY, sealForLibrary('{"msgid":"1"}', KEY, 'hang')]),
			];
			const child = fork(join(__dirname, 'stubProcess.cjs'), args, { execArgv: [] });
			await once(child, 'message');
			const closed = once(child, 'close');
			expect(await Promise.race([closed, once(child, 'message'), pause(300)])).toBe('still');
			child.kill('SIGKILL');
			expect(await closed).toEqual([null, 'SIGKILL']);
		});
	});

	describe('gets the archive', () => {
		async function records(): Promise<WireRecord[]> {
			return await stub.with(simulator.corp, async (sdk) => {
				const { code, text } = await stub.chatData(sdk, 0n, 1000);
				expect(code).toBe(0);
				const { errcode, chatdata } = JSON.parse(text) as {
					errcode: number;
					chatdata: WireRecord[];
				};
				expect(errcode).toBe(0);
				return chatdata;
			});
		}

		test('as the reference contract has it, but for the sealed texts', async () => {
			const without = (list: WireRecord[]) =>
				list.map(({ encrypt_chat_msg: _body, ...rest }) => rest);
			const reference = await page(simulator, await getToken(simulator), 0, 1000);
			expect(without(await records())).toEqual(without(reference));
		});

		test('in which every good record decrypts, and every broken one is refused', async () => {
			const outcomes = new Map<string, Set<string>>();
			for (const [index, record] of (await records()).entries()) {
				const { state, damage, plaintext } = simulator.truth[index] as (typeof simulator.truth)[0];
				const pem = simulator.keys[record.publickey_ver]?.privateKey;
				const outcome = await opened(record, pem);
				if (state === 'ok') expect(outcome).toEqual(plaintext);
				const name = damage ?? state;
				const seen = typeof outcome === 'string' ? outcome : 'a message';
				outcomes.set(name, (outcomes.get(name) ?? new Set()).add(seen));
			}
			const { not_base64: unreadable, ...others } = Object.fromEntries(
				[...outcomes].map(([name, seen]) => [name, [...seen]]),
			);
			expect(others).toEqual({
				ok: ['a message'],
				missing_key: ['no key'],
				truncated_key: ['no key'],
				other_key: ['no key'],
				flipped_message: ['10008'],
				not_json: ['not JSON'],
			});
			expect(['no base64', 'no key']).toEqual(expect.arrayContaining(unreadable ?? ['none']));
		});

		async function opened(record: WireRecord, pem: string | undefined): Promise<unknown> {
			if (!/^[A-Za-z0-9+/]+=*$/.test(record.encrypt_chat_msg)) return 'no base64';
			let key: string;
			try {
				key = openKeyWithForge(record.encrypt_random_key, pem as string);
			} catch {
				return 'no key';
			}
			const { code, text } = await stub.decrypt(key, record.encrypt_chat_msg);
			if (code !== 0) return String(code);
			try {
				return JSON.parse(text) as unknown;
			} catch {
				return 'not JSON';
			}
		}

		test('from a seq on, exact beyond 2^53', async () => {
			const far = await startSimulator({ messageCount: 3, firstSeq: 2n ** 64n - 50n });
			const own = await Stub.install(far.url);
			await own.with(far.corp, async (sdk) => {
				const [first, second] = far.truth.map(({ seq }) => seq) as [bigint, bigint];
				const { text } = await own.chatData(sdk, first, 1);
				expect(text).toContain(`{"seq":${second},`);
				expect(text.match(/"seq"/g)).toHaveLength(1);
				expect((await own.chatData(sdk, 2n ** 64n - 1n, 10)).text).toContain('"chatdata":[]');
			});
			await far.stop();
			await own.remove();
		});

		test('with records over which it ends its process, and texts with raw control characters', async () => {
			const small = await startSimulator({ messageCount: 9, libraryEndsEvery: 3 });
			expect(small.truth.map(({ libraryEnds }) => libraryEnds)).toEqual([
				...[undefined, undefined, 'segv'],
				...[undefined, undefined, 'abort'],
				...[undefined, undefined, 'exit'],
			]);
			const [raw] = small.addMessages(1, { text: '一\n二\t"三" \\n 四\u0001', rawControls: true });
			const [hangs] = small.addMessages(1, { libraryEnds: 'hang' });
			expect(hangs).toMatchObject({ state: 'ok', libraryEnds: 'hang' });
			const own = await Stub.install(small.url);
			await own.with(small.corp, async (sdk) => {
				const { text } = await own.chatData(sdk, (raw?.seq ?? 0n) - 1n, 1);
				const [record] = (JSON.parse(text) as { chatdata: [WireRecord] }).chatdata;
				const key = openKeyWithForge(
					record.encrypt_random_key,
					small.keys[2]?.privateKey as string,
				);
				const plain = (await own.decrypt(key, record.encrypt_chat_msg)).text;
				expect(plain).toContain('"content":"一\n二\t\\"三\\" \\\\n 四\u0001"');
				expect(() => JSON.parse(plain) as unknown).toThrow(SyntaxError);
			});
			await small.stop();
			await own.remove();
		});
	});

	describe('says what WeCom says', () => {
		async function answered(corp: { corpId: string; corpSecret: string }, limit = 10) {
			return await stub.with(corp, async (sdk) => {
				const { code, text } = await stub.chatData(sdk, 0n, limit);
				const { errcode, errmsg } = JSON.parse(text === '' ? '{}' : text) as {
					errcode?: number;
					errmsg?: string;
				};
				return { code, errcode, errmsg };
			});
		}

		test('of secrets: an errcode beside return code 0', async () => {
			const { corp, customers } = simulator;
			const wrong = { ...corp, corpSecret: 'wrong' };
			expect(await answered(wrong)).toMatchObject({ code: 0, errcode: 40001 });
			const foreign = { ...corp, corpId: 'ww0' };
			expect(await answered(foreign)).toMatchObject({ code: 0, errcode: 40013 });
			const { permanentCode: corpSecret = '' } = customers[0] ?? {};
			expect(await answered({ ...corp, corpSecret })).toMatchObject({ code: 0, errcode: 48002 });
			await stub.with(wrong, async (sdk) => {
				expect((await stub.piece(sdk, fileOf(10).sdkfileid)).code).toBe(10000);
			});
		});

		test('of addresses and answers that are too large', async () => {
			simulator.faults.add({ kind: 'ip', path: '/finance_sdk/GetChatData' });
			const untrusted = await answered(simulator.corp);
			expect(untrusted).toMatchObject({ code: 0, errcode: 301042 });
			expect(untrusted.errmsg).toContain('from ip: 127.0.0.1');
			simulator.faults.add({ kind: 'tooLarge', maxRecords: 50 });
			expect(await answered(simulator.corp, 100)).toMatchObject({ code: 0, errcode: 301058 });
			expect(await answered(simulator.corp, 50)).toMatchObject({ code: 0, errcode: 0 });
		});

		test.each([
			[{ kind: 'returnCode', returnCode: 10009 }, 10009],
			[{ kind: 'cut' }, 10001],
			[{ kind: 'half' }, 10001],
			[{ kind: 'http502' }, 10002],
			[{ kind: 'nonjson' }, 10002],
			[{ kind: 'empty' }, 10002],
		] as const)('of what goes wrong on the way: %j', async (fault, code) => {
			for (const path of ['/finance_sdk/GetChatData', '/finance_sdk/GetMediaData']) {
				simulator.faults.add({ ...fault, path });
			}
			expect(await answered(simulator.corp)).toEqual({ code });
			const { sdkfileid } = fileOf(2000);
			await stub.with(simulator.corp, async (sdk) => {
				expect((await stub.piece(sdk, sdkfileid)).code).toBe(code);
				expect((await stub.piece(sdk, sdkfileid)).code).toBe(0);
			});
		});

		test('no later than the time allows, in seconds', async () => {
			simulator.faults.add({ kind: 'slow', delayMs: 20_000, path: '/finance_sdk/GetChatData' });
			const started = performance.now();
			await stub.with(simulator.corp, async (sdk) => {
				expect((await stub.chatData(sdk, 0n, 1, { timeout: 1 })).code).toBe(10001);
			});
			expect(performance.now() - started).toBeGreaterThan(990);
			expect(performance.now() - started).toBeLessThan(15_000);
		});

		test('a library that is not served knows nobody', async () => {
			const other = await startSimulator({ messageCount: 1, contracts: ['reference', 'dataZone'] });
			const own = await Stub.install(other.url);
			await own.with(other.corp, async (sdk) => {
				expect((await own.chatData(sdk, 0n, 1)).code).toBe(10002);
			});
			await other.stop();
			await own.remove();
		});
	});

	describe('gets files', () => {
		async function download(sdk: unknown, sdkfileid: string): Promise<Buffer[]> {
			const pieces: Buffer[] = [];
			for (let index = ''; ;) {
				const piece = await stub.piece(sdk, sdkfileid, index);
				expect(piece.code).toBe(0);
				pieces.push(piece.data);
				if (piece.isLast) return pieces;
				index = piece.index;
			}
		}

		test.each([1, 524_288, 524_289, 1_300_000])(
			'of %i bytes, in pieces of 512 KiB',
			async (size) => {
				const { sdkfileid, md5sum, filesize } = fileOf(size);
				await stub.with(simulator.corp, async (sdk) => {
					const pieces = await download(sdk, sdkfileid);
					expect(pieces).toHaveLength(Math.ceil(size / 524_288));
					const whole = Buffer.concat(pieces);
					expect(whole).toHaveLength(filesize);
					expect(createHash('md5').update(whole).digest('hex')).toBe(md5sum);
					expect(whole.equals(simulator.media(sdkfileid))).toBe(true);
				});
			},
		);

		test('by the index of the piece before', async () => {
			const { sdkfileid } = fileOf(600_000);
			await stub.with(simulator.corp, async (sdk) => {
				const first = await stub.piece(sdk, sdkfileid);
				expect(first).toMatchObject({ index: 'Range:bytes=524288-1048575', isLast: false });
				const second = await stub.piece(sdk, sdkfileid, first.index);
				expect(second).toMatchObject({ index: '', isLast: true });
				for (const index of ['Range:bytes=600000-', 'bytes=0-1', 'Range:bytes=700000-800000']) {
					expect((await stub.piece(sdk, sdkfileid, index)).code).toBe(10000);
				}
			});
		});

		test('with a wrong byte once, and no file nobody sent', async () => {
			const { sdkfileid } = fileOf(2000);
			simulator.faults.add({ kind: 'wrongBytes', path: '/finance_sdk/GetMediaData' });
			await stub.with(simulator.corp, async (sdk) => {
				const [wrong, right] = [await stub.piece(sdk, sdkfileid), await stub.piece(sdk, sdkfileid)];
				expect(wrong.data).toHaveLength(2000);
				expect(wrong.data.equals(right.data)).toBe(false);
				expect(right.data.equals(simulator.media(sdkfileid))).toBe(true);
				const forged = sdkfileid.replace('CtYBMzA2OTAy0', 'CtYBMzA2OTAy1');
				for (const id of ['nonsense', forged, `${sdkfileid}x`]) {
					expect((await stub.piece(sdk, id)).code).toBe(10005);
				}
			});
		});

		test('for five days', async () => {
			let now = Date.now();
			const later = await startSimulator({ messageCount: 0, now: () => now });
			const own = await Stub.install(later.url);
			const [record] = later.addMessages(1, { msgtype: 'voice' });
			const { sdkfileid } = record?.plaintext?.voice as Body;
			await own.with(later.corp, async (sdk) => {
				now += 5 * 86_400_000 - 60_000;
				expect((await own.piece(sdk, sdkfileid)).code).toBe(0);
				now += 120_000;
				expect((await own.piece(sdk, sdkfileid)).code).toBe(10010);
			});
			await later.stop();
			await own.remove();
		});
	});
});

async function pause(ms: number): Promise<string> {
	return await new Promise((done) => setTimeout(() => done('still'), ms));
}
