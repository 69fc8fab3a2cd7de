import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IRun } from 'n8n-workflow';

import { suiteCredentialsFor } from '../../simulator';
import type { Bench } from '../engine/support';
import { closeServers } from '../unit/support/server';
import { EXAMPLE_FILES, EXAMPLES, readExample } from './files';
import { filledIn } from './filledIn';
import { outputOf, startExampleBench, startLanguageModel, startRobot } from './support';

let bench: Bench;

afterEach(async () => {
	await bench?.stop();
	await closeServers();
});

describe('every example', () => {
	const files = EXAMPLE_FILES;

	it.each(files)('%s uses node types of this package or of n8n, and holds no secret', (file) => {
		const text = readFileSync(join(EXAMPLES, file), 'utf8');
		for (const { type } of readExample(file).nodes) {
			expect(type).toMatch(/^(n8n-nodes-wecom-data|n8n-nodes-base|@n8n\/n8n-nodes-langchain)\./);
		}
		expect(text).not.toMatch(/PRIVATE KEY|corpSecret|access_token/);
	});

	it('is run by a test of this folder', () => {
		const tests = readdirSync(__dirname)
			.filter((file) => file.endsWith('.test.ts'))
			.map((file) => readFileSync(join(__dirname, file), 'utf8'))
			.join();
		expect(files.filter((file) => !tests.includes(`('${file}'`))).toEqual([]);
	});
});

it('archive-to-answer turns callbacks into decrypted messages, each once', async () => {
	bench = await startExampleBench({ messageCount: 150, corruptEvery: 50 });
	const runs: IRun[] = [];
	const workflow = bench.engine.workflow(readExample('archive-to-answer.json'));
	const { url, close, settled } = await bench.engine.serveWebhooks(
		workflow,
		'WeCom Data Trigger',
		(run) => runs.push(run),
	);
	expect((await bench.wecom.verifyUrl(url)).ok).toBe(true);
	const notify = async (second: number) => {
		const fields = { TimeStamp: String(1_700_000_000 + second) };
		await bench.wecom.sendCallback({ url, event: 'msgaudit_notify', fields });
		await settled();
	};
	await notify(0);
	bench.wecom.addMessages(4);
	await notify(15);
	await notify(30);
	await bench.wecom.sendCallback({ url, event: 'suite_ticket' });
	await close();

	const output = runs.map((run) => outputOf(run, 'Pull New Messages').map(({ seq }) => seq));
	expect(output.map((seqs) => seqs.length)).toEqual([150, 4, 0]);
	expect(output.flat()).toEqual(bench.wecom.truth.map(({ seq }) => Number(seq)));
});

it('nightly-table makes an Excel file with one row per message', async () => {
	bench = await startExampleBench({ messageCount: 60, corruptEvery: 20 });
	const workflow = bench.engine.workflow(readExample('nightly-table.json'));
	const run = await bench.engine.run(workflow, 'Every Night');
	const rows = outputOf(run, 'Columns');
	expect(rows.map(({ msgid }) => msgid)).toEqual(bench.wecom.truth.map(({ msgid }) => msgid));
	expect(Object.keys(rows[0] ?? {})).toEqual(
		expect.arrayContaining(['time', 'sender', 'receivers', 'conversation', 'type', 'text']),
	);
	const [file] = run.data.resultData.runData['Excel File']?.[0]?.data?.main?.[0] ?? [];
	const { data = '', fileName } = file?.binary?.data ?? {};
	expect(fileName).toMatch(/^wecom-\d{4}-\d\d-\d\d\.xlsx$/);
	// An xlsx is a zip.
	expect(Buffer.from(data, 'base64').subarray(0, 2).toString()).toBe('PK');
	// The second night has only what is new.
	bench.wecom.addMessages(3);
	expect(outputOf(await bench.engine.run(workflow, 'Every Night'), 'Columns')).toHaveLength(3);
});

