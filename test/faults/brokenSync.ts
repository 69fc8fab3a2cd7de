import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import {
	credentialsFor,
	startSimulator,
	type Contract,
	type ProgramStyle,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
import type { Random } from '../../simulator/random';
import { report } from './counts';
import { startLink, type Link, type LinkFault } from './link';
import { Program } from './program';
import type { Batch, Syncing } from './programs/sync';
import { Leaks } from './secrets';
import { seeded } from './sizes';

/** How a process pulls. */
type Pages = Pick<Syncing, 'pageSize' | 'maxRecords' | 'pagesAtOnce'>;

/** What is synced, and how. */
export interface SyncPlan extends Pick<Syncing, 'by'> {
	/** Of the reports, and where its randomness comes from. */
	readonly name: string;
	readonly contract: Contract;
	/** The program that is called in the zone. */
	readonly style?: ProgramStyle;
	readonly messages: number;
	/** How often a process is killed. */
	readonly kills: number;
	readonly simulator: SimulatorOptions;
	/** The processes in turn. */
	readonly pages: readonly Pages[];
	/** Everything that has to come, in order. */
	readonly truth: (wecom: Simulator) => Promise<Expected[]> | Expected[];
	/** What an item is told by. */
	readonly keyOf: (item: IDataObject) => string;
}

/** A record as it has to come. */
export interface Expected {
	readonly key: string;
	/** Whether an item of it is as it has to be. */
	readonly isRight: (item: IDataObject) => boolean;
}

/** One delivery of a record. */
export interface Delivered {
	readonly item: IDataObject;
	readonly run: number;
	readonly batch: number;
}

/** Where the requests for messages go. */
const FEED: Readonly<Record<Contract, string>> = {
	reference: '/cgi-bin/msgaudit/get_chat_data',
	dataZone: '/cgi-bin/chatdata/sync_call_program',
};
/** At most so many good exchanges between two that go wrong. */
const MAX_GOOD = 4;
/** How many requests there are at least among which one is the last; long pages take few. */
const MIN_MOMENTS = 5;
/** What the link does of its own. */
const ANSWERS = ['none', 'half', 'http502', 'html', 'empty'] as const;
/** What WeCom does. */
const REFUSALS = ['busy', 'frequency', 'expired'] as const;
/**
 * What WeCom's clock goes on with each request, milliseconds: it takes 120 calls for messages a minute
 * without an event's token, and this is a matter of minutes.
 */
const TICK_MS = 600;

type FaultKind = (typeof ANSWERS)[number] | (typeof REFUSALS)[number];

/** A sync through a link that breaks, in processes that are killed. */
export class BrokenSync {
	readonly leaks = new Leaks();
	/** Numbers of the processes that were killed. */
	readonly killed: number[] = [];
	/** What went wrong on the way, by kind. */
	readonly faults: Record<string, number>;
	batches: Batch[] = [];
	expected: Expected[] = [];
	private readonly folder = mkdtempSync(join(tmpdir(), 'wecom-data-faults-'));
	private readonly batchesFile = join(this.folder, 'batches');
	private readonly random: Random;
	private readonly kinds: FaultKind[];
	private failedPulls = 0;
	private log = '';
	private goodLeft = 0;
	private deck: FaultKind[] = [];
	/** Called for every request that reaches the link. */
	private onRequest: () => void = () => undefined;

	private constructor(
		private readonly plan: SyncPlan,
		private readonly wecom: Simulator,
		private readonly tick: () => void,
	) {
		this.random = seeded(plan.name);
		// A node that is told of too many calls waits a minute; a trigger leaves it to its next poll.
		const refusals = REFUSALS.filter((kind) => plan.by === 'trigger' || kind !== 'frequency');
		this.kinds = [...ANSWERS, ...refusals];
		this.faults = Object.fromEntries(this.kinds.map((kind) => [kind, 0]));
	}

	/** Syncs everything, with all kills and faults, and reports what came of it. */
	static async run(plan: SyncPlan): Promise<BrokenSync> {
		let ahead = 0;
		const wecom = await startSimulator({
			...plan.simulator,
			messageCount: plan.messages,
			now: () => Date.now() + ahead,
		});
		const sync = new BrokenSync(plan, wecom, () => (ahead += TICK_MS));
		try {
			await sync.syncAll();
		} finally {
			await wecom.stop();
			rmSync(sync.folder, { recursive: true });
		}
		return sync;
	}

	/** Records by what they are told by, with all their deliveries, in the order of the first. */
	get byKey(): Map<string, Delivered[]> {
		const found = new Map<string, Delivered[]>();
		this.batches.forEach(({ run, items }, batch) => {
			for (const item of items) {
				const key = this.plan.keyOf(item);
				const others = found.get(key);
				if (others) others.push({ item, run, batch });
				else found.set(key, [{ item, run, batch }]);
			}
		});
		return found;
	}

	private async syncAll(): Promise<void> {
		const { wecom, plan, leaks } = this;
		this.expected = await plan.truth(wecom);
		const link = await startLink(wecom.url, (path) => {
			this.tick();
			this.onRequest();
			return this.nextFault(path);
		});
		try {
			for (let run = 0; !(await this.syncAndDie(run, link));) run++;
		} finally {
			await link.close();
		}
		const lines = readFileSync(this.batchesFile, 'utf8').split('\n').slice(0, -1);
		this.batches = lines.map((line) => JSON.parse(line) as Batch);
		leaks.addCredentials({ ...credentialsFor(wecom, plan.contract) });
		leaks.addTraffic(wecom);
		leaks.addItems('items', lines.join('\n'));
		leaks.addOutput('log', this.log);
		this.reportAll(link);
	}

	/** What the next request has to go through: every fault in turn, in random order. */
	private nextFault(path: string): LinkFault | undefined {
		const { random, wecom, faults } = this;
		if (this.goodLeft-- > 0) return undefined;
		this.goodLeft = random.int(0, MAX_GOOD);
		if (this.deck.length === 0) this.deck = random.shuffle(this.kinds);
		const kind = this.deck.pop() ?? 'none';
		// One on tokens is respected for its whole minute.
		if (kind === 'frequency' && path !== FEED[this.plan.contract]) {
			this.deck.push(kind);
			return undefined;
		}
		faults[kind] = (faults[kind] ?? 0) + 1;
		if (kind === 'expired') wecom.expireTokens();
		else if (kind === 'busy' || kind === 'frequency') wecom.faults.add({ path, kind });
		else return { forward: random.chance(0.5), answer: kind };
		return undefined;
	}

	/** Lets a process sync. @returns whether it got through; otherwise it was killed on the way */
	private async syncAndDie(run: number, link: Link): Promise<boolean> {
		const { plan, random, killed, folder, batchesFile } = this;
		const pages = plan.pages[run % plan.pages.length] as Pages;
		const program = Program.start('sync');
		const sync = async (haltInBatch?: number) => {
			const syncing: Syncing = {
				credentials: { wecomDataApi: this.credential(link) },
				by: plan.by,
				run,
				batchesFile,
				cursorFile: join(folder, 'cursor'),
				...pages,
				...(haltInBatch === undefined ? {} : { haltInBatch }),
			};
			this.failedPulls += await program.ask<number>('sync', syncing);
		};
		try {
			if (killed.length === plan.kills) {
				await sync();
				expect(await program.stop()).toEqual({ code: 0, signal: null });
				return true;
			}
			// In turn: between handing over and keeping the cursor, and anywhere.
			if (run % 2 === 0) await Promise.race([sync(random.int(1, 2)), program.ask('halted')]);
			else await Promise.race([sync(), this.randomMoment(pages)]);
			killed.push(run);
			return false;
		} finally {
			await program.end('SIGKILL');
			this.log += program.output;
		}
	}

	private credential({ url }: Link): Record<string, string | number> {
		const { wecom, plan } = this;
		const { style = 'java' } = plan;
		const program = { programStyle: style, programId: wecom.programs[style] };
		return { ...credentialsFor(wecom, plan.contract).wecomDataApi, ...program, baseUrl: url };
	}

	/** Somewhere in the exchanges to come, or shortly after one. */
	private async randomMoment({ pageSize }: Pages): Promise<void> {
		const { random, plan } = this;
		const most = Math.max(MIN_MOMENTS, Math.floor(plan.messages / pageSize / plan.kills));
		let requestsLeft = random.int(1, most);
		await new Promise<void>((resolve) => {
			this.onRequest = () => {
				if (--requestsLeft === 0) resolve();
			};
		});
		await setTimeout(random.int(0, 40));
	}

	private reportAll({ requests }: Link): void {
		const found = this.byKey;
		const times = this.expected.map(({ key }) => found.get(key)?.length ?? 0);
		report(`Messages, ${this.plan.name}`, {
			archived: times.length,
			'delivered once': times.filter((count) => count === 1).length,
			lost: times.filter((count) => count === 0).length,
			doubled: times.filter((count) => count > 1).length,
		});
		report(`Link, ${this.plan.name}`, {
			requests: requests.length,
			...this.faults,
			'failed polls': this.failedPulls,
			kills: this.killed.length,
		});
	}
}
