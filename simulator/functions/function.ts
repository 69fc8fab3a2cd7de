import type { Archive } from '../archive';
import type { Chats } from '../chats';
import { useridOf, type World } from '../data/world';
import type { ExportJobs } from '../exports';
import type { FeedCursors } from '../feedCursors';
import type { KnowledgeBases } from '../knowledge';
import type { ModelJobs } from '../modelJobs';
import type { ModelQuota } from '../models/quota';
import type { PageSizes } from '../pageSizes';
import type { Page, Pager } from '../paging';
import { Refusal } from '../refusal';
import { pageEnd } from '../routes/fields';
import type { KeywordRules } from '../rules';
import type { Uploads } from '../uploads';
import type { ZoneEvents } from '../zoneEvents';

/** What the functions of the zone SDK work on. */
export interface FunctionWorld {
	readonly world: World;
	readonly archive: Archive;
	readonly chats: Chats;
	readonly pager: Pager;
	/** Places in lists that never end. */
	readonly feeds: FeedCursors;
	readonly exports: ExportJobs;
	readonly uploads: Uploads;
	readonly keywordRules: KeywordRules;
	readonly knowledge: KnowledgeBases;
	readonly modelJobs: ModelJobs;
	/** Calls of each model a day. */
	readonly modelQuota: ModelQuota;
	/** Messages a day that the models read which judge them one by one. */
	readonly messageQuota: ModelQuota;
	/** Events that the program keeps, and the tokens in them. */
	readonly events: ZoneEvents;
	/** How many messages a page gets. */
	readonly pageSizes: PageSizes;
	/** How long a page of messages takes to be read, in ms. */
	readonly pageMs: number;
	/** Clock in ms. */
	readonly now: () => number;
}

/** The JSON that an ability is registered with: keys and types of values count. */
export type Example = Readonly<Record<string, unknown>>;

/** A function of the zone SDK. */
export interface ZoneFunction {
	/** The data right that the corp has to have given (document path 99052). */
	readonly right?: string;
	/** Unknown to images that were made before September 2024. */
	readonly newer?: true;
	/** Its request with every field there can be; absent: anything goes. */
	readonly input?: Example;
	/** Its answer with every field there can be; absent: anything goes. */
	readonly output?: Example;
	/**
	 * Answers a request, as `parseExact` gives it. A bigint in the answer is written as the integer it
	 * is.
	 *
	 * @throws Refusal for an errcode of its own, which goes into the program's answer
	 */
	readonly run: (on: FunctionWorld, request: unknown, call: FunctionCall) => unknown;
}

/** What a function is told beside its request. */
export interface FunctionCall {
	/** From the outer body. */
	readonly notifyId?: string | undefined;
	/** Whether the corp's own app calls, and no provider's. */
	readonly ownApp: boolean;
}

/** Functions by name. */
export type ZoneFunctions = Readonly<Record<string, ZoneFunction>>;

/** What every answer has. */
export const OK: Example = { errcode: 0, errmsg: 'ok' };

/** The answer of a function that went well. */
export function good(fields: object): object {
	return { ...OK, ...fields };
}

/** The answer of a function that lists something, `has_more` as 0 or 1. */
export function found<Entry>(
	page: Page<Entry>,
	name: string,
	show: (entry: Entry) => object,
): object {
	return good({ ...pageEnd(page), [name]: page.entries.map(show) });
}

/**
 * The userid of the member whom a request names.
 *
 * @throws Refusal 710608 for anything but the `wo…` id of a member
 */
export function memberOf(world: World, openUserid: string): string {
	const userid = useridOf(world, openUserid);
	if (userid === undefined) throw new Refusal(710608, openUserid);
	return userid;
}
