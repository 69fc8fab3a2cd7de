import { setLogLevel } from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { wordFor } from '../../../shared/wordFor';
import { programIdField, programIdOf, programNotice } from '../zoneFields';
import { LOG_LEVELS } from './logLevels';

/** How much a program logs. Reference document 3, platform document 101352. */
export const setLevel: Action = {
	option: {
		name: 'Set Level',
		value: 'setLevel',
		action: 'Set the log level of a program',
		description: 'Choose how much a program in the data zone writes into its log',
	},
	api: setLogLevel,
	fields: [
		programNotice,
		programIdField,
		{
			displayName: 'Log Level',
			name: 'logLevel',
			type: 'options',
			options: [
				{ name: 'DBG (3)', value: 3, description: 'Everything, for the search of a fault' },
				{ name: 'ERR (1)', value: 1, description: 'Only what went wrong' },
				{
					name: 'INFO (2)',
					value: 2,
					description: 'Errors and milestones; what WeCom starts with',
				},
			],
			default: 2,
			description: 'Up to which level lines are kept',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const programId = await programIdOf(item);
		const level = item.param<1 | 2 | 3>('logLevel');
		await item.call(setLogLevel, { program_id: programId, log_level: level });
		return {
			success: true,
			program_id: programId,
			log_level: Number(level),
			log_level_name: wordFor(LOG_LEVELS, level),
		};
	},
};
