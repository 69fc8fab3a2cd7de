import type { INodeProperties } from 'n8n-workflow';

import type { ProgramStyle } from '../../../../wecom/api/carriers/carrier';
import { inStyle } from '../../../../wecom/api/carriers/program';
import { parseInput, text } from '../../../../wecom/api/fields';
import { InvalidInputError } from '../../../../wecom/errors';
import { isJsonObject, parseJsonWithBigints } from '../../../../wecom/json';
import { toProgram } from '../../../shared/credentials';
import type { Item } from '../../../shared/run/item';
import { toJson } from '../../../shared/values';
import { programIdField, programIdOf } from '../zoneFields';

const whenByFunction = { show: { callBy: ['function'] } };

/** Which program is called, and with what. {@link programCallOf} reads them. */
export const programCallFields: INodeProperties[] = [
	programIdField,
	{
		displayName: 'Call By',
		name: 'callBy',
		type: 'options',
		options: [
			{
				name: 'Ability ID',
				value: 'ability',
				description: 'An ability of your program, with the JSON its input protocol asks for',
			},
			{
				name: 'Function Name',
				value: 'function',
				description:
					'A function of the zone SDK that a program made from the samples of Tencent passes on',
			},
		],
		default: 'ability',
		description: 'How to say what the program shall do',
	},
	{
		displayName: 'Ability ID',
		name: 'abilityId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. invoke_search_chat',
		description: 'Ability configured for the program in the console of the data zone',
		displayOptions: { show: { callBy: ['ability'] } },
	},
	{
		displayName: 'Function Name',
		name: 'functionName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. search_chat',
		description:
			'Function of the zone SDK. The program must be registered with an ability for it: invoke_ and the name (Java or C++), input_ and the name (Python).',
		displayOptions: whenByFunction,
	},
	{
		displayName: 'Program Style',
		name: 'programStyle',
		type: 'options',
		options: [
			{ name: 'As in the Credential', value: 'credential' },
			{
				name: 'Java or C++',
				value: 'java',
				description: 'Ability "invoke_" and the function name, the request as it is',
			},
			{
				name: 'Python',
				value: 'python',
				description: 'The request inside "input", with "func" and "func_req"',
			},
		],
		default: 'credential',
		description: 'Which sample of Tencent the program was made from',
		displayOptions: whenByFunction,
	},
	{
		displayName: 'Request Data',
		name: 'requestData',
		type: 'json',
		default: '{}',
		required: true,
		placeholder: 'e.g. { "query_word": "报价", "limit": 50 }',
		description:
			'JSON object for the program, at most 1 MB. Keys and types have to fit the input example configured for the ability.',
	},
];

/** What the fields say, as the API wants it. */
export async function programCallOf(item: Item) {
	const request_data = toRequest(item.param('requestData'));
	const program_id = await programIdOf(item);
	if (item.param('callBy') === 'ability') {
		return { program_id, ability_id: item.text('abilityId'), request_data };
	}
	const style = item.param<ProgramStyle | 'credential'>('programStyle');
	const name = parseInput(text({ maxBytes: 128 }), item.param('functionName'), 'Function Name');
	return {
		program_id,
		...inStyle(
			style === 'credential' ? toProgram(await item.credential()).style : style,
			name,
			request_data,
		),
	};
}

/** Checked here, because a function of a Python program has its request inside another object. */
function toRequest(value: unknown): Record<string, unknown> {
	const request = toJson('request_data', value);
	if (isJsonObject(request)) {
		// docids are uint64 numbers: those that are written as such have to arrive as such.
		return typeof value === 'string' ? (parseJsonWithBigints(value) as typeof request) : request;
	}
	throw new InvalidInputError(
		'request_data',
		'"request_data" is no JSON object, expected one',
		'Write { } for a call that needs no values.',
	);
}
