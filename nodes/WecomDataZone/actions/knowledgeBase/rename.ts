import { renameKnowledgeBase } from '../../../../wecom/api/knowledgeBases';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { kbNameField, knowledgeBaseField, knowledgeNotice, ownNotice } from './knowledgeBaseFields';

/** Renames a knowledge base. Platform document 99836. */
export const rename: Action = {
	option: {
		name: 'Rename',
		value: 'rename',
		action: 'Rename a knowledge base',
		description: 'Give a knowledge base another name',
	},
	api: renameKnowledgeBase,
	fields: [
		knowledgeNotice,
		ownNotice,
		knowledgeBaseField,
		kbNameField,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const kb_id = item.id('kbId');
		const kb_name = item.text('kbName');
		await item.call(renameKnowledgeBase, { kb_id, kb_name });
		return { success: true, kb_id, kb_name };
	},
};
