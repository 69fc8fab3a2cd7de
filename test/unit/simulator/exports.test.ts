import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator';
import { Endpoint } from './endpoint';
import { call, getToken, refusal, upload } from './support';

const EXPORT = '/msgaudit/export';

let simulator: Simulator;
let token: string;
let mediaId: string;
let now = 1_790_000_000_000;

async function start(options: SimulatorOptions = {}): Promise<void> {
	simulator = await startSimulator({ messageCount: 0, ...options });
	token = await getToken(simulator);
	mediaId = (await upload(simulator, token)).media_id as string;
}

afterEach(() => simulator.stop());

async function status(jobid: unknown): Promise<Record<string, unknown>> {
	const answer = await call(simulator, '/chatdata/sync_call_program', token, {
		program_id: simulator.programs.java,
		ability_id: 'invoke_get_chatdata_export_job_status',
		request_data: JSON.stringify({ jobid }),
	});
	return JSON.parse(answer.response_data as string) as Record<string, unknown>;
}

test('a job waits, runs and is done when its time has come', async () => {
	await start({ now: () => now, exportSeconds: 10 });
	const { jobid } = await call(simulator, EXPORT, token, { code: 'c1', media_id: mediaId });
	expect(await status(jobid)).toEqual({ errcode: 0, errmsg: 'ok', status: 1 });
	now += 5000;
	expect(await status(jobid)).toEqual({ errcode: 0, errmsg: 'ok', status: 2 });
	now += 5000;
	const done = await status(jobid);
	expect(done).toEqual({
		errcode: 0,
		errmsg: 'ok',
		status: 3,
		result_id: expect.any(String),
		result_errcode: 0,
		result_errmsg: 'ok',
	});
	expect(await status(jobid)).toEqual(done);
	expect(await status('other')).toMatchObject({ errcode: 40088 });
});

test('msgaudit_export_finish tells once which job is done', async () => {
	const endpoint = new Endpoint();
	await start({ exportSeconds: 0.2, callbackUrl: await endpoint.listen() });
	const jobs: unknown[] = [];
	for (const code of ['c1', 'c2']) {
		jobs.push((await call(simulator, EXPORT, token, { code, media_id: mediaId })).jobid);
	}
	expect(simulator.callbacksSent).toEqual([]);
	while (simulator.callbacksSent.length < 2)
		await new Promise((resolve) => setTimeout(resolve, 20));
	await status(jobs[0]);
	await simulator.settled();
	expect(simulator.callbacksSent.map(({ event, ok }) => [event, ok])).toEqual([
		['msgaudit_export_finish', true],
		['msgaudit_export_finish', true],
	]);
	for (const [index, { plaintext }] of simulator.callbacksSent.entries()) {
		expect(plaintext).toContain(`<JobId><![CDATA[${String(jobs[index])}]]></JobId>`);
	}
	await endpoint.close();
});

test('nothing finishes after stop', async () => {
	const endpoint = new Endpoint();
	await start({ exportSeconds: 0.1, callbackUrl: await endpoint.listen() });
	await call(simulator, EXPORT, token, { code: 'c1', media_id: mediaId });
	await simulator.stop();
	await new Promise((resolve) => setTimeout(resolve, 250));
	expect(endpoint.received).toEqual([]);
	await endpoint.close();
});

test('refuses a used code, an unknown or old file, and bad fields', async () => {
	await start({ now: () => now });
	const refusalOf = (body: object) =>
		refusal(simulator, EXPORT, token, { code: 'c1', media_id: mediaId, ...body });
	expect(await refusalOf({ media_id: 'm_1' })).toEqual([
		40007,
		expect.stringContaining('media_id'),
	]);
	expect((await refusalOf({}))[0]).toBe(0);
	expect(await refusalOf({})).toEqual([40029, expect.stringContaining('code')]);
	expect((await refusalOf({ code: 'c2' }))[0]).toBe(0);
	now += 3 * 86_400_000 + 1000;
	token = await getToken(simulator);
	expect((await refusalOf({ code: 'c3' }))[0]).toBe(40145);
	for (const [errcode, field, body] of [
		[40063, 'code', { code: undefined }],
		[40058, 'code', { code: '' }],
		[40063, 'media_id', { media_id: undefined }],
		[40058, 'media_id', { media_id: 7 }],
		[40058, 'file', { file: 'x' }],
	] as const) {
		expect(await refusalOf(body)).toEqual([errcode, expect.stringContaining(field)]);
	}
});
