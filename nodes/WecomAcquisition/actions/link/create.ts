import { createLink } from '../../../../wecom/api/acquisition';
import { additionalFieldsOf, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import {
	authorizationNotice,
	customerChannelField,
	linkNameField,
	linkOptionFields,
	rangeFields,
	toLinkOptions,
	toRange,
	type LinkFields,
} from './linkFields';
import { toChannel, toLinkItem } from './linkItem';

/** Makes a link. Reference document 3, platform document 97398. */
export const create: Action = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create a link',
		description: 'Create an acquisition link through which customers reach the chosen members',
	},
	api: createLink,
	fields: [
		authorizationNotice,
		{ ...linkNameField, required: true },
		...rangeFields,
		additionalFieldsOf([...linkOptionFields, customerChannelField]),
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const fields = item.param<LinkFields & { customerChannel?: string }>('additionalFields');
		const channel = toChannel(fields.customerChannel);
		const range = toRange({
			userList: item.param('userList'),
			departmentList: item.param('departmentList'),
		});
		const link = await item.call(createLink, {
			link_name: item.text('linkName'),
			range,
			...toLinkOptions(fields),
		});
		item.notices.expectId(link, 'link_id', 'Link → Get Many lists the new link.');
		return toItem(toLinkItem(link, channel));
	},
};
