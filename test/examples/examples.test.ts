import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IRun } from 'n8n-workflow';

import type { Bench } from '../engine/support';
import { closeServers } from '../unit/support/server';
import { EXAMPLES, outputOf, readExample, startExampleBench, startRobot } from './support';

let bench: Bench;

afterEach(async () => {
	await bench?.stop();
	await closeServers();
});

describe('every example', () => {
	const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));

	it.each(files)('%s uses node types of this package or of n8n, and holds no secret', (file) => {
		const text = readFileSync(join(EXAMPLES, file), 'utf8');
		for (const { type } of readExample(file).nodes) {
			expect(type).toMatch(/^(n8n-nodes-wecom-data|n8n-nodes-base|@n8n\/n8n-nodes-langchain)\./);
		}
		expect(text).not.toMatch(/PRIVATE KEY|corpSecret|access_token/);
	});

	it('is run by a test of this file', () => {
		const tests = readFileSync(__filename, 'utf8');
		expect(files.filter((file) => !tests.includes(`readExample('${file}'`))).toEqual([]);
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
