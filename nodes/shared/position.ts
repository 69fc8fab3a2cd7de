import type { IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';
import { StateUnavailableError } from '../../wecom/errors';
import { withLock } from '../../wecom/state/lock';
import type { State } from '../../wecom/state/stateStore';

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

/**
 * Runs a pull from the position the node reached in earlier production executions, one pull of a
 * node at a time, and moves the position to what the pull returns. A failing pull moves nothing;
 * manual runs neither read nor move it.
 *
 * @param startAfter where to start when that is further on
 * @param pull gets where to start, returns its result and how far it came
 */
export async function fromRememberedPosition<T>(
	owner: PositionOwner,
	startAfter: bigint,
	pull: (afterSeq: bigint) => Promise<{ result: T; nextSeq: bigint }>,
): Promise<T> {
	const { execution, corp, state, signal } = owner;
	if (execution.getMode() === 'manual') return (await pull(startAfter)).result;
	const name = corp === undefined ? 'seq' : `seq/${corp}`;
	const key = `${execution.getWorkflow().id}/${execution.getNode().id}/${name}`;
	const position = positions.get(key) ?? { seq: 0n, busy: Promise.resolve() };
	positions.set(key, position);

	const staticData = execution.getWorkflowStaticData('node');
	let begun = false;
	const from = async (sharedSeq: bigint) => {
		begun = true;
		const saved = staticData[name] === undefined ? 0n : parseSeq(staticData[name]);
		const { result, nextSeq } = await pull(largest(startAfter, saved, position.seq, sharedSeq));
		position.seq = largest(position.seq, nextSeq);
		staticData[name] = position.seq.toString();
		return result;
	};
	const shared = async () => {
		const { facts } = state;
		const known = await facts.get(`position/${key}`);
		const result = await from(known === undefined ? 0n : parseSeq(known));
		await facts.set(`position/${key}`, position.seq.toString(), KEEP_MS).catch(tell(owner));
		return result;
	};
	const turn = position.busy.then(async () => {
		if (state.kind === 'memory') return await from(0n);
		try {
			return await withLock(state.facts, `position/${key}`, shared, signal);
		} catch (error) {
			if (begun || !(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
			owner.onStateUnavailable(error);
			return await from(0n);
		}
	});
	position.busy = turn.catch(() => undefined);
	return await turn;
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
