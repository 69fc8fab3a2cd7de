import { BrokenSync, type SyncPlan } from './brokenSync';
import { libraryTruth, messageKeys, wireRecords } from './libraryTruth';
import { endPrograms } from './program';
import { SIZES } from './sizes';
import { zoneTruth } from './zoneTruth';

const SHORT_PAGES = { pageSize: 50, maxRecords: 400 };
const LONG_PAGES = { pageSize: 1000, maxRecords: 1000 };
const BAD_RECORDS = { corruptEvery: 97, missingKeyEvery: 151 };

const REFERENCE: SyncPlan = {
	name: 'sync',
	contract: 'reference',
	by: 'trigger',
	messages: SIZES.messages,
	kills: SIZES.kills,
	simulator: BAD_RECORDS,
	pages: [SHORT_PAGES],
	truth: ({ truth }) =>
		truth.map(({ seq, msgid, state }) => ({
			key: String(seq),
			isRight: (item) => item.msgid === msgid && item.decrypted === (state === 'ok'),
		})),
	keyOf: ({ seq }) => String(seq),
};

/** Over cursors, with pages that come short: keys of messages in place of their text. */
const IN_ZONE: Omit<SyncPlan, 'name' | 'by'> = {
	contract: 'dataZone',
	messages: SIZES.zoneMessages,
	kills: SIZES.zoneKills,
	simulator: { corruptEvery: 17, missingKeyEvery: 151, shortPages: true },
	pages: [SHORT_PAGES, LONG_PAGES],
	truth: async (wecom) =>
		(await zoneTruth(wecom)).map(({ msgid, secretKey }) => ({
			key: msgid,
			isRight: ({ decrypted, secret_key, encrypted_secret_key, reason }) =>
				decrypted === false &&
				secret_key === secretKey &&
				(typeof reason === 'string') === (secretKey === undefined) &&
				(typeof encrypted_secret_key === 'string') === (secretKey === undefined),
		})),
	keyOf: ({ msgid }) => String(msgid),
};

const ZONE_PLANS: readonly SyncPlan[] = [
	{ ...IN_ZONE, name: 'trigger over cursors', by: 'trigger', style: 'java' },
	{
		...IN_ZONE,
		name: 'Get Many over cursors',
		by: 'getMany',
		style: 'python',
		pages: [SHORT_PAGES, { ...LONG_PAGES, pagesAtOnce: true }],
	},
];

/** The same with the program of the other style. */
const OTHER_STYLES: readonly SyncPlan[] = ZONE_PLANS.map((plan) => {
	const style = plan.style === 'java' ? 'python' : 'java';
	return { ...plan, name: `${plan.name}, ${style}`, style };
});

/** Over every so many-th record the library ends its process. */
const KILLER_EVERY = SIZES.libraryMessages > 10_000 ? 997 : 211;

/** Through Tencent's library, in a process of its own that ends for many reasons. */
const THROUGH_LIBRARY: Omit<SyncPlan, 'name' | 'by'> = {
	contract: 'messageArchive',
	messages: SIZES.libraryMessages - SIZES.libraryHangs,
	kills: SIZES.libraryKills,
	simulator: { ...BAD_RECORDS, libraryEndsEvery: KILLER_EVERY },
	async prepare(wecom, leaks) {
		wecom.addMessages(SIZES.libraryHangs, { libraryEnds: 'hang' });
		for (const key of messageKeys(wecom, await wireRecords(wecom))) leaks.addSecret(key);
	},
	pages: [
		{ pageSize: 25, maxRecords: 200, requestTimeout: 5 },
		{ pageSize: 100, maxRecords: 400, requestTimeout: 5 },
	],
	truth: libraryTruth,
	keyOf: ({ seq }) => String(seq),
};

const LIBRARY_PLANS: readonly SyncPlan[] = [
	{ ...THROUGH_LIBRARY, name: "trigger through Tencent's library", by: 'trigger' },
	{ ...THROUGH_LIBRARY, name: "Get Many through Tencent's library", by: 'getMany' },
];

/** How long the event loop may be held, milliseconds: on machines that do much else. */
const MAX_HELD = { most: 150, median: 60 };
const MAX_GROWTH = 12 * 1024 * 1024;

const PLANS = [
	REFERENCE,
	...ZONE_PLANS,
	...(SIZES.bothStyles ? OTHER_STYLES : []),
	...LIBRARY_PLANS,
];

afterAll(endPrograms);

describe.each(PLANS)(
	'a sync ($name) through a link that breaks, in a process that is killed',
	(plan) => {
		let sync: BrokenSync;

		beforeAll(async () => {
			sync = await BrokenSync.run(plan);
		}, 3_000_000);

		it('was killed as often as intended, and met every fault', () => {
			expect(sync.killed.length).toBe(plan.kills);
			expect(Object.entries(sync.faults).filter(([, times]) => times === 0)).toEqual([]);
		});

		it('delivers every record of the archive and skips none', () => {
			const found = sync.byKey;
			const lost = sync.expected.filter(({ key }) => !found.has(key));
			expect(lost.map(({ key }) => key)).toEqual([]);
			expect(found.size).toBe(sync.expected.length);
			expect(found.size).toBeGreaterThan(plan.messages * 0.9);
		});

		it('delivers in the order of the archive', () => {
			expect([...sync.byKey.keys()]).toEqual(sync.expected.map(({ key }) => key));
		});

		it('delivers every record as it is: the good ones readable, the bad ones named', () => {
			const found = sync.byKey;
			const wrong = sync.expected.filter(({ key, isRight }) =>
				found.get(key)?.some(({ item }) => !isRight(item)),
			);
			expect(wrong.map(({ key }) => key)).toEqual([]);
		});

		it('doubles only what was handed over by a process that died before it kept the cursor', () => {
			const doubled = [...sync.byKey.values()].filter((found) => found.length > 1);
			const isLastOfKilled = ({ run, batch }: { run: number; batch: number }) =>
				sync.killed.includes(run) && sync.batches[batch + 1]?.run !== run;
			const unexplained = doubled.filter((found) => !found.slice(0, -1).every(isLastOfKilled));
			expect(unexplained).toEqual([]);
			expect(doubled.length).toBeGreaterThan(0);
		});

		it('leaves no process of a library behind when it is killed', () => {
			expect(sync.libraries.orphans).toEqual([]);
			expect(sync.libraries.left > 0).toBe(plan.contract === 'messageArchive');
		});

		it('holds the event loop for moments only, and no more memory at the end than at first', () => {
			expect(sync.held.median).toBeGreaterThan(0);
			expect(sync.held.median).toBeLessThan(MAX_HELD.median);
			expect(sync.held.most).toBeLessThan(MAX_HELD.most);
			expect(sync.growth).toBeLessThan(MAX_GROWTH);
		});

		it('gives no secret away', () => {
			expect(sync.leaks.size.characters).toBeGreaterThan(0);
			expect(sync.leaks.found()).toEqual([]);
		});
	},
);
