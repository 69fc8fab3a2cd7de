import { Random } from '../../simulator/random';

/** How much each part does. */
interface Sizes {
	/** Callbacks with valid envelopes and bad ones of the named kinds, without the fuzzed bodies. */
	callbacks: number;
	fuzzedBodies: number;
	/** Messages in the archive that is synced. */
	messages: number;
	/** Messages that are synced over cursors, each time. */
	zoneMessages: number;
	/** How often a process that syncs over cursors is killed. */
	zoneKills: number;
	/** Messages that are synced through Tencent's library, each time. */
	libraryMessages: number;
	/** How often a process that syncs through the library is killed. */
	libraryKills: number;
	/** Messages among them over which the library hangs. */
	libraryHangs: number;
	/** Files of messages that are downloaded through the library. */
	mediaFiles: number;
	/** The largest of them, bytes. */
	mediaBytes: number;
	/** Whether what calls a program is done with programs of both styles, each time. */
	bothStyles: boolean;
	/** How often the syncing process is killed. */
	kills: number;
	/** Calls at the moment when a token expires. */
	concurrentCalls: number;
	/** Events sent to two webhook processes at the same moment. */
	sharedEvents: number;
	/** Events that a program stores and two webhook processes fetch, for each style of program. */
	storedEvents: number;
	/** How often the answer to the start of a model's job is lost. */
	lostStarts: number;
	/** How often Redis is stopped, or frozen every second time, while events arrive. */
	outages: number;
	/** Orders placed and paid through a link that breaks. */
	orders: number;
}

const MEGABYTE = 1024 * 1024;

const LONG: Sizes = {
	callbacks: 20_000,
	fuzzedBodies: 10_000,
	messages: 50_000,
	zoneMessages: 20_000,
	zoneKills: 12,
	libraryMessages: 50_000,
	libraryKills: 12,
	libraryHangs: 4,
	mediaFiles: 200,
	mediaBytes: 100 * MEGABYTE,
	bothStyles: true,
	kills: 12,
	concurrentCalls: 500,
	sharedEvents: 2000,
	storedEvents: 1000,
	lostStarts: 40,
	outages: 6,
	orders: 200,
};

const SHORT: Sizes = {
	callbacks: 2000,
	fuzzedBodies: 1000,
	messages: 3000,
	zoneMessages: 2000,
	zoneKills: 2,
	libraryMessages: 2000,
	libraryKills: 2,
	libraryHangs: 1,
	mediaFiles: 20,
	mediaBytes: 8 * MEGABYTE,
	bothStyles: false,
	kills: 3,
	concurrentCalls: 250,
	sharedEvents: 200,
	storedEvents: 60,
	lostStarts: 4,
	outages: 2,
	orders: 12,
};

/** What `npm run test:faults` does; the short form, part of `npm test`, unless it says so. */
export const SIZES: Sizes = process.env.FAULT_FORM === 'long' ? LONG : SHORT;

/** `FAULT_SEED` says which faults happen when; 1 where nobody chose one. */
export const SEED = Number(process.env.FAULT_SEED ?? 1);

/** The randomness of one part: the same for the same seed. */
export function seeded(part: string): Random {
	return new Random(SEED, `faults ${part}`);
}
