import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { closeServers, inTurn, json, startServer, text } from '../unit/support/server';
import { Engine } from './harness';
import { startBench, type Bench } from './support';

let bench: Bench;

beforeEach(async () => {
	bench = await startBench({ messageCount: 20, exportSeconds: 0.2 });
});

afterEach(async () => {
	await bench.stop();
	await closeServers();
});

async function run(
	operation: string,
	parameters: IDataObject = {},
	items?: INodeExecutionData[],
	settings: Partial<INode> = {},
) {
	const all = { resource: 'export', operation, ...parameters };
	return await bench.engine.runNode('wecomChatArchive', all, items, settings);
}

const requests = () => bench.wecom.requests.filter(({ path }) => !path.endsWith('/gettoken'));

/** Uploads a template. @returns its media_id */
async function upload(): Promise<string> {
	const data = Buffer.from('$msgContent=1/2$').toString('base64');
	const { json: output, error } = await bench.engine.runNode(
		'wecomDataZone',
		{ resource: 'file', operation: 'upload' },
		[{ json: {}, binary: { data: { data, mimeType: 'text/plain', fileName: 'template.txt' } } }],
	);
	expect(error).toBeUndefined();
	bench.wecom.requests.length = 0;
	return String(output[0]?.media_id);
}

it('starts with code and template, runs, and is done', async () => {
	const mediaId = await upload();
	const { json: created } = await run('create', { code: 'code-1', mediaId });
	expect(requests().map(({ path, body }) => ({ path, body }))).toEqual([
		{ path: '/cgi-bin/msgaudit/export', body: { code: 'code-1', media_id: mediaId } },
	]);
	const jobid = created[0]?.jobid;
	const { json: before } = await run('get', { jobid });
	expect(before[0]).toMatchObject({ jobid, status_name: expect.stringMatching(/waiting|running/) as string }); // prettier-ignore
	let status = before[0];
	const until = Date.now() + 10_000;
	while (status?.status_name !== 'done' && Date.now() < until) {
		[status] = (await run('get', { jobid })).json;
	}
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
])('asks a %s program in its own way', async (programStyle, ability, data) => {
	const options = { programId: 'progOther', programStyle };
	await run('get', { jobid: 'j1', options });
	expect(requests()[0]?.body).toEqual({
		program_id: 'progOther',
		ability_id: ability,
		request_data: data,
	});
});

it('an export is started once: a broken connection is not tried again, and says how to find out', async () => {
	const mediaId = await upload();
	bench.wecom.faults.add({ kind: 'cut', path: '/msgaudit/export' });
	const { error } = await run('create', { code: 'code-1', mediaId });
	expect(error?.message).toContain('Whether WeCom did it is not known');
	expect(error?.description).toContain('msgaudit_export_finish');
	expect(requests()).toHaveLength(1);
});

it.each([
	['create', { code: '={{ $json.none }}', mediaId: 'm' }, 'code'],
	['create', { code: 'x'.repeat(1025), mediaId: 'm' }, 'code'],
	['create', { code: 'c', mediaId: '={{ {} }}' }, 'media_id'],
	['get', { jobid: '={{ "" }}' }, 'jobid'],
	['get', { jobid: 'x'.repeat(257) }, 'jobid'],
] as Array<[string, IDataObject, string]>)(
	'%s with %j is refused by name, and nothing is sent',
	async (operation, parameters, field) => {
		const { error } = await run(operation, parameters);
		expect(error?.message).toContain(`"${field}"`);
		expect(requests()).toEqual([]);
	},
);

it('says that no program is named', async () => {
	Object.assign(bench.engine.credentials.wecomDataApi ?? {}, { programId: '' });
	const { error } = await run('get', { jobid: 'j1' });
	expect(error?.message).toContain('"program_id"');
	expect(requests()).toEqual([]);
});

it('goes on after an item that fails', async () => {
	const mediaId = await upload();
	const items = ['one', '', 'three'].map((code) => ({ json: { code } }));
	const { items: output } = await run('create', { code: '={{ $json.code }}', mediaId }, items, {
		onError: 'continueRegularOutput',
	});
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 1 },
		{ item: 2 },
	]);
	expect(output.map(({ json: one }) => 'jobid' in one)).toEqual([true, false, true]);
});

