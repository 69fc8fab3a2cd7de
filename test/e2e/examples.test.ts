import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { installLibrary } from '../../simulator/library';
import { callBackTo, tellZoneEvent, watchFor } from '../examples/console';
import { EXAMPLE_FILES, hookIdOf } from '../examples/files';
import { startLanguageModel, startRobot } from '../examples/support';
import { exampleId, importExamples } from '../n8n/importExamples';
import { endN8n } from '../n8n/n8nProcess';
import { outputOf, type Execution } from '../n8n/rest';
import { closeServers } from '../unit/support/server';
import { E2eBench } from './bench';

jest.setTimeout(300_000);

let bench: E2eBench;
let robot: Awaited<ReturnType<typeof startRobot>>;
let model: Awaited<ReturnType<typeof startLanguageModel>>;
/** Where examples save files, and where the stand-in for Tencent's library is. */
let files: string;
let libraryFolder: string | undefined;

beforeAll(async () => {
	robot = await startRobot();
	model = await startLanguageModel([{ tool: 'Search_messages', input: { keyword: '漏水' } }]);
	bench = await E2eBench.start(
		{ messageCount: 300 },
		async (settings, wecom) => await importExamples(settings, wecom, robot.url, files, model.url),
		async (folder, wecom) => {
			files = join(folder, 'files');
			mkdirSync(files);
			libraryFolder = mkdtempSync(join(tmpdir(), 'wecom-finance-sdk-'));
			return {
				N8N_RESTRICT_FILE_ACCESS_TO: files,
				WECOM_FINANCE_SDK: await installLibrary(wecom.url, libraryFolder),
			};
		},
	);
	await bench.install();
});
afterAll(async () => {
	await bench?.stop();
	await endN8n();
	await closeServers();
	if (libraryFolder) rmSync(libraryFolder, { recursive: true, force: true });
});
beforeEach(() => {
	robot.requests.length = 0;
	bench.wecom.requests.length = 0;
});

const run = async (file: string, trigger: string, items?: IDataObject[]) =>
	await bench.rest.run(exampleId(file), trigger, items);

/** Publishes an example. @returns where its WeCom Data Trigger listens */
async function publish(file: string): Promise<string> {
	await bench.rest.publish(exampleId(file));
	return bench.webhookUrl(hookIdOf(file));
}

const outputs = (executions: Execution[], node: string) =>
	executions.flatMap((execution) => outputOf(execution, node));

const toldOf = (what: string) => robot.said().filter((said) => said.startsWith(what));

/** Somebody writes, and the key is one of the credential's, not the one that an example has set. */
const sayWithOldKey = (chatId: string, text: string) =>
	bench.wecom.addMessages(1, { chatId, text, by: 'customer', publickeyVer: 2 });

it('are all there after the import', async () => {
	const workflows = await bench.rest.get<Array<{ id: string }>>('/workflows');
	expect(workflows.map(({ id }) => id).sort()).toEqual(EXAMPLE_FILES.map(exampleId).sort());
});

it('archive-to-answer: a callback, and the messages come out decrypted', async () => {
	const url = await publish('archive-to-answer.json');
	expect((await bench.wecom.verifyUrl(url)).ok).toBe(true);
	const notify = async (second: number) => {
		const fields = { TimeStamp: 1_764_100_000 + second };
		expect((await bench.wecom.sendCallback({ url, event: 'msgaudit_notify', fields })).ok).toBe(
			true,
		);
		return await bench.rest.ended(exampleId('archive-to-answer.json'), second + 1);
	};
	await notify(0);
	bench.wecom.addMessages(4);
	const seqs = outputs(await notify(1), 'Pull New Messages').map(({ seq }) => seq);
	expect(seqs).toEqual(bench.wecom.truth.map(({ seq }) => Number(seq)));
	await bench.rest.unpublish(exampleId('archive-to-answer.json'));
});

it('keyword-alert: a rule is hit, and the team is told once for each message', async () => {
	const file = 'keyword-alert.json';
	await callBackTo(bench.wecom, await publish(file));
	await watchFor(bench.wecom, '投诉', ['漏水', '质量']);
	const hitsBefore = bench.wecom.keywordHits.length;
	while (bench.wecom.keywordHits.length === hitsBefore) bench.wecom.addMessages(50);
	await bench.wecom.settled();
	const hits = new Set(bench.wecom.keywordHits.map(({ msgid }) => msgid));
	await bench.rest.until('the team was told', async () => robot.said().length >= hits.size);
	const executions = await bench.rest.ended(exampleId(file), 1);
	const found = outputs(executions, 'Each Message Once').map(({ msgid }) => msgid);
	expect([...found].sort()).toEqual([...hits].sort());
	expect(robot.said()).toHaveLength(hits.size);
	await bench.rest.unpublish(exampleId(file));
});

