import type { IDataObject, INode, Workflow } from 'n8n-workflow';

import { credentialsFor, type SimulatorOptions } from '../../simulator';
import { TYPE_NUMBERS } from '../../simulator/messages';
import { until } from '../unit/support/server';
import { Installation, outputOf } from './installation';
import type { RowStyle } from './row';
import { decryptRecords, getAll, startBench, type Bench } from './support';

const ARCHIVE = 'wecomChatArchive';
const TRIGGER = 'wecomChatArchiveTrigger';
const MEMBERS = '/chatdata/get_auth_user_list';

let bench: Bench;
let workflows = 0;

async function start(options: SimulatorOptions = {}, style: RowStyle = 'java'): Promise<void> {
	bench = await startBench({ contracts: ['dataZone'], messageCount: 120, ...options });
	const { wecomDataApi } = bench.engine.credentials;
	Object.assign(wecomDataApi ?? {}, {
		programStyle: style,
		programId: bench.wecom.programs[style],
	});
}

afterEach(async () => await bench.stop());

/** Messages that the zone tells of, in their order: what is no message has no place there. */
const truth = () => bench.wecom.truth.filter(({ plaintext }) => plaintext?.msgtype !== undefined);
const msgids = (from = 0, to?: number) =>
	truth()
		.slice(from, to)
		.map(({ msgid }) => msgid);
const run = async (parameters: IDataObject, items?: IDataObject[]) =>
	await bench.engine.runNode(
		ARCHIVE,
		parameters,
		items?.map((json) => ({ json })),
	);
const msgidsOf = (items: readonly IDataObject[] | null) => (items ?? []).map(({ msgid }) => msgid);
const newToken = () => {
	const { event } = bench.wecom.notifyProgram({ event_type: 'conversation_new_message' });
	return (event.conversation_new_message as { token: string }).token;
};
/** What sync_msg was asked, in a program in Java. */
const asked = () =>
	bench.wecom.requests
		.map(({ body }) => body as Record<string, string> | undefined)
		.filter((body) => body?.ability_id === 'invoke_sync_msg')
		.map((body) => JSON.parse(body?.request_data ?? '{}') as IDataObject);
const positionIn = (hints: readonly string[]) =>
	/Set Start After Seq to (\S+) to go on/.exec(hints.join('\n'))?.[1] ?? '';

describe.each<RowStyle>(['java', 'python'])('with a program in %s', (style) => {
	it('Get Many brings every message once, with its key, over key versions and bad records', async () => {
		await start({ messageCount: 700, corruptEvery: 40, missingKeyEvery: 33 }, style);
		const { json, error, hints } = await run(getAll({ options: { pageSize: 100 } }));
		expect(error).toBeUndefined();
		expect(msgidsOf(json)).toEqual(msgids());
		for (const [index, item] of json.entries()) {
			const { state } = truth()[index] ?? {};
			expect(item).toMatchObject({ decrypted: false, text: null, action: 'send' });
			expect('secret_key' in item).toBe(!('reason' in item));
			if (state === 'ok') expect(item).toHaveProperty('secret_key');
			if (state === 'missing_key') expect(item.reason).toBe('missing_key_version');
		}
		expect(new Set(json.map(({ public_key_ver: version }) => version))).toEqual(new Set([1, 2, 3]));
		expect(hints.join('\n')).toMatch(/no private key of version 3.*with a "reason" in place of/);
	});

	it('Get Many gives a message with its people and its type in words, or as WeCom sent it', async () => {
		await start({ messageCount: 60 }, style);
		const { json } = await run(getAll());
		const { json: raw } = await run(getAll({ simplify: false }));
		const { json: sealed } = await run(getAll({ decrypt: false }));
		expect(raw.map(({ secret_key: _key, ...record }) => record)).toEqual(sealed);
		expect(raw.map(({ secret_key: key }) => key)).toEqual(json.map(({ secret_key: key }) => key));
		for (const [index, item] of json.entries()) {
			const record = raw[index] as { sender: IDataObject; receiver_list: IDataObject[] };
			const { plaintext } = truth()[index] ?? {};
			expect(Object.keys(item)).toEqual([
				...['msgid', 'action', 'from', 'to', 'room', 'chat_id', 'time', 'type', 'text', 'body'],
				...['msgtype', 'sender', 'receivers', 'public_key_ver', 'decrypted', 'secret_key'],
			]);
			const word = String(plaintext?.msgtype);
			const known = TYPE_NUMBERS[word] === undefined ? 'unsupported' : word;
			expect(item.type).toBe(known === 'external_redpacket' ? 'redpacket' : known);
			expect(item.from).toBe(record.sender.id);
			expect(item.to).toEqual(record.receiver_list.map(({ id }) => id));
			expect(item.sender).toEqual({
				type: record.sender.type,
				type_name: record.sender.type === 1 ? 'member' : 'customer',
				id: record.sender.id,
			});
		}
	});

	it('Decrypt makes of a record what Get Many makes of it, however it came', async () => {
		await start({ messageCount: 80, missingKeyEvery: 9 }, style);
		const { json: expected } = await run(getAll());
		const { json: sealed } = await run(getAll({ decrypt: false }));
		const names = { encryptRandomKeyField: 'a', encryptChatMsgField: 'b', publickeyVerField: 'c' };
		const opened = await run({ ...decryptRecords, ...names }, sealed);
		expect(opened.error).toBeUndefined();
		expect(opened.json).toEqual(expected);
		const failed = expected.filter(({ reason }) => reason !== undefined);
		expect(failed.length).toBeGreaterThan(3);
		const { json: again } = await run(decryptRecords, failed);
		expect(again).toEqual(failed);
	});

	it('the trigger hands on every message once', async () => {
		await start({ messageCount: 100, missingKeyEvery: 33 }, style);
		const workflow = triggerWorkflow();
		expect(msgidsOf(await poll(workflow))).toEqual(msgids());
		expect(await poll(workflow)).toBeNull();
		bench.wecom.addMessages(5);
		expect(msgidsOf(await poll(workflow))).toEqual(msgids(-5));
	});
});

