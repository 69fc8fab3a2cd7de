import { Readable } from 'node:stream';

import { operations } from '../../../wecom/api';
import { fields, id } from '../../../wecom/api/fields';
import { operation, tokenKindsOf, type Operation } from '../../../wecom/api/operation';
import { CONTRACTS, firstOf, type Contract, type Page } from '../../../wecom/api/wire';
import { NotInContractError, WecomError } from '../../../wecom/errors';
import { stringifyJson } from '../../../wecom/json';
import { clientOf } from '../support/client';
import {
	callEntry,
	callsOf,
	clientFor,
	ENTRIES,
	entryOf,
	good,
	sentBody,
} from '../support/entries';
import { closeServers, failureOf, json, startServer } from '../support/server';

afterEach(closeServers);

const FUNCTIONS = ENTRIES.filter(([, { row }]) => row.func !== undefined);
const reply = json({
	errcode: 0,
	errmsg: 'ok',
	response_data: '{"errcode":0,"jobid":"J1","status":1}',
});

/** The body of the call that carries a function, byte by byte, in the style of a program. */
async function bodyOf(name: string, input: object, style: 'java' | 'python') {
	const called = operations[name as keyof typeof operations] as Operation<object, unknown>;
	const server = await startServer(reply);
	const program = { programId: 'prog1', style };
	await clientOf(server, { contract: 'dataZone', program }).call(called, input);
	const calls = callsOf(entryOf(name, 'dataZone'), server.requests);
	expect(calls).toHaveLength(1);
	return calls[0]?.body;
}

describe('a function of the zone', () => {
	it.each(FUNCTIONS)(
		'%s is called in the form of the Java and C++ sample',
		async (_title, entry) => {
			const { func, full, fullBody = full } = entry.row;
			const { notify_id, ...request } = fullBody as Record<string, unknown>;
			const text = typeof fullBody === 'string' ? fullBody : JSON.stringify(request);
			const ability = func === 'do_async_job' ? 'get_callback_data' : `invoke_${func}`;
			const sent = JSON.parse((await bodyOf(entry.name, full, 'java')) ?? '') as object;
			expect(Object.entries(sent)).toEqual([
				['program_id', 'prog1'],
				['ability_id', ability],
				...(notify_id === undefined ? [] : [['notify_id', notify_id]]),
				['request_data', text],
			]);
		},
	);

	it.each(FUNCTIONS)('%s is called in the form of the Python sample', async (_title, entry) => {
		const { func, full, fullBody = full } = entry.row;
		const { notify_id, ...request } = fullBody as Record<string, unknown>;
		const text = typeof fullBody === 'string' ? fullBody : JSON.stringify(request);
		const sent = JSON.parse((await bodyOf(entry.name, full, 'python')) ?? '') as object;
		expect(Object.entries(sent)).toEqual([
			['program_id', 'prog1'],
			['ability_id', `input_${func}`],
			...(notify_id === undefined ? [] : [['notify_id', notify_id]]),
			['request_data', `{"input":{"func":"${func}","func_req":${text}}}`],
		]);
	});

	// Written down from calls of Tencent's samples, byte by byte.
	it.each<[string, object, 'java' | 'python', string]>([
		[
			'getChatData',
			{ token: 'TOKEN-1', limit: 200 },
			'java',
			'{"program_id":"prog1","ability_id":"invoke_sync_msg","request_data":"{\\"token\\":\\"TOKEN-1\\",\\"limit\\":200}"}',
		],
		[
			'getChatData',
			{ token: 'TOKEN-1', limit: 200 },
			'python',
			'{"program_id":"prog1","ability_id":"input_sync_msg","request_data":"{\\"input\\":{\\"func\\":\\"sync_msg\\",\\"func_req\\":{\\"token\\":\\"TOKEN-1\\",\\"limit\\":200}}}"}',
		],
		[
			'getChatData',
			{ cursor: '', token: '' },
			'java',
			'{"program_id":"prog1","ability_id":"invoke_sync_msg","request_data":"{}"}',
		],
		[
			'fetchEvent',
			{ notify_id: 'NID-1' },
			'java',
			'{"program_id":"prog1","ability_id":"get_callback_data","notify_id":"NID-1","request_data":"{}"}',
		],
		[
			'fetchEvent',
			{ notify_id: 'NID-1' },
			'python',
			'{"program_id":"prog1","ability_id":"input_do_async_job","notify_id":"NID-1","request_data":"{\\"input\\":{\\"func\\":\\"do_async_job\\",\\"func_req\\":{}}}"}',
		],
		[
			'listKnowledgeBases',
			{},
			'python',
			'{"program_id":"prog1","ability_id":"input_knowledge_base_list","request_data":"{\\"input\\":{\\"func\\":\\"knowledge_base_list\\",\\"func_req\\":{}}}"}',
		],
		[
			'searchSession',
			{ keyword: '报价', cursor: '', limit: 50 },
			'java',
			'{"program_id":"prog1","ability_id":"invoke_search_chat","request_data":"{\\"query_word\\":\\"报价\\",\\"limit\\":50}"}',
		],
		[
			'listKeywordHits',
			{ token: 'TOKEN-1', need_detail: 1, limit: 50 },
			'java',
			'{"program_id":"prog1","ability_id":"invoke_get_hit_msg_list","request_data":"{\\"token\\":\\"TOKEN-1\\",\\"need_detail\\":1,\\"limit\\":50}"}',
		],
		[
			'removeDocuments',
			{ kb_id: 'kb1', docid_list: ['18446744073709551615'] },
			'python',
			'{"program_id":"prog1","ability_id":"input_knowledge_base_remove_doc","request_data":"{\\"input\\":{\\"func\\":\\"knowledge_base_remove_doc\\",\\"func_req\\":{\\"kb_id\\":\\"kb1\\",\\"docid_list\\":[18446744073709551615]}}}"}',
		],
	])('%s(%j) in %s goes out as %s', async (name, input, style, bytes) => {
		expect(await bodyOf(name, input, style)).toBe(bytes);
	});

	it.each<[string, (data: string) => string]>([
		['bare', (data) => data],
		['in output', (data) => `{"output":${data}}`],
		['in output as text', (data) => JSON.stringify({ output: data })],
	])('leaves the docid of a document its digits on the way back, %s', async (_form, wrap) => {
		const docid = '18446744073709551615';
		const data = wrap(
			`{"errcode":0,"kb_id":"kb1","kb_name":"n","doc_list":[{"docid":${docid}},{"docid":7}]}`,
		);
		const server = await startServer(json({ errcode: 0, response_data: data }));
		const client = clientOf(server, { contract: 'dataZone' });
		const { doc_list } = await client.call(operations.getKnowledgeBase, { kb_id: 'kb1' });
		expect(doc_list.map(({ docid: digits }) => digits)).toEqual([docid, 7]);
	});
});

