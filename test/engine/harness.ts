import 'reflect-metadata';

import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import express from 'express';
import {
	ExecutionLifecycleHooks,
	LazyPackageDirectoryLoader,
	PackageDirectoryLoader,
	PollContext,
	WebhookContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	ICredentialsHelper,
	NodeHelpers,
	Workflow,
	type DataTableProxyProvider,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type ICredentialsExpressionResolveValues,
	type IDataObject,
	type IExecuteData,
	type INode,
	type INodeCredentialsDetails,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeParameters,
	type INodeProperties,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IVersionedNodeType,
	type IWebhookData,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

// n8n-core would otherwise write an encryption key into the home folder.
process.env.N8N_ENCRYPTION_KEY ??= 'only for tests';
process.env.N8N_USER_FOLDER ??= join(
	tmpdir(),
	`wecom-data-n8n-of-worker-${process.env.JEST_WORKER_ID ?? '0'}`,
);
mkdirSync(process.env.N8N_USER_FOLDER, { recursive: true });
// What 2.x does by itself; 1.x prints a warning instead.
process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS ??= 'true';

/** The repository: the loader reads the built package through its package.json, as n8n does. */
const PACKAGE_DIRECTORY = join(__dirname, '..', '..');
/** Where n8n-core comes from; in the example tests that is a whole n8n. */
const n8nModules = join(dirname(require.resolve('n8n-core/package.json')), '..');
const START_NODE = 'wecom-test.start';

/** A workflow as n8n exports it. */
export type WorkflowJson = Pick<IWorkflowBase, 'nodes' | 'connections'> &
	Partial<Pick<IWorkflowBase, 'id' | 'name' | 'settings' | 'staticData'>>;

/** What an HTTP client of a webhook gets, and what it started. */
export interface WebhookOutcome {
	status: number;
	contentType: string | null;
	body: string;
}

class TestCredentials extends ICredentialsHelper {
	constructor(private readonly data: Record<string, ICredentialDataDecryptedObject>) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(): Promise<never> {
		return await Promise.reject(new Error('These nodes do not use authenticate'));
	}

	async preAuthentication(): Promise<undefined> {
		return await Promise.resolve(undefined);
	}

	async runPreAuthentication(): Promise<undefined> {
		return await Promise.resolve(undefined);
	}

	async getCredentials(): Promise<ICredentials> {
		return await Promise.reject(new Error('Credentials are handed over decrypted'));
	}

	/** Resolves expressions in it as n8n's own does (packages/cli, credentials-helper.ts). */
	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		_raw?: boolean,
		resolve?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const data = this.data[type];
		if (!data) throw new Error(`The test gave no credential of type ${type}`);
		if (!resolve) return await Promise.resolve(data);
		return resolve.workflow.expression.getParameterValue(
			data as INodeParameters,
			resolve.runExecutionData,
			resolve.runIndex,
			resolve.itemIndex,
			resolve.node.name,
			resolve.connectionInputData,
			mode,
			{},
			executeData,
			false,
			data,
		) as ICredentialDataDecryptedObject;
	}

	async updateCredentials(): Promise<void> {
		await Promise.resolve();
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		await Promise.resolve();
	}

	getCredentialsProperties(): INodeProperties[] {
		return [];
	}
}

/** Stands where n8n's Manual Trigger stands: hands on the items a test gives it. */
class StartNode implements INodeType {
	description = {
		displayName: 'Start',
		name: 'start',
		group: [],
		version: 1,
		description: '',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main' as const],
		properties: [],
	};

	async execute(this: { getInputData(): INodeExecutionData[] }): Promise<INodeExecutionData[][]> {
		return await Promise.resolve([this.getInputData()]);
	}
}

/**
 * n8n's real engine (n8n-core) around the built package: loads it as n8n does, runs workflow JSON
 * with credentials, serves webhooks over HTTP, polls.
 */
