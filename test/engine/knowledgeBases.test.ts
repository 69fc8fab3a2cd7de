import type { IDataObject } from 'n8n-workflow';

import { closeServers, errcode } from '../unit/support/server';
import { byId } from './row';
import { searchList } from './operationBench';
import { passingOn, startZone } from './zoneSupport';

afterEach(closeServers);

const DOCID = '18446744073709551615';
const kbId = byId('kb1');
const file = { docName: 'a.pdf', type: 'automatic', mediaId: 'MEDIA-1' };
const documents = { document: [file] };
const sent = { doc_name: 'a.pdf', type: 2, file_media_id: 'MEDIA-1' };
/** An answer as WeCom writes it, with a docid that no double holds. */
const withDocid = (text: string) => passingOn(text.replace('"DOCID"', DOCID));

describe('knowledgeBase.getAll', () => {
	const bases = [
		{ kb_id: 'kb1', kb_name: '产品手册' },
		{ kb_id: 'kb2', kb_name: '价目表' },
	];

	it('gives an item for each, up to the limit', async () => {
		const zone = await startZone(passingOn({ kb_info_list: bases }));
		expect((await zone.run('knowledgeBase.getAll', { returnAll: true })).json).toEqual(bases);
		expect((await zone.run('knowledgeBase.getAll', { limit: 1 })).json).toEqual([bases[0]]);
		expect(zone.asked()).toEqual([
			['invoke_knowledge_base_list', '{}'],
			['invoke_knowledge_base_list', '{}'],
		]);
	});

	it('asks the program that Options name, in its style', async () => {
		const zone = await startZone(passingOn({ kb_info_list: bases }));
		const options = { programId: 'prog2', programStyle: 'python' };
		await zone.run('knowledgeBase.getAll', { options });
		expect(zone.bodies()).toEqual([
			{
				program_id: 'prog2',
				ability_id: 'input_knowledge_base_list',
				request_data: '{"input":{"func":"knowledge_base_list","func_req":{}}}',
			},
		]);
	});

	it('says why there may be none', async () => {
		const zone = await startZone(passingOn({ kb_info_list: [] }));
		const { json: output, hints } = await zone.run('knowledgeBase.getAll');
		expect(output).toEqual([]);
		expect(hints.join()).toContain('no knowledge base');
	});

	it('refuses a limit of 0 and sends nothing', async () => {
		const zone = await startZone(passingOn());
		expect((await zone.run('knowledgeBase.getAll', { limit: 0 })).error?.message).toContain(
			'"Limit"',
		);
		expect(zone.server.requests).toEqual([]);
	});

	it('is what the editor shows to choose from, by name or id', async () => {
		const { engine } = await startZone(passingOn({ kb_info_list: bases }));
		const search = async (filter?: string) =>
			await searchList(engine, 'wecomDataZone', 'searchKnowledgeBases', filter);
		expect(await search()).toEqual({
			results: [
				{ name: '产品手册', value: 'kb1' },
				{ name: '价目表', value: 'kb2' },
			],
		});
		expect((await search('价目')).results).toEqual([{ name: '价目表', value: 'kb2' }]);
		expect((await search('KB1')).results).toEqual([{ name: '产品手册', value: 'kb1' }]);
	});
});

describe('knowledgeBase.get', () => {
	it('names type and status of each document, and keeps its docid exact', async () => {
		const zone = await startZone(
			withDocid(
				'{"errcode":0,"kb_id":"kb1","kb_name":"n","doc_list":[{"docid":"DOCID","doc_name":"a.pdf","type":2,"status":0},{"docid":2,"doc_name":"b","type":8,"status":2},{"docid":3,"doc_name":"c","type":101,"status":1},{"docid":4,"doc_name":"d","type":77,"status":9}]}',
			),
		);
		const { json: output, error } = await zone.run('knowledgeBase.get', { kbId });
		expect(error).toBeUndefined();
		expect(zone.asked()).toEqual([['invoke_knowledge_base_detail', '{"kb_id":"kb1"}']]);
		expect(output).toEqual([
			{
				kb_id: 'kb1',
				kb_name: 'n',
				doc_list: [
					{ docid: DOCID, doc_name: 'a.pdf', type: 2, status: 0, type_name: 'pdf', status_name: 'ok' }, // prettier-ignore
					{ docid: 2, doc_name: 'b', type: 8, status: 2, type_name: 'online document', status_name: 'adding' }, // prettier-ignore
					{ docid: 3, doc_name: 'c', type: 101, status: 1, type_name: 'web page', status_name: 'failed' }, // prettier-ignore
					{ docid: 4, doc_name: 'd', type: 77, status: 9, type_name: null, status_name: null },
				],
			},
		]);
	});

	it.each([
		['none', '={{ "" }}'],
		['one that is too long', 'x'.repeat(257)],
	])('refuses %s for a knowledge base and sends nothing', async (_case, id) => {
		const zone = await startZone(passingOn());
		const { error } = await zone.run('knowledgeBase.get', { kbId: byId(id) });
		expect(error?.message).toContain('"kb_id"');
		expect(zone.server.requests).toEqual([]);
	});
});

