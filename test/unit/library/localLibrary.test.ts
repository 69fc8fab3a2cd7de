import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { sealForLibrary } from '../../../simulator/library';
import { RecordError } from '../../../wecom/errors';
import { closeLibraries, configureLibraries } from '../../../wecom/library';
import { LibraryReturnError } from '../../../wecom/library/libraryErrors';
import { RETURN_CODES } from '../../../wecom/returnCodes';
import { failureOf, gate, inTurn, until } from '../support/server';
import {
	gives,
	hostPids,
	installStub,
	installVariant,
	KEY,
	open,
	PASSWD,
	returns,
	sealed,
	sealedPage,
	SECRET,
	startArchive,
	withLibraries,
} from './support';

withLibraries();

const MODES = ['plain', 'isolated'] as const;

describe.each(MODES)('a library that is loaded %s', (mode) => {
	beforeEach(() => {
		process.env.WECOM_FINANCE_SDK_LOAD = mode;
	});

	it('gives pages, exact in their seqs', async () => {
		const server = await startArchive(
			gives('{"errcode":0,"chatdata":[{"seq":18446744073709551615}]}'),
		);
		const page = await open().chatData(2n ** 64n - 1n, 1000);
		expect(page).toBe('{"errcode":0,"chatdata":[{"seq":18446744073709551615}]}');
		expect(server.requests[0]?.body).toContain('"seq":18446744073709551615,"limit":1000');
	});

	it('gives pieces of files, byte for byte', async () => {
		const bytes = Buffer.from(Array.from({ length: 512 * 1024 }, (_, index) => index % 251));
		await startArchive(gives(bytes, { 'X-Out-Index': 'Range:bytes=524288-1048575' }));
		const piece = await open().media('file-id', '');
		expect({ ...piece, data: piece.data.length }).toEqual({
			data: bytes.length,
			nextIndex: 'Range:bytes=524288-1048575',
			isLast: false,
		});
		expect(createHash('md5').update(piece.data).digest('hex')).toBe(
			createHash('md5').update(bytes).digest('hex'),
		);
	});

	it('opens messages in order, in whatever batches', async () => {
		await installStub();
		const results = await open().decrypt(sealedPage(1001));
		expect(results).toEqual(Array.from({ length: 1001 }, (_, index) => `{"index":${index}}`));
	});

	it('survives a message that ends its process', async () => {
		await installStub();
		const results = await open().decrypt(sealedPage(20, { 7: 'segv' }));
		expect(results.filter((result) => typeof result === 'string')).toHaveLength(19);
	});

	it('has room for large frames on its stack', async () => {
		await installVariant('NEEDS_A_BIG_STACK');
		expect(await open().check()).toMatchObject({ mode });
		expect(await open().decrypt([sealed(0)])).toMatchObject([{ reason: 'wrong_private_key' }]);
	});
});

