import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { Busboy, type BusboyHeaders } from '@fastify/busboy';

import { WecomClient } from '../../../wecom/api/client';
import { UPLOAD_BYTES, uploadTemporaryFile } from '../../../wecom/api/zone';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import { CancelledError, InvalidInputError, WecomNetworkError } from '../../../wecom/errors';
import type { UploadFile } from '../../../wecom/http/multipart';
import { clientOf } from '../support/client';
import {
	closeServers,
	errcode,
	failureOf,
	inTurn,
	json,
	startRawServer,
	until,
	type Reply,
} from '../support/server';

type Upload = Omit<UploadFile, 'field'>;

const MEDIA = { type: 'file', media_id: 'M1', created_at: '1700000000' };
const TAKEN = json({ errcode: 0, errmsg: '', ...MEDIA });
const CHUNK = 64 * 1024;

afterEach(closeServers);

/** One upload as it arrived, read by a parser that shares nothing with the code under test. */
interface Arrival {
	url: string;
	method: string;
	headers: IncomingMessage['headers'];
	/** The lines above the content, as they came. */
	head: string;
	field: string;
	fileName: string;
	mimeType: string;
	/** Of the content. */
	bytes: number;
	sha256: string;
	/** Parts of the form. */
	parts: number;
}

async function arrivalOf(incoming: IncomingMessage): Promise<Arrival> {
	const { url = '', method = '', headers } = incoming;
	const hash = createHash('sha256');
	const arrival = { url, method, headers, head: '', bytes: 0, parts: 0 } as Arrival;
	const parser = new Busboy({ headers: headers as BusboyHeaders });
	parser.on('file', (field, file, fileName, _encoding, mimeType) => {
		Object.assign(arrival, { field, fileName, mimeType, parts: arrival.parts + 1 });
		file.on('data', (chunk: Buffer) => {
			arrival.bytes += chunk.length;
			hash.update(chunk);
		});
	});
	parser.on('field', () => arrival.parts++);
	let start = Buffer.alloc(0);
	incoming.on('data', (chunk: Buffer) => {
		if (start.length < 4096) start = Buffer.concat([start, chunk]);
	});
	await new Promise((resolve, reject) => {
		parser.on('finish', resolve);
		parser.on('error', reject);
		incoming.on('error', reject);
		incoming.pipe(parser);
	});
	arrival.sha256 = hash.digest('hex');
	arrival.head = start.toString().split('\r\n\r\n')[0] ?? '';
	return arrival;
}

/** A server that reads uploads and answers them one reply after the other. */
async function uploadServer(...replies: Reply[]) {
	const arrivals: Arrival[] = [];
	const reply = inTurn(...replies);
	const { url } = await startRawServer((incoming, response) => {
		arrivalOf(incoming).then(
			async (arrival) => {
				arrivals.push(arrival);
				await reply({ socket: incoming.socket } as never, response);
			},
			() => undefined,
		);
	});
	return { url, arrivals };
}

/** A file whose content is made while it is read, and what became of it. */
function fileOf(content: Buffer, more: Partial<Upload> = {}) {
	const opened: Readable[] = [];
	const file: Upload = {
		fileName: 'a.txt',
		contentType: 'text/plain',
		size: content.length,
		open() {
			const pieces = function* () {
				for (let at = 0; at < content.length; at += CHUNK) yield content.subarray(at, at + CHUNK);
			};
			const stream = Readable.from(pieces());
			opened.push(stream);
			return stream;
		},
		...more,
	};
	return { file, opened };
}

