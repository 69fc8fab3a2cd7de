import { DOCUMENT_TYPES, type KnowledgeDocument } from '../../../../wecom/api/knowledgeBases';
import { wordFor } from '../../../shared/wordFor';

/** type by its number: those of the API, and what people add in WeCom itself. Source: document 99836. */
const TYPES: Readonly<Partial<Record<number, string>>> = {
	...DOCUMENT_TYPES,
	8: 'online document',
	9: 'online sheet',
	10: 'WeDrive text',
	11: 'WeDrive pdf',
	12: 'WeDrive excel',
	13: 'WeDrive doc',
	14: 'WeDrive docx',
	15: 'WeDrive csv',
	16: 'WeDrive folder',
};

/** status by its number. Source: document 99836. */
const STATUSES: Readonly<Partial<Record<number, string>>> = {
	0: 'ok',
	1: 'failed',
	2: 'adding',
};

/** A document of a knowledge base with the words beside its numbers. */
export function withNames(document: KnowledgeDocument) {
	const { type, status } = document;
	return {
		...document,
		type_name: wordFor(TYPES, type),
		...(status === undefined ? {} : { status_name: wordFor(STATUSES, status) }),
	};
}
