import type { IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';
import { StateUnavailableError } from '../../wecom/errors';
import { withLock } from '../../wecom/state/lock';
import type { State } from '../../wecom/state/stateStore';
import {
	readPosition,
	sortOut,
	startTaking,
	writePosition,
	type Range,
	type TakenRange,
} from './takenRanges';

interface Position {
	seq: bigint;
	/** Settles when the pull that holds the position is over. */
	busy: Promise<unknown>;
}

/**
 * Positions by workflow and node. n8n gives every execution its own copy of the static data, so two
 * executions at once would both start from the old position if this process did not remember.
 */
const positions = new Map<string, Position>();

/** How long a shared position is kept after the last pull, milliseconds; WeCom keeps records 5 days. */
const KEEP_MS = 90 * 24 * 60 * 60 * 1000;

/** Whose position it is. */
export interface PositionOwner {
	execution: IExecuteFunctions;
	/** Where processes share the position. */
	state: State;
	/** Whose archive it is, where one node reads several: each has a position of its own. */
	corp: string | undefined;
	signal: AbortSignal | undefined;
	/** Learns that the position could not be shared this time. */
	onStateUnavailable(error: StateUnavailableError): void;
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
 * node at a time, and moves the position to what the pull returns. A failing pull moves nothing;
 * manual runs neither read nor move it.
 *
 * Where processes share the position, what an execution took with it that was lost together with its
 * process is pulled again first.
 *
 * @param startAfter where to start when that is further on
 * @returns the result of each pull
 */
export async function fromRememberedPosition<T>(
	owner: PositionOwner,
	startAfter: bigint,
	pull: Pull<T>,
): Promise<T[]> {
	const { execution, corp, state, signal } = owner;
	if (execution.getMode() === 'manual') return [(await pull(startAfter)).result];
	const name = corp === undefined ? 'seq' : `seq/${corp}`;
	const key = `${execution.getWorkflow().id}/${execution.getNode().id}/${name}`;
	const position = positions.get(key) ?? { seq: 0n, busy: Promise.resolve() };
	positions.set(key, position);

	const staticData = execution.getWorkflowStaticData('node');
	let begun = false;
	const from = async (sharedSeq: bigint) => {
		begun = true;
		const saved = staticData[name] === undefined ? 0n : parseSeq(staticData[name]);
		const start = largest(startAfter, saved, position.seq, sharedSeq);
		const { result, nextSeq } = await pull(start);
		position.seq = largest(position.seq, nextSeq);
		staticData[name] = position.seq.toString();
		return { results: [result], range: { from: start, to: nextSeq } };
	};
	const shared = async () => {
		const { facts } = state;
		const known = readPosition(await facts.get(`position/${key}`));
		const { running, lost } = await sortOut(facts, known.taken);
		const taker = await startTaking(facts, execution);
		begun = true;
		try {
			const again = await pullAgain(lost, pull);
			const { results, range } = again.stopped ? NOTHING : await from(known.seq);
			const mine = [...again.pulled, range].filter(({ from, to }) => to > from);
			const taken = taker ? mine.map((one) => ({ ...one, execution: taker.name })) : [];
			const next = { seq: position.seq, taken: [...running, ...again.left, ...taken] };
			await facts.set(`position/${key}`, writePosition(next), KEEP_MS).catch(tell(owner));
			return [...again.results, ...results];
		} catch (error) {
			await taker?.giveUp();
			throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
		}
	};
	const turn = position.busy.then(async () => {
		if (state.kind === 'memory') return (await from(0n)).results;
		try {
			return await withLock(state.facts, `position/${key}`, shared, signal);
		} catch (error) {
			if (begun || !(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
			owner.onStateUnavailable(error);
			return (await from(0n)).results;
		}
	});
	position.busy = turn.catch(() => undefined);
	return await turn;
}

const NOTHING = { results: [], range: { from: 0n, to: 0n } };

/** Pulls lost ranges once more, until a limit ends it. */
async function pullAgain<T>(lost: readonly TakenRange[], pull: Pull<T>) {
	const results: T[] = [];
	const pulled: Range[] = [];
	const left: TakenRange[] = [];
	let stopped = false;
	for (const range of lost) {
		if (stopped) {
			left.push(range);
			continue;
		}
		const { result, nextSeq, stoppedEarly } = await pull(range.from, range.to);
		results.push(result);
		stopped = stoppedEarly;
		pulled.push({ from: range.from, to: stopped ? nextSeq : range.to });
		if (nextSeq < range.to && stopped) left.push({ ...range, from: nextSeq });
	}
	return { results, pulled, left, stopped };
}

/** What was pulled is handed on all the same. */
function tell({ onStateUnavailable }: PositionOwner): (error: unknown) => void {
	return (error) => {
		if (!(error instanceof StateUnavailableError)) throw error;
		onStateUnavailable(error);
	};
}

function largest(...values: bigint[]): bigint {
	return values.reduce((a, b) => (a > b ? a : b));
}
