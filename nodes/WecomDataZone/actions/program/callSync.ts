import type { IDataObject } from 'n8n-workflow';

import { syncCallProgram } from '../../../../wecom/api/programs';
import { longRequestTimeoutField, optionsOf } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { compact } from '../../../shared/values';
import { programNotice } from '../zoneFields';
import { programCallFields, programCallOf } from './programFields';

/** Calls a program and waits. Tree 2.1 of the reference document, platform document 101356. */
export const callSync: Action = {
	option: {
		name: 'Call',
		value: 'callSync',
		action: 'Call a program and wait for its answer',
		description: 'Call a program in the data zone and get its answer at once',
	},
	api: syncCallProgram,
	fields: [
		programNotice,
		...programCallFields,
		optionsOf(
			{
				displayName: 'Notify ID',
				name: 'notifyId',
				type: 'string',
				default: '',
				placeholder: 'e.g. CAEQ2fbBvAYY',
				description:
					'NotifyId of a program_notify callback, good for 10 minutes; for fetching the data the program stored with it',
			},
			longRequestTimeoutField(60),
		),
	],

	async run(item) {
		const { notifyId } = item.options<{ notifyId: string }>();
		const call = await programCallOf(item);
		const input = { ...call, ...compact({ notify_id: notifyId }) };
		const { response_data } = await item.call(syncCallProgram, input);
		return { ability_id: call.ability_id, response_data } as IDataObject;
	},
};
