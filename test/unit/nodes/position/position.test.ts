import type { IExecuteFunctions } from 'n8n-workflow';

import type { Feed } from '../../../../nodes/shared/position/feed';
import * as thisProcess from '../../../../nodes/shared/position/position';
import { makeMemoryState } from '../../../../wecom/state/memoryState';
import { CancelledError, StateUnavailableError } from '../../../../wecom/errors';
import type { State, StateStore } from '../../../../wecom/state/stateStore';
import { makeArchive, numbersOf, pullOf, type OnRequest } from './archives';

type BatchLease = thisProcess.BatchLease;
type PositionOwner = thisProcess.PositionOwner;
type Pull = thisProcess.Pull;
type Process = typeof thisProcess;
type Node = ReturnType<typeof startNodeOver>;

let workflows = 0;

/** A process that knows nothing of what this one did: n8n after a restart, or another worker. */
function startProcess(): Process {
	let started: Process | undefined;
	jest.isolateModules(() => {
		started = jest.requireActual<typeof thisProcess>('../../../../nodes/shared/position/position');
	});
	if (!started) throw new Error('jest loads at once');
	return started;
}

/** A node of a workflow, run by processes that come and go; the clock is the test's. */
function startNodeOver(feedKind: Feed['kind']) {
	const archiveOfAll = makeArchive(feedKind);
	const workflow = `workflow ${++workflows}`;
	const unavailable: unknown[] = [];
	let now = 1_000_000;
	let away = false;
	const memory = makeMemoryState(() => now);
	const reached = async <T>(answer: Promise<T>) => {
		if (away) throw new StateUnavailableError('ECONNREFUSED', '127.0.0.1:6379');
		return await answer;
	};
	const facts: StateStore = {
		get: async (...given) => await reached(memory.facts.get(...given)),
		set: async (...given) => await reached(memory.facts.set(...given)),
		add: async (...given) => await reached(memory.facts.add(...given)),
		deleteIf: async (...given) => await reached(memory.facts.deleteIf(...given)),
		extendIf: async (...given) => await reached(memory.facts.extendIf(...given)),
		setWhile: async (...given) => await reached(memory.facts.setWhile(...given)),
	};
	const states: Record<State['kind'], State> = {
		redis: { ...memory, facts, kind: 'redis' },
		memory,
	};
	let saved: Record<string, unknown> = {};

	/** An execution; it ends when that is said, or its worker dies. */
	const startExecution = ({
		tells = true,
		archive = 'wwYS',
		kind = 'redis' as State['kind'],
		process = thisProcess,
		/** Whether it found the store away when it began. */
		isAlone = false,
	} = {}) => {
		const ends: Array<() => Promise<void>> = [];
		let status = 'success';
		const leases: BatchLease[] = [];
		const hooks = {
			addHandler: (_event: string, handler: (run: object) => Promise<void>) => {
				const end = async () => await handler({ status });
				ends.push(end);
				allEnds.push(end);
			},
		};
		const staticData = { ...saved };
		const cancelling = new AbortController();
		const execution = {
			getMode: () => 'trigger',
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: 'node' }),
			getWorkflowStaticData: () => staticData,
			additionalData: tells ? { hooks } : {},
		} as unknown as IExecuteFunctions;
		const owner: PositionOwner = {
			execution,
			state: isAlone ? memory : states[kind],
			sharing: kind === 'redis',
			archive: { corp: archive, credential: 'credential' },
			signal: cancelling.signal,
			onStateUnavailable: () => unavailable.push(execution),
			onLeased: (one) => leases.push(one),
		};
		/** @returns the numbers of the messages of each batch */
		const pull = async (from: Pull): Promise<bigint[][]> => {
			const batches: bigint[][] = [];
			const position = new process.Position(owner, feedKind);
			for await (const { items } of position.batches(from, { ordinal: 0n })) {
				batches.push(numbersOf(items));
			}
			return batches;
		};
		return {
			/** @param onRequest happens before WeCom answers */
			pull: async (last: bigint, limit = Infinity, onRequest?: OnRequest) => {
				const feed = archiveOfAll.feed(() => Number(last), onRequest);
				return await pull(pullOf(feed, { limit }));
			},
			/** A pull that brings nothing, after a while. */
			wait: async (until: Promise<void>) => {
				const feed = archiveOfAll.feed(
					() => 0,
					async () => await until,
				);
				return await pull(pullOf(feed));
			},
			pullInVain: async () => {
				const feed = archiveOfAll.feed(
					() => 1,
					async () => await Promise.reject(new Error('WeCom is away')),
				);
				return await pull(pullOf(feed));
			},
			ends,
			end: async () => {
				for (const lease of leases.splice(0)) lease.deliver();
				for (const end of ends) await end();
				saved = staticData;
			},
			/** A run of its node is over. */
			deliver: () => {
				for (const lease of leases.splice(0)) lease.deliver();
			},
			/** Its node fails, and what it pulled comes to nobody. */
			fail: async () => {
				for (const lease of leases.splice(0)) await lease.nack();
				for (const end of ends) await end();
				saved = staticData;
			},
			/** Its node fails, and the execution goes on. */
			nack: async () => {
				for (const lease of leases.splice(0)) await lease.nack();
			},
			leases,
			cancel: () => {
				status = 'canceled';
				cancelling.abort();
			},
			/** It never says so, and by and by nobody takes it for alive. */
			die: () => {
				now += 60_000;
			},
			/** For so long that others could take it for dead. */
			standStill: () => {
				now += 60_000;
			},
		};
	};
	return {
		startExecution,
		unavailable,
		goAway: () => {
			away = true;
		},
		comeBack: () => {
			away = false;
		},
	};
}

