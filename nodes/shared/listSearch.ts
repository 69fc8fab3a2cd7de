import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { WecomClient } from '../../wecom/api/client';
import type { ListOperation, Operation } from '../../wecom/api/operation';
import type { Page, PageInput } from '../../wecom/api/wire';
import { toClientSettings } from './credentials';
import { toNodeError } from './run/nodeErrors';
import { stateOf } from './state';

/** How many entries one step of the list shows. */
const PAGE_SIZE = 50;
/** Somebody is looking at the list. */
const NO_LONG_WAIT = { frequencyWaitMs: 0, maxWaitMs: 5000 };

/** A step of a list, before the user's filter. */
interface FetchedResults {
	results: INodeListSearchItems[];
	paginationToken?: string;
}

/** A search method for a resource locator. */
export type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/**
 * Makes the search behind "From List": pages through a list operation and keeps what the user typed.
 *
 * @param toResults how entries are shown; may ask for more about them
 */
export function listSearch<Entry>(
	operation: ListOperation<object, Entry>,
	toResults: (
		entries: Entry[],
		client: WecomClient,
	) => INodeListSearchItems[] | Promise<INodeListSearchItems[]>,
): ListSearch {
	return searchOf(async (client, cursor) => {
		const input: PageInput = {
			limit: Math.min(PAGE_SIZE, operation.maxPageSize),
			...(cursor ? { cursor } : {}),
		};
		const page: Page<Entry> = await client.call(operation, input);
		return { results: await toResults(page.entries, client), paginationToken: page.nextCursor };
	});
}

/**
 * The same for what WeCom lists in one answer.
 *
 * @param toResults how entries are shown
 */
export function wholeListSearch<Entry>(
	operation: Operation<object, Entry[]>,
	toResults: (entries: Entry[]) => INodeListSearchItems[],
): ListSearch {
	return searchOf(async (client) => ({ results: toResults(await client.call(operation, {})) }));
}

/** @param fetch gets a step of the list; its mark is empty when it was the last */
function searchOf(
	fetch: (client: WecomClient, paginationToken?: string) => Promise<FetchedResults>,
): ListSearch {
	return async function (filter, paginationToken) {
		try {
			const client = new WecomClient({
				...toClientSettings(await this.getCredentials('wecomDataApi')),
				state: await stateOf(this, this.getCurrentNodeParameter('stateStore')),
				retry: NO_LONG_WAIT,
			});
			const { results, paginationToken: next } = await fetch(client, paginationToken);
			const wanted = filter?.trim().toLowerCase() ?? '';
			return {
				results: results.filter(
					({ name, value }) =>
						name.toLowerCase().includes(wanted) || String(value).toLowerCase().includes(wanted),
				),
				...(next ? { paginationToken: next } : {}),
			};
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	};
}
