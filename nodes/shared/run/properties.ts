import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { isCarriedByProgram, tokenKindsOf } from '../../../wecom/api/operation';
import { customerCorpFields } from '../customerCorp';
import { inOrder } from '../fields';
import { stateField } from '../state';
import { zoneProgramFields } from '../zoneProgram';
import type { Action, Resource } from './action';

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

/**
 * The operation's own fields; in Options beside them what its API takes: the corp per item where the
 * token of a corp is used, another program where one in the data zone carries the call.
 */
function fieldsOf({ api, fields }: Action): INodeProperties[] {
	if (!api) return fields;
	const added = [
		...(tokenKindsOf(api).includes('access_token') ? customerCorpFields : []),
		...(isCarriedByProgram(api) ? zoneProgramFields : []),
	];
	return fields.map((field) =>
		field.name === 'options' && added.length > 0
			? {
					...field,
					options: inOrder([...((field.options ?? []) as INodeProperties[]), ...added]),
				}
			: field,
	);
}
