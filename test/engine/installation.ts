import { setTimeout } from 'node:timers/promises';

import { ExecutionLifecycleHooks } from 'n8n-core';
import type { IDataObject, INode, IWorkflowBase, Workflow } from 'n8n-workflow';

import type { Engine } from './harness';
import type { Bench } from './support';

const ARCHIVE = 'wecomChatArchive';
let installations = 0;

/**
 * An n8n with one workflow: Start, a node that remembers its position, and behind it one that lists
 * members. Its database has the static data, of which each execution gets a copy.
 */
export class Installation {
	private process = 1;
	private readonly name = `installation ${++installations}`;
	saved: IDataObject = {};

	constructor(
		private readonly bench: Bench,
		private readonly nodes: INode[],
	) {}

	/** A process that knows nothing but what is in the database. */
	restart(): void {
		this.process++;
	}

	/** A workflow as an execution, or a trigger, gets it. */
	workflow(): Workflow {
		const { engine } = this.bench;
		const behind = engine.nodeJson(
			'wecomDataZone',
			{ resource: 'member', operation: 'getAll', returnAll: true, options: {} },
			{ id: 'behind', name: 'Behind' },
		);
		const start = engine.singleNodeWorkflow(ARCHIVE, {}).getNode('Start') as INode;
		const [first] = this.nodes;
		return engine.workflow({
			// What a process knows it knows by the id of the workflow.
			id: `${this.name}, process ${this.process}`,
			nodes: [start, ...this.nodes, behind],
			connections: {
				Start: {
					main: [this.nodes.map(({ name }) => ({ node: name, type: 'main' as const, index: 0 }))],
				},
				...(first
					? { [first.name]: { main: [[{ node: 'Behind', type: 'main' as const, index: 0 }]] } }
					: {}),
			},
			staticData: structuredClone(this.saved),
		});
	}

	/** Starts an execution. */
	start(
		items: IDataObject[] = [{}],
		mode: Parameters<Engine['run']>[3] = 'trigger',
		more: Parameters<Engine['run']>[4] = {},
		first = 'Start',
	) {
		const workflow = this.workflow();
		const hooks = new ExecutionLifecycleHooks(
			mode ?? 'trigger',
			'1',
			workflow as unknown as IWorkflowBase,
		);
		// As n8n's own, which come before those that nodes add.
		hooks.addHandler('workflowExecuteAfter', async (_run, staticData) => {
			await setTimeout(5);
			if (staticData) this.saved = JSON.parse(JSON.stringify(staticData)) as IDataObject;
		});
		const given = items.map((json) => ({ json }));
		return this.bench.engine.run(workflow, first, given, mode, { hooks, ...more });
	}
}

/** What the items have in a field that came out of a node. */
export function outputOf(
	{ data }: Awaited<ReturnType<Engine['run']>>,
	node: string,
	field = 'seq',
): unknown[] {
	const output = data.resultData.runData[node]?.[0]?.data?.main?.[0] ?? [];
	return output.map(({ json }) => json[field]);
}
