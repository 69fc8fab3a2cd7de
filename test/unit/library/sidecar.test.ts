import { InvalidInputError, RecordError, type WecomError } from '../../../wecom/errors';
import type { LibraryAccess } from '../../../wecom/library/archiveLibrary';
import {
	LibraryCrashedError,
	LibraryReturnError,
	LibraryUnavailableError,
} from '../../../wecom/library/libraryErrors';
import { SidecarLibrary } from '../../../wecom/library/sidecar/client';
import { failureOf } from '../support/server';
import {
	ACCESS,
	ask,
	AUTHORIZED,
	endSidecars,
	FACTS,
	libraryOf,
	SEALED,
	startSidecar,
	TOKEN,
} from './sidecarSupport';

afterEach(endSidecars);

describe('what the library gives', () => {
	it('comes out of the client as it is: pages, plaintexts, pieces, facts', async () => {
		const page = '{"errcode":0,"chatdata":[{"seq":18446744073709551615,"msgid":"群聊"}]}';
		const data = Buffer.from([0, 255, 10, 13, 128, 0]);
		const asked: unknown[] = [];
		const { library } = await startSidecar({
			chatData: async (...[seq, limit]) => await Promise.resolve((asked.push(seq, limit), page)),
			decrypt: async (batch) =>
				await Promise.resolve([
					...batch.slice(1).map(({ ciphertext }) => `text\u0000\ud83d\ude00 ${ciphertext}`),
					new RecordError('library_crashed', 'The library ended its process (SIGSEGV)'),
				]),
			media: async (...[id, index]) =>
				await Promise.resolve(
					(asked.push(id, index), { data, nextIndex: 'Range:bytes=6-11 %;', isLast: false }),
				),
			check: async () => await Promise.resolve(FACTS),
		});
		await expect(library.chatData(2n ** 64n - 1n, 1000)).resolves.toBe(page);
		const opened = await library.decrypt([SEALED, SEALED]);
		expect(opened[0]).toBe('text\u0000\ud83d\ude00 Y2lwaGVydGV4dA==');
		expect(opened[1]).toBeInstanceOf(RecordError);
		expect(opened[1]).toMatchObject({
			reason: 'library_crashed',
			message: 'The library ended its process (SIGSEGV)',
		});
		const piece = await library.media('file+/=', 'Range:bytes=0-5');
		expect({ ...piece, data: Buffer.from(piece.data) }).toEqual({ data, nextIndex: 'Range:bytes=6-11 %;', isLast: false }); // prettier-ignore
		await expect(library.check()).resolves.toEqual(FACTS);
		expect(asked).toEqual([2n ** 64n - 1n, 1000, 'file+/=', 'Range:bytes=0-5']);
	});

	it('is asked for once by the client where it is a return code: whoever calls it tries again', async () => {
		let asked = 0;
		const { library } = await startSidecar({
			chatData: async () => {
				asked++;
				return await Promise.reject(new LibraryReturnError(10001, 'GetChatData'));
			},
		});
		await expect(library.chatData(0n, 1)).rejects.toMatchObject({ returnCode: 10001 });
		expect(asked).toBe(1);
	});

	it('belongs to the corp that asks, by its own way', async () => {
		const opened: LibraryAccess[] = [];
		const { url } = await startSidecar(
			{},
			{
				open: (access) => {
					opened.push(access);
					return libraryOf({ check: async () => await Promise.resolve(FACTS) });
				},
			},
		);
		const other = { corpId: 'ww2', secret: 'another' };
		await new SidecarLibrary({ url, token: TOKEN }, ACCESS).check();
		await new SidecarLibrary({ url, token: TOKEN }, other).check();
		expect(opened).toEqual([ACCESS, other]);
	});

	it('comes in order and whole when a batch is larger than one request', async () => {
		const sizes: number[] = [];
		const { library } = await startSidecar({
			decrypt: async (batch) => {
				sizes.push(batch.length);
				return await Promise.resolve(batch.map(({ ciphertext }) => ciphertext));
			},
		});
		const batch = Array.from({ length: 2500 }, (_, n) => ({
			...SEALED,
			ciphertext: String(n).padStart(n === 7 ? 3_000_000 : 16, '0'),
		}));
		const opened = await library.decrypt(batch);
		expect(opened).toEqual(batch.map(({ ciphertext }) => ciphertext));
		expect(sizes).toEqual([7, 1, 1000, 1000, 492]);
		await expect(library.decrypt([])).resolves.toEqual([]);
	});
});

