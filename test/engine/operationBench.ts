import type { IDataObject, ILoadOptionsFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import type { SimulatorOptions } from '../../simulator';
import { closeServers, startServer, type Reply } from '../unit/support/server';
import { Engine } from './harness';
import { startBench, type Bench } from './support';

export { byId } from './row';

/** Parameters that must be refused: what is wrong, they, the field that is named. */
export type BadCase = [title: string, parameters: IDataObject, field: string];

/** An input item for each value. */
export const items = (...values: unknown[]) =>
	values.map((value) => ({ json: { value } as IDataObject }));

/** What the editor gets of the search of a resource locator. */
export async function searchList(
	engine: Engine,
	node: string,
	method: string,
	filter?: string,
	paginationToken?: string,
) {
	const search = engine.nodeType(node).methods?.listSearch?.[method];
	if (!search) throw new Error(`${node} has no search ${method}`);
	const context = {
		getCredentials: async (type: string) => await Promise.resolve(engine.credentials[type]),
		getNode: () => engine.nodeJson(node, {}),
		getCurrentNodeParameter: () => undefined,
	};
	return await search.call(context as unknown as ILoadOptionsFunctions, filter, paginationToken);
}

/** For the operations of one node: a simulator and an engine for all tests of a file. */
export function operationBench(node: string, options: SimulatorOptions = {}) {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench(options);
	});

	beforeEach(() => {
		bench.wecom.requests.length = 0;
		bench.wecom.faults.clear();
	});

	afterEach(closeServers);

	afterAll(async () => {
		await bench.stop();
	});

	/** Runs `resource.operation` of the node. */
	async function run(
		operation: string,
		parameters: IDataObject = {},
		given?: INodeExecutionData[],
		settings: Partial<INode> = {},
		engine = bench.engine,
	) {
		const [resource, name] = operation.split('.') as [string, string];
		const all = { resource, operation: name, ...parameters };
		return await engine.runNode(node, all, given, settings);
	}

	/** What arrived, without the calls for tokens. */
	const sent = () => bench.wecom.requests.filter(({ path }) => path !== '/cgi-bin/gettoken');

	return {
		run,

		get wecom() {
			return bench.wecom;
		},

		get engine() {
			return bench.engine;
		},

		sent,

		/** The bodies of what arrived. */
		bodies: () => sent().map(({ body }) => body),

		/** One bad item among good ones: the others come out, and the bad one says what is wrong. */
		async continues(
			operation: string,
			parameters: IDataObject,
			given: INodeExecutionData[],
			bad: { item: number; field: string },
		) {
			const { items: output } = await run(operation, parameters, given, {
				onError: 'continueRegularOutput',
			});
			expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
				given.map((_, item) => ({ item })),
			);
			expect(output.map(({ json }) => 'error' in json)).toEqual(
				given.map((_, item) => item === bad.item),
			);
			expect(output[bad.item]?.json).toMatchObject({ field: bad.field });
			return output.map(({ json }) => json);
		},

		/** The value is refused by the field's name, and nothing is sent. */
		async refuses(operation: string, parameters: IDataObject, field: string) {
			const { error } = await run(operation, parameters);
			expect(error?.message).toContain(`"${field}"`);
			expect(bench.wecom.requests).toEqual([]);
		},

		/** The same against a WeCom that says what the test writes. */
		async against(reply: Reply, credential: IDataObject = {}) {
			const server = await startServer(reply);
			const engine = await Engine.load({
				wecomDataApi: {
					baseUrl: server.url,
					authentication: 'accessToken',
					accessToken: 'the access token',
					providerAccessToken: 'the provider access token',
					...credential,
				} as Engine['credentials'][string],
			});
			return {
				server,
				engine,
				run: async (
					operation: string,
					parameters: IDataObject = {},
					given?: INodeExecutionData[],
					settings: Partial<INode> = {},
				) => await run(operation, parameters, given, settings, engine),
				bodies: () => server.requests.map(({ body }) => JSON.parse(body) as IDataObject),
			};
		},
	};
}
