import type { IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';
import { CancelledError, StateUnavailableError } from '../../wecom/errors';
import { abortable } from '../../wecom/http/onAbort';
import { withLock } from '../../wecom/state/lock';
import type { State } from '../../wecom/state/stateStore';
import type { Archive } from './credentials';
import type { Taken } from './earlierTries';
import {
	joined,
	NOBODY,
	readPosition,
	sortOut,
	writePosition,
	type Range,
	type TakenRange,
} from './takenRanges';
import { takerOf, type Share } from './taker';

interface Position {
	seq: bigint;
	/** What was given back, oldest first. */
	givenBack: Range[];
	/** Settles when the pull that holds the position is over. */
	busy: Promise<unknown>;
}

/**
 * Positions by workflow, node and archive. n8n gives every execution its own copy of the static data,
 * so two executions at once would both start from the old position if this process did not remember.
 */
const positions = new Map<string, Position>();

/** How long a shared position is kept after the last pull, milliseconds; WeCom keeps records 5 days. */
const KEEP_MS = 90 * 24 * 60 * 60 * 1000;

/** Whose position it is. */
export interface PositionOwner {
	execution: IExecuteFunctions;
	/** Where processes share the position. */
	state: State;
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
 * what is given back is pulled again first, by the next one; manual runs neither read nor move it.
 *
 * Where processes share the position, the same holds for what an execution took with it that was
 * lost together with its process.
 *
 * @param startAfter where to start when that is further on
 * @returns the result of each pull
 */
export async function fromRememberedPosition<T>(
	owner: PositionOwner,
	startAfter: bigint,
	pull: Pull<T>,
): Promise<T[]> {
	const { execution, archive, state, signal } = owner;
	if (execution.getMode() === 'manual') return [(await pull(startAfter)).result];
	const name = `seq/${archive.corp || archive.credential}`;
	const key = `${execution.getWorkflow().id}/${execution.getNode().id}/${name}`;
	const position = positions.get(key) ?? { seq: 0n, givenBack: [], busy: Promise.resolve() };
	positions.set(key, position);
	const staticData = execution.getWorkflowStaticData('node');
	const saved = parseSeq(staticData[name] ?? 0);
	const save = () => {
		// After a restart nothing else is known.
		const [first] = position.givenBack;
		staticData[name] = `${first && first.from < position.seq ? first.from : position.seq}`;
	};
	const keepForNext = (ranges: readonly Range[]) => {
		position.givenBack = joined([...position.givenBack, ...ranges]);
		save();
	};

	const inThisProcess = (pulled: readonly Range[]): Taken => ({
		handOn: () => undefined,
		giveBack: async () => await Promise.resolve(keepForNext(pulled)),
	});
	const asShare = (share: Share): Taken => ({
		handOn: () => share.handOn(),
		giveBack: async () => await share.giveBack(signal?.aborted),
	});

	/** Pulls what others lost and what was given back, then what is new. */
	const take = async (lost: readonly Range[], sharedSeq: bigint) => {
		// Whatever happens now, this process knows where others, or it before a restart, have been.
		position.seq = largest(position.seq, saved, sharedSeq);
		const givenBack = position.givenBack.splice(0);
		try {
			const again = await pullAgain(joined([...lost, ...givenBack]), pull);
			const from = largest(startAfter, position.seq);
			const more = again.stopped ? undefined : await pull(from);
			if (signal?.aborted) throw new CancelledError();
			if (more) {
				again.results.push(more.result);
				if (more.nextSeq > from) again.pulled.push({ from, to: more.nextSeq });
				position.seq = largest(position.seq, more.nextSeq);
			}
			save();
			return again;
		} catch (error) {
			keepForNext(givenBack);
			throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
		}
	};
	const alone = async () => {
		const { results, pulled, left } = await take([], 0n);
		keepForNext(left);
		owner.onTaken(inThisProcess(pulled));
		return results;
	};
	let begun = false;
	const shared = async () => {
		const { facts } = state;
		const known = readPosition(await facts.get(`position/${key}`), `position/${key}`);
		const { running, lost } = await sortOut(facts, known.taken);
		begun = true;
		const { results, pulled, left } = await take(lost, known.seq);
		let share: Share | undefined;
		try {
			const taker = pulled.length > 0 ? await takerOf(facts, execution) : undefined;
			share = taker?.share();
			const mine = share ? ofShare(share.name, pulled) : [];
			const taken = [...running, ...ofShare(NOBODY, left), ...mine];
			await facts.set(`position/${key}`, writePosition({ seq: position.seq, taken }), KEEP_MS);
			owner.onTaken(share ? asShare(share) : inThisProcess(pulled));
		} catch (error) {
			if (!(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
			// What was pulled is handed on all the same; what was left is kept here.
			share?.handOn();
			keepForNext(left);
			owner.onStateUnavailable(error);
			owner.onTaken(inThisProcess(pulled));
		}
		return results;
	};
	const before = position.busy;
	const turn = before.then(async () => {
		if (signal?.aborted) throw new CancelledError();
		if (state.kind === 'memory') return await alone();
		try {
			return await withLock(state.facts, `position/${key}`, shared, signal);
		} catch (error) {
			if (begun || !(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
			owner.onStateUnavailable(error);
			return await alone();
		}
	});
	position.busy = turn.catch(() => undefined);
	// Only the waiting ends at once: what a turn has taken must come to an end in good order.
	await (signal ? abortable(before, signal) : before);
	return await turn;
}

/** Pulls ranges once more, until a limit ends it. */
async function pullAgain<T>(ranges: readonly Range[], pull: Pull<T>) {
	const results: T[] = [];
	const pulled: Range[] = [];
	const left: Range[] = [];
	let stopped = false;
	for (const { from, to } of ranges) {
		if (stopped) {
			left.push({ from, to });
			continue;
		}
		const { result, nextSeq, stoppedEarly } = await pull(from, to);
		results.push(result);
		stopped = stoppedEarly;
		pulled.push({ from, to: stopped ? nextSeq : to });
		if (stopped && nextSeq < to) left.push({ from: nextSeq, to });
	}
	return { results, pulled, left, stopped };
}

function ofShare(share: string, ranges: readonly Range[]): TakenRange[] {
	return ranges.map((range) => ({ ...range, share }));
}

function largest(...values: bigint[]): bigint {
	return values.reduce((a, b) => (a > b ? a : b));
}