describe('an upload', () => {
	it.each<['uploadTemporaryFile' | 'uploadExportTemplate', Contract, string]>([
		['uploadTemporaryFile', 'reference', '/msgaudit/upload_tmp_file'],
		['uploadTemporaryFile', 'dataZone', '/chatdata/upload_media'],
		['uploadExportTemplate', 'reference', '/msgaudit/upload_tmp_file'],
		['uploadExportTemplate', 'dataZone', '/media/upload'],
	])('%s in %s goes to %s', async (name, contract, path) => {
		const answer = { type: 'file', media_id: 'M1', created_at: '1730000000' };
		const server = await startServer(json({ errcode: 0, errmsg: '', ...answer }));
		const content = Buffer.from('six or more bytes');
		const output = await clientOf(server, { contract }).call(operations[name], {
			fileName: 'a.docx',
			contentType: 'application/octet-stream',
			size: content.length,
			open: () => Readable.from([content]),
		});
		expect(output).toEqual(answer);
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({
			method: 'POST',
			path: `/cgi-bin${path}`,
			query: { access_token: 'CORP-TOKEN', type: 'file' },
			body: expect.stringMatching(
				/name="media"; filename="a\.docx"; filelength=17\r\n[^]*six or more bytes/,
			),
		});
	});
});

it('a debug token never comes back in an error', async () => {
	const debug_token = 'DEBUG-TOKEN-0815';
	const server = await startServer(json({ errcode: 710671, errmsg: `bad ${debug_token}` }));
	const client = clientOf(server, { contract: 'dataZone' });
	const error = await failureOf(
		client.call(operations.openDebugMode, { program_id: 'P', debug_token }),
	);
	expect(error).toMatchObject({ errcode: 710671, errmsg: 'bad ***' });
});

