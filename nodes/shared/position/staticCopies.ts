import type { IDataObject } from 'n8n-workflow';

import { nodeKey, staticDataOf, type NodeContext } from '../n8nInternals';

type Fields = Map<string, IDataObject[string]>;

/** What this process knows of a workflow's static data, and who will write it. */
interface Known {
	/** By key of the node. */
	nodes: Map<string, { name: string; fields: Fields }>;
	/** Contexts of executions that run: n8n saves the copy of each when it ends. */
	running: Set<object>;
}

/**
 * By workflow. n8n gives every execution a copy of the static data of the whole workflow, and whoever
 * ends last writes all of his: what one has learned must be in the copies of all others.
 */
const known = new Map<string, Known>();

/** What has a copy of the static data. */
export type CopyContext = Pick<NodeContext, 'getNode' | 'getWorkflow'> & {
	getWorkflowStaticData(type: 'node'): IDataObject;
};

/**
 * Sets fields in the static data of a node: in this copy, in those of all executions that run, and in
 * those still to come. A field that is undefined is deleted.
 */
export function setInAllCopies(
	context: CopyContext,
	fields: Readonly<Record<string, IDataObject[string]>>,
): void {
	const { name } = context.getNode();
	const key = nodeKey(context);
	const { nodes, running } = ofWorkflow(context);
	const node = nodes.get(key) ?? { name, fields: new Map() as Fields };
	node.name = name;
	nodes.set(key, node);
	for (const [field, value] of Object.entries(fields)) {
		node.fields.set(field, value);
	}
	const changed: Fields = new Map(Object.entries(fields));
	write(context.getWorkflowStaticData('node'), changed);
	for (const execution of running) {
		const copy = staticDataOf(execution, name, key);
		if (copy) write(copy, changed);
	}
}

/** Brings all nodes of a copy to what this process knows, where n8n is about to save it. */
export function refreshCopy(context: CopyContext): void {
	for (const [key, { name, fields }] of ofWorkflow(context).nodes) {
		const copy = staticDataOf(context, name, key);
		if (copy) write(copy, fields);
	}
}

/** Keeps the copy of an execution as this process knows it, until {@link forgetCopy}. */
export function keepCopyFresh(context: CopyContext): void {
	ofWorkflow(context).running.add(context);
	refreshCopy(context);
}

/** The execution has ended, and its copy is saved. */
export function forgetCopy(context: CopyContext): void {
	ofWorkflow(context).running.delete(context);
}

function ofWorkflow(context: CopyContext): Known {
	const id = String(context.getWorkflow().id);
	const workflow = known.get(id) ?? { nodes: new Map(), running: new Set() };
	known.set(id, workflow);
	return workflow;
}

/** What is as it should be stays untouched: n8n saves whatever was written. */
function write(copy: IDataObject, fields: Fields): void {
	for (const [field, value] of fields) {
		if (JSON.stringify(copy[field]) === JSON.stringify(value)) continue;
		if (value === undefined) Reflect.deleteProperty(copy, field);
		else copy[field] = value;
	}
}
