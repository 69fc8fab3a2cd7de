import { createLink } from '../../../../wecom/api/acquisition';
import type { Action } from '../../../shared/action';
import { additionalFieldsOf, optionsOf, requestTimeoutField } from '../../../shared/fields';
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

	async run(context, itemIndex) {
		const fields = context.param<LinkFields & { customerChannel?: string }>(
			'additionalFields',
			itemIndex,
		);
		const channel = toChannel(fields.customerChannel);
		const range = toRange({
			userList: context.param('userList', itemIndex),
			departmentList: context.param('departmentList', itemIndex),
		});
		const link = await context.call(
			createLink,
			{ link_name: context.text('linkName', itemIndex), range, ...toLinkOptions(fields) },
			itemIndex,
		);
		context.expectId(link, 'link_id', 'Link → Get Many lists the new link.');
		return toLinkItem(link, channel);
	},
};