const CONTENT = randomBytes(200_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

describe('an upload', () => {
	it('is a form of one part named media, with filelength, after the length of the whole', async () => {
		const { url, arrivals } = await uploadServer(TAKEN);
		const { file, opened } = fileOf(CONTENT);
		expect(await clientOf({ url }).call(uploadTemporaryFile, file)).toEqual(MEDIA);
		expect(arrivals).toHaveLength(1);
		const { head, headers, ...rest } = arrivals[0] as Arrival;
		expect(rest).toEqual({
			method: 'POST',
			url: '/cgi-bin/msgaudit/upload_tmp_file?type=file&access_token=CORP-TOKEN',
			field: 'media',
			fileName: 'a.txt',
			mimeType: 'text/plain',
			bytes: CONTENT.length,
			sha256: SHA256,
			parts: 1,
		});
		const [boundary, ...lines] = head.split('\r\n');
		expect(lines).toEqual([
			`Content-Disposition: form-data; name="media"; filename="a.txt"; filelength=${CONTENT.length}`,
			'Content-Type: text/plain',
		]);
		expect(headers['content-type']).toBe(`multipart/form-data; boundary=${boundary?.slice(2)}`);
		const around = `${head}\r\n\r\n\r\n${boundary}--\r\n`;
		expect(headers['content-length']).toBe(String(CONTENT.length + Buffer.byteLength(around)));
		expect(headers['transfer-encoding']).toBeUndefined();
		expect(opened).toHaveLength(1);
		await until(() => opened.every(({ destroyed }) => destroyed));
	});

	it('can be a file of this machine', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'upload-'));
		try {
			const path = join(folder, 'a.bin');
			writeFileSync(path, CONTENT);
			const { url, arrivals } = await uploadServer(TAKEN);
			const { file } = fileOf(CONTENT, { open: () => createReadStream(path) });
			await clientOf({ url }).call(uploadTemporaryFile, file);
			expect(arrivals[0]).toMatchObject({ sha256: SHA256, fileName: 'a.txt' });
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	it.each([
		['会话 导出模板（一）.docx', '会话 导出模板（一）.docx'],
		['emoji 😀.txt', 'emoji 😀.txt'],
		['say "hi".txt', 'say _hi_.txt'],
		['back\\slash.txt', 'back_slash.txt'],
		['a.txt"; name="other', 'a.txt_; name=_other'],
		['a.txt\r\nContent-Type: text/html\r\n\r\n<b>', 'a.txt__Content-Type: text/html____<b>'],
		['a.txt\n--boundary--', 'a.txt_--boundary--'],
	])('of a file named %j comes as %j and stays one part', async (fileName, expected) => {
		const { url, arrivals } = await uploadServer(TAKEN);
		await clientOf({ url }).call(uploadTemporaryFile, fileOf(CONTENT, { fileName }).file);
		expect(arrivals[0]?.head).toContain(`filename="${expected}"; filelength=200000\r\n`);
		expect(arrivals[0]?.head.split('\r\n')).toHaveLength(3);
		expect(arrivals[0]).toMatchObject({ parts: 1, field: 'media', sha256: SHA256 });
	});

	it('cannot smuggle a header in its content type', async () => {
		const { url, arrivals } = await uploadServer(TAKEN);
		const contentType = 'text/plain\r\nX-Other: 1';
		await clientOf({ url }).call(uploadTemporaryFile, fileOf(CONTENT, { contentType }).file);
		expect(arrivals[0]?.head.split('\r\n')[2]).toBe('Content-Type: text/plainX-Other: 1');
	});

	it.each<[string, Partial<Record<keyof Upload, unknown>>]>([
		['file', { size: 0 }],
		['file', { size: 5 }],
		['file', { size: 60 * 1024 * 1024 + 1 }],
		['file', { size: 6.5 }],
		['file', { size: NaN }],
		['file', { size: undefined }],
		['file', { size: '200000' }],
		['fileName', { fileName: undefined }],
		['fileName', { fileName: ' ' }],
		['fileName', { fileName: true }],
		['contentType', { contentType: undefined }],
		['contentType', { contentType: '' }],
	])('with a bad %s (%j) is refused before it is opened', async (field, bad) => {
		const { url, arrivals } = await uploadServer(TAKEN);
		const { file, opened } = fileOf(CONTENT, bad as Partial<Upload>);
		const error = await failureOf(clientOf({ url }).call(uploadTemporaryFile, file));
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field, message: expect.stringContaining(`"${field}"`) });
		expect(arrivals).toHaveLength(0);
		expect(opened).toHaveLength(0);
	});

	it('may have 6 bytes', async () => {
		expect(UPLOAD_BYTES).toEqual({ min: 6, max: 60 * 1024 * 1024 });
		const { url, arrivals } = await uploadServer(TAKEN);
		await clientOf({ url }).call(uploadTemporaryFile, fileOf(Buffer.from('123456')).file);
		expect(arrivals[0]?.bytes).toBe(6);
	});

	it('of 60 MB is read no faster than it is sent', async () => {
		const size = 60 * 1024 * 1024;
		const piece = randomBytes(CHUNK);
		let made = 0;
		let taken = 0;
		let ahead = 0;
		const pieces = function* () {
			for (; made < size; made += CHUNK) {
				ahead = Math.max(ahead, made - taken);
				yield piece;
			}
		};
		let goOn: () => void = () => undefined;
		const { url } = await startRawServer((incoming, response) => {
			incoming.pause();
			goOn = () => {
				incoming.on('data', (chunk: Buffer) => (taken += chunk.length));
				incoming.on('end', () => void TAKEN({} as never, response));
				incoming.resume();
			};
		});
		const { file } = fileOf(piece, { size, open: () => Readable.from(pieces()) });
		const uploading = clientOf({ url }).call(uploadTemporaryFile, file);
		// Nobody reads: what is made stops at what the sockets between hold.
		let before = -1;
		while (made === 0 || made !== before) {
			before = made;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		expect(made).toBeLessThan(size / 3);
		goOn();
		expect(await uploading).toEqual(MEDIA);
		expect(made).toBe(size);
		expect(taken).toBeGreaterThan(size);
		expect(ahead).toBeLessThan(size / 3);
	});
});

