import { listKnowledgeBases } from '../../../../wecom/api/knowledgeBases';
import { listFields, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { knowledgeNotice } from './knowledgeBaseFields';

/** The knowledge bases granted to the app. Platform document 99836. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many knowledge bases',
		description: 'List the knowledge bases that the app may use',
	},
	api: listKnowledgeBases,
	fields: [knowledgeNotice, ...listFields, optionsOf(requestTimeoutField)],

	async run(item) {
		const limit = item.limit();
		const bases = await item.call(listKnowledgeBases, {});
		if (bases.length === 0) {
			item.notices.hint(
				'The app may use no knowledge base. Knowledge Base → Create makes one; others have to be authorized for the app by the admin of the corp.',
			);
		}
		return bases.slice(0, limit).map(toItem);
	},
};
