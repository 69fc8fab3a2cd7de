import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as ts from 'typescript';
import * as z from 'zod/v4';

import { operation, type WecomClient } from '../../../wecom';
import { fields } from '../../../wecom/api/fields';
import { clientOf } from '../support/client';
import { closeServers, json, startServer } from '../support/server';

afterEach(closeServers);

const SOURCE = join(__dirname, '..', '..', '..', 'wecom', 'api', 'operation.ts');

/** The example in the docstring of a function, without its stars. */
function exampleOf(name: string): string {
	const source = readFileSync(SOURCE, 'utf8');
	const before = source.slice(0, source.indexOf(`export function ${name}<`));
	const docstring = before.slice(before.lastIndexOf('/**'));
	return docstring
		.slice(docstring.indexOf('@example') + '@example'.length, docstring.lastIndexOf('*/'))
		.replaceAll(/^ \* ?/gm, '');
}

/** Runs the example with a client; what its last constant holds. */
async function run(client: WecomClient): Promise<unknown> {
	const code = `return (async () => {${exampleOf('operation')}; return invoice; })();`;
	const { outputText } = ts.transpileModule(code, {
		compilerOptions: { target: ts.ScriptTarget.ES2022 },
	});
	const example = new Function('operation', 'z', 'client', outputText) as (
		...scope: unknown[]
	) => Promise<unknown>;
	return await example(operation, z, client);
}

describe('the example of an operation of your own', () => {
	it('speaks the reference contract', async () => {
		const server = await startServer(json({ errcode: 0, invoice: { total: 7 } }));
		expect(await run(clientOf(server))).toEqual({ total: 7 });
		expect(server.requests[0]).toMatchObject({
			path: '/cgi-bin/invoice/get',
			body: '{"invoice_id":"I1"}',
		});
	});

	it('speaks to the data zone', async () => {
		const server = await startServer(
			json({ errcode: 0, response_data: '{"errcode":0,"invoice":{"total":7}}' }),
		);
		const program = { programId: 'P', style: 'java' } as const;
		expect(await run(clientOf(server, { contract: 'dataZone', program }))).toEqual({ total: 7 });
		expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
			ability_id: 'invoke_get_invoice',
			request_data: '{"id":"I1"}',
		});
	});
});

describe('how to find out what became of a call', () => {
	const facts = { name: 'own', input: fields({}), wires: { reference: 'POST /own' } } as const;

	it('is said exactly where the call is never sent twice: the types ask for it', () => {
		const operations = [
			operation({ ...facts, retry: 'read' }),
			operation({ ...facts, retry: 'idempotent' }),
			operation({ ...facts, retry: 'once', findOut: 'Look at the list.' }),
			operation({ ...facts, retry: 'paid', findOut: 'Nobody can.' }),
			// @ts-expect-error -- once without a way to find out
			operation({ ...facts, retry: 'once' }),
			// @ts-expect-error -- paid without a way to find out
			operation({ ...facts, retry: 'paid' }),
			// @ts-expect-error -- what is repeated needs none
			operation({ ...facts, retry: 'read', findOut: 'Look at the list.' }),
			// @ts-expect-error -- what is repeated needs none
			operation({ ...facts, retry: 'idempotent', findOut: 'Look at the list.' }),
		];
		expect(operations.slice(0, 4).map(({ findOut }) => findOut)).toEqual([
			undefined,
			undefined,
			'Look at the list.',
			'Nobody can.',
		]);
	});
});
