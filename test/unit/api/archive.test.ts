import {
	checkSingleAgree,
	getChatData,
	getInnerGroup,
	MAX_CONSENT_PAIRS,
	type ConsentPair,
} from '../../../wecom/api/archive';
import { getAcquisitionAuthInfo } from '../../../wecom/api/acquisition';
import { getPermissions } from '../../../wecom/api/authorization';
import { listKeywordRules } from '../../../wecom/api/keywordRules';
import { getPurchased, listOrders } from '../../../wecom/api/orders';
import { WecomClient } from '../../../wecom/api/client';
import type { Operation } from '../../../wecom/api/operation';
import { pathOf, type Exchange } from '../../../wecom/api/wire';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import { InvalidInputError, WecomResponseError } from '../../../wecom/errors';
import { closeServers, failureOf, inTurn, json, startServer, type Reply } from '../support/server';

const MAX_UINT64 = 2n ** 64n - 1n;

afterEach(closeServers);

/** Calls with a static token and gives the answer and everything the server saw. */
async function call<Input, Output>(
	operation: Operation<Input, Output>,
	input: Input,
	reply: Reply,
) {
	const server = await startServer(reply);
	const client = new WecomClient({
		baseUrl: server.url,
		authentication: {
			type: 'static',
			tokens: {
				access_token: 'TOKEN',
				suite_access_token: 'SUITE',
				provider_access_token: 'PROVIDER',
			},
		},
		retry: { retries: 1, firstDelayMs: 1 },
	});
	const output = await client.call(operation, input);
	return { output, requests: server.requests };
}

async function bodyOf<Input>(operation: Operation<Input, unknown>, input: Input, answer: object) {
	const { requests } = await call(operation, input, json(answer));
	expect(requests).toHaveLength(1);
	const { route } = operation.wires.reference as Exchange<Input, unknown>;
	expect(requests[0]).toMatchObject({
		method: 'POST',
		path: `/cgi-bin${pathOf(route)}`,
		query: { access_token: 'TOKEN' },
	});
	expect(requests[0]?.headers['content-type']).toBe('application/json');
	return requests[0]?.body;
}

/** Fails and proves that not even a token was asked for. */
async function refusalOf<Input>(operation: Operation<Input, unknown>, input: unknown) {
	const server = await startServer(json({ errcode: 0, access_token: 'T', chatdata: [] }));
	const client = new WecomClient({
		baseUrl: server.url,
		authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
		tokenCache: new TokenCache(),
	});
	const error = await failureOf(client.call(operation, input as Input));
	expect(server.requests).toHaveLength(0);
	return error;
}

