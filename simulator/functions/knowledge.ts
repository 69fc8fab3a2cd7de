import { withPlainNumbers } from '../json';
import type { NewDocument } from '../knowledge';
import { Refusal } from '../refusal';
import {
	bytesUpTo,
	isId,
	isInteger,
	isWebAddress,
	listOf,
	objectOf,
	oneOf,
	optional,
	required,
	takeFields,
	textOf,
	type Check,
} from '../routes/fields';
import type { Uploads } from '../uploads';
import { good, OK, type Example, type ZoneFunctions } from './function';

const WEB_PAGE = 101;
/** What a name has to end in, by type of document. */
const SUFFIXES: Readonly<Record<number, string>> = { 2: '.pdf', 4: '.xlsx', 5: '.doc', 6: '.docx' };
const COMMON = { right: 'datazone:knowledge:base', newer: true } as const;
const MAX = 1000;

const isName: Check = textOf(1, 20);
const KB = { kb_id: required(isId) };
const isDocument = objectOf({
	doc_name: required(bytesUpTo(200)),
	type: required(oneOf(...Object.keys(SUFFIXES).map(Number), WEB_PAGE)),
	file_media_id: optional(bytesUpTo(1024)),
	web_url: optional(bytesUpTo(1024)),
});
const DOCUMENTS = { doc_list: required(listOf(isDocument, { min: 1, max: MAX })) };
const DOCIDS = required(listOf(isInteger(0n, 2n ** 64n - 1n), { min: 1, max: MAX }));

const DOCUMENT: Example = {
	doc_name: 'a.pdf',
	type: 2,
	file_media_id: 'MEDIA-1',
	web_url: 'https://example.com/a',
};
const ID: Example = { kb_id: 'kb1' };
const ADDED: Example = { doc_list: [{ ...DOCUMENT, docid: 1 }] };

/** Knowledge bases (document path 99836). */
export const knowledgeFunctions: ZoneFunctions = {
	knowledge_base_list: {
		...COMMON,
		input: {},
		output: { ...OK, kb_info_list: [{ kb_id: 'kb1', kb_name: 'n' }] },
		run({ knowledge }, request) {
			takeFields(request, {});
			const list = knowledge.list.map(({ kbId, name }) => ({ kb_id: kbId, kb_name: name }));
			return good({ kb_info_list: list });
		},
	},
	knowledge_base_create: {
		...COMMON,
		input: { kb_name: 'n', doc_list: [DOCUMENT] },
		output: { ...OK, ...ID, ...ADDED },
		run({ knowledge, uploads }, request) {
			const fields = takeFields(request, { kb_name: required(isName), ...DOCUMENTS });
			const documents = documentsIn(fields.doc_list, uploads);
			const { kbId, docids } = knowledge.create(fields.kb_name as string, documents);
			return good({ kb_id: kbId, doc_list: added(documents, docids) });
		},
	},
	knowledge_base_detail: {
		...COMMON,
		input: ID,
		output: {
			...OK,
			...ID,
			kb_name: 'n',
			doc_list: [
				{ docid: 1, doc_name: 'a.pdf', type: 2, web_url: 'https://example.com/a', status: 0 },
			],
		},
		run({ knowledge }, request) {
			const { kb_id: kbId } = takeFields(request, KB);
			const { name, documents } = knowledge.detail(kbId as string);
			return good({
				kb_id: kbId,
				kb_name: name,
				doc_list: documents.map(({ docid, doc_name, type, web_url, status }) => ({
					docid,
					doc_name,
					type,
					...(web_url === undefined ? {} : { web_url }),
					status,
				})),
			});
		},
	},
	knowledge_base_add_doc: {
		...COMMON,
		input: { ...ID, doc_list: [DOCUMENT] },
		output: { ...OK, ...ADDED },
		run({ knowledge, uploads }, request) {
			const fields = takeFields(request, { ...KB, ...DOCUMENTS });
			const documents = documentsIn(fields.doc_list, uploads);
			const docids = knowledge.add(fields.kb_id as string, documents);
			return good({ doc_list: added(documents, docids) });
		},
	},
	knowledge_base_remove_doc: {
		...COMMON,
		input: { ...ID, docid_list: [1] },
		output: OK,
		run({ knowledge }, request) {
			const fields = takeFields(request, { ...KB, docid_list: DOCIDS });
			knowledge.remove(fields.kb_id as string, fields.docid_list as bigint[]);
			return good({});
		},
	},
	knowledge_base_modify_name: {
		...COMMON,
		input: { ...ID, kb_name: 'n' },
		output: OK,
		run({ knowledge }, request) {
			const fields = takeFields(request, { ...KB, kb_name: required(isName) });
			knowledge.rename(fields.kb_id as string, fields.kb_name as string);
			return good({});
		},
	},
	knowledge_base_delete: {
		...COMMON,
		input: ID,
		output: OK,
		run({ knowledge }, request) {
			knowledge.delete(takeFields(request, KB).kb_id as string);
			return good({});
		},
	},
};

/**
 * What the documents of a request are.
 *
 * @throws Refusal for one whose name or source does not go with its type
 */
function documentsIn(list: unknown, uploads: Uploads): NewDocument[] {
	const documents = withPlainNumbers(list) as NewDocument[];
	documents.forEach((document, index) => checkDocument(document, `doc_list[${index}]`, uploads));
	return documents;
}

function checkDocument(document: NewDocument, path: string, uploads: Uploads): void {
	const { doc_name: name, type, file_media_id: mediaId, web_url: url } = document;
	const source = type === WEB_PAGE ? 'web_url' : 'file_media_id';
	const other = type === WEB_PAGE ? 'file_media_id' : 'web_url';
	if (document[source] === undefined) throw new Refusal(40063, `${path}.${source} is missing`);
	if (document[other] !== undefined) {
		throw new Refusal(40058, `${path}.${other} does not go with type ${type}`);
	}
	if (url !== undefined && isWebAddress(url, path) !== undefined) {
		throw new Refusal(790025, `${path}.web_url`);
	}
	if (!name.toLowerCase().endsWith(SUFFIXES[type] ?? '')) {
		throw new Refusal(790032, `${path}.doc_name`);
	}
	if (mediaId !== undefined) uploads.checkInZone(mediaId);
}

function added(documents: readonly NewDocument[], docids: readonly bigint[]): object[] {
	return documents.map((document, index) => ({ ...document, docid: docids[index] }));
}
