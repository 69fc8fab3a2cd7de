import type { IDataObject } from 'n8n-workflow';

import { parseInput, wholeNumber } from '../../../../wecom/api/fields';
import { getProgramResult } from '../../../../wecom/api/programs';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { programNotice } from '../zoneFields';

const MAX_WAIT_SECONDS = 3600;

/** What a started program reported. Tree 2.1 of the reference document, platform document 101357. */
export const getAsyncResult: Action = {
	option: {
		name: 'Get Asynchronous Result',
		value: 'getAsyncResult',
		action: 'Get the result of a started program',
		description: 'Get what a program reported that was called asynchronously',
	},
	api: getProgramResult,
	fields: [
		programNotice,
		{
			displayName: 'Job ID',
			name: 'jobId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. job_5f2c9a',
			description: 'The jobid that Program → Call Asynchronously returned',
		},
		optionsOf(
			{
				displayName: 'Wait (Seconds)',
				name: 'waitSeconds',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: MAX_WAIT_SECONDS, numberPrecision: 0 },
				default: 60,
				description:
					'How long to ask again while the program is running. Without this option the node asks once and stops with errcode 790023 when there is no result yet.',
			},
			requestTimeoutField,
		),
	],

	async run(item) {
		const jobid = item.text('jobId');
		const { waitSeconds } = item.options<{ waitSeconds: number }>();
		const seconds = parseInput(
			wholeNumber(0, MAX_WAIT_SECONDS),
			waitSeconds ?? 0,
			'Wait (Seconds)',
		);
		const options = { waitMs: seconds * 1000 };
		const { response_data } = await item.call(getProgramResult, { jobid }, options);
		return { jobid, response_data } as IDataObject;
	},
};
