import { Acquisition } from './acquisition';
import type { Archive } from './archive';
import { Authorizations } from './authorizations';
import type { Notifier } from './callbacks/notifier';
import { Chats } from './chats';
import type { Contract } from './contracts';
import type { World } from './data/world';
import { ExportJobs } from './exports';
import { Moments } from './moments';
import { ModelJobs } from './modelJobs';
import { ModelQuota } from './models/quota';
import { Orders } from './orders';
import { FeedCursors } from './feedCursors';
import { LibraryFeed } from './library/feed';
import { KnowledgeBases } from './knowledge';
import { PageSizes } from './pageSizes';
import { Pager } from './paging';
import { Privacy } from './privacy';
import { Programs } from './programs';
import type { Backend } from './routes/api';
import { KeywordRules } from './rules';
import { Suite } from './suite';
import type { TokenStore } from './tokens';
import { Uploads } from './uploads';
import { WrongSecrets } from './wrongSecrets';
import { ZoneEvents } from './zoneEvents';

/** What a backend is made of, and how it is limited. */
export interface BackendStart {
	readonly contracts: readonly Contract[];
	readonly world: World;
	readonly archive: Archive;
	readonly tokens: TokenStore;
	readonly notifier: Notifier;
	readonly now: () => number;
	readonly maxResponseBytes: number;
	readonly modelQuota: number;
	readonly modelMessageQuota: number;
	readonly modelSeconds: number;
	readonly exportSeconds: number;
	readonly learnSeconds: number;
	readonly pageMs: number;
	readonly shortPages: boolean;
	readonly seed: number;
	readonly balanceFen: number;
	readonly wrongSecretLimit: number;
}

/** Makes what the APIs work on. */
export function makeBackend(start: BackendStart): Backend {
	const { world, archive, tokens, notifier, seed, now } = start;
	const chats = new Chats(archive, world);
	const pager = new Pager();
	const orders = new Orders(seed, start.balanceFen, now, notifier);
	const keywordRules = new KeywordRules({ world, chats }, notifier, now);
	const uploads = new Uploads(now);
	const privacy = new Privacy();
	const events = new ZoneEvents({ notifier, seed, now });
	const moments = new Moments(now);
	const exports = new ExportJobs(start.exportSeconds, now, moments, (jobid) => {
		notifier.notify('msgaudit_export_finish', { JobId: jobid });
		const event_type = 'chat_archive_export_finished';
		events.tell({ event_type, [event_type]: { jobid } });
	});
	const feeds = new FeedCursors(now);
	const knowledge = new KnowledgeBases(start.learnSeconds, now, moments, (learned) => {
		const event_type = 'knowledge_base_learn_done';
		const { kbId, name, docid, status } = learned;
		const body = { doc_id: docid, learn_status: status };
		const base = { knowledge_base_id: kbId, knowledge_base_name: name };
		events.tell({ event_type, [event_type]: { ...base, ...body } });
	});
	const modelJobs = new ModelJobs(start.modelSeconds, now);
	const modelQuota = new ModelQuota(start.modelQuota, now);
	const messageQuota = new ModelQuota(start.modelMessageQuota, now);
	const lists = { world, archive, chats, pager, exports, uploads, keywordRules, events };
	const shared = { ...lists, modelJobs, modelQuota, now };
	const pageSizes = new PageSizes(start.shortPages, seed);
	const { pageMs } = start;
	const inZone = { ...shared, feeds, knowledge, messageQuota, pageSizes, pageMs };
	return {
		...shared,
		libraryFeed: new LibraryFeed(archive),
		moments,
		contracts: start.contracts,
		privacy,
		tokens,
		maxResponseBytes: start.maxResponseBytes,
		notifier,
		programs: new Programs(world, inZone, seed),
		acquisition: new Acquisition(world, seed, now),
		orders,
		suite: new Suite(world, seed, notifier, now),
		authorizations: new Authorizations({
			world,
			customers: orders.corps,
			tokens: tokens.access_token,
			notifier,
			seed,
			now,
		}),
		wrongSecrets: new WrongSecrets(start.wrongSecretLimit, now),
	};
}
