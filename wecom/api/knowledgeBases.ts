import type * as z from 'zod/v4';

import { isJsonObject, type JsonObject } from '../json';
import { fields, id, list, oneOf, optional, text, uint64, webAddress } from './fields';
import { NO_MODELS } from './inOwnArchive';
import { listIn, listOf } from './lists';
import { operation, withoutErrcode } from './operation';

/** What a document is, by its number. Source: document 99836. */
export const DOCUMENT_TYPES = {
	2: 'pdf',
	4: 'xlsx',
	5: 'doc',
	6: 'docx',
	101: 'web page',
} as const;

const WEB_PAGE = 101;
/** Most documents of a call, and of a knowledge base. */
const MAX_DOCUMENTS = 1000;

const newDocument = fields({
	/** With the suffix of its type. */
	doc_name: text({ maxBytes: 200 }),
	/** As in {@link DOCUMENT_TYPES}. */
	type: oneOf(2, 4, 5, 6, WEB_PAGE),
	/** Of every type but a web page. */
	file_media_id: optional(text({ maxBytes: 1024 })),
	/** Of a web page. */
	web_url: optional(webAddress(1024)),
}).check(({ value, issues }) => {
	const { type } = value;
	const [needed, other] =
		type === WEB_PAGE
			? (['web_url', 'file_media_id'] as const)
			: (['file_media_id', 'web_url'] as const);
	const problem =
		value[needed] === undefined
			? ([needed, `is empty, expected text because the type is ${type}`] as const)
			: value[other] === undefined
				? undefined
				: ([other, `is given, expected none because the type is ${type}`] as const);
	if (!problem) return;
	const [field, message] = problem;
	issues.push({ code: 'custom', input: value, path: [field], message });
});
const newDocuments = () => list(newDocument, { min: 1, max: MAX_DOCUMENTS });
const name = () => text({ maxCharacters: 20 });
const existing = { kb_id: id() };

/** A document as it is given. */
export type NewDocument = z.input<typeof newDocument>;

/** A document of a knowledge base. */
export interface KnowledgeDocument {
	/** A uint64: digits beyond 2^53. */
	docid: number | string;
	doc_name?: string;
	/** As in {@link DOCUMENT_TYPES}; 8 to 16 for documents that a person put there. */
	type?: number;
	/** 0 there, 1 failed, 2 being added. */
	status?: number;
	file_media_id?: string;
	web_url?: string;
}

/** A knowledge base as the list shows it. */
export interface ListedKnowledgeBase {
	kb_id: string;
	kb_name: string;
}

/** The knowledge bases that the app may use, at most 1000 a corp. Source: document 99836. */
export const listKnowledgeBases = operation({
	name: 'listKnowledgeBases',
	retry: 'read',
	proof: ['kb_info_list'],
	input: fields({}),
	read: (answer, path) =>
		listOf(answer, 'kb_info_list', { path, isEntry: isJsonObject }).filter(
			isJsonObject,
		) as unknown as ListedKnowledgeBase[],
	instead: { messageArchive: NO_MODELS },
	wires: { dataZone: 'ZONE knowledge_base_list' },
});

/** A knowledge base with its documents. */
export interface KnowledgeBase extends ListedKnowledgeBase {
	doc_list: KnowledgeDocument[];
}

/** Makes a knowledge base of documents; they are learnt one by one. Source: document 99836. */
export const createKnowledgeBase = operation({
	name: 'createKnowledgeBase',
	retry: 'once',
	findOut:
		'Look with `listKnowledgeBases` whether the knowledge base is there before you create it again.',
	input: fields({ kb_name: name(), doc_list: newDocuments() }),
	read: (answer, path) => readDocuments(answer, path) as unknown as Omit<KnowledgeBase, 'kb_name'>,
	instead: { messageArchive: NO_MODELS },
	wires: { dataZone: 'ZONE knowledge_base_create' },
});

/** One knowledge base with its documents. Source: document 99836. */
export const getKnowledgeBase = operation({
	name: 'getKnowledgeBase',
	retry: 'read',
	proof: ['kb_name', 'doc_list'],
	input: fields(existing),
	read: (answer, path) => readDocuments(answer, path) as unknown as KnowledgeBase,
	instead: { messageArchive: NO_MODELS },
	wires: { dataZone: 'ZONE knowledge_base_detail' },
});

/** Puts documents into a knowledge base. Source: document 99836. */
export const addDocuments = operation({
	name: 'addDocuments',
	retry: 'once',
	findOut:
		'Look with `getKnowledgeBase` whether the documents are there before you add them again.',
	input: fields({ ...existing, doc_list: newDocuments() }),
	read: (answer, path) => readDocuments(answer, path) as unknown as Pick<KnowledgeBase, 'doc_list'>,
	instead: { messageArchive: NO_MODELS },
	wires: { dataZone: 'ZONE knowledge_base_add_doc' },
});

/** Takes documents out of a knowledge base; one has to stay. Source: document 99836. */
export const removeDocuments = operation({
	name: 'removeDocuments',
	retry: 'idempotent',
	input: fields({ ...existing, docid_list: list(uint64(), { min: 1, max: MAX_DOCUMENTS }) }),
	instead: { messageArchive: NO_MODELS },
	wires: { dataZone: 'ZONE knowledge_base_remove_doc' },
});

/** Gives a knowledge base another name. Source: document 99836. */
export const renameKnowledgeBase = operation({
	name: 'renameKnowledgeBase',
	retry: 'idempotent',
	input: fields({ ...existing, kb_name: name() }),
	instead: { messageArchive: NO_MODELS },
	wires: { dataZone: 'ZONE knowledge_base_modify_name' },
});

/** Removes a knowledge base that this app made. Source: document 99836. */
export const deleteKnowledgeBase = operation({
	name: 'deleteKnowledgeBase',
	retry: 'idempotent',
	input: fields(existing),
	instead: { messageArchive: NO_MODELS },
	wires: { dataZone: 'ZONE knowledge_base_delete' },
});

function readDocuments(answer: JsonObject, path: string): JsonObject {
	return {
		...withoutErrcode(answer),
		doc_list: listIn(answer, 'doc_list', path).filter(isJsonObject),
	};
}
