import { operations } from '../../../wecom/api';
import { WecomClient } from '../../../wecom/api/client';
import { generalModel, sentimentModel } from '../../../wecom/api/models';
import { createLink } from '../../../wecom/api/acquisition';
import { firstOf, type Contract } from '../../../wecom/api/wire';
import { TokenCache } from '../../../wecom/auth/tokenCache';
import {
	OutcomeUnknownError,
	WecomApiError,
	WecomNetworkError,
	WecomResponseError,
} from '../../../wecom/errors';
import { failedCall } from '../support/client';
import { CONTRACT } from '../support/contract';
import { callsOf, clientFor, ENTRIES, failedEntry, good } from '../support/entries';
import {
	byPath,
	closedPort,
	closeServers,
	cut,
	errcode,
	failureOf,
	inTurn,
	json,
	silence,
	startServer,
	text,
	type Reply,
} from '../support/server';

const half: Reply = ({ socket }, response) => {
	response.writeHead(200, { 'Content-Length': '100' });
	response.write('{"errcode":0,', () => socket.destroy());
};

/** What leaves it open whether WeCom did what it was asked. */
const SILENCES: Array<[string, Reply]> = [
	['a cut connection', cut],
	['half an answer', half],
	['an HTML 502', text('<h1>502</h1>', 502)],
	['an empty 504', text('', 504)],
	['an empty 200', text('')],
	['a 200 of a login page', text('<p>log in</p>')],
	...[301, 302, 307, 408, 409, 424, 425, 444, 460, 499].map((status): [string, Reply] => [
		`a ${status}, behind which it may have been handed on`,
		text('', status, { Location: 'https://other' }),
	]),
	...[302, 408, 409, 424, 425, 444, 460, 499, 500, 502, 503, 504, 520, 599].map(
		(status): [string, Reply] => [
			`a ${status} with an errcode in it`,
			json({ errcode: -1, errmsg: 'system busy' }, status),
		],
	),
	...[400, 403, 404, 429, 500].map((status): [string, Reply] => [
		`a ${status} with errcode 0`,
		json({ errcode: 0, errmsg: 'ok' }, status),
	]),
	['a 503 that says when', text('', 503, { 'Retry-After': '1' })],
	['a 502 that speaks of the token', json({ errcode: 42001, errmsg: 'expired' }, 502)],
];
/** What somebody on the way said in place of WeCom, without handing the call on. */
const REFUSALS: Array<[string, Reply]> = [
	['a 400 of a gateway', json({ error: 'bad request' }, 400)],
	['a 401 of a gateway', text('', 401)],
	['a 403 of a gateway', text('<h1>403</h1>', 403)],
	['a path that nobody knows', text('', 404)],
	['a 407 of a proxy', text('', 407)],
	['a 413 of a gateway', text('<h1>413</h1>', 413)],
	['a 429 of a gateway', text('', 429)],
];

/** What the models say about an errcode, by the contract. */
const MODEL_HINTS: Partial<Record<Contract, Array<[code: number, hint: RegExp]>>> = {
	reference: [
		[45009, /quota.*buy more/],
		[48002, /90 days.*数据与智能专区/],
		[790041, /chat id and seq range/],
	],
	dataZone: [
		[45009, /in a day \((10,000 calls|100,000 messages)\).*Wait until tomorrow/],
		[48002, /the right .*数据与智能专区.*90 days/],
		[710726, /the right .*数据与智能专区.*90 days/],
	],
};

function pathOf(name: string): string {
	return CONTRACT[name as keyof typeof CONTRACT].path;
}

function casesOf(...classes: string[]) {
	return ENTRIES.filter(([, { row }]) => classes.includes(row.retry));
}

afterEach(closeServers);

