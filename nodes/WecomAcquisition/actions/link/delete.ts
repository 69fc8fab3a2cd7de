import { deleteLink } from '../../../../wecom/api/acquisition';
import { noticeField, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { authorizationNotice, linkIdField } from './linkFields';

/** Removes a link. Reference document 3, platform document 97398. */
export const remove: Action = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a link',
		description: 'Delete an acquisition link for good',
	},
	api: deleteLink,
	fields: [
		noticeField(
			'deleteNotice',
			'The link stops working wherever it was published. WeCom sends no delete_link event for links deleted here.',
		),
		authorizationNotice,
		linkIdField,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		await item.call(deleteLink, { link_id: item.id('linkId') });
		return { deleted: true };
	},
};
