import { operations } from '../../../wecom/api';
import type { Operation } from '../../../wecom/api/operation';
import { InvalidInputError, WecomResponseError } from '../../../wecom/errors';
import { call, failedCall, TOKENS } from '../support/client';
import { ARCHIVE, LIBRARY } from '../support/archiveContract';
import { at, CONTRACT, PUBLIC_KEY, replaced } from '../support/contract';
import {
	callEntry,
	callsOf,
	clientFor,
	ENTRIES,
	entryOf,
	failedEntry,
	good,
	sentBody,
	sentText,
	type Entry,
} from '../support/entries';
import { MAX_SEQ, SECRET, type FieldContract } from '../support/limits';
import { ZONE } from '../support/zoneContract';
import { newRsaKey, pem } from '../support/archive';
import { closeServers, failureOf, json, startServer } from '../support/server';

const START = 1_700_000_000;
const DAY = 86_400;

const FIELDS = ENTRIES.flatMap(([title, entry]) =>
	Object.entries(entry.row.fields).map(([path, field]) => [title, path, field, entry] as const),
);

afterEach(closeServers);

/** An operation by its name, for inputs that no type allows. */
function operationOf(name: string): Operation<unknown, unknown> {
	return operations[name as keyof typeof operations] as Operation<unknown, unknown>;
}

function contractOf(name: string) {
	return CONTRACT[name as keyof typeof CONTRACT];
}

/** A server for many calls: what arrived for each input, or why nothing did. */
async function recorder(of: Entry | string) {
	const entry = typeof of === 'string' ? entryOf(of, 'reference') : of;
	const server = await startServer(good(entry));
	const client = clientFor(entry, server);
	return {
		async bodyOf(input: object): Promise<unknown> {
			await client.call(entry.operation, input);
			return sentBody(entry, callsOf(entry, server.requests).at(-1));
		},
		async refusalOf(input: unknown): Promise<InvalidInputError> {
			const before = server.requests.length;
			const error = await failureOf(client.call(entry.operation, input));
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(server.requests).toHaveLength(before);
			return error as InvalidInputError;
		},
	};
}

/** Whether a text that may be a secret shows in an error. */
function repeats(error: InvalidInputError, value: unknown): boolean {
	const said = `${JSON.stringify(error)}${String(error)}${error.stack}`;
	if (said.includes(SECRET)) return true;
	return typeof value === 'string' && value.trim().length > 6 && said.includes(value);
}

describe('every API of a contract', () => {
	it.each([
		['reference', CONTRACT],
		['dataZone', ZONE],
		['messageArchive', { ...ARCHIVE, ...LIBRARY }],
	] as const)('in %s has its row, and nothing else has', (contract, rows) => {
		const there = Object.values(operations).filter(
			({ wires, name }) => contract in wires && !name.startsWith('upload'),
		);
		expect(Object.keys(rows).sort()).toEqual(there.map(({ name }) => name).sort());
	});

	it.each(ENTRIES)(
		'%s is sent to its path by its method, its token in the query and of a POST nothing else',
		async (_title, entry) => {
			const { method = 'POST', path, token = 'access_token', full } = entry.row;
			const { requests } = await callEntry(entry, full);
			expect(requests).toHaveLength(1);
			expect(requests[0]).toMatchObject({
				method,
				path: `/cgi-bin${path}`,
				query: { [token]: TOKENS[token] },
			});
			const fields = method === 'GET' ? Object.keys(full) : [];
			const type = method === 'GET' ? undefined : 'application/json';
			expect(requests[0]?.headers['content-type']).toBe(type);
			expect(Object.keys(requests[0]?.query ?? {})).toEqual([...fields, token]);
		},
	);

	it.each(ENTRIES)(
		'%s is repeated as its class allows',
		(_title, { operation, row: { retry } }) => {
			expect(operation.retry).toBe(retry);
			// Whatever is never repeated after a silence says how to find out what became of it.
			expect(operation.findOut !== undefined).toBe(retry === 'once' || retry === 'paid');
		},
	);

	it.each(ENTRIES)('%s sends exactly what is required and no more', async (_title, entry) => {
		const { bodyOf } = await recorder(entry);
		const { least, leastBody = least } = entry.row;
		expect(await bodyOf(least)).toEqual(leastBody);
	});

	it.each(ENTRIES)('%s sends every field as the contract spells it', async (_title, entry) => {
		const { full, fullBody = full } = entry.row;
		const { requests } = await callEntry(entry, full);
		const [request] = requests;
		const sent = typeof fullBody === 'string' ? sentText(entry, request) : sentBody(entry, request);
		expect(sent).toEqual(fullBody);
	});

	it.each(ENTRIES)('%s gives what the answer holds', async (_title, entry) => {
		expect((await callEntry(entry, entry.row.least)).output).toEqual(entry.row.output);
	});

	it.each(ENTRIES)('%s takes nothing but an object', async (_title, entry) => {
		const { refusalOf } = await recorder(entry);
		for (const input of [undefined, null, SECRET, 5, [SECRET]]) {
			const error = await refusalOf(input);
			expect(error.message).toMatch(/^"input" .*, expected an object$/);
			expect(repeats(error, input)).toBe(false);
		}
	});

	it.each(ENTRIES)('%s names a field that it does not know', async (_title, entry) => {
		const { refusalOf } = await recorder(entry);
		const { full, fields } = entry.row;
		const owners = ['', ...Object.keys(fields)].filter((path) => {
			const owner = path === '' ? full : at(full, path);
			return typeof owner === 'object' && owner !== null && !Array.isArray(owner);
		});
		for (const owner of owners) {
			if (owner === 'request_data') continue; // the program's own
			const path = owner === '' ? 'unknown_field' : `${owner}.unknown_field`;
			const error = await refusalOf(replaced(full, path, SECRET));
			expect(error).toMatchObject({ field: path, message: `"${path}" is no field of this call` });
			expect(repeats(error, SECRET)).toBe(false);
		}
	});
});

