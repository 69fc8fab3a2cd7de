import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { credentialsFor, startSimulator, type Simulator } from '../../simulator';
import { report } from './counts';
import { startLink, type Link, type LinkFault } from './link';
import { endPrograms, Program } from './program';
import type { Batch, Syncing } from './programs/sync';
import { Leaks } from './secrets';
import { seeded, SIZES } from './sizes';

const PAGE_SIZE = 50;
const MAX_RECORDS = 400;
/** Where a frequency limit may come: one on tokens is respected for its whole minute. */
const CHAT_DATA = '/cgi-bin/msgaudit/get_chat_data';
/** At most so many good exchanges between two that go wrong. */
const MAX_GOOD = 4;
/** What the link does of its own. */
const ANSWERS = ['none', 'half', 'http502', 'html', 'empty'] as const;
/** What WeCom does. */
const REFUSALS = ['busy', 'frequency', 'expired'] as const;

const folder = mkdtempSync(join(tmpdir(), 'wecom-data-faults-'));
const batchesFile = join(folder, 'batches');
const leaks = new Leaks();
const random = seeded('sync');

let wecom: Simulator;
let link: Link;
let batches: Batch[];
/** What went wrong on the way, by kind. */
const faults: Record<string, number> = Object.fromEntries(
	[...ANSWERS, ...REFUSALS].map((kind) => [kind, 0]),
);
/** Numbers of the processes that were killed. */
const killed: number[] = [];
let failedPolls = 0;
let log = '';
/** Called for every request that reaches the link. */
let onRequest: () => void = () => undefined;

/** Every delivery of a record. */
const deliveries = () =>
	batches.flatMap(({ run, items }, batch) =>
		items.map(({ seq, msgid, decrypted }) => ({ seq: String(seq), msgid, decrypted, run, batch })),
	);

/** Records by seq, with all their deliveries. */
function bySeq(): Map<string, ReturnType<typeof deliveries>> {
	const found = new Map<string, ReturnType<typeof deliveries>>();
	for (const delivery of deliveries()) {
		const others = found.get(delivery.seq);
		if (others) others.push(delivery);
		else found.set(delivery.seq, [delivery]);
	}
	return found;
}

let goodLeft = 0;
let deck: Array<(typeof ANSWERS)[number] | (typeof REFUSALS)[number]> = [];

/** What the next request has to go through: every fault in turn, in random order. */
function nextFault(path: string): LinkFault | undefined {
	if (goodLeft-- > 0) return undefined;
	goodLeft = random.int(0, MAX_GOOD);
	if (deck.length === 0) deck = random.shuffle([...ANSWERS, ...REFUSALS]);
	const kind = deck.pop() ?? 'none';
	if (kind === 'frequency' && path !== CHAT_DATA) {
		deck.push(kind);
		return undefined;
	}
	faults[kind] = (faults[kind] ?? 0) + 1;
	if (kind === 'expired') wecom.expireTokens();
	else if (kind === 'busy' || kind === 'frequency') wecom.faults.add({ path, kind });
	else return { forward: random.chance(0.5), answer: kind };
	return undefined;
}

/** Lets a process sync. @returns whether it got through; otherwise it was killed on the way */
async function syncAndDie(run: number): Promise<boolean> {
	const program = Program.start('sync');
	const sync = async (haltInBatch?: number) => {
		const syncing: Syncing = {
			credentials: { wecomDataApi: { ...credentialsFor(wecom).wecomDataApi, baseUrl: link.url } },
			run,
			batchesFile,
			cursorFile: join(folder, 'cursor'),
			pageSize: PAGE_SIZE,
			maxRecords: MAX_RECORDS,
			...(haltInBatch === undefined ? {} : { haltInBatch }),
		};
		failedPolls += await program.ask<number>('sync', syncing);
	};
	try {
		if (killed.length === SIZES.kills) {
			await sync();
			expect(await program.stop()).toEqual({ code: 0, signal: null });
			return true;
		}
		// In turn: between handing over and keeping the cursor, and anywhere.
		if (run % 2 === 0) await Promise.race([sync(random.int(1, 2)), program.ask('halted')]);
		else await Promise.race([sync(), randomMoment()]);
		killed.push(run);
		return false;
	} finally {
		await program.end('SIGKILL');
		log += program.output;
	}
}