describe('an error of the library', () => {
	const errors: Array<[string, WecomError, object]> = [
		[
			'a return code',
			new LibraryReturnError(10009, 'GetChatData', 'Add the address.'),
			{ returnCode: 10009, errcode: 10009, path: 'GetChatData', hint: 'Add the address.' },
		],
		[
			'a library that cannot be used',
			new LibraryUnavailableError('WECOM_FINANCE_SDK is not set', 'Set it.'),
			{ code: 'library', hint: 'Set it.' },
		],
		[
			'a library that ends again and again',
			new LibraryCrashedError('The library ended its process three times'),
			{ code: 'library' },
		],
		['a value', new InvalidInputError('proxy', 'no proxy of any kind'), { field: 'proxy' }],
	];

	it.each(errors)('keeps its class, facts and advice: %s', async (_kind, error, facts) => {
		const { library } = await startSidecar({ chatData: async () => await Promise.reject(error) });
		const told = await failureOf(library.chatData(1n, 10));
		expect((told as WecomError).constructor).toBe(error.constructor);
		expect(told).toMatchObject(facts);
	});

	it('says that it is of the sidecar, where n8n has a library variable, too', async () => {
		const { library, port } = await startSidecar({
			check: async () =>
				await Promise.reject(new LibraryUnavailableError('WECOM_FINANCE_SDK is not set')),
		});
		await expect(library.check()).rejects.toThrow(
			`WECOM_FINANCE_SDK is not set (sidecar at 127.0.0.1:${port})`,
		);
	});

	it('that nobody expected tells the client nothing, and the log where it was', async () => {
		const { library, lines } = await startSidecar({
			media: async () => await Promise.reject(new RangeError(`of ${ACCESS.secret}`)),
		});
		await expect(library.media('id', '')).rejects.toThrow('The sidecar failed over this request');
		expect(lines.join('')).toMatch(/problem Failed: RangeError at .*sidecar\.test\.ts/);
		expect(lines.join('')).not.toContain(ACCESS.secret);
	});

	it('carries no secret of the request, neither to the client nor into the log', async () => {
		const { library, lines, port } = await startSidecar({
			decrypt: async () =>
				await Promise.reject(
					new LibraryUnavailableError(
						`It said ${ACCESS.secret} ${SEALED.randomKey}`,
						`Look at ${ACCESS.passwd} and ${TOKEN}`,
					),
				),
		});
		const { message, hint } = (await failureOf(library.decrypt([SEALED]))) as WecomError;
		expect({ message, hint }).toEqual({
			message: `It said *** *** (sidecar at 127.0.0.1:${port})`,
			hint: 'Look at *** and ***',
		});
		const log = lines.join('');
		expect(log).toContain('It said *** ***');
		for (const secret of [ACCESS.secret, SEALED.randomKey, TOKEN])
			expect(log).not.toContain(secret);
	});

	it('over one record is a line in the log of its operator', async () => {
		const { library, lines } = await startSidecar({
			decrypt: async () => await Promise.resolve([new RecordError('library_crashed', 'SIGSEGV')]),
		});
		await library.decrypt([SEALED]);
		expect(lines.join('')).toContain('problem The library ended its process over a record');
	});
});

describe('the token', () => {
	it.each([
		['is missing', undefined],
		['is empty', 'Bearer '],
		['is another', `Bearer ${'x'.repeat(32)}`],
		['is the right one but for its end', `Bearer ${TOKEN.slice(0, -1)}`],
		['is the right one and more', `Bearer ${TOKEN}x`],
		['comes in another scheme', `Basic ${TOKEN}`],
	])('lets no request through when it %s', async (_what, authorization) => {
		const sidecar = await startSidecar({});
		const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
		for (const path of ['/chat-data', '/decrypt', '/media', '/check', '/', '/sdk']) {
			const { status, body } = await ask(sidecar, path, { headers, body: '{}' });
			expect(status).toBe(401);
			expect(JSON.parse(body)).toEqual({
				error: { kind: 'token', message: 'The token is missing or wrong' },
			});
		}
		expect(sidecar.lines.join('')).toContain(
			'The token is missing or wrong (HTTP 401, from 127.0.0.1)',
		);
	});

	it('that is wrong is told by name, even while a large batch is still being sent', async () => {
		const { url } = await startSidecar({});
		const library = new SidecarLibrary({ url, token: 'wrong'.repeat(8) }, ACCESS);
		const large = { ...SEALED, ciphertext: 'A'.repeat(20_000_000) };
		const error = await failureOf(library.decrypt([large]));
		expect(error).toBeInstanceOf(LibraryUnavailableError);
		expect(error).toMatchObject({
			message: expect.stringMatching(/refuses the token$/),
			hint: expect.stringContaining('`sidecarToken`'),
		});
	});

	it.each(['', 'short', 'x'.repeat(31), `${'x'.repeat(32)} y`, 'é'.repeat(40)])(
		'is refused by the client before anything is sent: "%s"',
		(token) => {
			expect(() => new SidecarLibrary({ url: 'http://127.0.0.1:1', token }, ACCESS)).toThrow(
				expect.objectContaining({ field: 'sidecarToken' }),
			);
		},
	);
});