describe.each(casesOf('once'))('%s, which must not happen twice,', (_title, entry) => {
	it.each(SILENCES)(
		'is not repeated after %s, and says how to find out',
		async (_what, trouble) => {
			const { error, requests } = await failedEntry(
				entry,
				entry.row.least,
				inTurn(trouble, good(entry)),
			);
			expect(requests).toHaveLength(1);
			expect(error).toBeInstanceOf(OutcomeUnknownError);
			expect(error).toMatchObject({
				code: 'unknown_outcome',
				path: expect.stringContaining(entry.row.path),
				hint: entry.operation.findOut,
				message: expect.stringContaining('Whether WeCom did it is not known'),
			});
		},
	);

	it('is not repeated after a timeout, and says how to find out', async () => {
		const server = await startServer(inTurn(silence, good(entry)));
		const calling = clientFor(entry, server).call(entry.operation, entry.row.least, {
			timeoutMs: 250,
		});
		expect(await failureOf(calling)).toBeInstanceOf(OutcomeUnknownError);
		expect(server.requests).toHaveLength(1);
	});

	it.each(REFUSALS)(
		'is not repeated after %s, and was certainly not done',
		async (_what, reply) => {
			const { error, requests } = await failedEntry(
				entry,
				entry.row.least,
				inTurn(reply, good(entry)),
			);
			expect(requests).toHaveLength(1);
			expect(error).toBeInstanceOf(WecomResponseError);
			expect(error.message).not.toContain('not known');
			expect(error.hint).not.toBe(entry.operation.findOut);
		},
	);

	it.each([-1, 6000, 45009, 48002])(
		'is not repeated after errcode %i, which is an answer',
		async (code) => {
			const { error, requests } = await failedEntry(
				entry,
				entry.row.least,
				inTurn(errcode(code), good(entry)),
			);
			expect(requests).toHaveLength(1);
			expect(error).toBeInstanceOf(WecomApiError);
			expect(error).toMatchObject({ errcode: code });
		},
	);

	it.each([710638, 710675, 710676, 790013, 790014])(
		'is not repeated after errcode %i: a program may have done it, its answer is lost',
		async (code) => {
			const trouble = errcode(code, 'no answer');
			const { error, requests } = await failedEntry(entry, entry.row.least, inTurn(trouble, good(entry))); // prettier-ignore
			expect(requests).toHaveLength(1);
			expect(error).toBeInstanceOf(OutcomeUnknownError);
			expect(error.message).toMatch(new RegExp(`errcode ${code}: no answer.*is not known`));
			expect(error.hint).toContain(entry.operation.findOut);
			// To try again would be the wrong advice.
			expect(error.hint).not.toMatch(/Try again/);
		},
	);

	it('was certainly not done when nobody could be reached', async () => {
		const client = clientFor(entry, { url: `http://127.0.0.1:${await closedPort()}` });
		const error = await failureOf(client.call(entry.operation, entry.row.least));
		expect(error).toBeInstanceOf(WecomNetworkError);
		expect(error).toMatchObject({ requestSent: false });
	});
});

describe.each(casesOf('paid'))('%s, which costs a call of the quota,', (_title, entry) => {
	it.each(SILENCES)(
		'is not repeated after %s, and may have been counted',
		async (_what, trouble) => {
			const { error, requests } = await failedEntry(
				entry,
				entry.row.least,
				inTurn(trouble, good(entry)),
			);
			expect(requests).toHaveLength(1);
			expect(error).toBeInstanceOf(OutcomeUnknownError);
			expect(error.hint).toMatch(/counts against the quota.*not known/);
		},
	);

	it.each<[string, Reply]>([
		...REFUSALS,
		['its quota used up', errcode(45009)],
		['too many calls at once', errcode(45033)],
		['an IP not allowed', errcode(60020)],
	])('is not repeated after %s', async (_what, trouble) => {
		const { error, requests } = await failedEntry(
			entry,
			entry.row.least,
			inTurn(trouble, good(entry)),
		);
		expect(requests).toHaveLength(1);
		expect(error).not.toBeInstanceOf(OutcomeUnknownError);
	});

	it.each([710638, 710675])(
		'is not repeated after errcode %i, behind which it may have been counted',
		async (code) => {
			const { error, requests } = await failedEntry(
				entry,
				entry.row.least,
				inTurn(errcode(code), good(entry)),
			);
			expect(requests).toHaveLength(1);
			expect(error).toBeInstanceOf(OutcomeUnknownError);
		},
	);

	it.each([-1, 6000, 45035])('is repeated after errcode %i: WeCom was busy', async (code) => {
		const server = await startServer(inTurn(errcode(code), errcode(code), good(entry)));
		await clientFor(entry, server).call(entry.operation, entry.row.least);
		expect(callsOf(entry, server.requests)).toHaveLength(3);
	});

	it('is repeated after a busy answer, but no more once the silence begins', async () => {
		const { requests } = await failedEntry(
			entry,
			entry.row.least,
			inTurn(errcode(-1), cut, good(entry)),
		);
		expect(requests).toHaveLength(2);
	});

	it('has more time than other calls', () => {
		const wire = entry.operation.wires[entry.contract];
		expect(wire && firstOf(wire).timeoutMs).toBe(120_000);
	});

	it.each(MODEL_HINTS[entry.contract] ?? [])(
		'says what to do about errcode %i of this model',
		async (code, hint) => {
			const { error } = await failedEntry(entry, entry.row.least, errcode(code, 'words of WeCom'));
			expect(error).toBeInstanceOf(WecomApiError);
			expect(error).toMatchObject({ errcode: code, errmsg: 'words of WeCom' });
			expect(error).toMatchObject({ path: entry.row.path });
			expect(error.hint).toMatch(hint);
			if (code !== 790041) expect(error.hint).toContain(`"${entry.name.replace('Model', '')}"`);
		},
	);

	it('leaves the other errcodes their general hint', async () => {
		const { error } = await failedEntry(entry, entry.row.least, errcode(60020));
		expect(error.hint).toBe(new WecomApiError(60020, '', '').hint);
	});
});