describe('msgaudit/get_chat_data', () => {
	const NO_RECORDS = { errcode: 0, errmsg: 'ok', chatdata: [] };

	it('goes where the reference document says', () => {
		expect(getChatData).toMatchObject({
			retry: 'read',
			wires: {
				reference: { route: 'POST /msgaudit/get_chat_data', token: 'access_token' },
			},
		});
	});

	it('sends seq and limit alone when nothing else is given', async () => {
		expect(await bodyOf(getChatData, { cursor: '0', limit: 1000 }, NO_RECORDS)).toBe(
			'{"seq":0,"limit":1000}',
		);
	});

	it.each([{}, { cursor: '' }, { cursor: null, limit: null }, { cursor: undefined, limit: '' }])(
		'begins with the oldest record, in whole pages, when it is not told otherwise (%j)',
		async (input) => {
			expect(await bodyOf(getChatData, input as object, NO_RECORDS)).toBe('{"seq":0,"limit":1000}');
		},
	);

	it('sends proxy, passwd and timeout as in the example of the reference document', async () => {
		const input = { cursor: '0', limit: 1000, proxy: 'p', passwd: 'u:w', timeout: 10 };
		expect(await bodyOf(getChatData, input, NO_RECORDS)).toBe(
			'{"seq":0,"limit":1000,"proxy":"p","passwd":"u:w","timeout":10}',
		);
	});

	it('leaves out a proxy, passwd and timeout that are empty', async () => {
		const timeout = null as unknown as number;
		const input = { cursor: '0', limit: 1, proxy: '', passwd: '', timeout };
		expect(await bodyOf(getChatData, input, NO_RECORDS)).toBe('{"seq":0,"limit":1}');
	});

	it.each<[unknown, string]>([
		[MAX_UINT64, '18446744073709551615'],
		['18446744073709551615', '18446744073709551615'],
		[2n ** 53n + 1n, '9007199254740993'],
		['9007199254740993', '9007199254740993'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		[' 42 ', '42'],
		['007', '7'],
		['0', '0'],
		[7, '7'],
	])('sends the cursor %p as the seq it is, the exact JSON number %s', async (cursor, digits) => {
		const input = { cursor: cursor as string, limit: 1 };
		const body = await bodyOf(getChatData, input, NO_RECORDS);
		expect(body).toBe(`{"seq":${digits},"limit":1}`);
	});

	it.each<[string, object]>([
		['seq', { cursor: -1 }],
		['seq', { cursor: -1n }],
		['seq', { cursor: 1.5 }],
		['seq', { cursor: MAX_UINT64 + 1n }],
		['seq', { cursor: '18446744073709551616' }],
		['seq', { cursor: '-1' }],
		['seq', { cursor: '1e3' }],
		['seq', { cursor: '0x10' }],
		['seq', { cursor: 'abc' }],
		['seq', { cursor: '9'.repeat(1024) }],
		['cursor', { cursor: NaN }],
		['cursor', { cursor: Infinity }],
		['cursor', { cursor: 2 ** 53 }],
		['cursor', { cursor: true }],
		['cursor', { cursor: [1] }],
		['cursor', { cursor: '9'.repeat(1025) }],
		['limit', { limit: 0 }],
		['limit', { limit: -5 }],
		['limit', { limit: 1001 }],
		['limit', { limit: 1.5 }],
		['limit', { limit: NaN }],
		['limit', { limit: 'many' }],
		['proxy', { proxy: '   ' }],
		['proxy', { proxy: 2 ** 53 }],
		['proxy', { proxy: { host: 'p' } }],
		['proxy', { proxy: 'p'.repeat(1025) }],
		['passwd', { passwd: '   ' }],
		['passwd', { passwd: 2 ** 53 }],
		['passwd', { passwd: 'p'.repeat(1025) }],
		['timeout', { timeout: 0 }],
		['timeout', { timeout: 601 }],
		['timeout', { timeout: 0.5 }],
		['timeout', { timeout: 'soon' }],
		['timeout', { timeout: true }],
	])('refuses a bad %s (%p) by its name and sends nothing', async (field, bad) => {
		const error = await refusalOf(getChatData, { cursor: '0', limit: 1000, ...bad });
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field, message: expect.stringContaining(`"${field}"`) });
	});

	it('never repeats a passwd in its refusal', async () => {
		const error = await refusalOf(getChatData, {
			cursor: '0',
			limit: 1,
			passwd: `user:hunter22${'x'.repeat(1024)}`,
		});
		expect(JSON.stringify(error) + String(error)).not.toContain('hunter22');
	});

	it('gives the records as WeCom sent them, with exact seqs', async () => {
		const record =
			'{"seq":18446744073709551615,"msgid":"m","publickey_ver":1,"encrypt_random_key":"k","encrypt_chat_msg":"c"}';
		const reply = json(`{"errcode":0,"errmsg":"ok","chatdata":[${record}]}`);
		const { output } = await call(getChatData, { cursor: '0', limit: 1 }, reply);
		expect(output.entries).toEqual([
			{
				seq: '18446744073709551615',
				msgid: 'm',
				publickey_ver: 1,
				encrypt_random_key: 'k',
				encrypt_chat_msg: 'c',
			},
		]);
	});

	it('gives an empty page without a mark when WeCom has no more', async () => {
		const { output } = await call(getChatData, { cursor: '9', limit: 1 }, json(NO_RECORDS));
		expect(output).toEqual({ entries: [], nextCursor: '' });
	});

	it.each([
		['of a page in order', [3, 4, 9], '9'],
		['whatever the order', [4, 9, 3], '9'],
		['beyond 2^53, exact', ['9007199254740993', '18446744073709551615', 7], '18446744073709551615'],
		['among those that can be read', ['ten', 3, null, -8], '3'],
		['alone, also 0', [0], '0'],
		['and there is none where no record has a seq', ['ten', null], ''],
	])('goes on from the largest seq %s', async (_what, seqs, mark) => {
		const reply = json({ errcode: 0, chatdata: seqs.map((seq) => ({ seq })) });
		const { output } = await call(getChatData, {}, reply);
		expect(output.nextCursor).toBe(mark);
		expect(output.entries).toHaveLength(seqs.length);
	});

	it('takes what is no object for a record without fields', async () => {
		const reply = json({ errcode: 0, chatdata: [null, 'x', 7, [1], { seq: 2 }] });
		const { output } = await call(getChatData, {}, reply);
		expect(output).toEqual({ entries: [{}, {}, {}, {}, { seq: 2 }], nextCursor: '2' });
	});
});