describe('a field', () => {
	it.each(ENTRIES)('of %s has its limits in the contract', (_title, { row: { full, fields } }) => {
		const paths = (value: unknown, path: string): string[] => {
			if (path === 'request_data' || typeof value !== 'object' || value === null) return [path];
			const inner = Array.isArray(value)
				? paths(value[0], `${path}[0]`)
				: Object.entries(value).flatMap(([key, entry]) =>
						paths(entry, path === '' ? key : `${path}.${key}`),
					);
			return path === '' ? inner : [path, ...inner];
		};
		expect(Object.keys(fields)).toEqual(expect.arrayContaining(paths(full, '')));
	});

	it.each(FIELDS.filter(([, , { missing }]) => missing === 'refused'))(
		'of %s, %s, is refused by its name when it is missing',
		async (_title, path, _field, entry) => {
			const { refusalOf } = await recorder(entry);
			const { full } = entry.row;
			const missing = [
				replaced(full, path, undefined, 'delete'),
				...[undefined, null, ''].map((nothing) => replaced(full, path, nothing)),
			];
			for (const input of missing) {
				const error = await refusalOf(input);
				expect(error.field).toBe(path);
				expect(error.message).toContain(`"${path}" is `);
			}
		},
	);

	it.each(FIELDS.filter(([, , { missing }]) => missing === 'left out'))(
		'of %s, %s, may be left out',
		async (_title, path, { otherwise, sentAs = path }, entry) => {
			const { bodyOf } = await recorder(entry);
			const { full } = entry.row;
			const left = [
				replaced(full, path, undefined, 'delete'),
				...[undefined, null, ''].map((nothing) => replaced(full, path, nothing)),
			];
			for (const input of left) expect(at(await bodyOf(input), sentAs)).toEqual(otherwise);
		},
	);

	it.each(FIELDS)(
		'of %s, %s, is refused by its name when it is mistyped or beyond its limits',
		async (_title, path, { bad }, entry) => {
			const { refusalOf } = await recorder(entry);
			for (const value of bad) {
				const error = await refusalOf(replaced(entry.row.full, path, value));
				expect([value, error.field]).toEqual([value, path]);
				expect(error.message).toContain(`"${path}"`);
				expect(repeats(error, value)).toBe(false);
			}
		},
	);

	const bounded = FIELDS.filter(([, , { good }]) => good.length > 0);
	it.each<readonly [string, string, FieldContract, Entry]>(bounded)(
		'of %s, %s, is taken at its limits',
		async (_title, path, { good: values, sentAs = path }, entry) => {
			const { bodyOf } = await recorder(entry);
			const { full, fullBody = full } = entry.row;
			for (const value of values) {
				const body = await bodyOf(replaced(full, path, value));
				const inside = typeof fullBody === 'string' || at(fullBody, sentAs) !== at(full, path);
				if (!inside) expect(at(body, sentAs)).toEqual(value);
			}
		},
	);

	it('that is text goes out without the blanks around it', async () => {
		const { bodyOf } = await recorder('createLink');
		const input = { link_name: ' 春季\n', range: { user_list: ['\tzhangsan '] } };
		expect(await bodyOf(input)).toEqual({
			link_name: '春季',
			range: { user_list: ['zhangsan'] },
		});
	});

	it('that is a number may be written as text, as n8n hands it on', async () => {
		const { bodyOf } = await recorder('placeOrder');
		const input = {
			custom_corpid: 'wpC',
			buyer_userid: 'u1',
			order_type: '0',
			chat_archive_api: { edition: ' 2 ', purchase_count: '10' },
		};
		expect(await bodyOf(input)).toMatchObject({
			order_type: 0,
			chat_archive_api: { edition: 2, purchase_count: 10 },
		});
	});
});

