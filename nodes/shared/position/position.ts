// The states of a range of records, who moves it on, and where each is recorded:
//
//         pull            record           deliver              ack
//   free ──────▶ fetched ────────▶ leased ─────────▶ delivered ─────▶ acked
//    ▲              │                 │                  │
//    └──────────────┴─────────────────┴──────────────────┘
//      turn lost        nacked            abandoned: n8n went down (leased ones as well)
//
// free       nobody has it; the next pull fetches first what somebody had, then what is new. Nacked and
//            abandoned: "taken" by nobody in the shared state, else known to this process (ledger.ts)
//            and a gap in n8n's static data (savedPosition.ts).
// fetched    in the memory of the one pull that has the turn; recorded nowhere, yielded to nobody.
// leased     the strategy records it before it is yielded: ledger.ts; for other processes with the name
//            of the lease (sharedPosition.ts), whose holder says whether it lives (leaseHolder.ts).
// delivered  by the runner, once the node ends well. n8n may still go down before it saves the outcome.
// acked      by the end of the execution (executionLease.ts); static data tells it only from then on.
// nacked     by the runner: the node failed, was stopped, or stood still until others could have it.
// abandoned  by nobody's word: the holder is gone and did not say that it ended, or n8n started anew.
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { CancelledError, type StateUnavailableError } from '../../../wecom/errors';
import { abortable } from '../../../wecom/http/onAbort';
import type { State } from '../../../wecom/state/stateStore';
import type { Archive } from '../credentials';
import { isTest, nodePath } from '../n8nInternals';
import type { MessageBatch } from '../messages/messageBatch';
import { ExecutionLease } from './executionLease';
import { BEGINNING, type Feed, type Mark, type Range, type Stretch } from './feed';
import { Ledger } from './ledger';
import { joined, later, within, without } from './ranges';
import { readSaved, toFields, type SavedPosition } from './savedPosition';
import { SharedState } from './sharedState';
import { setInAllCopies } from './staticCopies';
import type { PositionStrategy, Pulled, RecordedLease } from './strategy';
import { thisProcess } from './thisProcess';
import { UnrecordedLeases } from './unrecordedLeases';

/** What this process knows of a position. */
interface Place {
	ledger: Ledger;
	/** Settles when the pull that has its turn in this process is over. */
	busy: Promise<unknown>;
	unrecorded: UnrecordedLeases;
}

/**
 * By workflow, node and archive. n8n gives every execution its own copy of the static data, so two
 * executions at once would both start from the old position if this process did not remember.
 */
const places = new Map<string, Place>();

/** What a node has leased with one pull. */
export interface BatchLease {
	/** Whether it is still to be delivered; after a standstill somebody else may have it. */
	isHeld(): Promise<boolean>;
	/** n8n gets it. */
	deliver(): void;
	/** Nobody gets it. */
	nack(): Promise<void>;
}

/** Whose position it is. */
export interface PositionOwner {
	execution: IExecuteFunctions;
	/** Where processes share the position. */
	state: State;
	/** Whether they do, even if this run has to do without. */
	sharing: boolean;
	/** Whose messages they are: marks of one archive say nothing about another. */
	archive: Archive;
	signal: AbortSignal | undefined;
	/** Learns that the position could not be shared this time. */
	onStateUnavailable(error: StateUnavailableError): void;
	/** Learns what was leased, before it is yielded. */
	onLeased(lease: BatchLease): void;
}

/** Pulls stretches of an archive in their order, until a limit ends it. */
export type Pull = (stretches: readonly Stretch[]) => AsyncIterable<MessageBatch>;

/**
 * The position that a node reached in an archive in earlier production executions.
 *
 * One pull of a node runs at a time. What it fetched is leased to its execution until that ends: what
 * n8n saves for a restart never lies beyond. A failing pull moves nothing; what was nacked is fetched
 * again first, by the next one, and so is, where processes share the position, what was lost together
 * with its process. Tests neither read nor move it.
 */
export class Position {
	/** Name of the archive. */
	private readonly archive: string;
	private readonly place: Place;
	/** Undefined where n8n does not tell when the execution ends. */
	private readonly executionLease: ExecutionLease | undefined;
	private readonly strategy: PositionStrategy;

	/** @param kind what the marks of the archive are */
	constructor(
		private readonly owner: PositionOwner,
		private readonly kind: Feed['kind'],
	) {
		const { execution, archive } = owner;
		const node = nodePath(execution);
		this.archive = archive.corp || archive.credential;
		const key = `${node}/${kind}/${this.archive}`;
		this.place = places.get(key) ?? {
			ledger: new Ledger(),
			busy: Promise.resolve(),
			unrecorded: new UnrecordedLeases(),
		};
		places.set(key, this.place);
		this.executionLease = isTest(execution) ? undefined : ExecutionLease.of(execution);
		this.strategy = owner.sharing
			? new SharedState({ ...owner, ...this.place, execution: this.executionLease, key, node })
			: thisProcess;
	}

