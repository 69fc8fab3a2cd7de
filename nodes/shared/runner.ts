import {
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import { CancelledError, InvalidInputError, OutcomeUnknownError } from '../../wecom/errors';
import { ActionContext, type Action, type Resource } from './action';
import { customerCorpFields } from './customerCorp';
import { earlierTries, mayTryAgain, type Taken, type Tries } from './earlierTries';
import { inOrder } from './fields';
import { sentencesOf } from './menuWords';
import { toFailedJson, toNodeError } from './nodeErrors';
import { stateField } from './state';

/* eslint-disable n8n-nodes-base/node-param-default-missing -- the defaults are the first entries, which the rule cannot see */

/** The Resource and Operation fields and all fields of all operations, from the operation files. */
export function toProperties(resources: Resource[]): INodeProperties[] {
	const byName = <T extends { name: string }>(entries: T[]) =>
		[...entries].sort((a, b) => a.name.localeCompare(b.name, 'en'));
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: byName(resources.map(({ name, value }) => ({ name, value }))),
			default: resources[0]?.value ?? '',
		},
		...resources.map(({ value, actions }): INodeProperties => ({
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [value] } },
			options: byName(actions.map(({ option }) => option)),
			default: actions[0]?.option.value ?? '',
		})),
		...resources.flatMap(({ value, actions }) =>
			actions.flatMap((action) =>
				updateDisplayOptions(
					{ show: { resource: [value], operation: [action.option.value] } },
					fieldsOf(action),
				),
			),
		),
		stateField,
	];
}

/** The operation's own fields; what is called with the token of a corp may name the corp per item. */
function fieldsOf({ api, fields }: Action): INodeProperties[] {
	if (api?.token !== 'access_token') return fields;
	return fields.map((field) =>
		field.name === 'options'
			? {
					...field,
					options: inOrder([
						...((field.options ?? []) as INodeProperties[]),
						...customerCorpFields,
					]),
				}
			: field,
	);
}

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
	const context = new ActionContext(execution, tries);
	const output: INodeExecutionData[] = [];
	try {
		do {
			output.length = 0;
			for (let item = 0; item < execution.getInputData().length; item++) {
				for (const json of await runItem(context, actions, item, tries)) output.push(json);
			}
		} while (await returnLapsed(tries));
		// n8n no longer wants it. What was done is no less done for that, and is not called cancelled.
		if (context.signal?.aborted && tries.taken.size > 0)
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

function actionOf(context: ActionContext, actions: Map<string, Action>, item: number): Action {
	const name = `${context.param('resource', item)}:${context.param('operation', item)}`;
	const action = actions.get(name);
	if (action) return action;
	throw new InvalidInputError(
		'Operation',
		`There is no operation "${name}"`,
		'Choose a resource and an operation from the lists.',
	);
}

async function runItem(
	context: ActionContext,
	actions: Map<string, Action>,
	item: number,
	{ outcomes }: Tries,
): Promise<INodeExecutionData[]> {
	const { execution } = context;
	const { constructExecutionMetaData, returnJsonArray } = execution.helpers;
	const earlier = outcomes.get(item);
	try {
		if (earlier && 'unknown' in earlier) throw earlier.unknown;
		if (earlier) return earlier.output;
		const json = returnJsonArray(await actionOf(context, actions, item).run(context, item));
		const output = constructExecutionMetaData(json, { itemData: { item } });
		outcomes.set(item, { output });
		return output;
	} catch (error) {
		if (error instanceof OutcomeUnknownError) outcomes.set(item, { unknown: error });
		const cancelled = context.signal?.aborted ?? false;
		// n8n has not waited for it, and shows nothing but that it was stopped.
		if (cancelled && error instanceof OutcomeUnknownError) {
			execution.logger.warn(`${execution.getNode().name}: ${sentencesOf(error)}`);
		}
		if (execution.continueOnFail() && !cancelled) {
			const { onError } = execution.getNode();
			return [{ json: toFailedJson(error, onError), pairedItem: { item } }];
		}
		throw toNodeError(execution.getNode(), error, item);
	}
}
