import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { closeServers, inTurn, type Reply } from '../unit/support/server';
import { byId, type RowStyle } from './row';
import { passingOn, startNode } from './zoneSupport';

afterEach(closeServers);

/** Runs an operation of the node against Tencent's zone. */
async function run(
	reply: Reply,
	operation: string,
	parameters: IDataObject = {},
	items?: INodeExecutionData[],
	style?: RowStyle,
) {
	const bench = await startNode('wecomChatArchive', reply, 'dataZone', style);
	const outcome = await bench.run(operation, parameters, items);
	return { ...outcome, server: bench.server, bodies: bench.bodies() };
}

/** What the program was asked, without the name of the function. */
const requestsIn = (bodies: IDataObject[]) =>
	bodies.map(({ request_data: data }) => JSON.parse(String(data)) as IDataObject);
const all = { returnAll: true };

describe('consent', () => {
	it('of pairs comes with the customer under both names, and as a yes or no', async () => {
		const { json, error } = await run(
			passingOn({
				agreeinfo: [
					{ status_change_time: 1_730_000_000, userid: 'woUser1', external_userid: 'wmCust1', agree_status: 'Agree' }, // prettier-ignore
				],
			}),
			'consent.check',
			{ pairs: { pair: [{ userid: 'woUser1', exteranalopenid: 'wmCust1' }] } },
		);
		expect(error).toBeUndefined();
		expect(json).toEqual([
			{
				status_change_time: 1_730_000_000,
				userid: 'woUser1',
				external_userid: 'wmCust1',
				exteranalopenid: 'wmCust1',
				agree_status: 'Agree',
				agreed: true,
			},
		]);
	});

	it('in a group is an item for each customer', async () => {
		const customer = (external_userid: string, agree_status: string) => ({ status_change_time: 1_730_000_000, external_userid, agree_status }); // prettier-ignore
		const { json, bodies, hints } = await run(
			passingOn({ agreeinfo: [customer('wmCust1', 'Disagree'), customer('wmCust2', 'Later')] }),
			'consent.checkGroup',
			{ roomId: 'wrRoom1' },
		);
		expect(requestsIn(bodies)).toEqual([{ chatid: 'wrRoom1' }]);
		expect(json).toEqual([
			{ ...customer('wmCust1', 'Disagree'), roomid: 'wrRoom1', exteranalopenid: 'wmCust1', agreed: false }, // prettier-ignore
			{ ...customer('wmCust2', 'Later'), roomid: 'wrRoom1', exteranalopenid: 'wmCust2', agreed: null }, // prettier-ignore
		]);
		expect(hints).toEqual([]);
	});

	it('in a group without customers says for whom WeCom answers', async () => {
		const { json, hints } = await run(passingOn({}), 'consent.checkGroup', { roomId: 'wrRoom1' });
		expect(json).toEqual([]);
		expect(hints).toEqual([expect.stringMatching(/no customer in the group wrRoom1/)]);
	});
});

it('group.get gives the members with their kind in words', async () => {
	const { json } = await run(
		passingOn({
			creator: 'woUser1',
			room_create_time: 1_730_000_000,
			members: [
				{ memberid: 'woUser1', jointime: 1_730_000_001, type: 1 },
				{ memberid: 'wmCust1', jointime: 1_730_000_002, type: 2 },
				{ memberid: 'woUser2', jointime: 1_730_000_003 },
			],
		}),
		'group.get',
		{ roomId: 'wrRoom1' },
	);
	expect(json).toEqual([
		{
			roomid: 'wrRoom1',
			creator: 'woUser1',
			room_create_time: 1_730_000_000,
			members: [
				{ memberid: 'woUser1', jointime: 1_730_000_001, type: 1, type_name: 'member' },
				{ memberid: 'wmCust1', jointime: 1_730_000_002, type: 2, type_name: 'customer' },
				{ memberid: 'woUser2', jointime: 1_730_000_003 },
			],
		},
	]);
});