describe('msgaudit/check_single_agree', () => {
	const NOBODY = { errcode: 0, errmsg: 'ok', agreeinfo: [] };
	const PAIR: ConsentPair = { userid: 'zhangsan', exteranalopenid: 'wmErxtDgAA9AW32' };

	it('goes where the reference document says', () => {
		expect(checkSingleAgree).toMatchObject({
			retry: 'read',
			wires: {
				reference: { route: 'POST /msgaudit/check_single_agree', token: 'access_token' },
			},
		});
	});

	it('sends the pairs under info, with the spelling of WeCom', async () => {
		const info = [{ ...PAIR, userid: ' zhangsan ' }, PAIR];
		expect(await bodyOf(checkSingleAgree, { info }, NOBODY)).toBe(
			'{"info":[{"userid":"zhangsan","exteranalopenid":"wmErxtDgAA9AW32"},{"userid":"zhangsan","exteranalopenid":"wmErxtDgAA9AW32"}]}',
		);
	});

	it('takes 100 pairs', async () => {
		const info = Array.from({ length: MAX_CONSENT_PAIRS }, () => PAIR);
		const body = await bodyOf(checkSingleAgree, { info }, NOBODY);
		expect(JSON.parse(body ?? '')).toEqual({ info });
		expect(MAX_CONSENT_PAIRS).toBe(100);
	});

	it.each<[string, unknown]>([
		['info', []],
		['info', Array.from({ length: 101 }, () => PAIR)],
		['info', undefined],
		['info', null],
		['info', 'zhangsan'],
		['info', PAIR],
		['info[0]', [null]],
		['info[0]', ['zhangsan']],
		['info[0].userid', [{ exteranalopenid: 'wm1' }]],
		['info[0].userid', [{ ...PAIR, userid: '' }]],
		['info[0].userid', [{ ...PAIR, userid: ' ' }]],
		['info[0].userid', [{ ...PAIR, userid: true }]],
		['info[0].userid', [{ ...PAIR, userid: 'x'.repeat(257) }]],
		['info[0].userid', [{ ...PAIR, userid: '群'.repeat(86) }]],
		['info[1].userid', [PAIR, { ...PAIR, userid: null }]],
		['info[99].userid', [...Array.from({ length: 99 }, () => PAIR), { ...PAIR, userid: true }]],
		['info[0].exteranalopenid', [{ userid: 'zhangsan' }]],
		['info[0].exteranalopenid', [{ ...PAIR, exteranalopenid: '\t' }]],
		['info[0].exteranalopenid', [{ ...PAIR, exteranalopenid: ['wm1'] }]],
		['info[0].exteranalopenid', [{ ...PAIR, exteranalopenid: 'x'.repeat(257) }]],
		['info[0].external_userid', [{ ...PAIR, external_userid: 'wm1' }]],
	])('refuses a bad %s by its name and sends nothing (%j)', async (field, info) => {
		const error = await refusalOf(checkSingleAgree, { info });
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field, message: expect.stringContaining(`"${field}"`) });
	});

	it('gives the list as WeCom sent it', async () => {
		const agreeinfo = [{ ...PAIR, status_change_time: 1_700_000_000, agree_status: 'Agree' }];
		const reply = json({ errcode: 0, agreeinfo });
		expect((await call(checkSingleAgree, { info: [PAIR] }, reply)).output).toEqual(agreeinfo);
	});
});

describe('msgaudit/get_inner_group', () => {
	it('goes where the reference document says', () => {
		expect(getInnerGroup).toMatchObject({
			retry: 'read',
			wires: {
				reference: { route: 'POST /msgaudit/get_inner_group', token: 'access_token' },
			},
		});
	});

	it('sends the roomid', async () => {
		expect(await bodyOf(getInnerGroup, { roomid: ' wrA ' }, { errcode: 0 })).toBe(
			'{"roomid":"wrA"}',
		);
	});

	it.each([undefined, null, '', '  ', 2 ** 53, {}, ['wrA'], 'x'.repeat(257)])(
		'refuses the roomid %p by its name and sends nothing',
		async (roomid) => {
			const error = await refusalOf(getInnerGroup, { roomid });
			expect(error).toBeInstanceOf(InvalidInputError);
			expect(error).toMatchObject({ field: 'roomid', hint: expect.stringContaining('wr') });
		},
	);

	it('gives the group without errcode and errmsg', async () => {
		const group = {
			roomname: '群',
			creator: 'zhangsan',
			members: [{ memberid: 'a', jointime: 1 }],
		};
		const reply = json({ errcode: 0, errmsg: 'ok', ...group });
		expect((await call(getInnerGroup, { roomid: 'wrA' }, reply)).output).toEqual(group);
	});
});

