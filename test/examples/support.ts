import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject, INode, IRun } from 'n8n-workflow';

import type { SimulatorOptions } from '../../simulator';
import { Engine, type WorkflowJson } from '../engine/harness';
import { startBench, type Bench } from '../engine/support';
import { json, startServer, type TestServer } from '../unit/support/server';

/** The shipped workflows. */
export const EXAMPLES = join(__dirname, '..', '..', 'examples');

/**
 * An example as it is imported.
 *
 * @param changes parameters by node, what its Read Me asks a person to fill in
 */
export function readExample(
	file: string,
	changes: Readonly<Record<string, IDataObject>> = {},
): WorkflowJson & { name: string } {
	const text = readFileSync(join(EXAMPLES, file), 'utf8');
	const workflow = JSON.parse(text) as WorkflowJson & { name: string };
	for (const [name, parameters] of Object.entries(changes)) {
		const node = workflow.nodes.find((one: INode) => one.name === name);
		if (!node) throw new Error(`${file} has no node "${name}"`);
		Object.assign(node.parameters, parameters);
	}
	return workflow;
}

/** A simulated WeCom, and an engine that also has n8n's own nodes. */
export async function startExampleBench(options: SimulatorOptions = {}): Promise<Bench> {
	const bench = await startBench(options);
	return { ...bench, engine: await Engine.load(bench.engine.credentials, { withN8n: true }) };
}

/** Stands where a group robot of WeCom stands, and takes what it is told. */
export async function startRobot(): Promise<TestServer & { said(): string[] }> {
	const server = await startServer(json({ errcode: 0, errmsg: 'ok' }));
	const said = () =>
		server.requests.map(
			({ body }) => (JSON.parse(body) as { markdown: { content: string } }).markdown.content,
		);
	return Object.assign(server, { said });
}

/**
 * What came out of a node, all its runs together.
 *
 * @throws the error of the run, when it stopped
 */
export function outputOf(run: IRun, node: string): IDataObject[] {
	const { error, runData } = run.data.resultData;
	if (error) throw error;
	return (runData[node] ?? []).flatMap(({ data }) =>
		(data?.main?.[0] ?? data?.ai_tool?.[0] ?? []).map((item) => item.json),
	);
}
