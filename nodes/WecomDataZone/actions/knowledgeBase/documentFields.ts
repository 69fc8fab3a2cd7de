import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { NewDocument } from '../../../../wecom/api/knowledgeBases';
import { InvalidInputError } from '../../../../wecom/errors';
import { isJsonObject } from '../../../../wecom/json';
import type { Item } from '../../../shared/run/item';
import { compact, toJson } from '../../../shared/values';

const BY_NAME = 'byName';
const WEB_PAGE = 101;
/** The type by the suffix of the name. Source: document 99836. */
const TYPES: Readonly<Partial<Record<string, number>>> = {
	pdf: 2,
	xlsx: 4,
	doc: 5,
	docx: 6,
};

/** What is learned, document by document or as JSON; {@link readDocuments} reads them. */
export const documentFields: INodeProperties[] = [
	{
		displayName: 'Specify Documents',
		name: 'specifyDocuments',
		type: 'options',
		options: [
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
		default: 'fields',
		description: 'How to say which documents are meant',
	},
	{
		displayName: 'Documents',
		name: 'documents',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add document',
		default: { document: [{ docName: '', type: BY_NAME, mediaId: '' }] },
		description: 'Files that were uploaded before, and web pages; at most 1000',
		displayOptions: { show: { specifyDocuments: ['fields'] } },
		options: [
			{
				displayName: 'Document',
				name: 'document',
				values: [
					{
						displayName: 'Name',
						name: 'docName',
						type: 'string',
						default: '',
						placeholder: 'e.g. 价目表.pdf',
						description: 'Name of the document with the suffix of its file, at most 200 bytes',
					},
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						options: [
							{
								name: 'By the Suffix of the Name',
								value: BY_NAME,
								description: 'A file: .pdf, .xlsx, .doc or .docx',
							},
							{ name: 'DOC (5)', value: 5 },
							{ name: 'DOCX (6)', value: 6 },
							{ name: 'PDF (2)', value: 2 },
							{ name: 'Web Page (101)', value: WEB_PAGE },
							{
								name: 'XLSX (4)',
								value: 4,
								description: 'Questions and answers, in the template of WeCom',
							},
						],
						default: BY_NAME,
						description: 'What kind of document it is',
					},
					{
						displayName: 'Media ID',
						name: 'mediaId',
						type: 'string',
						default: '',
						placeholder: 'e.g. 3cKDn9XCFuYqWRz7pQ2LpAAAA',
						description:
							'The file, uploaded with File → Upload for zone APIs within the last three days',
						displayOptions: { hide: { type: [WEB_PAGE] } },
					},
					{
						displayName: 'URL',
						name: 'webUrl',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://www.example.com/faq',
						description: 'Address of the web page, http or https, at most 1024 bytes',
						displayOptions: { show: { type: [WEB_PAGE] } },
					},
				],
			},
		],
	},
	{
		displayName: 'Documents (JSON)',
		name: 'documentsJson',
		type: 'json',
		default:
			'[\n  { "doc_name": "价目表.pdf", "file_media_id": "3cKDn9XCFuYqWRz7pQ2LpAAAA" },\n  { "doc_name": "常见问题", "web_url": "https://www.example.com/faq" }\n]',
		description:
			'List of objects with doc_name and file_media_id or web_url; type (2 pdf, 4 xlsx, 5 doc, 6 docx, 101 web page) may be left out where suffix or web_url tell it',
		displayOptions: { show: { specifyDocuments: ['json'] } },
	},
];

/**
 * The documents that the fields name.
 *
 * @throws InvalidInputError when there are none, the JSON is none, or nothing tells a type
 */
export function readDocuments(item: Item): NewDocument[] {
	const list =
		item.param('specifyDocuments') === 'json'
			? toJson('Documents (JSON)', item.param('documentsJson'))
			: item.param<{ document?: IDataObject[] }>('documents').document?.map(toDocument);
	if (!Array.isArray(list) || list.length === 0) {
		throw new InvalidInputError(
			'Documents',
			'"Documents" holds no document',
			'Add at least one document, or give a JSON list of objects with doc_name and file_media_id or web_url.',
		);
	}
	return list.map(
		(document: unknown, i) =>
			(isJsonObject(document)
				? { ...document, type: document.type ?? typeOf(document, i) }
				: document) as NewDocument,
	);
}

/** A row of the fields in the words of WeCom. */
function toDocument({ docName, type, mediaId, webUrl }: IDataObject): IDataObject {
	return compact({
		doc_name: docName,
		type: type === BY_NAME ? undefined : type,
		file_media_id: mediaId,
		web_url: webUrl,
	});
}

/** Undefined where the client has more to say than that the type is missing. */
function typeOf({ doc_name: name, web_url: url }: IDataObject, i: number): number | undefined {
	if (url !== undefined) return WEB_PAGE;
	if (typeof name !== 'string' || name.trim() === '') return undefined;
	const [, suffix = ''] = /\.(\w+)\s*$/.exec(name) ?? [];
	const type = TYPES[suffix.toLowerCase()];
	if (type !== undefined) return type;
	throw new InvalidInputError(
		`doc_list[${i}].type`,
		`"doc_list[${i}].type" is empty, and the suffix of doc_name does not tell it`,
		'End the name with .pdf, .xlsx, .doc or .docx, or choose a type.',
	);
}
