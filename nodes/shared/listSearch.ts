import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { WecomClient } from '../../wecom/api/client';
import type { ListOperation } from '../../wecom/api/operation';
import type { Page, PageInput } from '../../wecom/api/wire';
import { toClientSettings } from './credentials';
import { toNodeError } from './run/nodeErrors';
import { stateOf } from './state';

/** How many entries one step of the list shows. */
const PAGE_SIZE = 50;
/** Somebody is looking at the list. */
const NO_LONG_WAIT = { frequencyWaitMs: 0, maxWaitMs: 5000 };

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
	return async function (filter, paginationToken) {
		try {
			const client = new WecomClient({
				...toClientSettings(await this.getCredentials('wecomDataApi')),
				state: await stateOf(this, this.getCurrentNodeParameter('stateStore')),
				retry: NO_LONG_WAIT,
			});
			const input: PageInput = {
				limit: Math.min(PAGE_SIZE, operation.maxPageSize),
				...(paginationToken ? { cursor: paginationToken } : {}),
			};
			const page: Page<Entry> = await client.call(operation, input);
			const results = await toResults(page.entries, client);
			const wanted = filter?.trim().toLowerCase() ?? '';
			return {
				results: results.filter(
					({ name, value }) =>
						name.toLowerCase().includes(wanted) || String(value).toLowerCase().includes(wanted),
				),
				...(page.nextCursor ? { paginationToken: page.nextCursor } : {}),
			};
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	};
}
