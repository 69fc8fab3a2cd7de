import type { IDataObject, Workflow } from 'n8n-workflow';

import { makeKeyPair } from '../../wecom/archive/keyPair';
import { closeServers, json, startServer, type TestServer } from '../unit/support/server';
import { Engine } from './harness';
import { getAll } from './support';

/** An answer of sync_msg. */
interface Page {
	msg_list: IDataObject[];
	has_more: number;
	next_cursor: string;
}

const EMPTY = 60;

let engine: Engine;
let server: TestServer;
let cursors: unknown[];
/** By the cursor that is asked for. */
let pages: Map<string, Page | number>;
let triggers = 0;

const message = (msgid: string): IDataObject => ({
	msgid,
	sender: { type: 1, id: 'woA' },
	receiver_list: [],
	send_time: Math.floor(Date.now() / 1000),
	msgtype: 1,
	service_encrypt_info: {},
});

beforeEach(async () => {
	cursors = [];
	pages = new Map();
	for (let page = 0; page < EMPTY; page++) {
		const name = page === 0 ? '' : `c${page}`;
		pages.set(name, { msg_list: [], has_more: 1, next_cursor: `c${page + 1}` });
	}
	server = await startServer((request, response) => {
		const { request_data: given } = JSON.parse(request.body) as { request_data: string };
		const { cursor = '' } = JSON.parse(given) as { cursor?: string };
		cursors.push(cursor);
		const page = pages.get(cursor) ?? { msg_list: [], has_more: 0, next_cursor: cursor };
		const answer = typeof page === 'number' ? { errcode: page } : { errcode: 0, ...page };
		json({ errcode: 0, response_data: JSON.stringify(answer) })(request, response);
	});
	const { privateKey } = await makeKeyPair();
	engine = await Engine.load({
		wecomDataApi: {
			contract: 'dataZone',
			baseUrl: server.url,
			authentication: 'accessToken',
			accessToken: 'token',
			programId: 'program',
			programStyle: 'java',
			privateKey,
			publicKeyVersion: 1,
		},
	});
});

afterEach(closeServers);

function trigger(parameters: IDataObject): Workflow {
	const times = { item: [{ mode: 'everyMinute' }] };
	const node = engine.nodeJson(
		'wecomChatArchiveTrigger',
		{ pollTimes: times, startAfterSeq: '0', simplify: true, options: {}, ...parameters },
		{ name: 'Trigger', id: `empty-${triggers++}` },
	);
	return engine.workflow({ nodes: [node], connections: {} });
}

async function poll(workflow: Workflow): Promise<unknown[] | undefined> {
	const output = await engine.poll(workflow, 'Trigger');
	return output?.[0]?.map((item) => item.json.msgid);
}

describe('pages without a message', () => {
	it('are passed for good by a trigger that starts from now, however many they are', async () => {
		pages.set(`c${EMPTY}`, { msg_list: [message('m1')], has_more: 0, next_cursor: 'end' });
		const workflow = trigger({ startFrom: 'now' });
		expect(await poll(workflow)).toBeUndefined();
		expect(await poll(workflow)).toEqual(['m1']);
		expect(cursors.filter((cursor) => cursor === '')).toHaveLength(1);
	});

	it('are passed for good by a trigger before a page that fails, and that is told', async () => {
		pages.set('c2', 710726);
		const workflow = trigger({ startFrom: 'oldest' });
		await expect(poll(workflow)).rejects.toThrow('710726');
		await expect(poll(workflow)).rejects.toThrow('710726');
		expect(cursors).toEqual(['', 'c1', 'c2', 'c2']);
	});

	it('are passed for good by a node that remembers its position', async () => {
		const parameters = getAll({ options: { rememberPosition: true } });
		const workflow = engine.singleNodeWorkflow('wecomChatArchive', parameters);
		const run = async () =>
			await engine.runNode('wecomChatArchive', parameters, undefined, { workflow });
		expect((await run()).error).toBeUndefined();
		cursors.length = 0;
		pages.set(`c${EMPTY}`, { msg_list: [message('m1')], has_more: 0, next_cursor: 'end' });
		expect((await run()).json.map(({ msgid }) => msgid)).toEqual(['m1']);
		expect(cursors).toEqual([`c${EMPTY}`]);
	});
});