describe('a rule over several fields', () => {
	const ORDER = { custom_corpid: 'wpC', buyer_userid: 'u1' };
	const LINK = { link_name: 'n', range: { user_list: ['zhangsan'] } };
	const models = Object.keys(CONTRACT).filter((name) => name.endsWith('Model'));
	const between = (begin: unknown, end: unknown) => ({
		chat_id: 'wrA',
		seq_range: { begin_seq: begin, end_seq: end },
	});
	const people = (...id_list: object[]) => ({ keyword: '报价', chat_info: { id_list } });

	it.each<[string, string, object, string]>([
		['searchMessage', 'end without start', { keyword: '报价', end_time: START }, 'start_time'],
		...[
			['start after end', START + 1, START],
			['start at end', START, START],
			['31 days and a second', START, START + 31 * DAY + 1],
		].map<[string, string, object, string]>(([what, start_time, end_time]) => [
			'searchMessage',
			String(what),
			{ keyword: '报价', start_time, end_time },
			'start_time',
		]),
		['searchMessage', 'a nobody', people({}, { open_userid: 'a' }), 'chat_info.id_list[0]'],
		[
			'searchMessage',
			'two in one',
			people({ open_userid: 'a' }, { open_userid: 'a', external_userid: 'b' }),
			'chat_info.id_list[1]',
		],
		[
			'searchMessage',
			'a sender who is nobody',
			{ keyword: '报价', chat_info: { sender: { open_userid: '' } } },
			'chat_info.sender',
		],
		['createKeywordRule', 'nothing to look for', { name: 'n' }, 'keyword.word_list'],
		[
			'createKeywordRule',
			'empty lists only',
			{ name: 'n', keyword: { word_list: [] }, semantics: { semantics_list: [] } },
			'keyword.word_list',
		],
		['createLink', 'nobody', { link_name: 'n', range: {} }, 'range'],
		[
			'createLink',
			'empty lists only',
			{ link_name: 'n', range: { user_list: [], department_list: [] } },
			'range',
		],
		['updateLink', 'nobody', { link_id: 'L1', range: { user_list: [] } }, 'range'],
		...['createLink', 'updateLink'].flatMap((name) =>
			[{ priority_type: 2 }, { priority_type: 2, priority_userid_list: [] }].map<
				[string, string, object, string]
			>((priority_option) => [
				name,
				'priority without a list',
				{ ...(name === 'createLink' ? LINK : { link_id: 'L1' }), priority_option },
				'priority_option.priority_userid_list',
			]),
		),
		[
			'getLinkStatistics',
			'start after end',
			{ link_id: 'L1', start_time: START + 1, end_time: START },
			'start_time',
		],
		[
			'getLinkStatistics',
			'30 days and a second',
			{ link_id: 'L1', start_time: START, end_time: START + 30 * DAY + 1 },
			'start_time',
		],
		...[undefined, 0, 1, 3].map<[string, string, object, string]>((order_type) => [
			'placeOrder',
			`no number of seats with type ${order_type}`,
			{ ...ORDER, order_type, chat_archive_api: { edition: 3 } },
			'chat_archive_api.purchase_count',
		]),
		[
			'placeOrder',
			'an upgrade to edition 2',
			{ ...ORDER, order_type: 3, chat_archive_api: { edition: 2, purchase_count: 1 } },
			'chat_archive_api.edition',
		],
		['listOrders', 'start alone', { start_time: START }, 'end_time'],
		['listOrders', 'end alone', { end_time: START }, 'start_time'],
		['listOrders', 'start after end', { start_time: START + 1, end_time: START }, 'end_time'],
		...models.flatMap<[string, string, object, string]>((name) => [
			[name, 'begin after end', between(2, 1), 'seq_range.begin_seq'],
			[
				name,
				'begin after end by one beyond 2^53',
				between('9007199254740993', 9007199254740992n),
				'seq_range.begin_seq',
			],
		]),
		[
			'placeOrder',
			'a period that ends before it begins',
			{
				...ORDER,
				order_type: 1,
				chat_archive_api: {
					edition: 2,
					purchase_count: 1,
					target_edition_info: { begin_time: START, end_time: START },
				},
			},
			'chat_archive_api.target_edition_info',
		],
	])('%s refuses %s', async (name, _what, input, field) => {
		const { refusalOf } = await recorder(name);
		const error = await refusalOf(input);
		expect(error.field).toBe(field);
		expect(error.message).toContain(`"${field}"`);
	});

	it.each<[string, string, object]>([
		['searchMessage', 'start alone', { keyword: '报价', start_time: START }],
		[
			'searchMessage',
			'31 days',
			{ keyword: '报价', start_time: START, end_time: START + 31 * DAY },
		],
		['searchMessage', 'a second', { keyword: '报价', start_time: START, end_time: START + 1 }],
		['createKeywordRule', 'words alone', { name: 'n', keyword: { word_list: ['a'] } }],
		['createKeywordRule', 'semantics alone', { name: 'n', semantics: { semantics_list: [2] } }],
		['updateKeywordRule', 'a list to clear', { rule_id: 'R', keyword: { word_list: [] } }],
		['createLink', 'a department alone', { link_name: 'n', range: { department_list: [1] } }],
		['createLink', 'friends of the whole corp', { ...LINK, priority_option: { priority_type: 1 } }],
		[
			'createLink',
			'friends of somebody',
			{ ...LINK, priority_option: { priority_type: 2, priority_userid_list: ['lisi'] } },
		],
		['getLinkStatistics', 'a day', { link_id: 'L1', start_time: START, end_time: START }],
		[
			'getLinkStatistics',
			'30 days',
			{ link_id: 'L1', start_time: START, end_time: START + 30 * DAY },
		],
		[
			'placeOrder',
			'a renewal of all seats',
			{ ...ORDER, order_type: 2, chat_archive_api: { edition: 2 } },
		],
		[
			'placeOrder',
			'an upgrade',
			{ ...ORDER, order_type: 3, chat_archive_api: { edition: 3, purchase_count: 1 } },
		],
		['listOrders', 'a period', { start_time: START, end_time: START + 1 }],
		...models.map<[string, string, object]>((name) => [name, 'a single message', between(7, 7)]),
	])('%s takes %s', async (name, _what, input) => {
		const { bodyOf } = await recorder(name);
		expect(await bodyOf(input)).toMatchObject(JSON.parse(JSON.stringify(input)) as object);
	});

	it.each(models)('%s compares and sends seqs beyond 2^53 exactly', async (name) => {
		const begin = MAX_SEQ - 1n;
		for (const end of [MAX_SEQ - 1n, MAX_SEQ, String(MAX_SEQ)]) {
			const input = between(String(begin), end);
			const reply = json({ errcode: 0, result: {} });
			const { requests } = await call(operationOf(name), input, reply);
			expect(requests[0]?.body).toBe(
				`{"chat_id":"wrA","seq_range":{"begin_seq":${begin},"end_seq":${end}}}`,
			);
		}
	});
});

