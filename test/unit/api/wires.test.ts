import { operations } from '../../../wecom/api';
import { fields, id } from '../../../wecom/api/fields';
import { operation, tokenKindsOf, type Operation } from '../../../wecom/api/operation';
import { CONTRACTS, firstOf, type Contract } from '../../../wecom/api/wire';
import type { TokenKind } from '../../../wecom/auth/tokenSource';
import { NotInContractError, WecomError } from '../../../wecom/errors';
import { stringifyJson } from '../../../wecom/json';
import { clientOf, TOKENS } from '../support/client';
import { CONTRACT } from '../support/contract';
import { closeServers, failureOf, json, startServer } from '../support/server';

afterEach(closeServers);

/** What an operation says in one contract. */
interface WireRow {
	operation: keyof typeof operations;
	contract: Contract;
	input: object;
	/** `ZONE search_chat` stands for a call of the program. */
	route: string;
	/** access_token when left out. */
	token?: TokenKind;
	/** The body of the API itself, the envelope of a program taken off. */
	body: object;
	/** WeCom's answer beside errcode and errmsg, the envelope taken off, and what the caller gets. */
	answer: object;
	output: unknown;
}

/** What another contract than the reference does its own way; {@link CONTRACT} has the reference. */
const ROWS: WireRow[] = [
	{
		operation: 'getExportStatus',
		contract: 'reference',
		input: { jobid: 'J' },
		route: 'ZONE get_chatdata_export_job_status',
		body: { jobid: 'J' },
		answer: { status: 3, result_id: 'r' },
		output: { status: 3, result_id: 'r' },
	},
	{
		operation: 'searchSession',
		contract: 'dataZone',
		input: { keyword: '报价', limit: 50 },
		route: 'ZONE search_chat',
		body: { query_word: '报价', limit: 50 },
		answer: { has_more: 1, next_cursor: 'C2', chat_list: [{ chatid: 'wrRoom1' }] },
		output: { entries: [{ chatid: 'wrRoom1' }], nextCursor: 'C2' },
	},
];

const SYNC_CALL = 'POST /chatdata/sync_call_program';

/** Method, path and body of a request as a row says them. */
function carried({ route, body }: Pick<WireRow, 'route' | 'body'>) {
	const [method, func] = route.split(' ');
	if (method !== 'ZONE') return { request: route, body };
	const envelope = {
		program_id: 'P',
		ability_id: `invoke_${func}`,
		request_data: JSON.stringify(body),
	};
	return { request: SYNC_CALL, body: envelope };
}

describe('what each contract says', () => {
	it.each(ROWS.map((row) => [`${row.operation} in ${row.contract}`, row] as const))(
		'%s',
		async (_name, row) => {
			const answer = { errcode: 0, errmsg: 'ok', ...row.answer };
			const { contract, route, token = 'access_token', input, output } = row;
			const server = await startServer(
				json(
					route.startsWith('ZONE')
						? { errcode: 0, errmsg: 'ok', response_data: JSON.stringify(answer) }
						: answer,
				),
			);
			const program = { programId: 'P', style: 'java' } as const;
			const client = clientOf(server, { contract, program });
			const called = operations[row.operation] as Operation<object, unknown>;
			expect(await client.call(called, input)).toEqual(output);
			expect(server.requests).toHaveLength(1);
			const [{ method = '', path = '', query = {}, body = '' } = {}] = server.requests;
			expect(query).toEqual({ [token]: TOKENS[token] });
			expect({
				request: `${method} ${path.replace('/cgi-bin', '')}`,
				body: JSON.parse(body === '' ? '{}' : body) as unknown,
			}).toEqual(carried(row));
			expect(client.describe(called, input)).toMatchObject({ route });
		},
	);

	it('has a row for each wire beside those of the reference', () => {
		const wires = Object.entries(operations).flatMap(([name, { wires: of }]) =>
			Object.keys(of)
				.filter((contract) => contract !== 'reference')
				.map((contract) => `${name} in ${contract}`),
		);
		const rows = ROWS.map(({ operation: name, contract }) => `${name} in ${contract}`);
		expect(rows).toEqual(expect.arrayContaining(wires));
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
			message: 'The contract "reference" has no `searchElsewhere`',
			hint: 'It exists in "dataZone" and "messageArchive": choose that contract where you have it.',
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
		const client = clientOf(server);
		for (const [name, { least, leastBody = least, path, method = 'POST' }] of Object.entries(
			CONTRACT,
		)) {
			const called = operations[name as keyof typeof operations] as Operation<object, unknown>;
			const { route, body } = client.describe(called, least);
			if (route.startsWith('ZONE')) continue;
			expect(route).toBe(`${method} ${path}`);
			expect(JSON.parse(stringifyJson(body))).toEqual(leastBody);
			expect(() => client.describe(called, { ...least, unknown_field: 1 })).toThrow(
				'unknown_field',
			);
		}
		expect(server.requests).toHaveLength(0);
	});

	it('tells which tokens its wires take', () => {
		for (const [name, { token = 'access_token' }] of Object.entries(CONTRACT)) {
			const { wires } = operations[name as keyof typeof operations];
			const { reference } = wires as Operation<never, unknown>['wires'];
			expect(reference && firstOf(reference).token).toBe(token);
			expect(tokenKindsOf({ wires })).toContain(token);
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
