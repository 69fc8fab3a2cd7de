import { getExportStatus } from '../../../../wecom/api/exports';
import { lookUpErrcode } from '../../../../wecom/errcodes';
import { longRequestTimeoutField, noticeField, optionsOf } from '../../../shared/fields';
import { inMenuWords } from '../../../shared/menuWords';
import type { Action } from '../../../shared/run/action';

/** status by its number. Source: document 99838. */
const STATUSES: Readonly<Partial<Record<number, string>>> = {
	1: 'waiting',
	2: 'running',
	3: 'done',
};

/** How far an export is. Platform document 99838. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get the status of an export',
		description: 'Find out whether an export is done, and its result',
	},
	api: getExportStatus,
	fields: [
		noticeField(
			'programNotice',
			'The status is asked for through your program in the data zone (Program ID and Program Style of the credential). Without a program wait for the event Export Finished.',
		),
		{
			displayName: 'Job ID',
			name: 'jobId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. job_5f2c9a',
			description: 'The jobid that Export → Create returned; the event carries it as JobId',
		},
		optionsOf(longRequestTimeoutField(60)),
	],

	async run(item) {
		const jobid = item.text('jobId');
		const status = await item.call(getExportStatus, { jobid });
		const { result_errcode: code = 0, result_errmsg: words } = status;
		if (code !== 0) {
			const what = `The export ${jobid} is done without a result: errcode ${code}, ${words ?? 'no errmsg'}.`;
			const { hint } = lookUpErrcode(code);
			item.notices.warn(hint === undefined ? what : `${what} ${inMenuWords(hint)}`);
		}
		return { jobid, ...status, status_name: STATUSES[status.status ?? 0] ?? null };
	},
};
