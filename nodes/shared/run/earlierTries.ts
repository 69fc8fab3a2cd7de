import type { IExecuteFunctions, INodeExecutionData, NodeExecutionHint } from 'n8n-workflow';

import type { OutcomeUnknownError } from '../../../wecom/errors';
import { nodeKey } from '../n8nInternals';
import type { BatchLease } from '../position/position';

/** What came of an input item. */
export type Outcome = { output: INodeExecutionData[] } | { unknown: OutcomeUnknownError };

/** What the tries of one run of a node brought. */
export interface Tries {
	/** By the number of the input item; of those that failed, only where a repetition does harm. */
	readonly outcomes: Map<number, Outcome>;
	/** By the number of the input item: messages that are gone for others. */
	readonly leases: Map<number, BatchLease>;
	/** Messages above the output, which n8n takes from the last try alone. */
	readonly hints: Map<string, NodeExecutionHint['type']>;
}

type ByNode = Map<string, Tries>;

/**
 * By what n8n runs the node with, and by the first input item: both are the same objects in every
 * try, and gone with the run. The tools of an agent all run with what the agent runs with; their
 * input is made for each call.
 */
const known = new WeakMap<object, WeakMap<object, ByNode>>();

/**
 * What earlier tries of this run brought. n8n's Retry On Fail runs a node again with all its items
 * when one of them failed, and also when its first output item has a field `error`: what was paid
 * would be paid again, what was pulled would be behind the position already.
 *
 * @returns empty in the first try
 */
export function earlierTries(execution: IExecuteFunctions): Tries {
	const none: Tries = { outcomes: new Map(), leases: new Map(), hints: new Map() };
	const run = execution.getExecuteData() as object | undefined;
	const [first] = execution.getInputData();
	const { retryOnFail } = execution.getNode();
	const key = nodeKey(execution);
	if (!retryOnFail || !run || !first) return none;
	const byInput = known.get(run) ?? new WeakMap<object, ByNode>();
	known.set(run, byInput);
	const byNode = byInput.get(first.json) ?? new Map<string, Tries>();
	byInput.set(first.json, byNode);
	const tries = byNode.get(key) ?? none;
	byNode.set(key, tries);
	return tries;
}

/** Whether n8n takes this output for a failure, and may run the node again. */
export function mayTryAgain(
	execution: IExecuteFunctions,
	[first]: readonly INodeExecutionData[],
): boolean {
	return execution.getNode().retryOnFail === true && first?.json.error !== undefined;
}
