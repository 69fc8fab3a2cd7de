import type { IDataObject } from 'n8n-workflow';

import { inTurn, json } from '../unit/support/server';
import { items, operationBench, type BadCase } from './operationBench';

const SESSIONS = '/cgi-bin/msgaudit/search_session';
const MESSAGES = '/cgi-bin/msgaudit/search_message';
const all = { returnAll: true };
const token = { access_token: expect.any(String) as string };
const bench = operationBench('wecomChatArchive', { messageCount: 1500 });

const person = (personType: string, personId: unknown) => ({ personType, personId });

describe('search.sessions', () => {
	it('sends the keyword, and gives the groups whose name has it', async () => {
		const { json: output, error } = await bench.run('search.sessions', { keyword: '咖啡', ...all });
		expect(error).toBeUndefined();
		expect(bench.sent()).toHaveLength(1);
		expect(bench.sent()[0]).toMatchObject({ method: 'POST', path: SESSIONS, query: token });
		expect(Object.keys(bench.sent()[0]?.query ?? {})).toEqual(['access_token']);
		expect(bench.bodies()).toEqual([{ keyword: '咖啡', cursor: '', limit: 100 }]);
		const groups = bench.wecom.world.groups.filter(({ name }) => name.includes('咖啡'));
		expect(groups.length).toBeGreaterThan(1);
		expect(output).toEqual(groups.map(({ roomid, name }) => ({ chatid: roomid, name })));
	});

	it('asks for no more than the limit', async () => {
		const { json: output } = await bench.run('search.sessions', { keyword: '咖啡', limit: 1 });
		expect(bench.bodies()).toEqual([{ keyword: '咖啡', cursor: '', limit: 1 }]);
		expect(output).toHaveLength(1);
	});

	it('follows the cursor through short and empty pages', async () => {
		const page = (next_cursor: string, ...ids: string[]) =>
			json({ errcode: 0, has_more: 1, next_cursor, chat_list: ids.map((chatid) => ({ chatid })) });
		const { run, bodies } = await bench.against(inTurn(page('c1', 'a', 'b'), page('c2'), page('', 'c'))); // prettier-ignore
		const { json: output } = await run('search.sessions', { keyword: '报价', ...all });
		expect(output.map(({ chatid }) => chatid)).toEqual(['a', 'b', 'c']);
		expect(bodies().map(({ cursor }) => cursor)).toEqual(['', 'c1', 'c2']);
	});

	it('says why nothing may be found', async () => {
		const { json: output, hints } = await bench.run('search.sessions', { keyword: '没有这个群' });
		expect(output).toEqual([]);
		expect(hints.join()).toMatch(/given a name.*at least two characters.*permitted/);
	});

	it.each<BadCase>([
		['no keyword', { keyword: '={{ "" }}' }, 'keyword'],
		['one character', { keyword: '群' }, 'keyword'],
		['65 characters', { keyword: 'x'.repeat(65) }, 'keyword'],
		['a list as keyword', { keyword: '={{ ["报价"] }}' }, 'keyword'],
		['a limit of 0', { keyword: '报价', limit: 0 }, 'Limit'],
		['a limit in words', { keyword: '报价', limit: '={{ "many" }}' }, 'Limit'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('search.sessions', parameters, field);
	});

	it('goes on after a bad item', async () => {
		const output = await bench.continues(
			'search.sessions',
			{ keyword: '={{ $json.value }}', limit: 1 },
			items('咖啡', '群', '销售'),
			{ item: 1, field: 'keyword' },
		);
		expect(output[2]).toMatchObject({ name: '销售部' });
	});
});

describe('search.messages', () => {
	it('sends the keyword, and gives what was said, newest first and readable', async () => {
		const { json: output, error } = await bench.run('search.messages', {
			keyword: '发货',
			limit: 3,
		});
		expect(error).toBeUndefined();
		expect(bench.sent()).toHaveLength(1);
		expect(bench.sent()[0]).toMatchObject({ method: 'POST', path: MESSAGES, query: token });
		expect(Object.keys(bench.sent()[0]?.query ?? {})).toEqual(['access_token']);
		expect(bench.bodies()).toEqual([{ keyword: '发货', cursor: '', limit: 3 }]);
		expect(output).toHaveLength(3);
		for (const { content, msgtype, send_time } of output) {
			expect(content).toContain('发货');
			expect(['text', 'link', 'weapp', 'file', 'docmsg', 'mixed', 'qydiskfile']).toContain(msgtype);
			// The timezone of the workflow.
			expect(send_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+08:00$/);
		}
		const seqs = output.map(({ seq }) => Number(seq));
		expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
		const { msgid, sender } = output[0] as IDataObject;
		const truth = bench.wecom.truth.find((record) => record.msgid === msgid);
		expect(sender).toBe(truth?.plaintext?.from);
	});

	it('gives the answer as it is without Simplify', async () => {
		const { json: output } = await bench.run('search.messages', {
			keyword: '发货',
			limit: 1,
			simplify: false,
		});
		expect(output[0]).toMatchObject({
			msgtype: expect.any(Number) as number,
			send_time: expect.any(Number) as number,
		});
	});

	it('leaves a type without a word, and an answer without times, alone', async () => {
		const { run } = await bench.against(
			json({ errcode: 0, messages: [{ msgid: 'm1', content: 'x' }, { msgid: 'm2', msgtype: 99 }] }), // prettier-ignore
		);
		const { json: output } = await run('search.messages', { keyword: '报价' });
		expect(output).toEqual([
			{ msgid: 'm1', content: 'x' },
			{ msgid: 'm2', msgtype: 99 },
		]);
	});

	it('sends every filter under its name', async () => {
		const { run, bodies } = await bench.against(json({ errcode: 0, messages: [] }));
		await run('search.messages', {
			keyword: '报价',
			...all,
			filters: {
				startTime: '2026-11-01T08:00:00',
				endTime: '2026-11-20T08:00:00+00:00',
				skipStopWords: true,
				chatType: 1,
				idList: { person: [person('member', 'zhangwei'), person('customer', 'woCustomer')] },
				msgTypeList: [1, 20],
				sender: { person: person('customer', 'woCustomer') },
				senderList: 'zhangwei, LiNa',
			},
		});
		expect(bodies()).toEqual([
			{
				keyword: '报价',
				start_time: Date.parse('2026-11-01T00:00:00Z') / 1000,
				end_time: Date.parse('2026-11-20T08:00:00Z') / 1000,
				skip_stop_words: true,
				chat_info: {
					chat_type: 1,
					id_list: [{ open_userid: 'zhangwei' }, { external_userid: 'woCustomer' }],
					msg_type_list: [1, 20],
					sender: { external_userid: 'woCustomer' },
					sender_list: [{ open_userid: 'zhangwei' }, { open_userid: 'LiNa' }],
				},
				cursor: '',
				limit: 100,
			},
		]);
	});

	it('sends no filter that is empty', async () => {
		await bench.run('search.messages', {
			keyword: '发货',
			limit: 1,
			filters: {
				startTime: '',
				endTime: '',
				chatId: '',
				idList: {},
				msgTypeList: [],
				sender: {},
				senderList: '',
			},
		});
		expect(bench.bodies()).toEqual([{ keyword: '发货', cursor: '', limit: 1 }]);
	});

	it('finds everything in a group, over several pages', async () => {
		const [group] = bench.wecom.world.groups;
		bench.wecom.addMessages(230, { text: '咖啡机漏水', chatId: group?.roomid ?? '' });
		const { json: output } = await bench.run('search.messages', {
			keyword: '咖啡机漏水',
			...all,
			filters: { chatType: 2, chatId: group?.roomid },
		});
		expect(output).toHaveLength(230);
		expect(new Set(output.map(({ msgid }) => msgid)).size).toBe(230);
		expect(new Set(output.map(({ chatid }) => chatid))).toEqual(new Set([group?.roomid]));
		// 100, 100, and a last page that is short.
		expect(bench.sent()).toHaveLength(3);
		expect(bench.bodies()[0]).toEqual({
			keyword: '咖啡机漏水',
			chat_info: { chat_type: 2, chat_id: group?.roomid },
			cursor: '',
			limit: 100,
		});
		const limited = await bench.run('search.messages', { keyword: '咖啡机漏水', limit: 150 });
		expect(limited.json).toEqual(output.slice(0, 150));
		expect(bench.bodies().slice(3)).toMatchObject([{ limit: 100 }, { limit: 50 }]);
	});

	it.each([
		['customer', 'staff'],
		['staff', 'customer'],
	] as const)('tells what a %s said from what the %s said', async (by, other) => {
		const [customer] = bench.wecom.world.customers;
		const chatId = customer?.externalUserid ?? '';
		const keyword = `单聊 ${by}`;
		bench.wecom.addMessages(2, { text: keyword, chatId, by });
		bench.wecom.addMessages(1, { text: keyword, chatId, by: other });
		const people = {
			customer: person('customer', chatId),
			staff: person('member', customer?.owner),
		};
		const filters = {
			idList: { person: [people.staff, people.customer] },
			sender: { person: people[by] },
		};
		const { json: output } = await bench.run('search.messages', { keyword, ...all, filters });
		expect(output).toHaveLength(2);
		const everybody = await bench.run('search.messages', {
			keyword,
			filters: { idList: filters.idList },
		});
		expect(everybody.json).toHaveLength(3);
	});

	it('says why nothing may be found', async () => {
		const { json: output, hints } = await bench.run('search.messages', {
			keyword: '没有人说过这句话',
		});
		expect(output).toEqual([]);
		expect(hints.join()).toMatch(/last 31 days.*two characters.*permitted.*a while/);
	});

	const pair = (...people: unknown[]) => ({ filters: { idList: { person: people } } });
	it.each<BadCase>([
		['no keyword', { keyword: '={{ "" }}' }, 'keyword'],
		['one character', { keyword: '漏' }, 'keyword'],
		['65 characters', { keyword: '漏'.repeat(65) }, 'keyword'],
		['a time that is none', { filters: { startTime: 'yesterday' } }, 'Start Time'],
		['an end without a start', { filters: { endTime: '2026-11-20T08:00:00' } }, 'start_time'],
		['an end before the start', { filters: { startTime: '2026-11-20', endTime: '2026-11-19' } }, 'start_time'], // prettier-ignore
		['32 days', { filters: { startTime: '2026-10-01', endTime: '2026-11-02' } }, 'start_time'],
		['an unknown chat type', { filters: { chatType: '={{ 3 }}' } }, 'chat_info.chat_type'],
		['an unknown message type', { filters: { msgTypeList: '={{ [1, 2] }}' } }, 'chat_info.msg_type_list[1]'], // prettier-ignore
		['a chat id that is too long', { filters: { chatId: 'x'.repeat(257) } }, 'chat_info.chat_id'],
		['one side of a chat', pair(person('member', 'a')), 'chat_info.id_list'],
		[
			'three sides',
			pair(...['a', 'b', 'c'].map((id) => person('member', id))),
			'chat_info.id_list',
		],
		['a side without an id', pair(person('member', 'a'), person('customer', '')), 'chat_info.id_list[1]'], // prettier-ignore
		['a sender that is neither', { filters: { sender: { person: person('={{ "robot" }}', 'a') } } }, 'Person Type'], // prettier-ignore
		['101 senders', { filters: { senderList: 'a,'.repeat(101) } }, 'chat_info.sender_list'],
		['words for yes', { filters: { skipStopWords: '={{ "yes" }}' } }, 'skip_stop_words'],
		['a limit of 1.5', { limit: '={{ 1.5 }}' }, 'Limit'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('search.messages', { keyword: '报价', ...parameters }, field);
	});

	it('goes on after a bad item', async () => {
		const output = await bench.continues(
			'search.messages',
			{ keyword: '={{ $json.value }}', limit: 1 },
			items('发货', '', '快递'),
			{ item: 1, field: 'keyword' },
		);
		expect(output[2]?.content).toContain('快递');
	});
});
