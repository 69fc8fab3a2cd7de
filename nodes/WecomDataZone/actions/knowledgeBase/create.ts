import { createKnowledgeBase } from '../../../../wecom/api/knowledgeBases';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { documentFields, readDocuments } from './documentFields';
import { withNames } from './documents';
import { hintAtLearning, kbNameField, knowledgeNotice } from './knowledgeBaseFields';

/** Makes a knowledge base. Platform document 99836. */
export const create: Action = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a knowledge base',
		description: 'Create a knowledge base of documents that models answer from',
	},
	api: createKnowledgeBase,
	fields: [knowledgeNotice, kbNameField, ...documentFields, optionsOf(requestTimeoutField)],

	async run(item) {
		const kb_name = item.text('kbName');
		const doc_list = readDocuments(item);
		const answer = await item.call(createKnowledgeBase, { kb_name, doc_list });
		item.notices.expectId(answer, 'kb_id', 'Knowledge Base → Get Many lists the new one.');
		hintAtLearning(item.notices);
		return { ...answer, kb_name, doc_list: answer.doc_list.map(withNames) };
	},
};
