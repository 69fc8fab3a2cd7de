import type { IDataObject } from 'n8n-workflow';

import { cut, errcode, inTurn, json } from '../unit/support/server';
import { byId, items, operationBench, searchList, type BadCase } from './operationBench';

const API = '/cgi-bin/msgaudit/keyword_rule';
const all = { returnAll: true };
const bench = operationBench('wecomChatArchive', { messageCount: 20 });
const ok = json({ errcode: 0, errmsg: 'ok', rule_id: 'r1' });

/** One call of the operation, with this body. */
function expectSent(operation: string, body: object): void {
	expect(bench.sent()).toHaveLength(1);
	const [request] = bench.sent();
	expect(request).toMatchObject({ method: 'POST', path: `${API}/${operation}`, body });
	expect(request?.body).toEqual(body);
	expect(Object.keys(request?.query ?? {})).toEqual(['access_token']);
}

/** Makes a rule that the test is about. */
async function newRule(parameters: IDataObject = {}): Promise<string> {
	const { json: output } = await bench.run('keywordRule.create', {
		name: '投诉',
		words: '漏水',
		...parameters,
	});
	bench.wecom.requests.length = 0;
	return String(output[0]?.rule_id);
}

/** The rule as WeCom has it. */
async function ruleOf(ruleId: unknown): Promise<IDataObject> {
	const { json: output } = await bench.run('keywordRule.get', { ruleId: byId(ruleId) });
	bench.wecom.requests.length = 0;
	return output[0] as IDataObject;
}

/** Every condition of the range, as a person fills it in, and as it is sent. */
const RANGE = {
	targetType: [1, 2],
	chatType: [2],
	department: '2, 3',
	user: 'zhangwei，LiNa',
	externalContact: ['wmA'],
	chat: 'wrA\nwrB',
	msgScope: 3,
	excludeMobile: '13800000000',
	excludeEmail: 'a@example.com; b@example.com',
	excludeBankCard: '6222020000000000000',
	excludeKeyword: '漏水保护, no leak',
	sessionType: [2],
	voiceMatchMsgtype: [6, 21],
};
const WIRE_RANGE = {
	target_type: { type_list: [1, 2] },
	chat_type: { type_list: [2] },
	department: { id_list: [2, 3] },
	user: { id_list: ['zhangwei', 'LiNa'] },
	external_contact: { id_list: ['wmA'] },
	chat: { id_list: ['wrA', 'wrB'] },
	msg_scope: 3,
	exclude_mobile: { mobile_list: ['13800000000'] },
	exclude_email: { email_list: ['a@example.com', 'b@example.com'] },
	exclude_bank_card: { bank_card_list: ['6222020000000000000'] },
	exclude_keyword: { word_list: ['漏水保护', 'no leak'] },
	session_type: { session_type_list: [2] },
	voice_match_msgtype: { type_list: [6, 21] },
};
const EMPTY_RANGE = {
	...Object.fromEntries(Object.keys(RANGE).map((name) => [name, ''])),
	targetType: [],
	chatType: [],
	sessionType: [],
	voiceMatchMsgtype: [],
	msgScope: 1,
};

/** Values that neither a new rule nor a changed one may have, in the fields of their collection. */
const BAD_MATCHES: BadCase[] = [
	['21 words', { words: 'word,'.repeat(21) }, 'keyword.word_list'],
	['a word of 33 characters', { words: `漏水,${'水'.repeat(33)}` }, 'keyword.word_list[1]'],
	['an unknown match rule', { words: 'ab', matchRule: '={{ 2 }}' }, 'keyword.match_rule'],
	['semantics beyond 12', { semanticsList: '={{ [13] }}' }, 'semantics.semantics_list[0]'],
	[
		'semantics that are no list',
		{ semanticsList: '={{ ({ a: 2 }) }}' },
		'semantics.semantics_list',
	],
];
const BAD_RANGES: BadCase[] = [
	['a department in words', { applicableRange: { department: 'sales' } }, 'applicable_range.department.id_list[0]'], // prettier-ignore
	['101 departments', { applicableRange: { department: '1,'.repeat(101) } }, 'applicable_range.department.id_list'], // prettier-ignore
	['1001 users', { applicableRange: { user: 'u,'.repeat(1001) } }, 'applicable_range.user.id_list'],
	['101 customers', { applicableRange: { externalContact: 'w,'.repeat(101) } }, 'applicable_range.external_contact.id_list'], // prettier-ignore
	['2001 chats', { applicableRange: { chat: 'w,'.repeat(2001) } }, 'applicable_range.chat.id_list'],
	['an unknown scope', { applicableRange: { msgScope: '={{ 4 }}' } }, 'applicable_range.msg_scope'],
	['an unknown type', { applicableRange: { chatType: '={{ [3] }}' } }, 'applicable_range.chat_type.type_list[0]'], // prettier-ignore
	['JSON that is none', { specifyRange: 'json', applicableRangeJson: '={{ "{ user: 1 }" }}' }, 'Applicable Range (JSON)'], // prettier-ignore
	['JSON that is a list', { specifyRange: 'json', applicableRangeJson: '[]' }, 'applicable_range'],
	['JSON with another field', { specifyRange: 'json', applicableRangeJson: '{"users":{"id_list":[]}}' }, 'applicable_range.users'], // prettier-ignore
];