describe('a rule over several fields in the zone', () => {
	const FILE = { doc_name: 'a.pdf', type: 2, file_media_id: 'M1' };
	const PAGE = { doc_name: 'help', type: 101, web_url: 'https://example.com/help' };
	const bills = (seconds: number) => ({
		begin_time: START,
		end_time: START + seconds,
		auth_corpid: 'wpC',
	});
	const set = (document: object) => ({ kb_id: 'kb1', doc_list: [FILE, document] });
	const callback = { url: 'https://example.com', token: 'T', encoding_aes_key: 'k'.repeat(43) };

	it.each<[string, string, object, string, string]>([
		[
			'listBills',
			'31 days and a second',
			bills(31 * DAY + 1),
			'begin_time',
			'are 32 days, expected 0 to 31',
		],
		['listBills', 'an end before its begin', bills(-1), 'begin_time', 'expected 0 to 31'],
		[
			'addDocuments',
			'a page without address',
			set({ ...PAGE, web_url: '' }),
			'doc_list[1].web_url',
			'is empty, expected text because the type is 101',
		],
		[
			'addDocuments',
			'a file without id',
			set({ doc_name: 'a.doc', type: 5 }),
			'doc_list[1].file_media_id',
			'is empty, expected text because the type is 5',
		],
		[
			'addDocuments',
			'a page with a file',
			set({ ...PAGE, file_media_id: 'M1' }),
			'doc_list[1].file_media_id',
			'is given, expected none because the type is 101',
		],
		[
			'createKnowledgeBase',
			'a file with an address',
			{ kb_name: 'n', doc_list: [{ ...FILE, web_url: 'https://example.com' }] },
			'doc_list[0].web_url',
			'is given, expected none because the type is 2',
		],
		['setCallback', 'an address alone', callback, 'program_id', 'is empty, expected text'],
	])('%s refuses %s', async (name, _what, input, field, words) => {
		const { refusalOf } = await recorder(entryOf(name, 'dataZone'));
		const error = await refusalOf(input);
		expect(error.field).toBe(field);
		expect(error.message).toContain(`"${field}"`);
		expect(error.message).toContain(words);
	});

	it.each<[string, string, object, object]>([
		['listBills', '31 days', bills(31 * DAY), bills(31 * DAY)],
		['addDocuments', 'a page', set(PAGE), set(PAGE)],
		[
			'setCallback',
			'the program beside what the reference takes, and sends the program alone',
			{ ...callback, program_id: 'P' },
			{ program_id: 'P' },
		],
	])('%s takes %s', async (name, _what, input, body) => {
		const { bodyOf } = await recorder(entryOf(name, 'dataZone'));
		expect(await bodyOf(input)).toMatchObject(body);
	});

	it('set_callback of the reference sends no program', async () => {
		const { bodyOf } = await recorder('setCallback');
		expect(await bodyOf({ ...callback, program_id: 'P' })).toEqual(callback);
	});
});

