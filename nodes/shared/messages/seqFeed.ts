import { pullPages, type FetchPage } from '../../../wecom/archive/pull';
import type { Feed } from '../position/feed';

/** The feed of an archive whose records are counted by seq. */
export function seqFeed(fetchPage: FetchPage): Feed {
	return {
		kind: 'seq',
		pages: (after, pageSize) => pullPages(fetchPage, after.ordinal, pageSize),
	};
}