describe('keywordRule.create', () => {
	it('sends name and words, and gives the id', async () => {
		const { json: output, error } = await bench.run('keywordRule.create', {
			name: '投诉',
			words: '漏水，退 货、refund\nbroken,',
		});
		expect(error).toBeUndefined();
		expectSent('create', {
			name: '投诉',
			keyword: { word_list: ['漏水', '退 货', 'refund', 'broken'] },
		});
		expect(output).toEqual([{ rule_id: expect.stringMatching(/^rule/) as string, name: '投诉' }]);
	});

	it('sends all there is', async () => {
		const { run, bodies } = await bench.against(ok);
		const { error } = await run('keywordRule.create', {
			name: '投诉',
			words: '={{ ["漏水, 漏油"] }}',
			additionalFields: {
				isCaseSensitive: false,
				matchRule: 1,
				isTrimMsg: true,
				semanticsList: [2, 7],
			},
			applicableRange: RANGE,
		});
		expect(error).toBeUndefined();
		expect(bodies()).toEqual([
			{
				name: '投诉',
				keyword: {
					word_list: ['漏水, 漏油'],
					is_case_sensitive: 0,
					match_rule: 1,
					is_trim_msg: 1,
				},
				semantics: { semantics_list: [2, 7] },
				applicable_range: WIRE_RANGE,
			},
		]);
	});

	it.each([
		['text', JSON.stringify(WIRE_RANGE)],
		['an object', WIRE_RANGE],
	])('takes the range as JSON, from %s, and no fields beside it', async (_case, range) => {
		const { run, bodies } = await bench.against(ok);
		await run('keywordRule.create', {
			name: 'n',
			words: 'ab',
			specifyRange: 'json',
			applicableRangeJson: range,
			applicableRange: { msgScope: 1 },
		});
		expect(bodies()).toEqual([
			{ name: 'n', keyword: { word_list: ['ab'] }, applicable_range: WIRE_RANGE },
		]);
	});

	it('leaves out what was added and left empty', async () => {
		await bench.run('keywordRule.create', {
			name: '手机号',
			words: '',
			additionalFields: { semanticsList: [2] },
			applicableRange: EMPTY_RANGE,
		});
		expectSent('create', {
			name: '手机号',
			semantics: { semantics_list: [2] },
			applicable_range: { msg_scope: 1 },
		});
	});

	it('makes a rule that hits', async () => {
		const [group] = bench.wecom.world.groups;
		const ruleId = await newRule({
			words: '漏水',
			applicableRange: { chat: group?.roomid, chatType: [2], excludeKeyword: '漏水保护' },
		});
		const chatId = group?.roomid ?? '';
		for (const text of ['又漏水了', '有漏水保护', '很好']) {
			bench.wecom.addMessages(1, { text, chatId });
		}
		bench.wecom.addMessages(1, {
			text: '又漏水了',
			chatId: bench.wecom.world.groups[1]?.roomid ?? '',
		});
		const hits = bench.wecom.keywordHits.filter((hit) => hit.ruleId === ruleId);
		expect(hits).toMatchObject([{ chatId, words: ['漏水'] }]);
	});

	it('is not repeated into a silence, and says how to find out', async () => {
		const { run, server } = await bench.against(cut);
		const { error } = await run('keywordRule.create', { name: 'n', words: 'ab' });
		expect(server.requests).toHaveLength(1);
		expect(error?.message).toContain('not known');
		expect(error?.description).toContain('Keyword Rule → Get Many');
	});

	it('says what to do when there are 500 rules', async () => {
		const { run } = await bench.against(errcode(710619));
		const { error } = await run('keywordRule.create', { name: 'n', words: 'ab' });
		expect(error?.message).toContain('710619');
		expect(error?.description).toContain('Delete rules');
	});

	it.each<BadCase>([
		['no name', { name: '={{ "" }}' }, 'name'],
		['a name of 21 characters', { name: '名'.repeat(21) }, 'name'],
		['a list as name', { name: '={{ ["n"] }}' }, 'name'],
		['nothing to look for', { words: '' }, 'keyword.word_list'],
		['nothing but commas', { words: ' ,，' }, 'keyword.word_list'],
		...BAD_MATCHES.map(([title, { words = '', ...fields }, field]): BadCase => [title, { words, additionalFields: fields }, field]), // prettier-ignore
		...BAD_RANGES,
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('keywordRule.create', { name: 'n', words: 'ab', ...parameters }, field);
	});

	it('goes on after a bad item', async () => {
		await bench.continues(
			'keywordRule.create',
			{ name: '={{ $json.value }}', words: 'ab' },
			items('one', 'x'.repeat(21), 'three'),
			{ item: 1, field: 'name' },
		);
		expect(bench.sent()).toHaveLength(2);
	});
});

