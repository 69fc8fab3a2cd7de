import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IRun } from 'n8n-workflow';

import type { WorkflowJson } from './harness';
import { startBench, type Bench } from './support';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const read = (file: string) =>
	JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as WorkflowJson & { name: string };

describe('every example', () => {
	const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));

	it.each(files)('%s uses node types of this package or of n8n, and holds no secret', (file) => {
		const text = readFileSync(join(EXAMPLES, file), 'utf8');
		for (const { type } of read(file).nodes) {
			expect(type).toMatch(/^(n8n-nodes-wecom-data|n8n-nodes-base)\./);
		}
		expect(text).not.toMatch(/PRIVATE KEY|corpSecret|access_token/);
	});

	it('is run by a test of this file', () => {
		expect(files).toEqual(['archive-to-answer.json']);
	});
});

describe('archive-to-answer', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench({ messageCount: 150, corruptEvery: 50 });
	});

	afterAll(async () => {
		await bench.stop();
	});

	it('turns callbacks into decrypted messages, each once', async () => {
		const runs: IRun[] = [];
		const workflow = bench.engine.workflow(read('archive-to-answer.json'));
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

		const output = runs.map(({ data }) => {
			expect(data.resultData.error).toBeUndefined();
			const items = data.resultData.runData['Pull New Messages']?.[0]?.data?.main?.[0] ?? [];
			return items.map(({ json }) => json.seq);
		});
		expect(output.map((seqs) => seqs.length)).toEqual([150, 4, 0]);
		expect(output.flat()).toEqual(bench.wecom.truth.map(({ seq }) => Number(seq)));
	});
});
