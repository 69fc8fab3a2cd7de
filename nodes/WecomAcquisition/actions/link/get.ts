import { getLink } from '../../../../wecom/api/acquisition';
import type { Action } from '../../../shared/action';
import { optionsOf, requestTimeoutField, simplifyField } from '../../../shared/fields';
import { authorizationNotice, customerChannelField, linkIdField } from './linkFields';
import { fetchLink, toChannel } from './linkItem';

/** One link with its people. Reference document 3, platform document 97398. */
export const get: Action = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get a link',
		description: 'Get name, URL, members and settings of an acquisition link',
	},
	api: getLink,
	fields: [
		authorizationNotice,
		linkIdField,
		simplifyField,
		optionsOf(customerChannelField, requestTimeoutField),
	],

	async run(context, itemIndex) {
		const { customerChannel } = context.options<{ customerChannel: string }>(itemIndex);
		const view = { channel: toChannel(customerChannel), simplify: context.simplify(itemIndex) };
		return await fetchLink(context, context.id('linkId', itemIndex), view, itemIndex);
	},
};