describe('a library on this machine', () => {
	it('starts nothing before it is called', async () => {
		await installStub();
		open();
		expect(hostPids()).toEqual([]);
	});

	it('opens messages asked for one by one in few batches', async () => {
		await installStub();
		const library = open();
		const results = await Promise.all(
			sealedPage(400).map(async (body) => (await library.decrypt([body]))[0]),
		);
		expect(results).toEqual(Array.from({ length: 400 }, (_, index) => `{"index":${index}}`));
	});

	it('answers other calls between the batches of a large one', async () => {
		await startArchive(gives('{}'));
		const library = open();
		const done: string[] = [];
		await Promise.all([
			library.decrypt(sealedPage(5000)).then(() => done.push('messages')),
			library.chatData(0n, 1).then(() => done.push('page')),
		]);
		expect(done).toEqual(['page', 'messages']);
	});

	it('makes calls in turn', async () => {
		let running = 0;
		let most = 0;
		const server = await startArchive(async (request, response) => {
			most = Math.max(most, ++running);
			await new Promise((resolve) => setTimeout(resolve, 5));
			running--;
			await gives(request.body)(request, response);
		});
		const library = open();
		const seqs = [5n, 3n, 9n, 1n, 7n];
		await Promise.all(seqs.map(async (seq) => await library.chatData(seq, 1)));
		const asked = server.requests.map(({ body }) => /"seq":(\d+)/.exec(body)?.[1]);
		expect(asked).toEqual(['5', '3', '9', '1', '7']);
		expect(most).toBe(1);
	});

	it('names a wrong key', async () => {
		await installStub();
		const { ciphertext } = sealed(0);
		const [result] = await open().decrypt([{ randomKey: 'k'.repeat(88), ciphertext }]);
		expect(result).toBeInstanceOf(RecordError);
		expect(result).toMatchObject({
			reason: 'wrong_private_key',
			message: expect.stringContaining('return code 10008'),
		});
	});

	it.each([
		['an empty key', '', undefined, 'wrong_private_key'],
		['a short key', 'k'.repeat(15), undefined, 'wrong_private_key'],
		['a long key', 'k'.repeat(1025), undefined, 'wrong_private_key'],
		['a key that cannot be printed', `${KEY}\0`, undefined, 'wrong_private_key'],
		['an empty body', undefined, '', 'corrupt_message'],
		['a body of twelve characters', undefined, 'AAAAAAAAAAAA', 'corrupt_message'],
		['a body that is no base64', undefined, 'no base64: ........', 'corrupt_message'],
	])('never sees %s', async (_what, key, body, reason) => {
		await installStub();
		const good = sealed(0);
		const bad = { randomKey: key ?? good.randomKey, ciphertext: body ?? good.ciphertext };
		expect(await open().decrypt([bad])).toMatchObject([{ reason }]);
		expect(hostPids()).toEqual([]);
	});

	it('opens a message of many millions of characters, and names one that is damaged', async () => {
		await installStub();
		const text = 'x'.repeat(12_000_000);
		const ciphertext = sealForLibrary(text, KEY);
		const good = { randomKey: KEY, ciphertext };
		const bad = { randomKey: KEY, ciphertext: `${ciphertext.slice(0, -1)}!` };
		const [opened, refused] = await open().decrypt([good, bad]);
		expect(opened === text).toBe(true);
		expect(refused).toMatchObject({ reason: 'corrupt_message' });
	});

	it('opens what stands around a message that it never sees', async () => {
		await installStub();
		const bad = { randomKey: KEY, ciphertext: '' };
		expect(await open().decrypt([sealed(0), bad, sealed(2)])).toMatchObject([
			'{"index":0}',
			{ reason: 'corrupt_message' },
			'{"index":2}',
		]);
	});

	it('says of each return code what to do', async () => {
		const codes = [...RETURN_CODES.keys()];
		await startArchive(inTurn(...codes.flatMap((code) => [returns(code), returns(code)])));
		const library = open();
		for (const code of codes) {
			const entry = RETURN_CODES.get(code);
			const error = await failureOf(library.chatData(0n, 10));
			expect(error).toBeInstanceOf(LibraryReturnError);
			expect(error).toMatchObject({
				returnCode: code,
				entry,
				hint: entry?.hint,
				path: 'GetChatData',
				message: `Tencent's library answered GetChatData with return code ${code}: ${entry?.meaning}`,
			});
			expect(await failureOf(library.media('id', ''))).toMatchObject({
				path: 'GetMediaData',
				returnCode: code,
			});
		}
	});

	it('says of a return code that is new where to look', async () => {
		await startArchive(returns(10099));
		expect(await failureOf(open().chatData(0n, 10))).toMatchObject({
			returnCode: 10099,
			entry: { action: 'fail' },
			hint: expect.stringContaining('91552'),
		});
	});

	it.each([
		['corpId', { corpId: '' }],
		['corpId', { corpId: 'ww 1' }],
		['corpSecret', { secret: '' }],
		['corpSecret', { secret: 'with\0zero' }],
		['proxy', { proxy: 'proxy:8080' }],
		['proxy', { proxy: 'https://proxy:8080' }],
		['proxy', { proxy: `http://${PASSWD}@proxy:8080` }],
		['proxy', { proxy: 'http://proxy:99999' }],
		['passwd', { proxy: 'http://proxy:8080', passwd: 'no colon' }],
		['passwd', { proxy: 'http://proxy:8080', passwd: 'user:pass\r\nX: 1' }],
		['timeout', { timeoutSeconds: 0 }],
		['timeout', { timeoutSeconds: 1.5 }],
		['timeout', { timeoutSeconds: 601 }],
	])('takes no such %s', (field, access) => {
		expect(() => open(access)).toThrow(expect.objectContaining({ code: 'input', field }));
	});

	it('takes as many seconds as a gateway of the reference does', () => {
		expect(() => open({ timeoutSeconds: 600 })).not.toThrow();
	});

	it('takes no call that cannot be right', async () => {
		await installStub();
		const library = open();
		const fields = await Promise.all(
			[
				library.chatData(-1n, 10),
				library.chatData(2n ** 64n, 10),
				library.chatData(0n, 0),
				library.chatData(0n, 1001),
				library.media('', ''),
				library.media('id\0', ''),
				library.media('id', 'index\n'),
			].map(failureOf),
		);
		expect(fields.map((error) => (error as { field: string }).field)).toEqual([
			'seq', 'seq', 'limit', 'limit', 'sdkfileid', 'sdkfileid', 'cursor',
		]); // prettier-ignore
		expect(hostPids()).toEqual([]);
	});
});