it('customer-corps: corps install the app, their messages come with one credential', async () => {
	const file = 'customer-corps.json';
	const { wecom, rest } = bench;
	expect((await run(file, 'Set Up')).status).toBe('success');
	await callBackTo(bench.wecom, await publish(file));
	wecom.pushSuiteTicket();
	await wecom.settled();
	const corps: string[] = [];
	for (const corpName of ['甲', '乙']) {
		corps.push(wecom.authorizeCorp({ corpName }).corpId);
		await wecom.settled();
	}
	// The workflow keeps no executions of its events: permanent codes pass through them.
	const knows = async (expected: string[]) => {
		await rest.until(`the corps are ${expected.join()}`, async () => {
			const kept = outputOf(await run(file, 'Every Hour'), 'Each Customer');
			return isDeepStrictEqual(kept.map((row) => row.auth_corpid).sort(), [...expected].sort());
		});
	};
	await knows(corps);

	const messages = outputOf(await run(file, 'Every Hour'), 'Message with Corp');
	const kept = wecom.truth.map(({ seq }) => Number(seq));
	for (const corp of corps) {
		const own = messages.filter(({ auth_corpid: of }) => of === corp);
		expect(own.map(({ seq }) => seq)).toEqual(kept);
	}

	wecom.cancelAuth(corps[1] ?? '');
	await wecom.settled();
	await knows(corps.slice(0, 1));
	await rest.unpublish(exampleId(file));
});

it('archive-set-up: from a new key pair to a pull', async () => {
	const file = 'archive-set-up.json';
	const setUp = await run(file, 'Set Up');
	expect(outputOf(setUp, 'Generate Key Pair')).toEqual([
		expect.objectContaining({ public_key_ver: 3 }),
	]);
	expect(outputOf(setUp, 'Archived Members').length).toBeGreaterThan(3);
	expect(outputOf(setUp, 'Check Consent')).toHaveLength(1);
	const pulled = outputOf(await run(file, 'Every 5 Minutes'), 'Pull and Decrypt');
	expect(pulled).toHaveLength(bench.wecom.truth.length);
});

it('conversation-analysis: the team hears of unhappy customers', async () => {
	const execution = await run('conversation-analysis.json', 'Every Hour');
	const asked = outputOf(execution, 'Sentiment').length;
	const unhappy = outputOf(execution, 'Unhappy?').length;
	expect(unhappy).toBeGreaterThan(0);
	expect(unhappy).toBeLessThan(asked);
	expect(robot.said()).toHaveLength(unhappy);
});

it('acquisition-to-customers: a link, and a table of who came', async () => {
	const file = 'acquisition-to-customers.json';
	const [link] = outputOf(await run(file, 'Set Up'), 'Create Link');
	expect(link?.channel_url).toBe(`${String(link?.url)}?customer_channel=autumn_fair`);
	const rows = outputOf(await run(file, 'Every Morning'), 'Columns');
	expect(rows.length).toBeGreaterThan(100);
});

it('license-renewal: whose license ends soon, and no order', async () => {
	const execution = await run('license-renewal.json', 'Every Monday');
	const soon = outputOf(execution, 'Runs Out Soon');
	expect(soon.length).toBeGreaterThan(0);
	expect(robot.said()).toHaveLength(soon.length);
	const paths = bench.wecom.requests.map(({ path }) => path);
	expect(paths.filter((path) => path.endsWith('/place_order'))).toEqual([]);
});

it('order-by-approval: renewals are asked about, and paid through the form', async () => {
	const file = 'order-by-approval.json';
	const { wecom, rest } = bench;
	expect((await run(file, 'Set Up')).status).toBe('success');
	expect((await run(file, 'Every Monday')).status).toBe('success');
	expect(robot.said()).toHaveLength(2);
	const { orderId = '' } = wecom.orders.list.find(({ status }) => status === 0) ?? {};
	await publish(file);
	const form = `${rest.url}/form/wecom-order-approval?Order=${orderId}`;
	expect(await (await fetch(form)).text()).toContain(`value="${orderId}"`);
	const body = new FormData();
	[orderId, 'Pay', 'lisi'].forEach((value, index) => body.set(`field-${index}`, value));
	expect((await fetch(form, { method: 'POST', body })).ok).toBe(true);
	await rest.until('the team was told', async () => robot.said().length > 2);
	expect(robot.said()[2]).toContain(`**Paid** by lisi: order ${orderId}`);
	expect(wecom.orders.list.find((one) => one.orderId === orderId)?.status).toBe(1);
	await rest.unpublish(exampleId(file));
});