describe.each(casesOf('read', 'idempotent'))('%s', (_title, entry) => {
	const passing = SILENCES.filter(([what]) => !/^a (3|4)\d\d|errcode|token|says when/.test(what));
	it('is repeated after any passing trouble', async () => {
		expect(passing).toHaveLength(6);
		for (const [, trouble] of passing) {
			const server = await startServer(inTurn(trouble, errcode(-1), good(entry)));
			await clientFor(entry, server).call(entry.operation, entry.row.least);
			expect(server.requests).toHaveLength(3);
			expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
		}
	});
});

describe.each(casesOf('read', 'idempotent'))('%s', (_title, entry) => {
	it.each([500, 503, 504])('is repeated after a %i with errcode -1', async (status) => {
		const trouble = json({ errcode: -1, errmsg: 'busy' }, status);
		const server = await startServer(inTurn(trouble, good(entry)));
		await clientFor(entry, server).call(entry.operation, entry.row.least);
		expect(server.requests).toHaveLength(2);
	});
});

describe('a call that must not happen twice', () => {
	it('goes out once more with a new token, since WeCom refused the old one', async () => {
		let issued = 0;
		const issue: Reply = (request, response) =>
			json({ access_token: `T${++issued}`, expires_in: 7200 })(request, response);
		const path = `/cgi-bin${pathOf('createLink')}`;
		const create = inTurn(errcode(42001), json({ errcode: 0, link: { link_id: 'L1' } }));
		const server = await startServer(byPath({ '/cgi-bin/gettoken': issue, [path]: create }));
		const client = new WecomClient({
			baseUrl: server.url,
			authentication: { type: 'corpSecret', corpId: 'ww1', corpSecret: 'the-secret' },
			tokenCache: new TokenCache(),
		});
		const input = { link_name: 'n', range: { user_list: ['zhangsan'] } };
		expect(await client.call(createLink, input)).toEqual({ link_id: 'L1' });
		expect(server.to(path).map(({ query }) => query.access_token)).toEqual(['T1', 'T2']);
	});
});

describe('what several operations say about an errcode', () => {
	it.each(ENTRIES.filter(([, { name }]) => /Link|Acquisition|OnceKeys|Bills/.test(name)))(
		'%s: acquisition is authorized apart (G4)',
		async (_title, entry) => {
			for (const code of [48001, 48002]) {
				const { error } = await failedEntry(entry, entry.row.least, errcode(code));
				expect(error.hint).toContain('G4');
			}
		},
	);

	it('holds for that operation alone', async () => {
		const { least } = CONTRACT.getOrder;
		const { error } = await failedCall(operations.getOrder, least as never, errcode(48002));
		expect(error.hint).toBe(new WecomApiError(48002, '', '').hint);
	});

	it('never takes the words of WeCom from the message', async () => {
		const words = 'api freq out of limit: model quota of today used up';
		const range = { chat_id: 'wrA', seq_range: { begin_seq: 1, end_seq: 2 } };
		for (const operation of [sentimentModel, generalModel]) {
			const { error } = await failedCall(operation as never, range as never, errcode(45009, words));
			expect(error.message).toBe(
				`WeCom answered ${pathOf(operation.name)} with errcode 45009: ${words}`,
			);
		}
	});
});
