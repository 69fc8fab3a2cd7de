import type { IBinaryKeyData, IDataObject, INodeProperties } from 'n8n-workflow';

import { optional, parseInput, text, wholeNumber } from '../../../../wecom/api/fields';
import { getMediaPiece } from '../../../../wecom/api/media';
import { fileFacts, type MediaFile } from '../../../../wecom/archive/media';
import { InvalidInputError, MediaError, WecomApiError } from '../../../../wecom/errors';
import { LibraryCrashedError } from '../../../../wecom/library/libraryErrors';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import { FileKeeper, freeField, MEGABYTE, type KeptFile } from '../../../shared/media/fileKeeper';
import { filesIn } from '../../../shared/media/filesIn';
import { MAX_MEGABYTES } from '../../../shared/media/messageFiles';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { archiveNotice } from '../archiveFields';

const DEFAULT_MAX_MEGABYTES = 100;

interface Options {
	maxSize: number;
}

const fileFields: INodeProperties[] = [
	{
		displayName: 'Media From',
		name: 'mediaFrom',
		type: 'options',
		options: [
			{
				name: 'File ID',
				value: 'fileId',
				description: 'One file by its sdkfileid',
			},
			{
				name: 'Message in Input Item',
				value: 'message',
				description: 'All files of a message as Get Many or Decrypt gives it, simplified or not',
			},
		],
		default: 'message',
		description: 'Where it says which files to download',
	},
	{
		displayName: 'SDK File ID',
		name: 'sdkfileId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. CtYBMzA2OTAyMDEwMjA0NjIzMDYwMDIwMTAwMDIwNGI3ZmU0MDZlMDIwMzBmNTljYjAyMDQ',
		description: 'The sdkfileid in the body of a message',
		displayOptions: { show: { mediaFrom: ['fileId'] } },
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. photo.jpg',
		description: 'Name of the file; its ending says what kind of file it is',
		displayOptions: { show: { mediaFrom: ['fileId'] } },
	},
	{
		displayName: 'MD5',
		name: 'md5',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1b9be7d5c8b6f4a3e2d1c0b9a8f7e6d5',
		description: 'The md5sum in the body of the message; left empty, the content is not checked',
		displayOptions: { show: { mediaFrom: ['fileId'] } },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
		description:
			'A second file of the same message is put in the same name with _1, a third in one with _2',
	},
];

/** Downloads the files of archived messages. Source: document 91774. */
export const getMedia: Action = {
	option: {
		name: 'Get Media',
		value: 'getMedia',
		action: 'Get the files of a message',
		description: 'Download pictures, voice, videos and files of archived messages',
	},
	api: getMediaPiece,
	fields: [
		archiveNotice,
		noticeField(
			'mediaNotice',
			'With Tencent Message Archive (会话内容存档) only. WeCom keeps files for 5 days. An expired file stops the node, unless it is set to continue on error: then the item says so in "files".',
		),
		...fileFields,
		optionsOf(
			{
				displayName: 'Include Input Fields',
				name: 'includeInputFields',
				type: 'boolean',
				default: false,
				description:
					'Whether to put the fields and files of the input item beside the downloaded ones',
			},
			{
				displayName: 'Max Size (MB)',
				name: 'maxSize',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: MAX_MEGABYTES, numberPrecision: 0 },
				default: DEFAULT_MAX_MEGABYTES,
				description:
					'Largest file that is downloaded. What is larger stops the node as an expired one does.',
			},
			requestTimeoutField,
		),
	],

	async run(item) {
		const { maxSize = DEFAULT_MAX_MEGABYTES } = item.options<Options>();
		const maxBytes = parseInput(wholeNumber(1, MAX_MEGABYTES), maxSize, 'Max Size (MB)') * MEGABYTE;
		const field = parseInput(
			text({ maxBytes: 256 }),
			item.param('binaryPropertyName'),
			'Put Output File in Field',
		);
		const keep = item.optionFlag('includeInputFields', 'Include Input Fields');
		const { files, msgid } = filesOf(item);
		const keeper = new FileKeeper(item, { maxBytes });
		const binary: IBinaryKeyData = keep ? { ...item.binaries } : {};
		const entries: IDataObject[] = [];
		for (const file of files) {
			const free = freeField(field, binary);
			const kept = await keeper.keep(file, free);
			if (kept.error !== undefined && !isResult(item, kept)) throw kept.error;
			if (kept.binary) binary[free] = kept.binary;
			entries.push(kept.entry);
		}
		const json: IDataObject = {
			...(keep ? item.json : {}),
			...(msgid === undefined ? {} : { msgid }),
			files: entries,
		};
		return { json, binary };
	},
};

/** What is wrong with a file itself: others of its message can be had all the same. */
const OF_THE_FILE = [WecomApiError, MediaError, LibraryCrashedError];

/** Whether a file that is not there is told beside the others: the user goes on. */
function isResult(item: Item, { error }: KeptFile): boolean {
	return item.continuesOnFail && OF_THE_FILE.some((kind) => error instanceof kind);
}

/** The files that are meant, and the message they belong to. */
function filesOf(item: Item): { files: MediaFile[]; msgid?: string } {
	const from = item.param('mediaFrom');
	if (from === 'fileId') {
		const sdkfileid = parseInput(text({ maxBytes: 4096 }), item.param('sdkfileId'), 'SDK File ID');
		const md5 = parseInput(
			optional(text({ maxBytes: 1024 })),
			item.param('md5'),
			'MD5',
		)?.toLowerCase();
		if (md5 !== undefined && !/^[0-9a-f]{32}$/.test(md5)) {
			throw new InvalidInputError(
				'MD5',
				'"MD5" is no checksum, expected 32 hexadecimal digits',
				'Take md5sum of the same message, or leave it empty.',
			);
		}
		const fileName = parseInput(
			optional(text({ maxBytes: 1024 })),
			item.param('fileName'),
			'File Name',
		);
		const named = fileFacts(fileName ?? 'file');
		return {
			files: [{ sdkfileid, ...(md5 === undefined ? {} : { md5 }), ...named, type: 'file' }],
		};
	}
	if (from !== 'message') {
		throw new InvalidInputError(
			'Media From',
			'"Media From" is none of its choices, expected message or fileId',
			'Choose where it says which files to download.',
		);
	}
	const files = filesIn(item.json);
	if (!files) {
		throw new InvalidInputError(
			'Media From',
			'The input item holds no decrypted message',
			'Give it what Message → Get Many or Decrypt gives, or choose File ID and name the sdkfileid.',
		);
	}
	const { msgid } = item.json;
	return { files, ...(typeof msgid === 'string' ? { msgid } : {}) };
}
