import { getDebugMode } from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { wordFor } from '../../../shared/wordFor';
import { programIdField, programIdOf } from '../zoneFields';
import { debugNotice } from './debugFields';

/** debug_mode_status by its number. Source: document 100113. */
const STATUSES: Readonly<Partial<Record<number, string>>> = { 1: 'off', 2: 'on' };

/** Tells whether a program is in debug mode. Platform document 100113. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get the debug mode of a program',
		description: 'Find out whether the calls of a program go to your debug server',
	},
	api: getDebugMode,
	fields: [debugNotice, programIdField, optionsOf(requestTimeoutField)],

	async run(item) {
		const program_id = await programIdOf(item);
		const { debug_mode_status } = await item.call(getDebugMode, { program_id });
		return {
			program_id,
			debug_mode_status,
			debug_mode_status_name: wordFor(STATUSES, debug_mode_status),
		};
	},
};