describe('Get Many by cursors', () => {
	it('brings each of 5,000 messages once, over pages that come short and pages that are empty', async () => {
		await start({ messageCount: 5000, shortPages: true });
		const options = { pageSize: 500, token: newToken() };
		const { json, error } = await run(getAll({ options }));
		expect(error).toBeUndefined();
		expect(msgidsOf(json)).toEqual(msgids());
	}, 60_000);

	it.each(['short', 'full'])('brings the same in %s pages fetched at once', async (pages) => {
		await start({ messageCount: 1500, shortPages: pages === 'short' });
		const options = { pageSize: 100, token: newToken(), pagesAtOnce: true };
		const { json, error, hints } = await run(getAll({ options }));
		expect(error).toBeUndefined();
		expect(msgidsOf(json)).toEqual(msgids());
		expect(hints).toEqual([]);
		expect(asked().every(({ mode }) => mode === 2)).toBe(true);
	});

	it.each<RowStyle>(['java', 'python'])(
		'goes on page by page where the image is too old for pages at once, and says so (%s)',
		async (style) => {
			await start({ messageCount: 300 }, style);
			bench.wecom.configureProgram(style, { image: 'old' });
			const { json, hints } = await run(getAll({ options: { pageSize: 50, pagesAtOnce: true } }));
			expect(msgidsOf(json)).toEqual(msgids());
			expect(hints).toEqual([expect.stringMatching(/does not know get_msg_list_by_page_id/)]);
		},
	);

	it('gives a token with every page, and goes on without one that is refused', async () => {
		await start({ messageCount: 120 });
		const good = newToken();
		await run(getAll({ options: { pageSize: 50, token: good } }));
		expect(asked().map(({ token }) => token)).toEqual([good, good, good]);
		const before = asked().length;
		const { json, hints } = await run(getAll({ options: { pageSize: 50, token: 'guess' } }));
		expect(msgidsOf(json)).toEqual(msgids());
		expect(
			asked()
				.slice(before)
				.map(({ token }) => token),
		).toEqual(['guess', undefined, undefined, undefined]);
		expect(hints).toEqual([expect.stringMatching(/did not take the event token/)]);
		const tooLong = await run(getAll({ options: { token: 'x'.repeat(129) } }));
		expect(tooLong.error?.message).toMatch(/"Event Token" is 129 bytes long/);
	});

	it('goes on after a limit from the position that its hint names, record by record', async () => {
		await start({ messageCount: 60, shortPages: true });
		const got: unknown[] = [];
		let startAfterSeq = '0';
		while (startAfterSeq !== '') {
			const parameters = { returnAll: false, limit: 7, startAfterSeq, options: { pageSize: 5 } };
			const { json, hints, error } = await run(getAll(parameters));
			expect(error).toBeUndefined();
			got.push(...msgidsOf(json));
			startAfterSeq = positionIn(hints);
			expect(got.length).toBeLessThanOrEqual(60);
		}
		expect(got).toEqual(msgids());
	});

	it('starts after a cursor of WeCom, and says what to do where WeCom knows none', async () => {
		await start({ messageCount: 40 });
		await run(getAll({ returnAll: false, limit: 10, options: { pageSize: 10 } }));
		const { json: all } = await run(getAll({ options: { pageSize: 30 } }));
		const cursor = asked().at(-1)?.cursor;
		const { json } = await run(getAll({ startAfterSeq: cursor }));
		expect(msgidsOf(json)).toEqual(msgidsOf(all).slice(30));
		const { error } = await run(getAll({ startAfterSeq: '1024' }));
		expect(error?.message).toMatch(/errcode 710611/);
		expect(error?.description).toMatch(/No message was passed over.*set Start After Seq to 0/);
	});

	it('filters by type, sender and time without a text', async () => {
		await start({ messageCount: 200 });
		const { json: all } = await run(getAll());
		const types = ['image', 'external_redpacket'];
		const { json: ofTypes } = await run(getAll({ options: { messageTypes: types } }));
		expect(ofTypes).toEqual(
			all.filter(({ type }) => ['image', 'redpacket'].includes(String(type))),
		);
		const from = String(all[0]?.from);
		const { json: ofOne } = await run(getAll({ options: { senders: from } }));
		expect(ofOne).toEqual(all.filter((one) => one.from === from));
		const sentAfter = String(all[100]?.time);
		const { json: later } = await run(getAll({ options: { sentAfter } }));
		expect(later).toEqual(all.filter(({ time }) => String(time) >= sentAfter));
	});

	it('says that there is nothing new without a word of seqs', async () => {
		await start({ messageCount: 0 });
		const { json, hints } = await run(getAll());
		expect(json).toEqual([]);
		expect(hints).toEqual([expect.stringMatching(/^No messages after this position\./)]);
	});

	it('keeps the keys of messages out of its errors and hints, and names them as sensitive', async () => {
		await start({ messageCount: 20, missingKeyEvery: 5 });
		const { json, hints } = await run(getAll());
		const keys = json.flatMap(({ secret_key: key }) => (key ? [String(key)] : []));
		expect(keys.some((key) => hints.join().includes(key))).toBe(false);
		for (const node of [ARCHIVE, TRIGGER]) {
			const { sensitiveOutputFields } = bench.engine.nodeType(node).description;
			expect(sensitiveOutputFields).toContain('secret_key');
		}
	});
});

