import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject, INode } from 'n8n-workflow';

import type { WorkflowJson } from '../engine/harness';

/** The shipped workflows. */
export const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** Their names. */
export const EXAMPLE_FILES = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));

/** Those for the archive of one's own corp, which save files. */
export const ARCHIVE_EXAMPLES: readonly string[] = [
	'archive-files.json',
	'nightly-media-export.json',
];

/** A shipped workflow. */
export type Example = WorkflowJson & { name: string };

/**
 * An example as it is imported.
 *
 * @param changes parameters by node, what its Read Me asks a person to fill in
 */
export function readExample(
	file: string,
	changes: Readonly<Record<string, IDataObject>> = {},
): Example {
	const text = readFileSync(join(EXAMPLES, file), 'utf8');
	const workflow = JSON.parse(text) as Example;
	for (const [name, parameters] of Object.entries(changes)) {
		const node = workflow.nodes.find((one: INode) => one.name === name);
		if (!node) throw new Error(`${file} has no node "${name}"`);
		Object.assign(node.parameters, parameters);
	}
	return workflow;
}

/** The webhook id of the WeCom Data Trigger of an example. */
export function hookIdOf(file: string): string {
	const isTrigger = ({ type }: INode) => type === 'n8n-nodes-wecom-data.wecomDataTrigger';
	return readExample(file).nodes.find(isTrigger)?.webhookId ?? '';
}
