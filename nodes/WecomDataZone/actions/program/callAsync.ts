import { startProgramTask } from '../../../../wecom/api/programs';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { programNotice } from '../zoneFields';
import { programCallFields, programCallOf } from './programFields';

/** Starts a program. Tree 2.1 of the reference document, platform document 101357. */
export const callAsync: Action = {
	option: {
		name: 'Call Asynchronously',
		value: 'callAsync',
		action: 'Start a program and do not wait',
		description: 'Start a program in the data zone; its jobid leads to the result later',
	},
	api: startProgramTask,
	fields: [programNotice, ...programCallFields, optionsOf(requestTimeoutField)],

	async run(item) {
		const call = await programCallOf(item);
		const { jobid } = await item.call(startProgramTask, call);
		return { ability_id: call.ability_id, jobid };
	},
};
