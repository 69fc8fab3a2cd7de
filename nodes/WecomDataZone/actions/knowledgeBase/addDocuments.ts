import { addDocuments as api } from '../../../../wecom/api/knowledgeBases';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { documentFields, readDocuments } from './documentFields';
import { withNames } from './documents';
import {
	hintAtLearning,
	knowledgeBaseField,
	knowledgeNotice,
	ownNotice,
} from './knowledgeBaseFields';

/** Adds documents to a knowledge base. Platform document 99836. */
export const addDocuments: Action = {
	option: {
		name: 'Add Documents',
		value: 'addDocuments',
		action: 'Add documents to a knowledge base',
		description: 'Add uploaded files and web pages to a knowledge base',
	},
	api,
	fields: [
		knowledgeNotice,
		ownNotice,
		knowledgeBaseField,
		...documentFields,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const kb_id = item.id('kbId');
		const doc_list = readDocuments(item);
		const { doc_list: added } = await item.call(api, { kb_id, doc_list });
		hintAtLearning(item.notices);
		return { kb_id, doc_list: added.map(withNames) };
	},
};
