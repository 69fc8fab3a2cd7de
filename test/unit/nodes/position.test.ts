import type { IExecuteFunctions } from 'n8n-workflow';

import {
	fromRememberedPosition,
	type PositionOwner,
	type Pull,
} from '../../../nodes/shared/position';
import { makeMemoryState } from '../../../wecom/state/memoryState';
import type { State } from '../../../wecom/state/stateStore';

let workflows = 0;

/** A node of a workflow, run by processes that come and go; the clock is the test's. */
function startNode() {
	const workflow = `workflow ${++workflows}`;
	let now = 1_000_000;
	const state: State = { ...makeMemoryState(() => now), kind: 'redis' };

	/** An execution; it ends when that is said, or its worker dies. */
	const startExecution = ({ tells = true } = {}) => {
		const ends: Array<() => Promise<void>> = [];
		const hooks = {
			addHandler: (_event: string, end: () => Promise<void>) => {
				ends.push(end);
				allEnds.push(end);
			},
		};
		const staticData = {};
		const execution = {
			getMode: () => 'trigger',
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: 'node' }),
			getWorkflowStaticData: () => staticData,
			additionalData: tells ? { hooks } : {},
		} as unknown as IExecuteFunctions;
		const owner: PositionOwner = {
			execution,
			state,
			corp: undefined,
			signal: undefined,
			onStateUnavailable: () => undefined,
		};
		return {
			pull: async (last: bigint, limit = Infinity) =>
				await fromRememberedPosition(owner, 0n, pullsTo(last, limit)),
			end: async () => {
				for (const end of ends) await end();
			},
			/** It never says so, and by and by nobody takes it for alive. */
			die: () => {
				now += 60_000;
			},
		};
	};
	return { startExecution };
}

/** Pulls seqs one by one up to the last that there is. */
function pullsTo(last: bigint, limit: number): Pull<bigint[]> {
	let left = limit;
	return async (afterSeq, upTo = last) => {
		const seqs: bigint[] = [];
		for (let seq = afterSeq + 1n; seq <= upTo && left > 0; seq++, left--) seqs.push(seq);
		const nextSeq = seqs.at(-1) ?? afterSeq;
		return await Promise.resolve({ result: seqs, nextSeq, stoppedEarly: left === 0 });
	};
}

/** The ends of all executions: whatever they renew meanwhile stops. */
const allEnds: Array<() => Promise<void>> = [];

afterEach(async () => {
	await Promise.all(allEnds.splice(0).map(async (end) => await end()));
});

describe('a position that processes share', () => {
	it('goes on where the last execution stopped', async () => {
		const { startExecution } = startNode();
		const first = startExecution();
		expect(await first.pull(3n)).toEqual([[1n, 2n, 3n]]);
		await first.end();
		expect(await startExecution().pull(5n)).toEqual([[4n, 5n]]);
	});

	it('leaves what a running execution has to it', async () => {
		const { startExecution } = startNode();
		await startExecution().pull(3n);
		expect(await startExecution().pull(5n)).toEqual([[4n, 5n]]);
	});

	it('gives what an execution had that died with its worker to the next one, once', async () => {
		const { startExecution } = startNode();
		const dying = startExecution();
		await dying.pull(3n);
		dying.die();
		const next = startExecution();
		expect(await next.pull(5n)).toEqual([
			[1n, 2n, 3n],
			[4n, 5n],
		]);
		await next.end();
		expect(await startExecution().pull(6n)).toEqual([[6n]]);
	});

	it('gives it on to another one when the next one dies as well', async () => {
		const { startExecution } = startNode();
		for (const last of [3n, 4n]) {
			const dying = startExecution();
			await dying.pull(last);
			dying.die();
		}
		const seqs = (await startExecution().pull(4n)).flat();
		expect(seqs).toEqual([1n, 2n, 3n, 4n]);
	});

	it('does not give again what an execution had that has ended before its worker died', async () => {
		const { startExecution } = startNode();
		const first = startExecution();
		await first.pull(3n);
		await first.end();
		first.die();
		expect(await startExecution().pull(3n)).toEqual([[]]);
	});

	it('keeps to a limit, and gives the rest to the ones after', async () => {
		const { startExecution } = startNode();
		const dying = startExecution();
		await dying.pull(5n);
		dying.die();
		for (const seqs of [[1n, 2n], [3n, 4n], [5n, 6n], [7n]]) {
			const execution = startExecution();
			expect((await execution.pull(7n, 2)).flat()).toEqual(seqs);
			await execution.end();
		}
	});

	it('stays where it is for those whose end n8n does not tell', async () => {
		const { startExecution } = startNode();
		const dying = startExecution({ tells: false });
		await dying.pull(3n);
		dying.die();
		expect(await startExecution().pull(4n)).toEqual([[4n]]);
	});
});
