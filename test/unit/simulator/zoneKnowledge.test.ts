import { startSimulator, type Simulator } from '../../../simulator';
import { getToken, multipart, upload, type Answer } from './support';
import { callFunction, callProgram } from './zoneSupport';

let simulator: Simulator;
let token: string;
let clock = Date.now();

beforeAll(async () => {
	simulator = await startSimulator({ messageCount: 1, now: () => clock });
	token = await getToken(simulator);
});
afterAll(() => simulator.stop());

const run = (func: string, request: object | string = {}): Promise<Answer> =>
	callFunction(simulator, token, 'python', `knowledge_base_${func}`, request);

/** The media_id of a file, by default one of the zone. */
async function mediaId(path = '/chatdata/upload_media'): Promise<unknown> {
	const body = multipart(Buffer.from('%PDF-1.7'));
	return (await upload(simulator, token, body, '&type=file', path)).media_id;
}

const PAGE = { doc_name: '常见问题', type: 101, web_url: 'https://example.com/faq' };
const FILE = { doc_name: '手册.pdf', type: 2 };
const create = (doc_list: object[] = [PAGE]) => run('create', { kb_name: '产品手册', doc_list });

/** The digits of every docid in a text. */
const docidsIn = (text: string) => [...text.matchAll(/"docid":(\d+)/g)].map(([, digits]) => digits);

test('a knowledge base lives from create to delete', async () => {
	const file = { ...FILE, file_media_id: await mediaId() };
	const made = await create([PAGE, file]);
	expect(made).toMatchObject({ errcode: 0, doc_list: [PAGE, file] });
	const { kb_id } = made;
	expect(await run('list')).toMatchObject({ kb_info_list: [{ kb_id, kb_name: '产品手册' }] });
	expect(await run('modify_name', { kb_id, kb_name: '新名字' })).toMatchObject({ errcode: 0 });
	expect(await run('detail', { kb_id })).toMatchObject({
		kb_id,
		kb_name: '新名字',
		doc_list: [{ doc_name: PAGE.doc_name, web_url: PAGE.web_url }, { doc_name: file.doc_name, type: 2 }],
	}); // prettier-ignore
	expect(await run('delete', { kb_id })).toMatchObject({ errcode: 0 });
	expect(await run('list')).toMatchObject({ kb_info_list: [] });
	expect(await run('detail', { kb_id })).toMatchObject({ errcode: 790034 });
	expect(await run('detail', { kb_id: 'kb1' })).toMatchObject({ errcode: 800000 });
});

test('documents take their time to be learned, and some fail', async () => {
	const { kb_id } = await create([PAGE, { ...PAGE, web_url: 'http://nowhere.invalid/' }]);
	const statuses = async () =>
		((await run('detail', { kb_id })).doc_list as Array<{ status: number }>).map(({ status }) => status); // prettier-ignore
	expect(await statuses()).toEqual([2, 2]);
	clock += 2000;
	expect(await statuses()).toEqual([0, 1]);
});

test('docids are beyond 2^53, and only their exact digits remove a document', async () => {
	const { kb_id } = await create();
	const more = [1, 2].map((one) => ({ ...PAGE, web_url: `https://example.com/${one}` }));
	const add = { kb_id, doc_list: more };
	const { response_data: text } = await callProgram(simulator, token, 'java', 'knowledge_base_add_doc', add); // prettier-ignore
	const [second, third] = docidsIn(text as string);
	expect(BigInt(second as string)).toBeGreaterThan(2n ** 53n);
	expect(BigInt(third as string) - BigInt(second as string)).toBe(1n);
	const remove = (ids: string) => run('remove_doc', `{"kb_id":"${kb_id as string}","docid_list":[${ids}]}`); // prettier-ignore
	expect(await remove('7')).toMatchObject({ errcode: 40058 });
	expect(await remove(second as string)).toMatchObject({ errcode: 0 });
	expect((await run('detail', { kb_id })).doc_list).toHaveLength(2);
	const { response_data: rest } = await callProgram(simulator, token, 'java', 'knowledge_base_detail', { kb_id }); // prettier-ignore
	expect(await remove(docidsIn(rest as string).join())).toMatchObject({ errcode: 790028 });
});

test.each<[number, string, object]>([
	[40063, 'doc_list[0].web_url', { ...PAGE, web_url: undefined }],
	[40063, 'doc_list[0].file_media_id', FILE],
	[40058, 'file_media_id', { ...PAGE, file_media_id: 'm' }],
	[40058, 'doc_name', { ...PAGE, doc_name: '字'.repeat(67) }],
	[40058, 'type', { ...PAGE, type: 3 }],
	[40058, 'web_url', { ...PAGE, web_url: `https://example.com/${'a'.repeat(1024)}` }],
	[790025, 'web_url', { ...PAGE, web_url: 'ftp://example.com/' }],
	[790032, 'doc_name', { ...FILE, doc_name: '手册.docx', file_media_id: 'm' }],
	[40007, 'media_id', { ...FILE, file_media_id: 'm' }],
])('refuses with %d a document with a bad %s', async (errcode, words, document) => {
	expect(await create([document])).toEqual({
		errcode,
		errmsg: expect.stringContaining(words) as string,
	});
});

test('a file that was not uploaded into the zone is no document', async () => {
	const file_media_id = await mediaId('/media/upload');
	expect(await create([{ ...FILE, file_media_id }])).toMatchObject({ errcode: 40007 });
});

test('the same web page is taken once, and 1000 documents', async () => {
	expect(await create([PAGE, PAGE])).toMatchObject({ errcode: 790029 });
	const pages = Array.from({ length: 1000 }, (_, one) => ({
		...PAGE,
		web_url: `https://example.com/${one}`,
	}));
	const { kb_id, errcode } = await create(pages);
	expect(errcode).toBe(0);
	expect(await run('add_doc', { kb_id, doc_list: [PAGE] })).toMatchObject({ errcode: 790026 });
	expect(await create([])).toMatchObject({ errcode: 40058 });
	expect(await run('create', { kb_name: '名'.repeat(21), doc_list: [PAGE] })).toMatchObject({ errcode: 40058 }); // prettier-ignore
});
