import { listKnowledgeBases } from '../../wecom/api/knowledgeBases';
import { wholeListSearch } from '../shared/listSearch';

/** Knowledge bases by name or id. */
export const searchKnowledgeBases = wholeListSearch(listKnowledgeBases, (bases) =>
	bases.map(({ kb_id: value, kb_name: name }) => ({ name: name || value, value })),
);
