import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';
import { CancelledError, StateUnavailableError } from '../../wecom/errors';
import { abortable } from '../../wecom/http/onAbort';
import { withLock, type Lease } from '../../wecom/state/lock';
import type { State } from '../../wecom/state/stateStore';
import { ArchivePosition, type SavedPosition } from './archivePosition';
import type { Archive } from './credentials';
import type { Taken } from './run/earlierTries';
import { ExecutionLease } from './executionLease';
import { isTest, nodePath } from './n8nInternals';
import { setInAllCopies } from './staticCopies';
import {
	joined,
	NOBODY,
	readPosition,
	sortOut,
	within,
	without,
	writePosition,
	type Range,
	type TakenRange,
} from './takenRanges';
import { takerOf, type Share } from './taker';

/** A position, and what the shared state has not been told of it. */
interface Place {
	position: ArchivePosition;
	/** What executions took that run without the shared state knowing of it. */
	untold: Map<ExecutionLease, { ranges: Range[]; shares: Share[] }>;
}

/**
 * Positions by workflow, node and archive. n8n gives every execution its own copy of the static data,
 * so two executions at once would both start from the old position if this process did not remember.
 */
const places = new Map<string, Place>();

/** How long a shared position is kept after the last pull, milliseconds; WeCom keeps records 5 days. */
const KEEP_MS = 90 * 24 * 60 * 60 * 1000;
/** How often a pull is begun anew that stood still for so long that others pulled the same. */
const MAX_TURNS = 5;

/** Whose position it is. */
export interface PositionOwner {
	execution: IExecuteFunctions;
	/** Where processes share the position. */
	state: State;
	/** Whether they do, even if this run has to do without. */
	sharing: boolean;
	/** Whose messages they are: seqs of one archive say nothing about another. */
	archive: Archive;
	signal: AbortSignal | undefined;
	/** Learns that the position could not be shared this time. */
	onStateUnavailable(error: StateUnavailableError): void;
	/** Learns what was taken. */
	onTaken(taken: Taken): void;
}

/** What one pull brought. */
export interface PositionedPull<T> {
	result: T;
	/** How far it came. */
	nextSeq: bigint;
	/** Whether a limit ended it. */
	stoppedEarly: boolean;
}

/** Gets messages after a seq, of a range up to its end. */
export type Pull<T> = (afterSeq: bigint, upTo?: bigint) => Promise<PositionedPull<T>>;

/**
 * Runs a pull from the position the node reached in earlier production executions, one pull of a
 * node at a time, and moves the position to what the pull returns. A failing pull moves nothing, and
 * what is given back is pulled again first, by the next one; tests neither read nor move it.
 *
 * What an execution took is leased to it until it ends: what n8n saves for a restart never lies beyond.
 * Where processes share the position, what was lost together with its process is pulled again as well.
 * A pull that stood still for so long that its turn went to another process is begun anew.
 *
 * @param startAfter where to start when that is further on
 * @param startPull begins a pull
 * @returns the result of each part
 */
export async function fromRememberedPosition<T>(
	owner: PositionOwner,
	startAfter: bigint,
	startPull: () => Pull<T>,
): Promise<T[]> {
	const { execution, signal } = owner;
	if (isTest(execution)) return [(await startPull()(startAfter)).result];
	const turn = new Turn(owner, startAfter, startPull);
	const { position } = turn.place;
	const before = position.busy;
	const results = before.then(async () => await turn.run());
	position.busy = results.catch(() => undefined);
	// Only the waiting ends at once: what a turn has taken must come to an end in good order.
	await (signal ? abortable(before, signal) : before);
	return await results;
}

/** A turn of an execution to pull from a position. */
class Turn<T> {
	readonly place: Place;
	private readonly key: string;
	/** Name of the archive. */
	private readonly name: string;
	private readonly staticData: IDataObject;
	private readonly saved: SavedPosition;
	private readonly lease: ExecutionLease | undefined;

	constructor(
		private readonly owner: PositionOwner,
		private readonly startAfter: bigint,
		private readonly startPull: () => Pull<T>,
	) {
		const { execution, archive } = owner;
		this.name = archive.corp || archive.credential;
		this.key = `${nodePath(execution)}/seq/${this.name}`;
		this.place = places.get(this.key) ?? { position: new ArchivePosition(), untold: new Map() };
		places.set(this.key, this.place);
		this.staticData = execution.getWorkflowStaticData('node');
		this.saved = readSaved(this.staticData, this.name);
		this.lease = ExecutionLease.of(execution);
	}

