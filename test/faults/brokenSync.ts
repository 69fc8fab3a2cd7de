import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import {
	credentialsFor,
	ENDS,
	installLibrary,
	startSimulator,
	type Contract,
	type ProgramStyle,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
import type { Random } from '../../simulator/random';
import { report } from './counts';
import { librariesOf, memoryOf, stillThere } from './libraryProcesses';
import { startLink, type Link, type LinkFault } from './link';
import { Program } from './program';
import type { Batch, Syncing } from './programs/sync';
import { Leaks } from './secrets';
import { seeded } from './sizes';

/** How a process pulls. */
type Pages = Pick<Syncing, 'pageSize' | 'maxRecords' | 'pagesAtOnce' | 'requestTimeout'>;

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
	/** Adds further messages, and secrets that must not come out. */
	readonly prepare?: (wecom: Simulator, leaks: Leaks) => Promise<void>;
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
	messageArchive: '/cgi-bin/finance_sdk/GetChatData',
};
/** At most so many good exchanges between two that go wrong. */
const MAX_GOOD = 4;
/** How many requests there are at least among which one is the last; long pages take few. */
const MIN_MOMENTS = 5;
/** What the link does of its own. */
const ANSWERS = ['none', 'half', 'http502', 'html', 'empty'] as const;
/** What WeCom does. */
const REFUSALS = ['busy', 'frequency', 'expired'] as const;
/** What Tencent's library does: it fails for a moment, ends its process, or somebody else ends it. */
const OF_LIBRARY = ['10001', '10002', '10003', ...ENDS, 'killed'] as const;
/** At most so long after its request the process of the library is killed, milliseconds. */
const KILLED_WITHIN_MS = 60;
/**
 * What WeCom's clock goes on with each request, milliseconds: it takes 120 calls for messages a minute
 * without an event's token, and this is a matter of minutes.
 */
const TICK_MS = 600;

type FaultKind = (typeof ANSWERS)[number] | (typeof REFUSALS)[number] | (typeof OF_LIBRARY)[number];

/** What became of the processes of Tencent's library. */
interface Libraries {
	/** How many were there when the process that had started them was killed. */
	left: number;
	/** Those of them that did not end. */
	orphans: number[];
	/** The most memory that one of them took, bytes. */
	memory: number;
}

/** A sync through a link that breaks, in processes that are killed. */
export class BrokenSync {
	readonly leaks = new Leaks();
	/** Numbers of the processes that were killed. */
	readonly killed: number[] = [];
	/** What went wrong on the way, by kind. */
	readonly faults: Record<string, number>;
	readonly libraries: Libraries = { left: 0, orphans: [], memory: 0 };
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
	private program: Program | undefined;
	/** Path of Tencent's library, where the plan needs one. */
	private library: string | undefined;
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
		// Tencent's library looks after its token itself.
		this.kinds = this.hasLibrary
			? [...ANSWERS, ...refusals.filter((kind) => kind !== 'expired'), ...OF_LIBRARY]
			: [...ANSWERS, ...refusals];
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

	/**
	 * The longest holds of the event loop of the pulls, milliseconds: of the worst, and of half of them.
	 * The first pull of each process does not count: everything is read and compiled then.
	 */
	get held(): { most: number; median: number } {
		const later = this.batches.filter(({ run }, index) => this.batches[index - 1]?.run === run);
		const held = later.map(({ heldMs }) => heldMs);
		return { most: Math.max(0, ...held), median: median(held) };
	}

	/** By how much the memory of the last process has grown from its first pulls to its last, bytes. */
	get growth(): number {
		const last = this.batches.at(-1)?.run;
		const memory = this.batches.filter(({ run }) => run === last).map((batch) => batch.memory);
		const part = Math.ceil(memory.length / 3);
		return median(memory.slice(-part)) - median(memory.slice(0, part));
	}

	private get hasLibrary(): boolean {
		return this.plan.contract === 'messageArchive';
	}

	private async syncAll(): Promise<void> {
		const { wecom, plan, leaks } = this;
		await plan.prepare?.(wecom, leaks);
		this.expected = await plan.truth(wecom);
		const link = await startLink(wecom.url, (path) => {
			this.tick();
			this.onRequest();
			this.measureLibraries();
			return this.nextFault(path);
		});
		if (this.hasLibrary) {
			this.library = await installLibrary(link.url, join(this.folder, 'library'));
		}
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
		else if (kind === 'killed') void this.killLibrary();
		else if (isOneOf(ENDS, kind)) wecom.faults.add({ path, kind: 'endsProcess', how: kind });
		else if (isOneOf(ANSWERS, kind)) return { forward: random.chance(0.5), answer: kind };
		else wecom.faults.add({ path, kind: 'returnCode', returnCode: Number(kind) });
		return undefined;
	}

	/** As the system does that wants its memory back: while it fetches, or opens what it has fetched. */
	private async killLibrary(): Promise<void> {
		const pids = librariesOf(this.program?.pid ?? 0);
		await setTimeout(this.random.int(0, KILLED_WITHIN_MS));
		for (const pid of pids) {
			// It may have ended by itself.
			if ((await stillThere([pid], 0)).length > 0) process.kill(pid, 'SIGKILL');
		}
	}

	/** Lets a process sync. @returns whether it got through; otherwise it was killed on the way */
	private async syncAndDie(run: number, link: Link): Promise<boolean> {
		const { plan, random, killed, folder, batchesFile } = this;
		const pages = plan.pages[run % plan.pages.length] as Pages;
		const { library, libraries } = this;
		const program = Program.start('sync', library ? { WECOM_FINANCE_SDK: library } : {});
		this.program = program;
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
			const left = librariesOf(program.pid);
			await program.end('SIGKILL');
			libraries.left += left.length;
			libraries.orphans.push(...(await stillThere(left)));
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

	private measureLibraries(): void {
		if (!this.hasLibrary) return;
		const memory = librariesOf(this.program?.pid ?? 0).map((pid) => memoryOf(pid, 'VmRSS'));
		this.libraries.memory = Math.max(this.libraries.memory, ...memory);
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
		report(`n8n's process, ${this.plan.name}`, {
			'longest hold of the event loop, ms': Math.round(this.held.most),
			'median of a pull, ms': Math.round(this.held.median),
			'grew by, KB': Math.round(this.growth / 1024),
			...(this.hasLibrary ? { "library's process, MB": toMegabytes(this.libraries.memory) } : {}),
		});
	}
}

function isOneOf<T extends string>(list: readonly T[], kind: string): kind is T {
	return (list as readonly string[]).includes(kind);
}

function toMegabytes(bytes: number): number {
	return Math.round(bytes / 1024 / 1024);
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
