import { Readable } from 'node:stream';

import { operations } from '../../../wecom/api';
import type { Operation } from '../../../wecom/api/operation';
import { firstOf, pathOf } from '../../../wecom/api/wire';
import type { UploadFile } from '../../../wecom/http/multipart';
import { clientOf } from '../support/client';
import { answerOf, callsOf, clientFor, ENTRIES, type Entry } from '../support/entries';
import type { OperationContract } from '../support/limits';
import { closeServers, failureOf, json, startServer } from '../support/server';

/** What HTTP 200 says of which some clients make a success. */
const SILENCES: object[] = [
	{},
	{ code: 500, msg: 'internal error' },
	{ code: 0, message: 'ok', success: true },
	...[null, '', ' ', [], [0], {}, false, true, 'ok', 'success', '0.0', 0.5].map((errcode) => ({
		errcode,
		errmsg: 'ok',
	})),
];

const FILE = Buffer.from('six or more bytes');
const upload: Omit<UploadFile, 'field'> = {
	fileName: 'a.txt',
	contentType: 'text/plain',
	size: FILE.length,
	open: () => Readable.from([FILE]),
};

const UPLOADS = (['uploadTemporaryFile', 'uploadExportTemplate'] as const).flatMap((name) =>
	(['reference', 'dataZone'] as const).map((contract): Case => {
		const operation = operations[name] as Operation<unknown, unknown>;
		const wire = operation.wires[contract];
		const path = wire ? pathOf(firstOf(wire).route) : '';
		const row = { path, least: upload, answer: { media_id: 'M' } } as OperationContract;
		return [`${name} in ${contract}`, { name, contract, operation, row }];
	}),
);

type Case = readonly [title: string, entry: Entry];

const CASES: Case[] = [...ENTRIES, ...UPLOADS];
const casesOf = (...classes: string[]) =>
	CASES.filter(([, { operation }]) => classes.includes(operation.retry));

afterEach(closeServers);

/** Calls an entry with the same answer again and again; what the client made of each. */
async function against(entry: Entry, answers: object[]) {
	let answer: object = {};
	const server = await startServer((request, response) => json(answer)(request, response));
	const client = clientFor(entry, server);
	const made = [];
	for (answer of answers) {
		server.requests.length = 0;
		const outcome = await client.call(entry.operation, entry.row.least).then(
			(output) => ({ output }),
			(error: Error) => ({ error }),
		);
		made.push({ answer, requests: callsOf(entry, server.requests).length, ...outcome });
	}
	return made;
}

it('every wire is looked at', () => {
	const routes = Object.values(operations).flatMap(({ wires }) =>
		Object.values(wires as Operation<unknown, unknown>['wires']).map((wire) => firstOf(wire).route),
	);
	// Tencent's library has return codes in place of HTTP: library.test.ts looks at them.
	const overHttp = routes.filter((route) => !route.startsWith('LIBRARY '));
	expect(CASES).toHaveLength(overHttp.length);
});

it.each(casesOf('once', 'paid'))(
	'%s has an unknown outcome after HTTP 200 without errcode 0, and is not sent again',
	async (_title, entry) => {
		for (const one of await against(entry, [...SILENCES, answerOf(entry)])) {
			expect(one).toMatchObject({
				requests: 1,
				error: {
					code: 'unknown_outcome',
					path: entry.row.path,
					hint: entry.operation.findOut,
					message: expect.stringMatching(/is not WeCom's JSON.*Whether WeCom did it is not known/),
				},
			});
		}
	},
);

it.each(casesOf('read', 'idempotent'))(
	'%s fails after HTTP 200 that neither has errcode 0 nor brings anything',
	async (_title, entry) => {
		for (const one of await against(entry, SILENCES)) {
			expect(one).toMatchObject({
				requests: 4,
				error: { code: 'response', path: entry.row.path, httpStatus: 200, passing: true },
			});
		}
	},
);

it.each(casesOf('idempotent'))(
	'%s needs an errcode of 0 beside what the answer brings',
	async (_title, entry) => {
		const [silent] = await against(entry, [answerOf(entry)]);
		expect(silent).toMatchObject({
			error: { message: expect.stringContaining('without errcode') },
		});
	},
);

it.each(CASES)('%s takes an errcode of 0 and the digit 0', async (_title, entry) => {
	const [number, digit] = await against(entry, [
		{ errcode: 0, ...answerOf(entry) },
		{ errcode: '0', ...answerOf(entry) },
	]);
	expect(number).toMatchObject({ requests: 1, output: expect.anything() });
	expect(digit).toMatchObject({ requests: 1, output: expect.anything() });
});

describe.each(casesOf('read'))('%s', (_title, entry) => {
	const answer = answerOf(entry);

	it('needs no errcode where the answer brings what was asked for', async () => {
		const [whole, missing, empty] = await against(entry, [
			{ errcode: 0, ...answer },
			answer,
			{ errcode: null, ...answer },
		]);
		expect(missing).toMatchObject({ output: whole && 'output' in whole ? whole.output : 'none' });
		expect(empty).toMatchObject({ output: whole && 'output' in whole ? whole.output : 'none' });
	});

	it('takes nothing but a number for an errcode, whatever else is there', async () => {
		const odd = ['', [], {}, false, true, 'ok', 0.5].map((errcode) => ({ ...answer, errcode }));
		for (const { error } of (await against(entry, odd)) as Array<{ error?: Error }>) {
			expect(error?.message).toContain('JSON with an errcode that is no number');
		}
	});

	it('is not proved by a field that holds nothing', async () => {
		const wire = entry.operation.wires[entry.contract];
		const { route = '', proof: own = [] } = wire ? firstOf(wire) : {};
		// Where the answer comes in the envelope of a program, that is what has to be there.
		const proof = route.startsWith('ZONE') ? ['response_data'] : own;
		expect(own.length).toBeGreaterThan(0);
		expect(proof.length).toBeGreaterThan(0);
		const empty = [null, false, ''].map((nothing) =>
			Object.fromEntries(proof.map((name) => [name, nothing])),
		);
		for (const { error } of (await against(entry, empty)) as Array<{ error?: Error }>) {
			expect(error?.message).toContain('JSON without errcode');
		}
	});
});

it('a token is taken without errcode, as Tencent documents it, and nothing in its place', async () => {
	let answer: object = { access_token: 'T' };
	const server = await startServer((request, response) =>
		json(request.path.endsWith('gettoken') ? answer : { errcode: 0, order: {} })(request, response),
	);
	const client = () =>
		clientOf(server, {
			authentication: {
				type: 'corpSecret',
				corpId: `ww${Math.random()}`,
				corpSecret: 'the secret',
			},
		});
	await client().authenticate();
	for (answer of SILENCES) {
		expect(await failureOf(client().authenticate())).toMatchObject({ code: 'response' });
	}
});
