import type { INodeProperties } from 'n8n-workflow';

import { optional, parseInput, wholeNumber } from '../../../../wecom/api/fields';
import { stringifyJson } from '../../../../wecom/json';
import { RecentAnswers } from '../../../../wecom/state/recentAnswers';
import type { Item } from '../../../shared/run/item';
import { fingerprintOf } from '../../../shared/run/madeOnce';

/** Kept in this process, for every node of the package. */
const recentAnswers = new RecentAnswers();

const REUSE_MINUTES = 10;
const MAX_REUSE_MINUTES = 1440;

/** Whether to give an answer of a moment ago again. */
export const reuseFields: INodeProperties[] = [
	{
		displayName: 'Reuse for (Minutes)',
		name: 'reuseForMinutes',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_REUSE_MINUTES, numberPrecision: 0 },
		default: REUSE_MINUTES,
		description: 'How old an answer may be that is used again. Only with Reuse Recent Answer.',
	},
	{
		displayName: 'Reuse Recent Answer',
		name: 'reuseRecentAnswer',
		type: 'boolean',
		default: false,
		description:
			'Whether to use the last answer again when this n8n process asked the same model about the same messages a few minutes ago. Calls are counted and paid.',
	},
];

/**
 * Calls a model, or gives its answer of a moment ago where {@link reuseFields} say so.
 *
 * @param describe what is asked; validates, so that a bad input finds no answer
 * @param call asks the model
 * @throws InvalidInputError naming the field, and whatever the two throw
 */
export async function askOrReuse<Answer>(
	item: Item,
	describe: () => Promise<unknown>,
	call: () => Promise<Answer>,
): Promise<{ answer: Answer; reused: boolean }> {
	const reuse = item.optionFlag('reuseRecentAnswer', 'Reuse Recent Answer');
	const minutes = parseInput(
		optional(wholeNumber(1, MAX_REUSE_MINUTES)),
		item.options<{ reuseForMinutes: unknown }>().reuseForMinutes,
		'Reuse for (Minutes)',
	);
	if (!reuse) return { answer: await call(), reused: false };
	const question = stringifyJson([
		fingerprintOf([await item.credential(), item.corp]),
		await describe(),
	]);
	return await recentAnswers.get(question, (minutes ?? REUSE_MINUTES) * 60_000, call);
}