export class Engine {
	private constructor(
		private readonly loader: PackageDirectoryLoader,
		/** Decrypted credentials by type. */
		readonly credentials: Record<string, ICredentialDataDecryptedObject>,
		/** By name: n8n's own nodes. */
		private readonly others: ReadonlyMap<string, PackageDirectoryLoader> = new Map(),
		private readonly dataTables?: DataTableProxyProvider,
	) {}

	/**
	 * Loads the package from `dist/`; run the build first.
	 *
	 * @param options `withN8n` adds n8n's own nodes, those for AI included; `dataTables` is what its
	 * node Data Table works on
	 */
	static async load(
		credentials: Record<string, ICredentialDataDecryptedObject> = {},
		{
			withN8n = false,
			dataTables,
		}: { withN8n?: boolean; dataTables?: DataTableProxyProvider } = {},
	): Promise<Engine> {
		const loader = new PackageDirectoryLoader(PACKAGE_DIRECTORY);
		await loader.loadAll();
		const others = withN8n
			? await Promise.all(['n8n-nodes-base', '@n8n/n8n-nodes-langchain'].map(loadOther))
			: [];
		return new Engine(loader, credentials, new Map(others), dataTables);
	}

	/** Version of the n8n-core that runs it. */
	get coreVersion(): string {
		const file = join(n8nModules, 'n8n-core', 'package.json');
		return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
	}

	/** Names of the node types the package brings. */
	get nodeNames(): string[] {
		return Object.keys(this.loader.nodeTypes);
	}

	/** Names of the credential types the package brings. */
	get credentialNames(): string[] {
		return Object.keys(this.loader.credentialTypes);
	}

	/** A node type as the engine sees it. */
	nodeType(name: string): INodeType {
		return this.nodeTypes.getByNameAndVersion(`n8n-nodes-wecom-data.${name}`);
	}

	/** A workflow on this engine. Keep it between runs to keep its static data. */
	workflow(json: WorkflowJson): Workflow {
		return new Workflow({
			id: json.id ?? 'test',
			name: json.name ?? 'test',
			nodes: json.nodes,
			connections: json.connections,
			active: true,
			nodeTypes: this.nodeTypes,
			settings: json.settings ?? { executionOrder: 'v1', timezone: 'Asia/Shanghai' },
			staticData: (json.staticData as IDataObject | undefined) ?? {},
		});
	}

	/**
	 * Runs a workflow from a node, which gets the given items.
	 *
	 * @param more what n8n hands to the execution beyond what it always does
	 * @returns a promise that can be cancelled, as the Stop button does
	 */
	run(
		workflow: Workflow,
		startNode: string,
		items: INodeExecutionData[] = [{ json: {} }],
		mode: WorkflowExecuteMode = 'trigger',
		more: Partial<IWorkflowExecuteAdditionalData> = {},
	): ReturnType<WorkflowExecute['processRunExecutionData']> {
		const node = workflow.getNode(startNode);
		if (!node) throw new Error(`The workflow has no node "${startNode}"`);
		const additionalData = { ...this.additionalData(workflow, mode), ...more };
		const execution = new WorkflowExecute(
			additionalData,
			mode,
			createRunExecutionData({
				executionData: { nodeExecutionStack: [{ node, data: { main: [items] }, source: null }] },
			}),
		);
		return execution.processRunExecutionData(workflow);
	}

	/**
	 * Runs one node of the package on items.
	 *
	 * @returns its output items and hints; with `error` when it stopped
	 */
	async runNode(
		name: string,
		parameters: IDataObject,
		items: INodeExecutionData[] = [{ json: {} }],
		settings: Partial<INode> & { mode?: WorkflowExecuteMode; workflow?: Workflow } = {},
	) {
		const { mode, workflow: given, ...nodeSettings } = settings;
		const workflow =
			given ?? this.workflow(singleNode(this.nodeJson(name, parameters, nodeSettings)));
		const run = await this.run(workflow, 'Start', items, mode);
		const task = run.data.resultData.runData.Node?.[0];
		const output = task?.data?.main?.[0] ?? [];
		return {
			run,
			items: output,
			json: output.map((item) => item.json),
			hints: (task?.hints ?? []).map((hint) => hint.message),
			error: run.data.resultData.error,
		};
	}