it('archive-set-up leads from a new key pair to messages that only its key opens', async () => {
	bench = await startExampleBench({ messageCount: 10 });
	const { wecom, engine } = bench;
	const [customer] = wecom.world.customers;
	const workflow = engine.workflow(filledIn('archive-set-up.json', wecom));
	const setUp = await engine.run(workflow, 'Set Up', undefined, 'manual');
	const [pair] = outputOf(setUp, 'Generate Key Pair');
	expect(pair).toMatchObject({ public_key_ver: 3 });
	expect(outputOf(setUp, 'Archived Members').length).toBeGreaterThan(3);
	expect(outputOf(setUp, 'Check Consent')).toEqual([
		expect.objectContaining({ userid: customer?.owner, agreed: customer?.agrees }),
	]);
	const sent = wecom.requests.find(({ path }) => path.endsWith('/set_callback'))?.body;
	expect(sent).toEqual({
		url: 'https://n8n.example.com/webhook/archive',
		token: wecom.callback.token,
		encoding_aes_key: wecom.callback.encodingAesKey,
	});

	wecom.addMessages(5);
	const pull = async () =>
		outputOf(await engine.run(workflow, 'Every 5 Minutes'), 'Pull and Decrypt');
	const before = await pull();
	expect(before.map(({ decrypted }) => decrypted)).toEqual([
		...Array<boolean>(10).fill(true),
		...Array<boolean>(5).fill(false),
	]);
	expect(before.at(-1)).toMatchObject({ reason: 'missing_key_version', publickey_ver: 3 });

	// What the Read Me tells a person to do.
	const credential = engine.credentials.wecomDataApi ?? {};
	Object.assign(credential, {
		olderPrivateKeys: JSON.stringify({
			1: wecom.keys[1]?.privateKey,
			2: wecom.keys[2]?.privateKey,
		}),
		privateKey: pair?.private_key,
		publicKeyVersion: pair?.public_key_ver,
	});
	wecom.addMessages(5);
	expect((await pull()).map(({ decrypted }) => decrypted)).toEqual(Array(5).fill(true));
});

it('conversation-analysis tells the team about unhappy customers, and about them alone', async () => {
	bench = await startExampleBench({ messageCount: 600 });
	const robot = await startRobot();
	const workflow = bench.engine.workflow(
		filledIn('conversation-analysis.json', bench.wecom, robot.url),
	);
	const run = await bench.engine.run(workflow, 'Every Hour');
	const asked = outputOf(run, 'One Item per Conversation').map(({ chat_id: chat }) => chat);
	expect(new Set(asked).size).toBe(asked.length);
	const unhappy = bench.wecom.chats.filter(
		({ chatId, mood }) => mood === 'negative' && asked.includes(chatId),
	);
	expect(unhappy.length).toBeGreaterThan(0);
	expect(unhappy.length).toBeLessThan(asked.length);
	expect(robot.said()).toHaveLength(unhappy.length);
	for (const { chatId } of unhappy) {
		const said = robot.said().find((text) => text.includes(chatId));
		const [summary] = outputOf(run, 'Summary').filter(({ chat_id: chat }) => chat === chatId);
		expect(said).toContain(String(summary?.summary));
		expect(said).toMatch(/\n> .+/);
	}
	// An hour later nobody said anything: no model is asked, nobody is told.
	bench.wecom.requests.length = 0;
	await bench.engine.run(workflow, 'Every Hour');
	expect(bench.wecom.requests.filter(({ path }) => path.includes('/model/'))).toEqual([]);
});

it('acquisition-to-customers leads from the authorization to a table of customers', async () => {
	bench = await startExampleBench({ messageCount: 1 });
	const { wecom, engine } = bench;
	const workflow = engine.workflow(filledIn('acquisition-to-customers.json', wecom));
	const setUp = await engine.run(workflow, 'Set Up', undefined, 'manual');
	expect(outputOf(setUp, 'Authorized?')).toEqual([expect.objectContaining({ status: 1 })]);
	const [link] = outputOf(setUp, 'Create Link');
	expect(link?.channel_url).toBe(`${String(link?.url)}?customer_channel=autumn_fair`);

	const run = await engine.run(workflow, 'Every Morning');
	expect(outputOf(run, 'All Links').map(({ link_id: id }) => id)).toContain(link?.link_id);
	const rows = outputOf(run, 'Columns');
	expect(rows.length).toBeGreaterThan(100);
	expect(new Set(rows.map(({ customer }) => customer)).size).toBe(rows.length);
	expect(rows[0]).toEqual({
		link: expect.any(String) as string,
		opened: expect.any(Number) as number,
		customer: expect.stringMatching(/^wm/) as string,
		member: expect.any(String) as string,
		channel: expect.any(String) as string,
		status: expect.any(String) as string,
	});
});