/** Somewhere in the exchanges to come, or shortly after one. */
async function randomMoment(): Promise<void> {
	let requestsLeft = random.int(1, Math.floor(SIZES.messages / PAGE_SIZE / SIZES.kills));
	await new Promise<void>((resolve) => {
		onRequest = () => {
			if (--requestsLeft === 0) resolve();
		};
	});
	await setTimeout(random.int(0, 40));
}

beforeAll(async () => {
	wecom = await startSimulator({
		messageCount: SIZES.messages,
		corruptEvery: 97,
		missingKeyEvery: 151,
	});
	link = await startLink(wecom.url, (path) => {
		onRequest();
		return nextFault(path);
	});
	let runs = 0;
	while (!(await syncAndDie(runs))) runs++;

	const lines = readFileSync(batchesFile, 'utf8').split('\n').slice(0, -1);
	batches = lines.map((line) => JSON.parse(line) as Batch);
	leaks.addCredentials({ ...credentialsFor(wecom) });
	leaks.addTraffic(wecom);
	leaks.addOutput('log', log);
	leaks.addOutput('items', lines.join('\n'));

	const found = bySeq();
	const archived = wecom.truth.map(({ seq }) => String(seq));
	report('Messages', {
		archived: archived.length,
		'delivered once': archived.filter((seq) => found.get(seq)?.length === 1).length,
		lost: archived.filter((seq) => !found.has(seq)).length,
		doubled: archived.filter((seq) => (found.get(seq)?.length ?? 0) > 1).length,
	});
	report('Link of the sync', {
		requests: link.requests.length,
		...faults,
		'failed polls': failedPolls,
		kills: killed.length,
	});
}, 3_000_000);

afterAll(async () => {
	await endPrograms();
	await link.close();
	await wecom.stop();
	rmSync(folder, { recursive: true });
});

describe('a sync through a link that breaks, in a process that is killed', () => {
	it('was killed as often as intended, and met every fault', () => {
		expect(killed.length).toBe(SIZES.kills);
		expect(Object.entries(faults).filter(([, times]) => times === 0)).toEqual([]);
	});

	it('delivers every seq of the archive and skips none', () => {
		const found = bySeq();
		const lost = wecom.truth.filter(({ seq }) => !found.has(String(seq)));
		expect(lost.map(({ seq }) => String(seq))).toEqual([]);
		expect(found.size).toBe(wecom.truth.length);
	});

	it('delivers in the order of the archive', () => {
		const firsts = [...bySeq().keys()];
		expect(firsts).toEqual(wecom.truth.map(({ seq }) => String(seq)));
	});

	it('delivers every record as it is: the good ones readable, the bad ones named', () => {
		const found = bySeq();
		const wrong = wecom.truth.filter(({ seq, msgid, state }) =>
			found
				.get(String(seq))
				?.some((one) => one.msgid !== msgid || one.decrypted !== (state === 'ok')),
		);
		expect(wrong.map(({ seq }) => String(seq))).toEqual([]);
	});

	it('doubles only what was handed over by a process that died before it kept the cursor', () => {
		const doubled = [...bySeq().values()].filter((found) => found.length > 1);
		const isLastOfKilled = ({ run, batch }: { run: number; batch: number }) =>
			killed.includes(run) && batches[batch + 1]?.run !== run;
		const unexplained = doubled.filter((found) => !found.slice(0, -1).every(isLastOfKilled));
		expect(unexplained).toEqual([]);
		expect(doubled.length).toBeGreaterThan(0);
	});

	it('gives no secret away', () => {
		expect(leaks.size.characters).toBeGreaterThan(0);
		expect(leaks.found()).toEqual([]);
	});
});
