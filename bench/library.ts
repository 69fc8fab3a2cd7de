import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { installLibrary, startSimulator, type Simulator } from '../simulator';
import { KeyRing } from '../wecom/archive/keyRing';
import type { MessageOpener } from '../wecom/archive/messageOpener';
import { RecordDecryptor, type EncryptedRecord } from '../wecom/archive/record';
import { parseJson } from '../wecom/json';
import { closeLibraries, configureLibraries, openLibrary } from '../wecom/library';
import { FinanceSdk } from '../wecom/library/host/financeSdk';
import { readPlaintext } from '../wecom/library/sealedBody';
import type { Pages } from './libraryServer';
import { median, report } from './promises';

/**
 * `npm run bench`, second part: what it costs that Tencent's library runs in a process of its own. The
 * same records are pulled through it and by the library in this process, in turn, as a ratio.
 */

const ROUNDS = 9;
const MESSAGES = 3000;
const PAGE = 1000;
const TIMEOUT_SECONDS = 30;

/** The library, in whichever process. */
interface Way extends MessageOpener {
	page(seq: bigint): Promise<string>;
}

async function main(): Promise<void> {
	const wecom = await startSimulator({ contracts: ['messageArchive'], messageCount: MESSAGES });
	const pages = await fetchPages(wecom);
	await wecom.stop();
	const server = fork(join(__dirname, 'libraryServer.ts'), {
		execArgv: ['--import', 'tsx'],
		serialization: 'advanced',
	});
	server.send(pages);
	const [port] = (await once(server, 'message')) as [number];
	const folder = mkdtempSync(join(tmpdir(), 'wecom-data-bench-'));
	try {
		const file = await installLibrary(`http://127.0.0.1:${port}`, folder);
		process.env.WECOM_FINANCE_SDK = file;
		configureLibraries({ hostFile: join(__dirname, '..', 'dist', 'wecom', 'library', 'host.js') });
		await compare(wecom, { child: childOf(wecom), here: hereOf(wecom, file) });
	} finally {
		await closeLibraries();
		server.disconnect();
		rmSync(folder, { recursive: true });
	}
}

async function compare(wecom: Simulator, ways: { child: Way; here: Way }): Promise<void> {
	const keys = new KeyRing(
		[1, 2].map((version) => ({ version, key: wecom.keys[version]?.privateKey ?? '' })),
	);
	const ratios: number[] = [];
	const perSecond: number[] = [];
	for (const way of [ways.here, ways.child]) await pull(way, keys); // warm up
	for (let round = 0; round < ROUNDS; round++) {
		const childMs: number[] = [];
		const hereMs: number[] = [];
		// Each before and after the other, so that neither gains by its turn.
		const order = round % 2 === 0 ? ['child', 'here', 'here', 'child'] : ['here', 'child', 'child', 'here']; // prettier-ignore
		for (const name of order) {
			if (name === 'child') childMs.push(await pull(ways.child, keys));
			else hereMs.push(await pull(ways.here, keys));
		}
		const child = sum(childMs);
		ratios.push(sum(hereMs) / child);
		perSecond.push((2 * MESSAGES * 1000) / child);
	}
	console.log(
		`Node ${process.version}, ${ROUNDS} rounds, medians; ${MESSAGES} messages through the process of the library: ${median(perSecond).toFixed(0)} per second`,
	);
	report({
		what: "throughput of a pull through the library's process, to that of the library in this one",
		value: median(ratios),
		limit: 0.9,
		unit: '×',
		below: false,
	});
}

/** Pulls and opens everything. @returns how long it took, milliseconds */
async function pull(way: Way, keys: KeyRing): Promise<number> {
	const decryptor = new RecordDecryptor(keys, way);
	const started = performance.now();
	let count = 0;
	for (let seq = 0n; ;) {
		const { chatdata } = parseJson(await way.page(seq)) as unknown as {
			chatdata: EncryptedRecord[];
		};
		if (chatdata.length === 0) break;
		for await (const { state } of decryptor.decryptEach(chatdata)) {
			if (state !== 'opened') throw new Error(`A record ${state}`);
			count++;
		}
		seq = BigInt(Number(chatdata.at(-1)?.seq));
	}
	if (count !== MESSAGES) throw new Error(`${count} records came`);
	return performance.now() - started;
}

/** In its process, as always. */
function childOf({ corp }: Simulator): Way {
	const library = openLibrary(
		{ at: 'thisMachine' },
		{ corpId: corp.corpId, secret: corp.corpSecret, timeoutSeconds: TIMEOUT_SECONDS },
	);
	return {
		page: async (seq) => await library.chatData(seq, PAGE),
		decrypt: async (batch, signal) => await library.decrypt(batch, signal),
	};
}

/** In this process, called as the other one calls it. */
function hereOf({ corp }: Simulator, file: string): Way {
	const library = new FinanceSdk(file, 'plain');
	const { sdk } = library.open(corp.corpId, corp.corpSecret);
	if (!sdk) throw new Error('The library does not open');
	const way = { proxy: '', passwd: '', timeout: TIMEOUT_SECONDS };
	return {
		page: async (seq) => await Promise.resolve(library.chatData(sdk, seq, PAGE, way)[1]),
		decrypt: async (batch) =>
			await Promise.resolve(
				batch.map(({ randomKey, ciphertext }) =>
					readPlaintext(library.decrypt(randomKey, ciphertext)),
				),
			),
	};
}

async function fetchPages({ url, corp }: Simulator): Promise<Pages> {
	const pages = new Map<number, string>();
	for (let seq = 0; ;) {
		const answer = await fetch(`${url}/cgi-bin/finance_sdk/GetChatData`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ corpid: corp.corpId, secret: corp.corpSecret, seq, limit: PAGE }),
		});
		const text = await answer.text();
		const { chatdata } = JSON.parse(text) as { chatdata: Array<{ seq: number }> };
		if (chatdata.length === 0) return pages;
		pages.set(seq, text);
		seq = chatdata.at(-1)?.seq ?? seq;
	}
}

function sum(values: readonly number[]): number {
	return values.reduce((all, value) => all + value, 0);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
