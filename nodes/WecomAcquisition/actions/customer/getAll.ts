import { listLinkCustomers } from '../../../../wecom/api/acquisition';
import { listFields, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { authorizationNotice, linkIdField } from '../link/linkFields';

/** chat_status by its number. Source: document 101359. */
const CHAT_STATUSES = ['no message yet', 'wrote', 'unknown'];

/** Who came through a link. Reference document 3, platform document 101359. */
export const getAll: Action = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many customers of a link',
		description: 'List the customers who came through an acquisition link',
	},
	api: listLinkCustomers,
	fields: [authorizationNotice, linkIdField, ...listFields, optionsOf(requestTimeoutField)],

	async run(item) {
		const linkId = item.id('linkId');
		const customers = await item.list(listLinkCustomers, { link_id: linkId });
		if (customers.length === 0) {
			item.notices.hint(
				`No customers came through the link ${linkId} yet. Only customers who added a member by this very link count, and only links that this app created can be asked about.`,
			);
		}
		return customers.map((customer) => ({
			link_id: linkId,
			...customer,
			chat_status_name: CHAT_STATUSES[customer.chat_status] ?? null,
		}));
	},
};