describe('set_public_key', () => {
	const { publicKey, pkcs1, pkcs8 } = newRsaKey();
	const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
	const pkcs1Public = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
	const sealed = (bits: number) =>
		newRsaKey(bits).publicKey.export({ type: 'spki', format: 'pem' }).toString();

	it.each([
		['as openssl writes it', spki],
		['without its last line break', spki.trim()],
		['with blanks around it', `\n  ${spki}  `],
		['with \\n written out', spki.replaceAll('\n', '\\n')],
		['with the line breaks of Windows', spki.replaceAll('\n', '\r\n')],
	])('takes a key %s', async (_how, public_key) => {
		const { bodyOf } = await recorder('setPublicKey');
		expect(await bodyOf({ public_key, public_key_ver: 1 })).toEqual({
			public_key: spki,
			public_key_ver: 1,
		});
	});

	it.each([
		['a private key', pkcs8, /is a private key, which must stay with you/],
		['a private key of the older form', pkcs1, /is a private key/],
		['a certificate', pem('CERTIFICATE', Buffer.from(SECRET)), /is a certificate/],
		['a public key of the older form', pkcs1Public, /is not in this form/],
		['a key of 1024 bits', sealed(1024), /is an RSA key of 1024 bits/],
		['a key cut off', `${PUBLIC_KEY.slice(0, 200)}\n-----END PUBLIC KEY-----`, /cannot be read/],
	])('refuses %s and repeats nothing of it', async (_what, public_key, message) => {
		const { refusalOf } = await recorder('setPublicKey');
		const error = await refusalOf({ public_key, public_key_ver: 1 });
		expect(error.field).toBe('public_key');
		expect(error.message).toMatch(message);
		expect(repeats(error, public_key.split('\n')[1])).toBe(false);
	});

	it('refuses a key that is no RSA key', async () => {
		const { refusalOf } = await recorder('setPublicKey');
		const key = Buffer.from('302a300506032b6570032100'.padEnd(88, '1'), 'hex');
		const public_key = pem('PUBLIC KEY', key);
		expect((await refusalOf({ public_key, public_key_ver: 1 })).message).toContain('type ed25519');
	});
});

