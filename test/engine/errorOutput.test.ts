import type { IDataObject } from 'n8n-workflow';

import { byPath, closeServers, errcode, json, startServer } from '../unit/support/server';
import { Engine } from './harness';
import { getAll, startBench, type Bench } from './support';

const ARCHIVE = 'wecomChatArchive';
let bench: Bench;

beforeAll(async () => {
	bench = await startBench({ messageCount: 12, corruptEvery: 3 });
});

afterAll(async () => {
	await bench.stop();
});

afterEach(closeServers);

/** Start → the node; what it succeeds with → Good, its error output → Bad. */
async function branches(
	engine: Engine,
	name: string,
	parameters: IDataObject,
	given: IDataObject[],
) {
	const node = engine.nodeJson(name, parameters, { onError: 'continueErrorOutput' });
	const pass = (to: string) => ({
		id: to,
		name: to,
		type: 'wecom-test.start',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	});
	const to = (target: string) => [{ node: target, type: 'main' as const, index: 0 }];
	const workflow = engine.workflow({
		nodes: [pass('Start'), node, pass('Good'), pass('Bad')],
		connections: { Start: { main: [to('Node')] }, Node: { main: [to('Good'), to('Bad')] } },
	});
	const run = await engine.run(
		workflow,
		'Start',
		given.map((item) => ({ json: item })),
	);
	expect(run.data.resultData.error).toBeUndefined();
	const { runData } = run.data.resultData;
	const [good = [], bad = []] = runData.Node?.[0]?.data?.main ?? [];
	const arrived = (target: string) =>
		runData[target]?.[0]?.data?.main?.[0]?.map(({ json: got }) => got);
	expect([arrived('Good') ?? [], arrived('Bad') ?? []]).toEqual(
		[good, bad].map((list) => (list ?? []).map((item) => item.json)),
	);
	return { good: good ?? [], bad: bad ?? [] };
}

describe('Continue (using error output)', () => {
	const parameters = { resource: 'group', operation: 'get', roomId: '={{ $json.room }}' };

	it('sends what failed down the error branch, with its input and what to do, and the rest down the other', async () => {
		const room = bench.wecom.world.groups.find(({ internal }) => internal)?.roomid;
		const given = [
			{ row: 0, room },
			{ row: 1, room: '' },
			{ row: 2, room: 'wrUnknown' },
			{ row: 3, room },
		] as IDataObject[];
		const { good, bad } = await branches(bench.engine, ARCHIVE, parameters, given);
		expect(good.map(({ json: { roomid } }) => roomid)).toEqual([room, room]);
		expect(good.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 3 }]);
		expect(bad.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 2 }]);
		expect(bad.map((item) => item.json)).toEqual([
			{
				...given[1],
				error: {
					message: expect.stringContaining('"roomid"') as string,
					hint: expect.any(String) as string,
					field: 'roomid',
				},
			},
			{
				...given[2],
				error: {
					message: expect.stringMatching(/errcode \d+/) as string,
					hint: expect.any(String) as string,
					errcode: expect.any(Number) as number,
					errmsg: expect.any(String) as string,
				},
			},
		]);
	});

	it('does so where every item fails, and where WeCom cannot be reached', async () => {
		const engine = await Engine.load({
			wecomDataApi: {
				...bench.engine.credentials.wecomDataApi,
				baseUrl: 'http://127.0.0.1:1',
			},
		});
		const { good, bad } = await branches(engine, ARCHIVE, parameters, [
			{ room: 'a' },
			{ room: '' },
		]);
		expect(good).toEqual([]);
		expect(bad.map((item) => item.json)).toMatchObject([
			{ room: 'a', error: { message: expect.stringContaining('127.0.0.1') as string } },
			{ room: '', error: { field: 'roomid' } },
		]);
	});

	it('keeps records that cannot be decrypted among the messages', async () => {
		const direct = await bench.engine.runNode(ARCHIVE, getAll());
		const { good, bad } = await branches(bench.engine, ARCHIVE, getAll(), [{}]);
		expect(good.map((item) => item.json)).toEqual(direct.json);
		expect(good.filter((item) => item.json.error !== undefined)).toHaveLength(4);
		expect(bad).toEqual([]);
	});

	it('keeps links that WeCom lists but does not show among the links', async () => {
		const links = '/cgi-bin/externalcontact/customer_acquisition_link';
		const { url } = await startServer(
			byPath({
				[`${links}/list`]: json({ errcode: 0, link_id_list: ['L1', 'L2'], next_cursor: '' }),
				[`${links}/get`]: errcode(40097),
			}),
		);
		const engine = await Engine.load({
			wecomDataApi: { baseUrl: url, authentication: 'accessToken', accessToken: 'token' },
		});
		const list = { resource: 'link', operation: 'getAll', returnAll: true, includeDetails: true };
		const { good, bad } = await branches(engine, 'wecomAcquisition', list, [{}]);
		expect(good.map(({ json: { link_id } }) => link_id)).toEqual(['L1', 'L2']);
		expect(good[0]?.json).toMatchObject({ error: expect.any(String) as string, errcode: 40097 });
		expect(bad).toEqual([]);
	});
});