describe('health', () => {
	it('without token says only that the sidecar is up', async () => {
		const sidecar = await startSidecar({});
		const { status, body } = await ask(sidecar, '/health', { method: 'GET', headers: {} });
		expect({ status, body }).toEqual({ status: 200, body: '{"status":"up"}' });
	});

	it('with the token says which library there is', async () => {
		const sidecar = await startSidecar({ check: async () => await Promise.resolve(FACTS) });
		const { body } = await ask(sidecar, '/health', { method: 'GET', headers: AUTHORIZED });
		expect(JSON.parse(body)).toEqual({ status: 'up', library: FACTS });
	});

	it('with the token says what is wrong with the library', async () => {
		const sidecar = await startSidecar({
			check: async () =>
				await Promise.reject(new LibraryUnavailableError('No file', 'Put it there.')),
		});
		const { status, body } = await ask(sidecar, '/health', { method: 'GET', headers: AUTHORIZED });
		expect(status).toBe(200);
		expect(JSON.parse(body)).toEqual({
			status: 'up',
			library: { problem: 'No file', hint: 'Put it there.' },
		});
	});
});

describe('a request that is none', () => {
	const body = (more: object) => JSON.stringify({ access: ACCESS, ...more });

	it.each<[string, string, string]>([
		['no JSON', '/check', 'not json'],
		['no access', '/check', '{}'],
		['an access without corp', '/check', '{"access":{"secret":"s"}}'],
		['a path of the library', '/check', body({ library: '/tmp/evil.so' })],
		[
			'a path of the library in the access',
			'/check',
			JSON.stringify({ access: { ...ACCESS, file: '/tmp/evil.so' } }),
		],
		['a seq that is a number', '/chat-data', body({ seq: 1, limit: 10 })],
		['an index that is none', '/media', body({ sdkfileid: 'id', index: 7 })],
		['a batch of 1,001', '/decrypt', body({ batch: Array(1001).fill(SEALED) })],
		['a batch of something else', '/decrypt', body({ batch: [{ randomKey: 1, ciphertext: 'x' }] })],
	])('is refused: %s', async (_what, path, text) => {
		const sidecar = await startSidecar({});
		const answer = await ask(sidecar, path, { headers: AUTHORIZED, body: text });
		expect(answer.status).toBe(400);
		expect(answer.body + sidecar.lines.join('')).not.toContain(ACCESS.secret);
	});

	it.each([
		['POST', '/unknown', 404],
		['GET', '/check', 405],
		['POST', '/health', 405],
		['DELETE', '/decrypt', 405],
	])('is refused: %s %s', async (method, path, status) => {
		const sidecar = await startSidecar({});
		await expect(ask(sidecar, path, { method })).resolves.toMatchObject({ status });
	});

	it.each([
		['/check', 65 * 1024],
		['/decrypt', 64 * 1024 * 1024 + 1],
	])('is refused before it is held: %s with %i bytes', async (path, bytes) => {
		const sidecar = await startSidecar({});
		const { status, body } = await ask(sidecar, path, { body: Buffer.alloc(bytes) });
		expect(status).toBe(413);
		expect(JSON.parse(body)).toMatchObject({ error: { kind: 'size' } });
	});

	it('is refused when it is too large without having said so', async () => {
		const sidecar = await startSidecar({});
		const headers = { ...AUTHORIZED, 'transfer-encoding': 'chunked' };
		const answer = await ask(sidecar, '/check', { headers, body: Buffer.alloc(1024 * 1024) });
		expect(answer.status).toBe(413);
	});
});
