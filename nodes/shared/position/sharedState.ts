import { StateUnavailableError } from '../../../wecom/errors';
import { withLock, type Lease } from '../../../wecom/state/lock';
import type { State } from '../../../wecom/state/stateStore';
import type { ExecutionLease } from './executionLease';
import type { Range } from './feed';
import { leaseHolderOf, type SharedLease } from './leaseHolder';
import type { Ledger } from './ledger';
import {
	NOBODY,
	ofLease,
	readPosition,
	sortOut,
	writePosition,
	type LeasedRange,
} from './sharedPosition';
import type { PositionStrategy, Pulled, RecordedLease, Turn } from './strategy';
import type { UnrecordedLeases } from './unrecordedLeases';

/** How long a shared position is kept after the last pull, milliseconds; WeCom keeps records 5 days. */
const KEEP_MS = 90 * 24 * 60 * 60 * 1000;
/** How often a pull is begun anew that stood still for so long that others pulled the same. */
const MAX_TURNS = 5;

/** What a position that processes share is made of. */
interface SharedStateSettings {
	/** That of this process, where this run has to do without the shared one. */
	state: State;
	/** Of the position. */
	key: string;
	/** Of the node. */
	node: string;
	ledger: Ledger;
	unrecorded: UnrecordedLeases;
	/** Undefined where n8n does not tell when an execution ends: it leases nothing from other processes. */
	execution: ExecutionLease | undefined;
	signal: AbortSignal | undefined;
	/** Learns that the position could not be shared this time. */
	onStateUnavailable(error: StateUnavailableError): void;
}

/**
 * A position that processes share: one key of a state store, written under a lock. Where the store is
 * away, before a turn or while it lasts, this process goes on alone, and tells the store later.
 */
export class SharedState implements PositionStrategy {
	readonly giver = 'shared state';
	private readonly name: string;

	constructor(private readonly settings: SharedStateSettings) {
		this.name = `position/${settings.key}`;
	}

	async inTurn(pull: (turn: Turn) => Promise<Pulled | undefined>): Promise<Pulled | undefined> {
		const { state, signal, onStateUnavailable } = this.settings;
		if (state.kind === 'memory') return await pull(this.away);
		for (let turns = 1; turns <= MAX_TURNS; turns++) {
			let begun = false;
			const work = async (lock: Lease) => {
				const turn = await this.startTurn(lock);
				begun = true;
				return await pull(turn);
			};
			try {
				const pulled = await withLock(state.facts, this.name, work, signal);
				if (pulled) return pulled;
			} catch (error) {
				if (begun || !(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
				onStateUnavailable(error);
				return await pull(this.away);
			}
		}
		throw new StateUnavailableError('lease lost', 'the state store');
	}

	/** A turn of this process alone. */
	private get away(): Turn {
		return {
			free: [],
			record: async ({ ranges, left }) =>
				await Promise.resolve({ lease: this.keepUnrecorded(ranges), left }),
		};
	}

	private async startTurn(lock: Lease): Promise<Turn> {
		const { ledger, state } = this.settings;
		const known = readPosition(await state.facts.get(this.name), this.name);
		const { leased, free } = await sortOut(state.facts, known.leases);
		const toPull = ledger.learnShared({ mark: known.mark, leased, free });
		// What seems abandoned, but is in the hands of an execution of this process.
		const held = free.flatMap((range) => ofLease(range.lease, ledger.leasedOf([range])));
		const others = [...leased, ...held];
		return { free: toPull, record: async (pulled) => await this.record(lock, pulled, others) };
	}

	private async record(
		lock: Lease,
		{ ranges, left, mark }: Pulled,
		others: readonly LeasedRange[],
	): ReturnType<Turn['record']> {
		const { ledger, unrecorded, execution, onStateUnavailable } = this.settings;
		let lease: SharedLease | undefined;
		try {
			const late = await unrecorded.lease(async (one) => await this.begin(one));
			lease = execution && ranges.length > 0 ? await this.begin(execution) : undefined;
			// Nacked since this turn began: with this process alone it would go down.
			const { nackedHere } = ledger;
			const leases = [
				...others,
				...late.ranges,
				...ofLease(NOBODY, [...left, ...nackedHere]),
				...(lease ? ofLease(lease.name, ranges) : []),
			];
			if (!(await lock.set(this.name, writePosition({ mark, leases }), KEEP_MS))) return undefined;
			late.onRecorded();
			ledger.passOn(nackedHere);
			ledger.giveBack(left, 'shared state');
			return { lease: lease ? toRecorded(lease) : this.keepUnrecorded(ranges), left: [] };
		} catch (error) {
			if (!(error instanceof StateUnavailableError)) throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner wraps it
			// What was pulled is handed on all the same. Whether it was recorded nobody knows.
			onStateUnavailable(error);
			return { lease: this.keepUnrecorded(ranges, lease), left };
		}
	}

	/** @param lease under which it may have been recorded all the same */
	private keepUnrecorded(ranges: readonly Range[], lease?: SharedLease): RecordedLease {
		const { unrecorded, execution } = this.settings;
		if (execution) unrecorded.add(execution, ranges);
		return {
			giver: 'this process',
			isHeld: async () => !lease || (await lease.isHeld()),
			nack: async (isOver) => {
				const later = execution ? unrecorded.remove(execution, ranges) : [];
				const leases = [...(lease ? [lease] : []), ...later];
				await Promise.all(leases.map(async (one) => await one.nack(isOver)));
			},
		};
	}

	private async begin(execution: ExecutionLease): Promise<SharedLease | undefined> {
		const { state, node } = this.settings;
		return await (await leaseHolderOf(state.facts, execution, node))?.lease();
	}
}

function toRecorded({ isHeld, nack }: SharedLease): RecordedLease {
	return { giver: 'shared state', isHeld, nack };
}