describe('keywordRule.get', () => {
	it('gives the rule with its id, and words for the semantics', async () => {
		const ruleId = await newRule({
			additionalFields: { semanticsList: [2, 12], matchRule: 1 },
			applicableRange: { msgScope: 3, user: 'LiNa' },
		});
		const { json: output, error } = await bench.run('keywordRule.get', { ruleId: byId(ruleId) });
		expect(error).toBeUndefined();
		expectSent('get', { rule_id: ruleId });
		expect(output).toEqual([
			{
				rule_id: ruleId,
				name: '投诉',
				keyword: { word_list: ['漏水'], match_rule: 1 },
				semantics: { semantics_list: [2, 12] },
				applicable_range: { msg_scope: 3, user: { id_list: ['LiNa'] } },
				semantics_names: ['Mobile Number', 'Welcome Message'],
			},
		]);
	});

	it('has every part, also of a rule that WeCom shows without', async () => {
		const { run } = await bench.against(json({ errcode: 0, errmsg: 'ok', name: 'n' }));
		const { json: output } = await run('keywordRule.get', { ruleId: byId('r1') });
		expect(output).toEqual([
			{
				rule_id: 'r1',
				name: 'n',
				keyword: {},
				semantics: {},
				applicable_range: {},
				semantics_names: [],
			},
		]);
	});

	it('says what to do about an unknown rule', async () => {
		const { error } = await bench.run('keywordRule.get', { ruleId: byId('unknown') });
		expect(error?.message).toContain('710612');
		expect(error?.description).toContain('List the rules');
	});
});

describe.each([
	['keywordRule.get', {}],
	['keywordRule.update', { updateFields: { name: 'other' } }],
	['keywordRule.delete', {}],
])('%s', (operation, parameters) => {
	it.each([
		['no id', '={{ "" }}'],
		['an id that is too long', 'x'.repeat(257)],
		['an id that is no text', '={{ {} }}'],
	])('refuses %s and sends nothing', async (_case, id) => {
		await bench.refuses(operation, { ruleId: byId(id), ...parameters }, 'rule_id');
	});

	it('goes on after a bad item', async () => {
		const ids = [await newRule(), '', await newRule()];
		await bench.continues(
			operation,
			{ ruleId: byId('={{ $json.value }}'), ...parameters },
			items(...ids),
			{ item: 1, field: 'rule_id' },
		);
		expect(bench.bodies()).toMatchObject([{ rule_id: ids[0] }, { rule_id: ids[2] }]);
	});
});

