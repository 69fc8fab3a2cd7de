import { Readable } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import { asText, parseInput, text } from '../../../../wecom/api/fields';
import { uploadTemporaryFile } from '../../../../wecom/api/zone';
import type { UploadFile } from '../../../../wecom/http/multipart';
import type { Action } from '../../../shared/action';
import { longRequestTimeoutField, optionsOf } from '../../../shared/fields';
import { toIso } from '../../../shared/time';
import { zoneNotice } from '../zoneFields';

const KEPT_SECONDS = 3 * 86_400;

/** Uploads a file for other zone calls. Reference document 3, platform document 101353. */
export const upload: Action = {
	option: {
		name: 'Upload',
		value: 'upload',
		action: 'Upload a temporary file',
		description: 'Upload a file that other zone calls refer to by media_id, good for three days',
	},
	api: uploadTemporaryFile,
	fields: [
		zoneNotice,
		{
			displayName: 'Input Binary Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the input field containing the binary file data to be uploaded',
			description: 'Binary field of the input item with the file, 6 bytes to 60 MB',
		},
		optionsOf(
			{
				displayName: 'File Name',
				name: 'fileName',
				type: 'string',
				default: '',
				placeholder: 'e.g. template.docx',
				description: 'Name WeCom gets to know the file by, instead of the one it has',
			},
			longRequestTimeoutField(300),
		),
	],

	async run(context, itemIndex) {
		const name = parseInput(
			text({}),
			context.param('binaryPropertyName', itemIndex),
			'Input Binary Field',
		);
		const fileName = asText(context.options<{ fileName: unknown }>(itemIndex).fileName);
		const file = await openBinary(context.execution, itemIndex, name);
		const answer = await context.call(
			uploadTemporaryFile,
			fileName ? { ...file, fileName: fileName as string } : file,
			itemIndex,
		);
		context.expectId(answer, 'media_id', 'No other call can refer to the file: upload it again.');
		const createdAt = Number(answer.created_at);
		const known = Number.isFinite(createdAt);
		return {
			...answer,
			created_at: known ? toIso(createdAt, context.zone) : null,
			expires_at: known ? toIso(createdAt + KEPT_SECONDS, context.zone) : null,
		};
	},
};

/** Where n8n keeps the data outside the item it is read while it is sent, and never held here. */
async function openBinary(
	{ helpers }: IExecuteFunctions,
	itemIndex: number,
	name: string,
): Promise<Omit<UploadFile, 'field'>> {
	const { id, fileName, mimeType } = helpers.assertBinaryData(itemIndex, name);
	const facts = { fileName: fileName ?? 'file', contentType: mimeType };
	if (id) {
		const { fileSize } = await helpers.getBinaryMetadata(id);
		return { ...facts, size: fileSize, open: async () => await helpers.getBinaryStream(id) };
	}
	const content = await helpers.getBinaryDataBuffer(itemIndex, name);
	return { ...facts, size: content.length, open: () => Readable.from(content) };
}