	/**
	 * Pulls from the position on, and moves it to where the pull ends. Batches come once they are leased;
	 * those of a pull that stood still for so long that its turn went to another process never come.
	 *
	 * @param startAfter where to start when that is further on
	 * @throws whatever the pull throws, CancelledError, and StateUnavailableError when the turn is lost
	 * again and again
	 */
	async *batches(pull: Pull, startAfter: Mark): AsyncGenerator<MessageBatch> {
		const { execution, signal } = this.owner;
		if (isTest(execution)) {
			yield* pull([{ from: startAfter }]);
			return;
		}
		const { place } = this;
		const saved = readSaved(this.staticData, this.kind, this.archive);
		const before = place.busy;
		const pulling = before.then(async () => await this.pullLeased(pull, startAfter, saved));
		// Whoever comes next waits for it, and holds none of its messages.
		place.busy = pulling.then(
			() => undefined,
			() => undefined,
		);
		// Only the waiting ends at once: what a turn has leased must come to an end in good order.
		await (signal ? abortable(before, signal) : before);
		yield* await pulling;
	}

	private async pullLeased(
		pull: Pull,
		startAfter: Mark,
		saved: SavedPosition,
	): Promise<readonly MessageBatch[]> {
		const { ledger } = this.place;
		if (this.owner.signal?.aborted) throw new CancelledError();
		ledger.learn(saved, this.strategy.giver);
		const pulled = await this.strategy.inTurn(async (turn) => {
			const again = ledger.takeAgain(turn.free);
			let left = again.ranges;
			try {
				const fetched = await this.fetch(pull, again.ranges, later(startAfter, ledger.mark));
				const recorded = await turn.record(fetched);
				if (!recorded) return undefined;
				({ left } = recorded);
				this.lease(fetched, recorded.lease);
				return fetched;
			} finally {
				ledger.ack(again.holder);
				ledger.giveBack(within(left, turn.free), 'shared state');
				ledger.giveBack(without(left, turn.free), 'this process');
				this.save();
			}
		});
		return pulled?.batches ?? [];
	}

	/** @param from where what is new begins */
	private async fetch(pull: Pull, again: readonly Range[], from: Mark): Promise<Pulled> {
		const batches: MessageBatch[] = [];
		for await (const batch of pull([...again, { from }])) batches.push(batch);
		if (this.owner.signal?.aborted) throw new CancelledError();
		// Of what is new there is at least one batch, be it empty, unless a limit ended the pull before.
		const last = batches.at(-1) ?? { to: from, isAgain: false };
		const left = last.isAgain ? without(again, [{ from: BEGINNING, to: last.to }]) : [];
		const to = last.isAgain ? from : last.to;
		const isNew = to.ordinal > from.ordinal;
		const { mark } = this.place.ledger;
		return {
			batches,
			ranges: joined([...without(again, left), ...(isNew ? [{ from, to }] : [])]),
			left,
			mark: last.isAgain ? mark : later(mark, to),
		};
	}

	/** What was fetched is the execution's until it ends. */
	private lease({ ranges, mark }: Pulled, recorded: RecordedLease): void {
		const { ledger } = this.place;
		const holder = this.executionLease ?? {};
		const ack = () => {
			ledger.ack(holder);
			this.save();
		};
		if (!ledger.isHolder(holder)) this.executionLease?.beforeSaving(ack);
		ledger.mark = mark;
		const batch = ledger.lease(ranges, holder);
		const settle = this.executionLease?.openBatch();
		this.owner.onLeased({
			isHeld: recorded.isHeld,
			deliver: () => {
				ledger.deliver(batch);
				(settle ?? ack)();
			},
			nack: async () => {
				ledger.nack(batch, recorded.giver);
				this.save();
				const told = recorded.nack(this.owner.signal?.aborted ?? false);
				settle?.();
				await told;
			},
		});
	}

	/** What n8n keeps of the node. */
	private get staticData(): IDataObject {
		return this.owner.execution.getWorkflowStaticData('node');
	}

	/** As far as it is safe, in every copy of the static data. */
	private save(): void {
		const fields = toFields(this.place.ledger.saved, this.kind, this.archive);
		Object.assign(this.staticData, fields); // n8n saves what was written, changed or not
		setInAllCopies(this.owner.execution, fields);
	}
}