describe('a remembered position of cursors', () => {
	const remembering = (parameters: IDataObject = {}): INode =>
		bench.engine.nodeJson(
			ARCHIVE,
			getAll({ options: { rememberPosition: true, pageSize: 20 }, ...parameters }),
			{ id: 'id of Node', name: 'Node' },
		);
	const memberRequests = () => bench.wecom.requests.filter(({ path }) => path.endsWith(MEMBERS));
	const installation = (node = remembering()) => new Installation(bench, [node]);
	const got = async (n8n: Installation) => outputOf(await n8n.start(), 'Node', 'msgid');

	it('goes on where the last execution stopped, also after a restart', async () => {
		await start({ messageCount: 50 });
		const n8n = installation();
		expect(await got(n8n)).toEqual(msgids());
		const before = truth().length;
		bench.wecom.addMessages(30);
		n8n.restart();
		expect(await got(n8n)).toEqual(msgids(before));
		n8n.restart();
		expect(await got(n8n)).toEqual([]);
	});

	it('goes on within a page that a limit cut, and begins with a cursor that was given', async () => {
		await start({ messageCount: 50 });
		await run(getAll({ options: { pageSize: 12 } }));
		const cursor = asked()[1]?.cursor;
		const node = remembering({ returnAll: false, limit: 15, startAfterSeq: cursor });
		const n8n = installation(node);
		const all: unknown[] = [];
		for (let execution = 0; execution < 4; execution++) {
			all.push(...(await got(n8n)));
			if (execution % 2 === 0) n8n.restart();
		}
		expect(all).toEqual(msgids(12));
	});

	it('leaves two executions at once their own messages, and saves none that one still works on', async () => {
		await start({ messageCount: 50 });
		const n8n = installation();
		const before = msgids();
		bench.wecom.faults.add({ path: MEMBERS, kind: 'slow', delayMs: 1500 });
		const first = n8n.start();
		await until(() => memberRequests().length === 1);
		bench.wecom.addMessages(50);
		expect(await got(n8n)).toEqual(msgids(before.length));
		const killed = structuredClone(n8n.saved);
		expect(outputOf(await first, 'Node', 'msgid')).toEqual(before);

		n8n.restart();
		n8n.saved = killed;
		const again = await n8n.start();
		expect(outputOf(again, 'Node', 'msgid')).toEqual(before);
		const hints = again.data.resultData.runData.Node?.[0]?.hints ?? [];
		expect(hints.map(({ message }) => message)).toContainEqual(
			`${before.length} messages were taken by an execution that did not hand them on: here they are again.`,
		);
	});

	it('brings the messages of an execution that failed again', async () => {
		await start({ messageCount: 60 });
		const n8n = installation();
		bench.wecom.faults.add({ path: '/chatdata/sync_call_program', kind: 'ip', skip: 1 });
		expect(await got(n8n)).toEqual([]);
		expect(await got(n8n)).toEqual(msgids());
	});

	it('says how to begin anew where WeCom knows its cursor no more', async () => {
		await start({ messageCount: 30 });
		const node = remembering({ startAfterSeq: 'C1' });
		const { data } = await installation(node).start();
		const { error } = data.resultData.runData.Node?.[0] ?? {};
		expect(error?.message).toMatch(/710611/);
		expect(error?.description).toMatch(/begins anew when a copy takes its place/);
	});
});