describe('knowledgeBase.create', () => {
	const created = '{"errcode":0,"errmsg":"ok","kb_id":"kb1","doc_list":[{"doc_name":"a.pdf","type":2,"file_media_id":"MEDIA-1","docid":"DOCID"}]}'; // prettier-ignore

	it('sends the documents, and says how to see when they are learned', async () => {
		const zone = await startZone(withDocid(created));
		const { json: output, hints, error } = await zone.run('knowledgeBase.create', { kbName: 'n', documents }); // prettier-ignore
		expect(error).toBeUndefined();
		expect(zone.asked()).toEqual([
			['invoke_knowledge_base_create', JSON.stringify({ kb_name: 'n', doc_list: [sent] })],
		]);
		expect(output).toEqual([
			{
				kb_id: 'kb1',
				kb_name: 'n',
				doc_list: [{ ...sent, docid: DOCID, type_name: 'pdf' }],
			},
		]);
		expect(hints).toEqual([expect.stringContaining('knowledge_base_learn_done')]);
	});

	it('knows the type by suffix or URL, or takes the one that is chosen', async () => {
		const zone = await startZone(withDocid(created));
		const rows = [
			{ docName: 'A.PDF', type: 'automatic', mediaId: 'M' },
			{ docName: '问答.xlsx', type: 'automatic', mediaId: 'M' },
			{ docName: 'old.doc ', type: 'automatic', mediaId: 'M' },
			{ docName: 'v1.2.docx', type: 'automatic', mediaId: 'M' },
			{ docName: 'scan', type: 2, mediaId: 'M' },
			{ docName: '常见问题', type: 101, webUrl: 'https://www.example.com/faq' },
			{ docName: 'a.pdf', type: 'automatic', webUrl: 'https://www.example.com/a.pdf' },
		];
		await zone.run('knowledgeBase.create', { kbName: 'n', documents: { document: rows } });
		const [[, request] = []] = zone.asked();
		expect((JSON.parse(request ?? '') as IDataObject).doc_list).toEqual([
			{ doc_name: 'A.PDF', type: 2, file_media_id: 'M' },
			{ doc_name: '问答.xlsx', type: 4, file_media_id: 'M' },
			{ doc_name: 'old.doc', type: 5, file_media_id: 'M' },
			{ doc_name: 'v1.2.docx', type: 6, file_media_id: 'M' },
			{ doc_name: 'scan', type: 2, file_media_id: 'M' },
			{ doc_name: '常见问题', type: 101, web_url: 'https://www.example.com/faq' },
			{ doc_name: 'a.pdf', type: 101, web_url: 'https://www.example.com/a.pdf' },
		]);
	});

	it('takes the documents as JSON, of an expression too', async () => {
		const zone = await startZone(withDocid(created));
		const list = [
			{ doc_name: 'a.pdf', file_media_id: 'M' },
			{ doc_name: 'FAQ', web_url: 'http://www.example.com' },
			{ doc_name: 'b', type: 6, file_media_id: 'M' },
		];
		for (const documentsJson of [JSON.stringify(list), `={{ ${JSON.stringify(list)} }}`]) {
			const given = { specifyDocuments: 'json', documentsJson };
			await zone.run('knowledgeBase.create', { kbName: 'n', ...given });
		}
		const requests = zone.asked().map(([, request]) => JSON.parse(request ?? '') as IDataObject);
		expect(requests).toHaveLength(2);
		for (const { doc_list: documents } of requests) {
			expect((documents as IDataObject[]).map(({ type }) => type)).toEqual([2, 101, 6]);
		}
	});

	it.each<[string, IDataObject, string]>([
		['no name', { kbName: '={{ "" }}' }, '"kb_name"'],
		['a name of 21 characters', { kbName: '长'.repeat(21) }, '"kb_name"'],
		['no document', { documents: {} }, '"Documents"'],
		['a document without a name', { documents: { document: [{ ...file, docName: '' }] } }, '"doc_list[0].doc_name"'], // prettier-ignore
		['a name of 201 bytes', { documents: { document: [file, { ...file, docName: `${'x'.repeat(197)}.pdf` }] } }, '"doc_list[1].doc_name"'], // prettier-ignore
		['a suffix that WeCom does not take', { documents: { document: [file, { ...file, docName: 'a.txt' }] } }, '"doc_list[1].type"'], // prettier-ignore
		['a type that is none', { documents: { document: [{ ...file, type: '={{ 3 }}' }] } }, '"doc_list[0].type"'], // prettier-ignore
		['a file without media id', { documents: { document: [{ ...file, mediaId: '' }] } }, '"doc_list[0].file_media_id"'], // prettier-ignore
		['a media id that is too long', { documents: { document: [{ ...file, mediaId: 'x'.repeat(1025) }] } }, '"doc_list[0].file_media_id"'], // prettier-ignore
		['a web page without URL', { documents: { document: [{ docName: 'a', type: 101, webUrl: '' }] } }, '"doc_list[0].web_url"'], // prettier-ignore
		['an address that is none', { documents: { document: [{ docName: 'a', type: 101, webUrl: 'ftp://a' }] } }, '"doc_list[0].web_url"'], // prettier-ignore
		['a file with a URL', { documents: { document: [{ ...file, type: 2, webUrl: 'https://a.example.com' }] } }, '"doc_list[0].web_url"'], // prettier-ignore
		['another way to specify', { specifyDocuments: '={{ "xml" }}' }, '"Specify Documents"'],
		['JSON that is none', { specifyDocuments: 'json', documentsJson: '[1' }, '"Documents (JSON)"'],
		['JSON that is no list', { specifyDocuments: 'json', documentsJson: '{}' }, '"Documents"'],
		['a list of texts', { specifyDocuments: 'json', documentsJson: '["a.pdf"]' }, '"doc_list[0]"'],
		['a field that is none', { specifyDocuments: 'json', documentsJson: '[{"doc_name":"a.pdf","media_id":"M"}]' }, 'media_id"'], // prettier-ignore
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		const zone = await startZone(passingOn());
		const { error } = await zone.run('knowledgeBase.create', { kbName: 'n', documents, ...parameters }); // prettier-ignore
		expect(error?.message).toContain(field);
		expect(zone.server.requests).toEqual([]);
	});

	it('warns when the answer holds no kb_id', async () => {
		const zone = await startZone(passingOn());
		const { json: output, hints } = await zone.run('knowledgeBase.create', { kbName: 'n', documents }); // prettier-ignore
		expect(output).toEqual([{ kb_name: 'n', doc_list: [] }]);
		expect(hints.join()).toContain('without kb_id');
	});
});