it('keyword-alert names rule and message, once each', async () => {
	bench = await startExampleBench({ messageCount: 50 });
	const { wecom, engine } = bench;
	const robot = await startRobot();
	const rule = await engine.runNode('wecomChatArchive', {
		resource: 'keywordRule',
		operation: 'create',
		name: '投诉',
		words: '漏水, 质量',
	});
	expect(rule.error).toBeUndefined();
	const runs: IRun[] = [];
	const workflow = engine.workflow(filledIn('keyword-alert.json', wecom, robot.url));
	const webhook = await engine.serveWebhooks(workflow, 'Keyword Hit', (run) => runs.push(run));
	const set = await engine.runNode('wecomDataZone', {
		resource: 'callback',
		operation: 'set',
		url: webhook.url,
	});
	expect(set.error).toBeUndefined();
	// Until somebody says it.
	while (wecom.keywordHits.length === 0) wecom.addMessages(50);
	await wecom.settled();
	await webhook.settled();
	await webhook.close();
	for (const run of runs) outputOf(run, 'Keyword Hit');
	const hits = new Set(wecom.keywordHits.map(({ msgid }) => msgid));
	const found = runs.flatMap((run) => outputOf(run, 'Each Message Once').map(({ msgid }) => msgid));
	expect([...found].sort()).toEqual([...hits].sort());
	expect(robot.said()).toHaveLength(hits.size);
	for (const said of robot.said())
		expect(said).toMatch(/^\*\*Keyword "(漏水|质量)"\*\* \(rule 投诉\)\n/);
});

it('customer-corps knows the permanent code of every corp that installed the app, and of no other', async () => {
	const { wecom, engine, dataTables } = await startExampleBench({ messageCount: 20 });
	bench = { wecom, engine, stop: async () => await wecom.stop() };
	const runs: IRun[] = [];
	const workflow = engine.workflow(readExample('customer-corps.json'));
	await engine.run(workflow, 'Set Up', undefined, 'manual');
	const webhook = await engine.serveWebhooks(workflow, 'WeCom Data Trigger', (run) =>
		runs.push(run),
	);
	const set = await engine.runNode('wecomDataZone', {
		resource: 'callback',
		operation: 'set',
		url: webhook.url,
	});
	expect(set.error).toBeUndefined();
	// What the Read Me asks for: a credential of the suite, which holds neither ticket nor corp.
	engine.credentials.wecomDataApi = {
		...suiteCredentialsFor(wecom),
		authCorpId: '',
		permanentCode: '',
	} as (typeof engine.credentials)[string];
	const customers = () => dataTables.rowsOf('wecom_customers');
	const codeOf = (corp: string) =>
		wecom.customers.find(({ corpId }) => corpId === corp)?.permanentCode;
	/** Something happens at WeCom; resolves when the workflow is done with it. */
	async function happens<T>(what: () => T): Promise<T> {
		const outcome = what();
		await wecom.settled();
		await webhook.settled();
		return outcome;
	}

	await happens(() => wecom.pushSuiteTicket());
	expect(runs).toEqual([]);
	const first = await happens(() => wecom.authorizeCorp({ corpName: '甲' }));
	const second = await happens(() => wecom.authorizeCorp({ corpName: '乙' }));
	for (const run of runs) outputOf(run, 'Store Customer');
	expect(customers()).toEqual(
		[
			[first.corpId, '甲'],
			[second.corpId, '乙'],
		].map(([corp = '', name]) => ({
			auth_corpid: corp,
			corp_name: name,
			permanent_code: codeOf(corp),
			permissions: expect.stringContaining('datazone:chatdata:base') as string,
			permissions_end: expect.stringMatching(/^20\d\d-/) as string,
		})),
	);
	const [{ permissions } = {}] = customers();
	expect(permissions).not.toContain('datazone:chatdata:summary'); // it has expired

	// Every hour: the messages of each corp with its own code, each message once.
	const pull = async () =>
		outputOf(await engine.run(workflow, 'Every Hour'), 'Message with Corp').map(
			({ auth_corpid: corp, corp_name: name, seq }) =>
				`${String(corp)} ${String(name)} ${String(seq)}`,
		);
	const pulled = await pull();
	expect(pulled).toEqual(
		[`${first.corpId} 甲`, `${second.corpId} 乙`].flatMap((corp) =>
			wecom.truth.map(({ seq }) => `${corp} ${seq}`),
		),
	);
	expect(await pull()).toEqual([]);

	// A reset makes the old code void; a change of the rights brings them up to date.
	const before = codeOf(first.corpId);
	await happens(() => wecom.resetPermanentCode(first.corpId));
	expect(codeOf(first.corpId)).not.toBe(before);
	expect(customers()[0]).toMatchObject({
		auth_corpid: first.corpId,
		permanent_code: codeOf(first.corpId),
	});
	await happens(() => wecom.changeAuth(second.corpId));
	expect(runs).toHaveLength(4);
	expect(outputOf(runs[3] as IRun, 'Store Permissions')).toEqual([
		expect.objectContaining({ auth_corpid: second.corpId, permissions }),
	]);

	await happens(() => wecom.cancelAuth(second.corpId));
	expect(customers().map(({ auth_corpid: corp }) => corp)).toEqual([first.corpId]);

	// A corp that nobody heard of leaving does not stop the others.
	const third = await happens(() => wecom.authorizeCorp({ corpName: '丙' }));
	await pull();
	await webhook.close();
	wecom.cancelAuth(first.corpId);
	const [added] = wecom.addMessages(1);
	const run = await engine.run(workflow, 'Every Hour');
	expect(outputOf(run, 'Message with Corp')).toEqual([
		expect.objectContaining({ auth_corpid: first.corpId, errcode: 48004 }),
		expect.objectContaining({ auth_corpid: third.corpId, seq: Number(added?.seq) }),
	]);
});

