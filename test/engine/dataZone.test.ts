import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { byId } from './row';
import { Engine } from './harness';

/** The Data Zone node against a data zone, whichever image its program is of. */
describe.each(['java', 'python'] as const)('in the data zone, with a program in %s', (style) => {
	let wecom: Simulator;
	let engine: Engine;

	beforeAll(async () => {
		wecom = await startSimulator({ contracts: ['dataZone'], messageCount: 20, learnSeconds: 0 });
		const { wecomDataApi, wecomCallbackApi } = credentialsFor(wecom);
		const program = { programId: wecom.programs[style], programStyle: style };
		engine = await Engine.load({ wecomDataApi: { ...wecomDataApi, ...program }, wecomCallbackApi });
	});

	afterAll(async () => {
		await wecom.stop();
	});

	/** What comes out of `resource.operation`, which must not fail. */
	async function run(
		operation: string,
		parameters: IDataObject = {},
		items?: INodeExecutionData[],
	): Promise<IDataObject[]> {
		const [resource, name] = operation.split('.') as [string, string];
		const all = { resource, operation: name, ...parameters };
		const { json, error } = await engine.runNode('wecomDataZone', all, items);
		expect(error).toBeUndefined();
		return json;
	}

	it('a knowledge base is made of an uploaded file, grows, shrinks, is renamed and goes', async () => {
		const data = Buffer.from('the price list').toString('base64');
		const file = { data, mimeType: 'application/pdf', fileName: '价目表.pdf' };
		const uploaded = await run('file.upload', {}, [{ json: {}, binary: { data: file } }]);
		const documents = {
			document: [{ docName: '={{ "价目表.pdf" }}', mediaId: '={{ $json.media_id }}' }],
		};
		const [created] = await run('knowledgeBase.create', { kbName: '产品手册', documents }, [
			{ json: uploaded[0] ?? {} },
		]);
		const kbId = byId(created?.kb_id);
		const page = { docName: '常见问题', webUrl: 'https://www.example.com/faq' };
		await run('knowledgeBase.addDocuments', { kbId, documents: { document: [page] } });
		const [both] = await run('knowledgeBase.get', { kbId });
		const listed = both?.doc_list as IDataObject[];
		expect(listed.map(({ doc_name, type_name, status_name }) => [doc_name, type_name, status_name])).toEqual([['价目表.pdf', 'pdf', 'ok'], ['常见问题', 'web page', 'ok']]); // prettier-ignore
		expect(listed.every(({ docid }) => /^\d{19}$/.test(String(docid)))).toBe(true);

		await run('knowledgeBase.removeDocuments', { kbId, docidList: listed[0]?.docid });
		await run('knowledgeBase.rename', { kbId, kbName: '问答' });
		const [left] = await run('knowledgeBase.get', { kbId });
		expect(left).toMatchObject({ kb_name: '问答', doc_list: [{ docid: listed[1]?.docid }] });
		expect(await run('knowledgeBase.getAll')).toEqual([{ kb_id: created?.kb_id, kb_name: '问答' }]);
		await run('knowledgeBase.delete', { kbId });
		expect(await run('knowledgeBase.getAll')).toEqual([]);
	});

	it('an event is fetched by the id that program_notify carries', async () => {
		await run('callback.set');
		const { notifyId, event } = wecom.notifyProgram({ event_type: 'conversation_new_message' });
		expect(await run('callback.fetchEvent', { notifyId })).toEqual([event]);
	});

	it('debug mode opens with the token of the console, and closes', async () => {
		const status = async () => (await run('debug.get'))[0]?.debug_mode_status_name;
		expect(await status()).toBe('off');
		await run('debug.open', { debugToken: wecom.debugToken });
		expect(await status()).toBe('on');
		await run('debug.close');
		expect(await status()).toBe('off');
	});

	it('the log level is set, and read again', async () => {
		await run('log.setLevel', { logLevel: 3 });
		expect(await run('log.getLevel')).toMatchObject([{ log_level: 3, log_level_name: 'DBG' }]);
	});

	it('everything is hidden from a member until something is set, and what is left out is shown then', async () => {
		const [member] = await run('member.getAll', { limit: 1 });
		const { userid } = member as { userid: string };
		const hidden = { hide_mobile: true, hide_idcard: true, hide_bankno: true };
		expect(await run('privacy.get', { userid })).toEqual([{ userid, ...hidden }]);
		await run('privacy.set', { userid, hideMobile: false });
		expect(await run('privacy.get', { userid })).toEqual([
			{ userid, ...hidden, hide_mobile: false },
		]);
	});

	it('the editions and who is archived with each go together', async () => {
		for (const edition of await run('authorization.get')) {
			const filters = { type: edition.edition };
			const members = await run('member.getAll', { returnAll: true, filters });
			expect(members.map(({ userid }) => userid)).toEqual(edition.userid_list);
			expect(members).toHaveLength(Number(edition.auth_user_count));
		}
	});
});
