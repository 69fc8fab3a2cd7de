import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { json, startServer, type Reply } from '../unit/support/server';
import { stringifyJson } from '../../wecom/json';
import { Engine } from './harness';
import { credentialsOf, type RowContract, type RowStyle } from './row';

/** A node, and a WeCom that says what the test writes. */
export async function startNode(
	node: string,
	reply: Reply,
	contract: RowContract = 'dataZone',
	style: RowStyle = 'java',
) {
	const server = await startServer(reply);
	const engine = await Engine.load(credentialsOf(server.url, contract, style));
	return {
		server,
		engine,

		/** Runs `resource.operation`. */
		run: async (
			operation: string,
			parameters: IDataObject = {},
			items?: INodeExecutionData[],
			settings: Partial<INode> = {},
		) => {
			const [resource, name] = operation.split('.') as [string, string];
			const all = { resource, operation: name, ...parameters };
			return await engine.runNode(node, all, items, settings);
		},

		/** The bodies that arrived. */
		bodies: () => server.requests.map(({ body }) => JSON.parse(body || '{}') as IDataObject),

		/** What functions of the zone were asked, as the program gets it. */
		asked: () =>
			server.requests.map(({ body }) => {
				const { ability_id, request_data } = JSON.parse(body) as Record<string, string>;
				return [ability_id, request_data];
			}),
	};
}

/** The same of the Data Zone node. */
export const startZone = async (reply: Reply, contract?: RowContract, style?: RowStyle) =>
	await startNode('wecomDataZone', reply, contract, style);

/** What WeCom answers on a path of its own. */
export const answering = (answer: object = {}) => json({ errcode: 0, errmsg: 'ok', ...answer });

/** What a function of the zone answers, through a program; a text stands for itself. */
export const passingOn = (answer: object | string = {}) =>
	answering({
		response_data:
			typeof answer === 'string' ? answer : stringifyJson({ errcode: 0, errmsg: 'ok', ...answer }),
	});

/** As a function of the zone, but without an errcode: a stored event has none. */
export const storing = (event: object) => passingOn(JSON.stringify(event));