describe('an upload that is tried again', () => {
	it('opens the file again and sends all of it, whatever went wrong', async () => {
		const { url, arrivals } = await uploadServer(
			errcode(-1),
			({ socket }) => socket.destroy(),
			TAKEN,
		);
		const { file, opened } = fileOf(CONTENT);
		expect(await clientOf({ url }).call(uploadTemporaryFile, file)).toEqual(MEDIA);
		expect(arrivals.map(({ sha256 }) => sha256)).toEqual([SHA256, SHA256, SHA256]);
		expect(opened).toHaveLength(3);
		await until(() => opened.every(({ destroyed }) => destroyed));
	});

	it('opens the file again for a new token', async () => {
		let issued = 0;
		const arrivals: Arrival[] = [];
		const { url } = await startRawServer((incoming: IncomingMessage, response: ServerResponse) => {
			if (incoming.url?.startsWith('/cgi-bin/gettoken')) {
				void json({ access_token: `T${++issued}`, expires_in: 7200 })({} as never, response);
				return;
			}
			void arrivalOf(incoming).then(async (arrival) => {
				arrivals.push(arrival);
				await (arrival.url.endsWith('T1') ? errcode(42001) : TAKEN)({} as never, response);
			});
		});
		const client = new WecomClient({
			baseUrl: url,
			authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
			tokenCache: new TokenCache(),
		});
		const { file, opened } = fileOf(CONTENT);
		expect(await client.call(uploadTemporaryFile, file)).toEqual(MEDIA);
		expect(arrivals.map(({ sha256 }) => sha256)).toEqual([SHA256, SHA256]);
		expect(opened).toHaveLength(2);
	});
});