describe('knowledgeBase.addDocuments', () => {
	it('sends the new ones, and gives them with their ids', async () => {
		const zone = await startZone(withDocid('{"errcode":0,"doc_list":[{"doc_name":"a.pdf","type":2,"file_media_id":"MEDIA-1","docid":"DOCID"}]}')); // prettier-ignore
		const { json: output, hints } = await zone.run('knowledgeBase.addDocuments', { kbId, documents }); // prettier-ignore
		expect(zone.asked()).toEqual([
			['invoke_knowledge_base_add_doc', JSON.stringify({ kb_id: 'kb1', doc_list: [sent] })],
		]);
		expect(output).toEqual([
			{ kb_id: 'kb1', doc_list: [{ ...sent, docid: DOCID, type_name: 'pdf' }] },
		]);
		expect(hints).toHaveLength(1);
	});

	it('says what to do with a knowledge base of another app', async () => {
		const zone = await startZone(passingOn({ errcode: 790024, errmsg: 'not yours' }));
		const { error } = await zone.run('knowledgeBase.addDocuments', { kbId, documents });
		expect(error?.message).toContain('790024');
		expect(error?.description).toContain('Only the app that made');
	});
});

describe('knowledgeBase.removeDocuments', () => {
	it.each([
		['a text', `1, ${DOCID}`],
		['a list', `={{ ["1", "${DOCID}"] }}`],
	])('sends the ids as numbers, to the last digit, given as %s', async (_case, docidList) => {
		const zone = await startZone(passingOn());
		const { json: output, error } = await zone.run('knowledgeBase.removeDocuments', { kbId, docidList }); // prettier-ignore
		expect(error).toBeUndefined();
		expect(zone.asked()).toEqual([
			['invoke_knowledge_base_remove_doc', `{"kb_id":"kb1","docid_list":[1,${DOCID}]}`],
		]);
		expect(output).toEqual([{ success: true, kb_id: 'kb1', docid_list: ['1', DOCID] }]);
	});

	it.each([
		['none', '={{ "" }}'],
		['words', 'first'],
		['a number that lost digits', '={{ [7036874417766401234] }}'],
		['one beyond uint64', `${DOCID}0`],
	])('refuses %s and sends nothing', async (_case, docidList) => {
		const zone = await startZone(passingOn());
		const { error } = await zone.run('knowledgeBase.removeDocuments', { kbId, docidList });
		expect(error?.message).toContain('docid_list');
		expect(zone.server.requests).toEqual([]);
	});
});

describe('knowledgeBase.rename and delete', () => {
	it('send what they are about', async () => {
		const zone = await startZone(passingOn());
		const renamed = await zone.run('knowledgeBase.rename', { kbId, kbName: 'n2' });
		const deleted = await zone.run('knowledgeBase.delete', { kbId });
		expect(zone.asked()).toEqual([
			['invoke_knowledge_base_modify_name', '{"kb_id":"kb1","kb_name":"n2"}'],
			['invoke_knowledge_base_delete', '{"kb_id":"kb1"}'],
		]);
		expect(renamed.json).toEqual([{ success: true, kb_id: 'kb1', kb_name: 'n2' }]);
		expect(deleted.json).toEqual([{ deleted: true }]);
	});

	it('goes on after an item that WeCom refuses', async () => {
		const zone = await startZone(errcode(710643, 'no permission'));
		const { json: output } = await zone.run('knowledgeBase.delete', { kbId }, [{ json: {} }], {
			onError: 'continueRegularOutput',
		});
		expect(output).toEqual([expect.objectContaining({ errcode: 710643 })]);
	});
});
