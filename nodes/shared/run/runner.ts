import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { CancelledError, InvalidInputError, OutcomeUnknownError } from '../../../wecom/errors';
import { TimeBudget } from '../../../wecom/timeBudget';
import { inParallel } from '../inParallel';
import { sentencesOf } from '../menuWords';
import type { BatchLease } from '../position/position';
import type { Action, Resource } from './action';
import { Connections } from './connections';
import { earlierTries, mayTryAgain, type Tries } from './earlierTries';
import { Item, type RunContext } from './item';
import { toFailedJson, toNodeError } from './nodeErrors';
import { Notices } from './notices';

/**
 * Runs the chosen operation for every input item, or for all that belong together at once. A failing
 * item stops the node, or becomes an item with `error` when the user chose to continue. A node that
 * stops nacks what it has leased for items nobody gets; one that n8n tries again runs only the items
 * that came to nothing.
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
			const groups = await groupsOf(context, actions);
			const outputs = await inParallel(
				groups,
				await atOnceOf(context, actions),
				async (group) => await runGroup(context, actions, group),
			);
			for (const items of outputs) for (const json of items) output.push(json);
		} while (await nackLapsed(tries));
		// n8n no longer wants it. What was done is no less done for that, and is not called cancelled.
		if (execution.getExecutionCancelSignal()?.aborted && tries.leases.size > 0)
			throw toNodeError(execution.getNode(), new CancelledError(), 0);
		if (!mayTryAgain(execution, output)) {
			for (const lease of tries.leases.values()) lease.deliver();
		}
	} catch (error) {
		await nackAll(tries);
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- runGroup has wrapped it
	}
	return [output];
}

async function nackAll({ leases, outcomes }: Tries): Promise<void> {
	for (const [item, lease] of leases) {
		leases.delete(item);
		outcomes.delete(item);
		await lease.nack();
	}
}

/**
 * Nacks what others may have got while this process stood still.
 *
 * @returns whether there was any: its items have to be run again
 */
async function nackLapsed({ leases, outcomes }: Tries): Promise<boolean> {
	const lapsed = new Map<number, BatchLease>();
	for (const [item, lease] of leases) {
		if (!(await lease.isHeld())) lapsed.set(item, lease);
	}
	for (const [item, lease] of lapsed) {
		leases.delete(item);
		outcomes.delete(item);
		await lease.nack();
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

/** Input items by their numbers, in the order of the first of each group; most are alone. */
type Group = readonly [first: number, ...others: number[]];

async function groupsOf(context: RunContext, actions: Map<string, Action>): Promise<Group[]> {
	const items = context.execution.getInputData();
	// Most nodes have no such operation, and to ask each item for its own takes time.
	const isAlone = [...actions.values()].every(({ together }) => together === undefined);
	if (isAlone) return items.map((_, index) => [index]);
	const groups: Array<[number, ...number[]]> = [];
	const byKey = new Map<string, [number, ...number[]]>();
	for (const index of items.keys()) {
		const key = keyOf(new Item(context, index), actions);
		const known = key === undefined ? undefined : byKey.get(key);
		if (known) known.push(index);
		else {
			const group: [number, ...number[]] = [index];
			groups.push(group);
			if (key !== undefined) byKey.set(key, group);
		}
		if (context.budget.spent) await context.budget.renew();
	}
	return groups;
}

function keyOf(item: Item, actions: Map<string, Action>): string | undefined {
	try {
		return actionOf(item, actions).together?.(item);
	} catch {
		// What is wrong with an item is told when it is run, as its own failure.
		return undefined;
	}
}

async function atOnceOf(context: RunContext, actions: Map<string, Action>): Promise<number> {
	const first = new Item(context, 0);
	try {
		return (await actionOf(first, actions).atOnce?.(first)) ?? 1;
	} catch {
		return 1; // as above
	}
}

async function runGroup(
	context: RunContext,
	actions: Map<string, Action>,
	group: Group,
): Promise<INodeExecutionData[]> {
	const { execution, tries } = context;
	const { constructExecutionMetaData, returnJsonArray } = execution.helpers;
	const [itemIndex, ...others] = group;
	const pairedItem = others.length === 0 ? { item: itemIndex } : group.map((item) => ({ item }));
	const earlier = tries.outcomes.get(itemIndex);
	const items = group.map((index) => new Item(context, index));
	const [item = new Item(context, itemIndex)] = items;
	try {
		if (earlier && 'unknown' in earlier) throw earlier.unknown;
		if (earlier) return earlier.output;
		const json = returnJsonArray(await actionOf(item, actions).run(item, items));
		const output = constructExecutionMetaData(json, { itemData: pairedItem });
		tries.outcomes.set(itemIndex, { output });
		return output;
	} catch (error) {
		if (error instanceof OutcomeUnknownError) tries.outcomes.set(itemIndex, { unknown: error });
		const cancelled = item.signal?.aborted ?? false;
		// n8n has not waited for it, and shows nothing but that it was stopped.
		if (cancelled && error instanceof OutcomeUnknownError) {
			execution.logger.warn(`${execution.getNode().name}: ${sentencesOf(error)}`);
		}
		if (execution.continueOnFail() && !cancelled) {
			const { onError } = execution.getNode();
			return [{ json: toFailedJson(error, onError), pairedItem }];
		}
		throw toNodeError(execution.getNode(), error, itemIndex);
	}
}
