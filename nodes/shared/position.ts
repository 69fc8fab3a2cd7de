import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';
import { CancelledError, StateUnavailableError } from '../../wecom/errors';
import { abortable } from '../../wecom/http/onAbort';
import { withLock, type Lease } from '../../wecom/state/lock';
import type { State } from '../../wecom/state/stateStore';
import { ArchivePosition, type SavedPosition } from './archivePosition';
import type { Archive } from './credentials';
import type { Taken } from './earlierTries';
import { ExecutionLease } from './executionLease';
import { isTest, nodeKey, nodePath } from './n8nInternals';
import { setInAllCopies } from './staticCopies';
import {
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

/**
 * Positions by workflow, node and archive. n8n gives every execution its own copy of the static data,
 * so two executions at once would both start from the old position if this process did not remember.
 */
const positions = new Map<string, ArchivePosition>();

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
	const { execution, archive, state, signal } = owner;
	if (isTest(execution)) return [(await startPull()(startAfter)).result];
	const name = archive.corp || archive.credential;
	const node = nodeKey(execution);
	const key = `${nodePath(execution)}/seq/${name}`;
	const position = positions.get(key) ?? new ArchivePosition();
	positions.set(key, position);
	const staticData = execution.getWorkflowStaticData('node');
	const saved = readSaved(staticData, name);
	const save = () => {
		const fields = toFields(position.saved, name);
		Object.assign(staticData, fields); // n8n saves what was written, changed or not
		setInAllCopies(execution, fields);
	};
	const lease = ExecutionLease.of(execution);

	/** What was pulled is this execution's until it ends. */
	const take = (ranges: readonly Range[], share?: Share): Taken => {
		const holder = lease ?? {};
		const ack = () => {
			position.ack(holder);
			save();
		};
		if (lease && !position.isHolder(holder)) lease.beforeSaving(ack);
		const batch = position.lease(ranges, holder);
		const settle = lease?.openBatch();
		return {
			handOn: () => {
				position.handOn(batch);
				(settle ?? ack)();
			},
			giveBack: async () => {
				position.nack(batch, share ? 'shared state' : 'this process');
				save();
				const told = share?.giveBack(signal?.aborted);
				settle?.();
				await told;
			},
		};
	};

	/**
	 * Pulls what others lost and what was given back, then what is new.
	 *
	 * @param keep takes it; what it leaves goes back to those who had it
	 */
	const pullAll = async <Kept extends { left: readonly Range[] }>(
		lost: readonly Range[],
		keep: (pulled: Pulled<T>) => Promise<Kept | undefined>,
	): Promise<Kept | undefined> => {
		const again = position.takeAgain(lost);
		let left = again.ranges;
		try {
			const pull = startPull();
			const pulled = await pullAgain(again.ranges, pull);
			const from = largest(startAfter, position.seq);
			const more = pulled.stopped ? undefined : await pull(from);
			if (signal?.aborted) throw new CancelledError();
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
			save();
		}
	};
	const handOn = ({ ranges, seq }: Pulled<T>, share?: Share) => {
		position.seq = seq;
		owner.onTaken(take(ranges, share));
	};
	const alone = async (): Promise<T[]> => {
		const kept = await pullAll([], async (pulled) => {
			handOn(pulled);
			return await Promise.resolve(pulled);
		});
		return kept?.results ?? [];
	};
	let begun = false;
	/** @returns undefined when the turn went to another process meanwhile */
	const shared = async (turn: Lease): Promise<T[] | undefined> => {
		const { facts } = state;
		const text = await facts.get(`position/${key}`);
		const known = readPosition(text);
		const { running, lost } = await sortOut(facts, known.taken);
		begun = true;
		const toPull = position.learnShared(text ? { seq: known.seq, running, lost } : undefined);
		// What seems lost, but is in the hands of an execution of this process.
		const held = lost.flatMap((range) => ofShare(range.share, position.leasedOf([range])));
		const kept = await pullAll(toPull, async (pulled) => {
			try {
				const takes = lease && pulled.ranges.length > 0;
				const share = takes ? await (await takerOf(facts, lease, node))?.share() : undefined;
				const mine = share ? ofShare(share.name, pulled.ranges) : [];
				const taken = [...running, ...held, ...ofShare(NOBODY, pulled.left), ...mine];
				const next = writePosition({ seq: pulled.seq, taken });
				if (!(await turn.set(`position/${key}`, next, KEEP_MS))) return undefined;
				handOn(pulled, share);
				position.giveBack(pulled.left, 'shared state');
				return { ...pulled, left: [] };
			} catch (error) {
				if (!(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
				// What was pulled is handed on all the same.
				owner.onStateUnavailable(error);
				handOn(pulled);
				return pulled;
			}
		});
		return kept?.results;
	};
	const runTurn = async (): Promise<T[]> => {
		if (signal?.aborted) throw new CancelledError();
		position.learn(saved, owner.sharing ? 'shared state' : 'this process');
		if (state.kind === 'memory') return await alone();
		try {
			for (let turn = 1; turn <= MAX_TURNS; turn++) {
				begun = false;
				const results = await withLock(state.facts, `position/${key}`, shared, signal);
				if (results) return results;
			}
		} catch (error) {
			if (begun || !(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
			owner.onStateUnavailable(error);
			return await alone();
		}
		throw new StateUnavailableError('lease lost', 'the state store');
	};
	const before = position.busy;
	const turn = before.then(runTurn);
	position.busy = turn.catch(() => undefined);
	// Only the waiting ends at once: what a turn has taken must come to an end in good order.
	await (signal ? abortable(before, signal) : before);
	return await turn;
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
