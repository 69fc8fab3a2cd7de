import type { INodeProperties } from 'n8n-workflow';

import type { CallOptions } from '../../../../wecom/api/client';
import { optional, parseInput, wholeNumber } from '../../../../wecom/api/fields';
import type { Item } from '../../../shared/run/item';

const WAIT_SECONDS = 600;
const MAX_WAIT_SECONDS = 3600;
const MAX_CHECK_SECONDS = 300;

/** How long to wait for jobs, and how often to ask. */
export const waitFields: INodeProperties[] = [
	{
		displayName: 'Check Every (Seconds)',
		name: 'checkSeconds',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_CHECK_SECONDS, numberPrecision: 0 },
		default: 10,
		description:
			'Pause between two questions about a job. Without this option it grows from half a second to 15 seconds.',
	},
	{
		displayName: 'Wait (Seconds)',
		name: 'waitSeconds',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_WAIT_SECONDS, numberPrecision: 0 },
		default: WAIT_SECONDS,
		description:
			'How long to wait for the result. With 0 the node gives the IDs of the jobs at once, for Model → Get Result.',
	},
];

/** What {@link waitFields} say, as the client takes it. */
export type Waiting = Required<Pick<CallOptions, 'waitMs'>> & Pick<CallOptions, 'intervalMs'>;

/**
 * Reads {@link waitFields}.
 *
 * @throws InvalidInputError naming the field
 */
export function readWaiting(item: Item): Waiting {
	const { waitSeconds, checkSeconds } = item.options<Record<string, unknown>>();
	const wait = parseInput(
		optional(wholeNumber(0, MAX_WAIT_SECONDS)),
		waitSeconds,
		'Wait (Seconds)',
	);
	const check = parseInput(
		optional(wholeNumber(1, MAX_CHECK_SECONDS)),
		checkSeconds,
		'Check Every (Seconds)',
	);
	return {
		waitMs: (wait ?? WAIT_SECONDS) * 1000,
		...(check === undefined ? {} : { intervalMs: check * 1000 }),
	};
}
