import {
	NodeOperationError,
	updateDisplayOptions,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import { ActionContext, type Action, type Resource } from './action';
import { customerCorpFields } from './customerCorp';
import { inOrder } from './fields';
import { toErrorJson, toNodeError } from './nodeErrors';
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
 * with `error` when the user chose to continue.
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
	const context = new ActionContext(execution);
	const output: INodeExecutionData[] = [];
	for (let item = 0; item < execution.getInputData().length; item++) {
		const name = `${context.param('resource', item)}:${context.param('operation', item)}`;
		const action = actions.get(name);
		if (!action) {
			throw new NodeOperationError(execution.getNode(), `There is no operation "${name}"`, {
				itemIndex: item,
				description: 'Choose a resource and an operation from the lists.',
			});
		}
		for (const json of await runItem(context, action, item)) output.push(json);
	}
	return [output];
}

async function runItem(
	context: ActionContext,
	action: Action,
	item: number,
): Promise<INodeExecutionData[]> {
	const { execution } = context;
	const { constructExecutionMetaData, returnJsonArray } = execution.helpers;
	try {
		const json = returnJsonArray(await action.run(context, item));
		return constructExecutionMetaData(json, { itemData: { item } });
	} catch (error) {
		const cancelled = context.signal?.aborted ?? false;
		if (execution.continueOnFail() && !cancelled) {
			return [{ json: toErrorJson(error), pairedItem: { item } }];
		}
		throw toNodeError(execution.getNode(), error, item);
	}
}
