import type { IDataObject } from 'n8n-workflow';

import { listLinks } from '../../../../wecom/api/acquisition';
import { WecomApiError } from '../../../../wecom/errors';
import { listFields, optionsOf, requestTimeoutField, simplifyField } from '../../../shared/fields';
import { wordsOf } from '../../../shared/menuWords';
import { inParallel } from '../../../shared/inParallel';
import type { Action } from '../../../shared/run/action';
import type { Item } from '../../../shared/run/item';
import { toErrorJson } from '../../../shared/run/nodeErrors';
import { authorizationNotice, customerChannelField } from './linkFields';
import { fetchLink, LINKS_AT_ONCE, toChannel, type LinkView } from './linkItem';

/** The links of the app. Reference document 3, platform document 97398. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many links',
		description:
			'List the acquisition links this app can reach, by link_id; Include Details adds the rest',
	},
	api: listLinks,
	fields: [
		authorizationNotice,
		...listFields,
		{
			displayName: 'Include Details',
			name: 'includeDetails',
			type: 'boolean',
			default: false,
			description:
				'Whether to also get name, URL, members and settings of each link. The list itself holds nothing but link_id, so this takes one call per link.',
		},
		{ ...simplifyField, displayOptions: { show: { includeDetails: [true] } } },
		{
			...optionsOf(customerChannelField, requestTimeoutField),
			displayOptions: { show: { includeDetails: [true] } },
		},
		{
			...optionsOf(requestTimeoutField),
			displayOptions: { show: { includeDetails: [false] } },
		},
	],

	async run(item) {
		const includeDetails = item.flag('includeDetails', 'Include Details');
		const { customerChannel } = item.options<{ customerChannel: string }>();
		const view = includeDetails
			? { channel: toChannel(customerChannel), simplify: item.simplify() }
			: undefined;
		const ids = await item.list(listLinks, {});
		if (ids.length === 0) {
			item.notices.hint(
				'WeCom lists no links. Either this app created none yet, or all were deleted, or (for a component) the corp authorized none: an app does not see the links of others.',
			);
		}
		if (!view) return ids.map((id) => ({ link_id: id }));
		return await inParallel(ids, LINKS_AT_ONCE, async (id) => await fetchOrExplain(item, id, view));
	},
};

/** One link that WeCom refuses to show must not hide the others. */
async function fetchOrExplain(item: Item, linkId: string, view: LinkView): Promise<IDataObject> {
	try {
		return await fetchLink(item, linkId, view);
	} catch (error) {
		if (error instanceof WecomApiError && error.entry.action === 'fail') {
			item.notices.warn(
				`WeCom lists the link ${linkId} but does not show it: ${wordsOf(error).message}`,
			);
			return { link_id: linkId, ...toErrorJson(error) };
		}
		throw error; // eslint-disable-line @n8n/community-nodes/require-node-api-error -- the runner makes a NodeApiError of it
	}
}
