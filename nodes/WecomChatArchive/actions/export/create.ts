import { createExport } from '../../../../wecom/api/exports';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';

/** Starts an export. Reference document 3 and 5, platform document 99838. */
export const create: Action = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create an export',
		description: 'Start an export of conversations into a document made from your template',
	},
	api: createExport,
	fields: [
		noticeField(
			'exportNotice',
			'The code comes from the display component on a page of your app (getExportCode) and works once, within 5 minutes. The event Export Finished of the WeCom Data Trigger tells when the export is done.',
		),
		{
			displayName: 'Code',
			name: 'code',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Export code that a member agreed to in the display component',
		},
		{
			displayName: 'Media ID',
			name: 'mediaId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 3cKDn9XCFuYqWRz7pQ2LpAAAA',
			description:
				'The template with its placeholders, uploaded with WeCom Data Zone → File → Upload (Use For: Export Template) within the last three days',
		},
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const input = {
			code: item.text('code'),
			media_id: item.text('mediaId'),
		};
		const answer = await item.call(createExport, input);
		item.notices.expectId(
			answer,
			'jobid',
			'The event Export Finished tells it when the export is done.',
		);
		return toItem(answer);
	},
};
