import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { CancelledError, InvalidInputError, OutcomeUnknownError } from '../../../wecom/errors';
import { TimeBudget } from '../../../wecom/timeBudget';
import type { Action, Resource } from './action';
import { Connections } from './connections';
import { earlierTries, mayTryAgain, type Taken, type Tries } from './earlierTries';
import { Item, type RunContext } from './item';
import { toFailedJson, toNodeError } from './nodeErrors';
import { Notices } from './notices';

/**
 * Runs the chosen operation for every input item. A failing item stops the node, or becomes an item
 * with `error` when the user chose to continue. A node that stops gives back what it took for items
 * nobody gets; one that n8n tries again runs only the items that came to nothing.
 */
export async function run(
	execution: IExecuteFunctions,
	resources: Resource[],
): Promise<INodeExecutionData[][]> {
	const actions = new Map<string, Action>(
		resources.flatMap((resource) =>
			resource.actions.map((action) => [`${resource.value}:${action.option.value}`, action]),
		),
	);
	const tries = earlierTries(execution);
	const notices = new Notices(execution, tries.hints);
	const connections = new Connections(execution, notices.onStateUnavailable);
	const context: RunContext = { execution, connections, notices, budget: new TimeBudget(), tries };
	const output: INodeExecutionData[] = [];
	try {
		do {
			output.length = 0;
			for (let item = 0; item < execution.getInputData().length; item++) {
				for (const json of await runItem(context, actions, item)) output.push(json);
			}
		} while (await returnLapsed(tries));
		// n8n no longer wants it. What was done is no less done for that, and is not called cancelled.
		if (execution.getExecutionCancelSignal()?.aborted && tries.taken.size > 0)
			throw toNodeError(execution.getNode(), new CancelledError(), 0);
		if (!mayTryAgain(execution, output)) {
			for (const taken of tries.taken.values()) taken.handOn();
		}
	} catch (error) {
		await giveBack(tries);
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- runItem has wrapped it
	}
	return [output];
}

async function giveBack({ taken, outcomes }: Tries): Promise<void> {
	for (const [item, { giveBack: returnIt }] of taken) {
		taken.delete(item);
		outcomes.delete(item);
		await returnIt();
	}
}

/**
 * Gives back what others may have got while this process stood still.
 *
 * @returns whether there was any: its items have to be run again
 */
async function returnLapsed({ taken, outcomes }: Tries): Promise<boolean> {
	const lapsed = new Map<number, Taken>();
	for (const [item, one] of taken) {
		if (!(await one.isHeld())) lapsed.set(item, one);
	}
	for (const [item, { giveBack: returnIt }] of lapsed) {
		taken.delete(item);
		outcomes.delete(item);
		await returnIt();
	}
	return lapsed.size > 0;
}

function actionOf(item: Item, actions: Map<string, Action>): Action {
	const name = `${item.param('resource')}:${item.param('operation')}`;
	const action = actions.get(name);
	if (action) return action;
	throw new InvalidInputError(
		'Operation',
		`There is no operation "${name}"`,
		'Choose a resource and an operation from the lists.',
	);
}

async function runItem(
	context: RunContext,
	actions: Map<string, Action>,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const { execution, tries } = context;
	const { constructExecutionMetaData, returnJsonArray } = execution.helpers;
	const earlier = tries.outcomes.get(itemIndex);
	const item = new Item(context, itemIndex);
	try {
		if (earlier && 'unknown' in earlier) throw earlier.unknown;
		if (earlier) return earlier.output;
		const json = returnJsonArray(await actionOf(item, actions).run(item));
		const output = constructExecutionMetaData(json, { itemData: { item: itemIndex } });
		tries.outcomes.set(itemIndex, { output });
		return output;
	} catch (error) {
		if (error instanceof OutcomeUnknownError) tries.outcomes.set(itemIndex, { unknown: error });
		const cancelled = item.signal?.aborted ?? false;
		// n8n has not waited for it, and shows nothing but that it was stopped.
		if (cancelled && error instanceof OutcomeUnknownError) {
			execution.logger.warn(`${execution.getNode().name}: ${error.message}. ${error.hint}`);
		}
		if (execution.continueOnFail() && !cancelled) {
			const { onError } = execution.getNode();
			return [{ json: toFailedJson(error, onError), pairedItem: { item: itemIndex } }];
		}
		throw toNodeError(execution.getNode(), error, itemIndex);
	}
}