/** The ends of all executions: whatever they renew meanwhile stops. */
const allEnds: Array<() => Promise<void>> = [];

afterEach(async () => {
	await Promise.all(allEnds.splice(0).map(async (end) => await end()));
});

describe.each<Feed['kind']>(['seq', 'cursor'])(
	'over a feed of marks of the kind %s',
	(feedKind) => {
		const startNode = () => startNodeOver(feedKind);
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
				const dying = startExecution({ process: startProcess() });
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
					const dying = startExecution({ process: startProcess() });
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
				const dying = startExecution({ process: startProcess() });
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
				const dying = startExecution({ tells: false, process: startProcess() });
				await dying.pull(3n);
				dying.die();
				expect(await startExecution().pull(4n)).toEqual([[4n]]);
			});
		});

		describe.each<State['kind']>(['memory', 'redis'])('what is given back (%s)', (kind) => {
			it('comes with the next pull, once', async () => {
				const { startExecution } = startNode();
				const failing = startExecution({ kind });
				await failing.pull(3n);
				await failing.fail();
				expect((await startExecution({ kind }).pull(5n)).flat()).toEqual([1n, 2n, 3n, 4n, 5n]);
				expect((await startExecution({ kind }).pull(6n)).flat()).toEqual([6n]);
			});

			it('comes also when others have pulled further meanwhile', async () => {
				const { startExecution } = startNode();
				const failing = startExecution({ kind });
				await failing.pull(3n);
				const other = startExecution({ kind });
				expect((await other.pull(5n)).flat()).toEqual([4n, 5n]);
				await failing.fail();
				await other.end();
				expect((await startExecution({ kind }).pull(6n)).flat()).toEqual([1n, 2n, 3n, 6n]);
			});

			it('grows together when it is given back again and again', async () => {
				const { startExecution } = startNode();
				for (const last of [3n, 5n, 7n]) {
					const failing = startExecution({ kind });
					await failing.pull(last);
					await failing.fail();
				}
				const pulls = await startExecution({ kind }).pull(8n);
				expect(pulls).toEqual([[1n, 2n, 3n, 4n, 5n, 6n, 7n], [8n]]);
			});

			it('keeps to a limit, and is left to the next one', async () => {
				const { startExecution } = startNode();
				const failing = startExecution({ kind });
				await failing.pull(5n);
				await failing.fail();
				for (const seqs of [[1n, 2n], [3n, 4n], [5n, 6n], [7n]]) {
					expect((await startExecution({ kind }).pull(7n, 2)).flat()).toEqual(seqs);
				}
			});

			it('is only what the failing run of the node took, not what earlier ones handed on', async () => {
				const { startExecution } = startNode();
				const loop = startExecution({ kind });
				await loop.pull(2n);
				loop.deliver();
				await loop.pull(4n);
				await loop.fail();
				expect((await startExecution({ kind }).pull(5n)).flat()).toEqual([3n, 4n, 5n]);
			});

			it('is what a cancelled pull brought: nobody gets it', async () => {
				const { startExecution } = startNode();
				const cancelled = startExecution({ kind });
				cancelled.cancel();
				await expect(cancelled.pull(3n)).rejects.toThrow(CancelledError);
				expect((await startExecution({ kind }).pull(3n)).flat()).toEqual([1n, 2n, 3n]);
			});
		});

		describe('a process that knows nothing yet', () => {
			it('gives what was given back before n8n was started again', async () => {
				const kind = 'memory';
				const { startExecution } = startNode();
				const first = startExecution({ kind });
				await first.pull(3n);
				await first.end();
				const failing = startExecution({ kind });
				await failing.pull(5n);
				await failing.fail();
				const next = startExecution({ kind, process: startProcess() });
				expect((await next.pull(6n)).flat()).toEqual([4n, 5n, 6n]);
			});

			it.each<State['kind']>(['memory', 'redis'])(
				'keeps the position when its first pull fails (%s)',
				async (kind) => {
					const { startExecution } = startNode();
					const first = startExecution({ kind });
					await first.pull(3n);
					await first.end();
					const process = startProcess();
					const failing = startExecution({ kind, process });
					await expect(failing.pullInVain()).rejects.toThrow('WeCom is away');
					await failing.fail();
					expect((await startExecution({ kind, process }).pull(5n)).flat()).toEqual([4n, 5n]);
				},
			);

			it('keeps it when a limit leaves nothing but what was given back', async () => {
				const { startExecution } = startNode();
				const first = startExecution();
				await first.pull(4n);
				await first.end();
				const failing = startExecution();
				await failing.pull(6n);
				await failing.fail();
				const process = startProcess();
				for (const seqs of [[5n, 6n], [7n, 8n], [9n]]) {
					const execution = startExecution({ process });
					expect((await execution.pull(9n, 2)).flat()).toEqual(seqs);
					await execution.end();
				}
			});
		});

		describe('an execution that is stopped', () => {
			it('has what its node holds until that gives it back, however soon n8n says that it has ended', async () => {
				const { startExecution } = startNode();
				const stopped = startExecution();
				await stopped.pull(3n);
				stopped.cancel();
				for (const end of stopped.ends) await end();
				const other = startExecution({ process: startProcess() });
				expect((await other.pull(4n)).flat()).toEqual([4n]);
				await stopped.fail();
				const next = startExecution({ process: startProcess() });
				expect((await next.pull(5n)).flat()).toEqual([1n, 2n, 3n, 5n]);
			});

			it('waits no longer for its turn', async () => {
				const { startExecution } = startNode();
				let goOn: (() => void) | undefined;
				const slow = startExecution().wait(
					new Promise<void>((resolve) => {
						goOn = resolve;
					}),
				);
				const stopped = startExecution();
				const waiting = stopped.pull(3n);
				stopped.cancel();
				await expect(waiting).rejects.toThrow(CancelledError);
				goOn?.();
				await slow;
				expect((await startExecution().pull(2n)).flat()).toEqual([1n, 2n]);
			});
		});

		it('says nothing about the archive of another corp', async () => {
			const { startExecution } = startNode();
			await startExecution().pull(3n);
			expect(await startExecution({ archive: 'wwOther' }).pull(2n)).toEqual([[1n, 2n]]);
		});

		describe('what an execution has leased while the store was away', () => {
			const leaseAlone = async ({ startExecution }: Node, process: Process) => {
				const alone = startExecution({ process, isAlone: true });
				expect((await alone.pull(3n)).flat()).toEqual([1n, 2n, 3n]);
				return alone;
			};

			it('is recorded by the next pull, and abandoned when its process goes down', async () => {
				const node = startNode();
				const process = startProcess();
				const alone = await leaseAlone(node, process);
				const next = node.startExecution({ process });
				expect((await next.pull(5n)).flat()).toEqual([4n, 5n]);
				await next.end();
				alone.die();
				expect((await node.startExecution().pull(5n)).flat()).toEqual([1n, 2n, 3n]);
			});

			it('goes to whoever comes once it is nacked, if it was recorded meanwhile', async () => {
				const node = startNode();
				const process = startProcess();
				const alone = await leaseAlone(node, process);
				await node.startExecution({ process }).pull(5n);
				await alone.nack();
				expect((await node.startExecution().pull(5n)).flat()).toEqual([1n, 2n, 3n]);
			});

			it('is recorded for whoever comes if it is nacked while another one pulls', async () => {
				const node = startNode();
				const process = startProcess();
				const alone = await leaseAlone(node, process);
				await node.startExecution({ process }).pull(5n, Infinity, async () => await alone.nack());
				expect((await node.startExecution().pull(5n)).flat()).toEqual([1n, 2n, 3n]);
			});
		});

		it('keeps recorded what an execution has that stood still, for the case that it goes down', async () => {
			const { startExecution } = startNode();
			const process = startProcess();
			const still = startExecution({ process });
			await still.pull(3n);
			still.standStill();
			const other = startExecution({ process });
			expect((await other.pull(5n)).flat()).toEqual([4n, 5n]);
			await other.end();
			still.die();
			expect((await startExecution().pull(5n)).flat()).toEqual([1n, 2n, 3n]);
		});

		it('is held no longer after a standstill for which others could have got it', async () => {
			const { startExecution } = startNode();
			const still = startExecution();
			await still.pull(3n);
			const [lease] = still.leases;
			expect(await lease?.isHeld()).toBe(true);
			still.standStill();
			expect(await lease?.isHeld()).toBe(false);
		});

		it('leases nothing of what is fetched when the execution is stopped', async () => {
			const { startExecution } = startNode();
			const stopped = startExecution();
			const cancel = async () => await Promise.resolve(stopped.cancel());
			await expect(stopped.pull(3n, Infinity, cancel)).rejects.toThrow(CancelledError);
			expect(stopped.leases).toEqual([]);
			expect((await startExecution().pull(3n)).flat()).toEqual([1n, 2n, 3n]);
		});

		describe('a store that goes away', () => {
			beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
			afterEach(() => jest.useRealTimers());

			it('learns later that an execution has ended', async () => {
				const { startExecution, goAway, comeBack } = startNode();
				const first = startExecution();
				await first.pull(3n);
				goAway();
				await first.end();
				comeBack();
				await jest.advanceTimersByTimeAsync(1500);
				first.die();
				expect(await startExecution().pull(3n)).toEqual([[]]);
			});

			it('learns later what was given back', async () => {
				const { startExecution, goAway, comeBack } = startNode();
				const failing = startExecution();
				await failing.pull(3n);
				goAway();
				await failing.fail();
				comeBack();
				await jest.advanceTimersByTimeAsync(1500);
				expect((await startExecution().pull(4n)).flat()).toEqual([1n, 2n, 3n, 4n]);
			});
		});

		it('has handed on what n8n took, also where it looks as if the node might be tried again', async () => {
			const { startExecution } = startNode();
			const execution = startExecution();
			await execution.pull(3n);
			for (const end of execution.ends) await end();
			execution.die();
			expect(await startExecution().pull(3n)).toEqual([[]]);
		});

		it('takes the same two places in the execution, however often it pulls', async () => {
			const { startExecution } = startNode();
			const idle = startExecution();
			for (let item = 0; item < 200; item++) await idle.pull(0n);
			expect(idle.ends).toHaveLength(2);
			const busy = startExecution();
			for (let last = 1n; last <= 20n; last++) await busy.pull(last);
			expect(busy.ends).toHaveLength(2);
			await busy.end();
			busy.die();
			expect(await startExecution().pull(20n)).toEqual([[]]);
		});
	},
);
