import type { INodeProperties } from 'n8n-workflow';

import type { ZoneProgram } from '../../wecom/api/carriers/carrier';
import { checkStyle } from '../../wecom/api/carriers/program';
import { id, optional, parseInput } from '../../wecom/api/fields';
import { compact } from './values';

/** Fields in Options that choose another program in the data zone than that of the credential. */
export const zoneProgramFields: INodeProperties[] = [
	{
		displayName: 'Program ID',
		name: 'programId',
		type: 'string',
		default: '',
		placeholder: 'e.g. progVpAAAAbmAAAC',
		description: 'Another program than that of the credential',
	},
	{
		displayName: 'Program Style',
		name: 'programStyle',
		type: 'options',
		options: [
			{ name: 'Java or C++', value: 'java' },
			{ name: 'Python', value: 'python' },
		],
		default: 'java',
		description: 'Which sample of Tencent that other program was made from',
	},
];

const PROGRAM_ID = optional(id());

/**
 * The program in Options; what it leaves out is as the credential has it.
 *
 * @throws InvalidInputError when one of the two fields cannot be used
 */
export function readZoneProgram({
	programId,
	programStyle: style,
}: {
	programId?: unknown;
	programStyle?: unknown;
}): Partial<ZoneProgram> {
	if (style !== undefined) checkStyle(style);
	return compact({ programId: parseInput(PROGRAM_ID, programId, 'program_id'), style });
}