	/** A workflow of a start node and one node of the package. */
	singleNodeWorkflow(
		name: string,
		parameters: IDataObject,
		staticData: IDataObject = {},
	): Workflow {
		return this.workflow({ ...singleNode(this.nodeJson(name, parameters)), staticData });
	}

	/** A node of the package, with all credentials attached. */
	nodeJson(name: string, parameters: IDataObject, settings: Partial<INode> = {}): INode {
		return {
			id: `id-${name}`,
			name: 'Node',
			type: `n8n-nodes-wecom-data.${name}`,
			typeVersion: 1,
			position: [0, 0],
			webhookId: `hook-${name}`,
			parameters: parameters as INode['parameters'],
			credentials: Object.fromEntries(
				Object.keys(this.credentials).map((type) => [type, { id: type, name: type }]),
			),
			...settings,
		};
	}

	/** Polls a trigger once, as n8n's scheduler (or the editor, in mode manual) does. */
	async poll(
		workflow: Workflow,
		nodeName: string,
		mode: WorkflowExecuteMode = 'trigger',
	): Promise<INodeExecutionData[][] | null> {
		const node = workflow.getNode(nodeName);
		if (!node) throw new Error(`The workflow has no node "${nodeName}"`);
		const context = new PollContext(
			workflow,
			node,
			this.additionalData(workflow, mode),
			mode,
			'activate',
		);
		const { poll } = workflow.nodeTypes.getByNameAndVersion(
			node.type,
			node.typeVersion,
		) as INodeType;
		if (!poll) throw new Error(`${node.type} does not poll`);
		return await poll.call(context);
	}