describe('an answer without the list that was promised', () => {
	const PAIRS = { info: [{ userid: 'zhangsan', exteranalopenid: 'wm1' }] };
	const CUSTOMER = { advanced_api_type: 1, custom_corpid: 'wpC' } as const;

	const NO_LIST: Array<[string, unknown]> = [
		['null', null],
		['an empty object', {}],
		['an empty text', ''],
		['an empty list', []],
	];
	const readers: Array<[string, (answer: object) => Promise<unknown>]> = [
		['chatdata', async (answer) => (await call(getChatData, {}, json(answer))).output.entries],
		['agreeinfo', async (answer) => (await call(checkSingleAgree, PAIRS, json(answer))).output],
		[
			'members',
			async (answer) => (await call(getInnerGroup, { roomid: 'wrA' }, json(answer))).output.members,
		],
		[
			'link_id_list',
			async (answer) =>
				(
					await call(
						getAcquisitionAuthInfo,
						{},
						json({ errcode: 0, auth_info: { status: 1, ...answer } }),
					)
				).output.link_id_list,
		],
		[
			'edition_list',
			async (answer) =>
				(
					await call(
						getPurchased,
						CUSTOMER,
						json({ errcode: 0, chat_archive_api_buy_info: answer }),
					)
				).output,
		],
		[
			'app_permissions',
			async (answer) =>
				(await call(getPermissions, {}, json({ app_permissions_ext: [], ...answer }))).output,
		],
		['order_list', async (answer) => (await call(listOrders, {}, json(answer))).output.entries],
		[
			'rule_list',
			async (answer) => (await call(listKeywordRules, {}, json(answer))).output.entries,
		],
	];

	describe.each(readers)('(%s)', (list, read) => {
		it.each(NO_LIST)('is empty when it is %s', async (_what, value) => {
			expect(await read({ errcode: 0, errmsg: 'ok', [list]: value })).toEqual([]);
			expect(await read({ errcode: 0, errmsg: 'ok', [list]: value, count: 1 })).toEqual([]);
		});

		it('is empty when it is left out, also beside other fields', async () => {
			expect(await read({ errcode: 0, errmsg: 'ok' })).toEqual([]);
			expect(
				await read({ errcode: 0, errmsg: 'ok', count: 0, next_seq: 7, has_more: false }),
			).toEqual([]);
		});

		it.each([{ 0: { id: 'x' } }, 'busy', 7, true])(
			'is an error when something else stands in its place (%j)',
			async (value) => {
				const error = await failureOf(read({ errcode: 0, errmsg: 'ok', [list]: value }));
				expect(error).toBeInstanceOf(WecomResponseError);
				expect(error).toMatchObject({
					httpStatus: 200,
					message: expect.stringContaining(`no list "${list}"`),
				});
				expect((error as Error).message).not.toContain('busy');
			},
		);
	});

	it('is the only other list that holds records, and not one of other things', async () => {
		const pulled = async (answer: object) =>
			(await call(getChatData, {}, json({ errcode: 0, ...answer }))).output.entries;
		expect(await pulled({ chat_data: [{ seq: 1 }] })).toEqual([{ seq: 1 }]);
		expect(await pulled({ warnings: ['slow'], notes: [] })).toEqual([]);
		expect(await pulled({ chatdata: null, chat_data: [{ seq: 1 }] })).toEqual([]);
		expect(await failureOf(pulled({ chat_data: [{ seq: 1 }], warnings: ['slow'] }))).toMatchObject({
			message: expect.stringContaining('no list "chatdata", but "chat_data", "warnings"'),
		});
	});

	it('is empty where the answer holds nothing at all, as the document reads it (6.1)', async () => {
		const bare = json({ errcode: 0, errmsg: 'ok' });
		const pulled = await call(getChatData, {}, bare);
		expect(pulled.output.entries).toEqual([]);
		expect(pulled.requests).toHaveLength(1);
		expect((await call(checkSingleAgree, PAIRS, bare)).output).toEqual([]);
	});

	it('is asked for again, since it may pass', async () => {
		const reply = inTurn(json({ errcode: 0, chatdata: 1 }), json({ errcode: 0, chatdata: [] }));
		const { output, requests } = await call(getChatData, {}, reply);
		expect(output.entries).toEqual([]);
		expect(requests).toHaveLength(2);
	});
});