it('ai-agent answers with what the tools found', async () => {
	bench = await startExampleBench({ messageCount: 600 });
	const { wecom, engine } = bench;
	const chat = wecom.chats.find(({ mood }) => mood === 'negative');
	const [customer] = wecom.world.customers;
	const model = await startLanguageModel([
		{ tool: 'Search_messages', input: { keyword: '漏水' } },
		{
			tool: 'Sentiment_of_conversation',
			input: {
				chatId: chat?.chatId,
				beginSeq: String(chat?.firstSeq),
				endSeq: String(chat?.lastSeq),
			},
		},
		{
			tool: 'Summary_of_conversation',
			input: {
				chatId: chat?.chatId,
				beginSeq: String(chat?.firstSeq),
				endSeq: String(chat?.lastSeq),
			},
		},
		{
			tool: 'Consent_of_customer',
			input: { userid: customer?.owner, externalUserid: customer?.externalUserid },
		},
	]);
	engine.credentials.openAiApi = { apiKey: 'sk-test', url: `${model.url}/v1` };
	const workflow = engine.workflow(readExample('ai-agent.json'));
	const question = [{ json: { sessionId: '1', action: 'sendMessage', chatInput: '谁投诉漏水?' } }];
	const run = await engine.run(workflow, 'Chat', question);
	expect(outputOf(run, 'Agent')).toEqual([{ output: 'That is all.' }]);
	const [found, sentiment, summary, consent] = model.toolAnswers();
	expect(found).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ content: expect.stringContaining('漏水') as string }),
		]),
	);
	expect(sentiment).toEqual([expect.objectContaining({ sentiment: 'negative' })]);
	expect(summary).toEqual([expect.objectContaining({ summary: expect.any(String) as string })]);
	expect(consent).toEqual([expect.objectContaining({ agreed: customer?.agrees })]);
	// What a model gets to know about the tools.
	const names = model.tools().map(({ name }) => name);
	expect(names.sort()).toEqual([
		'Consent_of_customer',
		'Search_messages',
		'Sentiment_of_conversation',
		'Summary_of_conversation',
	]);
	for (const { description } of model.tools()) expect(description.length).toBeGreaterThan(60);
});