it('goes where the reference says, with the token of the corp', async () => {
	await run('create', { code: 'code-1', mediaId: await upload() });
	await run('get', { jobid: 'j1' });
	expect(requests()).toMatchObject([
		{ method: 'POST', path: '/cgi-bin/msgaudit/export' },
		{ method: 'POST', path: '/cgi-bin/chatdata/sync_call_program' },
	]);
	for (const { query } of requests()) expect(Object.keys(query)).toEqual(['access_token']);
});

it.each([
	['a code that was used', async () => ({ code: 'code-1', mediaId: await upload() }), '40029'],
	[
		'a template that is not there',
		async () => Promise.resolve({ code: 'c', mediaId: 'm' }),
		'40007',
	],
])('hands on what WeCom says about %s', async (_case, parameters, code) => {
	await run('create', { code: 'code-1', mediaId: await upload() });
	const { error } = await run('create', await parameters());
	expect(error?.message).toContain(code);
	expect(error?.description).toBeTruthy();
});

it('asks the program of the credential, also one in Python', async () => {
	const [started] = (await run('create', { code: 'code-1', mediaId: await upload() })).json;
	Object.assign(bench.engine.credentials.wecomDataApi ?? {}, {
		programId: bench.wecom.programs.python,
		programStyle: 'python',
	});
	const { json: output, error } = await run('get', { jobid: started?.jobid });
	expect(error).toBeUndefined();
	expect(output[0]).toMatchObject({ jobid: started?.jobid, status_name: 'waiting' });
});

it('WeCom calls back when the export is done', async () => {
	await bench.stop();
	const { url } = await startServer(text('success'));
	bench = await startBench({ messageCount: 1, exportSeconds: 0.1, callbackUrl: `${url}/hook` });
	const [started] = (await run('create', { code: 'code-1', mediaId: await upload() })).json;
	const until = Date.now() + 10_000;
	while (bench.wecom.callbacksSent.length === 0 && Date.now() < until) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	await bench.wecom.settled();
	const [{ status_name: status } = {}] = (await run('get', { jobid: started?.jobid })).json;
	expect(status).toBe('done');
	expect(JSON.stringify(bench.wecom.callbacksSent)).toContain('msgaudit_export_finish');
});

it('gives each status a word, and says why a done export has no result', async () => {
	const status = (fields: object) => json({ errcode: 0, response_data: JSON.stringify(fields) });
	const server = await startServer(
		inTurn(
			status({ status: 1 }),
			status({ status: 2 }),
			status({ status: 3, result_errcode: 710660, result_errmsg: 'template' }),
			status({ status: 9 }),
		),
	);
	const engine = await Engine.load({
		wecomDataApi: {
			baseUrl: server.url,
			authentication: 'accessToken',
			accessToken: 't',
			programId: 'prog',
		},
	});
	const jobs = ['a', 'b', 'c', 'd'].map((jobid) => ({ json: { jobid } }));
	const { json: output, hints } = await engine.runNode(
		'wecomChatArchive',
		{ resource: 'export', operation: 'get', jobid: '={{ $json.jobid }}' },
		jobs,
	);
	expect(output).toEqual([
		{ jobid: 'a', status: 1, status_name: 'waiting' },
		{ jobid: 'b', status: 2, status_name: 'running' },
		{
			jobid: 'c',
			status: 3,
			status_name: 'done',
			result_errcode: 710660,
			result_errmsg: 'template',
		},
		{ jobid: 'd', status: 9, status_name: null },
	]);
	expect(hints).toHaveLength(1);
	expect(hints[0]).toContain('The export c is done without a result: errcode 710660, template');
});

it('asking goes on after a job that is unknown', async () => {
	const [started] = (await run('create', { code: 'code-1', mediaId: await upload() })).json;
	const jobs = [started?.jobid, 'unknown', started?.jobid].map((jobid) => ({ json: { jobid } }));
	const { items: output } = await run('get', { jobid: '={{ $json.jobid }}' }, jobs as never, {
		onError: 'continueRegularOutput',
	});
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 1 },
		{ item: 2 },
	]);
	expect(output[1]?.json).toMatchObject({ errcode: 40088 });
	expect(output.map(({ json: one }) => 'status' in one)).toEqual([true, false, true]);
});
