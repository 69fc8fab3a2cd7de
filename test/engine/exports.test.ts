import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { cut, inTurn, json, startServer, text } from '../unit/support/server';
import { items, operationBench, type BadCase } from './operationBench';
import { startBench } from './support';

const bench = operationBench('wecomChatArchive', { messageCount: 1, exportSeconds: 0.2 });
let codes = 0;

/** Uploads a template, and has a new code beside it. */
async function newExport(of: { engine: typeof bench.engine } = bench) {
	const data = Buffer.from('$msgContent=1/2$').toString('base64');
	const { json: output, error } = await of.engine.runNode(
		'wecomDataZone',
		{ resource: 'file', operation: 'upload' },
		[{ json: {}, binary: { data: { data, mimeType: 'text/plain', fileName: 'template.txt' } } }],
	);
	expect(error).toBeUndefined();
	bench.wecom.requests.length = 0;
	return { code: `code-${++codes}`, mediaId: String(output[0]?.media_id) };
}

/** Starts an export. @returns its jobid */
async function start(): Promise<string> {
	const { json: output } = await bench.run('export.create', await newExport());
	bench.wecom.requests.length = 0;
	return String(output[0]?.jobid);
}

/** Looks again and again until the condition holds. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
	const until = Date.now() + 10_000;
	while (!(await condition())) {
		if (Date.now() > until) throw new Error('It did not happen within ten seconds');
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

describe('export.create', () => {
	it('sends code and template, and gives the job', async () => {
		const { code, mediaId } = await newExport();
		const { json: output, error } = await bench.run('export.create', { code, mediaId });
		expect(error).toBeUndefined();
		expect(bench.sent()).toMatchObject([{ method: 'POST', path: '/cgi-bin/msgaudit/export' }]);
		expect(Object.keys(bench.sent()[0]?.query ?? {})).toEqual(['access_token']);
		expect(bench.bodies()).toEqual([{ code, media_id: mediaId }]);
		expect(output).toEqual([{ jobid: expect.any(String) as string }]);
	});

	it('is not repeated into a silence, and says how to find out', async () => {
		const { server, run } = await bench.against(cut);
		const { error } = await run('export.create', { code: 'c', mediaId: 'm' });
		expect(server.requests).toHaveLength(1);
		expect(error?.message).toContain('Whether WeCom did it is not known');
		expect(error?.description).toContain('msgaudit_export_finish');
	});

	it('says where the code comes from, and that it works once', async () => {
		const used = await newExport();
		await bench.run('export.create', used);
		const { error } = await bench.run('export.create', used);
		expect(error?.message).toContain('40029');
		expect(error?.description).toBeTruthy();
		const notices = bench.engine
			.nodeType('wecomChatArchive')
			.description.properties.filter(({ type }) => type === 'notice')
			.map(({ displayName }) => displayName);
		expect(notices.join()).toMatch(/display component.*works once, within 5 minutes/);
	});

	it('hands on what WeCom says about a template that is not there', async () => {
		const { error } = await bench.run('export.create', { code: 'c', mediaId: 'm' });
		expect(error?.message).toContain('40007');
	});

	it.each<BadCase>([
		['no code', { code: '={{ $json.none }}', mediaId: 'm' }, 'code'],
		['a code that is too long', { code: 'x'.repeat(1025), mediaId: 'm' }, 'code'],
		['no template', { code: 'c', mediaId: '={{ "" }}' }, 'media_id'],
		['a template that is no text', { code: 'c', mediaId: '={{ {} }}' }, 'media_id'],
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('export.create', parameters, field);
	});

	it('goes on after a bad item', async () => {
		const { mediaId } = await newExport();
		const output = await bench.continues(
			'export.create',
			{ code: '={{ $json.value }}', mediaId },
			items('one', '', 'three'),
			{ item: 1, field: 'code' },
		);
		expect(output.map((one) => 'jobid' in one)).toEqual([true, false, true]);
	});
});

describe('export.get', () => {
	it('tells how far it is, until it is done', async () => {
		const jobid = await start();
		const { json: before } = await bench.run('export.get', { jobId: jobid });
		expect(bench.sent()).toMatchObject([
			{ method: 'POST', path: '/cgi-bin/chatdata/sync_call_program' },
		]);
		expect(Object.keys(bench.sent()[0]?.query ?? {})).toEqual(['access_token']);
		expect(bench.bodies()).toEqual([
			{
				program_id: bench.wecom.programs.java,
				ability_id: 'invoke_get_chatdata_export_job_status',
				request_data: JSON.stringify({ jobid }),
			},
		]);
		expect(before).toEqual([
			expect.objectContaining({
				jobid,
				status_name: expect.stringMatching(/waiting|running/) as string,
			}),
		]);
		let status = before[0];
		await eventually(async () => {
			[status] = (await bench.run('export.get', { jobId: jobid })).json;
			return status?.status_name === 'done';
		});
		expect(status).toEqual({
			jobid,
			status: 3,
			status_name: 'done',
			result_id: expect.any(String) as string,
			result_errcode: 0,
			result_errmsg: 'ok',
		});
	});

	it.each([
		['java', 'invoke_get_chatdata_export_job_status', '{"jobid":"j1"}'],
		['python', 'input_get_chatdata_export_job_status', '{"input":{"func":"get_chatdata_export_job_status","func_req":{"jobid":"j1"}}}'], // prettier-ignore
	])('asks another program, in %s, in its own way', async (programStyle, ability_id, data) => {
		const options = { programId: 'progOther', programStyle };
		await bench.run('export.get', { jobId: 'j1', options });
		expect(bench.bodies()).toEqual([{ program_id: 'progOther', ability_id, request_data: data }]);
	});

	it('asks the program of the credential, also one in Python', async () => {
		const jobid = await start();
		const { wecomDataApi } = bench.engine.credentials;
		bench.engine.credentials.wecomDataApi = {
			...wecomDataApi,
			programId: bench.wecom.programs.python,
			programStyle: 'python',
		};
		const { json: output, error } = await bench.run('export.get', { jobId: jobid });
		bench.engine.credentials.wecomDataApi = wecomDataApi as ICredentialDataDecryptedObject;
		expect(error).toBeUndefined();
		expect(output[0]).toMatchObject({ jobid, status_name: expect.any(String) as string });
	});

	it('gives each status a word, and says why a done export has no result', async () => {
		const status = (fields: object) => json({ errcode: 0, response_data: JSON.stringify(fields) });
		const failed = { status: 3, result_errcode: 710660, result_errmsg: 'template' };
		const replies = [{ status: 1 }, { status: 2 }, failed, { status: 9 }].map(status);
		const { run } = await bench.against(inTurn(...replies), { programId: 'prog' });
		const { json: output, hints } = await run(
			'export.get',
			{ jobId: '={{ $json.value }}' },
			items('a', 'b', 'c', 'd'),
		);
		expect(output).toEqual([
			{ jobid: 'a', status: 1, status_name: 'waiting' },
			{ jobid: 'b', status: 2, status_name: 'running' },
			{ jobid: 'c', ...failed, status_name: 'done' },
			{ jobid: 'd', status: 9, status_name: null },
		]);
		expect(hints).toHaveLength(1);
		expect(hints[0]).toContain('The export c is done without a result: errcode 710660, template');
	});

	it('says no more than it knows where there is no advice for the errcode', async () => {
		const failed = { status: 3, result_errcode: 710627, result_errmsg: 'no space' };
		const { run } = await bench.against(
			json({ errcode: 0, response_data: JSON.stringify(failed) }),
			{ programId: 'prog' },
		);
		const { hints } = await run('export.get', { jobId: 'c' });
		expect(hints).toEqual(['The export c is done without a result: errcode 710627, no space.']);
	});

	it.each<BadCase>([
		['no job', { jobId: '={{ "" }}' }, 'jobid'],
		['a job that is too long', { jobId: 'x'.repeat(257) }, 'jobid'],
		['a job that is no text', { jobId: '={{ [1] }}' }, 'jobid'],
		['a program that is too long', { jobId: 'j', options: { programId: 'x'.repeat(257) } }, 'program_id'], // prettier-ignore
	])('refuses %s and sends nothing', async (_case, parameters, field) => {
		await bench.refuses('export.get', parameters, field);
	});

	it('asks for a program when neither node nor credential names one', async () => {
		const { run, server } = await bench.against(json({}));
		const { error } = await run('export.get', { jobId: 'j1' });
		expect(error?.message).toContain('"program_id"');
		expect(server.requests).toEqual([]);
	});

	it('goes on after a bad item', async () => {
		const output = await bench.continues(
			'export.get',
			{ jobId: '={{ $json.value }}' },
			items(await start(), '', await start()),
			{ item: 1, field: 'jobid' },
		);
		expect(output.map((one) => 'status' in one)).toEqual([true, false, true]);
	});
});

it('WeCom calls back when an export is done', async () => {
	const { url } = await startServer(text('success'));
	const { wecom, engine, stop } = await startBench({
		messageCount: 1,
		exportSeconds: 0.1,
		callbackUrl: `${url}/hook`,
	});
	const created = await newExport({ engine });
	await engine.runNode('wecomChatArchive', {
		resource: 'export',
		operation: 'create',
		...created,
	});
	await eventually(() => wecom.callbacksSent.length > 0);
	await wecom.settled();
	expect(JSON.stringify(wecom.callbacksSent)).toContain('msgaudit_export_finish');
	await stop();
});
