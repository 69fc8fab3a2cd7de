import { asText, parseInput, text } from '../../../../wecom/api/fields';
import { uploadExportTemplate, uploadTemporaryFile } from '../../../../wecom/api/zone';
import { InvalidInputError } from '../../../../wecom/errors';
import { longRequestTimeoutField, optionsOf } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { toIso } from '../../../shared/time';
import { zoneNotice } from '../zoneFields';

const KEPT_SECONDS = 3 * 86_400;

/** What uploads a file for which use. Source: documents 99838 and 101353. */
const UPLOADS = new Map([
	['zone', uploadTemporaryFile],
	['exportTemplate', uploadExportTemplate],
]);

/** Uploads a file for other calls. Reference document 3, platform documents 90389 and 101353. */
export const upload: Action = {
	option: {
		name: 'Upload',
		value: 'upload',
		action: 'Upload a temporary file',
		description: 'Upload a file that other calls refer to by media_id, good for three days',
	},
	api: uploadTemporaryFile,
	fields: [
		zoneNotice,
		{
			displayName: 'Use For',
			name: 'useFor',
			type: 'options',
			options: [
				{
					name: 'Export Template',
					value: 'exportTemplate',
					description:
						'A document with placeholders (doc, docx, xls, xlsx, txt) for Export → Create',
				},
				{
					name: 'Zone APIs',
					value: 'zone',
					description: 'Documents of knowledge bases, and files for programs',
				},
			],
			default: 'zone',
			description:
				'What will refer to the file by its media_id. Tencent Data Zone keeps export templates apart from the files of the zone.',
		},
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
			uploadOf(item),
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

function uploadOf(item: Item) {
	const upload = UPLOADS.get(item.param('useFor'));
	if (upload) return upload;
	throw new InvalidInputError(
		'Use For',
		'"Use For" is none of its choices, expected zone or exportTemplate',
		'Choose what will refer to the file.',
	);
}