describe('an answer', () => {
	it.each<[string, object, unknown]>([
		['getAcquisitionAuthInfo', { link_id_list: ['L1'] }, { link_id_list: ['L1'] }],
		['getOrder', { order_id: 'O1' }, { order_id: 'O1' }],
		[
			'sentimentModel',
			{ sentiment: 'positive' },
			{ sentiment: 'positive', score: null, result: { sentiment: 'positive' } },
		],
		['getPurchased', {}, []],
		['getPurchased', { chat_archive_api_buy_info: null }, []],
		['getLink', { link: null }, {}],
		['getLink', { range: { user_list: null } }, { user_list: [] }],
		['getLink', { range: { department_list: {} } }, { department_list: [] }],
		['getAuthInfo', { auth_corp_info: {} }, { auth_corp_info: {} }],
		['getAuthInfo', { auth_info: null }, { auth_info: null }],
		['getAuthInfo', { auth_info: {} }, { auth_info: {} }],
		['getAuthInfo', { auth_info: { agent: null } }, { auth_info: { agent: [] } }],
		['getKeywordRule', { keyword: {} }, { keyword: {}, semantics: {}, applicable_range: {} }],
		[
			'getKeywordRule',
			{ keyword: null, semantics: { semantics_list: '' } },
			{ keyword: null, semantics: { semantics_list: [] }, applicable_range: {} },
		],
		[
			'listPermittedMembers',
			{ auth_user_list: [{ userid: 'u1', edition_list: null }] },
			[{ userid: 'u1' }],
		],
		['getPreAuthCode', { pre_auth_code: 'P' }, { pre_auth_code: 'P', expires_in: 1200 }],
		['getPermissions', {}, []],
		['getPermissions', { app_permissions: null, app_permissions_ext: null }, []],
		['listPermittedMembers', { ids: ['u1', 'u2'] }, ['u1', 'u2'].map((userid) => ({ userid }))],
		['searchSession', { sessions: [{ chatid: 'wr1' }] }, [{ chatid: 'wr1' }]],
		['searchMessage', { msg_list: [{ msgid: 'm1' }] }, [{ msgid: 'm1' }]],
	])('of %s in another of the known forms is understood (%j)', async (name, answer, expected) => {
		const { least } = contractOf(name);
		const { output } = await call(operationOf(name), least, json({ errcode: 0, ...answer }));
		const entries = Array.isArray(output) ? output : (output as { entries?: unknown }).entries;
		expect(entries ?? output).toEqual(expected);
	});

	it('of a list is an error when it has several lists, and none of a name that is known', async () => {
		for (const [, entry] of ENTRIES) {
			const { output, least } = entry.row;
			if (!Object.hasOwn(output as object, 'entries')) continue;
			const reply = good(entry, { entries_v2: [{ id: 1 }], others: [] });
			const { error, requests } = await failedEntry(entry, least, reply);
			expect(error).toBeInstanceOf(WecomResponseError);
			expect(error.message).toContain('but "entries_v2", "others"');
			expect(requests).toHaveLength(1);
		}
	});

	it.each<[string, object, string]>([
		['getLink', { range: { user_list: 'zhangsan' } }, 'user_list'],
		['getLink', { range: { department_list: 2 } }, 'department_list'],
		['getAuthInfo', { auth_info: { agent: { agentid: 1 } } }, 'agent'],
		['getKeywordRule', { semantics: { semantics_list: { a: 2 } } }, 'semantics_list'],
	])('of %s with something else than a list is an error (%j)', async (name, answer, list) => {
		const { least, path } = contractOf(name);
		const { error } = await failedCall(operationOf(name), least, json({ errcode: 0, ...answer }));
		expect(error).toBeInstanceOf(WecomResponseError);
		expect(error.message).toContain(`The answer to ${path} has no list "${list}"`);
	});

	it.each<[string, object, string]>([
		['getPreAuthCode', { expires_in: 1200 }, 'pre_auth_code'],
		['getPreAuthCode', { pre_auth_code: '' }, 'pre_auth_code'],
		['getPermanentCode', { auth_corp_info: { corpid: 'wpC' } }, 'permanent_code'],
		['getPermanentCode', { permanent_code: 'P', auth_corp_info: { corp_name: 'C' } }, 'corpid'],
		['getPermanentCode', { permanent_code: 'P' }, 'corpid'],
	])('of %s without what it is for is an error (%j)', async (name, answer, missing) => {
		const { least, path } = contractOf(name);
		const reply = json({ errcode: 0, ...answer });
		const { error, requests } = await failedCall(operationOf(name), least, reply);
		expect(error.message).toContain(`The answer to ${path} has errcode 0 but no ${missing}`);
		expect(requests).toHaveLength(1);
	});
});
