import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { startSimulator, type Simulator } from '../../../simulator';
import { call, getToken, multipart, upload, type Answer } from './support';

const MB = 1024 * 1024;
const PATH = '/msgaudit/upload_tmp_file';
const CONTENT = Buffer.from('会话导出模板');

let simulator: Simulator;
let token: string;

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 0 });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

test('takes a file and gives a media_id for it', async () => {
	const answer = await upload(simulator, token, multipart(CONTENT));
	expect(answer).toEqual({
		errcode: 0,
		errmsg: 'ok',
		type: 'file',
		media_id: expect.any(String),
		created_at: expect.stringMatching(/^\d{10}$/),
	});
	expect(simulator.uploads.at(-1)).toEqual({
		mediaId: answer.media_id,
		fileName: '报价单.txt',
		contentType: 'text/plain',
		bytes: CONTENT.length,
		sha256: sha256(CONTENT),
		createdAt: Number(answer.created_at),
	});
	expect(simulator.requests.at(-1)).toMatchObject({
		path: `/cgi-bin${PATH}`,
		query: { type: 'file' },
		body: undefined,
	});
});

test('takes the same file again under another media_id', async () => {
	const ids = [await upload(simulator, token), await upload(simulator, token)];
	expect(new Set(ids.map(({ media_id }) => media_id)).size).toBe(2);
});

test('takes 60 MB, and not a byte more', async () => {
	const content = Buffer.alloc(60 * MB + 1, 'WeCom\r\n--frontie');
	const most = content.subarray(0, -1);
	expect((await upload(simulator, token, multipart(most))).errcode).toBe(0);
	expect(simulator.uploads.at(-1)).toMatchObject({ bytes: 60 * MB, sha256: sha256(most) });
	expect((await upload(simulator, token, multipart(content))).errcode).toBe(40006);
}, 30_000);

test('takes 6 bytes, and not one less', async () => {
	expect((await upload(simulator, token, multipart(Buffer.from('123456')))).errcode).toBe(0);
	expect((await upload(simulator, token, multipart(Buffer.from('12345')))).errcode).toBe(40006);
	expect((await upload(simulator, token, multipart(Buffer.alloc(0)))).errcode).toBe(40006);
});

const good = (change: (disposition: string) => string) =>
	change(`form-data; name="media"; filename="a.txt"; filelength=${CONTENT.length}`);

test.each<[string, number, string, Buffer | string]>([
	['no part', 41005, 'media', Buffer.from('--frontier--\r\n')],
	[
		'another name',
		41005,
		'media',
		multipart(
			CONTENT,
			good((d) => d.replace('media', 'file')),
		),
	],
	[
		'no name',
		41005,
		'media',
		multipart(
			CONTENT,
			good((d) => d.replace('name="media"; ', '')),
		),
	],
	[
		'no form-data',
		41005,
		'media',
		multipart(
			CONTENT,
			good((d) => d.replace('form-data', 'attachment')),
		),
	],
	[
		'no filename',
		40063,
		'filename',
		multipart(
			CONTENT,
			good((d) => d.replace(' filename="a.txt";', '')),
		),
	],
	[
		'an empty filename',
		40063,
		'filename',
		multipart(
			CONTENT,
			good((d) => d.replace('a.txt', '')),
		),
	],
	[
		'no filelength',
		40063,
		'filelength',
		multipart(
			CONTENT,
			good((d) => d.replace(/; filelength.*/, '')),
		),
	],
	[
		'a wrong filelength',
		40058,
		'filelength',
		multipart(
			CONTENT,
			good((d) => `${d}0`),
		),
	],
	['no content-type', 40063, 'content-type', multipart(CONTENT, undefined, null)],
	['a bad content-type', 40058, 'content-type', multipart(CONTENT, undefined, 'text')],
	[
		'a second part',
		40058,
		'twice',
		Buffer.concat([multipart(CONTENT).subarray(0, -4), multipart(CONTENT).subarray(12 - 2)]),
	],
	['a cut body', 47001, 'ends early', multipart(CONTENT).subarray(0, -20)],
	['something else', 47001, 'multipart', 'hello'],
])('refuses %s', async (_what, errcode, field, body) => {
	// prettier-ignore
	const answer = await upload(simulator, token, body);
	expect([answer.errcode, answer.errmsg]).toEqual([errcode, expect.stringContaining(field)]);
});

test('refuses other parts beside the file', async () => {
	const other = Buffer.from(
		'--frontier\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n',
	);
	const answer = await upload(simulator, token, Buffer.concat([other, multipart(CONTENT)]));
	expect([answer.errcode, answer.errmsg]).toEqual([40058, expect.stringContaining('note')]);
});

test('refuses another type, a missing token and a body of JSON', async () => {
	const codeWith = async (query: string) =>
		(await upload(simulator, token, undefined, query)).errcode;
	expect(await codeWith('')).toBe(40063);
	expect(await codeWith('&type=image')).toBe(40005);
	expect((await upload(simulator, '')).errcode).toBe(41001);
	expect((await call(simulator, PATH, `${token}&type=file`, {})).errcode).toBe(47001);
});

test('a file for an API that takes JSON is refused', async () => {
	const response = await fetch(`${simulator.url}/cgi-bin/msgaudit/export?access_token=${token}`, {
		method: 'POST',
		headers: { 'content-type': 'multipart/form-data; boundary=frontier' },
		body: multipart(CONTENT),
	});
	expect(((await response.json()) as Answer).errcode).toBe(47001);
});

test('faults hit uploads too', async () => {
	simulator.faults.add({ kind: 'busy', path: PATH });
	expect((await upload(simulator, token, multipart(Buffer.alloc(5 * MB)))).errcode).toBe(-1);
	expect((await upload(simulator, token)).errcode).toBe(0);
});

test('a client that goes away in the middle leaves nothing behind', async () => {
	const before = simulator.uploads.length;
	const path = `/cgi-bin${PATH}?type=file&access_token=${token}`;
	const outgoing = request(simulator.url + path, {
		method: 'POST',
		headers: { 'content-type': 'multipart/form-data; boundary=frontier', 'content-length': 5000 },
	});
	outgoing.on('error', () => undefined);
	outgoing.write(multipart(CONTENT).subarray(0, 100));
	await new Promise((resolve) => setTimeout(resolve, 100));
	outgoing.destroy();
	expect((await upload(simulator, token)).errcode).toBe(0);
	expect(simulator.uploads).toHaveLength(before + 1);
});
