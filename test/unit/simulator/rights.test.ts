import { startSimulator, type Simulator } from '../../../simulator';
import { call, get, getToken, type Answer } from './support';
import { callFunction } from './zoneSupport';

const ENDED = 710726;
const NOW = 1_790_000_000;
const ACQUISITION = '/externalcontact/customer_acquisition';

let simulator: Simulator;
let token: string;
let clock = NOW * 1000;

beforeEach(async () => {
	clock = NOW * 1000;
	simulator = await startSimulator({ messageCount: 1, now: () => clock });
	token = await getToken(simulator);
});
afterEach(() => simulator.stop());

const run = (func: string, request: object = {}): Promise<Answer> =>
	callFunction(simulator, token, 'java', func, request);
const codeOf = async (func: string, request?: object) => (await run(func, request)).errcode;
const pathCode = async (path: string, body: object = {}) =>
	(await call(simulator, path, token, body)).errcode;

test.each([
	['datazone:chatdata:search', ['search_chat', 'search_msg', 'search_contact_or_customer']],
	['datazone:chatdata:hit_keyword', ['create_rule', 'update_rule', 'delete_rule', 'get_rule_detail', 'get_rule_list', 'get_hit_msg_list']],
	['datazone:chatdata:base', ['sync_msg', 'get_msg_list_by_page_id', 'get_agree_status_single', 'get_agree_status_room', 'get_group_chat']],
	['datazone:chatdata:sentiment_analysis', ['create_sentiment_task', 'get_sentiment_result']],
	['datazone:chatdata:customer_tag', ['create_customer_tag_task', 'get_customer_tag_result']],
	['datazone:chatdata:summary', ['create_summary_task', 'get_summary_result']],
	['datazone:chatdata:recommend_dialog', ['create_recommend_dialog_task', 'get_recommend_dialog_result']],
	['datazone:chatdata:customized_data', ['create_ww_model_task', 'get_ww_model_result']],
	['datazone:knowledge:base', ['list', 'create', 'detail', 'add_doc', 'remove_doc', 'modify_name', 'delete'].map((one) => `knowledge_base_${one}`)],
])('without %s its functions answer 710726, and others go on', async (right, functions) => {
	for (const func of functions) expect(await codeOf(func)).not.toBe(ENDED);
	simulator.takeRight(right);
	for (const func of functions) {
		expect(await run(func)).toEqual({
			errcode: ENDED,
			errmsg: expect.stringContaining(right) as string,
		});
	}
	expect(await codeOf('get_chatdata_export_job_status', { jobid: 'j' })).toBe(40088);
	expect(await codeOf('get_spam_result', { jobid: 'j' })).toBe(40088);
}); // prettier-ignore

test('a right ends at its moment, and can be given again', async () => {
	simulator.endRight('datazone:chatdata:search', NOW + 60);
	expect(await codeOf('search_chat', { query_word: '咖啡' })).toBe(0);
	clock += 60_000;
	expect(await codeOf('search_chat', { query_word: '咖啡' })).toBe(ENDED);
	simulator.endRight('datazone:chatdata:search', 0);
	expect(await codeOf('search_chat', { query_word: '咖啡' })).toBe(0);
});

test('paths that need a right answer 710726 without it', async () => {
	const userid = simulator.world.members[0]?.openUserid;
	const paths: Array<[string, object]> = [
		['/chatdata/get_auth_user_list', {}],
		['/chatdata/get_corp_auth_info', {}],
		['/chatdata/get_hide_sensitiveinfo_config', { userid }],
	];
	for (const [path, body] of paths) expect(await pathCode(path, body)).toBe(0);
	simulator.takeRight('datazone:chatdata:base');
	for (const [path, body] of paths) expect(await pathCode(path, body)).toBe(ENDED);
	expect(await pathCode('/chatdata/set_public_key')).toBe(ENDED);
	expect(await pathCode('/msgaudit/get_permit_user_list', { cursor: '', limit: 1 })).toBe(0);
});

test('get_chat_info ends with the right to conversion data, the quota does not', async () => {
	const chat_key = simulator.acquisition.chatKey(simulator.acquisition.links[0]?.linkId as string);
	expect(await pathCode(`${ACQUISITION}/get_chat_info`, { chat_key })).toBe(0);
	simulator.endRight('externalcontact:customer_acquisition:conversion_data', 1);
	expect(await pathCode(`${ACQUISITION}/get_chat_info`, { chat_key })).toBe(ENDED);
	expect((await get(simulator, `${ACQUISITION}_quota?access_token=${token}`)).errcode).toBe(0);
});

test('get_permissions tells when a right ends, and leaves out one that was taken', async () => {
	const rights = () => call(simulator, '/agent/get_permissions', token, {});
	simulator.endRight('datazone:chatdata:search', NOW + 60);
	expect((await rights()).app_permissions_ext).toContainEqual({
		permission_name: 'datazone:chatdata:search',
		expire_time: NOW + 60,
	});
	simulator.takeRight('datazone:chatdata:search');
	expect(JSON.stringify(await rights())).not.toContain('datazone:chatdata:search');
});

test('a right that no corp has cannot end, nor one at no moment', () => {
	expect(() => simulator.takeRight('datazone:chatdata:nothing')).toThrow(RangeError);
	expect(() => simulator.endRight('datazone:chatdata:nothing', 0)).toThrow(RangeError);
	expect(() => simulator.endRight('datazone:chatdata:search', NaN)).toThrow(TypeError);
});

test('the control routes do the same from another process', async () => {
	const control = async (path: string, body: object) => {
		const response = await fetch(`${simulator.url}/_sim/${path}`, {
			method: 'POST',
			body: JSON.stringify(body),
		});
		return [response.status, await response.json()] as [number, Record<string, unknown>];
	};
	const name = 'datazone:chatdata:search';
	expect(await control('end_right', { name, at: 1 })).toEqual([200, {}]);
	expect(await codeOf('search_chat', { query_word: '咖啡' })).toBe(ENDED);
	expect(await control('take_right', { name })).toEqual([200, {}]);
	expect((await control('take_right', { name }))[0]).toBe(400);
	expect(await control('program', { style: 'java', image: 'old' })).toEqual([200, {}]);
	await expect(run('knowledge_base_list')).rejects.toThrow(SyntaxError);
	expect((await control('program', { style: 'cpp' }))[0]).toBe(400);
	expect((await control('program', { style: 'java', image: 'newest' }))[0]).toBe(400);
	expect((await control('program', { style: 'java', answers: 'xml' }))[0]).toBe(400);
	const event = { event_type: 'conversation_new_message' };
	const [, stored] = await control('program_event', { event });
	expect(await callFunction(simulator, token, 'python', 'do_async_job', {}, { notify_id: stored.notifyId })).toEqual(stored.event); // prettier-ignore
	expect((await control('program_event', {}))[0]).toBe(400);
	const linkId = simulator.acquisition.links[0]?.linkId;
	const [, { chatKey: chat_key }] = await control('chat_key', { linkId });
	expect(await pathCode(`${ACQUISITION}/get_chat_info`, { chat_key })).toBe(0);
});
