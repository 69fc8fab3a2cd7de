import { Readable } from 'node:stream';

import { operations } from '../../../wecom/api';
import type { Operation } from '../../../wecom/api/operation';
import { firstOf } from '../../../wecom/api/wire';
import type { UploadFile } from '../../../wecom/http/multipart';
import { clientOf } from '../support/client';
import { CONTRACT } from '../support/contract';
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

const UPLOAD_PATH = '/msgaudit/upload_tmp_file';

type Case = [name: string, operation: Operation<unknown, unknown>, input: unknown, answer: object];

const CASES = Object.entries(operations).map(([name, operation]): Case => {
	const { least, answer } =
		name === 'uploadTemporaryFile'
			? { least: upload, answer: { media_id: 'M' } }
			: CONTRACT[name as keyof typeof CONTRACT];
	return [name, operation as Operation<unknown, unknown>, least, answer];
});
const pathOf = (name: string) =>
	name === 'uploadTemporaryFile' ? UPLOAD_PATH : CONTRACT[name as keyof typeof CONTRACT].path;
const casesOf = (...classes: string[]) => CASES.filter(([, { retry }]) => classes.includes(retry));

afterEach(closeServers);

/** Calls an operation with the same answer again and again; what the client made of each. */
async function against(operation: Operation<unknown, unknown>, input: unknown, answers: object[]) {
	let answer: object = {};
	const server = await startServer((request, response) => json(answer)(request, response));
	const client = clientOf(server);
	const made = [];
	for (answer of answers) {
		server.requests.length = 0;
		const outcome = await client.call(operation, input).then(
			(output) => ({ output }),
			(error: Error) => ({ error }),
		);
		made.push({ answer, requests: server.requests.length, ...outcome });
	}
	return made;
}

it('every operation is looked at', () => {
	expect(CASES).toHaveLength(45);
});

it.each(casesOf('once', 'paid'))(
	'%s has an unknown outcome after HTTP 200 without errcode 0, and is not sent again',
	async (name, operation, input, answer) => {
		for (const one of await against(operation, input, [...SILENCES, answer])) {
			expect(one).toMatchObject({
				requests: 1,
				error: {
					code: 'unknown_outcome',
					path: pathOf(name),
					hint: operation.findOut,
					message: expect.stringMatching(/is not WeCom's JSON.*Whether WeCom did it is not known/),
				},
			});
		}
	},
);

it.each(casesOf('read', 'idempotent'))(
	'%s fails after HTTP 200 that neither has errcode 0 nor brings anything',
	async (name, operation, input) => {
		for (const one of await against(operation, input, SILENCES)) {
			expect(one).toMatchObject({
				requests: 4,
				error: { code: 'response', path: pathOf(name), httpStatus: 200, passing: true },
			});
		}
	},
);

it.each(casesOf('idempotent'))(
	'%s needs an errcode of 0 beside what the answer brings',
	async (_name, operation, input, answer) => {
		const [silent] = await against(operation, input, [answer]);
		expect(silent).toMatchObject({
			error: { message: expect.stringContaining('without errcode') },
		});
	},
);

it.each(CASES)(
	'%s takes an errcode of 0 and the digit 0',
	async (_name, operation, input, answer) => {
		const [number, digit] = await against(operation, input, [
			{ errcode: 0, ...answer },
			{ errcode: '0', ...answer },
		]);
		expect(number).toMatchObject({ requests: 1, output: expect.anything() });
		expect(digit).toMatchObject({ requests: 1, output: expect.anything() });
	},
);

/** Where the answer comes in the envelope of a program, that is what has to be there. */
const PROOFS: Partial<Record<string, string[]>> = { getExportStatus: ['response_data'] };

describe.each(casesOf('read'))('%s', (name, operation, input, answer) => {
	it('needs no errcode where the answer brings what was asked for', async () => {
		const [whole, missing, empty] = await against(operation, input, [
			{ errcode: 0, ...answer },
			answer,
			{ errcode: null, ...answer },
		]);
		expect(missing).toMatchObject({ output: whole && 'output' in whole ? whole.output : 'none' });
		expect(empty).toMatchObject({ output: whole && 'output' in whole ? whole.output : 'none' });
	});

	it('takes nothing but a number for an errcode, whatever else is there', async () => {
		const odd = ['', [], {}, false, true, 'ok', 0.5].map((errcode) => ({ ...answer, errcode }));
		for (const { error } of (await against(operation, input, odd)) as Array<{ error?: Error }>) {
			expect(error?.message).toContain('JSON with an errcode that is no number');
		}
	});

	it('is not proved by a field that holds nothing', async () => {
		const { reference } = operation.wires;
		const proof = PROOFS[name] ?? (reference && firstOf(reference).proof) ?? [];
		expect(proof.length).toBeGreaterThan(0);
		const empty = [null, false, ''].map((nothing) =>
			Object.fromEntries(proof.map((name) => [name, nothing])),
		);
		for (const { error } of (await against(operation, input, empty)) as Array<{ error?: Error }>) {
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