describe('a list', () => {
	const lists = ENTRIES.filter(([, { operation: called }]) => 'maxPageSize' in called);

	it.each(lists.filter(([, { contract }]) => contract === 'dataZone'))(
		'%s is sent no empty cursor, and one that goes on',
		async (_title, entry) => {
			const server = await startServer(good(entry));
			const client = clientFor(entry, server);
			for (const cursor of ['', undefined, 'C1']) {
				await client.call(entry.operation, { ...entry.row.least, cursor });
			}
			const bodies = server.requests.map((request) => sentBody(entry, request) as object);
			expect(bodies.map((body) => 'cursor' in body)).toEqual([false, false, true]);
			expect(bodies[2]).toMatchObject({ cursor: 'C1' });
		},
	);

	it.each(
		lists.filter(([, { contract, name }]) => contract === 'reference' && name !== 'getChatData'),
	)('%s begins with an empty cursor, as the reference has it', async (_title, entry) => {
		const { requests } = await callEntry(entry, entry.row.least);
		expect(sentBody(entry, requests[0])).toMatchObject({ cursor: '' });
	});

	it.each<[unknown, string, string]>([
		[1, 'C2', 'C2'],
		[true, 'C2', 'C2'],
		[undefined, 'C2', 'C2'],
		[0, 'C2', ''],
		[false, 'C2', ''],
		[1, '', ''],
	])('with has_more %j and next_cursor %j goes on from %j', async (has_more, next_cursor, next) => {
		for (const [, entry] of lists) {
			if (entry.name === 'getChatData') continue;
			const { output } = await callEntry(
				entry,
				entry.row.least,
				good(entry, { ...entry.row.answer, has_more, next_cursor }),
			);
			expect(output).toMatchObject({ nextCursor: next });
		}
	});

	it.each(lists)('%s of which nothing came is empty', async (_title, entry) => {
		const { output } = await callEntry(entry, entry.row.least, good(entry, { a: undefined }));
		expect(output).toMatchObject({ entries: [], nextCursor: '' });
	});
});

describe('where one contract calls an id another way', () => {
	it.each<[string, object, object, unknown]>([
		[
			'listPermittedMembers',
			{},
			{ auth_user_list: [{ open_userid: 'woUser1', edition_list: [2] }] },
			[{ userid: 'woUser1', open_userid: 'woUser1', edition_list: [2] }],
		],
		[
			'checkSingleAgree',
			{ info: [{ userid: 'woUser1', exteranalopenid: 'wmCust1' }] },
			{ agreeinfo: [{ userid: 'woUser1', exteranalopenid: 'wmCust1' }] },
			[{ userid: 'woUser1', exteranalopenid: 'wmCust1', external_userid: 'wmCust1' }],
		],
	])('%s gives it under both names', async (name, input, answer, expected) => {
		const entry = entryOf(name, 'dataZone');
		const { output } = await callEntry(entry, input, good(entry, answer));
		expect(Array.isArray(output) ? output : (output as Page<unknown>).entries).toEqual(expected);
	});
});

describe('an operation that a contract lacks', () => {
	const lacking = Object.values(operations).flatMap((called) =>
		CONTRACTS.filter((contract) => !(contract in called.wires)).map(
			(contract) => [called.name, contract, called as Operation<unknown, unknown>] as const,
		),
	);

	it.each(lacking)(
		'%s in %s names both and a way out, and sends nothing',
		async (name, contract, called) => {
			const server = await startServer(json({ errcode: 0 }));
			const error = await failureOf(clientOf(server, { contract }).call(called, {}));
			expect(error).toBeInstanceOf(NotInContractError);
			const { message, hint = '' } = error as NotInContractError;
			expect(message).toBe(`\`${name}\` does not exist in \`${contract}\``);
			for (const other of Object.keys(called.wires)) expect(hint).toContain(`\`${other}\``);
			expect(hint).toContain('choose that as `contract`');
			expect(server.requests).toHaveLength(0);
		},
	);

	it('of a corp with an archive of its own says what to do there', () => {
		const missing = lacking.filter(([, contract]) => contract === 'messageArchive');
		expect(missing.length).toBeGreaterThan(40);
		for (const [, contract, { instead }] of missing) expect(instead?.[contract]).toMatch(/\w.*\.$/);
	});

	it.each<[string, Contract, string]>([
		['checkGroupAgree', 'reference', '`checkSingleAgree`'],
		['fetchEvent', 'reference', 'callback'],
		['getLinkChatInfo', 'reference', '`listLinkCustomers`'],
		['getZoneAuthorization', 'reference', '`listPermittedMembers`'],
		['listKeywordHits', 'reference', 'msgaudit_keyword_hit'],
		['getSentimentResult', 'reference', 'answer at once'],
		['getMediaPiece', 'dataZone', 'stay in the zone'],
		['searchMessage', 'messageArchive', '`getChatData`'],
		['setPublicKey', 'messageArchive', 'admin console'],
		['placeOrder', 'messageArchive', 'admin console'],
		['getPermanentCode', 'messageArchive', '会话内容存档'],
	])('%s says what to do in %s', (name, contract, words) => {
		const called = operations[name as keyof typeof operations] as Operation<unknown, unknown>;
		expect(called.instead?.[contract]).toContain(words);
	});
});

