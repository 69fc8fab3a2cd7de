import { getExportStatus } from '../../../wecom/api/exports';
import { InvalidInputError, WecomProgramError, WecomResponseError } from '../../../wecom/errors';
import { call, failedCall } from '../support/client';
import { closeServers, json } from '../support/server';

const JOB = { jobid: 'J' };

afterEach(closeServers);

describe('the status of an export', () => {
	it.each<['python' | 'java', string, string]>([
		[
			'python',
			'input_get_chatdata_export_job_status',
			'{"input":{"func":"get_chatdata_export_job_status","func_req":{"jobid":"J"}}}',
		],
		['java', 'invoke_get_chatdata_export_job_status', '{"jobid":"J"}'],
	])('is asked for in %s style', async (style, ability_id, request_data) => {
		const reply = json({ errcode: 0, response_data: '{"errcode":0,"status":2}' });
		const options = { program: { programId: 'P', style } };
		const { output, requests } = await call(getExportStatus, { jobid: ' J ' }, reply, options);
		expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
			program_id: 'P',
			ability_id,
			request_data,
		});
		expect(output).toMatchObject({ status: 2 });
	});

	it.each([
		['waiting', '{"status":1}', { status: 1 }],
		['done', '{"output":{"status":3,"result_id":"r"}}', { status: 3, result_id: 'r' }],
		[
			'done with trouble',
			'{"status":3,"result_errcode":710613,"result_errmsg":"e"}',
			{ status: 3, result_errcode: 710613, result_errmsg: 'e' },
		],
	])('is given when it is %s', async (_what, response_data, expected) => {
		const reply = json({ errcode: 0, response_data });
		expect((await call(getExportStatus, JOB, reply)).output).toEqual(expected);
	});

	it.each(['', '[]', '3'])(
		'is an error when the program answers %j, which is none',
		async (response_data) => {
			const reply = json({ errcode: 0, response_data });
			const { error, requests } = await failedCall(getExportStatus, JOB, reply);
			expect(error).toBeInstanceOf(WecomResponseError);
			expect(error.message).toContain('did not answer with the status of an export');
			expect(error.hint).toContain('style');
			expect(requests).toHaveLength(1);
		},
	);

	it('is an error when the program refuses', async () => {
		const reply = json({ errcode: 0, response_data: '{"errcode":710612,"errmsg":"no job"}' });
		const { error } = await failedCall(getExportStatus, JOB, reply);
		expect(error).toBeInstanceOf(WecomProgramError);
		expect(error).toMatchObject({ errcode: 710612, errmsg: 'no job' });
	});

	it('is asked for again when WeCom is busy', async () => {
		const { error, requests } = await failedCall(getExportStatus, JOB, json({ errcode: -1 }));
		expect(error).toMatchObject({ errcode: -1 });
		expect(requests).toHaveLength(4);
	});

	it.each<[string, object, string | undefined]>([
		['jobid', { jobid: '' }, 'P'],
		['program_id', JOB, undefined],
		['program_id', JOB, ' '],
		['program_id', JOB, 'x'.repeat(257)],
	])('needs a %s', async (field, input, programId) => {
		const options = { program: { programId, style: 'java' } as never };
		const { error, requests } = await failedCall(
			getExportStatus,
			input as never,
			json({}),
			options,
		);
		expect(error).toBeInstanceOf(InvalidInputError);
		expect(error).toMatchObject({ field });
		expect(requests).toHaveLength(0);
	});
});