	/** Runs a credential's test, as the button in the editor does. */
	async testCredential(
		nodeName: string,
		test: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult> {
		const run = this.nodeType(nodeName).methods?.credentialTest?.[test];
		if (!run) throw new Error(`${nodeName} has no credential test ${test}`);
		const credential: ICredentialsDecrypted = { id: '1', name: 'test', type: test, data };
		return await run.call({} as ICredentialTestFunctions, credential);
	}

	/**
	 * Serves the webhooks of a workflow's trigger over real HTTP, with the raw body n8n hands to nodes.
	 *
	 * @param onExecution gets the run of every execution a request starts
	 */
	async serveWebhooks(
		workflow: Workflow,
		nodeName: string,
		onExecution: (run: IRun) => void = () => undefined,
		mode: WorkflowExecuteMode = 'webhook',
	): Promise<{ url: string; close(): Promise<void>; settled(): Promise<void> }> {
		const node = workflow.getNode(nodeName);
		if (!node) throw new Error(`The workflow has no node "${nodeName}"`);
		const nodeType = workflow.nodeTypes.getByNameAndVersion(
			node.type,
			node.typeVersion,
		) as INodeType;
		let running: Promise<unknown> = Promise.resolve();
		const app = express();
		app.use(express.raw({ type: () => true, limit: '16mb' }));
		app.all('/webhook', async (request, response) => {
			const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
			const { binaryData } = (node.parameters.options ?? {}) as IDataObject;
			// With that option n8n leaves the body to the node.
			const readRawBody = async () => await Promise.resolve(Object.assign(request, { rawBody }));
			Object.assign(request, binaryData ? { readRawBody } : { rawBody });
			const webhookDescription = nodeType.description.webhooks?.find(
				({ httpMethod }) => httpMethod === request.method,
			);
			if (!webhookDescription || !nodeType.webhook) {
				response.status(404).end();
				return;
			}
			const context = new WebhookContext(
				workflow,
				node,
				{ ...this.additionalData(workflow, mode), httpRequest: request, httpResponse: response },
				mode,
				{ webhookDescription, workflowId: workflow.id, node: nodeName } as unknown as IWebhookData,
				[],
				null,
			);
			// It may go on after its answer.
			const run = nodeType.webhook.call(context).then(async ({ workflowData }) => {
				if (workflowData) {
					onExecution(await this.run(workflow, nodeName, workflowData[0], mode));
				}
			});
			running = Promise.all([running, run]);
			await run;
		});
		const server = await listen(createServer(app));
		return {
			url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
			close: async () => {
				server.closeAllConnections();
				await new Promise((resolve) => server.close(resolve));
			},
			settled: async () => {
				await running;
			},
		};
	}

	private get nodeTypes(): INodeTypes {
		const { loader, others } = this;
		const find = (type: string, version?: number): INodeType => {
			if (type === START_NODE) return new StartNode() as unknown as INodeType;
			// Notes on the canvas are no part of what runs.
			if (type === 'n8n-nodes-base.stickyNote') return undefined as unknown as INodeType;
			const [packageName = '', name = ''] = type.split('.');
			const other = others.get(packageName);
			if (other) return NodeHelpers.getVersionedNodeType(other.getNode(name).type, version);
			const found = loader.nodeTypes[name];
			if (found) return NodeHelpers.getVersionedNodeType(found.type, version);
			if (name.endsWith('Tool')) return asTool(find(type.slice(0, -'Tool'.length), version));
			throw new Error(`The package has no node ${type}`);
		};
		return {
			getByName: (type): INodeType | IVersionedNodeType => find(type),
			getByNameAndVersion: find,
			getKnownTypes: () => ({}),
		};
	}

	private additionalData(
		workflow: Workflow,
		mode: WorkflowExecuteMode,
	): IWorkflowExecuteAdditionalData {
		const base = 'http://127.0.0.1:5678';
		return {
			credentialsHelper: new TestCredentials(this.credentials),
			hooks: new ExecutionLifecycleHooks(mode, 'execution', workflow as unknown as IWorkflowBase),
			executionId: 'execution',
			currentNodeExecutionIndex: 0,
			restApiUrl: base,
			instanceBaseUrl: base,
			formBaseUrl: base,
			formTestBaseUrl: base,
			formWaitingBaseUrl: `${base}/form-waiting`,
			webhookBaseUrl: `${base}/webhook`,
			webhookTestBaseUrl: `${base}/webhook-test`,
			webhookWaitingBaseUrl: `${base}/webhook-waiting`,
			mcpBaseUrl: base,
			mcpTestBaseUrl: base,
			variables: {},
			logAiEvent: () => undefined,
			'data-table': { dataTableProxyProvider: this.dataTables },
		} as unknown as IWorkflowExecuteAdditionalData;
	}
}

/** One of n8n's own packages, from the n8n that scripts/n8n.mjs installed. */
async function loadOther(name: string): Promise<[string, PackageDirectoryLoader]> {
	const loader = new LazyPackageDirectoryLoader(join(n8nModules, name));
	await loader.loadAll();
	return [name, loader];
}

/** What n8n itself makes of a node with usableAsTool (packages/cli, node-types.ts). */
function asTool(node: INodeType): INodeType {
	const description = Object.create(node.description, {
		properties: { value: [...node.description.properties], writable: true },
	}) as INodeType['description'];
	const clone = Object.create(node, { description: { value: description } }) as INodeType;
	const { convertNodeToAiTool } = createRequire(__filename)(
		join(n8nModules, 'n8n', 'dist', 'tool-generation'),
	) as { convertNodeToAiTool(item: INodeType): INodeType };
	return convertNodeToAiTool(clone);
}

/** Start node → the node. */
function singleNode(node: INode): WorkflowJson {
	return {
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: START_NODE,
				typeVersion: 1,
				position: [-200, 0],
				parameters: {},
			},
			node,
		],
		connections: { Start: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
	};
}

async function listen(server: Server): Promise<Server> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}