	/** @throws whatever the pull throws */
	async run(): Promise<T[]> {
		const { state, sharing, signal, onStateUnavailable } = this.owner;
		if (signal?.aborted) throw new CancelledError();
		this.place.position.learn(this.saved, sharing ? 'shared state' : 'this process');
		if (state.kind === 'memory') return await this.alone();
		for (let turn = 1; turn <= MAX_TURNS; turn++) {
			let begun = false;
			const onBegin = () => (begun = true);
			try {
				const results = await withLock(
					state.facts,
					`position/${this.key}`,
					async (lock) => await this.shared(lock, onBegin),
					signal,
				);
				if (results) return results;
			} catch (error) {
				if (begun || !(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
				onStateUnavailable(error);
				return await this.alone();
			}
		}
		throw new StateUnavailableError('lease lost', 'the state store');
	}

	private async alone(): Promise<T[]> {
		const kept = await this.pullAll([], async (pulled) => {
			this.handOn(pulled);
			return await Promise.resolve(pulled);
		});
		return kept?.results ?? [];
	}

	/** @returns undefined when the turn went to another process meanwhile: nothing was taken */
	private async shared(lock: Lease, onBegin: () => void): Promise<T[] | undefined> {
		const { position } = this.place;
		const { facts } = this.owner.state;
		const name = `position/${this.key}`;
		const known = readPosition(await facts.get(name), name);
		const { running, lost } = await sortOut(facts, known.taken);
		onBegin();
		const toPull = position.learnShared({ seq: known.seq, running, lost });
		// What seems lost, but is in the hands of an execution of this process.
		const held = lost.flatMap((range) => ofShare(range.share, position.leasedOf([range])));
		const kept = await this.pullAll(toPull, async (pulled) => {
			let share: Share | undefined;
			try {
				const others = await this.shareUntold();
				const takes = this.lease && pulled.ranges.length > 0;
				share = takes ? await this.share(this.lease) : undefined;
				const mine = share ? ofShare(share.name, pulled.ranges) : [];
				// Given back since this turn began: with this process alone it would go down.
				const late = position.givenBackHere;
				const taken = [
					...running,
					...held,
					...others.taken,
					...ofShare(NOBODY, [...pulled.left, ...late]),
					...mine,
				];
				const next = writePosition({ seq: pulled.seq, taken });
				if (!(await lock.set(name, next, KEEP_MS))) return undefined;
				others.onTold();
				position.passOn(late);
				this.handOn(pulled, share);
				position.giveBack(pulled.left, 'shared state');
				return { ...pulled, left: [] };
			} catch (error) {
				if (!(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
				// What was pulled is handed on all the same. Whether it was written nobody knows.
				this.owner.onStateUnavailable(error);
				this.handOn(pulled, share, false);
				return pulled;
			}
		});
		return kept?.results;
	}

	/**
	 * Pulls what others lost and what was given back, then what is new.
	 *
	 * @param keep takes it; what it leaves goes back to those who had it
	 */
	private async pullAll<Kept extends { left: readonly Range[] }>(
		lost: readonly Range[],
		keep: (pulled: Pulled<T>) => Promise<Kept | undefined>,
	): Promise<Kept | undefined> {
		const { position } = this.place;
		const again = position.takeAgain(lost);
		let left = again.ranges;
		try {
			const pull = this.startPull();
			const pulled = await pullAgain(again.ranges, pull);
			const from = largest(this.startAfter, position.seq);
			const more = pulled.stopped ? undefined : await pull(from);
			if (this.owner.signal?.aborted) throw new CancelledError();
			if (more) {
				pulled.results.push(more.result);
				if (more.nextSeq > from) pulled.ranges.push({ from, to: more.nextSeq });
			}
			const kept = await keep({ ...pulled, seq: largest(position.seq, more?.nextSeq ?? 0n) });
			if (kept) ({ left } = kept);
			return kept;
		} finally {
			position.ack(again.holder);
			position.giveBack(within(left, lost), 'shared state');
			position.giveBack(without(left, lost), 'this process');
			this.save();
		}
	}

	/**
	 * What was pulled is this execution's until it ends.
	 *
	 * @param share under what name the shared state has it
	 * @param isTold whether it certainly has
	 */
	private handOn({ ranges, seq }: Pulled<T>, share?: Share, isTold = share !== undefined): void {
		const { position, untold } = this.place;
		const holder = this.lease ?? {};
		const ack = () => {
			position.ack(holder);
			if (this.lease) untold.delete(this.lease);
			this.save();
		};
		if (!position.isHolder(holder)) this.lease?.beforeSaving(ack);
		position.seq = seq;
		const batch = position.lease(ranges, holder);
		const settle = this.lease?.openBatch();
		if (!isTold) this.keepUntold(ranges);
		this.owner.onTaken({
			isHeld: async () => !share || (await share.isHeld()),
			handOn: () => {
				position.handOn(batch);
				(settle ?? ack)();
			},
			giveBack: async () => {
				position.nack(batch, isTold ? 'shared state' : 'this process');
				const { shares } = isTold ? { shares: [] } : this.forgetUntold(ranges);
				this.save();
				const isOver = this.owner.signal?.aborted;
				const told = [...(share ? [share] : []), ...shares].map(
					async (one) => await one.giveBack(isOver),
				);
				settle?.();
				await Promise.all(told);
			},
		});
	}

	private keepUntold(ranges: readonly Range[]): void {
		const { untold } = this.place;
		if (!this.lease || !this.owner.sharing) return;
		const { ranges: others, shares } = untold.get(this.lease) ?? { ranges: [], shares: [] };
		untold.set(this.lease, { ranges: joined([...others, ...ranges]), shares });
	}

	private forgetUntold(ranges: readonly Range[]): { shares: Share[] } {
		const known = this.lease && this.place.untold.get(this.lease);
		if (!known) return { shares: [] };
		known.ranges = without(known.ranges, ranges);
		return known;
	}

	/** Names what executions of this process took while the shared state was away, to write it down. */
	private async shareUntold(): Promise<{ taken: TakenRange[]; onTold: () => void }> {
		const taken: TakenRange[] = [];
		const calls: Array<() => void> = [];
		for (const [lease, known] of this.place.untold) {
			const share = known.ranges.length > 0 ? await this.share(lease) : undefined;
			if (!share) continue;
			const { ranges } = known;
			taken.push(...ofShare(share.name, ranges));
			calls.push(() => {
				known.ranges = without(known.ranges, ranges);
				known.shares.push(share);
			});
		}
		return { taken, onTold: () => calls.forEach((call) => call()) };
	}

	private async share(lease: ExecutionLease): Promise<Share | undefined> {
		const { execution, state } = this.owner;
		return await (await takerOf(state.facts, lease, nodePath(execution)))?.share();
	}

	/** As far as it is safe, in every copy of the static data. */
	private save(): void {
		const fields = toFields(this.place.position.saved, this.name);
		Object.assign(this.staticData, fields); // n8n saves what was written, changed or not
		setInAllCopies(this.owner.execution, fields);
	}
}

/** What one turn pulled. */
interface Pulled<T> {
	results: T[];
	ranges: Range[];
	/** What a limit left of what was to be pulled again. */
	left: Range[];
	/** How far the position is then. */
	seq: bigint;
}

/** Pulls ranges once more, until a limit ends it. */
async function pullAgain<T>(given: readonly Range[], pull: Pull<T>) {
	const results: T[] = [];
	const ranges: Range[] = [];
	const left: Range[] = [];
	let stopped = false;
	for (const { from, to } of given) {
		if (stopped) {
			left.push({ from, to });
			continue;
		}
		const { result, nextSeq, stoppedEarly } = await pull(from, to);
		results.push(result);
		stopped = stoppedEarly;
		ranges.push({ from, to: stopped ? nextSeq : to });
		if (stopped && nextSeq < to) left.push({ from: nextSeq, to });
	}
	return { results, ranges, left, stopped };
}

/** The fields of n8n's static data in which a position is saved. */
function toFields({ seq, done }: SavedPosition, name: string): Record<string, string | undefined> {
	const beyond = done.map(({ from, to }) => `${from}-${to}`).join(' ');
	return { [`seq/${name}`]: `${seq}`, [`done/${name}`]: beyond || undefined };
}

/** @throws InvalidInputError when it was edited and is no seq any more */
function readSaved(staticData: IDataObject, name: string): SavedPosition {
	const { [`seq/${name}`]: seq = 0, [`done/${name}`]: beyond = '' } = staticData;
	const done = String(beyond)
		.split(' ')
		.filter((range) => range !== '')
		.map((range) => {
			const [from, to] = range.split('-');
			return { from: parseSeq(from), to: parseSeq(to) };
		});
	return { seq: parseSeq(seq), done };
}

function ofShare(share: string, ranges: readonly Range[]): TakenRange[] {
	return ranges.map((range) => ({ ...range, share }));
}

function largest(...values: bigint[]): bigint {
	return values.reduce((a, b) => (a > b ? a : b));
}
