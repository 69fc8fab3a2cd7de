import type { IExecuteFunctions, INodeExecutionData, NodeExecutionHint } from 'n8n-workflow';

import type { OutcomeUnknownError } from '../../wecom/errors';

/** What came of an input item. */
export type Outcome = { output: INodeExecutionData[] } | { unknown: OutcomeUnknownError };

/** What the tries of one run of a node brought. */
export interface Tries {
	/** By the number of the input item; of those that failed, only where a repetition does harm. */
	readonly outcomes: Map<number, Outcome>;
	/** Messages above the output, which n8n takes from the last try alone. */
	readonly hints: Map<string, NodeExecutionHint['type']>;
}

/** By what n8n runs the node with: the same object in every try, and gone with the run. */
const known = new WeakMap<object, Tries>();

/**
 * What earlier tries of this run brought. n8n's Retry On Fail runs a node again with all its items
 * when one of them failed, and also when its first output item has a field `error`: what was paid
 * would be paid again, what was pulled would be behind the position already.
 *
 * @returns empty in the first try
 */
export function earlierTries(execution: IExecuteFunctions): Tries {
	const none: Tries = { outcomes: new Map(), hints: new Map() };
	const run = execution.getExecuteData() as object | undefined;
	if (!execution.getNode().retryOnFail || !run) return none;
	const tries = known.get(run) ?? none;
	known.set(run, tries);
	return tries;
}
