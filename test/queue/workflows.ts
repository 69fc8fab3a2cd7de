import type { IDataObject, INode, INodeCredentials } from 'n8n-workflow';

import manifest from '../../package.json';
import type { WorkflowJson } from '../engine/harness';
import { nodeOf, workflowOf } from '../e2e/workflows';

/** A workflow to be created. */
export type NewWorkflow = ReturnType<typeof workflowOf>;

/** Names of credentials by type. */
type Credentials = Readonly<Record<string, string>>;

/** What processes share. */
const SHARED: IDataObject = { stateStore: 'redis' };

/** Nodes of the package on the credentials of an n8n, with Redis as their state. */
export class WecomNodes {
	/** @param ids of the credentials, by name: their type, where there is no other of it */
	constructor(private readonly ids: Readonly<Record<string, string>>) {}

	/**
	 * @param path it answers at `/webhook/PATH/webhook`
	 * @param named which of the credentials, where there are several
	 */
	trigger(path: string, parameters: IDataObject = {}, named: Credentials = {}): INode {
		const options = { includeRaw: true, binaryData: true };
		const all = { events: ['*'], options, ...SHARED, ...parameters };
		const credentials = {
			...this.credentials('wecomCallbackApi', 'wecomStateApi'),
			...this.named(named),
		};
		return { ...nodeOf('Trigger', 'wecomDataTrigger', all, credentials), webhookId: path };
	}

	/** @param data which of the data credentials */
	action(type: string, name: string, parameters: IDataObject, data = 'wecomDataApi'): INode {
		const credentials = {
			...this.credentials('wecomStateApi'),
			...this.named({ wecomDataApi: data }),
		};
		return nodeOf(name, type, { ...parameters, ...SHARED }, credentials);
	}

	/** Fills in the credentials of a workflow that was exported elsewhere, and what is shared. */
	adopt(workflow: NewWorkflow): NewWorkflow {
		const nodes = workflow.nodes.map((node) => {
			if (!node.type.startsWith(manifest.name)) return node;
			const parameters = { ...node.parameters, ...SHARED } as INode['parameters'];
			const types = [...Object.keys(node.credentials ?? {}), 'wecomStateApi'];
			return { ...node, parameters, credentials: this.credentials(...types) };
		});
		return { ...workflow, nodes };
	}

	private credentials(...types: string[]): INodeCredentials {
		return this.named(Object.fromEntries(types.map((type) => [type, type])));
	}

	private named(credentials: Credentials): INodeCredentials {
		return Object.fromEntries(
			Object.entries(credentials).map(([type, name]) => [type, { id: this.ids[name] ?? '', name }]),
		);
	}
}

/** One page of records that somebody posts, decrypted by an execution of its own. */
export function pageWorkflow(wecom: WecomNodes, path: string): NewWorkflow {
	return workflowOf(
		'Decrypt a page',
		webhook(path),
		nodeOf('Records', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body.records', options: {} }),
		wecom.action('wecomChatArchive', 'Decrypt', {
			resource: 'message',
			operation: 'decrypt',
			simplify: false,
			options: {},
		}),
	);
}

/** Messages of the zone that somebody posts, to a model that looks at all of them. */
export function modelWorkflow(wecom: WecomNodes, path: string, data: string): NewWorkflow {
	return workflowOf(
		'Ask a model',
		webhook(path),
		nodeOf('Messages', 'n8n-nodes-base.splitOut', {
			fieldToSplitOut: 'body.messages',
			options: {},
		}),
		wecom.action(
			'wecomAiModel',
			'Model',
			{
				resource: 'model',
				operation: 'sentiment',
				messagesFrom: 'items',
				resultPer: 'all',
				options: { checkSeconds: 1 },
			},
			data,
		),
	);
}

/**
 * Pulls the whole archive without decrypting it, and posts it page by page.
 *
 * @param pageUrl of {@link pageWorkflow}
 */
export function backlogWorkflow(
	wecom: WecomNodes,
	path: string,
	pageUrl: string,
	pageSize: number,
): NewWorkflow {
	const pull = wecom.action('wecomChatArchive', 'Pull', {
		resource: 'message',
		operation: 'getAll',
		returnAll: true,
		decrypt: false,
		options: {},
	});
	const pages = {
		...nodeOf('Pages', 'n8n-nodes-base.splitInBatches', { batchSize: pageSize, options: {} }),
		typeVersion: 3,
	};
	const collect = nodeOf('Page', 'n8n-nodes-base.aggregate', {
		aggregate: 'aggregateAllItemData',
		destinationFieldName: 'records',
		options: {},
	});
	const body = { sendBody: true, specifyBody: 'json', jsonBody: '={{ $json }}' };
	const request = { method: 'POST', url: pageUrl, ...body, options: {} };
	const post = { ...nodeOf('Hand On', 'n8n-nodes-base.httpRequest', request), typeVersion: 4.2 };
	const { connections, ...workflow } = workflowOf(
		'Spread the backlog',
		...[webhook(path), pull, pages, collect, post],
	);
	return {
		...workflow,
		connections: { ...connections, Pages: to(undefined, collect), 'Hand On': to(pages) },
		// The records are in the executions of the pages.
		settings: { saveDataSuccessExecution: 'none' },
	};
}

/** What comes out of each output. */
function to(...nodes: Array<INode | undefined>): WorkflowJson['connections'][string] {
	const main = nodes.map((node) =>
		node ? [{ node: node.name, type: 'main' as const, index: 0 }] : [],
	);
	return { main };
}

/** Answers at once, and starts an execution: `/webhook/PATH`. */
function webhook(path: string): INode {
	const parameters = { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} };
	const node = nodeOf('Webhook', 'n8n-nodes-base.webhook', parameters);
	return { ...node, typeVersion: 2, webhookId: path };
}
