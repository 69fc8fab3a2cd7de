import { getLink } from '../../../../wecom/api/acquisition';
import { optionsOf, requestTimeoutField, simplifyField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
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

	async run(item) {
		const { customerChannel } = item.options<{ customerChannel: string }>();
		const view = { channel: toChannel(customerChannel), simplify: item.simplify() };
		return await fetchLink(item, item.id('linkId'), view);
	},
};