describe('search', () => {
	it('of messages gives ids, and the node says beforehand that there is no text', async () => {
		const { json, bodies } = await run(
			inTurn(
				passingOn({ has_more: 1, next_cursor: 'C2', msg_list: [{ msgid: 'msg1' }] }),
				passingOn({ has_more: 0, next_cursor: '', msg_list: [{ msgid: 'msg2' }] }),
			),
			'search.messages',
			{ keyword: 'ab', ...all, filters: { chatType: 2, chatId: 'wrRoom1' } },
		);
		expect(json).toEqual([{ msgid: 'msg1' }, { msgid: 'msg2' }]);
		const chat_info = { chat_type: 2, chat_id: 'wrRoom1' };
		expect(requestsIn(bodies)).toEqual([
			{ query_word: 'ab', chat_info, limit: 100 },
			{ query_word: 'ab', chat_info, cursor: 'C2', limit: 100 },
		]);
	});

	it('of people gives their ids, and their kind in words', async () => {
		const { json, bodies } = await run(
			passingOn({
				has_more: 0,
				next_cursor: '',
				user_list: [
					{ type: 1, id: 'woUser1' },
					{ type: 2, id: 'wmCust1' },
				],
			}),
			'search.people',
			{ keyword: 'ab', limit: 20, filters: { userType: 2 } },
		);
		expect(requestsIn(bodies)).toEqual([{ query_word: 'ab', query_user_type: 2, limit: 20 }]);
		expect(json).toEqual([
			{ type: 1, type_name: 'member', id: 'woUser1' },
			{ type: 2, type_name: 'customer', id: 'wmCust1' },
		]);
	});

	it('of people says who can be found where it finds nobody', async () => {
		const { json, hints } = await run(passingOn({}), 'search.people', { keyword: 'ab' });
		expect(json).toEqual([]);
		expect(hints).toEqual([expect.stringMatching(/Nobody found.*two characters/)]);
	});

	it.each([
		['one character', { keyword: 'a' }, 'keyword'],
		['32 characters', { keyword: 'x'.repeat(32) }, 'keyword'],
		['a kind of people that there is not', { keyword: 'ab', filters: { userType: '={{ 3 }}' } }, 'query_user_type'], // prettier-ignore
	])('of people refuses %s and sends nothing', async (_case, parameters, field) => {
		const { error, server } = await run(passingOn({}), 'search.people', parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(server.requests).toEqual([]);
	});
});

describe('keywordRule.getHits', () => {
	const hit = {
		msgid: 'msg1',
		msg_detail: {
			sender: { type: 1, id: 'woUser1' },
			receiver_list: [{ type: 2, id: 'wmCust1' }],
			chatid: 'wrRoom1',
			send_time: 1_730_000_000,
			msgtype: 6,
			service_encrypt_info: { encrypted_secret_key: 'BASE64', public_key_ver: 1 },
		},
		hit_rule_list: [{ rule_id: 'RULE-1', has_hit_keyword: true, semantics_list: [2, 99] }],
	};
	const named = [{ ...hit.hit_rule_list[0], semantics_names: ['Mobile Number', '99'] }];
	const answer = passingOn({ has_more: 0, next_cursor: 'C2', msg_list: [hit] });
	const options = {
		token: 'TOKEN-1',
		needDetail: true,
		beginTime: '2026-11-25T08:00:00',
	};

	it('sends what the options say, and gives an item for each message, readable', async () => {
		const { json, bodies } = await run(answer, 'keywordRule.getHits', { ...all, options });
		expect(requestsIn(bodies)).toEqual([
			{
				token: 'TOKEN-1',
				need_detail: 1,
				begin_time: Date.parse('2026-11-25T00:00:00Z') / 1000,
				limit: 1000,
			},
		]);
		expect(json).toEqual([
			{
				msgid: 'msg1',
				hit_rule_list: named,
				sender: 'woUser1',
				sender_type_name: 'member',
				receivers: ['wmCust1'],
				chatid: 'wrRoom1',
				send_time: '2024-10-27T11:33:20.000+08:00',
				msgtype: 'voice',
				encrypted_secret_key: 'BASE64',
				public_key_ver: 1,
			},
		]);
	});

	it('gives the answer as it is without Simplify, the kinds of content by name', async () => {
		const { json } = await run(answer, 'keywordRule.getHits', { simplify: false });
		expect(json).toEqual([{ ...hit, hit_rule_list: named }]);
	});

	it('asks for nothing in particular without options, and gives ids alone', async () => {
		const { json, bodies } = await run(
			passingOn({ has_more: 0, msg_list: [{ msgid: 'msg1', hit_rule_list: [{ rule_id: 'R' }] }] }),
			'keywordRule.getHits',
			{ limit: 7 },
		);
		expect(requestsIn(bodies)).toEqual([{ limit: 7 }]);
		expect(json).toEqual([
			{ msgid: 'msg1', hit_rule_list: [{ rule_id: 'R', semantics_names: [] }] },
		]);
	});

	it('says where hits come from when there are none', async () => {
		const { json, hints } = await run(passingOn({}), 'keywordRule.getHits');
		expect(json).toEqual([]);
		expect(hints).toEqual([expect.stringMatching(/5 days.*archived members/)]);
	});

	it.each([
		['a token that is too long', { token: 'x'.repeat(129) }, 'token'],
		['a time in words', { beginTime: 'yesterday' }, 'Begin Time'],
		['a switch in words', { needDetail: '={{ "perhaps" }}' }, 'Need Detail'],
	])('refuses %s and sends nothing', async (_case, given, field) => {
		const { error, server } = await run(answer, 'keywordRule.getHits', { options: given });
		expect(error?.message).toContain(`"${field}"`);
		expect(server.requests).toEqual([]);
	});
});

describe('the program in Options', () => {
	it.each([
		['java', 'invoke_get_rule_detail', '{"rule_id":"r1"}'],
		['python', 'input_get_rule_detail', '{"input":{"func":"get_rule_detail","func_req":{"rule_id":"r1"}}}'], // prettier-ignore
	])(
		'takes the call in place of that of the credential, in %s',
		async (programStyle, ability_id, request_data) => {
			const { bodies } = await run(passingOn({ name: 'n' }), 'keywordRule.get', {
				ruleId: byId('r1'),
				options: { programId: 'progOther', programStyle },
			});
			expect(bodies).toEqual([{ program_id: 'progOther', ability_id, request_data }]);
		},
	);

	it('leaves what it does not say to the credential', async () => {
		const { bodies } = await run(
			passingOn({ name: 'n' }),
			'keywordRule.get',
			{ ruleId: byId('r1'), options: { programId: '' } },
			undefined,
			'python',
		);
		expect(bodies).toMatchObject([{ program_id: 'prog1', ability_id: 'input_get_rule_detail' }]);
	});

	it('may be another for each item', async () => {
		const { bodies } = await run(
			passingOn({ name: 'n' }),
			'keywordRule.get',
			{ ruleId: byId('r1'), options: { programId: '={{ $json.program }}' } },
			[{ json: { program: 'P1' } }, { json: { program: 'P2' } }],
		);
		expect(bodies.map(({ program_id }) => program_id)).toEqual(['P1', 'P2']);
	});
});
