import { closeDebugMode } from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { programIdField, programIdOf } from '../zoneFields';
import { debugNotice } from './debugFields';

/** Ends the debug mode of a program. Platform document 101392. */
export const close: Action = {
	option: {
		name: 'Close',
		value: 'close',
		action: 'Close the debug mode of a program',
		description: 'Send the calls of a program to its image in the data zone again',
	},
	api: closeDebugMode,
	fields: [debugNotice, programIdField, optionsOf(requestTimeoutField)],

	async run(item) {
		const program_id = await programIdOf(item);
		await item.call(closeDebugMode, { program_id });
		return { success: true, program_id };
	},
};
