import type { INodeProperties } from 'n8n-workflow';

import { locatorField, noticeField } from '../../../shared/fields';
import type { Notices } from '../../../shared/run/notices';

/** What knowledge bases need, and their bounds. Source: documents 99836 and 101458. */
export const knowledgeNotice = noticeField(
	'knowledgeNotice',
	'The corp must have authorized the app for knowledge bases (知识集), and the program in the data zone (Program ID and Program Style of the credential) must pass the knowledge_base functions on. Apps for external service (外部服务应用) cannot manage knowledge bases. A corp has at most 1000, each with at most 1000 documents.',
);

/** Which knowledge bases can be changed. Source: document 99836. */
export const ownNotice = noticeField(
	'ownNotice',
	'Only a knowledge base that this app has created through the API can be changed.',
);

/** The knowledge base an operation is about. */
export const knowledgeBaseField = locatorField(
	{
		displayName: 'Knowledge Base',
		name: 'kbId',
		description: 'The knowledge base (知识集), by its kb_id',
	},
	'searchKnowledgeBases',
	'kbAAAAbmAAAC1xQ2Wk',
);

/** The name of a knowledge base. */
export const kbNameField: INodeProperties = {
	displayName: 'Name',
	name: 'kbName',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 产品手册',
	description: 'Name of the knowledge base, at most 20 characters',
};

/** Tells that documents do not count at once, and where to see that they do. */
export function hintAtLearning(notices: Notices): void {
	notices.hint(
		'WeCom is learning the documents, which takes a while. The event knowledge_base_learn_done tells of each when it is done, and Knowledge Base → Get shows its status.',
	);
}
