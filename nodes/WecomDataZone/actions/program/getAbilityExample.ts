import { ABILITY_FUNCTIONS, abilityExample } from '../../../../wecom/api/abilities';
import type { ProgramStyle } from '../../../../wecom/api/carriers/carrier';
import { toProgram } from '../../../shared/credentials';
import { noticeField, optionsOf } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { toList } from '../../../shared/values';
import { ABILITY_FUNCTION_OPTIONS } from './abilityFunctions';

/** What to register on a program, an item for each function. Platform documents 99811 and 101356. */
export const getAbilityExample: Action = {
	option: {
		name: 'Get Ability Example',
		value: 'getAbilityExample',
		action: 'Get ability examples to register',
		description:
			'Get the name and both examples of an ability as the console of the data zone takes them, without a call to WeCom',
	},
	fields: [
		noticeField(
			'exampleNotice',
			'Paste the name and both examples, whole, where an ability is registered on the program in the console: WeCom refuses every key that they lack (790016, 790014). Nothing is sent.',
		),
		{
			displayName: 'Functions',
			name: 'functions',
			type: 'multiOptions',
			options: ABILITY_FUNCTION_OPTIONS,
			default: [],
			description:
				'Functions of the zone to register; without a choice all that this package calls',
		},
		optionsOf({
			displayName: 'Program Style',
			name: 'programStyle',
			type: 'options',
			options: [
				{ name: 'Java or C++', value: 'java' },
				{ name: 'Python', value: 'python' },
			],
			default: 'java',
			description:
				'Which sample of Tencent the program was made from; without this option as in the credential',
		}),
	],

	async run(item) {
		const chosen = toList('functions', item.param('functions'));
		const style = await styleOf(item);
		return [...new Set(chosen.length > 0 ? chosen : ABILITY_FUNCTIONS)].map((func) => {
			const { ability_id, input, output } = abilityExample(func, style);
			return {
				function: func,
				ability_id,
				input_example: JSON.stringify(input),
				output_example: JSON.stringify(output),
			};
		});
	},
};

async function styleOf(item: Item): Promise<ProgramStyle> {
	const { programStyle } = item.options<{ programStyle: ProgramStyle }>();
	return programStyle ?? toProgram(await item.credential()).style;
}