describe('keywordRule.update', () => {
	it('sends only what was given', async () => {
		const ruleId = await newRule({ additionalFields: { semanticsList: [2] } });
		const { json: output, error } = await bench.run('keywordRule.update', {
			ruleId: byId(ruleId),
			updateFields: { name: '新名' },
		});
		expect(error).toBeUndefined();
		expectSent('update', { rule_id: ruleId, name: '新名' });
		expect(output).toEqual([{ success: true, rule_id: ruleId }]);
		expect(await ruleOf(ruleId)).toMatchObject({
			name: '新名',
			keyword: { word_list: ['漏水'] },
			semantics: { semantics_list: [2] },
		});
	});

	it('sends all there is', async () => {
		const { run, bodies } = await bench.against(ok);
		await run('keywordRule.update', {
			ruleId: byId('r1'),
			updateFields: {
				name: 'n',
				words: 'ab',
				isCaseSensitive: true,
				matchRule: 0,
				isTrimMsg: false,
				semanticsList: [1],
			},
			applicableRange: RANGE,
		});
		expect(bodies()).toEqual([
			{
				rule_id: 'r1',
				name: 'n',
				keyword: { word_list: ['ab'], is_case_sensitive: 1, match_rule: 0, is_trim_msg: 0 },
				semantics: { semantics_list: [1] },
				applicable_range: WIRE_RANGE,
			},
		]);
	});

	it('clears what was added and left empty, and says so beforehand', async () => {
		const ruleId = await newRule({
			additionalFields: { semanticsList: [2] },
			applicableRange: { user: 'LiNa', msgScope: 3 },
		});
		await bench.run('keywordRule.update', {
			ruleId: byId(ruleId),
			updateFields: { words: '' },
			applicableRange: { user: '' },
		});
		expectSent('update', {
			rule_id: ruleId,
			keyword: { word_list: [] },
			applicable_range: { user: { id_list: [] } },
		});
		expect(await ruleOf(ruleId)).toMatchObject({
			keyword: {},
			semantics: { semantics_list: [2] },
			applicable_range: { msg_scope: 3 },
		});
		const notices = bench.engine
			.nodeType('wecomChatArchive')
			.description.properties.filter(({ type }) => type === 'notice')
			.map(({ displayName }) => displayName);
		expect(notices.join()).toContain('left empty clears it');
	});

	it('sends every empty list of the range', async () => {
		const { run, bodies } = await bench.against(ok);
		await run('keywordRule.update', { ruleId: byId('r1'), applicableRange: EMPTY_RANGE });
		const [range] = bodies().map(({ applicable_range: sent }) => sent as object);
		const lists = Object.values(range ?? {}).filter((value) => typeof value === 'object');
		expect(lists).toHaveLength(12);
		expect(lists.flatMap((list) => Object.values(list as object))).toEqual(Array(12).fill([]));
	});

	it('takes the range as JSON', async () => {
		const { run, bodies } = await bench.against(ok);
		await run('keywordRule.update', {
			ruleId: byId('r1'),
			specifyRange: 'json',
			applicableRangeJson: '{ "chat": { "id_list": [] } }',
		});
		expect(bodies()).toEqual([{ rule_id: 'r1', applicable_range: { chat: { id_list: [] } } }]);
	});

	it.each<BadCase>([
		['nothing to change', {}, 'Update Fields'],
		['nothing but an empty name', { updateFields: { name: '' } }, 'Update Fields'],
		['an empty range', { specifyRange: 'json', applicableRangeJson: '{}' }, 'Update Fields'],
		['JSON of nothing', { specifyRange: 'json', applicableRangeJson: 'null' }, 'Update Fields'],
		['a name of 21 characters', { updateFields: { name: '名'.repeat(21) } }, 'name'],
		...BAD_MATCHES.map(([title, fields, field]): BadCase => [title, { updateFields: fields }, field]), // prettier-ignore
		...BAD_RANGES,
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('keywordRule.update', { ruleId: byId('r1'), ...parameters }, field);
	});
});

describe('keywordRule.delete', () => {
	it('deletes', async () => {
		const ruleId = await newRule();
		const { json: output, error } = await bench.run('keywordRule.delete', { ruleId: byId(ruleId) });
		expect(error).toBeUndefined();
		expectSent('delete', { rule_id: ruleId });
		expect(output).toEqual([{ deleted: true }]);
		const again = await bench.run('keywordRule.delete', { ruleId: byId(ruleId) });
		expect(again.error?.message).toContain('710612');
	});
});