describe('an upload that breaks off', () => {
	/** Gives a little and then waits for ever. */
	const stalling = () => {
		const stream = new Readable({ read: () => undefined });
		stream.push(CONTENT.subarray(0, 1000));
		return stream;
	};

	it('because it is cancelled ends at once and lets go of the file', async () => {
		let arriving = false;
		const { url } = await startRawServer((incoming) => {
			incoming.on('data', () => (arriving = true)).on('error', () => undefined);
		});
		const stream = stalling();
		const { file } = fileOf(CONTENT, { open: () => stream });
		const controller = new AbortController();
		const { signal } = controller;
		const failure = failureOf(clientOf({ url }).call(uploadTemporaryFile, file, { signal }));
		await until(() => arriving);
		controller.abort();
		expect(await failure).toBeInstanceOf(CancelledError);
		await until(() => stream.destroyed);
	});

	it('because it takes too long lets go of the file', async () => {
		const { url } = await startRawServer((incoming) => {
			incoming.on('data', () => undefined).on('error', () => undefined);
		});
		const opened: Readable[] = [];
		const open = () => {
			opened.push(stalling());
			return opened.at(-1) as Readable;
		};
		const client = clientOf({ url }, { retry: { retries: 1, firstDelayMs: 1 } });
		const { file } = fileOf(CONTENT, { open });
		const error = await failureOf(client.call(uploadTemporaryFile, file, { timeoutMs: 100 }));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ reason: 'ETIMEDOUT' });
		expect(opened).toHaveLength(2);
		await until(() => opened.every(({ destroyed }) => destroyed));
	});

	it('because the server cuts it is the network, not the file', async () => {
		let requests = 0;
		const { url } = await startRawServer((incoming) => {
			requests++;
			incoming.once('data', () => incoming.socket.destroy());
			incoming.on('error', () => undefined);
		});
		const { file, opened } = fileOf(randomBytes(20 * 1024 * 1024));
		const client = clientOf({ url }, { retry: { retries: 2, firstDelayMs: 1 } });
		const error = await failureOf(client.call(uploadTemporaryFile, file));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(requests).toBe(3);
		expect(opened).toHaveLength(3);
		await until(() => opened.every(({ destroyed }) => destroyed));
	});

	it('because the server refuses it early has the words of the server', async () => {
		const { url } = await startRawServer((_incoming, response) => {
			void errcode(48002, 'no right')({} as never, response);
		});
		const { file, opened } = fileOf(randomBytes(20 * 1024 * 1024));
		const error = await failureOf(clientOf({ url }).call(uploadTemporaryFile, file));
		expect(error).toMatchObject({ errcode: 48002 });
		expect(opened).toHaveLength(1);
		await until(() => opened.every(({ destroyed }) => destroyed));
	});

	const failing = (problem: Error) => () =>
		Readable.from(
			(function* () {
				yield CONTENT.subarray(0, 1000);
				throw problem;
			})(),
		);
	const EIO = Object.assign(new Error('i/o error at /secret/path'), { code: 'EIO' });

	it.each<[string, Partial<Upload>, string]>([
		[
			'is shorter than announced',
			{ size: CONTENT.length + 1 },
			'"file" has 200000 bytes, expected 200001 as announced',
		],
		[
			'is longer than announced',
			{ size: CONTENT.length - 1 },
			'"file" has more than 199999 bytes, expected 199999 as announced',
		],
		[
			'cannot be read to its end',
			{ open: failing(EIO) },
			'"file" could not be read to its end (EIO)',
		],
		[
			'breaks off for a reason without a code',
			{ open: failing(new Error('at /secret/path')) },
			'"file" could not be read to its end (unknown)',
		],
		[
			'is not there',
			{ open: () => createReadStream('/nowhere/a.txt') },
			'"file" could not be read to its end (ENOENT)',
		],
		[
			'cannot be opened',
			{ open: async () => await Promise.reject(EIO) },
			'"file" could not be read to its end (EIO)',
		],
	])(
		'because the file %s says so, is never taken and not tried again',
		async (_what, more, message) => {
			const { url, arrivals } = await uploadServer(TAKEN);
			const startedAt = performance.now();
			const { file } = fileOf(CONTENT, more);
			const error = await failureOf(clientOf({ url }).call(uploadTemporaryFile, file));
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(error).toMatchObject({ field: 'file', message });
			expect(JSON.stringify(error) + String(error)).not.toContain('/secret/path');
			expect(arrivals).toHaveLength(0);
			expect(performance.now() - startedAt).toBeLessThan(5000);
		},
	);
});
