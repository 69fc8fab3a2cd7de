import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { NewDocument } from '../../../../wecom/api/knowledgeBases';
import { InvalidInputError } from '../../../../wecom/errors';
import { isJsonObject } from '../../../../wecom/json';
import type { Item } from '../../../shared/run/item';
import { compact, toJson } from '../../../shared/values';

const AUTOMATIC = 'automatic';
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
		default: { document: [{ docName: '', type: AUTOMATIC, mediaId: '', webUrl: '' }] },
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
						description: 'Name of the document, of a file with its suffix, at most 200 bytes',
					},
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						options: [
							{
								name: 'Automatic',
								value: AUTOMATIC,
								description:
									'A file by the suffix of its name (.pdf, .xlsx, .doc, .docx), a web page by its URL',
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
						default: AUTOMATIC,
						description: 'What kind of document it is',
					},
					{
						displayName: 'Media ID',
						name: 'mediaId',
						type: 'string',
						default: '',
						placeholder: 'e.g. 3cKDn9XCFuYqWRz7pQ2LpAAAA',
						description:
							'Of a file: uploaded with File → Upload for zone APIs within the last three days',
					},
					{
						displayName: 'URL',
						name: 'webUrl',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://www.example.com/faq',
						description: 'Of a web page: its address, http or https, at most 1024 bytes',
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
	const list = given(item);
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

function given(item: Item): unknown {
	const by = item.param('specifyDocuments');
	if (by === 'json') return toJson('Documents (JSON)', item.param('documentsJson'));
	if (by === 'fields') {
		return item.param<{ document?: IDataObject[] }>('documents').document?.map(toDocument);
	}
	throw new InvalidInputError(
		'Specify Documents',
		'"Specify Documents" is neither fields nor json',
		'Choose one of the two.',
	);
}

/** A row of the fields in the words of WeCom. */
function toDocument({ docName, type, mediaId, webUrl }: IDataObject): IDataObject {
	return compact({
		doc_name: docName,
		type: type === AUTOMATIC ? undefined : type,
		file_media_id: mediaId,
		web_url: webUrl === '' ? undefined : webUrl,
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
		`"doc_list[${i}].type" is empty, and neither the suffix of doc_name nor a web_url tells it`,
		'End the name with .pdf, .xlsx, .doc or .docx, or choose a type.',
	);
}
