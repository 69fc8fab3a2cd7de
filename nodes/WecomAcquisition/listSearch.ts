import { getLink, listLinks } from '../../wecom/api/acquisition';
import type { WecomClient } from '../../wecom/api/client';
import { WecomApiError } from '../../wecom/errors';
import { RecentAnswers } from '../../wecom/state/recentAnswers';
import { inParallel } from '../shared/inParallel';
import { listSearch, type ListSearch } from '../shared/listSearch';
import { LINKS_AT_ONCE } from './actions/link/linkItem';

/** Names of links: the list gives ids only, and each name costs a call. */
const recentNames = new RecentAnswers(2000);
const KEEP_MS = 5 * 60_000;

/** Links by name or id, a page at a time. */
export const searchLinks: ListSearch = async function (filter, paginationToken) {
	const credential = JSON.stringify(await this.getCredentials('wecomDataApi'));
	const search = listSearch(
		listLinks,
		async (ids, client) =>
			await inParallel(ids, LINKS_AT_ONCE, async (id) => ({
				name: await nameOf(id, client, credential),
				value: id,
			})),
	);
	return await search.call(this, filter, paginationToken);
};

async function nameOf(id: string, client: WecomClient, credential: string): Promise<string> {
	const { answer } = await recentNames.get(JSON.stringify([credential, id]), KEEP_MS, async () => ({
		name: await askForName(id, client),
	}));
	return String(answer.name);
}

/** The id in place of the name where WeCom refuses: a link of another app, or one just deleted. */
async function askForName(id: string, client: WecomClient): Promise<string> {
	try {
		const { link_name: name } = await client.call(getLink, { link_id: id });
		return typeof name === 'string' && name !== '' ? name : id;
	} catch (error) {
		if (error instanceof WecomApiError && error.entry.action === 'fail') return id;
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- listSearch makes a NodeApiError of it
	}
}