describe('keywordRule.getAll', () => {
	it('says why there may be none', async () => {
		const { run } = await bench.against(json({ errcode: 0, rule_list: [], has_more: false }));
		const { json: output, hints } = await run('keywordRule.getAll');
		expect(output).toEqual([]);
		expect(hints.join()).toContain('There are no keyword rules');
	});

	it('gives id, name and time, over several pages', async () => {
		const names = Array.from({ length: 130 }, (_, index) => `rule ${index}`);
		await bench.run('keywordRule.create', { name: '={{ $json.value }}', words: 'ab' }, items(...names)); // prettier-ignore
		bench.wecom.requests.length = 0;
		const { json: output, error } = await bench.run('keywordRule.getAll', all);
		expect(error).toBeUndefined();
		const found = output.map(({ name }) => name).filter((name) => String(name).startsWith('rule '));
		expect(found).toEqual(names);
		const last = output.at(-1) as { create_time: number };
		expect(last).toEqual({
			rule_id: expect.stringMatching(/^rule/) as string,
			name: 'rule 129',
			create_time: expect.any(Number) as number,
			created_at: expect.stringMatching(/\+08:00$/) as string,
		});
		expect(Date.parse(String(output.at(-1)?.created_at))).toBe(last.create_time * 1000);
		expect(bench.sent().length).toBeGreaterThan(1);
		expect(bench.sent()[0]).toMatchObject({ method: 'POST', path: `${API}/list` });
		expect(bench.bodies()[0]).toEqual({ cursor: '', limit: 100 });

		bench.wecom.requests.length = 0;
		const limited = await bench.run('keywordRule.getAll', { limit: 101 });
		expect(limited.json).toEqual(output.slice(0, 101));
		expect(bench.bodies()).toMatchObject([{ limit: 100 }, { limit: 1 }]);
	});

	it.each([0, -1, '={{ "x" }}'])('refuses the limit %s and sends nothing', async (limit) => {
		await bench.refuses('keywordRule.getAll', { limit }, 'Limit');
	});

	it('goes on after a bad item', async () => {
		await newRule();
		await bench.continues('keywordRule.getAll', { limit: '={{ $json.value }}' }, items(1, 0, 1), {
			item: 1,
			field: 'Limit',
		});
	});
});

describe('the list of rules to choose from', () => {
	const rule = (rule_id: string, name: string) => ({ rule_id, name, create_time: 1 });
	const page = (next_cursor: string, ...rule_list: object[]) =>
		json({ errcode: 0, rule_list, next_cursor, has_more: next_cursor !== '' });

	it('shows names, a page at a time', async () => {
		const replies = inTurn(page('c1', rule('r1', '投诉'), rule('r2', 'Refund')), page('', rule('r3', 'x'))); // prettier-ignore
		const { engine, bodies } = await bench.against(replies);
		const search = async (token?: string) =>
			await searchList(engine, 'wecomChatArchive', 'searchRules', undefined, token);
		expect(await search()).toEqual({
			results: [
				{ name: '投诉', value: 'r1' },
				{ name: 'Refund', value: 'r2' },
			],
			paginationToken: 'c1',
		});
		expect(await search('c1')).toEqual({ results: [{ name: 'x', value: 'r3' }] });
		expect(bodies()).toEqual([
			{ cursor: '', limit: 50 },
			{ cursor: 'c1', limit: 50 },
		]);
	});

	it('shows the id of a rule that has no name', async () => {
		const { engine } = await bench.against(page('', { rule_id: 'r1' }));
		const { results } = await searchList(engine, 'wecomChatArchive', 'searchRules');
		expect(results).toEqual([{ name: 'r1', value: 'r1' }]);
	});

	it.each([
		['refu', ['r2']],
		['投', ['r1']],
		['r1', ['r1']],
		['nothing', []],
	])('keeps what matches %j', async (filter, ids) => {
		const { engine } = await bench.against(page('', rule('r1', '投诉'), rule('r2', 'Refund')));
		const { results } = await searchList(engine, 'wecomChatArchive', 'searchRules', filter);
		expect(results.map(({ value }) => value)).toEqual(ids);
	});

	it('says what WeCom refused', async () => {
		const { engine } = await bench.against(errcode(48002, 'api forbidden'));
		await expect(searchList(engine, 'wecomChatArchive', 'searchRules')).rejects.toThrow('48002');
	});
});