describe('a path that the server does not know', () => {
	it.each<[Contract, RegExp]>([
		['reference', /does not speak `reference`.*Tencent's own host.*`dataZone`.*`messageArchive`/],
		['dataZone', /does not speak `dataZone`.*Tencent's own host.*`reference`.*`messageArchive`/],
		[
			'messageArchive',
			/does not speak `messageArchive`.*Tencent's own host.*`reference`.*`dataZone`/,
		],
	])('says to one who chose %s what the server may speak', async (contract, words) => {
		for (const unknown of [
			json({ error: 'not found' }, 404),
			json({ errcode: 40066, errmsg: 'invalid url' }),
		]) {
			const server = await startServer(unknown);
			const client = clientOf(server, { contract });
			const { listKeywordRules, listLinks, listOrders, listPermittedMembers } = operations;
			const lists = [listKeywordRules, listLinks, listOrders, listPermittedMembers];
			const there = lists.filter(({ wires }) => contract in wires);
			expect(there.length).toBeGreaterThan(1);
			for (const called of there) {
				const error = (await failureOf(client.call(called as never, {} as never))) as WecomError;
				expect(error.hint).toMatch(words);
				if (contract === 'dataZone') expect(error.hint).not.toContain('gateway');
			}
		}
	});
});

describe('an operation', () => {
	it.each(Object.entries(operations))(
		'is called %s, as the list calls it',
		(name, { name: own }) => {
			expect(own).toBe(name);
		},
	);

	const noWhere = operation({
		name: 'searchElsewhere',
		retry: 'read',
		input: fields({ keyword: id() }),
		wires: { dataZone: 'ZONE search_elsewhere', messageArchive: 'POST /elsewhere' },
	});

	it('that the contract lacks is an error that names it, the contract and those that have it', async () => {
		const server = await startServer(json({ errcode: 0 }));
		const client = clientOf(server);
		const error = await failureOf(client.call(noWhere, { keyword: 'k' }));
		expect(error).toBeInstanceOf(NotInContractError);
		expect(error).toBeInstanceOf(WecomError);
		expect(error).toMatchObject({
			code: 'contract',
			operation: 'searchElsewhere',
			contract: 'reference',
			others: ['dataZone', 'messageArchive'],
			message: '`searchElsewhere` does not exist in `reference`',
			hint: 'It exists in `dataZone` and `messageArchive`: choose that as `contract` where you have it.',
		});
		expect(() => client.describe(noWhere, { keyword: 'k' })).toThrow(NotInContractError);
		expect(server.requests).toHaveLength(0);
	});

	it('goes by the wire of the contract that the client speaks', async () => {
		const server = await startServer(json({ errcode: 0, response_data: '{"a":1}' }));
		const routes = (['dataZone', 'messageArchive'] as const).map(
			(contract) => clientOf(server, { contract }).describe(noWhere, { keyword: ' k ' }).route,
		);
		expect(routes).toEqual(['ZONE search_elsewhere', 'POST /elsewhere']);
		await clientOf(server, { contract: 'dataZone' }).call(noWhere, { keyword: 'k' });
		await clientOf(server, { contract: 'messageArchive' }).call(noWhere, { keyword: 'k' });
		expect(server.requests.map(({ path }) => path)).toEqual([
			'/cgi-bin/chatdata/sync_call_program',
			'/cgi-bin/elsewhere',
		]);
	});

	it('tells what it would send, checked, and sends nothing', async () => {
		const server = await startServer(json({ errcode: 0 }));
		for (const [, entry] of ENTRIES) {
			const { least, leastBody = least, path, func, method = 'POST' } = entry.row;
			const client = clientFor(entry, server);
			const { route, body } = client.describe(entry.operation, least);
			// The reference carries this one by a program too.
			if (route.startsWith('ZONE') && func === undefined) continue;
			expect(route).toBe(func === undefined ? `${method} ${path}` : `ZONE ${func}`);
			expect(JSON.parse(stringifyJson(body))).toEqual(leastBody);
			expect(() => client.describe(entry.operation, { ...least, unknown_field: 1 })).toThrow(
				'unknown_field',
			);
		}
		expect(server.requests).toHaveLength(0);
	});

	it('tells which tokens its wires take', () => {
		for (const [, { operation: called, contract, row }] of ENTRIES) {
			const { token = 'access_token' } = row;
			const wire = called.wires[contract];
			expect(wire && firstOf(wire).token).toBe(token);
			expect(tokenKindsOf(called)).toContain(token);
		}
		const mixed = operation({
			name: 'mixed',
			retry: 'read',
			input: fields({}),
			wires: {
				reference: { route: 'GET /a', token: 'suite_access_token' },
				dataZone: { start: { route: 'ZONE b' }, ask: { route: 'ZONE c' }, read: () => ({}) },
			},
		});
		expect(tokenKindsOf(mixed)).toEqual(['suite_access_token', 'access_token']);
	});

	it('knows no contract but those there are', () => {
		for (const { wires } of Object.values(operations)) {
			expect(Object.keys(wires).length).toBeGreaterThan(0);
			expect(CONTRACTS).toEqual(expect.arrayContaining(Object.keys(wires)));
		}
	});
});
