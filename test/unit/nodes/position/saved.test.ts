import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Feed } from '../../../../nodes/shared/position/feed';
import {
	Position,
	type BatchLease,
	type PositionOwner,
} from '../../../../nodes/shared/position/position';
import { makeMemoryState } from '../../../../wecom/state/memoryState';
import type { State } from '../../../../wecom/state/stateStore';
import { makeArchive, numbersOf, pullOf } from './archives';

const KEEP_MS = 60_000;
const DEAD = '01234567-89ab-4def-8123-456789abcdef';

let workflows = 0;

/** An execution of a node that nobody in this process has run before. */
function startExecution(
	staticData: IDataObject,
	{ state = makeMemoryState(), kind = 'seq' as Feed['kind'] } = {},
) {
	const workflow = `saved ${++workflows}`;
	const key = `position/${workflow}/node/${kind}/wwYS`;
	const ends: Array<() => Promise<void>> = [];
	const leases: BatchLease[] = [];
	const hooks = {
		addHandler: (_event: string, handler: (run: object) => Promise<void>) =>
			ends.push(async () => await handler({ status: 'success' })),
	};
	const owner: PositionOwner = {
		execution: {
			getMode: () => 'trigger',
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: 'node' }),
			getWorkflowStaticData: () => staticData,
			workflow: { nodes: { Node: { id: 'node' } } },
			additionalData: { hooks },
		} as unknown as IExecuteFunctions,
		state,
		sharing: state.kind === 'redis',
		archive: { corp: 'wwYS', credential: 'credential' },
		signal: undefined,
		onStateUnavailable: () => undefined,
		onLeased: (lease) => leases.push(lease),
	};
	return {
		key,
		pull: async (last: number, limit = Infinity) => {
			const numbers: bigint[] = [];
			const feed = makeArchive(kind).feed(() => last);
			const pull = pullOf(feed, { limit });
			for await (const { items } of new Position(owner, kind).batches(pull, { ordinal: 0n })) {
				numbers.push(...numbersOf(items));
			}
			return numbers;
		},
		end: async () => {
			for (const lease of leases) lease.deliver();
			for (const end of ends) await end();
		},
	};
}

const shared = (): State => ({ ...makeMemoryState(), kind: 'redis' });

describe('what released versions saved in static data', () => {
	// A range begins behind its first seq: 8 and 9 are done, and 12.
	it('is read, and written in the same form', async () => {
		const staticData: IDataObject = { 'seq/wwYS': '5', 'done/wwYS': '7-9 11-12' };
		const execution = startExecution(staticData);
		expect(await execution.pull(14)).toEqual([6n, 7n, 10n, 11n, 13n, 14n]);
		expect(staticData).toEqual({ 'seq/wwYS': '5', 'done/wwYS': '7-9 11-12' });
		await execution.end();
		expect(staticData).toEqual({ 'seq/wwYS': '14' });
	});

	it('is read where it is no more than a seq beyond 2^53', async () => {
		const staticData: IDataObject = { 'seq/wwYS': '18446744073709551615' };
		expect(await startExecution(staticData).pull(3)).toEqual([]);
		expect(staticData).toEqual({ 'seq/wwYS': '18446744073709551615' });
	});

	it('says nothing to a feed of cursors', async () => {
		const staticData: IDataObject = { 'seq/wwYS': '5', 'done/wwYS': '7-9' };
		const execution = startExecution(staticData, { kind: 'cursor' });
		expect(await execution.pull(2)).toEqual([1n, 2n]);
		await execution.end();
		expect(staticData).toEqual({
			'seq/wwYS': '5',
			'done/wwYS': '7-9',
			'cursor/wwYS': expect.stringMatching(/^2:[\w+/]+=*:bTI=:0$/),
		});
	});
});

describe('what released versions wrote into a shared state', () => {
	it('is read, and written in the same form', async () => {
		const state = shared();
		const execution = startExecution({}, { state });
		const taken = [
			['2', '4', ''],
			['5', '6', `${DEAD}/1`],
			['6', '7', `${DEAD}/2`],
		];
		await state.facts.set(execution.key, JSON.stringify({ seq: '8', taken }), KEEP_MS);
		const fact = JSON.stringify({ ended: true, givenBack: [`${DEAD}/2`] });
		await state.facts.set(`taken/${DEAD}`, fact, KEEP_MS);
		expect(await execution.pull(10)).toEqual([3n, 4n, 7n, 9n, 10n]);
		const written = JSON.parse((await state.facts.get(execution.key)) ?? '') as typeof TAKEN;
		const [[, , lease = ''] = []] = written.taken;
		expect(lease).toMatch(/^[\da-f-]{36}\/1$/);
		expect(written).toEqual({
			seq: '10',
			taken: [
				['2', '4', lease],
				['6', '7', lease],
				['8', '10', lease],
			],
		});
		const [holder] = lease.split('/');
		expect(await state.facts.get(`lock/taken/${holder}`)).toBeDefined();
		await execution.end();
		expect(await state.facts.get(`taken/${holder}`)).toBe('{"ended":true,"givenBack":[]}');
	});

	it('has marks and msgids beside the ordinals for a feed of cursors', async () => {
		const state = shared();
		const execution = startExecution({}, { state, kind: 'cursor' });
		expect(await execution.pull(3)).toEqual([1n, 2n, 3n]);
		const written = JSON.parse((await state.facts.get(execution.key)) ?? '') as typeof TAKEN;
		const mark = expect.stringMatching(/^3:[\w+/]+=*:bTM=:0$/);
		expect(written).toEqual({ seq: mark, taken: [['0', mark, expect.any(String)]] });
		await execution.end();
	});
});

const TAKEN = { seq: '', taken: [['', '', '']] };
