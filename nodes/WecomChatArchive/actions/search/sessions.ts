import { searchSession } from '../../../../wecom/api/search';
import { listFields, optionsOf, requestTimeoutField } from '../../../shared/fields';
import type { Action } from '../../../shared/run/action';
import { toItem } from '../../../shared/values';
import { archiveNotice } from '../archiveFields';
import { keywordField } from './searchFields';

/** Group chats by name. Reference document 3, platform document 99802. */
export const sessions: Action = {
	option: {
		name: 'Sessions',
		value: 'sessions',
		action: 'Search sessions by name',
		description: 'Find group chats whose current name contains a text',
	},
	api: searchSession,
	fields: [
		archiveNotice,
		keywordField('e.g. 老客户', 'Part of the name of the group, at least two characters'),
		...listFields,
		optionsOf(requestTimeoutField),
	],

	async run(item) {
		const keyword = item.text('keyword');
		const found = await item.list(searchSession, { keyword });
		if (found.length === 0) {
			item.notices.hint(
				'No session found. WeCom searches groups that were given a name, by their present name and at least two characters of it, and only those with a member whose archiving is permitted (WeCom Data Zone → Member → Get Many lists them). A new name may take a while to be found.',
			);
		}
		return found.map(toItem);
	},
};
