import { DataDeduplicationService } from 'n8n-core';
import type { IDataObject, IRun } from 'n8n-workflow';

import {
	credentialsFor,
	type Contract,
	type ProgramStyle,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
import { Engine } from '../engine/harness';
import { startBench, type Bench } from '../engine/support';
import { json, startServer, type TestServer } from '../unit/support/server';
import { MemoryDataTables } from './dataTables';
import { MemoryDeduplicator } from './deduplicator';

const ready = DataDeduplicationService.init(new MemoryDeduplicator());

/** What an example is tested on. */
export type ExampleBench = Bench & { dataTables: MemoryDataTables };

/** A simulated WeCom, and an engine that also has n8n's own nodes and data tables. */
export async function startExampleBench(
	options: SimulatorOptions = {},
	contract?: Contract,
	style?: ProgramStyle,
): Promise<ExampleBench> {
	await ready;
	const bench = await startBench(options);
	const dataTables = new MemoryDataTables();
	const credentials = credentialsOf(bench.wecom, contract, style);
	const engine = await Engine.load(credentials, { withN8n: true, dataTables });
	return { ...bench, engine, dataTables };
}

/** Credentials that reach a simulator by a contract, its program in that style. */
function credentialsOf(
	wecom: Simulator,
	contract?: Contract,
	style: ProgramStyle = 'java',
): Engine['credentials'] {
	const { wecomDataApi, wecomCallbackApi } = credentialsFor(wecom, contract);
	const { receiveIds } = wecomCallbackApi;
	return {
		wecomDataApi: { ...wecomDataApi, programId: wecom.programs[style], programStyle: style },
		wecomCallbackApi: { ...wecomCallbackApi, receiveIds: `${receiveIds},${wecom.provider.corpId}` },
	};
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

/** What a language model would do next. */
interface Step {
	tool: string;
	input: object;
}

interface ChatRequest {
	model: string;
	messages: Array<{ role: string; content: string }>;
	tools: Array<{ function: { name: string; description: string } }>;
}

/**
 * Stands where a language model with an OpenAI-compatible API stands: calls one tool after the
 * other, then says that this was all.
 */
export async function startLanguageModel(steps: Step[]) {
	const server = await startServer(({ body }, response) => {
		const { messages, model } = JSON.parse(body) as ChatRequest;
		const step = steps[messages.filter(({ role }) => role === 'tool').length];
		const call = step && {
			id: `call_${step.tool}`,
			type: 'function',
			function: { name: step.tool, arguments: JSON.stringify(step.input) },
		};
		const message = call
			? { role: 'assistant', content: null, tool_calls: [call] }
			: { role: 'assistant', content: 'That is all.' };
		response.setHeader('Content-Type', 'application/json');
		response.end(
			JSON.stringify({
				id: 'answer',
				object: 'chat.completion',
				created: 0,
				model,
				choices: [{ index: 0, message, finish_reason: call ? 'tool_calls' : 'stop' }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			}),
		);
	});
	const last = () => JSON.parse(server.requests.at(-1)?.body ?? '{}') as ChatRequest;
	return {
		url: server.url,
		/** What the model was told about its tools. */
		tools: () => last().tools.map((tool) => tool.function),
		/** What the tools answered, in the order of the steps. */
		toolAnswers: () =>
			last()
				.messages.filter(({ role }) => role === 'tool')
				.map(({ content }) => JSON.parse(content) as unknown),
	};
}
