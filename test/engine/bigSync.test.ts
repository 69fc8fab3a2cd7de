import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { toClientSettings, toKeyRing } from '../../nodes/shared/credentials';
import { getChatData } from '../../wecom/api/archive';
import { WecomClient } from '../../wecom/api/client';
import { pullPages } from '../../wecom/archive/pull';
import { RecordDecryptor } from '../../wecom/archive/record';
import { getAll, startBench, type Bench } from './support';

const RECORDS = 10_000;

describe('a sync of 10,000 records of two key versions, some bad', () => {
	let bench: Bench;

	beforeAll(async () => {
		bench = await startBench({ messageCount: RECORDS, corruptEvery: 333, missingKeyEvery: 777 });
	}, 60_000);

	afterAll(async () => {
		await bench.stop();
	});

	it('hands out every seq exactly once, the good ones right, the bad ones named, though a token expires', async () => {
		bench.wecom.faults.add({ path: '/msgaudit/get_chat_data', kind: 'expired', skip: 4 });
		const { json, error } = await bench.engine.runNode(
			'wecomChatArchive',
			getAll({ simplify: false }),
		);
		expect(error).toBeUndefined();
		const { truth } = bench.wecom;
		expect(json.map(({ seq }) => seq)).toEqual(truth.map(({ seq }) => Number(seq)));
		expect(json.map(({ decrypted }) => decrypted)).toEqual(
			truth.map(({ state }) => state === 'ok'),
		);
		const wrong = json.filter(
			({ decrypted, message }, index) =>
				decrypted && JSON.stringify(message) !== JSON.stringify(truth[index]?.plaintext),
		);
		expect(wrong).toEqual([]);
		expect(new Set(json.map(({ publickey_ver }) => publickey_ver))).toEqual(new Set([1, 2, 3]));
	}, 120_000);

	// The client alone: what n8n keeps of the output is n8n's.
	it('keeps the heap flat from page to page and lets timers have their turn', async () => {
		const credential = bench.engine.credentials.wecomDataApi ?? {};
		const client = new WecomClient(toClientSettings(credential));
		const decryptor = new RecordDecryptor(toKeyRing(credential));
		const heaps: number[] = [];
		let ticks = 0;
		const timer = setInterval(() => ticks++, 5);
		const pages = pullPages(
			async (seq, limit) =>
				(await client.call(getChatData, { cursor: String(seq), limit })).entries,
			0n,
			1000,
		);
		for await (const page of pages) {
			await decryptor.decryptAll(page.records);
			bench.wecom.requests.length = 0;
			collectGarbage();
			heaps.push(process.memoryUsage().heapUsed / 1024 / 1024);
		}
		clearInterval(timer);
		expect(heaps).toHaveLength(RECORDS / 1000);
		const growth = (heaps.at(-1) ?? Infinity) - (heaps[2] ?? 0);
		expect(growth).toBeLessThan(5); // MB; seven pages are some 10 MB of ciphertext
		expect(ticks).toBeGreaterThan(100);
	}, 120_000);
});

const collectGarbage = (() => {
	setFlagsFromString('--expose-gc');
	return runInNewContext('gc') as () => void;
})();
