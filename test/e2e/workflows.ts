import { randomUUID } from 'node:crypto';

import type { IDataObject, INode, INodeCredentials } from 'n8n-workflow';

import manifest from '../../package.json';
import type { WorkflowJson } from '../engine/harness';

/** A node with its defaults; a type without a package is one of this package. */
export function nodeOf(
	name: string,
	type: string,
	parameters: IDataObject = {},
	credentials: INodeCredentials = {},
): INode {
	return {
		id: randomUUID(),
		name,
		type: type.includes('.') ? type : `${manifest.name}.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters as INode['parameters'],
		credentials,
	};
}

/** A workflow of these nodes, one behind the other. */
export function workflowOf(name: string, ...nodes: INode[]): WorkflowJson & { name: string } {
	const steps = nodes
		.slice(1)
		.map(({ name: next }, index) => [
			nodes[index]?.name ?? '',
			{ main: [[{ node: next, type: 'main', index: 0 }]] },
		]);
	return {
		name,
		nodes: nodes.map((node, index) => ({ ...node, position: [index * 220, 0] })),
		connections: Object.fromEntries(steps) as WorkflowJson['connections'],
	};
}
