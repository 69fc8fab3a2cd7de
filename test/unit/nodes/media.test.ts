import { freeField } from '../../../nodes/shared/media/fileKeeper';
import { filesIn } from '../../../nodes/shared/media/filesIn';

const image = { sdkfileid: 'FILE-1', md5sum: 'a'.repeat(32), filesize: 2048 };
const file = { sdkfileid: 'FILE-1', md5: 'a'.repeat(32), bytes: 2048, mimeType: 'image/jpeg', type: 'image' }; // prettier-ignore

describe('the files in an item', () => {
	it.each([
		['a message as WeCom wrote it', { msgid: 'm1', msgtype: 'image', image }],
		['one that Get Many gave unsimplified', { seq: 1, decrypted: true, message: { msgid: 'm1', msgtype: 'image', image } }], // prettier-ignore
		['one that Get Many simplified', { seq: 1, msgid: 'm1', type: 'image', body: image }],
	])('are those of %s', (_what, item) => {
		expect(filesIn(item)).toEqual([{ ...file, fileName: 'image-m1.jpg' }]);
	});

	it('are none in a message without files', () => {
		expect(filesIn({ msgid: 'm1', type: 'text', body: { content: 'hello' } })).toEqual([]);
	});

	it.each([
		['a record that was not decrypted', { seq: 1, decrypted: false, encrypt_chat_msg: 'x' }],
		['something else', { a: 1 }],
		['nothing', {}],
	])('are not looked for in %s', (_what, item) => {
		expect(filesIn(item)).toBeUndefined();
	});
});

it.each([
	[[], 'data'],
	[['photo'], 'data'],
	[['data'], 'data_1'],
	[['data', 'data_1', 'data_3'], 'data_2'],
])('beside %j a file is put in %s', (taken, field) => {
	const binary = Object.fromEntries(taken.map((name) => [name, { data: '', mimeType: '' }]));
	expect(freeField('data', binary)).toBe(field);
});