describe('a call that is cancelled', () => {
	it('is not made when it was before', async () => {
		const server = await startArchive(gives('{}'));
		const library = open();
		const signal = AbortSignal.abort();
		for (const call of [
			library.chatData(0n, 1, signal),
			library.media('id', '', signal),
			library.decrypt([sealed(0)], signal),
		]) {
			expect(await failureOf(call)).toMatchObject({ code: 'cancelled' });
		}
		expect(server.requests).toEqual([]);
		expect(hostPids()).toEqual([]);
	});

	it('looks at nothing when it was before', async () => {
		let looked = false;
		configureLibraries({
			machine: () => {
				looked = true;
				throw new Error('looked');
			},
		});
		const error = await failureOf(open().check(AbortSignal.abort()));
		expect(error).toMatchObject({ code: 'cancelled' });
		expect(looked).toBe(false);
	});

	it('waits for no proxy that is silent', async () => {
		await installVariant();
		const silent = createServer().listen(0, '127.0.0.1');
		await once(silent, 'listening');
		const { port } = silent.address() as AddressInfo;
		const controller = new AbortController();
		const library = open({ proxy: `http://127.0.0.1:${port}` });
		const call = failureOf(library.chatData(0n, 1, controller.signal));
		const [socket] = (await once(silent, 'connection')) as [Socket];
		controller.abort();
		expect(await call).toMatchObject({ code: 'cancelled' });
		socket.destroy();
		silent.close();
	});

	it('lets go at once, and the calls of others go on in the same process', async () => {
		const answered = gate();
		const server = await startArchive(async (request, response) => {
			await answered.opened;
			await gives(request.body)(request, response);
		});
		const library = open();
		const [mine, waiting] = [new AbortController(), new AbortController()];
		const first = failureOf(library.chatData(1n, 1, mine.signal));
		const second = failureOf(library.chatData(2n, 1, waiting.signal));
		const third = failureOf(library.decrypt([sealed(0)], waiting.signal));
		const other = library.chatData(3n, 1);
		await until(() => server.requests.length === 1);
		const pids = hostPids();
		mine.abort();
		waiting.abort();
		expect(await first).toMatchObject({ code: 'cancelled' });
		expect(await second).toMatchObject({ code: 'cancelled' });
		expect(await third).toMatchObject({ code: 'cancelled' });
		answered.open();
		expect(await other).toContain('"seq":3');
		expect(hostPids()).toEqual(pids);
		expect(server.requests).toHaveLength(2);
	});
});

describe('the end of all libraries', () => {
	it('refuses what is under way and what waits', async () => {
		const server = await startArchive(() => undefined);
		const library = open();
		const calls = [1n, 2n].map(async (seq) => await failureOf(library.chatData(seq, 1)));
		const messages = failureOf(library.decrypt([sealed(0)]));
		await until(() => server.requests.length === 1);
		await closeLibraries();
		for (const error of await Promise.all([...calls, messages])) {
			expect(error).toMatchObject({ code: 'cancelled' });
		}
		expect(hostPids()).toEqual([]);
	});

	it('is not the end of what is asked for later', async () => {
		await startArchive(gives('{}'));
		const library = open();
		expect(await library.chatData(1n, 1)).toBe('{}');
		await closeLibraries();
		expect(await library.chatData(1n, 1)).toBe('{}');
	});
});

it('what the library is given reaches it, and its proxy', async () => {
	configureLibraries({ graceMs: 1000 });
	const server = await startArchive(gives('{}'));
	await open().chatData(1n, 2);
	expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
		corpid: 'ww1234567890abcdef',
		secret: SECRET,
		seq: 1,
		limit: 2,
	});
});
