import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { closeServers, json, startServer, type Reply } from '../unit/support/server';
import { Engine } from './harness';
import { credentialsOf, type RowStyle } from './row';

/** Tencent's own answer to a call over HTTP. */
export const published = (answer: object): Reply => json({ errcode: 0, errmsg: 'ok', ...answer });

/** The same of a function that a program in the zone carries. */
export const fromZone = (answer: object): Reply =>
	json({
		errcode: 0,
		errmsg: 'ok',
		response_data: JSON.stringify({ errcode: 0, errmsg: 'ok', ...answer }),
	});

/** For one node, against a server that answers as Tencent publishes it. */
export function zoneBench(node: string) {
	afterEach(closeServers);

	return {
		/** Runs `resource.operation` with Tencent Data Zone as the API of the credential. */
		async run(
			reply: Reply,
			operation: string,
			parameters: IDataObject = {},
			given?: INodeExecutionData[],
			settings: Partial<INode> & { style?: RowStyle } = {},
		) {
			const { style, ...nodeSettings } = settings;
			const server = await startServer(reply);
			const engine = await Engine.load(credentialsOf(server.url, 'dataZone', style));
			const [resource, name] = operation.split('.') as [string, string];
			const all = { resource, operation: name, ...parameters };
			const outcome = await engine.runNode(node, all, given, nodeSettings);
			return {
				...outcome,
				server,
				bodies: server.requests.map(({ body }) => JSON.parse(body || '{}') as IDataObject),
			};
		},
	};
}

/** What a Java program was asked: the function's request in each call. */
export const requestsIn = (bodies: IDataObject[]) =>
	bodies.map(({ request_data: data }) => JSON.parse(String(data)) as IDataObject);
