import { removeDocuments as api } from '../../../../wecom/api/knowledgeBases';
import { optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toList } from '../../../shared/values';
import { knowledgeBaseField, knowledgeNotice, ownNotice } from './knowledgeBaseFields';

/** Removes documents from a knowledge base. Platform document 99836. */
export const removeDocuments: Action = {
	option: {
		name: 'Remove Documents',
		value: 'removeDocuments',
		action: 'Remove documents from a knowledge base',
		description: 'Remove some of the documents of a knowledge base, not all',
	},
	api,
	fields: [
		knowledgeNotice,
		ownNotice,
		knowledgeBaseField,
		{
			displayName: 'Document IDs',
			name: 'docidList',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 7036874417766401, 7036874417766402',
			description:
				'The docid of each document to remove, as Get shows them, separated by commas; one document at least has to stay',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const kb_id = item.id('kbId');
		const docid_list = toList('docid_list', item.param('docidList'));
		await item.call(api, { kb_id, docid_list });
		return { success: true, kb_id, docid_list };
	},
};