it('zone-sentiment-alert: the zone tells of new messages, the team hears who is unhappy', async () => {
	const file = 'zone-sentiment-alert.json';
	const { wecom, rest } = bench;
	const url = await publish(file);
	const angry = wecom.world.customers.find(({ agrees }) => agrees)?.externalUserid ?? '';
	sayWithOldKey(angry, '太差了，我要投诉，要求退款！');
	expect(await tellZoneEvent(wecom, url, 'conversation_new_message')).toBe(true);
	const [execution] = await rest.ended(exampleId(file), 1);
	const unhappy = execution ? outputOf(execution, 'Unhappy?') : [];
	expect(unhappy.map(({ chat_id: chat }) => chat)).toContain(angry);
	expect(toldOf('**Unhappy customer**')).toHaveLength(unhappy.length);
	await rest.unpublish(exampleId(file));
});

it('zone-keyword-hits: a rule is hit, the team hears what it is about', async () => {
	const file = 'zone-keyword-hits.json';
	const { wecom, rest } = bench;
	const url = await publish(file);
	await watchFor(wecom, '退款', ['退款']);
	const chatId = wecom.world.customers.find(({ agrees }) => agrees)?.externalUserid ?? '';
	sayWithOldKey(chatId, '我要退款');
	expect(await tellZoneEvent(wecom, url, 'hit_keyword')).toBe(true);
	const [execution] = await rest.ended(exampleId(file), 1);
	const summaries = execution ? outputOf(execution, 'Summary') : [];
	expect(summaries.map(({ chat_id: chat }) => chat)).toContain(chatId);
	expect(toldOf('**Keyword hit**')).toHaveLength(summaries.length);
	await rest.unpublish(exampleId(file));
});

it('zone-day-table: two Excel files of the day before', async () => {
	const execution = await run('zone-day-table.json', 'Every Night');
	const day = String(outputOf(execution, 'Day')[0]?.day);
	const { runData } = execution.data.resultData;
	for (const table of ['Activity', 'Consent']) {
		const [item] = runData[`${table} File`]?.[0]?.data?.main?.[0] ?? [];
		expect(item?.binary?.data?.fileName).toBe(`${table.toLowerCase()}-${day}.xlsx`);
	}
	for (const { remark } of outputOf(execution, 'Consent Columns')) expect(remark).toBe('');
});

it('nightly-table: an Excel file with a row for each message', async () => {
	const execution = await run('nightly-table.json', 'Every Night');
	expect(outputOf(execution, 'Columns')).toHaveLength(bench.wecom.truth.length);
	const [item] = execution.data.resultData.runData['Excel File']?.[0]?.data?.main?.[0] ?? [];
	expect(item?.binary?.data?.fileName).toMatch(/^wecom-\d{4}-\d\d-\d\d\.xlsx$/);
});

it('archive-files: files of new messages on disk', async () => {
	bench.wecom.addMessages(1, { msgtype: 'image' });
	const execution = await run('archive-files.json', 'New Messages');
	const saved = outputOf(execution, 'Save File').map(({ fileName }) => String(fileName));
	expect(saved.length).toBeGreaterThan(0);
	for (const path of saved) expect(readdirSync(files)).toContain(basename(path));
});

it('nightly-media-export: a table of all messages, and the files that it names', async () => {
	const execution = await run('nightly-media-export.json', 'Every Night');
	const rows = outputOf(execution, 'Columns');
	expect(rows).toHaveLength(bench.wecom.truth.length);
	const named = rows.flatMap((row) => String(row.files).split(', ')).filter((name) => name !== '');
	expect(named.length).toBeGreaterThan(10);
	expect(readdirSync(files)).toEqual(expect.arrayContaining(named));
	expect(readdirSync(files).join()).toMatch(/messages-\d{4}-\d\d-\d\d\.xlsx/);
});

it('ai-agent: an agent that searches', async () => {
	const question = [{ sessionId: '1', action: 'sendMessage', chatInput: '谁投诉漏水?' }];
	const execution = await run('ai-agent.json', 'Chat', question);
	expect(outputOf(execution, 'Agent')).toEqual([{ output: 'That is all.' }]);
	expect(model.toolAnswers()).toEqual([
		expect.arrayContaining([
			expect.objectContaining({ content: expect.stringContaining('漏水') as string }),
		]),
	]);
});

it('all of them were run', () => {
	const tests = readFileSync(__filename, 'utf8');
	const names = EXAMPLE_FILES.map((file) => file.replace('.json', ''));
	expect(names.filter((name) => !tests.includes(`it('${name}: `))).toEqual([]);
});
