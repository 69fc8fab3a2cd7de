import type { PositionStrategy, RecordedLease, Turn } from './strategy';

const LEASE: RecordedLease = {
	giver: 'this process',
	isHeld: async () => await Promise.resolve(true),
	nack: async () => await Promise.resolve(),
};

const TURN: Turn = {
	free: [],
	record: async ({ left }) => await Promise.resolve({ lease: LEASE, left }),
};

/** A position of this process alone: its ledger has all there is to know. */
export const thisProcess: PositionStrategy = {
	giver: 'this process',
	inTurn: async (pull) => await pull(TURN),
};
