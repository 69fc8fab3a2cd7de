import { deleteKnowledgeBase } from '../../../../wecom/api/knowledgeBases';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { knowledgeBaseField, knowledgeNotice, ownNotice } from './knowledgeBaseFields';

/** Removes a knowledge base. Platform document 99836. */
export const remove: Action = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a knowledge base',
		description: 'Delete a knowledge base with all its documents for good',
	},
	api: deleteKnowledgeBase,
	fields: [knowledgeNotice, ownNotice, knowledgeBaseField, optionsOf(requestTimeoutField)],

	async run(item) {
		await item.call(deleteKnowledgeBase, { kb_id: item.id('kbId') });
		return { deleted: true };
	},
};
