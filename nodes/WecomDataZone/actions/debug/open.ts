import { openDebugMode } from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { programIdField, programIdOf } from '../zoneFields';
import { debugNotice } from './debugFields';

/** Sends the calls of a program to the debug server. Platform document 101391. */
export const open: Action = {
	option: {
		name: 'Open',
		value: 'open',
		action: 'Open the debug mode of a program',
		description: 'Send the calls of a program in the data zone to your debug server',
	},
	api: openDebugMode,
	fields: [
		debugNotice,
		programIdField,
		{
			displayName: 'Debug Token',
			name: 'debugToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'From the console of the data zone, good for three days. Take it from an expression: what is written here is saved with the workflow.',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const program_id = await programIdOf(item);
		await item.call(openDebugMode, { program_id, debug_token: item.text('debugToken') });
		return { success: true, program_id };
	},
};
