import { updateLink } from '../../../../wecom/api/acquisition';
import { InvalidInputError } from '../../../../wecom/errors';
import {
	additionalFieldsOf,
	noticeField,
	optionsOf,
	requestTimeoutField,
} from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { compact } from '../../../shared/values';
import {
	authorizationNotice,
	linkIdField,
	linkNameField,
	linkOptionFields,
	rangeFields,
	toLinkOptions,
	toRange,
	type LinkFields,
} from './linkFields';

/** Changes a link. Reference document 3, platform document 97398. */
export const update: Action = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update a link',
		description: 'Change name, members or settings of an acquisition link',
	},
	api: updateLink,
	fields: [
		noticeField(
			'replaceNotice',
			'Users and departments together replace the whole former range, and Priority the whole former priority: give everybody who shall receive customers, not only who is new. What you leave out entirely stays as it is.',
		),
		authorizationNotice,
		linkIdField,
		additionalFieldsOf([linkNameField, ...rangeFields, ...linkOptionFields], 'updateFields'),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const linkId = item.id('linkId');
		const fields = item.param<LinkFields & { linkName?: string }>('updateFields');
		const { linkName, userList, departmentList } = fields;
		const changes = compact({
			link_name: linkName === '' ? undefined : linkName,
			range: (userList ?? departmentList) === undefined ? undefined : toRange(fields),
			...toLinkOptions(fields),
		});
		if (Object.keys(changes).length === 0) {
			throw new InvalidInputError(
				'Update Fields',
				'"Update Fields" is empty, expected something to change',
				'Add a field: a name, who receives the customers, or a setting.',
			);
		}
		await item.call(updateLink, { link_id: linkId, ...changes });
		return { success: true, link_id: linkId };
	},
};
