import { fileFacts, MEDIA_TYPES, mediaOf, mediaOfView } from '../../../wecom/archive/media';
import { viewMessage } from '../../../wecom/archive/message';
import type { JsonObject } from '../../../wecom/json';

const MD5 = '0123456789abcdef0123456789abcdef';
const picture = (id: string) => ({ md5sum: MD5, filesize: 2048, sdkfileid: id });
const message = (msgtype: string, body: JsonObject, key = msgtype): JsonObject => ({
	msgid: 'm/1==',
	action: 'send',
	msgtype,
	[key]: body,
});

describe('the file of a message', () => {
	it.each<[string, JsonObject, object]>([
		['image', picture('F'), { bytes: 2048, md5: MD5, fileName: 'image-m_1==.jpg', mimeType: 'image/jpeg' }], // prettier-ignore
		['voice', { sdkfileid: 'F', voice_size: 3200, play_length: 2, md5sum: MD5.toUpperCase() }, { bytes: 3200, md5: MD5, fileName: 'voice-m_1==.amr', mimeType: 'audio/amr' }], // prettier-ignore
		['video', { sdkfileid: 'F', filesize: '99' }, { bytes: 99, fileName: 'video-m_1==.mp4', mimeType: 'video/mp4' }], // prettier-ignore
		['emotion', { sdkfileid: 'F', type: 1, imagesize: 7 }, { bytes: 7, fileName: 'emotion-m_1==.gif', mimeType: 'image/gif' }], // prettier-ignore
		['emotion', { sdkfileid: 'F', type: 2, imagesize: 7 }, { bytes: 7, fileName: 'emotion-m_1==.png', mimeType: 'image/png' }], // prettier-ignore
		['file', { sdkfileid: 'F', filename: '报价.xlsx', fileext: 'xlsx', filesize: 1 }, { bytes: 1, fileName: '报价.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }], // prettier-ignore
		['file', { sdkfileid: 'F', filename: '报价', fileext: 'PDF' }, { fileName: '报价.PDF', mimeType: 'application/pdf' }], // prettier-ignore
		['file', { sdkfileid: 'F' }, { fileName: 'file-m_1==', mimeType: 'application/octet-stream' }],
		['meeting_voice_call', { sdkfileid: 'F', endtime: 1 }, { fileName: 'meeting_voice_call-m_1==', mimeType: 'application/octet-stream' }], // prettier-ignore
		['voip_doc_share', { sdkfileid: 'F', filename: 'a.pdf', filesize: 5, md5sum: MD5 }, { bytes: 5, md5: MD5, fileName: 'a.pdf', mimeType: 'application/pdf' }], // prettier-ignore
	])('of type %s (%j) is %j', (type, body, facts) => {
		expect(mediaOf(message(type, body))).toEqual([{ sdkfileid: 'F', type, ...facts }]);
	});

	it.each<JsonObject>([
		{},
		message('text', { content: 'hi', sdkfileid: 'F' }),
		message('image', { md5sum: MD5 }),
		message('image', { sdkfileid: '' }),
		message('image', { sdkfileid: ['F'] }),
		{ msgid: 'm', msgtype: 'image', image: 'F' },
		{ msgid: 'm', msgtype: 'constructor', constructor: { sdkfileid: 'F' } },
	])('is none in %j', (without) => {
		expect(mediaOf(without)).toEqual([]);
	});

	it.each([MD5.slice(1), 'z'.repeat(32), '', 5, null])(
		'has no MD5 where the message says %j',
		(md5sum) => {
			const [file] = mediaOf(message('image', { sdkfileid: 'F', md5sum }));
			expect(file).not.toHaveProperty('md5');
		},
	);

	it.each([0, -1, 1.5, 'many', '', null, [1], true])(
		'has no size where the message says %j',
		(filesize) => {
			const [file] = mediaOf(message('image', { sdkfileid: 'F', filesize }));
			expect(file).not.toHaveProperty('bytes');
		},
	);

	it('is found in the view of the message too', () => {
		const sent = message('image', picture('F'));
		expect(mediaOfView(viewMessage(sent))).toEqual(mediaOf(sent));
	});

	it('is of one of the types that are files', () => {
		expect(MEDIA_TYPES).toEqual(
			expect.arrayContaining(['image', 'voice', 'video', 'emotion', 'file', 'voip_doc_share']),
		);
	});
});

describe('the files inside of a message', () => {
	const inner = (type: string, body: JsonObject) => ({ type, content: JSON.stringify(body) });

	it('of type mixed come in order, numbered where they have no name', () => {
		const item = [
			inner('text', { content: 'look' }),
			inner('image', picture('F1')),
			inner('file', { sdkfileid: 'F2', filename: 'a.pdf' }),
			inner('image', picture('F3')),
		];
		expect(
			mediaOf(message('mixed', { item })).map(({ sdkfileid, fileName }) => [sdkfileid, fileName]),
		).toEqual([
			// prettier-ignore
			['F1', 'image-m_1==.jpg'],
			['F2', 'a.pdf'],
			['F3', 'image-m_1==-3.jpg'],
		]);
	});

	it('of type note are found under its own names', () => {
		const items = [
			{ msg_type: 'voice', content: JSON.stringify({ sdkfileid: 'F', voice_size: 3 }) },
		];
		expect(mediaOf(message('note', { items }, 'info'))).toMatchObject([
			{ sdkfileid: 'F', type: 'voice', bytes: 3 },
		]);
	});

	it('of a forwarded conversation are found, also of one within another', () => {
		const forwarded = { title: 't', item: [inner('ChatRecordVideo', picture('F2'))] };
		const item = [inner('ChatRecordImage', picture('F1')), inner('chatrecord', forwarded)];
		expect(mediaOf(message('chatrecord', { item }))).toMatchObject([
			{ sdkfileid: 'F1', type: 'image' },
			{ sdkfileid: 'F2', type: 'video' },
		]);
	});

	it('come once each', () => {
		const item = [inner('image', picture('F')), inner('image', picture('F'))];
		expect(mediaOf(message('mixed', { item }))).toHaveLength(1);
	});

	it('are followed no deeper than their text', () => {
		let record: JsonObject = { item: [inner('ChatRecordImage', picture('F'))] };
		for (let depth = 0; depth < 8; depth++) record = { item: [inner('chatrecord', record)] };
		expect(mediaOf(message('chatrecord', record))).toEqual([]);
	});

	it.each<unknown>([null, 'x', [null, 5, 'x'], { a: 1 }, [{ type: 'image', content: '{' }]])(
		'are none in items of %j',
		(item) => {
			expect(mediaOf(message('mixed', { item } as JsonObject))).toEqual([]);
		},
	);
});

describe('a file name that somebody outside the corp chose', () => {
	it.each([
		['../../etc/passwd', '_.._etc_passwd'],
		['C:\\Windows\\a.exe', 'C__Windows_a.exe'],
		['/abs/a.pdf', '_abs_a.pdf'],
		['a\u0000b\n.pdf', 'a_b_.pdf'],
		['\u202egnp.exe', '_gnp.exe'],
		['.htaccess', 'htaccess'],
		[' a.pdf. ', 'a.pdf'],
		['...', 'file'],
		['a\ud800b.pdf', 'a_b.pdf'],
		['NUL', '_NUL'],
		['con.txt', '_con.txt'],
		['console.txt', 'console.txt'],
		['', 'file'],
		['报价单（终稿）.pdf', '报价单（终稿）.pdf'],
	])('%j becomes %j', (name, safe) => {
		expect(fileFacts(name).fileName).toBe(safe);
	});

	it.each(['字', '😀', 'a'])('of many %s is cut before its extension', (letter) => {
		const { fileName, mimeType } = fileFacts(`${letter.repeat(500)}.pdf`);
		expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(200);
		expect(Buffer.byteLength(fileName)).toBeGreaterThan(190);
		expect(fileName).toMatch(new RegExp(`^(${letter})+\\.pdf$`, 'u'));
		expect(mimeType).toBe('application/pdf');
	});

	it.each(['.', ' ', '\u3000', 'a.'])('of very many %j is made safe at once', (part) => {
		const startedAt = performance.now();
		const { fileName } = fileFacts(`a${part.repeat(200_000)}b.pdf`);
		expect(performance.now() - startedAt).toBeLessThan(1000); // many minutes, when it took the square
		expect(fileName).toMatch(/\.pdf$/);
	});

	it('has the MIME type of its extension, in any case', () => {
		expect(fileFacts('A.JPG').mimeType).toBe('image/jpeg');
		for (const name of ['a', 'a.unknown', 'a.constructor', 'a.__proto__']) {
			expect(fileFacts(name).mimeType).toBe('application/octet-stream');
		}
	});
});
