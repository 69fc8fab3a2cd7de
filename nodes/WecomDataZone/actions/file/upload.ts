import { asText, parseInput, text } from '../../../../wecom/api/fields';
import { uploadTemporaryFile } from '../../../../wecom/api/zone';
import { longRequestTimeoutField, optionsOf } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
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

	async run(item) {
		const name = parseInput(text({}), item.param('binaryPropertyName'), 'Input Binary Field');
		const fileName = asText(item.options<{ fileName: unknown }>().fileName);
		const file = await item.binary(name);
		const answer = await item.call(
			uploadTemporaryFile,
			fileName ? { ...file, fileName: fileName as string } : file,
		);
		item.notices.expectId(
			answer,
			'media_id',
			'No other call can refer to the file: upload it again.',
		);
		const createdAt = Number(answer.created_at);
		const known = Number.isFinite(createdAt);
		return {
			...answer,
			created_at: known ? toIso(createdAt, item.zone) : null,
			expires_at: known ? toIso(createdAt + KEPT_SECONDS, item.zone) : null,
		};
	},
};
