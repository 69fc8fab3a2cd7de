import { getLogLevel } from '../../../../wecom/api/zone';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { wordFor } from '../../../shared/wordFor';
import { programIdField, programIdOf, programNotice } from '../zoneFields';
import { LOG_LEVELS } from './logLevels';

/** How much a program logs now. Platform document 101352. */
export const getLevel: Action = {
	option: {
		name: 'Get Level',
		value: 'getLevel',
		action: 'Get the log level of a program',
		description: 'Find out how much a program in the data zone writes into its log',
	},
	api: getLogLevel,
	fields: [programNotice, programIdField, optionsOf(requestTimeoutField)],

	async run(item) {
		const program_id = await programIdOf(item);
		const { log_level } = await item.call(getLogLevel, { program_id });
		return { program_id, log_level, log_level_name: wordFor(LOG_LEVELS, log_level) };
	},
};
