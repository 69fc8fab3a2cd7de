import type { IExecuteFunctions } from 'n8n-workflow';

import { parseSeq } from '../../wecom/archive/seq';

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

/**
 * Runs a pull from the position the node reached in earlier production executions, one pull of a
 * node at a time, and moves the position to what the pull returns. A failing pull moves nothing;
 * manual runs neither read nor move it.
 *
 * @param startAfter where to start when that is further on
 * @param corp whose archive it is, where one node reads several: each has a position of its own
 * @param pull gets where to start, returns its result and how far it came
 */
export async function fromRememberedPosition<T>(
	execution: IExecuteFunctions,
	startAfter: bigint,
	corp: string | undefined,
	pull: (afterSeq: bigint) => Promise<{ result: T; nextSeq: bigint }>,
): Promise<T> {
	if (execution.getMode() === 'manual') return (await pull(startAfter)).result;
	const staticData = execution.getWorkflowStaticData('node');
	const name = corp === undefined ? 'seq' : `seq/${corp}`;
	const key = `${execution.getWorkflow().id}/${execution.getNode().id}/${name}`;
	const position = positions.get(key) ?? { seq: 0n, busy: Promise.resolve() };
	positions.set(key, position);

	const turn = position.busy.then(async () => {
		const saved = staticData[name] === undefined ? 0n : parseSeq(staticData[name]);
		const { result, nextSeq } = await pull(largest(startAfter, saved, position.seq));
		position.seq = largest(position.seq, nextSeq);
		staticData[name] = position.seq.toString();
		return result;
	});
	position.busy = turn.catch(() => undefined);
	return await turn;
}

function largest(...values: bigint[]): bigint {
	return values.reduce((a, b) => (a > b ? a : b));
}
