import { getKnowledgeBase } from '../../../../wecom/api/knowledgeBases';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { withNames } from './documents';
import { knowledgeBaseField, knowledgeNotice } from './knowledgeBaseFields';

/** One knowledge base and its documents. Platform document 99836. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a knowledge base',
		description: 'Get the name of a knowledge base and the status of its documents',
	},
	api: getKnowledgeBase,
	fields: [knowledgeNotice, knowledgeBaseField, optionsOf(requestTimeoutField)],

	async run(item) {
		const kb_id = item.id('kbId');
		const { doc_list: documents, ...base } = await item.call(getKnowledgeBase, { kb_id });
		return { ...base, doc_list: documents.map(withNames) };
	},
};