function triggerWorkflow(parameters: object = {}, staticData: IDataObject = {}): Workflow {
	const node = bench.engine.nodeJson(
		TRIGGER,
		{
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			startFrom: 'oldest',
			startAfterSeq: '0',
			simplify: true,
			options: {},
			...parameters,
		},
		{ name: 'Trigger', id: `zone-${workflows++}` },
	);
	return bench.engine.workflow({ nodes: [node], connections: {}, staticData });
}

/** Polls once. @returns the messages, or null when the workflow does not start */
async function poll(
	workflow: Workflow,
	mode: 'trigger' | 'manual' = 'trigger',
): Promise<IDataObject[] | null> {
	const output = await bench.engine.poll(workflow, 'Trigger', mode);
	return output?.[0]?.map(({ json }) => json) ?? null;
}

describe('the trigger by cursors', () => {
	it('takes at most the records allowed and goes on with the rest, also after a restart', async () => {
		await start({ messageCount: 120, shortPages: true });
		const options = { maxRecords: 50, pageSize: 20 };
		const all: unknown[] = [];
		let workflow = triggerWorkflow({ options });
		for (let polls = 0; polls < 4; polls++) {
			const some = await poll(workflow);
			expect(some?.length ?? 0).toBeLessThanOrEqual(50);
			all.push(...msgidsOf(some));
			const saved = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
			expect(Object.keys(saved['node:Trigger'] as object)).toContain('cursor');
			workflow = triggerWorkflow({ options }, saved);
		}
		expect(all).toEqual(msgids());
	});

	it('keeps the pages before a failing one and goes on with that one', async () => {
		await start({ messageCount: 120 });
		const workflow = triggerWorkflow({ options: { pageSize: 30 } });
		bench.wecom.faults.add({ path: '/chatdata/sync_call_program', kind: 'ip', skip: 2 });
		expect(msgidsOf(await poll(workflow))).toEqual(msgids(0, 60));
		expect(msgidsOf(await poll(workflow))).toEqual(msgids(60));
	});

	it('from now skips what was sent before, and loses nothing sent after', async () => {
		await start({ messageCount: 1301, missingKeyEvery: 50 });
		const workflow = triggerWorkflow({ startFrom: 'now' });
		expect(await poll(workflow)).toBeNull();
		bench.wecom.addMessages(3);
		expect(msgidsOf(await poll(workflow))).toEqual(msgids(-3));
		bench.wecom.addMessages(2, { state: 'missing_key' });
		expect(msgidsOf(await poll(workflow))).toEqual(msgids(-2));
	});

	it('by hand shows a sample and moves nothing', async () => {
		await start({ messageCount: 40 });
		const workflow = triggerWorkflow();
		for (let times = 0; times < 2; times++) {
			expect(msgidsOf(await poll(workflow, 'manual'))).toEqual(msgids(0, 10));
		}
		expect(msgidsOf(await poll(workflow))).toEqual(msgids());
	});

	it('starts anew when the credential changes to another API, and mixes no seq with a cursor', async () => {
		await start({ messageCount: 40, contracts: ['reference', 'dataZone'] });
		const { wecom, engine } = bench;
		const workflow = triggerWorkflow();
		const by = async (contract: 'reference' | 'dataZone') => {
			engine.credentials.wecomDataApi = { ...credentialsFor(wecom, contract).wecomDataApi };
			return await poll(workflow);
		};
		const ofSeqs = () => wecom.truth.map(({ msgid }) => msgid);
		expect(msgidsOf(await by('reference'))).toEqual(ofSeqs());
		expect(msgidsOf(await by('dataZone'))).toEqual(msgids());
		wecom.addMessages(4);
		expect(msgidsOf(await by('reference'))).toEqual(ofSeqs().slice(-4));
		expect(msgidsOf(await by('dataZone'))).toEqual(msgids(-4));
		expect(await by('reference')).toBeNull();
	});
});
